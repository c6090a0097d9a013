"""The part of writing that is about customers: what one is called, and that two are one."""

from collections.abc import Mapping
from datetime import date

from nippo_cli.base.customers import customer_key
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.text import quoted
from nippo_cli.journal.log import every_spelling
from nippo_cli.journal.write.append import Log


class CustomerWriting(Log):
    """Records of kind `customer`. A customer is given by a name that it answers to; it gets its begin with the first that is
    said of it."""

    def rename_customer(self, customer: str, name: str) -> list[int]:
        """Call a customer by another name; it goes on answering to the old one.

        Raises:
            UsageError: another customer that has a record answers to the new name.
        """
        return self._say_of_customer(customer, {"do": "rename", "name": name}, name)

    def alias_customer(self, customer: str, name: str) -> list[int]:
        """Let a customer answer to one more name.

        Raises:
            UsageError: another customer that has a record answers to it.
        """
        return self._say_of_customer(customer, {"do": "alias", "name": name}, name)

    def merge_customer(self, customer: str, into: str) -> list[int]:
        """From now on a customer is another, which answers to its names too.

        Raises:
            UsageError: both are the same customer.
        """
        if self.projection.customer_names.same(customer, into):
            raise UsageError(msg("journal.merge_same_customer", customer=customer, into=into))
        other, made = self._begin_of(into)
        return [*made, *self._say_of_customer(customer, {"do": "merge", "into": other})]

    def revisit_customer(self, customer: str, on: date | None, why: str) -> list[int]:
        """Say when a customer is to be called again; None takes the day that stands away."""
        begin, made = self._begin_of(customer)
        body = {"do": "revisit", "on": on.isoformat() if on is not None else "", "why": why}
        rec = self.append("customer", body, on=self.today, target=begin)
        self.projection.record(rec)
        return [*made, rec.id]

    def _say_of_customer(self, customer: str, body: Mapping[str, object], name: str = "") -> list[int]:
        """The records that say something of a customer, its begin among them where it had none."""
        names = self.projection.customer_names
        known, own = names.customer(name), names.customer(customer)
        if known is not None and known != own:
            raise UsageError(
                msg("journal.customer_taken", name=name, customer=names.name(name)),
                hint=msg("journal.customer_taken.hint", customer=quoted(customer), into=quoted(names.name(name))),
            )
        begin, made = self._begin_of(customer)
        rec = self.append("customer", body, on=self.today, target=begin)
        self.projection.record(rec)
        return [*made, rec.id]

    def _begin_of(self, customer: str) -> tuple[int, list[int]]:
        """A customer's begin, and that record where it is made now."""
        names = self.projection.customer_names
        known = names.customer(customer)
        if known is not None:
            return known, []
        # Of a name in several legal forms each is begun, the bare one last: none follows what is said of another.
        key = customer_key(customer)
        spelled = self._spelled(key[0]) if key[0] in names.apart else {}
        spelled[key] = customer
        begins = {
            one: self._begin(spelled[one])
            for one in sorted(spelled, key=lambda of: (not of[1], of))
            if one == key or names.customer(spelled[one]) is None
        }
        return begins[key], list(begins.values())

    def _begin(self, customer: str) -> int:
        rec = self.append("customer", {"do": "begin", "name": customer}, on=self.today)
        self.projection.record(rec)
        return rec.id

    def _spelled(self, core: str) -> dict[tuple[str, str], str]:
        """A spelling of each customer that entries, the ledger or records name so but for the legal form."""
        spelled = dict[tuple[str, str], str]()
        for name in every_spelling(self.cx):
            key = customer_key(name)
            if key[0] == core:
                spelled.setdefault(key, name)
        return spelled
