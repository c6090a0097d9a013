"""What is one person: names without their blanks, which Japanese writers put between surname and name or leave out."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from nippo_cli.base.text import normal_form, unspaced

# What is written behind a name: polite words, and what people are in their company.
TITLES: Final = (
    "さん", "様", "氏", "くん", "君", "先生", "会長", "社長", "専務", "常務", "取締役", "執行役員", "役員", "監査役", "顧問", "代表",
    "本部長", "副部長", "部長", "課長", "係長", "班長", "主任", "主査", "次長", "室長", "所長", "工場長", "支店長", "店長", "局長", "理事",
    "リーダ", "マネージャ", "マネジャ",
)  # fmt: skip
# What a field says where there is nobody to name.
_NOBODY = frozenset((
    "なし", "無し", "ナシ", "特になし", "いない", "不明", "未定", "未確認", "調査中", "他社", "同業他社",
    "none", "nobody", "unknown", "n/a", "-",
))  # fmt: skip


@lru_cache(maxsize=65536)
def person_key(name: str) -> str:
    """A person's name to match by: its normal form without blanks. `山本　剛` and `山本剛` are one.

    Rule: docs/look-alikes.md#persons
    """
    key = unspaced(normal_form(name))
    # What stood apart may make a letter once it stands together.
    while (again := unspaced(normal_form(key))) != key:
        key = again
    return key


def one_spelling(names: Iterable[str]) -> dict[str, str]:
    """Of each name the one that stands for its person wherever people are told apart: of several spellings the first by its
    characters, `山田 太郎` before `山田太郎`."""
    shown: dict[str, str] = {}
    spelled = sorted(set(names))
    for name in spelled:
        shown.setdefault(person_key(name), name)
    return {name: shown[person_key(name)] for name in spelled}


def same_person(one: str, other: str) -> bool:
    """Whether two spellings are one person's."""
    return one == other or person_key(one) == person_key(other)


def is_named(said: str) -> bool:
    """Whether what a field says is anyone's name: `なし` is not."""
    return normal_form(said).strip() not in _NOBODY
