"""What stands beneath the landing's table: the shares, the bridge, what must still be sold, the record."""

from nippo_cli.base.dates import month_name, month_number, month_start
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.landing.bridge import Bridge, BridgePart
from nippo_cli.landing.eves import YEAR, EveRecord
from nippo_cli.landing.record import LEAST_MONTHS
from nippo_cli.landing.shares import LEAST
from nippo_cli.landing.table import RankCell
from nippo_cli.render.draw import Block, Cell, Column, Heading, Prose, Span, Table
from nippo_cli.render.parts import AmountUnit, words
from nippo_cli.results.landing import LandingPage
from nippo_cli.schema.schema import Schema

# What parts the parts of a line.
BETWEEN = "  "
# So many changes of a bridge that move nothing are named.
_STILL = 6


def rank_label(cell: RankCell, schema: Schema) -> str:
    """A rank and what part of its money is reckoned with: by the record of n, or as the schema states."""
    label = schema.rank_label(cell.rank) if cell.rank else t("landing.no_rank")
    share = cell.share
    if share.value is None:
        return t("landing.rank_none", rank=label)
    # What a schema states is seldom more than a whole number.
    is_whole = share.source == "schema" and round(share.value * 100, 6).is_integer()
    said = f"{share.value:.0%}" if is_whole else words.percent(share.value)
    return t(f"landing.rank_{share.source}", rank=label, share=said, n=f"{share.n:,}")


def notes(result: LandingPage, unit: AmountUnit) -> list[Block]:
    """How the lines are reckoned."""
    said = [t("landing.won_at_all")]
    won_in_month = result.won_in_month
    if won_in_month is not None:
        said.append(_won_in_month(won_in_month))
    if any(cell.share.source == "none" and cell.pile.deals for cell in result.table.total.by_rank):
        said.append(t("landing.not_reckoned"))
    if all(one.target.amount is None for one in result.table.months) and not result.filtered:
        said.append(t("landing.no_target", month=month_name(result.table.months[0].month or 0)))
    if result.backlog is None and result.basis == "sale":
        said.append(t("landing.no_ledger"))
    if result.backlog:
        said.append(backlog_line(result, unit))
    if result.advances:
        said.append(t("landing.advances", amount=unit.show(result.advances), unit=unit.name))
    return [Prose(Span(line, "dim")) for line in said]


def _won_in_month(of: EveRecord) -> str:
    if of.share is None:
        return words.counted("landing.too_few_eves", of.promised, least=LEAST)
    deals = words.counted("landing.deals", of.promised)
    return t("landing.won_in_month", share=words.percent(of.share), deals=deals)


def month_near(month: int, result: LandingPage) -> str:
    """A month, with its year where it lies a year or more from the day."""
    first = month_start(month)
    return words.month(first.month) if abs(month - month_number(result.as_of)) < YEAR else words.year_month(first)


def backlog_line(result: LandingPage, unit: AmountUnit) -> str:
    """What is won and not yet invoiced, by the month of its acceptance."""
    sums: dict[str, int] = {}
    for one in sorted(result.backlog or (), key=lambda b: (b.month is None, b.month or 0)):
        if one.accepts_last is None:
            when = t("landing.accepts_undated")
        elif one.accepts_last < result.as_of:
            when = t("landing.accepts_overdue")
        else:
            when = month_near(one.month or 0, result)
        sums[when] = sums.get(when, 0) + one.remaining
    parts = [f"{when} {unit.show(amount)}" for when, amount in sums.items()]
    return t("landing.backlog_line", total=unit.show(sum(sums.values())), parts=BETWEEN.join(parts))


def bridge(result: LandingPage, unit: AmountUnit) -> list[Block]:
    """From the earlier sum to this one, deal by deal; then what moved nothing."""
    crossed = result.bridge
    if crossed is None:
        return []
    title = t("landing.bridge", day=words.day(crossed.since, result.as_of))
    moving = [part for part in crossed.parts if part.amount]
    still = [part for part in crossed.parts if not part.amount]
    columns = [
        Column("change", t("landing.head_change")),
        Column("deal", t("show.head.deal"), flex=True),
        Column("what", t("landing.head_what"), flex=True),
        Column("amount", t("landing.head_amount"), right=True),
    ]
    rows: list[list[Cell]] = [
        [t("landing.before", day=words.day(crossed.since, result.as_of)), "", "", unit.show(crossed.before)]
    ]
    rows += [
        [
            change_of(part),
            deal_of(part, result),
            _what(part, result, unit),
            unit.show(part.amount, signed=True),
        ]
        for part in moving
    ]
    rows.append([Span(t("landing.after"), "strong"), "", "", Span(unit.show(crossed.after), "strong")])
    blocks: list[Block] = [
        Heading(title, finding_of(crossed, result)),
        Prose(Span(_crossed_sums(result), "dim")),
        Table(columns, rows),
    ]
    if still:
        blocks.append(Prose(Span(t("landing.still"), "strong")))
        blocks += [Prose(_still(part, result, unit), indent=2) for part in still[:_STILL]]
        more = len(still) - _STILL
        if more > 0:
            blocks.append(Prose(words.counted("landing.still_more", more), indent=2))
    return blocks


def short_bridge(result: LandingPage, unit: AmountUnit, *, most: int, finding: bool) -> list[Block]:
    """The same in few rows, in the same order: the `most` parts that moved it furthest, and the others together; the `finding` where no
    picture has it."""
    crossed = result.bridge
    if crossed is None:
        return []
    moving = [part for part in crossed.parts if part.amount]
    furthest = sorted(moving, key=lambda part: -abs(part.amount))[:most]
    first, others = ([part for part in moving if (part in furthest) is is_first] for is_first in (True, False))
    columns = [
        Column("deal", t("show.head.deal"), flex=True),
        Column("change", t("landing.head_change")),
        Column("what", t("landing.head_what"), flex=True),
        Column("amount", t("landing.head_amount"), right=True),
    ]
    rows: list[list[Cell]] = [
        [t("landing.before", day=words.day(crossed.since, result.as_of)), "", "", unit.show(crossed.before)]
    ]
    rows += [
        [deal_of(part, result), change_of(part), _what(part, result, unit), unit.show(part.amount, signed=True)]
        for part in first
    ]
    if others:
        rest = sum(part.amount for part in others)
        rows.append([words.counted("landing.other_parts", len(others)), "", "", unit.show(rest, signed=True)])
    rows.append([Span(t("landing.after"), "strong"), "", "", Span(unit.show(crossed.after), "strong")])
    title = t("landing.bridge", day=words.day(crossed.since, result.as_of))
    # Page one is one sheet of paper: where the heading has room, it says what the sums are of.
    head = [Heading(title, finding_of(crossed, result)), Prose(Span(_crossed_sums(result), "dim"))]
    return [*(head if finding else [Heading(title, _crossed_sums(result))]), Table(columns, rows)]


def _crossed_sums(result: LandingPage) -> str:
    """What the bridge's two sums are of: no line of the table above it says as much."""
    return t("landing.bridge_of_order" if result.basis == "order" else "landing.bridge_of_sale")


def _still(part: BridgePart, result: LandingPage, unit: AmountUnit) -> str:
    return t(
        "landing.still_part", change=change_of(part), deal=deal_of(part, result), what=_what(part, result, unit)
    ).rstrip()


def change_of(part: BridgePart) -> str:
    """What happened, in a word. A date that left its month has slipped (期ズレ) or was pulled in."""
    before, after = part.before, part.after
    if part.change in ("moved", "moved_in", "moved_out") and isinstance(before, int) and isinstance(after, int):
        return t("landing.change_slipped" if after > before else "landing.change_pulled")
    return t(f"landing.change_{part.change}")


def finding_of(crossed: Bridge, result: LandingPage) -> str:
    """What one deal makes of the fall or the rise, where it makes half of it or more."""
    difference = crossed.after - crossed.before
    same = [part for part in crossed.parts if part.amount * difference > 0]
    if not difference or not same:
        return ""
    all_of_it = sum(part.amount for part in same)
    most = max(same, key=lambda part: abs(part.amount))
    share = most.amount / all_of_it
    if share < 1 / 2 or len(same) == 1 or most.deal is None:
        return ""
    key = "landing.fall_is_one" if difference < 0 else "landing.rise_is_one"
    return t(key, share=f"{share:.0%}", deal=deal_of(most, result))


def deal_of(part: BridgePart, result: LandingPage) -> str:
    """A part's deal by its id and its name; its id alone where it is no more, or goes by another's name."""
    if part.deal is None:
        return t("landing.of_no_deal")
    head = result.heads.get(part.deal)
    if head is None or head.id != part.deal:
        # Taken back, or merged into another, which goes by its own name.
        return f"#{show_id(part.deal)}"
    return f"{show_id(part.deal)} {head.name}"


def _what(part: BridgePart, result: LandingPage, unit: AmountUnit) -> str:
    """From what to what, and why where that was said."""
    moved, why = _moved(part, result, unit), _why(part, result)
    if moved and why:
        return t("landing.because", moved=moved, reason=why)
    return moved or why


def _moved(part: BridgePart, result: LandingPage, unit: AmountUnit) -> str:
    """From what to what a part of the bridge changed, in words."""
    if part.change in ("filled", "amount"):
        return t("landing.from_to", before=_amount_of(part.before, unit), after=_amount_of(part.after, unit))
    if part.change == "rank":
        return t("landing.from_to", before=_rank_of(part.before, result), after=_rank_of(part.after, result))
    if part.change in ("moved", "moved_in", "moved_out", "overdue"):
        return t("landing.from_to", before=_when(part.before, result), after=_when(part.after, result))
    if part.change == "withdrawn" and isinstance(part.after, int):
        return t("landing.merged_into", id=show_id(part.after))
    if part.change == "won" and isinstance(part.after, int):
        return _when(part.after, result)
    return ""


def _why(part: BridgePart, result: LandingPage) -> str:
    """Why a deal moved: the choice that was given, or what was done."""
    reason = result.reasons.get((part.change, part.deal)) if part.deal is not None else None
    if reason is None:
        return ""
    if reason.role == "silence":
        return t("landing.silent", days=words.days(int(reason.key)))
    field = result.schema.by_role.get(reason.role)
    return result.schema.label(field, reason.key) if field is not None else reason.key


def _amount_of(amount: object, unit: AmountUnit) -> str:
    return unit.show(amount) if isinstance(amount, int) else t("landing.unknown")


def _rank_of(rank: object, result: LandingPage) -> str:
    return result.schema.rank_label(str(rank)) if rank else t("landing.no_rank")


def _when(when: object, result: LandingPage) -> str:
    if not isinstance(when, int):
        return t(f"landing.outside_{when}")
    return month_near(when, result)


def need(result: LandingPage, unit: AmountUnit) -> list[Block]:
    """What must still be sold in the half or the year, and what that takes."""
    of = result.need
    if of is None:
        return []
    span = t("landing.year" if result.span == "fiscal_year" else "landing.half")
    line = t(
        "landing.need",
        span=span,
        months=of.months,
        target=unit.show(of.target),
        done=unit.show(of.done),
        remaining=unit.show(of.remaining),
    )
    if of.pipeline is not None:
        takes, share = unit.show(of.pipeline), words.percent(of.share)
        line += t("landing.need_pipeline", share=share, n=f"{of.ended:,}", pipeline=takes, live=unit.show(of.live))
    else:
        line += t("landing.need_live", live=unit.show(of.live), n=f"{of.ended:,}", least=LEAST)
    return [Heading(t("landing.need_title")), Prose(line)]


def record(result: LandingPage, unit: AmountUnit) -> list[Block]:
    """How often each line was right at past months' ends."""
    of = result.record
    if of is None:
        return []
    title = t("landing.record")
    if len(of.months) < LEAST_MONTHS or not of.scores:
        enough = words.year_month(month_start(of.enough_in))
        few = words.counted("landing.record_few", len(of.months), least=LEAST_MONTHS, month=enough)
        return [Heading(title), Prose(few + _range(result, unit))]
    columns = [
        Column("line", ""),
        Column("n", "n", right=True),
        Column("error", t("landing.error"), right=True),
        Column("bias", t("landing.bias"), right=True),
    ]
    rows: list[list[Cell]] = [
        [
            Span(t(f"landing.line_{score.line}"), "strong" if score.line == of.best else "plain"),
            f"{score.n:,}",
            unit.show(score.error),
            unit.show(score.bias, signed=True),
        ]
        for score in of.scores
    ]
    # A line that could be told of fewer months is not compared, however near it was.
    most = max(score.n for score in of.scores)
    key = "landing.best_of" if any(score.n < most for score in of.scores) else "landing.best"
    best = t(key, line=t(f"landing.line_{of.best}"), n=most) if of.best else ""
    return [
        Heading(title, t(f"landing.record_note_{result.basis}")),
        Table(columns, rows),
        Prose(best + _range(result, unit)),
    ]


def _range(result: LandingPage, unit: AmountUnit) -> str:
    """The least and most that came in one of the last twelve months."""
    of = result.record
    if of is None or of.low is None:
        return ""
    months = min(len(of.months), YEAR)
    if months == 1:
        return t(f"landing.one_{result.basis}", amount=unit.show(of.low))
    return t(f"landing.range_{result.basis}", low=unit.show(of.low), high=unit.show(of.high), n=months)
