"""The part of writing that is about deals: begun, named, merged, handed over, held."""

from collections.abc import Mapping
from datetime import date

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.text import normal_form
from nippo_cli.journal.log import (
    NAME_TAG,
    NAMED,
    PUT_NAME,
    body_of,
    root,
)
from nippo_cli.journal.write.append import Log
from nippo_cli.line.facts import deal_tag


class NameTaken(UsageError):
    """A deal of the same customer answers to that name already; `deal` is its id, `called` and `customer` what it is told
    by."""

    def __init__(self, name: str, deal: int, *, called: str = "", customer: str = "") -> None:
        super().__init__(
            msg("journal.name_taken", name=name, deal=deal_tag(deal, called or name, customer)),
            hint=msg("journal.name_taken.hint", id=show_id(deal)),
        )
        self.name = name
        self.deal = deal


class DealWriting(Log):
    """Records of kind `deal` and `hold`."""

    _once_owned: "Mapping[int, frozenset[str]] | None" = None

    def begin_deal(
        self,
        name: str,
        *,
        customer: str = "",
        parent: int | None = None,
        known_on: date | None = None,
        batch: int | None = None,
    ) -> int:
        """Begin a deal; its first entry belongs in the same block.

        Args:
            customer: whose it is to be, as its first entry says; "" is nobody's.

        Raises:
            NameTaken: a deal of that customer answers to the name, width and case apart.
        """
        self._free(name, None, customer)
        known = known_on or self.today
        rec = self.append(
            "deal",
            body_of(do="begin", name=name, parent=parent),
            on=known,
            known_on=known,
            batch=batch,
        )
        self.projection.touch(rec.id, self.projection.reach_of(rec))
        # At once, not when the block ends: the next deal of this block may ask for the name.
        self.cx.execute(PUT_NAME, (normal_form(name), rec.id, 0, name))
        return rec.id

    def begin_keyed_deal(self, name: str, key: str, *, batch: int) -> int:
        """Begin a deal that an import's source knows by a key, whatever else is called so."""
        rec = self.append("deal", body_of(do="begin", name=name), on=self.today, batch=batch, source_key=key)
        self.projection.touch(rec.id, self.projection.reach_of(rec))
        self.cx.execute(PUT_NAME, (normal_form(name), rec.id, 0, name))
        return rec.id

    def rename(self, deal: int, name: str) -> int:
        """Give a deal a new name; it goes on answering to the old one.

        Raises:
            NameTaken: another deal of its customer answers to the new name.
        """
        deal = self.deal_of(deal)
        self._free(name, deal, self._customer(deal))
        return self._tell(deal, {"do": "rename", "name": name, **self._upon(deal)})

    def alias(self, deal: int, name: str) -> int:
        """Let a deal answer to one more name.

        Raises:
            NameTaken: another deal of its customer answers to it.
        """
        deal = self.deal_of(deal)
        self._free(name, deal, self._customer(deal))
        return self._tell(deal, {"do": "alias", "name": name})

    def assign(self, deal: int, owner: str, *, on: date | None = None) -> int:
        """Hand a deal over on a day (today if not said)."""
        deal = self.deal_of(deal)
        return self._tell(deal, {"do": "assign", "owner": owner, **self._upon(deal)}, on=on)

    def merge(self, deal: int, into: int) -> int:
        """From now on a deal's entries are another's, which answers to its names too.

        Raises:
            UsageError: both are the same deal.
        """
        deal, into = self.deal_of(deal), self.deal_of(into)
        if deal == into:
            raise UsageError(msg("journal.merge_self"))
        return self._tell(deal, {"do": "merge", "into": into})

    def set_apart(self, deal: int, other: int) -> int:
        """Say that two deals which are called alike are two; nothing is derived from it."""
        return self.append("deal", {"do": "apart", "of": other}, on=self.today, target=deal).id

    def hold(self, deal: int, first: date, last: date, why: str) -> int:
        """Stop a deal from `first` to `last`, both included.

        Raises:
            UsageError: it ends before it begins.
        """
        if last < first:
            raise UsageError(
                msg(
                    "journal.hold_backwards",
                    first=first.isoformat(),
                    last=last.isoformat(),
                )
            )
        deal = self.deal_of(deal)
        rec = self.append(
            "hold",
            {"first": first.isoformat(), "last": last.isoformat(), "why": why},
            on=first,
            target=deal,
        )
        self.projection.record(rec)
        return rec.id

    def deal_of(self, deal: int) -> int:
        """The deal that stands for one today, through every merge.

        Raises:
            NotFound: there is no such deal.
        """
        if self.record(deal).kind != "deal":
            raise NotFound(msg("journal.no_deal", id=show_id(deal)))
        return root(self.cx, deal)

    def _tell(self, deal: int, body: Mapping[str, object], *, on: date | None = None) -> int:
        rec = self.append("deal", body, on=on or self.today, target=deal)
        self.projection.record(rec)
        # Names and merges count at once for the rest of the block.
        self.projection.flush()
        return rec.id

    def _upon(self, deal: int) -> dict[str, list[int]]:
        """In a team: what other devices said of a deal's name and owner that the writer has."""
        if not self.slot:
            return {}
        from nippo_cli.journal.read import unseen_statements

        return {"upon": unseen_statements(self.cx, deal, self.slot)}

    def once_of(self, deal: int) -> frozenset[str]:
        """The customers that were ever said of a deal, by what they are called, as the log stood when this was first asked: what
        was said at them may still be in it (`deals_once_owned`)."""
        if self._once_owned is None:
            from nippo_cli.journal.log import deals_once_owned

            self._once_owned = deals_once_owned(self.cx, self.projection.migrator)
        return frozenset(map(self.projection.customer_names.name, self._once_owned.get(deal, ())))

    def once_another(self, deal: int, customer: str) -> str | None:
        """Whose a deal was that is nobody's by its own entries, where that is another than a customer; "" where nobody knows that
        any more, None where it never was another's."""
        from nippo_cli.line.namesakes import may_become

        names, once = self.projection.customer_names, self.once_of(deal)
        if may_become(once, customer, names.apart):
            return None
        return next((one for one in sorted(once) if one and not names.same(one, customer)), "")

    def taken_over(self) -> dict[int, tuple[str, str]]:
        """The deals that were nobody's when the transaction began, another's once, and are somebody's by now: whose they were,
        and whose they are."""
        self.projection.flush()
        changed = {}
        for deal in sorted(self.projection.gained):
            now = self._customer(deal)
            # One that this transaction began was nobody's before.
            once = self.once_another(deal, now) if not self.is_own_new(deal) else None
            if once is not None:
                changed[deal] = once, now
        return changed

    def _customer(self, deal: int) -> str:
        self.projection.flush()
        row = self.cx.execute(NAME_TAG, (deal,)).fetchone()
        return row[1] if row else ""

    def _free(self, name: str, deal: int | None, customer: str) -> None:
        """Names recur at other customers; nobody's deals have theirs among themselves."""
        for (other,) in self.cx.execute(NAMED, (normal_form(name),)).fetchall():
            if other == deal:
                continue
            self.projection.flush()
            called, whose = self.cx.execute(NAME_TAG, (other,)).fetchone() or ("", "")
            if self.projection.customer_names.same(whose, customer):
                raise NameTaken(name, other, called=called, customer=whose)
