"""The deals that an import's entries belong to: known by name, or begun by the first entry that names one."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.customers import fuller_name
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import record_id
from nippo_cli.base.text import normal_form
from nippo_cli.journal.derive import Helped, build_new
from nippo_cli.journal.log import (
    _LATE,
    ALL_POINTS,
    ANY_DEAL,
    POINT_COLUMNS,
    DealRecordState,
    Reach,
    Sealer,
    canonical,
)
from nippo_cli.line.facts import DealRecord
from nippo_cli.line.namesakes import meant

if TYPE_CHECKING:
    from nippo_cli.base.worker import Worker
    from nippo_cli.journal.write import Writer

# The touched deals drive the plan: `cross join` keeps SQLite from turning it round.
TOUCHED_POINTS: Final = (
    f"select {POINT_COLUMNS}, {_LATE}, t.deal from temp.touched t cross join entry e on e.deal = t.deal"
    " order by t.deal, e.on_date, e.recorded_at, e.id"
)
TOUCHED_TABLE: Final = "create temp table if not exists touched (deal integer primary key)"
PUT_TOUCHED: Final = "insert or ignore into temp.touched values (?)"
CLEAR_TOUCHED: Final = "delete from temp.touched"


NAMESAKES: Final = """
select n.deal, coalesce(d.customer, ''), min(n.is_alias) from deal_name n left join deal d on d.id = n.deal
where n.folded = ? group by n.deal
"""


class _OfName:
    """A deal of a name, as rows meet it: whose it is by now, and whether the name is an alias."""

    __slots__ = ("customer", "id", "is_alias")

    def __init__(self, deal: int, customer: str, is_alias: int = 0) -> None:
        self.id = deal
        self.customer = customer
        self.is_alias = bool(is_alias)


class _NewDeal(NamedTuple):
    """A deal that the import begins: its name, and the day on which it was known when it was begun."""

    name: str
    known_on: str


class ImportedDeals:
    """Those met so far.

    Args:
        records: takes the records that begin deals, as they are bound.
    """

    def __init__(
        self, writer: "Writer", sealer: Sealer, records: list[tuple[Any, ...]], *, changes_customer: bool
    ) -> None:
        self._writer = writer
        self._changes = changes_customer
        self._cx = writer.cx
        self._sealer = sealer
        self._records = records
        self._base = record_id(writer.slot, 0)
        # Names that wait to be written, as they are bound.
        self.names: list[tuple[object, ...]] = []
        # Whether the journal had none before.
        self.first = not self._cx.execute(ANY_DEAL).fetchone()
        # Those that an entry named already, by the name and the customer as they are written.
        self.by_pair: dict[tuple[str, str | None], int] = {}
        # All of a name, by its normal form.
        self._of_name: dict[str, list[_OfName]] = {}
        # Those that the import begins.
        self.new: dict[int, _NewDeal] = {}
        # Of those, the ones of which anything was known on an earlier day: on which.
        self._earlier: dict[int, str] = {}
        # By deal that was there: the last day on which anything of it was known, and on which anything happened.
        self._reached: dict[int, tuple[str, str]] = {}

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.new) + len(self._reached)

    @property
    def new_count(self) -> int:
        """How many of them the import begins."""
        return len(self.new)

    def id_of(self, name: str, customer: str | None, known_on: str) -> int:
        """The deal of a name and a customer (`line.namesakes.meant`); where there is none it is begun, known on that day.

        Raises:
            SeveralDeals: it could be several; rows that leave that open are not to come here.
        """
        deal = self.by_pair.get((name, customer))
        if deal is not None:
            return deal
        normal = normal_form(name)
        deals = self._of_name.get(normal)
        if deals is None:
            rows = () if self.first else self._cx.execute(NAMESAKES, (normal,))
            deals = self._of_name[normal] = [_OfName(*row) for row in rows]
        own = meant(deals, customer or "", changes=self._changes)
        if own is None:
            own = _OfName(self._begin(name, normal, known_on), "")
            deals.append(own)
        own.customer = fuller_name(own.customer, customer or "")
        # Whoever names no customer may mean another deal once there are two.
        self.by_pair[name, customer] = own.id
        return own.id

    def reach(self, deal: int, known_on: str, on: str) -> None:
        """Note that an entry was taken of a deal that was there before."""
        known, event = self._reached.get(deal, ("", ""))
        self._reached[deal] = (max(known, known_on), max(event, on))

    def _begin(self, name: str, normal: str, known_on: str) -> int:
        deal = self._base + self._writer.next_number()
        self._records.append(self._begin_record(deal, name, known_on))
        self.names.append((normal, deal, 0, name))
        self.new[deal] = _NewDeal(name, known_on)
        return deal

    def _begin_record(self, deal: int, name: str, on: str) -> tuple[object, ...]:
        author, body = self._writer.author, bytearray(canonical({"do": "begin", "name": name}).encode())
        salt, seal = self._sealer.seal(deal - self._base, "deal", author, on, on, None, body)
        return (deal, "deal", author, on, on, None, salt, body, seal)

    def build_histories(self, second: "Worker | None", meanwhile: Iterator[object]) -> None:
        """Build each new deal's history, and have those that were there built anew, from entries that are all written.

        Args:
            second: a process that helps.
            meanwhile: other steps to be taken here while it does.
        """
        projection = self._writer.projection
        if self.first:
            rows = self._cx.execute(ALL_POINTS)
        else:
            self._cx.execute(TOUCHED_TABLE)
            self._cx.execute(CLEAR_TOUCHED)
            self._cx.executemany(PUT_TOUCHED, ((deal,) for deal in self.new))
            rows = self._cx.execute(TOUCHED_POINTS)
        helped = Helped(second, meanwhile)
        build_new(self._cx, rows, projection.migrator.schema, self._state_of, deals=len(self.new), helped=helped)
        for deal, reached in self._reached.items():
            projection.touch(deal, Reach(*reached))
        projection.flush()

    def earlier_begins(self) -> Iterator[tuple[object, ...]]:
        """The records, as they are bound, that begin those deals that were known earlier than their first entry in the file
        says; to be put in the place of those written.

        A deal is known from the first day on which any of its entries is, wherever in the file that stands. Its begin stands
        before its entries all the same. It is written anew within the transaction that wrote it: nobody has seen the other.
        """
        return (self._begin_record(deal, self.new[deal].name, on) for deal, on in sorted(self._earlier.items()))

    def _state_of(self, deal: int, rows: Sequence[Sequence[Any]]) -> tuple[DealRecordState, Reach] | None:
        """A new deal, and how far its records reach: the one that begins it, and its entries'."""
        if deal not in self.new:
            return None
        new = self.new[deal]
        first, known, last = new.known_on, "", ""
        for _, on, *_, late, _ in rows:
            first, known, last = min(first, late or on), max(known, late or on), on
        if first < new.known_on:
            self._earlier[deal] = first
        reached = Reach(known, max(first, last))
        return DealRecordState(
            DealRecord(deal, new.name, told_on=date.fromisoformat(first)),
            alive=True,
            merges=(),
            into=None,
            reach=reached,
        ), reached
