"""The pages of the steps: small lines to see a trend by, and figures that add up on the screen."""

import json
import re
from itertools import pairwise

import pytest

from nippo_cli.base.language import bind, current, t
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.draw.marks import BarMark, DotMark
from nippo_cli.render.gaps.broken import RENDERER, blocks, brief
from nippo_cli.render.gaps.signs import sign_words
from nippo_cli.render.steps import ages_picture
from nippo_cli.render.steps.behind import StepLists
from nippo_cli.render.steps.months import spark
from nippo_cli.results.deal_status import Sign

TERMINAL = Screen(columns=80, terminal=True, limit=20)


def test_a_line_is_drawn_to_its_largest():
    """Nothing is drawn as nothing, the largest full, and one of many is never nothing."""
    assert spark([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert spark([0, 1, 1000]) == "▁▂█"
    assert spark([0, 0]) == "▁▁"
    assert spark([]) == ""


def test_a_screen_that_draws_nothing_else_gets_ascii(answer, tongue):
    """The same steps in letters that every terminal has."""
    assert spark([0, 1, 2, 3, 4, 5, 6, 7], ascii_only=True) == "_.:-=+*#"
    text = draw(answer("steps_months"), fmt="table", screen=TERMINAL._replace(ascii=True))
    assert not re.search("[▁▂▃▄▅▆▇█]", text)
    assert "#" in text


def test_a_row_of_what_became_adds_up(answer, japanese):
    """Onward, back, lost, fizzled and still add up to in, as the heading says."""
    text = draw(answer("steps"), fmt="table", screen=Screen())
    rows = text.partition("入った案件のその後")[2].splitlines()[2:10]
    for row in rows:
        cells = [0 if cell == "·" else int(cell.replace(",", "")) for cell in row.split()[1:7]]
        assert cells[0] == sum(cells[1:])


def test_a_rate_never_stands_without_its_n(answer, tongue):
    """Behind each of the five rates stands what it is a rate of, and its interval."""
    text = draw(answer("steps"), fmt="table", screen=TERMINAL)
    assert len(re.findall(r"\d+% n=[\d,]+ +\d+–\d+%", text)) == 5


@pytest.mark.parametrize("of", ["steps", "steps_by_owner", "steps_months", "steps_deals", "steps_skipped", "broken"])
def test_json_is_the_same_in_every_language(of, answer, tongue, snapshot):
    """No locale reaches JSON."""
    assert draw(answer(of), fmt="json", screen=Screen()) == snapshot(name=f"{of} json")


def test_groups_are_rows_of_csv(answer):
    """A spreadsheet gets every group's rows under one head."""
    head, *rows = draw(answer("steps_by_owner"), fmt="csv", screen=Screen()).splitlines()
    assert head.split(",")[:3] == ["group", "stage", "in"]
    assert len(rows) == len(json.loads(draw(answer("steps_by_owner"), fmt="json", screen=Screen()))["stages"])


def test_a_finding_in_a_few_words(answer):
    """Its first sign, and how many more there are; a question beside it."""
    before = current()
    page = answer("broken")
    row, one, _ = page.rows
    bind("ja")
    assert (
        sign_words(Sign("broken", row.finding), row.head, page.schema)
        == "「デモ・サンプル評価」を飛ばして見積へ　ほか2件"
    )
    assert sign_words(Sign("broken", one.finding), one.head, page.schema) == "「見積」を飛ばして社内決裁へ"
    bind("en")
    assert (
        sign_words(Sign("broken", row.finding), row.head, page.schema)
        == "デモ・サンプル評価 skipped, on to 見積 and 2 more"
    )
    assert t(RENDERER.ask).endswith("?")
    bind(before)


def test_on_the_whole_page_a_schema_that_agrees_on_nothing_takes_one_row(answer, tongue):
    """What to write stands on the page of its own."""
    assert len(brief(answer("broken_nothing_agreed"), TERMINAL)) == 1
    assert brief(answer("broken"), TERMINAL) == blocks(answer("broken"), TERMINAL)


def test_live_deals_stand_against_the_percentiles_of_their_stage(answer, tongue):
    """Bands end at the median, the 75th and the 90th percentile of the stage's stays, a dot stands at each deal's days, whoever is beyond
    the last band is counted; the text and the table say the same."""
    page = answer("steps")
    (picture,) = ages_picture.pictures(page, Screen(), StepLists(page))
    stages = {page.schema.stage_label(one.stage): one for one in page.stages}
    for at, row in enumerate(picture.rows):
        stage = stages[row.label]
        bars = [mark for mark in picture.marks if isinstance(mark, BarMark) and mark.row == at]
        ends = [0, stage.median_days, stage.p75_days, stage.p90_days]
        assert [(bar.start, bar.stop) for bar in bars] == list(pairwise(ends))
        days = [one.days for one in page.live_deals if one.stage == stage.stage]
        assert [mark.x for mark in picture.marks if isinstance(mark, DotMark) and int(mark.y) == at] == days
        beyond = sum(one > stage.p90_days for one in days)
        assert picture.table.rows[at][-2] == str(beyond)
        assert str(max(days)) in picture.text.splitlines()[at]
    assert sum(int(row[-2]) for row in picture.table.rows) == 2
    assert picture.title.startswith({"ja": "進行中3件のうち2件", "en": "2 of 3 live deals"}[current()])


def test_of_few_stays_there_are_no_percentiles(answer, tongue):
    """A stage in which four stays ended has its deals, and no band; where that is so of all, the picture says so."""
    page = answer("steps")
    few = page._replace(stages=[one._replace(timed=4) for one in page.stages])
    (picture,) = ages_picture.pictures(few, Screen(), StepLists(few))
    assert not [mark for mark in picture.marks if isinstance(mark, BarMark)]
    assert len(picture.rows) == 3
    assert picture.title == t("show.steps.ages_few", least=5)
    assert ages_picture.pictures(page._replace(live_deals=()), Screen(), StepLists(page)) == []


def test_in_letters_a_label_never_runs_into_a_rows_note(answer, japanese):
    """The longest deal stands at the end of the axis: its number goes before its dot, a blank on each side."""
    page = answer("steps")
    longest = page._replace(live_deals=[one._replace(days=80) for one in page.live_deals[:1]])
    (drawn,) = [row for row in draw(longest, fmt="table", screen=TERMINAL).splitlines() if "1件中1件" in row]
    assert re.search(r" 12 ●\s+1件中1件$", drawn)
