"""Page one of the report: half an hour's meeting in the order in which it is held."""

from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_start
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.deal import page as deal_page
from nippo_cli.render.draw import Block, Cell, Heading, Prose, Run, Span
from nippo_cli.render.gaps import page as gap
from nippo_cli.render.gaps.revisit import calls_due
from nippo_cli.render.gaps.signs import sign_words
from nippo_cli.render.landing import beneath, page as landing_page, waterfall
from nippo_cli.render.landing.months import MonthTables
from nippo_cli.render.parts import (
    DealLists,
    ball_held,
    ball_label,
    field_words,
    lesson_row,
    named,
    remark_lines,
    words,
)
from nippo_cli.render.parts.units import AmountUnit
from nippo_cli.results.monday import Forward, MondayReport

if TYPE_CHECKING:
    from nippo_cli.gaps.next import NoNext
    from nippo_cli.render.draw import Screen
    from nippo_cli.results.deals import DealPage
    from nippo_cli.results.gap import GapRow, Talk
    from nippo_cli.results.landing import LandingPage
    from nippo_cli.results.remarks import Comment

_INDENT = 8
_MAN = 10_000
# So many parts of the bridge stand in a row of their own, so many decisions and deals that moved on are named.
_PARTS, _DECISIONS, _MOVES, _CALLS = 4, 5, 3, 3


def blocks(result: MondayReport, screen: "Screen") -> list[Block]:
    """The landing and its bridge; what was decided; three deals; what went well; one failure; the seeds of what comes."""
    lists = DealLists("front", result.schema.currency, opens=result.whole.opens)
    return [
        *_landing(result, screen),
        *_decided(result),
        *_talks(result, lists),
        *_good(result, lists),
        *_failure(result),
        *_seeds(result, lists),
        *lists.blocks(),
    ]


def _landing(result: MondayReport, screen: "Screen") -> list[Block]:
    """The landing on page one: its finding, the table by month, the deals behind and the pictures."""
    landing = result.landing
    unit = landing_page.unit_of_page(landing)
    tables = MonthTables(landing, unit, screen, lists=result.names is None)
    shown: list[Block] = [Prose(Span(_finding(landing, unit), "strong")), tables.short(), *tables.blocks()]
    if screen.opens:
        shown += landing_page.deals_of_months(landing)
    if landing.backlog:
        shown.append(Prose(Span(beneath.backlog_line(landing, unit), "dim")))
    pictures = waterfall.pictures(landing, unit) if screen.opens else []
    bridge = beneath.short_bridge(landing, unit, most=_PARTS, finding=not pictures)
    return [*shown, *bridge[:-1], *pictures, *bridge[-1:]]


def _finding(landing: "LandingPage", unit: AmountUnit) -> str:
    """What the months come to, and against their target which of them fall short."""
    table = landing.table
    first, last = (words.month(month_start(one.month or 0).month) for one in (table.months[0], table.months[-1]))
    sums = {"first": first, "last": last, "amount": unit.show(table.total.by_record), "unit": unit.name}
    # The total's is that of the months with a target alone, which says nothing of what all of them come to.
    gap = table.total.gap if all(one.gap is not None for one in table.months) else None
    if gap is None:
        said = t("report.finding", **sums)
    else:
        said = t("report.finding_short" if gap < 0 else "report.finding_reached", **sums, gap=unit.show(abs(gap)))
    short = [one for one in table.months if one.gap is not None and one.gap < 0]
    if not short or len(short) == len(table.months):
        return said
    months = t("show.comma").join(
        t(
            "report.finding_month",
            month=words.month(month_start(one.month or 0).month),
            gap=unit.show(-(one.gap or 0)),
            unit=unit.name,
        )
        for one in short
    )
    return t("report.finding_months", said=said, months=months)


def _decided(result: MondayReport) -> list[Block]:
    """Each decision, whose it is and by when; then what the diary says since."""
    rows: list[Block] = [Heading(t("report.decided"))]
    every = [(deal, one) for deal, comments in result.decided.items() for one in comments]
    for deal, one in every[:_DECISIONS]:
        page = result.pages.get(deal)
        name = Span(page.line.head.name, "strong") if page is not None else ""
        state = remark_lines.state_of(one, result.as_of)
        said = (name, "  ", one.text, Span(f" {state}", "warn" if one.open else "good"))
        text: Run = (*said, *remark_lines.came_of(one))
        rows.append(Prose(text, indent=_INDENT, mark=show_id(deal)))
        if page is not None:
            rows.append(Prose(_since(one, page, result), indent=_INDENT))
    if len(every) > _DECISIONS:
        rows.append(Prose(Span(words.counted("show.more", len(every) - _DECISIONS), "dim"), indent=_INDENT))
    if not every:
        rows.append(Prose(Span(t("report.none_decided"), "dim"), indent=_INDENT))
    return rows


def _since(one: "Comment", page: "DealPage", result: MondayReport) -> Run:
    """What came of a decision: the last entry after it, who has to move, the next date."""
    later = [entry for entry in page.points if one.on < entry.on <= result.as_of]
    if not later and not one.open:
        return _ball_and_next(page, result, before="")
    if not later:
        return (t("report.nothing_since"), *_ball_and_next(page, result, before=t("show.dot")))
    last = later[-1]
    done = t("report.since", day=words.day(last.on, result.as_of), activity=field_words(last, "activity"))
    return (done, *_ball_and_next(page, result, before=t("show.dot")))


def _ball_and_next(page: "DealPage", result: MondayReport, *, before: str = "", late: "NoNext | None" = None) -> Run:
    """`ボール 顧客の窓口（11/20から9日）  次 12/7 稟議の資料`; what is `late` of the next step with it."""
    split, head = deal_page.split_of(page), page.line.head
    parts: list[str] = []
    if split is not None:
        parts.append(f"{ball_label(result.schema)} {ball_held(split, result.schema, result.as_of)}")
    if head.next_step or head.next_on is not None:
        when = words.when(head.next_on, result.as_of) if head.next_on is not None else ""
        said = t("report.next", when=when, step=head.next_step).rstrip()
    else:
        said = t("report.no_next")
    if late is None:
        return (before, "  ".join([*parts, said]))
    if late.overdue_days:
        said += t("report.overdue", days=words.days_short(late.overdue_days))
    return (before, "  ".join([*parts, ""]), Span(said, "warn"))


def _talks(result: MondayReport, lists: DealLists) -> list[Block]:
    if not result.talk:
        return [Heading(t("report.talk")), Prose(Span(t("report.none_to_talk"), "good"), indent=_INDENT)]
    total = sum(part.talk_total for part in result.whole.parts)
    asked = [head for part in result.whole.parts for risk in part.risks if risk.kind for head in risk.heads]
    link = lists.link(t("show.gap.talk"), asked, n=total)
    rows: list[Block] = [Heading(t("report.talk"), words.counted("report.talk_of", total), link=link)]
    for talk in result.talk:
        rows += _talk(talk, result)
    return rows


def _talk(talk: "Talk", result: MondayReport) -> list[Block]:
    """Which deal, why; who holds the ball, the next date; one question."""
    head, schema = talk.head, result.schema
    whose = t("show.dot").join(part for part in (head.customer, head.owner) if part)
    page, money = result.pages.get(head.id), _amount(head.amount, result)
    # Where the line below says what comes next, that nothing does, or that it is late, is said there alone.
    late = next((sign.finding for sign in talk.signs if sign.kind == "next"), None) if page is not None else None
    signs = [sign_words(sign, head, schema) for sign in talk.signs if late is None or sign.kind != "next"]
    rows: list[Block] = [
        Prose((Span(head.name, "strong"), f"  {whose}  {money}"), indent=_INDENT, mark=show_id(head.id))
    ]
    if signs:
        rows.append(Prose(Span(t("show.dot").join(signs), "warn"), indent=_INDENT))
    if page is not None:
        rows.append(Prose(_ball_and_next(page, result, late=late), indent=_INDENT))
    question = t(gap.renderer_of(talk.signs[0].kind).ask)
    rows.append(Prose((Span(t("report.question"), "strong"), question), indent=_INDENT))
    return rows


def _amount(amount: int | None, result: MondayReport) -> str:
    """An amount beside sums in 万円: in 万円, too, where nothing of it is lost; else whole."""
    currency = result.schema.currency
    unit = landing_page.unit_of_page(result.landing)
    if amount is None or unit.size != _MAN * 10**currency.digits or amount % unit.size:
        return words.money(amount, currency)
    return t("report.amount", amount=unit.show(amount), unit=unit.name)


def _good(result: MondayReport, lists: DealLists) -> list[Block]:
    """Orders since the last meeting, and the deals that moved on, after the longest wait first."""
    rows: list[Block] = [Heading(t("report.good"), t("report.good_since", day=words.day(result.since, result.as_of)))]
    for head in result.orders[:_MOVES]:
        text: Run = (
            Span(head.name, "strong"),
            f"  {t('report.order', amount=_amount(head.amount, result), owner=head.owner)}",
        )
        rows.append(Prose(text, indent=_INDENT, mark=show_id(head.id)))
    rows += [Prose(_moved(one, result), indent=_INDENT, mark=show_id(one.head.id)) for one in result.forward[:_MOVES]]
    more = max(0, len(result.orders) - _MOVES) + max(0, len(result.forward) - _MOVES)
    if more:
        others = [*result.orders[_MOVES:], *(one.head for one in result.forward[_MOVES:])]
        said = lists.figure(Span(words.counted("report.more_moved", more), "dim"), t("report.good"), others)
        rows.append(Prose(said, indent=_INDENT))
    if not result.orders and not result.forward:
        rows.append(Prose(Span(t("report.none_good"), "dim"), indent=_INDENT))
    else:
        rows.append(Prose((Span(t("report.question"), "strong"), t("report.what_worked")), indent=_INDENT))
    return rows


def _moved(one: Forward, result: MondayReport) -> Run:
    stage, day = result.schema.stage_label(one.stage), words.day(one.on, result.as_of)
    if one.after_days is None:
        said = t("report.moved_on", stage=stage, day=day, owner=one.head.owner)
    else:
        said = t("report.moved", days=words.days(one.after_days), stage=stage, day=day, owner=one.head.owner)
    return (Span(one.head.name, "strong"), f"  {said}")


def _failure(result: MondayReport) -> list[Block]:
    """A deal that failed, in the words of whoever looked back; the live deal that stands where it did, and a question."""
    failure, schema = result.failure, result.schema
    heading = Heading(t("report.failure"))
    if failure is None:
        return [heading, Prose(Span(t("report.none_learned"), "dim"), indent=_INDENT)]
    if failure.repeated is not None:
        loss = failure.repeated.loss
        lost: Run = (
            Span(loss.name, "strong"),
            f"  {lesson_row(failure.repeated, schema, amount=_amount(loss.amount, result))}",
        )
        rows: list[Block] = [heading, Prose(lost, indent=_INDENT, mark=show_id(loss.deal))]
        alike = "report.fits_rival"
    elif failure.case is not None:
        case = failure.case
        where = t("lessons.cases.where", outcome=t(f"show.outcome.{case.fate}"), stage=schema.stage_label(case.stage))
        cause = words.cause_label(case.review.cause, schema) if case.review.cause else t("lessons.unstated_cause")
        what: Run = (Span(case.name, "strong"), f"  {where}  ", Span(cause, "strong"), f"  {case.review.text}")
        rows, alike = [heading, Prose(what, indent=_INDENT, mark=show_id(case.deal))], "report.fits_stage"
    else:
        return []
    if failure.fits is None:
        return [*rows, Prose(Span(t("report.fits_none"), "dim"), indent=_INDENT)]
    fits = failure.fits
    said: Run = (
        t("report.fits"),
        Span(fits.name, "strong"),
        t(alike, stage=schema.stage_label(fits.stage), owner=fits.owner),
    )
    return [*rows, Prose(said, indent=_INDENT, mark=show_id(fits.id))]


def _seeds(result: MondayReport, lists: DealLists) -> list[Block]:
    """Who is to be called again, which old quotes came alive, and which deals name no amount."""
    calls, rows = result.calls, list[Block]([Heading(t("report.seeds"))])
    due = calls_due(calls.counted)
    alive = calls.counted.due - due
    for is_alive, said in (
        (False, words.counted("report.calls", due) if due else ""),
        (True, words.counted("show.revisit.found_alive", alive, amount="") if alive else ""),
    ):
        if said:
            leading = _calls_opened(said, alive if is_alive else due, result, lists, is_alive=is_alive)
            of_it = [row for row in calls.rows if (row.finding.why == "alive") is is_alive]
            text = t("show.comma").join(_call(row, result) for row in of_it[:_CALLS])
            rows.append(Prose((leading, f"  {text}"), indent=_INDENT))
    if result.without_amount_total:
        names = t("show.comma").join(map(named, result.without_amount[:_CALLS]))
        count = words.counted("report.without_amount", result.without_amount_total)
        known = {**result.landing.outside, **result.landing.heads}
        lacking = [known[deal] for deal in sorted(result.landing.table.without_amount.deals) if deal in known]
        opened = lists.figure(Span(count, "strong"), count, lacking, n=result.without_amount_total)
        rows.append(Prose((opened, f"  {names}"), indent=_INDENT))
    return rows if len(rows) > 1 else [*rows, Prose(Span(t("report.none_seeds"), "dim"), indent=_INDENT)]


def _calls_opened(said: str, n: int, result: MondayReport, lists: DealLists, *, is_alive: bool) -> Cell:
    """How many are to be called, which leads to their deals; not where some are customers without one."""
    every = result.calls.behind.findings if result.calls.behind is not None else ()
    heads = [head for one, head in every if (one.why == "alive") is is_alive]
    shown = Span(said, "strong")
    return lists.figure(shown, said, heads) if n == len(heads) else shown


def _call(row: "GapRow", result: MondayReport) -> str:
    who = named(row.about) if row.about is not None else str(row.finding.customer)
    return f"{who} {words.day(row.finding.began_on, result.as_of)}"
