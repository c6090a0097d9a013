"""What the morning page has of the others who write the same diary. A journal of one author has nothing of it."""

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.persons import person_key, same_person
from nippo_cli.journal.read import left_within, new_handings
from nippo_cli.results.news import HandedDeals, HandedTo, NewsRow, TeamMorning, UnreadDay
from nippo_cli.services.context import look_of, note_look
from nippo_cli.services.pages.conflicts import conflicts_in
from nippo_cli.services.pages.handing_in import missing_writers
from nippo_cli.services.pages.unseen import unseen

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from nippo_cli.journal.read import Bounds, JournalReader, NewEntry
    from nippo_cli.line.facts import AsOf, DealRef
    from nippo_cli.results.entries import Remarked
    from nippo_cli.results.news import NewsReason, TeamNews
    from nippo_cli.results.today import TodayPage
    from nippo_cli.services.context import Me, Workspace
    from nippo_cli.services.pages.unseen import Unseen

# What is older is not waited for any more.
_UNREAD_DAYS = 14


def team_morning(
    workspace: "Workspace",
    reader: "JournalReader",
    as_of: "AsOf",
    me: "Me",
    limit: int,
    waiting: "Collection[Remarked]",
) -> TeamMorning:
    """What is new, unread and missing, for who looks, in a journal of several authors.

    Args:
        limit: the rows that the page shows in all (0: all).
        waiting: the comments that stand on the page because they wait.
    """
    new = unseen(workspace, reader, as_of, me, waiting)
    news = _with_rows(new, reader, as_of, me, limit or None) if new.news else None
    handed = _handed_deals(reader, as_of, me, new.since_look) if new.since_look else ()
    shown = TeamMorning(news, conflicts=len(conflicts_in(reader, as_of, me)), upto=new.upto, handed=handed)
    if not me.is_lead and not (not me.role and reader.team_news(as_of).confirms(me.name)):
        return shown
    missing_on, missing = missing_writers(reader, as_of, me.name, _writers(reader, me))
    return shown._replace(unread=_unread(reader, as_of, me), missing_on=missing_on, missing=missing)


def note_the_look(workspace: "Workspace", page: "TodayPage") -> None:
    """A person has seen the page: what is on it is not new any more on another day."""
    if page.team is not None and page.team.upto:
        note_look(workspace.places, look_of(workspace.places, page.as_of, page.team.upto))


def _with_rows(new: "Unseen", reader: "JournalReader", as_of: "AsOf", me: "Me", limit: int | None) -> "TeamNews":
    """What is new, with a row for each entry that concerns the reader, then for each order and loss."""
    why = _reasons(reader, as_of, me, new.entries)
    ordered = sorted(why, key=lambda entry: why[entry] in ("won", "lost"))
    views = {view.id: view for view in reader.views(as_of, ordered[:limit])}
    rows = [NewsRow(views[entry], why[entry]) for entry in ordered if entry in views]
    return new.news._replace(rows=rows, row_total=len(ordered))


def _reasons(
    reader: "JournalReader", as_of: "AsOf", me: "Me", entries: "Sequence[NewEntry]"
) -> dict[int, "NewsReason"]:
    """Why each of the entries that concern the reader does so, in their order; the others are left out."""
    tags = reader.team_news(as_of).deal_tags([one.deal for one in entries if one.deal is not None])
    follows = reader.follows_of(as_of, me.name)
    deals = {one.deal for one in follows if one.deal is not None}
    customers = [one.customer for one in follows if one.customer]
    same, stages = reader.past(as_of).customers.same, reader.schema(as_of).stage_by_key
    why: dict[int, NewsReason] = {}
    for one in entries:
        owner, customer = tags.get(one.deal or 0, ("", one.customer or ""))
        ends = stages[one.stage].ends if one.stage is not None and one.stage in stages else None
        if owner and same_person(owner, me.name):
            why[one.id] = "own"
        elif one.deal in deals or (customer and any(same(customer, followed) for followed in customers)):
            why[one.id] = "followed"
        elif ends:
            why[one.id] = ends
    return why


def _unread(reader: "JournalReader", as_of: "AsOf", me: "Me") -> list[UnreadDay]:
    """What the others wrote of the last days that the reader has not confirmed to have read, the latest day first."""
    first = as_of.on - timedelta(days=_UNREAD_DAYS)
    counts = reader.team_news(as_of).unread(me.name, first, as_of.on)
    return [
        UnreadDay(author, on, n)
        for (author, on), n in sorted(counts.items(), key=lambda of: (-of[0][1].toordinal(), of[0][0]))
    ]


def _writers(reader: "JournalReader", me: "Me") -> list[str]:
    """Whose reports are waited for: the team's members, of a journal of one whoever writes entries."""
    if me.role:
        left = reader.left_devices()
        there = [one for one in reader.device_members() if one.role == "member" and one.slot not in left]
        return list(dict.fromkeys(one.name for one in there))
    return reader.authors()


def _handed_deals(reader: "JournalReader", as_of: "AsOf", me: "Me", bounds: "Collection[Bounds]") -> list[HandedDeals]:
    """What others handed over within the bounds: to the reader, or of theirs; of who left all of it, and so for a lead. Who left
    comes first, and the reader's own before the others'."""
    there, left = reader.past(as_of), left_within(reader.cx, bounds)
    named_alike = {person_key(name): name for name in left}
    handed: defaultdict[tuple[str, str], dict[int, DealRef]] = defaultdict(dict)
    for one in new_handings(there, bounds, me.name):
        tag, giver = there.ref(one.deal), named_alike.get(person_key(one.giver), one.giver)
        concerns = me.is_lead or giver in left or any(same_person(name, me.name) for name in (giver, one.taker))
        if tag is not None and concerns:
            handed[giver, one.taker][one.deal] = tag
    for name in left:
        # Whoever left knows it.
        if not same_person(name, me.name) and not any(giver == name for giver, _ in handed):
            handed[name, ""] = {}
    # Of several to whom the deals of one went, the first row says that they left.
    named = set[str]()
    rows = []
    for giver, taker in sorted(handed, key=lambda of: (of[0] not in left, not same_person(of[1], me.name), of)):
        whose: HandedTo = "taken" if same_person(taker, me.name) else "given" if same_person(giver, me.name) else "told"
        rows.append(
            HandedDeals(giver, taker, list(handed[giver, taker].values()), whose, giver in left and giver not in named)
        )
        named.add(giver)
    return rows
