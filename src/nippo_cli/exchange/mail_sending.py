"""Sending a mail by a server that speaks SMTP, in secret or not at all."""

import smtplib
import socket
import ssl
from base64 import b64encode
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import Message, NippoError, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.schema.schema import SendTerms

_SECONDS: Final = 30
_WELCOME: Final = 235
# What a computer calls itself whose own name a server can't read.
_NAMELESS: Final = "[127.0.0.1]"


class NotSent(NippoError):
    """The server did not take a mail."""


def send(
    message: EmailMessage, sender: str, receivers: "Sequence[str]", terms: "SendTerms", password: str
) -> list[str]:
    """Hand a mail to a server; the addresses that it refused, of several.

    Args:
        sender: the bare address that is told to the server.
        password: of `terms.user`; where nobody logs in it is not asked for.

    Raises:
        NotSent: it was not taken, and why.
    """
    try:
        with _connected(terms) as server:
            if terms.user:
                _log_in(server, terms.user, password)
            return list(server.send_message(message, from_addr=sender, to_addrs=list(receivers)))
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        raise NotSent(_reason(error, terms)) from error


def _connected(terms: "SendTerms") -> smtplib.SMTP:
    """A connection that nobody reads along."""
    context = ssl.create_default_context()
    own_name = None if socket.gethostname().isascii() else _NAMELESS
    if terms.security == "tls":
        return smtplib.SMTP_SSL(terms.server, terms.port, own_name, timeout=_SECONDS, context=context)
    server = smtplib.SMTP(terms.server, terms.port, own_name, timeout=_SECONDS)
    try:
        server.starttls(context=context)
    except smtplib.SMTPNotSupportedError as error:
        server.close()
        raise NotSent(msg("mail.no_tls", server=f"{terms.server}:{terms.port}")) from error
    except BaseException:
        server.close()
        raise
    return server


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """Log in; where letters beyond ASCII are in it, as RFC 4616 has it, which smtplib does not."""
    if f"{user}{password}".isascii():
        server.login(user, password)
        return
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("auth"):
        raise smtplib.SMTPNotSupportedError("AUTH")
    code, said = server.docmd("AUTH", f"PLAIN {b64encode(f'{chr(0)}{user}{chr(0)}{password}'.encode()).decode()}")
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, said)


def _reason(error: Exception, terms: "SendTerms") -> Message:
    """Why a server did not take a mail."""
    where = f"{terms.server}:{terms.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return msg("mail.wrong_password", server=where, user=terms.user, said=_answer_text(error))
    if isinstance(error, ssl.SSLCertVerificationError):
        return msg("mail.certificate", server=where, reason=error.verify_message)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return msg("mail.recipients", server=where, refused=", ".join(error.recipients))
    if isinstance(error, smtplib.SMTPResponseException):
        return msg("mail.refused", server=where, said=_answer_text(error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return msg("mail.refused", server=where, said=str(error))
    return msg("mail.unreachable", server=where, reason=getattr(error, "strerror", None) or str(error))


def _answer_text(error: smtplib.SMTPResponseException) -> str:
    """What a server answered."""
    said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
    return f"{error.smtp_code} {said}"
