"""What is to be erased on a person's or a customer's request, and what was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class RedactedRecord(NamedTuple):
    """A record with its corrections. `how` it is found: asked for by its id; or it names somebody, in a field that is made for it, as
    part of the customer's own deals, or in a text; `where` are the keys that do; `says` what it was about, empty once it is erased."""

    id: int
    kind: str
    how: Literal["asked", "named", "belongs", "mentioned"]
    on: str
    author: str
    deal: int | None
    deal_name: str
    where: Sequence[str]
    says: str


class OutOfReach(NamedTuple):
    """Where the same may still stand: `what` is a catalogue key under `redact.beyond.`; `path` is a file, or empty; `n` how
    many records it is; `command` is what takes it away, as typed, empty where no command does."""

    what: Literal[
        "backup",
        "set_aside",
        "draft_open",
        "part",
        "remembered",
        "schema",
        "schema_record",
        "author",
        "source_key",
        "outputs",
    ]
    path: str = ""
    n: int = 0
    command: str = ""


class Redaction(NamedTuple):
    """The records to be erased, oldest first; `unmentioned` are those left out since they only mention the name. `drafts` and
    `copies` are files that go as well. `near` are names written with other letters, or with another legal form. Once it
    `is_done`, `erasures` are the records that say so: none where it was in files alone."""

    records: Sequence[RedactedRecord]
    unmentioned: int
    drafts: Sequence[str]
    copies: Sequence[str]
    beyond: Sequence[OutOfReach]
    near: Sequence[str] = ()
    erasures: Sequence[int] = ()
    is_done: bool = False
    dry_run: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be erased."""
        return not (self.records or self.drafts or self.copies)
