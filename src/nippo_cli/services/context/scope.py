"""Which deals are asked about, and for which days; owners, customers, deals and choices as a person types them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from nippo_cli.base.customers import customer_key
from nippo_cli.base.errors import Ambiguous, Message, NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key, same_person
from nippo_cli.base.text import nearest, normal_form, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.base.customer_names import CustomerNames
    from nippo_cli.journal.asof import AsOfView
    from nippo_cli.journal.read import DealScope, JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.line.promised import Basis
    from nippo_cli.schema.schema import Kind, Role, Schema, Stage
    from nippo_cli.services.context.workspace import Workspace

DEFAULT_SINCE = "90d"
_DEFAULT = timedelta(days=90)
_CANDIDATES = 10
# Of these there are few: who names none of them is shown them.
_PEOPLE = ("owner", "author")
_SEVERAL = 2
_LIVE_SHOWN = 3


class Scope(NamedTuple):
    """Which deals, as typed; None is all."""

    owner: str | None = None
    customer: str | None = None
    stage: str | None = None
    billed_to: str | None = None
    site: str | None = None


class GapQuery(NamedTuple):
    """A window and the deals in it, as typed. Without `until` the window ends on the day that is asked about;
    `min_stay` is in days; `basis` says what months are filled with; `opens`: figures are to open to their deals."""

    since: str = DEFAULT_SINCE
    until: str | None = None
    scope: Scope = Scope()
    min_stay: int = 0
    basis: "Basis" = "order"
    opens: bool = False

    @property
    def everywhere(self) -> Self:
        """The same, of deals in whatever stage."""
        return self._replace(scope=self.scope._replace(stage=None))


def within(reader: "JournalReader", as_of: "AsOf", scope: Scope) -> "DealScope":
    """The reader's filters for a scope: names as they are stored, the stage by its key."""
    return {
        "owner": owner_named(reader, as_of, scope.owner) if scope.owner else None,
        "customer": customer_named(reader, as_of, scope.customer) if scope.customer else None,
        "stage": looked_at(reader, as_of, scope),
        "billed_to": billed_named(reader, as_of, scope.billed_to) if scope.billed_to else None,
        "site": site_named(reader, as_of, scope.site) if scope.site else None,
    }


def looked_at(reader: "JournalReader", as_of: "AsOf", scope: Scope) -> str | None:
    """The key of the stage that a scope names; None where it names none."""
    return stage_named(reader.schema(as_of), scope.stage) if scope.stage else None


def ends(as_of: "AsOf", until: str | None) -> "AsOf":
    """The day on which a window ends: as it was known on the day that is asked about.

    Raises:
        UsageError: it lies after that day.
    """
    if until is None:
        return as_of
    from nippo_cli.base.dates import read_day

    on = read_day(until, today=as_of.on, lean="past")
    if on > as_of.on:
        raise UsageError(msg("desk.window_ahead", until=on.isoformat(), as_of=as_of.on.isoformat()))
    return as_of._replace(on=on, by=as_of.by or as_of.on)


def begins(reader: "JournalReader", day: "AsOf", since: str) -> date:
    """The first day of a window that ends on a day; so long ago (`90d`) counts back from that.

    Raises:
        UsageError: it begins after it ends.
    """
    until = day.on
    if since == DEFAULT_SINCE and until - date.min >= _DEFAULT:
        return until - _DEFAULT
    from nippo_cli.base.dates import UnreadableDate, read_since

    try:
        return read_since(since, today=until, fiscal_year_start=reader.schema(day).fiscal_year_start)
    except UnreadableDate as error:
        if error.needs.key != "date.not_past":
            raise
        raise UsageError(msg("desk.window_backwards", since=since, as_of=until.isoformat())) from None


def owner_named(reader: "JournalReader", as_of: "AsOf", said: str) -> str:
    """The owner of a name or an unambiguous part of it.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    owners = reader.owners(as_of)
    # Of several spellings any means that person.
    own = [name for name in owners if same_person(name, said)]
    if own:
        return said if said in own else own[0]
    return one_named(said, owners, "owner")


def author_named(reader: "JournalReader", said: str) -> str:
    """The person of a name, or of an unambiguous part of it, who wrote anything; as typed where nobody has.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    names = reader.writers()
    is_known = not names or any(same_person(name, said) for name in names)
    return said if is_known else one_named(said, names, "author")


def customer_named(reader: "JournalReader", as_of: "AsOf", said: str) -> str:
    """The customer of a name or an unambiguous part of it, in the spelling that was typed, else in the one that states its
    legal form: of several spellings any means that customer. What none is called by today may be a part of one's other names.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    past = reader.past(as_of)
    customers = past.customers
    # A spelling that was typed before is the one that is meant: no other need be looked at.
    if customers.customer(said) is not None or past.is_spelled(said):
        return customers.name(said)
    try:
        return _customer_among(customers, (*reader.customers(as_of), *reader.billed(as_of)), said)
    except NotFound as refused:
        from nippo_cli.services.context.former_names import by_former_name

        return by_former_name(past, said, refused)


def billed_named(reader: "JournalReader", as_of: "AsOf", said: str) -> str:
    """As `customer_named`, of those who are billed for a deal.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    customers = reader.past(as_of).customers
    billed = reader.billed(as_of)
    own = next((name for name in billed if customers.same(name, said)), None)
    return customers.name(own) if own is not None else _customer_among(customers, billed, said)


def site_named(reader: "JournalReader", as_of: "AsOf", said: str) -> str:
    """The site of a name, blanks left out, or of an unambiguous part of it.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    sites = reader.sites(as_of)
    own = next((site for site in sites if person_key(site) == person_key(said)), None)
    return own if own is not None else one_named(said, sites, "site")


def only_billed(reader: "JournalReader", as_of: "AsOf", said: str | None) -> Message | None:
    """That a customer of whom a list shows nothing is billed for deals of others, and what shows these; None of any other."""
    if said is None:
        return None
    name = customer_named(reader, as_of, said)
    billed = len(reader.heads_billed_to(as_of, name))
    return msg("desk.only_billed", customer=name, n=billed, said=quoted(name)) if billed else None


def _customer_among(customers: "CustomerNames", spelled: Iterable[str], said: str) -> str:
    names = list(dict.fromkeys(map(customers.name, spelled)))
    own = [name for name in names if customers.same(name, said)]
    if own and (said in own or len({form for name in own if (form := customer_key(name)[1])}) < _SEVERAL):
        return said if said in own else max(own, key=lambda name: customer_key(name)[1] != "")
    # A spelling without a legal form is that of the one that states it.
    stated = {bare for bare, form in map(customer_key, names) if form}
    apart = {customer_key(name): name for name in names if customer_key(name)[1] or customer_key(name)[0] not in stated}
    return one_named(said, apart.values(), "customer")


def deal_named(reader: "JournalReader", as_of: "AsOf", said: str) -> int:
    """The deal of an id, a name or an unambiguous part of one, as known on the day.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    from nippo_cli.journal.read import find_deal_on

    return find_deal_on(reader.past(as_of), said, script=False)


def tell_of_live_ones(workspace: "Workspace", view: "AsOfView", said: str, deal: int) -> None:
    """Beside a finished deal that is meant by its whole name: that others whose name holds it go on."""
    from nippo_cli.journal.read.names import live_besides
    from nippo_cli.line.facts import deal_tag

    head, folded = view.head(deal), normal_form(said)
    if (
        head
        and head.fate != "live"
        and folded == normal_form(head.name)
        and (ids := live_besides(view, folded, [deal]))
    ):
        heads = (view.head(one) for one in ids[:_LIVE_SHOWN])
        deals = [deal_tag(of.id, of.name, of.customer) for of in heads if of is not None]
        workspace.notices.append(msg("desk.live_too", n=len(ids), deals=deals))


def stage_named(schema: "Schema", said: str) -> str:
    """The key of a stage, by key, label or former key.

    Raises:
        UsageError: the schema has none of that name.
    """
    return _key_named(said, schema.stages, "desk.no_stage")


def kind_named(schema: "Schema", said: str) -> str:
    """The key of a deal kind, by key, label or former key.

    Raises:
        UsageError: the schema has none of that name.
    """
    return _key_named(said, schema.kinds, "desk.no_kind")


def _key_named(said: str, among: "Sequence[Stage | Kind]", refusal: str) -> str:
    """The key of the one that is called so, by key, label or former key."""
    wanted = normal_form(said)
    for one in among:
        if wanted in (normal_form(one.key), normal_form(one.label)) or said in one.was:
            return one.key
    raise UsageError(msg(refusal, said=said, allowed=tuple(one.label for one in among)), hint=msg("desk.see_schema"))


def one_named(said: str, names: Iterable[str], what: str) -> str:
    """The one of these names, of an `owner`, an `author` or a `customer`…, that is meant, or that a part of it names alone.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    wanted = normal_form(said)
    every = list(names)
    exact = [n for n in every if n == said] or [n for n in every if normal_form(n) == wanted]
    matches = exact or [n for n in every if wanted in normal_form(n)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        shown = tuple(sorted(matches)[:_CANDIDATES])
        raise Ambiguous(msg(f"desk.several_{what}s", said=said, names=shown, n=len(matches)))
    near, hint = nearest(said, every), None
    if near:
        hint = msg("desk.did_you_mean", names=tuple(near))
    elif every and what in _PEOPLE:
        hint = msg("desk.people", names=tuple(sorted(every)[:_CANDIDATES]))
    elif every and what == "customer":
        hint = msg("desk.see_customers")
    raise NotFound(msg(f"desk.no_{what}", said=said), hint=hint)


def choice_named(schema: "Schema", role: "Role", said: str) -> str:
    """The key of a choice of the field that has a role; what a field without choices holds stands for itself.

    Raises:
        UsageError: no field has the role, or it has no such choice.
    """
    field = schema.by_role.get(role)
    if field is None:
        raise UsageError(msg(f"desk.no_{role}_field"), hint=msg("desk.see_schema"))
    choices = schema.choices(field)
    if not choices:
        return said
    wanted = normal_form(said)
    for choice in choices:
        if wanted in (normal_form(choice.key), normal_form(choice.label)) or said in choice.was:
            return choice.key
    raise UsageError(
        msg("desk.no_choice", said=said, field=field.label, allowed=tuple(choice.label for choice in choices)),
        hint=msg("desk.see_schema"),
    )
