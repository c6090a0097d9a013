"""What stands in the demo's diary beside its deals: meetings in house, calls on customers, the ledger's odd rows."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from nippo_cli.schema.schema import Role
from nippo_cli.services.care.demo.cases import called
from nippo_cli.services.care.demo.events import SaleEvent
from nippo_cli.services.care.demo.scenarios import MONTHS_DAYS
from nippo_cli.services.care.demo.words import Bag, Cast, Customer
from nippo_cli.services.care.demo.workdays import back_to_work

_IN_HOUSE, _CALLS = 24, 26
_FAIRS = ("秋のロボット展", "中部ものづくり展", "食品包装展")


def in_house(people: Cast, bag: Bag, dice: random.Random, today: date) -> Iterator[tuple[date, str, dict[Role, Any]]]:
    """Day, author and values of entries that belong to neither a deal nor a customer."""
    for nth in range(_IN_HOUSE):
        on = back_to_work(today - timedelta(days=MONTHS_DAYS - 12 - round(nth * (MONTHS_DAYS - 20) / _IN_HOUSE)))
        facts = bag.draw("other", "internal").format(fair=dice.choice(_FAIRS))
        yield on, dice.choice(people.reps), {"activity": "internal", "facts": facts}


def calls(people: Cast, bag: Bag, dice: random.Random, today: date) -> Iterator[tuple[date, str, dict[Role, Any]]]:
    """Day, author and values of contacts with a customer outside any deal."""
    for _ in range(_CALLS):
        place = dice.randrange(len(people.customers))
        customer, rep = people.customers[place], people.reps[place % len(people.reps)]
        on = back_to_work(today - timedelta(days=dice.randint(2, MONTHS_DAYS - 10)))
        activity, template = bag.draw("other", "customer_only", _of_season(on))
        values: dict[Role, Any] = {"customer": customer.name, "activity": activity, "facts": _said(template, customer)}
        if activity == "visit":
            name, title = customer.user if "{k}" in template else customer.decider
            values["people"] = [{"name": name, "title": title}]
        yield on, rep, values


def spot_sales(people: Cast, dice: random.Random, today: date) -> Iterator[SaleEvent]:
    """Rows of the ledger that no diary announced."""
    for nth in range(3):
        on = back_to_work(today - timedelta(days=dice.randint(40, MONTHS_DAYS - 60)))
        customer = dice.choice(people.customers)
        amount = dice.randint(12, 48) * 10_000
        yield SaleEvent(on, people.head, on, customer.name, amount, None, f"S{on:%y%m}-{900 + nth}", "スポット部品")


def _of_season(on: date) -> Callable[[Any], bool]:
    """New Year's calls are paid in January."""
    return lambda told: ("年始" in told[1]) == (on.month == 1)


def _said(template: str, customer: Customer) -> str:
    return template.format(k=called(customer.user), d=called(customer.decider), b=called(customer.buyer))
