"""Completion for the shells: what may come next, found without building a command.

Typer's own way builds every command first, which takes ten times as long; its scripts are replaced by those of
`completion_scripts`, which ask here. A word is matched whatever its width and case.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence

from nippo_cli.base.language import t
from nippo_cli.base.text import normal_form, visible
from nippo_cli.cli.completion import shell_words
from nippo_cli.cli.completion.command_table import COMMANDS, SHARED
from nippo_cli.cli.completion.shell_words import Typed
from nippo_cli.services.pages import CompletionOffer, Offers, matching

VARIABLE = "_NIPPO_COMPLETE"
_FIELDS_OF = {"add": False, "edit": False, "day": True}
_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def complete(env: Mapping[str, str]) -> int:
    """Answer a shell: a candidate a line, in its own form. Nothing that goes wrong is told."""
    shell = env.get(VARIABLE, "").partition("_")[2]
    if shell not in _SHELLS:
        return 1
    typed = shell_words.read(shell, env)
    if typed is not None:
        encoding = shell_words.encoding_of(shell)
        lines = "".join(f"{line}\n" for line in _lines(offered(typed.before, typed.word, env), typed, shell, encoding))
        sys.stdout.buffer.write(lines.encode(encoding, errors="replace"))
        sys.stdout.flush()
    return 0


def _lines(offers: Iterable[CompletionOffer], typed: Typed, shell: str, encoding: str) -> list[str]:
    """Each offer that can be spelled, beside it what helps to choose it; bash shows no help, and marks where it lists them."""
    begin_so, spelled, marks = True, [], []
    for one in offers:
        for word, help_ in ((one.word, one.help), (one.instead, f"{one.word}  {one.help}".rstrip())):
            if word and (as_typed := shell_words.spell(word, typed, shell, encoding)):
                begin_so = begin_so and normal_form(word).startswith(normal_form(typed.word))
                spelled.append((as_typed, visible(help_)))
                marks.append(one.mark)
                break
    if shell == "bash":
        words = [word for word, _ in spelled]
        shown = shell_words.marked(words, marks) if typed.is_listed else words
        return shown + shell_words.apart(words, begin_so=begin_so)
    if shell in ("zsh", "fish"):
        return [f"{word}\t{help_}" if help_ else word for word, help_ in spelled]
    return [f"{word}:::{help_ or ' '}" for word, help_ in spelled]


def offered(before: Sequence[str], word: str, env: Mapping[str, str]) -> list[CompletionOffer]:
    """What may stand in the place of `word`, after the words `before` (`nippo` itself apart)."""
    place = _Place(before)
    offers = Offers(journal_file(place.values.get("--journal"), env))
    _speak(place.values.get("--lang"), env, offers)
    name, equals, value = word.partition("=")
    if place.waiting:
        return offers.of(place.waiting, word)
    if word.startswith("-") and equals:
        kind = place.kind_of(name)
        return [one.behind(f"{name}=") for one in offers.of(kind, value)] if kind else []
    if word.startswith("-"):
        return matching(_options(place, offers, by_label=not word.isascii()), word)
    if place.subs:
        own = offers.of(place.argument, word) if place.argument else []
        subs = (CompletionOffer(sub, _first_line(COMMANDS[place.under(sub)][0])) for sub in place.subs)
        return [*matching(subs, word), *own]
    return offers.of(place.argument, word) if place.argument else []


class _Place:
    """Where in the command line the next word stands: under which command, and behind which option."""

    def __init__(self, before: Sequence[str]) -> None:
        self.path = ""
        self.waiting = ""
        self.values: dict[str, str] = {}
        self._arguments = 0
        self._enter("")
        option = ""
        for word in before:
            name, equals, value = word.partition("=")
            if self.waiting:
                self.values[option], self.waiting = word, ""
            elif word.startswith("-") and len(word) > 1:
                option = name
                kind = self.kind_of(name)
                if equals:
                    self.values[name] = value
                else:
                    self.waiting = kind
            elif word in self.subs:
                self._enter(self.under(word))
            else:
                self._arguments += 1

    @property
    def argument(self) -> str:
        """The kind of the argument that comes next; empty where none is taken."""
        arguments = COMMANDS[self.path][1]
        if self._arguments < len(arguments):
            return str(arguments[self._arguments][1])
        return str(arguments[-1][1]) if arguments and arguments[-1][3] else ""

    def under(self, sub: str) -> str:
        """The path of a command under this one."""
        return f"{self.path} {sub}".strip()

    def shown(self) -> list[tuple[str, str]]:
        """The options here, by their longest flag, with the keys of their help."""
        _, _, own, shared = COMMANDS[self.path]
        return [(max(flags, key=len), help_key) for flags, _, help_key, _ in (*own, *SHARED[shared])]

    def _enter(self, path: str) -> None:
        self.path, self._arguments = path, 0
        deep = path.count(" ") + 1 if path else 0
        self.subs = [c.rpartition(" ")[2] for c in COMMANDS if c and c.count(" ") == deep and c.startswith(path)
                     and (not path or c.startswith(f"{path} "))]  # fmt: skip
        _, _, own, shared = COMMANDS[path]
        self.options: dict[str, str] = {flag: kind for flags, kind, *_ in (*own, *SHARED[shared]) for flag in flags}

    def kind_of(self, name: str) -> str:
        """The kind of an option's value, empty for a flag. An option that no command has of itself is a field's; all of
        those take a value."""
        if name in self.options:
            return self.options[name]
        known = self.path in _FIELDS_OF and name.startswith("--") and name != "--help"
        if name == "-m" and self.path in _FIELDS_OF:
            return "text"
        return f"FIELD:{name}" if known else ""


def _options(place: _Place, offers: Offers, *, by_label: bool) -> list[CompletionOffer]:
    options = [CompletionOffer(flag, _first_line(key)) for flag, key in place.shown()]
    if place.path in _FIELDS_OF:
        beside = place.options if by_label else None
        options = [*offers.fields(of_day=_FIELDS_OF[place.path], beside=beside), *options]
    return [*options, CompletionOffer("--help", _first_line("cli.shared.help"))]


def journal_file(option: str | None, env: Mapping[str, str]) -> str:
    """The journal's file as `places.find_places` finds it, by text: to load pathlib takes as long as all the rest."""
    said = option or env.get("NIPPO_JOURNAL") or _folder_above() or _of_xdg(env)
    if not said:
        from pathlib import Path

        from nippo_cli.base.places import find_places

        return str(find_places(journal=None, schema=None, env=env, cwd=Path.cwd()).journal_db)
    path = os.path.normpath(os.path.join(os.getcwd(), os.path.expanduser(said)))  # noqa: PTH109, PTH111, PTH118
    is_file = path.endswith(".db") or os.path.isfile(path)  # noqa: PTH113
    return path if is_file else os.path.join(path, "journal.db")  # noqa: PTH118


def _folder_above() -> str:
    folder = os.getcwd()  # noqa: PTH109
    while True:
        if os.path.isdir(journal := os.path.join(folder, ".nippo")):  # noqa: PTH112, PTH118
            # As `places.is_strangers` has it: nothing is offered that another person put there.
            own = {get() for name in ("getuid", "geteuid") if (get := getattr(os, name, None)) is not None}
            return journal if not own or os.stat(journal).st_uid in own else os.devnull  # noqa: PTH116
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return ""
        folder = above


def _of_xdg(env: Mapping[str, str]) -> str:
    if sys.platform != "linux" or "ANDROID_DATA" in env:
        return ""
    said = env.get("XDG_DATA_HOME", "")
    return os.path.join(said if said.strip() else "~/.local/share", "nippo")  # noqa: PTH118


def _speak(lang: str | None, env: Mapping[str, str], offers: Offers) -> None:
    """The language of the help beside the candidates, as for any command; bash shows none and reads no schema."""
    from nippo_cli.base import language
    from nippo_cli.base.errors import NippoError

    try:
        asked = language.asked_for(lang, env)
    except NippoError:
        asked = ""
    if env.get(VARIABLE, "").endswith("bash"):
        language.bind(asked or language.of_locale(env))
        return
    schema = offers.schema
    language.bind(asked or schema.get("language") or language.of_locale(env), schema.get("words", {}))


def _first_line(key: str) -> str:
    return t(key).strip().partition("\n")[0]
