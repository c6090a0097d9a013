"""How each shell says what was typed at TAB, and how a word is spelled for it.

What a journal holds is never spelled so that a shell could run or expand it, whatever quotes are open. zsh and fish quote
by themselves; bash and PowerShell put on the line what they are given. A word that can't be spelled safely is not spelled:
docs/decisions/0013-completion.md.
"""

import sys
from collections.abc import Mapping, Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import visible


class Typed(NamedTuple):
    """The words before the one that is being typed, and that one as far as it was; quotes and backslashes taken off.

    The shell puts its candidate behind `prefix`, the part of the word that stays, where `quote` is open: one of `'`,
    `"` and `$'`, empty where none is, `BARE` for a script that has bash take candidates apart, else unknown. Bash says so where it
    shows a list of several and types what all begin with, at most.
    """

    before: Sequence[str]
    word: str
    prefix: str = ""
    quote: str = ""
    is_listed: bool = False


# By COMP_TYPE: a list after a second TAB, and those that `show-all-if-ambiguous` and `show-all-if-unmodified` show at the first.
_LISTED = frozenset(map(str, map(ord, "?!@")))
BARE = "bare"
_UNKNOWN = "unknown"


def read(shell: str, env: Mapping[str, str]) -> Typed | None:
    """What was typed, as the shell's script tells it. None where it can't be known, or nippo's script is not the one
    that asks: Typer's for zsh runs what comes back."""
    if shell == "bash":
        return _of_bash(env)
    if shell in ("zsh", "fish"):
        return _of_words(shell, env)
    return _of_powershell(env)


def spell(word: str, typed: Typed, shell: str, encoding: str = "utf-8") -> str | None:
    """The word as the shell is to get it; None where it holds what could not be typed, be read, or be safe there."""
    if visible(word) != word or not _can_be_read(word, encoding):
        return None
    if shell == "bash":
        return _for_bash(word, typed)
    if shell in ("zsh", "fish"):
        # Both know what quote is open, but for zsh in the second line of a command, which it takes for a first one.
        return word if not typed.quote or _is_made_of(word, _LITERAL) else None
    return _for_powershell(word)


def encoding_of(shell: str) -> str:
    """What the shell takes a program's output for: on Windows PowerShell reads the console's code page."""
    if sys.platform == "win32" and shell in ("powershell", "pwsh"):
        import ctypes

        page = f"cp{ctypes.windll.kernel32.GetConsoleOutputCP()}"
        return page if _is_known(page) else "ascii"
    return "utf-8"


# --- as typed


def parted(line: str, escapes: Mapping[str, str | None]) -> Typed:
    """A command line up to the cursor, nothing in it looked up or run, as words without their quotes.

    Args:
        line: as typed, the command's own name included.
        escapes: what a backslash takes its meaning from, by the quote that is open: all for None.
    """
    words: list[str] = []
    word, quote, last, started, lost = "", "", "", False, False
    chars = iter(line)
    for char in chars:
        now = char
        if quote and char == quote[-1]:
            quote = ""
        elif char == "\\" and escapes[quote] != "":
            after, now = next(chars, ""), ""
            taken = escapes[quote]
            word += after if taken is None or after in taken else char + after
            # What `$'\x41'` stands for is not looked at; a backslash at the end would take the next character.
            started, lost = True, lost or quote == "$'" or not after
        elif quote:
            word += char
        elif char in "'\"":
            quote = "$'" if last == "$" and char == "'" else char
            word, started = word.removesuffix("$") if last == "$" else word, True
        elif char in " \t\n":
            words += [word] if started or word else []
            word, started, lost = "", False, False
        else:
            word += char
        last = now
    return Typed(words[1:], word, quote=_UNKNOWN if lost else quote)


_OF_BASH: Mapping[str, str | None] = {"": None, '"': '$`"\\', "'": "", "$'": None}
_OF_FISH: Mapping[str, str | None] = {"": None, '"': '$"\\', "'": "'\\", "$'": "'\\"}
_OF_POWERSHELL: Mapping[str, str | None] = {"": "", '"': "", "'": "", "$'": ""}


def _of_bash(env: Mapping[str, str]) -> Typed | None:
    """The line up to the cursor, and of it what bash will put the candidate in place of: that depends on its breaks."""
    line, replaced = env.get("COMP_LINE"), env.get("_NIPPO_TEXT")
    if line is None or not line.endswith(replaced or ""):
        return None
    typed = parted(line, _OF_BASH)
    if replaced is None:
        prefix = max(typed.word.rfind(mark) for mark in "=:") + 1
        return None if typed.quote else typed._replace(prefix=typed.word[:prefix], quote=BARE)
    stays = parted(line.removesuffix(replaced), _OF_BASH)
    if len(stays.before) != len(typed.before):
        return None
    return typed._replace(prefix=stays.word, quote=stays.quote, is_listed=env.get("_NIPPO_TYPE") in _LISTED)


def _of_words(shell: str, env: Mapping[str, str]) -> Typed | None:
    """The words a line each; zsh takes the quotes off, fish leaves the last word as it was typed."""
    words = env.get("_NIPPO_WORDS", "").split("\n")
    if len(words) < 2:
        return None
    word = parted(f"nippo {words[-1]}", _OF_FISH).word if shell == "fish" else words[-1]
    return Typed(words[1:-1], word, quote=env.get("_NIPPO_QUOTE", ""))


def _of_powershell(env: Mapping[str, str]) -> Typed:
    """The command as Typer's script hands it over, which leaves out the blank behind its last word."""
    blank = "" if env.get("_TYPER_COMPLETE_WORD_TO_COMPLETE") else " "
    return parted(env.get("_TYPER_COMPLETE_ARGS", "") + blank, _OF_POWERSHELL)


# --- as offered


def marked(spelled: Sequence[str], marks: Sequence[str]) -> list[str]:
    """Candidates of which bash shows a list, each with its mark behind it; without where one alone would be typed with it, or
    all begin with more than before, which bash types."""
    shown = [f"{word} {mark}" if mark else word for word, mark in zip(spelled, marks, strict=True)]
    return shown if len(set(spelled)) > 1 and _in_common(shown) == _in_common(spelled) else list(spelled)


def apart(spelled: Sequence[str], *, begin_so: bool) -> list[str]:
    """What stands beside candidates of bash, which types at once what all of them begin with. That may not take away what was
    typed, nor end in a backslash, which would take its meaning from the next key: a blank among them begins like none.

    Args:
        spelled: each as it would be typed.
        begin_so: each begins with what was typed.
    """
    begin = spelled[0][: _in_common(spelled)] if spelled else ""
    is_half = (len(begin) - len(begin.rstrip("\\"))) % 2 == 1
    return [" "] if len(spelled) > 1 and (is_half or not begin_so) else []


def _in_common(spelled: Sequence[str]) -> int:
    """With how many characters all begin, as readline counts them."""
    common = 0
    for chars in zip(*spelled, strict=False):
        if len({_as_readline_may(char) for char in chars}) > 1:
            break
        common += 1
    return common


def _as_readline_may(char: str) -> str:
    """What readline may take for the same: with completion-ignore-case and completion-map-case."""
    return "-" if char == "_" else char.lower()


def _for_bash(word: str, typed: Typed) -> str | None:
    """What is behind `prefix`: escaped, or, behind an open quote, as it is if nothing in it could mean anything there."""
    if not word.startswith(typed.prefix):
        return None
    rest = word[len(typed.prefix) :]
    if not typed.quote:
        return "".join(char if _is_made_of(char, _PLAIN) else f"\\{char}" for char in rest)
    allowed = {BARE: _PLAIN, _UNKNOWN: None}.get(typed.quote, _LITERAL)
    return rest if allowed is not None and _is_made_of(rest, allowed) else None


def _for_powershell(word: str) -> str | None:
    r"""Whole, in single quotes, in which nothing but they themselves means anything. What it hands on to a program is
    taken apart once more at `"` and `\\`, and its script parts word and help at `:::`."""
    if '"' in word or "\\" in word or ":::" in word:
        return None
    if word.isascii() and word.replace("-", "").isalpha():
        return word
    return "'" + "".join(char * 2 if char in _SINGLE_QUOTES else char for char in word) + "'"


def _is_made_of(word: str, allowed: frozenset[str]) -> bool:
    return all(not char.isascii() or char in allowed for char in word)


def _can_be_read(word: str, encoding: str) -> bool:
    return word.encode(encoding, "ignore").decode(encoding, "ignore") == word


def _is_known(encoding: str) -> bool:
    try:
        "".encode(encoding)
    except LookupError:
        return False
    return True


# What means nothing to bash, whatever is open; a blank and a bracket among them part a word or stop the line, no more.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=%")
_LITERAL = _PLAIN | frozenset(" ()")
# PowerShell takes the typographic ones for the same.
_SINGLE_QUOTES = frozenset("'\u2018\u2019\u201a\u201b")
