"""What a table of deals reads of each is what the whole of each says, on every day, and as each day was known."""

import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from diary import Diary
from hypothesis import example, given, settings, strategies as st
from story import Story, back, step, values

from nippo_cli.journal.read.reader import JournalReader
from nippo_cli.line.facts import AsOf, ListedDeal
from nippo_cli.results.deal_status import row_of
from nippo_cli.services.context.deal_status import StatusJudge

# What later steps touch is begun first.
BEGUN = st.lists(st.tuples(st.just("begin"), values, back), min_size=2, max_size=4)
STEPS = st.builds(list.__add__, BEGUN, st.lists(step, max_size=12))
LONG_SILENT = [("begin", {"stage": "quote", "amount": 1, "activity": "call", "facts": "見積"}, 0), ("day", 200)]


@settings(max_examples=25, deadline=None)
@given(STEPS)
@example([*LONG_SILENT, ("add", 0, {"facts": "値引"}, 0)])
def test_a_row_of_a_table_says_what_the_whole_deal_says(steps: list[tuple[Any, ...]]) -> None:
    """The day itself, and days before it of which all, or as much as was known then, is asked; live deals alone, and all."""
    with tempfile.TemporaryDirectory() as folder:
        diary = Diary(Path(folder) / "j")
        story = Story(diary)
        for what, *said in steps:
            story.tell(what, *said)
        with closing(diary.open()) as cx:
            reader = JournalReader(cx)
            for age in (0, 3, 40):
                for known in (False, True):
                    as_of = AsOf(diary.today - timedelta(days=age), known=known)
                    for live in (True, None):
                        _agree(reader, as_of, live=live)


def _agree(reader: JournalReader, as_of: AsOf, *, live: bool | None) -> None:
    """The same deals, each the same, and each judged the same."""
    heads = {head.id: head for head in reader.heads(as_of, live=live)}
    listed = {of.id: of for of in reader.listed(as_of, live=live)}
    assert listed == {
        id_: ListedDeal(*(getattr(head, name) for name in ListedDeal._fields)) for id_, head in heads.items()
    }
    judge = StatusJudge(reader.schema(as_of), reader.norms(as_of), as_of.on)
    assert judge.rows(listed.values()) == [row_of(judge.status(heads[id_])) for id_ in listed]
