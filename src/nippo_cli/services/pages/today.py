"""Bare `nippo`: what today asks for."""

from datetime import timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_number, month_start
from nippo_cli.journal.log import TEAM
from nippo_cli.landing.shares import firm_ranks
from nippo_cli.line.facts import AsOf
from nippo_cli.line.quantile import median
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import on_hold
from nippo_cli.results.entries import Unreviewed
from nippo_cli.results.today import MonthLine, TodayPage
from nippo_cli.services.context import StatusJudge, Workspace, local_time_zone, lost, me_of, reading
from nippo_cli.services.pages.comments import comments_of_page
from nippo_cli.services.pages.due import DueJudge
from nippo_cli.services.pages.handing_in import last_written_day, unwritten_day
from nippo_cli.services.pages.reminders import reminders_of

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import DealPlace, DealSummary
    from nippo_cli.results.entries import Remarked
    from nippo_cli.results.news import TeamMorning
    from nippo_cli.services.context import Me


_INCOMPLETE_SHOWN = 5
# So long after its end a customer can still be asked, and remembers.
_FRESH_DAYS = 90
_UNREVIEWED_SHOWN = 3


def morning(workspace: Workspace, *, limit: int = 0, owner: str | None = None, opens: bool = False) -> TodayPage:
    """What waits, what is due, what is about to happen within a week; nothing of all that where there is no journal
    yet.

    Args:
        limit: the rows that the page shows in all (0: all); as many of each section are read.
        owner: whose deals, entries and comments alone, as typed; None is everybody's, of a team's member their own first.
        opens: the count of live deals is to open to them.

    Raises:
        NotFound, Ambiguous: no owner, or several, answer to the name; or the journal is lost, and copies of it are there.
    """
    places = workspace.places
    if not places.journal_db.exists():
        if (journal_lost := lost(workspace)) is not None:
            raise journal_lost
        return _nothing_yet(workspace)
    with reading(workspace) as (reader, as_of):
        workspace.sync_due = bool(reader.meta(TEAM))
        return _morning_of(workspace, reader, as_of, limit, owner, opens=opens)


def _morning_of(
    workspace: Workspace, reader: "JournalReader", as_of: AsOf, limit: int, owner: str | None, *, opens: bool
) -> TodayPage:
    """The page of a journal that is there; arguments as of `morning`."""
    schema, latest = reader.schema(as_of), last_written_day(reader, as_of)
    judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
    whose, me = _named(reader, as_of, owner) if owner else None, me_of(workspace, reader)
    # A member's page is about their own work first; a lead's about all.
    is_member = bool(me.role) and not me.is_lead and whose is None
    first = _own_and_followed(reader, as_of, me) if is_member else None
    theirs = me.name if is_member else whose
    deals = DueJudge(reader, as_of, judge, whose, first)
    falls = deals.all_of(limit)
    waiting = reader.log(as_of, incomplete=True, author=theirs, limit=_INCOMPLETE_SHOWN)
    return TodayPage(
        as_of=as_of.on,
        schema=schema,
        journal=str(workspace.places.journal_db),
        due=falls.due,
        soon=falls.soon,
        incomplete=waiting.entries,
        incomplete_total=waiting.total,
        live=deals.live,
        last_entry_on=latest,
        # What colleagues wrote today is no report of one's own.
        reported_on=last_written_day(reader, as_of, whose or me.name) if me.role else latest,
        norms=judge.norms.used(),
        comments=(comments := comments_of_page(reader, as_of, me, whose)),
        quiet=falls.quiet,
        closing=falls.closing,
        holds=falls.holds,
        drafts=_drafts(workspace),
        copies=_copies(workspace),
        unwritten=unwritten_day(whose or me.name, reader, as_of),
        unreviewed=_unreviewed(reader, as_of, theirs),
        more=falls.more,
        reminders=reminders_of(reader, as_of, judge, limit, whose, first, me.name),
        owner=whose,
        rows=limit,
        month=None if whose else month_line(reader, as_of, judge),
        team=None if whose else _team(workspace, reader, as_of, me, limit, comments),
        live_deals=_live(reader, as_of, whose) if opens else (),
    )


def _live(reader: "JournalReader", as_of: "AsOf", owner: str | None) -> "list[DealSummary]":
    """The live deals with most money."""
    from heapq import nsmallest

    from nippo_cli.render.parts import MOST_LISTED

    heads = reader.heads(as_of, live=True, owner=owner or None)
    return nsmallest(MOST_LISTED, heads, key=lambda head: (head.amount is None, -(head.amount or 0), head.id))


def _own_and_followed(reader: "JournalReader", as_of: "AsOf", me: "Me") -> set[int]:
    """The live deals that a member owns, and all that they follow, themselves or their customer."""
    deals = {head.id for head in reader.heads(as_of, live=True, owner=me.name)}
    for one in reader.follows_of(as_of, me.name):
        if one.deal is not None:
            deals.add(one.deal)
        else:
            deals |= {head.id for head in reader.heads(as_of, customer=one.customer)}
    return deals


def _nothing_yet(workspace: Workspace) -> TodayPage:
    """The page of a place without a journal."""
    from nippo_cli.services.context import for_writing

    return TodayPage(
        as_of=workspace.today(local_time_zone()),
        schema=for_writing(workspace.places),
        journal=str(workspace.places.journal_db),
        due=(),
        soon=(),
        incomplete=(),
        incomplete_total=0,
        live=0,
        last_entry_on=None,
        norms=(),
        drafts=_drafts(workspace),
        has_journal=False,
    )


def _drafts(workspace: Workspace) -> list[str]:
    """The numbers of what was begun and not saved, the last begun first. One that an editor holds has two files."""
    folder = workspace.places.state / "drafts"
    try:
        numbers = {int(p.stem) for p in folder.iterdir() if p.suffix in (".json", ".yaml") and p.stem.isdecimal()}
    except OSError:
        return []
    return [str(number) for number in sorted(numbers, reverse=True)]


def _copies(workspace: Workspace) -> list[str]:
    """What a synchronising folder made of the journal and the schema beside them."""
    from nippo_cli.journal.care import conflicted_copies

    places = workspace.places
    return [copy.name for of in (places.journal_db, places.schema) for copy in conflicted_copies(of)]


def _named(reader: "JournalReader", as_of: "AsOf", said: str) -> str:
    from nippo_cli.services.context import owner_named

    return owner_named(reader, as_of, said)


def _team(
    workspace: Workspace, reader: "JournalReader", as_of: "AsOf", me: "Me", limit: int, waiting: "list[Remarked]"
) -> "TeamMorning | None":
    """What the others of the same diary wrote; None where there are none, and on a page of a past day. A team's are others even where
    one alone has written entries."""
    if as_of.known or not (me.role or reader.several_authors()):
        return None
    from nippo_cli.services.pages.team_morning import team_morning

    return team_morning(workspace, reader, as_of, me, limit, waiting)


def _unreviewed(reader: "JournalReader", as_of: AsOf, owner: str | None) -> Unreviewed | None:
    """Deals lost within `_FRESH_DAYS`, worth the schema's `review_over` or more (without one: the median of closed
    deals), of which nothing was learned yet; None where there is none. A deal without an amount is never asked about."""
    lost = reader.due(as_of, owner).lost_since(as_of.on - timedelta(days=_FRESH_DAYS))
    if not lost:
        return None
    stated = reader.schema(as_of).review_over
    amounts = reader.finished(as_of).amounts() if stated is None else {}
    over = stated if stated is not None else int(median(amounts) or 0)
    known = reader.reviews(as_of)
    losses = [deal for amount, deal in lost if amount >= over and deal not in known]
    if not losses:
        return None
    heads = {head.id: head for head in reader.heads(as_of, ids=losses[:_UNREVIEWED_SHOWN])}
    source = "schema" if stated is not None else "median"
    shown = [heads[deal] for deal in losses[:_UNREVIEWED_SHOWN]]
    return Unreviewed(shown, len(losses), over, source, sum(amounts.values()))


def month_line(reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge") -> MonthLine | None:
    """What was ordered this month, and with it the live money at the firm ranks that is promised for the rest of it; None where
    there is neither. As `nippo landing` has both, from heads alone."""
    due, on = reader.due(as_of), as_of.on
    number = month_number(on)
    last = month_start(number + 1) - timedelta(days=1)
    schema = judge.schema
    ranks = firm_ranks(schema)
    keys = {*ranks, *(old for old, now in schema.renamed_ranks.items() if now in ranks)}

    def counts(place: "DealPlace | DealSummary") -> bool:
        return not on_hold(place.holds, on) and not is_fizzled(place, judge.quiet.days, judge.rest, on)

    live = sum(place.amount or 0 for place in due.promised_at(on, last, keys) if counts(place))
    live += sum(
        head.amount or 0
        for head in due.apart()
        if head.closes is not None and on <= head.closes.last <= last and head.confidence in keys and counts(head)
    )
    ordered = due.won_between(month_start(number), on)
    return MonthLine(number, ordered, ordered + live) if ordered or live else None
