"""Entries of an import that wait to be written, side by side: read, then judged, those refused left out."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import repeat
from operator import is_not
from typing import Any, TypeVar

from nippo_cli.base.frozen import NamedTuple

_T = TypeVar("_T")


class EntryDrafts(NamedTuple):
    """Entries to be judged and written, of each part a list; all lists are as long as there are entries.

    `values` are canonical and by field key, None where an entry has none; `texts`, by the same keys, are each value's part
    of the text that the log keeps (`"stage":"won"`), "" for none; `filled` says of each entry which of the fields it fills in.

    An empty `author` is whoever writes it; `deal_name` is None for an entry of no deal; `source_key` is how an import knows
    it again; `deal_key` how it knows the deal again, whatever that is called; `owner` whose the deal is from then on, None where
    nothing is said.
    """

    on: list[date]
    known_on: list[date]
    author: list[str]
    deal_name: list[str | None]
    source_key: list[str | None]
    deal_key: list[str | None]
    owner: list[str | None]
    incomplete: list[bool]
    snapshot: list[bool]
    values: dict[str, list[Any]]
    texts: dict[str, list[str]]
    filled: list[tuple[bool, ...]]

    def at(self, places: Sequence[int]) -> "EntryDrafts":
        """The entries at some places, in that order."""

        def of(column: Sequence[_T]) -> list[_T]:
            return [column[place] for place in places]

        return EntryDrafts(
            on=of(self.on),
            known_on=of(self.known_on),
            author=of(self.author),
            deal_name=of(self.deal_name),
            source_key=of(self.source_key),
            deal_key=of(self.deal_key),
            owner=of(self.owner),
            incomplete=of(self.incomplete),
            snapshot=of(self.snapshot),
            values={key: of(column) for key, column in self.values.items()},
            texts={key: of(column) for key, column in self.texts.items()},
            filled=of(self.filled),
        )

    def under(self, keys: Sequence[str]) -> "EntryDrafts":
        """The same entries with a column for each of the fields, in that order; empty where they had none."""
        nothing, no_text = [None] * len(self.on), [""] * len(self.on)
        values = {key: self.values.get(key, nothing) for key in keys}
        return self._replace(
            values=values, texts={key: self.texts.get(key, no_text) for key in keys}, filled=which_filled(values, len(self.on))
        )  # fmt: skip


def which_filled(values: Mapping[str, Sequence[Any]], entries: int) -> list[tuple[bool, ...]]:
    """Of each entry, which of the fields it fills in: `{"stage": ["won", None], "amount": [1, 2]}` gives `[(True, True),
    (False, True)]`."""
    return list(zip(*(map(is_not, column, repeat(None)) for column in values.values()), strict=True)) or [()] * entries


def joined(parts: Sequence[EntryDrafts]) -> EntryDrafts:
    """The entries of all parts, one part after another."""
    keys = sorted({key for part in parts for key in part.values})
    alike = [part.under(keys) for part in parts]

    def of(columns: Sequence[Sequence[_T]]) -> list[_T]:
        return [item for column in columns for item in column]

    return EntryDrafts(
        on=of([part.on for part in alike]),
        known_on=of([part.known_on for part in alike]),
        author=of([part.author for part in alike]),
        deal_name=of([part.deal_name for part in alike]),
        source_key=of([part.source_key for part in alike]),
        deal_key=of([part.deal_key for part in alike]),
        owner=of([part.owner for part in alike]),
        incomplete=of([part.incomplete for part in alike]),
        snapshot=of([part.snapshot for part in alike]),
        values={key: of([part.values[key] for part in alike]) for key in keys},
        texts={key: of([part.texts[key] for part in alike]) for key in keys},
        filled=of([part.filled for part in alike]),
    )


NO_DRAFTS = EntryDrafts([], [], [], [], [], [], [], [], [], {}, {}, [])
