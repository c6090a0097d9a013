"""Bare `nippo`: what is due this morning."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import quoted
from nippo_cli.render.day import comments, reminders, unreviewed
from nippo_cli.render.draw import Block, Cell, Column, Heading, Page, Prose, Renderer, Run, Span, Table
from nippo_cli.render.parts import entry_lines, narrow, remark_lines, shapes, words
from nippo_cli.results.today import DueStep, TodayPage

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.render.draw import Screen

# What comes within a week, a row each.
_WEEK = ("quiet", "closing", "holds")
_WHOLE = "nippo --limit 0"
_INDENT = 2


def page(result: TodayPage, screen: "Screen") -> Page:
    """What waits for an answer, what is due, what comes within a week, what is unfinished; how to begin where there is
    nothing yet."""
    title = t("show.today.title", day=words.day_name(result.as_of))
    shown = shares(result, due_rows=2 if narrow(screen) else 1)
    if result.last_entry_on is None:
        return Page([*_begin(result), *_drafts(result), *_copies(result), *_of_others(result, shown, screen)], title)
    blocks: list[Block] = [
        *_state(result),
        *_month(result),
        *_unwritten(result),
        *_drafts(result),
        *_copies(result),
        *_of_others(result, shown, screen),
    ]
    if result.due:
        due = sorted(result.due, key=lambda one: (not one.is_first, -one.days, one.status.head.id))[: shown["due"]]
        blocks += [_title("due", result), _due(due, result, screen, _hidden("due", result, shown))]
    for name in reminders.SECTIONS:
        blocks += _reminded(name, result, shown[name], screen)
    if result.soon:
        blocks += [_title("soon", result), _soon(result.soon[: shown["soon"]], result, _hidden("soon", result, shown))]
    for name in _WEEK:
        blocks += _week(name, result, shown)
    blocks += _incomplete(result, shown["incomplete"])
    if result.unreviewed is not None:
        some_lost = result.unreviewed._replace(deals=result.unreviewed.deals[: shown["unreviewed"]])
        blocks += unreviewed.blocks(some_lost, result)
        blocks += _more(some_lost.total - len(some_lost.deals), "nippo lessons lost --deals")
    if not any(n for name, n in shown.items() if name != "unreviewed"):
        blocks.append(Prose(Span(t("show.today.clear"), "good")))
    return Page([*blocks, Prose(""), Prose(Span(t("show.today.next"), "dim"))], title)


def _of_others(result: TodayPage, shown: Mapping[str, int], screen: "Screen") -> list[Block]:
    """The comments that wait, and what is new in the team."""
    blocks: list[Block] = []
    if result.comments:
        some = result.comments[: shown["comments"]]
        rows = comments.blocks(some, result.as_of) if some else []
        blocks += [_heading(t("show.comment.title"), len(result.comments)), *rows]
        blocks += _more(len(result.comments) - len(some), "nippo comment")
    if result.team is not None:
        from nippo_cli.render.day import news

        blocks += news.blocks(result.team, shown, result.as_of, screen)
    return blocks


def _all(result: TodayPage) -> str:
    """The command that shows all of the page."""
    return f"{_WHOLE} --owner {quoted(result.owner)}" if result.owner else _WHOLE


def _owners(result: TodayPage) -> bool:
    """Whether owners are told: of a team's page, for one deal may be a colleague's; or where not all deals are of one."""
    steps = (*result.due, *result.soon, *result.quiet, *result.closing, *result.holds)
    return (result.team is not None and not result.owner) or len({one.status.head.owner for one in steps}) > 1


def shares(result: TodayPage, *, due_rows: int = 1) -> dict[str, int]:
    """How many of each section are shown, so that all together take no more than the rows of the page: one of each by turns,
    in the order in which they stand.

    Args:
        due_rows: the rows that a step which is due takes; a comment takes two, a lesson as many as it is cut to, all else one.
    """
    lost = result.unreviewed.deals if result.unreviewed is not None else ()
    sizes = {
        "comments": len(result.comments),
        **_team_sizes(result),
        "due": len(result.due),
        **{name: reminders.count(name, result)[0] for name in reminders.SECTIONS},
        **{name: len(getattr(result, name)) for name in ("soon", *_WEEK)},
        "incomplete": len(result.incomplete),
        "unreviewed": len(lost),
    }
    if not result.rows:
        return sizes
    costs, room = {"comments": 2, "due": due_rows, **reminders.ROWS_TAKEN}, result.rows
    shown = dict.fromkeys(sizes, 0)
    waiting = [name for name, n in sizes.items() if n]
    while waiting:
        for name in list(waiting):
            cost = costs.get(name, 1)
            if shown[name] < sizes[name] and cost <= room:
                shown[name] += 1
                room -= cost
            else:
                waiting.remove(name)
    return shown


def _team_sizes(result: TodayPage) -> dict[str, int]:
    if result.team is None:
        return {}
    from nippo_cli.render.day import news

    return news.sizes(result.team)


def _team_json(result: TodayPage) -> dict[str, object] | None:
    if result.team is None:
        return None
    from nippo_cli.render.day import news

    return news.to_json(result.team)


def to_json(result: TodayPage) -> dict[str, object]:
    """The morning as data; `days` is negative where overdue."""
    return {
        "as_of": result.as_of.isoformat(),
        "owner": result.owner,
        "journal": result.journal,
        "currency": shapes.currency(result.schema.currency),
        "live": result.live,
        "last_entry_on": shapes.day(result.last_entry_on),
        "reported_on": shapes.day(result.reported_on),
        "due": [_step(one) for one in result.due],
        "soon": [_step(one) for one in result.soon],
        "comments": [remark_lines.comment_json(one.comment) for one in result.comments],
        "team": _team_json(result),
        "quiet": [_step(one) for one in result.quiet],
        "closing": [_step(one) for one in result.closing],
        "holds": [_step(one) for one in result.holds],
        **reminders.to_json(result),
        "month": _month_json(result),
        "drafts": list(result.drafts),
        "copies": list(result.copies),
        "unwritten": shapes.day(result.unwritten),
        "unreviewed": unreviewed.to_json(result.unreviewed),
        "norms": [shapes.norm(norm) for norm in result.norms],
        "incomplete_total": result.incomplete_total,
        "incomplete": [shapes.entry(view) for view in result.incomplete],
    }


def _month_json(result: TodayPage) -> dict[str, object] | None:
    of = result.month
    return {"month": month_name(of.month), "ordered": of.ordered, "firm": of.firm} if of is not None else None


def _begin(result: TodayPage) -> list[Block]:
    """Where a journal was begun, its schema was chosen already."""
    ways = ("1", "import", "3") if result.has_journal else ("1", "import", "2", "3")
    lines = [Prose(t(f"show.today.begin_{way}"), indent=2, mark="-") for way in ways]
    return [Prose(t("show.today.empty")), *lines]


def _month(result: TodayPage) -> list[Block]:
    """What this month has, in one line."""
    of = result.month
    if of is None:
        return []
    currency = result.schema.currency
    month = words.month(month_start(of.month).month)
    amounts = {"ordered": words.money(of.ordered, currency), "firm": words.money(of.firm, currency)}
    return [Prose(t("show.today.month", month=month, **amounts))]


def _state(result: TodayPage) -> list[Block]:
    """How many deals are live, which leads to them where figures open, and when it was last written."""
    live = words.counted("show.today.live", result.live)
    said = live if result.reported_on is None else _with_last(live, result.reported_on, result.as_of)
    if not result.live_deals:
        return [Prose(said)]
    from nippo_cli.render.parts import DealLists

    lists = DealLists("live", result.schema.currency, opens=True)
    link = lists.figure(live, t("show.today.live_title"), result.live_deals, n=result.live)
    before, _, after = said.partition(live)
    return [Prose((before, link, after)), *lists.blocks()]


def _with_last(live: str, on: "date", as_of: "date") -> str:
    ago, day = (as_of - on).days, words.day_name(on, as_of)
    return (
        t("show.today.state_today", live=live)
        if ago <= 0
        else t("show.today.state", live=live, day=day, days=words.days(ago))
    )


def _heading(text: str, n: int) -> Heading:
    return Heading(text, words.counted("show.count", n))


def _title(name: str, result: TodayPage) -> Heading:
    return _heading(t(f"show.today.{name}"), len(getattr(result, name)) + result.more.get(name, 0))


def _hidden(name: str, result: TodayPage, shown: Mapping[str, int]) -> int:
    return len(getattr(result, name)) - shown[name] + result.more.get(name, 0)


def _more(n: int, command: str) -> list[Block]:
    """That there are others, and the command that shows them; nothing where there are none."""
    if n <= 0:
        return []
    more = words.counted("show.more", n)
    return [Prose(Span(f"{more}  {t('show.today.more_hint', command=command)}", "dim"))]


def _incomplete(result: TodayPage, n: int) -> list[Block]:
    if not result.incomplete:
        return []
    some = result.incomplete[:n]
    blocks: list[Block] = [_heading(t("show.today.incomplete"), result.incomplete_total)]
    indent = entry_lines.indent_of(result.incomplete)
    for view in some:
        blocks += entry_lines.blocks(view, indent=indent, near=result.as_of, with_day=True)[:1]
    blocks += _more(result.incomplete_total - len(some), "nippo log --incomplete")
    return [*blocks, Prose(Span(t("show.entry.complete_hint", id=show_id(result.incomplete[0].id)), "dim"))]


def _due(due: Sequence[DueStep], result: TodayPage, screen: "Screen", more: int) -> Table:
    """The next steps that are due: a row each, two where the screen is narrow."""
    hint = t("show.today.more_hint", command=_all(result))
    if narrow(screen):
        head = words.pair("show.head.next_step", "show.head.deal")
        columns = [Column("due", t("show.head.due"), right=True), Column("next_step", head, flex=True)]
        return Table(columns, [row for one in due for row in _due_in_two(one, result)], more, hint)
    return Table(
        [
            Column("due", t("show.head.due"), right=True),
            Column("next_on", t("show.head.next_on"), right=True),
            Column("next_step", t("show.head.next_step"), flex=True),
            Column("id", t("show.head.id"), right=True),
            Column("deal", t("show.head.deal"), flex=True),
            Column("customer", t("show.head.customer"), flex=True),
            *([Column("owner", t("show.head.owner"))] if _owners(result) else []),
        ],
        [_due_in_one(one, result) for one in due],
        more,
        hint,
    )


def _due_in_one(one: DueStep, result: TodayPage) -> list[Cell]:
    head = one.status.head
    return [
        reminders.days_left(one.days),
        words.when(head.next_on, result.as_of),
        head.next_step or words.NOTHING,
        show_id(head.id),
        head.name,
        head.customer,
        *([head.owner] if _owners(result) else []),
    ]


def _due_in_two(one: DueStep, result: TodayPage) -> list[list[Cell]]:
    head = one.status.head
    owner = head.owner if _owners(result) else ""
    deal = "  ".join(part for part in (show_id(head.id), head.name, head.customer, owner) if part)
    return [
        [reminders.days_left(one.days), head.next_step or words.NOTHING],
        [Span(words.when(head.next_on, result.as_of), "dim"), Span(deal, "dim")],
    ]


def _unwritten(result: TodayPage) -> list[Block]:
    if result.unwritten is None:
        return []
    on = words.day_name(result.unwritten, result.as_of)
    return [Prose(Span(t("show.today.unwritten", day=on, on=result.unwritten.isoformat()), "warn"))]


def _drafts(result: TodayPage) -> list[Block]:
    if not result.drafts:
        return []
    return [Prose(Span(words.counted("show.today.drafts", len(result.drafts), first=result.drafts[0]), "warn"))]


def _copies(result: TodayPage) -> list[Block]:
    if not result.copies:
        return []
    return [Prose(Span(words.counted("show.today.copies", len(result.copies), first=result.copies[0]), "warn"))]


def _week(what: str, result: TodayPage, shown: Mapping[str, int]) -> list[Block]:
    """A section of what comes within a week: a row each."""
    steps: Sequence[DueStep] = getattr(result, what)
    if not steps:
        return []
    rows: list[Block] = [Prose(_coming(what, one, result), indent=2, mark="-") for one in steps[: shown[what]]]
    return [_title(what, result), *rows, *_more(_hidden(what, result, shown), _all(result))]


def _reminded(name: str, result: TodayPage, n: int, screen: "Screen") -> list[Block]:
    """A section of what the page reminds of besides what is due."""
    read, total = reminders.count(name, result)
    if not read:
        return []
    columns = screen.columns - _INDENT if screen.terminal else None
    rows: list[Block] = [Prose(run, indent=_INDENT, mark="-") for run in reminders.runs(name, result, n, columns)]
    return [_heading(t(f"show.today.{name}"), total), *rows, *_more(total - n, _all(result))]


def _coming(what: str, one: DueStep, result: TodayPage) -> Run:
    """By when, the deal, and what it is that comes."""
    head, status = one.status.head, one.status
    if what == "closing":
        said = words.when(head.closes, result.as_of)
        if head.amount is not None:
            said += f"  {words.money(head.amount, result.schema.currency)}"
    elif what == "holds":
        said = (
            t("show.today.hold", day=words.day_name(status.held.last, result.as_of), why=status.held.why)
            if status.held
            else ""
        )
    else:
        said = t("show.today.silent", days=words.silence_words(status.silence_days, head))
    when = reminders.days_left(one.days)
    customer = f"  {head.customer}" if head.customer else ""
    owner = f"  {head.owner}" if _owners(result) else ""
    return (when, f"  {head.name}{customer}", Span(f"{owner}  {said}  #{show_id(head.id)}", "dim"))


def _soon(soon: Sequence[DueStep], result: TodayPage, more: int) -> Table:
    """A row a deal that will be past its norm within a week."""
    rows: list[list[Cell]] = []
    for one in soon:
        head = one.status.head
        rows.append([
            words.counted("show.today.in", one.days),
            words.stage(result.schema, head.stage),
            words.held_against(one.status.stay_days, one.status.limit_days, head.arrival),
            head.name,
            head.customer,
            *([head.owner] if _owners(result) else []),
        ])  # fmt: skip
    return Table(
        [
            Column("passes", t("show.head.passes")),
            Column("stage", t("show.head.stage")),
            Column("days", t("show.head.days_norm"), right=True),
            Column("deal", t("show.head.deal"), flex=True),
            Column("customer", t("show.head.customer"), flex=True),
            *([Column("owner", t("show.head.owner"))] if _owners(result) else []),
        ],
        rows,
        more,
        t("show.today.more_hint", command=_all(result)),
    )


def _step(of: DueStep) -> dict[str, object]:
    return {"days": of.days, **shapes.status(of.status)}


RENDERER = Renderer(TodayPage, page=page, to_json=to_json)
