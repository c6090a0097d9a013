"""`nippo sales import FILE` without a map: whose ledger it is, what of it is revenue, and the map that follows."""

from collections.abc import Mapping
from pathlib import Path

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.text import quoted
from nippo_cli.exchange.flat_map import SALES, read_flat_map_text
from nippo_cli.exchange.ledger_proposing import LedgerUnderstood, ledger_map, understand_ledger
from nippo_cli.exchange.recognition import Recognised, known_ledger_columns, recognise, recognise_headless
from nippo_cli.exchange.source import NO_HEADER, Options, Source, open_source
from nippo_cli.results.proposals import ImportPlan, ImportQuestion, MatchedAccount, TakenColumn
from nippo_cli.services.context import Workspace
from nippo_cli.services.imports.known_source import source_with_rows
from nippo_cli.services.imports.proposing_file import FileProposal, key_before, refuse_standard_input


def propose_sales(workspace: Workspace, file: str, *, encoding: str = "", sheet: str = "") -> "SalesProposal":
    """What a ledger's file may be taken for.

    Raises:
        UsageError: it is standard input, can't be read as rows, or holds deals. NotFound: there is no such file.
    """
    refuse_standard_input(file)
    options = Options(encoding=encoding, sheet=sheet, wanted=known_ledger_columns(), peeks=True)
    source = open_source(Path(file), options)
    profile = recognise_headless(source.columns)
    if profile is not None:
        source = open_source(Path(file), options._replace(header=NO_HEADER))
    else:
        profile = recognise(source.columns)
    if profile is not None and profile.profile.of != "sales":
        hint = msg("importing.is_diary.hint", file=quoted(file))
        raise UsageError(msg("importing.is_diary", file=file, source=profile.profile.name), hint=hint)
    return SalesProposal(workspace, file, source, profile)


class SalesProposal(FileProposal):
    """What a ledger's file may be taken for."""

    def __init__(self, workspace: Workspace, file: str, source: Source, profile: Recognised | None) -> None:
        super().__init__(workspace, file, source, kept_in="ledgers")
        self._profile = profile
        self._workspace = workspace

    def plan(self, answers: Mapping[str, str]) -> ImportPlan:
        """What it is taken for, by what was decided so far."""
        answers = {**self.known, **answers}
        before = key_before(self.known, self.source)
        understood = understand_ledger(self.sample, self._profile, self.cell_reader, answers, before)
        headless = self._profile is not None and bool(self._profile.profile.headless)
        source = source_with_rows(self._workspace, self.source_names(self._profile))
        text = ledger_map(understood, source=source, sheet=self.source.sheet.name, headless=headless)
        return self._plan(understood, text, headless=headless)

    def _plan(self, understood: LedgerUnderstood, text: str, *, headless: bool) -> ImportPlan:
        """What would be done with a ledger: the columns taken, those left out, and what is asked."""
        profile = understood.profile
        # While something is to be decided the map is not whole.
        used = read_flat_map_text(text, self.file, SALES).columns() if not understood.doubts else {}
        return ImportPlan(
            file=self.file,
            source=profile.profile.name if profile else "",
            shape="books" if profile else "sales",
            taken=[TakenColumn(column, role) for role, column in understood.roles.items()],
            left_out=[] if headless else [column for column in understood.left_out if column not in used],
            stages=[],
            questions=[ImportQuestion(*doubt) for doubt in understood.doubts],
            by_export=False,
            exported="",
            map_text=text,
            schema=self.cell_reader.schema,
            row_key=understood.row_key,
            accounts=[MatchedAccount(name, kind) for name, kind in understood.accounts.items()],
            samples=self.first_cells(),
            by_number=headless,
            leaves_nobodys="skip_when" in understood.tree and profile is not None,
        )
