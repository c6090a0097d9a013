"""`nippo log --new`: all that colleagues wrote since one last looked."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.day import log, news
from nippo_cli.render.draw import Block, Heading, Page, Prose, Renderer
from nippo_cli.render.parts import words
from nippo_cli.results.news import NewsLog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nippo_cli.render.draw import Screen


def page(result: NewsLog, screen: "Screen") -> Page:
    """What the morning page counts, under the same heading: the entries day by day, the answers, and who has read what."""
    title, note = news.title(result.news, result.log.as_of), news.count(result.news)
    if not result.news:
        return Page([Prose(t("show.news.none"))], title)
    return Page(_blocks(result, screen), title, note)


def _blocks(result: NewsLog, screen: "Screen") -> "Iterator[Block]":
    near = result.log.as_of
    if answers := result.news.answers:
        yield Heading(t("show.news.answer"), words.counted("show.count", len(answers)))
        yield from log.comments(answers, near)
    yield from news.reader_lines(result.news)
    yield from log.blocks(result.log, screen)


def to_json(result: NewsLog) -> dict[str, object]:
    """As `log` has it, and what is new besides the entries."""
    return {**log.to_json(result.log), "news": news.news_json(result.news)}


RENDERER = Renderer(NewsLog, page=page, to_json=to_json, rows="entries", columns=log.COLUMNS)
