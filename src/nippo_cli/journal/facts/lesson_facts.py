"""What a lesson may ask for (`lessons.facts.LessonFacts`), answered by SQL: of one journal on one day, of the deals that are
asked about. What a page asks for twice is kept."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from nippo_cli.base.text import normal_form
from nippo_cli.journal.facts.ended import EndedDeals
from nippo_cli.journal.facts.lost_reasons import Sayings
from nippo_cli.journal.read import Days, Wanted
from nippo_cli.lessons import AGE_DAYS, LATEST
from nippo_cli.lessons.facts import Behind, Case, EntryWords, LostDeal, OwnEntries
from nippo_cli.lessons.finished import Lived
from nippo_cli.line.facts import DealHistory, DealSummary, Outcome, lead_days
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import passes_on

if TYPE_CHECKING:
    from nippo_cli.line.metrics import Metric, MetricKind
    from nippo_cli.results.entries import EntryView

# A lost deal: what it is, its closing entry, and the stage before that. What that entry states stands in an index, as does
# whether another of the deal's states anything.
LOST: Final = """
select d.id, d.customer, d.owner, d.amount, case when d.begin_known then d.began_on end, d.closed_on,
  case when d.id not in (select deal from stay indexed by stay_listed where arrival <> 'known') then d.contacts end, coalesce(b.stage, ''),
  c.entry, e.schema, e.why_lost,
  exists (select 1 from entry o indexed by entry_why_lost where o.deal = d.id and o.id <> c.entry and o.why_lost is not null)
from (select * from deal where fate = 'lost' and closed_on >= :since and closed_on <= :on and {where}) d
cross join stay c on c.deal = d.id and c.seq = (
  select max(x.seq) from stay x where x.deal = d.id and x.stage in (select value from json_each(:ends)))
left join stay b on b.deal = d.id and b.seq = c.seq - 1
left join entry e indexed by entry_why_lost on e.deal = d.id and e.id = c.entry and e.why_lost is not null
"""


class JournalLessonFacts(EndedDeals):
    """The facts of one journal on one day. The stage that is asked about is where deals were lost for a lesson of losses, a
    stage that they ever stood in for any other."""

    # --- losses

    def lost(self) -> Sequence[LostDeal]:
        """The deals lost in the window, with what their closing entries say and what was learned since."""
        return self._lost

    @cached_property
    def _lost(self) -> Sequence[LostDeal]:
        """The same, read once: rows by SQL, then the deals that are built again; those silent on why, from their other
        entries."""
        view, picked = self._view, self._picked._replace(reached=None)
        learned, said = self.reader.reviews(self.day), Sayings(view)
        bound = {"since": self.since.isoformat(), "on": view.day, "ends": json.dumps(self._lost_stages)}
        lost: list[LostDeal] = []
        silent: set[int] = set()
        day = Days()
        for row in self._rows(LOST, picked, bound, lenient=True):
            deal, customer, owner, amount, began, closed, contacts, stage, entry, schema, why_lost, elsewhere = row
            reasons, competitor = said.of_row(entry, schema, why_lost)
            lead = (day[closed] - day[began]).days if began else None
            reviews = learned.get(deal)
            lost.append(
                LostDeal(deal, customer, owner, amount, day[closed], lead, contacts, stage, reasons, competitor,
                         reviews[-1] if reviews else None)
            )  # fmt: skip
            if elsewhere and not (reasons and competitor):
                silent.add(deal)
        for line in self._lines(picked):
            head = line.head
            if head.fate == "lost" and head.closed_on is not None and head.closed_on >= self.since:
                reviews = learned.get(head.id)
                lost.append(self._of_line(line, said)._replace(review=reviews[-1] if reviews else None))
                silent.add(head.id)
        return [one for one in said.completed(lost, silent) if self._picked.reached in (None, one.stage)]

    def lost_one(self, line: DealHistory) -> LostDeal:
        """The same of one lost deal, by its line; its review is left to whoever has it."""
        said = Sayings(self._view)
        return said.completed([self._of_line(line, said)], [line.head.id])[0]

    @property
    def _lost_stages(self) -> list[str]:
        return [stage.key for stage in self._view.schema.stages if stage.ends == "lost"]

    def _of_line(self, line: DealHistory, said: Sayings) -> LostDeal:
        """A lost deal by its line, with what the entry says that closed it."""
        head, ends = line.head, self._lost_stages
        place = max(place for place, stay in enumerate(line.stays) if stay.stage in ends)
        closed_on = line.stays[place].entered_on
        reasons, competitor = said.of_entry(line.stays[place].entry)
        return LostDeal(
            head.id, head.customer, head.owner, head.amount, closed_on, lead_days(head),
            head.contacts if all(stay.arrival == "known" for stay in line.stays) else None,
            line.stays[place - 1].stage if place else "", reasons, competitor,
        )  # fmt: skip

    # --- all that are asked about

    def counters(self, what: "MetricKind") -> "Mapping[Metric, int]":
        """What lines add up to; where only some deals are asked about, what those do."""
        if not self.filtered:
            return self.reader.counts(self.day).counters(what)
        return {metric: n for metric, n in self._metrics_of_some.items() if metric.what == what}

    @cached_property
    def _metrics_of_some(self) -> "Mapping[Metric, int]":
        from nippo_cli.line.metrics import metrics_of

        counted: Counter[Metric] = Counter()
        for line in self.reader.line_reader(self.day).lines([deal for deal, _, _ in self._matching]).values():
            counted.update(metrics_of(line))
        return counted

    @cached_property
    def _matching(self) -> Sequence[tuple[int, str, int | None]]:
        """All deals that are asked about: those with most money first, unknown money last."""
        return sorted(self.matching(), key=lambda one: (one[2] is None, -(one[2] or 0), one[0]))

    def of_fate(self, fate: str) -> Sequence[Behind]:
        """The deals of a fate (all: empty), those with most money first."""
        deals = self._matching
        fizzled = self._fizzled({deal for deal, own, _ in deals if own == "live"}) if fate not in _CLOSED else set()
        behind = (
            Behind(deal, amount, own if own != "live" else "fizzled" if deal in fizzled else "open")
            for deal, own, amount in deals
        )
        return [one for one in behind if fate in ("", one.detail)]

    def _fizzled(self, live: set[int]) -> set[int]:
        """Of some live deals those that fizzled."""
        return {
            head.id
            for head in self.reader.heads(self.day, live=True)
            if head.id in live and is_fizzled(head, self.quiet.days, self.rest, self.as_of)
        }

    def of_rank(self, rank: str) -> Sequence[Behind]:
        """The closed deals that count under a rank (all: empty), those with most money first."""
        ranks = dict(self.ranks_of_closed([deal for deal, fate, _ in self._matching if fate != "live"]))
        return [
            Behind(deal, amount, ranks[deal])
            for deal, _, amount in self._matching
            if deal in ranks and rank in ("", ranks[deal])
        ]

    def lived(self) -> Sequence[Lived]:
        """The deals that ended last of those that lived longer than the age, as far as that."""
        return self._lived

    @cached_property
    def _lived(self) -> Sequence[Lived]:
        finished = self.reader.finished(self.day)
        return finished.lived(self._picked, self.quietness, LATEST, self.age or AGE_DAYS)

    # --- what was learned

    def cases(self) -> tuple[Sequence[Case], int]:
        """The finished deals of the window of which something was learned; and how many were lost of which nothing was."""
        return self._cases

    @cached_property
    def _cases(self) -> tuple[Sequence[Case], int]:
        wanted = {deal for deal, _, _ in self._matching} if self.filtered else None
        cases, learned = self.cases_with(self._lost, wanted)
        return cases, sum(one.deal not in learned for one in self._lost)

    def cases_with(
        self, lost: Sequence[LostDeal], wanted: Collection[int] | None = None
    ) -> tuple[list[Case], Collection[int]]:
        """The same, and all deals of which something was learned.

        Args:
            lost: the deals lost in the window, with what they state: all, or as many as are to be told with it.
            wanted: the deals that are asked about; None is all.
        """
        learned = {
            deal: reviews[-1]
            for deal, reviews in self.reader.reviews(self.day).items()
            if wanted is None or deal in wanted
        }
        stated = {one.deal: one for one in lost}
        cases = []
        for head in self.reader.heads(self.day, ids=learned) if learned else ():
            end = self._ended_on(head)
            if end is None or end[1] < self.since:
                continue
            fate, on = end
            one = stated.get(head.id)
            cases.append(
                Case(
                    head.id, head.name, head.customer, head.owner, fate, head.amount, on,
                    one.stage if one else head.stage if fate == "fizzled" else "", learned[head.id],
                    one.reasons if one else (), one.competitor if one else "",
                )
            )  # fmt: skip
        return cases, learned

    def _ended_on(self, head: DealSummary) -> tuple[Outcome, date] | None:
        """A deal's fate and the day of it; None of one that still goes on, or was reopened."""
        if head.fate != "live":
            return (head.fate, head.closed_on) if head.closed_on is not None else None
        if not is_fizzled(head, self.quiet.days, self.rest, self.as_of):
            return None
        return "fizzled", passes_on(head.heard_on or head.began_on, self.quiet.days, self.rest, head.holds)

    # --- what one author wrote, for its own author's eyes

    def mine(self) -> OwnEntries:
        """What whoever asks wrote in the window."""
        return self._mine

    @cached_property
    def _mine(self) -> OwnEntries:
        """The same, read once: the entries oldest first, and how the deals that they are about ended."""
        hopeful = [normal_form(word) for word in self.schema.hopeful]
        entries = self.reader.entries(self.day, Wanted(since=self.since, until=self.as_of, author=self._author))
        wrote = [_words(entry, hopeful) for entry in entries]
        deals = {one.deal for one in wrote if one.deal is not None}
        fates: dict[int, Outcome] = {}
        ended: dict[int, date] = {}
        for head in self.reader.heads(self.day, ids=deals) if deals else ():
            if head.closed_on is not None:
                ended[head.id] = head.closed_on
            fates[head.id] = self._fate(head, self.quietness)
        points = self.reader.finished(self.day).points(sorted(fates))
        return OwnEntries(self._author, self.as_of, wrote[::-1], points, fates, ended)


_CLOSED = ("won", "lost")


def _words(entry: "EntryView", hopeful: Sequence[str]) -> EntryWords:
    """An entry as far as its words go, with those of the hopeful words that are in it."""
    schema, values = entry.schema, entry.values
    said = schema.key("impression") or schema.key("facts")
    text = normal_form(str(values.get(said or "") or ""))
    return EntryWords(
        entry=entry.id,
        deal=entry.deal.id if entry.deal else None,
        text="".join(normal_form(str(values.get(schema.key("facts") or "") or "")).split()),
        hopeful=tuple(word for word in hopeful if word in text),
        next=any(values.get(schema.key(role) or "") for role in ("next_step", "next_on")),
        days_after=(entry.known_on - entry.on).days if entry.batch is None else None,
    )
