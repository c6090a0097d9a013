"""`nippo customer --near`: customers that may be one, with the command that makes one of two."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import spoken, t
from nippo_cli.base.text import quoted
from nippo_cli.line.near_customers import NearCustomers, name_as
from nippo_cli.render.draw import Block, Page, Prose, Renderer, Span
from nippo_cli.render.parts import words
from nippo_cli.results.customers import NearList

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = ("one", "other", "why", "one_as", "other_as")


def page(result: NearList, screen: "Screen") -> Page:  # noqa: ARG001  every page is drawn on a screen
    """A pair each, why it is one, and the command below it."""
    note = t("customers.note", count=words.counted("customers.pairs", result.total), as_of=words.day(result.as_of))
    if not result.pairs:
        return Page([Prose(t("customers.none_near"))], t("customers.near"), note)
    blocks: list[Block] = [row for pair in result.pairs for row in _rows(pair)]
    if more := result.total - len(result.pairs):
        blocks += [Prose(""), Prose(Span(f"{words.counted('show.more', more)}  {t('show.more_hint')}", "dim"))]
    return Page(blocks, t("customers.near"), note)


def _rows(pair: NearCustomers) -> list[Block]:
    one, other = spoken(name_as(pair.one, pair.one_as)), spoken(name_as(pair.other, pair.other_as))
    shown = (Span(one, "strong"), " / ", Span(other, "strong"), f"  {t(f'customers.near.{pair.why}')}")
    return [Prose(shown), Prose(Span(command(pair), "dim"), indent=2)]


def command(pair: NearCustomers) -> str:
    """What makes one customer of both."""
    return " ".join(("nippo customer merge", *map(quoted, pair.merged)))


def to_json(result: NearList) -> dict[str, object]:
    """The pairs, and how many there are."""
    return {
        "as_of": result.as_of.isoformat(),
        "total": result.total,
        "pairs": [
            {
                "one": pair.one,
                "other": pair.other,
                "why": pair.why,
                "one_as": pair.one_as or None,
                "other_as": pair.other_as or None,
            }
            for pair in result.pairs
        ],
    }


RENDERER = Renderer(NearList, page=page, to_json=to_json, rows="pairs", columns=COLUMNS)
