"""Which columns of a sheet that nobody wrote a map for hold money, and how it is written."""

import re
from collections.abc import Mapping
from typing import Final

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.doubts import EXAMPLES, LEAVE_OUT, Decisions, Doubt
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.recognition import header_key
from nippo_cli.exchange.sampling import Sample, amount_pick, day_columns, says_money, unread_amounts
from nippo_cli.exchange.sifting import says_total

_MONTH_HEAD: Final = re.compile(
    r"(?:\d{2,4}[年/.])?\s?(?:1[0-2]|0?[1-9])月度?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
    re.IGNORECASE,
)
_LEAST_MONTHS: Final = 4
# The amount of an order, and not of one that is expected.
_ORDER: Final = re.compile(
    "^(?:受注|成約|契約|決定)(?:金?額|価格|高)$|^(?:order|won|final|contract|closed)(?:amount|value|price)$"
)


def read_amount(
    sample: Sample, roles: dict[str, str], decisions: Decisions, cell_reader: CellReader
) -> ColumnRef | None:
    """How amounts are read. Where they can't be their column loses its role; what is money of another currency or below nothing is left
    out by nobody but a person."""
    column = roles.get("amount", "")
    amount = amount_pick(column, sample.values(column), cell_reader, sample.unit) if column else None
    if column and amount is None:
        del roles["amount"]
        if unread := unread_amounts(column, sample.values(column), cell_reader):
            decisions.decide(Doubt("unread_amount", column, "", (LEAVE_OUT,), unread[:EXAMPLES]))
    return amount


def by_money(sample: Sample, roles: dict[str, str], decisions: Decisions, cell_reader: CellReader) -> None:
    """A column whose head says in which money it is; where a title says so, the numbers below it are asked about, the largest first."""
    if "amount" in roles or decisions.asks("amount"):
        return
    free = [one for one in sample.columns if one and one not in roles.values() and sample.values(one)]
    amounts = [one for one in free if are_amounts(sample, one, cell_reader)]
    days = day_columns(sample, amounts, cell_reader)
    amounts = [one for one in amounts if one not in days]
    months = [one for one in amounts if _MONTH_HEAD.fullmatch(one)]
    if len(months) >= _LEAST_MONTHS:
        # What a deal brings in each month comes to what stands beside them as their sum.
        amounts = [one for one in amounts if one not in months]
        sums = [one for one in amounts if says_total([one])]
        if len(sums) == 1:
            roles["amount"] = sums[0]
            return
    own = [one for one in amounts if says_money(one)]
    if len(own) == 1:
        roles["amount"] = own[0]
    elif own or (amounts and sample.unit > 1):
        among = sorted(own or amounts, key=lambda one: -max(map(len, sample.values(one))))
        examples = tuple(sample.values(among[0])[:EXAMPLES])
        decisions.decide_role(Doubt("amount", "", among[0], tuple(among), examples), roles)


def order_amount(sample: Sample, roles: Mapping[str, str], cell_reader: CellReader) -> ColumnRef | None:
    """The amount for which deals were won (`受注金額`), where another column has the one that was quoted."""
    if "amount" not in roles or _ORDER.search(header_key(roles["amount"])):
        return None
    for column in sample.columns:
        if column and column not in roles.values() and _ORDER.search(header_key(column)):
            return amount_pick(column, sample.values(column), cell_reader, sample.unit)
    return None


def are_amounts(sample: Sample, column: str, cell_reader: CellReader) -> bool:
    """Whether the cells of a column can be read as amounts."""
    return amount_pick(column, sample.values(column), cell_reader) is not None
