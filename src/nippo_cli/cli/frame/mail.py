"""An answer as a mail: `-o FILE.eml`, `--eml`, and `--send`, which sends it."""

from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import NippoError, UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame.early_args import the_args
from nippo_cli.render import draw
from nippo_cli.results.report import ReportPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.exchange.mail_text import Attachment, MailDraft
    from nippo_cli.schema.schema import MailTerms
    from nippo_cli.services.context import Workspace


def ask_for_mail(run: "CliContext", *, eml: bool, send: bool) -> None:
    """What `--eml` and `--send` mean for an answer.

    Raises:
        UsageError: another format is asked for, or what is to be the draft is no `.eml`.
    """
    if eml and not send:
        if run.fmt not in (None, "eml"):
            raise UsageError(msg("cli.two_formats_eml", said=run.fmt))
        run.fmt = "eml"
    if send:
        run.makes_file = True
        if run.output not in (None, "-") and not str(run.output).casefold().endswith(".eml"):
            raise UsageError(msg("forms.ending", path=run.output, ending=".eml"))


def mail_of(
    run: "CliContext", result: object, workspace: "Workspace", attachments: "Sequence[Attachment] | None" = None
) -> "MailDraft":
    """An answer as a mail, without what stays out of files.

    Args:
        attachments: what goes with it; the answer as a workbook where None.
    """
    from nippo_cli.exchange.mail_text import Attachment
    from nippo_cli.services.pages.mailing import draft_of

    result = run.handed_on(result, for_people=True)
    if attachments is None:
        name = Path(run.output).stem if run.output not in (None, "-") else draw.title_of(result) or "nippo"
        book = draw.draw_workbook(result, labels=run.words_of_fields(), money=run.money, tell=run.notice)
        attachments = [Attachment(f"{name}.xlsx", b"".join(book))]
    today = workspace.now.date()
    report = isinstance(result, ReportPage)
    author = (result.author or t("show.comma").join(result.authors)) if isinstance(result, ReportPage) else ""
    day = result.since if isinstance(result, ReportPage) else getattr(result, "as_of", today)
    return draft_of(
        result,
        _terms(),
        day=day,
        author=author if report and author else workspace.author or workspace.machine_user,
        attachments=attachments,
    )


def put_mail(
    run: "CliContext",
    result: object,
    workspace: "Workspace",
    *,
    send: bool,
    attachments: "Sequence[Attachment] | None" = None,
) -> None:
    """Write an answer as a draft, and send it where that is asked for; then say to whom.

    Raises:
        UsageError: there is nobody to send it to, no server, or nobody here to agree to the command for the password. NippoError:
            it was not sent; the draft is kept.
    """
    from nippo_cli.exchange.mail_text import write
    from nippo_cli.services.pages import mailing

    draft = mail_of(run, result, workspace, attachments)
    if not send:
        run.put_file(write(draft))
        for notice in workspace.notices:
            run.notice(notice)
        return
    terms = _terms()
    mailing.must_be_sendable(terms, draft)
    if terms is None:
        return
    _agree(run, workspace, terms)
    output = run.output if run.output not in (None, "-") else None
    if output is not None:
        run.put_file(write(draft))
    sent = mailing.send_draft(workspace, terms, draft, output or "")
    run.end_file()
    run.show(sent, workspace)


def _agree(run: "CliContext", workspace: "Workspace", terms: "MailTerms") -> None:
    """Have a person agree, once on a computer, to the command that says the password.

    Raises:
        UsageError: nobody is here to agree, or they don't.
    """
    from nippo_cli.services.pages import mailing

    if mailing.is_trusted(workspace, terms) or terms.send is None:
        return
    command = terms.send.password
    if run.interactive:
        from nippo_cli.cli.frame.prompts import tell, yes

        tell(t("mail.command", command=command))
        if yes(t("mail.agree")):
            mailing.trust(workspace, terms)
            return
    raise UsageError(msg("mail.not_agreed", command=command), hint=msg("mail.not_agreed.hint"))


def _terms() -> "MailTerms | None":
    """`mail:` of the schema, of the file where that was edited; None where it says nothing."""
    try:
        return the_args().for_writing.mail
    except NippoError:
        schema = the_args().schema
        return schema.mail if schema is not None else None
