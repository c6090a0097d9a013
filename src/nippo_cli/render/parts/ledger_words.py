"""A row of the ledger in words and as data."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import Sale


def sale_named(of: "Sale") -> str:
    """What a person knows it by: its reference, else its note."""
    return of.reference or of.note or t("show.sales.unnamed")


def sale_json(of: "Sale") -> dict[str, object]:
    """A row of the ledger."""
    return {
        "id": show_id(of.id),
        "on": of.on.isoformat(),
        "customer": of.customer,
        "amount": of.amount,
        "reference": of.reference,
        "note": of.note,
    }
