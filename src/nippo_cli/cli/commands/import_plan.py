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
from nippo_cli.results.proposals import ImportQuestion, RememberedAnswer
from nippo_cli.services import imports

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.results.care import ImportReport
    from nippo_cli.results.proposals import ImportPlan
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
# What several columns may say together.
_OF_SEVERAL = ("moved", "closed", "won_amount", "facts")
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
        imports.save_map(plan, save_map)
        if not yes or workspace.dry_run:
            again = partial(import_by_plan, run, importing, proposing, yes=False, save_map=save_map)
            final = _confirm_plan(run, workspace, importing, proposal, plan, answers, again, save_map)
            if final is None:
                return
            plan = final
        proposal.forget_rows()
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


def _confirm_plan(
    run: "CliContext",
    workspace: "Workspace",
    importing: "Callable[..., ImportReport]",
    proposal: "FileProposal",
    plan: "ImportPlan",
    answers: dict[str, str],
    again: "Callable[[], None]",
    save_map: str,
) -> "ImportPlan | None":
    """The plan that a person agrees to, after as many columns as they put right; None where nothing is left to do.

    Raises:
        UsageError: nobody is there to agree. typer.Exit: rows do not pass.
    """
    while True:
        report = _trial(workspace, importing, plan)
        if report.batch is None and not report.stopped and not workspace.dry_run:
            # Nobody is asked whether nothing is to be written.
            proposal.remember(plan, answers)
            run.show(report._replace(dry_run=False), workspace)
            return None
        plan = plan._replace(report=report, may_correct=_may_correct(run, workspace, plan))
        run.show(plan, workspace)
        if report.stopped and not plan.may_correct:
            raise typer.Exit(ExitCode.SCHEMA)
        if workspace.dry_run:
            return None
        wrong = _wrong_column(run, workspace, plan)
        if wrong == _ANEW:
            _ask_anew(proposal, again, save_map)
        if not isinstance(wrong, int):
            return plan if wrong in _YES else None
        question = _question_of(plan, wrong)
        proposal.correct(answers, question, _ask(question, plan))
        plan = _decided(workspace, proposal, answers)
        if save_map:
            Path(save_map).unlink(missing_ok=True)
        imports.save_map(plan, save_map)


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


def _may_correct(run: "CliContext", workspace: "Workspace", plan: "ImportPlan") -> bool:
    """Whether a person is there to say which column was taken for something else; what a program writes is known by its profile."""
    is_read = workspace.interactive and run.format == "table" and not workspace.dry_run
    return is_read and not plan.source and not plan.by_number


def _wrong_column(run: "CliContext", workspace: "Workspace", plan: "ImportPlan") -> str | int:
    """What a person says to what was understood: a yes, `r` where they want what was decided before asked again, the place of a column
    that is taken for something else, or a no.

    Raises:
        UsageError: nobody is there to say it. typer.Exit: rows do not pass, and no column is named.
    """
    # Who asked for data gets one answer, and nothing to read before it.
    if not workspace.interactive or run.format != "table":
        raise UsageError(msg("importing.needs_yes"), hint=msg("importing.needs_yes.hint"))
    stopped = plan.report is not None and bool(plan.report.stopped)
    asked = "correct" if stopped else "agree_or_anew" if plan.remembered else "agree"
    if plan.may_correct:
        tell(t("importing.may_correct"))
    while True:
        said = line(t(f"importing.{asked}"))
        heads = [one.column for one in plan.taken]
        if plan.may_correct and said in heads:
            return heads.index(said)
        said = normal_form(said)
        if not (plan.may_correct and said.isdecimal()):
            break
        if 0 < int(said) <= len(heads):
            return int(said) - 1
        tell(t("importing.ask.again", n=len(heads)), indent=2)
    if stopped:
        raise typer.Exit(ExitCode.SCHEMA)
    if said not in _YES and not (said == _ANEW and plan.remembered):
        run.notice(msg("importing.nothing_done"))
        return "n"
    return said


def _question_of(plan: "ImportPlan", place: int) -> "ImportQuestion":
    """Which column has what one is taken for; of what several may have together only whether this one is taken."""
    column, role, _ = plan.taken[place]
    alone = role not in _OF_SEVERAL and sum(one.role == role for one in plan.taken) == 1
    others = [one for one in (*plan.left_out, *(one.column for one in plan.taken)) if one != column]
    return ImportQuestion(role, "", column, (column, *(others if alone else ())), plan.samples.get(column, ()))


def _ask_anew(proposal: "FileProposal", again: "Callable[[], None]", save_map: str) -> None:
    """Forget what was decided before, with the map that came of it, and begin again."""
    proposal.forget_answers()
    if save_map:
        Path(save_map).unlink(missing_ok=True)
    again()
