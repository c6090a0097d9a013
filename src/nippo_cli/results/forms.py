"""A company's own form: what it holds, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


class MarkPlace(NamedTuple):
    """A mark of a form: the sheet, the first cell and how many hold it, the mark as it is written, what it is filled with by the
    group and the key of the mark, the field's label where it is one, and the range of merged cells that the first cell begins."""

    sheet: str
    cell: str
    cells: int
    said: str
    group: str
    key: str
    label: str
    merged: str


class MarkFlaw(NamedTuple):
    """A mark that is not filled, or can't be: the sheet, the first cell and how many hold it, why, and marks that are written nearly
    so. `refused`: the form is not filled until it is mended."""

    sheet: str
    cell: str
    cells: int
    said: str
    why: str
    like: Sequence[str]
    refused: bool


class FormCheck(NamedTuple):
    """What `nippo form check` answers. `holds`: how many rows each sheet has for each list, by sheet."""

    path: str
    macros: bool
    holds: Mapping[str, Mapping[str, int]]
    marks: Sequence[MarkPlace]
    flaws: Sequence[MarkFlaw]

    @property
    def sound(self) -> bool:
        """Whether it can be filled."""
        return not any(flaw.refused for flaw in self.flaws)


class MarkList(NamedTuple):
    """The marks that a form may have: each as it is written, as it is written in English, and what it is filled with, as
    `MarkPlace` says it."""

    marks: Sequence[tuple[str, str, str, str, str]]


class FormFilled(NamedTuple):
    """What became of a form: from which days and whose, how many entries, days and planned steps it holds, the sheets that came to
    it, the texts that were cut, the fields left empty since they stay out of files, marks that are not filled."""

    path: str
    form: str
    since: date
    until: date
    authors: Sequence[str]
    filled: Mapping[str, int]
    copies: Sequence[str]
    cut: int
    left_out: Sequence[str]
    flaws: Sequence[MarkFlaw]
    macros: bool
    pdf: str
