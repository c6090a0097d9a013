"""What one author wrote: read for its own author's eyes."""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.text import normal_form
from nippo_cli.journal.read import Wanted
from nippo_cli.lessons.facts import EntryWords, OwnEntries
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.lessons.finished import Fate
    from nippo_cli.line.facts import AsOf
    from nippo_cli.line.norm import Quiet
    from nippo_cli.results.entries import EntryView


def mine(reader: "JournalReader", day: "AsOf", since: date, author: str, quiet: "Quiet") -> OwnEntries:
    """The author's entries of the window, with the deals that they are about."""
    agreement = reader.agreement(day)
    hopeful = [normal_form(word) for word in agreement.hopeful]
    wrote = [_wrote(view, hopeful) for view in reader.entries(day, Wanted(since=since, until=day.on, author=author))]
    deals = {one.deal for one in wrote if one.deal is not None}
    rest = ClosedDays(agreement.closures)
    fates: dict[int, Fate] = {}
    ended: dict[int, date] = {}
    for head in reader.heads(day, ids=deals) if deals else ():
        if head.closed_on is not None:
            ended[head.id] = head.closed_on
        fizzled = is_fizzled(head, quiet.days, rest, day.on)
        fates[head.id] = head.fate if head.fate != "live" else "fizzled" if fizzled else "open"
    return OwnEntries(author, day.on, wrote[::-1], reader.finished(day).points(sorted(fates)), fates, ended)


def _wrote(view: "EntryView", hopeful: "Sequence[str]") -> EntryWords:
    agreement, values = view.agreement, view.values
    said = agreement.key("impression") or agreement.key("facts")
    text = normal_form(str(values.get(said or "") or ""))
    return EntryWords(
        entry=view.id,
        deal=view.deal.id if view.deal else None,
        text="".join(normal_form(str(values.get(agreement.key("facts") or "") or "")).split()),
        hopeful=tuple(word for word in hopeful if word in text),
        next=any(values.get(agreement.key(role) or "") for role in ("next_step", "next_on")),
        days_after=(view.known_on - view.on).days if view.batch is None else None,
    )
