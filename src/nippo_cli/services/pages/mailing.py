"""An answer as a mail: drawn twice, addressed as the schema says, and sent where that is asked for."""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import NippoError, UsageError, msg
from nippo_cli.base.files import make_folder, replace_file
from nippo_cli.base.language import t
from nippo_cli.base.settings import text_setting
from nippo_cli.exchange.mail_sending import NotSent, send
from nippo_cli.exchange.mail_text import Attachment, MailDraft, to_send, write
from nippo_cli.render import draw
from nippo_cli.results.mail import MailSent
from nippo_cli.results.report import ReportPage
from nippo_cli.schema.parts import MailTerms, SendTerms

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.services.context import Workspace

_SECONDS: Final = 60
# To which commands for a password, and to whom they give it, a person has agreed on this computer, by their SHA-256.
_TRUSTED: Final = "mail-commands"


class NoPassword(NippoError):
    """The command that says the password failed."""


def draft_of(
    workspace: "Workspace", result: object, terms: MailTerms, attachments: Sequence[Attachment], *, head: str
) -> MailDraft:
    """An answer as a mail.

    Args:
        result: what it says.
        terms: whom it goes to, if anybody yet.
        attachments: what goes with it.
        head: what stands above the page.
    """
    day: date = getattr(result, "as_of", workspace.now.date())
    author = workspace.author or workspace.machine_user
    if isinstance(result, ReportPage):
        day = result.since
        author = result.author or t("show.comma").join(result.authors) or author
    values: Mapping[str, str] = {"title": draw.title_of(result), "author": author, "day": day.isoformat()}
    subject = terms.subject or "{title}"
    for name, value in values.items():
        subject = subject.replace(f"{{{name}}}", value)
    return MailDraft(
        sender=text_setting("NIPPO_MAIL_FROM") or terms.sender,
        to=terms.to,
        cc=terms.cc,
        subject=subject.strip() or "nippo",
        plain=f"{head}\n\n{draw.draw(result, fmt='table', screen=draw.Screen())}",
        html="".join(draw.draw_in_pieces(result, fmt="mail", screen=draw.Screen(), head=head)),
        attachments=attachments,
    )


def must_be_sendable(terms: MailTerms, draft: MailDraft) -> None:
    """See that there is somebody to send to, and a server.

    Raises:
        UsageError: `mail:` does not say so, or what is said of the sender is no address.
    """
    lacking = [
        key
        for key, there in (
            ("send", terms.send is not None),
            ("to", bool(draft.to)),
            ("from", bool(draft.sender)),
        )
        if not there
    ]
    if lacking:
        raise UsageError(msg("mail.lacking", keys=", ".join(lacking)), hint=msg("mail.lacking.hint"))
    if "@" not in parseaddr(draft.sender)[1]:
        raise UsageError(msg("mail.bad_sender", said=draft.sender))


def send_draft(workspace: "Workspace", terms: MailTerms, draft: MailDraft, to: str) -> MailSent:
    """Send a mail that was written as a draft.

    Args:
        to: the file of the draft; empty for one that stands in the state folder until the mail is sent.

    Raises:
        NotSent: the server did not take it. NoPassword: the command for the password failed. Either says where the draft is.
    """
    sending = terms.send
    if sending is None:
        raise UsageError(msg("mail.lacking", keys="send"), hint=msg("mail.lacking.hint"))
    path = Path(to) if to else _put_by(workspace, write(draft))
    try:
        password = _password(sending.password) if sending.user and sending.password else ""
        message = to_send(draft, workspace.now)
        refused = send(message, parseaddr(draft.sender)[1], draft.receivers, sending, password)
    except (NotSent, NoPassword) as error:
        error.hint = msg("mail.draft_kept", path=str(path))
        raise
    if not to:
        path.unlink(missing_ok=True)
    names = [one.name for one in draft.attachments]
    return MailSent(draft.to, draft.cc, refused, draft.subject, f"{sending.server}:{sending.port}", names, to)


def is_trusted(workspace: "Workspace", terms: MailTerms) -> bool:
    """Whether a person has agreed, on this computer, to the command that says the password and to the server that is told it. A
    schema may come from a colleague."""
    sending = terms.send
    if sending is None or not (sending.user and sending.password):
        return True
    return _mark(sending) in _known(workspace.places.state / _TRUSTED).split()


def trust(workspace: "Workspace", terms: MailTerms) -> None:
    """Remember that a person has agreed to it."""
    if terms.send is not None:
        make_folder(workspace.places.state)
        file = workspace.places.state / _TRUSTED
        replace_file(file, f"{_known(file)}{_mark(terms.send)}\n".encode())


def _known(file: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text(encoding="ascii")
    return ""


def _mark(sending: SendTerms) -> str:
    said = "\n".join((sending.server, str(sending.port), sending.user, sending.password))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _password(command: str) -> str:
    """What a command prints, its first line.

    Raises:
        NoPassword: it failed, or printed nothing.
    """
    try:
        argv: str | list[str] = command if os.name == "nt" else shlex.split(command)
        done = subprocess.run(argv, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603  agreed to
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise NoPassword(msg("mail.no_password", command=command, reason=str(error))) from error
    said = done.stdout.decode("utf-8", "replace").splitlines()
    if done.returncode or not said or not said[0]:
        reason = done.stderr.decode("utf-8", "replace").strip() or str(done.returncode)
        raise NoPassword(msg("mail.no_password", command=command, reason=reason))
    return said[0]


def _put_by(workspace: "Workspace", content: bytes) -> Path:
    """The draft in the state folder, for the person alone."""
    folder = workspace.places.state / "mails"
    make_folder(folder)
    path = folder / f"{workspace.now:%Y%m%d-%H%M%S}-{os.getpid()}.eml"
    replace_file(path, content)
    return path
