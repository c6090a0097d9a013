"""The pages of mirage, fizzled, next and aftercare: their fixed JSON, what each says in words, and that they ask."""

import json
from datetime import date

import pytest

from nippo_cli.base.language import t
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.gaps import page as gap
from nippo_cli.render.gaps.signs import sign_words
from nippo_cli.results.deal_status import Sign

NOTHING_TO_SAY = ("mirage_none", "fizzled_none", "next_none", "aftercare_no_stages")


def drawn(found, fmt="table", **screen):
    """The answer as text."""
    return draw(found, fmt=fmt, screen=Screen(**screen))


def first(answer, name):
    """The first finding of a page, as JSON gives it."""
    return json.loads(drawn(answer(name), "json"))["findings"][0]


def test_a_mirage_in_json(answer, japanese):
    """First and standing promise, pushes and pulls, the slip; each move with what was learned; what the record makes of
    it: 30 November and 22.5 days (half a day counts as one) is 23 December, and 61 days is 30 January."""
    found = first(answer, "mirage")
    assert {key: found[key] for key in ("first_promise", "standing_promise", "pushes", "pulls", "slip_days")} == {
        "first_promise": "2026-09-01/2026-09-30", "standing_promise": "2026-11-30", "pushes": 2, "pulls": 1,
        "slip_days": 61,
    }  # fmt: skip
    assert found["limit"] == {"days": 41, "source": "won_kind", "n": 34, "lead_days": 205.5}
    assert found["moves"][0] == {
        "from": "2026-09-25", "to": "2026-10-30", "days": 35, "made_on": "2026-09-01", "entry": "19",
        "information": "date_only", "reason": None,
    }  # fmt: skip
    assert found["record"] == {
        "stage": "approval", "n": 34, "median_days": 22.5, "p80_days": 61, "from": "2026-12-23", "to": "2027-01-30",
    }  # fmt: skip
    assert found["entries"] == ["17", "19", "20", "21"]
    assert json.loads(drawn(answer("mirage"), "json"))["left_out"] == {"undated": 6, "incomplete": 3}


def test_a_mirage_tells_each_move_and_what_was_learned(answer, japanese):
    """A coarse date said more finely is named beside it; a pull is called one; a reason is labelled."""
    text = drawn(answer("mirage"))
    assert "9月＝9/25 → 10/30（日付だけ） → 10/15（前倒し、接触あり） → 11/30（接触あり、次の予算へ）" in text
    assert "実績なら 12/23〜2027/1/30" in text
    assert "実績から見た日（11/4まで）も過ぎました" in text
    assert "中央値 -3日・8割は +20日 以内（受注した案件の n=34）" in text


def test_a_fizzled_deal_in_json(answer, japanese):
    """The silence against the limit, the last words in full, what was to come next, how many came back."""
    found = first(answer, "fizzled")
    assert {key: found[key] for key in ("silence_days", "limit_days", "next_on", "closes")} == {
        "silence_days": 142, "limit_days": 60, "next_on": "2026-11-20", "closes": "2026-11-30",
    }  # fmt: skip
    assert found["last_words"].endswith("次は役員に話すとのこと。")
    assert found["came_back"] == {"days": 142, "n": 3, "of": 41}


def test_a_fizzled_deal_tells_its_last_words_and_who_came_back(answer, japanese):
    """The first sentence alone, in brackets of its own; no record is said to be none."""
    text = drawn(answer("fizzled"))
    assert "7/4 部長は「前向きに検討する」と言った。  次は 部長の稟議の進みを電話で確認（11/20）" in text
    assert "役員に話す" not in text
    assert "142日以上途絶えて戻ったのは 41件中3件" in text
    assert "接触の記録なし  同じだけ途絶えた案件はほかにない" in text


def test_a_deal_without_a_next_step_in_json(answer, japanese):
    """Overdue by so many days since when; or none, with the words that name no day."""
    late, none, _ = json.loads(drawn(answer("next"), "json"))["findings"]
    assert (late["why"], late["overdue_days"], late["next_on"]) == ("overdue", 4, "2026-11-19")
    assert (none["why"], none["overdue_days"], none["next_step"], none["next_on"]) == (
        "none", 0, "先方からの連絡待ち", None,
    )  # fmt: skip


def test_a_customer_who_hears_nothing_in_json(answer, japanese):
    """The silence against its norm; when it was sold; how many customers there are."""
    found = json.loads(drawn(answer("aftercare"), "json"))
    assert found["summary"]["customers"] == 31
    assert found["summary"]["unheard_customers"] == 14
    silent, never = found["findings"]
    assert {key: silent[key] for key in ("why", "silence_days", "norm_days", "won_on", "days_since_won")} == {
        "why": "silent", "silence_days": 239, "norm_days": 60, "won_on": "2025-10-17", "days_since_won": 402,
    }  # fmt: skip
    assert (never["why"], never["norm"]) == ("never_entered", {"source": "default", "n": 4})


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("mirage", ["後ろ倒し2回 +61日", "受注予定日を54日超過", "受注予定日を39日超過"]),
        ("fizzled", ["未接触142日/60日", "未接触142日/60日", "未接触400日/60日"]),
        ("next", ["次の一手 11/19を4日超過", "次の一手の予定なし", "次の一手の予定なし"]),
        ("aftercare", ["契約後の連絡なし 239日/60日", "契約後の連絡なし 111日/90日"]),
    ],
)
def test_each_finding_in_a_few_words(answer, japanese, name, signs):
    """As it stands among a deal's other signs."""
    page = answer(name)
    said = [sign_words(Sign(name, row.finding), row.head, page.schema) for row in page.rows]
    assert said == signs


@pytest.mark.parametrize("name", ["mirage", "fizzled", "next", "aftercare"])
def test_each_kind_asks(answer, japanese, name):
    """A question to a colleague, never a verdict on one."""
    assert t(gap.renderer_of(name).ask).endswith("か。")
    assert "か。" in drawn(answer(name))


@pytest.mark.parametrize("name", NOTHING_TO_SAY)
def test_nothing_found_asks_nothing(answer, japanese, name):
    """No table and no question."""
    assert "か。" not in drawn(answer(name))


@pytest.mark.parametrize("name", ["mirage", "fizzled", "next", "aftercare"])
def test_the_section_of_the_whole_page_is_shorter(answer, japanese, name):
    """Counts and rows, without the question and the norms."""
    page, screen = answer(name), Screen(columns=80, terminal=True)
    renderer = gap.renderer_of(name)
    assert 2 <= len(renderer.brief(page, screen)) < len(renderer.blocks(page, screen))


@pytest.mark.parametrize(("entered_on", "said"), [("2026-03-01", "239日以上/60日"), ("2026-06-01", "239日/60日")])
def test_the_silence_since_a_list_is_at_least_so_long_but_where_a_stage_was_entered_since(
    answer, japanese, entered_on, said
):
    """A list of 29 March hides when the last contact was."""
    page = answer("aftercare")
    head = page.rows[0].head._replace(last_contact=None, entered_on=date.fromisoformat(entered_on))
    hidden = page._replace(rows=[page.rows[0]._replace(about=head)])
    assert said in drawn(hidden)
    assert json.loads(drawn(hidden, "json"))["findings"][0]["silence_at_least"] is ("以上" in said)
    assert said in sign_words(Sign("aftercare", hidden.rows[0].finding), head, page.schema)


def test_where_a_list_came_after_the_last_contact_nothing_is_said_of_contacts_before_it(answer, japanese):
    """Of a deal that was never met, and of one that may have been."""
    page = answer("fizzled")
    never = page.rows[2]
    listed = never._replace(about=never.head._replace(heard_on=date(2026, 3, 29)))
    assert "接触の記録なし" in drawn(page._replace(rows=[never]))
    assert "一覧のあと、接触の記録なし" in drawn(page._replace(rows=[listed]))
    assert "一覧のあと" not in drawn(page._replace(rows=[never]))
