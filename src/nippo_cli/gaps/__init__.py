"""One pure file a question: frozen facts in, frozen findings out.

A gap is a module with what `GapModule` names; how it is drawn is in the module of the same name in `render/gaps/`. To add one is
to write both, its words and its docs, and to add a line to `KINDS`.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import GapFacts
    from nippo_cli.gaps.finding import Findings


class GapModule(Protocol):
    """What the module of a gap answers."""

    def find(self, facts: "GapFacts") -> "Findings":
        """All findings, most important first."""

    def look(self, facts: "GapFacts", findings: Sequence[Any]) -> Sequence[Any]:
        """What is worth knowing of the findings that are shown, one for each; None where there is nothing more
        (`finding.no_details`)."""


class GapKind(NamedTuple):
    """What is known of a gap before its module is loaded.

    `of`: the deals of which it says something as they stand: the live ones, those won, those won or in the ledger (`sold`),
    or any; empty where it speaks of no single deal. `risk`: its place, from 1 for the gravest, among those that put a live
    deal's money at risk: a deal with several counts once, under the gravest; 0 where it puts none. `asks_stage`: a stage that
    is asked about is one to look at closely, and leaves no deal out.
    """

    of: Literal["live", "won", "sold", "any", ""] = ""
    risk: int = 0
    asks_stage: bool = False

    def finds_of(self, fate: str, *, sold: bool) -> bool:
        """Whether it may find something of a deal of a fate that is, or isn't, won or in the ledger."""
        return self.of in ("any", fate) or (self.of == "sold" and sold)


# The gaps that `nippo gap KIND` answers, in the order of the page.
KINDS: dict[str, GapKind] = {
    "stalled": GapKind("live", risk=2),
    "mirage": GapKind("live", risk=3),
    "fizzled": GapKind("live", risk=1),
    "broken": GapKind("any", risk=5),
    "next": GapKind("live", risk=4),
    "aftercare": GapKind("won"),
    "unlinked": GapKind("sold"),
    "promises": GapKind(),
    "activity": GapKind(asks_stage=True),
    "revisit": GapKind(),
}


def risks() -> list[str]:
    """The gaps that put a live deal's money at risk, the gravest first."""
    return sorted((kind for kind in KINDS if KINDS[kind].risk), key=lambda kind: KINDS[kind].risk)


def signs() -> list[str]:
    """The gaps that say something of single deals, the gravest first, then in the order of the page."""
    grave = risks()
    return [*grave, *(kind for kind in KINDS if KINDS[kind].of and kind not in grave)]


def module_of(kind: str) -> GapModule:
    """The module of a gap that is in `KINDS`."""
    return cast("GapModule", import_module(f"nippo_cli.gaps.{kind}"))
