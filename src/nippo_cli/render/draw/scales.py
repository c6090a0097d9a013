"""Values to places, and where an axis has its ticks."""

from collections.abc import Callable
from math import floor, isfinite, log10

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.render.draw.marks import AxisTick, PictureAxis

_STEPS = (1, 2, 5, 10)


class LinearScale(NamedTuple):
    """Values from `low` to `high`, spread evenly from place `start` to place `stop` (which may be the lesser)."""

    low: float
    high: float
    start: float
    stop: float

    def place(self, value: float) -> float:
        """Where a value stands; one off the axis stands at its edge."""
        inside = min(max(value, self.low), self.high)
        span = self.high - self.low
        return self.start + (self.stop - self.start) * ((inside - self.low) / span if span else 0.0)


def number_axis(
    low: float, high: float, show: Callable[[int], str], *, label: str = "", most: int = 5, least_step: int = 1
) -> PictureAxis:
    """An axis of whole numbers that holds both values, its ends and ticks round.

    Args:
        show: what a tick's number is called.
        most: so many steps or fewer.
        least_step: what one unit on screen counts; no tick falls between two of them.

    Raises:
        ValueError: a value is no number, or `high` is less than `low`.
    """
    if not (isfinite(low) and isfinite(high)) or high < low:
        raise ValueError(low, high)
    if low == high:
        low, high = (low, low + least_step) if low >= 0 else (low, 0)
    step = _round_step((high - low) / most, least_step)
    first, last = int(low // step), -int(-high // step)
    ticks = [AxisTick(n * step, show(n * step)) for n in range(first, last + 1)]
    return PictureAxis(first * step, last * step, ticks, label)


def _round_step(least: float, unit: int) -> int:
    """The least of 1, 2, 5, 10, 20, … units that is no less."""
    units = max(least / unit, 1.0)
    power: int = 10 ** floor(log10(units))
    return next(n * power for n in _STEPS if n * power >= units * (1 - 1e-12)) * unit
