"""Books sales of a file: each under its key, with the deal that it names; what is known otherwise as one said it should be."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from nippo_cli.base.errors import Message, NotFound, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.money import show_money
from nippo_cli.results.care import FieldChange
from nippo_cli.services.context import Workspace, head_of, in_force
from nippo_cli.services.imports.changes import in_words

if TYPE_CHECKING:
    from nippo_cli.exchange.ledger import SaleDraft
    from nippo_cli.journal.write import SaleKnown, Writer


class ChangedSale(NamedTuple):
    """A row that says something else than the record of its key: it `corrects` that one, or was taken beside it."""

    record: int
    changes: Sequence[FieldChange]
    corrects: bool


class SalesBook:
    """Books the rows of one file.

    Args:
        on_changed: `reject`, `amend` or `add`: what becomes of a row whose key stands for a sale that says something else.
        file: what a correction names as its reason.
    """

    def __init__(self, workspace: Workspace, writer: "Writer", on_changed: str, file: str) -> None:
        self._workspace = workspace
        self._writer = writer
        self._on_changed, self._file = on_changed, file
        self._currency = in_force(writer).currency
        self._deals: dict[tuple[str, str], tuple[int | None, str]] = {}
        self._unknown = 0
        self._first_unknown = ""

    def book(self, draft: "SaleDraft", batch: int) -> Literal["taken", "known"] | ChangedSale | Message:
        """Write a sale that is new, or what it says otherwise."""
        deal, customer = self._deal(draft.deal_said, draft.customer) if draft.deal_said else (None, "")
        known = self._writer.sales_known(draft.key)
        # Erased: it must not come back by the next import.
        if any(one.amount is None for one in known):
            return "known"
        changes = [(one, self._changes(draft, one)) for one in known]
        if not all(said for _, said in changes):
            return "known"
        if changes and self._on_changed != "add":
            last, said = changes[-1]
            return self._corrected(draft, last.id, said, batch)
        if draft.deal_said and deal is None:
            self._say_unknown(draft.deal_said)
        self._writer.add_sale(
            draft.on, draft.customer or customer, draft.amount, deal=deal, reference=draft.reference, note=draft.note,
            kind=draft.kind, gross=draft.gross, tax=draft.tax, known_on=draft.known_on, batch=batch,
            source_key=draft.key,
        )  # fmt: skip
        return ChangedSale(changes[-1][0].id, changes[-1][1], corrects=False) if changes else "taken"

    def _corrected(
        self, draft: "SaleDraft", sale: int, changes: Sequence[FieldChange], batch: int
    ) -> ChangedSale | Message:
        """The sale of a key as the row has it, or why it may not be."""
        if self._on_changed == "reject":
            if [change.field for change in changes] == ["amount"]:
                was, now = changes[0].texts
                return msg("sales.other_amount", id=show_id(sale), was=was, now=now)
            return msg("sales.says_other", id=show_id(sale), changes=in_words(changes))
        body: dict[str, object] = {change.field: change.after for change in changes}
        if "amount" in body:
            body |= {"gross": draft.gross, "tax": draft.tax}
        self._writer.amend(sale, body, why=self._file, batch=batch)
        return ChangedSale(sale, changes, corrects=True)

    def _changes(self, draft: "SaleDraft", known: "SaleKnown") -> list[FieldChange]:
        """What a row says otherwise than a sale. The note may change."""
        changes = []
        if known.on is not None and known.on != draft.on:
            before, after = known.on.isoformat(), draft.on.isoformat()
            changes.append(FieldChange("on", msg("desk.change.on"), before, after, (before, after)))
        if known.amount is not None and known.amount != draft.amount:
            texts = show_money(known.amount, self._currency), show_money(draft.amount, self._currency)
            changes.append(FieldChange("amount", msg("sales.change.amount"), known.amount, draft.amount, texts))
        whose = known.customer or ""
        if draft.customer and not self._writer.projection.customer_names.same(draft.customer, whose):
            label = msg("sales.change.customer")
            changes.append(FieldChange("customer", label, whose, draft.customer, (whose, draft.customer)))
        if known.kind != draft.kind:
            texts = str(known.kind), draft.kind
            changes.append(FieldChange("kind", msg("sales.change.kind"), known.kind, draft.kind, texts))
        return changes

    def _deal(self, said: str, whose: str) -> tuple[int | None, str]:
        """The deal that a row names, and its customer; of several of that name the row's customer's."""
        if (said, whose) not in self._deals:
            from nippo_cli.journal.read import find_deal

            deal = None
            with suppress(NotFound):
                deal = find_deal(self._writer.cx, said, script=True, customer=whose)
            head = head_of(self._writer, deal)
            self._deals[said, whose] = deal, head.customer if head else ""
        return self._deals[said, whose]

    def _say_unknown(self, said: str) -> None:
        notices = self._workspace.notices
        notices[:] = [notice for notice in notices if notice.key != "sales.unknown_deals"]
        self._unknown += 1
        self._first_unknown = self._first_unknown or said
        notices.append(msg("sales.unknown_deals", rows=f"{self._unknown:,}", said=self._first_unknown))
