"""Which promised deals had gone quiet by the eve of a month, as was known then."""

from contextlib import closing
from datetime import date

from diary import Diary

from nippo_cli.base.dates import month_number
from nippo_cli.journal.facts.eves import fizzled_on_eves
from nippo_cli.line.promised import Promised


def test_a_deal_was_quiet_before_another_was_merged_into_it(diary: Diary):
    """Begun on 5 January and not heard of since; the other, heard of on the 30th, became a part of it on 10 February: on the
    31st the one was quiet for more than ten days, and the other not."""
    quiet, _ = diary.deal("静かな案件")
    other, _ = diary.deal("別の案件")
    diary.today = date(2026, 1, 30)
    diary.add(other, facts="電話")
    diary.today = date(2026, 2, 10)
    with diary.write() as writer:
        writer.merge(other, quiet)
    month = month_number(date(2026, 2, 1))
    promised = {month: [Promised(deal, None, "A", "佐藤") for deal in (quiet, other)]}
    with closing(diary.open()) as cx:
        assert fizzled_on_eves(cx, promised, {month: 10}) == {month: frozenset({quiet})}
