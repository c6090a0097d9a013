"""`nippo prep --handover`: the 引継書, customer by customer."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.day import prep
from nippo_cli.render.draw import Block, Cell, FactRows, Heading, Page, Prose, Renderer, Run, Span
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.handover import Habits, HandedCustomer, HandoverPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Schema

_SAID = 3


def page(result: HandoverPage, screen: "Screen") -> Page:
    """Whose, to whom; then of each customer its deals, what is promised on both sides, deadlines, people, last words and habits."""
    title = t("show.handover.title", owner=result.owner) if result.owner else t("show.handover.title_of_customer")
    if result.to:
        whose = "show.handover.title_to" if result.owner else "show.handover.title_of_customer_to"
        title = t(whose, owner=result.owner, to=result.to)
    note = t("show.as_of", day=words.day_name(result.as_of))
    if not result.customers:
        return Page([Prose(t("show.handover.none", owner=result.owner))], title, note)
    blocks: list[Block] = [Prose(_totals(result))]
    for one in result.customers:
        blocks += _customer(one, result, screen)
    return Page(blocks, title, note)


def to_json(result: HandoverPage) -> dict[str, object]:
    """The same as data: each customer as `prep` has it, with its deadlines and habits."""
    return {
        "as_of": result.as_of.isoformat(),
        "owner": result.owner or None,
        "to": result.to or None,
        "customers": [
            {
                **prep.to_json(one.prep),
                "deadlines": [
                    {
                        "deal": show_id(deal),
                        "field": d.field,
                        "on": shapes.when(d.on),
                        "days": (d.on.last - result.as_of).days,
                    }
                    for deal, of in one.deadlines.items()
                    for d in of
                ],
                "habits": _habits_json(one.habits),
            }
            for one in result.customers
        ],
    }


def _totals(result: HandoverPage) -> str:
    live = [one.head.amount or 0 for customer in result.customers for one in customer.prep.live]
    return t(
        "show.handover.totals", customers=len(result.customers), deals=len(live),
        amount=words.money(sum(live), result.schema.currency),
    )  # fmt: skip


def _customer(one: HandedCustomer, result: HandoverPage, screen: "Screen") -> list[Block]:
    """A customer of a handover: what a visit needs, the deals' deadlines, and how somebody worked with it."""
    name = one.prep.customer or t("show.handover.nobodys")
    blocks: list[Block] = [Heading(f"■ {name}", words.counted("show.deals.count", len(one.prep.live)))]
    blocks += prep.page(one.prep, screen).blocks
    if one.deadlines:
        blocks.append(Heading(t("deal.head.deadlines")))
        for status in one.prep.live:
            for d in one.deadlines.get(status.head.id, ()):
                said = f"{result.schema.field_label(d.field)} {words.when(d.on, result.as_of)}  "
                blocks.append(Prose((said, Span(f"{status.head.name} #{show_id(status.head.id)}", "dim")), 2, "-"))
    if pairs := _habits(one.habits, result.schema):
        blocks += [Heading(t("show.handover.habits")), FactRows(pairs)]
    return blocks


def _habits(habits: Habits, schema: "Schema") -> list[tuple[str, Cell | Run]]:
    """In words, what is not known left out."""
    pairs: list[tuple[str, Cell | Run]] = []
    if habits.contacts and habits.first_on is not None:
        said = t("show.handover.contacts_said", n=habits.contacts, since=words.day(habits.first_on))
        if habits.gap_days is not None:
            said += t("show.handover.gap", days=words.days(round(habits.gap_days)))
        pairs.append((t("show.handover.contacts"), said))
    if habits.activities:
        known = schema.activity_by_key
        shown = [
            t("show.handover.times", what=known[key].label if key in known else key, n=n)
            for key, n in habits.activities
        ]
        pairs.append((t("show.handover.usual"), t("show.comma").join(shown)))
    if habits.won:
        lead = t("show.handover.lead", days=words.days(round(habits.lead_days))) if habits.lead_days is not None else ""
        pairs.append((t("show.handover.won"), words.counted("show.count", habits.won) + lead))
    if habits.pushes:
        pairs.append((t("show.handover.pushed"), t("show.handover.pushes", n=habits.pushes, deals=habits.deals)))
    if habits.lost:
        pairs.append((t("show.handover.lost"), t("show.comma").join(_reasons(habits, schema))))
    return pairs


def _reasons(habits: Habits, schema: "Schema") -> list[str]:
    field = schema.by_role.get("lost_reason")
    return [
        t("show.handover.times", what=schema.label(field, key) if field is not None else key, n=n)
        for key, n in list(habits.lost.items())[:_SAID]
    ]


def _habits_json(habits: Habits) -> dict[str, object]:
    """How somebody worked with a customer, in figures, as data."""
    return {
        "contacts": habits.contacts,
        "first_on": shapes.day(habits.first_on),
        "gap_days": habits.gap_days,
        "activities": [{"activity": key, "n": n} for key, n in habits.activities],
        "won": habits.won,
        "lead_days": habits.lead_days,
        "pushes": habits.pushes,
        "pushed_deals": habits.deals,
        "lost_reasons": [{"reason": key, "n": n} for key, n in habits.lost.items()],
    }


RENDERER = Renderer(HandoverPage, page=page, to_json=to_json, rows="customers")
