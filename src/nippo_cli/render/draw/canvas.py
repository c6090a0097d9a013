"""A row of display columns on which text is put by column, so that full-width characters keep their place."""

from nippo_cli.base.text import width
from nippo_cli.render.draw.page import Run, Span, Tone

_SECOND_HALF = ""


class Canvas:
    """One row of `columns` columns, blank at first. What would reach over an edge is not drawn."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._marks = [" "] * columns
        self._drawn = [False] * columns
        self._tones: list[Tone] = ["plain"] * columns

    def put(self, column: int, text: str, tone: Tone = "plain") -> None:
        """Draw text from a column on, over what stands there; half a full-width character leaves a blank."""
        for mark in text:
            cells = width(mark)
            if cells and column >= 0 and column + cells <= self.columns:
                self._clear(column, column + cells)
                self._drawn[column : column + cells] = [True] * cells
                self._marks[column] = mark
                self._tones[column] = tone
                if cells > 1:
                    self._marks[column + 1] = _SECOND_HALF
                    self._tones[column + 1] = tone
            column += cells

    def put_if_blank(self, column: int, mark: str, tone: Tone = "plain") -> None:
        """Draw a mark where nothing stands yet."""
        if self.blank(column, column + 1):
            self.put(column, mark, tone)

    def blank(self, start: int, stop: int) -> bool:
        """Whether the columns from `start` up to, not including, `stop` are inside and nothing was drawn there."""
        return start >= 0 and stop <= self.columns and not any(self._drawn[start:stop])

    def run(self, *, indent: int = 0) -> Run:
        """The row as spans of one tone each, trailing blanks left out."""
        last = max((i for i, m in enumerate(self._marks) if m != " "), default=-1)
        spans: list[Span] = [Span(" " * indent)] if indent else []
        for mark, tone in zip(self._marks[: last + 1], self._tones, strict=False):
            if spans and spans[-1].tone == tone:
                spans[-1] = Span(spans[-1].text + mark, tone)
            else:
                spans.append(Span(mark, tone))
        return tuple(spans)

    def text(self) -> str:
        """All columns as plain text, as wide as the canvas."""
        return "".join(self._marks)

    def _clear(self, start: int, stop: int) -> None:
        if self._marks[start] == _SECOND_HALF:
            self._marks[start - 1] = " "
        if stop < self.columns and self._marks[stop] == _SECOND_HALF:
            self._marks[stop] = " "
        for column in range(start, stop):
            self._marks[column] = " "
