"""What a deal already has when a row of an import speaks of it, so that it need not be said again in each; and whose it
is, so that no row puts another customer's talk into it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

from nippo_cli.base.customer_names import NOBODY, CustomerNames
from nippo_cli.base.customers import fuller_name
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.line.facts import deal_tag
from nippo_cli.line.namesakes import MANY, Namesakes, SeveralDeals, meant
from nippo_cli.schema.schema import Schema

# Another customer of a deal that its source knows by a key: no row is rejected for it.
OF_ITS_KEY: Final = "exchange.other_customer.keyed"


def key_reader(source: str, clean: Callable[[str], str]) -> Callable[[str], str | None]:
    """Cell → how the log keeps a source's key of a deal; None where it is empty. No cell holds the sign between its parts."""

    def read(cell: str) -> str | None:
        text = clean(cell)
        return f"{source}\x1fdeal\x1f{text}" if text else None

    return read


class OfJournal(NamedTuple):
    """A deal that the journal has under a name: its id, its own name, what it stands at, by field key, and whether it has the
    name that was asked for as an alias; `by_key`: it is the one that the source knows by the key that was asked for;
    `once_of` asks whose it was before it was nobody's."""

    id: int
    name: str
    has: Mapping[str, object]
    is_alias: bool = False
    by_key: bool = False
    once_of: Callable[[], Collection[str]] = frozenset


# What the journal has of the deals that answer to a name; of the one alone that has a key, where one is given, else of those
# that the key's source does not know by another.
FindKnown: TypeAlias = Callable[[str, str | None], Sequence[OfJournal]]
# A row's deal, its customer, and how the source knows the deal; the deal alone where a row says neither: of very many deals
# a tuple of each would be another hundred bytes.
DealNaming: TypeAlias = tuple[str, str | None, str | None] | str
_Had: TypeAlias = tuple[Any, ...]


class DealHas(NamedTuple):
    """What a deal has, in the order of `KnownValues.fields`; as much of that as decides what a row must say, its kind and of
    the others which; and what its last row said."""

    values: _Had
    situation: _Had
    last_said: _Had


class KnownDeal:
    """A deal that rows speak of, by whichever of its names: what it has by now, its id where the journal has it, its name.
    `customer` is "" while nobody named one; `has_key`: the journal knows it by the key of its row."""

    __slots__ = ("ask_once_of", "customer", "has", "has_key", "id", "name", "several")

    # Under its own name; else it is a `_ByAlias`.
    is_alias = False

    def __init__(self, name: str, has: DealHas, customer: str, of_journal: OfJournal | None = None) -> None:
        self.name = of_journal.name if of_journal else name
        self.has = has
        self.customer = customer
        self.id = of_journal.id if of_journal else None
        self.has_key = of_journal is not None and of_journal.by_key
        # A look through the whole log: made for a row that names a customer.
        self.ask_once_of: Callable[[], Collection[str]] = of_journal.once_of if of_journal else frozenset
        # The customers of those of its name, where a row does not say which of them it means.
        self.several: tuple[str, ...] = ()

    @property
    def deal(self) -> "KnownDeal":
        """The deal itself, as of an alias."""
        return self

    @property
    def once_of(self) -> Collection[str]:
        """Whose it was before the file."""
        return self.ask_once_of()


class _ByAlias(NamedTuple):
    """A deal under a name that is an alias of it."""

    deal: KnownDeal
    is_alias: bool = True

    @property
    def customer(self) -> str:
        """Whose it is by now."""
        return self.deal.customer

    @property
    def once_of(self) -> Collection[str]:
        """Whose it was before the file."""
        return self.deal.once_of


_OfName: TypeAlias = KnownDeal | _ByAlias


class KnownValues(dict[DealNaming, KnownDeal]):
    """What earlier rows of the file, and the journal before it, say of each deal, by its name and the customer that a row
    says, as the file spells them, and how the source knows it; of a row that says none the customer or the key is None. Rows of
    one key are of one deal, whatever they call it and whosever they say it is.

    Only the customer and, where rows must say what is required, fields that may be, that have a default or that decide what is are
    kept: most schemas have one or two. `fields` are their keys, `customer_at` the customer's place among them.

    Args:
        changes: a row may give its deal another customer.
        customers: what customers are called.
        has_row_a_deal: no two rows are of one deal.
        ignores_required: rows need not say what is required.
        says_customer: rows may name a customer. Where none does, and the journal has no deal, none can be another's.
    """

    def __init__(
        self,
        schema: Schema,
        of_journal: FindKnown | None = None,
        *,
        ignores_required: bool = False,
        says_customer: bool = True,
        changes: bool = False,
        customers: CustomerNames = NOBODY,
        has_row_a_deal: bool = False,
    ) -> None:
        super().__init__()
        self._has_row_a_deal = has_row_a_deal
        self._customers = customers
        kind, customer = schema.key("kind"), schema.key("customer")
        carried = {schema.key(role) for role in ("customer", "kind", "amount", "closes", "confidence")}
        self.fields = tuple(
            f.key
            for f in schema.fields
            if f.key in carried
            and (f.key in (kind, customer) or f.required or f.required_when or f.default is not None)
        )
        if ignores_required:
            self.fields = (customer,) if customer and (says_customer or of_journal) else ()
        self._kind_at = self.fields.index(kind) if kind in self.fields else None
        self.customer_at = self.fields.index(customer) if customer in self.fields else None
        self._of_journal = of_journal
        self._changes = changes
        # Every deal of a name, by its normal form.
        self._by_name: dict[str, tuple[_OfName, ...] | Namesakes[_OfName]] = {}
        # Of a name that many have: how they spell it.
        self._spellings: dict[str, set[str]] = {}
        # Those of the journal that rows met, by whatever name.
        self._by_id: dict[int, KnownDeal] = {}
        # By their normal form the rows' names that stand for the only deal there is, and are not what that is called itself.
        self._alone: dict[str, tuple[str, ...]] = {}
        self._by_key: dict[str, KnownDeal] = {}
        self._with_key: set[int | None] = set()
        # There are few situations and very many deals.
        self._situations: dict[_Had, _Had] = {}
        self._nothing_said: dict[DealHas, DealHas] = {}

    def __missing__(self, said: DealNaming) -> KnownDeal:
        """The deal that is meant; one that begins is not kept before its row is."""
        name, customer, key = _parts(said)
        if key is not None:
            return self._keyed(name, customer, key)
        normal = _one_of(normal_form(name), name)
        deals = self._by_name.get(normal)
        if deals is None:
            deals = self._keep_all(normal, tuple(map(self._of_name, self._asked(name, None))))
        try:
            own = meant(deals, self._customers.name(customer or ""), changes=self._changes, apart=self._customers.apart)
        except SeveralDeals:
            # What it lacks is not known either: it is refused for that it could be any of them.
            return self._unclear(name, deals)
        if own is None:
            return KnownDeal(name, self._fresh(), "")
        self[said] = deal = own.deal
        if customer is None:
            self._note_alone(normal, name, deal)
        return deal

    def _keyed(self, name: str, customer: str | None, key: str) -> KnownDeal:
        """The deal of a key: its own, else one of that name and customer that no row knows by another."""
        deal = self._by_key.get(key)
        if deal is not None:
            return deal
        asked = self._asked(name, key)
        own = next((one for one in asked if one.by_key), None)
        if own is not None:
            deal = self._by_key[key] = self._of_name(own).deal
            return deal
        deals = [self._of_name(one) for one in asked if one.id not in self._with_key]
        free = None
        with suppress(SeveralDeals):
            free = meant(deals, self._customers.name(customer or ""), changes=False, apart=self._customers.apart)
        return free.deal if free is not None else KnownDeal(name, self._fresh(), "")

    def _asked(self, name: str, key: str | None) -> Sequence[OfJournal]:
        return self._of_journal(name, key) if self._of_journal else ()

    def _of_name(self, one: OfJournal) -> _OfName:
        deal = self._by_id.get(one.id)
        if deal is None:
            values = tuple(map(one.has.get, self.fields))
            customer = str(values[self.customer_at] or "") if self.customer_at is not None else ""
            has = DealHas(values, self._situation(values), ())
            deal = self._by_id[one.id] = KnownDeal(one.name, has, customer, one)
        return _ByAlias(deal) if one.is_alias else deal

    def _fresh(self) -> DealHas:
        nothing = (None,) * len(self.fields)
        return DealHas(nothing, self._situation(nothing), ())

    def _unclear(self, name: str, deals: Sequence[_OfName]) -> KnownDeal:
        unclear = KnownDeal(name, deals[0].deal.has._replace(last_said=()), deals[0].customer)
        unclear.several = tuple(dict.fromkeys(deal.customer or "-" for deal in deals))
        return unclear

    def known(self, name: str, customer: str | None, key: str | None = None) -> Mapping[str, Any]:
        """What the deal that a row means has, by field key."""
        if not name:
            return {}
        has = self[naming_key(name, customer or None, key)].has
        return {key: value for key, value in zip(self.fields, has.values, strict=True) if value}

    def keep(self, said_of: DealNaming, deal: KnownDeal, said: _Had) -> Message | None:
        """Remember what a row that is taken says of its deal, in the order of `fields`; None is nothing said.

        Args:
            said_of: the row's deal and customer, under which `deal` was found.

        Returns:
            Whose the deal is, where the row says another customer, or whose it could be. That customer is not remembered, and
            unless rows may change it nothing is: the row may be known already, and so change nothing.
        """
        if deal.several:
            return msg("exchange.whose_deal", name=deal.name, customers=deal.several)
        before = deal.has
        other = self._other_customer(deal, said, before.values, keyed=_parts(said_of)[2] is not None)
        if other is not None:
            said = tuple([None if at == self.customer_at else own for at, own in enumerate(said)])
        values = said
        if None in said:
            # A list: a generator takes twice as long for so few.
            values = tuple([had if own is None else own for own, had in zip(said, before.values, strict=True)])
        at = self.customer_at
        if at is not None and values[at] != before.values[at] and before.values[at]:
            values = (
                *values[:at],
                fuller_name(str(before.values[at]), self._customers.name(str(values[at] or ""))),
                *values[at + 1 :],
            )
        situation = before.situation if values == before.values else self._situation(values)
        has = DealHas(values, situation, said if other is None else before.last_said)
        # A history that says no customer says as little of all of its deals: 200 bytes of each.
        deal.has = has if any(values) else self._nothing_said.setdefault(has, has)
        if self.customer_at is not None:
            deal.customer = self._customers.name(str(values[self.customer_at] or ""))
        if said_of not in self:
            self._begin(said_of, deal)
        return other

    def _begin(self, said_of: DealNaming, deal: KnownDeal) -> None:
        """A deal that begins; whoever names no customer may mean another than before."""
        name, customer, key = _parts(said_of)
        if key is not None:
            # Most deals with a key have one row: by what it is called is not kept besides.
            if self._has_row_a_deal:
                self._by_key.clear()
                self._by_id.clear()
            self._by_key[key] = deal
            # One that the journal knows by this key is not offered to a row of another.
            if deal.id is not None and not deal.has_key:
                self._with_key.add(deal.id)
            return
        normal = normal_form(name)
        others = self._by_name.get(normal, ())
        spellings = self._spellings.get(normal) or {one.deal.name for one in others}
        for alone in (*self._alone.pop(normal, ()), *spellings):
            self.pop(alone, None)
        if isinstance(others, Namesakes):
            others.append(deal)
            spellings.add(deal.name)
        else:
            self._keep_all(normal, (*others, deal))
        self[said_of] = deal
        if customer is None:
            self._note_alone(normal, name, deal)

    def _keep_all(self, normal: str, deals: tuple[_OfName, ...]) -> tuple[_OfName, ...] | Namesakes[_OfName]:
        """Keep all deals of a name; many so that they are found by their customers."""
        if len(deals) < MANY:
            self._by_name[normal] = deals
            return deals
        self._spellings[normal] = {one.deal.name for one in deals}
        many = self._by_name[normal] = Namesakes(deals)
        return many

    def _note_alone(self, normal: str, name: str, deal: KnownDeal) -> None:
        """Note that a name without a customer stands for a deal as long as there is one alone."""
        if name != deal.name:
            self._alone[normal] = (*self._alone.get(normal, ()), name)

    def _other_customer(self, deal: KnownDeal, said: _Had, before: _Had, *, keyed: bool) -> Message | None:
        if self.customer_at is None:
            return None
        own, has = said[self.customer_at], before[self.customer_at]
        if own is None or not has or own == has or self._customers.same(own, has):
            return None
        if keyed:
            return msg(OF_ITS_KEY, name=deal.name, customer=has)
        if deal.id is None:
            return msg("exchange.other_customer.here", name=deal.name, customer=has)
        return msg("exchange.other_customer", deal=deal_tag(deal.id, deal.name, ""), customer=has)

    def _situation(self, values: _Had) -> _Had:
        kind = self._kind_at
        situation = (*map(bool, values), values[kind] if kind is not None else None)
        return self._situations.setdefault(situation, situation)


def naming_key(name: str, customer: str | None, key: str | None) -> DealNaming:
    """Under what `KnownValues` has what a row says of its deal, its customer and how the source knows the deal."""
    return name if customer is None and key is None else (name, customer, key)


def _parts(said: DealNaming) -> tuple[str, str | None, str | None]:
    return (said, None, None) if isinstance(said, str) else said


def _one_of(text: str, same: str) -> str:
    """A text, as the very object that is kept already where that is the same."""
    return same if text == same else text
