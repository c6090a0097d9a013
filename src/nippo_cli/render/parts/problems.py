"""Problems in words: where, what was said, and what is allowed."""

from collections.abc import Sequence

from nippo_cli.base.errors import Place, Problem
from nippo_cli.base.language import say, t
from nippo_cli.base.text import cut
from nippo_cli.render.draw import Block, Page, Prose, Run, Span

# Enough to know a value again; a text that is too long is not told whole.
_SAID_COLUMNS = 80
_MISSING = "entry.required"


def problems(listed: Sequence[Problem], title: str = "") -> Page:
    """A page that lists problems, in the order they were found."""
    return Page(blocks=blocks(listed), title=title)


def blocks(listed: Sequence[Problem]) -> list[Block]:
    """A paragraph for each problem."""
    return [Prose(in_words(problem), indent=2, mark="-") for problem in listed]


def in_words(problem: Problem) -> Run:
    """`schema.yaml:12 norm: 'x' — a whole number of days`."""
    # What is missing is named by what is asked for.
    where = place(problem.where._replace(field="", label="") if problem.needs.key == _MISSING else problem.where)
    # A key that is no key is its own place: it need not stand there twice.
    named = problem.where.field.rpartition(".")[2]
    said = t("show.problem.said", said=cut(problem.said, _SAID_COLUMNS)) if problem.said not in ("", named) else ""
    lead = " ".join(part for part in (f"{where}:" if where else "", said) if part)
    return (Span(f"{lead} ", "strong") if lead else "", say(problem.needs))


def plainly(problem: Problem) -> str:
    """A problem in one line of plain text, as an error or a file of rejects tells it."""
    return "".join(part.text if isinstance(part, Span) else part for part in in_words(problem))


def place(where: Place) -> str:
    """`schema.yaml:12 norm`; a line alone is `12行目`; a field by what the screen calls it."""
    file = where.file
    if where.line is not None:
        file = f"{file}:{where.line}" if file else t("show.problem.line", n=where.line)
    return " ".join(part for part in (file, where.label or where.field) if part)


def to_json(problem: Problem) -> dict[str, object]:
    """A problem as data: what is allowed by its key and, for people, in words."""
    return {
        "field": problem.where.field or None,
        "file": problem.where.file or None,
        "line": problem.where.line,
        "said": problem.said,
        "needs": problem.needs.key,
        "message": say(problem.needs),
    }
