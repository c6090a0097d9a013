"""What finished deals teach: one pure file a question, frozen facts in, a frozen lesson out.

A lesson is a module with

    learn(facts) -> a NamedTuple            all that the page says, each table in the order in which it is shown
    behind(facts, narrowed) -> list         the deals behind its figures, those with most money first (`facts.Behind`)

How a lesson is drawn is in `render/lessons/<kind>.py`.
"""

from nippo_cli.base.frozen import NamedTuple


class LessonKind(NamedTuple):
    """What is known of a lesson before its module is loaded. `narrows`: what the deals behind it can be narrowed to;
    `windowed`: it is of a window, not of all that ever was."""

    narrows: tuple[str, ...]
    windowed: bool = False


# The lessons that `nippo lessons KIND` answers, in the order of the page; the module of each has its name.
KINDS: dict[str, LessonKind] = {
    "lost": LessonKind(("reason", "cause", "competitor"), windowed=True),
    "fates": LessonKind(("fate",)),
    "contrast": LessonKind(("fate",)),
    "confidence": LessonKind(("rank",)),
    "words": LessonKind(("sign",), windowed=True),
    "cases": LessonKind(("cause", "competitor"), windowed=True),
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
