"""A case worth telling, from the entries to the page; the shelf; one's own words; won against the others."""

import re

import pytest
from shell import Shell

STEP = ("--next-step", "電話", "--next-on")
QUOTE = ("--activity", "訪問", "--stage", "見積", "--confidence", "B", "--amount", "300万")


@pytest.fixture
def lost(nippo: Shell) -> Shell:
    """A deal of 60 days: pushed once, a step five days late, lost to a rival, reviewed three weeks later."""
    add = ("add", "東洋 検査ライン")
    nippo.done(
        *add, "--new-deal", "--customer", "株式会社東洋精密", "--activity", "訪問", "--stage", "ヒアリング", "--on", "2026-07-01",
        "--people", "山田太郎（部長）", "-m", "山田部長に話を聞いた", "--impression", "好感触でした", *STEP, "2026-07-08",
    )  # fmt: skip
    nippo.done(
        *add, *QUOTE, "--closes", "2026-08-31", "--people", "佐々木（課長）", "-m", "佐々木課長に見積を渡した", *STEP, "2026-07-21",
        "--on", "2026-07-08",
    )  # fmt: skip
    nippo.done(
        *add, "--activity", "電話", "-m", "東洋さんは9月に延びるとのこと", "--closes", "2026-09-30", "--on", "2026-07-26",
        *STEP, "2026-08-28",
    )  # fmt: skip
    nippo.done(
        *add, "--activity", "電話", "--stage", "失注", "--lost-reason", "競合", "--competitor", "東海自動機", "--customer-words",
        "東海さんに決めた", "--own-view", "部長の好みだと思う", "-m", "東海自動機に決まったと山田部長から連絡", "--on", "2026-08-30",
    )  # fmt: skip
    nippo.done(
        "deal", "review", "東洋 検査ライン", "--cause", "決裁者に会えていなかった", "--known", "asked", "-m",
        "山田部長の上に決裁者がいた", "--on", "2026-09-20",
    )  # fmt: skip
    return nippo


def test_a_story_tells_the_line_and_names_the_first_sign(lost: Shell):
    """In Markdown without being asked: the end, the reason stated and the cause learned, the first sign in words."""
    page = lost.done("deal", "story", "東洋 検査ライン").out
    assert page.startswith("# 東洋 検査ライン")
    assert "**次の一手が初めて期日を過ぎたのは失注の38日前" in page
    assert "後ろ倒しが始まったのは失注の35日前" in page
    assert "- **言われた理由**: 競合" in page
    assert "**決裁者に会えていなかった**（顧客に聞いた・佐藤）  山田部長の上に決裁者がいた" in page
    assert "| 受注予定 | 2026/8/31 | 2026/9/30 → 後ろ倒し1回（計+30日） | 来ませんでした |" in page
    assert "期日どおり 2・遅れて 1・されないまま 0" in page


def test_facts_only_unless_impressions_are_asked_for(lost: Shell):
    """Neither the impression nor the own view stands in it; with `--impressions` both do."""
    plain = lost.done("deal", "story", "東洋 検査ライン").out
    assert "好感触" not in plain
    assert "好みだと思う" not in plain
    told = lost.done("deal", "story", "東洋 検査ライン", "--impressions").out
    assert "好感触" in told
    assert "好みだと思う" in told
    assert "好感触" not in lost.done("deal", "story", "東洋 検査ライン", "--json").out


@pytest.mark.parametrize("form", [(), ("--json",), ("--format", "table"), ("--impressions",), ("--lang", "en")])
def test_an_anonymous_story_names_nobody(lost: Shell, form):
    """Customer, deal, people, rep and rival are gone in every form of it, inside texts too; the reader is told what no
    program can know."""
    answer = lost.done("deal", "story", "東洋 検査ライン", "--anonymous", *form)
    for name in ("東洋", "山田", "佐々木", "佐藤", "東海"):
        assert name not in answer.out
    assert not re.search(r"#\d", answer.out), "an entry could be looked up"
    assert answer.err


def test_an_anonymous_story_is_consistent(lost: Shell):
    """The same letter for the same name."""
    page = lost.done("deal", "story", "東洋 検査ライン", "--anonymous").out
    assert page.startswith("# 案件A")
    assert "- **顧客**: A社" in page
    assert "先方A部長に話を聞いた" in page
    assert "競合Aに決まったと先方A部長から連絡" in page
    assert "先方A部長の上に決裁者がいた" in page
    assert "A社さんは9月に延びる" in page


def test_an_anonymous_story_knows_the_names_of_other_deals(lost: Shell):
    """Whoever stands in a field of any entry is known: another deal's rival and contact, a colleague, other customers by
    the beginning of their names. What a field says of nobody is no name."""
    lost.deal(
        "北川 搬送", "--customer", "北川製作所", "--competitor", "三峯システム、なし", "--people", "遠藤（部長）",
        "--companions", "技術・久保", "--on", "2026-06-01",
    )  # fmt: skip
    lost.done(
        "add", "東洋 検査ライン", "--activity", "電話", "--on", "2026-07-20", "-m",
        "技術・久保が同行。三峯システムも呼ばれた。遠藤部長と北川さんの紹介で、問題なし。",
    )  # fmt: skip
    page = lost.done("deal", "story", "東洋 検査ライン", "--anonymous").out
    for name in ("久保", "三峯", "遠藤", "北川"):
        assert name not in page
    assert "問題なし" in page


def test_an_open_deal_is_no_story(lost: Shell):
    """Its end is not known: a plain error, and the command that shows its line."""
    lost.deal("まだ続く", "--kind", "新規")
    answer = lost("deal", "story", "まだ続く")
    assert answer.code == 2
    assert "まだ進行中" in answer.err
    assert "deal show" in answer.err


def test_a_deal_that_was_reopened_and_won_is_told_with_its_old_fate(lost: Shell):
    """The loss stays on the line; the story ends with the order, and an up-sell is named as begun from it."""
    lost.done("add", "東洋 検査ライン", "--activity", "電話", "--stage", "社内決裁", "-m", "また話が来た", *STEP, "2026-10-10",
              "--closes", "2026-11", "--people", "山田太郎", "--on", "2026-10-01")  # fmt: skip
    lost.done("add", "東洋 検査ライン", "--activity", "電話", "--stage", "受注", "-m", "注文書が届いた", "--on", "2026-10-08",
              "--accepts", "2026-12")  # fmt: skip
    lost.done("add", "東洋 増設", "--new-deal", "--parent", "東洋 検査ライン", "--customer", "株式会社東洋精密", "--activity",
              "電話", "--stage", "ヒアリング", "-m", "増設の話", *STEP, "+7d")  # fmt: skip
    found = lost.done("deal", "story", "東洋 検査ライン", "--json").json
    assert (found["outcome"], found["ended_on"]) == ("won", "2026-10-08")
    assert [stay["stage"] for stay in found["stays"]].count("lost") == 1
    assert [child["name"] for child in found["children"]] == ["東洋 増設"]
    page = lost.done("deal", "story", "東洋 検査ライン").out
    assert "受注の" in page
    assert "言われた理由" not in page


def test_the_shelf(lost: Shell):
    """One case with its cause and where it was lost; found by a word of what was learned, not by another."""
    page = lost.done("lessons", "cases").out
    assert "事例 1件" in page
    assert "失注＠見積" in page
    assert "決裁者に会えていなかった（言われた理由は 競合）" in page
    assert lost.done("lessons", "cases", "決裁者が", "--json").json["cases"][0]["deal"]["name"] == "東洋 検査ライン"
    assert lost.done("lessons", "cases", "納期", "--json").json["cases"] == []
    assert "「納期」の出てくる事例は" in lost.done("lessons", "cases", "納期").out
    assert lost.done("lessons", "cases", "--deals", "--cause", "対応・回答の遅れ", "--json").json["total"] == 0
    assert lost("lessons", "lost", "納期").code == 2


def test_monday_tells_one_case(lost: Shell):
    """With the command that opens it; not where only some deals are asked about."""
    page = lost.done("gap").out
    assert "失敗に学ぶ（今週の1件）  nippo deal story 2" in page
    assert "失注＠見積" in page
    (shelved,) = lost.done("lessons", "cases", "--json").json["cases"]
    assert lost.done("gap", "--json").json["case"] == shelved
    assert shelved["competitor"] == "東海自動機"


def test_ones_own_words(lost: Shell):
    """Of three steps two were kept in time and one five days late; one entry is full of hope, and its deal was lost."""
    found = lost.done("lessons", "words", "--json").json
    assert found["author"] == "佐藤"
    assert found["next_steps"] == {
        "due": 3, "on_time": 2, "late": 1, "median_days_late": 5, "never": 0, "not_due": 0,
    }  # fmt: skip
    assert found["written"]["later"] == found["entries"] == 4
    assert found["hope"]["fates"] == {"won": 0, "lost": 1, "fizzled": 0, "open": 0}
    assert lost.done("lessons", "words", "--sign", "late", "--json").json["deals"][0]["signs"]["late"] == 1
    page = lost.done("lessons", "words").out
    assert "佐藤 さんの日報 4件" in page
    assert "遅れて        1回（1/3）  遅れの中央値 5日" in page


def test_nobody_elses_words_can_be_opened(lost: Shell, monkeypatch):
    """Whoever asks sees what they wrote, and there is no option for another; nor does it stand on the page of all
    lessons, where others may look on."""
    monkeypatch.setenv("NIPPO_AUTHOR", "大野")
    assert lost.done("lessons", "words", "--json").json["entries"] == 0
    for option in ("--owner", "--customer", "--stage", "--kind"):
        answer = lost("lessons", "words", option, "佐藤")
        assert answer.code == 2
        assert "ご自分" in answer.err
    for option in ("--by", "--author", "--user"):
        assert lost("lessons", "words", option, "佐藤").code == 2
    assert "words" not in lost.done("lessons", "--json").json["lessons"]
    assert lost.done("lessons").out.count("さんの日報") == 0


def test_won_against_the_others(lost: Shell):
    """Too little data is said so; the age is the one asked for, and one at which nothing happened is refused."""
    found = lost.done("lessons", "contrast", "--age", "30", "--json").json
    assert (found["age_days"], found["compared"]) == (30, {"won": 0, "lost": 1, "fizzled": 0})
    by_key = {one["figure"]: one for one in found["contrasts"]}
    assert by_key["second_contact_days"]["lost_and_fizzled"] == {"n": 1, "median": None}, "one deal has no median"
    assert {one["rank_biserial"] for one in found["contrasts"]} == {None}
    assert "まだデータが足りません" in lost.done("lessons", "contrast", "--age", "30日").out
    assert lost.done("lessons", "contrast", "--age", "60", "--json").json["contrasts"] == []
    assert lost("lessons", "contrast", "--age", "3").code == 2
    assert lost("lessons", "fates", "--age", "30").code == 2
    behind = lost.done("lessons", "contrast", "--age", "30", "--deals", "--json").json["deals"]
    figures = behind[0]["figures"]
    assert (figures["second_contact_days"], figures["people"], figures["pushes"]) == (7, 2, 1)


def test_a_deal_that_fizzled_out_is_told_in_good_words(nippo: Shell):
    """Its end is none that comes on a day, and no money came of it."""
    nippo.deal("静か", "--on", "2026-06-01", "--amount", "200万")
    page = nippo.done("deal", "story", "静か").out
    assert "立ち消え懸念になるの" not in page
    assert re.search(r"目安日数を初めて超えたのは立ち消え懸念になる\d+日前", page)
    assert "| 金額 | 2,000,000円 | 2,000,000円 | 受注なし |" in page


def test_a_date_that_only_came_forward_was_pushed_no_times(nippo: Shell):
    """The story names the pull."""
    nippo.deal("早まる", "--on", "2026-06-01", "--closes", "2026-12-25")
    nippo.done("add", "早まる", "--activity", "電話", "-m", "早まった", "--closes", "2026-10-30", "--on", "2026-06-10")
    nippo.done(
        "add",
        "早まる",
        "--activity",
        "電話",
        "--stage",
        "失注",
        "--lost-reason",
        "価格",
        "-m",
        "断られた",
        "--on",
        "2026-09-01",
    )
    page = nippo.done("deal", "story", "早まる").out
    assert "| 受注予定 | 2026/12/25 | 2026/10/30 → 前倒し1回（計-56日） | 来ませんでした |" in page
