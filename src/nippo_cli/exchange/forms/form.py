"""A form read: which cells hold marks, how many entries its rows hold, what can't be filled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.forms.cells import Formats, TextCell, place_of, runs_of, shared_texts, text_cells
from nippo_cli.exchange.forms.marks import FormMark, Vocabulary, has_marks, marks_in, unclosed
from nippo_cli.exchange.forms.package import Package, SheetPart, no_workbook, open_package, relations
from nippo_cli.exchange.forms.xml_spans import BrokenXml, Element

Trouble = Literal["unknown", "unclosed", "mixed", "covered", "formula", "shape", "comment", "header"]
# What keeps a form from being filled; the rest stays as it is.
REFUSED: Final[tuple[Trouble, ...]] = ("unknown", "unclosed", "mixed")
_BESIDE_CELLS: Final[dict[str, Trouble]] = {"drawing": "shape", "vmlDrawing": "shape", "comments": "comment"}
_HEADERS: Final = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


class Flaw(NamedTuple):
    """A mark that is not filled, or no mark: where it stands first, and marks that are written nearly so; in how many cells."""

    sheet: str
    cell: str
    said: str
    why: Trouble
    like: Sequence[str] = ()
    cells: int = 1


class MarkedCell(NamedTuple):
    """A cell with marks: what each means as it is written, the row of the form (from 0) that it belongs to in its list, and the
    range that it is merged into, if any."""

    cell: TextCell
    text: str
    meanings: Mapping[str, FormMark]
    row: int
    merged: str


class FormSheet(NamedTuple):
    """A sheet of a form: its elements, its marked cells, and how many of each list its rows hold."""

    sheet: SheetPart
    root: Element
    cells: Sequence[MarkedCell]
    holds: dict[str, int]


class Form(NamedTuple):
    """A workbook with marks."""

    package: Package
    formats: Formats
    sheets: Sequence[FormSheet]
    flaws: Sequence[Flaw]


def read_form(path: Path, vocabulary: Vocabulary) -> Form:
    """Read a form.

    Raises:
        UsageError: it is no workbook that can be filled, or holds no mark. NippoError, OSError: it can't be read.
    """
    package = open_package(path)
    try:
        return _read(package, vocabulary)
    except (BrokenXml, KeyError, UnicodeDecodeError) as error:
        raise no_workbook(package.name) from error


def _read(package: Package, vocabulary: Vocabulary) -> Form:
    """The form in a package: its marked cells by sheet, the rows that repeat, and what is wrong with its marks."""
    shared = shared_texts(package)
    flaws, sheets = list[Flaw](), list[FormSheet]()
    for sheet in package.sheets:
        root = package.tree(sheet.part)
        merged = _Merged(root)
        marked, rows = list[MarkedCell](), _FormRows()
        for cell in text_cells(root, package.parts[sheet.part], shared):
            text = "".join(run.text for run in runs_of(cell.text))
            if not has_marks(text):
                continue
            wrong = list(_flaws_of(sheet.name, cell.reference, text, vocabulary))
            if merged.covers(cell.reference):
                wrong += [Flaw(sheet.name, cell.reference, said, "covered") for said in marks_in([text])]
            flaws += wrong
            if not wrong:
                meant = {said: mark for said in marks_in([text]) if (mark := vocabulary.meaning(said)) is not None}
                row = rows.row_of(meant.values(), place_of(cell.reference))
                marked.append(MarkedCell(cell, text, meant, row, merged.begins(cell.reference)))
        if marked:
            sheets.append(FormSheet(sheet, root, marked, rows.holds))
        flaws += _beside_cells(package, sheet, root)
    if not sheets and not flaws:
        raise UsageError(msg("forms.no_marks", path=package.name), hint=msg("forms.no_marks.hint"))
    return Form(package, Formats(package), sheets, _counted(flaws))


def _counted(flaws: Iterable[Flaw]) -> list[Flaw]:
    """Each of them once a sheet: a row of marks is copied down."""
    once: dict[tuple[str, str, str], Flaw] = {}
    for flaw in flaws:
        first = once.setdefault((flaw.sheet, flaw.said, flaw.why), flaw._replace(cells=0))
        once[flaw.sheet, flaw.said, flaw.why] = first._replace(cells=first.cells + 1)
    return list(once.values())


def _flaws_of(sheet: str, reference: str, text: str, vocabulary: Vocabulary) -> Iterator[Flaw]:
    """What is wrong with the marks of a cell."""
    for said in marks_in([text]):
        if vocabulary.meaning(said) is None:
            yield Flaw(sheet, reference, said, "unknown", vocabulary.like(said))
    if len({mark.group for said in marks_in([text]) if (mark := vocabulary.meaning(said)) and mark.in_list}) > 1:
        yield Flaw(sheet, reference, text, "mixed")
    if unclosed(text):
        yield Flaw(sheet, reference, text, "unclosed")


class _FormRows:
    """Which row of the form a cell belongs to, of each list: a new one begins with a mark that the row before has already. Where
    several begin side by side, the cells below belong to the one above them."""

    def __init__(self) -> None:
        self.holds: dict[str, int] = {}
        # Those of each list that began last, side by side: where each begins, which it is, the marks in it.
        self._last: dict[str, list[tuple[tuple[int, int], int, set[str]]]] = {}

    def row_of(self, marks: Iterable[FormMark], place: tuple[int, int]) -> int:
        """The row, from 0, of the list that the marks of the cell at that place are of."""
        listed = [mark for mark in marks if mark.in_list]
        if not listed:
            return 0
        group, keys = listed[0].group, {mark.key for mark in listed if mark.group == listed[0].group}
        last = self._last.setdefault(group, [])
        above = [one for one in last if one[0][1] <= place[1]] or last[:1]
        if above and not keys & above[-1][2]:
            above[-1][2].update(keys)
            return above[-1][1]
        row = self.holds.get(group, 0)
        self.holds[group] = row + 1
        self._last[group] = [*(one for one in last if one[0][0] == place[0]), (place, row, keys)]
        return row


class _Merged:
    """The merged cells of a sheet."""

    def __init__(self, root: Element) -> None:
        self._ranges = list[tuple[tuple[int, int], tuple[int, int], str]]()
        for one in root.all("mergeCell"):
            first, _, last = one.attributes.get("ref", "").partition(":")
            self._ranges.append((place_of(first), place_of(last), f"{first}:{last}"))

    def covers(self, reference: str) -> bool:
        """Whether a cell is hidden beneath the first one of its range."""
        row, column = place_of(reference)
        return any(
            first != (row, column) and first[0] <= row <= last[0] and first[1] <= column <= last[1]
            for first, last, _ in self._ranges
        )

    def begins(self, reference: str) -> str:
        """The range that a cell is the first one of; empty where it is of none."""
        place = place_of(reference)
        return next((named for first, _, named in self._ranges if first == place), "")


def _beside_cells(package: Package, sheet: SheetPart, root: Element) -> Iterator[Flaw]:
    """Marks of a sheet that stand where nothing is filled: in formulas, shapes, notes, heads and feet of paper."""
    for cell in root.all("c"):
        formula = cell.child("f")
        for said in marks_in([formula.text]) if formula is not None else ():
            yield Flaw(sheet.name, cell.attributes.get("r", ""), said, "formula")
    for said in marks_in(one.text for one in root.all(*_HEADERS)):
        yield Flaw(sheet.name, "", said, "header")
    for relation in relations(package.parts, sheet.part):
        why = _BESIDE_CELLS.get(relation.kind)
        try:
            beside = package.tree(relation.target) if why is not None else None
        except (BrokenXml, KeyError):
            # An old drawing need not be XML.
            continue
        if why is None or beside is None:
            continue
        for said in marks_in(["".join(_texts(beside))]):
            yield Flaw(sheet.name, "", said, why)


def _texts(element: Element) -> Iterator[str]:
    """What an element and those below it say, in their order."""
    if element.tag in ("t", "font", "div"):
        yield element.text
    for child in element.children:
        yield from _texts(child)
    if element.tag == "p":
        yield "\n"
