"""The pictures of a page of HTML, read back by the standard library's parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


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


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[DrawnPicture] = []
        self._wide = False
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "svg":
            self._wide = of["class"] == "wide"
            if self._wide:
                self.pictures.append(DrawnPicture())
        elif self._wide and tag in ("rect", "circle", "line", "path", "polygon"):
            self.pictures[-1].shapes.append((tag, of))
        elif self._wide and tag == "text":
            self.pictures[-1].letters.append((of["class"], ""))
        # What a mark says when pointed at is no title of the picture.
        self._tag = "" if tag == "title" and "id" not in of else tag

    def handle_data(self, data: str) -> None:
        if not self._wide:
            return
        picture = self.pictures[-1]
        if self._tag == "text":
            kind, text = picture.letters[-1]
            picture.letters[-1] = (kind, text + data)
        elif self._tag == "title":
            picture.title += data
        elif self._tag == "desc":
            picture.text += data

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""
        self._wide &= tag != "svg"


def read_pictures(page: str) -> list[DrawnPicture]:
    """Every picture of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.pictures
