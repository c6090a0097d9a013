"""Errors in words: what was typed, what is allowed, what to do. On stderr, with the exit code that they mean."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from nippo_cli.base.errors import (
    ExitCode,
    Fault,
    Interrupted,
    Message,
    NippoError,
    Problem,
    UsageError,
    msg,
    refusal,
)
from nippo_cli.base.language import say, t
from nippo_cli.base.text import nearest, quoted, visible, with_capital
from nippo_cli.cli.frame.early_args import EarlyArgs, the_args
from nippo_cli.cli.frame.grammar import SHARED, names_in
from nippo_cli.cli.frame.prompts import tell
from nippo_cli.render import parts
from nippo_cli.services import care, context

# What Typer says of arguments that no parameter takes.
_EXTRA = re.compile(r"unexpected extra arguments? ?(?:\(s\) )?\((.*)\)")

# A command of nippo's in a text: its first word.
_COMMAND = re.compile(r"(?<![\w/.-])nippo ([a-z]+)(?![a-z-])", re.ASCII)

_OF_SPELLING = ("cli.did_you_mean", "cli.see_help")

_CANDIDATE = "names.deal.candidate"
# Bytes of a journal that the doctor looks through in a second and a half; one of a million entries takes minutes.
_SOON_LOOKED_THROUGH = 10_000_000


def explain(error: NippoError) -> int:
    """Say what went wrong, every problem of it, and what to do; the exit code."""
    # Who stops has made no mistake.
    stopped = isinstance(error, Interrupted)
    _write([with_capital(say(error.message)) if stopped else f"{t('cli.error')}: {say(error.message)}"])
    _write([_in_words(problem) for problem in error.problems], indent=2)
    hint = error.hint or (_see_help() if isinstance(error, UsageError) else None)
    if hint is not None:
        first, *commands = for_this_journal(hint).split("\n")
        _write([with_capital(first) if stopped else f"{t('cli.hint')}: {first}"])
        for command in commands:
            # A command goes out as one row, however long: it is there to be copied.
            sys.stderr.write(visible(command) + "\n")
    return int(error.exit_code)


def for_this_journal(hint: Message) -> str:
    """A hint in words, its commands as they are to be typed for the journal and the schema that this run was given by
    option: `nippo doctor` → `nippo --journal x doctor`. How commands are spelled hangs on no journal."""
    text = say(hint)
    try:
        options = "" if hint.key in _OF_SPELLING else the_args().places.options
    except (NippoError, OSError, RuntimeError):
        return text
    if not options:
        return text
    return _COMMAND.sub(lambda match: f"nippo{options} {match[1]}" if match[1] in names_in("") else match[0], text)


def explain_any(error: Exception, argv: Sequence[str]) -> int:
    """As `explain`, of whatever ended the command line `argv`: what Typer refuses is put into the user's language, and what
    was typed and nobody kept is given back."""
    if type(error).__name__ == "Abort":
        return int(ExitCode.INTERRUPTED)
    refused = _of_typer(error) or refusal(error)
    if isinstance(refused, Fault):
        refused = _disk_behind(error) or _damage_behind() or refused
    code = explain(refused)
    if isinstance(refused, Fault):
        from nippo_cli.services.team.settings import shown_argument

        again = pasteable([*map(shown_argument, argv), "--debug"])
        _write([f"{t('cli.hint')}: {t('cli.fault_hint', command=again)}", *_ask_the_doctor()])
    if refused.lost:
        _show_again("cli.typed", refused.lost)
    elif not (refused.is_saved or isinstance(refused, UsageError | Interrupted)):
        give_back(argv)
    return code


def say_stopped() -> None:
    """Say on a terminal that the command was stopped, under the `^C` that stands there."""
    if sys.stderr.isatty():
        sys.stderr.write("\n")
        _write([t("cli.stopped")])


def give_back(argv: Sequence[str]) -> None:
    """Show a command line that was typed for nothing, so that it can be pasted; unless it is short work to type again."""
    if _is_wordy(argv):
        _show_again("cli.typed_command", pasteable(argv))


def pasteable(argv: Sequence[str]) -> str:
    """A command line of nippo's as a shell takes it."""
    return " ".join(["nippo", *map(quoted, argv)])


def _is_wordy(argv: Sequence[str]) -> bool:
    """Whether a command line writes, and says more than where."""
    words = EarlyArgs(argv, {}).words
    shared = {flag for options in SHARED.values() for _, flags, _ in options for flag in flags}
    own = [arg for arg in argv if arg.startswith("-") and arg.partition("=")[0] not in shared and arg not in _SHORT]
    return bool(own) and words[:1] in _WORDY and words[1:2] != ["import"] and "--dry-run" not in argv


_SHORT = ("-e", "--edit", "--resume")
_WORDY = [
    [name]
    for name in ("add", "comment", "customer", "day", "deal", "draft", "edit", "landing", "redact", "sales", "target")
]


def _show_again(key: str, typed: str) -> None:
    """What was typed, as it can be typed again: not wrapped, for it is there to be copied."""
    _write([t(key)])
    sys.stderr.write(visible(typed, multiline=True) + "\n")


def _disk_behind(error: Exception) -> NippoError | None:
    """That the disk is full or broken, where SQLite says so."""
    try:
        return care.refusal_of_disk(error, the_args().places.journal_db)
    except (NippoError, OSError, RuntimeError):
        return None


def _damage_behind() -> NippoError | None:
    """That the journal is damaged, which then is what nippo stumbled over; None where it is sound, or too large to tell at once."""
    try:
        journal = the_args().places.journal_db
        return None if _is_large(journal) else care.damage_of(journal)
    except Exception:  # noqa: BLE001  whatever goes wrong here, the fault itself is what is to be said
        return None


def _ask_the_doctor() -> list[str]:
    """How to see whether a journal that was not looked through is damaged; nothing where it was."""
    try:
        return [for_this_journal(msg("cli.fault_large"))] if _is_large(the_args().places.journal_db) else []
    except (NippoError, OSError, RuntimeError):
        return []


def _is_large(journal: Path) -> bool:
    """Whether to look through a journal would keep the person waiting for the error."""
    return journal.exists() and journal.stat().st_size > _SOON_LOOKED_THROUGH


def no_command(name: str, names: Sequence[str], path: str) -> UsageError:
    """There is no such command; the nearest ones, or how to list them."""
    near = nearest(name, names)
    hint = (
        msg("cli.did_you_mean", names=", ".join(f"{path} {n}" for n in near))
        if near
        else msg("cli.see_help", command=f"{path} --help")
    )
    return UsageError(msg("cli.no_command", said=name), hint=hint)


def _of_typer(error: Exception) -> UsageError | None:
    """What Typer refuses; None for anything else."""
    if isinstance(error, NippoError):
        return None
    from typer._click import exceptions as click

    if isinstance(error, click.NoSuchOption):
        return _no_option(error.option_name, nearest(error.option_name, error.possibilities or []), error.ctx)
    return _usage(error) if isinstance(error, click.UsageError) else None


def _no_option(name: str, near: Sequence[str], ctx: object) -> UsageError:
    path = getattr(ctx, "command_path", "nippo")
    hint = msg("cli.did_you_mean", names=", ".join(near)) if near else msg("cli.see_help", command=f"{path} --help")
    places = the_args().places
    # The fields are options, those of the schema that was last sound.
    if path.endswith((" add", " edit")) and context.refused(places):
        hint = msg("cli.no_option.broken", path=str(places.schema), file=quoted(str(places.schema)))
    elif (of_command := _of_a_command_below(name, ctx)) is not None:
        hint = of_command
    return UsageError(msg("cli.no_option", said=name), hint=hint)


def _of_a_command_below(name: str, ctx: object) -> Message | None:
    """Where a shared option goes that was typed between a group's name and the command: `nippo deal --json list`."""
    group = getattr(getattr(ctx, "command", None), "group", "")
    if not group or not any(name in flags for of in ("answer", "care", "write") for _, flags, _ in SHARED[of]):
        return None
    return msg("cli.no_option.of_command", said=name, command=f"nippo {group}")


def _usage(error: Exception) -> UsageError:
    """What Typer says of arguments and options, in the user's language: one that is missing, one too many, one without its
    value."""
    ctx = getattr(error, "ctx", None)
    path = getattr(ctx, "command_path", "nippo")
    param = getattr(error, "param", None)
    name = getattr(error, "option_name", None) or _name_of(param)
    hint = msg("cli.see_help", command=f"{path} --help")
    kind = type(error).__name__
    if kind == "MissingParameter" or (kind == "BadParameter" and getattr(error, "param_type", None)):
        return UsageError(msg("cli.missing_argument", name=name), hint=hint)
    if kind == "BadOptionUsage":
        return UsageError(msg("cli.option_usage", name=name), hint=hint)
    said = getattr(error, "message", str(error))
    if extra := _EXTRA.search(said):
        return UsageError(msg("cli.extra_argument", said=extra[1]), hint=hint)
    return UsageError(msg("cli.usage", said=said), hint=hint)


def _see_help() -> Message | None:
    """How to see what the command that was called takes; None before the arguments were looked at."""
    try:
        words = the_args().words
    except RuntimeError:
        return None
    path = ["nippo"]
    for word in words[:2]:
        if word not in names_in(" ".join(path[1:])):
            break
        path.append(word)
    return msg("cli.see_help", command=f"{' '.join(path)} --help")


def _name_of(param: object) -> str:
    """A parameter as it is typed: an option by its flag, an argument in capitals."""
    if getattr(param, "param_type_name", "") == "option":
        return str(max(getattr(param, "opts", [""]), key=len))
    return str(getattr(param, "human_readable_name", "")).upper()


def _in_words(problem: Problem) -> str:
    # A name that may be meant is no fault of a field.
    return say(problem.needs) if problem.needs.key.startswith(_CANDIDATE) else parts.plainly(problem)


def _write(paragraphs: Sequence[str], *, indent: int = 0) -> None:
    """Paragraphs, wrapped where a person reads them."""
    for text in paragraphs:
        for part in text.split("\n"):
            if sys.stderr.isatty():
                tell(part, indent=indent)
            else:
                sys.stderr.write(" " * indent + visible(part) + "\n")
