"""A picture of rows under each other."""

from collections.abc import Sequence

from nippo_cli.render.draw.layout import safe
from nippo_cli.render.draw.marks import BarMark, DotMark, LineMark, PictureRow, RuleMark
from nippo_cli.render.draw.page import Picture
from nippo_cli.render.draw.scales import LinearScale
from nippo_cli.render.draw.svg.letters import BOLD, FONT, SMALL, TINY, fitted, text_width
from nippo_cli.render.draw.svg.sheet import GAP, LINE, PictureSheet

_ROW, _MANY = 24.0, 18.0  # of marks: a line, and each of several
_LABELS = 0.48  # of the width, at most, for the labels of rows
_STACKED = 480.0, 0.3  # narrower than this, labels that take more than that part stand above their marks
_THIN = 1.5  # of the thinnest bar


class RowSheet(PictureSheet):
    """Rows under each other: labels on the left or, where that is too narrow, above their marks; numbers at the end."""

    def __init__(self, picture: Picture, wide: float) -> None:
        super().__init__(picture, wide)
        labels = max((text_width(safe(row.label), _size(row)) + 2 for row in picture.rows), default=0.0)
        below, part = _STACKED
        cells = any(isinstance(mark, BarMark) and mark.shade is not None for mark in picture.marks)
        self._stacked = picture.stacked or (wide < below and (cells or labels > wide * part))
        # A number that would take much of the name's line has its own.
        notes = max((text_width(safe(row.note), _size(row)) for row in picture.rows), default=0.0)
        self._lines = 2 if self._stacked and notes > wide / 3 and labels + notes + GAP > wide else 1
        self._labels = 0.0 if self._stacked else min(labels, wide * _LABELS)
        self._notes = 0.0 if self._stacked else min(notes, wide * (1 - _LABELS) / 2)
        # A mark at the edge of the axis is as wide as others.
        edge = GAP if any(isinstance(mark, DotMark) for mark in picture.marks) else 1.0
        left = self._labels + GAP if self._labels else edge
        right = wide - (self._notes + GAP if self._notes else edge)
        self._x = LinearScale(picture.x.low, picture.x.high, left, right)
        self._edges: list[tuple[float, float]] = []

    def draw(self) -> float:
        """Heads, rows, then the marks on them."""
        picture = self.picture
        heads = [mark for mark in picture.marks if isinstance(mark, RuleMark)]
        top = self._heads(heads)
        at = self._place_rows(top)
        for tick in picture.x.ticks if picture.x.grid else ():
            x = self._x.place(tick.at)
            self.line("grid", x, top, x, at)
        for row, (upper, lower) in zip(picture.rows, self._edges, strict=True):
            self._name(row, upper, lower)
        self._shapes(top, at, heads)
        for mark in picture.marks:
            if isinstance(mark, BarMark) and mark.label:
                self._label(mark)
        for mark in picture.marks:
            if isinstance(mark, DotMark):
                self._dot_label(mark)
        return self.legend(at + 6) + 2

    def _shapes(self, top: float, bottom: float, rules: Sequence[RuleMark]) -> None:
        """Bars, lines over them, then rules and dots."""
        marks = self.picture.marks
        for bar in marks:
            if isinstance(bar, BarMark):
                self._bar(bar)
        for line in marks:
            if isinstance(line, LineMark):
                self.path(line, [(self._x.place(x), self._row_place(y)) for x, y in line.points])
        for rule in rules:
            x = self._x.place(rule.at)
            self.line(f"rule {rule.hue}", x, top, x, bottom)
        for dot in marks:
            if isinstance(dot, DotMark):
                self.dot(dot, self._x.place(dot.x), self._row_place(dot.y))

    def _heads(self, rules: Sequence[RuleMark]) -> float:
        """What the axis counts, its ticks, and what is held against it; where they end."""
        y = LINE / 2
        for rule in rules:
            label = fitted(safe(rule.label), self.wide, SMALL)
            x = self._x.place(rule.at)
            middle = min(max(x, text_width(label, SMALL) / 2), self.wide - text_width(label, SMALL) / 2)
            self.text(middle, y, label, anchor="middle", kind=f"rule {rule.hue}", size=SMALL)
        if any(rule.label for rule in rules):
            y += LINE
        unit = fitted(safe(self.picture.x.label), self.wide, SMALL)
        self.text(self.wide, y, unit, anchor="end", kind="quiet", size=SMALL)
        if self.ticks(self.picture.x, self._x, y) or unit:
            y += LINE / 2 + 4
        return y

    def _place_rows(self, top: float) -> float:
        for row in self.picture.rows:
            upper = top + (LINE * self._lines + 2 if self._stacked else 0.0)
            lower = upper + (_ROW if row.height == 1 else _MANY * row.height)
            self._edges.append((upper, lower))
            top = lower + (4 if self._stacked else 0)
        return top

    def _name(self, row: PictureRow, upper: float, lower: float) -> None:
        kind, size = "label strong" if row.strong else "label", _size(row)
        middle = upper - LINE / 2 if self._stacked else (upper + lower) / 2
        note = fitted(safe(row.note), self._notes or self.wide * (1 if self._lines > 1 else 0.5), size)
        room = self._labels or self.wide - (text_width(note, size) + GAP if self._lines == 1 else 0)
        # A J reaches a little further left than it begins.
        self.text(2, middle - LINE * (self._lines - 1), fitted(safe(row.label), room - 2, size), kind=kind)
        self.text(self.wide, middle, note, anchor="end", kind=f"{kind} number")

    def _row_place(self, y: float) -> float:
        row = min(max(int(y), 0), len(self._edges) - 1)
        upper, lower = self._edges[row]
        return upper + (lower - upper) * min(max(y - row, 0.0), 1.0)

    def _box(self, mark: BarMark) -> tuple[float, float, float, float]:
        """Where a bar stands: left, top, right, bottom."""
        left, right = sorted((self._x.place(mark.start), self._x.place(mark.stop)))
        if right - left < _THIN:
            middle = min(max((left + right) / 2, self._x.start + _THIN / 2), self._x.stop - _THIN / 2)
            left, right = middle - _THIN / 2, middle + _THIN / 2
        upper, lower = self._edges[mark.row]
        top, bottom = (upper + (lower - upper) * part for part in mark.part)
        return left, top, right, bottom

    def _bar(self, mark: BarMark) -> None:
        left, top, right, bottom = self._box(mark)
        box: dict[str, str | float] = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        if mark.shade is not None:
            # Dark enough to tell shades apart, light enough for the number on it to be read.
            box["fill-opacity"] = round(0.06 + 0.5 * min(max(mark.shade, 0.0), 1.0), 3)
        self.shape("rect", f"{'cell' if mark.shade is not None else 'bar'} {mark.hue}", mark.title, **box)

    def _label(self, mark: BarMark) -> None:
        left, top, right, bottom = self._box(mark)
        middle = (top + bottom) / 2
        if not mark.beside:
            self._inside(mark, left, right, middle)
        elif (
            not self.text_from(right + 5, middle, mark.label)
            and text_width(safe(mark.label), SMALL) + GAP < right - left
        ):
            self.text(right - 5, middle, mark.label, anchor="end", kind=f"inside {mark.hue}", size=SMALL)

    def _inside(self, mark: BarMark, left: float, right: float, middle: float) -> None:
        """A bar's label within it, as far as it fits; a cell's number whole or not at all."""
        kind = f"inside {mark.hue}" if mark.shade is None else "inside cell"
        bold = BOLD if mark.hue == "warn" else 1.0
        for label, size in (
            (mark.label, FONT),
            (mark.label, SMALL),
            (mark.label, TINY),
            (mark.short, FONT),
            (mark.short, SMALL),
        ):
            if label and text_width(safe(label), size * bold) <= right - left - 2:
                self.text((left + right) / 2, middle, label, anchor="middle", kind=kind, size=size)
                return
        if mark.shade is None:
            self.text(
                left + 3,
                middle,
                fitted(safe(mark.short or mark.label), right - left - 5, SMALL * bold),
                kind=kind,
                size=SMALL,
            )

    def _dot_label(self, mark: DotMark) -> None:
        x, y = self._x.place(mark.x), self._row_place(mark.y)
        label = safe(mark.label)
        if not self.text(x + GAP, y, label, kind="quiet", size=SMALL):
            self.text(x - GAP, y, label, anchor="end", kind="quiet", size=SMALL)


def _size(row: PictureRow) -> float:
    """As wide as letters of this size, its bold ones are."""
    return FONT * (BOLD if row.strong else 1.0)
