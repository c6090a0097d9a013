"""Which columns of a sheet that nobody wrote a map for name deals and customers, and which tell in sentences what was said."""

import re
from collections.abc import Sequence
from typing import Final

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.doubts import EXAMPLES, Decisions, Doubt
from nippo_cli.exchange.recognition import header_key, words
from nippo_cli.exchange.sampling import Sample, day_columns

SURE, LIKELY = 0.7, 0.4
_LEAST_LATIN: Final = 4
_LONGEST_NAME: Final = 40
# Roles of what was said, and from how many letters on a cell is more than a word.
_REPORTED: Final = ("facts", "impression")
_SENTENCE: Final = 10
_FEWEST_NAMES: Final = 3
# How a deal stands, and what was noted of it, is not what it is called, in however few letters.
_OF_STATE: Final = re.compile(
    "状|経過|近況|メモ|備考|コメント|所|特記|連絡|note|memo|comment|remark|situation|histor", re.IGNORECASE
)


def name_score(name: str, key: str) -> float:
    """How much of a column's name a word is, 1 where it is all of it; both as `header_key` has them."""
    if name == key:
        return 1.0
    short, long = (name, key) if len(name) <= len(key) else (key, name)
    if len(short) < len(long) * LIKELY or short not in long or (short.isascii() and len(short) < _LEAST_LATIN):
        return 0.0
    share = len(short) / len(long)
    # A head that says less than the word may mean another: nearly all of it must stand there.
    return share if short == name or share >= SURE else 0.0


def is_prose(sample: Sample, column: str) -> bool:
    """Whether a column's head says among other things that it holds what was said (商談内容・所感), and most of its cells are sentences."""
    texts = sample.values(column)
    if sum(len(text) >= _SENTENCE or "\n" in text for text in texts) * 2 <= len(texts):
        return False
    return any(name_score(name, header_key(column)) for role in _REPORTED for name in words().columns[role])


def ask_customer(sample: Sample, roles: dict[str, str], decisions: Decisions, cell_reader: CellReader) -> None:
    """Ask which column has the customers of deals that no head names, where one may have them: names, nearly one in each row, some of
    them in several."""
    if roles.keys() & {"customer", "on"} or not {"deal", "amount"} <= roles.keys() or decisions.asks("deal"):
        return
    free = [one for one in sample.columns if one and one not in roles.values() and _are_names(sample, one)]
    days = day_columns(sample, free, cell_reader)
    likely = by_variety(sample, [one for one in free if one not in days], cell_reader)
    if likely and not decisions.asks("customer"):
        decisions.decide_role(
            Doubt("customer", "", likely[0], likely, tuple(sample.values(likely[0])[:EXAMPLES])), roles
        )


def _are_names(sample: Sample, column: str) -> bool:
    """Whether a column's cells may be names of customers: short texts without a figure, in nearly all rows, some of them in several."""
    texts, filled = sample.values(column), sample.cells[column].total()
    if not _FEWEST_NAMES <= len(texts) < filled or filled * 5 < sample.rows * 4 or is_prose(sample, column):
        return False
    return max(map(len, texts)) <= _LONGEST_NAME and not any(
        text.strip()[-1:].isdecimal() or text[-1:] in "%％" for text in texts
    )


def sorts_deals(sample: Sample, column: str) -> bool:
    """Whether a column whose head only hints at what deals are called has few words, each in several rows: 商材区分 sorts deals."""
    return len(sample.values(column)) * 2 <= sample.cells[column].total()


def by_short_texts(sample: Sample, roles: dict[str, str]) -> None:
    """What a deal is about is what it is called, where no other column says that and what stands in it is as short as a name."""
    column = roles.get("facts", "")
    texts = sample.values(column)
    tells_deals = roles.keys() & {"stage", "status", "amount", "closes"} and "on" not in roles
    if "deal" in roles or not tells_deals or not texts:
        return
    filled = sample.cells[column].total() * 5 >= sample.rows * 4
    if (
        filled
        and not _OF_STATE.search(column)
        and len(texts) * 2 >= sample.rows
        and max(map(len, texts)) <= _LONGEST_NAME
    ):
        roles["deal"] = roles.pop("facts")


def by_variety(sample: Sample, columns: Sequence[str], cell_reader: CellReader) -> tuple[str, ...]:
    """Columns by how many different texts they hold, most first; numbers and days last: what a deal is called is a text of its own."""
    days = day_columns(sample, columns, cell_reader)

    def rank(column: str) -> tuple[bool, int]:
        values = sample.values(column)
        numbers = all(cell.strip().replace(",", "").isdecimal() for cell in values)
        return (numbers or column in days, -len(values))

    return tuple(sorted(columns, key=rank))
