"""The frozen facts of a line: its events, what is built of them, and what was learned later about a finished deal."""

from datetime import date
from typing import Literal, TypeAlias, get_args

from nippo_cli.base.dates import When
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.line.span import Hold

Fate: TypeAlias = Literal["won", "lost", "live"]
# A fate with the live ones parted by a day: fizzled, or still open.
Outcome: TypeAlias = Literal["won", "lost", "fizzled", "open"]
# How a deal came into a stage: on the day that its first entry there says; on the day of a list, which differs from an earlier
# one or says how the deal ended; or, of a deal that a list says was there, nobody knows when (left-censored).
StayArrival: TypeAlias = Literal["known", "listed", "unknown"]
PromiseKind: TypeAlias = Literal["closes", "amount", "confidence", "next"]


class AsOf(NamedTuple):
    """The day a question is asked for. `known` hides what was learned later, as `--as-of` does: after `by`, or after
    the day itself where that is not said."""

    on: date
    known: bool = False
    by: date | None = None


class Statement(NamedTuple):
    """What an entry promised until a correction on a later day; the first of an entry counts from its own date,
    each later one from the day it became known."""

    known_on: date
    amount: int | None
    closes: When | None
    confidence: str | None
    next_step: str | None
    next_on: When | None


class DealEvent(NamedTuple):
    """An entry of a deal in its latest version, as `build_history` reads it.

    `earlier` holds what the entry promised before corrections made on later days than it was recorded,
    oldest first; `known_on` is then the day of the last such correction, when the values here were said.
    `accepts` is the promised acceptance, `source` where the lead came from; `evidence` has the bits of
    `Schema.evidence_bits` whose fields the entry fills in; `deadlines` is JSON, the day of each such field by its key;
    `billed_to` is whom the invoice goes to, `site` the plant, `ball` who has to move next. A `snapshot` says what is on its
    day, not what happened on it: since when the deal is in its stage is not known, and where it names none, neither is the stage.
    It is no `contact`; one that says how a deal `stands` (its activity is not marked as none) is where silence counts anew, since when
    anybody was spoken to before a list is not known.
    """

    id: int
    on: date
    stage: str | None
    contact: bool
    author: str
    activity: str | None
    customer: str | None
    kind: str | None
    amount: int | None
    closes: When | None
    confidence: str | None
    next_step: str | None
    next_on: When | None
    known_on: date | None = None
    earlier: tuple[Statement, ...] = ()
    accepts: When | None = None
    source: str | None = None
    evidence: int = 0
    deadlines: str | None = None
    billed_to: str | None = None
    site: str | None = None
    ball: str | None = None
    snapshot: bool = False
    stands: bool = False


class Handover(NamedTuple):
    """A deal assigned to an owner on a day."""

    id: int
    on: date
    owner: str


class DealRecord(NamedTuple):
    """A deal as its own records tell it, apart from its entries. `told_on`: the last day on which any of these records
    was known, or which it is dated."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    parent: int | None = None
    handovers: tuple[Handover, ...] = ()
    holds: tuple[Hold, ...] = ()
    told_on: date | None = None


class Stay(NamedTuple):
    """One unbroken stay in a stage (`""`: nobody knows in which). `days` is its length less held days: None while it lasts, for
    `won` and `lost`, which have none, and where either end is not known. `step` is how many stages it moved from the stay
    before; 0 for the first, and where that is not known. Of an `unknown` arrival, `entered_on` is the day since which the
    deal is known to be there."""

    stage: str
    entered_on: date
    left_on: date | None
    days: int | None
    entry: int
    step: int
    arrival: StayArrival = "known"


class Promise(NamedTuple):
    """A new value of something promised. `move` is the days by which an expected close moved, else None."""

    what: PromiseKind
    value: str | int
    made_on: date
    entry: int
    move: int | None


class DealSummary(NamedTuple):
    """A deal where its line ends. `amount` is in the currency's smallest unit; `slip_days` runs from the first
    promised close to the standing one; `next_step` and `next_on` stand until a later contact.

    `longest_back` is the longest silence after which a contact followed (0 for none); `longest_silence` also counts
    the one before a closed deal's end. Both in days, held days taken off; a contact that lost the deal is no return.
    `evidence` has the bits of `Schema.evidence_bits` that any entry filled in.

    `steady_since`: from this day on, the head of any day can be told from the stays begun and the promises made by then;
    customer, kind, owner, source, `billed_to` and `site` are the same. None where a correction changed what had been promised.

    `visited`: the stages that it is known to have been in; `went_back`: whether it ever moved to an earlier one. `arrival` is
    that of its last stay; `begin_known`: whether it began on `began_on`, which is else the day of a list that it stood in.

    `heard_on` is the day of the last contact, or that of a later list: then `last_contact` is None, and silence is at least the days
    since. Neither a contact nor a list: None.
    """

    id: int
    name: str
    customer: str
    kind: str
    owner: str
    parent: int | None
    stage: str
    entered_on: date
    stay_entry: int
    fate: Fate
    began_on: date
    closed_on: date | None
    last_on: date
    heard_on: date | None
    last_contact: int | None
    entries: int
    contacts: int
    amount: int | None
    closes: When | None
    first_closes: When | None
    closes_entry: int | None
    pushes: int
    pulls: int
    slip_days: int
    confidence: str
    next_step: str
    next_on: When | None
    next_entry: int | None
    holds: tuple[Hold, ...]
    first_contact_on: date | None = None
    longest_back: int = 0
    longest_silence: int = 0
    accepts: When | None = None
    source: str = ""
    evidence: int = 0
    steady_since: date | None = None
    visited: frozenset[str] = frozenset()
    went_back: bool = False
    billed_to: str = ""
    site: str = ""
    arrival: StayArrival = "known"
    begin_known: bool = True

    @property
    def last_contact_on(self) -> date | None:
        """The day of the last contact; None where there was none, or a later list leaves it unknown."""
        return None if self.last_contact is None else self.heard_on

    @property
    def silence_at_least(self) -> bool:
        """Whether a list hides when the last contact was, so that silence is at least the days since that list."""
        return self.last_contact is None and self.heard_on is not None

    @property
    def contacts_known(self) -> bool:
        """Whether all contacts are in the diary: of a deal that a list tells of, those before it are not."""
        listed = self.arrival != "known" or not self.begin_known or self.silence_at_least
        return not (listed or (self.contacts and self.first_contact_on is None))


class Deadline(NamedTuple):
    """Until when something of a deal holds: the field that says so, by its key, the day, and the entry that said it last."""

    field: str
    on: When
    entry: int


class BallTurn(NamedTuple):
    """From a day on, who has to move next: a choice of the field of the role `ball`; and the entry that it rests on."""

    holder: str
    since: date
    entry: int


class DealHistory(NamedTuple):
    """A deal's whole line. `gaps`: the days between a won deal's contact days, up to the closing entry; `deadlines` those
    that stand, by field; `balls` who had to move next from when on (both left out where lines are read by the thousand)."""

    head: DealSummary
    stays: tuple[Stay, ...]
    promises: tuple[Promise, ...]
    gaps: tuple[int, ...]
    deadlines: tuple[Deadline, ...] = ()
    balls: tuple[BallTurn, ...] = ()


class DealPlace(NamedTuple):
    """What tells where a deal stands in a list, of which a screen shows a few: as a `DealSummary` has it."""

    id: int
    stage: str
    fate: Fate
    began_on: date
    heard_on: date | None
    amount: int | None
    next_on: When | None
    holds: tuple[Hold, ...]


class ListedDeal(NamedTuple):
    """What a row of a table of deals says, and what tells where it stands in that and how: as a `DealSummary` has it."""

    id: int
    name: str
    customer: str
    owner: str
    kind: str
    stage: str
    entered_on: date
    arrival: StayArrival
    fate: Fate
    began_on: date
    closed_on: date | None
    heard_on: date | None
    amount: int | None
    closes: When | None
    next_on: When | None
    holds: tuple[Hold, ...]


class DealAt(NamedTuple):
    """As much of a deal as says where its money stands, as a `DealSummary` has it. `stage` is empty, and `next_on` None, on a past day
    where the last contact is too near for them to matter."""

    id: int
    stage: str
    fate: Fate
    began_on: date
    closed_on: date | None
    heard_on: date | None
    amount: int | None
    closes: When | None
    accepts: When | None
    confidence: str
    next_on: When | None
    holds: tuple[Hold, ...]


class DealRef(NamedTuple):
    """What a screen needs to name a deal."""

    id: int
    name: str
    customer: str
    owner: str


def ref(head: DealSummary) -> DealRef:
    """A head's name tag."""
    return DealRef(head.id, head.name, head.customer, head.owner)


def deal_tag(deal: int, name: str, customer: str) -> Message:
    """A deal as an error names it: its name, its id, its customer if it has one."""
    return msg("deal.tag.of" if customer else "deal.tag", id=show_id(deal), name=name, customer=customer)


def lead_days(head: DealSummary) -> int | None:
    """Lead time in days, from the first entry to the one that closed the deal; None while it is live, and where its beginning is
    not known."""
    return (head.closed_on - head.began_on).days if head.closed_on and head.begin_known else None


class Revisit(NamedTuple):
    """The day on which a deal, or a customer alone (`deal` None), is to be called again: who said so, when that was known, and
    why."""

    id: int
    deal: int | None
    customer: str
    on: date
    known_on: date
    author: str
    why: str


# How it is known: the customer was asked, it was found out otherwise, or it is a guess.
KnownBy: TypeAlias = Literal["asked", "found", "guess"]
WAYS: tuple[KnownBy, ...] = get_args(KnownBy)


class Review(NamedTuple):
    """A review of a deal: the real cause (a key of the schema's causes; empty where none was chosen) and what there
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
