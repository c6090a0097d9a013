"""Where people were on each day, after whatever was said of them since."""

import tempfile
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from diary import Diary
from hypothesis import given, settings, strategies as st

from nippo_cli.base.errors import UsageError
from nippo_cli.journal.read.reader import JournalReader
from nippo_cli.journal.write.persons import merge_person, say_of_person
from nippo_cli.line.facts import AsOf

NAMES, CUSTOMERS = ("山本 剛", "山本剛", "木村", "井上"), ("甲社", "乙社", "㈱甲社", "丙社")
PICK = st.integers(0, 3)
SAID = st.tuples(
    st.sampled_from(["rename", "alias", "moved", "left", "successor", "merge", "customer", "undo", "meet"]),
    PICK,
    PICK,
    PICK,
)


@settings(max_examples=25)
@given(st.lists(SAID, min_size=1, max_size=10))
def test_a_past_day_has_people_as_that_day_did(steps):
    """A step a day; at the end each day's pages are asked for again. What each day showed is its own oracle; and every meeting is
    counted once, of one person at most, whatever was said of them."""
    with tempfile.TemporaryDirectory() as folder:
        diary = Diary(Path(folder) / "j")
        for n, customer in enumerate(CUSTOMERS):
            diary.add(customer=customer, people=[{"name": NAMES[n]}, {"name": NAMES[(n + 2) % 4]}])
        shown: dict[date, object] = {}
        for step in steps:
            diary.today += timedelta(days=1)
            _do(diary, *step)
            shown[diary.today] = _pages(diary, AsOf(date.max))
        for on, pages in shown.items():
            assert _pages(diary, AsOf(on, known=True)) == pages, on


def _do(diary: Diary, what: str, one: int, at: int, other: int) -> None:
    """One command; refused, it changes nothing."""
    name, customer = NAMES[one], CUSTOMERS[at]
    if what == "meet":
        diary.add(customer=customer, people=[{"name": name}])
        return
    try:
        with diary.write() as writer:
            if what == "undo":
                writer.undo()
            elif what == "customer":
                writer.merge_customer(customer, CUSTOMERS[other])
            elif what == "merge":
                merge_person(writer, name, customer, NAMES[other])
            else:
                body = {"do": what, "name": NAMES[other], "customer": customer, "to": CUSTOMERS[other]}
                say_of_person(writer, name, customer, [body], on=diary.today)
    except (UsageError, LookupError):
        pass


def _pages(diary: Diary, as_of: AsOf) -> object:
    """Each customer's people, and everybody; of the latter every meeting once."""
    with closing(diary.open()) as cx:
        reader = JournalReader(cx)
        at = {name: reader.people(as_of, reader.past(as_of).customers.name(name)) for name in CUSTOMERS}
        everybody = list(reader.everybody(as_of))
        entries = list(reader.entries(as_of))
        named = sum(len({p["name"].replace(" ", "") for p in one.values.get("people", ())}) for one in entries)
        assert sum(person.entries for person in everybody) <= named
        for most in range(1, len(everybody) + 2):
            latest = reader.latest_met(as_of, most)
            assert (list(latest.people), latest.total) == (everybody[:most], len(everybody))
        assert {p["name"] for one in entries for p in one.values.get("people", ())} or not everybody
        return at, everybody
