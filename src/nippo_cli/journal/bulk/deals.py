"""The deals that an import's entries belong to: known by name, or begun by the first entry that names one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.ids import record_id
from nippo_cli.base.persons import same_person
from nippo_cli.base.text import normal_form
from nippo_cli.journal.bulk.deal_mentions import CalledByKey, DatedMention, DealMention, DealMentions, OwnRecords
from nippo_cli.journal.bulk.known import deal_with_key, has_key_beside
from nippo_cli.journal.bulk.new_deals import DealsOfNames, DealToBegin, NewDeals, OfName
from nippo_cli.journal.bulk.points import points_of_deals
from nippo_cli.journal.bulk.rows import EntryRows
from nippo_cli.journal.derive import Helped, build_new, is_worth_helping
from nippo_cli.journal.log import (
    ALL_POINTS,
    ANY_DEAL,
    ANY_SOURCE,
    NAME_TAG,
    NAMES,
    PUT_NAME,
    DealRecordState,
    Reach,
    Sealer,
    canonical,
)
from nippo_cli.line.facts import DealRecord, Handover
from nippo_cli.line.namesakes import Namesakes, SeveralDeals, may_become, meant

if TYPE_CHECKING:
    from nippo_cli.base.worker import Worker
    from nippo_cli.journal.write import Writer

# From so many deals on they are built by a process that did not read the file.
_FRESH_FROM: Final = 50_000
_BEGUN_AT_ONCE: Final = 1000
# Of so many deals that were there it is held at once what building them takes.
_REBUILT_AT_ONCE: Final = 5000
# As `canonical` writes it.
_BEGIN: Final = b'{"do":"begin","name":%b}'
OWNER_OF: Final = "select owner, last_on from deal where id = ?"
DROP_NAMES: Final = "delete from deal_name where deal = ?"
# The entries of a deal that an import wrote before one of them.
EARLIER_OF: Final = "select on_date, id, known_on from entry where deal = ? and id > ? and id < ?"


class ImportedDeals:
    """Those met so far.

    Args:
        apart: the names of which two legal forms are known; None: those that the journal has.
        has_row_a_deal: no two rows are of one deal.
    """

    def __init__(
        self,
        writer: "Writer",
        sealer: Sealer,
        *,
        batch: int,
        changes_customer: bool,
        apart: frozenset[str] | None = None,
        has_row_a_deal: bool = False,
    ) -> None:
        self._batch = batch
        self._has_row_a_deal = has_row_a_deal
        self._writer = writer
        self._changes = changes_customer
        # The same from the first row to the last, whatever these bring in.
        self._apart = writer.projection.customer_names.apart_names if apart is None else apart
        self._cx = writer.cx
        self._sealer = sealer
        self._base = record_id(writer.slot, 0)
        # Deals whose records wait to be written; and names that do, as they are bound.
        self._unwritten: list[tuple[int, DealToBegin]] = []
        self.names: list[tuple[object, ...]] = []
        # Whether the journal had none before.
        self.first = not self._cx.execute(ANY_DEAL).fetchone()
        # Those that an entry named already, by the name and the customer as they are written.
        self.by_pair: dict[tuple[str, str | None], int] = {}
        self._of_name = DealsOfNames(self._cx, writer.once_of, none_before=self.first)
        # Those that an entry named already by its source's key; and whether an earlier import may have said any.
        self.by_key: dict[str, int] = {}
        self._asks = self._cx.execute(ANY_SOURCE).fetchone() is not None
        # New ones with a key that no row asked for by their names so far: few files know deals by both.
        self._unasked: list[int] = []
        # A million rows have few days and few customers.
        self._texts: dict[str, str] = {}
        # By the normal form of a name, the deals of before that the source knows by no key.
        self._keyless: dict[str, list[OfName]] = {}
        self._claimed: dict[int, tuple[str, str]] = {}
        self._lines = DealMentions()
        # Those of before that rows spoke of since it was last looked at what need not be held.
        self._spoken_of: dict[int, None] = {}
        # What the own records of new deals say, apart from the one that begins each; and whose that is to be written anew.
        self._own: dict[int, OwnRecords] = {}
        self._called = CalledByKey(self._cx, writer.projection.batches)
        # Those that the import begins.
        self.new = NewDeals(self._cx)
        # Those that were left alone, since they were another customer's: a new one of the name was begun beside each.
        self.left: set[int] = set()
        # Of the new ones, those of which anything was known on an earlier day: on which.
        self._earlier: dict[int, str] = {}
        # By deal that was there: the last day on which anything of it was known, and on which anything happened.
        self._reached: dict[int, tuple[str, str]] = {}
        # Very many deals reach as far as few days do.
        self._reaches: dict[tuple[str, str], tuple[str, str]] = {}

    @property
    def count(self) -> int:
        """How many there are."""
        return self.new_count + len(self._reached)

    @property
    def new_count(self) -> int:
        """How many of them the import begins."""
        return self.new.count

    def let_go(self) -> None:
        """Where no two rows are of one deal, forget those whose row was written: the log has them. Kept are new ones whose
        entries call it otherwise than it was begun, or say another owner than who wrote them; older ones whose entries say a name or
        an owner that they have not; and what rows that are known call a deal that does not answer to that."""
        if not self._has_row_a_deal:
            return
        self.by_key.clear()
        self._called.look_up()
        for deal in self._spoken_of:
            said = self._lines.all_say(deal)
            if said and deal not in self._claimed and not self._tells(deal, said):
                self._lines.let_go(deal)
        self._spoken_of.clear()
        for deal in self._unasked:
            new = self.new[deal]
            said = self._lines.all_say(deal)
            if said and said.name == new.name and (not said.owner or same_person(said.owner, said.author)):
                self._lines.let_go(deal)
                self.new.leave_to_log(deal)
        self._unasked.clear()
        self._texts.clear()

    def id_of(self, name: str, customer: str | None, known_on: str, key: str | None = None) -> int:
        """The deal of a name and a customer (`line.namesakes.meant`), or of a source's key; where there is none it is begun, known
        on that day.

        Raises:
            SeveralDeals: it could be several; rows that leave that open are not to come here.
        """
        if key is not None:
            return self._of_key(key, name, customer, known_on)
        deal = self.by_pair.get((name, customer))
        if deal is not None:
            return deal
        whose = self._writer.projection.customer_names.name(customer or "")
        normal = normal_form(name)
        self._ask_for_keyed()
        deals = self._of_name[normal]
        own = meant(deals, whose, changes=self._changes, apart=self._apart) if deals else None
        if own is None:
            if deals:
                self._note_left(deals, whose)
            own = self._of_name.add(normal, self._begin(name, normal, known_on), whose)
        else:
            self._of_name.give(own, whose)
        # Whoever names no customer may mean another deal once there are two.
        self.by_pair[name, customer] = own.id
        return own.id

    def _ask_for_keyed(self) -> None:
        """Let new deals with a key be known by their names as well."""
        for deal in self._unasked:
            new, normal = self.new[deal], normal_form(self.new[deal].name)
            named = self._of_name[normal]
            self._of_name.whose[deal] = new.customer
            # What was written meanwhile answers already, as nobody's.
            if all(one.id != deal for one in named):
                self._of_name.add(normal, deal, new.customer)
        self._unasked.clear()

    def _note_left(self, deals: Sequence[OfName], whose: str) -> None:
        """Note those of a name that its new deal is begun beside, since they were another customer's."""
        loose = deals.loose if isinstance(deals, Namesakes) else deals
        nobodys = (deal for deal in loose if whose and not deal.customer)
        self.left.update(deal.id for deal in nobodys if not may_become(deal.once_of, whose, self._apart))

    def _of_key(self, key: str, name: str, customer: str | None, known_on: str) -> int:
        """The deal that a source knows by a key; else one of that name and customer that it knows by none, which has the key from
        now on; else one that is begun."""
        batches = self._writer.projection.batches
        deal = deal_with_key(self._cx, batches, key) if self._asks else None
        if deal is None:
            whose, normal = self._writer.projection.customer_names.name(customer or ""), normal_form(name)
            free = self._free(normal, key)
            own = None
            with suppress(SeveralDeals):
                own = meant(free, whose, changes=False, apart=self._apart)
            if own is None:
                self._note_left(free, whose)
                deal = self._begin(name, normal, known_on, key, whose)
                self._unasked.append(deal)
            else:
                deal = own.id
                self._claimed[deal] = key, known_on
                free.remove(own)
                self._of_name.give(own, whose)
        self.by_key[key] = deal
        return deal

    def _free(self, normal: str, key: str) -> list[OfName]:
        """The deals of a name that were there before the import and have no key, so that a row with this one may mean
        them."""
        if self.first:
            return []
        free = self._keyless.get(normal)
        if free is None:
            batches = self._writer.projection.batches
            free = [
                one
                for one in self._of_name[normal]
                if not self.new.ever(one.id) and not (self._asks and has_key_beside(self._cx, batches, one.id, key))
            ]
            if free:
                self._keyless[normal] = free
        return free

    def note(self, rows: EntryRows, ids: Sequence[int], deals: Sequence[int | None]) -> None:
        """Note what entries that were written say of their deals: how each is called, and whose it is."""
        for place, deal in enumerate(deals):
            if deal is not None:
                name = rows.deal_name[place] if rows.deal_key[place] is not None else None
                said = DealMention(name, rows.owner[place], rows.author[place])
                if self._has_row_a_deal and deal not in self.new:
                    self._spoken_of[deal] = None
                self._lines.note(deal, ids[place], rows.on_date[place], rows.known_on[place], said)

    def _earlier_of(self, deal: int, entry: int) -> Iterable[tuple[str, int, str]]:
        return self._cx.execute(EARLIER_OF, (deal, self._batch, entry))

    def note_known(self, key: str | None, name: str | None) -> None:
        """Note how a row that is known calls its deal, where its source knows that by a key."""
        if key is not None and name:
            self._called.note(key, name)

    def end_lines(self) -> None:
        """Write what entries say of how their deals are called and whose they are, once all of them are written: none is asked for
        by its name or its key any more."""
        for asked in (self.by_pair, self.by_key, self._of_name, self._keyless, self._unasked, self._texts):
            asked.clear()
        for deal, (key, known_on) in self._claimed.items():
            name = self._cx.execute(NAME_TAG, (deal,)).fetchone()
            self._tell(deal, {"do": "alias", "name": name[0] if name else ""}, known_on, known_on, key)
        for deal, points in self._lines.by_deal(self._earlier_of):
            if deal in self.new:
                self._tell_new(deal, points)
            else:
                self._tell_of_old(deal, points)
        today = self._writer.today.isoformat()
        for deal, name in self._called.renamed():
            self._tell(deal, {"do": "rename", "name": name}, today, today)

    def _tell_new(self, deal: int, points: Sequence[DatedMention]) -> None:
        """A deal begins under the name that its earliest entry says, with that one's author for its owner."""
        new = self.new[deal]
        names, owner = [name for point in points if (name := point.said.name)][:1], points[0].said.author
        own = OwnRecords(names[0] if names else new.name)
        for point in points:
            name, said = point.said.name, point.said.owner
            if name and name != own.names[-1]:
                self._tell(deal, {"do": "rename", "name": name}, point.on, point.known_on)
                own.names.append(name)
            if said and not same_person(said, owner):
                rec, owner = self._tell(deal, {"do": "assign", "owner": said}, point.on, point.known_on), said
                own.handovers.append(Handover(rec, date.fromisoformat(point.on), said))
            if (len(own.names), len(own.handovers)) != own.counted:
                own.count(point)
        if own.told_on:
            self._own[deal] = own
        if own.names[0] != new.name:
            self._earlier.setdefault(deal, new.known_on)
        self.new[deal] = new._replace(name=own.names[0])
        if own.names != [new.name]:
            self._cx.execute(DROP_NAMES, (deal,))
            self._cx.executemany(PUT_NAME, own.name_rows(deal))

    def _tell_of_old(self, deal: int, points: Sequence[DatedMention]) -> None:
        """A deal that was there: a name that it does not answer to is its new one if the latest of all its entries says it, else
        one more; it is handed over by whichever entry names another owner than the one before."""
        row = self._cx.execute(OWNER_OF, (deal,)).fetchone()
        owner, names = row[0] if row else points[0].said.author, self._names_of(deal)
        is_latest = row is None or points[-1].on >= row[1]
        for point in points:
            name, said = point.said.name, point.said.owner
            if name and normal_form(name) not in names:
                names.add(normal_form(name))
                do = "rename" if is_latest and name == points[-1].said.name else "alias"
                self._tell(deal, {"do": do, "name": name}, point.on, point.known_on)
            if said and not same_person(said, owner):
                self._tell(deal, {"do": "assign", "owner": said}, point.on, point.known_on)
                owner = said

    def _tells(self, deal: int, said: DealMention) -> bool:
        """Whether what all entries of a deal that was there say is a name or an owner that it has not."""
        row = self._cx.execute(OWNER_OF, (deal,)).fetchone()
        owner = row[0] if row else said.author
        is_named = not said.name or normal_form(said.name) in self._names_of(deal)
        return not (is_named and (not said.owner or same_person(said.owner, owner)))

    def _names_of(self, deal: int) -> set[str]:
        return {row[0] for row in self._cx.execute(NAMES, (deal,))}

    def _tell(self, deal: int, body: Mapping[str, object], on: str, known_on: str, key: str | None = None) -> int:
        day, known = date.fromisoformat(on), date.fromisoformat(known_on)
        rec = self._writer.append("deal", body, on=day, known_on=known, target=deal, batch=self._batch, source_key=key)
        if deal not in self.new:
            self.reach(deal, known_on, on)
        return rec.id

    def reach(self, deal: int, known_on: str, on: str) -> None:
        """Note that an entry was taken of a deal that was there before."""
        known, event = self._reached.get(deal, ("", ""))
        reached = (max(known, known_on), max(event, on))
        self._reached[deal] = self._reaches.setdefault(reached, reached)

    def _begin(self, name: str, normal: str, known_on: str, key: str | None = None, customer: str = "") -> int:
        known_on, customer = (self._texts.setdefault(text, text) for text in (known_on, customer))
        deal = self._base + self._writer.next_number()
        self.names.append((normal, deal, 0, name))
        self.new[deal] = new = DealToBegin(name, known_on, key, customer)
        self._unwritten.append((deal, new))
        return deal

    def begin_records(self) -> list[tuple[object, ...]]:
        """The records, as they are bound, of the deals begun since it was last asked."""
        deals, self._unwritten = self._unwritten, []
        return self._begin_records(deals)

    def _begin_records(self, deals: Sequence[tuple[int, DealToBegin]]) -> list[tuple[object, ...]]:
        ids, days, keys = [deal for deal, _ in deals], [new.known_on for _, new in deals], [new.key for _, new in deals]
        bodies = [bytearray(_BEGIN % canonical(new.name).encode()) for _, new in deals]
        authors, numbers = [self._writer.author] * len(deals), [deal - self._base for deal in ids]
        salts, seals = self._sealer.seal_all(numbers, "deal", authors, days, days, keys, bodies)
        return list(zip(ids, repeat("deal"), authors, days, days, keys, salts, bodies, seals, strict=False))

    def may_be_helped_by_reader(self) -> bool:
        """Whether the process that read the rows is to build histories. Of very many deals what it knew of each meanwhile takes as
        much memory as this one has: another one begins without. Few are built here alone."""
        return is_worth_helping(self.new_count) and self.new_count <= _FRESH_FROM

    def build_histories(self, second: "Worker | None", meanwhile: Iterator[object]) -> None:
        """Build each new deal's history, and have those that were there built anew, from entries that are all written.

        Args:
            second: a process that helps.
            meanwhile: other steps to be taken here while it does.
        """
        projection = self._writer.projection
        rows = self._cx.execute(ALL_POINTS) if self.first else points_of_deals(self._cx, self.new.ids())
        helped = Helped(second, meanwhile)
        build_new(self._cx, rows, projection.migrator.schema, self._state_of, deals=self.new_count, helped=helped)
        ahead = iter(self._reached.items())
        while some := list(islice(ahead, _REBUILT_AT_ONCE)):
            for deal, reached in some:
                projection.touch(deal, Reach(*reached))
            projection.flush()

    def earlier_begins(self) -> Iterator[tuple[object, ...]]:
        """The records, as they are bound, that begin those deals that were known earlier than their first entry in the file
        says; to be put in the place of those written.

        A deal is known from the first day on which any of its entries is, wherever in the file that stands. Its begin stands
        before its entries all the same. It is written anew within the transaction that wrote it: nobody has seen the other.
        """
        deals = ((deal, self.new.of(deal)._replace(known_on=on)) for deal, on in sorted(self._earlier.items()))
        while some := list(islice(deals, _BEGUN_AT_ONCE)):
            yield from self._begin_records(some)

    def _state_of(self, deal: int, rows: Sequence[Sequence[Any]]) -> tuple[DealRecordState, Reach] | None:
        """A new deal, and how far its records reach: the one that begins it, and its entries'."""
        if not self.new.ever(deal):
            return None
        new = self.new.of(deal)
        # In the order of their days, and few were known on a later one.
        first, known, last = rows[0][1], rows[-1][1], rows[-1][1]
        if any(late := [row[-2] for row in rows]):
            each = [day or row[1] for day, row in zip(late, rows, strict=True)]
            first, known = min(each), max(each)
        first = min(first, new.known_on)
        if first < new.known_on:
            self._earlier[deal] = first
        reached = Reach(known, max(first, last))
        own = self._own.get(deal)
        return DealRecordState(
            own.record(deal, first) if own else DealRecord(deal, new.name, told_on=date.fromisoformat(first)),
            alive=True,
            merges=(),
            into=None,
            reach=reached,
        ), reached
