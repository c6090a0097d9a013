"""What is said of a customer: another name, one more name, and that two are one."""

from typing import TYPE_CHECKING

from nippo_cli.base.customers import customer_key
from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.text import quoted
from nippo_cli.journal.log import other_spellings
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, customer_named, in_force, writing
from nippo_cli.services.writing.deal_customer import note_namesakes
from nippo_cli.services.writing.refusals import name_problem

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer


def rename(workspace: Workspace, said: str, name: str) -> Done:
    """Call a customer by another name, on every page; the names that it had go on meaning it.

    Raises:
        NotFound, Ambiguous: no customer, or several, answer to the name. UsageError: the new name is empty, or another
            customer's.
    """
    with writing(workspace, begin=False) as writer:
        customer, new = customer_meant(workspace, writer, said), _fit(writer, name)
        if customer == new:
            raise UsageError(msg("customers.same_name", name=new))
        _refuse_known(writer, customer, new)
        records = [*_state_form(writer, customer, said), *writer.rename_customer(customer, new)]
        note_namesakes(workspace, writer, [new])
    return Done("done.customer_renamed", {"customer": customer, "name": new}, records, workspace.dry_run)


def alias(workspace: Workspace, said: str, name: str) -> Done:
    """Let a customer answer to one more name.

    Raises:
        NotFound, Ambiguous, UsageError: as `rename`.
    """
    with writing(workspace, begin=False) as writer:
        customer, new = customer_meant(workspace, writer, said), _fit(writer, name)
        if writer.projection.customer_names.same(customer, new):
            raise UsageError(msg("customers.same_name", name=new))
        _refuse_known(writer, customer, new)
        records = [*_state_form(writer, customer, said), *writer.alias_customer(customer, new)]
        note_namesakes(workspace, writer, [new])
    return Done("done.customer_alias", {"customer": customer, "name": new}, records, workspace.dry_run)


def merge(workspace: Workspace, said: str, into: str) -> Done:
    """Make one customer of two: the first one's deals, contacts and names become the second's, and what was sold to it. The first
    may be one whom the ledger alone knows.

    Raises:
        NotFound, Ambiguous: no customer, or several, answer to a name. UsageError: both are the same customer.
    """
    with writing(workspace, begin=False) as writer:
        customer = _sold_to(writer, said) or customer_meant(workspace, writer, said)
        other = customer_meant(workspace, writer, into)
        stated = [*_state_form(writer, customer, said), *_state_form(writer, other, into)]
        records = [*stated, *writer.merge_customer(customer, other)]
        called = writer.projection.customer_names.name(other)
        note_namesakes(workspace, writer, [other])
    return Done("done.customer_merged", {"customer": customer, "into": called}, records, workspace.dry_run)


def customer_meant(workspace: Workspace, writer: "Writer", said: str, *, by_part: bool = False) -> str:
    """The customer that is meant. In a script no part of a name will do where names are changed; `by_part`: one will that is in one
    customer's name alone.

    Raises:
        NotFound, Ambiguous: no customer, or several, answer to the name.
    """
    reader = writer.reader
    name = customer_named(reader, EVER, said)
    if not (workspace.interactive or by_part) and not reader.past(EVER).customers.same(name, said):
        raise NotFound(msg("customers.whole_name", said=said, name=name))
    if reader.past(EVER).customers.customer(name) is not None:
        return name
    # What it will be called by on every page: the spelling that states its legal form.
    full = max(reader.past(EVER).spellings(name), key=lambda own: (customer_key(own)[1] != "", own == name, own))
    stated, own_form = customer_key(said)[1], customer_key(full)[1]
    if stated and own_form and stated != own_form:
        raise NotFound(msg("customers.whole_name", said=said, name=full))
    return full


def _state_form(writer: "Writer", customer: str, said: str) -> list[int]:
    """A legal form that is typed of a customer whom the diary knows by a bare name alone is a part of its name from now on: else
    what is said of 有限会社青葉 would hold for 株式会社青葉, too. The records that say so."""
    key = customer_key(said)
    view = writer.reader.past(EVER)
    if not key[1] or not view.customers.same(said, customer):
        return []
    is_stated = view.customers.has(said) or key in map(customer_key, view.spellings(customer))
    if is_stated:
        return []
    is_bare = customer_key(view.customers.name(customer)) == (key[0], "")
    return (writer.rename_customer if is_bare else writer.alias_customer)(customer, said.strip())


def _sold_to(writer: "Writer", said: str) -> str:
    """The name as the ledger has it, where it alone knows a customer of that name; else nothing."""
    names, known = writer.projection.customer_names, (*writer.reader.customers(EVER), *writer.reader.billed(EVER))
    if any(names.same(one, said) for one in known):
        return ""
    return next((one for one in other_spellings(writer.cx) if names.same(one, said)), "")


def _fit(writer: "Writer", name: str) -> str:
    new = name.strip()
    if not new:
        raise UsageError(msg("desk.empty_name"))
    if unfit := name_problem(new, in_force(writer), writer.today):
        raise UsageError(unfit.needs)
    return new


def _refuse_known(writer: "Writer", customer: str, name: str) -> None:
    """A name under which the diary knows another customer already is no free name: the two are to be merged.

    Raises:
        UsageError: it is one.
    """
    view = writer.reader.past(EVER)
    if view.customers.same(name, customer):
        return
    other = next(
        (view.customers.name(own) for own in writer.reader.customers(EVER) if view.customers.same(own, name)), None
    )
    if other is not None:
        raise UsageError(
            msg("journal.customer_taken", name=name, customer=other),
            hint=msg("journal.customer_taken.hint", customer=quoted(customer), into=quoted(other)),
        )
