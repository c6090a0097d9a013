"""The part of some kept lines in the tally, of one kind of count at a time: no more of the lines is read than it needs."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Final

from nippo_cli.journal.read.lines import promises_by_deal, stays_of
from nippo_cli.journal.read.statements import CLOSED_OF, FROM_LISTED, RANKS_OF_CLOSED
from nippo_cli.line.metrics import (
    OF_HEAD,
    OF_STAYS,
    Metric,
    MetricKind,
    MetricSource,
    money,
    of_gaps,
    of_head,
    of_ranks,
    of_stays,
    of_won_gaps,
    runs,
)

# What is counted of some deals as they are stored: the columns of `line.metrics.MetricSource` after the id; their gaps.
TOLD_HEADS: Final = f"""
select d.id, d.kind, d.fate, d.began_on, d.closed_on, d.begin_known, d.first_contact_on, d.longest_back, d.longest_silence, d.amount
{FROM_LISTED} deal d on d.id = j.value
"""
GAPS_OF: Final = f"select d.gaps, d.closed_on {FROM_LISTED} deal d on d.id = j.value where d.fate = 'won'"
CLOSES_OF_WON: Final = f"""
select p.deal, p.what, p.value, p.made_on, p.entry, p.move {FROM_LISTED} promise p on p.deal = j.value and p.what = 'closes'
where exists (select 1 from deal d where d.id = j.value and d.fate = 'won') order by p.deal, p.seq
"""


_day = lru_cache(maxsize=8192)(date.fromisoformat)


def stored_metrics(
    cx: sqlite3.Connection, deals: Collection[int], what: MetricKind
) -> dict[MetricKind, Counter[Metric]]:
    """What the lines of deals, as they are kept, add up to: of one kind, and of those that come of the same rows."""
    asked = json.dumps(sorted(deals))
    together = next((whole for whole in (OF_HEAD, OF_STAYS) if what in whole), {what})
    by_kind: dict[MetricKind, Counter[Metric]] = {one: Counter() for one in together}
    for one, n in _counted(cx, asked, what).items():
        by_kind[one.what][one] = n
    return by_kind


def _counted(cx: sqlite3.Connection, asked: str, what: MetricKind) -> Counter[Metric]:
    """What stored lines add up to of one kind, and of those that come of the same rows."""
    if what in _OF_PROMISES:
        return Counter(_OF_PROMISES[what](cx, asked))
    if what == "gap":
        listed = (gaps for gaps, _ in cx.execute(GAPS_OF, (asked,)))
        return Counter(chain.from_iterable(of_gaps(map(int, gaps.split())) for gaps in listed))
    if what == "won_gap":
        won = cx.execute(GAPS_OF, (asked,))
        return Counter(chain.from_iterable(of_won_gaps(map(int, gaps.split()), _day(on)) for gaps, on in won))
    heads = list(_heads(cx, asked)) if what in OF_HEAD or what in OF_STAYS else []
    if what in OF_STAYS:
        stays = stays_of(cx, asked)
        return Counter(chain.from_iterable(of_stays(head, stays.get(deal, ())) for deal, head in heads))
    counted = Counter(chain.from_iterable(of_head(head) for _, head in heads))
    for one, amount in chain.from_iterable(money(head) for _, head in heads):
        counted[one] += amount
    return counted


def _heads(cx: sqlite3.Connection, asked: str) -> Iterator[tuple[int, MetricSource]]:
    """Of deals, by their ids in JSON, what metrics are made of."""
    for deal, kind, fate, began, closed, begin_known, first, *rest in cx.execute(TOLD_HEADS, (asked,)):
        yield (
            deal,
            MetricSource(
                kind,
                fate,
                _day(began),
                _day(closed) if closed else None,
                begin_known != 0,
                _day(first) if first else None,
                *rest,
            ),
        )


def _runs(cx: sqlite3.Connection, asked: str) -> Iterator[Metric]:
    promises = promises_by_deal(cx, asked, CLOSES_OF_WON)
    won = json.dumps(sorted(promises))
    stays = stays_of(cx, won)
    for deal, head in _heads(cx, won):
        if head.closed_on is not None:
            yield from runs(stays.get(deal, ()), promises[deal], head.closed_on)


def _ranks(cx: sqlite3.Connection, asked: str) -> Iterator[Metric]:
    promises = promises_by_deal(cx, asked, RANKS_OF_CLOSED)
    for deal, owner, fate, closed_on in cx.execute(CLOSED_OF, (asked,)):
        yield from of_ranks(owner, _day(closed_on), promises[deal], won=fate == "won")


# What is counted of promises.
_OF_PROMISES = {"run": _runs, "rank": _ranks}
