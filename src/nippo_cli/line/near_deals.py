"""Deals of one customer whose names are so near that they may be one: offered to a person, never joined. Pure."""

from collections import defaultdict
from collections.abc import Container, Iterable

from nippo_cli.base.customers import customer_groups
from nippo_cli.base.text import search_form
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.near_customers import is_a_letter_off

# Shorter names are one letter off from many.
_SHORTEST = 4
# Of a customer with more deals than this names tell nothing.
_MOST = 500


def near_deals(
    heads: Iterable[DealSummary], apart: Container[str] = frozenset()
) -> list[tuple[DealSummary, DealSummary]]:
    """Pairs of deals of one customer that are called the same but for blanks and marks, or for one letter that is no digit
    (`2号機` is another machine); the one begun first stands first. `apart` as in `same_customer`. Rule: docs/tidy.md"""
    listed = [head for head in heads if head.customer]
    groups = customer_groups((head.customer for head in listed), apart)
    by_customer: defaultdict[tuple[str, str], list[DealSummary]] = defaultdict(list)
    for head in sorted(listed, key=lambda h: (h.began_on, h.id)):
        by_customer[groups[head.customer]].append(head)
    return [
        (one, other)
        for own in by_customer.values()
        if len(own) <= _MOST
        for at, one in enumerate(own)
        for other in own[at + 1 :]
        if _is_near(_bare(one.name), _bare(other.name))
    ]


def _bare(name: str) -> str:
    return "".join(letter for letter in search_form(name) if letter.isalnum())


def _is_near(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORTEST or not is_a_letter_off(one, other):
        return False
    # What tells two machines apart is as often as not a number.
    return [letter for letter in one if letter.isnumeric()] == [letter for letter in other if letter.isnumeric()]
