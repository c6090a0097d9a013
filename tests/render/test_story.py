"""A finished deal as a page for the team, and beside others like it: Markdown, 80 columns, both languages."""

import json
import re
from collections import Counter

import pytest
from deal_lines import Entry, deal, line_of

from nippo_cli.base.text import width
from nippo_cli.lessons.anonymize import NamesToHide
from nippo_cli.lessons.precedents import Like
from nippo_cli.lessons.story import FirstSign
from nippo_cli.line.facts import Review
from nippo_cli.render.deal import precedents
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.results.deal_pages import StoryPage
from nippo_cli.results.deals import Precedents, PrecedentsPage

NASTY = "\x1b[31m赤\x1b[0m\u202e逆 [bold]太[/bold] #12"


def page(lang: str, name: str = "検査装置の更新"):
    """A deal lost after 93 days, its date pushed once."""
    who = {"customer": "株式会社北川製作所", "kind": "new", "closes": "2026-07-31", "amount": 12_000_000}
    return deal(
        name,
        [
            Entry("2026-05-20", "hearing", "visit", {**who, "facts": f"北川の工場長と会った {NASTY}"}),
            Entry("2026-06-18", "proposal", "visit", {"next_step": "見積", "next_on": "2026-06-25"}),
            Entry("2026-07-10", "", "call", {"closes": "2026-09-30"}),
            Entry("2026-08-21", "lost", "call", {"lost_reason": "price", "competitor": "東海自動機"}),
        ],
        as_of="2026-09-30", lang=lang,
    )  # fmt: skip


def others(lang: str) -> Precedents:
    """Seven that were like it."""
    first, second = page(lang, "搬送ロボット"), page(lang, NASTY)
    near = [(Like(one.line.head.id, "lost", one.as_of, 11_000_000, 3, 0.4), one.line.head) for one in (first, second)]
    fates = ("lost", "lost", "won", "lost", "lost", "lost", "fizzled")
    alike = [near[0][0]._replace(deal=n, fate=fate) for n, fate in enumerate(fates, 40)]  # type: ignore[arg-type]  # a fate
    return Precedents(92, "proposal", 12_000_000, 12, {"won": 1, "lost": 5, "fizzled": 1}, alike, near, 340, 2000)


def story(lang: str, *, anonymous: bool = False) -> StoryPage:
    """The whole page."""
    of = page(lang)
    head = of.line.head
    review = Review(99, head.id, of.as_of, of.as_of, "佐藤", "no_decider", "北川の決裁者に会えていなかった", "asked")
    names = NamesToHide([head.customer], [], [head.owner, "佐藤"], [head.name, "搬送ロボット"], ["東海自動機"])
    return StoryPage(
        of=of._replace(reviews=[review]),
        ended_on=head.closed_on or of.as_of,
        signs=[FirstSign("pushed", of.points[2].on, 42), FirstSign("silent", of.points[2].on, 42)],
        steps=Counter(on_time=2, late=1),
        reasons=("price",),
        competitor="東海自動機",
        customer_words="高い",
        own_view="",
        precedents=others(lang),
        names=names if anonymous else None,
    )


@pytest.mark.parametrize("anonymous", [False, True], ids=["named", "anonymous"])
def test_a_story_in_markdown(tongue, anonymous, snapshot):
    """What the team reads."""
    assert draw(story(tongue, anonymous=anonymous), fmt="md", screen=Screen()) == snapshot


def test_a_story_on_a_terminal(tongue):
    """At 80 columns nothing runs over the edge, and nothing of a name is a command to it."""
    text = draw(story(tongue), fmt="table", screen=Screen(columns=80, terminal=True))
    assert max(width(row) for row in text.split("\n")) <= 80
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert re.findall(r"\b(?:story|precedents|deal)\.[a-z_]+", text) == []


def test_an_anonymous_story_has_no_name_in_any_format(tongue):
    """Nor a number by which one could be looked up."""
    for fmt in ("md", "json", "table", "csv"):
        text = draw(story(tongue, anonymous=True), fmt=fmt, screen=Screen())
        for name in ("北川", "東海", "搬送ロボット", "佐藤", "Sato"):
            assert name not in text
    found = json.loads(draw(story(tongue, anonymous=True), fmt="json", screen=Screen()))
    assert found["id"] is None
    assert {entry["id"] for entry in found["entries"]} == {None}


def test_precedents_side_by_side(tongue, snapshot):
    """The count, the rule, then the lines."""
    of, found = page(tongue), others(tongue)
    result = PrecedentsPage(
        of.as_of, of.schema, of.line.head, found, [line_of(of), line_of(page(tongue, "搬送ロボット"))]
    )
    text = draw(result, fmt="table", screen=Screen(columns=80, terminal=True))
    assert text == snapshot
    assert max(width(row) for row in text.split("\n")) <= 80


def test_precedents_in_one_line_behind_an_entry(tongue):
    """The count by fate, and the nearest by its number."""
    found = others(tongue)
    told = precedents.in_one_line(found)
    assert (
        "7件のうち 受注 1・失注 5・立ち消え懸念 1" if tongue == "ja" else "7 deals: 1 won · 5 lost · 1 fizzled"
    ) in told
    assert f"#{found.nearest[0][1].id} 搬送ロボット" in told
