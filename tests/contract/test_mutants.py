"""The tool that puts faults in: what it makes of a line, and what it takes for accounted for."""

from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray")

from cosmic_ray.mutating import MutationVisitor
from mutants.listed import LIST, line_of, listed
from mutants.operators import operators
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
