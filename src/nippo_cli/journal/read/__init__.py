"""Questions to the journal, each statement beside its reader. Nothing here writes."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.read.completing import (
        NameOffers as NameOffers,
    )
    from nippo_cli.journal.read.ledger import (
        Ledger as Ledger,
    )
    from nippo_cli.journal.read.log import (
        Wanted as Wanted,
    )
    from nippo_cli.journal.read.names import (
        AmbiguousDeal as AmbiguousDeal,
        NamedDeal as NamedDeal,
        UnknownDeal as UnknownDeal,
        find_deal as find_deal,
        holder as holder,
        tag as tag,
    )
    from nippo_cli.journal.read.people import (
        NamedPeople as NamedPeople,
    )
    from nippo_cli.journal.read.picked import (
        LessonFilter as LessonFilter,
        Quietness as Quietness,
    )
    from nippo_cli.journal.read.reader import (
        JournalReader as JournalReader,
        reading as reading,
    )
    from nippo_cli.journal.read.recent import (
        due_deals as due_deals,
        last_entry as last_entry,
        recent_customers as recent_customers,
        recent_deals as recent_deals,
    )
    from nippo_cli.journal.read.views import (
        place_of as place_of,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "completing": "NameOffers",
            "ledger": "Ledger",
            "log": "Wanted",
            "names": "AmbiguousDeal NamedDeal UnknownDeal find_deal holder tag",
            "people": "NamedPeople",
            "picked": "LessonFilter Quietness",
            "reader": "JournalReader reading",
            "recent": "due_deals last_entry recent_customers recent_deals",
            "views": "place_of",
        },
    )
