"""Which deals are asked about, and for which days."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self, TypedDict

from nippo_cli.base.dates import UnreadableDate, read_day, read_since
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf

DEFAULT_SINCE = "90d"
_DEFAULT = timedelta(days=90)


class Scope(NamedTuple):
    """Which deals, as typed; None is all."""

    owner: str | None = None
    customer: str | None = None
    stage: str | None = None


class GapQuery(NamedTuple):
    """A window and the deals in it, as typed. Without `until` the window ends on the day that is asked about;
    `min_stay` is in days."""

    since: str = DEFAULT_SINCE
    until: str | None = None
    scope: Scope = Scope()
    min_stay: int = 0

    @property
    def everywhere(self) -> Self:
        """The same, of deals in whatever stage."""
        return self._replace(scope=self.scope._replace(stage=None))


class Within(TypedDict):
    """The reader's filters; None is all."""

    owner: str | None
    customer: str | None
    stage: str | None


def within(reader: "JournalReader", as_of: "AsOf", scope: Scope) -> Within:
    """The reader's filters for a scope: names as they are stored, the stage by its key."""
    from nippo_cli.services.context.names import customer_named, owner_named

    return {
        "owner": owner_named(reader, as_of, scope.owner) if scope.owner else None,
        "customer": customer_named(reader, as_of, scope.customer) if scope.customer else None,
        "stage": looked_at(reader, as_of, scope),
    }


def looked_at(reader: "JournalReader", as_of: "AsOf", scope: Scope) -> str | None:
    """The key of the stage that a scope names; None where it names none."""
    from nippo_cli.services.context.names import stage_named

    return stage_named(reader.agreement(as_of), scope.stage) if scope.stage else None


def ends(as_of: "AsOf", until: str | None) -> "AsOf":
    """The day on which a window ends: as it was known on the day that is asked about.

    Raises:
        UsageError: it lies after that day.
    """
    if until is None:
        return as_of
    on = read_day(until, today=as_of.on, lean="past")
    if on > as_of.on:
        raise UsageError(msg("desk.window_ahead", until=on.isoformat(), as_of=as_of.on.isoformat()))
    return as_of._replace(on=on, by=as_of.by or as_of.on)


def begins(since: str, until: date) -> date:
    """The window's first day; so long ago (`90d`) counts back from its last.

    Raises:
        UsageError: it begins after it ends.
    """
    if since == DEFAULT_SINCE and until - date.min >= _DEFAULT:
        return until - _DEFAULT
    try:
        return read_since(since, today=until)
    except UnreadableDate as error:
        if error.needs.key != "date.not_past":
            raise
        raise UsageError(msg("desk.window_backwards", since=since, as_of=until.isoformat())) from None
