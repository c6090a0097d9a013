"""English says with a capital where a line begins: what stands on a line of its own begins large. What follows a label (`error:`,
`hint:`, `note:`) goes on small, and so do the short words of a cell.

A text begins a line where a person is told it (`notice`, `tell`), asked it (`yes`, `line`), where it opens a paragraph (`Prose`) or
stands over a table's column, and where it stands beside a command or an option in a help. Where it is made by a function of the same
module, what that returns is looked at.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from source_trees import modules, nodes
from test_catalogues import catalogue

SPEAKERS = ("t", "tn", "msg", "counted")
TELLERS = ("notice", "tell", "yes", "line")
# What these are made of is said behind `error:`, `hint:` or the name of a field.
REFUSALS = re.compile(
    r"[A-Z]\w*(Error|Refused|NotFound|NoFile|NoJournal|Interrupted|Failed|Lost|Unavailable|Fault|Problem|Date)"
)
NAMES = ("LibreOffice", "PostgreSQL", "Excel")
# These stand beside commands and options; their keys are put together.
HELPS = ("cli.shared.", "cli.home.")
# What is typed, or stands for itself, stays as it is: commands, files, settings, the name of a figure; and the label of a line.
AS_IT_IS = re.compile(r"(nippo|schema\.yaml|may_return_to|must|evidence|note|n|p|ρ)( ?[ :(\[]|$)")
# The place of `Prose`'s mark.
MARK = 3


def name_of(node: ast.expr) -> str:
    """The name that is called, or added to."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


@cache
def returned(where: str) -> dict[str, list[ast.expr]]:
    """What each function of a module returns, by its name."""
    functions = (node for node in ast.walk(modules()[where]) if isinstance(node, ast.FunctionDef))
    return {
        one.name: [node.value for node in ast.walk(one) if isinstance(node, ast.Return) and node.value is not None]
        for one in functions
    }


def first_keys(node: ast.AST, where: str = "", within: frozenset[str] = frozenset()) -> Iterator[str]:
    """The keys that a text may begin with: `Span(t("a") if x else t("b"), "dim")` begins with `a` or `b`; so does `said()` of a
    function in the same module (`where`; empty: looked for in none) that returns it. `within`: the functions that are looked into."""
    if isinstance(node, ast.IfExp):
        yield from first_keys(node.body, where, within)
        yield from first_keys(node.orelse, where, within)
    elif isinstance(node, ast.Tuple) and node.elts:
        yield from first_keys(node.elts[0], where, within)
    elif isinstance(node, ast.BinOp):
        yield from first_keys(node.left, where, within)
    elif isinstance(node, ast.Call):
        called = name_of(node.func)
        if called == "Span" and node.args:
            yield from first_keys(node.args[0], where, within)
        elif called in SPEAKERS and node.args:
            yield from texts(node.args[0])
        elif where and isinstance(node.func, ast.Name) and called not in within:
            for said in returned(where.partition(":")[0]).get(called, ()):
                yield from first_keys(said, where, within | {called})


def texts(node: ast.AST) -> Iterator[str]:
    """Every text in a piece of source."""
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def beginning_lines() -> Iterator[tuple[str, str]]:
    """Each key whose text begins a line, with where it is said."""
    for where, node in nodes():
        if not isinstance(node, ast.Call):
            continue
        called = name_of(node.func)
        is_notice = (
            called == "append" and isinstance(node.func, ast.Attribute) and name_of(node.func.value) == "notices"
        )
        # What stands behind a mark goes on from it.
        is_paragraph = (
            called == "Prose" and len(node.args) < MARK and "mark" not in {word.arg for word in node.keywords}
        )
        if called in TELLERS or is_notice:
            yield from ((where, key) for said in node.args for key in first_keys(said, where))
        elif is_paragraph and node.args:
            yield from ((where, key) for key in first_keys(node.args[0], where))
        elif called == "Column" and len(node.args) > 1:
            yield from ((where, key) for key in first_keys(node.args[1], where))
        for word in node.keywords:
            if word.arg == "help":
                yield from ((where, key) for key in texts(word.value))


def behind_labels() -> Iterator[tuple[str, str]]:
    """Each key whose text goes on behind a label, with where it is said: hints, and what errors and problems say."""
    for where, node in nodes():
        if not isinstance(node, ast.Call):
            continue
        hints = [word.value for word in node.keywords if word.arg == "hint"]
        refusals = node.args if REFUSALS.fullmatch(name_of(node.func)) else []
        yield from ((where, key) for said in (*hints, *refusals) for key in first_keys(said))


def is_small(text: str) -> bool:
    """Whether a text begins with a small letter that should be large."""
    return re.match(r"[a-z]|\{@[a-z]", text) is not None and AS_IT_IS.match(text) is None


def test_english_begins_a_line_large():
    """Every notice, question, paragraph and help of the source; the rule itself is asked of two texts below."""
    english = catalogue("en")
    said = [(where, key) for where, key in beginning_lines() if key in english]
    said += [("help", key) for key in english if key.startswith(HELPS)]
    assert len({key for _, key in said}) > 500
    small = {f"{key} ({where})" for where, key in said if any(map(is_small, english[key].texts))}
    assert small == set()


def is_large(text: str) -> bool:
    """Whether a text begins with a capital that is no name's."""
    return re.match(r"[A-Z](?=[a-z ])", text) is not None and not text.startswith(NAMES)


def test_english_goes_on_small_behind_a_label():
    """`error: there are no drafts`. What stands on a line of its own elsewhere begins large there, and so here."""
    english, alone = catalogue("en"), {key for _, key in beginning_lines()}
    said = [(where, key) for where, key in behind_labels() if key in english and key not in alone]
    # What a value should be like stands behind the name of its field.
    said += [("needs", key) for key in english if ".needs." in key and key not in alone]
    assert len({key for _, key in said}) > 400
    assert {f"{key} ({where})" for where, key in said if any(map(is_large, english[key].texts))} == set()


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("saved {path}", True),
        ("Saved {path}", False),
        ("nippo log shows it", False),
        ("{n} left", False),
        ("note: the", False),
        ("{@deals} of {name}", True),
        ("{@Deals} of {name}", False),
    ],
)
def test_what_is_typed_stays_as_it_is(text: str, small: bool):
    """A command and a label begin small, a sentence does not."""
    assert is_small(text) is small
