"""The manual page, from the same table and the same words as the help. The build writes it.

Needs nothing but the table and the catalogues, so that it can be made where nippo's own dependencies are not there yet.
"""

from collections.abc import Iterator
from typing import Any

from nippo_cli import __version__
from nippo_cli.base.language import bind, t
from nippo_cli.cli.completion.command_table import COMMANDS, SHARED

_VARIABLES = (
    "NIPPO_JOURNAL", "NIPPO_SCHEMA", "NIPPO_AUTHOR", "NIPPO_LANG", "NIPPO_BOX", "NO_COLOR", "NIPPO_PAGER", "PAGER",
    "NO_PAGER",
)  # fmt: skip
_EXITS = ("0", "1", "2", "3", "4", "5", "10", "130")


def page(lang: str) -> str:
    """`nippo.1` in a language, as roff."""
    bind(lang)
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    """The lines of the page, in the language that is bound."""
    yield f'.TH NIPPO 1 "" "nippo {__version__}" ""'
    yield f".SH {_text(t('man.name'))}"
    yield f"nippo \\- {_text(_first(COMMANDS[''][0]))}"
    yield f".SH {_text(t('man.synopsis'))}"
    yield f".B nippo\n[{_text(t('man.command'))}] [{_text(t('man.options_mark'))}]"
    yield f".SH {_text(t('man.description'))}"
    yield from _paragraphs(t(COMMANDS[""][0]))
    yield from _paragraphs(t("man.more"))
    yield f".SH {_text(t('man.commands'))}"
    for path in COMMANDS:
        if path:
            yield from _command(path)
    yield f".SH {_text(t('man.options'))}"
    for option in (*COMMANDS[""][2], *_shared()):
        yield from _option(option)
    yield f".SH {_text(t('man.environment'))}"
    for name in _VARIABLES:
        yield from _item(f"\\fB{name}\\fR", t(f"man.env.{name.lower()}"))
    yield f".SH {_text(t('man.exit'))}"
    for code in _EXITS:
        yield from _item(f"\\fB{code}\\fR", t(f"man.exit.{code}"))


def _command(path: str) -> Iterator[str]:
    """A command with its arguments and the options that are its own."""
    help_key, arguments, options, _ = COMMANDS[path]
    named = [_named(argument) for argument in arguments]
    yield f".SS nippo {_text(' '.join((path, *named)))}"
    yield from _paragraphs(t(help_key))
    for name, _, key, _, _ in arguments:
        yield from _item(f"\\fI{_text(name.upper())}\\fR", t(key))
    for option in options:
        yield from _option(option)


def _shared() -> list[Any]:
    """Every option that several commands take, once."""
    by_flag: dict[str, Any] = {}
    for options in SHARED.values():
        for option in options:
            by_flag.setdefault(option[0][-1], option)
    return list(by_flag.values())


def _named(argument: Any) -> str:
    name = f"{argument[0].upper()}{'...' if argument[3] else ''}"
    return name if argument[4] else f"[{name}]"


def _option(option: Any) -> Iterator[str]:
    flags, _, key, value = option
    shown = ", ".join(f"\\fB{_text(flag)}\\fR" for flag in flags)
    yield from _item(f"{shown} \\fI{_text(value)}\\fR" if value else shown, t(key))


def _item(head: str, text: str) -> Iterator[str]:
    yield f".TP\n{head}"
    yield from _paragraphs(text, first="")


def _paragraphs(text: str, *, first: str = ".PP") -> Iterator[str]:
    lead = first
    for line in text.strip().split("\n"):
        if lead:
            yield lead
        yield _text(line)
        lead = ".br"


def _first(key: str) -> str:
    return t(key).strip().partition("\n")[0]


def _text(text: str) -> str:
    """Text that roff takes for nothing else: no request at a line's beginning, no escape, a hyphen that can be copied."""
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{shown}" if shown[:1] in (".", "'") else shown
