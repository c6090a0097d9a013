"""YAML as texts with their lines, over what `schema.yaml_text` refuses and keeps."""

from typing import Any, TypeAlias

from nippo_cli.base.errors import Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.yaml_text import Parsed, Path, Refusal, parse


class Leaf(NamedTuple):
    """A text."""

    text: str
    line: int


class Listing(NamedTuple):
    """A list."""

    items: "tuple[Tree, ...]"
    line: int


class Branch(NamedTuple):
    """A mapping: key, the key's line, and what it holds."""

    pairs: "tuple[tuple[str, int, Tree], ...]"
    line: int

    def get(self, key: str) -> "Tree | None":
        """What a key holds; None where it is absent or says nothing."""
        return next((tree for name, _, tree in self.pairs if name == key), None)


Tree: TypeAlias = Leaf | Listing | Branch

# What `schema.yaml_text` says of a schema, said of any file.
_ABOUT_ANY_FILE = {
    "schema.yaml.empty": msg("exchange.yaml.empty"),
    "schema.yaml.one_document": msg("exchange.yaml.one_document"),
}


def read_tree(text: str, file: str, problems: list[Problem]) -> Tree | None:
    """A YAML document as a tree, or None; what is wrong with it is added to `problems`. Lines count from 1."""
    try:
        parsed = parse(text, file)
    except Refusal as refusal:
        problem = refusal.problem
        problems.append(problem._replace(needs=_ABOUT_ANY_FILE.get(problem.needs.key, problem.needs)))
        return None
    # Keys are columns and cells here, and read as they are written: `on` is no truth word, `1` no number.
    problems += [p for p in parsed.problems if p.needs.key != "schema.yaml.key_text"]
    return _tree(parsed, parsed.content, ())


def _tree(parsed: Parsed, content: Any, path: Path) -> Tree:
    line = parsed.line(path)
    if isinstance(content, dict):
        # A key without a value says nothing.
        said = ((key, (*path, key), part) for key, part in content.items() if part is not None)
        return Branch(tuple((key, parsed.line(at), _tree(parsed, part, at)) for key, at, part in said), line)
    if isinstance(content, list):
        return Listing(tuple(_tree(parsed, part, (*path, at)) for at, part in enumerate(content)), line)
    return Leaf(content or "", line)
