"""What the pages of a team show: where its records lie, what was exchanged, what others are to type."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.base.language import bind, current
from nippo_cli.render.draw import Screen, draw_in_pieces
from nippo_cli.results.team import Invitation, SyncReport, TeamMove, WaitingDevice
from nippo_cli.services.team.settings import shown_address


def drawn(result: object) -> str:
    """As a terminal of 80 columns has it."""
    return "".join(draw_in_pieces(result, fmt="table", screen=Screen(columns=80, terminal=True)))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("folder:/srv/営業#1", "folder:/srv/営業#1"),
        ("postgresql://db.example.jp:5432/nippo#t1.aabb", "postgresql://db.example.jp:5432/nippo"),
        ("postgresql://nippo:s3cret@db.example.jp/nippo?sslmode=require#t1", "postgresql://nippo@db.example.jp/nippo"),
        ("postgresql://nippo:s3@cret@db.example.jp/nippo", "postgresql://nippo@db.example.jp/nippo"),
        ("postgresql://nippo:s3/cret@db.example.jp/nippo", "postgresql://nippo@db.example.jp/nippo"),
        ("postgresql://db.example.jp/nippo?user=nippo@corp&password=s3cret#t1", "postgresql://db.example.jp/nippo"),
        ("postgresql://db.example.jp/nippo?password=s3cret@2026", "postgresql://db.example.jp/nippo"),
        ("postgresql://nippo:s3?cret@db.example.jp/nippo", "postgresql://nippo"),
        ("postgresql://nippo:s3#cret@db.example.jp/nippo#t1", "postgresql://nippo"),
    ],
)
def test_an_address_shows_no_password_and_no_team(address: str, shown: str):
    """Wherever in it the password stands, and whatever sign it has in it."""
    assert shown_address(address) == shown


def test_what_others_are_to_type_is_one_line_however_long():
    """Broken in two, the terminal that it is pasted into would run the half of it."""
    code = Invitation("nippo1-" + "A" * 200, "鈴木", "member", "aa")
    for page in (code, TeamMove("folder:/srv", [code])):
        assert f"nippo team join {code.code}" in drawn(page).splitlines()


def test_one_record_is_one_record_in_english():
    """Whatever came, went, was erased or put back once."""
    report = SyncReport([("aa", 1)], [("bb", 1)], [], 1, "", verbose=False, mended=1)
    before = current()
    bind("en")
    try:
        said = drawn(report)
    finally:
        bind(before)
    assert said.splitlines() == [
        "Records that came in: 1, that went out: 1",
        "1 erased record is erased where the records lie, too",
        "1 record that was damaged where it lies is put back",
    ]


def test_a_sync_that_broke_off_says_what_came_by_then():
    """And which device waits; one that reached nobody has nothing else to say."""
    waits = [WaitingDevice("cc", 7, "ahead", "")]
    said = drawn(SyncReport([("aa", 3)], [], waits, 0, "timed out", verbose=False)).splitlines()
    assert "timed out" in "".join(said)
    assert "3件" in "".join(said[1:])
    assert "cc" in said[-1] or "cc" in said[-2]
    away = drawn(SyncReport([], [], [], 0, "timed out", verbose=False))
    assert "新しい" not in away
    assert "3件" not in away


# Each reason for which records wait, and what its line is to say, by language.
REASONS = {
    "unreadable": ("7番からの記録がまだ読めません", "from 7 on can't be read yet"),
    "half": ("7番からの記録が途中までしか届いていません", "from 7 on only a part has come"),
    "refers": (
        "7番の記録は、まだ届いていない #aa-3 についてのものです",
        "record 7 is about #aa-3, which has not come yet",
    ),
    "altered": ("7番の記録が書かれたときと違います", "record 7 is not what was written"),
    "ahead": ("7番の記録の日時が1日以上先です", "record 7 is dated more than a day ahead"),
    "name_taken": ("同じ名前の端末が2台あります", "two machines have this name"),
    "fork": ("まず nippo sync を実行してください", "Run nippo sync first"),
    "token": ("リーダーに新しい参加コードをもらってください", "Ask a lead for a new code"),
    "role": ("その役割では書けない種類です", "of a kind that its role does not write"),
    "device": ("サーバーがこの端末を知りません", "the server does not know this device"),
    "seal": ("チームで使えない端末の記録です", "the records of a device that no team can use"),
}


def test_every_reason_for_waiting_is_put_into_words(one: Shell):
    """By `team status`, in both languages: whose records, and what to do; the page of the docs has the same reasons."""
    page = Path(__file__).parents[2] / "docs" / "team.md"
    table = page.read_text(encoding="utf-8").partition("## What waits")[2].partition("\n## ")[0]
    named = [
        why
        for line in table.splitlines()
        if line.startswith("| `")
        for why in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert sorted(named) == sorted(REASONS)
    waits = [(f"c{n}", 7, why, "aa-3" if why == "refers" else "") for n, why in enumerate(REASONS)]
    with closing(sqlite3.connect(one.db)) as cx:
        cx.execute("insert or replace into meta (key, value) values ('team_waiting', ?)", (json.dumps(waits),))
        cx.commit()
    for place, language in enumerate(("ja", "en")):
        lines = one.done("--lang", language, "team", "status").out.split("\n! ")[1:]
        assert len(lines) == len(REASONS)
        for n, (line, said) in enumerate(zip(lines, REASONS.values(), strict=True)):
            assert line.startswith(f"c{n}: ")
            assert _unbroken(said[place]) in _unbroken(line)


def _unbroken(text: str) -> str:
    return "".join(text.split())
