"""What customers were called on each day, after whatever was said of them since."""

import tempfile
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

from diary import Diary
from hypothesis import example, given, strategies as st

from nippo_cli.base.errors import UsageError
from nippo_cli.journal.read.reader import JournalReader
from nippo_cli.line.facts import AsOf

NAMES = ("甲社", "乙社", "丙社", "株式会社甲社", "有限会社甲社", "丁社")
PICK = st.integers(0, len(NAMES) - 1)
SAID = st.tuples(st.sampled_from(["rename", "alias", "merge", "undo", "entry"]), PICK, PICK)


@example([("rename", 1, 3), ("rename", 2, 4), ("rename", 2, 0)])
@given(st.lists(SAID, min_size=1, max_size=10))
def test_a_past_day_calls_customers_as_that_day_did(steps):
    """A step a day; at the end each day's page is asked for again. What each day showed is its own oracle."""
    with tempfile.TemporaryDirectory() as folder:
        diary = Diary(Path(folder) / "j")
        deals = [diary.deal(f"案件{n}", customer=name)[0] for n, name in enumerate(NAMES[:4])]
        diary.add(customer="乙社")
        shown: dict[date, object] = {}
        for what, one, other in steps:
            diary.today += timedelta(days=1)
            with suppress(UsageError, LookupError), diary.write() as writer:
                if what == "undo":
                    writer.undo()
                elif what == "entry":
                    writer.add_entry(diary.today, {"customer": NAMES[one]}, deal=deals[other % len(deals)])
                else:
                    say = {
                        "rename": writer.rename_customer,
                        "alias": writer.alias_customer,
                        "merge": writer.merge_customer,
                    }
                    say[what](NAMES[one], NAMES[other])
            shown[diary.today] = _page(diary, AsOf(date.max), deals)
        for on, page in shown.items():
            assert _page(diary, AsOf(on, known=True), deals) == page, on


def _page(diary: Diary, as_of: AsOf, deals: list[int]) -> object:
    """Whose each deal is, by whatever name; and whose deals and entries are listed under each name."""
    with closing(diary.open()) as cx:
        reader = JournalReader(cx)
        view = reader.past(as_of)
        whose = {deal: head.customer for deal in deals if (head := reader.head(as_of, deal))}
        listed = {name: sorted(h.id for h in reader.heads(as_of, customer=view.customers.name(name))) for name in NAMES}
        logged = {name: [e.id for e in reader.log(as_of, customer=view.customers.name(name)).entries] for name in NAMES}
        return whose, listed, logged
