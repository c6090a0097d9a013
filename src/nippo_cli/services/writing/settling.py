"""Settling what members of a team wrote without knowing of each other."""

from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.persons import same_person
from nippo_cli.line.facts import AsOf
from nippo_cli.results.conflicts import LABELS, Conflict, Settled, SettledPage, Stance
from nippo_cli.services.context import Workspace, bring_up_to_date, in_force, me_of, writing
from nippo_cli.services.pages import conflicts_in, pairs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.journal.write import Writer

MINE, THEIRS, BOTH = "mine", "theirs", "both"


def settle(workspace: Workspace, said: str, keep: str, *, field: str | None = None) -> SettledPage:
    """Settle what is in conflict about an entry or a deal. Nothing is lost: the other correction stays in the entry's history, of two deals
    made one all entries stay.

    Args:
        said: the entry's id, or that of one of the deals.
        keep: `mine`, `theirs`, `both`; or whose side, by the member's name.
        field: this field of the entry alone.

    Raises:
        NotFound: nothing is in conflict there, or not in this field. UsageError: it is no id; or it has no such side, or several of it.
    """
    number = read_id(said)
    if number is None:
        raise UsageError(msg("desk.bad_id", said=said))
    bring_up_to_date(workspace)
    with writing(workspace, begin=False) as writer:
        schema = in_force(writer)
        there = conflicts_in(writer.reader, AsOf(writer.today), me_of(workspace, writer.reader))
        about = [one for one in there if number in {one.id, *(side.record for side in one.sides if side.deal)}]
        chosen = [one for one in about if field is None or field in (one.field, _label(one))]
        if not chosen:
            raise _nothing_there(said, field, about)
        settled = [_settle(writer, one, _side_to_keep(one, keep)) for one in chosen]
    return SettledPage(schema, settled, workspace.dry_run)


def _nothing_there(said: str, field: str | None, about: "Sequence[Conflict]") -> NotFound:
    """That nothing is in conflict there; where something is, and not in this field, in which it is."""
    if not about or field is None:
        return NotFound(msg("settle.none", said=said), hint=msg("settle.none.hint"))
    fields = [f"{_label(one)} ({one.field})" for one in about if one.field]
    if not fields:
        return NotFound(msg("settle.no_field_of_deal", said=said), hint=msg("settle.none.hint"))
    return NotFound(msg("settle.no_field", said=said, field=field, fields=fields), hint=msg("settle.none.hint"))


def _label(conflict: Conflict) -> str:
    if conflict.head is not None:
        from nippo_cli.base.language import t

        return t(LABELS[conflict.field])
    return conflict.entry.schema.field_label(conflict.field) if conflict.entry is not None else ""


def _side_to_keep(conflict: Conflict, keep: str) -> Stance | None:
    """The side that is kept; None for both.

    Raises:
        UsageError: there is no such side, or more than one.
    """
    if keep == BOTH:
        if not conflict.takes_both:
            raise UsageError(msg("settle.not_both", field=_label(conflict)), hint=_hint(conflict))
        return None
    if keep in (MINE, THEIRS):
        sides = [side for side in conflict.sides if side.mine == (keep == MINE)]
    else:
        sides = [side for side in conflict.sides if same_person(side.by, keep) or side.record == read_id(keep)]
    if len(sides) != 1:
        raise UsageError(msg("settle.no_side", said=keep), hint=_hint(conflict))
    return sides[0]


def _hint(conflict: Conflict) -> Any:
    sides = [f"{side.by} (#{show_id(side.record)})" for side in conflict.sides]
    return msg("settle.no_side.hint", sides=sides)


def _settle(writer: "Writer", conflict: Conflict, chosen_side: Stance | None) -> Settled:
    """Settle a conflict by the side chosen, or by what both say, and record what says so."""
    by = chosen_side.by if chosen_side is not None else ""
    if conflict.entry is not None:
        value = chosen_side.value if chosen_side is not None else conflict.both
        body = {conflict.field: value} if conflict.field in ("on", "deal") else {"values": {conflict.field: value}}
        return Settled(conflict, by, value, None, [writer.amend(conflict.entry.id, body, why=_why(conflict))])
    if conflict.head is not None and chosen_side is not None:
        return Settled(
            conflict, by, chosen_side.value, None, [_say_again(writer, conflict.head.id, conflict, chosen_side)]
        )
    if chosen_side is None:
        records = [writer.set_apart(one, other) for one, other in pairs_of(conflict)]
    else:
        records = [writer.merge(side.record, chosen_side.record) for side in conflict.sides if side is not chosen_side]
    return Settled(conflict, by, None, chosen_side.record if chosen_side is not None else None, records)


def _say_again(writer: "Writer", deal: int, conflict: Conflict, chosen_side: Stance) -> int:
    """Say what a deal is called, or whose it is, having seen what each said. An owner who has it by now keeps it since the day on which
    it became theirs."""
    if conflict.field == "name":
        return writer.rename(deal, chosen_side.value)
    stays = chosen_side is conflict.sides[-1]
    return writer.assign(deal, chosen_side.value, on=chosen_side.on if stays else None)


def _why(conflict: Conflict) -> str:
    """The reason that stands in the entry's history: who had said what is known from the corrections before."""
    from nippo_cli.base.language import t

    return t("settle.why", names=t("show.comma").join(dict.fromkeys(side.by for side in conflict.sides)))
