"""`nippo log --team`: the team's report of a day on one page, member by member."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Heading, Page, Prose, Renderer
from nippo_cli.render.parts import entry_lines, remark_lines, shapes, words
from nippo_cli.results.entries import Remarked
from nippo_cli.results.news import MemberDay, TeamDay
from nippo_cli.results.remarks import Comment, DayNote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.render.draw import Screen


def page(result: TeamDay, _screen: "Screen") -> Page:
    """Each member's entries and remarks, with what was said to them; then what was said of no one entry."""
    title = t("show.team_day.title", day=words.day_name(result.on))
    blocks: list[Block] = [] if result.members else [Prose(_nothing(result))]
    for member in result.members:
        blocks += _member(member, result)
    if others := [one for one in result.comments if one.entry is None]:
        blocks += [Heading(t("show.comment.heading")), *_of_no_entry(others, result)]
    if not result.members:
        return Page(blocks, title)
    entries = sum(len(member.entries) for member in result.members)
    note = t("show.dot").join(
        (words.counted("show.team_day.people", len(result.members)), words.counted("show.entries", entries))
    )
    return Page(blocks, title, note)


def _nothing(result: TeamDay) -> str:
    """That nobody wrote; of a day of rest, that it was one, and the command that shows the last day of work before."""
    if result.workday_before is None:
        return t("show.team_day.none")
    return t("show.team_day.rest", on=result.workday_before.isoformat())


def _of_no_entry(comments: "Sequence[Comment]", result: TeamDay) -> list[Block]:
    """What was said of deals and of the day, below what each is about."""
    blocks: list[Block] = []
    subjects = dict.fromkeys((one.deal, one.day, one.of if one.day else "") for one in comments)
    for deal, day, of in subjects:
        said = [one for one in comments if (one.deal, one.day, one.of if one.day else "") == (deal, day, of)]
        tag = result.deals.get(deal or 0)
        blocks.append(Prose(remark_lines.about(Remarked(said[0], None, tag), result.as_of), indent=2, mark="-"))
        blocks += remark_lines.thread(said, result.as_of, indent=2)
    return blocks


def to_json(result: TeamDay) -> dict[str, object]:
    """By member; `read_by` says of each entry and remark who has read it."""
    return {
        "as_of": result.as_of.isoformat(),
        "on": result.on.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "members": [
            {
                "author": member.author,
                "off": _off(member.notes),
                "entries": [{**shapes.entry(view), "read_by": _readers(view.id, result)} for view in member.entries],
                "days": [
                    {**remark_lines.note_json(note), "read_by": _readers(note.id, result)} for note in member.notes
                ],
            }
            for member in result.members
        ],
        "workday_before": shapes.day(result.workday_before),
        "comments": [remark_lines.comment_json(one) for one in result.comments],
    }


def _member(member: MemberDay, result: TeamDay) -> list[Block]:
    """A member's day: the entries with their comments, the day's remarks, and whether it was off."""
    off = next((words_ for note in member.notes if (words_ := remark_lines.off_words(note))), "")
    count = words.counted("show.entries", len(member.entries)) if member.entries else off
    blocks: list[Block] = [Heading(member.author, count)]
    if off and member.entries:
        blocks.append(Prose(off, indent=2, mark="-"))
    indent = entry_lines.indent_of(member.entries)
    for view in member.entries:
        blocks += entry_lines.blocks(view, indent=indent, near=result.as_of, author=False)
        blocks += remark_lines.thread(_on(view.id, result), result.as_of, indent=indent)
        blocks += remark_lines.readers(result.readers.get(view.id, ()), result.as_of, indent=indent)
    for note in member.notes:
        for field, text in remark_lines.day_texts(note):
            blocks.append(Prose(t("show.labelled", label=field.label, value=text), indent=2, mark="-"))
        blocks += remark_lines.readers(result.readers.get(note.id, ()), result.as_of, indent=2)
    return blocks


def _on(entry: int, result: TeamDay) -> list[Comment]:
    return [one for one in result.comments if one.entry == entry]


def _off(notes: "Sequence[DayNote]") -> str | None:
    return next((note.off for note in notes if note.off is not None), None)


def _readers(record: int, result: TeamDay) -> list[dict[str, object]]:
    return [remark_lines.reader_json(one) for one in result.readers.get(record, ())]


RENDERER = Renderer(TeamDay, page=page, to_json=to_json, rows="members")
