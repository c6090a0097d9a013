"""What is one customer: names without their legal form, which is written in front, behind, or not at all."""

import re
from collections.abc import Container, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from typing import Final

from nippo_cli.base.ids import show_id
from nippo_cli.base.text import normal_form, unspaced

# What each form is written as, in the normal form without blanks. Sources: 会社法 第2条・第6条 and the laws of the other
# corporations; the National Tax Agency's 法人番号公表サイト (法人種別); 全国銀行協会, 法人略語 for what stands in brackets; for the
# others ISO 20275, Entity Legal Forms.
_JAPANESE: Final = {
    "株式会社": ("(株)",), "有限会社": ("(有)",), "合同会社": ("(同)",), "合名会社": ("(名)",), "合資会社": ("(資)",),
    "一般社団法人": ("(一社)",), "公益社団法人": ("(公社)",), "一般財団法人": ("(一財)",), "公益財団法人": ("(公財)",),
    "社会医療法人": (), "医療法人社団": (), "医療法人財団": (), "医療法人": ("(医)",), "学校法人": ("(学)",),
    "社会福祉法人": ("(福)",), "宗教法人": ("(宗)",), "独立行政法人": ("(独)",), "国立大学法人": ("(大)",),
    "特定非営利活動法人": ("npo法人", "(特非)"), "社団法人": ("(社)",), "財団法人": ("(財)",), "農事組合法人": (),
    "監査法人": (), "税理士法人": (), "弁護士法人": (), "司法書士法人": (), "相互会社": ("(相)",),
}  # fmt: skip
# Behind a name only, after a blank, a comma or a letter of another script: `inc` also ends words.
_LATIN: Final = {
    "co ltd": ("co ltd", "company limited"), "ltd": ("ltd", "limited"), "inc": ("inc", "incorporated"),
    "corp": ("corp", "corporation"), "llc": ("llc", "l l c"), "kk": ("kk", "k k", "kabushiki kaisha"),
    "gmbh": ("gmbh",), "ag": ("ag",), "plc": ("plc",), "llp": ("llp",), "sa": ("s a",), "srl": ("s r l",),
    "bv": ("b v",), "pte ltd": ("pte ltd",), "co": ("co", "company"),
}  # fmt: skip
_POLITE: Final = ("御中", "様")

_FORM_OF: Final = {spelled: form for form, others in _JAPANESE.items() for spelled in (form, *others)}
# By their letters alone: dots, commas and blanks may be between them or not.
_LATIN_FORM_OF: Final = {spelled.replace(" ", ""): form for form, others in _LATIN.items() for spelled in others}
_BETWEEN: Final = " .,"


@cache
def _written() -> re.Pattern[str]:
    """What finds a Japanese form, the longest of those that begin there."""
    return re.compile("|".join(re.escape(form) for form in _longest_first(_JAPANESE)))


@cache
def _behind() -> re.Pattern[str]:
    """What finds a Latin form at the end."""
    return re.compile(rf"(?:^|(?<=[^a-z0-9]))[\s,.]*({_latin()})[\s.,]*$")


def _latin() -> str:
    return "|".join(form.replace(" ", r"[\s.,]*") for form in _longest_first(_LATIN, own=False))


def _longest_first(forms: Mapping[str, tuple[str, ...]], *, own: bool = True) -> list[str]:
    """How forms are written; with `own`, the form itself, too."""
    spelled = [spelled for form, others in forms.items() for spelled in ((form, *others) if own else others)]
    return sorted(spelled, key=len, reverse=True)


@lru_cache(maxsize=16384)
def customer_key(name: str) -> tuple[str, str]:
    """A customer's name to match by, and the legal form that it states ("" for none).

    The name is in its normal form without legal forms, blanks and a polite ending: `㈱青葉製作所`, `青葉製作所（株）` and
    `株式会社 青葉製作所 御中` are `青葉製作所`, 株式会社. A name that is nothing else stays whole, without a form.

    Rule: docs/look-alikes.md#customers
    """
    normal = normal_form(name)
    bare, form = normal, ""
    while True:
        shorter, stated = _without_form(bare)
        if shorter and shorter != bare:
            bare, form = shorter, form or stated
            continue
        # What stood apart may make a form, or a letter, once it stands together.
        together = unspaced(bare)
        if together == bare or (joined := normal_form(together)) == bare:
            return bare, form
        bare = joined


def customer_keys(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """`customer_key` of many names. Most are plain, and one look at all of them takes a fifth of the time that each by itself does."""
    own = list(dict.fromkeys(names))
    joined = "\n".join(own)
    normal = normal_form(joined)
    # A name that holds a line's end, or blanks alone, is not one line.
    if not joined.count("\n") == normal.count("\n") == len(own) - 1:
        return {name: customer_key(name) for name in own}
    return {
        name: (bare, _FORM_OF[form] if form else "") if bare else customer_key(name)
        for name, (form, bare) in zip(own, _plain().findall(normal), strict=True)
    }


@cache
def _plain() -> re.Pattern[str]:
    """What reads each line as a Japanese form in front, or none, and a name in which nothing is left that `_without_form` looks
    for; both are empty where a line is anything else."""
    return re.compile(rf"^(?:((?>{_written().pattern})?)([^\s(会法御様a-z.,]+)|.*)$", re.MULTILINE)


def _without_form(bare: str) -> tuple[str, str]:
    """A name less one legal form or polite ending, and that form."""
    if bare.endswith(_POLITE):
        ending = next(ending for ending in _POLITE if bare.endswith(ending))
        return bare.removesuffix(ending).strip(), ""
    # What each Japanese form holds one of: most names hold none, and need no pattern.
    if ("会社" in bare or "法人" in bare or "(" in bare) and (match := _written().search(bare)):
        return f"{bare[: match.start()]} {bare[match.end() :]}".strip(), _FORM_OF[match[0]]
    if "a" <= bare.rstrip(_BETWEEN)[-1:] <= "z" and (match := _behind().search(bare)):
        return bare[: match.start()].strip(_BETWEEN), _LATIN_FORM_OF["".join(re.split(r"[\s.,]+", match[1]))]
    return bare, ""


def written_otherwise(text: str) -> tuple[list[str], str]:
    """How else a text may be written that states a Japanese legal form, for a search; and what all these ways hold.

    A form in front of a name or behind it may stand at either end, with a blank or without: `(株)青葉` may be `株式会社青葉`, `青葉(株)`
    or `株式会社 青葉`, which all hold `青葉`. One within a text stays where it is. Nothing where no form is stated.
    """
    match = _written().search(text) if "会社" in text or "法人" in text or "(" in text else None
    if match is None:
        return [], ""
    form = _FORM_OF[match[0]]
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    name = before or after
    if before and after:
        ways = [f"{before}{written}{after}" for written in (form, *_JAPANESE[form])]
        name = max(before, after, key=len)
    else:
        ways = [
            way.strip()
            for written in (form, *_JAPANESE[form])
            for way in (f"{written}{name}", f"{name}{written}", f"{written} {name}", f"{name} {written}")
        ]
    return [way for way in dict.fromkeys(ways) if way != text], name


def company(name: str) -> str:
    """A customer's name to match by, whatever legal form it states: the first part of `customer_key`."""
    return customer_key(name)[0]


def same_customer(one: str, other: str, apart: Container[str] = frozenset()) -> bool:
    """Whether two spellings are one customer's: the same name, and no two different legal forms. Nobody ("") is the same as
    nobody alone.

    `青葉製作所` is the same as `株式会社青葉製作所`, and `株式会社青葉` another than `有限会社青葉`. Where both of these are known, a
    bare `青葉` is a customer of its own: nobody can tell whose it is (docs/look-alikes.md#customers).

    Args:
        apart: the names, as they are matched, of which two legal forms or more are known: `apart_names`.
    """
    if one == other:
        return True
    (name, form), (other_name, other_form) = customer_key(one), customer_key(other)
    if name != other_name or form == other_form:
        return name == other_name
    return (not form or not other_form) and name not in apart


_KEYED_AT_ONCE: Final = 10_000


def apart_names(names: Iterable[str]) -> frozenset[str]:
    """The names, as they are matched, that these state two legal forms of, or more."""
    forms: dict[str, str] = {}
    apart: set[str] = set()
    ahead = iter(names)
    # Some at a time: of a third of a million names all keys at once take 190 MB.
    while some := list(islice(ahead, _KEYED_AT_ONCE)):
        for bare, form in customer_keys(some).values():
            if form and forms.setdefault(bare, form) != form:
                apart.add(bare)
    return frozenset(apart)


def holds_customer(name: str, said: str) -> bool:
    """Whether a customer's name is, or holds, what is said, and no two different legal forms are stated."""
    (whole, form), (part, said_form) = customer_key(name), customer_key(said)
    return part in whole and (not form or not said_form or form == said_form)


def forms_beside(text: str, name: str) -> frozenset[str]:
    """The legal forms that a text states of a customer, in front of its name or behind it, each time it stands there; "" for a
    time without one. Empty where the name is not in the text.

    A form elsewhere is another's: `学校法人向け提案 青葉製作所` states none of 青葉製作所.
    """
    bare = company(name)
    if not bare or bare not in company(text):
        return frozenset()
    normal = normal_form(text)
    places = list(re.finditer(r"\s*".join(map(re.escape, bare)), normal))
    return frozenset(_form_at(normal[: place.start()], normal[place.end() :]) for place in places) or frozenset({""})


def _form_at(before: str, after: str) -> str:
    """The legal form between which and a name nothing stands. One behind a blank that goes on is the next name's."""
    written, polite = _written().pattern, "|".join(_POLITE)
    if match := re.search(rf"({written})\s*$", before):
        return _FORM_OF[match[1]]
    if match := re.match(rf"({written})|\s+({written})(?!(?!{polite})\w)", after):
        return _FORM_OF[match[1] or match[2]]
    if match := re.match(rf"[\s.,]*(?<![a-z0-9])({_latin()})(?![a-z0-9-])", after):
        return _LATIN_FORM_OF["".join(re.split(r"[\s.,]+", match[1]))]
    return ""


def fuller_name(before: str, said: str) -> str:
    """Of two spellings the one that a deal's customer is called by from now on: the later one, but for one that leaves out the
    legal form that the other states."""
    if not said or not before or said == before:
        return said or before
    (name, form), (said_name, said_form) = customer_key(before), customer_key(said)
    return before if name == said_name and form and not said_form else said


def customer_groups(names: Iterable[str], apart: Container[str] = frozenset()) -> dict[str, tuple[str, str]]:
    """Of each name what all names of its customer share. A name without a legal form is that of the only one that states one,
    but for those that are `apart`, as in `same_customer`."""
    return groups_of_keys(customer_keys(names), apart)


def groups_of_keys(
    keys: Mapping[str, tuple[str, str]], apart: Container[str] = frozenset()
) -> dict[str, tuple[str, str]]:
    """The same of names whose keys (`customer_key`) are known."""
    # Of most names none is without its form.
    stated: dict[str, set[str]] = {bare: set() for bare, form in keys.values() if not form}
    if not stated:
        return dict(keys)
    for bare, form in keys.values():
        if form and bare in stated:
            stated[bare].add(form)
    alone = {bare: (bare, next(iter(forms))) for bare, forms in stated.items() if len(forms) == 1 and bare not in apart}
    return {name: key if key[1] else alone.get(key[0], key) for name, key in keys.items()}


def deal_label(name: str, customer: str, deal: int | None = None) -> str:
    """A deal as it is called where others have its name: with its customer, as whoever types it may say it, too; with its id
    where that customer has another of the name."""
    whose = f"{customer} #{show_id(deal)}".strip() if deal is not None else customer
    return f"{name}（{whose}）" if whose else name


def by_contact_keys(met: Mapping[str, date]) -> dict[str, date]:
    """The last contact of each name as `last_heard` finds it: under the name whatever its legal form, and with it."""
    keys, last = customer_keys(met), dict[str, date]()
    for name, on in met.items():
        bare, form = keys[name]
        for key in (bare, f"{bare}\t{form}"):
            if last.get(key, date.min) < on:
                last[key] = on
    return last


def last_heard(heard: Mapping[str, date], key: tuple[str, str], apart: Container[str] = frozenset()) -> date | None:
    """The last contact with a customer, one without a legal form with whatever form; None where there was none.

    Args:
        heard: the last contact of each name, by `by_contact_keys`.
        key: the customer's (`customer_key`).
        apart: as in `same_customer`; asked only of a name whose last contact would be that of another spelling.
    """
    bare, form = key
    own, other = heard.get(f"{bare}\t{form}"), heard.get(f"{bare}\t" if form else bare)
    if other is None or (own is not None and own >= other) or bare in apart:
        return own
    return other
