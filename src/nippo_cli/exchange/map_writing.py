"""The text of a map, of what a file is taken for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final, TypeAlias

from nippo_cli.exchange.cells import PERSON, CellReader
from nippo_cli.exchange.days import MONTH
from nippo_cli.exchange.doubts import EXAMPLES, LEAVE_OUT, Doubt
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.proposing import Understood, choice_cells, readable
from nippo_cli.exchange.sampling import NOTHING, Sample, day_columns
from nippo_cli.schema.types import ValueRefused, type_of

Pick: TypeAlias = Mapping[str, Any] | str
Part: TypeAlias = dict[str, Any]

_NOW: Final = "now"
# What says of a list that the customer was met: contacts are no words about how a deal stands.
_LISTED, _MET = "listed", "met"
_MOVE: Final = "move "
# Rows that ended on no day that they name: as of the file's day, if a person says so.
OF_FILE: Final = "file"
# JSON leaves as it is what ends a line of YAML.
_LINE_ENDS: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
UNITS: Final = {10**3: "千円", 10**4: "万円", 10**6: "百万円", 10**8: "億円"}
# What a deal has from its first day, what it stands at, and what is said of how it ended.
_FROM_FIRST: Final = ("customer", "kind", "source")
_STANDS: Final = ("customer", "kind", "source", "stage", "amount", "closes", "confidence", "competitor", "people", "facts",
                  "impression", "next_step", "next_on")  # fmt: skip
_ENDED: Final = ("customer", "kind", "source", "amount", "people", "facts", "impression", "competitor", "lost_reason")


class MapWriter:
    """Writes the map of one file.

    Args:
        exported: the day for which rows of deals as they stand are dated where they name none.
        row_key: the columns that name a row, none where nothing does.
        goes_on: the columns of which a row goes on with the one above where it fills in nothing else.
        ended_on: what a person said of rows that ended and name no day: a column, `OF_FILE`, `LEAVE_OUT`; "" before.
    """

    def __init__(
        self, sample: Sample, understood: Understood, cell_reader: CellReader, *, source: str, exported: date,
        row_key: Sequence[str], goes_on: Sequence[str] = (), ended_on: str = "",
    ) -> None:  # fmt: skip
        self._sample = sample
        self._goes_on = goes_on
        self._understood = understood
        self._roles = understood.roles
        self._cells = cell_reader
        self._schema = cell_reader.schema
        self._source = source
        self._exported = exported
        self._row_key = row_key
        self.dated_by_export = False
        self.ended_on = ended_on
        # What is to be decided of rows that ended and name no day.
        self.undated: Doubt | None = None
        # Of columns of choices the cells that are none, with how many of the rows looked at have each.
        self.emptied: dict[tuple[str, str], int] = {}
        # What an entry says was done on the day that a deal began, moved or ended: nobody need have spoken to anybody.
        self.no_contact = next((one.key for one in self._schema.activities if not one.contact), "")

    def text(self, *, sheet: str = "", marks: Sequence[str] = ()) -> str:
        """The map as YAML.

        Args:
            marks: the columns of steps, in which a mark says that a deal reached them.
        """
        tree: dict[str, Any] = {"source": self._source}
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
        skipped: list[Part] = [{one.column: {"not": [""]}} for one in self._understood.ended if not one.stage]
        ends, closed = self._ends() if self._understood.shape == "snapshot" else ("", [])
        if closed and self.ended_on == LEAVE_OUT:
            skipped.append({ends: closed} | {column: [""] for column in self._end_days(ends, closed)})
        if self._understood.shape == "snapshot" and self._understood.profile is None:
            # A line below the table that explains its marks is no deal.
            skipped.append({column: [""] for column in self._taken()})
        if skipped:
            tree["skip_when"] = skipped
        if self._understood.first_of_stage:
            tree |= {"key": [self._roles["deal"], self._roles["stage"]], "rows": "first"}
        elif self._row_key:
            tree["key"] = list(self._row_key)
        tree |= self._whose(self._row_key)
        tree["entries"] = list(self._parts())
        return to_yaml(tree)

    def _taken(self) -> list[str]:
        """The columns of which a deal fills in one at least."""
        ended = (one.column for one in self._understood.ended)
        return list(dict.fromkeys((*self._roles.values(), *self._understood.facts, *self._understood.moves, *ended)))

    def _whose(self, row_key: Sequence[str]) -> dict[str, Any]:
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

    def _parts(self) -> Iterator[Part]:
        if self._understood.shape == "snapshot":
            activity = self._schema.key("activity")
            done = {activity: {"constant": self.no_contact}} if activity and self.no_contact else {}
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
            fields = self._fields((*_STANDS, "activity", "companions", "lost_reason")) | self._constants()
            yield {"part": "1", "on": self._day(self._roles["on"]), "fields": fields}

    @property
    def _tells_moves(self) -> bool:
        """Whether columns of days tell all moves of a deal: no other column says in which stage it is."""
        of_program = self._understood.profile is not None
        return bool(self._understood.moves) and (of_program or not ("stage" in self._roles or self._status_stages()))

    def _is_state(self, part: str) -> bool:
        """Whether an entry says what is and not what happened, as such a list does; one that tells its moves does of the days before the
        first of them."""
        if part == _MET or part.startswith(_MOVE):
            return False
        if part == "began" and self._roles["began"] in self._understood.moves:
            return False
        return not self._tells_moves or part in ("began", _LISTED)

    def _constants(self) -> Part:
        """What a profile says of all its rows, where the schema has a choice of that name."""
        said = self._understood.profile.profile.constants if self._understood.profile else {}
        constants: Part = {}
        for role, named in said.items():
            field = self._schema.by_role.get(role)
            choices = self._schema.choices(field) if field is not None else ()
            key = next((one.key for name in named for one in choices if name in (one.key, one.label)), "")
            if field is not None and key:
                constants[field.key] = {"constant": key}
        return constants

    def _snapshot(self) -> Iterator[Part]:
        """A deal as it stands is its beginning, if the day of that is known, the moves that have days of their own, and how it stands,
        or where it stood before it ended and how it ended."""
        roles = self._roles
        ends, closed = self._ends()
        if "began" in roles:
            yield self._dated("began", roles["began"], {}, self._fields(_FROM_FIRST) | self._moved(roles["began"]))
        yield from self._contacts()
        for place, column in enumerate(self._understood.moves, start=1):
            if column != roles.get("began") and (moved := self._moved(column)):
                yield self._dated(f"{_MOVE}{place}", column, {}, self._fields(("customer",)) | moved)
        by_day = self._understood.ended
        still: Part = {ends: {"not": closed}} if closed else {one.column: [""] for one in by_day}
        stands = self._fields(tuple(role for role in _STANDS if role != "stage" or not self._tells_moves))
        yield from self._on_first_of(_NOW, [roles.get("changed") or self._unmet()], still, stands | self._met_before())
        if closed:
            yield from self._ended_by_cells(ends, closed)
        yield from self._ended_by_days()

    def _ended_by_cells(self, ends: str, closed: list[str]) -> Iterator[Part]:
        """Where deals stood that a column says ended, if another says that, and how they did."""
        fields = self._fields(_ENDED) | {self._schema.key("stage") or "stage": self._stage_pick(ends, closed)}
        days = self._end_days(ends, closed)
        if self._roles.get("closes") not in (None, *days):
            # That it was expected for a day is known of one that ended, and not since when: no promise of a day before.
            fields |= self._fields(("closes",))
        if (stood := self._stood(ends)) and not self._tells_moves:
            yield from self._ended("stood", days, {ends: closed} | stood, self._fields(("customer", "stage")))
        for name, when, own in self._with_order("closed", fields):
            yield from self._ended(name, days, {ends: closed} | when, own)
        self._ask_for_day(ends, closed, days)

    def _ended_by_days(self) -> Iterator[Part]:
        """The same of deals of which the day alone says that they ended."""
        for one in self._understood.ended:
            if not one.stage:
                continue
            fields = self._fields(_ENDED) | {self._schema.key("stage") or "stage": {"constant": one.stage}}
            if (stood := self._stood("")) and not self._tells_moves:
                said = self._fields(("customer", "stage"))
                yield self._dated(f"stood {one.stage}", one.column, stood | dict(one.when), said)
            for name, when, own in self._with_order(one.stage, fields):
                yield self._dated(name, one.column, dict(one.when) | when, own)

    def _moved(self, column: str) -> Part:
        """The stage into which a deal came on the day of a column; nothing where that is no move, or into a stage that is none."""
        stage = self._understood.stages.get(self._understood.moves.get(column, ""))
        return {self._schema.key("stage") or "stage": {"constant": stage}} if stage else {}

    def _with_order(self, name: str, fields: Part) -> Iterator[tuple[str, Part, Part]]:
        """How a deal ended, by whether a column has the amount of the order beside what was quoted: of a part the name, what a row must
        meet, and the fields."""
        order, key = self._understood.order, self._schema.key("amount")
        if order is None or key is None:
            yield name, {}, fields
            return
        column = order.columns[0]
        yield f"{name} order", {column: {"not": self._nothing(column)}}, fields | {key: self._amount(order)}
        yield name, {column: self._nothing(column)}, fields

    def _nothing(self, column: str) -> list[str]:
        """The cells of a column of amounts that are none."""
        return ["", *self._zeros(column)]

    def _contacts(self) -> Iterator[Part]:
        """The last contact that a list tells of, which is one, on its day; of a deal of which it says no day on which it began, before it
        that it was there by then."""
        column = self._contacted()
        if not column or self._unmet():
            return
        customer = self._fields(("customer",))
        if "began" not in self._roles:
            yield self._dated(_LISTED, column, {}, customer)
        facts = self._schema.key("facts")
        yield self._dated(_MET, column, {}, customer | ({facts: {"constant": column}} if facts else {}))

    def _contacted(self) -> str:
        """The column of the days of the last contact."""
        column = self._roles.get("contacted", "")
        return column if self._says_days(column) else ""

    def _unmet(self) -> str:
        """That column, where the schema has no activity that tells how a deal stands from a contact: then it is when that was known."""
        return "" if self.no_contact else self._contacted()

    def _met_before(self) -> Part:
        """How a live deal stands hides no contact before where the list says when the last one was."""
        column, activity = self._contacted(), self._schema.key("activity")
        if not column or self._unmet() or not activity:
            return {}
        return {activity: {"column": column, "values": {"": "", "*": self.no_contact}}}

    def _end_days(self, ends: str, closed: list[str]) -> list[str]:
        """The columns that say on which day a deal ended, those that come first before others; one that a person named last."""
        closes = self._roles.get("closes") if self._all_over({ends: closed}) else None
        said = self.ended_on if self.ended_on not in ("", OF_FILE, LEAVE_OUT) else None
        columns = dict.fromkeys(filter(None, (self._roles.get("closed"), closes, said)))
        return [one for one in columns if one == said or self._says_days(one)]

    def _says_days(self, column: str) -> bool:
        """Whether a column that is taken for one of days says whole ones."""
        return column in self._understood.days and not self._understood.days[column].coarse

    def _ended(self, name: str, days: Sequence[str], when: Part, fields: Part) -> Iterator[Part]:
        """An entry on the day on which a deal ended. Where a row says none, it is the file's if a person says so, else the row fails."""
        if self.ended_on == OF_FILE or not days:
            yield from self._on_first_of(name, days, when, fields)
            return
        *first, last = days
        before: Part = {}
        for place, column in enumerate(first):
            yield self._dated(name if not place else f"{name} {place + 1}", column, when | before, fields)
            before = before | {column: [""]}
        part = name if not first else f"{name} {len(first) + 1}"
        yield {"part": part, "when": when | before, "on": self._day(last), "fields": fields}

    def _ask_for_day(self, ends: str, closed: list[str], days: Sequence[str]) -> None:
        """Have it decided when the deals ended that name no day, if any that was looked at does not."""
        if self.ended_on or not self._lacks_all(days, {ends: closed}):
            return
        others = (self._roles.get(role, "") for role in ("changed", "contacted", "closes"))
        free = day_columns(self._sample, self._understood.left_out, self._cells)
        options = [
            one
            for one in (*filter(self._says_days, others), *free)
            if one not in days and self._fills(one, ends, closed)
        ]
        # One that only deals that ended fill in says when they did, sooner than one of all.
        options.sort(key=lambda one: self._fills_live(one, ends, closed))
        named = self._roles.get("deal") or self._roles.get("customer") or self._roles.get("deal_key")
        at = self._sample.columns.index(named or next(filter(None, self._sample.columns)))
        lacking = [
            line for line in self._sample.lines if self._meets(line, {ends: closed}) and self._is_blank(line, days)
        ]
        examples = tuple(dict.fromkeys(line[at] for line in lacking))[:EXAMPLES]
        answers = (*options, OF_FILE, LEAVE_OUT)
        cells = [
            tuple(filter(None, (line[self._sample.columns.index(one)].strip() for line in lacking)))[:EXAMPLES]
            for one in options
        ]
        exported = self._exported.isoformat()
        self.undated = Doubt("ended_on", ends, answers[0], answers, examples, (*cells, (), ()), exported)

    def _fills(self, column: str, ends: str, closed: list[str]) -> bool:
        """Whether any deal that ended has something in a column."""
        return any(
            self._meets(line, {ends: closed}) and not self._is_blank(line, [column]) for line in self._sample.lines
        )

    def _fills_live(self, column: str, ends: str, closed: list[str]) -> bool:
        return any(
            not self._meets(line, {ends: closed}) and not self._is_blank(line, [column]) for line in self._sample.lines
        )

    def _is_blank(self, line: Sequence[str], columns: Sequence[str]) -> bool:
        return all(line[self._sample.columns.index(one)].strip() in ("", *NOTHING) for one in columns)

    def _stood(self, ends: str) -> Part:
        """What a row must meet that says in which stage a deal stood before it ended, besides how that was (`ends`); nothing where
        no column does. A cell that is no stage, as `Closed` beside `Won`, says nothing of it."""
        column = self._roles.get("stage", "")
        if not column or column == ends or not self._fields(("stage",)):
            return {}
        ending = {stage.key for stage in self._schema.stages if stage.ends or stage.after}
        over = [cell for cell in self._sample.values(column) if self._understood.stages.get(cell) in {"", *ending}]
        return {column: {"not": ["", *over]}}

    def _all_over(self, when: Part) -> bool:
        """Whether the day for which a deal was expected may be the one on which it ended: of none that did is it still to come."""
        column = self._roles.get("closes", "")
        if column not in self._understood.days or self._understood.days[column].coarse:
            return False
        at = self._sample.columns.index(column)
        read = self._cells.day(ColumnRef((column,), formats=self._understood.days[column].formats))
        for line in self._sample.lines:
            if self._meets(line, when) and line[at].strip() not in NOTHING:
                with suppress(ValueRefused):
                    day = read(line[at])
                    if day is not None and day > self._exported:
                        return False
        return True

    def _ends(self) -> tuple[str, list[str]]:
        """The column that says how deals ended, and the cells of it that do."""
        ending = {stage.key for stage in self._schema.stages if stage.ends or stage.after}
        best = "", list[str]()
        for role in ("stage", "status"):
            column = self._roles.get(role, "")
            cells = [cell for cell in self._sample.values(column) if self._understood.stages.get(cell) in ending]
            if len(cells) > len(best[1]):
                best = column, cells
        return best

    def _on_first_of(self, name: str, columns: Sequence[str | None], when: Part, fields: Part) -> Iterator[Part]:
        """An entry on the first day that a row has of some columns; else on the day of the export."""
        before: Part = {}
        for place, column in enumerate(dict.fromkeys(filter(None, columns))):
            if column in self._understood.days and not self._understood.days[column].coarse:
                yield self._dated(name if not place else f"{name} {place + 1}", column, when | before, fields)
                before = before | {column: [""]}
        # Also where no row looked at needs it: one further down would be passed over.
        self.dated_by_export = self.dated_by_export or self._lacks_all(list(before), when)
        day = {"constant": self._exported.isoformat()}
        part: Part = {"part": f"{name} exported", "dated": "export", "on": day, "fields": fields}
        yield part | ({"when": when | before} if when or before else {})

    def _lacks_all(self, columns: Sequence[str], when: Part) -> bool:
        """Whether a row looked at meets a condition and has an empty cell in each of some columns."""
        return any(self._is_blank(line, columns) and self._meets(line, when) for line in self._sample.lines)

    def _meets(self, line: Sequence[str], when: Part) -> bool:
        for column, rule in when.items():
            cell = line[self._sample.columns.index(column)].strip()
            if (cell in rule["not"]) if isinstance(rule, dict) else (cell not in rule):
                return False
        return True

    def _dated(self, name: str, column: str, when: Part, fields: Part) -> Part:
        return {"part": name, "when": when | {column: {"not": [""]}}, "on": self._day(column), "fields": fields}

    def _card(self) -> Iterator[Part]:
        """A card is whom somebody met, on the day on which cards changed hands. It need not have been about anything for sale."""
        activity, people, facts = (self._schema.key(role) for role in ("activity", "people", "facts"))
        fields: Part = {activity: {"constant": self.no_contact}} if activity and self.no_contact else {}
        fields |= self._fields(("customer",))
        if people:
            # A title may hold what parts one person from the next.
            named = [self._roles[role] for role in ("people", "title") if role in self._roles]
            fields[people] = {"columns": named, "format": PERSON}
        if facts:
            fields[facts] = {"constant": "名刺交換"}
        yield from self._on_first_of("card", [self._roles.get("on")], {}, fields)

    def _of_fields(self) -> Iterator[Part]:
        """A row tells one field's new value."""
        profile = self._understood.profile
        for role, names in profile.profile.fields.items() if profile else ():
            key = self._schema.key(role)  # type: ignore[arg-type]
            value = self._roles["value"]
            pick = self._stage_pick(value, None) if role == "stage" else value
            if key:
                yield {
                    "part": role, "when": {self._roles["field"]: list(names), value: {"not": [""]}},
                    "on": self._day(self._roles["on"]), "fields": {key: pick},
                }  # fmt: skip

    def _day(self, column: str) -> Pick:
        read = self._understood.days.get(column)
        said: dict[str, Any] = {"column": column}
        if read is not None and read.formats:
            said["format"] = list(read.formats)
        if read is not None and read.written is not None:
            said["written"] = read.written.isoformat()
        return said if len(said) > 1 else column

    def _fields(self, roles: Sequence[str]) -> Part:
        """The fields of the schema that some roles fill in, and those of its own that columns are called like."""
        fields: Part = {}
        for role in roles:
            key = self._schema.key(role) or (role if role in self._schema.by_key else None)  # type: ignore[arg-type]
            held = role in self._roles or role == "facts" or (role == "stage" and self._status_stages())
            pick = self._pick(role, key) if key and held else None
            if key and pick:
                fields[key] = pick
        for role, column in self._roles.items() if "facts" in roles else ():
            key = role.removeprefix("field:")
            if key != role and readable(ColumnRef((column,)), key, self._sample, self._cells):
                fields[key] = column
        return fields

    def _pick(self, role: str, key: str) -> Pick | None:
        """Where a field comes from; None where it can't be read from its column."""
        field, column = self._schema.by_key[key], self._roles.get(role, "")
        if role == "facts":
            columns = list(self._understood.facts)
            return {"columns": columns, "join": " / "} if len(columns) > 1 else next(iter(columns), None)
        if role == "stage":
            return self._stage_pick(column, None) if column else self._status_pick()
        if role == "amount" and self._understood.amount is not None:
            return self._amount(self._understood.amount)
        if type_of(field).dated:
            # A month is a promise as it stands.
            read = self._understood.days.get(column)
            return column if read is not None and MONTH in read.formats else self._day(column)
        if type_of(field).takes_choices or role in ("kind", "activity", "confidence"):
            # Few of a column's words are taken as well as many: what one list says, the next one must not take back.
            cells = choice_cells(column, self._sample, key, self._schema)
            lost = {cell: rows for cell, rows in self._sample.cells[column].items() if cell not in cells}
            self.emptied |= {(column, cell): rows for cell, rows in lost.items()}
            return {"column": column, "values": {**cells, "*": "empty"}} if cells else None
        return column if readable(ColumnRef((column,)), key, self._sample, self._cells) else None

    def _status_pick(self) -> Pick:
        return {"column": self._roles["status"], "values": {**self._status_stages(), "*": "empty"}}

    def _status_stages(self) -> dict[str, str]:
        """Where no column is one of stages, the cells of the status that name steps of live deals, each with its stage."""
        if "stage" in self._roles or "status" not in self._roles:
            return {}
        live = {stage.key for stage in self._schema.stages if not (stage.ends or stage.after)}
        cells = ((cell, self._understood.stages.get(cell, "")) for cell in self._sample.values(self._roles["status"]))
        return {cell: stage for cell, stage in cells if stage in live}

    def _stage_pick(self, column: str, only: Sequence[str] | None) -> Pick:
        cells = self._sample.values(column) if only is None else only
        values = {cell: self._understood.stages[cell] for cell in cells if cell in self._understood.stages}
        return {"column": column, "values": values} if values else column

    def _amount(self, pick: ColumnRef) -> Pick:
        column = pick.columns[0]
        said: dict[str, Any] = {"sum": [column]} if pick.signs else {"column": column}
        if pick.unit in UNITS:
            said["unit"] = UNITS[pick.unit]
        if zeros := self._zeros(column):
            # Nothing is sold for nothing: programs write it where nobody said an amount.
            said["empty"] = zeros
        return said if len(said) > 1 or pick.signs else column

    def _zeros(self, column: str) -> list[str]:
        return [cell for cell in self._sample.values(column) if re.fullmatch(r"[^\d]*0+(?:[.,]0+)?", cell)]


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
