"""A first look at the arguments, before Typer: where the journal is, which language, which command.

The schema's fields are options of `nippo add` and its language is the screen's, so both are wanted before the
commands are built.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base import language
from nippo_cli.base.errors import SystemRefused, UsageError, msg
from nippo_cli.base.places import Places, find_places
from nippo_cli.services import context

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import ActiveSchema

_WITH_VALUE = (
    "--journal",
    "--schema",
    "--lang",
    "--color",
    "--box",
    "--as-of",
    "--format",
    "--limit",
    "--heads",
    "--encoding",
    "-o",
    "--output",
)


def name_the_log(argv: Sequence[str]) -> list[str]:
    """The arguments, `--log` in place of a `--journal` behind the command `export` that no path follows: it can only mean the
    journal itself."""
    args = list(argv)
    if "export" in args and EarlyArgs(argv, {}).words[:1] == ["export"]:
        for at in range(args.index("export") + 1, len(args)):
            if args[at] == "--journal" and (at + 1 == len(args) or args[at + 1].startswith("-")):
                args[at] = "--log"
    return args


class EarlyArgs:
    """What the arguments say of themselves. `words` are those that are neither options nor their values."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self.env = env
        self.values: dict[str, str] = {}
        self.words: list[str] = []
        waiting = ""
        for arg in argv:
            if arg == "--":
                break
            name, equals, value = arg.partition("=")
            if waiting:
                self.values[waiting], waiting = arg, ""
            elif name in _WITH_VALUE:
                if equals:
                    self.values[name] = value
                else:
                    waiting = name
            elif not arg.startswith("-"):
                self.words.append(arg)

    @cached_property
    def places(self) -> Places:
        """Where the journal, its schema and the state are."""
        return find_places(
            journal=self.values.get("--journal"), schema=self.values.get("--schema"), env=self.env, cwd=_here()
        )

    def places_here(self) -> Places:
        """The places of a journal in the current folder's `.nippo`."""
        return find_places(
            journal=str(_here() / ".nippo"), schema=self.values.get("--schema"), env=self.env, cwd=_here()
        )

    @cached_property
    def _adopted(self) -> "ActiveSchema":
        return context.read_active_schema(self.places)

    @cached_property
    def for_writing(self) -> "Schema":
        """The schema that the next entry will be judged by."""
        return context.for_writing(self.places, self._adopted)

    @property
    def schema(self) -> "Schema | None":
        """The schema that the journal last adopted; None where there is no journal, or none that can be read."""
        return self._adopted.schema


def _here() -> Path:
    """The current folder.

    Raises:
        SystemRefused: it has been removed under the shell.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise SystemRefused(msg("cli.no_cwd", reason=error.strerror), hint=msg("cli.no_cwd_hint")) from None


_looked: EarlyArgs | None = None


def early_args(argv: Sequence[str], env: Mapping[str, str]) -> EarlyArgs:
    """Look, remember, and bind the language that the arguments, the environment or the schema ask for."""
    global _looked  # noqa: PLW0603  one process runs one command line
    _looked = EarlyArgs(argv, env)
    if nul := next((arg for arg in argv if "\0" in arg), ""):
        raise UsageError(msg("cli.nul", said=nul))
    asked = language.asked_for(_looked.values.get("--lang"), env)
    # Whatever goes wrong while the journal is looked for is said in a language that is known by then.
    language.bind(asked or language.of_locale(env))
    schema = _looked.schema
    words = schema.words if schema else {}
    language.bind(asked or (schema.language if schema else "") or language.of_locale(env), words)
    if not asked and language.current() == "ja" and not _shows_japanese():
        language.bind("en")
    return _looked


def _shows_japanese() -> bool:
    """Whether the terminal can; a pipe takes UTF-8 whatever the locale."""
    screen = next((stream for stream in (sys.stdout, sys.stderr) if stream is not None and stream.isatty()), None)
    try:
        "日報".encode((screen and screen.encoding) or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def the_args() -> EarlyArgs:
    """This run's arguments.

    Raises:
        RuntimeError: nobody has looked at them yet.
    """
    if _looked is None:
        raise RuntimeError("early_args")
    return _looked
