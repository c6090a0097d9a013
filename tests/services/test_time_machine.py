"""A page of a past day is printed again, byte for byte, whatever was written since."""

import io
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from diary import AGREEMENT, Diary

from nippo_cli.base.errors import NippoError
from nippo_cli.cli.frame.main import main
from nippo_cli.gaps import KINDS
from nippo_cli.lessons import KINDS as LESSONS
from nippo_cli.schema.schema import Rank, Schema, Stage

ALL = os.environ.get("NIPPO_FAULTS") == "all"
FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)
STEPS = ("lead", "visit", "quote", "won", "follow")
LATER_STEPS = ("lead", "visit", "demo", "quote", "won", "follow")
PAGES: tuple[tuple[str, ...], ...] = (
    ("gap",),
    ("gap", "--by", "owner"),
    ("gap", "--json"),
    *(("gap", kind, "--since", "180d") for kind in KINDS),
    *(("lessons", kind, "--json") for kind in LESSONS),
    ("lessons", "lost", "--deals"),
    ("lessons", "fates"),
    ("lessons", "contrast", "--age", "30", "--deals"),
    ("lessons", "cases"),
    ("lessons", "words"),
    ("deal", "precedents", "案件2"),
    ("deal", "story", "案件1"),
    ("deal", "list", "--all"),
    ("deal", "list", "--summary"),
    ("deal", "show", "案件3"),
    ("deal", "timeline", "案件1", "案件4", "案件9"),
    ("customer", "東亜"),
    ("log", "--since", "30d"),
    ("steps", "--since", "180d"),
    ("steps", "--by", "owner"),
    ("steps", "--by", "month"),
    ("steps", "--deals", "visit:onward"),
    ("search", "見積"),
)


def schema(*, later: bool) -> Schema:
    """What the team agreed on; in autumn it puts a demonstration before the quote and calls the visit a meeting."""
    lead, visit, quote, *others = AGREEMENT.stages
    stages = (
        lead._replace(evidence=("customer",)),
        visit._replace(must=True, label="面談" if later else "訪問"),
        *((Stage("demo", "デモ"),) if later else ()),
        quote._replace(evidence=("amount",), may_return_to=("visit",), norm=40),
        *(s._replace(norm=45) if s.after else s for s in others),
    )
    return AGREEMENT._replace(
        name="a team", stages=stages, ranks=(Rank("A", "A", chance=0.8), Rank("B", "B", chance=0.3)), language="ja"
    )


class Team:
    """Three reps who write, write late, correct and take back, by the same dice each time."""

    def __init__(self, folder: Path) -> None:
        self.diary = Diary(folder, schema(later=False), FIRST)
        self.dice = random.Random(20250401)
        self.deals: list[int] = []
        self.entries: list[int] = []
        self.later = False

    def evening(self, today: date) -> None:
        """What is written on a day."""
        self.diary.today = today
        if today == date(2025, 10, 1):
            self.later = True
            with self.diary.write() as writer:
                writer.adopt("name: later", schema(later=True), "1" * 64)
        for _ in range(self.dice.choice((0, 1, 1, 2, 3))):
            with suppress(NippoError, IndexError):
                self.dice.choice(
                    (
                        self.begin,
                        *[self.add] * 7,
                        self.late,
                        self.correct,
                        self.retract,
                        self.hold,
                        self.assign,
                        self.rename,
                    )
                )()

    def said(self) -> dict[str, object]:
        """What an entry says."""
        roll, today = self.dice.random, self.diary.today
        steps = LATER_STEPS if self.later else STEPS
        found: dict[str, object] = {
            "facts": self.dice.choice(("見積を出した", "値引の話", "納期を聞く")),
            "activity": "call",
        }
        if roll() < 0.35:
            found["stage"] = self.dice.choice((*steps, "lost"))
        if roll() < 0.4:
            found["closes"] = (today + timedelta(days=self.dice.randint(-5, 90))).isoformat()
        if roll() < 0.3:
            found["amount"] = self.dice.randint(1, 9) * 100_000
        if roll() < 0.3:
            found["confidence"] = self.dice.choice("AB")
        if roll() < 0.5:
            found |= {"next": "電話", "next_on": (today + timedelta(days=self.dice.randint(1, 20))).isoformat()}
        if roll() < 0.15:
            found["activity"] = "inhouse"
        return found

    def begin(self) -> None:
        """A new deal."""
        whose = self.dice.choice(("佐藤", "鈴木", "田中"))
        said = self.said() | {
            "customer": self.dice.choice(("東亜", "北斗", "南洋")),
            "kind": self.dice.choice(("new", "parts")),
        }
        deal, entry = self.diary.deal(f"案件{len(self.deals) + 1}", author=whose, **said)
        self.deals.append(deal)
        self.entries.append(entry)

    def add(self) -> None:
        """A contact."""
        self.entries.append(
            self.diary.add(self.dice.choice(self.deals), author=self.dice.choice(("佐藤", "鈴木")), **self.said())
        )

    def late(self) -> None:
        """A contact of last week."""
        on = self.diary.today - timedelta(days=self.dice.randint(1, 9))
        self.entries.append(self.diary.add(self.dice.choice(self.deals), on=on, **self.said()))

    def correct(self) -> None:
        """A correction of anything ever written."""
        with self.diary.write() as writer:
            writer.amend(self.dice.choice(self.entries), {"values": self.said()}, why="聞き直した")

    def retract(self) -> None:
        """Something taken back."""
        with self.diary.write() as writer:
            writer.retract(self.dice.choice(self.entries))

    def hold(self) -> None:
        """A stop, from a day before."""
        first = self.diary.today - timedelta(days=self.dice.randint(0, 5))
        with self.diary.write() as writer:
            writer.hold(
                self.dice.choice(self.deals), first, first + timedelta(days=self.dice.randint(3, 40)), "予算審議"
            )

    def assign(self) -> None:
        """A hand-over."""
        with self.diary.write() as writer:
            writer.assign(self.dice.choice(self.deals), self.dice.choice(("佐藤", "田中")))

    def rename(self) -> None:
        """A new name; the old one is still answered to."""
        with self.diary.write() as writer:
            writer.rename(self.dice.choice(self.deals[10:]), f"改名{self.dice.randint(1, 999)}")


def days() -> Iterator[date]:
    """Every day of the fiscal year."""
    on = FIRST
    while on <= LAST:
        yield on
        on += timedelta(days=1)


def some(month: int) -> Sequence[tuple[str, ...]]:
    """Which pages are printed at the end of a month: each at two of the twelve, or all at each."""
    return PAGES if ALL else [words for nth, words in enumerate(PAGES) if (month - nth) % 6 == 0]


def printed(journal: Path, words: Sequence[str], monkeypatch: pytest.MonkeyPatch, on: date) -> str:
    """What a command prints on the evening of a day, and its exit code."""
    monkeypatch.setenv("NIPPO_NOW", f"{on.isoformat()}T20:00:00+09:00")
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = main(["--journal", str(journal), "--lang", "ja", *words])
    return f"{code}\n{out.getvalue()}"


def test_every_page_of_every_month_end_is_printed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A year with corrections, retractions, late entries, holds, hand-overs and a changed agreement."""
    team = Team(tmp_path / "journal")
    then: dict[tuple[date, tuple[str, ...]], str] = {}
    for on in days():
        team.evening(on)
        if (on + timedelta(days=1)).day == 1:
            then.update(((on, words), printed(team.diary.path, words, monkeypatch, on)) for words in some(on.month))
    assert len(team.deals) > 15
    answered = [page.startswith("0\n") for page in then.values()]
    assert {words for _, words in then} == set(PAGES)
    assert sum(answered) > len(answered) * 0.8
    later = LAST + timedelta(days=40)
    for (on, words), page in then.items():
        again = printed(team.diary.path, (*words, "--as-of", on.isoformat()), monkeypatch, later)
        assert again == page, (on, words)
