"""A picture of rows in letters, for a terminal: the same marks as in SVG, as far as columns can tell them apart."""

from collections.abc import Mapping, Sequence

from nippo_cli.base.text import cut, width
from nippo_cli.render.draw.canvas import Canvas
from nippo_cli.render.draw.glyphs import Glyphs, glyphs
from nippo_cli.render.draw.layout import safe
from nippo_cli.render.draw.marks import BarMark, DotMark, Hue, RuleMark
from nippo_cli.render.draw.page import Picture, Run, Screen, Span, Tone
from nippo_cli.render.draw.scales import LinearScale

_LABELS, _LEAST = 0.4, 12
_DRAWN: Mapping[Hue, str] = {
    "first": "█",
    "total": "█",
    "warn": "█",
    "ink": "█",
    "second": "▒",
    "quiet": "▒",
    "third": "░",
    "pale": "·",
}
_ASCII: Mapping[Hue, str] = {
    "first": "#",
    "total": "#",
    "warn": "#",
    "ink": "#",
    "second": "=",
    "quiet": "=",
    "third": ".",
    "pale": "-",
}


def draw_rows(picture: Picture, screen: Screen) -> list[Run]:
    """The rows under the axis, as wide as the screen; a legend beneath where marks need one."""
    return _RowLetters(picture, max(screen.columns, 40), ascii_only=screen.ascii).rows()


class _RowLetters:
    def __init__(self, picture: Picture, columns: int, *, ascii_only: bool) -> None:
        self._picture = picture
        self._fills = _ASCII if ascii_only else _DRAWN
        self._marks: Glyphs = glyphs(ascii_only=ascii_only)
        self._columns = columns
        labels = max(width(safe(row.label)) for row in picture.rows)
        self._labels = min(labels, int(columns * _LABELS))
        self._notes = max(width(safe(row.note)) for row in picture.rows)
        start = self._labels + 1
        stop = max(columns - (self._notes + 1 if self._notes else 0), start + _LEAST)
        self._x = LinearScale(picture.x.low, picture.x.high, start, stop - 1)

    def rows(self) -> list[Run]:
        """All of it."""
        shown = [self._axis()]
        for at, row in enumerate(self._picture.rows):
            for line in range(row.height):
                canvas = Canvas(self._columns)
                self._bars(canvas, at, line / row.height, (line + 1) / row.height)
                self._dots(canvas, at, line / row.height, (line + 1) / row.height)
                self._labels_of_bars(canvas, at, line / row.height, (line + 1) / row.height)
                self._rules(canvas)
                if line == 0:
                    tone: Tone = "strong" if row.strong else "plain"
                    canvas.put(0, cut(safe(row.label), self._labels), tone)
                    note = safe(row.note)
                    canvas.put(self._columns - width(note), note, tone)
                shown.append(canvas.run())
        return [*shown, *self._legend()]

    def _column(self, value: float) -> int:
        return round(self._x.place(value))

    def _axis(self) -> Run:
        canvas = Canvas(self._columns)
        label = safe(self._picture.x.label)
        canvas.put(self._columns - width(label), label, "dim")
        for tick in self._picture.x.ticks:
            text = safe(tick.label)
            column = min(self._column(tick.at), self._columns - width(text))
            if canvas.blank(max(column - 1, 0), min(column + width(text) + 1, self._columns)):
                canvas.put(column, text, "dim")
        return canvas.run()

    def _bars(self, canvas: Canvas, row: int, top: float, bottom: float) -> None:
        bars = [m for m in self._picture.marks if isinstance(m, BarMark) and m.row == row]
        here = [bar for bar in bars if top <= sum(bar.part) / 2 < bottom]
        for bar in here:
            left, right = sorted((self._column(bar.start), self._column(bar.stop)))
            if bar.start != bar.stop:
                tone: Tone = "warn" if bar.hue == "warn" else "plain"
                canvas.put(left, self._fills.get(bar.hue, " ") * max(right - left, 1), tone)

    def _labels_of_bars(self, canvas: Canvas, row: int, top: float, bottom: float) -> None:
        """Beside their bars, behind whatever else stands there."""
        for bar in self._picture.marks:
            if isinstance(bar, BarMark) and bar.row == row and bar.beside and top <= sum(bar.part) / 2 < bottom:
                text = safe(bar.label)
                left, right = sorted((self._column(bar.start), self._column(bar.stop)))
                # A column stays blank on each side of what is said of a bar.
                free = (at for at in range(right, self._columns) if canvas.blank(at, at + width(text) + 1))
                if (at := next(free, None)) is not None and at + 1 + width(text) <= self._columns:
                    canvas.put(at + 1, text)
                elif width(text) + 2 < right - left:
                    canvas.put(right - width(text) - 2, f" {text} ")

    def _dots(self, canvas: Canvas, row: int, top: float, bottom: float) -> None:
        for mark in self._picture.marks:
            if isinstance(mark, DotMark) and row + top <= mark.y < row + bottom:
                column = self._column(mark.x)
                canvas.put(column, self._glyph(mark.shape), "strong")
                self._label_of_dot(canvas, column, safe(mark.label))

    def _label_of_dot(self, canvas: Canvas, column: int, text: str) -> None:
        """Behind the dot, else before it, where nothing else stands and no row's note will."""
        end = self._columns - (self._notes + 1 if self._notes else 0)
        for start in (column + 2, column - 1 - width(text)):
            stop = start + width(text)
            if text and self._labels < start and stop <= end and canvas.blank(start, stop):
                canvas.put(start, text, "dim")
                return

    def _rules(self, canvas: Canvas) -> None:
        for mark in self._picture.marks:
            if isinstance(mark, RuleMark):
                canvas.put_if_blank(self._column(mark.at), self._marks.thread, "dim")

    def _glyph(self, shape: str | None) -> str:
        marks, ascii_only = self._marks, self._fills is _ASCII
        return {
            "dot": marks.contact, "small": marks.other, "diamond": marks.promised, "open": marks.first, "star": marks.won,
            "cross": marks.lost, "tick": marks.short, "later": marks.push, "earlier": marks.pull,
            "above": "^" if ascii_only else "▲", "below": "v" if ascii_only else "▼",
        }[shape or "dot"]  # fmt: skip

    def _legend(self) -> Sequence[Run]:
        """The legend in rows, as many entries in each as fit."""
        entries = [
            f"{self._glyph(one.shape) if one.shape else self._fills.get(one.hue, ' ')} {safe(one.text)}"
            for one in self._picture.legend
        ]
        rows: list[str] = []
        for text in entries:
            if rows and width(rows[-1]) + 2 + width(text) <= self._columns:
                rows[-1] += f"  {text}"
            else:
                rows.append(text)
        return [(Span(cut(row, self._columns), "dim"),) for row in rows]
