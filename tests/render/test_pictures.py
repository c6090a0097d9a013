"""Pictures as shapes: every mark is within the frame and in its order, no label touches another, whatever there is to be drawn."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.text import width
from nippo_cli.render.draw import html
from nippo_cli.render.draw.layout import safe, spans
from nippo_cli.render.draw.marks import (
    AreaMark,
    AxisTick,
    BarMark,
    DotMark,
    DotShape,
    LegendEntry,
    LineMark,
    PictureAxis,
    PictureRow,
    RuleMark,
)
from nippo_cli.render.draw.page import Column, Page, Picture, Screen, Table
from nippo_cli.render.draw.picture_text import draw_rows
from nippo_cli.render.draw.scales import LinearScale, number_axis
from nippo_cli.render.draw.svg.letters import BOLD, fitted, text_width
from nippo_cli.render.draw.svg.markup import markup
from nippo_cli.render.draw.svg.picture import draw_svg
from nippo_cli.render.draw.svg.sheet import Drawing, SvgElement

WIDTHS = (330.0, 760.0)
TEXTS = st.text(alphabet="aW1,-+ 鹿野山（）…😀\u202e\x1b<&\"'{}é", max_size=40)
AMOUNTS = st.integers(-(10**15), 10**15) | st.sampled_from([0, 1, -1])
SHAPES: tuple[DotShape, ...] = (
    "dot",
    "small",
    "diamond",
    "open",
    "star",
    "cross",
    "tick",
    "later",
    "earlier",
    "above",
    "below",
)
Box = tuple[float, float, float, float]


@st.composite
def pictures_of_rows(draw: st.DrawFn) -> Picture:
    """Up to a hundred rows with bars, dots, lines, labels and numbers of any length."""
    most = draw(st.sampled_from([1, 8, 100]))
    named = draw(st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), min_size=1, max_size=most))
    rows = [PictureRow(label, note, strong) for label, note, strong in named]
    places = st.integers(0, len(rows) - 1)
    drawn = draw(st.lists(st.tuples(places, AMOUNTS, AMOUNTS, TEXTS), max_size=8))
    bars = [BarMark(row, start, stop, label=text, title=text) for row, start, stop, text in drawn]
    pointed = draw(st.lists(st.tuples(AMOUNTS, places, st.sampled_from(SHAPES), TEXTS), max_size=8))
    dots = [DotMark(x, row + 0.5, shape, label=text) for x, row, shape, text in pointed]
    lines = [LineMark([(a.start, a.row + 0.5), (a.stop, a.row + 0.5)]) for a in bars]
    rules = [RuleMark(at, text) for at, text in draw(st.lists(st.tuples(AMOUNTS, TEXTS), max_size=2))]
    legend = [LegendEntry(text) for text in draw(st.lists(TEXTS, max_size=5))]
    values = [0, *(value for bar in bars for value in (bar.start, bar.stop)), *(dot.x for dot in dots)]
    axis = number_axis(min(values), max(values), "{:,}".format, label=draw(TEXTS))
    return Picture("題", "文", axis, [*bars, *dots, *lines, *rules], rows, legend=legend)


@st.composite
def planes(draw: st.DrawFn) -> Picture:
    """Lines, areas and dots on two axes, with labels of any length."""
    points = st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=20)
    lines = [LineMark(of, label=text) for of, text in draw(st.lists(st.tuples(points, TEXTS), max_size=5))]
    areas = [AreaMark(line.points, [(x, 0) for x, _ in line.points], label=line.label) for line in lines[:2]]
    pointed = draw(st.lists(st.tuples(AMOUNTS, AMOUNTS, st.sampled_from(SHAPES), TEXTS), max_size=8))
    dots = [DotMark(x, y, shape, label=text) for x, y, shape, text in pointed]
    xs = [0, *(x for line in lines for x, _ in line.points), *(dot.x for dot in dots)]
    ys = [0, *(y for line in lines for _, y in line.points), *(dot.y for dot in dots)]
    axes = [number_axis(min(of), max(of), "{:,}".format, label=draw(TEXTS)) for of in (xs, ys)]
    return Picture("題", "文", axes[0], [*areas, *lines, *dots], y=axes[1])


def label_boxes(drawing: Drawing) -> Iterator[tuple[str, Box]]:
    """What each text takes at most."""
    for one in drawing.elements:
        if one.tag == "text":
            x, y, size = (float(one.attributes[name]) for name in ("x", "y", "font-size"))
            long = text_width(one.text, size * (BOLD if "strong" in str(one.attributes["class"]) else 1.0))
            left = x - {"start": 0.0, "middle": long / 2, "end": long}[str(one.attributes["text-anchor"])]
            yield one.text, (left, y - size * 0.96, left + long, y + size * 0.24)


def corners(one: SvgElement) -> Iterator[tuple[float, float]]:
    """The points of a shape."""
    of = one.attributes
    match one.tag:
        case "rect":
            x, y, wide, high = (float(of[name]) for name in ("x", "y", "width", "height"))
            yield from ((x, y), (x + wide, y + high))
        case "circle":
            x, y, r = (float(of[name]) for name in ("cx", "cy", "r"))
            yield from ((x - r, y - r), (x + r, y + r))
        case "line":
            yield from ((float(of["x1"]), float(of["y1"])), (float(of["x2"]), float(of["y2"])))
        case "path" | "polygon":
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", str(of.get("d") or of.get("points")))]
            yield from zip(numbers[::2], numbers[1::2], strict=True)


def check_frame(drawing: Drawing) -> None:
    """All within the frame, no two labels over each other."""
    for one in drawing.elements:
        for x, y in corners(one):
            assert -0.06 <= x <= drawing.width + 0.06, one
            assert -0.06 <= y <= drawing.height + 0.06, one
    boxes = list(label_boxes(drawing))
    for at, (text, (left, top, right, bottom)) in enumerate(boxes):
        assert left >= -0.01, text
        assert right <= drawing.width + 0.01, text
        assert top >= -2, text
        assert bottom <= drawing.height + 0.01, text
        for other, box in boxes[:at]:
            apart = right <= box[0] + 0.01 or box[2] <= left + 0.01 or bottom <= box[1] + 0.01 or box[3] <= top + 0.01
            assert apart, (text, other)


@given(pictures_of_rows(), st.sampled_from(WIDTHS))
def test_rows_stay_in_their_frame(picture: Picture, wide: float) -> None:
    """Nothing leaves the sheet, no label touches another, and no row loses its name or its number."""
    drawing = draw_svg(picture, wide)
    check_frame(drawing)
    numbers = [one for one in drawing.elements if str(one.attributes["class"]).endswith("number")]
    short = [row.note for row in picture.rows if 0 < text_width(safe(row.note)) <= 90]
    assert len(numbers) >= len(short)
    tops = [float(one.attributes["y"]) for one in numbers]
    assert tops == sorted(tops)


@given(planes(), st.sampled_from(WIDTHS))
def test_planes_stay_in_their_frame(picture: Picture, wide: float) -> None:
    """Neither does anything leave a plane's."""
    check_frame(draw_svg(picture, wide))


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=2, max_size=30), st.sampled_from(WIDTHS))
def test_bars_keep_the_order_of_their_values(spans: list[tuple[int, int]], wide: float) -> None:
    """What begins further on stands no further left; a bar of nothing is drawn, too."""
    axis = number_axis(min(map(min, spans)), max(map(max, spans)), str)
    marks = [BarMark(n, start, stop) for n, (start, stop) in enumerate(spans)]
    drawing = draw_svg(Picture("題", "文", axis, marks, [PictureRow("a")] * len(spans)), wide)
    bars = [one for one in drawing.elements if one.tag == "rect"]
    assert len(bars) == len(spans)
    middles = sorted(
        (sum(span), float(bar.attributes["x"]) * 2 + float(bar.attributes["width"]))
        for span, bar in zip(spans, bars, strict=True)
    )
    places = [place for _, place in middles]
    assert all(one <= other + 1e-6 for one, other in pairwise(places))
    assert all(float(bar.attributes["width"]) >= 1.49 for bar in bars)


def test_a_bar_is_as_long_as_its_value() -> None:
    """Of an axis from 0 to 100 on 762 units between a name of 8 units' distance: 25 takes a quarter, 50 twice as much."""
    axis = PictureAxis(0, 100, [AxisTick(0, "0"), AxisTick(100, "100")])
    drawing = draw_svg(
        Picture("題", "文", axis, [BarMark(0, 0, 25), BarMark(1, 25, 75)], [PictureRow("a"), PictureRow("b")]), 760
    )
    first, second = (one.attributes for one in drawing.elements if one.tag == "rect")
    grid = [float(one.attributes["x1"]) for one in drawing.elements if one.tag == "line"]
    assert float(first["width"]) == pytest.approx((grid[1] - grid[0]) / 4)
    assert float(second["width"]) == pytest.approx((grid[1] - grid[0]) / 2)
    assert float(second["x"]) == pytest.approx(float(first["x"]) + float(first["width"]))


def test_names_stand_above_their_bars_where_they_have_no_room_beside_them() -> None:
    """On a telephone a long name takes a line of its own, a short one stays beside its bar; on a desk both do."""
    for label, wide, stacked in (
        ("12月", 330, False),
        ("金額記入 734 鹿野山 外観検査装置", 330, True),
        ("金額記入 734 鹿野山 外観検査装置", 760, False),
    ):
        drawing = draw_svg(Picture("題", "文", PictureAxis(0, 1), [BarMark(0, 0, 1)], [PictureRow(label)]), wide)
        bar = next(one for one in drawing.elements if one.tag == "rect")
        name = next(one for one in drawing.elements if one.text == label)
        assert (float(name.attributes["y"]) < float(bar.attributes["y"])) is stacked


@pytest.mark.parametrize(
    ("low", "high", "unit", "ticks"),
    [
        (0, 0, 1, [0, 1]),
        (0, 7, 1, [0, 2, 4, 6, 8]),
        (0, 3, 1, [0, 1, 2, 3]),
        (-50, 120, 1, [-50, 0, 50, 100, 150]),
        (-5, -5, 1, [-5, -4, -3, -2, -1, 0]),
        (0, 166_900_000, 10_000, [0, 50_000_000, 100_000_000, 150_000_000, 200_000_000]),
        (0, 5_000, 10_000, [0, 10_000]),
        (0, 10**15, 1, [0, 2 * 10**14, 4 * 10**14, 6 * 10**14, 8 * 10**14, 10**15]),
    ],
)
def test_an_axis_has_round_ends(low: int, high: int, unit: int, ticks: list[int]) -> None:
    """Steps of 1, 2 or 5 and their tens, six ticks or fewer, never between two units on screen."""
    assert [tick.at for tick in number_axis(low, high, str, least_step=unit).ticks] == ticks


def test_an_axis_of_no_numbers_is_refused() -> None:
    """And one that ends before it begins."""
    for low, high in ((1.0, 0.0), (float("nan"), 1.0), (0.0, float("inf"))):
        with pytest.raises(ValueError, match=r".+"):
            number_axis(low, high, str)


def test_a_value_off_the_axis_stands_at_its_edge() -> None:
    """On an axis that goes upwards, too; one of a single value has all at its beginning."""
    assert [LinearScale(0, 10, 100, 0).place(value) for value in (-5, 0, 5, 10, 20)] == [100, 100, 50, 0, 0]
    assert LinearScale(3, 3, 10, 20).place(3) == 10


@given(TEXTS, st.floats(0, 400))
def test_a_cut_text_fits(text: str, room: float) -> None:
    """It takes no more than the room, and is whole where that is enough."""
    shown = fitted(text, room)
    assert text_width(shown) <= room
    assert text_width(text) > room or shown == text


class Svg(HTMLParser):
    """The tags inside of SVG, the names of their attributes, and the ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.named: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that was opened."""
        self.inside |= tag == "svg"
        if self.inside:
            self.tags.add(tag)
            self.attributes.update(name for name, _ in attrs)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.named += [value or "" for name, value in attrs if name in ("aria-labelledby", "aria-describedby")]

    def handle_endtag(self, tag: str) -> None:
        """A tag that was closed."""
        self.inside &= tag != "svg"


@given(pictures_of_rows(), TEXTS)
def test_no_text_of_a_picture_is_taken_for_markup(picture: Picture, text: str) -> None:
    """Whatever stands in a name, a number, a title: the picture has nippo's own shapes, in each of its widths named by its title and its
    text."""
    page = Svg("".join(html.write(Page([picture._replace(title=text, text=text), picture], "題"))))
    assert page.tags <= {"svg", "title", "desc", "rect", "circle", "line", "path", "polygon", "text"}
    assert page.attributes.isdisjoint({"href", "onload", "onclick", "style", "src", "xlink:href"})
    assert len(page.ids) == len(set(page.ids)) == 4
    assert page.named == [*page.ids[:2] * 2, *page.ids[2:] * 2]


def test_dots_that_are_alike_are_one_path() -> None:
    """Each at its place, in the order of the marks between them; what says something when pointed at stands alone."""
    dots = [DotMark(0, 0.5), DotMark(5, 0.5), DotMark(10, 0.5, title="文"), DotMark(10, 0.5, "small")]
    drawing = draw_svg(Picture("題", "文", PictureAxis(0, 10, grid=False), dots, [PictureRow("")]), 116.0)
    places = [(one.attributes["cx"], one.attributes["cy"]) for one in drawing.elements]
    assert places == [(10.0, 20.5), (59.0, 20.5), (108.0, 20.5), (108.0, 20.5)]
    assert markup(drawing.elements).splitlines() == [
        '<path class="dots ink" d="M10 20.5h0M59 20.5h0"/>',
        '<circle class="dot ink" cx="108" cy="20.5" r="4"><title>文</title></circle>',
        '<path class="dots ink small" d="M108 20.5h0"/>',
    ]


def test_without_letters_a_picture_leaves_a_terminal_to_its_table() -> None:
    """Where it is drawn in letters a terminal shows these, Markdown a block of code; else Markdown has its title and its numbers."""
    from nippo_cli.render.draw import markdown
    from nippo_cli.render.draw.emit import draw_page

    table = Table([Column("n", "件数", right=True)], [["12"]])
    picture = Picture("12件", "文", PictureAxis(0, 1), [], table=table)
    assert draw_page(Page([picture]), Screen()) == ""
    assert "".join(markdown.write(Page([picture]))) == "**12件**\n\n| 件数 |\n| ---: |\n| 12 |\n"
    shown = picture._replace(drawn=[("▒▒",)])
    assert draw_page(Page([shown]), Screen()) == "▒▒\n"
    assert "".join(markdown.write(Page([shown]))) == "```\n▒▒\n```\n"


def test_a_masked_picture_names_nobody() -> None:
    """A name is replaced wherever a picture has it."""
    from nippo_cli.render.deal import masked

    table = Table([Column("deal", "案件")], [["佐藤"]])
    marks = [
        BarMark(0, 0, 1, label="佐藤", title="佐藤"),
        LineMark([(0, 0.5)], label="佐藤"),
        DotMark(0, 0.5, title="佐藤"),
    ]
    picture = Picture(
        "佐藤", "佐藤", PictureAxis(0, 1), marks, [PictureRow("佐藤", "佐藤")], table=table, drawn=[("佐藤",)]
    )
    shown = repr(list(masked.page(Page([picture]), lambda said: said.replace("佐藤", "A氏")).blocks))
    assert "佐藤" not in shown
    assert shown.count("A氏") == repr(picture).count("佐藤")


@given(pictures_of_rows(), st.sampled_from([40, 80, 100]), st.booleans())
def test_a_picture_in_letters_keeps_its_columns(picture: Picture, columns: int, ascii_only: bool) -> None:
    """No row is wider than the screen, each row's name begins it, and an ASCII screen gets no drawn mark of ours."""
    plain = picture._replace(
        rows=[PictureRow("行", "1")] * len(picture.rows), legend=(), x=picture.x._replace(label="")
    )
    bars = [mark for mark in picture.marks if isinstance(mark, BarMark)]
    shown = draw_rows(
        plain._replace(marks=[bar._replace(label="") for bar in bars]), Screen(columns=columns, ascii=ascii_only)
    )
    rows = ["".join(piece.text for piece in spans(row)) for row in shown]
    assert len(rows) == len(picture.rows) + 1
    assert all(width(row) == columns for row in rows[1:])
    assert all(row.startswith("行 ") and row.endswith(" 1") for row in rows[1:])
    assert not ascii_only or all(row.replace("行", "").isascii() for row in rows)
    longest = draw_rows(picture, Screen(columns=columns))
    assert max(width("".join(piece.text for piece in spans(row))) for row in longest) <= columns


def test_a_bar_of_letters_is_as_long_as_its_value() -> None:
    """From column 2 to 39 a half is 18 marks; what has no room behind its bar stands in it."""
    marks = [
        BarMark(0, 0, 50, label="50", beside=True),
        BarMark(1, 0, 100, label="100", beside=True),
        BarMark(2, 30, 30),
    ]
    picture = Picture(
        "題",
        "文",
        PictureAxis(0, 100, [AxisTick(0, "0"), AxisTick(100, "100")]),
        marks,
        [PictureRow(name) for name in "abc"],
    )
    rows = ["".join(piece.text for piece in spans(row)) for row in draw_rows(picture, Screen(columns=40, ascii=True))]
    assert rows == [
        "  0                                  100",
        "a ################## 50",
        "b ################################ 100",
        "c",
    ]
