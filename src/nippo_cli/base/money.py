"""Amounts as people type and read them. Inside, money is an integer in the currency's smallest unit."""

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from nippo_cli.base.errors import Message, UsageError, msg
from nippo_cli.base.language import current

_MOST_DIGITS = 18
MOST = 10**_MOST_DIGITS - 1
_LONGEST = 40
_SYMBOLS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩", "INR": "₹", "THB": "฿", "VND": "₫"}
_NAMES = {"JPY": ("円",), "USD": ("us$", "ドル"), "EUR": ("ユーロ",)}
_UNITS = {"億": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "k": 10**3, "m": 10**6, "bn": 10**9}
_PART = r"(?a:(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(億|千万|百万|万|千|bn|k|m)?)"
_CLOSING = r"\.?[-‐–—―─ー\u2212]+$"
_BLANKS = r"(?<!\d)\s+|\s+(?!\d)"

if TYPE_CHECKING:
    from typing import Protocol

    class CurrencyLike(Protocol):
        """An ISO 4217 code and how many digits its smallest unit stands behind the point; the schema has one."""

        @property
        def code(self) -> str:
            """`JPY`, `USD`…"""

        @property
        def digits(self) -> int:
            """0 for yen, 2 for cents."""


class UnreadableAmount(UsageError, ValueError):
    """An amount that can't be read; `needs` names what can."""

    def __init__(self, said: str, currency: "CurrencyLike") -> None:
        self.said = said
        yen = currency.code == "JPY"
        self.needs: Message = msg("money.needs.yen") if yen else msg("money.needs.other", code=currency.code)
        super().__init__(msg("money.unreadable", said=said, needs=self.needs))


def read_money(text: str, currency: "CurrencyLike") -> int:
    """An amount in the currency's smallest unit, from `120万`, `1.2億`, `1億2,000万円`, `￥300,000-`, `1,234.50`…

    Raises:
        UnreadableAmount: it is no amount, is finer than the smallest unit, or is in another currency.
    """
    # Bare digits, as programs write them, need no looking at: a twentieth of the time.
    if text.isdecimal() and text.isascii() and len(text) + currency.digits <= _MOST_DIGITS:
        return int(text + "0" * currency.digits)
    plain = normalize("NFKC", text).strip()
    if len(plain) > _LONGEST:
        raise UnreadableAmount(text, currency)
    plain = re.sub(_BLANKS, "", plain.casefold())
    if currency.code == "JPY" and not plain[-1:].isdigit():
        plain = _unclosed(plain)
    sign, plain = _sign(_bare(plain, currency))
    # Compiled when first met: most commands show amounts and read none.
    part = re.compile(_PART)
    total, at, last, behind = 0, 0, 0, ""
    while at < len(plain):
        match = part.match(plain, at)
        if match is None or behind:
            raise UnreadableAmount(text, currency)
        unit = _UNITS.get(match[3] or "", 1) * 10**currency.digits
        behind = match[2] or ""
        amount, left = divmod(int(match[1].replace(",", "") + behind) * unit, 10 ** len(behind))
        # `1億2,000万` runs from great to small; `5万1億` is a slip of the keyboard.
        if left or (at and (unit >= last or amount >= last)):
            raise UnreadableAmount(text, currency)
        total, at, last = total + amount, match.end(), unit
    if not at or total > MOST:
        raise UnreadableAmount(text, currency)
    return sign * total


def show_money(amount: int, currency: "CurrencyLike") -> str:
    """An amount as a person reads it: `1,200,000円` or `¥1,200,000` by language, `$1,234.50`, `1,234.50 CHF`."""
    whole, rest = divmod(abs(amount), 10**currency.digits)
    sign = "-" if amount < 0 else ""
    number = f"{whole:,}.{rest:0{currency.digits}}" if currency.digits else f"{whole:,}"
    if currency.code == "JPY" and current() == "ja":
        return f"{sign}{number}円"
    symbol = _SYMBOLS.get(currency.code)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency.code}"


def _unclosed(plain: str) -> str:
    """Yen without what closes them on paper, so that nobody adds a digit: `¥4,950,000-`, `¥4,950,000.-`, `金4,950,000円也`. A stroke behind
    bare digits is a minus to some ledgers, and stays."""
    plain = plain.removeprefix("金").removesuffix("也")
    return re.sub(_CLOSING, "", plain) if "¥" in plain[:2] or "円" in plain else plain


def _bare(plain: str, currency: "CurrencyLike") -> str:
    """Without the currency's own symbol or name, before it or behind it."""
    sign = plain[:1] if plain[:1] in _MINUS else ""
    plain = plain[len(sign) :]
    for name in (currency.code.casefold(), *_NAMES.get(currency.code, ()), _SYMBOLS.get(currency.code, "")):
        if name and (plain.startswith(name) or plain.endswith(name)):
            plain = plain.removeprefix(name) if plain.startswith(name) else plain.removesuffix(name)
    return sign + plain


# Accounting in Japan writes ▲ or △ for minus; U+2212 is the typographer's.
_MINUS = ("-", "▲", "△", "\u2212")


def _sign(plain: str) -> tuple[int, str]:
    return (-1, plain[1:]) if plain[:1] in _MINUS else (1, plain)
