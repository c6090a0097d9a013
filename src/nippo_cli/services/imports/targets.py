"""`nippo target`: what each owner is to sell in a month."""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_start
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.money import read_money, show_money
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.ledger import month_of
from nippo_cli.results.ledger import TargetPage
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, expect_plausible, in_force, kind_named, reading, writing

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer


class Owners:
    """Names as they are stored: of deals' owners, and of those who have a target already."""

    def __init__(self, writer: "Writer") -> None:

        reader = writer.reader
        known = [*(t.owner for t in reader.ledger(EVER).targets()), *reader.owners(EVER)]
        self._known = {normal_form(name): name for name in known if name}

    def named(self, said: str) -> str:
        """The stored spelling of a name; the name itself where it is new."""
        return self._known.get(normal_form(said), said.strip())

    def knows(self, said: str) -> bool:
        """Whether somebody of that name has a deal or a target."""
        return normal_form(said) in self._known


def current_targets(writer: "Writer") -> dict[tuple[str, str, str], int]:
    """The targets that stand, by folded owner (empty for all), kind (empty for any) and month (`2026-10`)."""
    targets = writer.reader.ledger(EVER).targets()
    return {(normal_form(t.owner), t.kind, month_start(t.month).isoformat()[:7]): t.amount for t in targets}


def set_target(workspace: Workspace, owner: str, month: str, amount: str, *, kind: str = "") -> Done:
    """Say what an owner, or the team (`owner` empty), is to sell in a month, of a kind or of all. It takes the place of what
    was said before.

    Raises:
        UsageError: the owner is blank, the month or the kind is none, or the amount can't be read or is negative.
    """
    if owner and not owner.strip():
        raise UsageError(msg("target.owner_blank"))
    with writing(workspace) as writer:
        schema = in_force(writer)
        owners = Owners(writer)
        which = month_of(month, today=writer.today, fiscal_year_start=schema.fiscal_year_start)
        expect_plausible(schema, writer.today, month, date.fromisoformat(f"{which}-01"))
        minor = read_money(amount, schema.currency)
        if minor < 0:
            raise UsageError(msg("target.negative", said=amount))
        of_kind = kind_named(schema, kind) if kind else ""
        if owner and not owners.knows(owner):
            workspace.notices.append(msg("target.new_owner", owner=owner.strip()))
        name = owners.named(owner) if owner else ""
        record = writer.set_target(name, which, minor, kind=of_kind)
    shown = show_money(minor, schema.currency)
    params = {"owner": name, "month": which, "amount": minor, "shown": shown}
    if of_kind:
        params |= {"kind": of_kind, "label": schema.kind_label(of_kind)}
    key = "done.target" if name else "done.target_kind" if of_kind else "done.target_team"
    return Done(key, params, [record], workspace.dry_run)


def listed(workspace: Workspace, *, owner: str | None = None) -> TargetPage:
    """The targets that stand, as known on the day.

    Raises:
        NotFound, Ambiguous: nobody, or several, answer to the owner's name.
    """
    from nippo_cli.services.context import one_named

    with reading(workspace) as (reader, as_of):
        targets = reader.ledger(as_of).targets()
        if owner is not None:
            names = dict.fromkeys((*(t.owner for t in targets), *reader.owners(as_of)))
            whose = normal_form(one_named(owner, names, "owner"))
            targets = [t for t in targets if normal_form(t.owner) == whose]
        return TargetPage(as_of.on, reader.schema(as_of), targets)
