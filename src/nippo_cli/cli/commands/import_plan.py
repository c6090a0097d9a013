"""`nippo import FILE` without a map: what the file is taken for, what is unsure asked, then the same import as with one."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nippo_cli.base.errors import ExitCode, Interrupted, NippoError, Place, Problem, UsageError, msg
from nippo_cli.base.language import say, t
from nippo_cli.base.text import cut, normal_form
from nippo_cli.cli.frame import row_progress
from nippo_cli.cli.frame.prompts import line, numbered, tell
from nippo_cli.render.ledger.import_plan import blank_columns, column_label, emptied_cells, role_label
from nippo_cli.results.proposals import RememberedAnswer
from nippo_cli.services import imports

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.results.care import ImportReport
    from nippo_cli.results.proposals import ImportPlan, ImportQuestion
    from nippo_cli.services.context import Workspace
    from nippo_cli.services.imports import FileProposal

_YES = ("", "y", "yes", "はい")
_ANEW = "r"
_MOST_ROUNDS = 20
_STAGES = {"new_schema": "new", "each": "each", "-": "none"}
_ASKED = (
    "stage_of",
    "stages",
    "events",
    "date_order",
    "row_key",
    "account",
    "tax_in",
    "sales_customer",
    "unread_amount",
    "year",
    "coming_year",
    "ended",
    "ended_on",
)
_ENDED = {"reason": "by_reason", "won": "won", "lost": "lost", "-": "unknown"}
_SHOWN = 8
# As many characters of a cell are shown beside its column.
_CELL = 16


class Undecided(NippoError):
    """A script's file of which something is to be decided."""

    exit_code = ExitCode.USAGE


def import_by_plan(
    run: "CliContext",
    importing: "Callable[..., ImportReport]",
    proposing: "Callable[[Workspace], FileProposal]",
    *,
    yes: bool,
    save_map: str,
) -> None:
    """Say what a file is taken for, and import it once a person agrees, or `yes` does.

    Args:
        importing: `imports.import_file` or `imports.import_sales` but for workspace, map and progress.
        proposing: what opens the file.

    Raises:
        Undecided: something is to be decided, and nobody is there; the half-made map is written beside the file.
        UsageError: nobody is there to agree. typer.Exit: rows do not pass. Interrupted: the person stopped it.
    """
    # What was understood stays on the screen above the question whether it is right.
    run.no_pager = True
    workspace = run.workspace()
    answers: dict[str, str] = {}
    try:
        proposal = proposing(workspace)
        plan = _decided(workspace, proposal, answers)
        proposal.forget_rows()
        imports.save_map(plan, save_map)
        if not yes or workspace.dry_run:
            report = _trial(workspace, importing, plan)
            if report.batch is None and not report.stopped and not workspace.dry_run:
                # Nobody is asked whether nothing is to be written.
                proposal.remember(plan, answers)
                run.show(report._replace(dry_run=False), workspace)
                return
            run.show(plan._replace(report=report), workspace)
            if report.stopped:
                raise typer.Exit(ExitCode.SCHEMA)
            anew = partial(_ask_anew, proposal, run, importing, proposing, save_map) if plan.remembered else None
            if workspace.dry_run or not _agrees(run, workspace, anew):
                return
        with imports.in_place(workspace, plan):
            with row_progress() as progress:
                report = importing(workspace, map_text=plan.map_text, progress=progress)
            if report.stopped:
                # Who said yes beforehand has not seen yet what the file is taken for.
                run.show(plan._replace(report=report) if yes else report, workspace)
                raise typer.Exit(ExitCode.SCHEMA)
    except (KeyboardInterrupt, EOFError):
        raise Interrupted(msg("cli.import.interrupted")) from None
    if yes:
        _note_dropped(workspace, plan)
    proposal.remember(plan, answers)
    run.show(report, workspace)


def _trial(workspace: "Workspace", importing: "Callable[..., ImportReport]", plan: "ImportPlan") -> "ImportReport":
    """What an import would do. It is judged once more when it is written: no lock is held while a person reads."""
    with imports.on_trial(workspace, plan) as trial, row_progress() as progress:
        return importing(trial, map_text=plan.map_text, progress=progress)


def takes_sales(run: "CliContext", ledger: "imports.LedgerFile") -> bool:
    """Whether a person has a file of sales brought in as that, where entries were expected.

    Raises:
        LedgerFile: nobody is there to say it, or the file can't be anything else. Interrupted: the person stopped.
    """
    if not run.interactive or run.format != "table":
        raise ledger
    try:
        tell(say(ledger.message))
        if normal_form(line(t("importing.as_sales"))) in _YES:
            return True
    except (KeyboardInterrupt, EOFError):
        raise Interrupted(msg("cli.import.interrupted")) from None
    if ledger.is_certain:
        raise ledger
    return False


def _note_dropped(workspace: "Workspace", plan: "ImportPlan") -> None:
    """Say beside the result what of the file did not come in, to whom the plan was not shown."""
    if plan.left_out:
        workspace.notices.append(msg("importing.left_out", columns=tuple(plan.left_out)))
    if plan.blank:
        workspace.notices.append(msg("importing.blank", columns=blank_columns(plan)))
    if plan.emptied:
        workspace.notices.append(msg("importing.emptied", cells=emptied_cells(plan)))


def _decided(workspace: "Workspace", proposal: "FileProposal", answers: dict[str, str]) -> "ImportPlan":
    """The plan once nothing is left to decide; a person is asked, a script told."""
    file = proposal.file
    for _ in range(_MOST_ROUNDS):
        plan = proposal.plan(answers)
        if not plan.questions:
            before = [RememberedAnswer(*one) for one in proposal.taken_again(answers)]
            return plan._replace(remembered=before)
        if not workspace.interactive:
            hint = msg("importing.undecided.hint_dry")
            if not workspace.dry_run:
                hint = msg("importing.undecided.hint", map=imports.write_half_made(plan))
            problems = [_problem(question, plan) for question in plan.questions]
            raise Undecided(msg("importing.undecided", path=file, n=len(problems)), hint=hint, problems=problems)
        for question in plan.questions:
            answers[imports.question_key(question)] = _ask(question, plan)
    raise UsageError(msg("importing.undecided", path=file, n=len(plan.questions)))


def _problem(question: "ImportQuestion", plan: "ImportPlan") -> Problem:
    what = question.what if question.what in _ASKED else "column"
    label = role_label(question.what, plan) if what == "column" else ""
    options = tuple(_columns(question.options[:_SHOWN], plan))
    needs = msg(f"importing.decide.{what}", what=label, options=options, column=question.column)
    return Problem(Place(field=question.about), ", ".join(question.examples), needs)


def _ask(question: "ImportQuestion", plan: "ImportPlan") -> str:
    """One question, the best guess first; Enter takes that, or leaves it out where there is none."""
    options, labels = _choices(question, plan)
    cells = dict(zip(question.options, question.cells, strict=False)) or plan.samples
    sys.stderr.write(
        numbered([_with_cells(label, cells.get(one, ())) for one, label in zip(options, labels, strict=True)])
    )
    usual = question.guess if question.guess in options else options[-1]
    while True:
        said = line(t("importing.ask.which", usual=labels[options.index(usual)]))
        if not said:
            return usual
        for called in (labels, options):
            if said in called:
                return options[called.index(said)]
        if said.isdecimal() and 0 < int(said) <= len(options):
            return options[int(said) - 1]
        tell(t("importing.ask.again", n=len(options)), indent=2)


def _choices(question: "ImportQuestion", plan: "ImportPlan") -> tuple[list[str], list[str]]:
    """What may be answered, and how each is called; the question is put before."""
    examples = t("language.comma").join(question.examples)
    options, labels = [*question.options], [*question.options]
    match question.what:
        case "date_order":
            tell(t("importing.ask.date_order", column=question.about, examples=examples))
            labels = [t("importing.ask.month_first"), t("importing.ask.day_first")]
        case "year" | "coming_year":
            tell(t(f"importing.ask.{question.what}", column=question.about, examples=examples))
            labels = [t(f"importing.ask.{question.what}.of", day=one) for one in options]
        case "stage_of":
            tell(t("importing.ask.stage", said=question.about))
            labels = [*options[:-1], t("importing.ask.no_stage")]
        case "stages":
            tell(t("importing.ask.stages", examples=examples))
            labels = [t(f"importing.ask.stages.{_STAGES[one]}") for one in options]
        case "events":
            tell(t("importing.ask.events", examples=examples))
            labels = [t(f"importing.ask.events.{one}") for one in options]
        case "ended" | "ended_on":
            return _choices_of_ends(question, examples)
        case "row_key":
            tell(t("importing.ask.row_key", columns=question.about, examples=examples))
            labels = [t("importing.ask.same_key", columns=question.about), *options[1:]]
        case "unread_amount":
            tell(t("importing.ask.unread_amount", column=question.about, examples=examples))
            labels = [t("importing.ask.without_column")]
        case "account" | "tax_in" | "sales_customer":
            return _choices_of_books(question, plan, examples)
        case _:
            tell(t("importing.ask.column", what=role_label(question.what, plan)))
            options, labels = [*options, "-"], [*_columns(options, plan), t("importing.ask.none")]
    return options, labels


def _choices_of_ends(question: "ImportQuestion", examples: str) -> tuple[list[str], list[str]]:
    """The same of how deals ended, or when."""
    options = [*question.options]
    if question.what == "ended":
        tell(t("importing.ask.ended", column=question.about, examples=examples))
        return options, [t(f"importing.ask.ended.{_ENDED[one]}", column=question.column) for one in options]
    tell(t("importing.ask.ended_on", examples=examples))
    of_file = t("importing.ask.ended_on.file", day=question.column)
    named = {"file": of_file, "-": t("importing.ask.ended_on.leave_out")}
    return options, [named.get(one) or t("importing.ask.ended_on.column", column=one) for one in options]


def _choices_of_books(question: "ImportQuestion", plan: "ImportPlan", examples: str) -> tuple[list[str], list[str]]:
    """The same of a ledger's file."""
    options, labels = [*question.options], [*question.options]
    match question.what:
        case "account":
            tell(t("importing.ask.account", column=question.column, said=question.about))
            labels = [t(f"show.plan.account.{kind}") for kind in options]
        case "tax_in":
            tell(t("importing.ask.tax_in"))
            labels = [t(f"importing.ask.tax_{one}") for one in options]
        case _:
            tell(t("importing.ask.sales_customer", examples=examples))
            options, labels = [*options, "-"], [*_columns(options, plan), t("importing.ask.leave_nobodys")]
    return options, labels


def _columns(columns: "Sequence[str]", plan: "ImportPlan") -> list[str]:
    return [column_label(column, plan) for column in columns]


def _with_cells(label: str, cells: "Sequence[str]") -> str:
    """What may be answered, a column with what some of its cells say."""
    said = t("language.comma").join(cut(" ".join(cell.split()), _CELL) for cell in cells)
    return t("importing.ask.with_cells", label=label, cells=said) if said else label


def _agrees(run: "CliContext", workspace: "Workspace", ask_anew: "Callable[[], None] | None") -> bool:
    """Whether a person has the file imported as it was understood; where they want what was decided before asked again, that is done
    instead."""
    # Who asked for data gets one answer, and nothing to read before it.
    if not workspace.interactive or run.format != "table":
        raise UsageError(msg("importing.needs_yes"), hint=msg("importing.needs_yes.hint"))
    said = normal_form(line(t("importing.agree_or_anew" if ask_anew is not None else "importing.agree")))
    if said == _ANEW and ask_anew is not None:
        ask_anew()
        return False
    if said not in _YES:
        run.notice(msg("importing.nothing_done"))
    return said in _YES


def _ask_anew(
    proposal: "FileProposal",
    run: "CliContext",
    importing: "Callable[..., ImportReport]",
    proposing: "Callable[[Workspace], FileProposal]",
    save_map: str,
) -> None:
    """Forget what was decided before, with the map that came of it, and begin again."""
    proposal.forget_answers()
    if save_map:
        Path(save_map).unlink(missing_ok=True)
    import_by_plan(run, importing, proposing, yes=False, save_map=save_map)
