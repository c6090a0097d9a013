"""The landing's pieces by hand: which months, what a rank means, whose target counts, how far past lines were off."""

from datetime import date

import pytest
from lines import AGREEMENT

from nippo_cli.base.dates.calendar import month_name, month_number
from nippo_cli.landing.eves import EveRecord, EveShares
from nippo_cli.landing.facts import Declaration
from nippo_cli.landing.horizon import months_of
from nippo_cli.landing.shares import RankRecord, RankShare, firm_ranks, rank_order
from nippo_cli.landing.table import latest_declarations
from nippo_cli.line.metrics import Metric
from nippo_cli.line.promised import Target
from nippo_cli.line.targets import MonthTarget, add_targets, target_of_kind, target_of_owner, team_target
from nippo_cli.schema.schema import Rank

NOV = month_number(date(2026, 11, 1))
RANKED = AGREEMENT._replace(
    ranks=(
        Rank("S", "S", chance=0.95),
        Rank("A", "A", chance=0.7, was=("high",)),
        Rank("B", "B", chance=0.69),
        Rank("X", "X"),
    )
)


@pytest.mark.parametrize(
    ("span", "fiscal_year_start", "names"),
    [
        ("next", 4, ["2026-11", "2026-12", "2027-01"]),
        ("month", 4, ["2026-11"]),
        ("quarter", 4, ["2026-10", "2026-11", "2026-12"]),
        ("quarter", 12, ["2026-09", "2026-10", "2026-11"]),
        ("half", 4, ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]),
        ("half", 10, ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]),
        ("half", 1, ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"]),
        ("fiscal_year", 11, [month_name(NOV + n) for n in range(12)]),
        ("fiscal_year", 12, [month_name(NOV - 11 + n) for n in range(12)]),
    ],
)
def test_which_months(span, fiscal_year_start, names):
    """Around 29 November 2026."""
    assert [month_name(month) for month in months_of(span, date(2026, 11, 29), fiscal_year_start)] == names


def closed(rank: str, won: int, lost: int, month: int = NOV) -> dict[Metric, int]:
    """Closed deals of a rank."""
    return {Metric("rank", rank, "佐藤", True, month): won, Metric("rank", rank, "佐藤", False, month): lost}


def test_a_rank_means_what_became_of_its_deals():
    """Nine closed deals say nothing, ten do; those under a former key count; a rank without either has no share."""
    record = RankRecord(closed("S", 4, 5) | closed("A", 6, 3) | closed("high", 1, 0) | closed("X", 1, 1), RANKED)
    assert record.share("S") == RankShare(0.95, 9, "schema")
    assert record.share("A") == RankShare(0.7, 10, "record")
    assert record.share("B") == RankShare(0.69, 0, "schema")
    assert record.share("X") == RankShare(None, 2, "none")
    assert record.share("") == RankShare(None, 0, "none")


def test_what_a_rank_meant_before_a_month():
    """Deals that closed in the month itself, or later, were not known on its eve."""
    record = RankRecord(closed("B", 10, 0, NOV - 1) | {m: 10 for m in closed("B", 0, 10) if not m.won}, RANKED)
    assert record.share("B", before=NOV) == RankShare(1.0, 10, "record")
    assert record.share("B", before=NOV + 1) == RankShare(0.5, 20, "record")
    assert record.share("B", before=NOV - 1) == RankShare(0.69, 0, "schema")


def test_the_firm_ranks_are_those_of_seven_in_ten():
    """0.69 is not enough; a rank that states nothing is none."""
    assert firm_ranks(RANKED) == {"S", "A"}


def test_ranks_stand_in_the_schemas_order_then_unknown_ones_then_none():
    """`old` is no rank of the schema any more."""
    assert rank_order(RANKED, {"", "B", "old"}) == ["S", "A", "B", "X", "old", ""]


def target(amount: int, owner: str = "", kind: str = "", month: int = NOV) -> Target:
    """A target of November, unless said otherwise."""
    return Target(0, owner, month, amount, kind)


def test_the_teams_target_is_compared_with_its_owners_and_never_added():
    """Ten of the team beside seven of its owners are ten."""
    owners = [target(3, "佐藤"), target(4, "鈴木")]
    assert team_target([*owners, target(10)], NOV) == MonthTarget(10, "team", 7)
    assert team_target(owners, NOV) == MonthTarget(7, "owners")
    assert team_target([target(5, kind="new"), target(1, kind="parts")], NOV) == MonthTarget(6, "kinds")
    assert team_target([target(9, month=NOV + 1)], NOV) == MonthTarget(None, "")


def test_an_owners_and_a_kinds_own():
    """An owner in any spelling; an owner's target of one kind is neither."""
    targets = [target(3, "佐藤 一"), target(2, "佐藤 一", "new"), target(5, kind="new")]
    assert target_of_owner(targets, NOV, "佐藤一") == MonthTarget(3, "owners")
    assert target_of_kind(targets, NOV, "new") == MonthTarget(5, "kinds")
    assert target_of_owner(targets, NOV, "") == MonthTarget(None, "")


def test_months_without_a_target_add_nothing():
    """Three months, of which the second has none."""
    assert add_targets([MonthTarget(3, "team", 2), MonthTarget(None, ""), MonthTarget(4, "team")]) == MonthTarget(
        7, "team", 2
    )
    assert add_targets([MonthTarget(None, "")]) == MonthTarget(None, "")


def test_the_last_word_of_each_owner_stands_and_the_teams_apart():
    """Two words of one owner in two spellings, one for the team, one of another month."""
    on = date(2026, 11, 1)
    said = [
        Declaration(1, NOV, "佐藤 一", 5, False, "", on), Declaration(2, NOV, "", 9, True, "", on),
        Declaration(3, NOV, "佐藤一", 6, False, "", on), Declaration(4, NOV + 1, "鈴木", 7, False, "", on),
    ]  # fmt: skip
    owners, team = latest_declarations(said, NOV)
    assert ([one.id for one in owners], team and team.id) == ([3], 2)


def test_what_is_won_within_its_month_by_rank_where_that_says_enough():
    """Ten deals of B say that a quarter of its money is won in its month; three of A say nothing, so all of them do."""
    shares = EveShares(EveRecord(13, 5, 1000, 300), {"A": EveRecord(3, 3, 600, 200), "B": EveRecord(10, 2, 400, 100)})
    assert (shares.expected("B", 80), shares.expected("A", 80), shares.expected("", 10)) == (20, 24, 3)
    assert EveShares(EveRecord(9, 9, 100, 100), {}).expected("A", 80) is None
