"""The gap pages."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from nippo_cli.line.facts import Head
from nippo_cli.line.norm import Norm, Quiet
from nippo_cli.schema.agreement import Agreement


class GapRow(NamedTuple):
    """A finding (`gaps.finding.Finding`) with the deal it is about (None where it is about none), how long that has been
    silent (days, held ones taken off), and what else its kind had looked up for it."""

    found: Any
    about: Head | None
    silence_days: int
    detail: Any = None

    @property
    def head(self) -> Head:
        """The deal, of a kind whose findings are all about one.

        Raises:
            LookupError: it is about none.
        """
        if self.about is None:
            raise LookupError("deal")
        return self.about


class GapPage(NamedTuple):
    """`nippo gap KIND`. `rows` are the first of `total` findings; `counted` is the kind's own count of what was looked
    at; `norms` are those that deals were held against.

    `left_out` counts by reason: `incomplete`, `rejected`, `future` of the diary, and the kind's own such as `on_hold`.
    """

    kind: str
    as_of: date
    since: date
    agreement: Agreement
    norms: Sequence[Norm]
    quiet: Quiet
    rows: Sequence[GapRow]
    total: int
    counted: Any
    left_out: Mapping[str, int]
    filtered: bool
