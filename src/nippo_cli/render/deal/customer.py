"""`nippo customer NAME`: all of a customer's deals, people and contacts."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.deal.people import person_json, status_words, times_met
from nippo_cli.render.draw import Block, Cell, Column, FactRows, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import DealLists, deal_rows, entry_lines, revisit_words, shapes, words
from nippo_cli.results.deal_status import row_of
from nippo_cli.results.deals import CustomerPage, Person

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: CustomerPage, screen: "Screen") -> Page:
    """Where it stands with the customer, the deals, the people, the latest contacts."""
    lists = DealLists("customer", result.schema.currency, opens=screen.opens)
    blocks: list[Block] = [_facts(result, lists), *lists.blocks()]
    if result.deals:
        blocks.append(Heading(t("show.customer.deals"), words.counted("show.deals.count", len(result.deals))))
        blocks.append(
            deal_rows.table([*map(row_of, result.deals)], result.schema, result.as_of, screen, customer=False)
        )
    if result.billed:
        blocks.append(Heading(t("show.customer.billed"), words.counted("show.deals.count", len(result.billed))))
        blocks.append(deal_rows.table([*map(row_of, result.billed)], result.schema, result.as_of, screen))
    if result.people:
        count = words.counted("show.customer.people_count", len(result.people))
        blocks.append(Heading(t("show.customer.people"), count))
        met = DealLists("met", None, opens=bool(result.met))
        blocks += [_people(result, met), *met.blocks()]
    if result.contacts:
        blocks.append(Heading(t("show.customer.contacts"), words.counted("show.entries", result.total_contacts)))
        indent = entry_lines.indent_of(result.contacts)
        for view in result.contacts:
            blocks += entry_lines.blocks(view, indent=indent, near=result.as_of, with_day=True, customer=False)
        rest = result.total_contacts - len(result.contacts)
        if rest > 0:
            blocks += [Prose(""), Prose(Span(f"{words.counted('show.more', rest)}  {t('show.more_hint')}", "dim"))]
    return Page(blocks, result.name, t("show.as_of", day=words.day(result.as_of)))


def to_json(result: CustomerPage) -> dict[str, object]:
    """The customer with deals, people and contacts."""
    return {
        "as_of": result.as_of.isoformat(),
        "customer": result.name,
        "currency": shapes.currency(result.schema.currency),
        "won_amount": result.won_amount,
        "last_contact_on": shapes.day(result.last_contact_on),
        "contact_unknown": result.contact_unknown,
        "revisit": shapes.revisit(result.revisit),
        "deals": [shapes.status(one) for one in result.deals],
        "billed": [shapes.status(one) for one in result.billed],
        "people": [person_json(person) for person in result.people],
        "total_contacts": result.total_contacts,
        "contacts": [shapes.entry(view) for view in result.contacts],
    }


def _facts(result: CustomerPage, lists: DealLists) -> FactRows:
    """Live deals with their money, what was won, the last contact."""
    live = [d for d in result.deals if d.outcome in ("open", "fizzled")]
    amount = sum(d.head.amount or 0 for d in live)
    currency = result.schema.currency
    count = words.counted("show.deals.count", len(live))
    said = f"{count}  {words.money(amount, currency)}" if amount else count
    shown = lists.figure(said, t("show.customer.live"), [d.head for d in live])
    won = [d.head for d in result.deals if d.outcome == "won"]
    ordered = lists.figure(words.money(result.won_amount, currency), t("show.customer.won"), won)
    return FactRows(
        [
            (t("show.customer.live"), shown),
            (t("show.customer.won"), ordered),
            (t("show.customer.last_contact"), _last(result)),
            *([(t("deal.head.revisit"), revisit_words(result.revisit, result.as_of))] if result.revisit else []),
        ]
    )


def _last(result: CustomerPage) -> str:
    on, as_of = result.last_contact_on, result.as_of
    if on is None:
        return t("show.customer.hidden" if result.contact_unknown else "show.customer.never")
    return t("show.customer.ago", day=words.day_name(on, as_of), days=words.days((as_of - on).days))


def _people(result: CustomerPage, lists: DealLists) -> Table:
    """A row a person: title, whether they decide, first and last meeting."""
    return Table(
        [
            Column("name", t("show.head.name"), flex=True),
            Column("title", t("show.head.title"), flex=True),
            Column("decides", t("show.head.decides")),
            Column("first", t("show.head.first_met"), right=True),
            Column("last", t("show.head.last_met"), right=True),
            Column("entries", t("show.head.times"), right=True),
        ],
        [row for person in result.people for row in _person(person, result, lists)],
    )


def _person(person: Person, result: CustomerPage, lists: DealLists) -> list[list[Cell]]:
    """A row; a second one where records say that the person went or came."""
    decides = "" if person.decides is None else t("show.yes") if person.decides else t("show.no")
    status = status_words(person, result.as_of)
    row: list[Cell] = [
        person.name,
        person.title,
        decides,
        words.day(person.first_met_on, result.as_of),
        words.day(person.last_met_on, result.as_of),
        times_met(person, result.met, lists, result.as_of),
    ]
    return [row, [Span(f"  {status}", "dim"), *[""] * (len(row) - 1)]] if status else [row]


RENDERER = Renderer(CustomerPage, page=page, to_json=to_json, rows="deals")
