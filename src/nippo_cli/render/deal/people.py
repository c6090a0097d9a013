"""`nippo customer people`: whom the diary names, with their titles over time, and who of them may be one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.base.text import quoted
from nippo_cli.line.near_people import NearPeople
from nippo_cli.render.draw import Block, Cell, Column, Heading, LazyGroups, LazyRows, Page, Prose, Renderer, Span, Table
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import DealLists, deal_rows, shapes, words
from nippo_cli.results.customers import NearPeopleList, PeoplePage
from nippo_cli.results.deals import Person
from nippo_cli.results.entries import EntryView

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.render.draw import Screen

COLUMNS = (
    "name", "customer", "title", "decides", "since", "until", "moved_to", "successor", "came_from", "first_met_on",
    "last_met_on", "entries",
)  # fmt: skip
NEAR_COLUMNS = ("customer", "one", "other", "why")


def page(result: PeoplePage, screen: "Screen") -> Page:
    """A person in two rows: who, and under which titles; then where, and who met them. A third one says that they went or came."""
    count = words.counted("show.customer.people_count", result.total)
    note = t("customers.note", count=count, as_of=words.day(result.as_of))
    title = t("people.of", customer=result.customer) if result.customer else t("people.title")
    if not result.people:
        return Page([Prose(t("people.none"))], title, note)
    arrow = glyphs(ascii_only=screen.ascii).moved
    lists = DealLists("met", None, opens=bool(result.met))
    # Of hundreds of thousands of rows none is held; what they lead to is there before they are drawn.
    for person in result.people if result.met else ():
        times_met(person, result.met, lists, result.as_of)
    total = sum(3 if _status_and_names(person, result.as_of) else 2 for person in result.people)
    rows: LazyGroups[Sequence[Cell]] = LazyGroups(
        lambda person: _rows(person, result, arrow, lists), result.people, total
    )
    blocks: list[Block] = [Table(_columns(result), rows, result.total - len(result.people), t("show.more_hint"))]
    blocks += lists.blocks()
    if result.near:
        blocks += [Heading(t("people.near")), *(row for pair in result.near for row in _near_rows(pair))]
        if more := result.near_total - len(result.near):
            blocks.append(Prose(Span(words.counted("show.more", more), "dim")))
    return Page(blocks, title, note)


def near_page(result: NearPeopleList, screen: "Screen") -> Page:  # noqa: ARG001  every page is drawn on a screen
    """A pair each, why they may be one, and the command below it."""
    note = t("customers.note", count=words.counted("customers.pairs", result.total), as_of=words.day(result.as_of))
    if not result.pairs:
        return Page([Prose(t("people.none_near"))], t("people.near"), note)
    blocks: list[Block] = [row for pair in result.pairs for row in _near_rows(pair)]
    if more := result.total - len(result.pairs):
        blocks += [Prose(""), Prose(Span(f"{words.counted('show.more', more)}  {t('show.more_hint')}", "dim"))]
    return Page(blocks, t("people.near"), note)


def status_words(person: Person, near: "date") -> str:
    """What records say of a person at the customer of the page: since when they are there, when they went, who came after them.
    Empty of most."""
    here = person.here
    if here is None:
        return ""
    parts = []
    if person.came_from and here.since is not None:
        parts.append(t("people.row.came", customer=person.came_from, day=words.day(here.since, near)))
    if here.until is not None:
        went = "moved" if here.to else "left"
        parts.append(t(f"people.row.{went}", customer=here.to, day=words.day(here.until, near)))
    if here.successor:
        parts.append(t("people.row.successor", name=here.successor))
    return "  ".join(parts)


def person_json(person: Person) -> dict[str, object]:
    """Someone met, as JSON: `title` is the last one written; what records say is null of most."""
    here = person.here
    return {
        "name": person.name,
        "title": person.title or None,
        "decides": person.decides,
        "first_met_on": person.first_met_on.isoformat(),
        "last_met_on": person.last_met_on.isoformat(),
        "entries": person.entries,
        "titles": [{"title": title, "since": since.isoformat()} for title, since in person.titles],
        "met_by": list(person.met_by),
        "also_called": [name for name in person.names if name != person.name],
        "since": shapes.day(here.since) if here is not None else None,
        "until": shapes.day(here.until) if here is not None else None,
        "moved_to": (here.to or None) if here is not None else None,
        "successor": (here.successor or None) if here is not None else None,
        "came_from": person.came_from or None,
    }


def to_json(result: PeoplePage) -> dict[str, object]:
    """The people, how many there are, and who of them may be one."""
    return {
        "as_of": result.as_of.isoformat(),
        "customer": result.customer or None,
        "total": result.total,
        "people": LazyRows(lambda one: {**person_json(one), "customer": one.customer or None}, result.people),
        "near": [_near_json(pair) for pair in result.near],
    }


def near_to_json(result: NearPeopleList) -> dict[str, object]:
    """The pairs, and how many there are."""
    return {
        "as_of": result.as_of.isoformat(),
        "total": result.total,
        "pairs": [_near_json(pair) for pair in result.pairs],
    }


def near_command(pair: NearPeople) -> str:
    """What makes one person of both: the one that says more stays."""
    return f"nippo customer people {quoted(pair.customer)} {quoted(pair.one)} --merge {quoted(pair.other)}"


def _columns(result: PeoplePage) -> list[Column]:
    second = t("show.head.customer") if not result.customer else t("people.head.met_by")
    return [
        Column("name", t("show.head.pair", first=t("show.head.name"), second=second), flex=True),
        Column("title", t("show.head.title"), flex=True),
        Column("met", words.pair("show.head.first_met", "show.head.last_met"), right=True),
        Column("entries", t("show.head.times"), right=True),
    ]


def times_met(person: Person, met: Mapping[int, EntryView], lists: DealLists, near: "date") -> Cell:
    """How often a person was met, which leads to the meetings; it stays as it is where those are not read."""
    if not met:
        return f"{person.entries:,}"
    entries = [met[entry] for entry in person.met_in if entry in met]
    title = t("people.met_with", person=person.name)
    return lists.entries(f"{person.entries:,}", title, entries, n=person.entries, near=near)


def _rows(person: Person, of: PeoplePage, arrow: str, lists: DealLists) -> list[list[Cell]]:
    """A person's rows in the table: name, titles and days; beneath them who met the person, or whose they are, and
    their status."""
    name = t("show.decides", person=person.name) if person.decides else person.name
    titles = [title for title, _ in person.titles]
    beneath = _status_and_names(person, of.as_of)
    has_left = person.here is not None and person.here.until is not None
    rows: list[list[Cell]] = [
        [Span(name, "dim") if has_left else name, f" {arrow} ".join(titles), words.day(person.first_met_on, of.as_of),
         times_met(person, of.met, lists, of.as_of)],
        [deal_rows.whose(" ".join(person.met_by) if of.customer else person.customer), "",
         Span(words.day(person.last_met_on, of.as_of), "dim"), ""],
    ]  # fmt: skip
    return [*rows, [Span(f"  {beneath}", "dim"), "", "", ""]] if beneath else rows


def _status_and_names(person: Person, near: "date") -> str:
    """What records tell of a person: their status, and what else they are called."""
    status = status_words(person, near)
    others = [name for name in person.names if name != person.name]
    return f"{status}  {t('people.row.names', names=others)}".strip() if others else status


def _near_rows(pair: NearPeople) -> Sequence[Block]:
    shown = (Span(pair.one, "strong"), " / ", Span(pair.other, "strong"), f"  {t(f'people.near.{pair.why}')}")
    return [Prose(shown), Prose(Span(near_command(pair), "dim"), indent=2)]


def _near_json(pair: NearPeople) -> dict[str, object]:
    return {"customer": pair.customer or None, "one": pair.one, "other": pair.other, "why": pair.why}


RENDERER = Renderer(PeoplePage, page=page, to_json=to_json, rows="people", columns=COLUMNS)
NEAR = Renderer(NearPeopleList, page=near_page, to_json=near_to_json, rows="pairs", columns=NEAR_COLUMNS)
