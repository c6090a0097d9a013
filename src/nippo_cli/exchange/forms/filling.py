"""A form filled: each row that it holds says an entry, what is left over goes to copies of the sheet, and nothing else is touched."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.forms.cells import (
    LONGEST,
    Formats,
    TextCell,
    blank,
    cut,
    letters,
    runs_of,
    with_number,
    with_text,
)
from nippo_cli.exchange.forms.form import Form, FormSheet, MarkedCell
from nippo_cli.exchange.forms.marks import LISTS, FormMark, pieces
from nippo_cli.exchange.forms.package import MOST_XML
from nippo_cli.exchange.forms.recalculation import forget_results
from nippo_cli.exchange.forms.sheet_copies import copy_sheet
from nippo_cli.exchange.forms.xml_spans import ByteChange, changed, prefix

_MOST_COPIES: Final = 200


class FormValue(NamedTuple):
    """What stands in place of a mark: a text, and where it is more than that a number as a cell holds it, or a day."""

    text: str
    number: str | None = None
    day: date | None = None


class FormContent(NamedTuple):
    """What a form is filled with: the marks that stand alone, and the rows of each list by the key of their marks."""

    alone: Mapping[FormMark, FormValue]
    lists: Mapping[str, Sequence[Mapping[str, FormValue]]]


class FormPage(NamedTuple):
    """A sheet of the filled form: which it is made from, whether it is a copy, and the row of each list that it begins with."""

    form: FormSheet
    copied: bool
    begins: Mapping[str, int]


class Filling(NamedTuple):
    """A form as it was filled: the file, the names of its sheets that came to it, and how many texts were cut."""

    content: bytes
    copies: Sequence[str]
    cut: int


_NOTHING: Final = FormValue("")


def fill(form: Form, content: FormContent) -> Filling:
    """Fill a form.

    Raises:
        UsageError: it would need too many copies of a sheet, or too large ones, or has what can't be copied.
    """
    pages = list(plan(form, content))
    package, copies = form.package, list[str]()
    # Nine copies of a sheet of 1 MiB took 480 MB and 5 s of processor time.
    if sum(len(package.parts[page.form.sheet.part]) for page in pages if page.copied) > 2 * MOST_XML:
        raise UsageError(msg("forms.copies_too_large", mib=2 * MOST_XML >> 20), hint=msg("forms.too_many.hint"))
    writer = _Writer(form.formats, content, len(pages))
    originals = {page.form.sheet.part: package.parts[page.form.sheet.part] for page in pages}
    for number, page in enumerate(pages, start=1):
        part = page.form.sheet.part
        filled = writer.fill(page, originals[part], number)
        if page.copied:
            copies.append(copy_sheet(package, page.form.sheet, filled))
        else:
            package.parts[part] = filled
    forget_results(package, {page.form.sheet for page in pages}, copied=bool(copies))
    return Filling(b"".join(package.pieces()), copies, writer.cut)


def plan(form: Form, content: FormContent) -> Iterator[FormPage]:
    """The sheets that a filled form has: its own, then copies of the last one that holds rows of a list, as many as are needed.

    Raises:
        UsageError: they are too many.
    """
    taken = dict.fromkeys(LISTS, 0)
    last: dict[str, FormSheet] = {}
    for sheet in form.sheets:
        yield FormPage(sheet, copied=False, begins=dict(taken))
        for group, holds in sheet.holds.items():
            taken[group] += holds
            last[group] = sheet
    copies = 0
    for sheet in form.sheets:
        while any(last[group] is sheet and taken[group] < len(content.lists[group]) for group in last):
            copies += 1
            if copies > _MOST_COPIES:
                raise UsageError(msg("forms.too_many", n=_MOST_COPIES), hint=msg("forms.too_many.hint"))
            # Of a list that another sheet goes on with, a copy of this one says nothing.
            begins = {g: taken[g] if last[g] is sheet else len(content.lists[g]) for g in last}
            yield FormPage(sheet, copied=True, begins=begins)
            for group in (g for g in last if last[g] is sheet):
                taken[group] += sheet.holds[group]


class _Writer:
    """Writes values into the cells of sheets."""

    def __init__(self, formats: Formats, content: FormContent, pages: int) -> None:
        self._formats = formats
        self._content = content
        self._pages = pages
        self.cut = 0

    def fill(self, page: FormPage, sheet: bytes, number: int) -> bytes:
        """A sheet with its marks filled."""
        counts = {FormMark("", "page"): str(number), FormMark("", "pages"): str(self._pages)}
        alone = {**self._content.alone, **{mark: FormValue(said, said) for mark, said in counts.items()}}
        changes = []
        for marked in page.form.cells:
            values = {said: self._value(mark, marked, page, alone) for said, mark in marked.meanings.items()}
            element = marked.cell.element
            over = any(mark.in_list and self._row(mark, marked, page) is None for mark in marked.meanings.values())
            cell = blank(sheet, element) if over else self._cell(marked, values, sheet)
            changes.append(ByteChange(element.start, element.end, cell))
        return changed(sheet, changes)

    def _value(
        self, mark: FormMark, marked: MarkedCell, page: FormPage, alone: Mapping[FormMark, FormValue]
    ) -> FormValue:
        if not mark.in_list:
            return alone.get(mark, _NOTHING)
        row = self._row(mark, marked, page)
        return row.get(mark.key, _NOTHING) if row is not None else _NOTHING

    def _row(self, mark: FormMark, marked: MarkedCell, page: FormPage) -> Mapping[str, FormValue] | None:
        """The entry, day or step that a cell is of; None where there are no more."""
        rows, at = self._content.lists[mark.group], page.begins.get(mark.group, 0) + marked.row
        return rows[at] if at < len(rows) else None

    def _cell(self, marked: MarkedCell, values: Mapping[str, FormValue], sheet: bytes) -> bytes:
        """A sheet's bytes with one marked cell filled: as a number or a day where the cell is one, else as text."""
        element, kind = marked.cell.element, self._formats.kind(marked.cell.element)
        parts = list(pieces(marked.text))
        if len(parts) == 1:
            value = next(iter(values.values()))
            serial = self._formats.serial(value.day) if value.day is not None and kind == "day" else None
            if serial is not None:
                return with_number(sheet, element, str(serial))
            if value.number is not None and kind != "text":
                return with_number(sheet, element, value.number)
        shown = [part.text if part.said is None else values[part.said].text for part in parts]
        text = "".join(shown)
        if not text.strip():
            return blank(sheet, element)
        whole = cut(text)
        self.cut += whole is not text
        runs = runs_of(marked.cell.text)
        mark = prefix(sheet, element)
        same = prefix(marked.cell.source, marked.cell.text) == mark
        if len(runs) > 1 and len(parts) > 1 and same and len(text) < LONGEST:
            return with_text(sheet, element, _in_runs(marked.cell, [part.text for part in parts], shown, mark))
        return with_text(sheet, element, letters(mark, whole))


def _in_runs(cell: TextCell, was: Sequence[str], becomes: Sequence[str], mark: bytes) -> bytes:
    """What the element of a text in several styles holds once some stretches of it became others: a stretch that was in several
    runs goes whole into the first."""
    runs = runs_of(cell.text)
    texts, run, room = [""] * len(runs), 0, len(runs[0].text)
    for before, after in zip(was, becomes, strict=True):
        same = before == after
        texts[run] += "" if same else after
        for letter in before:
            while not room:
                run += 1
                room = len(runs[run].text)
            room -= 1
            texts[run] += letter if same else ""
    source, start = cell.source, cell.text.inner
    aloud = [one for one in cell.text.children if one.tag in ("rPh", "phoneticPr")]
    changes = [
        ByteChange(one.start - start, one.end - start, letters(mark, text))
        for one, text in zip(runs, texts, strict=True)
    ]
    changes += [ByteChange(one.start - start, one.end - start, b"") for one in aloud]
    return changed(source[start : cell.text.inner_end], changes)
