"""What stays the same about one deal however often it is written about: people and figures."""

import random
from collections import Counter
from typing import Any

from demo_story.bilingual import Text, english
from demo_story.scenarios import Scenario
from demo_story.words import cast

_TITLES = ("係長", "課長", "主任", "本部長", "事業部長", "部長", "工場長", "室長", "専務", "常務", "取締役", "社長")
_UNITS = {"new": ("台", "unit"), "renewal": ("式", "set"), "parts": ("個", "piece")}
_COMING_MONTHS = (Text("来月", "next month"), Text("再来月", "the month after next"))
_LINES = (
    Text("第1ライン", "line 1"), Text("第2ライン", "line 2"), Text("組立A棟", "assembly hall A"), Text("3号ライン", "line 3"),
    Text("仕上げ工程", "finishing"), Text("出荷棟", "dispatch"),
)  # fmt: skip


class DealCast:
    """A deal's own figures, drawn once, and the words that fill a sentence about it."""

    def __init__(self, scenario: Scenario, dice: random.Random) -> None:
        self.scenario = scenario
        self.dice = dice
        low, high = scenario.goods.price
        self.count = dice.randint(*scenario.goods.units)
        exact = dice.randint(low, high) * self.count
        self.amount = _tidy(exact) * 10_000
        self.cut_amount = _tidy(round(exact * dice.uniform(0.93, 0.97))) * 10_000
        self.rough_amount = round(exact, -2) * 10_000 or self.amount
        self.discounted = False
        people = cast()
        self.rival = dice.choice(people.rivals)
        staff, secs = dice.randint(3, 6), dice.randint(20, 45)
        self._fixed = {
            "goods": scenario.goods.name, "n": _counted(self.count, *_UNITS[scenario.goods.kind]),
            "site": scenario.customer.site, "rival": self.rival,
            "line": dice.choice(_LINES),
            "k": called(scenario.customer.user), "d": called(scenario.customer.decider), "b": called(scenario.customer.buyer),
            "intro": dice.choice([c.name for c in people.customers if c is not scenario.customer]), "head": people.head,
            "budget": in_words(max(50, round(exact * dice.uniform(0.85, 1.05), -2 if exact > 500 else -1)) * 10_000),
            "over": in_words(max(3, round(exact * dice.uniform(0.05, 0.14))) * 10_000),
            "m": staff, "m1": staff - dice.randint(1, 2), "p": dice.randint(12, 48), "q": dice.randint(2, 5),
            "h": dice.randint(6, 12), "y": dice.randint(2, 5), "t": secs, "t1": round(secs * 0.74), "t2": secs + 4,
            "w": dice.randrange(80, 400, 20), "e": _tens(dice.randrange(300, 1200, 20)), "yr": dice.randint(15, 24),
        }  # fmt: skip
        self._fixed["pain"] = dice.choice(scenario.goods.pains).format_map(self._fixed)
        self._said: Counter[str] = Counter()
        self.used: set[str] = set()

    def slots(self) -> dict[str, Any]:
        """What a sentence can speak of. What varies is taken in turn, so it does not repeat."""
        goods = self.scenario.goods
        words: dict[str, Any] = {**self._fixed, "when": "{closes}"}
        for name, options in (("spec", goods.specs), ("fear", goods.fears), ("good", goods.good), ("bad", goods.bad)):
            words[name] = options[self._said[name] % len(options)].format_map(self._fixed)
        words["effect"] = goods.effect.format_map(self._fixed)
        words["trouble"] = goods.trouble.format_map(self._fixed)
        words["eng"] = self.dice.choice(cast().engineers)
        words["mon"] = self.dice.choice(_COMING_MONTHS)
        words["amt"] = in_words(self.amount)
        words["amt2"] = in_words(self.cut_amount if self.discounted else self.amount)
        return words

    def spoke(self, template: str) -> None:
        """Remember a sentence and which of the varying words it used."""
        self.used.add(template)
        for name in ("spec", "fear", "good", "bad"):
            if f"{{{name}}}" in template:
                self._said[name] += 1

    @property
    def latest_amount(self) -> int:
        """The amount of the latest quote, in yen."""
        return self.cut_amount if self.discounted else self.amount


def called(person: tuple[str, str]) -> Text:
    """How one speaks of somebody: the surname and the last part of the title."""
    name, title = person
    titles = [t for t in _TITLES if title.endswith(t)]
    return Text(name + (max(titles, key=len) if titles else "さん"), f"{english(name)}-san")


def in_words(amount: float) -> Text:
    """Yen as a diary says them: `1,840万円`, `¥18,400,000`."""
    return Text(f"{amount // 10_000:,.0f}万円", f"¥{amount:,.0f}")


def _counted(count: int, ja: str, en: str) -> Text:
    """So many of something: `3台`, `3 units`."""
    return Text(f"{count}{ja}", f"{count} {en}{'' if count == 1 else 's'}")


def _tens(tens: int) -> Text:
    """A sum in 10,000 yen without its unit, in English in yen."""
    return Text(str(tens), f"{tens * 10_000:,}")


def _tidy(tens: int) -> int:
    """A price in 10,000 yen as it stands on a quote: to the nearest 10 when large, else 1."""
    return round(tens, -1) if tens > 300 else tens
