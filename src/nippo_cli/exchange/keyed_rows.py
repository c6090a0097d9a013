"""What a deal already has when a row of an import speaks of it, so that it need not be said again in each; and whose it
is, so that no row puts another customer's talk into it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form, same_customer
from nippo_cli.line.facts import deal_tag
from nippo_cli.schema.schema import Schema


class OfJournal(NamedTuple):
    """A deal that the journal has: its id and name, and what it stands at, by field key."""

    id: int
    name: str
    has: Mapping[str, object]


# What the journal has of the deal that answers to a name; None where there is none.
FindKnown: TypeAlias = Callable[[str], OfJournal | None]
_NOTHING: Mapping[str, object] = {}
_Had: TypeAlias = tuple[Any, ...]


class DealHas(NamedTuple):
    """What a deal has, in the order of `KnownValues.fields`; as much of that as decides what a row must say, its kind and of
    the others which; and what its last row said."""

    values: _Had
    situation: _Had
    last_said: _Had


class KnownValues(dict[str, DealHas]):
    """What earlier rows of the file, and the journal before it, say of each deal, by its name as the file spells it
    first.

    Only the customer and fields that may be required, that have a default or that decide what is required are kept: most
    schemas have one or two. `fields` are their keys.

    Args:
        changes: a row may give its deal another customer.
    """

    def __init__(self, schema: Schema, of_journal: FindKnown | None = None, *, changes: bool = False) -> None:
        super().__init__()
        kind, customer = schema.key("kind"), schema.key("customer")
        carried = {schema.key(role) for role in ("customer", "kind", "amount", "closes", "confidence")}
        self.fields = tuple(
            f.key
            for f in schema.fields
            if f.key in carried
            and (f.key in (kind, customer) or f.required or f.required_when or f.default is not None)
        )
        self._kind_at = self.fields.index(kind) if kind in self.fields else None
        self._customer_at = self.fields.index(customer) if customer in self.fields else None
        self._of_journal = of_journal
        self._changes = changes
        # Of names that stand for a deal in another spelling too, the first: by its normal form, or the deal's id.
        self._first: dict[str | int, str] = {}
        # There are few situations and very many deals.
        self._situations: dict[_Had, _Had] = {}

    def __missing__(self, deal: str) -> DealHas:
        in_journal = self._asked(deal)
        first = self._spelled_first(deal, in_journal)
        if first != deal:
            return self[first]
        values = tuple(map(in_journal.has.get if in_journal else _NOTHING.get, self.fields))
        has = self[deal] = DealHas(values, self._situation(values), ())
        return has

    def _asked(self, deal: str) -> OfJournal | None:
        return self._of_journal(deal) if self._of_journal else None

    def _spelled_first(self, deal: str, in_journal: OfJournal | None) -> str:
        """The name under which a deal is kept: itself where it is met for the first time."""
        if in_journal is not None:
            return self._first.setdefault(in_journal.id, deal)
        normal = normal_form(deal)
        if normal == deal:
            # Most names are their own normal form: they need not be remembered twice.
            return self._first.get(normal, deal)
        return self._first.setdefault(normal, normal if normal in self else deal)

    def known(self, deal: str) -> Mapping[str, Any]:
        """What the deal has, by field key."""
        if not deal:
            return {}
        return {key: value for key, value in zip(self.fields, self[deal].values, strict=True) if value}

    def keep(self, deal: str, said: _Had) -> Message | None:
        """Remember what a row that is taken says of its deal, in the order of `fields`; None is nothing said.

        Returns:
            Whose the deal is, where the row says another customer. That customer is not remembered, and unless rows may
            change it nothing is: the row may be known already, and so change nothing.
        """
        before = self[deal]
        other = self._other_customer(deal, said, before.values)
        if other is not None:
            if not self._changes:
                return other
            said = tuple([None if at == self._customer_at else own for at, own in enumerate(said)])
        if deal not in self:
            deal = self._spelled_first(deal, self._asked(deal))
        values = said
        if None in said:
            # A list: a generator takes twice as long for so few.
            values = tuple([had if own is None else own for own, had in zip(said, before.values, strict=True)])
        situation = before.situation if values == before.values else self._situation(values)
        self[deal] = DealHas(values, situation, said if other is None else before.last_said)
        return other

    def _other_customer(self, deal: str, said: _Had, before: _Had) -> Message | None:
        if self._customer_at is None:
            return None
        own, has = said[self._customer_at], before[self._customer_at]
        if own is None or not has or own == has or same_customer(own, has):
            return None
        in_journal = self._asked(deal)
        if in_journal is None:
            return msg("exchange.other_customer.here", name=deal, customer=has)
        return msg("exchange.other_customer", deal=deal_tag(in_journal.id, in_journal.name, ""), customer=has)

    def _situation(self, values: _Had) -> _Had:
        kind = self._kind_at
        situation = (*map(bool, values), values[kind] if kind is not None else None)
        return self._situations.setdefault(situation, situation)
