"""The part of writing that is about the ledger: sales, what people say of them, targets."""

from datetime import date
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import NotFound, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.journal.log import REC, body_of, record_of, rows
from nippo_cli.journal.write.append import Log

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import SaleKind

# Sales that another program's rows became, by their source key, oldest first: with what each says today where it stands.
SALES_KNOWN: Final = f"""
select {REC}, s.on_date, s.customer, s.amount, s.kind from record r left join sale s on s.id = r.id
where r.source_key = ? and r.kind = 'sale' order by r.recorded_at, r.id
"""


class SaleKnown(NamedTuple):
    """A sale that the journal has under a source key, as its source last said it. All but its id are None once it is
    erased, or if it is damaged."""

    id: int
    on: date | None
    customer: str | None
    amount: int | None
    kind: "SaleKind | None"


def unusual(kind: "SaleKind", gross: int | None, tax: int) -> dict[str, object]:
    """What most rows of a ledger don't say: that one is no sale, and what tax was taken off."""
    return {"kind": kind if kind != "sale" else None, "gross": gross, "tax": tax or None}


class LedgerWriting(Log):
    """Records of kind `sale`, `match`, `target` and `declaration`."""

    def add_sale(
        self,
        on: date,
        customer: str,
        amount: int,
        *,
        deal: int | None = None,
        reference: str = "",
        note: str = "",
        kind: "SaleKind" = "sale",
        gross: int | None = None,
        tax: int = 0,
        known_on: date | None = None,
        batch: int | None = None,
        source_key: str | None = None,
    ) -> int:
        """A row of the real ledger; `amount` in the currency's smallest unit, a credit note's negative.

        Args:
            kind: an `advance` is never revenue.
            gross: what the row said, where `tax` was taken off it (`base.tax`).
        """
        from nippo_cli.journal.derive import plain_sale

        body = body_of(
            customer=customer, amount=amount, deal=deal, reference=reference, note=note, **unusual(kind, gross, tax)
        )
        rec = self.append("sale", body, on=on, known_on=known_on, batch=batch, source_key=source_key)
        plain_sale(self.cx, rec, source_key)
        return rec.id

    def match(self, sale: int, deal: int, *, refuse: bool = False) -> int:
        """Say that a sale belongs to a deal, or that it never does. The last that is said of a sale stands.

        Raises:
            NotFound: there is no such sale.
        """
        first = self.record(sale)
        if first.kind != "sale":
            raise NotFound(msg("journal.no_sale", id=show_id(sale)))
        from nippo_cli.journal.derive import NO, YES

        rec = self.append("match", {"deal": deal, "says": NO if refuse else YES}, on=self.today, target=sale)
        self.projection.record(rec)
        return rec.id

    def set_target(
        self,
        owner: str,
        month: str,
        amount: int,
        *,
        kind: str = "",
        known_on: date | None = None,
        batch: int | None = None,
        source_key: str | None = None,
    ) -> int:
        """What an owner, or the team (`owner` empty), is to sell in a month, `2026-10`, of a kind or of all. The last
        recorded of all three stands."""
        body = {"owner": owner, "month": month, "amount": amount, **({"kind": kind} if kind else {})}
        rec = self.append("target", body, known_on=known_on, batch=batch, source_key=source_key)
        self.projection.record(rec)
        return rec.id

    def declare(self, month: str, amount: int, *, owner: str, team: bool, note: str = "") -> int:
        """Say what will be sold in a month, `2026-10`: an owner of their own, or (`team`) a lead for all."""
        body = body_of(month=month, amount=amount, owner=owner, team=team or None, note=note)
        rec = self.append("declaration", body, on=self.today)
        self.projection.record(rec)
        return rec.id

    def sales_known(self, source_key: str) -> list[SaleKnown]:
        """The sales that the journal has under a source key, oldest first. What was taken back, alone or with its import, may
        come again; what was erased may not."""
        known = []
        for *row, on, customer, amount, kind in list(rows(self.cx, SALES_KNOWN, (source_key,))):
            rec = record_of(row)
            if rec.body is None or (rec.damaged and on is not None):
                known.append(SaleKnown(rec.id, None, None, None, None))
            elif on is not None:
                known.append(SaleKnown(rec.id, date.fromisoformat(on), customer, amount, kind))
        return known
