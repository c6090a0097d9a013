"""What is one person: names without their blanks, which Japanese writers put between surname and name or leave out."""

from functools import lru_cache
from typing import Final

from nippo_cli.base.text import normal_form, unspaced

# What is written behind a name: polite words, and what people are in their company.
TITLES: Final = (
    "さん", "様", "氏", "くん", "君", "先生", "会長", "社長", "専務", "常務", "取締役", "執行役員", "役員", "監査役", "顧問", "代表",
    "本部長", "副部長", "部長", "課長", "係長", "班長", "主任", "主査", "次長", "室長", "所長", "工場長", "支店長", "店長", "局長", "理事",
    "リーダ", "マネージャ", "マネジャ",
)  # fmt: skip


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


def same_person(one: str, other: str) -> bool:
    """Whether two spellings are one person's."""
    return one == other or person_key(one) == person_key(other)
