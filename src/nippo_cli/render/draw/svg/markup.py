"""A drawing as markup. Marks that are alike and say nothing by themselves are one path, so that a page of many pictures stays small."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from nippo_cli.render.draw.svg.sheet import SvgElement

if TYPE_CHECKING:
    from markupsafe import Markup

# Dots of these kinds are drawn by the round ends of a line of no length.
_DOTS = {"dot ink": "dots ink", "dot quiet": "dots quiet"}
_SMALL = 2
# What letters are where they say nothing else: the page's style has it once.
_USUAL = {("text-anchor", "middle"), ("font-size", 11)}


def markup(elements: Iterable[SvgElement]) -> "Markup":
    """The shapes and texts in their order; every text is escaped."""
    from markupsafe import Markup

    # Markup: each piece has been escaped where it is made.
    return Markup("".join(_pieces(elements)))  # noqa: S704


def number(value: float) -> str:
    """A length to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def _pieces(elements: Iterable[SvgElement]) -> Iterator[str]:
    for kind, alike in groupby(elements, key=_joined_as):
        if kind:
            yield f'<path class="{kind}" d="{"".join(map(_stroke, alike))}"/>\n'
        else:
            yield from map(_alone, alike)


def _joined_as(of: SvgElement) -> str:
    """The kind of the path that an element becomes a part of; empty: it stands alone."""
    kind = str(of.attributes["class"])
    if of.title or of.text:
        return ""
    if of.tag == "circle" and kind in _DOTS:
        return f"{_DOTS[kind]}{' small' if of.attributes['r'] == _SMALL else ''}"
    return kind if of.tag == "line" and kind == "grid" else ""


def _stroke(of: SvgElement) -> str:
    at = {name: number(float(value)) for name, value in of.attributes.items() if name != "class"}
    if of.tag == "circle":
        return f"M{at['cx']} {at['cy']}h0"
    return f"M{at['x1']} {at['y1']}L{at['x2']} {at['y2']}"


def _alone(of: SvgElement) -> str:
    from markupsafe import escape

    says = "".join(
        f' {name}="{escape(value if isinstance(value, str) else number(value))}"'
        for name, value in of.attributes.items()
        if (name, value) not in _USUAL
    )
    title = f"<title>{escape(of.title)}</title>" if of.title else ""
    return f"<{of.tag}{says}>{title}{escape(of.text)}</{of.tag}>\n" if title or of.text else f"<{of.tag}{says}/>\n"
