"""`nippo import FILE.ics`: the day's meetings as drafts to complete, each only where a person says so."""

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from nippo_cli.base.customer_names import NOBODY, CustomerNames
from nippo_cli.base.customers import customer_key, forms_beside
from nippo_cli.base.errors import NippoError
from nippo_cli.base.files import make_folder, replace_file
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.calendar_file import CalendarMeeting, read_day_of_calendar
from nippo_cli.results.meetings import MeetingsPage, OfferedMeeting
from nippo_cli.services.context import Workspace, for_writing, reading
from nippo_cli.services.writing.drafts import SavedDraft, drafts_of, time_zone_of

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary

# Shorter names stand in too many titles.
_LEAST: Final = 2
_REMEMBERED_DAYS: Final = 400


def meetings_of(workspace: Workspace, file: str, on: str | None) -> MeetingsPage:
    """The meetings of a day, with the deal and the customer that each title names.

    Args:
        on: the day as typed; today where nothing is said.

    Raises:
        NotFound: there is no such file. UsageError: it is no calendar. UnreadableDate: the day can't be read.
    """
    from nippo_cli.base.dates import read_day

    zone = time_zone_of(workspace)
    today = workspace.as_of(workspace.today(zone)).on
    day = read_day(on, today=today, lean="past") if on else today
    of_day = read_day_of_calendar(Path(file), day, ZoneInfo(zone))
    return MeetingsPage(file, day, _offers(workspace, of_day.meetings), of_day.left_out, workspace.dry_run)


def take_meetings(workspace: Workspace, page: MeetingsPage, chosen: Collection[str]) -> MeetingsPage:
    """Make drafts of some meetings, by their `uid`; the page with the drafts' numbers.

    Raises:
        OSError: they can't be written.
    """
    schema = for_writing(workspace.places)
    drafts = drafts_of(workspace)
    meetings = []
    for one in page.meetings:
        if one.uid not in chosen or one.taken:
            meetings.append(one)
            continue
        customer, people, companions = (schema.key(role) for role in ("customer", "people", "companions"))
        report: dict[str, object] = {"on": page.day.isoformat()}
        if one.deal:
            report["deal"] = show_id(one.deal_id)
        elif one.customer and customer:
            report[customer] = one.customer
        if one.people and people:
            report[people] = list(one.people)
        if one.companions and companions:
            report[companions] = list(one.companions)
        # The title waits in the question for what was said: it is written over, or completed.
        draft = SavedDraft(reports=(report,), at=schema.key("facts") or "", typed=one.title)
        meetings.append(one._replace(draft=drafts.keep(draft, workspace.now).number))
    _remember(workspace, [one.uid for one in meetings if one.draft], page.day)
    return page._replace(meetings=meetings)


class _NamesInTitles(NamedTuple):
    """The live deals and the customers that a title may name, each by its normal form, and what customers are called."""

    deals: Sequence[tuple[str, "DealSummary"]] = ()
    customers: Sequence[tuple[str, str]] = ()
    called: CustomerNames = NOBODY


def _offers(workspace: Workspace, meetings: Sequence[CalendarMeeting]) -> list[OfferedMeeting]:
    """Meetings of a calendar as entries to offer, each with the customer and the deal that its title names."""
    taken = _taken(workspace)
    if workspace.places.journal_db.exists():
        # Names are looked up as they are asked for: the journal stays open meanwhile.
        with suppress(NippoError), reading(workspace.apart()) as (reader, as_of):
            there = reader.past(as_of)
            spelled = dict.fromkeys((*there.known_customers(), *reader.billed(as_of)))
            names = _NamesInTitles(
                [(normal_form(head.name), head) for head in reader.heads(as_of, live=True)],
                [(_bare(name), name) for name in spelled],
                there.customers,
            )
            return [_offered(one, names, taken) for one in meetings]
    return [_offered(one, _NamesInTitles(), taken) for one in meetings]


def _offered(meeting: CalendarMeeting, names: _NamesInTitles, taken: Collection[str]) -> OfferedMeeting:
    """A meeting as an entry to offer, with the customer and the deal that its title names, where it names one."""
    customers = _customers(meeting.title, names)
    first = customers[0] if customers else ()
    # What may be one of several customers is nobody's.
    customer = names.called.name(first[0]) if first and all(names.called.same(first[0], name) for name in first) else ""
    deal = _deal(meeting.title, customers, customer, names)
    own = [one.name for one in meeting.attendees if one.own]
    return OfferedMeeting(
        _mark(meeting.uid), meeting.title,
        meeting.begins.strftime("%H:%M") if meeting.begins else "", meeting.ends.strftime("%H:%M") if meeting.ends else "",
        deal.customer if deal else customer, deal.name if deal else "", deal.id if deal else 0,
        [one.name for one in meeting.attendees if not one.own], own if len(own) > 1 else [],
        taken=_mark(meeting.uid) in taken,
    )  # fmt: skip


def _customers(title: str, names: _NamesInTitles) -> list[list[str]]:
    """The customers' names in a title, those of the longest first; of names that are alike those of the legal form that the
    title states, if any is, and none of another. A name within a longer one is not there by itself."""
    held: dict[str, list[str]] = {}
    for bare, name in sorted(names.customers, key=lambda one: -len(one[0])):
        within = any(bare != other and bare in other for other in held)
        if len(bare) >= _LEAST and not within and _fits(name, forms_beside(title, name)):
            held.setdefault(bare, []).append(name)
    by_length: dict[int, list[str]] = {}
    for bare, alike in held.items():
        stating = [name for name in alike if customer_key(name)[1] in forms_beside(title, name) - {""}]
        by_length.setdefault(len(bare), []).extend(stating or alike)
    return list(by_length.values())


def _fits(name: str, stated: Collection[str]) -> bool:
    """Whether a title that states these legal forms of a name may mean this one of it."""
    form = customer_key(name)[1]
    return bool(stated) and (not form or "" in stated or form in stated)


def _deal(title: str, customers: Sequence[Sequence[str]], customer: str, names: _NamesInTitles) -> "DealSummary | None":
    """The one live deal that a title means: by its name, of a customer in the title where one is there; else the customer's
    only one."""
    same, normal = names.called.same, normal_form(title)
    named = [
        (name, head) for name, head in names.deals
        if len(name) >= _LEAST and name in normal and not _speaks_of_another(title, head.customer)
    ]  # fmt: skip
    # A deal that is nobody's is no other customer's.
    pools = [
        [(name, head) for name, head in named if any(same(of, one) for of in _parties(head) for one in whose)]
        for whose in (*customers, ("",))
    ] if customers else [named]  # fmt: skip
    if fitting := next(filter(None, pools), None):
        longest = max(len(name) for name, _ in fitting)
        meant = [head for name, head in fitting if len(name) == longest]
        return meant[0] if len(meant) == 1 else None
    own = [head for _, head in names.deals if customer and same(head.customer, customer)]
    return own[0] if len(own) == 1 else None


def _parties(head: "DealSummary") -> tuple[str, ...]:
    """Whose a deal is, and who is billed for it."""
    return (head.customer, head.billed_to) if head.billed_to else (head.customer,)


def _speaks_of_another(title: str, customer: str) -> bool:
    """Whether a title has a customer's name with the legal form of another."""
    stated = forms_beside(title, customer)
    return bool(stated) and not _fits(customer, stated)


def _bare(name: str) -> str:
    return customer_key(name)[0]


def _mark(uid: str) -> str:
    """What a meeting is remembered by: nobody reads from it whom it was with."""
    return sha256(uid.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _memory(workspace: Workspace) -> Path:
    return workspace.places.state / "meetings.json"


def _taken(workspace: Workspace) -> dict[str, str]:
    with suppress(OSError, ValueError):
        said = json.loads(_memory(workspace).read_text(encoding="utf-8"))
        if isinstance(said, dict):
            return {str(mark): str(day) for mark, day in said.items()}
    return {}


def _remember(workspace: Workspace, marks: Sequence[str], day: date) -> None:
    """Keep which meetings became drafts, of a year or so: the same calendar offers them no more."""
    if not marks:
        return
    since = (day - timedelta(days=_REMEMBERED_DAYS)).isoformat()
    recent = {mark: of for mark, of in _taken(workspace).items() if of >= since}
    with suppress(OSError):
        make_folder(_memory(workspace).parent)
        replace_file(_memory(workspace), json.dumps(recent | dict.fromkeys(marks, day.isoformat())).encode())
