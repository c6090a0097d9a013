"""Every projection from the log alone."""

import sqlite3
from collections.abc import Iterable, Iterator

from nippo_cli.journal import sql, sql_ledger, tables
from nippo_cli.journal.begun import DealState, deal_of, merged_ever, placed, read_deal, root
from nippo_cli.journal.binding import bind_fast
from nippo_cli.journal.folding import fold_many
from nippo_cli.journal.ledger_rows import plain_sale, put_sale, put_target
from nippo_cli.journal.lens import Lens, fold_shape
from nippo_cli.journal.points import entry_row
from nippo_cli.journal.projection import put_hold, put_names
from nippo_cli.journal.remarks import comment_row, put_day
from nippo_cli.journal.reviews import put_review
from nippo_cli.journal.versions import (
    Batches,
    EntryState,
    Reach,
    Rec,
    deals_ever,
    entry_versions,
    reach,
    tree,
)
from nippo_cli.schema.agreement import Agreement


def rebuild(cx: sqlite3.Connection) -> None:
    """Empty every projection and derive it again from the log, in the caller's transaction.

    The search index is not among them: it is filled behind its own watermark.
    """
    for table in tables.PROJECTIONS:
        cx.execute(f"delete from {table}")
    for name in (*tables.ENTRY_INDEXES, *tables.DEAL_INDEXES):
        cx.execute(f"drop index if exists {name}")
    _agreements(cx)
    _Rebuild(cx).run()
    for statement in (*tables.ENTRY_INDEXES.values(), *tables.DEAL_INDEXES.values()):
        cx.execute(statement)


def _agreements(cx: sqlite3.Connection) -> None:
    for row in cx.execute(sql.LOG_OF_KIND, ("schema",)).fetchall():
        put_agreement(cx, Rec(*row))


def put_agreement(cx: sqlite3.Connection, rec: Rec) -> None:
    """The `agreement` row of a schema record."""
    said = rec.said
    shape = fold_shape(Agreement.from_json(said["agreement"]))
    cx.execute(
        sql.INSERT_AGREEMENT,
        (rec.id, rec.known_on, rec.recorded_at, said["sha256"], shape),
    )


class _Rebuild:
    """One rebuild: what it knows of each deal before it folds."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self.cx = cx
        self.lens = Lens(cx)
        self.batches = Batches(cx)
        self.targeted = {row[0] for row in cx.execute(sql.ALL_TARGETED)}
        self.deals: dict[int, DealState] = {}
        self.reached: dict[int, Reach] = {}

    def run(self) -> None:
        bind_fast()
        self._deals()
        self._entries()
        self._holds()
        self._ledger()
        self._remarks()
        self._reviews()
        self._reach_into_merged()
        self.cx.execute(sql.COUNT_DID)
        # Sorted by SQLite as it is read: the index it would use does not exist yet.
        folded = set(
            fold_many(
                self.cx,
                self.cx.execute(sql.ALL_POINTS),
                self.lens,
                self.batches,
                self._state_of,
            )
        )
        for deal in self.deals:
            state, reached = self._known(deal)
            if deal not in folded:
                self.cx.execute(sql.PUT_GONE, (deal, state.into, *reached))
            put_names(self.cx, state, has_line=deal in folded, fresh=True)

    def _deals(self) -> None:
        for row in self.cx.execute(sql.BEGINS).fetchall():
            rec = Rec(*row)
            records = tree(self.cx, rec.id) if rec.id in self.targeted else [rec]
            self.deals[rec.id] = deal_of(records, self.batches)
        for deal, state in self.deals.items():
            into = placed(state, self.deals.get).into
            if into is not None:
                self.deals[deal] = state._replace(into=into)
                self.cx.execute(sql.PUT_GONE, (deal, into, *state.reach))

    def _entries(self) -> None:
        self.cx.executemany(sql.PUT_ENTRY, self._entry_rows())

    def _entry_rows(self) -> Iterator[tuple[object, ...]]:
        columns = self.lens.columns
        for row in self.cx.execute(sql.LOG_OF_KIND, ("entry",)):
            rec = Rec(*row)
            if rec.id in self.targeted or rec.body is None or (rec.batch and self.batches.reach(rec.batch).known_on):
                records = tree(self.cx, rec.id)
                self._reach(deals_ever(records), reach(records) | self.batches.reach(rec.batch))
                versions = entry_versions(records, self.lens, self.batches)
            else:
                versions = entry_versions([rec], self.lens)
                if versions[0].deal is not None:
                    self._reach((versions[0].deal,), Reach(rec.known_on, versions[0].on))
            if versions:
                state = versions[-1]
                yield entry_row(state, columns(state.schema, state.values), self._root(state))

    def _root(self, state: EntryState) -> int | None:
        if state.deal is None:
            return None
        found = self.deals.get(state.deal)
        return state.deal if found is None or found.into is None else root(self.cx, state.deal)

    def _reach(self, deals: Iterable[int], reached: Reach) -> None:
        for deal in deals:
            before = self.reached.get(deal)
            self.reached[deal] = reached if before is None else before | reached

    def _reach_into_merged(self) -> None:
        for deal, state in self.deals.items():
            self._reach((deal,), state.reach)
        for deal, reached in list(self.reached.items()):
            if deal in self.targeted:
                self._reach(merged_ever(self.cx, deal) - {deal}, reached)

    def _state_of(self, deal: int, _rows: object) -> tuple[DealState, Reach] | None:
        # An entry may name what never was a deal only in a damaged log: it has no line then.
        return self._known(deal) if deal in self.deals else None

    def _known(self, deal: int) -> tuple[DealState, Reach]:
        state = self.deals[deal]
        if deal in self.targeted or self.cx.execute(sql.MERGED_HERE, (deal,)).fetchone():
            state = read_deal(self.cx, deal, self.batches) or state
        return state, self.reached[deal]

    def _holds(self) -> None:
        for (record,) in self.cx.execute(sql.IDS_OF_KIND, ("hold",)).fetchall():
            put_hold(self.cx, tree(self.cx, record))

    def _ledger(self) -> None:
        for row in self.cx.execute(sql_ledger.SALES_OF_LOG).fetchall():
            rec, source = Rec(*row[:-1]), row[-1]
            if rec.id in self.targeted or rec.body is None or rec.batch in self.batches:
                put_sale(self.cx, tree(self.cx, rec.id), self.batches)
            else:
                plain_sale(self.cx, rec, source)
        for (record,) in self.cx.execute(sql.IDS_OF_KIND, ("target",)).fetchall():
            put_target(self.cx, tree(self.cx, record), self.batches)

    def _remarks(self) -> None:
        for (record,) in self.cx.execute(sql.IDS_OF_KIND, ("comment",)).fetchall():
            row = comment_row(self.cx, tree(self.cx, record))
            if row is not None:
                self.cx.execute(sql.PUT_COMMENT, row)
        self.cx.execute(sql.ALL_ANSWERED)
        for (record,) in self.cx.execute(sql.IDS_OF_KIND, ("day",)).fetchall():
            put_day(self.cx, tree(self.cx, record))

    def _reviews(self) -> None:
        for (record,) in self.cx.execute(sql.IDS_OF_KIND, ("review",)).fetchall():
            put_review(self.cx, tree(self.cx, record))
