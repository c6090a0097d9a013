"""The stalled page: its fixed JSON, and that it asks rather than judges."""

import json

import pytest

from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.gaps import stay_picture


def drawn(found, fmt="table", **screen):
    """The answer as text."""
    return draw(found, fmt=fmt, screen=Screen(**screen))


def test_the_fixed_shape(answer, japanese):
    """Keys, ids as people type them, ISO days, whole money, the norm with its source and n."""
    found = json.loads(drawn(answer("stalled"), "json"))
    assert found["as_of"] == "2026-11-23"
    assert found["since"] == "2026-08-25"
    assert found["currency"] == {"code": "JPY", "digits": 0}
    assert found["norms"][0] == {"stage": "trial", "kind": "new", "days": 62, "source": "won", "n": 34}
    assert found["findings"][2] == {
        "kind": "stalled",
        "deal": {"id": "k5-7", "name": "治具ユニット 30台", "customer": "㈱山善ﾒﾀﾙ", "owner": "田中"},
        "stage": "quote", "began_on": "2026-10-12", "new": True, "amount": None, "entries": ["k5-14", "k5-16"],
        "stay_days": 53, "arrival": "known",
        "norm_days": 10, "norm": {"source": "kind", "n": 0}, "limit_days": 10, "silence_days": 5, "silence_at_least": False, "closes": None,
        "confidence": "B",
        "ball": None,
    }  # fmt: skip
    assert found["summary"]["share"] == pytest.approx(9 / 42, abs=5e-5)
    assert found["left_out"]["on_hold"] == 2


def test_json_is_the_same_in_every_language(answer, tongue, snapshot):
    """No locale reaches JSON."""
    assert drawn(answer("stalled"), "json") == snapshot(name="stalled json")


def test_more_than_half_says_what_to_type(answer, japanese):
    """Above half the page doubts the norm and the list, and gives a command for each."""
    text = drawn(answer("stalled_most"), columns=80, terminal=True)
    assert "nippo schema show" in text
    assert "nippo add 12 --stage lost" in text
    assert "nippo add 12 --stage lost" not in drawn(answer("stalled"), columns=80, terminal=True)


def test_what_is_left_out_is_counted(answer, japanese):
    """Held, incomplete and never stalling deals are named with their numbers; a zero is not."""
    text = drawn(answer("stalled"))
    assert "保留中の案件 2件" in text
    assert "記入待ちの活動3件でまだ書かれていない項目" in text
    assert "取り込めなかった行" not in text


def test_what_is_not_shown_is_counted(answer, japanese):
    """Three of nine rows are shown, so six more there are, and how to see them."""
    assert "ほか 6件  --limit 0" in drawn(answer("stalled"))


def test_nothing_stalled_is_said_calmly(answer, japanese):
    """No finding, no table and no question; still the norms that were used."""
    text = drawn(answer("stalled_none"))
    assert "目安を超えてとどまっている案件はありません。" in text
    assert "社内決裁" in text


def test_no_deals_tells_what_to_type(answer, japanese):
    """Without a live deal the page says what is missing and how to begin."""
    assert "nippo add" in drawn(answer("stalled_no_deals"))


def test_of_very_many_the_longest_stays_are_drawn_and_the_others_counted(answer, japanese, monkeypatch):
    """In the order of the table; a picture of some thousands of bars would be larger than a page."""
    monkeypatch.setattr("nippo_cli.render.gaps.stay_picture._MOST_BARS", 2)
    result = answer("stalled")
    longest = sorted((row.finding.stay_days for row in result.rows), reverse=True)[:2]
    [picture] = stay_picture.pictures(result)
    drawn = [row.head.name for row in result.rows if row.finding.stay_days in longest]
    assert [row.label.split()[1] for row in picture.rows] == [name.split()[0] for name in drawn]
    assert f"長い順に2件を描き、ほか{len(result.rows) - 2}件は描いていません" in picture.title
