"""The columns that name a row of a file: chosen once, and used for every later file with the same columns."""

from collections.abc import Mapping, Sequence
from typing import Final

from nippo_cli.exchange.doubts import Doubt
from nippo_cli.exchange.proposing import Understood
from nippo_cli.exchange.sampling import Sample

ROW_KEY: Final = "row_key"
_SNAPSHOT: Final = (
    ("deal_key",), ("customer", "deal"), ("deal",), ("deal", "began"), ("customer", "deal", "began"),
    ("deal", "owner", "began"), ("customer", "deal", "owner", "began"), ("customer", "deal", "closes"),
    ("customer", "deal", "owner", "began", "closes"),
)  # fmt: skip

_CARDS: Final = (("customer", "people"), ("customer", "people", "on"), ("customer", "people", "title", "on"))


def choose_row_key(
    sample: Sample, understood: Understood, before: Sequence[str] | None, answers: Mapping[str, str]
) -> tuple[list[str], Doubt | None]:
    """The fewest columns that tell the rows of a file apart, none where nothing does; and what is to be decided.

    Args:
        before: the columns that named the rows of an earlier file; None where there was none. They go on doing so, since by others
            every row would be new: where rows now agree in all of them, a person decides.
        answers: what a person decided, by `Doubt.key`.
    """
    choices = [named for named in _choices(understood) if sample.is_unique(named)]
    if before is None:
        return (choices[0] if choices else []), None
    if not before or sample.is_unique(before):
        return list(before), None
    by_label = {key_label(named): named for named in [list(before), *choices]}
    doubt = Doubt(ROW_KEY, key_label(before), key_label(before), tuple(by_label), sample.repeated(before))
    said = answers.get(doubt.key, "")
    return (by_label[said], None) if said in by_label else (list(before), doubt)


def key_label(columns: Sequence[str]) -> str:
    """How the columns of a key are named to a person."""
    return " + ".join(columns)


def _choices(understood: Understood) -> list[list[str]]:
    """What may name a row: of deals as they stand the deal's key, or customer and deal, or with these what tells deals of one name
    apart; of a card whose it is; the fewest columns first."""
    roles = understood.roles
    choices = _SNAPSHOT if understood.shape == "snapshot" else _CARDS if understood.shape == "cards" else (("key",),)
    return [[roles[role] for role in choice] for choice in choices if all(role in roles for role in choice)]
