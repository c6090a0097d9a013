"""The text of a map, of what a file is taken for."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from nippo_cli.exchange.cells import PERSON, CellReader
from nippo_cli.exchange.map_endings import Endings
from nippo_cli.exchange.map_parts import DatedParts, Part, blank
from nippo_cli.exchange.map_picks import FieldPicks, day_pick
from nippo_cli.exchange.proposing import Understood
from nippo_cli.exchange.recognition import header_key
from nippo_cli.exchange.sampling import Sample

_NOW: Final = "now"
# What says of a list that the customer was met: contacts are no words about how a deal stands.
_LISTED, _MET = "listed", "met"
_MOVE: Final = "move "
_DELETED: Final = "isdeleted"
# A row that fills in none of these is about no deal: a number alone stands in lines that are still to be filled in.
_TELLING: Final = ("deal", "customer", "owner", "amount")
# JSON leaves as it is what ends a line of YAML.
_LINE_ENDS: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
# What a deal has from its first day, and what it stands at.
_FROM_FIRST: Final = ("customer", "kind", "source")
_STANDS: Final = ("customer", "kind", "source", "stage", "amount", "closes", "confidence", "competitor", "people", "facts",
                  "impression", "next_step", "next_on")  # fmt: skip


class MapWriter:
    """Writes the map of one file.

    Args:
        exported: the day for which rows of deals as they stand are dated where they name none.
        row_key: the columns that name a row, none where nothing does.
        goes_on: the columns of which a row goes on with the one above where it fills in nothing else.
        ended_on: what a person said of rows that ended and name no day, as `Endings` has it.
    """

    def __init__(
        self, sample: Sample, understood: Understood, cell_reader: CellReader, *, exported: date, row_key: Sequence[str],
        goes_on: Sequence[str] = (), ended_on: str = "",
    ) -> None:  # fmt: skip
        self._sample = sample
        self._goes_on = goes_on
        self._understood = understood
        self._roles = understood.roles
        self._schema = cell_reader.schema
        self._row_key = row_key
        self.picks = FieldPicks(sample, understood, cell_reader)
        self.parts = DatedParts(sample, understood, exported)
        self.endings = Endings(
            sample, understood, cell_reader, self.picks, self.parts, exported=exported, said=ended_on
        )
        # What an entry says was done on the day that a deal began, moved or ended: nobody need have spoken to anybody.
        self._no_contact = next((one.key for one in self._schema.activities if not one.contact), "")

    def text(self, *, source: str, sheet: str = "", marks: Sequence[str] = ()) -> str:
        """The map as YAML.

        Args:
            source: what rows are known under.
            marks: the columns of steps, in which a mark says that a deal reached them.
        """
        tree: dict[str, Any] = {"source": source}
        if sheet or marks:
            tree["file"] = ({"sheet": sheet} if sheet else {}) | ({"marks": list(marks)} if marks else {})
        if self._goes_on:
            tree["goes_on"] = list(self._goes_on)
        if self._sample.nothing:
            tree["empty"] = list(self._sample.nothing)
        tree["required"] = "ignore"
        if self._understood.shape == "snapshot":
            # The next export of the same deals is their line going on, not a correction.
            tree["changed"] = "add"
        skipped = [*self.endings.left_out(), *self._deleted()]
        if (
            self._understood.shape == "snapshot"
            and self._understood.profile is None
            and (telling := telling_columns(self._roles))
        ):
            # A line below the table that explains its marks is no deal.
            skipped.append(blank(telling))
        if skipped:
            tree["skip_when"] = skipped
        if self._understood.first_of_stage:
            tree |= {"key": [self._roles["deal"], self._roles["stage"]], "rows": "first"}
        elif self._row_key:
            tree["key"] = list(self._row_key)
        tree |= self._whose(self._row_key)
        tree["entries"] = list(self._entries())
        return to_yaml(tree)

    def _deleted(self) -> Iterator[Part]:
        """The rows of a program's export that say that they were deleted, as a Salesforce export of all rows has them."""
        if self._understood.profile is not None:
            for column in self._sample.columns:
                if header_key(column) == _DELETED:
                    yield {column: ["true", "TRUE", "True", "1"]}

    def _whose(self, row_key: Sequence[str]) -> dict[str, Any]:
        """Whose a row is, as a map says it: its deal by name, by number or by both, its author and its owner, where
        columns say them."""
        roles, whose = self._roles, {}
        name = (
            roles.get("deal")
            or roles.get("deal_key")
            or ("" if self._understood.shape in ("diary", "cards") else roles.get("customer"))
        )
        number = roles.get("deal_key")
        key: str | list[str] | None = number
        if number and name and name != number and self._numbers_have_parts(number, name):
            key = [number, name]
        if not key and self._understood.shape == "snapshot" and self._shares_names(row_key):
            # A row is a deal: two of one name are two, though no column numbers them.
            key = list(row_key) or list(dict.fromkeys(self._roles.values()))
        if name:
            whose["deal"] = {"column": name, "key": key} if key and key != name else name
        who = roles.get("author") or roles.get("owner")
        if who:
            whose["author"] = who
        if roles.get("owner") and self._understood.shape != "diary" and name:
            whose["owner"] = roles["owner"]
        return whose

    def _numbers_have_parts(self, key: str, name: str) -> bool:
        """Whether rows of one number are several deals by their names, as the items of an inquiry are."""
        if self._understood.profile is not None or self._understood.shape != "snapshot":
            return False
        both = [self._sample.columns.index(one) for one in (key, name)]
        numbered = {
            (line[both[0]].strip(), line[both[1]].strip()) for line in self._sample.lines if line[both[0]].strip()
        }
        return len(numbered) > len({number for number, _ in numbered})

    def _shares_names(self, row_key: Sequence[str]) -> bool:
        """Whether rows share a deal's name at one customer, so that names would make one deal of them."""
        named = [self._roles[role] for role in ("customer", "deal") if role in self._roles]
        return not set(row_key) <= set(named) or not row_key

    def _entries(self) -> Iterator[Part]:
        """The parts of a map of entries, one after another: what each row's entry is made of."""
        if self._understood.shape == "snapshot":
            activity = self._schema.key("activity")
            done = {activity: {"constant": self._no_contact}} if activity and self._no_contact else {}
            for part in self._snapshot():
                # How a live deal stands is a sign of life: without one it would count as fizzled out from its first day on.
                name = part["part"]
                of_day = name.startswith(_NOW) or name in (_LISTED, _MET)
                fields = part.pop("fields") if of_day else done | part.pop("fields")
                yield part | ({"snapshot": {"constant": "yes"}} if self._is_state(name) else {}) | {"fields": fields}
        elif self._understood.shape == "fields":
            yield from self._of_fields()
        elif self._understood.shape == "cards":
            yield from self._card()
        else:
            fields = self.picks.fields((*_STANDS, "activity", "companions", "lost_reason")) | self.picks.constants()
            yield {"part": "1", "on": day_pick(self._roles["on"], self._understood), "fields": fields}

    def _tells_moves(self) -> bool:
        """Whether columns of days tell all moves of a deal: no other column says in which stage it is."""
        of_program = self._understood.profile is not None
        return bool(self._understood.moves) and (of_program or not self.picks.fields(("stage",)))

    def _is_state(self, part: str) -> bool:
        """Whether an entry says what is and not what happened, as such a list does; one that tells its moves is silent on the days before
        the first of them alone."""
        if part == _MET or part.startswith(_MOVE):
            return False
        if part == "began" and self._roles["began"] in self._understood.moves:
            return False
        return not self._tells_moves() or part in ("began", _LISTED)

    def _snapshot(self) -> Iterator[Part]:
        """A deal as it stands is its beginning, if the day of that is known, the moves that have days of their own, and how it stands,
        or where it stood before it ended and how it ended."""
        fields, began, tells_moves = self.picks.fields, self._roles.get("began"), self._tells_moves()
        if began:
            yield self.parts.on_day("began", began, {}, fields(_FROM_FIRST) | self._moved(began))
        yield from self._contacts()
        for place, column in enumerate(self._understood.moves, start=1):
            if column != began and (moved := self._moved(column)):
                yield self.parts.on_day(f"{_MOVE}{place}", column, {}, fields(("customer",)) | moved)
        stands = fields(tuple(role for role in _STANDS if role != "stage" or not tells_moves)) | self._met_before()
        known_on = self._roles.get("changed") or self._unmet()
        yield from self.parts.on_first_or_export(_NOW, [known_on], self.endings.still_live(), stands)
        yield from self.endings.entries(has_moves=tells_moves)

    def _moved(self, column: str) -> Part:
        """The stage into which a deal came on the day of a column; nothing where that is no move, or into a stage that is none."""
        stage = self._understood.stages.get(self._understood.moves.get(column, ""))
        return {self._schema.key("stage") or "stage": {"constant": stage}} if stage else {}

    def _contacts(self) -> Iterator[Part]:
        """The last contact that a list tells of, which is one, on its day; of a deal of which it says no day on which it began, before it
        that it was there by then."""
        column = self._contacted()
        if not column or self._unmet():
            return
        customer = self.picks.fields(("customer",))
        if "began" not in self._roles:
            yield self.parts.on_day(_LISTED, column, {}, customer)
        facts = self._schema.key("facts")
        yield self.parts.on_day(_MET, column, {}, customer | ({facts: {"constant": column}} if facts else {}))

    def _contacted(self) -> str:
        """The column of the days of the last contact."""
        column = self._roles.get("contacted", "")
        return column if self.parts.says_days(column) else ""

    def _unmet(self) -> str:
        """That column, where the schema has no activity that tells how a deal stands from a contact: then it is when that was known."""
        return "" if self._no_contact else self._contacted()

    def _met_before(self) -> Part:
        """How a live deal stands hides no contact before where the list says when the last one was."""
        column, activity = self._contacted(), self._schema.key("activity")
        if not column or self._unmet() or not activity:
            return {}
        return {activity: {"column": column, "values": {"": "", "*": self._no_contact}}}

    def _card(self) -> Iterator[Part]:
        """A card is whom somebody met, on the day on which cards changed hands. It need not have been about anything for sale."""
        activity, people, facts = (self._schema.key(role) for role in ("activity", "people", "facts"))
        fields: Part = {activity: {"constant": self._no_contact}} if activity and self._no_contact else {}
        fields |= self.picks.fields(("customer",))
        if people:
            # A title may hold what parts one person from the next.
            named = [self._roles[role] for role in ("people", "title") if role in self._roles]
            fields[people] = {"columns": named, "format": PERSON}
        if facts:
            fields[facts] = {"constant": "名刺交換"}
        yield from self.parts.on_first_or_export("card", [self._roles.get("on", "")], {}, fields)

    def _of_fields(self) -> Iterator[Part]:
        """A row tells one field's new value."""
        profile = self._understood.profile
        for role, names in profile.profile.fields.items() if profile else ():
            key = self._schema.key(role)  # type: ignore[arg-type]
            value = self._roles["value"]
            pick = self.picks.of_stage(value, None) if role == "stage" else value
            if key:
                yield {
                    "part": role, "when": {self._roles["field"]: list(names), value: {"not": [""]}},
                    "on": day_pick(self._roles["on"], self._understood), "fields": {key: pick},
                }  # fmt: skip


def telling_columns(roles: Mapping[str, str]) -> list[str]:
    """The columns of which a row about a deal fills in one at least: its number is one where there is no other."""
    telling = [role for role in _TELLING if role in roles] or ["deal_key"]
    return list(dict.fromkeys(roles[role] for role in telling if role in roles))


def to_yaml(tree: Mapping[str, Any], indent: str = "") -> str:
    """YAML of mappings and lists; what is small stands on one line as JSON, which YAML is."""
    lines = []
    for key, value in tree.items():
        if key == "entries":
            lines.append(f"{indent}entries:\n")
            for part in value:
                body = to_yaml(part, indent + "    ").removeprefix(indent + "    ")
                lines.append(f"{indent}  - {body}")
        elif key in ("fields", "bookkeeping") and value:
            lines.append(f"{indent}{key}:\n{to_yaml(value, indent + '  ')}")
        else:
            lines.append(f"{indent}{key}: {json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS)}\n")
    return "".join(lines)
