"""The gap page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from nippo_cli.gaps.stalled import Stalled, StalledCount
from nippo_cli.line.facts import Head
from nippo_cli.line.norm import Norm
from nippo_cli.schema.agreement import Agreement


class StalledRow(NamedTuple):
    """A finding with the deal it is about."""

    found: Stalled
    head: Head
    silence_days: int


class StalledPage(NamedTuple):
    """`rows` are the first of `counted.stalled` findings. `norms` are those that live deals were held against.
    `left_out` counts by reason: `incomplete`, `on_hold`, `never_stalls`, `rejected`, `future`."""

    as_of: date
    since: date
    agreement: Agreement
    norms: Sequence[Norm]
    rows: Sequence[StalledRow]
    counted: StalledCount
    left_out: Mapping[str, int]
    filtered: bool
