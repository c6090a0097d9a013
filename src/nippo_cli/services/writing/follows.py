"""What a member follows: deals and customers whose news come first on their morning page."""

from contextlib import suppress
from typing import TYPE_CHECKING

from nippo_cli.base.errors import NippoError, NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.text import quoted
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, customer_named, find, head_of, writing

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer
    from nippo_cli.results.remarks import Follow


class _Whom(NamedTuple):
    """A deal, or a customer by its name; `name` is what either is called."""

    deal: int | None
    customer: str
    name: str


def follow(workspace: Workspace, said: str) -> Done:
    """Follow a deal or a customer.

    Raises:
        NotFound, Ambiguous: nothing, or several, answer to the name. UsageError: it is followed already.
    """
    with writing(workspace, begin=False) as writer:
        whom = _whom(workspace, writer, said)
        if _followed(writer, whom) is not None:
            raise UsageError(msg("follow.already", name=whom.name), hint=msg("follow.list_hint"))
        record = writer.follow(deal=whom.deal, customer=whom.customer)
    what = "done.follow_deal" if whom.deal is not None else "done.follow_customer"
    return Done(what, _params(whom), [record], workspace.dry_run)


def stop(workspace: Workspace, said: str) -> Done:
    """Follow a deal or a customer no more.

    Raises:
        NotFound, Ambiguous: nothing, or several, answer to the name. UsageError: it is not followed.
    """
    with writing(workspace, begin=False) as writer:
        whom = _whom(workspace, writer, said)
        followed = _followed(writer, whom)
        if followed is None:
            raise UsageError(msg("follow.not_followed", name=whom.name), hint=msg("follow.list_hint"))
        records = [writer.retract(record, why="") for record in followed.records]
    return Done("done.follow_stopped", _params(whom), records, workspace.dry_run)


def _params(whom: _Whom) -> dict[str, object]:
    params: dict[str, object] = {"name": whom.name}
    return params | ({"said": quoted(whom.name)} if whom.deal is None else {"deal": show_id(whom.deal)})


def _followed(writer: "Writer", whom: _Whom) -> "Follow | None":
    reader = writer.reader
    same = reader.past(EVER).customers.same
    return next(
        (
            one
            for one in reader.follows_of(EVER, writer.author)
            if (one.deal == whom.deal if whom.deal is not None else one.customer and same(one.customer, whom.customer))
        ),
        None,
    )


def _whom(workspace: Workspace, writer: "Writer", said: str) -> _Whom:
    """A customer's whole name comes before a deal's, and that before a part of either; what is neither is told as a deal's."""
    reader = writer.reader
    customer = ""
    with suppress(NippoError):
        customer = customer_named(reader, EVER, said)
    if customer and reader.past(EVER).customers.same(customer, said):
        return _Whom(None, customer, customer)
    try:
        deal = find(workspace, writer, said)
    except NotFound as error:
        if customer and workspace.interactive:
            return _Whom(None, customer, customer)
        raise NotFound(msg("follow.nothing", said=said), hint=error.hint, problems=error.problems) from None
    head = head_of(writer, deal)
    return _Whom(deal, "", head.name if head is not None else said)
