"""What a file without a map is taken for, before anything of it is written."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.results.care import ImportReport
from nippo_cli.schema.schema import Schema

# What says as of which day a file is: a title above its header, its name, or when it was written.
DayFrom: TypeAlias = Literal["title", "name", "file"]


class TakenColumn(NamedTuple):
    """A column that is taken, and what for: a role (`on`, `customer`), or `field:` and a field's key; of amounts the `unit` that 1
    stands for, where it is not the currency's."""

    column: str
    role: str
    unit: str = ""


class EmptiedCell(NamedTuple):
    """A cell that is no choice of the field that its column is taken for, and so comes in as empty; and how many of the rows looked at
    have it."""

    column: str
    cell: str
    rows: int


class MatchedStage(NamedTuple):
    """What a file calls a stage, and the stage that it is taken for, "" for none."""

    said: str
    stage: str


class MatchedAccount(NamedTuple):
    """An account of books, and what its lines are: `sale`, `advance` or `other`."""

    account: str
    kind: str


class ImportQuestion(NamedTuple):
    """What is to be decided: `what` (a role, `stage_of`, `date_order` or `row_key`,
    `stages` that can't be matched, `events` of a log; of a ledger also `account`, `tax_in` and
    `sales_customer`) about a column or a word; the best guess, the answers that there are, and some cells; `cells`: of answers that
    are columns what each says in the rows that are asked about, none where these are all; `column`: of a word the one it is in."""

    what: str
    about: str
    guess: str
    options: Sequence[str]
    examples: Sequence[str]
    cells: Sequence[Sequence[str]] = ()
    column: str = ""


class RememberedAnswer(NamedTuple):
    """What a person decided for the same columns before: of what, about which column or word, and the answer, `-` for none."""

    what: str
    about: str
    said: str


class BlankCells(NamedTuple):
    """A column that says whose a deal is, or of which customer, and in how many of the rows looked at it says nothing."""

    column: str
    rows: int


class ImportPlan(NamedTuple):
    """What an import would do. `source` is the program that the file comes from, "" for nobody's; `shape` what a row is (`snapshot`,
    `history`, `diary`, `fields`, `cards`; of a ledger `sales` or `books`); `by_export`: some rows name no day and are dated
    `exported`, which `day_from` says; `report` of the dry run, None while there are `questions`; `map_text` the map as YAML;
    `row_key` the columns that name a row, none where nothing does; `contacts`: whether it stays `unknown` when deals as they
    stand were last spoken of. Of books, `accounts` are those whose lines
    come in or might, and `leaves_nobodys` whether lines are left out that are nobody's. `schema_text`: the schema made of the file
    that the import begins with, "" where the journal's own stays; `few_events`: of an event log a deal's first event in each stage
    alone comes in; `blank`: what may have been meant to be as in the row above; `remembered`: what was decided for the same columns
    before, and is taken again; `alike`: other sheets of the workbook with the same columns, each an import of its own;
    `may_correct`: a person is asked whether it is right, and may name a column by its number."""

    file: str
    source: str
    shape: str
    taken: Sequence[TakenColumn]
    left_out: Sequence[str]
    stages: Sequence[MatchedStage]
    questions: Sequence[ImportQuestion]
    by_export: bool
    exported: str
    map_text: str
    schema: Schema
    report: ImportReport | None = None
    row_key: Sequence[str] = ()
    emptied: Sequence[EmptiedCell] = ()
    contacts: Literal["", "unknown"] = ""
    accounts: Sequence[MatchedAccount] = ()
    leaves_nobodys: bool = False
    schema_text: str = ""
    few_events: bool = False
    samples: Mapping[str, Sequence[str]] = MappingProxyType({})
    by_number: bool = False
    blank: Sequence[BlankCells] = ()
    day_from: DayFrom = "file"
    remembered: Sequence[RememberedAnswer] = ()
    alike: Sequence[str] = ()
    may_correct: bool = False
