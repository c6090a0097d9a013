"""Taking an import back after other things were written: what stands in the way, what people added and stays."""

from collections.abc import Iterator
from typing import Final

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.journal.log import REC, Rec, retracted, select_records, tree
from nippo_cli.journal.write.undo import Undoing, WrittenRecord

# What others than the import wrote about its records, deals apart: those have more to them than the import says.
ABOUT_BATCH: Final = f"""
select {REC} from record b join record r on r.target = b.id
where b.id > :batch and b.batch = :batch and b.kind <> 'deal' and r.batch is not :batch
  and r.kind in ('amend', 'comment', 'match')
order by r.id
"""
# The deals that the import began and that nobody else wrote an entry of.
_EMPTIED: Final = """
select d.id from record d where d.id > :batch and d.batch = :batch and d.kind = 'deal'
  and not exists (select 1 from entry e join record o on o.id = e.id where e.deal = d.id and o.batch is not :batch)
  and not exists (select 1 from entry e join record o on o.id = e.id where e.own_deal = d.id and o.batch is not :batch)
"""
# What others wrote about those, and their rows of the ledger; a merge of such a deal leaves the other one as it is.
ABOUT_EMPTIED: Final = f"""
select {REC} from record r where r.target in ({_EMPTIED}) and r.batch is not :batch
  and (r.kind in ('hold', 'review', 'comment')
       or r.kind = 'deal' and case when json_valid(r.body) then json_extract(r.body, '$.do') end <> 'merge')
union all
select {REC} from sale s join record r on r.id = s.id where s.link in ({_EMPTIED}) and r.batch is not :batch
"""
# Entries written since on deals that the import wrote entries of.
STAYING: Final = """
select e.deal, count(*) from entry e join record o on o.id = e.id
where e.deal in (select i.deal from entry i join record b on b.id = i.id where b.id > :batch and b.batch = :batch)
  and o.batch is not :batch and o.recorded_at > :at
group by e.deal order by e.deal
"""


class ImportUse(NamedTuple):
    """What others wrote since an import: `in_way`, about its records alone, which would be lost with them; `staying`, how many
    entries of its deals stay, by deal."""

    in_way: list[WrittenRecord]
    staying: dict[int, int]


def batch_of(log: Undoing, record: int) -> Rec:
    """The batch record of an import that stands.

    Raises:
        NotFound: the record is none.
        UsageError: it was taken back already, or is damaged.
    """
    rec = log.record(record)
    if rec.damaged:
        raise UsageError(msg("journal.undo_damaged", id=show_id(record)), hint=msg("journal.undo_damaged.hint"))
    if rec.kind != "batch":
        raise NotFound(msg("journal.no_import", id=show_id(record)))
    if record in log.projection.batches:
        raise UsageError(msg("journal.retracted_already", id=show_id(record)))
    return rec


def import_use(log: Undoing, batch: Rec) -> ImportUse:
    """What others wrote about an import's records and on its deals since."""
    log.projection.flush()
    values = {"batch": batch.id, "at": batch.recorded_at}
    about = [*select_records(log.cx, ABOUT_BATCH, values), *select_records(log.cx, ABOUT_EMPTIED, values)]
    in_way = [WrittenRecord(r.id, r.kind, r.on_date, r.target, r.recorded_at) for r in about if _stands(log, r)]
    return ImportUse(in_way, dict(log.cx.execute(STAYING, values).fetchall()))


def retract_import(log: Undoing, batch: Rec) -> list[int]:
    """Take an import back with its corrections, whatever was written since. An undo like any other: the next one takes back
    the last command that still stands.

    Returns:
        What was taken back: the corrections, last first, and the batch record.
    """
    before = log.last_number + 1
    records = [*log.amends_of(batch.id), batch]
    for rec in records:
        log.take_back(rec, {"undo": True, "before": before})
    return [rec.id for rec in records]


def _stands(log: Undoing, rec: Rec) -> bool:
    """Whether a record counts: neither it nor what it is about is taken back."""
    return all(
        one.id not in retracted(tree(log.cx, one.id)) and one.batch not in log.projection.batches
        for one in _upwards(log, rec)
    )


def _upwards(log: Undoing, rec: Rec) -> Iterator[Rec]:
    yield rec
    while rec.target is not None:
        rec = log.record(rec.target)
        yield rec
