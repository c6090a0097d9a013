"""When somebody is to be called again: said of a customer, or with a review of a deal."""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_promise
from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, expect_plausible, in_force, writing
from nippo_cli.services.writing.customers import customer_meant

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer


def revisit_customer(workspace: Workspace, said: str, on: str, why: str) -> Done:
    """Say when a customer is to be called again, and why. What was said before gives way to it.

    Raises:
        NotFound, Ambiguous: no customer, or several, answer to the name. UnreadableDate: the day can't be read. UsageError: it
            is past.
    """
    with writing(workspace, begin=False) as writer:
        customer = customer_meant(workspace, writer, said, by_part=True)
        day = revisit_day(writer, on)
        records = writer.revisit_customer(customer, day, why.strip())
    return Done("done.customer_revisit", {"customer": customer, "on": day.isoformat()}, records, workspace.dry_run)


def forget_customer_revisit(workspace: Workspace, said: str) -> Done:
    """Take the day away on which a customer is to be called again.

    Raises:
        NotFound, Ambiguous: no customer, or several, answer to the name; or no such day stands.
    """
    with writing(workspace, begin=False) as writer:
        customer = customer_meant(workspace, writer, said, by_part=True)
        view = writer.reader.past(EVER)
        stated = writer.reader.revisits(EVER)
        if not any(one.deal is None and view.customers.same(one.customer, customer) for one in stated):
            raise NotFound(msg("customers.no_revisit", customer=customer))
        records = writer.revisit_customer(customer, None, "")
    return Done("done.customer_revisit_none", {"customer": customer}, records, workspace.dry_run)


def revisit_day(writer: "Writer", said: str) -> date:
    """The day to call again: as typed, of a month or a quarter its first day that lies ahead.

    Raises:
        UnreadableDate: it can't be read. UsageError: it is past.
    """
    schema, today = in_force(writer), writer.today
    when = read_promise(said, today=today, fiscal_year_start=schema.fiscal_year_start)
    expect_plausible(schema, today, said, when.first, when.last)
    if when.last < today:
        raise UsageError(msg("customers.revisit_past", said=said, on=when.last.isoformat(), today=today.isoformat()))
    return max(when.first, today)
