"""契約後フォロー漏れ: who bought and hears nothing, by the norm of which after-stage, and who does hear from us."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta

import pytest
from lines import AGREEMENT, day, line_of, point

from nippo_cli.base.customers import by_contact_keys, customer_keys, last_heard
from nippo_cli.gaps.aftercare import aftercare, care_norms
from nippo_cli.gaps.facts import WonDeal, won_deal_of
from nippo_cli.line.norm import Norms
from nippo_cli.line.span import ClosedDays, Hold, passes_on
from nippo_cli.schema.schema import Closure, Kind, Schema

TODAY = day("11/23")
SINCE = TODAY - timedelta(days=90)
NONE = ClosedDays(())
# 納入 90 days, フォロー 60.
NORMS = {"delivery": 90, "follow": 60}
FOLLOWED = AGREEMENT._replace(
    stages=tuple(s._replace(norm=NORMS.get(s.key)) for s in AGREEMENT.stages),
    kinds=(Kind("new", "新規"), Kind("renewal", "更新", stalls=False), Kind("parts", "部品", norms={"follow": 20})),
)


def sold(
    won: str, *, stage: str = "won", entered: str | None = None, met: str | None = None, kind: str = "new",
    customer: str = "青葉製作所", holds: tuple[Hold, ...] = (), deal: int = 1, amount: int | None = None,
) -> WonDeal:  # fmt: skip
    """A deal won on a day; since when it is in its stage, and when its customer was last met in it."""
    return WonDeal(deal, stage, kind, customer, max(day(entered or won), day(met or won)), amount, holds)


def ask(*deals: WonDeal, met: Mapping[str, str] | None = None, rest: ClosedDays = NONE, schema: Schema = FOLLOWED):
    """The question; `met` says when a customer was met elsewhere."""
    days = by_contact_keys({customer: day(on) for customer, on in (met or {}).items()})

    def heard(since: date) -> dict[str, date]:
        return {customer: on for customer, on in days.items() if on >= since}

    care = care_norms(schema, Norms(schema, {}, {}))
    found, count = aftercare(deals, care, heard, rest, as_of=TODAY, since=SINCE)
    return list(found), count


def test_a_silence_in_an_after_stage_is_held_against_its_norm():
    """フォロー: 60 days since the last contact are within it, 61 are not."""
    assert ask(sold("3/1", stage="follow", entered="6/1", met="9/24"))[0] == []
    (found,), count = ask(sold("3/1", stage="follow", entered="6/1", met="9/23", amount=5))
    assert (found.why, found.silence_days, found.norm.days, found.norm.source) == ("silent", 61, 60, "schema")
    assert (found.began_on, found.new, found.stage) == (TODAY, True, "follow")
    assert (count.won, count.customers, count.unheard, count.share, count.flagged_amount) == (1, 1, 1, 1.0, 5)


def test_the_name_of_a_customer_is_matched_once_whatever_they_bought(monkeypatch):
    """Of 30 deals of three customers three names: for whether they were met elsewhere, and for how many they are."""
    asked = list[str]()

    def matched(names: Iterable[str]) -> dict[str, tuple[str, str]]:
        asked.extend(names := list(names))
        return customer_keys(names)

    monkeypatch.setattr("nippo_cli.base.customers.customer_keys", matched)
    monkeypatch.setattr("nippo_cli.gaps.aftercare.customer_keys", matched)
    bought = [sold("3/1", stage="follow", customer=f"{n % 3}番製作所", deal=n) for n in range(30)]
    found, count = ask(*bought, met={"北斗": "11/1"})
    assert (len(found), count.customers) == (30, 3)
    assert sorted(asked) == ["0番製作所", "1番製作所", "2番製作所", "北斗"]


def test_nothing_is_looked_up_of_a_customer_who_was_not_met_of_late(monkeypatch):
    """Of a hundred who bought two were met: theirs are the only contacts that anybody asks for."""
    asked = list[tuple[str, str]]()

    def heard(met: Mapping[str, date], key: tuple[str, str], apart: Container[str]) -> date | None:
        asked.append(key)
        return last_heard(met, key, apart)

    monkeypatch.setattr("nippo_cli.gaps.aftercare.last_heard", heard)
    bought = [sold("3/1", stage="follow", customer=f"{n}番製作所", deal=n) for n in range(100)]
    found, count = ask(*bought, met={"7番製作所": "11/1", "㈱8番製作所": "11/1", "北斗": "11/1"})
    assert (len(found), count.heard, count.customers) == (98, 2, 100)
    assert sorted(asked) == [("7番製作所", ""), ("8番製作所", "")]


def test_when_a_silence_began_is_worked_out_of_those_alone_that_are_shown(monkeypatch):
    """Of a hundred orders ten are looked at; of the others a day of their stage and kind says whether they are new."""
    reckoned = list[date]()

    def passes(after: date, limit_days: int, rest: ClosedDays, holds: Sequence[Hold]) -> date:
        reckoned.append(after)
        return passes_on(after, limit_days, rest, holds)

    monkeypatch.setattr("nippo_cli.gaps.aftercare.passes_on", passes)
    care = care_norms(FOLLOWED, Norms(FOLLOWED, {}, {}))
    bought = [sold("3/1", stage="follow", customer=f"{n}番製作所", deal=n) for n in range(100)]
    found, count = aftercare(bought, care, lambda _: {}, NONE, as_of=TODAY, since=SINCE)
    assert (len(found), count.new, len(found[:10]), len(reckoned)) == (100, 0, 10, 10)


@pytest.mark.parametrize("closed", [None, ("08-10", "08-16"), ("12-29", "01-03"), ("10-20", "11-20")])
def test_what_is_counted_as_new_is_what_each_finding_says_of_itself(closed):
    """Of whoever was last heard on any day of two years, closed days on the way or not."""
    rest = ClosedDays([Closure("休業", *closed)] if closed else [])
    days = [TODAY - timedelta(days=n) for n in range(730)]
    for on in days:
        found, count = ask(sold(on.isoformat(), stage="follow"), rest=rest)
        assert count.new == sum(one.new for one in found)
    found, _ = ask(*(sold(on.isoformat(), deal=n) for n, on in enumerate(days)), rest=rest)
    assert found
    assert all(one.new for one in found)


def test_a_stage_that_was_entered_without_a_contact_counts_from_then():
    """Last met in March, moved to フォロー by a note of 1 October: nothing is due before December."""
    assert ask(sold("3/1", stage="follow", entered="10/1"))[0] == []


def test_a_silence_in_an_after_stage_is_listed_whenever_it_began():
    """Silent for two years, long before the window."""
    (found,), _ = ask(sold("2024-09-01", stage="follow"))
    assert (found.new, found.silence_days) == (False, 813)


def test_a_deal_that_entered_none_is_held_against_the_first():
    """Won 91 days ago, 納入 90 days; one that passed it before the window is counted and not listed, and its customer
    hears nothing all the same."""
    (found,), _ = ask(sold("8/24"))
    assert (found.why, found.silence_days, found.norm.stage, found.began_on) == ("never_entered", 91, "delivery", TODAY)
    old, count = ask(sold("2025-08-24"))
    assert (old, count.before_window, count.unheard) == ([], 1, 1)


def test_a_contact_after_the_order_is_heard_too():
    """Nobody moved the deal on, but somebody called in October."""
    assert ask(sold("3/1", met="10/1"))[0] == []


def test_a_customer_who_was_met_elsewhere_does_hear_from_us():
    """In another deal or in none, within the norm, however the name is spelled; out of it they do not."""
    silent = sold("3/1", stage="follow", customer="（株）青葉")
    found, count = ask(silent, met={"㈱青葉": "9/24"})
    assert (found, count.heard, count.unheard) == ([], 1, 0)
    assert len(ask(silent, met={"㈱青葉": "9/23"})[0]) == 1
    assert len(ask(silent, met={"若葉": "11/20"})[0]) == 1


def test_customers_are_counted_once():
    """Three silent deals of one customer in three spellings, one of another, one deal that names none."""
    deals = [
        sold("3/1", stage="follow", deal=deal, customer=customer)
        for deal, customer in enumerate(("㈱青葉", "(株)青葉", "青葉", "若葉", ""), 1)
    ]
    found, count = ask(*deals)
    assert (len(found), count.customers, count.unheard) == (5, 3, 3)
    assert (count.flagged, count.flagged_amount, count.new_amount) == (5, 0, 0), "none of them names an amount"


def test_customers_without_a_name_are_one_each():
    """Three silent deals and one lately met that name nobody: four customers, of whom three hear nothing; and whoever
    was met under no name was met by none of them."""
    silent = [sold("3/1", stage="follow", deal=deal, customer="") for deal in (1, 2, 3)]
    found, count = ask(*silent, sold("3/1", stage="follow", deal=4, customer="", met="11/20"), met={"": "11/20"})
    assert ([f.deal for f in found], count.customers, count.unheard, count.heard) == ([1, 2, 3], 4, 3, 0)
    assert count.share == 0.75


def test_a_kind_has_its_own_norm_and_one_that_never_stalls_counts_too():
    """部品 20 days; a yearly renewal is sold to someone as well."""
    found, _ = ask(
        sold("11/1", stage="follow", kind="parts", deal=1), sold("9/1", stage="follow", kind="renewal", deal=2)
    )
    assert {(f.deal, f.norm.days, f.norm.source) for f in found} == {(1, 20, "kind"), (2, 60, "schema")}
    own = FOLLOWED._replace(kinds=(Kind("renewal", "更新", stalls=False, norms={"follow": 100}),))
    assert ask(sold("9/1", stage="follow", kind="renewal"), schema=own)[0] == []


def test_closed_and_held_days_are_no_silence_of_ours():
    """66 days with six closed ones are within 60; a deal on hold is left out, and comes back with the held days off."""
    rest = ClosedDays([Closure("休業", "10-01", "10-06")])
    assert ask(sold("3/1", stage="follow", met="9/18"), rest=rest)[0] == []
    assert len(ask(sold("3/1", stage="follow", met="9/17"), rest=rest)[0]) == 1
    hold = Hold(9, day("11/1"), TODAY, "改装")
    found, count = ask(sold("3/1", stage="follow", holds=(hold,)))
    assert (found, count.on_hold, count.apart["on_hold"]) == ([], 1, [1])
    over = (hold._replace(last=day("11/22")),)
    (back,), _ = ask(sold("3/1", stage="follow", met="9/1", holds=over))
    assert back.silence_days == 83 - 22
    assert ask(sold("3/1", stage="follow", met="9/2", holds=over))[0] == []


def test_an_order_of_which_a_list_alone_tells_is_counted_and_named():
    """Nobody knows whether anyone was spoken to since; the other's customer hears nothing."""
    found, count = ask(sold("3/1", stage="follow")._replace(is_listed=True), sold("3/1", stage="follow", deal=2))
    assert ([one.deal for one in found], count.listed, count.apart["listed"]) == ([2], 1, [1])


def test_whoever_was_met_before_closed_days_was_met_no_longer_ago_than_on_the_last_of_them():
    """63 days less the three closed ones right behind the meeting are within 60; the day before is not."""
    rest = ClosedDays([Closure("休業", "09-22", "09-24")])
    silent = sold("3/1", stage="follow")
    for met, heard in (("9/24", 1), ("9/22", 1), ("9/21", 1), ("9/20", 0)):
        assert ask(silent, met={"青葉製作所": met}, rest=rest)[1].heard == heard, met


def test_an_agreement_without_after_stages_asks_nothing():
    """There is no norm to hold anyone against."""
    plain = FOLLOWED._replace(stages=tuple(s for s in FOLLOWED.stages if not s.after))
    found, count = ask(sold("3/1"), schema=plain)
    assert (found, count.followed, count.won) == ([], False, 0)
    assert (count.customers, count.unheard, count.on_hold, count.heard, count.before_window, count.share) == (
        0, 0, 0, 0, 0, None,
    )  # fmt: skip


def test_most_money_first_and_the_unknown_last():
    """Then by days."""
    found, _ = ask(
        sold("9/1", stage="follow", deal=1), sold("9/1", stage="follow", deal=2, amount=5),
        sold("9/1", stage="follow", deal=3, amount=9), sold("8/1", stage="follow", deal=4, amount=5),
    )  # fmt: skip
    assert [f.deal for f in found] == [3, 4, 2, 1]


def test_a_won_deal_is_heard_of_when_it_was_last_met_or_moved():
    """Never met: since it came into its stage; met before that, too; met after it: since then."""
    head = line_of(point(1, "1/5", "won", customer="青葉", kind="new", amount=9, contact=False)).head
    assert won_deal_of(head) == WonDeal(1, "won", "new", "青葉", day("1/5"), 9, ())
    for met, moved_on, heard in (("1/2", "2/1", "2/1"), ("3/1", "2/1", "3/1")):
        changed = head._replace(heard_on=day(met), entered_on=day(moved_on))
        assert won_deal_of(changed).heard_on == day(heard)


@pytest.mark.parametrize(
    ("closed", "since"),
    [
        ((), "9/24"),
        (("11-01", "11-06"), "9/18"),
        (("09-20", "09-22"), "9/24"),
        (("09-19", "09-30"), "9/12"),
        (("09-22", "09-24"), "9/21"),
        (("09-18", "09-26"), "9/15"),
    ],
)
def test_customers_are_looked_for_back_to_the_longest_norm_and_its_closed_days(closed, since):
    """60 days before 23 November, and as many more as were closed on the way or right before."""
    asked = []

    def heard(since):
        asked.append(since)
        return {}

    rest = ClosedDays([Closure("休業", *closed)] if closed else [])
    aftercare(
        [sold("3/1", stage="follow")],
        care_norms(FOLLOWED, Norms(FOLLOWED, {}, {})),
        heard,
        rest,
        as_of=TODAY,
        since=SINCE,
    )
    assert asked == [day(since)]


def test_those_before_the_window_are_counted_beside_those_found():
    """Two that passed the first norm before it, one within it, one in an after-stage for long: two are found."""
    found, count = ask(
        sold("2025-08-24", deal=1), sold("2025-08-25", deal=2, customer="若葉"), sold("8/24", deal=3, customer="双葉"),
        sold("2024-09-01", stage="follow", deal=4, customer="四葉"),
    )  # fmt: skip
    assert (sorted(one.deal for one in found), count.before_window, count.unheard, count.heard) == ([3, 4], 2, 4, 0)
