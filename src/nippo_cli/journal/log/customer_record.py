"""Which names are one customer's, and what it is called: what records of the kind `customer` say.

A customer's first record, its begin, says a name that the diary had already, and nothing else: whatever is said of the customer
(another name, an alias, that it is the same as another) targets it. A customer of whom nothing was said has no record.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from nippo_cli.base.customer_names import CustomerName, names_from, pick
from nippo_cli.base.customers import customer_key
from nippo_cli.journal.log.deal_record import Merge, effective
from nippo_cli.journal.log.records import Rec
from nippo_cli.journal.log.statements import EVERY_CUSTOMER
from nippo_cli.journal.log.versions import retracted, tree

# The begins of the same customer as one, or with a name like one of its own.
NEAR_BEGINS: Final = """
select o.said_of from customer_name n cross join customer_name o on o.customer = n.customer where n.said_of = :begin
union
select o.said_of from customer_name n cross join customer_name o on o.core = n.core where n.said_of = :begin
"""
BEGINS_OF_CORE: Final = "select distinct said_of from customer_name where core = ?"

# Every spelling of a customer in entries: of those whose deals they are, and of those who are billed for them.
DEALS_CALLED: Final = """
select e.deal from json_each(:names) j cross join entry e on e.customer = j.value where e.deal is not null
union select e.deal from json_each(:names) j cross join entry e on e.billed_to = j.value where e.deal is not null
"""


def names_of_customers(trees: Iterable[Sequence[Rec]]) -> list[CustomerName]:
    """The names of every customer, from the records of each: its begin, and what targets it. In whatever order they are given,
    what they say takes effect in that of the log."""
    begins, deeds = _begins_and_names(trees)
    home = _homes(begins)
    merges = [
        Merge(rec.recorded_at, rec.id, home[of], home[into])
        for rec, of in deeds
        if rec.parsed_body.get("do") == "merge" and (into := rec.parsed_body.get("into")) in home
    ]
    into = effective(merge for merge in merges if merge.deal != merge.into).into

    def customer_of(begin: int) -> int:
        at = home[begin]
        while at in into:
            at = into[at]
        return at

    said = [(rec.id, str(rec.parsed_body["name"])) for rec in begins]
    said += [
        (of, str(rec.parsed_body["name"])) for rec, of in deeds if rec.parsed_body.get("do") in ("rename", "alias")
    ]
    called = {rec.id: str(rec.parsed_body["name"]) for rec in begins}
    called.update(
        (home[of], str(rec.parsed_body["name"])) for rec, of in deeds if rec.parsed_body.get("do") == "rename"
    )
    rows = dict.fromkeys(CustomerName(*customer_key(name), of, name, customer_of(of), 1) for of, name in said)
    named: set[int] = set()
    return [_called(row, called, named) for row in rows]


def _called(row: CustomerName, called: dict[int, str], named: set[int]) -> CustomerName:
    """A customer's own name is marked, once."""
    if row.name != called[row.customer] or row.customer in named:
        return row
    named.add(row.customer)
    return row._replace(is_alias=0)


def near_begins(cx: sqlite3.Connection, begin: int) -> dict[int, list[Rec]]:
    """The begins on which it hangs which customer this one is, each with its records: those that share a name with it but for
    the legal form, those of its customer, and those that it was ever merged into; and so on from each of them."""
    trees = dict[int, list[Rec]]()
    ahead = {begin}
    while ahead:
        one = ahead.pop()
        trees[one] = records = tree(cx, one)
        said = [rec.parsed_body for rec in records if rec.kind == "customer"]
        cores = {customer_key(str(of["name"]))[0] for of in said if "name" in of}
        near = {into for of in said if isinstance(into := of.get("into"), int)}
        near.update(row[0] for row in cx.execute(NEAR_BEGINS, {"begin": one}))
        near.update(row[0] for core in cores for row in cx.execute(BEGINS_OF_CORE, (core,)))
        ahead |= near - trees.keys()
    return trees


def _begins_and_names(trees: Iterable[Sequence[Rec]]) -> tuple[list[Rec], list[tuple[Rec, int]]]:
    """The begins, and what stands of what was said of each; both in the order of the log. That a begin was taken back changes
    nothing: it says but a name that is there anyway."""
    begins: list[Rec] = []
    deeds: list[tuple[Rec, int]] = []
    for records in trees:
        first = records[0] if records else None
        if first is None or first.damaged or first.kind != "customer" or "name" not in first.parsed_body:
            continue
        begins.append(first)
        taken_back = retracted(records)
        deeds += [
            (rec, first.id)
            for rec in records[1:]
            if rec.kind == "customer" and not rec.damaged and rec.id not in taken_back and _says_enough(rec)
        ]
    begins.sort(key=lambda rec: (rec.recorded_at, rec.id))
    deeds.sort(key=lambda deed: (deed[0].recorded_at, deed[0].id))
    return begins, deeds


def _says_enough(rec: Rec) -> bool:
    """Whether anything is left of it: not of an erased one."""
    said = rec.parsed_body
    return ("name" in said) if said.get("do") in ("rename", "alias") else said.get("do") == "merge" and "into" in said


def _homes(begins: Sequence[Rec]) -> dict[int, int]:
    """Of each begin the first one of that customer: two devices may have begun it."""
    home: dict[int, int] = {}
    by_core: defaultdict[str, list[CustomerName]] = defaultdict(list)
    for rec in begins:
        name = str(rec.parsed_body["name"])
        core, form = customer_key(name)
        first = pick(by_core[core], form)
        home[rec.id] = first if first is not None else rec.id
        by_core[core].append(CustomerName(core, form, rec.id, name, home[rec.id], 1))
    return home


def deals_called(cx: sqlite3.Connection, spelled: Sequence[str]) -> list[int]:
    """The deals that an entry says to be of, or to be billed to, customers of these spellings."""
    return [deal for (deal,) in cx.execute(DEALS_CALLED, {"names": json.dumps(spelled)})]


def called_otherwise(cx: sqlite3.Connection, one: Sequence[CustomerName], other: Sequence[CustomerName]) -> list[str]:
    """The spellings of entries that the first rows call otherwise than the others do."""
    if set(one) == set(other):
        return []
    first, second = names_from(one), names_from(other)
    cores = {row.core for row in (*one, *other)}
    spelled = (name for (name,) in cx.execute(EVERY_CUSTOMER) if customer_key(name)[0] in cores)
    return [name for name in spelled if first.name(name) != second.name(name)]
