"""A row of figures as a small line, to see a trend by; the figures themselves stand beside it."""

from collections.abc import Sequence

_DRAWN = "▁▂▃▄▅▆▇█"
_ASCII = "_.:-=+*#"


def spark(figures: Sequence[int], *, ascii_only: bool = False) -> str:
    """A mark for each figure, from nothing to the largest; one that is not zero is never drawn as nothing."""
    marks = _ASCII if ascii_only else _DRAWN
    most, steps = max(figures, default=0), len(marks) - 1
    # Rounded up: a stage with one deal in it is not an empty one.
    return "".join(marks[-(-max(n, 0) * steps // most) if most else 0] for n in figures)
