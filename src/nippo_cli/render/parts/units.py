"""Amounts of the landing in its unit: 万円, 千円, 円 or another currency's."""

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import current, t
from nippo_cli.schema.schema import Currency

# Above this many, amounts are told in thousands.
_MANY = 1_000_000
NONE = "–"


class AmountUnit(NamedTuple):
    """How many of the currency's smallest unit an amount on screen counts, and what it is called."""

    size: int
    name: str

    def show(self, amount: int | None, *, signed: bool = False) -> str:
        """An amount, rounded half up; a dash for none. `signed` puts a plus before what is above zero."""
        if amount is None:
            return NONE
        whole = (abs(amount) * 2 + self.size) // (2 * self.size)
        sign = "-" if amount < 0 and whole else "+" if signed and whole else ""
        return f"{sign}{whole:,}"


def unit_of(asked: int, currency: Currency, most: int) -> AmountUnit:
    """The unit of a page.

    Args:
        asked: how many yen, dollars… it is to count; 0 leaves it to the page: 万円 for yen in Japanese, else thousands
            where an amount is large.
        most: the largest amount of the page, in the currency's smallest unit.
    """
    one = 10**currency.digits
    yen = currency.code == "JPY"
    counts = asked or (10_000 if yen and current() == "ja" else 1000 if most >= _MANY * one else 1)
    known = {1: "one", 1000: "thousand", 10_000: "ten_thousand"}[counts]
    return AmountUnit(
        counts * one, t(f"landing.unit_yen_{known}") if yen else t(f"landing.unit_{known}", code=currency.code)
    )
