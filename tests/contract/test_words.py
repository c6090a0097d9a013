"""One word for one meaning: what docs/glossary.md says, held against the names in the source."""

import ast
import re
from collections import defaultdict

from source_trees import ROOT, modules


def test_no_class_name_stands_twice():
    """A name that is searched for leads to one place."""
    places = defaultdict(list)
    for where, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(where)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_the_glossary_names_what_is_there():
    """Each name in the glossary's last column is a class or a function of the source."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    there = {
        node.name
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    said = {name for row in rows for name in re.findall(r"`(\w+)`", row.rpartition("|")[0].rpartition("|")[2])}
    assert len(said) > 40
    assert said - there == set()
