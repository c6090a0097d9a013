"""The page for Monday: every live deal counts once, nothing is lost between the parts, and two days can be compared."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from diary import Diary

from nippo_cli.base.errors import UsageError
from nippo_cli.base.places import Places
from nippo_cli.results.gap import WholePage
from nippo_cli.services.context.scope import GapQuery, Scope
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.gaps import compare as gap_compare, whole as gap_whole
from nippo_cli.services.pages import deals

FIRST = date(2026, 1, 5)
TODAY = date(2026, 6, 30)


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """Four live deals of two owners, one order, one loss; the quote's deal alone is within the 30 days of a stay and has a next
    step ahead."""
    found = Diary(tmp_path / "journal")
    found.deal("切断機", on=FIRST, stage="lead", customer="東亜", amount=500)
    found.deal("洗浄機", on=FIRST, author="鈴木", stage="lead", customer="北斗")
    found.deal("塗装機", on=date(2026, 3, 2), author="鈴木", stage="visit", amount=800)
    quoted, _ = found.deal("検査機", on=FIRST, stage="lead", amount=300)
    won, _ = found.deal("溶接機", on=FIRST, stage="lead", amount=900)
    lost, _ = found.deal("研磨機", on=FIRST, stage="lead")
    found.today = date(2026, 6, 10)
    found.add(quoted, stage="quote", next="見積の説明", next_on="2026-07-10")
    found.add(won, stage="won")
    found.add(lost, stage="lost")
    return found


def workspace(diary: Diary, as_of: str | None = None) -> Workspace:
    """A desk on the last day of June."""
    folder = diary.path.parent
    places = Places(journal_db=diary.path, schema=folder / "schema.yaml", state=folder / "state")
    return Workspace(places, datetime(TODAY.year, TODAY.month, TODAY.day, 3, tzinfo=UTC), as_of_said=as_of)


def whole(diary: Diary, asked: GapQuery | None = None, **options: bool) -> WholePage:
    """The page."""
    return gap_whole.whole_page(workspace(diary), asked or GapQuery(), **options)


def test_each_live_deal_counts_once(diary: Diary):
    """Four live deals and their 1,600, whatever and however many signs they have."""
    (part,) = whole(diary).parts
    assert (part.deals, part.amount) == (4, 1600)
    assert (sum(r.deals for r in part.risks), sum(r.amount for r in part.risks)) == (4, 1600)
    assert [t.head.name for t in part.talk][:2] == ["塗装機", "切断機"]


def test_the_parts_of_the_owners_add_up_to_the_whole(diary: Diary):
    """Who has most at risk comes first."""
    (all_of_it,) = whole(diary).parts
    parts = whole(diary, by_owner=True).parts
    assert [p.owner for p in parts] == ["鈴木", "佐藤"]
    assert sum(p.deals for p in parts) == all_of_it.deals
    assert sum(p.amount for p in parts) == all_of_it.amount
    assert sum(p.talk_total for p in parts) == all_of_it.talk_total


def test_what_went_well_is_of_the_window(diary: Diary):
    """One order of 900; two steps forward in June, the loss is none. In a window that begins later there is nothing."""
    good = whole(diary).good
    assert [h.name for h in good.orders] == ["溶接機"]
    assert (good.orders_total, good.orders_amount) == (1, 900)
    assert good.forward == {"quote": 1, "won": 1}
    later = whole(diary, GapQuery(since="2026-06-11")).good
    assert (later.orders_total, later.forward) == (0, {})


def test_a_filter_narrows_the_whole_page(diary: Diary):
    """One owner's two deals."""
    (part,) = whole(diary, GapQuery(scope=Scope(owner="鈴木"))).parts
    assert sorted(t.head.name for t in part.talk) == ["塗装機", "洗浄機"]


def test_a_window_that_ends_earlier_is_looked_at_from_its_end(diary: Diary):
    """On 9 June the order was still live, and 3 deals more than 30 days in their stage were 6."""
    early = whole(diary, GapQuery(until="2026-06-09"))
    assert early.as_of == date(2026, 6, 9)
    assert early.parts[0].deals == 6
    assert early.good.orders_total == 0


def test_a_window_that_ends_before_it_begins_is_refused(diary: Diary):
    """Nothing lies in it."""
    with pytest.raises(UsageError) as caught:
        whole(diary, GapQuery(since="2026-06-20", until="2026-06-10"))
    assert caught.value.message.key == "desk.window_backwards"


def test_a_window_that_ends_after_the_day_asked_about_is_refused(diary: Diary):
    """What comes after that day is not known."""
    with pytest.raises(UsageError) as caught:
        gap_whole.whole_page(workspace(diary, "2026-06-09"), GapQuery(until="2026-06-20"))
    assert caught.value.message.key in ("desk.window_ahead", "date.not_past", "date.unreadable")


def test_two_days_compared(diary: Diary):
    """On 31 May all six stood in their first stage for more than 30 days; by the end of June one was won, one lost and one
    moved on, and three stand there still."""
    page = gap_compare.compared(workspace(diary), "stalled", GapQuery(since="2026-06-01"))
    assert (page.earlier, page.as_of) == (date(2026, 5, 31), TODAY)
    assert {c.head.name: (c.what, c.before, c.after, c.became) for c in page.changes} == {
        "切断機": ("worse", 146, 176, "fizzled"), "洗浄機": ("worse", 146, 176, "fizzled"),
        "塗装機": ("worse", 90, 120, "fizzled"), "検査機": ("gone", 146, None, "open"),
        "溶接機": ("gone", 146, None, "won"), "研磨機": ("gone", 146, None, "lost"),
    }  # fmt: skip


def test_a_day_that_is_asked_about_is_held_against_today(diary: Diary):
    """As it was known then: the order of 10 June was not."""
    page = gap_compare.compared(workspace(diary, "2026-06-09"), "stalled", GapQuery())
    assert (page.earlier, page.as_of) == (date(2026, 6, 9), TODAY)
    assert {c.head.name: c.before for c in page.changes}["溶接機"] == 155


def test_a_deals_page_carries_its_signs(diary: Diary):
    """What its gap says of it, and nothing for one that is within its norms."""
    assert "stalled" in [s.kind for s in deals.page(workspace(diary), "塗装機").signs]
    assert "stalled" not in [s.kind for s in deals.page(workspace(diary), "検査機").signs]


def test_so_many_deals_are_named_behind_a_figure(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as rows of a kind, but no fewer than a screenful; the figure counts all. Asked for all, it names all."""
    monkeypatch.setattr(gap_whole, "_BEHIND", 1)
    for limit, most in ((0, 9), (1, 1), (2, 2)):
        risks = gap_whole.whole_page(workspace(diary), GapQuery(), limit=limit).parts[0].risks
        assert sum(risk.deals for risk in risks) == 4
        assert max(risk.deals for risk in risks) > 2
        assert [len(risk.heads) for risk in risks] == [min(risk.deals, most) for risk in risks]
