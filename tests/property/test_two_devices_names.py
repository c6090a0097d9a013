"""Names that two devices gave before either knew of the other: who is one at the end, in whatever order the records come."""

from datetime import date

from hypothesis import given, settings, strategies as st

from nippo_cli.base.customer_names import NOBODY, names_from
from nippo_cli.base.ids import record_id
from nippo_cli.base.person_names import PeopleNames
from nippo_cli.journal.log.customer_record import names_of_customers
from nippo_cli.journal.log.person_record import person_records, recorded_people
from nippo_cli.journal.log.record import canonical
from nippo_cli.journal.log.records import Rec

NAMES = ("甲", "乙", "丙", "丁", "戊")
DEVICE, PICK = st.integers(0, 1), st.integers(0, len(NAMES) - 1)
# Which device says it, of which name, and either with which other that is one, or that it has one more name.
MERGES = st.lists(st.tuples(DEVICE, PICK, PICK | st.none()), max_size=10)


class Devices:
    """The log that two devices wrote apart: each begins a name of its own accord; and by each name all that are one with it."""

    def __init__(self, kind: str, merges: list[tuple[int, int, int | None]]) -> None:
        self.kind, self.trees, self.numbers = kind, dict[tuple[int, str], list[Rec]](), [0, 0]
        self._merges: list[tuple[str, str, str]] = []
        for device, one, other in merges:
            if other is None:
                self._say(device, {"do": "alias", "name": f"別名{NAMES[one]}"}, NAMES[one])
            elif one != other:
                into = self._begin(device, NAMES[other])
                said = self._say(device, {"do": "merge", "into": into}, NAMES[one])
                self._merges.append((said.recorded_at, NAMES[one], NAMES[other]))

    @property
    def one(self) -> dict[str, set[str]]:
        """By each name all that are one with it: the last merge of a name counts, but one that would close a circle."""
        into = dict[str, str]()
        for _, name, other in sorted(self._merges):
            if _end(into, other, name) != name:
                into[name] = other
        ends = {name: _end(into, name) for name in NAMES}
        return {name: {other for other in NAMES if ends[other] == ends[name]} for name in NAMES}

    def _rec(self, device: int, body: dict[str, object], target: int | None) -> Rec:
        self.numbers[device] += 1
        # The devices write by turns, their clocks a second apart.
        at = f"2026-01-01T00:{self.numbers[device]:02d}:0{device}.000Z"
        number = record_id(device, self.numbers[device])
        return Rec(number, self.kind, "佐藤", at, "2026-01-01", "2026-01-01", 1, target, None, canonical(body))

    def _begin(self, device: int, name: str) -> int:
        if (device, name) not in self.trees:
            body = {"do": "begin", "name": name} | ({"customer": "A社"} if self.kind == "person" else {})
            self.trees[device, name] = [self._rec(device, body, None)]
        return self.trees[device, name][0].id

    def _say(self, device: int, body: dict[str, object], name: str) -> Rec:
        begin = self._begin(device, name)
        self.trees[device, name].append(self._rec(device, body, begin))
        return self.trees[device, name][-1]

    @property
    def known(self) -> set[str]:
        """The names that some device began."""
        return {name for _, name in self.trees}


def _end(into: dict[str, str], name: str, stop: str = "") -> str:
    while name != stop and name in into:
        name = into[name]
    return name


@settings(max_examples=60)
@given(MERGES, st.randoms(use_true_random=False))
def test_persons_who_were_called_one_are_one(merges, order):
    """By whatever chain of devices; nobody else is; an alias is theirs alone."""
    log = Devices("person", merges)
    trees = list(log.trees.values())
    order.shuffle(trees)
    said = [one for tree in trees for one in person_records(tree[0].id, tree)]
    order.shuffle(said)
    people = PeopleNames(recorded_people(said, NOBODY, date.max), NOBODY)
    for name in log.known:
        person = people.person(name, "A社")
        assert {one for one in NAMES if people.person(one, "A社") is person} == log.one[name] & log.known
        assert {one.removeprefix("別名") for one in person.names if one.startswith("別名")} <= log.one[name]
        assert people.person(name, "B社") is None


@settings(max_examples=60)
@given(MERGES, st.randoms(use_true_random=False))
def test_customers_that_were_called_one_are_one(merges, order):
    """The same of customers."""
    log = Devices("customer", merges)
    trees = list(log.trees.values())
    order.shuffle(trees)
    names = names_from(names_of_customers(trees))
    for name in log.known:
        same = {one for one in log.known if names.customer(one) == names.customer(name)}
        assert same == log.one[name] & log.known
        assert {one for one in log.known if names.name(one) == names.name(name)} == same
