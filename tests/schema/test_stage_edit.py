"""One step of a schema, changed in its own text."""

import difflib

import pytest

from nippo_cli.base.errors import UsageError
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.parts import Condition
from nippo_cli.schema.stage_edit import StageTerms, askable, terms_of, with_terms
from nippo_cli.schema.templates import names, text_of

BLOCK = """nippo: 1
name: x
language: ja
stages:
  - key: a
    label: 相談   # 最初
    norm: 5
  - b
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts, required: true}
  - key: amount
    label: 金額
    type: money
    role: amount
    required_when:
      - stage: [b]
      - stage: [受注]
    least: 0
  - {key: closes, label: 予定, type: date, role: closes}
"""


def edited(text: str, key: str, **terms: object) -> str:
    """The text with one stage's terms changed."""
    schema = load_schema(text, "schema.yaml")
    return with_terms(text, schema, key, terms_of(schema, key)._replace(**terms))  # type: ignore[arg-type]


def changed(before: str, after: str) -> list[str]:
    """The lines that went and those that came."""
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [row for row in rows if row[:1] in "+-" and row[:3] not in ("---", "+++")]


def test_only_the_lines_of_the_step_change():
    """Its norm, its end, and where it is asked for; comments stay."""
    new = edited(BLOCK, "a", norm=9, done_when="図面: をくれた", required=frozenset({"amount", "closes"}))
    assert changed(BLOCK, new) == [
        "-    norm: 5",
        "+    norm: 9",
        '+    done_when: "図面: をくれた"',
        "-      - stage: [b]",
        "+      - stage: [a, b]",
        "-  - {key: closes, label: 予定, type: date, role: closes}",
        "+  - {key: closes, label: 予定, type: date, role: closes, required_when: {stage: a}}",
    ]


def test_a_step_of_one_word_becomes_a_whole_one():
    """`- b` has room for nothing else."""
    assert "  - {key: b, label: b, norm: 3}\n" in edited(BLOCK, "b", norm=3)


def test_what_is_no_longer_asked_for_goes():
    """The condition, and the key with the last of them."""
    without = edited(BLOCK, "b", required=frozenset())
    assert load_schema(without, "x").by_role["amount"].required_when == (Condition(stage=("won",)),)
    assert "required_when" not in edited(without, "won", required=frozenset())
    assert "    norm" not in edited(BLOCK, "a", norm=None)


IN_LINES = BLOCK.replace(
    "    norm: 5\n  - b\n",
    "    done_when: |\n      図面を\n      くれた\n  - b\n  - {key: c, label: 検討, norm: 3}\n",
)


@pytest.mark.parametrize("style", ["|", ">", "|-", "|+", ">-"])
@pytest.mark.parametrize("blank", ["", "\n", "\n  # 次から\n"])
def test_a_text_over_several_lines_ends_with_its_own_last(style: str, blank: str):
    """The step below it stays as it is, whatever becomes of the text or stands behind it."""
    text = IN_LINES.replace("done_when: |", f"done_when: {style}").replace("くれた\n", f"くれた\n{blank}")
    for terms in ({"done_when": "新しい"}, {"norm": 9}, {"done_when": ""}, {"done_when": "", "norm": 9}):
        before, after = load_schema(text, "x"), load_schema(edited(text, "a", **terms), "x")
        wanted, became = terms_of(before, "a")._replace(**terms), terms_of(after, "a")
        assert became._replace(done_when=became.done_when.rstrip()) == wanted._replace(
            done_when=wanted.done_when.rstrip()
        )
        assert [s for s in after.stages if s.key != "a"] == [s for s in before.stages if s.key != "a"]


def test_a_key_without_a_value_gets_one():
    """`norm:` alone is nothing said."""
    assert "    norm: 9   # 最初\n" in edited(BLOCK.replace("norm: 5", "norm:   # 最初"), "a", norm=9)


def test_what_would_change_another_step_is_refused(monkeypatch: pytest.MonkeyPatch):
    """Whatever a text is like that nobody thought of: nothing is written."""
    other = BLOCK.replace("  - b\n", "  - {key: b, label: b, norm: 7}\n")
    monkeypatch.setattr("nippo_cli.schema.stage_edit.YamlEdit.text", other)
    with pytest.raises(UsageError, match=r"schema\.by_hand"):
        edited(BLOCK, "a", norm=5, done_when="x")


def test_a_condition_of_a_kind_stays():
    """It is no term of the step: neither counted nor taken away."""
    text = BLOCK.replace("      - stage: [b]\n", "      - {stage: [b], kind: 新規}\n      - stage: [b]\n").replace(
        "fields:\n", "kinds:\n  - {key: 新規, label: 新規}\nfields:\n"
    )
    text = text.replace("fields:\n", "fields:\n  - {key: kind, label: 種別, type: choice, role: kind}\n")
    before = Condition(stage=("b",), kind=("新規",))
    assert before in load_schema(text, "x").by_role["amount"].required_when
    without = edited(text, "b", required=frozenset())
    assert load_schema(without, "x").by_role["amount"].required_when == (before, Condition(stage=("won",)))
    assert terms_of(load_schema(without, "x"), "b").required == frozenset()


@pytest.mark.parametrize(("name", "language"), [(n, lang) for n in names() for lang in ("ja", "en")])
def test_steps_of_every_template_can_be_changed_and_changed_back(name: str, language: str):
    """The first, the last before the order, and losing: asking for all that can be asked for, then for what it asked for."""
    text = text_of(name, language)
    schema = load_schema(text, name)
    every = frozenset(field.key for field in askable(schema))
    steps = [stage for stage in schema.stages if not stage.after]
    for stage in (steps[0], steps[-3], steps[-1]):
        terms, wanted = terms_of(schema, stage.key), StageTerms("済んだ", None if stage.ends else 12, every)
        new = with_terms(text, schema, stage.key, wanted)
        assert terms_of(load_schema(new, name), stage.key) == wanted
        again = load_schema(with_terms(new, load_schema(new, name), stage.key, terms), name)
        assert again.stages == schema.stages
        for field in askable(schema):
            asked = {(s, c.kind) for c in field.required_when for s in c.stage}
            assert {(s, c.kind) for c in again.by_key[field.key].required_when for s in c.stage} == asked


def test_nothing_changed_is_the_same_text():
    """Letter for letter."""
    assert edited(BLOCK, "a") == BLOCK


def test_a_text_that_the_pure_loader_alone_refuses_is_changed_too():
    """`確認?` in braces: it is read as a schema, and so it is changed like any."""
    text = BLOCK.replace("  - b\n", "  - {key: b, label: 確認?}\n")
    assert changed(text, edited(text, "a", norm=9)) == ["-    norm: 5", "+    norm: 9"]
