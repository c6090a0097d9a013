"""The sample journal of `nippo demo`: the story in `demo.jsonl`, moved to today and written as a team would have kept it.
`demo.en.jsonl` is the same story in English: the same events, days, figures and numbers.

The files are made by `tools/make_demo.py`. The first line says what it is; each further line is one thing written down on
the day `known_on`, in order.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nippo_cli.base.dates import When, add_months, instant_text
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.schema import main_field

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer
    from nippo_cli.schema.schema import Schema

TIME_ZONE = "Asia/Tokyo"
STORIES = {"ja": Path(__file__).with_name("demo.jsonl"), "en": Path(__file__).with_name("demo.en.jsonl")}
# Diaries are written in the evening; 18:00 in Japan.
_EVENING = time(9, 0, tzinfo=UTC)
_STEP = timedelta(minutes=3)
_FISCAL_START = 4
# Days before a month's end that still count as its end: the year's last working day lies there.
_CLOSE_TO_END = 6
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

Event = Mapping[str, Any]


class Demo(NamedTuple):
    """What a sample journal holds. `slow` is a deal that slips and stands still, `fast` one that was won fast and led to
    more, `lost` one that was lost at the very end."""

    reps: int
    deals: int
    entries: int
    slow: str
    fast: str
    lost: str


class Calendar:
    """Days of the story as they lie when it is told: moved by whole weeks, so that its last week is today's.

    What happened on a day off is moved to the working day before, what is planned for one to the working day after. Months
    are moved by months.
    """

    def __init__(self, last_day: date, today: date, schema: "Schema") -> None:
        from nippo_cli.services.pages.workdays import WorkDays

        self._by = _monday(today) - _monday(last_day)
        moved = last_day + self._by
        self._months = (moved.year - last_day.year) * 12 + moved.month - last_day.month
        self._workdays = WorkDays(schema)
        self._works: dict[date, bool] = {}

    def past(self, day: str) -> date:
        """When something happened."""
        on = date.fromisoformat(day) + self._by
        return on if self._is_workday(on) else self._workdays.before(on)

    def ahead(self, day: str) -> date:
        """When something is to happen."""
        on = date.fromisoformat(day) + self._by
        return on if self._is_workday(on) else self._workdays.after(on)

    def month(self, month: str) -> str:
        """A target's month: `2026-10` to `2027-01`, for a story moved by three months."""
        return f"{add_months(date.fromisoformat(f'{month}-01'), self._months):%Y-%m}"

    def promise(self, said: str) -> When:
        """An expected close: `month-end 2026-10-14` is the last working day of the month in which that day comes to lie,
        `month 2026-10-14` all of that month, `half 2026-10-14` that fiscal half."""
        form, _, day = said.partition(" ")
        on = date.fromisoformat(day) + self._by
        if form == "half":
            first = add_months(on.replace(day=1), -((on.month - _FISCAL_START) % 6))
            return When(first, add_months(first, 6) - timedelta(days=1))
        first = on.replace(day=1)
        after = add_months(first, 1)
        return When.day(self._workdays.before(after)) if form == "month-end" else When(first, after - timedelta(days=1))

    def _is_workday(self, on: date) -> bool:
        if on not in self._works:
            self._works[on] = self._workdays.works(on)
        return self._works[on]


def write_demo_journal(path: Path, today: date, now: datetime, language: str = "ja") -> Demo:
    """Make a journal at `path` (its `journal.db`) with `schema.yaml` beside it, and write the story into it.

    Args:
        path: where no journal is yet; its folder is made.
        today: the day to which the story is moved, in Japan; what would become known later is left out.
        now: the instant, with a time zone; no record is dated after it.
        language: `ja` or `en`, of the schema and of what the team wrote.

    Raises:
        JournalError: the journal can't be made or written.
    """
    import hashlib

    from nippo_cli.base.files import make_folder, replace_file
    from nippo_cli.journal.write import create, writing
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of
    from nippo_cli.services.context import STAMP, stamp

    text = text_of("default", language)
    schema = load_schema(text, "schema.yaml")
    head, *lines = map(json.loads, STORIES[language].read_text(encoding="utf-8").splitlines())
    calendar = Calendar(date.fromisoformat(head["last_day"]), today, schema)
    dated = ((calendar.past(event["known_on"]), event) for event in lines)
    events = [(known_on, event) for known_on, event in dated if known_on <= today]
    first, author = events[0][0], events[0][1]["author"]

    make_folder(path.parent)
    file = path.with_name("schema.yaml")
    replace_file(file, text.encode())
    create(path, time_zone=TIME_ZONE, now=instant_text(_evening(first, now)))
    with writing(path, author=author, now=_evening(first, now), today=first) as writer:
        writer.adopt(text, schema, hashlib.sha256(file.read_bytes()).hexdigest())
        writer.set_meta(STAMP, stamp(file))
        scribe = _Scribe(writer, calendar, main_field(schema).key, language)
        for at, known_on, event in _recorded(events, now):
            writer.author, writer.today, writer.recorded_at = event["author"], known_on, instant_text(at)
            scribe.write(event)
    entries = [event for _, event in events if event["is"] == "entry"]
    return Demo(
        reps=len({event["author"] for event in entries}),
        deals=len(scribe.deals),
        entries=len(entries),
        slow=head["slow"],
        fast=head["fast"],
        lost=head["lost"],
    )


def _recorded(events: list[tuple[date, Event]], now: datetime) -> Iterator[tuple[datetime, date, Event]]:
    """Each event with its instant and day: some minutes apart, from the evening of each day on. A deal and its first entry
    are one command, and so share their instant."""
    at, day, begins = now, None, False
    for known_on, event in events:
        if known_on != day:
            evening = _evening(known_on, now)
            at, day = max(evening, at + _STEP if day else evening), known_on
        elif not begins:
            at += _STEP
        begins = event["is"] == "deal"
        yield at, known_on, event


class _Scribe:
    """Writes events one by one, and knows what it wrote by the names that later events call it by."""

    def __init__(self, writer: "Writer", calendar: Calendar, remarks: str, language: str) -> None:
        self.deals: dict[str, int] = {}
        self._writer = writer
        self._calendar = calendar
        self._remarks = remarks
        self._in_words = in_words if language == "ja" else in_english
        self._comments: dict[str, int] = {}
        self._entries: dict[int, int] = {}
        self._meetings: dict[str, int] = {}
        self._sales: dict[str, int] = {}

    def write(self, event: Event) -> None:
        """One event, by the writer that the commands use."""
        writer, calendar = self._writer, self._calendar
        deal = self.deals.get(event.get("deal", ""))
        on = calendar.past(event.get("on", event["known_on"]))
        match event["is"]:
            case "deal":
                parent = self.deals.get(event.get("parent", ""))
                self.deals[event["deal"]] = writer.begin_deal(event["deal"], parent=parent)
            case "entry":
                self._entry(event, on, deal)
            case "amend":
                body = {"values": self._values(event["values"], on)}
                writer.amend(self._entries[event["key"]], body, why=event["why"])
            case "sale":
                self._sales[event["reference"]] = writer.add_sale(
                    on, event["customer"], event["amount"], deal=deal, reference=event["reference"], note=event["note"],
                    kind=event.get("kind", "sale"),
                )  # fmt: skip
            case "target":
                writer.set_target(event.get("owner", ""), calendar.month(event["month"]), event["amount"])
            case "declaration":
                owner, month = event.get("owner", ""), calendar.month(event["month"])
                writer.declare(month, event["amount"], owner=owner, team=not owner)
            case "day":
                writer.add_day(on, values={self._remarks: event["remarks"]}, author=event["author"])
            case "comment":
                about = self._comments[event["answers"]] if "answers" in event else self._entries[event["entry"]]
                due = calendar.ahead(event["due"]) if "due" in event else None
                self._comments[event["key"]] = writer.add_comment(
                    about, event["text"], due=due, decided_for=event.get("who")
                )
                if event.get("done"):
                    writer.amend(about, {"done": True}, why="")
            case _:
                self._of_deal(event, on, self.deals[event["deal"]])

    def _of_deal(self, event: Event, on: date, deal: int) -> None:
        """What befalls a deal beside its entries."""
        match event["is"]:
            case "assign":
                self._writer.assign(deal, event["owner"])
            case "hold":
                self._writer.hold(deal, on, self._calendar.ahead(event["last"]), event["why"])
            case "match":
                self._writer.match(self._sales[event["reference"]], deal)
            case "review":
                self._writer.review(deal, cause=event["cause"], text=event["text"], known_by=event["known_by"], on=None)

    def _entry(self, event: Event, on: date, deal: int | None) -> None:
        meeting = event.get("meeting", "")
        shared = self._meetings.get(meeting)
        values = self._values(event["values"], on)
        entry = self._writer.add_entry(on, values, deal=deal, meeting=shared, incomplete=event.get("incomplete", False))
        self._entries[event["key"]] = entry
        if meeting and shared is None:
            self._meetings[meeting] = entry

    def _values(self, values: Mapping[str, Any], on: date) -> dict[str, Any]:
        """An entry's values as of the day on which it is told, the expected close in words where its text says it."""
        moved = dict(values)
        if "closes" in values:
            closes = self._calendar.promise(values["closes"])
            moved |= {"closes": str(closes)}
            if "facts" in values:
                moved["facts"] = values["facts"].replace("{closes}", self._in_words(closes, on))
        if "accepts" in values:
            moved["accepts"] = str(self._calendar.promise(values["accepts"]))
        if "next_on" in values:
            moved["next_on"] = self._calendar.ahead(values["next_on"]).isoformat()
        return moved


def in_words(when: When, on: date) -> str:
    """An expected close as one says it on a day: `12月末`, `来年3月`, `来期上期`."""
    if (when.last - when.first).days > 31:
        ahead = _fiscal_year(when.first) - _fiscal_year(on)
        return ("今期", "来期", "再来期")[max(0, min(ahead, 2))] + (
            "上期" if when.first.month == _FISCAL_START else "下期"
        )
    year = ("", "来年", "再来年")[max(0, min(when.last.year - on.year, 2))]
    ends = (when.last + timedelta(days=_CLOSE_TO_END)).month != when.last.month
    return f"{year}{when.last.month}月{'末' if when.exact and ends else ''}"


def in_english(when: When, on: date) -> str:
    """The same in English: `the end of December`, `March next year`, `the first half of next fiscal year`."""
    if (when.last - when.first).days > 31:
        ahead = max(0, min(_fiscal_year(when.first) - _fiscal_year(on), 2))
        half = "first" if when.first.month == _FISCAL_START else "second"
        return f"the {half} half of {('this fiscal year', 'next fiscal year', 'the fiscal year after next')[ahead]}"
    year = ("", " next year", " the year after next")[max(0, min(when.last.year - on.year, 2))]
    ends = (when.last + timedelta(days=_CLOSE_TO_END)).month != when.last.month
    return f"{'the end of ' if when.exact and ends else ''}{_MONTHS[when.last.month - 1]}{year}"


def _fiscal_year(on: date) -> int:
    return on.year if on.month >= _FISCAL_START else on.year - 1


def _monday(of: date) -> date:
    return of - timedelta(days=of.weekday())


def _evening(on: date, now: datetime) -> datetime:
    """The hour at which a day's diary is written, or a while ago where that is still to come."""
    return min(datetime.combine(on, _EVENING), now.astimezone(UTC) - timedelta(hours=2))
