"""The entries that a map makes of a row, each on a day that the row names or on the file's."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from nippo_cli.exchange.map_picks import Fields, day_pick
from nippo_cli.exchange.proposing import Understood
from nippo_cli.exchange.sampling import Sample

# A part of a map, and what a row must say for it: by column the cells that it takes, or takes all but.
Part: TypeAlias = dict[str, Any]
RowCondition: TypeAlias = dict[str, Any]


class DatedParts:
    """Makes the parts of one file's map.

    `by_export`: whether a row that was looked at gives an entry on the file's day.

    Args:
        exported: that day.
    """

    def __init__(self, sample: Sample, understood: Understood, exported: date) -> None:
        self._sample = sample
        self._understood = understood
        self._exported = exported
        self.by_export = False

    def on_day(self, name: str, column: str, when: RowCondition, fields: Fields) -> Part:
        """An entry on the day in a column, where a row has one."""
        day = day_pick(column, self._understood)
        return {"part": name, "when": when | {column: {"not": [""]}}, "on": day, "fields": fields}

    def on_first(self, name: str, columns: Sequence[str], when: RowCondition, fields: Fields) -> list[Part]:
        """An entry on the first day that a row has of some columns, where it has any."""
        return [
            self.on_day(numbered(name, place), column, when | blank(columns[:place]), fields)
            for place, column in enumerate(columns)
        ]

    def on_first_or_export(self, name: str, columns: Sequence[str], when: RowCondition, fields: Fields) -> list[Part]:
        """An entry on the first day that a row has of those of some columns that say days; else on the day of the export."""
        columns = [column for column in dict.fromkeys(columns) if self.says_days(column)]
        # Also where no row looked at needs it: one further down would be passed over.
        self.by_export = self.by_export or lacks_all(self._sample, columns, when)
        day = {"constant": self._exported.isoformat()}
        part: Part = {"part": f"{name} exported", "dated": "export", "on": day, "fields": fields}
        unless = when | blank(columns)
        return [*self.on_first(name, columns, when, fields), part | ({"when": unless} if unless else {})]

    def says_days(self, column: str) -> bool:
        """Whether a column that is taken for one of days says whole ones."""
        return column in self._understood.days and not self._understood.days[column].coarse


def numbered(name: str, place: int) -> str:
    """The name of a part that goes on where others of the name lack a day."""
    return f"{name} {place + 1}" if place else name


def blank(columns: Sequence[str]) -> RowCondition:
    """What a row meets that says nothing in any of some columns."""
    return {column: [""] for column in columns}


def meets(sample: Sample, line: Sequence[str], when: Mapping[str, Any]) -> bool:
    """Whether a row has the cells that are asked for."""
    for column, rule in when.items():
        cell = line[sample.columns.index(column)].strip()
        if (cell in rule["not"]) if isinstance(rule, dict) else (cell not in rule):
            return False
    return True


def is_blank(sample: Sample, line: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether a row says nothing in any of some columns."""
    return all(line[sample.columns.index(one)].strip() in ("", *sample.nothing) for one in columns)


def lacks_all(sample: Sample, columns: Sequence[str], when: RowCondition) -> bool:
    """Whether a row looked at meets a condition and has an empty cell in each of some columns."""
    return any(is_blank(sample, line, columns) and meets(sample, line, when) for line in sample.lines)
