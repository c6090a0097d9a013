"""Where answers go: to stdout, through the person's pager, or into the file of `-o`; whole, or an error that says what became
of the work."""

import os
import sys
from itertools import chain
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Message, NippoError, msg, system_reason
from nippo_cli.base.language import t
from nippo_cli.cli.frame.clock import now
from nippo_cli.cli.frame.early_args import the_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from nippo_cli.base.outputs import OutputTarget

# The endings of files that each format is known by.
_ENDINGS = {
    "table": (".txt", ".text", ".log"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "csv": (".csv", ".tsv"),
    "md": (".md", ".markdown"),
    "html": (".html", ".htm"),
    "xlsx": (".xlsx",),
    "eml": (".eml",),
    "xlsm": (".xlsm",),
    "pdf": (".pdf",),
    "xes": (".xes", ".xes.gz"),
    "ics": (".ics",),
    "sqlite": (".sqlite", ".sqlite3"),
}

# Endings by which other programs know files of their own. Any other is a name that a person gave: `notes.v2`, `log.old`, `memo.2026`.
_OF_OTHERS = (
    "doc docm docx dot dotx rtf odt ods odp odg xls xlsb xlt xltx ppt pps pptm pptx pub vsd vsdx one msg pst mdb accdb mpp"
    " pages numbers key jtd jtt jww xdw xbd wps hwp epub ps eps tex"
    " png jpg jpeg gif bmp tif tiff webp svg ico heic psd ai mp3 mp4 m4a wav avi mov wmv webm"
    " zip gz tgz bz2 xz 7z rar lzh tar zst iso dmg cab jar whl"
    " xml xsl xsd yaml yml toml ini cfg conf env plist reg css js mjs ts mht mhtml rss atom vcf vcs lnk url webloc"
    " py rb pl php sh bash zsh ps1 psm1 bat cmd vbs wsf c h cpp cs go rs java class exe dll msi app scr com pif so dylib"
    " db sqlite-wal sqlite-journal parquet feather arrow sav dta rdata sql pem crt cer pfx p12 kdbx ttf otf woff woff2"
)
# Those that are no command's own.
_OF_EVERY_ANSWER = ("table", "csv", "xlsx", "md", "html", "json", "jsonl", "eml")

# Excel reads a CSV file as UTF-8 only behind a byte order mark.
_MARKS = {"csv": b"\xef\xbb\xbf"}
# What names no pager.
_NO_PAGER = ("", "cat")


def format_of(path: str) -> str | None:
    """The format that a file's ending means; None where it means none."""
    name = path.casefold()
    return next((fmt for fmt, endings in _ENDINGS.items() if name.endswith(endings)), None)


def is_of_another(path: str) -> bool:
    """Whether a file's ending is one by which another program knows files of its own, which no answer is: `.docx`."""
    ending = os.path.splitext(path)[1][1:].casefold()  # noqa: PTH122  pathlib raises where a path is too long
    return ending in _OF_OTHERS.split() and format_of(path) is None


def endings() -> str:
    """The endings by which every answer is written."""
    return ", ".join((*(_ENDINGS[fmt][0] for fmt in _OF_EVERY_ANSWER), ".tsv"))


def cell_mark(path: str | None) -> str:
    """What stands between the cells of a CSV file of this name: a tab where its ending says so."""
    return "\t" if path is not None and path.casefold().endswith(".tsv") else ","


class AnswerLost(NippoError):
    """The work is done, and its answer can't be written."""

    def __init__(self, message: Message, *, hint: Message) -> None:
        super().__init__(message, hint=hint)
        self.is_saved = True


def put(pieces: "Iterable[str]" = ()) -> None:
    """Write an answer piece by piece, and see that it is out; alone, see that all before it is.

    Raises:
        AnswerLost: it can't be written, say to a full disk. By now the journal has what it was to have, and whoever
            types the command once more would have it twice.
        BrokenPipeError: the reader went away.
    """
    for piece in pieces:
        _out(piece)
    _out("")


def _out(piece: str) -> None:
    try:
        sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        lost = msg("cli.answer_lost", reason=system_reason(error))
        raise AnswerLost(lost, hint=msg("cli.answer_lost_hint")) from error


def put_bytes(pieces: "Iterable[bytes]") -> None:
    """Write an answer that is bytes already.

    Raises: as `put`.
    """
    _out("")
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        lost = msg("cli.answer_lost", reason=system_reason(error))
        raise AnswerLost(lost, hint=msg("cli.answer_lost_hint")) from error


def put_paged(pieces: "Iterable[str]", env: "Mapping[str, str]") -> None:
    """Show an answer through a pager if it is longer than the screen; else write it.

    The pager is `NIPPO_PAGER`, else `PAGER`, else `less`. None is started where `NO_PAGER` is set, on a dumb terminal,
    or where the pager is `cat`, empty, or not there.

    Raises:
        AnswerLost, BrokenPipeError: as `put`.
    """
    said = env.get("NIPPO_PAGER", env.get("PAGER", "less")).strip()
    if env.get("NO_PAGER") or env.get("TERM") == "dumb" or said in _NO_PAGER:
        put(pieces)
        return
    left, first, rows, screen = iter(pieces), list[str](), 0, _rows()
    while rows < screen and (piece := next(left, "")):
        first.append(piece)
        rows += piece.count("\n")
    answer = chain(first, left)
    if rows < screen or not _run_pager(said, answer, env):
        put(answer)


def _rows() -> int:
    """The rows of the screen, one kept for the next prompt."""
    try:
        # Not by `shutil`: a shell may export the `LINES` of a window that was resized since.
        return max(2, os.get_terminal_size(sys.stdout.fileno()).lines - 1)
    except (OSError, ValueError):
        return sys.maxsize


def _run_pager(said: str, answer: "Iterable[str]", env: "Mapping[str, str]") -> bool:
    """Whether a pager, as its variable names it, showed the answer; nothing of it is drawn for one that isn't there."""
    import shlex
    import shutil
    import signal
    import subprocess
    from contextlib import suppress

    try:
        command = shlex.split(said, posix=os.name != "nt")
    except ValueError:
        return False
    program = shutil.which(command[0]) if command else None
    if program is None:
        return False
    settings, above = _of_less(program, env)
    own = {"LESSCHARSET": "utf-8", **env, **settings}
    sys.stdout.flush()
    try:
        pager = subprocess.Popen([program, *command[1:]], stdin=subprocess.PIPE, env=own)  # noqa: S603  the person's own
    except OSError:
        return False
    # Ctrl-C is the pager's own key, to stop a search.
    ours = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # Who has read enough closes it; that is no error, and nothing more is drawn.
        with suppress(BrokenPipeError), pager:
            if pager.stdin is not None:
                shown = chain((f"{above}\n\n",), answer) if above else answer
                pager.stdin.writelines(piece.encode("utf-8", errors="replace") for piece in shown)
    finally:
        signal.signal(signal.SIGINT, ours)
    return True


# Before it, less spells out what is no ASCII of its prompt.
_LESS_SHOWS_PROMPTS = 600
_PLAIN_PROMPT = "Space next   b back   /word search   q quit"
# How a terminal begins what is to stand out.
_REVERSE = "\x1b[7m"


def _of_less(pager: str, env: "Mapping[str, str]") -> tuple["Mapping[str, str]", str]:
    """What less is told: colours as colours, a prompt that says how to leave in the reader's language, Enter behind the end leaves
    too, and the screen stays as it is when it ends. And a line above the answer, where only that can say it in that language."""
    words = t("cli.pager")
    if "LESS" in env:
        return {}, ""
    if words.isascii() or _shows_prompts(pager):
        return {"LESS": f"-FRXe -Ps{words}$"}, ""
    if os.name == "nt":
        return {"LESS": f"-FRXe -Ps{_PLAIN_PROMPT}$"}, words
    # What begins its prompt it sends as it is. Words that were searched for would begin so as well: they don't stand out (-G).
    return {"LESS": "-FRXGe -Ps $", "LESS_TERMCAP_so": f"{env.get('LESS_TERMCAP_so', _REVERSE)}{words}"}, ""


def _shows_prompts(pager: str) -> bool:
    """Whether a pager shows a prompt in any letters; what is no less is taken to."""
    import re
    import subprocess
    from pathlib import Path

    if Path(pager).stem != "less":
        return True
    try:
        said = subprocess.run([pager, "--version"], capture_output=True, timeout=2, check=False).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return False
    version = re.match(rb"less (\d+)", said)
    return version is None or int(version[1]) >= _LESS_SHOWS_PROMPTS


class OutFile:
    """The file of `-o`. What a command says in several answers stands there as on stdout, one behind the other.

    Args:
        said: the path as typed.
        fmt: the format asked for, which files of another kind are not replaced by; None where the path decides.
        reads: the files that the command itself reads, as typed.

    Raises:
        UsageError: the file can't be written, or is not to be.
    """

    def __init__(self, said: str, fmt: str | None, *, force: bool, reads: "Iterable[str]") -> None:
        from nippo_cli.base.guards import OutputKind
        from nippo_cli.base.outputs import target
        from nippo_cli.services.context.guard import guard

        self.said = said
        self._has_some = False
        endings = _ENDINGS[fmt] if fmt else tuple(ending for every in _ENDINGS.values() for ending in every)
        self._target: OutputTarget = target(
            said, OutputKind(endings), force=force, guard=guard(the_args().places, reads)
        )

    @property
    def is_packed(self) -> bool:
        """Whether its ending asks for what gzip makes of it."""
        return self.said.casefold().endswith(".gz")

    def put(self, pieces: "Iterable[str]", fmt: str) -> None:
        """Write an answer in a format, behind those before it; a file is there whole or as it was.

        Raises: as `put_bytes`.
        """
        mark = b"" if self._has_some or self._target.direct else _MARKS.get(fmt, b"")
        # A half of a character, as a file's odd name may hold, is shown by its number.
        self.put_bytes(chain((mark,), (piece.encode("utf-8", "backslashreplace") for piece in pieces)))

    def put_bytes(self, pieces: "Iterable[bytes]", *, behind: bool = True) -> None:
        """The same of what is bytes already.

        Args:
            behind: what was said before stays, in front; else the file holds the last answer alone.

        Raises:
            AnswerLost: it can't be written; what was there before is there as it was.
            BrokenPipeError: the reader went away.
        """
        from nippo_cli.base.files import clear_leftovers
        from nippo_cli.base.outputs import Changed, write

        try:
            self._target = write(self._target, pieces, behind=self._has_some and behind)
        except BrokenPipeError:
            raise
        except Changed as error:
            raise AnswerLost(error.message, hint=msg("cli.answer_lost_hint")) from error
        except OSError as error:
            raise _lost(self.said, self._target.path, error) from error
        self._has_some = True
        if not self._target.direct:
            clear_leftovers(self._target.path.parent, now(), of_old=False)


class OutFolder:
    """The folder of `-o`, for an answer of several files. It is made if it is not there.

    Args:
        said: the path as typed.

    Raises:
        UsageError: it is none, or no file can be written there.
    """

    def __init__(self, said: str, *, force: bool) -> None:
        from nippo_cli.base.outputs import folder, must_take_files, unwritable

        self.said = said
        self._force = force
        self.path = folder(said, "-o")
        try:
            must_take_files(self.path)
        except OSError as error:
            raise unwritable(said, error) from error

    @staticmethod
    def is_meant(said: str) -> bool:
        """Whether a path names a folder: it ends as one, or is one."""
        return said[-1:] in ("/", os.sep) or os.path.isdir(said)  # noqa: PTH112  pathlib raises where a path is too long

    def put(self, name: str, pieces: "Iterable[str]") -> None:
        """Write a file below it, whole or not at all; the folders that it lies in are made.

        Raises:
            UsageError: what is there is not to be written over.
            AnswerLost: it can't be written.
        """
        from nippo_cli.base.outputs import folder, write

        file = self.path / name
        folder(str(file.parent), "-o")
        where = self._target(file)
        try:
            write(where, (piece.encode("utf-8", "backslashreplace") for piece in pieces))
        except OSError as error:
            raise _lost(str(file), file, error) from error

    def remove(self, name: str) -> None:
        """Remove a file below it that an earlier answer left.

        Raises: as `put`.
        """
        file = self.path / name
        self._target(file)
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise _lost(str(file), file, error) from error

    def _target(self, file: "Path") -> "OutputTarget":
        from nippo_cli.base.guards import OutputKind
        from nippo_cli.base.outputs import target
        from nippo_cli.services.context.guard import guard

        return target(str(file), OutputKind(_ENDINGS["html"]), force=self._force, guard=guard(the_args().places))


def _lost(said: str, file: "Path", error: OSError) -> AnswerLost:
    """That a file can't be written: by what it was called, unless it was another one that the system refused, as where what is
    half written lies in the meantime."""
    named = error.filename if isinstance(error.filename, str) else ""
    elsewhere = bool(named) and os.path.dirname(named) != str(file.parent)  # noqa: PTH120  the system's own name
    lost = msg("cli.cannot_write", path=named if elsewhere else said, reason=system_reason(error))
    return AnswerLost(lost, hint=msg("output.lost_hint"))
