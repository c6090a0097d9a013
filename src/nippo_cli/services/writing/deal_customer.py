"""Whose a deal is: a name that a deal of the same customer answers to begins no other, and what was said at one customer
goes into another's deal only where that change is said, too."""

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from nippo_cli.base.errors import (
    Message,
    NotFound,
    Place,
    Problem,
    UsageError,
    msg,
)
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.text import normal_form
from nippo_cli.line.facts import deal_tag
from nippo_cli.results.recap import CustomerChange
from nippo_cli.services.context import EVER, Workspace, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Mapping

    from nippo_cli.base.customer_names import CustomerNames
    from nippo_cli.journal.read import JournalReader, NamedDeal
    from nippo_cli.journal.write import Writer
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Appended, Report


class Disagreement(UsageError):
    """A report and the deal that it names do not agree. `deal` is that deal, `problem` what a file is told; `ways` are
    the options of `nippo draft resume` that settle it."""

    def __init__(
        self, deal: "NamedDeal", message: Message, hint: Message, problem: Problem, ways: tuple[str, ...]
    ) -> None:
        super().__init__(message, hint=hint)
        self.deal = deal
        self.problem = problem
        self.ways = ways

    def resume_hint(self, number: int, command: "Callable[[str], str]") -> Message:
        """How to go on with the draft of that number, which `command` resumes with the options of a way."""
        commands = "\n  ".join(map(command, self.ways))
        return msg(f"{self.message.key}.kept", number=number, commands=commands, **self.message.params)


class NameHeld(Disagreement):
    """A new deal is to begin under a name that a deal of the same customer answers to."""

    def __init__(self, name: str, deal: "NamedDeal", other: str) -> None:
        """`other`: a name like it that no deal of that customer answers to."""
        import shlex

        tag, id_ = deal_tag(deal.id, deal.name, deal.customer), show_id(deal.id)
        super().__init__(
            deal,
            msg("writing.name_held", name=name, deal=tag, id=id_),
            msg("writing.name_held.hint", id=id_),
            Problem(Place("deal"), name, msg("writing.name_held.file", deal=tag, id=id_)),
            (f"--deal {id_}", f"--deal {shlex.quote(other)} --new-deal"),
        )


class OtherCustomer(Disagreement):
    """A report says another customer than its deal has. `said` is the report's; `field` where it says so."""

    def __init__(self, deal: "NamedDeal", said: str, field: str, *, here: bool) -> None:
        import shlex

        tag = deal_tag(deal.id, deal.name, "")
        option = f"--{field.replace('_', '-')}"
        needs = "writing.other_customer.here" if here else "writing.other_customer.file"
        super().__init__(
            deal,
            msg("writing.other_customer", deal=tag, customer=deal.customer, said=said),
            msg("writing.other_customer.hint", customer=deal.customer, said=said),
            Problem(Place(field), said, msg(needs, deal=tag, name=deal.name, customer=deal.customer)),
            (
                f"--deal {shlex.quote(deal.name)} --new-deal",
                "--change-customer",
                f"{option} {shlex.quote(deal.customer)}",
            ),
        )
        self.said = said
        self._option = option

    def of_entry(self, entry: int, options: str) -> UsageError:
        """The same of an entry that is to be put to the deal; `options` as `Places` tells them."""
        import shlex

        command = f"nippo{options} edit {show_id(entry)} --deal {show_id(self.deal.id)} {self._option}"
        commands = "\n  ".join(f"{command} {shlex.quote(whose)}" for whose in (self.deal.customer, self.said))
        return UsageError(
            msg("writing.entry_of_other", id=show_id(entry), **self.message.params),
            hint=msg("writing.entry_of_other.hint", commands=commands, **self.message.params),
        )


class LeftDeal(Disagreement):
    """A report says a customer of a deal that is nobody's by now, but was somebody's: what was said at that one may still be in it."""

    def __init__(self, deal: "NamedDeal", said: str, field: str) -> None:
        import shlex

        tag, id_ = deal_tag(deal.id, deal.name, ""), show_id(deal.id)
        super().__init__(
            deal,
            msg("writing.left_deal", deal=tag, said=said),
            msg("writing.left_deal.hint", id=id_, said=said),
            Problem(Place(field), said, msg("writing.left_deal.file", deal=tag, id=id_)),
            (f"--deal {shlex.quote(deal.name)} --new-deal", f"--deal {id_}"),
        )
        self.said = said


class EntryOfLeftDeal(UsageError):
    """A correction says a customer of an entry in such a deal, `deal`."""

    def __init__(self, left: LeftDeal) -> None:
        hint = msg("writing.left_deal.edit", id=show_id(left.deal.id), said=left.said)
        super().__init__(left.message, hint=hint)
        self.deal = left.deal.id
        self.said = left.said


def left_deal(
    deal: "NamedDeal | None",
    named: str | None,
    said: str,
    schema: "Schema",
    names: "CustomerNames",
    once_of: "Callable[[int], Collection[str]]",
) -> LeftDeal | None:
    """That a deal which is meant by its name was left by its customer; None where another was never said, or it is named by
    its id: whoever does so knows which one it is. `names` as of `other_customer`."""
    key = schema.key("customer")
    if not key or not said or deal is None or deal.customer or read_id(named or "") == deal.id:
        return None
    from nippo_cli.line.namesakes import may_become

    return None if may_become(once_of(deal.id), names.name(said), names.apart) else LeftDeal(deal, said, key)


def stated_customer(raw: "Mapping[str, object]", schema: "Schema") -> str:
    """The customer that is typed among the fields, by whatever the field is called; "" where none is."""
    field = schema.by_role.get("customer")
    if field is None:
        return ""
    names = {normal_form(name) for name in (field.key, field.label, *field.was)}
    return next((str(said).strip() for name, said in raw.items() if said and normal_form(name) in names), "")


def other_customer(
    deal: "NamedDeal | None", said: object, schema: "Schema", names: "CustomerNames", new_deals: "Collection[int]" = ()
) -> OtherCustomer | None:
    """That another customer is said than the deal has; None where they agree or one of them is nobody. `names`: what
    customers are called; `new_deals` are deals of this very command, which have no id to show yet."""
    key = schema.key("customer")
    if not key or not said or deal is None or not deal.customer or names.same(str(said), deal.customer):
        return None
    return OtherCustomer(deal, str(said), key, here=deal.id in new_deals)


def disagreement(workspace: Workspace, report: "Report") -> NameHeld | OtherCustomer | LeftDeal | None:
    """What a report and its deal do not agree in, before it is written; None where they agree, or can't be read."""
    from nippo_cli.journal.read import find_deal, free_name, holder, tag
    from nippo_cli.services.context import for_writing

    if not report.deal or not workspace.places.journal_db.exists():
        return None
    schema = for_writing(workspace.places)
    said = stated_customer(report.raw, schema)
    with reading(workspace.apart()) as (reader, _):
        if report.new_deal:
            held = holder(reader.cx, report.deal, said)
            return NameHeld(report.deal, held, free_name(reader.cx, report.deal, said)) if held else None
        try:
            deal_id = find_deal(reader.cx, report.deal, script=not workspace.interactive, customer=said)
        except NotFound:
            return None
        # What customers are called is asked of the journal, and so before it is closed.
        deal, names = tag(reader.cx, deal_id), reader.past(EVER).customers
        if report.change_customer:
            return None

        once_of = partial(customers_once, reader)
        return other_customer(deal, said, schema, names) or left_deal(deal, report.deal, said, schema, names, once_of)


def customers_once(reader: "JournalReader", deal: int) -> frozenset[str]:
    """The customers that were ever said of a deal, by what they are called. A look through the whole log."""
    from nippo_cli.journal.log import deals_once_owned

    past = reader.past(EVER)
    return frozenset(map(past.customers.name, deals_once_owned(reader.cx, past.migrator).get(deal, ())))


def customer_changes(writer: "Writer") -> list[CustomerChange]:
    """The deals whose customer is another since the transaction began, or than before they were nobody's, in the order of their
    ids."""
    changed = sorted((writer.taken_over() | writer.projection.customers).items())
    if not changed:
        return []
    from nippo_cli.journal.read import tag

    return [CustomerChange(deal, tag(writer.cx, deal).name, before, after) for deal, (before, after) in changed]


def note_namesakes(
    workspace: Workspace, writer: "Writer", customers: "Iterable[str]", deals: "Container[int] | None" = None
) -> None:
    """Say of customers which of their deals have one name: a change of customers makes such.

    Args:
        deals: of these alone; None for all.
    """
    reader = writer.reader
    for customer in dict.fromkeys(map(writer.projection.customer_names.name, customers)):
        by_name: defaultdict[str, list[DealSummary]] = defaultdict(list)
        for head in reader.heads(EVER, customer=customer) if customer else ():
            by_name[normal_form(head.name)].append(head)
        for heads in by_name.values():
            if len(heads) > 1 and (deals is None or any(head.id in deals for head in heads)):
                ids = [f"#{show_id(head.id)}" for head in heads]
                merge = f"nippo{workspace.places.options} deal merge {show_id(heads[-1].id)} {show_id(heads[0].id)}"
                workspace.notices.append(
                    msg(
                        "customers.namesakes", customer=customer, name=heads[0].name, n=len(heads), ids=ids, merge=merge
                    )
                )


def customer_of_entry(writer: "Writer", done: "Appended") -> tuple[list[CustomerChange], str]:
    """That an entry went from one customer's deal to another's, if it did; and its deal's customer, where it says another
    and the deal keeps its own."""
    from nippo_cli.journal.read import tag

    said = done.customer or done.left
    customer = tag(writer.cx, done.deal).customer if said and done.deal is not None else ""
    if not customer or writer.projection.customer_names.same(customer, said):
        return [], ""
    return ([], customer) if done.customer else ([CustomerChange(None, "", done.left, customer)], "")
