"""The diary as tables for SQL: names that stay, days as ISO, money in the currency's smallest unit, ids as they are printed.

Rule: docs/sql.md
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from nippo_cli import __version__
from nippo_cli.base.dates import month_start, read_when
from nippo_cli.base.ids import show_id
from nippo_cli.journal.care import SqlTable, SqlView, sql_pieces
from nippo_cli.render.parts import entry_lines, shapes
from nippo_cli.results.entries import EntryList
from nippo_cli.schema.types import type_of
from nippo_cli.services.context import StatusJudge, Workspace, reading
from nippo_cli.services.pages import LogFilter
from nippo_cli.services.pages.log import log
from nippo_cli.services.pages.periods import count_contacts

if TYPE_CHECKING:
    from nippo_cli.base.dates import When
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Choice, Schema

# The contract's number: it rises when a column is renamed or means something else, not when one is added.
CONTRACT: Final = 1
_AT_ONCE: Final = 1000
_SqlRow = Sequence[object]

_ABOUT: Final = (("key", "text"), ("value", "text"))
_LABELS: Final = (("list", "text"), ("key", "text"), ("label", "text"))
_STAGES: Final = (
    ("key", "text"), ("label", "text"), ("position", "integer"), ("ends", "text"), ("after_won", "integer"),
    ("norm_days", "integer"),
)  # fmt: skip
_ENTRIES: Final = (
    ("id", "text"), ("day", "date"), ("author", "text"), ("deal_id", "text"), ("customer", "text"), ("activity", "text"),
    ("is_contact", "integer"), ("meeting_id", "text"), ("stage", "text"), ("facts", "text"), ("amount", "integer"),
    ("closes_first", "date"), ("closes_last", "date"), ("confidence", "text"), ("next_step", "text"), ("next_first", "date"),
    ("next_last", "date"), ("lost_reason", "text"), ("incomplete", "integer"), ("corrected", "integer"), ("known_on", "date"),
    ("recorded_at", "text"), ("values_json", "text"), ("snapshot", "integer"),
)  # fmt: skip
_PEOPLE: Final = (("entry_id", "text"), ("name", "text"), ("title", "text"), ("decides", "integer"))
_DEALS: Final = (
    ("id", "text"), ("name", "text"), ("customer", "text"), ("owner", "text"), ("kind", "text"), ("parent_id", "text"),
    ("billed_to", "text"), ("site", "text"), ("stage", "text"), ("outcome", "text"), ("began_on", "date"), ("entered_on", "date"),
    ("closed_on", "date"), ("lead_days", "integer"), ("stay_days", "integer"), ("norm_days", "integer"), ("limit_days", "integer"),
    ("stalled", "integer"), ("last_contact_on", "date"), ("silence_days", "integer"), ("amount", "integer"), ("closes_first", "date"),
    ("closes_last", "date"), ("pushes", "integer"), ("pulls", "integer"), ("slip_days", "integer"), ("confidence", "text"),
    ("next_step", "text"), ("next_first", "date"), ("next_last", "date"), ("next_overdue_days", "integer"), ("entries", "integer"),
    ("contacts", "integer"), ("arrival", "text"), ("begin_known", "integer"),
)  # fmt: skip
_STAYS: Final = (
    ("deal_id", "text"), ("number", "integer"), ("stage", "text"), ("entered_on", "date"), ("left_on", "date"), ("days", "integer"),
    ("step", "integer"), ("entry_id", "text"), ("arrival", "text"),
)  # fmt: skip
_PROMISES: Final = (
    ("deal_id", "text"), ("what", "text"), ("value", "text"), ("made_on", "date"), ("move_days", "integer"), ("entry_id", "text"),
)  # fmt: skip
_SALES: Final = (
    ("id", "text"), ("day", "date"), ("kind", "text"), ("customer", "text"), ("deal_id", "text"), ("amount", "integer"),
    ("gross", "integer"), ("reference", "text"), ("note", "text"),
)  # fmt: skip
_TARGETS: Final = (("month", "text"), ("owner", "text"), ("kind", "text"), ("amount", "integer"))
_DAYS: Final = (("id", "text"), ("day", "date"), ("author", "text"), ("off", "text"), ("values_json", "text"))
_COMMENTS: Final = (
    ("id", "text"), ("entry_id", "text"), ("deal_id", "text"), ("day", "date"), ("author", "text"), ("said_on", "date"),
    ("text", "text"), ("decision", "integer"), ("who", "text"), ("due", "date"), ("open", "integer"), ("done_on", "date"),
)  # fmt: skip
_REVIEWS: Final = (
    ("id", "text"), ("deal_id", "text"), ("day", "date"), ("author", "text"), ("cause", "text"), ("known_by", "text"), ("text", "text"),
)  # fmt: skip

_VIEWS: Final = (
    SqlView("open_deals", "select * from deals where outcome in ('open', 'fizzled')"),
    SqlView(
        "contacts",
        "select coalesce(meeting_id, id) as contact_id, min(day) as day, min(author) as author, min(customer) as customer, "
        "count(*) as entries from entries where is_contact = 1 group by coalesce(meeting_id, id)",
    ),
    SqlView(
        "lost_deals",
        "select d.*, e.lost_reason from deals d join stays s on s.deal_id = d.id and s.stage = d.stage and s.left_on is null "
        "join entries e on e.id = s.entry_id where d.outcome = 'lost'",
    ),
)


def sql_export(workspace: Workspace) -> Iterator[bytes]:
    """The diary as an SQLite file, in pieces.

    Raises:
        NotFound: there is no journal.
    """
    with reading(workspace) as (reader, as_of):
        tables = [
            *_of_schema(reader, as_of),
            *_of_deals(reader, as_of),
            *_of_ledger(reader, as_of),
            *_of_remarks(reader, as_of),
        ]
        schema = reader.schema(as_of)
    people = list[_SqlRow]()
    entries = SqlTable("entries", _ENTRIES, _entries(workspace, schema, people), "id")
    return sql_pieces([*tables, entries, SqlTable("people_met", _PEOPLE, people)], _VIEWS)


def _of_schema(reader: "JournalReader", as_of: "AsOf") -> Iterator[SqlTable]:
    """What the file is about, and the words for keys."""
    schema = reader.schema(as_of)
    about = {
        "contract": str(CONTRACT),
        "as_of": as_of.on.isoformat(),
        "time_zone": reader.time_zone,
        "currency": schema.currency.code,
        "currency_digits": str(schema.currency.digits),
        "schema": schema.name,
        "nippo": __version__,
    }
    yield SqlTable("about", _ABOUT, list(about.items()), "key")
    stages = [
        (stage.key, stage.label, place, stage.ends, int(stage.after), stage.norm)
        for place, stage in enumerate(schema.stages, 1)
    ]
    yield SqlTable("stages", _STAGES, stages, "key")
    lists: Mapping[str, Any] = {
        "kind": schema.kinds, "activity": schema.activities, "confidence": schema.ranks, "cause": schema.causes, "field": schema.fields,
    }  # fmt: skip
    labels = [(name, one.key, one.label) for name, listed in lists.items() for one in listed]
    labels += [(field.key, one.key, one.label) for field in schema.fields for one in field.choices]
    yield SqlTable("labels", _LABELS, labels)


def _reviews(reader: "JournalReader", as_of: "AsOf", schema: "Schema") -> "list[_SqlRow]":
    """What was learned of finished deals later, deal by deal."""
    causes = _renamed(schema.causes)
    return [
        (show_id(r.id), show_id(r.deal), _day(r.on), r.who, _now(r.cause or None, causes), r.known_by, r.text)
        for _, several in sorted(reader.reviews(as_of).items())
        for r in several
    ]


def _of_deals(reader: "JournalReader", as_of: "AsOf") -> Iterator[SqlTable]:
    """Deals as they stand, their stays and promises, and what was learned of them later."""
    schema = reader.schema(as_of)
    judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
    deals, stays, promises = list[_SqlRow](), list[_SqlRow](), list[_SqlRow]()
    heads = iter(sorted(reader.heads(as_of), key=lambda head: head.id))
    lines = reader.line_reader(as_of)
    while chunk := list(islice(heads, _AT_ONCE)):
        for head in chunk:
            plain = shapes.status(judge.status(head))
            norm = plain["norm"]
            own = {
                "parent_id": plain["parent"],
                "norm_days": norm["days"] if isinstance(norm, dict) else None,
                "stalled": int(bool(plain["stalled"])),
                "begin_known": int(head.begin_known),
                **_span("closes", head.closes),
                **_span("next", head.next_on),
            }
            deals.append([own[column] if column in own else plain[column] for column, _ in _DEALS])
        for deal, line in sorted(lines.lines([head.id for head in chunk]).items()):
            name = show_id(deal)
            stays += [
                (
                    name,
                    number,
                    s.stage,
                    _day(s.entered_on),
                    _day(s.left_on),
                    s.days,
                    s.step,
                    show_id(s.entry),
                    s.arrival,
                )
                for number, s in enumerate(line.stays, 1)
            ]
            promises += [(name, p.what, str(p.value), _day(p.made_on), p.move, show_id(p.entry)) for p in line.promises]
    yield SqlTable("deals", _DEALS, deals, "id")
    yield SqlTable("stays", _STAYS, stays)
    yield SqlTable("promises", _PROMISES, promises)
    yield SqlTable("reviews", _REVIEWS, _reviews(reader, as_of, schema), "id")


def _of_ledger(reader: "JournalReader", as_of: "AsOf") -> Iterator[SqlTable]:
    """Sales, advances among them by their kind, and targets."""
    ledger = reader.ledger(as_of)
    sales = sorted((*ledger.sales(), *ledger.advances()), key=lambda sale: (sale.on, sale.id))
    rows = [
        (show_id(s.id), _day(s.on), s.kind, s.customer, shapes.maybe_id(s.deal), s.amount, s.gross, s.reference, s.note)
        for s in sales
    ]
    yield SqlTable("sales", _SALES, rows, "id")
    targets = [(f"{month_start(t.month):%Y-%m}", t.owner or None, t.kind or None, t.amount) for t in ledger.targets()]
    yield SqlTable("targets", _TARGETS, targets)


def _of_remarks(reader: "JournalReader", as_of: "AsOf") -> Iterator[SqlTable]:
    """Days' own remarks, and comments."""
    remarks = reader.remarks(as_of)
    # Leave is said of days to come.
    notes = remarks.days(date.min, date.max)
    yield SqlTable("days", _DAYS, [(show_id(n.id), _day(n.on), n.author, n.off, _json(n.values)) for n in notes], "id")
    comments = [
        (
            show_id(c.id), shapes.maybe_id(c.entry), shapes.maybe_id(c.deal), _day(c.day), c.author, _day(c.on), c.text,
            int(c.decision), c.who or None, _day(c.due), int(c.open), _day(c.done_on),
        )
        for c in remarks.every_comment()
    ]  # fmt: skip
    yield SqlTable("comments", _COMMENTS, comments, "id")


def _entries(workspace: Workspace, schema: "Schema", people: list[_SqlRow]) -> Iterator[_SqlRow]:
    """Every entry, oldest first; whom each names is added to `people`. The journal is held for some at a time."""
    listed = log(workspace, LogFilter(), count=False).entries
    ids = iter((listed.ids if isinstance(listed, EntryList) else [entry.id for entry in listed])[::-1])
    while chunk := list(islice(ids, _AT_ONCE)):
        with reading(workspace) as (reader, as_of):
            views = list(reader.views(as_of, chunk))
        for view in views:
            people += _people(view)
            yield _entry(view, schema)


def _entry(view: "EntryView", schema: "Schema") -> _SqlRow:
    """An entry as a row of the table `entries`, its fields in columns of their own."""
    said = entry_lines.value_in_role
    own: dict[str, object] = {
        "id": show_id(view.id),
        "day": _day(view.on),
        "author": view.author,
        "deal_id": show_id(view.deal.id) if view.deal else None,
        "customer": view.customer or None,
        "is_contact": count_contacts([view], schema),
        "meeting_id": shapes.maybe_id(view.meeting),
        "activity": _now(said(view, "activity"), schema.renamed_activities),
        "stage": _now(said(view, "stage"), schema.renamed_stages),
        "facts": said(view, "facts"),
        "amount": said(view, "amount"),
        "confidence": _now(said(view, "confidence"), schema.renamed_ranks),
        "next_step": said(view, "next_step"),
        "lost_reason": _reasons(view, schema),
        **_span("closes", _when(said(view, "closes"))),
        **_span("next", _when(said(view, "next_on"))),
        "incomplete": int(view.incomplete),
        "corrected": int(view.corrected),
        "known_on": _day(view.known_on),
        "recorded_at": view.recorded_at,
        "values_json": _json(view.values),
        "snapshot": int(view.snapshot),
    }
    return [own[column] for column, _ in _ENTRIES]


def _people(view: "EntryView") -> Iterator[_SqlRow]:
    for field in view.schema.fields:
        of = type_of(field)
        if of.names_people and field.key in view.values:
            for one in of.people(view.values[field.key]):
                yield show_id(view.id), one.get("name"), one.get("title"), int(bool(one.get("decides")))


def _reasons(view: "EntryView", schema: "Schema") -> str | None:
    """Why a deal was lost, by the keys of the schema in force; several reasons are parted by commas."""
    said = entry_lines.value_in_role(view, "lost_reason")
    if not said:
        return None
    field = schema.by_role.get("lost_reason")
    renamed = _renamed(field.choices) if field is not None else {}
    return ",".join(_now(one, renamed) for one in (said if isinstance(said, list) else [said]))


def _renamed(choices: "Sequence[Choice]") -> dict[str, str]:
    """Today's key of each former one."""
    return {old: one.key for one in choices for old in one.was}


def _now(key: Any, renamed: Mapping[str, str]) -> Any:
    """A key as the schema in force has it."""
    return renamed.get(key, key) if key is not None else None


def _when(said: Any) -> "When | None":
    return read_when(str(said)) if said else None


def _span(name: str, when: "When | None") -> dict[str, object]:
    """The first and the last day of a date that may be coarse."""
    return {f"{name}_first": _day(when.first) if when else None, f"{name}_last": _day(when.last) if when else None}


def _day(on: "date | None") -> str | None:
    return on.isoformat() if on is not None else None


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
