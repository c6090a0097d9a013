"""A picture on two axes of numbers."""

from collections.abc import Iterator, Sequence

from nippo_cli.render.draw.layout import safe
from nippo_cli.render.draw.marks import AreaMark, DotMark, LineMark, PictureAxis, PicturePoint, RuleMark
from nippo_cli.render.draw.scales import LinearScale
from nippo_cli.render.draw.svg.letters import FONT, SMALL, fitted, text_width
from nippo_cli.render.draw.svg.sheet import GAP, LINE, PictureSheet, through

_NARROW = 480.0  # where labels are small
_PLANE = 0.42, 200.0, 320.0  # a plane's height as a part of its width, and its bounds


class PlaneSheet(PictureSheet):
    """Two axes of numbers: labels of the one on the left, of the other below, of lines and areas beside their ends."""

    def draw(self) -> float:
        """The axes, then the marks from the largest to the smallest."""
        picture = self.picture
        upright = picture.y or PictureAxis(0, 1)
        part, least, most = _PLANE
        top = LINE + 4 if upright.label else LINE / 2 + 1
        bottom = top + min(max(self.wide * part, least), most)
        self.text(0, LINE / 2, safe(upright.label), kind="quiet", size=SMALL)
        left = max((text_width(safe(tick.label), SMALL) for tick in upright.ticks), default=0.0) + 7
        ends = [mark for mark in picture.marks if isinstance(mark, LineMark | AreaMark) and mark.label]
        self._size = SMALL if self.wide < _NARROW else FONT
        beside = max((text_width(safe(mark.label), self._size) for mark in ends), default=0.0) + 1
        right = self.wide - (min(beside, self.wide * 0.4) + GAP if ends else GAP)
        self._x = LinearScale(picture.x.low, picture.x.high, left, right)
        self._y = LinearScale(upright.low, upright.high, bottom, top)
        for tick in upright.ticks:
            y = self._y.place(tick.at)
            self.line("grid", left, y, right, y)
            self.text(left - 6, y, safe(tick.label), anchor="end", kind="quiet", size=SMALL)
        self.ticks(picture.x, self._x, bottom + LINE * 0.85)
        self._marks(right)
        end = bottom + LINE * 1.35
        if picture.x.label:
            self.text(right, end + LINE / 2, safe(picture.x.label), anchor="end", kind="quiet", size=SMALL)
            end += LINE
        return self.legend(end + 6) + 2

    def _marks(self, right: float) -> None:
        """Draw areas, then lines and rules, the labels at their ends, and dots on top; `right` is where the labels
        begin."""
        ends: list[tuple[float, str, str]] = []
        for mark in self.picture.marks:
            if isinstance(mark, AreaMark):
                upper, lower = self._places(mark.upper), self._places(mark.lower)
                self.shape("path", f"area {mark.hue}", d=f"{through(upper)} {through(lower[::-1], 'L')} Z")
                ends.append(((upper[-1][1] + lower[-1][1]) / 2, mark.label, mark.hue))
        for mark in self.picture.marks:
            if isinstance(mark, LineMark):
                places = self._places(mark.points)
                self.path(mark, places)
                ends.append((places[-1][1], mark.label, mark.hue))
            elif isinstance(mark, RuleMark):
                x = self._x.place(mark.at)
                self.line(f"rule {mark.hue}", x, self._y.start, x, self._y.stop)
                self._beside(x, self._y.stop + 6, mark.label, "quiet")
        for y, label in _apart([(y, label) for y, label, _ in ends if label], self._y.stop, self._y.start):
            self.text(right + GAP, y, fitted(safe(label), self.wide - right - GAP, self._size), size=self._size)
        for mark in self.picture.marks:
            if isinstance(mark, DotMark):
                x, y = self._places([(mark.x, mark.y)])[0]
                self.dot(mark, x, y)
                self._beside(x, y, mark.label, "label")

    def _beside(self, x: float, y: float, label: str, kind: str) -> None:
        """A label on the side of a place that is free."""
        for dx, dy, anchor in ((0, -14, "middle"), (9, 0, "start"), (-9, 0, "end"), (0, 14, "middle")):
            if self.text(x + dx, y + dy, safe(label), anchor=anchor, kind=kind, size=SMALL):
                return

    def _places(self, points: Sequence[PicturePoint]) -> list[PicturePoint]:
        return [(self._x.place(x), self._y.place(y)) for x, y in points]


def _apart(ends: Sequence[tuple[float, str]], top: float, bottom: float) -> Iterator[tuple[float, str]]:
    """Labels at their heights, pushed down where two would touch, and up again where that goes too far."""
    if not ends:
        return
    ordered = sorted(ends)
    heights: list[float] = []
    for y, _ in ordered:
        heights.append(max(y, heights[-1] + LINE) if heights else max(y, top))
    limit = bottom
    for at in range(len(heights) - 1, -1, -1):
        heights[at] = min(heights[at], limit)
        limit = heights[at] - LINE
    for height, (_, label) in zip(heights, ordered, strict=True):
        yield height, label
