"""A live deal that is where another was lost to the same rival: that lesson is told, once, at `add` and on the morning page."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from shell import NOW, Shell

from nippo_cli.base.places import Places
from nippo_cli.journal.facts.lesson_facts import JournalLessonFacts
from nippo_cli.render.day.today import shares
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.pages.today import morning

CALL = ("--activity", "電話", "-m", "話した")
QUOTE = ("--stage", "見積", "--amount", "350万", "--closes", "2026-12", "--confidence", "B", "--next-step", "電話",
         "--next-on", "2026-12-10")  # fmt: skip


@pytest.fixture
def lost(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Any:
    """甲 was lost in the quote, to ナガラ機工, and reviewed. Sets the day of the next commands."""

    def to(day: str = "") -> None:
        monkeypatch.setenv("NIPPO_NOW", f"{day}T18:00:00+09:00" if day else NOW)

    to("2026-04-01")
    nippo.deal("甲", "--customer", "浅間計装", "--kind", "更新")
    nippo.done("add", "甲", *CALL, *QUOTE, "--competitor", "㈱ナガラ機工")
    to("2026-06-01")
    nippo.done("add", "甲", *CALL, "--stage", "失注", "--lost-reason", "価格")
    nippo.done(
        "deal", "review", "甲", "--cause", "決裁者に会えていなかった", "--known", "found", "-m", "部長を知らなかった"
    )
    to("2026-11-02")
    return to


def told(nippo: Shell, *argv: str) -> str | None:
    """The name of the lost deal that an entry brings up."""
    lesson = nippo.done("add", *argv, "--json").json["lesson"]
    return lesson and lesson["deal"]["name"]


def test_it_is_told_by_the_entry_that_makes_the_deals_alike_and_by_no_other(nippo: Shell, lost: Any):
    """The stage first, then the rival: told with the rival, in another spelling. Not before, and not again."""
    nippo.deal("乙", "--customer", "三雲精密", "--kind", "更新")
    assert told(nippo, "乙", *CALL, *QUOTE) is None
    assert told(nippo, "乙", *CALL, "--competitor", "なし") is None
    assert told(nippo, "乙", *CALL, "--competitor", "ナガラ機工、日新") == "甲"
    assert told(nippo, "乙", *CALL, "--competitor", "ナガラ機工") is None
    assert told(nippo, "乙", *CALL) is None


def test_a_rival_known_before_is_told_of_as_the_stage_is_entered(nippo: Shell, lost: Any):
    """In the hearing the deals stand elsewhere; in the quote they are alike. The row says what was lost, and why."""
    nippo.deal("乙", "--customer", "三雲精密", "--kind", "更新", "--competitor", "ナガラ機工")
    said = nippo.done("add", "乙", *CALL, *QUOTE).out
    assert "3,500,000円をナガラ機工に失注" in said
    assert "ナガラ機工" in said
    assert "決裁者に会えていなかった" in said


@pytest.mark.parametrize(
    ("kind", "rival", "stage"),
    [("新規", "ナガラ機工", QUOTE), ("更新", "日新", QUOTE), ("更新", "ナガラ機工", ())],
    ids=["another kind", "another rival", "another stage"],
)
def test_what_differs_in_kind_rival_or_stage_is_not_alike(
    nippo: Shell, lost: Any, kind: str, rival: str, stage: tuple[str, ...]
):
    """One of the three is enough."""
    nippo.deal("乙", "--customer", "三雲精密", "--kind", kind, "--source", "展示会")
    assert told(nippo, "乙", *CALL, *stage, "--competitor", rival) is None


def test_a_loss_that_nobody_reviewed_teaches_nothing(nippo: Shell, lost: Any):
    """The review is taken back."""
    nippo.done("undo")
    nippo.deal("乙", "--customer", "三雲精密", "--kind", "更新", "--competitor", "ナガラ機工")
    assert told(nippo, "乙", *CALL, *QUOTE) is None


def test_the_morning_page_has_it_through_the_next_working_day_and_the_deal_for_good(nippo: Shell, lost: Any):
    """Written on Friday 11/6: there on Friday and on Monday, not on Tuesday."""
    lost("2026-11-06")
    nippo.deal("乙", "--customer", "三雲精密", "--kind", "更新", "--competitor", "ナガラ機工")
    nippo.done("add", "乙", *CALL, *QUOTE)
    for day, shown in (("2026-11-06", ["甲"]), ("2026-11-09", ["甲"]), ("2026-11-10", [])):
        lost(day)
        lessons = nippo.done("--json").json["lessons"]
        assert [one["lesson"]["deal"]["name"] for one in lessons] == shown
    page = nippo.done("deal", "show", "乙", "--json").json
    assert page["lesson"]["deal"]["name"] == "甲"
    assert "決裁者に会えていなかった" in nippo.done("deal", "show", "乙").out


def test_the_lessons_of_many_deals_are_read_once_each(nippo: Shell, lost: Any, monkeypatch: pytest.MonkeyPatch):
    """Two live deals of the day are like the reviewed loss: what it was lost to is read once for the whole page."""
    for name in ("乙", "丙"):
        nippo.deal(name, "--customer", "三雲精密", "--kind", "更新", "--competitor", "ナガラ機工")
        nippo.done("add", name, *CALL, *QUOTE)
    read = []
    lost_one = JournalLessonFacts.lost_one
    monkeypatch.setattr(
        JournalLessonFacts, "lost_one", lambda facts, line: read.append(line.head.id) or lost_one(facts, line)
    )
    assert len(nippo.done("--json").json["lessons"]) == 2
    assert len(read) == 1


def test_a_lesson_takes_two_rows_of_the_morning_page_and_is_counted_so(nippo: Shell, lost: Any, tmp_path: Path):
    """A review of ten sentences and a line break: cut at 80 columns on a terminal, whole in a file. Five such lessons and six rows:
    three are shown."""
    text = "一行目\n" + "長い教訓を書いた。" * 10
    nippo.done("deal", "review", "甲", "--cause", "わからない", "--known", "asked", "-m", text)
    for name in "乙丙丁戊己":
        nippo.deal(name, "--customer", "三雲精密", "--kind", "更新", "--competitor", "ナガラ機工")
        nippo.done("add", name, *CALL, *QUOTE)
    assert "長い教訓を書いた。" * 10 in nippo.done("--limit", "0").out
    places = Places(journal_db=nippo.db, schema=nippo.schema, state=tmp_path / "state")
    page = morning(Workspace(places, datetime(2026, 11, 2, 9, tzinfo=UTC)), limit=6)
    rows = draw(page, fmt="table", screen=Screen(columns=80, terminal=True)).splitlines()
    starts = [at for at, row in enumerate(rows) if row.startswith("- #")]
    assert len(starts) == shares(page)["lessons"] == 3
    for at, after in pairwise([*starts, starts[-1] + 2]):
        assert after - at == 2
        assert rows[at + 1].rstrip().endswith("…")


@pytest.fixture
def reviewed_late(nippo: Shell, lost: Any) -> Any:
    """乙 has stood beside 甲's rival in the quote since Monday 11/2; what was learned of 甲 is written on Friday 11/6."""
    nippo.done("undo")
    nippo.deal("乙", "--customer", "三雲精密", "--kind", "更新", "--competitor", "ナガラ機工")
    nippo.done("add", "乙", *CALL, *QUOTE)
    lost("2026-11-06")
    nippo.done("deal", "review", "甲", "--cause", "わからない", "--known", "asked", "-m", "価格ではなく納期だった")
    return lost


def test_what_is_learned_later_is_told_by_the_next_entry_alone(nippo: Shell, reviewed_late: Any):
    """The review is newer than the entry that made the deals alike: the deal's next one tells it, the one behind it does not."""
    assert told(nippo, "乙", *CALL) == "甲"
    assert told(nippo, "乙", *CALL) is None


def test_the_morning_after_a_review_names_the_live_deals_that_are_like_the_loss(nippo: Shell, reviewed_late: Any):
    """Reviewed on Friday: there on Friday and on Monday, not on Tuesday. Whoever is in another stage is not."""
    nippo.deal("丁", "--customer", "深山工業", "--kind", "更新", "--competitor", "ナガラ機工")
    for day, shown in (("2026-11-06", [("乙", "甲")]), ("2026-11-09", [("乙", "甲")]), ("2026-11-10", [])):
        reviewed_late(day)
        lessons = nippo.done("--json").json["lessons"]
        assert [(one["name"], one["lesson"]["deal"]["name"]) for one in lessons] == shown
