"""docs/promises.md: every promise names a test, and every test that it names exists."""

import ast
import re

from source_trees import ROOT

PAGE = ROOT / "docs" / "promises.md"
_TEST = re.compile(r"([\w/]+\.py)::(test_\w+)")
_ROW = re.compile(r"^\| (?!promise )(?!-)(.+?) \| (.*?) \| (.*?) ?\|$", re.MULTILINE)


def test_every_promise_names_tests_that_exist():
    """A file below tests/, and a function of it."""
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert len(rows) > 20
    for promise, tests, _ in rows:
        named = _TEST.findall(tests)
        assert named, f"no test: {promise}"
        assert ", ".join(f"{file}::{test}" for file, test in named) == tests, promise
        for file, test in named:
            tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
            names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert test in names, f"{file}::{test}"


def test_the_index_of_all_pages_leads_there():
    """So that who looks for what to rely on meets it."""
    assert "(promises.md)" in (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
