"""One pure file a question: frozen facts in, frozen findings out.

A gap is a module with

    find(facts) -> Found                    all findings, most important first
    look(facts, findings) -> list           optional: what is worth knowing of those that are shown, one for each
"""

from collections.abc import Mapping, Sequence

# The gaps that `nippo gap KIND` answers, in the order of the page, and the module of each.
KINDS: Mapping[str, str] = {
    "stalled": "stalled",
    "mirage": "mirage",
    "fizzled": "fizzled",
    "broken": "broken",
    "next": "next_step",
    "aftercare": "aftercare",
    "unlinked": "unlinked",
    "promises": "promises",
    "activity": "activity",
}
# Those that say something of a deal as it stands, and the fate of the deals that they say it of; None is any.
SIGNS: Mapping[str, str | None] = {
    "stalled": "live",
    "mirage": "live",
    "fizzled": "live",
    "broken": None,
    "next": "live",
    "aftercare": "won",
    "unlinked": None,
}
# Those that put a live deal's money at risk, the gravest first: a deal with several counts once, under the first.
RISKS: Sequence[str] = ("fizzled", "stalled", "mirage", "next", "broken")
