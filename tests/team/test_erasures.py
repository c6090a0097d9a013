"""What one member erases is gone from the whole of a team's state: from the place where the records lie and from every member's machine,
looked for byte by byte."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from members import joined, opened, state_of
from shell import FIRST, Shell, settle

from nippo_cli.base.text import normal_form, search_form
from nippo_cli.services.team.settings import read_code

PERSON = "髙橋　ﾊﾙｶ"
DEAL = "双葉精機 髙橋ハルカ様 搬送機"
SPELLED = ("髙橋　ﾊﾙｶ", "髙橋 ハルカ", "髙橋ハルカ", "高橋ハルカ", "髙橋 ﾊﾙｶ")
CUSTOMER = "㈱双葉精機"
SPELLED_CUSTOMER = ("双葉精機", "㈱双葉精機", "株式会社双葉精機", "(株)双葉精機", "双葉 精機")
WHY = ("--why", "受付12号", "--yes")


def needles(names: tuple[str, ...]) -> list[bytes]:
    """Each form that nippo keeps of a name, in each encoding that a person's programs write, and as JSON escapes it."""
    forms = {
        form for name in names for form in (name, normal_form(name), search_form(name), *normal_form(name).split())
    }
    written = [
        form.encode(encoding, "ignore")
        for form in forms
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp932")
        if len(form) > 2
    ]
    return [one for one in (*written, *(json.dumps(form)[1:-1].encode() for form in forms)) if len(one) > 5]


def holding(folder: Path, names: tuple[str, ...]) -> set[str]:
    """The files below a folder that hold a name."""
    sought = needles(names)
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(one in path.read_bytes() for one in sought)
    }


def write_of_them(shell: Shell) -> None:
    """Their names wherever a name may stand."""
    shell.done("add", "双葉精機 搬送機", *FIRST[:1], "--customer", CUSTOMER, *FIRST[3:], "--people", f"{PERSON}（部長・決裁者）",
               "-m", "髙橋ハルカ部長は前向き", "--amount", "120万")  # fmt: skip
    shell.done("add", "双葉精機 搬送機", "--activity", "電話", "-m", "髙橋ハルカさんに電話")
    shell.done("deal", "rename", "双葉精機 搬送機", DEAL)
    shell.done("comment", "3", "-m", "髙橋ハルカさんに会いたい")
    shell.done("day", "-m", "双葉精機の髙橋ハルカさんと食事")
    shell.done("sales", "add", "--customer", "株式会社双葉精機", "--amount", "100万")
    assert shell("add", DEAL, "--activity", "散歩", "-m", "髙橋ハルカさんと散歩").code == 3


@pytest.fixture(params=["folder", "server"])
def place(request, tmp_path) -> Iterator[tuple[str, object]]:
    """Where a team begins, and all that lies there for who may read it."""
    if request.param == "folder":
        share = tmp_path / "share"
        share.mkdir()
        yield f"folder:{share}", lambda key: opened(share, key)
        return
    server = request.getfixturevalue("server")
    address = server.found()
    team = address.rpartition("#")[2].partition(".")[0]

    def rows(_: bytes) -> str:
        with psycopg.connect(server.admin()) as cx:
            tables = [
                cx.execute(f"select t::text from nippo.{name} t where team = %s", (team,)).fetchall()
                for name in ("device", "record")
            ]
        return "\n".join(row for table in tables for (row,) in table)

    yield address, rows


@pytest.mark.parametrize("how", ["person", "customer", "ids"])
def test_what_one_erases_no_machine_and_no_place_holds(capsys, monkeypatch, tmp_path, place, how):
    """Journals, state folders, the system's place for passing files, copies that upgrades left, and where the records lie. Each machine
    names the files that are its owner's own to keep; a colleague's drafts nobody names, for an erasure does not say whom it is about."""
    address, all_of = place
    settle(monkeypatch, tmp_path)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    one = Shell(capsys, tmp_path / "one")
    one.deal("研磨機", facts="別の話")
    write_of_them(one)
    one.done("team", "begin", address, "--yes")
    two = joined(capsys, one, "鈴木")
    key = read_code(one.done("team", "invite", "田中", "--json").json["code"]).key
    two.done("add", DEAL, "--activity", "電話", "-m", "髙橋ハルカさんと値段の話")
    (entry,) = [row["id"] for row in two.done("log", "--json").json["entries"] if "に電話" in row["values"]["facts"]]
    two.done("edit", entry, "-m", "髙橋 ﾊﾙｶさんの返事", "--why", "髙橋ハルカ氏の指摘")
    assert two("add", DEAL, "--activity", "散歩", "-m", "髙橋ハルカさんと散歩").code == 3
    two.done("backup")
    (two.journal / "journal.before-m011_names.db").write_bytes(two.db.read_bytes())
    two.done("sync")
    one.done("sync")
    names = SPELLED_CUSTOMER if how == "customer" else SPELLED
    whom = (f"--{how}", PERSON if how == "person" else CUSTOMER)
    if how == "ids":
        rows = one.done("redact", "--person", PERSON, "--dry-run", "--json").json["records"]
        whom = tuple(row["id"] for row in rows)
        one.done("draft", "drop", "--all")
    erased = one.done("redact", *whom, *WHY, "--json").json
    own = {one["path"] for one in erased["beyond"] if one["path"]}
    told = [shell.done("sync").err for shell in (one, two, one, two)][1]
    there = all_of(key).encode()
    assert [one for one in needles(names) if one in there] == []
    # A dump of the whole place has the words that were not erased.
    assert "別の話" in there.decode()
    left = holding(tmp_path, names)
    drafts = {str(path.relative_to(tmp_path)) for path in (state_of(two) / "drafts").iterdir()}
    assert drafts & left
    kept = {path for path in left - drafts if str(tmp_path / path) not in own}
    assert {Path(path).parent.name for path in kept} == {"backups"}
    assert all(str(tmp_path / path) in told for path in kept if path.endswith(".db"))
    two.done("draft", "drop", "--all")
    for path in left - drafts:
        (tmp_path / path).unlink()
    assert holding(tmp_path, names) == set()
