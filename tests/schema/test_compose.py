"""From what a team answers to a schema of its own."""

import pytest
from hypothesis import example, given, strategies as st

from nippo_cli.base.language import bind, say, t
from nippo_cli.schema.compose import compose
from nippo_cli.schema.load import SchemaRefused, load_schema
from nippo_cli.schema.parts import Condition
from nippo_cli.schema.questions import SchemaQuestion, answered, questions, read_answer, trades
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.templates import text_of
from nippo_cli.schema.types import ValueRefused

EVERY = [(trade, language) for language in ("ja", "en") for trade in trades(language)]


def written(trade: str = "default", language: str = "ja", **said: str) -> str:
    """The text that answers make; every question that is left out was answered by Enter."""
    return compose(text_of(trade, language), answered({"trade": trade, **said}, language), "売るもの：")


def composed(trade: str = "default", **said: str) -> Schema:
    """What that text says."""
    return load_schema(written(trade, **said), "schema.yaml")


def question(name: str, language: str = "ja") -> SchemaQuestion:
    """A question by its name."""
    return next(q for q in questions("default", language, author="佐藤") if q.name == name)


@pytest.mark.parametrize(("trade", "language"), EVERY)
def test_whoever_only_presses_enter_has_the_standard_of_the_trade(trade: str, language: str):
    """Letter for letter, comments and all: source, reasons for delay, the customer's words, `must` and the rest."""
    assert written(trade, language) == text_of(trade, language)


@pytest.mark.parametrize(("trade", "language"), EVERY)
def test_six_questions_at_most_each_in_words(trade: str, language: str):
    """And each with its help and its short name."""
    bind(language)
    asked = questions(trade, language, author="佐藤")
    assert len(asked) <= 6
    assert [q.name for q in asked] == ["trade", "sells", "steps", "author", "fiscal_year_start", "called"]
    keys = [key for q in asked for key in (say(q.ask), say(q.help), t(f"schema.ask.{q.name}.label"))]
    assert not [key for key in keys if key.startswith("schema.ask")]


def test_a_list_as_it_was_edited():
    """A step added, one dropped, one before the first: what is said of the others stays, and the new ones are asked what their
    neighbours are asked."""
    steps = "紹介、引合、ヒアリング、現地調査、デモ・サンプル評価、提案、見積、社内決裁、受注、納入・検収、追加提案"
    text = written(steps=steps)
    schema, standard = load_schema(text, "schema.yaml"), load_schema(text_of("default"), "schema.yaml")
    assert [s.label for s in schema.stages if not s.ends] == [s for s in steps.split("、") if s != "受注"]
    assert schema.stage_by_key["quote"] == standard.stage_by_key["quote"]
    assert schema.stage_by_key["現地調査"].norm is None
    assert schema.by_role["kind"].required_when == (Condition(stage=("紹介", "inquiry")),)
    every = ("紹介", "inquiry", "hearing", "現地調査", "demo", "proposal", "quote", "approval")
    assert schema.by_role["next_on"].required_when == (Condition(stage=every),)
    assert schema.by_role["closes"].required_when == (Condition(stage=("proposal", "quote", "approval")),)
    assert schema.kind_by_key["renewal"].norms == standard.kind_by_key["renewal"].norms
    kept = [line for line in text_of("default").splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == kept


def test_steps_of_ones_own_are_asked_by_where_they_stand():
    """No step of the template is left: the first, all, and the last third ask for what its steps asked for."""
    schema = composed(steps="相談、試し削り、見積り合わせ、成約、追加注文", called="案件、お得意様、成約、お流れ")
    assert [(s.label, s.ends or s.after) for s in schema.stages] == [
        ("相談", False),
        ("試し削り", False),
        ("見積り合わせ", False),
        ("成約", "won"),
        ("お流れ", "lost"),
        ("追加注文", True),
    ]
    asked = {field.role: field.required_when for field in schema.fields}
    assert asked["kind"] == (Condition(stage=("相談",)),)
    assert asked["next_step"] == (Condition(stage=("相談", "試し削り", "見積り合わせ")),)
    assert asked["closes"] == (Condition(stage=("見積り合わせ",)),)
    assert asked["amount"] == (Condition(stage=("見積り合わせ", "won")),)
    assert asked["lost_reason"] == (Condition(stage=("lost",)),)


@pytest.mark.parametrize(("trade", "language"), EVERY)
def test_every_trade_takes_every_answer(trade: str, language: str):
    """Steps of one's own, other words, another year: a sound schema that says them."""
    said = {"steps": "一、二、三、四、won、五", "called": "話、相手、勝ち、負け", "fiscal_year_start": "９月"}
    schema = load_schema(written(trade, language, sells="工具を\n町工場へ: 直販", **said), "schema.yaml")
    assert [s.label for s in schema.stages] == ["一", "二", "三", "四", "勝ち", "負け", "五"]
    assert (schema.by_role["deal"].label, schema.by_role["customer"].label) == ("話", "相手")
    assert [schema.words[word] for word in ("deal", "customer", "won", "lost")] == ["話", "相手", "勝ち", "負け"]
    assert schema.fiscal_year_start == 9
    assert "# 売るもの： 工具を 町工場へ: 直販" in written(trade, language, sells="工具を\n町工場へ: 直販", **said)


@pytest.mark.parametrize(
    ("steps", "before", "after"),
    [
        ("引合、受注、見積、失注", ["引合"], ["見積"]),
        ("引合、quote、見積", ["引合", "見積"], []),
        ("引合、見積、フォロー", ["引合", "見積"], ["フォロー"]),
        ("フォロー、受注、引合", ["フォロー"], ["引合"]),
        ("引合、社内決裁、受注", ["引合", "社内決裁"], []),
    ],
)
def test_the_order_parts_the_steps(steps: str, before: list[str], after: list[str]):
    """A step twice, by key and by label, is one; where no order is named, what followed it in the template still does."""
    schema = composed(steps=steps)
    assert [s.label for s in schema.stages if not s.ends and not s.after] == before
    assert [s.label for s in schema.stages if s.after] == after
    assert all(not set(s.may_return_to) - {b.key for b in schema.stages} for s in schema.stages)


@pytest.mark.parametrize(
    "said", ["提案、見積→受注前", "提案,見積,受注前", "提案\n見積\n\n受注前\n", "提案、見積、提案、受注前"]
)
def test_several_parts_are_read_as_people_type_them(said: str):
    """Commas of either width, arrows, line ends; each once."""
    assert read_answer(question("steps"), said) == ("提案", "見積", "受注前")


@pytest.mark.parametrize(
    ("name", "said"),
    [("trade", "99"), ("fiscal_year_start", "13"), ("fiscal_year_start", "春"), ("called", "案件、顧客"),
     ("called", "案件、顧客、受注、受注"), ("steps", "、")],
)  # fmt: skip
def test_what_can_not_be_read_is_refused(name: str, said: str):
    """With what is allowed, so that it can be asked again."""
    with pytest.raises(ValueRefused):
        read_answer(question(name), said)


def test_a_deal_may_be_called_what_a_field_is_called():
    """The screen says it; the field keeps its own label."""
    schema = composed(called="活動、フェーズ、受注、失注")
    assert schema.words == {"deal": "活動", "customer": "フェーズ"}
    assert schema.by_role["deal"].label == "案件"


def test_ends_that_contradict_a_step_are_told():
    """Losing by the key of a step that is there."""
    with pytest.raises(SchemaRefused):
        composed(called="案件、顧客、quote、hearing", steps="引合、見積、ヒアリング、won、フォロー")


WORD = (
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="、，,→▸>"),
        min_size=1,
        max_size=12,
    )
    .map(str.strip)
    .filter(bool)
)


@given(sells=st.text(max_size=30), deal=WORD, step=WORD)
@example(sells="", deal="0", step="0?")
def test_whatever_is_typed_is_written_as_text(sells: str, deal: str, step: str):
    """No answer can break the file or turn into something else."""
    said = {
        "trade": "minimal",
        "sells": sells,
        "called": f"{deal}、顧客、受注、失注",
        "steps": f"引合、{step}、見積、受注",
    }
    try:
        text = compose(text_of("minimal"), answered(said, "ja"), "売るもの：")
    except (SchemaRefused, ValueRefused):
        # What a name may not be says the schema's own check.
        return
    schema = load_schema(text, "schema.yaml")
    assert schema.words.get("deal", "案件") == deal
    assert len([s for s in schema.stages if not s.ends and not s.after]) in (2, 3)
