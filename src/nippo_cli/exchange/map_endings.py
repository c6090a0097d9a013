"""What a map says of the deals of a list that ended: on which day, and where they stood before."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Final

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.doubts import EXAMPLES, LEAVE_OUT, Doubt
from nippo_cli.exchange.map_parts import DatedParts, Part, RowCondition, blank, is_blank, lacks_all, meets, numbered
from nippo_cli.exchange.map_picks import FieldPicks, Fields, day_pick
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.proposed_days import DUE_OR_AFTER
from nippo_cli.exchange.proposing import Understood
from nippo_cli.exchange.sampling import Sample, day_columns
from nippo_cli.schema.types import ValueRefused

# Rows that ended on no day that they name: as of the file's day, if a person says so.
OF_FILE: Final = "file"
_ENDED: Final = ("customer", "kind", "source", "amount", "people", "facts", "impression", "competitor", "lost_reason")


class Endings:
    """How the deals of a list ended: by a column whose `cells` say so, or by columns of the days on which they did.

    Args:
        exported: the day as of which the list is.
        said: what a person said of rows that ended and name no day: a column, `OF_FILE`, `LEAVE_OUT`; "" before.
    """

    def __init__(
        self, sample: Sample, understood: Understood, cell_reader: CellReader, picks: FieldPicks, parts: DatedParts,
        *, exported: date, said: str,
    ) -> None:  # fmt: skip
        self._sample = sample
        self._understood = understood
        self._roles = understood.roles
        self._cell_reader = cell_reader
        self._schema = cell_reader.schema
        self._stage = self._schema.key("stage") or "stage"
        self._picks = picks
        self._parts = parts
        self._exported = exported
        self.said = said
        self._column, self._cells = self._ending_cells() if understood.shape == "snapshot" else ("", [])
        # What a row says of which the deal ended, by its cell.
        self._over: RowCondition = {self._column: self._cells} if self._cells else {}
        self._days = self._end_days() if self._cells else []

    def left_out(self) -> list[Part]:
        """The rows that make no entry: those that say they ended and not how, and those without a day that a person leaves out."""
        skipped: list[Part] = [{one.column: {"not": [""]}} for one in self._understood.ended if not one.stage]
        if self._over and self.said == LEAVE_OUT:
            skipped.append(self._over | blank(self._days))
        return skipped

    def still_live(self) -> RowCondition:
        """What a row meets of which the deal has not ended."""
        return (
            {self._column: {"not": self._cells}}
            if self._cells
            else blank([one.column for one in self._understood.ended])
        )

    def entries(self, *, has_moves: bool) -> Iterator[Part]:
        """Where deals stood before they ended, unless the days of their moves say so, and how they ended."""
        if self._over:
            fields = self._picks.fields(_ENDED) | {self._stage: self._picks.of_stage(self._column, self._cells)}
            if self._roles.get("closes") not in (None, *self._days):
                # That it was expected for a day is known of one that ended, and not since when: no promise of a day before.
                fields |= self._picks.fields(("closes",))
            if (stood := self._stood(self._column)) and not has_moves:
                yield from self._on_end("stood", self._over | stood, self._picks.fields(("customer", "stage")))
            for name, when, own in self._with_order("closed", fields):
                yield from self._on_end(name, self._over | when, own)
        for one in self._understood.ended:
            if not one.stage:
                continue
            fields = self._picks.fields(_ENDED) | {self._stage: {"constant": one.stage}}
            if (stood := self._stood("")) and not has_moves:
                said = self._picks.fields(("customer", "stage"))
                yield self._parts.on_day(f"stood {one.stage}", one.column, stood | dict(one.when), said)
            for name, when, own in self._with_order(one.stage, fields):
                yield self._parts.on_day(name, one.column, dict(one.when) | when, own)

    def _with_order(self, name: str, fields: Fields) -> Iterator[tuple[str, RowCondition, Fields]]:
        """How a deal ended, by whether a column has the amount of the order beside what was quoted: of a part the name, what a row must
        meet, and the fields."""
        order, key = self._understood.order, self._schema.key("amount")
        if order is None or key is None:
            yield name, {}, fields
            return
        column = order.columns[0]
        nothing = ["", *self._picks.zeros(column)]
        yield f"{name} order", {column: {"not": nothing}}, fields | {key: self._picks.of_amount(order)}
        yield name, {column: nothing}, fields

    def doubt_of_day(self) -> Doubt | None:
        """What is to be decided of deals that ended and name no day, if any that was looked at does not."""
        sample = self._sample
        if self.said or not self._over or not lacks_all(sample, self._days, self._over):
            return None
        over = [line for line in sample.lines if meets(sample, line, self._over)]
        live = [line for line in sample.lines if not meets(sample, line, self._over)]
        lacking = [line for line in over if is_blank(sample, line, self._days)]
        others = (self._roles.get(role, "") for role in ("changed", "contacted", "closes"))
        free = day_columns(sample, self._understood.left_out, self._cell_reader)
        options = [
            one
            for one in (*filter(self._parts.says_days, others), *free)
            if one not in self._days and _fills(sample, one, over)
        ]
        # One that only deals that ended fill in says when they did, sooner than one of all.
        options.sort(key=lambda one: _fills(sample, one, live))
        named = self._roles.get("deal") or self._roles.get("customer") or self._roles.get("deal_key")
        at = sample.columns.index(named or next(filter(None, sample.columns)))
        examples = tuple(dict.fromkeys(line[at] for line in lacking))[:EXAMPLES]
        doubtful = [one for one in options if one in free and DUE_OR_AFTER.search(one)]
        answers = (*(one for one in options if one not in doubtful), OF_FILE, *doubtful, LEAVE_OUT)
        cells = tuple(
            tuple(filter(None, (line[sample.columns.index(one)].strip() for line in lacking)))[:EXAMPLES]
            if one in options
            else ()
            for one in answers
        )
        return Doubt("ended_on", self._column, answers[0], answers, examples, cells, self._exported.isoformat())

    def _ending_cells(self) -> tuple[str, list[str]]:
        """The column that says how deals ended, and the cells of it that do."""
        ending = self._ending_stages()
        best = "", list[str]()
        for role in ("stage", "status"):
            column = self._roles.get(role, "")
            cells = [cell for cell in self._sample.values(column) if self._understood.stages.get(cell) in ending]
            if len(cells) > len(best[1]):
                best = column, cells
        return best

    def _ending_stages(self) -> set[str]:
        return {stage.key for stage in self._schema.stages if stage.ends or stage.after}

    def _end_days(self) -> list[str]:
        """The columns that say on which day a deal ended, those that come first before others; one that a person named last."""
        closes = self._roles.get("closes") if self._none_to_come() else None
        said = self.said if self.said not in ("", OF_FILE, LEAVE_OUT) else None
        columns = dict.fromkeys(filter(None, (self._roles.get("closed"), closes, said)))
        return [one for one in columns if one == said or self._parts.says_days(one)]

    def _none_to_come(self) -> bool:
        """Whether the day for which a deal was expected may be the one on which it ended: of none that did is it still to come."""
        column = self._roles.get("closes", "")
        if not self._parts.says_days(column):
            return False
        at = self._sample.columns.index(column)
        read = self._cell_reader.day(ColumnRef((column,), formats=self._understood.days[column].formats))
        for line in self._sample.lines:
            if meets(self._sample, line, self._over) and line[at].strip() not in self._sample.nothing:
                with suppress(ValueRefused):
                    day = read(line[at])
                    if day is not None and day > self._exported:
                        return False
        return True

    def _on_end(self, name: str, when: RowCondition, fields: Fields) -> list[Part]:
        """An entry on the day on which a deal ended. Where a row says none, it is the file's if a person says so, else the row fails."""
        if self.said == OF_FILE or not self._days:
            return self._parts.on_first_or_export(name, self._days, when, fields)
        *first, last = self._days
        day = day_pick(last, self._understood)
        part: Part = {"part": numbered(name, len(first)), "when": when | blank(first), "on": day, "fields": fields}
        return [*self._parts.on_first(name, first, when, fields), part]

    def _stood(self, ends: str) -> RowCondition:
        """What a row must meet that says in which stage a deal stood before it ended, besides how that was (`ends`); nothing where
        no column does. A cell that is no stage, as `Closed` beside `Won`, says nothing of it."""
        column = self._roles.get("stage", "")
        if not column or column == ends or not self._picks.fields(("stage",)):
            return {}
        no_step = {"", *self._ending_stages()}
        over = [cell for cell in self._sample.values(column) if self._understood.stages.get(cell) in no_step]
        return {column: {"not": ["", *over]}}


def _fills(sample: Sample, column: str, lines: Sequence[Sequence[str]]) -> bool:
    """Whether any of some rows has something in a column."""
    return any(not is_blank(sample, line, [column]) for line in lines)
