"""What colleagues wrote that a member has not seen yet: the morning page counts it, and `nippo log --new` shows all of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.results.news import TeamNews
from nippo_cli.services.context import look_of

if TYPE_CHECKING:
    from nippo_cli.journal.read import Bounds, JournalReader, NewEntry
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.entries import Remarked
    from nippo_cli.services.context import Me, Workspace

# On the first day of all, what was said to a member before is told of so many days.
_FIRST_DAYS = timedelta(days=14)


class Unseen(NamedTuple):
    """The `entries`, newest first; what the page says of all (`TeamNews`, without its rows); the records since the last look, of a
    day before or the first of all (`since_look`); and each device's last record now (`upto`)."""

    entries: Sequence["NewEntry"]
    news: TeamNews
    since_look: Sequence["Bounds"]
    upto: Mapping[int, int]


def unseen(
    workspace: "Workspace", reader: "JournalReader", as_of: "AsOf", me: "Me", waiting: "Collection[Remarked]", *, all_of_it: bool = False,
) -> Unseen:  # fmt: skip
    """What colleagues wrote since the last look of a day before. On the first day: the entries since the first look, and the answers
    and confirmations of the last two weeks.

    Args:
        waiting: the comments that stand on the page because they wait; an answer among them is told there.
        all_of_it: however many entries there are; without it, no more are read than a page counts.
    """
    from nippo_cli.journal.read import MOST_READ, bounds_of

    upto = reader.last_records()
    look = look_of(workspace.places, as_of.on, upto)
    new = reader.team_news(as_of)
    since_look: list[Bounds] = []
    if look.after is not None:
        since_look = list(bounds_of(look.after, upto, _known_from(reader, look.after, upto, look.since or as_of.on)))
    entries, more = new.entries(me.name, since_look, 0 if all_of_it else MOST_READ)
    # Before the first day of all, this member had seen nothing of what was said to them.
    said = (
        since_look
        if look.since
        else list(bounds_of({}, upto, dict.fromkeys(upto, (as_of.on - _FIRST_DAYS).isoformat())))
    )
    on_page = {one.comment.id for one in waiting}
    answers = [c for c in map(reader.remarks(as_of).comment, new.answers(me.name, said)) if c and c.id not in on_page]
    return Unseen(
        entries,
        TeamNews(
            since=look.since,
            entries=Counter(one.author for one in entries),
            more=more,
            answers=reader.with_subjects(as_of, answers),
            readers=new.readers(me.name, said),
        ),
        since_look,
        upto,
    )


def _known_from(
    reader: "JournalReader", after: "Mapping[int, int]", upto: "Mapping[int, int]", since: date
) -> dict[int, str]:
    """Of each device that was not there at the last look, from which day on what it wrote is news: from the day of that look, or the
    one on which it joined, which may have come here later. What is older is of the diary that it joined with."""
    unseen = upto.keys() - after.keys()
    if not unseen:
        return {}
    joined, looked = {one.slot: one.on for one in reader.device_members()}, since.isoformat()
    return {slot: min(looked, joined.get(slot, looked)) for slot in unseen}
