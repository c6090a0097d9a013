"""Rules go by keys: whatever a label becomes, each rule asks what it asked."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from yaml.nodes import Node

from nippo_cli.schema.compose import compose
from nippo_cli.schema.former import with_past
from nippo_cli.schema.load import check_text, load_schema
from nippo_cli.schema.parts import Condition
from nippo_cli.schema.questions import answered, trades
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.stage_edit import terms_of, with_terms
from nippo_cli.schema.templates import names, text_of
from nippo_cli.schema.types import Reading, reader_for
from nippo_cli.schema.yaml_edit import YamlEdit, items_of, value_of

EVERY = [(name, language) for language in ("ja", "en") for name in names()]
# As schemas were written before rules went by keys: every rule names labels.
BY_LABELS = """nippo: 1
name: x
language: ja
stages:
  - {key: talk, label: 相談, must_when: {kind: 新規}}
  - {key: quote, label: 見積, may_return_to: [相談], evidence: [金額]}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
kinds:
  - {key: new, label: 新規}
  - {key: more, label: 追加, norms: {相談: 9}}
activities:
  - {key: visit, label: 訪問, ball: 営業}
  - {key: call, label: 電話}
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: kind, label: 種別, type: choice, role: kind}
  - {key: activity, label: 活動, type: choice, role: activity, default: 訪問}
  - {key: amount, label: 金額, type: money, role: amount, required_when: [{stage: [見積, 受注]}, {activity: 訪問, kind: 追加}]}
  - {key: ball, label: ボール, type: choice, role: ball, choices: [{key: us, label: 営業, ours: true}, {key: them, label: 先方}]}
  - {key: size, label: 規模, type: choice, default: 大, choices: [{key: big, label: 大}, {key: small, label: 小}]}
"""
LABELS = (
    "相談",
    "見積",
    "受注",
    "失注",
    "新規",
    "追加",
    "訪問",
    "電話",
    "金額",
    "大",
    "小",
    "営業",
    "先方",
    "顧客",
    "規模",
)


def rules(schema: Schema) -> tuple[Any, dict[str, object]]:
    """What a schema says, without its labels and what they were; and what each default comes to."""
    reading = Reading(date(2026, 11, 23), schema)
    defaults = {field.key: reader_for(field, reading).read(field.default) for field in schema.fields if field.default}
    return _without_labels(schema.to_json()), defaults


def _without_labels(part: Any) -> Any:
    if isinstance(part, dict):
        words = ("label", "relabelled", "former", "default")
        return {key: _without_labels(value) for key, value in part.items() if key not in words}
    return [_without_labels(one) for one in part] if isinstance(part, list) else part


def labels(edit: YamlEdit) -> Iterator[Node]:
    """Where a text says a label."""
    for name in ("stages", "kinds", "activities", "confidence", "causes", "fields", "day_fields"):
        for item in items_of(value_of(edit.root, name)):
            for named in (item, *items_of(value_of(item, "choices"))):
                if (label := value_of(named, "label")) is not None:
                    yield label


def relabelled(text: str) -> str:
    """The text with another word for every label."""
    edit, number = YamlEdit(text), count(1)
    for label in labels(edit):
        edit.replace(label, f"名{next(number)}")
    return edit.text


def said(text: str, old: str, new: str) -> str:
    """The text with one label in other words, and every rule as it stands."""
    assert text.count(f"label: {old}") == 1
    return text.replace(f"label: {old}", f"label: {new}")


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_template_asks_the_same_whatever_its_labels_become(name: str, language: str):
    """Each stage, kind, activity, rank, cause, choice and field has a label beside its key; no rule names one."""
    text = text_of(name, language)
    before, after = load_schema(text, name), load_schema(relabelled(text), name)
    assert rules(after) == rules(before)
    named = [*before.stages, *before.kinds, *before.activities, *before.causes, *before.fields]
    named += [choice for field in before.fields for choice in field.choices]
    assert len(list(labels(YamlEdit(text)))) == len(named) + len(before.ranks) + len(before.day_fields)


@pytest.mark.parametrize("trade", trades("ja"))
def test_a_schema_from_a_teams_answers_asks_the_same_whatever_its_labels_become(trade: str):
    """The steps that the team added and what it calls won and lost among them."""
    steps = "紹介、相談、現地調査、契約、据付"
    text = compose(text_of(trade), answered({"trade": trade, "steps": steps, "called": "件、客、契約、流れ"}, "ja"), "")
    assert rules(load_schema(relabelled(text), trade)) == rules(load_schema(text, trade))


def test_one_step_changed_is_named_by_its_key():
    """So the step may be called otherwise afterwards."""
    text = text_of("default")
    schema = load_schema(text, "x")
    terms = terms_of(schema, "hearing")
    text = with_terms(text, schema, "hearing", terms._replace(required=terms.required | {"amount", "competitor"}))
    assert "required_when: {stage: [hearing, quote, approval, verbal, won]}" in text
    assert "required_when: {stage: hearing}" in text
    assert rules(load_schema(relabelled(text), "x")) == rules(load_schema(text, "x"))


@pytest.mark.parametrize("label", LABELS)
def test_a_rule_by_a_label_that_was_renamed_means_what_it_meant(label: str):
    """The agreement in force says what the word was for; a rule that is not its business is as it was."""
    before = load_schema(BY_LABELS, "x")
    after = load_schema(said(BY_LABELS, label, "別の名"), "x", before)
    assert rules(after) == rules(before)


def test_a_label_renamed_twice_is_still_known():
    """Each agreement knows what those before it called its parts; whatever is typed by an old word is understood."""
    first = load_schema(BY_LABELS, "x")
    text = BY_LABELS
    schema = first
    for old, new in (("見積", "お見積"), ("お見積", "御見積"), ("訪問", "往訪"), ("往訪", "訪店"), ("追加", "増設")):
        text = said(text, old, new)
        schema = load_schema(text, "x", schema)
        # As the log keeps it.
        schema = Schema.from_json(schema.to_json())
    assert rules(schema) == rules(first)
    assert schema.relabelled == {
        "stages/見積": "quote", "stages/お見積": "quote", "activities/訪問": "visit", "activities/往訪": "visit", "kinds/追加": "more",
    }  # fmt: skip
    assert schema.earlier_labels(schema.by_role["stage"]) == {"見積": "quote", "お見積": "quote"}


def test_a_label_renamed_together_with_its_key_is_known_by_was():
    """`was:` maps the key, and the label that it had then goes on to the new one."""
    before = load_schema(BY_LABELS, "x")
    text = BY_LABELS.replace("{key: quote, label: 見積,", "{key: offer, label: 提示, was: quote,")
    after = load_schema(text, "x", before)
    assert after.by_role["amount"].required_when[0] == Condition(stage=("offer", "won"))
    assert after.relabelled == {"stages/見積": "offer"}


def test_a_word_that_stands_for_another_now_means_that():
    """Two labels swapped are swapped in the rules that name them: the file says what it says."""
    before = load_schema(BY_LABELS, "x")
    text = said(said(said(BY_LABELS, "相談", "？"), "見積", "相談"), "？", "見積")
    after = load_schema(text, "x", before)
    assert after.by_role["amount"].required_when[0] == Condition(stage=("talk", "won"))
    assert after.relabelled == {}


def test_a_word_that_nobody_ever_knew_is_refused_and_so_is_one_of_what_is_gone():
    """A rule that names a stage which is no more asks nothing of anybody: somebody has to say what it should ask."""
    before = load_schema(BY_LABELS, "x")
    problems = check_text(BY_LABELS.replace("stage: [見積, 受注]", "stage: [見積り, 受注]"), "x", before)[1]
    assert [(p.where.line, p.said) for p in problems] == [(21, "見積り")]
    gone = BY_LABELS.replace("  - {key: quote, label: 見積, may_return_to: [相談], evidence: [金額]}\n", "")
    assert [p.said for p in check_text(gone, "x", before)[1]] == ["見積"]
    # Without an agreement in force nothing is known of what was.
    assert check_text(said(BY_LABELS, "見積", "お見積"), "x")[1][0].said == "見積"


def test_what_is_gone_keeps_its_label_and_what_has_another_its_key():
    """A choice of a field whose key became another, one that was dropped, one that was called otherwise."""
    before = load_schema(BY_LABELS, "x")
    text = BY_LABELS.replace("{key: size, label: 規模,", "{key: scale, label: 大きさ, was: size,").replace(
        "choices: [{key: big, label: 大}, {key: small, label: 小}]", "choices: [{key: big, label: 特大}]"
    )
    after = with_past(before, load_schema(text.replace("default: 大,", ""), "x"))
    assert after.former == {"size/small": "小"}
    assert after.relabelled == {"scale/大": "big", "fields/規模": "scale"}
    # Known already from the file, it comes to the same.
    assert with_past(before, after) == after
