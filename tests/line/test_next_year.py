"""Words that put something off to next year."""

import json
from datetime import date

import pytest

from nippo_cli.line.next_year import may_put_off, next_year_day

SAID = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("来年4月にもう一度", 4, (date(2027, 4, 1), "来年4月")),
        ("来年１２月の予算で", 4, (date(2027, 12, 1), "来年12月")),
        ("来年度の予算で", 4, (date(2027, 4, 1), "来年度")),
        ("来期に検討", 12, (date(2026, 12, 1), "来期")),
        ("来年また来てほしい", 4, (date(2027, 1, 1), "来年")),
        ("年明けに", 4, (date(2027, 1, 1), "年明け")),
        ("再来年の移転後", 4, (date(2028, 1, 1), "再来年")),
        ("Call us next year.", 1, (date(2027, 1, 1), "next year")),
        ("Next fiscal year's budget", 4, (date(2027, 4, 1), "Next fiscal year")),
        ("再来期に検討", 4, (date(2028, 4, 1), "再来期")),
        ("再来年度の予算", 4, (date(2028, 4, 1), "再来年度")),
        ("再来年4月に", 4, (date(2028, 4, 1), "再来年4月")),
        ("再来年の10月に", 4, (date(2028, 10, 1), "再来年の10月")),
        ("翌々年に", 4, (date(2028, 1, 1), "翌々年")),
        ("来年の4月に", 4, (date(2027, 4, 1), "来年の4月")),
        ("来年4〜6月で", 4, (date(2027, 4, 1), "来年4〜6月")),
        ("来年夏に", 4, (date(2027, 6, 1), "来年夏")),
        ("来年の秋口", 4, (date(2027, 9, 1), "来年の秋")),
        ("来年後半に", 4, (date(2027, 7, 1), "来年後半")),
        ("来年末まで動かない", 4, (date(2027, 12, 1), "来年末")),
        ("来年度の下期", 4, (date(2027, 10, 1), "来年度の下期")),
        ("来年度末に", 4, (date(2028, 3, 1), "来年度末")),
        ("来年度3月に", 4, (date(2028, 3, 1), "来年度3月")),
        ("来年度の春", 4, (date(2027, 4, 1), "来年度の春")),
        ("来年また。予算は来年6月", 4, (date(2027, 6, 1), "来年6月")),
        ("来年の13月", 4, (date(2027, 1, 1), "来年")),
        ("将来期待できるが今回は見送り", 4, None),
        ("他社に決まった", 4, None),
        ("", 4, None),
    ],
)
def test_what_a_text_puts_off_and_to_when(text: str, start: int, expected: tuple[date, str] | None):
    """Said on 2026-11-23; the fiscal year begins in the month named."""
    assert next_year_day(text, SAID, start) == expected
    # The quick look never passes over one, nor over what holds it.
    body = json.dumps({"values": {"facts": f"一行目。\n{text}"}}, ensure_ascii=False)
    assert expected is None or (may_put_off(text) and may_put_off(body))


def test_a_fiscal_year_that_begins_next_month_is_the_next_one():
    """In March 来期 is April, in April it is the April after."""
    assert next_year_day("来期", date(2026, 3, 31), 4) == (date(2026, 4, 1), "来期")
    assert next_year_day("来期", date(2026, 4, 1), 4) == (date(2027, 4, 1), "来期")


@pytest.mark.parametrize("text", ["他社に決まった", "価格が合わない。競合は2社。", "Next steps: none.", ""])
def test_most_texts_need_no_second_look(text: str):
    """None of the words is in them."""
    assert not may_put_off(text)
