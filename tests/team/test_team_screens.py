"""What the pages of a team show: where its records lie, what was exchanged, what others are to type."""

import pytest

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
