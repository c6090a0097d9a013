"""Reading the diary back: the log, one entry, a search."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_day, read_since
from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id
from nippo_cli.base.text import normal_form
from nippo_cli.results.entries import EntryPage, LogPage
from nippo_cli.schema.schema import Schema
from nippo_cli.services.context import (
    EVER,
    Scope,
    Workspace,
    author_named,
    customer_named,
    deal_named,
    no_entry,
    only_billed,
    reading,
    tell_of_live_ones,
    within,
)

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader, ReadLater
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.news import NewsLog


class LogFilter(NamedTuple):
    """Which entries, as typed; None is all."""

    on: str | None = None
    since: str | None = None
    until: str | None = None
    author: str | None = None
    customer: str | None = None
    deal: str | None = None
    activity: str | None = None
    incomplete: bool = False
    billed_to: str | None = None
    site: str | None = None


def log(workspace: Workspace, wanted: LogFilter, *, limit: int = 0, count: bool = True) -> LogPage:
    """Entries, newest first; `limit` of them (0: all). Without `count` those beyond the limit are not counted, and what
    this costs does not grow with the diary.

    Raises:
        UsageError: the window ends before it begins, or the activity is not in the schema.
        NotFound, Ambiguous: no customer or deal, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        return _page(workspace, reader, as_of, wanted, limit, count=count)


def new_log(workspace: Workspace, *, limit: int = 0) -> "NewsLog":
    """What colleagues wrote since whoever asks last looked at the morning page, all of it; `limit` entries of it (0: all).

    Raises:
        UsageError: it is asked of a past day.
    """
    from nippo_cli.results.news import NewsLog
    from nippo_cli.services.context import me_of
    from nippo_cli.services.pages.comments import comments_of_page
    from nippo_cli.services.pages.unseen import unseen

    with reading(workspace) as (reader, as_of):
        if as_of.known:
            raise UsageError(msg("news.past_day"))
        me = me_of(workspace, reader)
        new = unseen(workspace, reader, as_of, me, comments_of_page(reader, as_of, me), all_of_it=True)
        entries = frozenset(one.id for one in new.entries)
        return NewsLog(_page(workspace, reader, as_of, LogFilter(), limit, count=True, ids=entries), new.news)


def _page(
    workspace: Workspace, reader: "JournalReader", as_of: "AsOf", wanted: LogFilter, limit: int, *, count: bool,
    ids: frozenset[int] | None = None,
) -> LogPage:  # fmt: skip
    """The entries that are wanted; of some ids alone where they are given."""
    from nippo_cli.journal.read import Wanted

    since, until = _window(reader, as_of, wanted)
    asked = Wanted(
        since,
        until,
        author_named(reader, wanted.author) if wanted.author else None,
        customer_named(reader, as_of, wanted.customer) if wanted.customer else None,
        deal_named(reader, as_of, wanted.deal) if wanted.deal else None,
        _activity(reader.schema(as_of), wanted.activity) if wanted.activity else None,
        wanted.incomplete,
        _deals_of_roles(reader, as_of, wanted.billed_to, wanted.site),
        ids,
    )
    if wanted.deal and asked.deal is not None:
        tell_of_live_ones(workspace, reader.past(as_of), wanted.deal, asked.deal)
    logged = reader.long_log(as_of, asked, limit, _later(workspace, reader), count=count) or reader.log(
        as_of, **asked._asdict(), limit=limit, count=count
    )
    if not logged.total:
        workspace.notices += filter(None, [only_billed(reader, as_of, wanted.customer)])
    return LogPage(
        as_of.on, since, until, logged.entries, logged.total, logged.incomplete, logged.ahead, more=logged.more,
        narrowed=wanted != LogFilter(),
        is_first=not logged.total and _is_blank(reader),
        workday_before=_workday_before(reader.schema(as_of), wanted, since) if not logged.total else None,
    )  # fmt: skip


def _workday_before(schema: Schema, wanted: LogFilter, on: date | None) -> date | None:
    """The last day of work before the day that alone was asked for, where that is one of rest."""
    if on is None or wanted != LogFilter(on=wanted.on):
        return None
    from nippo_cli.services.pages.workdays import WorkDays

    days = WorkDays(schema)
    return None if days.works(on) else days.before(on)


def _later(workspace: Workspace, reader: "JournalReader") -> "ReadLater":
    """Reads entries of a long list when they are gone through, in looks of their own: the journal is not held meanwhile."""
    last = reader.last_records()

    def read(ids: Sequence[int]) -> "Iterator[EntryView]":
        with reading(workspace) as (later, as_of):
            yield from later.views_of_long_list(as_of, ids, last)

    return read


class SearchFilter(NamedTuple):
    """Where a search looks, as typed, and what must not be there; None is everywhere."""

    since: str | None = None
    until: str | None = None
    author: str | None = None
    customer: str | None = None
    deal: str | None = None
    without: Sequence[str] = ()
    billed_to: str | None = None
    site: str | None = None


ANY_ENTRY = SearchFilter()


def search(
    workspace: Workspace, text: str, wanted: SearchFilter = ANY_ENTRY, *, likeliest: bool = False, limit: int = 0
) -> LogPage:
    """Entries that hold the text, kanji, kana and width alike, newest first; and what else does: comments, days,
    reviews. `limit` is for each of them.

    Args:
        likeliest: those come first that are about the text most.

    Raises:
        UsageError: there is nothing to look for, or the window ends before it begins.
        NotFound, Ambiguous: no customer or deal, or several, answer to the name.
    """
    from nippo_cli.journal.search.beside import beside
    from nippo_cli.journal.search.other_names import OtherNames
    from nippo_cli.journal.search.query import read_query
    from nippo_cli.journal.search.search import search as look
    from nippo_cli.journal.search.streams import EVERYWHERE, SearchScope
    from nippo_cli.results.entries import Beside

    with reading(workspace) as (reader, as_of):
        query = read_query(text, _field_names(reader.schema(as_of)), wanted.without)
        query = query.by_names(OtherNames(reader.past(as_of)))
        if not query.terms:
            raise UsageError(msg("desk.only_without" if query.without else "desk.empty_search"))
        since, until = _window(reader, as_of, LogFilter(since=wanted.since, until=wanted.until))
        customer = customer_named(reader, as_of, wanted.customer) if wanted.customer else None
        deals = _deals_within(workspace, reader, as_of, wanted, customer)
        own_entries = wanted.deal is None and wanted.billed_to is None and wanted.site is None
        author = author_named(reader, wanted.author) if wanted.author else None
        scope = SearchScope(since, until, author, deals, customer if own_entries else None)
        later = _later(workspace, reader)
        hits = look(reader, query, as_of, limit, within=scope, likeliest=likeliest, later=later)
        # What stands beside the entries belongs to no deal's line and to nobody's window.
        others = beside(reader, query, as_of) if scope == EVERYWHERE else Beside()
        if not hits.total:
            workspace.notices += filter(None, [only_billed(reader, as_of, wanted.customer)])
        return LogPage(
            as_of=as_of.on,
            since=since,
            until=until,
            entries=hits.entries,
            total=hits.total,
            incomplete=hits.incomplete,
            ahead=0,
            searched=text,
            total_is_exact=hits.is_exact,
            likeliest=likeliest,
            beside=others.first(limit),
            beside_total=others.n,
            is_first=not hits.total and _is_blank(reader),
        )


def _is_blank(reader: "JournalReader") -> bool:
    """Whether no entry was ever written."""
    return not reader.log(EVER, limit=1, count=False).entries


def _field_names(schema: Schema) -> dict[str, str]:
    """The keys of the fields that are searched, by what they are called."""
    from nippo_cli.journal.search.form import search_texts

    return {
        normal_form(name): field.key
        for field in schema.fields
        if search_texts(field.type) is not None
        for name in (field.key, field.label)
    }


def _deals_within(
    workspace: Workspace, reader: "JournalReader", as_of: "AsOf", wanted: SearchFilter, customer: str | None
) -> frozenset[int] | None:
    """The deals that are looked in; None: all, and what belongs to no deal."""
    deals = _deals_of_roles(reader, as_of, wanted.billed_to, wanted.site, customer)
    if wanted.deal is not None:
        deal = reader.past(as_of).root(deal_named(reader, as_of, wanted.deal))
        if deal is not None:
            tell_of_live_ones(workspace, reader.past(as_of), wanted.deal, deal)
        deals = frozenset() if deal is None or (deals is not None and deal not in deals) else frozenset((deal,))
    return deals


def _deals_of_roles(
    reader: "JournalReader", as_of: "AsOf", billed_to: str | None, site: str | None, customer: str | None = None
) -> frozenset[int] | None:
    """The deals that are billed to somebody, for a plant, of a customer; None where nothing is said of these."""
    if (customer, billed_to, site) == (None, None, None):
        return None
    names = within(reader, as_of, Scope(billed_to=billed_to, site=site))
    names["customer"] = customer
    return frozenset(head.id for head in reader.heads(as_of, **names))


def entry(workspace: Workspace, said: str, *, history: bool = False) -> EntryPage:
    """One entry, and all its versions where they are asked for.

    Raises:
        UsageError: it is no id. NotFound: there is no such entry.
    """
    number = read_id(said)
    if number is None:
        raise UsageError(msg("desk.bad_id", said=said))
    with reading(workspace) as (reader, as_of):
        view = reader.entry(as_of, number)
        if view is None:
            raise no_entry(reader, as_of, number)
        if as_of.known and view.known_on > as_of.on:
            raise NotFound(msg("writing.entry_not_yet", said=said, as_of=as_of.on.isoformat()))
        versions = [v for v in reader.history(number) if not as_of.known or v.known_on <= as_of.on]
        comments = reader.remarks(as_of).on_entries([number])
        taken_back = reader.is_retracted(number)
        missing = _missing(reader, as_of, view) if view.incomplete else ()
        readers = reader.readers_of(as_of, [number]).get(number, ())
        apart = reader.past(as_of).customers.apart_names if view.deal is not None else frozenset[str]()
        return EntryPage(
            view, versions, taken_back, history, reader.time_zone, comments, as_of.on, missing, apart, readers
        )


def _missing(reader: "JournalReader", as_of: "AsOf", view: "EntryView") -> tuple[str, ...]:
    """The fields that an incomplete entry still lacks, as a correction would be told them."""
    from nippo_cli.line.checked_entry import missing
    from nippo_cli.services.context import current_values

    schema = reader.schema(as_of)
    head = reader.head(as_of, view.deal.id) if view.deal else None
    return tuple(field.key for field in missing(view.values, schema, current_values(head, schema)))


def _window(reader: "JournalReader", as_of: "AsOf", wanted: LogFilter) -> tuple[date | None, date | None]:
    today = as_of.on
    if wanted.on:
        on = read_day(wanted.on, today=today, lean="past")
        return on, on
    start = reader.schema(as_of).fiscal_year_start
    since = read_since(wanted.since, today=today, fiscal_year_start=start) if wanted.since else None
    until = read_day(wanted.until, today=today, lean="past") if wanted.until else None
    if since and until and until < since:
        raise UsageError(msg("desk.window_backwards", since=since.isoformat(), as_of=until.isoformat()))
    return since, until


def _activity(schema: Schema, said: str) -> str:
    wanted = normal_form(said)
    for activity in schema.activities:
        if wanted in (normal_form(activity.key), normal_form(activity.label)) or said in activity.was:
            return activity.key
    allowed = tuple(a.label for a in schema.activities)
    raise UsageError(msg("desk.no_activity", said=said, allowed=allowed), hint=msg("desk.see_schema"))
