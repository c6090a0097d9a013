"""Errors in words: what was typed, what is allowed, what to do. On stderr, with the exit code that they mean."""

import sys
from collections.abc import Sequence

from nippo_cli.errors import ExitCode, NippoError, UsageError, msg
from nippo_cli.language import say, t
from nippo_cli.text import nearest, visible


def explain(error: NippoError) -> int:
    """Say what went wrong, every problem of it, and what to do; the exit code."""
    lines = [f"{t('cli.error')}: {say(error.message)}"]
    if error.problems:
        from nippo_cli.show.problems import plainly

        lines += [f"  {plainly(problem)}" for problem in error.problems]
    if error.hint is not None:
        lines.append(f"{t('cli.hint')}: {say(error.hint)}")
    _write(lines)
    return int(error.exit_code)


def explain_other(error: Exception, argv: Sequence[str]) -> int:
    """Put what Typer refuses into the user's language; anything else is a fault of nippo's own."""
    from typer._click import exceptions as click

    if isinstance(error, click.NoSuchOption):
        near = nearest(error.option_name, error.possibilities or [])
        return explain(_no_option(error.option_name, near, error.ctx))
    if isinstance(error, click.UsageError):
        return explain(_usage(error))
    if type(error).__name__ == "Abort":
        return int(ExitCode.INTERRUPTED)
    _write(
        [
            f"{t('cli.error')}: {t('cli.fault', what=type(error).__name__, said=str(error))}",
            f"{t('cli.hint')}: {t('cli.fault_hint', command=' '.join(['nippo', *argv, '--debug']))}",
        ]
    )
    return int(ExitCode.FAILURE)


def no_command(name: str, names: Sequence[str], path: str) -> UsageError:
    """There is no such command; the nearest ones, or how to list them."""
    near = nearest(name, names)
    hint = (
        msg("cli.did_you_mean", names=", ".join(f"{path} {n}" for n in near))
        if near
        else msg("cli.see_help", command=f"{path} --help")
    )
    return UsageError(msg("cli.no_command", said=name), hint=hint)


def _no_option(name: str, near: Sequence[str], ctx: object) -> UsageError:
    path = getattr(ctx, "command_path", "nippo")
    hint = msg("cli.did_you_mean", names=", ".join(near)) if near else msg("cli.see_help", command=f"{path} --help")
    return UsageError(msg("cli.no_option", said=name), hint=hint)


def _usage(error: Exception) -> UsageError:
    ctx = getattr(error, "ctx", None)
    path = getattr(ctx, "command_path", "nippo")
    param = getattr(error, "param", None)
    name = getattr(error, "option_name", None) or getattr(param, "human_readable_name", None) or ""
    hint = msg("cli.see_help", command=f"{path} --help")
    kind = type(error).__name__
    if kind == "MissingParameter" or (kind == "BadParameter" and getattr(error, "param_type", None)):
        return UsageError(msg("cli.missing_argument", name=name.upper()), hint=hint)
    if kind == "BadOptionUsage":
        return UsageError(msg("cli.option_usage", name=name), hint=hint)
    return UsageError(msg("cli.usage", said=getattr(error, "message", str(error))), hint=hint)


def _write(lines: Sequence[str]) -> None:
    for line in lines:
        sys.stderr.write("\n".join(visible(part) for part in line.split("\n")) + "\n")
