"""流れの断絶: what was passed over, gone back to, or never recorded, against what was agreed."""

import csv
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from nippo_cli.gaps.broken import broken, is_must, may_break, signs_of, stated_rules
from nippo_cli.line.facts import DealEvent, DealRecord
from nippo_cli.line.history import build_history
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Condition, Field, Schema, Stage

SINCE = date(2026, 8, 25)
AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(
        Stage("lead", "引合い", evidence=("source",)),
        Stage("visit", "訪問", must_when=Condition(kind=("new",), stage=("quote",), activity=("call",))),
        Stage("demo", "デモ", may_return_to=("visit",)),
        Stage("quote", "見積", must=True, may_return_to=("demo",), evidence=("amount", "source")),
        Stage("won", "受注", ends="won"),
        Stage("lost", "失注", ends="lost"),
        Stage("delivery", "納入", after=True, evidence=("accepts",)),
    ),
    fields=(
        Field("stage", "フェーズ", "choice", "stage"),
        Field("source", "引合い経路", "text", "source"),
        Field("amount", "金額", "money", "amount"),
        Field("accepts", "検収予定", "date", "accepts"),
    ),
)
FOLLOWED = AGREEMENT._replace(stages=(*AGREEMENT.stages, Stage("follow", "フォロー", after=True)))
ALL = 0b111


def line(*stages: str, kind: str = "new", evidence: int = ALL, amount: int | None = None, schema=AGREEMENT):
    """A deal that is in each stage for ten days from 1 August; its n-th entry moves it into the n-th stage."""
    points = [
        DealEvent(
            n, date.fromordinal(date(2026, 8, 1).toordinal() + 10 * (n - 1)), stage, True, "佐藤", None, None, kind,
            amount, None, None, None, None, evidence=evidence,
        )
        for n, stage in enumerate(stages, start=1)
    ]  # fmt: skip
    return build_history(DealRecord(1, "案件"), points, schema)


def told(*stages: str, **how) -> list[tuple[str, str, str, int]]:
    """The signs of such a deal: what, where, to what, and the entry."""
    schema = how.get("schema", AGREEMENT)
    found = line(*stages, **how)
    return [(s.what, s.stage, s.to, s.entry) for s in signs_of(found.head, found.stays, schema)]


def test_a_must_that_was_passed_over_rests_on_the_entry_that_passed_it():
    """Of a new deal visit and quote must not be skipped; the order passes over both."""
    assert told("lead", "visit", "quote", "won") == []
    assert told("lead", "won") == [("skipped", "visit", "won", 2), ("skipped", "quote", "won", 2)]
    assert told("lead", "demo", "won") == [("skipped", "visit", "demo", 2), ("skipped", "quote", "won", 3)]


def test_a_stage_that_is_made_up_for_was_not_skipped():
    """In whatever order: a stage that the deal was ever in was not skipped."""
    assert told("lead", "demo", "visit", "demo", "quote") == []


def test_a_deal_that_begins_beyond_a_must_has_until_it_moves_on():
    """A first entry straight from the field, or a deal that was under way before the diary was: asked once it is left."""
    assert told("quote") == []
    assert told("quote", "won") == [("skipped", "visit", "quote", 2)]
    assert told("quote", "visit") == [("returned", "quote", "visit", 2)]
    assert told("quote", "lost") == [("skipped", "visit", "quote", 2)]
    assert told("won") == [("skipped", "visit", "won", 1), ("skipped", "quote", "won", 1)]


def test_what_lies_ahead_of_the_furthest_stage_is_no_skip():
    """A stage not reached yet can still come."""
    assert told("lead") == []
    assert told("lead", "visit", "demo") == []


def test_lost_is_no_reach():
    """A deal that was lost early skipped nothing of what it never came to."""
    assert told("lead", "lost") == []
    assert told("lead", "quote", "lost") == [("skipped", "visit", "quote", 2)]


def test_a_condition_of_a_must_is_about_the_kind_of_the_deal():
    """Of parts a visit may be skipped; what a condition says of an entry says nothing of a deal."""
    assert told("lead", "quote", kind="parts") == []
    visit, quote = AGREEMENT.stages[1], AGREEMENT.stages[3]
    assert [is_must(visit, kind) for kind in ("new", "parts", "")] == [True, False, False]
    assert is_must(Stage("x", "x", must_when=Condition(activity=("call",))), "parts")
    assert is_must(quote, "")


def test_a_move_back_is_held_against_the_stage_that_it_left():
    """From quote to demo is agreed, from quote to lead is not; out of lost a deal is reopened."""
    assert told("lead", "visit", "demo", "quote", "demo") == []
    assert told("lead", "visit", "quote", "lead") == [("returned", "quote", "lead", 4)]
    assert told("lead", "visit", "lost", "lead") == []
    assert told("lead", "visit", "quote", "won", "quote") == [("returned", "won", "quote", 5)]


def test_where_no_stage_says_where_it_may_return_to_nothing_was_agreed():
    """Then every move back is as good as another."""
    bare = AGREEMENT._replace(stages=tuple(s._replace(may_return_to=()) for s in AGREEMENT.stages))
    assert told("lead", "visit", "quote", "lead", schema=bare) == []
    assert stated_rules(bare) == (True, False, True)
    assert stated_rules(AGREEMENT) == (True, True, True), "one stage that says so is enough"


def test_evidence_is_asked_for_once_by_the_first_stage_that_names_it():
    """Source is asked for by lead and by quote; amount by quote. The sign rests on the entry that left the stage."""
    bits = AGREEMENT.evidence_bits
    assert told("lead", "visit", "quote", "won", evidence=bits["amount"]) == [("unrecorded", "lead", "source", 2)]
    assert told("lead", "visit", "quote", "won", evidence=0) == [
        ("unrecorded", "lead", "source", 2),
        ("unrecorded", "quote", "amount", 4),
    ]
    assert told("lead", "visit", evidence=bits["source"]) == []


def test_a_stage_that_the_deal_is_in_has_missed_nothing_yet():
    """A first entry straight from the field into a stage owes nothing until the deal leaves it, or is lost in it."""
    assert told("quote", kind="parts", evidence=0) == []
    assert told("lead", "visit", "quote", evidence=0) == [("unrecorded", "lead", "source", 2)]
    assert told("quote", "demo", "quote", kind="parts", evidence=0) == [
        ("unrecorded", "quote", "amount", 2),
        ("unrecorded", "quote", "source", 2),
    ]
    assert told("lead", "lost", evidence=0) == [("unrecorded", "lead", "source", 2)]
    after = ("lead", "visit", "quote", "won", "delivery")
    bits = AGREEMENT.evidence_bits
    asked = bits["source"] | bits["amount"]
    assert told(*after, evidence=asked) == []
    assert told(*after, "follow", evidence=asked, schema=FOLLOWED) == [("unrecorded", "delivery", "accepts", 6)]


def test_what_ends_a_deal_is_over_as_it_is_entered():
    """The amount of an order, the reason of a loss."""
    ended = AGREEMENT._replace(
        stages=tuple(s._replace(evidence=("amount",) if s.ends else ()) for s in AGREEMENT.stages),
    )
    assert told("visit", "quote", "won", evidence=0, schema=ended) == [("unrecorded", "won", "amount", 3)]
    assert told("visit", "lost", evidence=0, schema=ended) == [("unrecorded", "lost", "amount", 2)]


def test_what_is_asked_of_some_kinds_alone_is_evidence_of_those():
    """Where the source came from is required at the lead of new deals; so the lead of a parts deal owes none. Required in
    another stage, or of all kinds in this one, it is owed by all."""

    def source(*when: Condition) -> Schema:
        fields = tuple(f._replace(required_when=when) if f.key == "source" else f for f in AGREEMENT.fields)
        stages = tuple(s._replace(evidence=("source",) if s.key == "lead" else ()) for s in AGREEMENT.stages)
        return AGREEMENT._replace(fields=fields, stages=stages)

    missed = [("unrecorded", "lead", "source", 2)]
    new = Condition(stage=("lead",), kind=("new",))
    for kind, when, owed in (
        ("new", (new,), missed), ("parts", (new,), []), ("", (new,), []),
        ("parts", (Condition(stage=("visit",), kind=("new",)),), missed),
        ("parts", (new, Condition(stage=("lead", "visit"))), missed),
        ("parts", (new, Condition(stage=("lead",), kind=("parts",))), missed),
        ("parts", (), missed),
    ):  # fmt: skip
        assert told("lead", "visit", kind=kind, evidence=0, schema=source(*when)) == owed, (kind, when)


def asked(*lines):
    """The findings of deals."""
    return broken([(found.head, found.stays) for found in lines], AGREEMENT, since=SINCE)


def test_a_live_deal_is_found_whenever_it_broke():
    """Skipped on 11 August, before the window: shown, and not new. On 31 August: new."""
    [early] = asked(line("lead", "quote", amount=5))
    assert (early.began_on, early.new, early.measure, early.entries) == (date(2026, 8, 11), False, 1, (2,))
    [late] = asked(line("lead", "lead", "lead", "quote"))
    assert (late.began_on, late.new) == (date(2026, 8, 31), True)


def test_of_a_closed_deal_only_what_the_window_made_counts():
    """Skipped on 11 August and closed: nothing; a skip of 31 August counts."""
    assert asked(line("lead", "quote", "won")) == []
    [found] = asked(line("lead", "lead", "lead", "won"))
    assert [sign.stage for sign in found.signs] == ["visit", "quote"]


def test_most_money_first_then_most_signs():
    """An unknown amount comes last."""
    deals = [
        line("lead", "quote", amount=None),
        line("lead", "quote", amount=3),
        line("lead", "quote", "lead", amount=3),
        line("lead", "quote", amount=9),
    ]
    deals = [d._replace(head=d.head._replace(id=n)) for n, d in enumerate(deals)]
    assert [found.deal for found in asked(*deals)] == [3, 2, 1, 0]


def test_the_salesforce_history_has_its_moves_back():
    """With a rule that allows none, each of the 72 moves to an earlier stage that did not reopen a lost deal is found."""
    root = Path(__file__).parents[2]
    path = root.parent / "shared" / "data" / "salesforce_opportunity_history" / "Opportunity History.csv"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    source = root / "examples" / "salesforce_history" / "schema.yaml"
    # Behind the first stage lies none: this states a rule and allows nothing.
    text = source.read_text(encoding="utf-8").replace(
        "label: Prospecting}", "label: Prospecting, may_return_to: [prospecting]}"
    )
    schema = load_schema(text, str(source))
    labels = [stage.label for stage in schema.stages]
    saves: dict[str, list[tuple[datetime, int]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            on = datetime.strptime(row["CreatedDate"], "%d/%m/%Y")  # noqa: DTZ007 - a plain day
            saves.setdefault(row["OppID"], []).append((on, labels.index(row["StageName"])))
    back: dict[str, int] = {}
    lines = []
    for deal, (name, rows) in enumerate(saves.items(), start=1):
        rows.sort(key=lambda r: r[0])
        back[name] = sum(b < a and labels[a] != "Closed Lost" for (_, a), (_, b) in pairwise(rows))
        points = [
            DealEvent(n, on.date(), schema.stages[at].key, True, "", None, None, None, None, None, None, None, None)
            for n, (on, at) in enumerate(rows)
        ]
        lines.append(build_history(DealRecord(deal, name), points, schema))
    every = sum(stay.step < 0 for one in lines for stay in one.stays)
    found = broken([(one.head, one.stays) for one in lines], schema, since=date.min)
    assert every == 72
    assert sum(b.measure for b in found) == sum(back.values())
    assert len(found) == sum(n > 0 for n in back.values())
    assert (sum(back.values()), len(found)) == (72, 55)


@given(
    st.lists(st.sampled_from([s.key for s in AGREEMENT.stages]), min_size=1, max_size=7),
    st.sampled_from(["new", "parts", ""]),
    st.integers(0, ALL),
)
def test_no_line_with_signs_is_passed_over(stages, kind, evidence):
    """Whose stays are not even read shows no sign: told by the stages it was in, whether it moved back, and its evidence."""
    found = line(*stages, kind=kind, evidence=evidence)
    head = found.head
    if signs_of(head, found.stays, AGREEMENT):
        assert may_break(AGREEMENT)(head.visited, head.went_back, head.kind, head.evidence)


@pytest.mark.parametrize(("stages", "evidence", "may"), [
    (("lead", "visit", "demo", "quote"), ALL, False), (("lead", "quote"), ALL, True), (("lead", "visit"), ALL, False),
    (("lead", "visit"), 0, True), (("visit",), 0, False), (("lead", "visit", "quote"), AGREEMENT.evidence_bits["source"], True),
    (("visit", "lead"), ALL, True), (("lead", "lost"), ALL, False),
])  # fmt: skip
def test_most_lines_need_not_be_read(stages, evidence, may):
    """Nothing passed over, nothing gone back, all that is asked for written down: nobody reads its stays."""
    head = line(*stages, evidence=evidence).head
    assert may_break(AGREEMENT)(head.visited, head.went_back, head.kind, head.evidence) == may


def test_what_was_asked_for_already_hides_nothing_behind_it():
    """The quote asks for the source again, as the lead did, and then for the amount."""
    stages = tuple(s._replace(evidence=("source", "amount")) if s.key == "quote" else s for s in AGREEMENT.stages)
    schema = AGREEMENT._replace(stages=stages)
    assert told("lead", "visit", "quote", "won", evidence=0, schema=schema) == [
        ("unrecorded", "lead", "source", 2), ("unrecorded", "quote", "amount", 4),
    ]  # fmt: skip
