"""The tool that puts faults in: what it makes of a line, and what it takes for accounted for."""

import ast
import builtins
import importlib
import re
import sys
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray")

from cosmic_ray.mutating import MutationVisitor
from mutants import __main__ as runner
from mutants.listed import LIST, line_of, listed
from mutants.operators import operators
from mutants.probes import Probe, Probes, probed
from mutants.sites import files, sample, sites


@pytest.mark.parametrize(("operator", "before", "after"), [
    ("SwapEnds", "x = max(a, b.last)", ["x = min(a, b.last)", "x = max(a, b.first)"]),
    ("SwapEnds", "last = most(max)", []),
    ("DropOperand", "x = a or b or c", ["x = a or b"]),
    ("DropOperand", "if a and b: f()", ["if a: f()"]),
    ("DropStatement", "found.sort()\nn += 1\nx = f()\n", ["pass\nn += 1\nx = f()\n", "found.sort()\npass\nx = f()\n"]),
    ("LoosenSql", "A = 'select 1 where a <= b and c'",
     ["A = 'select 1 where a < b and c'", "A = 'select 1 where a <= b or c'"]),
    ("LoosenSql", "A = 'one and another'", []),
    ("NumberReplacer", "x = 3", ["x = 4", "x = 2"]),
])  # fmt: skip
def test_what_an_operator_makes_of_a_line(operator, before, after):
    """One mutant for each place, and none where it has no business."""
    made = []
    while (changed := MutationVisitor.mutate_code(before, operators()[operator], len(made))) is not None:
        made.append(changed)
    assert [" ".join(one.split()) for one in made] == [" ".join(one.split()) for one in after]


def test_nothing_is_put_where_nothing_runs():
    """Annotations, aliases of types and what only type checkers import are no places."""
    lines = (Path(__file__).parents[2] / "src/nippo_cli/line/span.py").read_text(encoding="utf-8").splitlines()
    places = {site.line for site in sites("src/nippo_cli/line/span.py")}
    assert not any(lines[line - 1].lstrip().startswith(("import", "from", "class")) for line in places)
    assert any("for year in range(first - 1" in lines[line - 1] for line in places)


def test_every_room_is_in_the_sample_and_each_mutant_is_another():
    """Eight of the six hundred; drawn by a seed they are the same again."""
    some = sample(8, 1)
    assert [one.key for one in some] == [one.key for one in sample(8, 1)] != [one.key for one in sample(8, 2)]
    assert len({one.key for one in some}) == 8
    assert {one.file for one in some} <= set(files())
    assert all(one.before != one.after for one in some)


def test_the_list_says_why_of_each():
    """A line that can't be read is an error, and so is a file that is not there any more."""
    known = listed()
    assert all(of.why.strip() for of in known.values())
    assert {file for file, *_ in known} <= set(files())
    assert LIST.name == "mutants.md"


def test_a_listed_mutant_is_known_again(tmp_path):
    """By its file, its operator and what it changes, wherever the line stands."""
    (one,) = sample(1, 1)
    path = tmp_path / "mutants.md"
    path.write_text(f"## `{one.file}`\n\n{line_of(one)} equivalent: nobody asks\n", encoding="utf-8")
    assert listed(path)[one.key] == ("equivalent", "nobody asks")
    path.write_text("- something else\n", encoding="utf-8")
    with pytest.raises(ValueError, match="something else"):
        listed(path)


PROBED = '''\
"""A module."""
LIMIT = 3
AT_ONCE = lambda n: n + LIMIT


def outer(n):
    """Its docstring."""
    if n > LIMIT:
        n -= 1
    else:
        n += 1
    def inner():
        return [k
                for k in range(n)]
    try:
        return inner()
    finally:
        n = 0


class Held:
    def ask(self, of=LIMIT):
        while of:
            of -= 1
        return "asked"
'''


@pytest.mark.parametrize(("line", "asked", "ran"), [
    (8, "outer(1)", True),  # a condition, whatever it says
    (9, "outer(1)", False), (9, "outer(4)", True),
    (11, "outer(1)", True), (11, "outer(4)", False),
    (12, "outer(1)", True), (13, "outer(1)", True), (14, "outer(1)", True), (14, "Held().ask()", False),
    (18, "outer(1)", True),
    (2, "outer(1)", False),  # what a module says when it is loaded
    (3, "outer(1)", False), (3, "AT_ONCE(1)", True),
    (22, "Held().ask()", True), (23, "Held().ask(0)", True), (24, "Held().ask(0)", False), (24, "Held().ask()", True),
])  # fmt: skip
def test_a_probe_tells_whether_a_line_was_run(line, asked, ran):
    """And the program does what it did."""
    numbers: list[int] = []
    tree = probed(ast.parse(PROBED), [line], lambda at: numbers.append(at) or len(numbers) - 1)
    run: set[int] = set()
    there, plain = {"__nippo_probe__": run.add}, {}
    exec(compile(tree, "probed", "exec"), there)
    exec(PROBED, plain)
    run.clear()
    assert eval(asked, there) == eval(asked, plain)
    assert there["outer"].__doc__ == "Its docstring."
    assert (line in {numbers[n] for n in run}) is ran


def test_a_watched_module_is_compiled_for_nobody_else(tmp_path, monkeypatch):
    """It is loaded with probes, and its compiled file is not one with probes."""
    folder = tmp_path / "nippo_cli" / "line"
    folder.mkdir(parents=True)
    (folder / "drawn.py").write_text("def f():\n    return 5\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    probes = Probes([Probe("src/drawn.py", 2)])
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__nippo_probe__", None, raising=False)
        probes.install()
        module = importlib.import_module("drawn")
        monkeypatch.delitem(sys.modules, "drawn")
        assert (module.f(), {probes.places[n].line for n in probes.run}) == (5, {1, 2})
        with pytest.raises(RuntimeError, match=r"nippo_cli\.base\.text"):
            Probes([Probe("src/nippo_cli/base/text.py", 2)]).install()
    assert not (folder / "__pycache__").exists()


def test_every_mark_is_known_where_xdist_is_off():
    """As it is where mutants are tried: an unknown one would stop the loading of the tests, and no mutant would be tried."""
    root = Path(__file__).parents[2]
    options = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    known = {re.split(r"[(:]", mark)[0] for mark in options["markers"]} | {
        "parametrize", "skipif", "skip", "xfail", "usefixtures", "filterwarnings",
    }  # fmt: skip
    texts = (path.read_text(encoding="utf-8") for path in (root / "tests").rglob("*.py"))
    assert {mark for text in texts for mark in re.findall(r"pytest\.mark\.(\w+)", text)} <= known


def test_mutants_that_were_not_tried_are_no_success(monkeypatch, capsys):
    """Where the tests can't be loaded, none is tried."""
    monkeypatch.setattr(sys, "argv", ["mutants", "--sample", "2", "--seed", "1", "--covering", "nowhere"])
    monkeypatch.setattr(runner, "_trials", lambda *_: iter(()))
    assert runner.main() == 1
    assert "0 of 2" in capsys.readouterr().out
