"""An answer as a mail: `-o FILE.eml`, `--eml`, and `--send`, which sends it."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.exchange.mail_text import Attachment
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
    if (send or eml) and run.output not in (None, "-") and not str(run.output).casefold().endswith(".eml"):
        raise UsageError(msg("forms.ending", path=run.output, ending=".eml"))


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

    draft = run.mail_of(result, workspace, attachments)
    if not send:
        run.put_file([write(draft)])
        return
    terms = run.mail_terms()
    mailing.must_be_sendable(terms, draft)
    _agree(run, workspace, terms)
    output = run.output if run.output not in (None, "-") else None
    if output is not None:
        run.put_file([write(draft)])
    sent = mailing.send_draft(workspace, terms, draft, output or "")
    run.end_file()
    run.show(sent)


def _agree(run: "CliContext", workspace: "Workspace", terms: "MailTerms") -> None:
    """Have a person agree, once on a computer, to the command that says the password and to the server that is told it.

    Raises:
        UsageError: nobody is here to agree, or they don't.
    """
    from nippo_cli.services.pages import mailing

    if mailing.is_trusted(workspace, terms) or terms.send is None:
        return
    command, server = terms.send.password, f"{terms.send.server}:{terms.send.port}"
    if run.interactive:
        from nippo_cli.cli.frame.prompts import tell, yes

        tell(t("mail.command", command=command, server=server, user=terms.send.user))
        if yes(t("mail.agree")):
            mailing.trust(workspace, terms)
            return
    raise UsageError(msg("mail.not_agreed", command=command, server=server), hint=msg("mail.not_agreed.hint"))
