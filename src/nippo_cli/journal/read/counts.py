"""Tallies and totals of a day: the stored ones, less the deals that are built again, plus their lines."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from nippo_cli.base.frozen import maker
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import head_from_row, read_holds
from nippo_cli.journal.log import (
    HEADS,
    META,
    REC,
    UNREAD,
    Rec,
    select_records,
    tree,
)
from nippo_cli.journal.read.statements import COUNTERS_OF
from nippo_cli.journal.read.views import Views
from nippo_cli.line.facts import DealSummary, lead_days
from nippo_cli.line.metrics import Metric, MetricKind, money, sightings
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays, net_days

if TYPE_CHECKING:
    import sqlite3

    from nippo_cli.line.facts import Outcome
    from nippo_cli.results.entries import EntryView

COUNTERS: Final = "select what, stage, kind, won, days, n from tally where what = ? and stage = ?"
RANKS: Final = "select stage, won, days, sum(n) from tally where what = 'rank' group by stage, won, days"
# Who is in a stage, known to be there since a day: before the end only live deals are, and the index of those tells all.
LASTING: Final = "select id, entered_on, holds from deal where fate = 'live' and stage = ? and arrival <> 'unknown'"
LASTING_AFTER: Final = "select id, entered_on, holds from deal where stage = ? and arrival <> 'unknown'"
# Outcomes of deals that are read as they are; lead time in days.
OUTCOMES: Final = """
select fate, count(*), coalesce(sum(amount), 0), sum(amount is null) from deal {where} group by fate
"""
# Live deals without a hold, silent since a day before :quiet_from, no next step ahead.
SILENT: Final = """
select coalesce(last_contact_on, began_on), count(*), coalesce(sum(amount), 0) from deal {where}
and fate = 'live' and holds is null and coalesce(last_contact_on, began_on) < :quiet_from
and (stage <> '' or last_contact_on is not null) and (next_on is null or substr(next_on, -10) < :on) group by 1
"""
LEAD_DAYS: Final = """
select fate, cast(julianday(closed_on) - julianday(began_on) as integer), count(*) from deal {where} and begin_known group by 1, 2
"""
WAITING: Final = "select id from entry where incomplete and on_date <= ? and known_on <= ?"
AHEAD: Final = "select id from entry where on_date > ? and known_on <= ?"
BATCHES: Final = f"select {REC} from record r indexed by record_imports where r.kind = 'batch'"


EndedFate: TypeAlias = Literal["won", "lost"]


_metric = maker(Metric)


class Outcomes:
    """Deals by outcome, their money (smallest unit; `without_amount` counts the deals that name none) and, of those
    that ended, lead times in days."""

    def __init__(self) -> None:
        self.deals: Counter[Outcome] = Counter()
        self.amounts: Counter[Outcome] = Counter()
        self.lead_days: dict[EndedFate, Counter[int]] = {"won": Counter(), "lost": Counter()}
        self.without_amount = 0


class Counts:
    """What is counted over all deals of a day."""

    def __init__(self, view: AsOfView) -> None:
        self.view = view
        self._cx: sqlite3.Connection = view.cx
        # Several pages of one answer ask for the same.
        self._counters: dict[MetricKind, Mapping[Metric, int]] = {}
        self._stored: dict[MetricKind, Counter[Metric]] = {}

    def counted(self, what: MetricKind, stage: str) -> Mapping[Metric, int]:
        """What all lines add up to of one kind: in one stage, or of the days between contacts."""
        view = self.view
        total: Counter[Metric] = Counter()
        if not view.replays:
            for of, at, kind, won, days, n in self._cx.execute(COUNTERS, (what, stage)):
                total[Metric(of, at, kind, bool(won), days)] += n
        if view.stale:
            total.update({s: n for s, n in self._difference(what).items() if s.stage == stage})
        return {s: n for s, n in total.items() if n}

    def counters(self, what: MetricKind) -> Mapping[Metric, int]:
        """What all lines add up to of one kind (`line.metrics`); `did`, what all entries do."""
        if what == "did":
            from nippo_cli.journal.read.activity import activity_counts

            return activity_counts(self.view)
        if what not in self._counters:
            self._counters[what] = self._added_up(what)
        return self._counters[what]

    def ranks(self) -> Mapping[Metric, int]:
        """The `rank` counters, whosever the deals: in a diary of many people a tenth of them."""
        if self.view.stale:
            ranks = Counter[Metric]()
            for metric, n in self.counters("rank").items():
                ranks[metric._replace(kind="")] += n
            return ranks
        return {
            _metric(("rank", stage, "", bool(won), days)): n for stage, won, days, n in self._cx.execute(RANKS) if n
        }

    def _added_up(self, what: MetricKind) -> Mapping[Metric, int]:
        """Counters of a kind over all deals: what is stored, with stale deals taken off and counted as they are."""
        view = self.view
        stored = {
            _metric((of, at, kind, bool(won), days)): n
            for of, at, kind, won, days, n in (self._cx.execute(COUNTERS_OF, (what,)) if not view.replays else ())
            if n
        }
        if not view.stale:
            return stored
        total = Counter(stored)
        total.update(self._difference(what))
        return {s: n for s, n in total.items() if n}

    def _difference(self, what: MetricKind) -> Counter[Metric]:
        """What the deals that are built again add up to, less what their kept lines do."""
        view = self.view
        difference = Counter(self._folded.get(what, {}))
        if not view.replays:
            from nippo_cli.journal.read.metrics import stored_metrics

            if what not in self._stored:
                self._stored |= stored_metrics(self._cx, view.stale, what)
            difference.subtract(self._stored[what])
        return difference

    @cached_property
    def _folded(self) -> Mapping[MetricKind, Counter[Metric]]:
        total = Counter[Metric]()
        for line in self.view.rebuilt():
            total.update(sightings(line))
            for one, amount in money(line.head):
                total[one] += amount
        by_kind: dict[MetricKind, Counter[Metric]] = {}
        for one, n in total.items():
            by_kind.setdefault(one.what, Counter())[one] = n
        return by_kind

    def censored(self, stage: str) -> Mapping[int, int]:
        """The lengths so far, held days taken off, of the stays in a stage that last on the day; not of those begun nobody knows
        when: at which length they came under observation is not known either."""
        view, on = self.view, self.view.as_of.on
        known_stage = view.schema.stage_by_key.get(stage)
        if known_stage is not None and known_stage.ends:
            return {}
        lengths: Counter[int] = Counter()
        statement = LASTING_AFTER if known_stage is None or known_stage.after else LASTING
        for deal, entered_on, holds in self._cx.execute(statement, (stage,)):
            if deal not in view.stale:
                lengths[net_days(read_holds(holds), date.fromisoformat(entered_on), on)] += 1
        for line in view.rebuilt():
            if line.head.stage == stage and line.head.arrival != "unknown":
                lengths[net_days(line.head.holds, line.head.entered_on, on)] += 1
        return lengths

    def outcomes(
        self, where: str, params: Mapping[str, Any], folded: Iterable[DealSummary], quiet_days: int, rest: ClosedDays
    ) -> Outcomes:
        """All deals that match counted: by SQL as they stand, then those built again.

        The fizzled ones are found by the day of their last contact, those with a hold one by one (`line.quiet`).
        """
        total, on = Outcomes(), self.view.as_of.on
        picked = f"where {where}"
        bound = dict(params)
        if self.view.stale:
            import json

            picked += " and id not in (select value from json_each(:stale))"
            bound["stale"] = json.dumps(sorted(self.view.stale))
        for fate, n, amount, unknown in self._cx.execute(OUTCOMES.format(where=picked), bound):
            outcome: Outcome = "open" if fate == "live" else fate
            total.deals[outcome] += n
            total.amounts[outcome] += amount
            total.without_amount += unknown
        for fate, days, n in self._cx.execute(LEAD_DAYS.format(where=picked + " and fate <> 'live'"), bound):
            total.lead_days[cast("EndedFate", fate)][days] += n
        # Days before the year 1 can't be written; nothing is silent for so long.
        quiet_from = on.fromordinal(max(1, on.toordinal() - quiet_days))
        bound |= {"quiet_from": quiet_from.isoformat(), "on": self.view.day}
        for since, n, amount in self._cx.execute(SILENT.format(where=picked), bound):
            began = date.fromisoformat(since)
            if (on - began).days > quiet_days + rest.count(began, on):
                _fizzle(total, n, amount)
        for row in self._cx.execute(f"{HEADS} {picked} and fate = 'live' and holds is not null", bound):
            head = head_from_row(row)
            if is_fizzled(head, quiet_days, rest, on):
                _fizzle(total, 1, head.amount or 0)
        for head in folded:
            _add(total, head, fizzled=is_fizzled(head, quiet_days, rest, on))
        return total

    def entries_ahead(self, views: Views, most: int) -> "list[EntryView]":
        """The entries dated after the day, the nearest first."""
        moved = self.view.late.entries
        ahead = [e for (e,) in self._cx.execute(AHEAD, (self.view.day, self.view.known)) if e not in moved]
        late = [v for v in views.of(moved) if v.on > self.view.as_of.on] if moved else []
        return sorted([*views.of(ahead[:most]), *late], key=lambda v: (v.on, v.id))[:most]

    def left_out(self, views: Views) -> dict[str, int]:
        """Incomplete entries, entries dated after the day, rows that imports rejected; damaged records, if there are any."""
        view = self.view
        moved = view.late.entries
        waiting = [e for (e,) in self._cx.execute(WAITING, (view.day, view.known)) if e not in moved]
        ahead = [e for (e,) in self._cx.execute(AHEAD, (view.day, view.known)) if e not in moved]
        late = list(views.of(moved)) if moved else []
        on = view.as_of.on
        imports = self._imports()
        # What a damaged import rejected is not known either.
        damaged = self._unread() + sum(batch.damaged for batch in imports)
        return {
            "incomplete": len(waiting) + sum(v.incomplete and v.on <= on for v in late),
            "future": len(ahead) + sum(v.on > on for v in late),
            "rejected": sum(int(batch.parsed_body.get("rejected", 0)) for batch in imports),
            **({"damaged": damaged} if damaged else {}),
        }

    def _imports(self) -> list[Rec]:
        """Whenever it was imported: what its other rows say counts from their own dates, and so does what is missing."""
        batches = [
            batch if batch.body is not None else tree(self._cx, batch.id)[0]
            for batch in list(select_records(self._cx, BATCHES))
        ]
        return [batch for batch in batches if batch.id not in self.view.batches]

    def _unread(self) -> int:
        """Damaged entries from which nothing is derived."""
        row = self._cx.execute(META, (UNREAD,)).fetchone()
        return int(row[0]) if row and row[0].isdecimal() else 0


def _fizzle(total: Outcomes, n: int, amount: int) -> None:
    total.deals.update({"open": -n, "fizzled": n})
    total.amounts.update({"open": -amount, "fizzled": amount})


def _add(total: Outcomes, head: DealSummary, *, fizzled: bool) -> None:
    outcome: Outcome = head.fate if head.fate != "live" else "fizzled" if fizzled else "open"
    total.deals[outcome] += 1
    total.amounts[outcome] += head.amount or 0
    total.without_amount += head.amount is None
    days = lead_days(head)
    if days is not None and head.fate != "live":
        total.lead_days[head.fate][days] += 1
