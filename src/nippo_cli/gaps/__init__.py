"""One pure file a question: frozen facts in, frozen findings out.

A gap is a module with

    find(facts) -> Found                    all findings, most important first
    look(facts, findings) -> list           optional: what is worth knowing of those that are shown, one for each
"""

from collections.abc import Mapping

# The gaps that `nippo gap KIND` answers, in the order of the page, and the module of each.
KINDS: Mapping[str, str] = {
    "stalled": "stalled",
    "unlinked": "unlinked",
    "promises": "promises",
    "activity": "activity",
}
