"""A mail as the programs of mail read it: HTML, a plain text that says the same, files attached. Written to a file it is a draft."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from hashlib import sha256
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import visible

_KINDS: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".html": "text/html",
}
# What no name of a file may hold where the mail is read.
_NO_NAME: Final = re.compile(r'[\\/:*?"<>|]')
# Every server takes seven bits; heads in Japanese become encoded words, bodies base64.
_POLICY: Final = SMTP.clone(cte_type="7bit")


class Attachment(NamedTuple):
    """A file that goes with a mail."""

    name: str
    content: bytes


class MailDraft(NamedTuple):
    """A mail that is not sent: addresses as people write them, the subject, what it says, and what goes with it."""

    sender: str
    to: Sequence[str]
    cc: Sequence[str]
    subject: str
    plain: str
    html: str
    attachments: Sequence[Attachment] = ()

    @property
    def receivers(self) -> list[str]:
        """The bare addresses that it goes to, each once."""
        return list(dict.fromkeys(parseaddr(one)[1] for one in (*self.to, *self.cc)))


def write(draft: MailDraft) -> bytes:
    """A file that opens as a mail to be sent (`X-Unsent`), in Outlook and in whatever knows that head."""
    message = _message(draft)
    message["X-Unsent"] = "1"
    return message.as_bytes()


def to_send(draft: MailDraft, now: datetime) -> EmailMessage:
    """The mail as it is sent, with its time and a number of its own; the name of this computer is not in it."""
    message = _message(draft)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=parseaddr(draft.sender)[1].rpartition("@")[2] or "nippo.invalid")
    return message


def _message(draft: MailDraft) -> EmailMessage:
    """A draft as a message of plain text and HTML, with what is attached."""
    message = EmailMessage(policy=_POLICY)
    for head, said in (("From", draft.sender), ("To", ", ".join(draft.to)), ("Cc", ", ".join(draft.cc))):
        if said:
            message[head] = said
    message["Subject"] = visible(draft.subject)
    message.set_content(draft.plain)
    message.add_alternative(draft.html, subtype="html")
    for one in draft.attachments:
        ending = next((ending for ending in _KINDS if one.name.casefold().endswith(ending)), "")
        kind, _, subkind = _KINDS.get(ending, "application/octet-stream").partition("/")
        message.add_attachment(
            one.content, maintype=kind, subtype=subkind, filename=_NO_NAME.sub("-", visible(one.name))
        )
    # The same mail is the same bytes; by chance alone its parts would be parted otherwise each time.
    digest = sha256(draft.plain.encode("utf-8", "surrogatepass") + draft.html.encode("utf-8", "surrogatepass"))
    for number, part in enumerate(one for one in message.walk() if one.is_multipart()):
        part.set_boundary(f"=_nippo_{number}_{digest.hexdigest()[:32]}")
    return message
