"""What gaps and lessons may ask for, answered by SQL."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.facts.earlier import (
        EarlierLandingFacts as EarlierLandingFacts,
    )
    from nippo_cli.journal.facts.ended import (
        LessonScope as LessonScope,
    )
    from nippo_cli.journal.facts.gap_facts import (
        GapScope as GapScope,
        JournalGapFacts as JournalGapFacts,
    )
    from nippo_cli.journal.facts.landing_facts import (
        JournalLandingFacts as JournalLandingFacts,
    )
    from nippo_cli.journal.facts.lesson_facts import (
        JournalLessonFacts as JournalLessonFacts,
    )
    from nippo_cli.journal.facts.moves import (
        last_forward as last_forward,
    )
    from nippo_cli.journal.facts.one_deal import (
        DealGapFacts as DealGapFacts,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "earlier": "EarlierLandingFacts",
            "ended": "LessonScope",
            "gap_facts": "GapScope JournalGapFacts",
            "landing_facts": "JournalLandingFacts",
            "lesson_facts": "JournalLessonFacts",
            "moves": "last_forward",
            "one_deal": "DealGapFacts",
        },
    )
