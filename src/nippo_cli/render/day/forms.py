"""A form: what it holds, which marks there are, what became of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Column, FactRows, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import words
from nippo_cli.results.forms import FormCheck, FormFilled, MarkFlaw, MarkList

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

# How many sheets are named.
_NAMED: Final = 3


def _check(result: FormCheck, _screen: "Screen") -> Page:
    """Whether it can be filled; what is wrong; how much it holds; each mark with what will stand there."""
    refused = [flaw for flaw in result.flaws if flaw.refused]
    left = [flaw for flaw in result.flaws if not flaw.refused]
    good = Span(t("forms.check.sound"), "good")
    bad = Span(words.counted("forms.check.refused", len(refused)), "bad")
    blocks: list[Block] = [Prose(good if result.sound else bad), *_flaw_rows(refused)]
    if result.macros:
        blocks.append(Prose(t("forms.macros")))
    if left:
        blocks += [Heading(t("forms.check.left")), *_flaw_rows(left)]
    blocks += [Heading(t("forms.check.holds")), *_holds(result)] if result.holds else []
    if result.marks:
        columns = [
            Column("sheet", t("forms.head.sheet")),
            Column("cell", t("forms.head.cell")),
            Column("mark", t("forms.head.mark")),
            Column("fills", t("forms.head.fills"), flex=True),
        ]
        rows: list[list[Cell]] = [
            [
                one.sheet,
                _cells(one.merged or one.cell, one.cells),
                f"{{{{{one.said}}}}}",
                _meaning(one.group, one.key, one.label),
            ]
            for one in result.marks
        ]
        blocks += [Heading(t("forms.check.marks")), Table(columns, rows)]
    return Page(blocks, t("forms.check.title", path=result.path))


def _holds(result: FormCheck) -> list[Block]:
    """How many rows there are for each list, and what becomes of more; a form with one row is likely not finished."""
    rows: list[tuple[str, Cell]] = []
    for sheet, lists in result.holds.items():
        shown = [words.counted(f"forms.holds.{group}", n) for group, n in lists.items()]
        rows.append((sheet, t("show.comma").join(shown)))
    blocks: list[Block] = [FactRows(rows), Prose(Span(t("forms.check.more"), "dim"))]
    if any(n == 1 for lists in result.holds.values() for n in lists.values()):
        blocks.append(Prose(Span(t("forms.check.one_row"), "warn")))
    return blocks


def _cells(first: str, n: int) -> str:
    return first if n == 1 else t("forms.cells", first=first, n=n)


def _meaning(group: str, key: str, label: str) -> str:
    """What a mark is filled with."""
    if label:
        return t("forms.meaning.field", label=label)
    return t(f"forms.meaning.{group}_{key}" if group else f"forms.meaning.{key}")


def _flaw_rows(flaws: Sequence[MarkFlaw]) -> list[Block]:
    return [
        Prose((Span(f"{_where(flaw)} {_flaw_text(flaw)} ", "strong"), _why(flaw)), indent=2, mark="-") for flaw in flaws
    ]


def _where(flaw: MarkFlaw) -> str:
    return f"{flaw.sheet}!{_cells(flaw.cell, flaw.cells)}" if flaw.cell else flaw.sheet


def _flaw_text(flaw: MarkFlaw) -> str:
    return flaw.said if flaw.why in ("unclosed", "mixed") else f"{{{{{flaw.said}}}}}"


def _why(flaw: MarkFlaw) -> str:
    if flaw.like:
        return t("forms.flaw.like", names=t("show.comma").join(f"{{{{{name}}}}}" for name in flaw.like))
    return t(f"forms.flaw.{flaw.why}")


def _check_json(result: FormCheck) -> dict[str, object]:
    """What a form's check says, as data."""
    return {
        "path": result.path,
        "sound": result.sound,
        "macros": result.macros,
        "holds": [{"sheet": sheet, **dict(lists)} for sheet, lists in result.holds.items()],
        "marks": [
            {
                "sheet": one.sheet,
                "cell": one.cell,
                "cells": one.cells,
                "merged": one.merged or None,
                "mark": one.said,
                "fills": f"{one.group}.{one.key}" if one.group else one.key,
            }
            for one in result.marks
        ],
        "flaws": [_flaw_json(flaw) for flaw in result.flaws],
    }


def _flaw_json(flaw: MarkFlaw) -> dict[str, object]:
    return {
        "sheet": flaw.sheet,
        "cell": flaw.cell or None,
        "cells": flaw.cells,
        "mark": flaw.said,
        "why": flaw.why,
        "did_you_mean": list(flaw.like),
        "refused": flaw.refused,
    }


def _marks(result: MarkList, _screen: "Screen") -> Page:
    """The marks, a table for each group."""
    groups: dict[str, list[list[Cell]]] = {}
    for shown, _, group, key, label in result.marks:
        groups.setdefault(group, []).append([shown, _meaning(group, key, label)])
    blocks: list[Block] = [Prose(t("forms.marks.how"))]
    for group, rows in groups.items():
        columns = [Column("mark", t("forms.head.mark")), Column("fills", t("forms.head.fills"), flex=True)]
        blocks += [Heading(t(f"forms.group.{group or 'alone'}")), Table(columns, rows)]
    return Page(blocks, t("forms.marks.title"))


def _marks_json(result: MarkList) -> dict[str, object]:
    """The marks that a form may have, as data."""
    return {
        "marks": [
            {
                "mark": shown,
                "english": english,
                "group": group or None,
                "key": key,
                "fills": _meaning(group, key, label),
            }
            for shown, english, group, key, label in result.marks
        ]
    }


def _sheets(names: Sequence[str]) -> str:
    """The names of some sheets; of many the first and the last."""
    return t("show.comma").join(names) if len(names) <= _NAMED else f"{names[0]} … {names[-1]}"


def _filled(result: FormFilled, _screen: "Screen") -> Page:
    """The file, what it holds, and what is to be known before it is handed in."""
    rows: list[tuple[str, Cell]] = [
        (t("forms.filled.span"), words.span_of_days(result.since, result.until)),
        (t("forms.filled.authors"), t("show.comma").join(result.authors) or words.NOTHING),
        *((t(f"forms.filled.{group}"), words.counted("show.count", n)) for group, n in result.filled.items()),
    ]
    if result.copies:
        rows.append((t("forms.filled.copies"), _sheets(result.copies)))
    if result.pdf:
        rows.append(("PDF", result.pdf))
    blocks: list[Block] = [FactRows(rows)]
    if result.left_out:
        shown = t("show.comma").join(result.left_out)
        blocks.append(Prose(Span(t("forms.filled.left_out", fields=shown), "warn")))
    if result.cut:
        blocks.append(Prose(Span(words.counted("forms.filled.cut", result.cut), "warn")))
    if result.macros:
        blocks.append(Prose(t("forms.macros")))
    if result.flaws:
        blocks += [Heading(t("forms.check.left")), *_flaw_rows(result.flaws)]
    return Page(blocks, t("forms.filled.title", path=result.path))


def _filled_json(result: FormFilled) -> dict[str, object]:
    """What was filled in, as data."""
    return {
        "path": result.path,
        "form": result.form,
        "since": result.since.isoformat(),
        "until": result.until.isoformat(),
        "authors": list(result.authors),
        "filled": dict(result.filled),
        "copies": list(result.copies),
        "cut": result.cut,
        "left_out": list(result.left_out),
        "macros": result.macros,
        "pdf": result.pdf or None,
        "flaws": [_flaw_json(flaw) for flaw in result.flaws],
    }


CHECK = Renderer(FormCheck, page=_check, to_json=_check_json, rows="marks")
MARKS = Renderer(MarkList, page=_marks, to_json=_marks_json, rows="marks")
FILLED = Renderer(FormFilled, page=_filled, to_json=_filled_json)
