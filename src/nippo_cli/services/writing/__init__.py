"""Entries, drafts, remarks, reviews: from what was typed to a record."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.writing.deal_customer import (
        EntryOfLeftDeal as EntryOfLeftDeal,
        LeftDeal as LeftDeal,
        NameHeld as NameHeld,
        disagreement as disagreement,
    )
    from nippo_cli.services.writing.draft_list import (
        view_of as view_of,
    )
    from nippo_cli.services.writing.drafts import (
        SavedDraft as SavedDraft,
        drafts_of as drafts_of,
        go_on as go_on,
        time_zone_of as time_zone_of,
    )
    from nippo_cli.services.writing.entry_so_far import (
        Known as Known,
    )
    from nippo_cli.services.writing.interview import (
        DEAL as DEAL,
        HELD as HELD,
        ON as ON,
        REST as REST,
        REVIEW as REVIEW,
        WHOSE as WHOSE,
        Interview as Interview,
    )
    from nippo_cli.services.writing.keeping import (
        as_typed as as_typed,
        draft_on_failure as draft_on_failure,
        forget_tries as forget_tries,
        given_back as given_back,
        keep_draft as keep_draft,
        put_by as put_by,
    )
    from nippo_cli.services.writing.meetings import (
        meetings_of as meetings_of,
        take_meetings as take_meetings,
    )
    from nippo_cli.services.writing.name_index import (
        NameOffer as NameOffer,
        alike as alike,
    )
    from nippo_cli.services.writing.opening import (
        another as another,
        begin_interview as begin_interview,
        by_key as by_key,
        entry_as_report as entry_as_report,
        new_deal as new_deal,
        resumed as resumed,
        same_meeting as same_meeting,
    )
    from nippo_cli.services.writing.recall import (
        Beginning as Beginning,
        KnownNames as KnownNames,
        Recalled as Recalled,
        beginning as beginning,
        customers_near as customers_near,
        deal_recalled as deal_recalled,
        deals_of as deals_of,
        like as like,
        people_met as people_met,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "deal_customer": "EntryOfLeftDeal LeftDeal NameHeld disagreement",
            "draft_list": "view_of",
            "drafts": "SavedDraft drafts_of go_on time_zone_of",
            "entry_so_far": "Known",
            "interview": "DEAL HELD Interview ON REST REVIEW WHOSE",
            "keeping": "as_typed forget_tries given_back keep_draft draft_on_failure put_by",
            "meetings": "meetings_of take_meetings",
            "name_index": "NameOffer alike",
            "opening": "another begin_interview by_key entry_as_report new_deal resumed same_meeting",
            "recall": "Beginning KnownNames Recalled beginning customers_near deal_recalled deals_of like people_met",
        },
    )
