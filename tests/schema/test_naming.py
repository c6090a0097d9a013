"""Which of several fields a person names."""

import pytest

from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.templates import text_of
from nippo_cli.schema.types import ValueRefused, picked


@pytest.fixture(scope="module")
def schema() -> Schema:
    """The agreement that nippo ships."""
    return load_schema(text_of("default"), "schema.yaml")


@pytest.mark.parametrize(
    ("said", "found"),
    [("2", ("amount", "")), ("２　150万", ("amount", "150万")), ("金額", ("amount", "")), ("金額：150万", ("amount", "150万")),
     ("競合 A社 B社", ("competitor", "A社 B社")), ("確", ("confidence", ""))],
)  # fmt: skip
def test_a_field_is_named_by_its_place_or_its_name(schema, said, found):
    """And its value may follow at once."""
    stands = [schema.by_role[role] for role in ("stage", "amount", "closes", "confidence")]
    assert picked(stands, schema.fields, said) == found


@pytest.mark.parametrize("said", ["9", "天気", "受注"])
def test_a_name_that_fits_no_field_is_refused(schema, said):
    """A number beyond the list, an unknown name; a part of one name alone is that one."""
    stands = [schema.by_role[role] for role in ("stage", "amount", "closes", "confidence")]
    if said == "受注":
        assert picked(stands, schema.fields, said) == ("closes", "")
        return
    with pytest.raises(ValueRefused) as refused:
        picked(stands, schema.fields, said)
    assert refused.value.needs.params["n"] == len(stands)
