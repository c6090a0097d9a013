"""Why a team's place can't be reached, in the reader's language; what only the system has words for stands below, in a line of its own."""

import errno
import os
from pathlib import Path

import pytest
from members import joined


@pytest.mark.parametrize(
    ("error", "ja", "en"),
    [
        (errno.ENOENT, "ファイルかフォルダーがありません", "no such file or folder"),
        (errno.EACCES, "許可されていません", "permission"),
        (errno.ENOSPC, "ディスクに空きがありません", "the disk is full"),
        (
            errno.EHOSTDOWN,
            "フォルダーを使えません。書いたものは手元にあり、次につながったときに送ります\n  元の文面: {}\n",
            "the folder can not be used",
        ),
    ],
)
def test_a_folder_that_refuses_says_why_in_the_readers_words(capsys, one, share, monkeypatch, error, ja, en):
    """A line, and no failure: nothing is lost."""
    two = joined(capsys, one, "鈴木")

    def refuse(self: Path):
        raise OSError(error, os.strerror(error), str(self))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert ja.format(os.strerror(error)) in two("sync").err + two("sync").out
    english = two("--lang", "en", "sync")
    assert en.format(os.strerror(error)) in english.err + english.out


def test_what_stands_below_a_notice_is_a_line_of_its_own(capsys, one, share, monkeypatch):
    """Of a team that moves away from a place that is out of reach: it moves, and says why the old one did not answer."""
    new, iterdir, why = share.with_name("new"), Path.iterdir, os.strerror(errno.EHOSTDOWN)
    new.mkdir()

    def refuse(self: Path):
        if self == share:
            raise OSError(errno.EHOSTDOWN, why, str(self))
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", refuse)
    first, own = one.done("team", "move", f"folder:{new}").err.splitlines()
    assert first.startswith("お知らせ: 前の置き場所に届きませんでした（フォルダーを使えません）。")
    assert own == f"  元の文面: {why}"
