"""`nippo log --form`: days of the diary in a company's own form."""

from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame.out import OutFile
from nippo_cli.services.context import withheld_in
from nippo_cli.services.pages import forms
from nippo_cli.services.pages.periods import period_report, report_between

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.report import Period, ReportPage
    from nippo_cli.services.context import Workspace
    from nippo_cli.services.pages import LogFilter


def fill_form(
    run: "CliContext", form: str | None, wanted: "LogFilter", *, period: "Period | None", pdf: bool, send: bool
) -> None:
    """Fill a form with some days, write it to `-o`, and its pages beside it.

    Raises:
        UsageError: there is no form or no file to write; it is not said which days, or more than that; there is no LibreOffice to
            make a PDF. As `forms.fill_form`.
    """
    if form is None:
        raise UsageError(msg("cli.log.pdf_of_form"))
    workspace = run.workspace()
    if send or run.format == "eml":
        _mail_form(run, workspace, form, _report(workspace, wanted, period), send=send, pdf=pdf)
        return
    if run.output in (None, "-"):
        raise UsageError(msg("forms.needs_file"), hint=msg("forms.needs_file.hint", form=form))
    output = str(run.output)
    pages, program = str(Path(output).with_suffix(".pdf")), ""
    if pdf:
        from nippo_cli.exchange.forms.paper import office

        program = office()
    printed = OutFile(pages, "pdf", force=run.force, reads=[form]) if pdf else None
    report = _report(workspace, wanted, period)
    withheld = withheld_in(report.schema, run.with_fields or "", run.with_roles)
    report = run.for_who_looks(report, workspace)
    filled = forms.fill_form(report, form, output, withheld, pdf=pages if pdf else "")
    if printed is not None:
        from nippo_cli.exchange.forms.paper import pdf_of

        content = pdf_of(filled.content, Path(output).suffix, program)
        run.hand_over(filled.content, filled.summary, workspace)
        printed.put_bytes([content], behind=False)
    else:
        run.hand_over(filled.content, filled.summary, workspace)


def _mail_form(
    run: "CliContext", workspace: "Workspace", form: str, report: "ReportPage", *, send: bool, pdf: bool
) -> None:
    """A mail that says what the form does, the filled form attached under its own name; as a PDF too where that is asked for."""
    from nippo_cli.cli.frame import put_mail
    from nippo_cli.exchange.mail_text import Attachment

    name = Path(form)
    withheld = withheld_in(report.schema, run.with_fields or "", run.with_roles)
    filled = forms.fill_form(run.for_who_looks(report, workspace), form, name.name, withheld)
    attachments = [Attachment(name.name, filled.content)]
    if pdf:
        from nippo_cli.exchange.forms.paper import office, pdf_of

        attachments.append(Attachment(f"{name.stem}.pdf", pdf_of(filled.content, name.suffix, office())))
    put_mail(run, report, workspace, send=send, attachments=attachments)


def _report(workspace: "Workspace", wanted: "LogFilter", period: "Period | None") -> "ReportPage":
    """The days that are asked for.

    Raises:
        UsageError: it is not said which, or is said twice; or something is said that a form has no place for.
    """
    if wanted._replace(on=None, since=None, until=None, author=None) != type(wanted)():
        raise UsageError(msg("forms.whole_days"))
    between = wanted.since is not None or wanted.until is not None
    if between and (wanted.on is not None or period is not None):
        raise UsageError(msg("forms.which_days"))
    if between:
        return report_between(workspace, wanted.since, wanted.until, author=wanted.author)
    if period is None and wanted.on is None:
        raise UsageError(msg("forms.which_days"))
    return period_report(workspace, period or "day", on=wanted.on, author=wanted.author)
