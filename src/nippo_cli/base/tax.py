"""Tax on an amount: a rate as people write it, and an amount with the tax and without.

A rate is in hundredths of a percent: 10 % is 1,000. Tax is rounded down to the currency's smallest unit, as on most invoices.
"""

import re
from decimal import Decimal
from typing import Final
from unicodedata import normalize

from nippo_cli.base.errors import Message, UsageError, msg
from nippo_cli.base.frozen import NamedTuple

_WHOLE: Final = 10_000
_RATE: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2})?) ?%")


class UnreadableRate(UsageError, ValueError):
    """A rate that can't be read; `needs` names what can."""

    def __init__(self, said: str) -> None:
        self.said = said
        self.needs: Message = msg("tax.needs.rate")
        super().__init__(msg("tax.unreadable", said=said, needs=self.needs))


def read_rate(said: str) -> int:
    """A rate as it is written, `10%`, `８％` or `8.1 %`, from 0 % to below 100 %.

    Raises:
        UnreadableRate: it is none; a bare number is none either: nobody knows whether `0.1` is a tenth or a thousandth.
    """
    match = _RATE.fullmatch(normalize("NFKC", said).strip())
    if match is None:
        raise UnreadableRate(said)
    return int(Decimal(match[1]) * 100)


def show_rate(rate: int) -> str:
    """A rate as `read_rate` reads it: `10%`, `8.1%`."""
    return f"{Decimal(rate).scaleb(-2).normalize():f}%"


class Net(NamedTuple):
    """An amount without tax; `gross` and `tax` say what it was with it and at which rate, where one was taken off."""

    amount: int
    gross: int | None = None
    tax: int = 0


def net_of(gross: int, rate: int) -> Net:
    """An amount less the tax of a rate that is in it; of no rate the amount itself."""
    return Net(without_tax(gross, rate), gross, rate) if rate else Net(gross)


def net_less(gross: int, tax: int) -> Net:
    """An amount less the tax in it, as its source says that; the rate is what the two come to."""
    net = gross - tax
    if not tax or not net:
        return Net(gross)
    # Ledgers round each line in their own way: a whole percentage that comes within a yen of it was meant.
    rate = round(abs(tax) * _WHOLE / abs(net))
    whole = round(rate, -2)
    return Net(net, gross, whole if abs(with_tax(net, whole) - gross) <= 1 else rate)


def with_tax(amount: int, rate: int) -> int:
    """An amount with the tax that comes to it; a credit note's as much below nothing."""
    taxed = abs(amount) + abs(amount) * rate // _WHOLE
    return taxed if amount >= 0 else -taxed


def without_tax(gross: int, rate: int) -> int:
    """The amount that comes to so much with its tax: the smallest whose `with_tax` is not less."""
    amount = -(-abs(gross) * _WHOLE // (_WHOLE + rate))
    return amount if gross >= 0 else -amount
