"""`nippo gap`: the page for Monday, from all that the gaps find."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from nippo_cli.base.persons import one_spelling
from nippo_cli.gaps import KINDS, module_of, risks
from nippo_cli.gaps.early_notices import EarlyNotice, early_notices
from nippo_cli.journal.facts import JournalGapFacts, JournalLandingFacts
from nippo_cli.landing.eves import EveShares
from nippo_cli.landing.horizon import months_of
from nippo_cli.landing.parts import whole_part
from nippo_cli.landing.shares import RankRecord
from nippo_cli.landing.table import Landing, LandingTable
from nippo_cli.lessons.facts import Case
from nippo_cli.line.facts import AsOf, DealSummary
from nippo_cli.line.quiet import silence_days
from nippo_cli.line.targets import team_target
from nippo_cli.render.parts import MOST_LISTED
from nippo_cli.results.deal_status import Sign
from nippo_cli.results.gap import (
    GapPage,
    Good,
    GoodNews,
    PagePart,
    Risk,
    Talk,
    WholePage,
)
from nippo_cli.services.context import GapQuery, Workspace, ends, reading
from nippo_cli.services.gaps.kind import answered, landing_facts
from nippo_cli.services.gaps.signs import signs_of

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.results.entries import EntryView

_TALK, _ORDERS = 10, 3
# So many deals at least are named behind a figure.
_BEHIND = 200
_YEAR = 365


def whole_page(workspace: Workspace, asked: GapQuery, *, limit: int = 0, by_owner: bool = False) -> WholePage:
    """What went well, where live money is at risk, the deals to talk about, and every kind's findings.

    Args:
        limit: rows a kind (0: all).
        by_owner: the live deals parted by their owners.

    Raises: as `gap.page`.
    """
    with reading(workspace) as (reader, as_of):
        return whole_of(reader, as_of, asked, limit=limit, by_owner=by_owner)


def whole_of(
    reader: "JournalReader", as_of: AsOf, asked: GapQuery, *, limit: int = 0, by_owner: bool = False
) -> WholePage:
    """The same, read with others.

    Raises: as `gap.page`.
    """
    facts = landing_facts(reader, ends(as_of, asked.until), asked)
    live = facts.live()
    findings = {kind: module_of(kind).find(facts) for kind in KINDS}
    answers = [answered(kind, module_of(kind), facts, limit, one, opens=asked.opens) for kind, one in findings.items()]
    # Of the tens of thousands of orders that after-care may find none is live.
    of_live = {kind: one for kind, one in findings.items() if KINDS[kind].finds_of("live", sold=True)}
    signs = signs_of(of_live, {head.id for head in live})
    parts, good = _parts(live, signs, facts, by_owner=by_owner), _good(facts, opens=asked.opens)
    norms = facts.norms.used()
    kinds = [answer._replace(norms=norms) for answer in answers]
    return WholePage(
        as_of=facts.as_of,
        since=facts.since,
        schema=facts.schema,
        good=good,
        parts=[_cut(part, limit) for part in parts] if limit else parts,
        kinds=kinds,
        norms=norms,
        left_out=_left_out(kinds),
        filtered=facts.filtered,
        by_owner=by_owner,
        landing=_landing(facts),
        basis=facts.basis,
        case=None if facts.filtered else of_the_week(reader, facts.day),
        signs=signs,
        entries_left_out=_entries_left_out(facts) if asked.opens else {},
    )


def _entries_left_out(facts: JournalGapFacts) -> "Mapping[str, Sequence[EntryView]]":
    from nippo_cli.services.context import entries_left_out

    return entries_left_out(facts.reader, facts.day)


def _landing(facts: JournalLandingFacts) -> LandingTable | None:
    """This month and the next two, as `nippo landing` has them."""
    months = months_of("next", facts.as_of, facts.schema.fiscal_year_start)
    record = RankRecord(facts.ranks_closed(), facts.schema)
    part = whole_part(facts, months, facts.basis)
    if not part.live and not part.won:
        return None
    targets = facts.targets() if not facts.filtered else ()
    frame = Landing(facts, months, record, EveShares.unknown(), facts.basis)
    return frame.table(part, lambda month: team_target(targets, month), ())


def of_the_week(reader: "JournalReader", day: AsOf) -> Case | None:
    """One lost or fizzled deal of the last year of which something was learned: another each week of the calendar."""
    from nippo_cli.journal.facts import JournalLessonFacts, LessonScope
    from nippo_cli.lessons.cases import of_the_week as case_of_week

    if not reader.reviews(day):
        return None
    facts = JournalLessonFacts(reader, day, LessonScope(day.on - timedelta(days=_YEAR)))
    cases, _ = facts.cases_with(())
    # Since when weeks are counted does not matter, so long as it is a Monday.
    case = case_of_week([case for case in cases if case.fate != "won"], (day.on.toordinal() - 1) // 7)
    line = reader.line(day, case.deal) if case is not None and case.fate == "lost" else None
    if case is None or line is None:
        return _nameless(reader, case)
    lost = facts.lost_one(line[1])
    return _nameless(reader, case._replace(stage=lost.stage, reasons=lost.reasons, competitor=lost.competitor))


def _nameless(reader: "JournalReader", case: Case | None) -> Case | None:
    """A team's case is told without whose it was."""
    from nippo_cli.journal.log import TEAM

    return case._replace(owner="") if case is not None and reader.meta(TEAM) else case


def _good(facts: JournalGapFacts, *, opens: bool) -> Good:
    """What went well: orders, moves forward, early notices; with the deals behind them where these open."""
    won = [head for head in facts.closed("won", facts.since) if head.closed_on and head.closed_on <= facts.as_of]
    won.sort(key=lambda h: (-(h.amount or 0), h.id))
    forward, notices = facts.forward(), _early_notices(facts)
    moves = _moves(facts) if opens else ()
    heads = facts.heads({one.deal for one in notices}) if opens else {}
    return Good(
        orders=won[:_ORDERS],
        orders_total=len(won),
        orders_amount=sum(h.amount or 0 for h in won),
        early_notices=len(notices),
        forward={s.key: forward[s.key] for s in facts.schema.stages if s.key in forward},
        behind=won if opens else (),
        moves=moves,
        notices=[GoodNews(heads[one.deal], one.on, entry=one.entry) for one in notices] if opens else (),
    )


def _moves(facts: JournalGapFacts) -> list[GoodNews]:
    """The last steps forward, with their deals."""
    from nippo_cli.journal.facts import last_forward

    moves = last_forward(facts, MOST_LISTED)
    heads = facts.heads({one.deal for one in moves})
    return [GoodNews(heads[one.deal], one.on, stage=one.stage) for one in moves]


def _early_notices(facts: JournalGapFacts) -> Sequence[EarlyNotice]:
    pushed = [
        head.id
        for head in (*facts.live(), *facts.closed("won", facts.since), *facts.closed("lost", facts.since))
        if head.pushes
    ]
    promised = facts.closes(pushed) if pushed else {}
    return early_notices(promised, facts.entry_texts, since=facts.since, as_of=facts.as_of)


def _parts(
    live: Sequence[DealSummary], signs: Mapping[int, Sequence[Sign]], facts: JournalGapFacts, *, by_owner: bool
) -> list[PagePart]:
    if not by_owner:
        return [_part("", live, signs, facts)]
    owners: defaultdict[str, list[DealSummary]] = defaultdict(list)
    shown = one_spelling(head.owner for head in live)
    for head in live:
        owners[shown[head.owner]].append(head)
    parts = [_part(owner, heads, signs, facts) for owner, heads in owners.items()]
    return sorted(parts, key=lambda p: (-sum(r.amount for r in p.risks if r.kind), p.owner))


def _part(
    owner: str, live: Sequence[DealSummary], signs: Mapping[int, Sequence[Sign]], facts: JournalGapFacts
) -> PagePart:
    """The live deals of one owner (or of all): their money at risk, and those worth talking about."""
    talk = [head for head in live if head.id in signs]
    talk.sort(key=lambda h: (-(h.amount or 0), -len(signs[h.id]), h.id))
    forward = _last_forward(facts, [head.id for head in talk[:_TALK]])
    return PagePart(
        owner=owner,
        deals=len(live),
        amount=_money(live),
        risks=_risks(live, signs),
        talk=[Talk(h, signs[h.id], silence_days(h, facts.as_of), forward.get(h.id)) for h in talk[:_TALK]],
        talk_total=len(talk),
    )


def _cut(part: PagePart, limit: int) -> PagePart:
    """A part that names no more deals behind a figure than so many, or `_BEHIND`."""
    named = max(limit, _BEHIND)
    return part._replace(risks=[risk._replace(heads=risk.heads[:named]) for risk in part.risks])


def _last_forward(facts: JournalGapFacts, deals: Sequence[int]) -> dict[int, tuple[str, date]]:
    """The stage that each deal last moved on to, and when; of one that never did, nothing."""
    steps = {deal: [stay for stay in stays if stay.step > 0] for deal, stays in facts.stays(deals).items()}
    return {deal: (on[-1].stage, on[-1].entered_on) for deal, on in steps.items() if on}


def _risks(live: Iterable[DealSummary], signs: Mapping[int, Sequence[Sign]]) -> list[Risk]:
    """Each deal once, under its gravest sign; last those without any."""
    kinds = risks()
    under: defaultdict[str, list[DealSummary]] = defaultdict(list)
    for head in live:
        of_deal = signs.get(head.id, ())
        under[next((s.kind for s in of_deal if s.kind in kinds), "")].append(head)
    for heads in under.values():
        heads.sort(key=lambda head: (-(head.amount or 0), head.id))
    return [Risk(kind, len(under[kind]), _money(under[kind]), under[kind]) for kind in (*kinds, "") if kind in under]


def _money(heads: Iterable[DealSummary]) -> int:
    return sum(head.amount or 0 for head in heads)


def _left_out(kinds: Iterable[GapPage]) -> dict[str, int]:
    """What no kind counts, each reason once: the same deal on hold is left out of several."""
    total: dict[str, Any] = {}
    for page in kinds:
        for reason, n in page.left_out.items():
            total[reason] = max(total.get(reason, 0), n)
    return total
