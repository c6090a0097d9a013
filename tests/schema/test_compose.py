"""From what a team answers to a schema of its own."""

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.language import bind, say, t
from nippo_cli.schema.compose import compose
from nippo_cli.schema.load import SchemaRefused, load_schema
from nippo_cli.schema.questions import (
    RECORDABLE,
    SchemaAnswers,
    SchemaQuestion,
    StageAnswer,
    answered,
    questions,
    read_answer,
    step_questions,
)
from nippo_cli.schema.schema import Condition
from nippo_cli.schema.types import ValueRefused


@pytest.fixture(autouse=True, params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Both languages of the screen, which are those of the comments."""
    bind(request.param)
    return str(request.param)


def question(name: str, language: str) -> SchemaQuestion:
    """A question by its name."""
    return next(q for q in questions(language) if q.name == name)


def test_whoever_only_presses_enter_gets_a_sound_schema(language: str):
    """Every default is an answer, and the comments say how to go on."""
    found = {q.name: read_answer(q, "") for q in questions(language)}
    steps = found["steps"]
    assert isinstance(steps, tuple)
    found |= {q.name: read_answer(q, "") for q in step_questions(steps, language)}
    text = compose(answered(found, language), t)
    schema = load_schema(text, "schema.yaml")
    assert [s.label for s in schema.stages if not s.ends and not s.after] == list(steps)
    assert schema.language == language
    assert schema.stages[0].norm
    assert schema.stages[0].done_when
    assert "nippo schema check" in text
    assert text.startswith("# nippo")


def test_every_question_is_in_words(language: str):
    """And so is its help."""
    every = [*questions(language), *step_questions(["x"], language)]
    assert not [say(m) for q in every for m in (q.ask, q.help) if say(m).startswith("schema.ask")]


def test_what_was_answered_stands_in_the_schema():
    """Steps in their order with what the customer has done, norms, names, what to record, what to call things."""
    answers = SchemaAnswers(
        name="工具: 直販",
        sells="切削工具を\n町工場へ",
        steps=(StageAnswer("相談", "図面をくれた", 5), StageAnswer("試し削り"), StageAnswer("見積", norm=14)),
        after=(StageAnswer("追加注文"),),
        kinds=("新規", "再研磨"),
        activities=("訪問", "LINE"),
        record=("amount", "closes", "next_step", "lost_reason"),
        lost_reasons=("価格", "いつもの店"),
        called={"deal": "引き合い帳", "customer": "お得意様", "won": "成約", "lost": "お流れ"},
        fiscal_year_start=9,
    )
    text = compose(answers, t)
    schema = load_schema(text, "schema.yaml")
    assert "切削工具を 町工場へ" in text
    assert [(s.label, s.norm, s.done_when) for s in schema.stages[:3]] == [
        ("相談", 5, "図面をくれた"),
        ("試し削り", None, ""),
        ("見積", 14, ""),
    ]
    assert [(s.label, s.ends or s.after) for s in schema.stages[3:]] == [
        ("成約", "won"),
        ("お流れ", "lost"),
        ("追加注文", True),
    ]
    assert schema.name == "工具: 直販"
    assert schema.words == {"deal": "引き合い帳", "customer": "お得意様"}
    assert schema.by_role["deal"].label == "引き合い帳"
    assert {"訪問", "LINE"} == {a.label for a in schema.activities if a.contact}
    assert [c.label for c in schema.by_role["lost_reason"].choices] == ["価格", "いつもの店"]
    assert schema.by_role["amount"].required_when == (Condition(stage=("quote", "won")),)
    assert schema.by_role["next_on"].required_when == (Condition(stage=("相談", "試し削り", "quote")),)
    assert "confidence" not in schema.by_role
    assert schema.fiscal_year_start == 9


@pytest.mark.parametrize(
    "said", ["提案、見積→受注前", "提案,見積,受注前", "提案\n見積\n\n受注前\n", "提案、見積、提案、受注前"]
)
def test_several_things_are_parted_by_what_people_type(said: str, language: str):
    """Commas of either width, arrows, line ends; each once."""
    assert read_answer(question("steps", language), said) == ("提案", "見積", "受注前")


def test_a_dash_is_none(language: str):
    """An empty answer would be the default."""
    assert read_answer(question("after", language), "-") == ()
    assert read_answer(question("after", language), "") != ()


def test_a_pick_goes_by_key_label_or_number(language: str):
    """What is offered, and nothing else."""
    asked = question("record", language)
    first, second = asked.options[0][0], asked.options[1]
    assert read_answer(asked, f"1、{second[1]}、{second[0]}") == (first, second[0])
    with pytest.raises(ValueRefused):
        read_answer(asked, "99")


@pytest.mark.parametrize(("said", "read"), [("14", 14), ("１４日", 14), ("", None)])
def test_days_are_a_number_or_nothing(said: str, read: int | None, language: str):
    """Nothing means that the norm is learned."""
    asked = list(step_questions(["未知の段階"], language))[1]
    assert read_answer(asked, said) == read


@pytest.mark.parametrize("said", ["0", "すぐ", "-3", "99999"])
def test_days_are_nothing_else(said: str, language: str):
    """Refused with what is allowed."""
    with pytest.raises(ValueRefused):
        read_answer(list(step_questions(["未知の段階"], language))[1], said)


@pytest.mark.parametrize(
    ("steps", "after", "expected"),
    [
        ("引合い、受注、見積、失注", "見積、納入", (["引合い", "見積"], ["納入"])),
        ("Won, quote、見積", "-", (["quote", "見積"], [])),
        ("-", "-", (["引合い", "初回訪問"], [])),
    ],
)
def test_no_list_of_steps_costs_the_answers(steps: str, after: str, expected: tuple[list[str], list[str]]):
    """Whoever writes winning into the steps, or a step twice, has still answered a dozen questions."""
    asked = {q.name: q for q in questions("ja")}
    found = {"steps": read_answer(asked["steps"], steps), "after": read_answer(asked["after"], after)}
    schema = load_schema(compose(answered(found, "ja"), t), "schema.yaml")
    before = [s.label for s in schema.stages if not s.ends and not s.after]
    assert (before[:2], [s.label for s in schema.stages if s.after]) == expected


def test_a_deal_may_be_called_what_a_field_is_called():
    """The screen says it; the field keeps its own label."""
    found = {"called_deal": "活動", "called_customer": "フェーズ"}
    schema = load_schema(compose(answered(found, "ja"), t), "schema.yaml")
    assert schema.words == {"deal": "活動", "customer": "フェーズ"}
    assert schema.by_role["deal"].label == "案件"


def test_answers_that_contradict_themselves_are_told(language: str):
    """A step that is called what winning is called."""
    with pytest.raises(SchemaRefused):
        compose(
            SchemaAnswers(
                name="x", sells="", steps=(StageAnswer("a"), StageAnswer("A")), activities=("b",), language=language
            ),
            t,
        )


WORD = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


@given(
    name=WORD,
    sells=st.text(max_size=30),
    done=WORD,
    reason=WORD,
    record=st.lists(st.sampled_from(RECORDABLE), unique=True),
)
def test_whatever_is_typed_is_written_as_text(name: str, sells: str, done: str, reason: str, record: list[str]):
    """No answer can break the file or turn into something else."""
    answers = SchemaAnswers(
        name=name,
        sells=sells,
        steps=(StageAnswer("一", done, 3), StageAnswer("二")),
        activities=("訪問",),
        record=tuple(record),
        lost_reasons=(reason,),
        language="ja",
    )
    schema = load_schema(compose(answers, t), "schema.yaml")
    assert (schema.name, schema.stages[0].done_when) == (name, done)
    if "lost_reason" in record:
        assert schema.by_role["lost_reason"].choices[0].label == reason
