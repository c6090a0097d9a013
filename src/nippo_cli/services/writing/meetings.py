"""`nippo import FILE.ics`: the day's meetings as drafts to complete, each only where a person says so."""

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from nippo_cli.base.errors import NippoError
from nippo_cli.base.files import make_folder, replace_file
from nippo_cli.base.frozen import NamedTuple
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
    taken = _taken(workspace)
    names = _names(workspace)
    return MeetingsPage(
        file, day, [_offered(one, names, taken) for one in of_day.meetings], of_day.left_out, workspace.dry_run
    )


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
            report["deal"] = str(one.deal_id)
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
    """The live deals and the customers that a title may name, each by its normal form, the longest first."""

    deals: Sequence[tuple[str, "DealSummary"]]
    customers: Sequence[tuple[str, str]]


def _names(workspace: Workspace) -> _NamesInTitles:
    if not workspace.places.journal_db.exists():
        return _NamesInTitles((), ())
    try:
        with reading(workspace.apart()) as (reader, as_of):
            deals = [(normal_form(head.name), head) for head in reader.heads(as_of, live=True)]
            customers = [(_bare(name), name) for name in reader.customers(as_of)]
    except NippoError:
        return _NamesInTitles((), ())
    return _NamesInTitles(
        sorted((one for one in deals if len(one[0]) >= _LEAST), key=lambda one: -len(one[0])),
        sorted((one for one in customers if len(one[0]) >= _LEAST), key=lambda one: -len(one[0])),
    )


def _offered(meeting: CalendarMeeting, names: _NamesInTitles, taken: Collection[str]) -> OfferedMeeting:
    title = normal_form(meeting.title)
    customer = next((name for bare, name in names.customers if bare in _bare(meeting.title)), "")
    deal = _deal(title, customer, names)
    own = [one.name for one in meeting.attendees if one.own]
    return OfferedMeeting(
        _mark(meeting.uid), meeting.title,
        meeting.begins.strftime("%H:%M") if meeting.begins else "", meeting.ends.strftime("%H:%M") if meeting.ends else "",
        (deal.customer if deal else "") or customer, deal.name if deal else "", deal.id if deal else 0,
        [one.name for one in meeting.attendees if not one.own], own if len(own) > 1 else [],
        taken=_mark(meeting.uid) in taken,
    )  # fmt: skip


def _deal(title: str, customer: str, names: _NamesInTitles) -> "DealSummary | None":
    """The one live deal that a title means: by its name, where a customer stands there too that one's; else the customer's only one."""
    named = [head for name, head in names.deals if name in title]
    if customer:
        named = [head for head in named if not head.customer or _bare(head.customer) == _bare(customer)]
    longest = [head for head in named if len(normal_form(head.name)) == len(normal_form(named[0].name))]
    if longest:
        return longest[0] if len(longest) == 1 else None
    own = [head for _, head in names.deals if customer and _bare(head.customer) == _bare(customer)]
    return own[0] if len(own) == 1 else None


def _bare(name: str) -> str:
    from nippo_cli.base.customers import customer_key

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
