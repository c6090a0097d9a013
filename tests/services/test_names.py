"""Names as a person types them, found as they are stored."""

from pathlib import Path

import pytest
from diary import Diary

from nippo_cli.base.errors import Ambiguous, NotFound
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf
from nippo_cli.services.context.scope import customer_named


def test_a_customer_is_found_by_any_spelling_or_an_unambiguous_part(tmp_path: Path) -> None:
    """Width and case apart; several of a part, and none, are told."""
    diary = Diary(tmp_path / "j")
    for name in ("ABC商事", "ＡＢＣ商事", "東亜工業", "東亜電機"):
        diary.add(customer=name)
    with reading(diary.path) as reader:
        day = AsOf(diary.today)
        for said in ("ABC商事", "ＡＢＣ商事", "abc"):
            assert customer_named(reader, day, said) in {"ABC商事", "ＡＢＣ商事"}
            assert len(list(reader.log(day, customer=customer_named(reader, day, said)).entries)) == 2
        assert customer_named(reader, day, "電機") == "東亜電機"
        with pytest.raises(Ambiguous):
            customer_named(reader, day, "東亜")
        with pytest.raises(NotFound) as missed:
            customer_named(reader, day, "東亞工業")
        assert missed.value.hint is not None
        assert "東亜工業" in str(missed.value.hint.params)
