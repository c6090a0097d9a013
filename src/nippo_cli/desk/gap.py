"""`nippo gap`: what the diary says against what happened."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from nippo_cli.answers.gap import StalledPage, StalledRow
from nippo_cli.dates import read_since
from nippo_cli.desk.desk import Desk, reading
from nippo_cli.errors import UsageError, msg
from nippo_cli.gaps import KINDS
from nippo_cli.gaps.stalled import stalled
from nippo_cli.line.quiet import silence_days
from nippo_cli.line.span import ClosedDays

if TYPE_CHECKING:
    from nippo_cli.journal.reader import Reader
    from nippo_cli.line.facts import AsOf

DEFAULT_SINCE = "90d"


class Scope(NamedTuple):
    """Which deals are asked about, as typed; None is all."""

    owner: str | None = None
    customer: str | None = None
    stage: str | None = None


def stalled_page(
    desk: Desk, *, since: str = DEFAULT_SINCE, min_stay: int = 0, scope: Scope | None = None, limit: int = 0
) -> StalledPage:
    """Live deals whose stay exceeds its norm; `limit` rows of them (0: all).

    Raises:
        UsageError: `since` lies after the day asked about, or the stage is not in the schema.
    """
    scope = scope or Scope()
    with reading(desk) as (reader, as_of):
        agreement = reader.agreement(as_of)
        begins = window(since, as_of.on)
        norms = reader.norms(as_of)
        stays = reader.live_stays(as_of, **within(reader, as_of, scope))
        found, count = stalled(
            stays, norms, ClosedDays(agreement.closures), as_of=as_of.on, since=begins, min_stay=min_stay
        )
        shown = found[:limit] if limit else found
        heads = {h.id: h for h in reader.heads(as_of, ids=[f.deal for f in shown])}
        left_out = {**reader.left_out(as_of), "on_hold": count.on_hold, "never_stalls": count.never_stalls}
        return StalledPage(
            as_of=as_of.on,
            since=begins,
            agreement=agreement,
            norms=norms.used(),
            rows=[StalledRow(f, heads[f.deal], silence_days(heads[f.deal], as_of.on)) for f in shown],
            counted=count,
            left_out={reason: n for reason, n in left_out.items() if n},
            filtered=scope != Scope() or min_stay > 0,
        )


def known_kind(said: str) -> None:
    """Whether there is such a gap; an empty one is the whole page.

    Raises:
        UsageError: there is none.
    """
    if said and said not in KINDS:
        raise UsageError(msg("desk.no_gap", said=said, allowed=", ".join(KINDS)))


def window(since: str, as_of: date) -> date:
    """The window's first day.

    Raises:
        UsageError: it lies after the last one.
    """
    begins = read_since(since, today=as_of)
    if begins > as_of:
        raise UsageError(msg("desk.window_backwards", since=begins.isoformat(), as_of=as_of.isoformat()))
    return begins


class Within(TypedDict):
    """The reader's filters; None is all."""

    owner: str | None
    customer: str | None
    stage: str | None


def within(reader: "Reader", as_of: "AsOf", scope: Scope) -> Within:
    """The reader's filters for a scope: names as they are stored, the stage by its key."""
    from nippo_cli.desk.names import customer_named, owner_named, stage_named

    return {
        "owner": owner_named(reader, as_of, scope.owner) if scope.owner else None,
        "customer": customer_named(reader, as_of, scope.customer) if scope.customer else None,
        "stage": stage_named(reader.agreement(as_of), scope.stage) if scope.stage else None,
    }
