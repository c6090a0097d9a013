"""`nippo gap`: the page for Monday. What went well comes first, then money at risk, then the deals to talk about."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.gaps import KINDS
from nippo_cli.landing.shares import firm_ranks
from nippo_cli.render.draw import Block, Cell, Column, Heading, Page, Prose, Renderer, Run, Span, Table
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.gaps import page as gap, risks
from nippo_cli.render.gaps.signs import sign_words
from nippo_cli.render.lessons import cases as lessons_cases
from nippo_cli.render.parts import DealLists, by_deal, left_out, named, no_deals, shapes, unit_of, words
from nippo_cli.results.gap import (
    GapPage,
    Good,
    GoodNews,
    PagePart,
    Talk,
    WholePage,
)

if TYPE_CHECKING:
    from nippo_cli.landing.table import MonthLanding
    from nippo_cli.render.draw import Screen


def page(result: WholePage, screen: "Screen") -> Page:
    """The whole page; where an owner's deals are each a part, the kinds are left to `nippo gap KIND`."""
    title = t("show.gap.title")
    note = t("show.gap.note", as_of=words.day(result.as_of), since=words.day(result.since, result.as_of))
    blocks: list[Block] = [*_landing(result), *_good(result, screen), *findings(result, screen)]
    blocks += [*_case(result), Prose(""), Prose(Span(t("show.gap.open_hint"), "dim"))]
    return Page([*blocks, *left_out(result.left_out, result.left_out_behind, result.as_of)], title, note)


def findings(result: WholePage, screen: "Screen", *, talk: bool = True) -> list[Block]:
    """Where the live money is at risk, the deals to `talk` about, and every kind."""
    blocks: list[Block] = []
    if not any(part.deals for part in result.parts):
        blocks += [Heading(t("show.gap.live")), *no_deals(filtered=result.filtered)]
    for part in result.parts:
        if part.deals:
            blocks += _part(part if talk else part._replace(talk=()), result, screen)
    if not result.by_owner:
        sections = [(kind, _kind(kind, screen)) for kind in result.kinds]
        blocks += [block for _, section in sections for block in section]
        others = _rest([kind for kind, section in sections if not section], live=any(p.deals for p in result.parts))
        # A table is followed by a blank row of its own, a heading stands behind one.
        close = others and not isinstance(blocks[-1], Table) and not isinstance(others[0], Heading)
        blocks += [*([Prose("")] if close else []), *others]
    return blocks


def to_json(result: WholePage) -> dict[str, object]:
    """Every finding of every kind, and what the page says above them."""
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.since.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "norms": [shapes.norm(norm) for norm in result.norms],
        "basis": result.basis,
        "landing": [_month_json(one) for one in result.landing.months] if result.landing else [],
        "good": _good_json(result.good),
        "parts": [_part_json(part) for part in result.parts],
        "kinds": {kind.kind: {"total": kind.total, **gap.counted(kind)} for kind in result.kinds},
        "case": lessons_cases.case_json(result.case) if result.case else None,
        "findings": [gap.finding(row, kind) for kind in result.kinds for row in kind.rows],
        "left_out": dict(result.left_out),
    }


def _month_json(one: "MonthLanding") -> dict[str, object]:
    return {
        "month": month_name(one.month or 0),
        "target": one.target.amount,
        "ordered": one.done.amount,
        "firm": one.firm,
        "by_record": one.by_record,
        "gap": one.gap,
    }


def columns(result: WholePage) -> tuple[str, ...]:
    """The CSV heads: those of every kind."""
    return tuple(dict.fromkeys(head for kind in result.kinds for head in gap.columns(kind)))


def _landing(result: WholePage) -> list[Block]:
    """Where the months will land, in four rows; two where there is no target."""
    if result.landing is None:
        return []
    table, schema = result.landing, result.schema
    months = [*table.months, table.total]
    unit = unit_of(0, schema.currency, max(abs(one.by_record) for one in months))
    rows: list[list[Cell]] = []
    if table.total.target.amount is not None:
        rows.append([t("landing.target_team"), *(unit.show(one.target.amount) for one in months)])
    firm = t("landing.and").join(rank.label for rank in schema.ranks if rank.key in firm_ranks(schema))
    label = t(f"landing.firm_{result.basis}", ranks=firm) if firm else t(f"landing.firm_done_{result.basis}")
    lists = DealLists("firm", schema.currency, opens=result.opens)
    rows.append([label, *(_firm(one, unit.show(one.firm), label, result, lists) for one in months)])
    rows.append([Span(t("landing.by_record"), "strong"), *(Span(unit.show(one.by_record), "strong") for one in months)])
    if table.total.gap is not None:
        rows.append([t("landing.gap"), *(_against(unit.show(one.gap, signed=True), one.gap) for one in months)])
    heads = [t("landing.total") if one.month is None else words.month(month_start(one.month).month) for one in months]
    columns = [Column("line", ""), *(Column(head, head, right=True) for head in heads)]
    basis = t("landing.without_tax", basis=t(f"landing.basis_{result.basis}"))
    note = t("landing.see", basis=basis, unit=unit.name)
    return [Heading(t("landing.title"), note), Table(columns, rows, stacks=True), *lists.blocks()]


def _firm(of: "MonthLanding", said: str, label: str, result: WholePage, lists: DealLists) -> Cell:
    """What is firm in a month, which leads to its deals where figures open."""
    if not result.opens:
        return said
    firm = firm_ranks(result.schema)
    piles = [of.done, of.backlog, *(cell.pile for cell in of.by_rank if cell.rank in firm)]
    behind = result.kinds[0].behind
    heads = {head.id: head for head in (*behind.live, *behind.closed)} if behind is not None else {}
    month = t("landing.total") if of.month is None else words.month(month_start(of.month).month)
    title = t("landing.of_line", month=month, line=label)
    return lists.piled(said, title, by_deal(piles), heads)


def _against(shown: str, gap_amount: int | None) -> Cell:
    return Span(shown, "warn") if gap_amount is not None and gap_amount < 0 else shown


def _case(result: WholePage) -> list[Block]:
    """One finished deal to learn from."""
    if result.case is None:
        return []
    heading = Heading(t("gap.case"), t("gap.case_see", id=show_id(result.case.deal)))
    return [heading, Prose(lessons_cases.in_one_line(result.case, result.schema), indent=2)]


def _good(result: WholePage, screen: "Screen") -> list[Block]:
    """Orders and moves forward."""
    good, schema = result.good, result.schema
    blocks: list[Block] = [Heading(t("show.gap.good"), words.between(result.since, result.as_of))]
    if not (good.orders_total or good.forward or good.early_notices):
        return [*blocks, Prose(t("show.gap.good_none"), indent=2)]
    lists = DealLists("good", schema.currency, opens=bool(good.behind or good.moves or good.notices))
    if good.orders_total:
        amount = f" {words.money(good.orders_amount, schema.currency)}" if good.orders_amount else ""
        orders = Span(words.counted("show.gap.orders", good.orders_total, amount=amount), "good")
        blocks.append(Prose((lists.figure(orders, t("show.outcome.won"), good.behind),), indent=2))
        for head in good.orders:
            parts = [named(head), head.customer, words.money(head.amount, schema.currency)]
            blocks.append(
                Prose(
                    t("show.dot").join(p for p in parts if p), indent=4, mark=f"  {glyphs(ascii_only=screen.ascii).won}"
                )
            )
        if (more := good.orders_total - len(good.orders)) > 0:
            said = t("show.gap.orders_more", more=words.counted("show.more", more))
            blocks.append(Prose(Span(said, "dim"), indent=4))
    if good.early_notices:
        early = Span(words.counted("show.gap.early", good.early_notices), "good")
        heads, days = [one.head for one in good.notices], [_noticed(one, result) for one in good.notices]
        blocks.append(Prose((lists.figure(early, t("show.gap.notices"), heads, what=days),), indent=2))
    if good.forward:
        blocks.append(Prose(_moves(good, lists, result), indent=2))
    return [*blocks, *lists.blocks()]


def _noticed(one: GoodNews, result: WholePage) -> str:
    entry = f"  #{show_id(one.entry)}" if one.entry is not None else ""
    return f"{words.day(one.on, result.as_of)}{entry}"


def _moves(good: Good, lists: DealLists, result: WholePage) -> Run:
    """How often deals moved on, and to which stage; each count leads to the moves."""
    schema = result.schema

    def counted(said: str, title: str, n: int, moves: Sequence[GoodNews]) -> Cell:
        days = [f"{words.day(one.on, result.as_of)}  {schema.stage_label(one.stage)}" for one in moves]
        return lists.figure(said, title, [one.head for one in moves], n=n, what=days)

    every = sum(good.forward.values())
    stages: list[Cell] = []
    for stage, n in good.forward.items():
        label, to_it = schema.stage_label(stage), [one for one in good.moves if one.stage == stage]
        stages += [t("show.dot")] if stages else []
        stages.append(counted(f"{label} {n:,}", t("show.gap.moves_to", stage=label), n, to_it))
    before, _, after = t("show.gap.forward_to", stages="\n").partition("\n")
    count = words.counted("show.gap.forward", every)
    return counted(count, t("show.gap.moves"), every, good.moves), before, *stages, after


def _part(part: PagePart, result: WholePage, screen: "Screen") -> list[Block]:
    """Where the money is at risk, and the deals to talk about."""
    currency = result.schema.currency
    count = words.counted("show.deals.count", part.deals)
    title = t("show.gap.of_owner", owner=part.owner) if result.by_owner else t("show.gap.live")
    lists = DealLists(_anchor(part), currency, opens=result.opens)
    live = [head for risk in part.risks for head in risk.heads]
    link = lists.link(t("show.gap.live_deals"), live, n=part.deals, anchor="" if result.by_owner else "live")
    blocks: list[Block] = [Heading(title, f"{count} {words.money(part.amount, currency)}", link=link)]
    blocks += risks.table(part, result.schema, screen)
    if any(risk.kind for risk in part.risks) and not result.by_owner:
        blocks.append(Prose(Span(t("show.gap.once"), "dim")))
    if part.talk:
        shown = words.counted("show.gap.talk_note", len(part.talk), of=f"{part.talk_total:,}")
        asked = [head for risk in part.risks if risk.kind for head in risk.heads]
        link = lists.link(t("show.gap.talk"), asked, n=part.talk_total)
        blocks.append(Heading(t("show.gap.talk"), shown, link=link))
        for talk in part.talk:
            blocks += _talk(talk, result)
    return [*blocks, *lists.blocks()]


def _anchor(part: PagePart) -> str:
    # An owner's name is no part of an anchor; their first deal's number is one of their own.
    return f"talk-{show_id(part.talk[0].head.id)}" if part.owner and part.talk else "talk"


def _talk(talk: Talk, result: WholePage) -> list[Block]:
    """A deal in three rows: which, its signs, the question."""
    head, schema = talk.head, result.schema
    whose = t("show.dot").join(part for part in (head.customer, head.owner) if part)
    first: Run = (
        Span(head.name, "strong"),
        f"  {whose}  " if whose else "  ",
        words.money(head.amount, schema.currency),
    )
    signs = [
        (t("show.gap.new_sign") if sign.finding.new else "") + sign_words(sign, head, schema) for sign in talk.signs
    ]
    question = t(gap.renderer_of(talk.signs[0].kind).ask)
    return [
        Prose(first, indent=_INDENT, mark=show_id(head.id)),
        Prose((Span(t("show.dot").join(signs), "warn"),), indent=_INDENT),
        *_went_well(talk, result),
        Prose((Span(question, "dim"),), indent=_INDENT),
    ]


def _went_well(talk: Talk, result: WholePage) -> list[Block]:
    """What went well on the deal, where the record shows it."""
    if talk.forward is None:
        return []
    stage, on = talk.forward
    said = t("show.gap.went_well", day=words.day(on, result.as_of), stage=result.schema.stage_label(stage))
    return [Prose((Span(said, "good"),), indent=_INDENT)]


_INDENT = 8


def _kind(kind: GapPage, screen: "Screen") -> list[Block]:
    """A kind's section: its own summary and rows, without what its full page explains; none where it has nothing to tell."""
    renderer = gap.renderer_of(kind.kind)
    if not kind.total and (kind.figures is None or renderer.lacking(kind)):
        return []
    drawn = (renderer.brief or renderer.blocks)(kind, screen)
    # Of live deals at risk each has its question where they are talked about.
    if drawn and renderer.asks(kind) and renderer.brief is not None and not KINDS[kind.kind].risk:
        drawn = [*drawn, Prose(Span(t(renderer.ask), "dim"))]
    return [Heading(gap.title(kind.kind), t("show.gap.see_kind", kind=kind.kind)), *drawn] if drawn else []


def _rest(kinds: Sequence[GapPage], *, live: bool) -> list[Block]:
    """The kinds without a section, so that none is missing without a word: which found nothing, in one row; then what is
    missing for the others, and when they will be useful. `live` says whether there are live deals."""
    # What puts live money at risk is asked of live deals: where there are none, the page has said so already.
    asked = [kind for kind in kinds if live or not KINDS[kind.kind].risk]
    missing = {kind.kind: said for kind in asked if (said := gap.renderer_of(kind.kind).lacking(kind))}
    clear = [gap.title(kind.kind) for kind in asked if kind.kind not in missing]
    blocks: list[Block] = []
    if clear:
        said = t("show.gap.rest_row", title=t("show.gap.rest_clear"), said=t("show.comma").join(clear))
        blocks.append(Prose(Span(said, "good")))
    # Of a part of the deals it is said by `nippo gap KIND`: more of them may be there.
    if missing and not any(kind.filtered for kind in kinds):
        blocks.append(Heading(t("show.gap.rest")))
        blocks += [
            Prose(t("show.gap.rest_row", title=gap.title(kind), said=said), indent=2, mark="-")
            for kind, said in missing.items()
        ]
    return blocks


def _good_json(good: Good) -> dict[str, object]:
    return {
        "orders": good.orders_total,
        "orders_amount": good.orders_amount,
        "largest": [{**shapes.deal(head), "amount": head.amount} for head in good.orders],
        "forward": dict(good.forward),
        "early_notices": good.early_notices,
    }


def _part_json(part: PagePart) -> dict[str, object]:
    """A part as data: its money, its risks, and the deals to talk about."""
    return {
        "owner": part.owner or None,
        "live": part.deals,
        "live_amount": part.amount,
        "risks": [{"kind": risk.kind or None, "deals": risk.deals, "amount": risk.amount} for risk in part.risks],
        "talk_total": part.talk_total,
        "talk": [
            {
                "deal": shapes.deal(talk.head),
                "amount": talk.head.amount,
                "silence_days": talk.silence_days,
                "silence_at_least": talk.head.silence_at_least,
                "forward": {"stage": talk.forward[0], "on": talk.forward[1].isoformat()} if talk.forward else None,
                "signs": [{"kind": s.kind, "began_on": s.finding.began_on.isoformat(), "new": s.finding.new,
                           "measure": s.finding.measure} for s in talk.signs],
            }
            for talk in part.talk
        ],
    }  # fmt: skip


RENDERER = Renderer(
    WholePage, page=page, to_json=to_json, rows="findings", columns=columns,
    money=("months.sales", "targets.promised", "cohorts.sales", "landing.gap"),
    cells={"kind": "choice.gap."},
)  # fmt: skip
