"""The figures that scripts read: fixed keys, stated rounding, counts that add up."""

import json

from nippo_cli.render.draw import Details
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.parts import left_out
from nippo_cli.results.entries import LeftOutBehind


def shown(found):
    """The answer's JSON, read back."""
    return json.loads(draw(found, fmt="json", screen=Screen()))


def test_the_summary_has_its_fixed_shape(answer, japanese):
    """Fates that add up, the rate to four places, means to three, whole money."""
    found = shown(answer("summary"))
    assert found["fates"] == {"won": 4238, "lost": 2473, "fizzled": 1200, "open": 389}
    assert sum(found["fates"].values()) == found["deals"] == 8300
    assert found["win_rate"] == 0.6315
    assert found["lead_time_days"]["won"] == {"n": 4238, "median": 57, "mean": 51.782}
    assert found["lead_time_days"]["lost"] == {"n": 2473, "median": 14, "mean": 41.479}
    assert found["amounts"]["won"] == 10_005_534
    assert found["currency"] == {"code": "USD", "digits": 0}


def test_every_row_of_an_import_is_accounted_for(answer, japanese):
    """Taken, known, skipped and rejected are all that was read, in JSON and on the screen."""
    found = shown(answer("imported"))
    assert found["taken"] + found["known"] + found["skipped"] + found["rejected"] == found["rows"] == 8800
    text = draw(answer("imported"), fmt="table", screen=Screen())
    assert "8,298" in text
    assert "502" in text
    assert "ほか 500件" in text


def test_an_entry_keeps_its_values_as_they_were_written(answer, japanese):
    """Choices stay keys, money stays whole, dates stay ISO: no label and no language."""
    values = shown(answer("entry"))["values"]
    assert values["stage"] == "approval"
    assert values["amount"] == 128_000_000
    assert values["closes"] == "2026-12-01/2026-12-31"


def test_a_correction_says_what_it_changed(answer, japanese):
    """The history names the field, what it was and what it is."""
    history = shown(answer("entry"))["history"]
    assert history[1]["changed"]["amount"] == {"was": 12_800_000, "is": 128_000_000}
    assert history[1]["changed"]["on"] == {"was": "2026-11-19", "is": "2026-11-20"}


def test_the_impression_stands_apart_from_the_facts(answer, japanese):
    """On an entry's page 所感 has its own section, after every fact."""
    text = draw(answer("entry"), fmt="table", screen=Screen())
    assert text.index("検査速度は") < text.index("\n所感\n") < text.index("経理の反対")


def test_a_list_of_what_is_left_out_says_once_how_many_it_has(answer, japanese):
    """Its title is the reason, which says it."""
    listed = answer("deal_list")
    heads = [status.head for status in listed.deals][:2]
    blocks = left_out({"on_hold": 2}, LeftOutBehind(deals={"on_hold": heads}), listed.as_of)
    assert [block.summary for block in blocks if isinstance(block, Details)] == ["保留中の案件 2件"]


def test_what_is_new_in_a_team_is_told_before_anybody_wrote(answer, japanese):
    """A member who joins an empty diary has looked, and won't be told again."""
    page = answer("today_handed")._replace(last_entry_on=None, reported_on=None, live=0)
    text = draw(page, fmt="table", screen=Screen())
    assert text.index("まだ何も書かれていません") < text.index("藤井さんがチームを離れました")


def test_handed_deals_that_the_page_has_no_row_for_are_counted(answer, japanese):
    """All of them stand behind the command that is named."""
    text = draw(answer("today_handed")._replace(rows=3), fmt="table", screen=Screen())
    assert text.count("移りました") == 3
    assert "藤井" not in text
    assert "ほか 1件  すべて見る: nippo --limit 0" in text
