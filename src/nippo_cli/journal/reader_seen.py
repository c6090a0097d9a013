"""The part of some kept lines in the tally, of one kind of count at a time: no more of the lines is read than it needs."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache

from nippo_cli.journal import sql_lessons
from nippo_cli.journal import sql_read as read
from nippo_cli.journal.reader_lines import promises_by_deal, stays_by_deal
from nippo_cli.line.seen import OF_HEAD, OF_STAYS, Seen, Told, What, money, of_gaps, of_head, of_ranks, of_stays, runs

_day = lru_cache(maxsize=8192)(date.fromisoformat)


def kept_seen(cx: sqlite3.Connection, deals: Collection[int], what: What) -> Counter[Seen]:
    """What the lines of deals, as they are kept, add up to of one kind."""
    asked = json.dumps(sorted(deals))
    if what in _OF_PROMISES:
        return Counter(_OF_PROMISES[what](cx, asked))
    counted: Counter[Seen] = Counter()
    if what == "gap":
        for (gaps,) in cx.execute(read.GAPS_OF, (asked,)):
            counted.update(of_gaps(map(int, gaps.split())))
    elif what == "ordered":
        for _, head in _heads(cx, asked):
            counted.update(dict(money(head)))
    elif what in OF_HEAD:
        for _, head in _heads(cx, asked):
            counted.update(s for s in of_head(head) if s.what == what)
    elif what in OF_STAYS:
        stays = stays_by_deal(cx, asked)
        for deal, head in _heads(cx, asked):
            counted.update(s for s in of_stays(head, stays[deal]) if s.what == what)
    return counted


def _heads(cx: sqlite3.Connection, asked: str) -> Iterator[tuple[int, Told]]:
    for deal, kind, fate, began, closed, first, *rest in cx.execute(read.TOLD_HEADS, (asked,)):
        yield (
            deal,
            Told(kind, fate, _day(began), _day(closed) if closed else None, _day(first) if first else None, *rest),
        )


def _runs(cx: sqlite3.Connection, asked: str) -> Iterator[Seen]:
    promises = promises_by_deal(cx, asked, read.CLOSES_OF_WON)
    stays = stays_by_deal(cx, json.dumps(sorted(promises)))
    for deal, head in _heads(cx, json.dumps(sorted(promises))):
        if head.closed_on is not None:
            yield from runs(stays[deal], promises[deal], head.closed_on)


def _ranks(cx: sqlite3.Connection, asked: str) -> Iterator[Seen]:
    promises = promises_by_deal(cx, asked, sql_lessons.RANKS_OF_CLOSED)
    for deal, owner, fate, closed_on in cx.execute(sql_lessons.CLOSED_OF, (asked,)):
        yield from of_ranks(owner, _day(closed_on), promises[deal], won=fate == "won")


# What is counted of promises.
_OF_PROMISES = {"run": _runs, "rank": _ranks}
