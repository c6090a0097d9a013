"""What was typed, held against the agreement."""

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from nippo_cli.line.checked_entry import check, checker, missing
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Schema

TODAY = date(2026, 11, 23)
TEXT = """\
nippo: 1
name: 試し
stages:
  - {key: lead, label: 引合い}
  - {key: quote, label: 見積}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
kinds: [{key: new, label: 新規}, {key: parts, label: 部品}]
activities: [{key: visit, label: 訪問}, {key: call, label: 電話}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer, required: true}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: kind, label: 種別, type: choice, role: kind}
  - {key: activity, label: 活動, type: choice, role: activity, default: 訪問}
  - {key: facts, label: 事実, type: text, role: facts, was: memo}
  - {key: amount, label: 金額, type: money, role: amount, required_when: {stage: [見積, 受注], kind: 新規}}
  - {key: next_on, label: 期日, type: date, role: next_on, required_when: [{stage: 引合い}, {activity: 電話, stage: 見積}]}
"""


@pytest.fixture(scope="module")
def schema() -> Schema:
    """A small agreement."""
    return load_schema(TEXT, "schema.yaml")


def wrong(raw: dict[str, object], schema: Schema, **standing: Any) -> list[tuple[str, str, str]]:
    """The problems of an entry: field, what was said, the key of what is needed."""
    problems = check(raw, schema, today=TODAY, current=standing)[1]
    return [(p.where.field, p.said, p.needs.key) for p in problems]


def test_values_are_read_by_their_types(schema: Schema):
    """By key or label, whatever width and case."""
    raw = {"顧客": " A社 ", "ＳＴＡＧＥ": "引合い", "期日": "12/1", "amount": "１２０万", "facts": "電話した"}
    values, problems = check(raw, schema, today=TODAY)
    assert problems == []
    assert values == {
        "customer": "A社",
        "stage": "lead",
        "next_on": "2026-12-01",
        "amount": 1_200_000,
        "facts": "電話した",
        "activity": "visit",
    }


def test_a_field_goes_by_its_former_key_too(schema: Schema):
    """An import written before the renaming goes on working."""
    assert check({"customer": "A", "memo": "x"}, schema, today=TODAY)[0]["facts"] == "x"


def test_every_problem_is_told_at_once(schema: Schema):
    """Those of the values in the order typed, then what is missing in the order of the agreement."""
    raw = {"amount": "高い", "custmer": "A社", "stage": "引合", "next_on": "そのうち", "zzz": "1"}
    assert wrong(raw, schema) == [
        ("amount", "高い", "money.needs.yen"),
        ("custmer", "custmer", "entry.unknown_field.near"),
        ("stage", "引合", "entry.needs.choice.near"),
        ("next_on", "そのうち", "date.needs.promise"),
        ("zzz", "zzz", "entry.unknown_field"),
        ("customer", "", "entry.required"),
    ]


def test_a_field_that_is_wrong_is_not_missing_as_well(schema: Schema):
    """One problem for one field."""
    raw = {"customer": "A", "stage": "引合い", "next_on": "そのうち"}
    assert [field for field, _, _ in wrong(raw, schema)] == ["next_on"]


def test_the_same_field_twice_is_a_problem(schema: Schema):
    """Once by key, once by label: which one is meant?"""
    assert wrong({"customer": "A", "顧客": "B"}, schema) == [("customer", "顧客", "entry.twice")]


@pytest.mark.parametrize("nothing", ["", "  ", None, [], "　"])
def test_what_is_empty_is_absent(schema: Schema, nothing: object):
    """Neither a value nor a problem, unless it is required."""
    assert wrong({"customer": nothing, "stage": nothing, "amount": nothing, "facts": nothing}, schema) == [
        ("customer", "", "entry.required")
    ]


@pytest.mark.parametrize(
    ("raw", "standing", "missed"),
    [
        ({"stage": "見積", "kind": "新規"}, {}, ["amount"]),
        ({"stage": "見積", "kind": "部品"}, {}, []),
        ({"stage": "見積"}, {}, []),
        ({"stage": "見積"}, {"kind": "new"}, ["amount"]),
        ({"stage": "見積", "kind": "部品"}, {"kind": "new"}, []),
        ({"stage": "見積"}, {"kind": "new", "amount": 5}, []),
        ({}, {"kind": "new", "stage": "quote"}, []),
        ({"stage": "引合い"}, {}, ["next_on"]),
        ({"stage": "見積", "activity": "電話"}, {}, ["next_on"]),
        ({"stage": "見積", "activity": "訪問"}, {}, []),
    ],
)
def test_what_is_required_when(schema: Schema, raw: dict[str, object], standing: dict[str, object], missed: list[str]):
    """A condition holds when each of its lists holds: the stage and the activity that the entry names, the deal's kind."""
    found = wrong({"customer": "A", **raw}, schema, **standing)
    assert [field for field, _, key in found if key == "entry.required"] == missed
    values = check({"customer": "A", **raw}, schema, today=TODAY, current=standing)[0]
    assert [f.key for f in missing(values, schema, standing)] == missed


def test_why_a_field_is_required_is_told(schema: Schema):
    """By the labels that made it so."""
    problem = check({"customer": "A", "stage": "見積", "kind": "新規"}, schema, today=TODAY)[1][0]
    assert problem.needs.params["field"] == "金額"
    assert problem.needs.params["why"].params == {"because": ("見積", "新規")}


def test_what_the_deal_has_need_not_be_said_again(schema: Schema):
    """But a new value is taken."""
    assert wrong({"facts": "x"}, schema, customer="A社") == []
    assert check({"customer": "B社"}, schema, today=TODAY, current={"customer": "A社"})[0]["customer"] == "B社"


def test_a_default_fills_what_neither_says(schema: Schema):
    """Not what the deal has, not what was typed wrong, and nothing in a correction."""
    raw = {"customer": "A"}
    assert check(raw, schema, today=TODAY)[0]["activity"] == "visit"
    assert "activity" not in check(raw, schema, today=TODAY, current={"activity": "call"})[0]
    assert "activity" not in check({**raw, "activity": "?"}, schema, today=TODAY)[0]
    assert "activity" not in check(raw, schema, today=TODAY, defaults=False)[0]


def test_the_deal_is_no_value_but_is_judged(schema: Schema):
    """It belongs to the entry itself."""
    assert "deal" not in check({"customer": "A", "deal": "更新の件"}, schema, today=TODAY)[0]
    assert wrong({"customer": "A", "deal": "a\nb"}, schema) == [("deal", "a\nb", "entry.needs.one_line")]


def test_canonical_values_are_judged_as_themselves(schema: Schema):
    """A correction hands back what is kept."""
    raw = {
        "customer": "A社",
        "stage": "lead",
        "kind": "new",
        "activity": "call",
        "amount": 5,
        "next_on": "2026-12-01",
        "facts": " x\n",
    }
    assert check(raw, schema, today=TODAY) == (raw, [])


def test_another_day_reads_another_date(schema: Schema):
    """What was remembered of one day is not taken for another."""
    raw = {"customer": "A", "next_on": "明日"}
    assert check(raw, schema, today=date(2026, 1, 1))[0]["next_on"] == "2026-01-02"
    assert check(raw, schema, today=date(2026, 5, 1))[0]["next_on"] == "2026-05-02"


def test_a_checker_is_made_once(schema: Schema):
    """An import asks for it row by row."""
    assert checker(schema, TODAY) is checker(schema, TODAY)


def test_judging_needs_neither_yaml_nor_pydantic():
    """`nippo add` with flags reads the agreement from the log."""
    code = (
        "import sys, json, datetime\n"
        "from nippo_cli.schema.schema import Schema\n"
        "from nippo_cli.line.checked_entry import check\n"
        "from nippo_cli.schema import types\n"
        "a = Schema.from_json(json.loads(sys.argv[1]))\n"
        "check({'customer': 'A', 'stage': '見積', 'amount': '12万', 'kind': '新規'}, a, today=datetime.date(2026, 1, 1))\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'yaml', 'pydantic', 'difflib', 'typer', 'rich'}))\n"
    )
    import json

    plain = json.dumps(load_schema(TEXT, "schema.yaml").to_json())
    run = subprocess.run(
        [sys.executable, "-c", code, plain], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert run.stdout == "[]\n"


def test_what_is_blank_or_unknown_hides_nothing_behind_it(schema: Schema):
    """A blank cell, a name that no field has and a value that can't be read, each followed by one that can."""
    raw = {
        "memo": "",
        "wat": "x",
        "amount": "多い",
        "next_on": None,
        "customer": "A社",
        "stage": "見積",
        "kind": "部品",
    }
    values, problems = check(raw, schema, today=TODAY)
    assert values == {"customer": "A社", "stage": "quote", "kind": "parts", "activity": "visit"}
    assert [(p.where.field, p.needs.key) for p in problems] == [
        ("wat", "entry.unknown_field"),
        ("amount", "money.needs.yen"),
    ]
