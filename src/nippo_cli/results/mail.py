"""A mail that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class MailSent(NamedTuple):
    """Whom a mail went to, and whom the server refused among them; the files that went with it. `draft`: where it was written as
    well, empty where it was not."""

    to: Sequence[str]
    cc: Sequence[str]
    refused: Sequence[str]
    subject: str
    server: str
    attachments: Sequence[str]
    draft: str
