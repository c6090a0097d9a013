"""The pictures of a page of HTML, read back by the standard library's parser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_DOT = re.compile(r"M([\d.]+) ([\d.]+)h0")
_LINE = re.compile(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)")


@dataclass
class DrawnPicture:
    """A picture as it is drawn for a desk: its title, the text of the same, and each shape or text with its attributes."""

    title: str = ""
    text: str = ""
    shapes: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    letters: list[tuple[str, str]] = field(default_factory=list)

    def texts(self, kind: str) -> list[str]:
        """What stands there in letters of a kind, in order."""
        return [text for of, text in self.letters if kind in of.split()]

    def bars(self, kind: str = "bar") -> list[tuple[float, float]]:
        """From where to where each bar goes, in order."""
        spans = [
            (float(of["x"]), float(of["width"]))
            for tag, of in self.shapes
            if tag == "rect" and kind in of["class"].split()
        ]
        return [(x, x + wide) for x, wide in spans]


def _shapes(tag: str, of: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """A shape; marks that are alike, which one path draws, one by one."""
    kinds = of.get("class", "").split()
    if tag == "path" and kinds[:1] == ["dots"]:
        kind, radius = (
            " ".join(["dot", *(one for one in kinds[1:] if one != "small")]),
            "2" if "small" in kinds else "4",
        )
        for x, y in _DOT.findall(of["d"]):
            yield "circle", {"class": kind, "cx": x, "cy": y, "r": radius}
    elif tag == "path" and kinds == ["grid"]:
        for x1, y1, x2, y2 in _LINE.findall(of["d"]):
            yield "line", {"class": "grid", "x1": x1, "y1": y1, "x2": x2, "y2": y2}
    else:
        yield tag, of


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[DrawnPicture] = []
        self._titles: dict[str, str] = {}
        self._title = ""
        self._wide = False
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "svg":
            self._wide = of["class"] == "wide"
            if self._wide:
                self.pictures.append(DrawnPicture(title=self._titles.get(of["aria-labelledby"], "")))
        elif self._wide and tag in ("rect", "circle", "line", "path", "polygon"):
            self.pictures[-1].shapes += _shapes(tag, of)
        elif self._wide and tag == "text":
            self.pictures[-1].letters.append((of["class"], ""))
        elif tag == "figcaption" and "id" in of:
            self._title = of["id"]
        self._tag = tag

    def handle_data(self, data: str) -> None:
        if self._title:
            self._titles[self._title] = self._titles.get(self._title, "") + data
        if not self._wide:
            return
        picture = self.pictures[-1]
        if self._tag == "text":
            kind, text = picture.letters[-1]
            picture.letters[-1] = (kind, text + data)
        elif self._tag == "desc":
            picture.text += data

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""
        self._wide &= tag != "svg"
        if tag == "figcaption":
            self._title = ""


def read_pictures(page: str) -> list[DrawnPicture]:
    """Every picture of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.pictures
