"""`nippo landing say`: what somebody says will be sold in a month."""

from datetime import date

from nippo_cli.base.dates import month_start
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.money import read_money, show_money
from nippo_cli.base.persons import same_person
from nippo_cli.exchange.ledger import month_of
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, expect_plausible, in_force, writing


def declare(workspace: Workspace, month: str, amount: str, *, owner: str | None, team: bool, note: str) -> Done:
    """Declare a month: as the one who writes, as another owner, or for the team. It stands beside what was said before.

    Raises:
        UsageError: the month or the amount can't be read, the month is over, the amount is negative, or an owner is named for the team.
    """
    if team and owner:
        raise UsageError(msg("landing.team_or_owner"))
    with writing(workspace) as writer:
        schema = in_force(writer)
        which = month_of(month, today=writer.today, fiscal_year_start=schema.fiscal_year_start)
        expect_plausible(schema, writer.today, month, date.fromisoformat(f"{which}-01"))
        now = writer.today.isoformat()[:7]
        if which < now:
            raise UsageError(msg("landing.month_over", said=month, month=which, now=now))
        minor = read_money(amount, schema.currency)
        if minor < 0:
            raise UsageError(msg("landing.negative", said=amount))
        name = "" if team else (owner or writer.author).strip()
        before = [
            one
            for one in writer.reader.ledger(EVER).declarations()
            if one.team == team
            and month_start(one.month).isoformat()[:7] == which
            and (team or same_person(one.owner, name))
        ]
        record = writer.declare(which, minor, owner=name, team=team, note=note)
    shown = show_money(minor, schema.currency)
    params = {"owner": name, "month": which, "amount": minor, "shown": shown}
    if before:
        params["before"] = show_money(before[-1].amount, schema.currency)
    key = "done.declared_team" if team else "done.declared"
    return Done(key + ("_again" if before else ""), params, [record], workspace.dry_run)
