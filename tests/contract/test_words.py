"""One word for one meaning: what docs/glossary.md says, held against the names in the source."""

import ast
import re
from collections import defaultdict

from source_trees import ROOT, modules, nodes


def test_no_name_of_a_class_or_a_type_stands_twice():
    """A name that is searched for leads to one place."""
    places = defaultdict(list)
    for where, node in nodes():
        for name in _types_made_by(node):
            places[name].append(where)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_the_glossary_names_what_is_there():
    """Each name in the glossary's last column is a class, a type or a function of the source."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    there = {node.name for _, node in nodes() if isinstance(node, ast.FunctionDef)}
    there |= {name for _, node in nodes() for name in _types_made_by(node)}
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    said = {name for row in rows for name in re.findall(r"`(\w+)`", row.rpartition("|")[0].rpartition("|")[2])}
    assert len(said) > 40
    assert said - there == set()


# Names that say nothing to somebody who does not know nippo yet, and what says it.
FORBIDDEN = {
    "agreed": "stated", "agreement": "schema", "aside": "worker, set_aside", "beats": "schedule", "begun": "first, deal_record",
    "cook": "reader", "desk": "workspace", "fold": "normalize, build_history", "found": "matches, deal, rows, …",
    "furnish": "write", "glance": "page", "gone": "merged, deals without a line", "kept": "stored, rest, …",
    "kitchen": "cell_reader", "lens": "schema_migrator, view", "plots": "scenarios", "recipe": "column_reference",
    "seen": "counters, met, …", "session": "context", "standing": "deal_status, known_values", "tallies": "counters",
    "tally": "counters, activity_counts", "thing": "the noun of it", "things": "the nouns of them",
    "told": "text, notice, …", "twists": "corrections",
}  # fmt: skip


def test_names_say_what_they_name():
    """Functions, classes, parameters and variables are called by the noun of the thing, as docs/glossary.md has it. What is
    a contract (columns of SQL, keys of JSON and of messages, options) is no name in the source."""
    left = [(where, word) for where, node in nodes() for word in _names_made_by(node) if word in FORBIDDEN]
    assert left == []


# A word inside a name that may stand there: the name of an exit code; to set something aside is what it says.
MAY_STAND = {"NotFound", "set_aside", "SetAside"}


def test_no_part_of_a_name_says_nothing():
    """`DealBegun` leads nobody further than `begun` does: names of modules, classes and functions, part by part. `said` is what
    somebody typed, and may name a value; what makes or holds one is named for what that is."""
    names = [(name, name.rpartition("/")[2].removesuffix(".py")) for name in modules()]
    names += [
        (where, node.name)
        for where, node in nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    left = [(where, name) for where, name in names if _parts(name) & {*FORBIDDEN, "said"}]
    assert left == []


def _parts(name: str) -> set[str]:
    """`{"deal", "begun"}` of `DealBegun` and of `_deal_begun`, but for what may stand."""
    for word in MAY_STAND:
        name = name.replace(word, "")
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))


def _names_made_by(node: ast.AST) -> list[str]:
    """The name that a node gives to something, without its case and the underscores around it; none for most nodes."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
            pass
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            pass
        case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            pass
        case _:
            return []
    return [name.lower().strip("_")]


def _types_made_by(node: ast.AST) -> list[str]:
    """The name of the class or the alias of a type that a node makes; none for most nodes."""
    match node:
        case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(name), annotation=ast.Name("TypeAlias")):
            return [name]
        case ast.Assign([ast.Name(name)], ast.Subscript()) if not (name.isupper() or name.islower()):
            return [name]
        case _:
            return []
