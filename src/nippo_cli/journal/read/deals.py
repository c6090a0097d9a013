"""Deals as they stood on a day, and what all of them add up to."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.dates import read_when
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import head_from_row, read_holds
from nippo_cli.journal.log import HEADS
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.line.facts import AsOf, DealHistory, DealPlace, DealRecord, DealSummary

if TYPE_CHECKING:
    from typing import Unpack

    from nippo_cli.journal.read.counts import Counts, Outcomes
    from nippo_cli.journal.read.deal_filter import DealScope
    from nippo_cli.journal.read.handovers import Handing
    from nippo_cli.journal.read.passages import PassageReader
    from nippo_cli.line.facts import ListedDeal
    from nippo_cli.line.norm import Norms
    from nippo_cli.line.trail import Dated, Trail
    from nippo_cli.schema.schema import Schema

PLACES: Final = """
select id, stage, fate, began_on, last_contact_on, amount, next_on, holds from deal where {where}
"""
CHILDREN: Final = "select id from deal where parent = ? order by id"
OWNERS: Final = "select distinct owner from deal"
# Whether any deal was closed, or has been silent since a day: nothing else can have ended.
ANY_FINISHED: Final = """
select exists (select 1 from deal where closed_on is not null)
  or exists (select 1 from deal where fate = 'live' and coalesce(last_contact_on, began_on) <= ?)
"""
# Whether a row of the ledger names a deal, or may name one that was merged into it.
NAMED_BY_SALES: Final = """
select exists(select 1 from sale where link = :deal) or exists(select 1 from gone where into_deal = :deal)
"""


class DealReader:
    """A journal and its deals, on one day at a time."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self.cx = cx
        self._past: AsOfView | None = None
        self._counts: Counts | None = None

    def past(self, as_of: AsOf) -> AsOfView:
        """The journal on the day; one day is kept at a time."""
        if self._past is None or self._past.as_of != as_of:
            self._past = AsOfView(self.cx, as_of)
        return self._past

    def schema(self, as_of: AsOf) -> "Schema":
        """The schema in force on the day.

        Raises:
            LookupError: the journal has adopted none.
        """
        migrator = self.past(as_of).migrator
        if not migrator.ids:
            raise LookupError("agreement")
        return migrator.schema

    # --- deals by themselves

    def heads(
        self,
        as_of: AsOf,
        *,
        ids: Collection[int] | None = None,
        live: bool | None = None,
        fate: str | None = None,
        closed_since: date | None = None,
        **scope: "Unpack[DealScope]",
    ) -> Iterator[DealSummary]:
        """Heads of deals on the day, those read as they are by id, then those built again.

        Args:
            live: whether neither won nor lost; None for either.
            fate: `won`, `lost` or `live`.
            closed_since: the first day on which they may have been closed.
        """
        view, picked = self.past(as_of), DealFilter(live, fate=fate, closed_since=closed_since, **scope)
        where, params = picked.where(view.spellings)
        wanted = None if ids is None else set(ids)
        if wanted is not None:
            where += " and id in (select value from json_each(:ids))"
            params["ids"] = json.dumps(sorted(wanted))
        stale = view.stale if wanted is None else view.stale_among(wanted)
        for row in self._head_rows(where, params, few=live is True or closed_since is not None):
            if row[0] not in stale:
                yield head_from_row(row)
        if wanted is None:
            view.build_stale()
        else:
            view.build_some(stale)
        for deal in sorted(stale):
            line = view.line_again(deal)
            if line is not None and picked.matches(line[1].head, view.customers.same):
                yield line[1].head

    def places(self, as_of: AsOf, *, live: bool | None = None, **scope: "Unpack[DealScope]") -> Iterator[DealPlace]:
        """No more of deals on the day than tells where they stand in a list, in no order; which deals, as `heads`."""
        view, picked = self.past(as_of), DealFilter(live, **scope)
        where, params = picked.where(view.spellings)
        from nippo_cli.journal.read.lines import Days

        stale, day = view.stale, Days()
        for deal, at, fate, began, met, amount, next_on, holds in self.cx.execute(PLACES.format(where=where), params):
            if deal not in stale:
                ahead = read_when(next_on) if next_on else None
                held = read_holds(holds) if holds else ()
                yield DealPlace(deal, at, fate, day[began], day[met] if met else None, amount, ahead, held)
        for head in (line.head for line in view.rebuilt() if picked.matches(line.head, view.customers.same)):
            yield DealPlace(
                head.id, head.stage, head.fate, head.began_on, head.heard_on, head.amount, head.next_on, head.holds
            )

    def listed(self, as_of: AsOf, *, live: bool | None = None, **scope: "Unpack[DealScope]") -> "Iterator[ListedDeal]":
        """No more of deals on the day than a table says of them, in no order; which deals, as `heads`."""
        from nippo_cli.journal.read.listed import listed_deals

        return listed_deals(self.past(as_of), DealFilter(live, **scope))

    def _head_rows(self, where: str, params: Mapping[str, Any], *, few: bool) -> Iterable[Sequence[Any]]:
        """Rows of heads by id. `few`: they are found by another index than that of ids, and sorted here for less than SQLite
        takes for so many columns."""
        if few:
            return sorted(self.cx.execute(f"{HEADS} where {where}", params), key=itemgetter(0))
        return self.cx.execute(f"{HEADS} where {where} order by id", params)

    def head(self, as_of: AsOf, deal: int) -> DealSummary | None:
        """One deal's head; a merged deal's is the other's. None where it had no line."""
        view = self.past(as_of)
        root = view.root(deal)
        return view.head(root) if root is not None else None

    def line(self, as_of: AsOf, deal: int) -> tuple[DealRecord, DealHistory] | None:
        """A deal and its whole line; None where it had none."""
        view = self.past(as_of)
        root = view.root(deal)
        return view.line(root) if root is not None else None

    def children(self, as_of: AsOf, deal: int) -> list[DealSummary]:
        """The deals begun from one (up-sells) that have a line, by id."""
        view = self.past(as_of)
        ids = {d for (d,) in self.cx.execute(CHILDREN, (deal,))}
        if view.as_of.known:
            from nippo_cli.journal.read.statements import WITHOUT_LINE

            # A deal without a line today may have had one then.
            states = ((d, view.state(d)) for (d,) in self.cx.execute(WITHOUT_LINE))
            ids.update(d for d, state in states if state is not None and state.record.parent == deal)
        heads = (view.head(d) for d in sorted(ids))
        return [head for head in heads if head is not None and head.parent == deal]

    def owners(self, as_of: AsOf) -> list[str]:
        """Every deal's owner."""
        if self.past(as_of).stale:
            return sorted({head.owner for head in self.heads(as_of)})
        return sorted(owner for (owner,) in self.cx.execute(OWNERS))

    def any_finished(self, as_of: AsOf, quiet_days: int) -> bool:
        """Whether there may be deals that were won, lost or fizzled out: what is asked before more is read of them."""
        view = self.past(as_of)
        # Days before the year 1 can't be written; nothing is silent for so long.
        silent_since = date.fromordinal(max(1, as_of.on.toordinal() - quiet_days)).isoformat()
        return bool(view.stale) or bool(self.cx.execute(ANY_FINISHED, (silent_since,)).fetchone()[0])

    def may_be_sold(self, as_of: AsOf, deal: int) -> bool:
        """Whether the ledger may name a deal: False only where it surely does not. A look-up."""
        return as_of.known or self.cx.execute(NAMED_BY_SALES, {"deal": deal}).fetchone()[0] == 1

    # --- several days at once

    def trails(self, days: Sequence[AsOf], since: date, apart: "PassageReader | None" = None) -> "Iterator[Trail]":
        """What deals tell of days, each as it was known then (`snapshot_at.trails`), the amounts alone of what was promised.

        Args:
            days: oldest first.
            since: the last day of which nothing need be told, unless a deal still lived.
            apart: adds up the others: only those that it does not are told of.
        """
        from nippo_cli.journal.read.snapshot_at import trails

        there = [AsOfView(self.cx, day) for day in days]
        if apart is None:
            return trails(there, since, amounts_only=True)
        return trails(there, since, amounts_only=True, only=(apart.apart, apart.bound))

    def passages(
        self,
        as_of: AsOf,
        since: date,
        handed: Collection[int] = (),
        *,
        owner: str | None = None,
        customer: str | None = None,
        kind: str | None = None,
        source: str | None = None,
    ) -> "PassageReader":
        """The stays that a window touches, added up. Deals that were `handed` over are not, where it matters whose they are."""
        from nippo_cli.journal.read.passages import PassageReader

        clause, params = DealFilter(owner=owner, customer=customer).where(self.past(as_of).spellings)
        for name, value in (("kind", kind), ("source", source)):
            if value is not None:
                clause += f" and {name} = :{name}"
                params[name] = value
        return PassageReader(self.past(as_of), since, (clause, params), handed)

    def handed(self, as_of: AsOf) -> "Mapping[int, Dated[str]]":
        """Of each deal that was ever handed over: its owners, each with the day since which the deal is theirs."""
        from nippo_cli.journal.read.handovers import handed

        return handed(self.past(as_of))

    def handings(self, as_of: AsOf) -> "Iterator[Handing]":
        """Every time that a deal went from one owner to another."""
        from nippo_cli.journal.read.handovers import handings

        return handings(self.past(as_of))

    def agreements(self, days: Sequence[AsOf]) -> "list[Schema]":
        """The schema in force on each day."""
        return [AsOfView(self.cx, day).schema for day in days]

    # --- counts

    def counts(self, as_of: AsOf) -> "Counts":
        """The counts of a day, one object for all that are asked: deals that are built again are built once."""
        from nippo_cli.journal.read.counts import Counts

        view = self.past(as_of)
        if self._counts is None or self._counts.view is not view:
            self._counts = Counts(view)
        return self._counts

    def norms(self, as_of: AsOf) -> "Norms":
        """The norms of the day. Counters are read for the stages that are asked about, and only where the schema states no
        norm."""
        from nippo_cli.line.norm import Norms

        counts = self.counts(as_of)
        return Norms(self.schema(as_of), counts.counted, counts.censored)

    def outcomes(self, as_of: AsOf, *, quiet_days: int, **scope: "Unpack[DealScope]") -> "Outcomes":
        """Deals counted by outcome, with money and lead times; `quiet_days` is the quiet limit."""
        from nippo_cli.line.span import ClosedDays

        view, picked = self.past(as_of), DealFilter(**scope)
        where, params = picked.where(view.spellings)
        again = (line.head for line in view.rebuilt() if picked.matches(line.head, view.customers.same))
        return self.counts(as_of).outcomes(where, params, again, quiet_days, ClosedDays(view.schema.closures))
