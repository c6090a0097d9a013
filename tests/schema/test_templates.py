"""The agreements to begin with."""

import re
from pathlib import Path

import pytest

from nippo_cli.base.errors import NotFound
from nippo_cli.line.checked_entry import check
from nippo_cli.schema.load import check_text, load_schema
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.templates import names, text_of

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
TOP = Path(__file__).parents[2] / "schema.yaml"


def test_the_default_is_the_schema_at_the_top_of_the_project():
    """A copy that a build made must not be stale: `python hatch_build.py` makes it anew."""
    assert names()[0] == "default"
    assert text_of("default") == TOP.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", names())
def test_every_template_is_sound_and_explains_itself(name: str, language: str):
    """It has no problem, and comments that say how to change it."""
    text = text_of(name, language)
    assert check_text(text, name)[1] == []
    assert text.startswith("# nippo ")
    assert "nippo schema" in text


@pytest.mark.parametrize("name", names())
def test_a_template_is_in_the_language_asked_for(name: str):
    """No Japanese letter in an English one, and each asks for the same at the same time as its Japanese twin."""
    english = text_of(name, "en")
    assert not [line for line in english.splitlines() if JAPANESE.search(line)]
    assert load_schema(english, name).language == "en"
    if name != "english":
        twins = [load_schema(text_of(name, language), name) for language in ("ja", "en")]
        assert shape(twins[0]) == shape(twins[1])


def shape(schema: Schema) -> object:
    """What a schema says without its words."""
    places = {stage.key: at for at, stage in enumerate(schema.stages)}
    stages = [
        (s.ends, s.after, s.norm, s.must, s.evidence, [places[k] for k in s.may_return_to]) for s in schema.stages
    ]
    fields = [
        (f.key, f.type, f.role, f.required, f.coarse, f.least, f.most, len(f.choices), bool(f.help),
         [([places[k] for k in c.stage], len(c.activity), len(c.kind)) for c in f.required_when])
        for f in schema.fields
    ]  # fmt: skip
    kinds = [(k.key, k.stalls, k.invoice_within, sorted(k.norms.values())) for k in schema.kinds]
    rest = (schema.currency, schema.fiscal_year_start, schema.grace, schema.quiet, len(schema.causes))
    return (
        stages,
        fields,
        kinds,
        [(r.key, r.chance) for r in schema.ranks],
        rest,
        [a.contact for a in schema.activities],
    )


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", names())
def test_no_line_of_a_template_is_tangled(name: str, language: str):
    """Editors on Windows and elsewhere show the same."""
    text = text_of(name, language)
    assert "\t" not in text
    assert "\r" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_an_unknown_template_is_not_found():
    """Nor is a path taken for one."""
    for said in ("none", "../default", ""):
        with pytest.raises(NotFound):
            text_of(said)


@pytest.fixture(scope="module")
def default() -> Schema:
    """The default agreement."""
    return load_schema(text_of("default"), "schema.yaml")


def test_the_default_sells_what_a_maker_of_production_goods_sells(default: Schema):
    """The steps from the first lead to the order, and those after it."""
    labels = {
        end: [s.label for s in default.stages if (s.ends or s.after or "open") == end]
        for end in ("open", "won", "lost", True)
    }
    assert labels["open"] == [
        "引合",
        "初回訪問",
        "ヒアリング",
        "デモ・サンプル評価",
        "提案",
        "見積",
        "社内決裁",
        "内示",
    ]
    assert (labels["won"], labels["lost"]) == (["受注"], ["失注"])
    assert labels[True] == ["納入・検収", "フォロー", "追加提案"]
    assert all(s.norm and s.done_when for s in default.stages if not s.ends)


def test_the_default_knows_the_words_of_the_trade(default: Schema):
    """Kinds and what differs, activities, ranks with a meaning, reasons and causes."""
    assert [k.label for k in default.kinds] == ["新規", "更新", "部品・消耗品"]
    assert default.kind_by_key["renewal"].norms["approval"] == 60
    assert default.kind_by_key["parts"].stalls is False
    assert {"訪問", "電話", "メール", "Web会議", "デモ", "見積提出"} <= {
        a.label for a in default.activities if a.contact
    }
    assert "社内" in {a.label for a in default.activities if not a.contact}
    assert all(r.meaning and r.chance for r in default.ranks)
    reasons = {c.label for c in default.by_role["lost_reason"].choices}
    assert {"価格", "競合", "機能", "納期", "予算化見送り", "計画凍結", "内製化", "当方辞退"} <= reasons
    assert default.causes
    assert (default.currency.code, default.currency.digits, default.fiscal_year_start) == ("JPY", 0, 4)
    assert {"お盆", "年末年始", "ゴールデンウィーク"} == {c.name for c in default.closures}


def test_the_default_binds_every_role_that_a_line_is_judged_by(default: Schema):
    """So that no gap is blind to a team that never opens the file."""
    assert {
        "customer", "deal", "kind", "activity", "stage", "facts", "impression", "amount", "closes", "confidence",
        "competitor", "next_step", "next_on", "lost_reason", "people", "companions", "source", "customer_words",
        "own_view", "accepts", "push_reason", "ball",
    } == set(default.by_role)  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "asked"),
    [
        ({"activity": "社内", "facts": "会議"}, []),
        ({"activity": "電話", "facts": "近況"}, ["customer"]),
        ({"activity": "電話", "customer": "A社", "facts": "近況"}, []),
        (
            {"activity": "メール", "customer": "A社", "facts": "依頼", "stage": "引合", "kind": "新規"},
            ["source", "next_step", "next_on"],
        ),
        (
            {"activity": "メール", "customer": "A社", "facts": "依頼", "stage": "引合", "kind": "部品・消耗品"},
            ["next_step", "next_on"],
        ),
        ({"activity": "訪問", "customer": "A社", "facts": "断られた", "stage": "失注"}, ["people", "lost_reason"]),
        ({}, ["activity", "facts"]),
    ],
)
def test_the_default_asks_only_what_a_step_needs(default: Schema, raw: dict[str, object], asked: list[str]):
    """A call to a known customer needs nothing but what was said."""
    from datetime import date

    problems = check(raw, default, today=date(2026, 11, 23))[1]
    assert [p.where.field for p in problems] == asked
