"""The shelf of cases: order, groups, search, and the one of the week."""

from types import SimpleNamespace

from lines import AGREEMENT, day

from nippo_cli.lessons.cases import behind, lesson, of_the_week
from nippo_cli.lessons.facts import Case, Narrowed
from nippo_cli.line.facts import Review
from nippo_cli.schema.schema import Choice, Field

AGREED = AGREEMENT._replace(
    causes=(Choice("late", "対応の遅れ"), Choice("price_gap", "価格の開き", was=("price",))),
    fields=(
        *AGREEMENT.fields,
        Field("lost_reason", "失注理由", "choice", "lost_reason", choices=(Choice("dear", "高い"),)),
    ),
)


def case(deal: int, ended: str, cause="late", *, stage="quote", competitor="", text="", name="検査機") -> Case:
    """A lost deal with what was learned of it."""
    review = Review(90 + deal, deal, day("11/1"), day("11/1"), "佐藤", cause, text, "asked")
    return Case(deal, name, "甲社", "佐藤", "lost", None, day(ended), stage, review, ("dear",), competitor)


SHELF = [
    case(1, "9/1", competitor="東海自動機"), case(2, "10/1", "price_gap", stage="visit"),
    case(3, "8/1", text="部長に会えていなかった", name="搬送ロボット"), case(4, "10/1"),
]  # fmt: skip


def test_the_latest_first_with_their_groups():
    """Four cases by the day of their end; causes, stages and competitors counted, the commonest first."""
    found = lesson(SHELF, 7, AGREED)
    assert [one.deal for one in found.cases] == [4, 2, 1, 3]
    assert found.causes == [("late", 3), ("price_gap", 1)]
    assert found.stages == [("quote", 3), ("visit", 1)]
    assert found.competitors == [("", 3), ("東海自動機", 1)]
    assert found.unreviewed == 7


def test_a_search_reads_all_that_a_person_reads():
    """Names, the competitor, the stage, the reason, the cause (by its label, a former key's too) and what was learned, in
    any width."""

    def found(text: str) -> set[int]:
        return {one.deal for one in lesson(SHELF, 0, AGREED, text).cases}

    assert found("東海") == {1}
    assert found("部長") == {3}
    assert found("ﾛﾎﾞｯﾄ") == {3}
    assert found("価格の開き") == {2}
    assert found("訪問") == {2}
    assert found("高い") == {1, 2, 3, 4}
    assert found("宇宙") == set()
    assert {one.deal for one in lesson([case(5, "9/1", "price")], 0, AGREED, "価格の").cases} == {5}


def test_each_week_tells_another_until_all_were_told():
    """In turn, whatever the order they come in; none where there is none."""
    told = [of_the_week(SHELF[::-1], week) for week in range(100, 105)]
    assert len({one.deal for one in told[:4] if one}) == 4
    assert told[4] == told[0]
    assert of_the_week([], 3) is None


def test_the_deals_behind_are_those_with_most_money_first():
    """Unknown last; narrowed by the cause or a part of the competitor's name."""
    shelf = [
        case(1, "9/1")._replace(amount=None), case(2, "9/1", "price_gap")._replace(amount=9),
        case(3, "9/1", competitor="ＡＢＣ工機")._replace(amount=1), case(4, "9/1")._replace(amount=0),
    ]  # fmt: skip
    facts = SimpleNamespace(cases=lambda: (shelf, 0), schema=AGREED, text="")

    def of(**by) -> list[int]:
        return [one.deal for one in behind(facts, Narrowed(**by))]

    assert of() == [2, 3, 4, 1]
    assert (of(cause="price_gap"), of(competitor="abc"), of(cause="late", competitor="工機")) == ([2], [3], [3])


def test_of_equally_many_the_first_by_its_key():
    """Two causes, two stages, in whatever order they come."""
    found = lesson([case(1, "9/1", "price_gap", stage="visit"), case(2, "8/1")], 0, AGREED)
    assert found.causes == [("late", 1), ("price_gap", 1)]
    assert found.stages == [("quote", 1), ("visit", 1)]
