"""`nippo import FILE` without a map: what the file is taken for, what is to be decided, and the map that follows."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import Message, UsageError, msg
from nippo_cli.base.text import quoted
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.map_picks import UNITS
from nippo_cli.exchange.map_reading import load_map
from nippo_cli.exchange.map_writing import MapWriter, telling_columns
from nippo_cli.exchange.marked_steps import step_columns, with_marks
from nippo_cli.exchange.proposing import Understood, choice_cells, lines_that_go_on, understand
from nippo_cli.exchange.recognition import known_columns, recognise, recognise_headless, sales_columns
from nippo_cli.exchange.row_key import choose_row_key
from nippo_cli.exchange.sampling import Sample, has_day_to_come, take_sample
from nippo_cli.exchange.source import Options, Source, open_source
from nippo_cli.exchange.stage_matching import ended_elsewhere, unknown_ends
from nippo_cli.exchange.titles import as_of_title
from nippo_cli.results.proposals import (
    BlankCells,
    DayFrom,
    EmptiedCell,
    ImportPlan,
    ImportQuestion,
    MatchedStage,
    TakenColumn,
)
from nippo_cli.schema.load import load_schema
from nippo_cli.services.context import Workspace
from nippo_cli.services.imports.known_source import source_of_rows
from nippo_cli.services.imports.new_schema import may_begin, template_of, wants_schema, with_stages
from nippo_cli.services.imports.proposing_file import FileProposal, key_before, refuse_standard_input

_DAY: Final = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
# What the records of `nippo export FOLDER` say, whatever they are of.
_RECORD: Final = frozenset(("number", "kind", "recorded_at", "known_on", "target", "batch", "body"))


class LedgerFile(UsageError):
    """A file of sales, where entries were expected; `is_certain`: it is the export of a program that keeps books."""

    def __init__(self, message: Message, *, hint: Message, is_certain: bool) -> None:
        super().__init__(message, hint=hint)
        self.is_certain = is_certain


def propose_import(
    workspace: Workspace, file: str, *, encoding: str = "", sheet: str = "", of_deals: bool = False
) -> "EntriesProposal":
    """What a file of entries may be taken for, by the names of its columns and the first of its rows.

    Args:
        of_deals: a person said that it is no list of sales, though its columns are called so.

    Raises:
        LedgerFile: it holds sales.
        UsageError: it is standard input, can't be read as rows, or an export's records beside its entries.
        NotFound: there is no such file.
    """
    refuse_standard_input(file)
    source = open_source(Path(file), Options(encoding=encoding, sheet=sheet, wanted=known_columns(), peeks=True))
    if set(source.columns) >= _RECORD:
        entries = Path(file).with_name("entries.csv")
        raise UsageError(
            msg("importing.is_records", file=file),
            hint=msg("importing.is_records.hint", file=quoted(str(entries))) if entries.is_file() else None,
        )
    said = (
        quoted(file) + (f" --encoding {encoding}" if encoding else "") + (f" --sheet {quoted(sheet)}" if sheet else "")
    )
    profile = recognise_headless(source.columns) or recognise(source.columns)
    if profile is not None and profile.profile.of == "sales":
        hint = msg("importing.is_ledger.hint", file=said)
        raise LedgerFile(msg("importing.is_ledger", file=file, source=profile.profile.name), hint=hint, is_certain=True)
    if profile is None and not of_deals and (named := sales_columns(source.columns)):
        hint = msg("importing.may_be_ledger.hint", file=said)
        raise LedgerFile(msg("importing.may_be_ledger", file=file, columns=named), hint=hint, is_certain=False)
    return EntriesProposal(workspace, file, source)


class EntriesProposal(FileProposal):
    """What a file of entries may be taken for."""

    def __init__(self, workspace: Workspace, file: str, source: Source) -> None:
        super().__init__(workspace, file, source, kept_in="imports")
        profile = recognise(source.columns)
        self._marks = step_columns(self.sample, self.cell_reader.schema) if profile is None else ()
        if self._marks:
            self.source = with_marks(source, self._marks)
            self.sample = take_sample(self.source, self.cell_reader.schema)
        above = self.sample.above
        titled = as_of_title(above, self.cell_reader.today)
        if titled is not None and _has_later_rows(self.sample._replace(written=titled), self.cell_reader, self.known):
            above = ()
        exported, self._day_from = _day_of_file(self.path, above, self.cell_reader)
        self._exported = exported
        self._workspace = workspace
        self.sample = self.sample._replace(written=exported)
        self._template = template_of(workspace) if may_begin(workspace) else ""

    def plan(self, answers: Mapping[str, str]) -> ImportPlan:
        """What it is taken for, by what was decided so far."""
        answers = {**self.known, **answers}
        sample, cell_reader, schema_text = self.sample, self.cell_reader, ""
        understood = understand(sample, cell_reader, answers, offers_schema=bool(self._template))
        goes_on: Sequence[str] = ()
        if more := lines_that_go_on(sample, understood):
            sample, goes_on = sample.without(more), understood.facts
            understood = understand(sample, cell_reader, answers, offers_schema=bool(self._template))
        if self._template and wants_schema(answers):
            schema_text = with_stages(self._template, sample, understood, cell_reader)
            cell_reader = cell_reader._replace(schema=load_schema(schema_text, "schema.yaml"))
            understood = understand(sample, cell_reader, answers)
        row_key, doubt = choose_row_key(sample, understood, key_before(self.known, self.source), answers)
        if doubt is not None:
            understood = understood._replace(doubts=(*understood.doubts, doubt))
        names = self.source_names(understood.profile)
        writer = MapWriter(
            sample, understood, cell_reader, exported=self._exported, row_key=row_key, goes_on=goes_on,
            ended_on=next((said for key, said in answers.items() if key.startswith("ended_on:")), ""),
        )  # fmt: skip
        text_of = partial(writer.text, sheet=self.source.sheet.name, marks=self._marks)
        text = text_of(source=names[0])
        # Whose deals they are must be known before.
        if not understood.doubts and (undated := writer.endings.doubt_of_day()) is not None:
            understood = understood._replace(doubts=(undated,))
        if not understood.doubts:
            import_map = load_map(text, self.file)
            name = source_of_rows(self._workspace, names, sample.lines, import_map, cell_reader, self.source)
            text = text if name == names[0] else text_of(source=name)
        plan = _plan(self.file, understood, writer, text, cell_reader, self._exported, sample)
        plan = plan._replace(
            row_key=row_key,
            schema_text=schema_text,
            samples=self.first_cells(),
            day_from=self._day_from,
            alike=self.source.sheet.alike,
        )
        return plan if plan.questions else _as_written(plan, sample)


def _plan(
    file: str,
    understood: Understood,
    writer: MapWriter,
    text: str,
    cell_reader: CellReader,
    exported: date,
    sample: Sample,
) -> ImportPlan:
    """What would be done with a file of entries: the columns taken and left out, the steps, and what is asked."""
    unit = UNITS.get(understood.amount.unit, "") if understood.amount is not None else ""
    roles = _taken_roles(understood, writer, sample)
    elsewhere = {
        *ended_elsewhere(sample, understood.roles, cell_reader.schema),
        *_ranks(understood, sample, cell_reader),
    }
    return ImportPlan(
        file=file,
        source=understood.profile.profile.name if understood.profile else "",
        shape=understood.shape,
        taken=[TakenColumn(column, role, unit if role == "amount" else "") for column, role in roles.items()],
        left_out=understood.left_out,
        stages=[
            *(MatchedStage(*one) for one in understood.stages.items() if one[1] or one[0] not in elsewhere),
            *(MatchedStage(cell, "") for cell in unknown_ends(sample, understood.roles, cell_reader.schema)),
        ],
        questions=[ImportQuestion(*doubt) for doubt in understood.doubts],
        blank=_blank(understood, sample),
        emptied=[
            EmptiedCell(column, cell, rows)
            for (column, cell), rows in writer.picks.emptied.items()
            # Which is no rank there is how the deal ended.
            if column != understood.roles.get("status") or not understood.stages.get(cell)
        ],
        contacts="unknown" if understood.shape == "snapshot" and not understood.roles.keys() & {"contacted"} else "",
        by_export=writer.parts.by_export,
        few_events=understood.first_of_stage,
        exported=exported.isoformat(),
        map_text=text,
        schema=cell_reader.schema,
    )


def _taken_roles(understood: Understood, writer: MapWriter, sample: Sample) -> dict[str, str]:
    """What each column that is taken is taken for."""
    roles = {column: role for role, column in understood.roles.items()} | dict.fromkeys(understood.facts, "facts")
    roles |= dict.fromkeys((one.column for one in understood.ended), "closed")
    roles |= {column: "moved" for column in understood.moves if roles.get(column, "on") == "on"}
    roles |= dict.fromkeys(understood.order.columns if understood.order else (), "won_amount")
    if writer.endings.said in sample.columns:
        roles.setdefault(writer.endings.said, "closed")
    return roles


def _ranks(understood: Understood, sample: Sample, cell_reader: CellReader) -> Collection[str]:
    """The ranks in a column that says them of live deals, and of the others what became of them."""
    column, field = understood.roles.get("status", ""), cell_reader.schema.key("confidence")
    if not column or not field or understood.roles.get("confidence") != column:
        return ()
    return choice_cells(column, sample, field, cell_reader.schema)


def _blank(understood: Understood, sample: Sample) -> list[BlankCells]:
    """Columns of whose deals are that a sheet may say once for the rows below; a program's export says what it says."""
    if understood.profile is not None or understood.shape not in ("snapshot", "history"):
        return []
    columns = [understood.roles[role] for role in ("owner", "customer") if role in understood.roles]
    # A line below the table is no row.
    at = [sample.columns.index(column) for column in telling_columns(understood.roles)]
    says = [line for line in sample.lines if any(line[place].strip() for place in at)]
    rows = [(one, len(says) - sum(sample.cells[one].values())) for one in columns]
    return [BlankCells(column, empty) for column, empty in rows if empty]


def _as_written(plan: ImportPlan, sample: Sample) -> ImportPlan:
    """The plan with what the map takes in truth: a column whose cells its field does not take is left out, and not cell by cell."""
    used = load_map(plan.map_text, plan.file).columns()
    left_out = [column for column in sample.columns if column and column not in used and sample.values(column)]
    return plan._replace(
        taken=[one for one in plan.taken if one.column in used],
        left_out=left_out,
        emptied=[one for one in plan.emptied if one.column in used],
    )


def _has_later_rows(sample: Sample, cell_reader: CellReader, answers: Mapping[str, str]) -> bool:
    """Whether deals began or were changed after the day of a title, as in a sheet that says when it was first made."""
    understood = understand(sample, cell_reader, answers)
    columns = {understood.roles[role] for role in ("began", "changed", "contacted") if role in understood.roles}
    return any(
        has_day_to_come(sample, column, days, cell_reader, until=cell_reader.today)
        for column, days in understood.days.items()
        if column in columns and not days.coarse and not days.either and days.written is None
    )


def _day_of_file(path: Path, above: Sequence[str], cell_reader: CellReader) -> tuple[date, DayFrom]:
    """The day as of which a file is, today at the latest, and what says so: a title above its header (`2026年11月20日現在`), else the
    end of its name (`案件_2025_2026.04.02.xlsx`), else when it was written."""
    today = cell_reader.today
    titled = as_of_title(above, today)
    if titled is not None:
        return titled, "title"
    for said in reversed(list(_DAY.finditer(path.stem))):
        with suppress(ValueError):
            return min(date(*map(int, said.groups())), today), "name"
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone(cell_reader.zone).date()
    return min(written, today), "file"
