"""What finished deals teach: one pure file a question, frozen facts in, a frozen lesson out.

A lesson is a module with

    learn(facts) -> a NamedTuple            all that the page says, each table in the order in which it is shown
    behind(facts, narrowed) -> list         the deals behind its figures, those with most money first (`facts.Behind`)

How a lesson is drawn is in `show/lessons_<kind>.py`.
"""

from collections.abc import Mapping

# The lessons that `nippo lessons KIND` answers, in the order of the page, and the module of each.
KINDS: Mapping[str, str] = {
    "lost": "lost",
    "fates": "fates",
    "confidence": "confidence",
}
# A rate of fewer, or a curve with fewer still at risk, is no number but "too little data".
LEAST_RATE = 10
# A median of fewer tells of those few, not of what is usual.
LEAST_MEDIAN = 3
