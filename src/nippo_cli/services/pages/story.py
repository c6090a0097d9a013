"""A finished deal told as a case: from first contact to end, and what could have been seen on the way."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.dates import read_when
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.text import normal_form
from nippo_cli.lessons.anonymize import NamesToHide, Who, before_titles, core
from nippo_cli.lessons.story import FirstSign, Limits, first_signs
from nippo_cli.line.kept import StepOutcome, StepPoint, steps
from nippo_cli.line.span import ClosedDays, passes_on
from nippo_cli.results.deal_pages import StoryPage
from nippo_cli.schema.types import type_of
from nippo_cli.services.context import Workspace, reading, tells_no_reps

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader, NamedPeople
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.deals import DealPage, Precedents
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
        page = page._replace(reviews=reader.reviews_of(as_of, head.id))
        rest = ClosedDays(page.schema.closures)
        since = head.last_contact_on or head.began_on
        ended_on = head.closed_on or passes_on(since, page.quiet.days, rest, head.holds)
        contacts = reader.line_reader(as_of).contacts([head.id])[head.id]
        became = _became(page, {one.entry for one in contacts}, ended_on, rest)
        precedents = finished_like(reader, as_of, head)
        hides = anonymous or (tells_no_reps(reader) and not names)
        hidden = _names(reader, as_of, page, precedents) if hides else None
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
            names=hidden if anonymous else _reps_of(hidden) if hidden is not None else None,
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
    return first_signs(page.line, met_on, became, page.schema, limits, ended_on)


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


def _names(reader: "JournalReader", as_of: "AsOf", page: "DealPage", precedents: "Precedents | None") -> NamesToHide:
    """Everyone who may stand in the story: its own first, then other customers and owners that its texts name, and
    whoever else the diary knows of whom they may speak."""
    head, named = page.line.head, reader.named(as_of)
    near = [of for _, of in precedents.nearest] if precedents else []
    texts = normal_form("\n".join([
        *(str(value) for entry in page.points for value in entry.values.values()), *(r.text for r in page.reviews),
        *(hold.why for hold in head.holds), *(of.name for of in near),
    ]))  # fmt: skip
    customers, owners = reader.customers(as_of), reader.owners(as_of)
    related = [*([page.parent] if page.parent else []), *page.children, *near]
    return NamesToHide(
        customers=_once(
            head.customer, *(of.customer for of in related), *(name for name in customers if core(name) in texts)
        ),
        people=_once(*_people(page)),
        reps=_once(
            head.owner,
            *(of.owner for of in related), *(entry.author for entry in page.points),
            *(handover.owner for handover in page.record.handovers), *(review.who for review in page.reviews),
            *(name for name in owners if normal_form(name) in texts),
        ),
        deals=_once(head.name, *page.record.aliases, *(of.name for of in related)),
        competitors=_once(*_competitors(page)),
        also=list(_also(named, customers, owners, texts)),
    )  # fmt: skip


def _reps_of(names: NamesToHide) -> NamesToHide:
    """The reps alone."""
    return NamesToHide((), (), names.reps, (), (), [(who, name) for who, name in names.also if who == "rep"])


def _also(
    named: "NamedPeople", customers: Sequence[str], owners: Sequence[str], texts: str
) -> Iterator[tuple[Who, str]]:
    """Others of whom the texts speak: by their whole names, or called by a part of them before a title."""
    titled = before_titles(texts)
    everyone: tuple[tuple[Who, Iterable[str]], ...] = (
        ("competitor", sorted(named.competitors)), ("customer", customers), ("person", sorted(named.people)),
        ("rep", [*sorted(named.companions), *owners]),
    )  # fmt: skip
    for who, names in everyone:
        for name in names:
            known = core(name) if who in ("customer", "competitor") else normal_form(name)
            if any(part in texts for part in known.split()) or not titled.isdisjoint(_called(known)):
                yield who, name


def _called(name: str) -> list[str]:
    """By what somebody may be called before a title: the beginning of the name, the last of `技術・久保`."""
    return [*(name[:size] for size in range(1, len(name) + 1)), *name.split("・")]


def _once(*names: str) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def _people(page: "DealPage") -> Iterator[str]:
    """The names of all people in the entries."""
    for entry in page.points:
        for field in entry.schema.fields:
            value: Any = entry.values.get(field.key)
            if value:
                yield from (str(one["name"]) for one in type_of(field).people(value))


def _competitors(page: "DealPage") -> Iterator[str]:
    for entry in page.points:
        field = entry.schema.by_role.get("competitor")
        if field is not None and type_of(field).takes_any_text and (value := entry.values.get(field.key)):
            yield from (part.strip() for part in str(value).replace("，", "、").replace(",", "、").split("、"))
