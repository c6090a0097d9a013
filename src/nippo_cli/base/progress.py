"""How far long work is, for a person who waits."""

from collections.abc import Callable
from typing import TypeAlias

# Told what is done (its catalogue key), how much of it, and of how much: records, or rows.
Progress: TypeAlias = Callable[[str, int, int], None]
