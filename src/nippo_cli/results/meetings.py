"""The meetings of a day, as a calendar has them, offered as drafts."""

from collections.abc import Mapping, Sequence
from datetime import date

from nippo_cli.base.frozen import NamedTuple


class OfferedMeeting(NamedTuple):
    """A meeting that may become a draft: its times (`10:30`, "" for all day), the customer and the deal that its title names ("" for
    none), whom it is with, who of one's own house comes along. `taken`: it became a draft before; `draft` its number now, 0 for none."""

    uid: str
    title: str
    begins: str
    ends: str
    customer: str
    deal: str
    deal_id: int
    people: Sequence[str]
    companions: Sequence[str]
    taken: bool = False
    draft: int = 0


class MeetingsPage(NamedTuple):
    """What a calendar has on a day; `left_out` counts what is not offered: `private`, `cancelled`, `free`,
    `unreadable`."""

    file: str
    day: date
    meetings: Sequence[OfferedMeeting]
    left_out: Mapping[str, int]
    dry_run: bool = False
