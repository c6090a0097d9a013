"""What stays the same about one deal however often it is written about: people, figures, dates as one says them."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

from nippo_cli.base.dates import When
from nippo_cli.services.care.demo.scenarios import Scenario
from nippo_cli.services.care.demo.words import cast

_TITLES = ("係長", "課長", "主任", "本部長", "事業部長", "部長", "工場長", "室長", "専務", "常務", "取締役", "社長")
_FISCAL_START = 4
_UNITS = {"new": "台", "renewal": "式", "parts": "個"}
# Days before a month's end that still count as its end: the year's last workday lies there.
_CLOSE_TO_END = 6


class DealCast:
    """A deal's own figures, drawn once, and the words that fill a sentence about it."""

    def __init__(self, plot: Scenario, dice: random.Random) -> None:
        self.plot = plot
        self.dice = dice
        low, high = plot.goods.price
        self.count = dice.randint(*plot.goods.units)
        exact = dice.randint(low, high) * self.count
        self.amount = _tidy(exact) * 10_000
        self.cut_amount = _tidy(round(exact * dice.uniform(0.93, 0.97))) * 10_000
        self.rough_amount = round(exact, -2) * 10_000 or self.amount
        self.discounted = False
        people = cast()
        self.rival = dice.choice(people.rivals)
        staff, secs = dice.randint(3, 6), dice.randint(20, 45)
        self._fixed = {
            "goods": plot.goods.name, "n": f"{self.count}{_UNITS[plot.goods.kind]}", "site": plot.customer.site, "rival": self.rival,
            "line": dice.choice(("第1ライン", "第2ライン", "組立A棟", "3号ライン", "仕上げ工程", "出荷棟")),
            "k": called(plot.customer.user), "d": called(plot.customer.decider), "b": called(plot.customer.buyer),
            "intro": dice.choice([c.name for c in people.customers if c is not plot.customer]), "head": people.head,
            "budget": f"{max(50, round(exact * dice.uniform(0.85, 1.05), -2 if exact > 500 else -1)):,.0f}万円",
            "over": f"{max(3, round(exact * dice.uniform(0.05, 0.14))):,}万円",
            "m": staff, "m1": staff - dice.randint(1, 2), "p": dice.randint(12, 48), "q": dice.randint(2, 5),
            "h": dice.randint(6, 12), "y": dice.randint(2, 5), "t": secs, "t1": round(secs * 0.74), "t2": secs + 4,
            "w": dice.randrange(80, 400, 20), "e": dice.randrange(300, 1200, 20), "yr": dice.randint(15, 24),
        }  # fmt: skip
        self._fixed["pain"] = dice.choice(plot.goods.pains).format_map(self._fixed)
        self._said: Counter[str] = Counter()
        self.used: set[str] = set()

    def slots(self, on: date) -> dict[str, Any]:
        """What a sentence written on a day can speak of. What varies is taken in turn, so it does not repeat."""
        goods = self.plot.goods
        found = dict(self._fixed)
        for name, options in (("spec", goods.specs), ("fear", goods.fears), ("good", goods.good), ("bad", goods.bad)):
            found[name] = options[self._said[name] % len(options)].format_map(self._fixed)
        found["effect"] = goods.effect.format_map(self._fixed)
        found["trouble"] = goods.trouble.format_map(self._fixed)
        found["eng"] = self.dice.choice(cast().engineers)
        found["mon"] = f"{(on + timedelta(days=self.dice.randint(25, 45))).month}月"
        found["amt"] = in_words(self.amount)
        found["amt2"] = in_words(self.cut_amount if self.discounted else self.amount)
        return found

    def spoke(self, template: str) -> None:
        """Remember a sentence and which of the varying words it used."""
        self.used.add(template)
        for name in ("spec", "fear", "good", "bad"):
            if f"{{{name}}}" in template:
                self._said[name] += 1

    @property
    def standing_amount(self) -> int:
        """The amount of the latest quote, in yen."""
        return self.cut_amount if self.discounted else self.amount


def called(person: tuple[str, str]) -> str:
    """How one speaks of somebody: the surname and the last part of the title."""
    name, title = person
    found = [t for t in _TITLES if title.endswith(t)]
    return name + (max(found, key=len) if found else "さん")


def in_words(amount: int) -> str:
    """Yen as a diary says them: `1,840万円`."""
    return f"{amount // 10_000:,}万円"


def month_of(on: date) -> When:
    """The calendar month of a day."""
    last = (on.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return When(on.replace(day=1), last)


def half_of(on: date) -> When:
    """The fiscal half-year of a day, April to September or October to March."""
    if 4 <= on.month <= 9:
        return When(date(on.year, 4, 1), date(on.year, 9, 30))
    year = on.year if on.month >= 10 else on.year - 1
    return When(date(year, 10, 1), date(year + 1, 3, 31))


def said_when(when: When, on: date) -> str:
    """A promised time as one says it on a day: `12月末`, `来年3月`, `来期上期`."""
    if (when.last - when.first).days > 100:
        half = "上期" if when.first.month == _FISCAL_START else "下期"
        ahead = _fiscal_year(when.first) - _fiscal_year(on)
        return ("今期", "来期", "再来期")[max(0, min(ahead, 2))] + half
    year = ("", "来年", "再来年")[max(0, min(when.last.year - on.year, 2))]
    if not when.exact:
        return f"{year}{when.last.month}月"
    ends = month_of(when.last).last
    return (
        f"{year}{when.last.month}月末"
        if (ends - when.last).days <= _CLOSE_TO_END
        else f"{year}{when.last.month}月{when.last.day}日"
    )


def _fiscal_year(on: date) -> int:
    return on.year if on.month >= _FISCAL_START else on.year - 1


def _tidy(tens: int) -> int:
    """A price in 10,000 yen as it stands on a quote: to the nearest 10 when large, else 1."""
    return round(tens, -1) if tens > 300 else tens
