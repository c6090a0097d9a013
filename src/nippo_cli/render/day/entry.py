"""`nippo show ID`: one entry with every field, and its history where it was asked for."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from nippo_cli.base.customers import customer_key
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, FactRows, Heading, Page, Prose, Renderer, Run, Span
from nippo_cli.render.parts import entry_lines, remark_lines, shapes, words
from nippo_cli.results.entries import EntryPage, EntryView, Version

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Schema
from nippo_cli.base.dates import local_time


def page(result: EntryPage, _screen: "Screen") -> Page:
    """Fields under the schema's labels and in its order; the impression stands apart from the facts."""
    view = result.entry
    blocks: list[Block] = [FactRows(_pairs(result))]
    impression = entry_lines.field_words(view, "impression")
    if impression:
        blocks += [Heading(view.schema.by_role["impression"].label), Prose(impression, indent=2)]
    if view.incomplete and not view.damaged:
        blocks += [Prose(""), Prose(Span(_to_complete(result), "warn"))]
    if view.damaged:
        blocks += [Heading(t("show.entry.remains")), Prose(view.remains, indent=2)]
    if result.comments:
        near = result.as_of or view.on
        blocks += [Heading(t("show.comment.heading")), *remark_lines.thread(result.comments, near)]
    if result.readers:
        blocks += [Prose(""), *remark_lines.readers(result.readers, result.as_of or view.on, indent=0)]
    if result.with_history:
        blocks.append(Heading(t("show.entry.history"), words.counted("show.entry.versions", len(result.history))))
        for version in result.history:
            blocks += _version(version, view)
    return Page(blocks, t("show.entry.title", id=show_id(view.id), day=words.day_name(view.on)), _note(result))


def to_json(result: EntryPage) -> dict[str, object]:
    """The entry, and its records oldest first where they were asked for."""
    answer: dict[str, object] = {
        **shapes.entry(result.entry),
        "retracted": result.retracted,
        "missing": list(result.missing),
    }
    answer["read_by"] = [remark_lines.reader_json(one) for one in result.readers]
    answer["comments"] = [remark_lines.comment_json(one) for one in result.comments]
    if result.with_history:
        answer["history"] = [_version_json(version) for version in result.history]
    return answer


def _to_complete(result: EntryPage) -> str:
    """What an incomplete entry lacks, and the command that completes it; of one that lacks nothing, the one that says so."""
    if not result.missing:
        return t("show.entry.lacks_nothing", id=show_id(result.entry.id))
    fields = result.entry.schema.by_key
    labels = tuple(fields[key].label if key in fields else key for key in result.missing)
    options = " ".join(f"--{key.replace('_', '-')} …" for key in result.missing)
    return t("show.entry.lacks", id=show_id(result.entry.id), fields=labels, options=options)


def _note(result: EntryPage) -> str:
    notes = [] if not result.retracted else [t("show.entry.retracted")]
    return "  ".join((*notes, *entry_lines.marks(result.entry)))


def _pairs(result: EntryPage) -> list[tuple[str, Cell | Run]]:
    """Labels and values in the schema's order; what no field of it asks for comes last."""
    view, schema = result.entry, result.entry.schema
    pairs: list[tuple[str, Cell | Run]] = [(t("show.entry.author"), view.author)]
    if view.erased:
        return [*pairs, (t("show.entry.state"), Span(t("show.entry.erased"), "dim"))]
    deal_shown = False
    # With its customer, unless that stands in a row of its own.
    named = view.customer if entry_lines.value_in_role(view, "customer") else ""
    deal = words.deal(view.deal, beside=named, apart=result.apart) if view.deal else ""
    for field in schema.fields:
        if field.role == "deal":
            deal_shown = True
            if view.deal:
                pairs.append((field.label, (Span(deal, "strong"), f"  {show_id(view.deal.id)}")))
        elif field.role != "impression" and field.key in view.values:
            called = _called(view) if field.role == "customer" else ""
            pairs.append((field.label, (words.value(field, view.values[field.key], schema), Span(called, "dim"))))
    if view.deal and not deal_shown:
        pairs.insert(1, (t("word.deal"), (Span(deal, "strong"), f"  {show_id(view.deal.id)}")))
    # What another version of the schema asked for is still what was written.
    pairs += [
        (schema.field_label(key), (_former_value(key, value, schema), Span(f"  {t('show.entry.former')}", "dim")))
        for key, value in view.values.items()
        if key not in schema.by_key
    ]
    pairs.append((t("show.entry.recorded"), _recorded(view, result.time_zone)))
    return pairs


def _called(view: EntryView) -> str:
    """What the customer that an entry names is called, where that is another name; else nothing."""
    said = str(entry_lines.value_in_role(view, "customer"))
    is_other = customer_key(said)[0] != customer_key(view.customer)[0]
    return f"  {t('show.entry.called', name=view.customer)}" if is_other else ""


def _former_value(key: str, value: Any, schema: "Schema") -> str:
    """What a field held that the schema no longer has; a choice in the words of then."""
    values = value if isinstance(value, list) else [value]
    return t("show.comma").join(schema.former.get(f"{key}/{one}", str(one)) for one in values)


def _recorded(view: EntryView, time_zone: str) -> str:
    """The day on which it was recorded: the hour of it is nobody's business on a screen, and stands in the JSON."""
    at = local_time(datetime.fromisoformat(view.recorded_at), time_zone)
    shown = words.day_name(at.date())
    if view.known_on not in (view.on, at.date()):
        shown += t("show.entry.known_on", day=words.day(view.known_on))
    if view.batch is not None:
        shown += t("show.entry.from_batch", id=show_id(view.batch))
    return shown


def _version(version: Version, view: EntryView) -> list[Block]:
    """A record of the entry: who made it when and why, and what it changed."""
    head: Run = (
        Span(t(f"show.version.{version.what}"), "strong"),
        f"  {words.day_name(version.known_on)}  {version.author}",
        f"  {t('show.version.why', why=version.why)}" if version.why else "",
    )
    blocks: list[Block] = [Prose(head, indent=2, mark="-")]
    if version.what in ("amend", "restore"):
        blocks += [
            Prose(t("show.version.changed", label=_label(key, view), old=_shown(key, old, view),
                    new=_shown(key, new, view)), indent=4)
            for key, (old, new) in version.changed.items()
        ]  # fmt: skip
    return blocks


def _label(key: str, view: EntryView) -> str:
    field = view.schema.by_key.get(key)
    if field is not None:
        return field.label
    names = {"on": "show.entry.on", "deal": "word.deal", "author": "show.entry.author",
             "incomplete": "word.incomplete", "snapshot": "deal.changed_snapshot"}  # fmt: skip
    return t(names[key]) if key in names else view.schema.field_label(key)


def _shown(key: str, value: Any, view: EntryView) -> str:
    field = view.schema.by_key.get(key)
    if value is None:
        return words.NOTHING
    if field is not None and field.role != "deal":
        return words.value(field, value, view.schema)
    if isinstance(value, bool) and field is None:
        return t("show.yes" if value else "show.no")
    if key not in ("on", "deal", "author"):
        return _former_value(key, value, view.schema)
    return show_id(value) if isinstance(value, int) else str(value)


def _version_json(version: Version) -> dict[str, object]:
    """The same as data."""
    return {
        "record": show_id(version.record),
        "what": version.what,
        "author": version.author,
        "recorded_at": version.recorded_at,
        "known_on": version.known_on.isoformat(),
        "why": version.why or None,
        "changed": {
            key: {"was": _plain(key, old), "is": _plain(key, new)} for key, (old, new) in version.changed.items()
        },
    }


def _plain(key: str, value: Any) -> Any:
    if key == "deal" and isinstance(value, int):
        return show_id(value)
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)


RENDERER = Renderer(EntryPage, page=page, to_json=to_json)
