"""Answers on stdout: whole, or an error that says what became of the work."""

import sys

from nippo_cli.errors import NippoError, msg


def put(text: str = "") -> None:
    """Write an answer and see that it is out; alone, see that all before it is.

    Raises:
        NippoError: it can't be written, say to a full disk. By now the journal has what it was to have, and whoever
            types the command once more would have it twice.
        BrokenPipeError: the reader went away.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        lost = NippoError(msg("cli.answer_lost", reason=reason), hint=msg("cli.answer_lost_hint"))
        lost.kept = True
        raise lost from error
