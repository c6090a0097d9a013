"""What was learned of finished deals: kept in every version, as it was known, through undoing, erasing and merging."""

from datetime import date, timedelta

import pytest
from derived import kept, rebuilt

from nippo_cli.journal.check.doctor import examine
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf

EVER = AsOf(date.max)


@pytest.fixture
def deal(diary):
    """A deal that was lost a week after it began."""
    found, _ = diary.deal("搬送", stage="quote", amount=500)
    diary.today += timedelta(days=7)
    diary.add(found, stage="lost")
    return found


def learn(diary, deal, cause, **more):
    """A review written on the diary's day."""
    with diary.write() as writer:
        return writer.review(deal, cause=cause, text=f"{cause}だった", known_by="asked", **{"on": None, **more})


def causes(diary, deal, as_of=EVER):
    """The causes known of a deal, oldest first."""
    with reading(diary.path) as reader:
        found = reader.reviews_of(as_of, deal)
        assert reader.reviews(as_of).get(deal, []) == found
    return [review.cause for review in found]


def test_a_later_review_counts_and_the_earlier_is_kept(diary, deal):
    """Both stand on the line, in the order of the days on which they were learned."""
    learn(diary, deal, "price")
    diary.today += timedelta(days=30)
    learn(diary, deal, "decider")
    assert causes(diary, deal) == ["price", "decider"]


def test_what_was_not_known_yet_is_not_told_of_a_past_day(diary, deal):
    """Neither what was written later, nor what was learned later though written before."""
    first = diary.today
    learn(diary, deal, "price")
    diary.today += timedelta(days=30)
    learn(diary, deal, "decider", on=first)
    assert causes(diary, deal, AsOf(first - timedelta(days=1), known=True)) == []
    assert causes(diary, deal, AsOf(first, known=True)) == ["price"]
    assert causes(diary, deal, AsOf(diary.today, known=True)) == ["price", "decider"]
    assert causes(diary, deal, AsOf(first)) == ["price", "decider"], "without --as-of nothing is hidden for being late"


def test_undone_corrected_and_erased(diary, deal):
    """Today it is gone or changed; a past day still tells what it told, but for what was erased."""
    first = diary.today
    one, two = learn(diary, deal, "price"), learn(diary, deal, "late")
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.amend(one, {"cause": "decider"}, why="聞き直した")
    three = learn(diary, deal, "spec")
    with diary.write() as writer:
        assert writer.undo() == [three]
    assert causes(diary, deal) == ["decider", "late"]
    assert causes(diary, deal, AsOf(first, known=True)) == ["price", "late"]
    with diary.write() as writer:
        writer.retract(two)
    assert causes(diary, deal) == ["decider"]
    with diary.write() as writer:
        writer.redact(one, "依頼")
    assert causes(diary, deal) == []
    assert causes(diary, deal, AsOf(first, known=True)) == ["late"]
    assert kept(diary.path) == rebuilt(diary.path)
    assert all(not check.problems for check in examine(diary.path).checks)


def test_a_review_goes_where_its_deal_is_merged(diary, deal):
    """And comes back when the merge is taken back."""
    other, _ = diary.deal("搬送 2号", stage="lost")
    learn(diary, deal, "price")
    before = diary.today
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        merge = writer.merge(deal, other)
    assert causes(diary, other) == ["price"]
    assert causes(diary, deal, AsOf(before, known=True)) == ["price"]
    with diary.write() as writer:
        writer.retract(merge)
    assert (causes(diary, deal), causes(diary, other)) == (["price"], [])


def test_a_review_says_nothing_of_the_line(diary, deal):
    """The deal's row, and how far back it may be trusted, stay as they are."""
    before = kept(diary.path)
    diary.today += timedelta(days=40)
    learn(diary, deal, "price")
    after = kept(diary.path)
    assert {table for table in after if after[table] != before[table]} == {"review"}


def test_erasing_a_deals_name_leaves_corrections_of_its_reviews(diary, deal):
    """They are another record's: each is erased on its own."""
    one = learn(diary, deal, "price")
    with diary.write() as writer:
        writer.amend(one, {"cause": "decider"}, why="")
        writer.redact(deal, "依頼")
    assert causes(diary, deal) == ["decider"]
    assert all(not check.problems for check in examine(diary.path).checks)
