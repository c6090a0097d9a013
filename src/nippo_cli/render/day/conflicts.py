"""`nippo team settle`: what members wrote without knowing of each other, with what each says."""

from typing import TYPE_CHECKING, Any

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Page, Prose, Renderer, Run, Span
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.conflicts import LABELS, Conflict, ConflictPage, Settled, SettledPage, Stance

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Schema

_INDENT = 2


def page(result: ConflictPage, screen: "Screen") -> Page:
    """Every one that would be asked about."""
    title = t("show.settle.title")
    if not result.conflicts:
        return Page([Prose(Span(t("show.settle.none"), "good"))], title)
    blocks: list[Block] = []
    for conflict in result.conflicts:
        blocks += [Prose(""), *one(conflict, result, "", screen).blocks]
        blocks.append(Prose(Span(_command(conflict, result), "dim"), _INDENT))
    return Page(blocks[1:], title, words.counted("show.count", len(result.conflicts)))


def _command(conflict: Conflict, result: ConflictPage) -> str:
    """What settles this one alone, with every answer that it takes."""
    others = [one for one in result.conflicts if one.field and one.id == conflict.id]
    field = f" --field {conflict.field}" if len(others) > 1 else ""
    answers = ["mine", "theirs"]
    if "m" not in keys_of(conflict):
        names = [side.by for side in conflict.sides]
        answers = names if len(set(names)) == len(names) else [show_id(side.record) for side in conflict.sides]
    both = ["both"] if conflict.takes_both else []
    return f"nippo team settle {show_id(conflict.id)}{field} --keep {'|'.join([*answers, *both])}"


def keys_of(conflict: Conflict) -> list[str]:
    """The key of each side: `m` and `t` where one of two is one's own, else their numbers."""
    if len(conflict.sides) == 2 and sum(side.mine for side in conflict.sides) == 1:
        return ["m" if side.mine else "t" for side in conflict.sides]
    return [str(n) for n in range(1, len(conflict.sides) + 1)]


def one(conflict: Conflict, result: ConflictPage, place: str, screen: "Screen") -> Page:  # noqa: ARG001  as every page's
    """What it is about; then each side behind its key, and what both would be."""
    lead: Run = (Span(f"{place}  ", "dim") if place else "", *_about(conflict, result.as_of))
    blocks: list[Block] = [Prose(lead)]
    last = len(conflict.sides) - 1
    for n, (key, side) in enumerate(zip(keys_of(conflict), conflict.sides, strict=True)):
        who = t("show.settle.mine") if side.mine else t("show.settle.theirs", name=side.by)
        in_force = f"  {t('show.settle.in_force')}" if conflict.field and n == last else ""
        said = _side_text(conflict, side, result.schema)
        day = words.day_name(side.on, result.as_of)
        blocks.append(
            Prose(
                (Span(f"{key}  ", "strong"), who, Span(f"  {said}", "strong"), Span(f"  {day}{in_force}", "dim")),
                _INDENT,
            )
        )
    if conflict.takes_both:
        both = t("show.settle.two_deals") if conflict.kind == "deal" else value_shown(conflict, conflict.both)
        blocks.append(Prose((Span("b  ", "strong"), t("show.settle.both"), f"  {both}"), _INDENT))
    return Page(blocks)


def _about(conflict: Conflict, as_of: "date") -> Run:
    """What a conflict is about, in a line: a deal or an entry, and the field."""
    entry = conflict.entry
    if conflict.head is not None:
        what = t(f"show.settle.deal_{conflict.field}")
        return (Span(conflict.head.name, "strong"), f"  {conflict.head.customer}", Span(f"  {what}", "warn"))
    if entry is None:
        head = conflict.sides[0].deal
        assert head is not None  # noqa: S101  a deal's side has its deal
        return (Span(head.name, "strong"), f"  {head.customer}", Span(f"  {t('show.settle.deal')}", "warn"))
    deal = f"  {entry.deal.name}" if entry.deal is not None else ""
    customer = f"  {entry.customer}" if entry.customer else ""
    what = t("show.settle.field", field=label_of(conflict))
    return (
        f"#{show_id(entry.id)} ",
        words.day_name(entry.on, as_of),
        Span(f"{deal}", "strong"),
        customer,
        Span(f"  {what}", "warn"),
    )


def label_of(conflict: Conflict) -> str:
    """What the field is called."""
    if conflict.head is not None:
        return t(LABELS[conflict.field])
    assert conflict.entry is not None  # noqa: S101  a field's conflict has its entry
    names = {"on": "show.entry.on", "deal": "word.deal"}
    key = conflict.field
    return t(names[key]) if key in names else conflict.entry.schema.field_label(key)


def value_shown(conflict: Conflict, value: Any) -> str:
    """A value of the field in words."""
    if conflict.head is not None:
        return str(value)
    assert conflict.entry is not None  # noqa: S101  a field's conflict has its entry
    schema = conflict.entry.schema
    field = schema.by_key.get(conflict.field)
    if value is None:
        return words.NOTHING
    if conflict.field == "deal":
        return f"#{show_id(value)}"
    return words.value(field, value, schema) if field is not None else str(value)


def _side_text(conflict: Conflict, side: Stance, schema: "Schema") -> str:
    """What one side says, in words: a value, or its deal with stage, amount and entries."""
    head = side.deal
    if head is None:
        return value_shown(conflict, side.value)
    amount = words.money(head.amount, schema.currency) if head.amount is not None else ""
    parts = (
        f"#{show_id(head.id)}",
        words.stage(schema, head.stage),
        amount,
        words.counted("show.settle.entries", head.entries),
    )
    return "  ".join(part for part in parts if part)


def to_json(result: ConflictPage) -> dict[str, object]:
    """Every one with its sides."""
    return {
        "as_of": result.as_of.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "conflicts": [_conflict_json(one) for one in result.conflicts],
    }


def _conflict_json(conflict: Conflict) -> dict[str, object]:
    deal = conflict.head or (conflict.entry.deal if conflict.entry is not None else None)
    return {
        "kind": conflict.kind,
        "id": show_id(conflict.id),
        "field": conflict.field or None,
        "deal": shapes.deal(deal) if deal is not None else None,
        "sides": [_side_json(conflict, side) for side in conflict.sides],
        "both": _plain(conflict, conflict.both) if conflict.kind == "field" else None,
        "takes_both": conflict.takes_both,
    }


def _side_json(conflict: Conflict, side: Stance) -> dict[str, object]:
    said: dict[str, object] = {
        "by": side.by, "mine": side.mine, "on": side.on.isoformat(), "record": show_id(side.record),
    }  # fmt: skip
    if side.deal is not None:
        return said | {"deal": shapes.deal(side.deal)}
    return said | {"value": _plain(conflict, side.value)}


def _plain(conflict: Conflict, value: Any) -> Any:
    return show_id(value) if conflict.field == "deal" and isinstance(value, int) else value


def settled_page(result: SettledPage, _screen: "Screen") -> Page:
    """A line each: what was kept, and where the rest is."""
    tried = Span(f"{t('show.dry_run')} ", "strong") if result.dry_run else ""
    return Page([Prose((tried, Span(_line(one), "good"))) for one in result.settled])


def _line(settled: Settled) -> str:
    """What became of a conflict, in a line: whose value stands, or which deal the others went into."""
    conflict = settled.conflict
    side = next((one for one in conflict.sides if one.by == settled.by), None)
    mine = side is not None and side.mine
    if conflict.field:
        params = {
            "id": show_id(conflict.id),
            "field": label_of(conflict),
            "value": value_shown(conflict, settled.value),
        }
        whose = "mine" if mine else "theirs" if side else "both"
        return t(f"show.settled.{conflict.kind}_{whose}", **params, name=settled.by)
    ids = [f"#{show_id(side.record)}" for side in conflict.sides]
    head = conflict.sides[0].deal
    name = head.name if head is not None else ""
    if not settled.by:
        return t("show.settled.deal_both", name=name, ids=t("show.comma").join(ids))
    others = [f"#{show_id(side.record)}" for side in conflict.sides if side.record != settled.into]
    return t("show.settled.deal_one", name=name, id=show_id(settled.into or 0), others=t("show.comma").join(others))


def settled_json(result: SettledPage) -> dict[str, object]:
    """The same as data."""
    return {
        "settled": [
            {
                "kind": one.conflict.kind, "id": show_id(one.conflict.id), "field": one.conflict.field or None,
                "kept": one.by or "both", "value": _plain(one.conflict, one.value),
                "into": shapes.maybe_id(one.into), "records": shapes.ids(one.records),
            }
            for one in result.settled
        ],
        "dry_run": result.dry_run,
    }  # fmt: skip


RENDERER = Renderer(ConflictPage, page=page, to_json=to_json, rows="conflicts")
SETTLED = Renderer(SettledPage, page=settled_page, to_json=settled_json, rows="settled")
