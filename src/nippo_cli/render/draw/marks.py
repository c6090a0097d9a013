"""What a picture is made of: axes, rows and marks, all in the units of what they show. How large they are drawn is the writers'
business (`svg.py`, `picture_text.py`)."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

# What a mark is coloured by. `first` is dark and `second` light in any scheme, so that they differ in grey as well; no
# colour says what no word or place says too.
Hue: TypeAlias = Literal["ink", "quiet", "total", "first", "second", "third", "pale", "warn", "held", "blank", "halo"]
DotShape: TypeAlias = Literal[
    "dot", "small", "diamond", "open", "star", "cross", "tick", "later", "earlier", "above", "below"
]
PicturePoint: TypeAlias = tuple[float, float]


class AxisTick(NamedTuple):
    """A value on an axis and what it is called there; without a label a line alone."""

    at: float
    label: str


class PictureAxis(NamedTuple):
    """Values from `low` to `high`, both on it. `label` says what they count; `ticks` ascend; a `grid` goes through all rows at each."""

    low: float
    high: float
    ticks: Sequence[AxisTick] = ()
    label: str = ""
    grid: bool = True


class PictureRow(NamedTuple):
    """A row: what it is called, and the number in words that stands at its end. `height` counts lines of marks."""

    label: str
    note: str = ""
    strong: bool = False
    height: int = 1


class BarMark(NamedTuple):
    """A bar along a row from one value to another.

    `label` is put into it where it fits (else `short`), or with `beside` at its end; `title` is what it says when pointed at;
    `part` is how far down the row it begins and ends; a `shade` (0 to 1) makes it the cell of a heat map.
    """

    row: int
    start: float
    stop: float
    hue: Hue = "first"
    label: str = ""
    title: str = ""
    part: tuple[float, float] = (0.15, 0.85)
    shade: float | None = None
    beside: bool = False
    short: str = ""


class DotMark(NamedTuple):
    """A mark at a point. In a picture of rows `y` counts rows: 2.5 is the middle of the third."""

    x: float
    y: float
    shape: DotShape = "dot"
    hue: Hue = "ink"
    label: str = ""
    title: str = ""


class LineMark(NamedTuple):
    """A line through points, `y` as a dot has it; its label stands at its end."""

    points: Sequence[PicturePoint]
    hue: Hue = "ink"
    dashed: bool = False
    label: str = ""


class AreaMark(NamedTuple):
    """What lies between two lines of equally many points; its label stands beside its right edge."""

    upper: Sequence[PicturePoint]
    lower: Sequence[PicturePoint]
    hue: Hue = "first"
    label: str = ""


class RuleMark(NamedTuple):
    """A value of the x axis that all rows are held against, such as today; its label stands at its head."""

    at: float
    label: str = ""
    hue: Hue = "ink"


PictureMark: TypeAlias = BarMark | DotMark | LineMark | AreaMark | RuleMark


class LegendEntry(NamedTuple):
    """A mark that no label stands at, and what it means: a dot's shape, or a bar's hue where there is none."""

    text: str
    hue: Hue = "ink"
    shape: DotShape | None = None
