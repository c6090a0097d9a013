"""The pages of the project hang together: links lead somewhere, every page is found, and what the house names is there."""

import ast
import re
from pathlib import Path

import pytest
from source_trees import ROOT, SOURCE

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("examples/*/*.md"),
        ROOT / "benchmarks" / "README.md",
    ]
)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PATH = re.compile(r"[\w./]+/[\w.]*")
# A module named by a page, with its folder or without: `line/norm.py`, `norm.py`.
_MODULE = re.compile(r"[\w./]*\w\.py")
# The gap that CONTRIBUTING.md makes as an example.
_EXAMPLE = ("undated.py", "ltsv_text.py")
# Where the source and the tests say more is on a page: `docs/gaps.md#stalled`.
_PAGE = re.compile(r"\bdocs/[\w/-]+\.md(?:#[\w-]+)?")
DECISIONS = ROOT / "docs" / "decisions"
_DECISION = re.compile(r"# (\d{4}) (.+)\n\nDate: (\d{4}-\d\d-\d\d)\. Status: (accepted|superseded by \d{4})\.\n\n")


def links(page: Path) -> list[tuple[Path, str]]:
    """Where a page's links within the project lead: the file, and the heading in it."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    found = []
    for link in _LINK.findall(text):
        if "://" not in link:
            path, _, heading = link.partition("#")
            found.append(((page.parent / path).resolve() if path else page, heading))
    return found


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in _HEADING.findall(text)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    """To a file that is there, and to a heading that it has."""
    for target, heading in links(page):
        assert target.exists(), target
        assert not heading or heading in anchors(target), f"{target.name}#{heading}"


def test_every_page_is_found_from_the_first_one():
    """From README.md and from README.ja.md, by links alone; a link to a folder shows all that is in it."""
    for first in ("README.md", "README.ja.md"):
        seen: set[Path] = set()
        ahead = [ROOT / first]
        while ahead:
            page = ahead.pop()
            if page.is_dir():
                ahead += page.glob("*.md")
            elif page.suffix == ".md" and page not in seen:
                seen.add(page)
                ahead += [target for target, _ in links(page)]
        assert [page for page in PAGES if page not in seen] == []


def test_what_the_house_names_is_there():
    """Each path in docs/architecture.md is one of the source or of the project."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    said = [word for code in _CODE.findall(text) for word in code.split() if _PATH.fullmatch(word)]
    assert len(said) > 50
    assert [path for path in said if not (SOURCE / path).exists() and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_module_that_a_page_names_is_there(page: Path):
    """With its folder where it says one, from the source's top or the project's; else under that name anywhere."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    said = [word for code in _CODE.findall(text) for word in code.split() if _MODULE.fullmatch(word)]
    said = [word for word in said if not word.endswith(_EXAMPLE)]
    names = {path.name for folder in (SOURCE, page.parent) for path in folder.rglob("*.py")} | {"hatch_build.py"}
    assert [path for path in said if "/" in path and not (SOURCE / path).exists() and not (ROOT / path).exists()] == []
    assert [path for path in said if "/" not in path and path not in names] == []


def test_a_name_beside_a_module_is_in_it():
    """In the table of docs/architecture.md: `line/norm.py` `Norms` is a class, a function or a constant of that module, or a
    method there."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    beside = re.findall(r"`([\w/]+\.py)` `([\w.]+)`", text)
    assert len(beside) > 15
    assert [(module, name) for module, name in beside if name not in _named_in(SOURCE / module)] == []


def _named_in(module: Path) -> set[str]:
    """What a module defines at its top, and the methods of its classes as `Class.method`."""
    names: set[str] = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
        names |= {getattr(one, "name", getattr(one, "id", "")) for one in targets}
    return names


def test_what_the_source_says_of_a_page_is_there():
    """Each page, and each heading of it, that a comment or a docstring sends a reader to."""
    sources = [path for folder in ("src", "tests", "tools", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    lost = []
    for path in [*sources, ROOT / "pyproject.toml", ROOT / "justfile"]:
        for said in _PAGE.findall(path.read_text(encoding="utf-8")):
            page, _, heading = said.partition("#")
            if not (ROOT / page).exists() or (heading and heading not in anchors(ROOT / page)):
                lost.append(f"{path.relative_to(ROOT)}: {said}")
    assert lost == []


def test_decisions_are_numbered_dated_and_listed():
    """`NNNN-name.md` without a gap; each says its day and whether it holds, and the index says the same."""
    pages = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    rows = []
    for number, page in enumerate(pages, 1):
        head = _DECISION.match(page.read_text(encoding="utf-8"))
        assert head is not None, page.name
        assert page.name.startswith(f"{head[1]}-")
        assert int(head[1]) == number, page.name
        rows.append(f"| {head[1]} | [{head[2]}]({page.name}) | {head[3]} | {head[4]} |")
    assert [line for line in index.splitlines() if re.match(r"\| \d", line)] == rows


def test_every_room_is_in_the_house():
    """A folder of the source that the page does not show would be found by nobody."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [one.name for one in SOURCE.iterdir() if one.is_dir() and not one.name.startswith("__")]
    assert [room for room in rooms if f"`{room}/`" not in text] == []
