"""Amounts of a table before a field reads them: as ledgers print them, in thousands or millions, and several added up."""

from collections.abc import Callable
from decimal import Decimal
from unicodedata import normalize

from nippo_cli.base.errors import msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.money import UnreadableAmount, read_money
from nippo_cli.base.tax import net_of
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.schema.schema import Currency
from nippo_cli.schema.types import ValueRefused

# Between the cells of a sum; no cell holds it.
APART = "\x1f"
_FINER = 6
_WITH_UNIT = frozenset("千万億kmKM")


class _Finer(NamedTuple):
    """A currency whose amounts may say more digits than it has: 1.5 thousand yen."""

    code: str
    digits: int


def reckoner(pick: ColumnRef, clean: Callable[[str], str], currency: Currency) -> Callable[[str], str]:
    """Cells → the amount that they come to, as people type it; "" where all of them are empty.

    The function raises `ValueRefused` where a cell is no amount, says a unit of its own beside the column's, or where the
    amount is finer than the currency.
    """
    signs, finer = pick.signs or (1,), _Finer(currency.code, currency.digits + _FINER)

    def amount(text: str) -> int:
        if pick.unit != 1 and _WITH_UNIT.intersection(text):
            raise ValueRefused(text, msg("exchange.needs.bare_amount"))
        try:
            return read_entered(text, finer)
        except UnreadableAmount:
            raise ValueRefused(text, msg("exchange.needs.amount")) from None

    def read(cells: str) -> str:
        texts = [clean(cell) for cell in cells.split(APART)]
        if not any(texts):
            return ""
        total = pick.unit * sum(sign * amount(text) for sign, text in zip(signs, texts, strict=True) if text)
        minor, rest = divmod(total, 10**_FINER)
        if rest:
            raise ValueRefused(" ".join(filter(None, texts)), msg("exchange.needs.amount"))
        minor = net_of(minor, pick.tax or 0).amount
        return str(Decimal(minor).scaleb(-currency.digits))

    return read


def read_entered(text: str, currency: Currency | _Finer) -> int:
    """An amount of a ledger in the smallest unit: `1,234`, `▲1,234`, `△1,234`, `-1,234`, `(1,234)`, `1,234-`.

    Raises:
        UnreadableAmount: it is none of these, nor an amount as people type it.
    """
    try:
        return read_money(text, currency)
    except UnreadableAmount:
        plain = normalize("NFKC", text).strip()
        if plain.startswith("(") and plain.endswith(")"):
            return -read_money(plain[1:-1], currency)
        if plain.endswith("-"):
            return -read_money(plain[:-1], currency)
        raise
