"""What is wrong with a schema, as its rules find it."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from nippo_cli.base.errors import Message
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema import document as doc
from nippo_cli.schema.yaml_text import Path


class SchemaProblem(NamedTuple):
    """Where in the file, what stands there, what is allowed."""

    path: Path
    said: str
    needs: Message


Rule: TypeAlias = Callable[[doc.Document], Iterator[SchemaProblem]]
