"""The journal's health, copies of it, what an import did, and the schema as a screen shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nippo_cli.base.errors import Message, Problem
    from nippo_cli.schema.schema import Schema


class Check(NamedTuple):
    """One thing looked at. `name` is a catalogue key under `doctor.`; `problems` say what is wrong, if anything."""

    name: str
    looked_at: int
    problems: Sequence[Message]


class Health(NamedTuple):
    """`nippo doctor`: every check, and whether the projections were rebuilt; then `copy` is the file as it was before. `notes`
    are no problems: what is missing and known to be, what this version does not know."""

    journal: str
    checks: Sequence[Check]
    rebuilt: bool
    dry_run: bool = False
    copy: str = ""
    notes: Sequence[Message] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not any(c.problems for c in self.checks)


class LostRecord(NamedTuple):
    """A record that a rescue could not bring: which it is in words, its kind where that is known (else `record`), what is left
    of its body, and the columns of the row that was derived of it while it was sound."""

    id: int
    record: Message
    kind: str
    text: str
    derived: Mapping[str, object]


class Rescued(NamedTuple):
    """`nippo doctor --rescue`: the journal and the new one, the records brought, those of them that were erased; the short
    names of the devices, and that of the new one, which wrote `written` records in place of lost ones.

    `lost` are the runs of missing ids; `listed` those of them of which anything is left, a thousand at most. `schema_lost`: no
    schema's record was intact, so `schema.yaml` was adopted. `problems`: what is wrong with the new journal, if anything.
    """

    journal: str
    path: str
    records: int
    erased: int
    devices: Sequence[str]
    device: str
    lost: Sequence[tuple[int, int]]
    listed: Sequence[LostRecord]
    written: int
    schema_lost: bool
    problems: Sequence[Message]
    dry_run: bool = False


class Copied(NamedTuple):
    """A backup made or restored, or tried: the file, its records, what was dropped or set aside on the way; which of the
    older backups were found `unsound`, by their new names; whether what is derived had to be made anew (`derived`); which backups hold
    more than what was restored (`notes`)."""

    what: Literal["backup", "restore"]
    path: str
    records: int
    dropped: Sequence[str]
    set_aside: str = ""
    device: str = ""
    dry_run: bool = False
    unsound: Sequence[str] = ()
    derived: bool = False
    notes: Sequence[Message] = ()


class Reject(NamedTuple):
    """A row that an import could not take: its line in the file (from 1), its cells as read, and why."""

    line: int
    row: Mapping[str, str]
    problems: Sequence[Problem]


class DealsCustomers(NamedTuple):
    """A deal and its customers, one after another as its entries say them in the order of its line."""

    deal: int
    name: str
    customers: Sequence[str]


class FieldChange(NamedTuple):
    """What a row says otherwise than before: of a field by its key, or of `on`, `author`, `deal`, `incomplete` and the like;
    `label` and both texts are for people, the values as they are stored, None for nothing."""

    field: str
    label: Message | str
    before: Any
    after: Any
    texts: tuple[str, str]


class ChangedRow(NamedTuple):
    """A row of a file whose key stands for a record that says something else: it corrects that one, or was taken beside it."""

    line: int
    record: int
    changes: Sequence[FieldChange]


class OutsideYears(NamedTuple):
    """Dates of rows that can be taken, but are of no year that a diary is likely about: how many, outside of which years
    (both included), and the first of them as they were read."""

    first: int
    last: int
    dates: int
    examples: Sequence[str]


# A row of totals, the header once more, a row whose key stood above (these three are left out), and one that was filled up.
OddRow: TypeAlias = Literal["total", "header", "repeated", "short"]


class OddRows(NamedTuple):
    """So many rows of a sheet that are not like its others; `lines` are the first hundred's."""

    why: OddRow
    rows: int
    lines: Sequence[int]


class FirstEntry(NamedTuple):
    """One of the first entries of an import, as a line of the diary."""

    on: str
    customer: str
    deal: str
    stage: str
    facts: str


class FirstSale(NamedTuple):
    """One of the first sales of an import: its day (ISO), whose it is, the amount without tax, whether it is a `sale` or an `advance`."""

    on: str
    customer: str
    deal: str
    amount: int
    kind: str
    note: str


class SheetRead(NamedTuple):
    """The sheet of a workbook that rows were read from, "" where there is none; the others, those `hidden` apart; how many of the
    rows read are hidden in it; and how many share a merged cell of an amount with the row above, which alone has it."""

    name: str
    visible: Sequence[str] = ()
    hidden: Sequence[str] = ()
    hidden_rows: int = 0
    merged_amounts: int = 0


class ImportReport(NamedTuple):
    """What an import did, or would do. Every row read is taken, known already, skipped by the map or rejected; a row taken makes
    entries, one sale or one target. `customers_changed` deals were said to be another customer's, where the map allows it;
    `customers` are the first of them. Of the rows taken, `amended` corrected what an earlier import brought in and `added` stand
    beside it; `changed` are the first of both. Of those known, `corrected_since` are the entries that a person corrected here since
    and that stay so, `taken_back` those that a person took back. `above_header`: what stands in the rows above `header_line`, which
    are none of those read; the odd rows are, and but for the short ones are skipped. `first` are the first entries, `people` how
    many wrote them or own their deals. Of sales, `sale_sum` and `advance_sum` are what the rows that can be taken come to without
    tax, those known already among them; `first_sales` are the first."""

    file: str
    map: str
    encoding: str
    rows: int
    taken: int
    known: int
    skipped: int
    rejected: int
    entries: int
    deals: int
    new_deals: int
    sales: int
    batch: int | None
    rejects: Sequence[Reject]
    rejects_file: str
    stopped: bool
    dry_run: bool
    of: Literal["entries", "sales", "targets"] = "entries"
    customers: Sequence[DealsCustomers] = ()
    customers_changed: int = 0
    amended: int = 0
    added: int = 0
    changed: Sequence[ChangedRow] = ()
    outside_years: OutsideYears | None = None
    header_line: int = 0
    above_header: Sequence[str] = ()
    odd_rows: Sequence[OddRows] = ()
    sheet: SheetRead = SheetRead("")
    first: Sequence[FirstEntry] = ()
    people: int = 0
    sale_sum: int = 0
    advance_sum: int = 0
    first_sales: Sequence[FirstSale] = ()
    corrected_since: Sequence[int] = ()
    taken_back: Sequence[int] = ()


class PathPage(NamedTuple):
    """`nippo path`: where everything is."""

    journal: str
    schema: str
    state: str
    exists: bool
    found_by: str


class LeftOut(NamedTuple):
    """What the agreement in force has and the file has no more, in the list `of` (`stages`, `fields`, a choice field's key), and
    how many entries say it."""

    of: str
    key: str
    label: str
    entries: int


class SchemaCheck(NamedTuple):
    """`nippo schema check`: the file, every problem of it, and what it leaves out that entries say."""

    path: str
    problems: Sequence[Problem]
    left_out: Sequence[LeftOut] = ()


class SchemaPage(NamedTuple):
    """`nippo schema show`. `adopted_at` is empty where no journal has adopted it yet."""

    schema: Schema
    path: str
    adopted_at: str
    differs: bool
