"""A company's own form: looked at, and filled from the diary."""

from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Place, Problem, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import current
from nippo_cli.exchange.forms import OWN, REFUSED, Form, FormMark, MarkedCell, Vocabulary, fill, read_form
from nippo_cli.results.forms import FormCheck, FormFilled, MarkFlaw, MarkList, MarkPlace
from nippo_cli.schema.schema import day_fields
from nippo_cli.services.context import Workspace, of_file, reading
from nippo_cli.services.pages.form_values import content_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from nippo_cli.results.report import ReportPage
    from nippo_cli.results.withheld import Withheld
    from nippo_cli.schema.schema import Schema


class FilledForm(NamedTuple):
    """A filled form: the file's content, and what is to be said of it."""

    content: bytes
    summary: FormFilled


def check_form(workspace: Workspace, file: str) -> FormCheck:
    """What a form would be filled with, and the marks that can't be filled.

    Raises:
        UsageError: it is no workbook that can be filled, or holds no mark. NippoError, OSError: it can't be read.
    """
    vocabulary = Vocabulary(_schema(workspace))
    form = read_form(Path(file), vocabulary)
    return FormCheck(
        path=file,
        macros=form.package.has_macros,
        holds={sheet.sheet.name: sheet.holds for sheet in form.sheets if sheet.holds},
        marks=_places(form, vocabulary),
        flaws=_flaws(form),
    )


def list_marks(workspace: Workspace) -> MarkList:
    """The marks that a form may have under the schema in force."""
    vocabulary = Vocabulary(_schema(workspace))
    japanese = current() == "ja"
    return MarkList(
        [
            (
                vocabulary.shown(mark, japanese=japanese),
                vocabulary.shown(mark, japanese=False),
                mark.group,
                mark.key,
                "" if mark.key in OWN[mark.group] else label,
            )
            for mark, label in vocabulary.labels.items()
        ]
    )


def fill_form(report: "ReportPage", file: str, output: str, withheld: "Withheld", *, pdf: str = "") -> FilledForm:
    """A form filled with a report's days. Nothing is written.

    Args:
        report: what it is filled with.
        file: the form.
        output: where it will be written, for what is said of it.
        withheld: what stays out of files.
        pdf: where it will stand as a PDF too.

    Raises:
        UsageError: it is no form that can be filled; it has marks that mean nothing; the output is no workbook of its kind.
            NippoError, OSError: it can't be read.
    """
    vocabulary = Vocabulary(report.schema)
    form = read_form(Path(file), vocabulary)
    flaws = _flaws(form)
    if refused := [flaw for flaw in flaws if flaw.refused]:
        raise UsageError(
            msg("forms.refused", path=file),
            hint=msg("forms.refused.hint", path=file),
            problems=_problems(refused, file),
        )
    if not output.casefold().endswith(form.package.ending):
        raise UsageError(msg("forms.ending", path=output, ending=form.package.ending))
    content = content_of(withheld.of(report))
    filling = fill(form, content)
    marks = {mark for sheet in form.sheets for cell in sheet.cells for mark in cell.meanings.values()}
    summary = FormFilled(
        path=output,
        form=file,
        since=report.since,
        until=report.until,
        authors=[report.author] if report.author else report.authors,
        filled={
            group: len(rows)
            for group, rows in content.lists.items()
            if any(group in sheet.holds for sheet in form.sheets)
        },
        copies=filling.copies,
        cut=filling.cut,
        left_out=_left_out(marks, report.schema, withheld),
        flaws=flaws,
        macros=form.package.has_macros,
        pdf=pdf,
    )
    return FilledForm(filling.content, summary)


def _left_out(marks: "Collection[FormMark]", schema: "Schema", withheld: "Withheld") -> list[str]:
    """The labels of fields that a form has marks for and that stay out of files."""
    of_entries = {mark.key for mark in marks if mark.group == "entries"}
    of_days = {mark.key for mark in marks if mark.group in ("day", "days")}
    return [
        *(one.label for one in schema.fields if one.key in of_entries and not withheld.is_shown(one)),
        *(one.label for one in day_fields(schema) if one.key in of_days and not withheld.is_day_shown(one)),
    ]


def _schema(workspace: Workspace) -> "Schema":
    """The schema in force; without a journal that of the file, or the default."""
    if not workspace.places.journal_db.exists():
        return of_file(workspace.places.schema)
    with reading(workspace) as (reader, as_of):
        return reader.schema(as_of)


def _places(form: Form, vocabulary: Vocabulary) -> list[MarkPlace]:
    """Each mark once a sheet, in reading order."""
    places: dict[tuple[str, str], MarkPlace] = {}
    for sheet in form.sheets:
        for cell in sheet.cells:
            for said, mark in cell.meanings.items():
                key = (sheet.sheet.name, said)
                there = places.get(key)
                label = "" if mark.key in OWN[mark.group] else vocabulary.labels[mark]
                places[key] = (
                    there._replace(cells=there.cells + 1)
                    if there is not None
                    else MarkPlace(key[0], _where(cell), 1, said, mark.group, mark.key, label, cell.merged)
                )
    return list(places.values())


def _where(cell: MarkedCell) -> str:
    return cell.cell.reference


def _flaws(form: Form) -> list[MarkFlaw]:
    return [MarkFlaw(f.sheet, f.cell, f.cells, f.said, f.why, tuple(f.like), f.why in REFUSED) for f in form.flaws]


def _problems(flaws: list[MarkFlaw], file: str) -> list[Problem]:
    name = Path(file).name
    return [
        Problem(
            Place(file=f"{name} {flaw.sheet}!{flaw.cell}"),
            f"{{{{{flaw.said}}}}}" if flaw.why == "unknown" else flaw.said,
            msg("forms.flaw.like", names=_like(flaw)) if flaw.like else msg(f"forms.flaw.{flaw.why}"),
        )
        for flaw in flaws
    ]


def _like(flaw: MarkFlaw) -> str:
    return "  ".join(f"{{{{{name}}}}}" for name in flaw.like)
