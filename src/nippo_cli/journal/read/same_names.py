"""Deals of one name: a name is unique within its customer, and recurs at others."""

import json
import sqlite3
from collections.abc import Collection
from datetime import date
from itertools import count
from typing import Final

from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.text import normal_form
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import NAME_TAG, NAMES, stored_names
from nippo_cli.journal.read.names import by_id
from nippo_cli.journal.read.unclear_names import NamedDeal
from nippo_cli.line.facts import AsOf

NAMESAKES: Final = """
select n.deal, coalesce(d.name, n.name), coalesce(d.customer, ''), coalesce(d.fate <> 'live', 0)
from deal_name n left join deal d on d.id = n.deal where n.folded = ? group by n.deal order by min(n.is_alias), n.deal
"""

SHARING_NAMES: Final = """
select d.id, d.name, d.customer, d.fate <> 'live' from deal_name n join deal d on d.id = n.deal
where not n.is_alias and exists (
  select 1 from deal_name o join deal e on e.id = o.deal where o.folded = n.folded and o.deal <> n.deal and not o.is_alias)
order by d.id
"""

CALLED_SO: Final = """
select distinct j.value from json_each(:names) j join deal_name n on n.folded = j.value
where not n.is_alias and n.deal not in (select value from json_each(:besides))
"""


def sharing_names(cx: sqlite3.Connection) -> list[NamedDeal]:
    """Every deal whose own name another deal has, too; a look through all names."""
    return [NamedDeal(deal, name, customer, bool(ended)) for deal, name, customer, ended in cx.execute(SHARING_NAMES)]


def called_so(cx: sqlite3.Connection, names: Collection[str], besides: Collection[int]) -> list[str]:
    """Those of some names, in their normal form, that a deal has for its own; the deals `besides` are left out."""
    bound = {"names": json.dumps(list(names), ensure_ascii=False), "besides": json.dumps(list(besides))}
    return [name for (name,) in cx.execute(CALLED_SO, bound)]


def namesakes(cx: sqlite3.Connection, name: str) -> list[NamedDeal]:
    """The deals that answer to a whole name, by their name or an alias; those of that name first. Never by an id."""
    return [
        NamedDeal(deal, called, customer, bool(ended))
        for deal, called, customer, ended in cx.execute(NAMESAKES, (normal_form(name),))
    ]


def holder(cx: sqlite3.Connection, name: str, customer: str) -> NamedDeal | None:
    """The deal that answers to a name, so that no other of this customer can begin under it: one of that customer, or of
    nobody where none is said (""); or whichever has it for its id."""
    of_id = by_id(AsOfView(cx, AsOf(date.max)), name) if read_id(name) is not None else None
    if of_id is not None:
        return tag(cx, of_id)
    names = stored_names(cx)
    return next((deal for deal in namesakes(cx, name) if names.same(deal.customer, customer)), None)


def free_name(cx: sqlite3.Connection, name: str, customer: str) -> str:
    """A name with the next number behind it that no deal of a customer answers to: `保守更新 2`."""
    numbered = (f"{name.strip()} {number}" for number in count(2))
    return next(one for one in numbered if holder(cx, one, customer) is None)


def tag(cx: sqlite3.Connection, deal: int) -> NamedDeal:
    """A deal as it stands; one without a line has no customer."""
    row = cx.execute(NAME_TAG, (deal,)).fetchone()
    if row is None:
        row = next(((name, "") for *_, is_alias, name in cx.execute(NAMES, (deal,)) if not is_alias), None)
    return NamedDeal(deal, *(row or (show_id(deal), "")))
