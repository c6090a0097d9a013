"""What people say to one another of entries, deals and days: comments, what was decided, what became of it."""

from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.dates import UnreadableDate, read_day
from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.persons import same_person
from nippo_cli.results.recap import Done
from nippo_cli.results.remarks import Comment
from nippo_cli.services.context import EVER, Workspace, expect_plausible, find, head_of, in_force, where_else, writing

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer


class TypedComment(NamedTuple):
    """A comment as typed. `of` is whose day it is about; `who` has to carry out a decision."""

    text: str
    due: str | None = None
    by: str | None = None
    of: str | None = None
    decision: bool = False
    who: str | None = None


class _About(NamedTuple):
    """What a comment is to be about: a record (an entry, a deal or a comment), or a day; `of` is whose that is."""

    record: int | None
    day: date | None
    of: str
    what: str


def comment(workspace: Workspace, target: str, said: TypedComment) -> Done:
    """Comment on an entry, a deal or a day, answer a comment, or note what was decided there.

    Raises:
        UsageError: the text is empty. NotFound, Ambiguous: nothing, or several deals, answer to the target.
    """
    if not said.text.strip():
        raise UsageError(msg("comment.empty"))
    with writing(workspace, begin=False) as writer:
        due = _due(writer, said.due)
        about = _about(workspace, writer, target, said)
        text, who = said.text.strip(), (said.who or about.of or writer.author) if said.decision else None
        if about.day is not None:
            record = writer.add_day_comment(
                about.day, text, of=said.of or about.of, due=due, author=said.by, decided_for=who
            )
        else:
            of = about.of if about.what == "deal" else ""
            record = writer.add_comment(about.record or 0, text, due=due, author=said.by, of=of, decided_for=who)
    return _done(workspace, record, about, due, who)


def _done(workspace: Workspace, record: int, about: _About, due: date | None, who: str | None) -> Done:
    params: dict[str, object] = {"id": show_id(record)}
    if about.record is not None:
        params["to"] = show_id(about.record)
    if about.day is not None:
        params["on"] = about.day.isoformat()
    if who is None:
        what = {"comment": "done.answered", "day": "done.commented_day"}.get(about.what, "done.commented")
        return Done(what, params, [record], workspace.dry_run)
    decided = {"id": params["id"], "who": who} | ({"due": due.isoformat()} if due is not None else {})
    return Done("done.decided" if due is None else "done.decided_due", decided, [record], workspace.dry_run)


def confirm(workspace: Workspace, target: str, *, by: str | None = None, of: str | None = None) -> Done:
    """Say that one has read an entry or a comment; of a day all that others wrote of it, or `of` one of them.

    Raises:
        UsageError: it is one's own, or read already; or there is nothing to be read of that day. NotFound: there is no such record.
    """
    with writing(workspace, begin=False) as writer:
        writer.author = by or writer.author
        number = read_id(target)
        if number is not None:
            unread, day = [_readable(writer, number, target)], None
        else:
            day = read_day(target, today=writer.today, lean="past")
            unread = _written_by_others(writer, day, of)
        known = writer.reader.readers_of(EVER, unread)
        unread = [one for one in unread if not any(same_person(r.author, writer.author) for r in known.get(one, ()))]
        if not unread:
            raise UsageError(msg("comment.read_already", said=target))
        records = [writer.acknowledge(one) for one in unread]
    if day is not None:
        params = {"on": day.isoformat(), "n": len(records), "who": of or ""}
        return Done("done.confirmed_of" if of else "done.confirmed_day", params, records, workspace.dry_run)
    return Done("done.confirmed", {"to": show_id(unread[0])}, records, workspace.dry_run)


def _readable(writer: "Writer", number: int, said: str) -> int:
    """The entry or the comment of a number, if somebody else wrote it."""
    reader = writer.reader
    entry = reader.entry(EVER, number)
    remark = None if entry is not None else _comment_of(writer, number)
    author = entry.author if entry is not None else remark.author if remark is not None else None
    if author is None or (entry is not None and reader.is_retracted(number)):
        raise NotFound(msg("comment.no_target", said=said), hint=where_else(reader, number))
    if same_person(author, writer.author):
        raise UsageError(msg("comment.own", said=said))
    return number


def _written_by_others(writer: "Writer", day: date, of: str | None) -> list[int]:
    """The entries and the remarks of a day that others wrote, or one of them."""
    reader = writer.reader
    written = [(v.id, v.author) for v in reader.log(EVER, since=day, until=day).entries[::-1]]
    written += [(n.id, n.author) for n in reader.remarks(EVER).days(day, day)]
    others = [
        record
        for record, author in written
        if not same_person(author, writer.author) and (of is None or same_person(author, of))
    ]
    if not others:
        from nippo_cli.services.pages import WorkDays

        days, hint = WorkDays(in_force(writer)), None
        if not days.works(day):
            hint = msg("comment.nothing_of_day.hint", on=days.before(day).isoformat())
        raise UsageError(msg("comment.nothing_of_day", on=day.isoformat()), hint=hint)
    return others


def settle(workspace: Workspace, target: str, *, text: str | None = None, by: str | None = None) -> Done:
    """Say that a comment needs no answer any more, or that a decision is carried out.

    Args:
        text: what became of a decision; None says nothing of it.

    Raises:
        NotFound: there is no such comment. UsageError: it is done already; or an answer is given to what is no decision: that
        closes it by itself.
    """
    with writing(workspace, begin=False) as writer:
        remark = _named(writer, target)
        if remark.done_on is not None:
            raise UsageError(msg("comment.done_already", id=show_id(remark.id)))
        if text is not None and not remark.decision:
            raise UsageError(msg("cli.comment.done_or_text"))
        records = []
        if text is not None and text.strip():
            records.append(writer.add_comment(remark.id, text.strip(), author=by))
        records.append(writer.amend(remark.id, {"done": True}, why=""))
    what = "done.decision_done" if remark.decision else "done.comment_done"
    return Done(what, {"id": show_id(remark.id)}, records, workspace.dry_run)


def correct(
    workspace: Workspace, target: str, *, text: str | None, due: str | None, who: str | None = None, why: str = ""
) -> Done:
    """Mend what a comment says, by when it asks for an answer, or who has to carry out a decision.

    Raises:
        NotFound: there is no such comment. UsageError: nothing changes; or what is no decision is to be carried out.
    """
    with writing(workspace, begin=False) as writer:
        remark = _named(writer, target)
        body: dict[str, Any] = {}
        if who is not None and not remark.decision:
            raise UsageError(msg("comment.no_decision", id=show_id(remark.id)))
        if text is not None and text.strip() and text.strip() != remark.text:
            body["text"] = text.strip()
        if who is not None and who.strip() != remark.who:
            body["who"] = who.strip()
        if due is not None:
            until = _due(writer, due)
            if until != remark.due:
                body["due"] = until.isoformat() if until else None
        if not body:
            raise UsageError(msg("comment.nothing_changed", id=show_id(remark.id)))
        record = writer.amend(remark.id, body, why=why)
    return Done("done.comment_corrected", {"id": show_id(remark.id)}, [record], workspace.dry_run)


def take_back(workspace: Workspace, target: str, *, why: str = "") -> Done:
    """Take a comment back; its record stays in the log.

    Raises:
        NotFound: there is no such comment.
    """
    with writing(workspace, begin=False) as writer:
        remark = _named(writer, target)
        record = writer.retract(remark.id, why=why)
    return Done("done.comment_retracted", {"id": show_id(remark.id)}, [record], workspace.dry_run)


def erase(workspace: Workspace, target: str, *, why: str) -> Done:
    """Erase what a comment says, for good; that there was one stays in the log.

    Raises:
        NotFound: there is no such comment.
    """
    from nippo_cli.services.writing.erasing import erase_records

    with writing(workspace, begin=False) as writer:
        remark = _named(writer, target)
        (record,) = erase_records(writer, [remark.id], why)
    return Done("done.comment_erased", {"id": show_id(remark.id)}, [record], workspace.dry_run)


def _due(writer: "Writer", said: str | None) -> date | None:
    """By when, as typed; an empty one takes the day away."""
    due = read_day(said, today=writer.today, lean="future") if said else None
    if due:
        expect_plausible(in_force(writer), writer.today, said, due)
    return due


def _about(workspace: Workspace, writer: "Writer", target: str, said: TypedComment) -> _About:
    """What is commented on: what has that number, else that day, else the deal of that name."""
    number = read_id(target)
    if number is None:
        try:
            day = read_day(target, today=writer.today, lean="past")
        except UnreadableDate:
            return _about_deal(writer, _deal_named(workspace, writer, target))
        return _About(None, day, _writer_of(writer, day, said.by or writer.author), "day")
    answered = _comment_of(writer, number)
    if answered is not None:
        return _About(number, None, answered.who or answered.of, "comment")
    reader = writer.reader
    entry = reader.entry(EVER, number)
    if entry is None and head_of(writer, number) is not None:
        return _about_deal(writer, number)
    if entry is None or reader.is_retracted(number):
        raise NotFound(msg("comment.no_target", said=target), hint=where_else(reader, number))
    return _About(number, None, (entry.deal.owner if entry.deal else "") or entry.author, "entry")


def _about_deal(writer: "Writer", deal: int) -> _About:
    head = head_of(writer, deal)
    return _About(deal, None, head.owner if head is not None else "", "deal")


def _deal_named(workspace: Workspace, writer: "Writer", said: str) -> int:
    try:
        return find(workspace, writer, said)
    except NotFound as error:
        raise NotFound(msg("comment.neither", said=said), hint=error.hint, problems=error.problems) from None


def _writer_of(writer: "Writer", day: date, commenter: str) -> str:
    """Whose day it is: the one other person who wrote that day; empty where there are several, or none."""
    reader = writer.reader
    wrote = {v.author for v in reader.log(EVER, since=day, until=day).entries}
    wrote |= {n.author for n in reader.remarks(EVER).days(day, day)}
    others = wrote - {commenter} or wrote
    return next(iter(others)) if len(others) == 1 else ""


def _comment_of(writer: "Writer", record: int) -> Comment | None:
    return writer.reader.remarks(EVER).comment(record)


def _named(writer: "Writer", said: str) -> Comment:
    record = read_id(said)
    remark = _comment_of(writer, record) if record is not None else None
    if remark is None:
        raise NotFound(msg("comment.none", said=said), hint=msg("comment.none_hint"))
    return remark
