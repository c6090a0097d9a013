"""A finished deal told as a case: from first contact to end, and what could have been seen on the way."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_when
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.lessons.story import FirstSign, Limits, first_signs
from nippo_cli.line.span import ClosedDays, passes_on
from nippo_cli.line.step_outcomes import StepOutcome, StepPoint, steps
from nippo_cli.results.deal_pages import StoryPage
from nippo_cli.services.context import Workspace, reading, tell_of_live_ones, tells_no_reps
from nippo_cli.services.pages.names_to_hide import names_to_hide

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.lessons.anonymize import NamesToHide
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.deals import DealPage
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Role

# What is no fact: one's own thoughts.
_THOUGHTS: tuple["Role", ...] = ("impression", "own_view")


def story(
    workspace: Workspace, said: str, *, impressions: bool = False, anonymous: bool = False, names: bool = False
) -> StoryPage:
    """One finished deal as a page for the team.

    Args:
        impressions: what its reps thought is told too.
        anonymous: names are to be replaced; who may stand in it is told.
        names: in a team, the reps stand in it by their names; else by letters.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name.
        UsageError: it still goes on.
    """
    from nippo_cli.services.pages.deals import page_of
    from nippo_cli.services.pages.precedents import finished_like

    with reading(workspace) as (reader, as_of):
        page = page_of(reader, as_of, said)
        head = page.line.head
        if page.status.outcome == "open":
            raise UsageError(msg("desk.story_open", said=said), hint=msg("desk.story_open_hint", id=show_id(head.id)))
        tell_of_live_ones(workspace, reader.past(as_of), said, head.id)
        page = page._replace(reviews=reader.reviews_of(as_of, head.id))
        rest = ClosedDays(page.schema.closures)
        since = head.heard_on or head.began_on
        ended_on = head.closed_on or passes_on(since, page.quiet.days, rest, head.holds)
        contacts = reader.line_reader(as_of).contacts([head.id])[head.id]
        became = _became(page, {one.entry for one in contacts}, ended_on, rest)
        precedents = finished_like(reader, as_of, head)
        hides = anonymous or (tells_no_reps(reader) and not names)
        near = [of for _, of in precedents.nearest] if precedents else []
        hidden = names_to_hide(reader, as_of, [page], near) if hides else None
        if anonymous:
            workspace.notices.append(msg("story.read_first"))
        return StoryPage(
            of=page if impressions else page._replace(points=[_facts_of(entry) for entry in page.points]),
            ended_on=ended_on,
            signs=_signs(reader, as_of, page, [one.on for one in contacts], became, ended_on),
            steps=Counter(one.became for _, one in became),
            reasons=_stated(page, "lost_reason"),
            competitor="、".join(_stated(page, "competitor")),
            customer_words="".join(_stated(page, "customer_words")),
            own_view="".join(_stated(page, "own_view")) if impressions else "",
            precedents=precedents,
            names=hidden if anonymous or hidden is None else _reps_of(hidden),
        )


def _became(
    page: "DealPage", contacts: set[int], ended_on: date, rest: ClosedDays
) -> list[tuple[StepPoint, StepOutcome]]:
    points = [
        StepPoint(entry.id, entry.on, read_when(str(due)) if due else None, entry.id in contacts)
        for entry in page.points
        if entry.on <= ended_on
        for due in [entry.values.get(entry.schema.key("next_on") or "")]
    ]
    return steps(points, page.schema.grace, rest, ended_on)


def _signs(
    reader: "JournalReader",
    as_of: "AsOf",
    page: "DealPage",
    met_on: Sequence[date],
    became: Sequence[tuple[StepPoint, StepOutcome]],
    ended_on: date,
) -> list[FirstSign]:
    """What could have been seen on the way, and when first."""
    norms, kind = reader.norms(as_of), page.line.head.kind

    def norm_of(stage: str) -> int | None:
        norm = norms.of(stage, kind)
        return norm.days if norm is not None else None

    limits = Limits(norm_of, page.quiet.days, ClosedDays(page.schema.closures))
    listed_on = [entry.on for entry in page.points if entry.snapshot]
    return first_signs(page.line, met_on, became, page.schema, limits, ended_on, listed_on)


def _facts_of(entry: "EntryView") -> "EntryView":
    """An entry without what its writer thought."""
    own = {entry.schema.key(role) for role in _THOUGHTS}
    return entry._replace(values={key: value for key, value in entry.values.items() if key not in own})


def _stated(page: "DealPage", role: "Role") -> list[str]:
    """What was last stated under a role: by key where it is a choice."""
    for entry in reversed(page.points):
        if value := entry.values.get(entry.schema.key(role) or ""):
            return [str(one) for one in (value if isinstance(value, list) else [value])]
    return []


def _reps_of(names: "NamesToHide") -> "NamesToHide":
    """The reps alone."""
    also = [(who, name) for who, name in names.also if who == "rep"]
    return names._replace(customers=(), people=(), deals=(), competitors=(), also=also)
