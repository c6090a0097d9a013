"""Plain questions on a terminal, for what a report still lacks. Questions go to stderr; stdout is for data."""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING
from unicodedata import normalize

from nippo_cli.base.errors import (
    Ambiguous,
    Interrupted,
    NippoError,
    NotFound,
    Problem,
    UsageError,
    msg,
)
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, t
from nippo_cli.base.text import pad, visible, width
from nippo_cli.cli.frame import stopping
from nippo_cli.render import draw, parts
from nippo_cli.schema import types
from nippo_cli.schema.types import type_of
from nippo_cli.services import context, writing

if TYPE_CHECKING:
    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.schema.schema import Field, Schema
    from nippo_cli.services.context import Report, Workspace

_YES = ("y", "yes", "はい", "ｙ")
_MOST_IN_A_ROW = 4
_LEAST_COLUMNS = 20
_ESCAPE = b"\x1b"
# Ctrl-D as a key; one that came while whole lines were read is a zero once keys are.
_END = ("\x04", "\0")


def completed(run: "CliContext", workspace: "Workspace", report: "Report") -> "Report":
    """The report with every missing or unreadable field asked for; what is there is not asked again.

    Raises:
        Interrupted: the person stopped; what was typed is kept as a draft.
    """
    from nippo_cli.services.writing import record

    try:
        report = _reconciled(workspace, _with_deal(workspace, report))
        while True:
            schema, problems, _ = record.prepared(workspace, report)
            asked = next((p for p in problems if p.where.field in schema.by_key), None)
            if asked is None or report.later:
                return report
            report = _asked(run, workspace, schema, report, asked)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")
        raise writing.keep_draft(workspace, [report], Interrupted(msg("cli.stopped"))) from None
    except NippoError as error:
        raise writing.keep_draft(workspace, [report], error) from None


def _with_deal(workspace: "Workspace", report: "Report") -> "Report":
    """The report with its deal: asked for where none is named, begun where a person says that it is new."""
    from nippo_cli.services.writing import record

    if report.deal is None and not report.raw:
        said = line(t("cli.ask.deal"))
        report = report._replace(deal=said or None)
    if report.deal is None or report.new_deal:
        return report
    try:
        record.deal_of(workspace, report.deal, record.customer_of(workspace, report))
    except NotFound as error:
        if isinstance(error, Ambiguous):
            raise
        tell(say(error.message))
        if error.problems and error.hint is not None:
            tell(say(error.hint))
        if yes(t("cli.ask.new_deal", name=report.deal)):
            return report._replace(new_deal=True)
        raise
    return report


def _beside_left(report: "Report", left: "writing.LeftDeal") -> "Report":
    """The report of a new deal, or of the one that another customer left; refused where it is to be neither."""
    if yes(t("cli.ask.new_of_customer", name=left.deal.name, said=left.said)):
        return report._replace(deal=left.deal.name, new_deal=True)
    if yes(t("cli.ask.go_on", id=show_id(left.deal.id))):
        return report._replace(deal=show_id(left.deal.id))
    raise left


def _reconciled(workspace: "Workspace", report: "Report") -> "Report":
    """The report once it and its deal agree: whether it goes on with the deal that has the name, whether the deal's
    customer changes."""
    while (disagrees := writing.disagreement(workspace, report)) is not None:
        tell(say(disagrees.message))
        if isinstance(disagrees, writing.NameHeld):
            if yes(t("cli.ask.go_on", id=show_id(disagrees.deal.id))):
                report = report._replace(deal=show_id(disagrees.deal.id), new_deal=False)
            elif said := line(t("cli.ask.other_name")):
                report = report._replace(deal=said)
            else:
                raise disagrees
        elif isinstance(disagrees, writing.LeftDeal):
            report = _beside_left(report, disagrees)
        elif yes(t("cli.ask.change_customer", customer=disagrees.deal.customer, said=disagrees.said)):
            report = report._replace(change_customer=True)
        elif yes(t("cli.ask.new_of_customer", name=disagrees.deal.name, said=disagrees.said)):
            report = report._replace(deal=disagrees.deal.name, new_deal=True)
        elif said := line(t("cli.ask.other_deal", customer=disagrees.deal.customer)):
            report = _with_deal(workspace, report._replace(deal=said))
        else:
            raw = writing.by_key(context.for_writing(workspace.places), report.raw)
            report = report._replace(raw={k: v for k, v in raw.items() if k != disagrees.problem.where.field})
    return report


def _asked(run: "CliContext", workspace: "Workspace", schema: "Schema", report: "Report", problem: Problem) -> "Report":
    """The report with the field asked for that a problem names; an answer that is empty takes it out."""
    field = schema.by_key[problem.where.field]
    if problem.said:
        # The choices are listed below all the same.
        key = "cli.ask.no_choice" if schema.choices(field) else "cli.ask.refused"
        tell(t(key, field=field.label, said=problem.said, needs=say(problem.needs)))
    said = ask_field(field, schema)
    raw = {k: v for k, v in report.raw.items() if k not in (field.key, field.label)}
    if said:
        raw[field.key] = _several(field, said)
        _echo(workspace, report, field, said, schema)
    elif problem.needs.key == "entry.required":
        run.notice(msg("cli.ask.needed", field=field.label))
    return report._replace(raw=raw)


def _echo(workspace: "Workspace", report: "Report", field: "Field", said: str, schema: "Schema") -> None:
    """A date or an amount as it was understood; nothing where it can't be read, for then it is asked again."""
    if not type_of(field).previewed:
        return
    today = workspace.today(writing.time_zone_of(workspace))
    try:
        on = context.day_of(report.on, today)
        shown = parts.understood(field, types.read(field, said, types.Reading(on, schema)), schema, today)
    except (types.ValueRefused, UsageError):
        return
    tell(f"{t('flow.becomes')} {shown}", indent=2)


def ask_field(field: "Field", schema: "Schema") -> str:
    """One field's answer as typed; a choice may be given by its number."""
    choices = [c.label for c in schema.choices(field)]
    if field.help:
        tell(field.help, indent=2)
    if choices:
        sys.stderr.write(numbered(choices))
    said = line(field.label)
    if types.says_none(field, said, schema):
        return ""
    if choices and not type_of(field).several:
        try:
            return schema.label(field, types.chosen(schema.choices(field), said)) if said else said
        except types.ValueRefused:
            return said
    return said


def tell(text: str, *, indent: int = 0) -> None:
    """Words to the person, wrapped to the terminal; what begins further in goes on there."""
    said = visible(text).lstrip(" ")
    indent += len(text) - len(text.lstrip(" "))
    for start, stop in draw.breaks(said, max(_LEAST_COLUMNS, columns() - indent)):
        sys.stderr.write(f"{' ' * indent}{said[start:stop]}\n")


def columns() -> int:
    """How wide the terminal is that is asked on; 80 where it does not say."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def line(label: str) -> str:
    """One line from the person, what surrounds it trimmed.

    Raises:
        EOFError: there is no more. KeyboardInterrupt: the person stopped.
    """
    sys.stderr.write(f"{visible(label)}{'' if label.endswith('>') else ':'} ")
    sys.stderr.flush()
    file = _terminal()
    return (input() if file is None else _read_line(file)).strip()


def _terminal() -> int | None:
    """The number of a standard input that can be waited for and read by the byte; None where it is no such terminal."""
    try:
        file = sys.stdin.fileno()
    except (OSError, ValueError):
        return None
    # Windows wakes whoever reads, and can't wait for a file.
    return None if os.name == "nt" or not os.isatty(file) else file


def _read_line(file: int) -> str:
    """One line by the byte: a buffer would take what is typed ahead from the next key. What was typed while keys were read
    comes as one piece, whatever the lines in it.

    Raises:
        EOFError, KeyboardInterrupt: as `line`.
    """
    said = b""
    while not said.endswith(b"\n"):
        _await_input(file)
        byte = os.read(file, 1)
        if not said and byte.decode("latin-1") in ("", *_END):
            raise EOFError
        if not byte:
            break
        said += byte
    return said.decode(sys.stdin.encoding, sys.stdin.errors or "strict")


def _await_input(file: int) -> None:
    """Sleep until something is typed, or the person stops. What reads would sleep through a Ctrl-C that comes in the moment
    before it begins.

    Raises:
        KeyboardInterrupt: the person stopped.
    """
    import select
    import signal

    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    before = signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    try:
        select.select([file, woken], [], [])
    finally:
        signal.set_wakeup_fd(before)
        os.close(woken)
        os.close(waker)


def yes(question: str) -> bool:
    """Whether the person agrees; anything but a yes is a no."""
    return normalize("NFKC", line(f"{question} [y/N]")).lower() in _YES


def _several(field: "Field", said: str) -> object:
    if not type_of(field).several:
        return said
    return [part.strip() for part in said.replace("、", ",").replace("，", ",").split(",") if part.strip()]


def numbered(choices: list[str]) -> str:
    """Choices with their numbers, as many beside each other as the terminal holds."""
    cells = [f"{n:>{len(str(len(choices)))}} {visible(label)}" for n, label in enumerate(choices, 1)]
    column = max(width(c) for c in cells) + 2
    beside = max(1, min(_MOST_IN_A_ROW, (columns() - 2) // column))
    rows = [cells[i : i + beside] for i in range(0, len(cells), beside)]
    return "".join("  " + "".join(pad(c, column) for c in row).rstrip() + "\n" for row in rows)


def one_key() -> str:
    """The key that is pressed, small and half-width: `ｇ` and `G` are `g`. Arrows and the like are an empty text.

    Raises:
        KeyboardInterrupt: the person stopped. EOFError: there is no more.
    """
    try:
        # By their names: Windows has neither.
        termios, tty = import_module("termios"), import_module("tty")
    except ImportError:
        return _plain_key(_key_of_windows())
    # A standard input that is closed has no number.
    file = sys.stdin.fileno()
    before = termios.tcgetattr(file)
    try:
        # What is pressed before stays pressed.
        tty.setcbreak(file, termios.TCSADRAIN)
        _await_input(file)
        pressed = _read_key(file)
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)
    return _plain_key(pressed)


def _read_key(file: int) -> str:
    """One character, as many bytes as UTF-8 takes for it; an escape sequence is none, and what is typed behind it stays."""
    first = os.read(file, 1)
    while first == _ESCAPE and _waits(file):
        first = os.read(file, 1)
        if first in (b"[", b"O"):
            _skip_sequence(file, first)
            return ""
    if first == _ESCAPE:
        return ""
    more = 0 if not first or first[0] < 0xC0 else 1 if first[0] < 0xE0 else 2 if first[0] < 0xF0 else 3
    return (first + (os.read(file, more) if more else b"")).decode("utf-8", errors="replace") or _END[0]


def _waits(file: int) -> bool:
    import select

    return bool(select.select([file], [], [], 0)[0])


def _skip_sequence(file: int, kind: bytes) -> None:
    """The rest of an arrow or the like: a letter behind `O`, figures and then a letter or a tilde behind `[`."""
    while _waits(file):
        byte = os.read(file, 1)
        # `[[A` is a function key of a console.
        if kind == b"O" or (b"@" <= byte <= b"~" and byte != b"["):
            return


def _key_of_windows() -> str:
    pressed = str(import_module("msvcrt").getwch())
    if pressed == "\x03":
        stopping.has_stopped()
        raise KeyboardInterrupt
    return "" if pressed in ("\x00", "\xe0") else pressed


def _plain_key(pressed: str) -> str:
    if pressed in _END:
        raise EOFError
    return normalize("NFKC", pressed).lower().strip()
