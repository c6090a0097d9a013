"""`nippo import FILE.ics`: the meetings of a day, numbered, and what became of each."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t, tn
from nippo_cli.render.draw import Block, Column, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import words
from nippo_cli.results.meetings import MeetingsPage, OfferedMeeting

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: MeetingsPage, _screen: "Screen") -> Page:
    """The meetings, those that became drafts, and how many are not offered."""
    blocks: list[Block] = []
    if not result.meetings:
        blocks.append(Prose(t("show.meetings.none")))
    else:
        columns = [
            Column("number", "", right=True), Column("time", t("show.meetings.time")), Column("title", t("show.meetings.title")),
            Column("deal", t("show.meetings.deal")), Column("people", t("show.meetings.people")),
        ]  # fmt: skip
        blocks.append(Table(columns, [_row(place, one) for place, one in enumerate(result.meetings, start=1)]))
    for why, n in result.left_out.items():
        blocks.append(Prose(Span(t(f"show.meetings.left_out.{why}", n=n), "dim")))
    drafts = [str(one.draft) for one in result.meetings if one.draft]
    if drafts:
        blocks.append(Prose(tn("show.meetings.drafts", len(drafts), numbers=t("language.comma").join(drafts))))
    return Page(blocks, t("show.meetings.page"), f"{words.day(result.day)}  {result.file}")


def _row(place: int, one: OfferedMeeting) -> list[str]:
    when = f"{one.begins}–{one.ends}" if one.begins and one.ends not in ("", one.begins) else one.begins
    whose = "  ".join(filter(None, (one.customer, one.deal)))
    state = t("show.meetings.taken") if one.taken else ""
    title = "  ".join(filter(None, (one.title, state)))
    return [str(place), when or t("show.meetings.all_day"), title, whose, t("language.comma").join(one.people)]


def to_json(result: MeetingsPage) -> dict[str, object]:
    """Every meeting that is offered."""
    return {
        "file": result.file,
        "day": result.day.isoformat(),
        "meetings": [
            {
                "title": one.title, "begins": one.begins or None, "ends": one.ends or None, "customer": one.customer or None,
                "deal": one.deal or None, "people": list(one.people), "companions": list(one.companions),
                "taken": one.taken, "draft": one.draft or None,
            }
            for one in result.meetings
        ],
        "left_out": dict(result.left_out),
        "dry_run": result.dry_run,
    }  # fmt: skip


RENDERER = Renderer(MeetingsPage, page=page, to_json=to_json)
