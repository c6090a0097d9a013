"""What is told of a lost deal beside the stated reason, and what was learned of some of them weeks later."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from nippo_cli.schema.schema import Role
from nippo_cli.services.care.demo.events import ReviewEvent
from nippo_cli.services.care.demo.words import afterwards
from nippo_cli.services.care.demo.workdays import on_to_work


def beside_the_reason(reason: str) -> dict[Role, Any]:
    """The customer's own words, and what the rep thinks of them."""
    told = afterwards(reason)
    return {"customer_words": told["customer_words"], "own_view": told["own_view"]}


def reviews(deal: str, reason: str, lost_on: date, author: str, *, seed: int, today: date) -> Iterator[ReviewEvent]:
    """Of two lost deals in three somebody asks again; now and then what was first a guess is put right later."""
    # Dice of its own: what is learned of a deal changes nothing of the rest of the world.
    dice = random.Random(f"{seed}/afterwards/{deal}")
    if dice.random() > 2 / 3:
        return
    known_by, cause, text = dice.choice(afterwards(reason)["learned"])
    on = on_to_work(lost_on + timedelta(days=dice.randint(18, 60)))
    if dice.random() < 1 / 4:
        first = on_to_work(lost_on + timedelta(days=dice.randint(3, 12)))
        if first <= today:
            yield ReviewEvent(first, author, deal, "unknown", afterwards(reason)["own_view"], "guess")
    if on <= today:
        yield ReviewEvent(on, author, deal, cause, text, known_by)
