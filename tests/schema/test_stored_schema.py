"""The schema as the log stores it."""

import json

import pytest
from hypothesis import given, strategies as st
from schema_texts import agreed, with_lines

from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import (
    Activity,
    Choice,
    Closure,
    Condition,
    Currency,
    DayField,
    Field,
    Kind,
    Rank,
    Schema,
    Stage,
)
from nippo_cli.schema.templates import names, text_of

WORD = st.sampled_from(["a", "見積", " ", "\n", "A社", "0"])
SEVERAL = st.lists(WORD, max_size=1).map(tuple)
CONDITION = st.builds(Condition, SEVERAL, SEVERAL, SEVERAL)
DAYS = st.none() | st.integers(1, 400)
CHOICE = st.builds(Choice, WORD, WORD, SEVERAL)
STAGE = st.builds(
    Stage,
    key=WORD,
    label=WORD,
    ends=st.sampled_from([None, "won", "lost"]),
    after=st.booleans(),
    norm=DAYS,
    done_when=WORD | st.just(""),
    must=st.booleans(),
    must_when=st.none() | CONDITION.filter(lambda c: c != Condition()),
    may_return_to=SEVERAL,
    evidence=SEVERAL,
    was=SEVERAL,
)
FIELD = st.builds(
    Field,
    key=WORD,
    label=WORD,
    type=st.sampled_from(["text", "choice", "money"]),
    role=st.sampled_from([None, "facts", "amount"]),
    required=st.booleans(),
    required_when=st.lists(CONDITION, max_size=2).map(tuple),
    default=st.none() | WORD,
    least=st.none() | st.integers(0, 9),
    most=st.none() | st.integers(0, 9),
    coarse=st.booleans(),
    help=WORD | st.just(""),
    choices=st.lists(CHOICE, max_size=2).map(tuple),
    was=SEVERAL,
)
AGREEMENT = st.builds(
    Schema,
    name=WORD,
    language=st.sampled_from(["ja", "en"]),
    stages=st.lists(STAGE, min_size=1, max_size=2).map(tuple),
    fields=st.lists(FIELD, min_size=1, max_size=2).map(tuple),
    kinds=st.lists(
        st.builds(
            Kind,
            WORD,
            WORD,
            st.booleans(),
            st.dictionaries(WORD, st.integers(1, 90), max_size=2),
            st.integers(1, 90),
            st.none() | st.integers(1, 240),
            SEVERAL,
        ),
        max_size=2,
    ).map(tuple),
    activities=st.lists(st.builds(Activity, WORD, WORD, st.booleans(), SEVERAL), max_size=2).map(tuple),
    ranks=st.lists(st.builds(Rank, WORD, WORD, WORD, st.none() | st.floats(0, 1), SEVERAL), max_size=2).map(tuple),
    causes=st.lists(CHOICE, max_size=2).map(tuple),
    currency=st.sampled_from([Currency(), Currency("USD", 2), Currency("USD", 0)]),
    fiscal_year_start=st.integers(1, 12),
    grace=st.integers(0, 5),
    quiet=DAYS,
    slip=DAYS,
    review_over=st.none() | st.integers(0, 10**9),
    closures=st.lists(st.builds(Closure, WORD, WORD, WORD), max_size=2).map(tuple),
    words=st.dictionaries(WORD, WORD, max_size=2),
    former=st.dictionaries(WORD, WORD, max_size=2),
    relabelled=st.dictionaries(WORD, WORD, max_size=2),
    hopeful=SEVERAL,
    day_fields=st.lists(
        st.builds(
            DayField,
            WORD,
            WORD,
            st.sampled_from(["text", "choice"]),
            st.sampled_from([None, "remarks", "plan"]),
            DAYS,
            DAYS,
            WORD,
            st.lists(CHOICE, max_size=2).map(tuple),
            SEVERAL,
        ),
        max_size=2,
    ).map(tuple),
)


@given(AGREEMENT)
def test_an_agreement_comes_back_from_its_json(schema: Schema):
    """What the log keeps is the whole of it."""
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema


@pytest.mark.parametrize("name", names())
def test_every_template_comes_back_from_its_json(name: str):
    """With all that a real file holds."""
    schema = load_schema(text_of(name), name)
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema


def test_a_label_goes_by_key_or_former_key():
    """A choice that is gone stands for itself."""
    schema = agreed(with_lines("").replace("label: 見積, norm", "label: 見積, was: estimate, norm"))
    stage = schema.by_role["stage"]
    assert [schema.label(stage, key) for key in ("quote", "estimate", "gone")] == ["見積", "見積", "gone"]
    assert schema.stage_label("estimate") == "見積"
