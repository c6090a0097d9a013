"""The indexes over the journal's tables, each beside what asks for it."""

from typing import Final

# What a large import drops and builds again, sorted, in the same transaction.
ENTRY_INDEXES: Final = {
    # One deal's line in its order.
    "entry_deal": "create index entry_deal on entry(deal, on_date, recorded_at, id)",
    # The whole log in its order.
    "entry_day": "create index entry_day on entry(on_date, recorded_at, id)",
    "entry_billed_to": "create index entry_billed_to on entry(billed_to) where billed_to is not null",
    "entry_customer": "create index entry_customer on entry(customer, on_date) where customer is not null",
    # What was written down on a later day than it happened.
    "entry_late": "create index entry_late on entry(known_on, on_date, deal) where known_on > on_date",
    "entry_incomplete": "create index entry_incomplete on entry(on_date, recorded_at) where incomplete",
    # Whether somebody wrote on a day.
    "entry_author": "create index entry_author on entry(author, on_date)",
    # What a deal's entries state of its loss.
    "entry_why_lost": (
        "create index entry_why_lost on entry(deal, on_date, recorded_at, id, schema, why_lost)"
        " where why_lost is not null"
    ),
    # The entries that a merge moved.
    "entry_own_deal": "create index entry_own_deal on entry(own_deal) where own_deal is not null",
}
MEMBER_INDEX: Final = "create index record_members on record(id) where kind = 'member'"
# Which records are corrected, and by which devices.
AMEND_INDEX: Final = "create index record_amends on record(target) where kind = 'amend'"
# Of which deals something was said after they began, and by which devices.
STATED_INDEX: Final = "create index record_stated on record(target) where kind = 'deal' and target is not null"
SOURCE_INDEX: Final = "create index record_source on record(source_key) where source_key is not null"
DEAL_INDEXES: Final = {
    # `gap stalled` reads live deals from this index alone; so do a list of which a screen shows a few, and the landing, where their
    # money stands.
    "deal_live": (
        "create index deal_live on deal(fate, stage, kind, entered_on, amount, holds, began_on, last_contact_on, next_on,"
        " closes, accepts, confidence, arrival) where fate = 'live'"
    ),
    # Who was won or lost lately, and after how many days; and whose acceptance is still to come.
    "deal_closed": (
        "create index deal_closed on deal(fate, closed_on, accepts, amount, began_on, first_contact_on, begin_known)"
        " where closed_on is not null"
    ),
    # What the morning page asks for: whose next step, and whose expected close, falls on a day.
    "deal_next": (
        "create index deal_next on deal(substr(next_on, -10))"
        " where fate = 'live' and holds is null and next_on is not null"
    ),
    "deal_closes": (
        "create index deal_closes on deal(substr(closes, -10))"
        " where fate = 'live' and holds is null and closes is not null"
    ),
    # Which deals ever went back to an earlier stage.
    "deal_back": "create index deal_back on deal(id) where went_back",
    # Of which deals a list is all that tells how they came where they were.
    "stay_listed": "create index stay_listed on stay(deal) where arrival <> 'known'",
    # What closed deals were worth.
    "deal_worth": "create index deal_worth on deal(amount) where fate <> 'live' and amount is not null",
    # Which deals of a kind ended last, and which live ones fell silent last: what a deal is held against.
    "deal_ended": "create index deal_ended on deal(kind, closed_on) where closed_on is not null",
    "deal_silent": ("create index deal_silent on deal(kind, coalesce(last_contact_on, began_on)) where fate = 'live'"),
    "deal_held": "create index deal_held on deal(kind, fate) where holds is not null",
    # A search looks through these for words of a name.
    "deal_search_text": "create index deal_search_text on deal(search_text)",
    "deal_customer": "create index deal_customer on deal(customer)",
    "deal_parent": "create index deal_parent on deal(parent) where parent is not null",
    "deal_known": "create index deal_known on deal(last_known_on)",
    # Lost deals that plan a step; and won ones by the day from which what was sold is in use.
    "deal_lost_next": (
        "create index deal_lost_next on deal(substr(next_on, -10)) where fate = 'lost' and next_on is not null"
    ),
    "deal_bought": (
        "create index deal_bought on deal(kind, coalesce(substr(accepts, -10), closed_on)) where fate = 'won'"
    ),
    "deal_event": "create index deal_event on deal(last_event_on)",
    # Which deals tell the days after a past one by themselves, and which don't.
    "deal_steady": "create index deal_steady on deal(steady_since, began_on)",
    # Who was sold what, and last heard from us when.
    "deal_sold": (
        "create index deal_sold on deal(fate, id, stage, kind, customer, entered_on, last_contact_on, amount, holds)"
        " where fate = 'won'"
    ),
    "eve_deal": "create index eve_deal on eve(deal)",
    # Which deadlines fall on a day: on the last one of a span.
    "deadline_day": "create index deadline_day on deadline(substr(value, -10), deal)",
    "deal_name_deal": "create index deal_name_deal on deal_name(deal)",
}
OF_LOG: Final = (
    "create index record_target on record(target) where target is not null",
    # Imports are few; what they rejected is counted under every gap page.
    "create index record_imports on record(id) where kind = 'batch'",
    MEMBER_INDEX,
    AMEND_INDEX,
    STATED_INDEX,
    SOURCE_INDEX,
)
OF_DERIVED: Final = (
    *ENTRY_INDEXES.values(),
    *DEAL_INDEXES.values(),
    "create index gone_into on gone(into_deal) where into_deal is not null",
    "create index hold_deal on hold(deal)",
    "create index customer_name_of on customer_name(customer, is_alias)",
    "create index person_said_of on person_said(begin)",
    "create index customer_name_said on customer_name(said_of)",
    # A month's total, and which deals have sales, are read from these alone.
    "create index sale_day on sale(kind, on_date, known_on, amount)",
    "create index sale_link on sale(link, kind, on_date, known_on, amount) where link is not null",
    "create index match_sale on match(sale)",
    "create index comment_entry on comment(entry) where entry is not null",
    "create index comment_day on comment(day) where day is not null",
    "create index comment_parent on comment(parent) where parent is not null",
    # What the morning page asks for: few, however many were answered.
    "create index comment_open on comment(due) where asks and done_on is null and (decision or answered is null)",
    "create index comment_deal on comment(deal) where deal is not null",
    "create index comment_decision on comment(id) where decision",
    "create index acknowledgement_about on acknowledgement(about)",
    "create index acknowledgement_author on acknowledgement(author, known_on)",
    "create index day_on on day(on_date)",
    "create index review_deal on review(deal)",
    "create index revisit_about on revisit(about)",
)
