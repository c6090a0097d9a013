"""Questions to the journal, each statement beside its reader. Nothing here writes."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.read.activity import (
        activity_counts_in as activity_counts_in,
    )
    from nippo_cli.journal.read.authors import (
        spelled_authors as spelled_authors,
    )
    from nippo_cli.journal.read.completing import (
        NameOffers as NameOffers,
        OfferedDeal as OfferedDeal,
        bare_name as bare_name,
    )
    from nippo_cli.journal.read.conflicts import (
        unseen_corrections as unseen_corrections,
        unseen_statements as unseen_statements,
    )
    from nippo_cli.journal.read.counts import (
        Counts as Counts,
    )
    from nippo_cli.journal.read.customer_rows import (
        contacts_outside as contacts_outside,
        customers_deals as customers_deals,
    )
    from nippo_cli.journal.read.deal_filter import (
        DealFilter as DealFilter,
        DealScope as DealScope,
    )
    from nippo_cli.journal.read.handovers import (
        new_handings as new_handings,
    )
    from nippo_cli.journal.read.ledger import (
        KNOWN_ROWS as KNOWN_ROWS,
        Ledger as Ledger,
        ids_json as ids_json,
    )
    from nippo_cli.journal.read.lines import (
        Days as Days,
        LineReader as LineReader,
        promises_by_deal as promises_by_deal,
    )
    from nippo_cli.journal.read.log import (
        HELD_AT_MOST as HELD_AT_MOST,
        ReadLater as ReadLater,
        Wanted as Wanted,
        customer_of as customer_of,
    )
    from nippo_cli.journal.read.members import (
        dropped_by as dropped_by,
        dropped_tails as dropped_tails,
        left_within as left_within,
    )
    from nippo_cli.journal.read.names import (
        find_deal as find_deal,
        find_deal_on as find_deal_on,
    )
    from nippo_cli.journal.read.news import (
        MOST_READ as MOST_READ,
        Bounds as Bounds,
        NewEntry as NewEntry,
        bounds_of as bounds_of,
    )
    from nippo_cli.journal.read.passages import (
        PassageReader as PassageReader,
    )
    from nippo_cli.journal.read.people import (
        NamedPeople as NamedPeople,
    )
    from nippo_cli.journal.read.picked import (
        LessonFilter as LessonFilter,
        PickedReader as PickedReader,
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
    from nippo_cli.journal.read.revisit_days import (
        revisits as revisits,
    )
    from nippo_cli.journal.read.same_names import (
        called_so as called_so,
        free_name as free_name,
        holder as holder,
        namesakes as namesakes,
        sharing_names as sharing_names,
        tag as tag,
    )
    from nippo_cli.journal.read.snapshot_at import (
        known_later as known_later,
        trails as trails,
    )
    from nippo_cli.journal.read.statements import (
        CLOSED_OF as CLOSED_OF,
        RANKS_OF_CLOSED as RANKS_OF_CLOSED,
    )
    from nippo_cli.journal.read.traces import (
        Sought as Sought,
        Trace as Trace,
        Traces as Traces,
        find_traces as find_traces,
        holds_bodies as holds_bodies,
        mentions as mentions,
        numbers_and_instants as numbers_and_instants,
        traces_of as traces_of,
        with_every_name as with_every_name,
    )
    from nippo_cli.journal.read.unclear_names import (
        AmbiguousDeal as AmbiguousDeal,
        NamedDeal as NamedDeal,
        UnknownDeal as UnknownDeal,
    )
    from nippo_cli.journal.read.views import (
        place_of as place_of,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "activity": "activity_counts_in",
            "authors": "spelled_authors",
            "completing": "NameOffers OfferedDeal bare_name",
            "conflicts": "unseen_corrections unseen_statements",
            "counts": "Counts",
            "customer_rows": "contacts_outside customers_deals",
            "deal_filter": "DealFilter DealScope",
            "ledger": "KNOWN_ROWS Ledger ids_json",
            "lines": "Days LineReader promises_by_deal",
            "log": "customer_of HELD_AT_MOST ReadLater Wanted",
            "handovers": "new_handings",
            "news": "Bounds MOST_READ NewEntry bounds_of",
            "members": "dropped_by dropped_tails left_within",
            "names": "find_deal find_deal_on",
            "same_names": "called_so free_name holder namesakes sharing_names tag",
            "passages": "PassageReader",
            "people": "NamedPeople",
            "picked": "LessonFilter PickedReader Quietness",
            "reader": "JournalReader reading",
            "recent": "due_deals last_entry recent_customers recent_deals",
            "revisit_days": "revisits",
            "snapshot_at": "known_later trails",
            "statements": "CLOSED_OF RANKS_OF_CLOSED",
            "traces": "Sought Trace Traces find_traces holds_bodies mentions numbers_and_instants traces_of with_every_name",
            "unclear_names": "AmbiguousDeal NamedDeal UnknownDeal",
            "views": "place_of",
        },
    )
