"""`nippo import FILE` without a map: what the file is taken for, what is to be decided, and the map that follows."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.files import make_folder, replace_file
from nippo_cli.base.language import say
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.incoming import STANDARD_INPUT
from nippo_cli.exchange.map_reading import load_map
from nippo_cli.exchange.map_writing import MapWriter
from nippo_cli.exchange.proposing import Understood, understand
from nippo_cli.exchange.recognition import known_columns
from nippo_cli.exchange.row_key import ROW_KEY, choose_row_key
from nippo_cli.exchange.sampling import Sample, take_sample
from nippo_cli.exchange.source import Options, Source, open_source
from nippo_cli.results.proposals import EmptiedCell, ImportPlan, ImportQuestion, MatchedStage, TakenColumn
from nippo_cli.services.context import Workspace, in_force, writing

_NUMBERED: Final = re.compile(r"[\W\d_]+$")
_DAY: Final = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_REMEMBERED: Final = "imports"
_MARK: Final = "importing.half_made"


def plan_import(
    workspace: Workspace, file: str, answers: Mapping[str, str], *, encoding: str = "", sheet: str = ""
) -> ImportPlan:
    """What a file is taken for, by the names of its columns and the first of its rows.

    Args:
        answers: what a person decided, by `question_key`; what was decided for the same columns before goes without saying.

    Raises:
        UsageError: it is standard input, or can't be read as rows. NotFound: there is no such file.
    """
    if file == STANDARD_INPUT:
        raise UsageError(msg("importing.map_for_stdin"))
    path = Path(file)
    source = open_source(path, Options(encoding=encoding, sheet=sheet, wanted=known_columns()))
    sample = take_sample(source)
    apart = workspace.apart()
    apart.dry_run = True
    with writing(apart) as writer:
        cell_reader = CellReader(
            in_force(writer), writer.today, ZoneInfo(writer.time_zone), frozenset(), defused=False,
            loose=not source.delimiter, odd=source.odd,
        )  # fmt: skip
    known = _remembered(workspace, source)
    answers = {**known, **answers}
    understood = understand(sample, cell_reader, answers)
    row_key, doubt = choose_row_key(sample, understood, _key_before(known, source), answers)
    if doubt is not None:
        understood = understood._replace(doubts=(*understood.doubts, doubt))
    exported = min(_file_day(path, cell_reader), cell_reader.today)
    writer_of_map = MapWriter(
        sample, understood, cell_reader, source=_source_name(path, understood), exported=exported, row_key=row_key
    )
    text = writer_of_map.text(sheet=source.sheet.name)
    plan = _plan(file, understood, writer_of_map, text, cell_reader, exported)._replace(row_key=row_key)
    return plan if plan.questions else _as_written(plan, sample)


def question_key(question: ImportQuestion) -> str:
    """Under what the answer to a question is kept."""
    return f"{question.what}:{question.about}"


def remember(
    workspace: Workspace, plan: ImportPlan, answers: Mapping[str, str], *, encoding: str = "", sheet: str = ""
) -> None:
    """Keep what was decided, and which columns name a row, for the next file with the same columns."""
    source = open_source(Path(plan.file), Options(encoding=encoding, sheet=sheet, wanted=known_columns()))
    before = _remembered(workspace, source)
    decided = before | dict(answers) | {ROW_KEY: json.dumps(list(plan.row_key), ensure_ascii=False)}
    if decided == before:
        return
    path = _memory(workspace, source)
    with suppress(OSError):
        make_folder(path.parent)
        # What cells say may be a customer's: as readable as the journal.
        replace_file(path, json.dumps(decided, ensure_ascii=False).encode("utf-8"))


def write_half_made(plan: ImportPlan) -> str:
    """Write the map as far as it goes beside the file, for a person to end it; its path."""
    beside = Path(plan.file)
    said = [say(msg(_MARK)), *(f"{one.what} {one.about}: {' / '.join(one.options[:9])}" for one in plan.questions)]
    # A cell may hold several lines: each is a comment, none a key of the map.
    text = "".join(f"# {line}\n" for one in said for line in one.splitlines()) + plan.map_text
    names = (f"{beside.name}.map{'' if number == 1 else f'-{number}'}.yaml" for number in range(1, 10**6))
    path = next(one for one in map(beside.with_name, names) if not one.exists() or _holds(one, text))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(msg("importing.unwritable", path=str(path), reason=error.strerror or str(error))) from error
    return str(path)


def _holds(path: Path, text: str) -> bool:
    """Whether a file holds this very text, and so need not stand beside another."""
    with suppress(OSError, ValueError):
        return path.read_text(encoding="utf-8") == text
    return False


def save_map(plan: ImportPlan, to: str) -> None:
    """Write the map to a file that is not there yet.

    Raises:
        UsageError: it is, or can't be written.
    """
    try:
        with Path(to).open("x", encoding="utf-8") as out:
            out.write(plan.map_text)
    except FileExistsError:
        raise UsageError(msg("importing.map_is_there", path=to)) from None
    except OSError as error:
        raise UsageError(msg("importing.unwritable", path=to, reason=error.strerror or str(error))) from error


def _plan(
    file: str, understood: Understood, writer: MapWriter, text: str, cell_reader: CellReader, exported: date
) -> ImportPlan:
    roles = {column: role for role, column in understood.roles.items()} | dict.fromkeys(understood.facts, "facts")
    return ImportPlan(
        file=file,
        source=understood.profile.profile.name if understood.profile else "",
        shape=understood.shape,
        taken=[TakenColumn(column, role) for column, role in roles.items()],
        left_out=understood.left_out,
        stages=[MatchedStage(said, stage) for said, stage in understood.stages.items()],
        questions=[ImportQuestion(*doubt) for doubt in understood.doubts],
        emptied=[EmptiedCell(column, cell, rows) for (column, cell), rows in writer.emptied.items()],
        contacts="" if understood.shape != "snapshot" else "live" if writer.no_contact else "all",
        by_export=writer.dated_by_export,
        exported=exported.isoformat(),
        map_text=text,
        schema=cell_reader.schema,
    )


def _as_written(plan: ImportPlan, sample: Sample) -> ImportPlan:
    """The plan with what the map takes in truth: a column whose cells its field does not take is left out."""
    used = load_map(plan.map_text, plan.file).columns()
    left_out = [column for column in sample.columns if column and column not in used and sample.values(column)]
    return plan._replace(taken=[one for one in plan.taken if one.column in used], left_out=left_out)


def _source_name(path: Path, understood: Understood) -> str:
    """The program's name; else the file's, without the numbers and days at its end, so that next week's has the same."""
    stem = path.name.partition(".")[0]
    return understood.profile.profile.key if understood.profile else _NUMBERED.sub("", stem) or stem


def _file_day(path: Path, cell_reader: CellReader) -> date:
    """The day that a file's name ends with (`案件_2025_2026.04.02.xlsx`), else that on which it was written."""
    for said in reversed(list(_DAY.finditer(path.stem))):
        with suppress(ValueError):
            return date(*map(int, said.groups()))
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone(cell_reader.zone).date()


def _key_before(known: Mapping[str, str], source: Source) -> list[str] | None:
    """The columns that named a row of the file before; None where there was none."""
    with suppress(ValueError):
        said = json.loads(known.get(ROW_KEY, ""))
        if isinstance(said, list) and all(column in source.columns for column in said):
            return said
    return None


def _memory(workspace: Workspace, source: Source) -> Path:
    digest = sha256("\x1f".join(source.columns).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return workspace.places.state / _REMEMBERED / f"{digest}.json"


def _remembered(workspace: Workspace, source: Source) -> dict[str, str]:
    with suppress(OSError, ValueError):
        said = json.loads(_memory(workspace, source).read_text(encoding="utf-8"))
        if isinstance(said, dict):
            return {str(key): str(value) for key, value in said.items()}
    return {}
