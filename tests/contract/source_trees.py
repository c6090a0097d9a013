"""The source as data: every module's syntax tree."""

import ast
import gc
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "nippo_cli"


@cache
def modules() -> dict[str, ast.Module]:
    """Each module of nippo by its path below the package, parsed. They are millions of objects, kept to the end: the garbage
    collector would walk through them again and again."""
    gc.disable()
    try:
        return {
            path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
            for path in sorted(SOURCE.rglob("*.py"))
        }
    finally:
        gc.freeze()
        gc.enable()


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Each node of each module, with where it stands (`line/history.py:12`). To walk through them all takes a second, and a
    dozen tests do."""
    return [
        (f"{name}:{getattr(node, 'lineno', 0)}", node) for name, tree in modules().items() for node in ast.walk(tree)
    ]
