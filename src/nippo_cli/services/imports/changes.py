"""Rows of a file whose key stands for something else in the journal: what is told of them, and what becomes of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.errors import Message, Place, Problem, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.exchange.mapping import CHANGED
from nippo_cli.exchange.sifting import Rejected
from nippo_cli.line.namesakes import SeveralDeals, meant
from nippo_cli.results.care import ChangedRow, FieldChange

if TYPE_CHECKING:
    from nippo_cli.journal.bulk import ChangedEntry
    from nippo_cli.journal.write import Writer
    from nippo_cli.schema.schema import Schema

# So many rows are shown with what they change; a text is shown as far as that.
ROWS_KEPT: Final = 1000
_MOST = 24
_NAMED = 6

ENTRIES_OF_DEAL: Final = "select count(*) from entry where deal = ?"
DEAL_OF_ENTRY: Final = "select deal from entry where id = ?"


def chosen(said: str, of_map: str, allowed: Sequence[str] = CHANGED) -> str:
    """What is to become of such rows: as typed, else as the map says, else they are rejected.

    Raises:
        UsageError: it is nothing that may.
    """
    if said and said not in allowed:
        raise UsageError(msg("desk.bad_changed", said=said, allowed=allowed))
    return said or of_map or "reject"


def field_changes(changed: "ChangedEntry", schema: "Schema") -> list[FieldChange]:
    """What a row says otherwise, in words too."""
    from nippo_cli.render.parts import words

    fields = schema.by_key
    result = []
    for one in changed.changes:
        field = fields.get(one.what) if one.of_field else None
        if field is not None:
            texts = (words.value(field, one.before, schema), words.value(field, one.after, schema))
            result.append(FieldChange(one.what, field.label, one.before, one.after, _short(*texts)))
        else:
            values = [f"#{show_id(v)}" if one.what == "deal" and isinstance(v, int) else v for v in one[1:3]]
            texts = (_plain(values[0]), _plain(values[1]))
            result.append(FieldChange(one.what, msg(f"desk.change.{one.what}"), values[0], values[1], texts))
    return result


def in_words(changes: Sequence[FieldChange]) -> list[Message]:
    """The first changes as a reason names them, and how many more there are."""
    said = [msg("desk.change", label=c.label, before=c.texts[0], after=c.texts[1]) for c in changes[:_NAMED]]
    return said if len(changes) <= _NAMED else [*said, msg("done.thing.more", n=len(changes) - _NAMED)]


def _short(before: str, after: str) -> tuple[str, str]:
    """Two texts in a row: of long ones the place where they part, with a little before it."""
    before, after = " ".join(before.split()), " ".join(after.split())
    same = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    first = max(0, same - _MOST // 2) if max(len(before), len(after)) > _MOST else 0
    cut = [
        "…" * bool(first) + text[first : first + _MOST] + "…" * (len(text) > first + _MOST) for text in (before, after)
    ]
    return cut[0], cut[1]


def _plain(value: object) -> str:
    from nippo_cli.render.parts import words

    return (
        words.NOTHING if value in (None, "") else str(value) if not isinstance(value, bool) else "✓" if value else "–"
    )


class Correction(NamedTuple):
    """A row that is to correct an entry: as it stands in the file, under its key, with the deal and the customer that it
    names."""

    row: Rejected
    source_key: str
    deal_name: str | None
    customer: str | None
    changed: "ChangedEntry"
    deal_key: str | None = None

    def shown(self, schema: "Schema") -> ChangedRow:
        """The row as a screen tells it."""
        return ChangedRow(self.row.line, self.changed.entry, field_changes(self.changed, schema))


def refusal_of(changed: "ChangedEntry", schema: "Schema", line: int, key: str) -> Problem:
    """Why such a row is rejected: which entry it is about, and in what it differs."""
    what = "desk.key_taken_back" if changed.taken_back else "desk.key_changed"
    needs = msg(what, id=show_id(changed.entry), changes=in_words(field_changes(changed, schema)))
    return Problem(Place(line=line), key.replace("\x1f", " "), needs)


def correct(
    writer: "Writer",
    corrections: Sequence[Correction],
    *,
    batch: int,
    file: str,
    changes_customer: bool,
    new_deals: list[int],
    other_customers: dict[int | None, None],
) -> Iterator[tuple[Correction, Problem | None]]:
    """Write corrections, one after another, and say what stands in the way of one that can't be written.

    Args:
        new_deals: takes the deals that they begin.
        other_customers: takes the deals of which they say another customer than it was until then.
    """
    leaving, whose, by_pair = _leaving(writer, corrections), dict[int, str](), dict[tuple[str, str], int]()
    for one in corrections:
        try:
            body = _body(
                writer, one, batch,
                changes_customer=changes_customer, leaving=leaving, by_pair=by_pair, new_deals=new_deals,
            )  # fmt: skip
            writer.amend(one.changed.entry, body, why=file, batch=batch, source_key=one.source_key)
        except SeveralDeals:
            yield one, Problem(Place(line=one.row.line), one.deal_name or "", msg("desk.key_says_other"))
        except UsageError as error:
            yield one, Problem(Place(line=one.row.line), show_id(one.changed.entry), error.message)
        else:
            deal = _goes_to_others(writer, one, body, whose)
            if deal is not None:
                other_customers[deal] = None
            yield one, None


def _goes_to_others(writer: "Writer", one: Correction, body: Mapping[str, object], whose: dict[int, str]) -> int | None:
    """The deal that a correction went to, or stayed in, whose customer was another than the row says; None where they agree, or
    nothing of that changed. To be asked before the deal is built anew.

    Args:
        whose: by deal, its customer when the first correction came to it, else the first that one says; it is added to.
    """
    from nippo_cli.journal.read import tag

    said = one.customer or ""
    if not said or not ("deal" in body or _names_other(writer, one)):
        return None
    deal = body.get("deal", _deal_today(writer, one))
    if not isinstance(deal, int):
        return None
    before = whose.setdefault(deal, tag(writer.cx, deal).customer or said)
    return None if writer.projection.customer_names.same(before, said) else deal


def _deal_today(writer: "Writer", one: Correction) -> int | None:
    """The deal of the entry that is corrected, as it is by now."""
    row = writer.cx.execute(DEAL_OF_ENTRY, (one.changed.entry,)).fetchone()
    return row[0] if row else None


def _names_other(writer: "Writer", one: Correction) -> bool:
    """Whether a row says another customer than its entry."""
    key = writer.projection.migrator.schema.key("customer")
    return any(c.of_field and c.what == key for c in one.changed.changes)


def _leaving(writer: "Writer", corrections: Sequence[Correction]) -> dict[int, str]:
    """The deals of which every entry goes to one customer: each with that."""
    to: defaultdict[int, list[str]] = defaultdict(list)
    for one in corrections:
        deal = _deal_today(writer, one)
        if deal is not None and one.deal_key is None and one.deal_name and not _is_moved(one):
            to[deal].append(writer.projection.customer_names.name(one.customer or ""))
    return {
        deal: customers[0]
        for deal, customers in to.items()
        if len(set(customers)) == 1 and writer.cx.execute(ENTRIES_OF_DEAL, (deal,)).fetchone() == (len(customers),)
    }


def _is_moved(one: Correction) -> bool:
    return any(c.what == "deal" and not c.of_field for c in one.changed.changes)


def _body(
    writer: "Writer",
    one: Correction,
    batch: int,
    *,
    changes_customer: bool,
    leaving: Mapping[int, str],
    by_pair: dict[tuple[str, str], int],
    new_deals: list[int],
) -> Mapping[str, object]:
    """What the correction says."""
    changes = one.changed.changes
    body: dict[str, Any] = {c.what: c.after for c in changes if not c.of_field and c.what != "deal"}
    if "on" in body:
        from datetime import date

        body["on"] = date.fromisoformat(body["on"])
    values = {c.what: c.after for c in changes if c.of_field}
    if values:
        body["values"] = values
    moved = _is_moved(one)
    if one.deal_key is not None and one.deal_name is not None:
        from nippo_cli.journal.bulk import deal_with_key

        if moved:
            deal = deal_with_key(writer.cx, writer.projection.batches, one.deal_key)
            if deal is None:
                deal = writer.begin_keyed_deal(one.deal_name, one.deal_key, batch=batch)
                new_deals.append(deal)
            body["deal"] = deal
        return body
    if moved or (one.deal_name and _names_other(writer, one)):
        deal = _deal(
            writer, one, batch,
            moved=moved, changes_customer=changes_customer, leaving=leaving, by_pair=by_pair, new_deals=new_deals,
        )  # fmt: skip
        if moved or deal is not None:
            body["deal"] = deal
    return body


class _Namesake(NamedTuple):
    id: int
    customer: str
    is_alias: bool
    once_of: Collection[str]


def _deal(
    writer: "Writer",
    one: Correction,
    batch: int,
    *,
    moved: bool,
    changes_customer: bool,
    leaving: Mapping[int, str],
    by_pair: dict[tuple[str, str], int],
    new_deals: list[int],
) -> int | None:
    """The deal that a correction goes to, begun where there is none of that name and customer; None where it stays, or has
    none. A deal of which every entry goes to one customer goes along, unless that has one of its name.

    Args:
        by_pair: the deals that earlier corrections went to, by the name and the customer that they say; it is added to.
    """
    from nippo_cli.base.text import normal_form

    if one.deal_name is None:
        return None
    own, names = _deal_today(writer, one), writer.projection.customer_names
    customer = names.name(one.customer or "")
    pair = normal_form(one.deal_name), customer
    # Asked once: what it takes, deals built from all their entries, is the square of these where each row asks.
    to = by_pair.get(pair)
    if to is None:
        known = meant(
            _namesakes(writer, one.deal_name, customer, new_deals),
            customer, changes=changes_customer, apart=names.apart,
        )  # fmt: skip
        if known is not None:
            to = known.id
        elif not moved and own is not None and leaving.get(own) == customer:
            to = own
        else:
            to = writer.begin_deal(one.deal_name, customer=one.customer or "", batch=batch)
            new_deals.append(to)
        by_pair[pair] = to
    return to if moved or to != own else None


def _namesakes(writer: "Writer", name: str, customer: str, new_deals: Collection[int]) -> list[_Namesake]:
    """The deals that answer to a name, as the corrections so far leave them: one that was nobody's may be somebody's by now."""
    from nippo_cli.base.text import normal_form
    from nippo_cli.journal.read import namesakes

    writer.projection.flush()
    return [
        _Namesake(
            d.id,
            d.customer,
            normal_form(d.name) != normal_form(name),
            () if d.customer or not customer or d.id in new_deals else writer.once_of(d.id),
        )
        for d in namesakes(writer.cx, name)
    ]
