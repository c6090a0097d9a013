"""`nippo lessons`: each lesson in short, and the command that gives it in full."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Heading, Page, Prose, Renderer, Span
from nippo_cli.render.lessons import page as lessons
from nippo_cli.render.parts import words
from nippo_cli.results.lessons import LessonsPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: LessonsPage, screen: "Screen") -> Page:
    """A section for each lesson."""
    blocks: list[Block] = []
    for one in result.pages:
        command = f"nippo lessons {one.kind}"
        # Which days a lesson is of, where it is not of all that ever was.
        days = "" if one.since is None else f"{words.between(one.since, one.as_of)}  "
        heading = Heading(t(f"lessons.title_{one.kind}"), f"{days}{command}")
        blocks += [heading, *lessons.module_of(one.kind).brief(one, screen)]
    hint = Prose(Span(t("lessons.see_kind"), "dim"))
    return Page([*blocks, hint], t("lessons.title"), t("show.as_of", day=words.day(result.as_of)))


def to_json(result: LessonsPage) -> dict[str, object]:
    """Every lesson in full, by its kind."""
    return {
        "as_of": result.as_of.isoformat(),
        "lessons": {one.kind: lessons.to_json(one) for one in result.pages},
    }


RENDERER = Renderer(LessonsPage, page=page, to_json=to_json)
