"""What was learned later about a finished deal."""

from datetime import date
from typing import Literal, TypeAlias, get_args

from nippo_cli.base.frozen import NamedTuple

# How it is known: the customer was asked, it was found out otherwise, or it is a guess.
KnownBy: TypeAlias = Literal["asked", "found", "guess"]
WAYS: tuple[KnownBy, ...] = get_args(KnownBy)


class Review(NamedTuple):
    """A review of a deal: the real cause (a key of the agreement's causes; empty where none was chosen) and what there
    is to tell of it. `on` is the day it was learned, `who` learned it."""

    id: int
    deal: int
    on: date
    known_on: date
    who: str
    cause: str
    text: str
    known_by: KnownBy
    recorded_at: str = ""
