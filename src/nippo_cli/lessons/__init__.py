"""What finished deals teach: one pure file a question, frozen facts in, a frozen lesson out.

A lesson is a module with

    learn(facts) -> a NamedTuple            all that the page says, each table in the order in which it is shown
    behind(facts, narrowed) -> list         the deals behind its figures, those with most money first (`facts.Behind`)

How a lesson is drawn is in `render/lessons/<kind>.py`.
"""

from collections.abc import Mapping

# The lessons that `nippo lessons KIND` answers, in the order of the page, and the module of each.
KINDS: Mapping[str, str] = {
    "lost": "lost",
    "fates": "fates",
    "contrast": "contrast",
    "confidence": "confidence",
    "words": "words",
    "cases": "cases",
}
# The one that is nobody else's business: it is told to its author alone, and stands on no page beside others.
OWN = "words"
# A rate of fewer, or a curve with fewer still at risk, is no number but "too little data".
LEAST_RATE = 10
# A median of fewer tells of those few, not of what is usual.
LEAST_MEDIAN = 3
# At which age deals are held against each other where none is asked for: days since the first contact.
AGE_DAYS = 60
# So many deals, those that ended last, tell of the others: enough for any figure, and of late.
LATEST = 2000
