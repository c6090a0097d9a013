"""The real ledger's rows, as far as they are typed by hand."""

from nippo_cli.answers.recap import Done
from nippo_cli.dates import read_day
from nippo_cli.desk.desk import Desk, writing
from nippo_cli.desk.lookup import find, head_of, in_force
from nippo_cli.errors import UsageError, msg
from nippo_cli.ids import show_id
from nippo_cli.money import read_money, show_money


def add(
    desk: Desk, *, amount: str, customer: str | None, deal: str | None, on: str | None, reference: str, note: str
) -> Done:
    """Record one sale. A credit note has a negative amount.

    Raises:
        UsageError: neither a customer nor a deal is named, or the amount or the date can't be read.
        NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    if not customer and not deal:
        raise UsageError(msg("desk.sale_of_whom"))
    with writing(desk) as writer:
        found = find(desk, writer, deal) if deal else None
        head = head_of(writer, found)
        currency = in_force(writer).currency
        minor = read_money(amount, currency)
        day = read_day(on, today=writer.today, lean="past") if on else writer.today
        whose = customer or (head.customer if head else "")
        record = writer.add_sale(day, whose, minor, deal=found, reference=reference, note=note)
    params = {
        "id": show_id(record),
        "amount": minor,
        "shown": show_money(minor, currency),
        "on": day.isoformat(),
        "customer": whose,
    }
    return Done("done.sale", params, [record], desk.dry_run)
