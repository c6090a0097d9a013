"""A file without a map, opened once: its first rows, what a person decided of it, and what is kept for the next one like it."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from nippo_cli.base.errors import UsageError, msg, system_reason
from nippo_cli.base.files import make_folder, new_file, read_whole, replace_file
from nippo_cli.base.language import say
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.doubts import COLUMN_OF, EXAMPLES, LEAVE_OUT, NOT_TAKEN
from nippo_cli.exchange.incoming import STANDARD_INPUT
from nippo_cli.exchange.recognition import Recognised
from nippo_cli.exchange.row_key import ROW_KEY
from nippo_cli.exchange.sampling import Sample, take_sample
from nippo_cli.exchange.source import Source
from nippo_cli.exchange.stage_matching import is_of_rows
from nippo_cli.results.proposals import ImportPlan, ImportQuestion
from nippo_cli.services.context import Workspace, in_force, writing

_NUMBERED: Final = re.compile(r"[\W\d_]+$")
_MARK: Final = "importing.half_made"


class FileProposal(ABC):
    """What a file may be taken for. It is opened once, however often a person is asked.

    Args:
        source: the file, open.
        kept_in: the folder in which answers are kept for the next file with the same columns.
    """

    def __init__(self, workspace: Workspace, file: str, source: Source, *, kept_in: str) -> None:
        self.file = file
        self.path = Path(file)
        self.source = source
        self.sample, self.cell_reader = take_file(workspace, source)
        digest = sha256("\x1f".join(source.columns).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._memory = workspace.places.state / kept_in / f"{digest}.json"
        self.known = self._remembered()

    @abstractmethod
    def plan(self, answers: Mapping[str, str]) -> ImportPlan:
        """What the file is taken for.

        Args:
            answers: what a person decided, by `question_key`; what was decided for the same columns before goes without saying.
        """

    def remember(self, plan: ImportPlan, answers: Mapping[str, str]) -> None:
        """Keep what was decided of columns, and which of them name a row, for the next file with the same columns."""
        of_columns = {key: said for key, said in answers.items() if not is_of_rows(key, said)}
        decided = self.known | of_columns | {ROW_KEY: json.dumps(list(plan.row_key), ensure_ascii=False)}
        if decided == self.known:
            return
        with suppress(OSError):
            make_folder(self._memory.parent)
            # What cells say may be a customer's: as readable as the journal.
            replace_file(self._memory, json.dumps(decided, ensure_ascii=False).encode("utf-8"))

    def taken_again(self, answers: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """What was decided for the same columns before and nobody was asked again: of what, about which column or word, and the
        answer."""
        before = {key: said for key, said in self.known.items() if said and key != ROW_KEY and key not in answers}
        return [(*key.partition(":")[::2], said) for key, said in before.items()]

    def correct(self, answers: dict[str, str], question: ImportQuestion, said: str) -> None:
        """Note which column a role has, or that the one taken for it is not taken at all; what was put right before gives way to it."""
        column = question.guess if said == LEAVE_OUT else said
        for key, before in {**self.known, **answers}.items():
            if key.startswith(f"{COLUMN_OF}:") and before == column:
                answers[key] = ""
        if said == LEAVE_OUT:
            answers[f"{NOT_TAKEN}:{column}"] = LEAVE_OUT
        else:
            answers |= {f"{NOT_TAKEN}:{column}": "", f"{COLUMN_OF}:{question.what}": column}

    def forget_answers(self) -> None:
        """Have all asked again of the next file with the same columns."""
        with suppress(OSError):
            self._memory.unlink(missing_ok=True)

    def forget_rows(self) -> None:
        """Let go of the rows that were looked at, once nothing is to be decided: thousands of them, while the file is imported."""
        self.sample = self.sample._replace(cells={}, lines=())

    def first_cells(self) -> dict[str, list[str]]:
        """What the first cells of each column say."""
        return {column: self.sample.values(column)[:EXAMPLES] for column in self.sample.columns if column}

    def source_names(self, profile: Recognised | None) -> tuple[str, ...]:
        """What the file's source may be called, the name that a first import gives it first: the program's; else the file's, without
        the numbers and days at its end, so that next week's has the same; of sheets with the same columns each has its own, since each
        numbers its rows from one. A sheet may have come in under the other of both names: alone, before there were others like it."""
        if profile is not None:
            return (profile.profile.key,)
        stem = self.path.name.partition(".")[0]
        name, sheet = _NUMBERED.sub("", stem) or stem, self.source.sheet
        if not sheet.name:
            return (name,)
        of_sheet = f"{name} {sheet.name}"
        return (of_sheet, name) if sheet.alike else (name, of_sheet)

    def _remembered(self) -> dict[str, str]:
        with suppress(OSError, ValueError):
            said = json.loads(self._memory.read_text(encoding="utf-8"))
            if isinstance(said, dict):
                return {str(key): str(value) for key, value in said.items()}
        return {}


def refuse_standard_input(file: str) -> None:
    """A file without a map is read twice.

    Raises:
        UsageError: it is standard input.
    """
    if file == STANDARD_INPUT:
        raise UsageError(msg("importing.map_for_stdin"))


def key_before(known: Mapping[str, str], source: Source) -> list[str] | None:
    """The columns that named a row of the file before; None where there was none."""
    with suppress(ValueError):
        said = json.loads(known.get(ROW_KEY, ""))
        if isinstance(said, list) and all(column in source.columns for column in said):
            return said
    return None


def question_key(question: ImportQuestion) -> str:
    """Under what the answer to a question is kept."""
    return f"{question.what}:{question.about}"


def write_half_made(plan: ImportPlan) -> str:
    """Write the map as far as it goes beside the file, for a person to end it; its path."""
    beside = Path(plan.file)
    said = [say(msg(_MARK)), *(f"{one.what} {one.about}: {' / '.join(one.options[:9])}" for one in plan.questions)]
    # A cell may hold several lines: each is a comment, none a key of the map.
    text = "".join(f"# {line}\n" for one in said for line in one.splitlines()) + plan.map_text
    names = (f"{beside.name}.map{'' if number == 1 else f'-{number}'}.yaml" for number in range(1, 10**6))
    for path in map(beside.with_name, names):
        try:
            if _holds(path, text) or new_file(path, text.encode()):
                return str(path)
        except OSError as error:
            raise UsageError(msg("importing.unwritable", path=str(path), reason=system_reason(error))) from error
    raise AssertionError  # a million maps beside one file


def _holds(path: Path, text: str) -> bool:
    """Whether a file holds this very text, and so need not stand beside another."""
    with suppress(OSError, UsageError):
        return read_whole(path, 1) == text.encode()
    return False


def save_map(plan: ImportPlan, to: str) -> None:
    """Write the map to a file that is not there yet; to none where `to` is empty.

    Raises:
        UsageError: it is, or can't be written.
    """
    if not to:
        return
    try:
        written = new_file(Path(to), plan.map_text.encode())
    except OSError as error:
        raise UsageError(msg("importing.unwritable", path=to, reason=system_reason(error))) from error
    if not written:
        raise UsageError(msg("importing.map_is_there", path=to))


def take_file(workspace: Workspace, source: Source) -> tuple[Sample, CellReader]:
    """The first rows of a file, and what its cells are read with."""
    apart = workspace.apart()
    apart.dry_run = True
    with writing(apart) as writer:
        schema = in_force(writer)
        return take_sample(source, schema), CellReader(
            schema, writer.today, ZoneInfo(writer.time_zone), frozenset(), defused=False,
            loose=not source.delimiter, odd=source.odd,
        )  # fmt: skip
