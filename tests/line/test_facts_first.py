"""Facts first: what is hope in a text of facts, and whether anybody speaks in it."""

import pytest

from nippo_cli.line.hopeful_phrases import Hope, hope_in, lacks_speaker, moved, sentences

HOPEFUL = ("前向きな感触", "好感触", "Looks Promising")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("見積を渡した。前向きな感触だった。次は来週。", "前向きな感触だった。"),
        ("好感触", "好感触"),
        ("価格は1.5倍、ｌｏｏｋｓ promising だが未定\n次", "価格は1.5倍、ｌｏｏｋｓ promising だが未定\n"),
    ],
)
def test_a_phrase_of_hope_is_found_with_its_sentence(text, sentence):
    """Whatever its width and case; a point in a number ends no sentence."""
    hope = hope_in(text, HOPEFUL)
    assert hope is not None
    assert text[hope.start : hope.stop] == sentence


@pytest.mark.parametrize("text", ["", "田中課長「予算は1,200万円」", "感触のよい布"])
def test_a_fact_is_left_alone(text):
    """The list is the schema's and nothing else is hope."""
    assert hope_in(text, HOPEFUL) is None
    assert hope_in("前向きな感触", ()) is None


def test_the_sentence_moves_and_the_rest_stays():
    """Nothing is lost between the two texts."""
    text = "見積を渡した。好感触。\n次は来週。"
    hope = hope_in(text, HOPEFUL)
    assert hope == Hope("好感触", 7, 11)
    assert moved(text, hope) == ("見積を渡した。\n次は来週。", "好感触。")


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("装置が古いとのことで更新を検討している", True),
        ("田中課長が装置は古いと言った、更新の予定", False),
        ("「装置が古い」とのことで更新を検討している", False),
        ("The line is old and will be replaced", True),
        ("Mr Tanaka will replace the old line", False),
        ("鈴木からは装置が古いと聞いた。更新の予定", False),
        ("短い", False),
    ],
)
def test_a_text_in_which_nobody_speaks_is_told_so(text, lacks):
    """A name that was met, a title or a quotation will do; a text of a few characters is only begun."""
    assert lacks_speaker(text, ["鈴木", ""]) is lacks


def test_sentences_cover_the_text():
    """Every character that is no blank stands in one sentence, in order."""
    text = "一。二！three. four 4.5\n\n五"
    assert [text[a:b] for a, b in sentences(text)] == ["一。", "二！", "three.", " four 4.5\n", "五"]
