"""A sheet on which shapes and texts are put: a text only where no other stands."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.render.draw.layout import safe
from nippo_cli.render.draw.marks import DotMark, LegendEntry, LineMark, PictureAxis, PicturePoint
from nippo_cli.render.draw.page import Picture
from nippo_cli.render.draw.scales import LinearScale
from nippo_cli.render.draw.svg.letters import BOLD, FONT, SMALL, TINY, fitted, text_width

GAP = 8.0
LINE = 17.0  # of text


class SvgElement(NamedTuple):
    """A shape or a text: its tag, its attributes, its text, and what it says when pointed at."""

    tag: str
    attributes: Mapping[str, str | float]
    text: str = ""
    title: str = ""


class Drawing(NamedTuple):
    """The shapes of a picture in the order in which they are drawn, one over the other, on a sheet of this size."""

    width: float
    height: float
    elements: Sequence[SvgElement]


class PictureSheet:
    """Shapes, and which places texts have taken."""

    def __init__(self, picture: Picture, wide: float) -> None:
        self.picture = picture
        self.wide = wide
        self.shapes: list[SvgElement] = []
        self.texts: list[SvgElement] = []
        self._taken: list[tuple[float, float, float, float]] = []

    def shape(self, tag: str, kind: str, title: str = "", **attributes: str | float) -> None:
        """A shape of a kind, which the style knows."""
        self.shapes.append(SvgElement(tag, {"class": kind, **attributes}, title=safe(title)))

    def line(self, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        self.shape("line", kind, x1=x1, y1=y1, x2=x2, y2=y2)

    def text(
        self, x: float, middle: float, text: str, *, anchor: str = "start", kind: str = "", size: float = FONT
    ) -> bool:
        """Put a text where no other stands and the sheet has room for it; whether it was put there."""
        text = safe(text)
        bold = BOLD if {"strong", "warn"} & {*kind.split()} else 1.0
        long = text_width(text, size * bold)
        left = x - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
        box = (left, middle - size * 0.6, left + long, middle + size * 0.6)
        if (
            not text
            or left < 0
            or box[1] < 0
            or box[2] > self.wide
            or any(_overlap(box, other) for other in self._taken)
        ):
            return False
        self._taken.append(box)
        self.texts.append(
            # What is below the baseline is a third of what is above it: the middle of a letter lies so far up.
            SvgElement("text", {"class": kind or "label", "x": x, "y": middle + size * 0.36, "text-anchor": anchor,
                             "font-size": size}, text)
        )  # fmt: skip
        return True

    def text_from(self, x: float, middle: float, text: str, *, size: float = SMALL) -> bool:
        """Put a text at a place, or behind what stands there; whether the sheet has room for it."""
        long = text_width(safe(text), size)
        upper, lower = middle - size * 0.6, middle + size * 0.6
        for left, top, right, bottom in sorted(self._taken):
            if top < lower and upper < bottom and left < x + long and x < right:
                x = right + 4
        return self.text(x, middle, text, size=size)

    def legend(self, top: float) -> float:
        """What marks without labels mean, in as many lines as that takes; where it ends."""
        if not self.picture.legend:
            return top
        x, middle = 0.0, top + LINE / 2
        for entry in self.picture.legend:
            words = fitted(safe(entry.text), self.wide - 20, SMALL)
            long = 20 + text_width(words, SMALL)
            if x and x + long > self.wide:
                x, middle = 0.0, middle + LINE
            self._sample(entry, x + 7, middle)
            self.text(x + 18, middle, words, kind="quiet", size=SMALL)
            x += long + GAP
        return middle + LINE / 2

    def _sample(self, entry: LegendEntry, x: float, middle: float) -> None:
        if entry.shape is None:
            self.shape("rect", f"bar {entry.hue}", x=x - 6, y=middle - 5, width=12, height=10)
        else:
            self.dot(DotMark(0, 0, entry.shape, entry.hue), x, middle)

    def dot(self, mark: DotMark, x: float, y: float) -> None:
        """A mark at a place."""
        kind = f"dot {mark.hue}"
        # The small marks in a cell's corner stand beside its number.
        if mark.shape not in ("above", "below"):
            self._taken.append((x - 3, y - 5, x + 3, y + 5))
        if mark.shape in ("dot", "small"):
            self.shape("circle", kind, mark.title, cx=x, cy=y, r=4 if mark.shape == "dot" else 2)
        elif mark.shape == "tick":
            self.shape("rect", kind, mark.title, x=x - 1.25, y=y - 9, width=2.5, height=18)
        else:
            outline = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in _OUTLINES[mark.shape])
            self.shape("polygon", f"{kind} {mark.shape}", mark.title, points=outline)

    def ticks(self, axis: PictureAxis, scale: LinearScale, middle: float) -> bool:
        """The labels of an axis in a row, those that have room; whether there is any."""
        labels = [safe(tick.label) for tick in axis.ticks]
        places = [scale.place(tick.at) for tick in axis.ticks]
        room = min((other - one for one, other in pairwise(places)), default=0.0)
        size = SMALL if all(text_width(label, SMALL) < room for label in labels) else TINY
        put = False
        # The ends first: of the others those that have room between them.
        for at in sorted(range(len(labels)), key=lambda n: 0 < n < len(labels) - 1):
            half = text_width(labels[at], size) / 2
            x = min(max(places[at], half), self.wide - half)
            put |= self.text(x, middle, labels[at], anchor="middle", kind="quiet", size=size)
        return put

    def path(self, mark: LineMark, places: Sequence[PicturePoint]) -> None:
        """A line through places."""
        self.shape("path", f"line {mark.hue}{' dashed' if mark.dashed else ''}", d=through(places))

    def drawing(self) -> Drawing:
        """All of it."""
        height = self.draw()
        return Drawing(self.wide, height, [*self.shapes, *self.texts])

    def draw(self) -> float:
        """Draw all; how high the sheet is."""
        raise NotImplementedError


_DIAMOND = ((0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0))
_OUTLINES: Mapping[str, Sequence[PicturePoint]] = {
    "diamond": _DIAMOND,
    "open": _DIAMOND,
    "later": ((-3.5, -4.5), (4.5, 0), (-3.5, 4.5)),
    "earlier": ((3.5, -4.5), (-4.5, 0), (3.5, 4.5)),
    "above": ((0, -3.5), (3.5, 2.5), (-3.5, 2.5)),
    "below": ((0, 3.5), (3.5, -2.5), (-3.5, -2.5)),
    "star": ((0, -7), (1.7, -2.3), (6.7, -2.2), (2.7, 0.9), (4.1, 5.7), (0, 2.8), (-4.1, 5.7), (-2.7, 0.9), (-6.7, -2.2), (-1.7, -2.3)),
    "cross": ((-5, -3), (-3, -5), (0, -2), (3, -5), (5, -3), (2, 0), (5, 3), (3, 5), (0, 2), (-3, 5), (-5, 3), (-2, 0)),
}  # fmt: skip


def through(places: Sequence[PicturePoint], begin: str = "M") -> str:
    """The path through places."""
    return " ".join(f"{begin if n == 0 else 'L'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(places))


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
