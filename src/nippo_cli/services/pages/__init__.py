"""Everything else that is asked: deals, days, steps, the log."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.pages.comments import (
        waiting as waiting,
    )
    from nippo_cli.services.pages.completing import (
        CompletionOffer as CompletionOffer,
        Offers as Offers,
        matching as matching,
    )
    from nippo_cli.services.pages.conflicts import (
        conflicts_in as conflicts_in,
        pairs_of as pairs_of,
    )
    from nippo_cli.services.pages.handover import (
        handover_page as handover_page,
    )
    from nippo_cli.services.pages.log import (
        LogFilter as LogFilter,
    )
    from nippo_cli.services.pages.past_losses import (
        competitor_of as competitor_of,
        repeated_loss as repeated_loss,
    )
    from nippo_cli.services.pages.people import (
        person_named as person_named,
    )
    from nippo_cli.services.pages.periods import (
        period_report as period_report,
    )
    from nippo_cli.services.pages.precedents import (
        precedents_of as precedents_of,
    )
    from nippo_cli.services.pages.team_day import (
        team_report as team_report,
    )
    from nippo_cli.services.pages.team_morning import (
        note_the_look as note_the_look,
    )
    from nippo_cli.services.pages.today import (
        morning as morning,
    )
    from nippo_cli.services.pages.workdays import (
        WorkDays as WorkDays,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "comments": "waiting",
            "completing": "CompletionOffer Offers matching",
            "conflicts": "conflicts_in pairs_of",
            "handover": "handover_page",
            "log": "LogFilter",
            "people": "person_named",
            "past_losses": "competitor_of repeated_loss",
            "periods": "period_report",
            "precedents": "precedents_of",
            "team_day": "team_report",
            "team_morning": "note_the_look",
            "today": "morning",
            "workdays": "WorkDays",
        },
    )
