"""A mail that was sent: to whom, and what went with it."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, FactRows, Page, Prose, Renderer, Span
from nippo_cli.results.mail import MailSent

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: MailSent, _screen: "Screen") -> Page:
    """Whom it went to, and whom it did not."""
    comma = t("show.comma")
    rows: list[tuple[str, Cell]] = [
        (t("mail.to"), comma.join(result.to)),
        (t("mail.cc"), comma.join(result.cc)),
        (t("mail.subject"), result.subject),
        (t("mail.attached"), comma.join(result.attachments)),
        (t("mail.draft"), result.draft),
    ]
    blocks: list[Block] = [FactRows([row for row in rows if row[1]])]
    if result.refused:
        blocks.append(Prose(Span(t("mail.some_refused", refused=comma.join(result.refused)), "warn")))
    return Page(blocks, t("mail.sent"))


def to_json(result: MailSent) -> dict[str, object]:
    """The same as data."""
    return {
        "to": list(result.to),
        "cc": list(result.cc),
        "refused": list(result.refused),
        "subject": result.subject,
        "server": result.server,
        "attachments": list(result.attachments),
        "draft": result.draft or None,
    }


RENDERER = Renderer(MailSent, page=page, to_json=to_json)
