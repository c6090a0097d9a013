"""What every gap finds: findings that say what they rest on, a count of all that was looked at, and what was left out."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


class Finding(Protocol):
    """What any finding says of a deal. A finding is a question to a colleague, never a verdict on one.

    `began_on` is the day since which it stands, `new` whether that day lies in the window; `amount` is in the currency's
    smallest unit; `measure` says how far it goes (days, or a count), so that two days' findings can be compared.
    """

    @property
    def deal(self) -> int | None:
        """The deal's id; None where it is about something that belongs to no deal, such as a sale."""

    @property
    def stage(self) -> str:
        """The stage that the deal is in; empty where there is no deal."""

    @property
    def began_on(self) -> date:
        """The day since which it stands."""

    @property
    def new(self) -> bool:
        """Whether it began in the window."""

    @property
    def amount(self) -> int | None:
        """The deal's amount."""

    @property
    def measure(self) -> int:
        """How far it goes."""


class Findings(NamedTuple):
    """All findings of a kind, most important first; `counted` is the kind's own count of what was looked at;
    `left_out` counts by reason what no finding could come of, `apart` has its deals where these are known; `figures` is what
    is worth telling though it is no finding about a deal, None if nothing."""

    findings: Sequence[Any]
    counted: Any = None
    left_out: Mapping[str, int] = MappingProxyType({})
    figures: Any = None
    apart: Mapping[str, Sequence[int]] = MappingProxyType({})


def no_details(_facts: object, findings: Sequence[Any]) -> Sequence[Any]:
    """`look` of a gap whose findings say all that is worth knowing of them."""
    return [None] * len(findings)
