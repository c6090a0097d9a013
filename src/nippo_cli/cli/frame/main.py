"""Where the process starts: a first look at the arguments, then Typer, then the exit code."""

import gc
import os
import sys
from collections.abc import Sequence

from nippo_cli import __version__

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.cli.frame.context import CliContext

# Objects made between two looks for cyclic garbage. A short command makes fewer and never pays for one.
_GARBAGE_AFTER = 200_000
# What Typer and the library's own modules import, and a short command asks nothing of.
_SELDOM_ASKED = (
    "bz2", "fnmatch", "ipaddress", "linecache", "locale", "lzma", "ntpath", "shellingham", "subprocess", "textwrap", "token",
    "tokenize", "zlib",
)  # fmt: skip
# What Typer makes of Ctrl-C.
_STOPPED = 130


def run() -> None:
    """The `nippo` of the shell."""
    gc.set_threshold(_GARBAGE_AFTER, 50, 100)
    # Who presses TAB waits for it, and there is nothing to lose.
    if "_NIPPO_COMPLETE" not in os.environ:
        from nippo_cli.cli.frame.stopping import hear_once

        hear_once()
    code = main(sys.argv[1:])
    # All is closed and flushed by now; taking the interpreter's modules apart would cost a short command as much again
    # as its own work.
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code. Errors go to stderr; nothing is raised but with `--debug`."""
    _stand_in_for_closed()
    if list(argv) in (["--version"], ["-V"]):
        sys.stdout.write(f"nippo {__version__}\n")
        return 0
    if "_NIPPO_COMPLETE" in os.environ and os.environ["_NIPPO_COMPLETE"].startswith("complete_"):
        from nippo_cli.cli.completion import complete

        return complete(os.environ)
    _speak_utf8()
    argv = [_as_utf8(arg) for arg in argv]
    try:
        return _run(argv, debug="--debug" in argv)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return _STOPPED
    except BrokenPipeError:
        # The reader of our output went away; that is its right. The devnull keeps the exit from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(argv: Sequence[str], *, debug: bool) -> int:
    """A command line that is neither TAB's nor the version alone: its exit code. What these need not is imported here."""
    from nippo_cli.base.later import put_off

    put_off(_SELDOM_ASKED)
    from nippo_cli.cli.frame.early_args import early_args, name_the_log

    argv = name_the_log(argv)
    shared: list[CliContext] = []
    try:
        looked = early_args(argv, os.environ)
        from nippo_cli.cli.frame.app import ReaderLeft, root, takes_completion
        from nippo_cli.cli.frame.context import CliContext as Context
        from nippo_cli.cli.frame.out import put

        if any(arg.startswith(("--install-completion", "--show-completion")) for arg in argv):
            from nippo_cli.cli.completion import use_own

            use_own()
        try:
            shared.append(Context())
            returned = root(completion=takes_completion(looked.words, argv)).main(
                args=list(argv), prog_name="nippo", standalone_mode=False, obj=shared[0]
            )
        except ReaderLeft as error:
            raise BrokenPipeError from error
        put()
        if returned == _STOPPED:
            from nippo_cli.cli.frame.failure import give_back, say_stopped

            say_stopped()
            give_back(argv)
        return returned if isinstance(returned, int) else 0
    except BrokenPipeError:
        raise
    except Exception as error:
        if debug:
            raise
        from nippo_cli.cli.frame.failure import explain_any

        return explain_any(error, argv)
    finally:
        for context in shared:
            context.start_sync()


def _stand_in_for_closed() -> None:
    """Who closed stdout or stderr (`>&-`, a service) wants nothing of it; the work is done all the same. No file that is
    opened may take their place: a program that is called, or an error of Python's own, would write into it."""
    for standard in (0, 1, 2):
        try:
            os.fstat(standard)
        except OSError:
            # The lowest number that is free: this one.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def _as_utf8(arg: str) -> str:
    """An argument as the keyboard wrote it, where the locale knows no UTF-8; what is none stays as the system gave it."""
    try:
        return os.fsencode(arg).decode("utf-8") if not arg.isascii() else arg
    except UnicodeError:
        return arg


def _speak_utf8() -> None:
    """UTF-8 out where it is piped; on a terminal without it, what it can't show becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty():
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="backslashreplace" if stream is sys.stderr else "surrogateescape")
