"""掘り起こし: who is to be called again, on the page of the gap and on the morning of the day."""

from typing import Any

import pytest
from shell import NOW, Shell

from nippo_cli.schema.templates import text_of

CALL = ("--activity", "電話", "-m")
LOST = ("--stage", "失注", "--lost-reason", "価格")
REVIEW = ("--cause", "課題の確認不足", "--known", "asked", "-m", "予算は来期に組むとのこと")


@pytest.fixture
def clock(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the day on which the next commands are run."""

    def to(day: str = "") -> None:
        monkeypatch.setenv("NIPPO_NOW", f"{day}T18:00:00+09:00" if day else NOW)

    return to


def calls(nippo: Shell, *argv: str) -> list[tuple[str, str | None, str, str]]:
    """The findings: whose, the deal's name, why, since when."""
    rows = nippo.done("gap", "revisit", *argv, "--json").json["findings"]
    return [(r["customer"], r["deal"]["name"] if r["deal"] else None, r["why"], r["began_on"]) for r in rows]


def morning(nippo: Shell, *argv: str) -> list[tuple[str, str, int]]:
    """Whom the morning page says to call: the customer, why, the days until then."""
    return [(r["customer"], r["why"], r["days"]) for r in nippo.done(*argv, "--json").json["revisits"]]


@pytest.fixture
def reviewed(nippo: Shell, clock: Any) -> Shell:
    """A deal of 青葉 lost in May and reviewed: to be called again on 11/20, which was a Friday."""
    clock("2026-04-01")
    nippo.deal("洗浄機", "--customer", "青葉", "--amount", "350万")
    clock("2026-05-01")
    nippo.done("add", "洗浄機", *CALL, "高いとのこと", *LOST)
    nippo.done("deal", "review", "洗浄機", *REVIEW, "--revisit", "2026-11-20")
    clock()
    return nippo


def test_a_reviewed_loss_comes_up_on_its_day_and_stays_a_week_on_the_morning_page(reviewed: Shell):
    """The day before there is nothing; on the Monday after it is 3 days late; after a week the gap's page has it alone."""
    assert calls(reviewed) == [("青葉", "洗浄機", "agreed", "2026-11-20")]
    assert morning(reviewed, "--as-of", "2026-11-19") == []
    assert morning(reviewed, "--as-of", "2026-11-20") == [("青葉", "agreed", 0)]
    assert morning(reviewed) == [("青葉", "agreed", -3)]
    assert morning(reviewed, "--as-of", "2026-11-27") == []
    assert calls(reviewed, "--as-of", "2026-11-27") == [("青葉", "洗浄機", "agreed", "2026-11-20")]
    assert calls(reviewed, "--as-of", "2026-11-19") == []
    assert "予算は来期に組むとのこと" in reviewed.done().out
    assert "11/20" in reviewed.done("deal", "show", "洗浄機").out


@pytest.mark.parametrize(("met_on", "settled"), [("2026-11-12", False), ("2026-11-13", True), ("2026-11-21", True)])
def test_whoever_was_called_within_the_week_before_or_since_is_not_asked_for(
    reviewed: Shell, clock: Any, met_on: str, settled: bool
):
    """A call outside of the deal, by another spelling of the customer; a week before 11/20 is 11/13."""
    clock(met_on)
    reviewed.done("add", "--customer", "株式会社青葉", *CALL, "近況を聞いた")
    clock()
    assert (calls(reviewed) == []) is settled
    assert (morning(reviewed) == []) is settled


def test_the_day_can_be_moved_without_another_review_and_undo_brings_it_back(reviewed: Shell):
    """The review's text and cause stay; the later day stands."""
    reviewed.done("deal", "review", "洗浄機", "--revisit", "2027-01-15")
    assert calls(reviewed) == []
    page = reviewed.done("deal", "show", "洗浄機", "--json").json
    assert page["revisit"]["on"] == "2027-01-15"
    assert [review["text"] for review in page["reviews"]] == ["予算は来期に組むとのこと"]
    ahead = reviewed.done("gap", "revisit", "--json").json["ahead"]
    assert [(one["on"], one["customer"], one["why"]) for one in ahead] == [("2027-01-15", "青葉", "agreed")]
    reviewed.done("undo")
    assert calls(reviewed) == [("青葉", "洗浄機", "agreed", "2026-11-20")]


def test_who_comes_up_within_a_year_stands_below_the_soonest_first(nippo: Shell, clock: Any):
    """On Monday 11/23: a hold that ends on 11/30, a loss that said `年明け` (1 January), and a day agreed on, 365 days away. The day after
    that is not shown yet; nobody is due. On the day a call is due, it has left the list."""
    nippo.deal("洗浄機", "--customer", "青葉")
    nippo.done("deal", "hold", "洗浄機", "--until", "2026-11-30", "--why", "組織変更待ち")
    nippo.deal("乾燥炉", "--customer", "山吹化成", "--amount", "350万")
    nippo.done("add", "乾燥炉", *CALL, "年明けに改めて", *LOST)
    for customer, day in (("みどり精機", "2027-11-23"), ("赤松工業", "2027-11-24")):
        nippo.done("add", "--customer", customer, *CALL, "春の話")
        nippo.done("customer", "revisit", customer, "--on", day, "-m", "役員会のあと")
    ahead = nippo.done("gap", "revisit", "--json").json["ahead"]
    assert [(one["on"], one["name"], one["customer"], one["why"], one["text"]) for one in ahead] == [
        ("2026-12-01", "洗浄機", "青葉", "held", "組織変更待ち"),
        ("2027-01-01", "乾燥炉", "山吹化成", "promised", "年明け"),
        ("2027-11-23", None, "みどり精機", "agreed", "役員会のあと"),
    ]
    assert calls(nippo) == []
    page = nippo.done("gap", "revisit").out
    assert (
        page.index("連絡し直す相手はいません") < page.index("これから1年") < page.index("洗浄機") < page.index("乾燥炉")
    )
    short = nippo.done("gap", "revisit", "--limit", "1").out
    assert ("洗浄機" in short, "乾燥炉" in short, "ほか 2件" in short) == (True, False, True)
    clock("2026-12-01")
    assert calls(nippo) == [("青葉", "洗浄機", "held", "2026-12-01")]
    assert [one["name"] for one in nippo.done("gap", "revisit", "--json").json["ahead"]] == ["乾燥炉", None, None]


def test_a_deal_nobody_reviewed_says_how(nippo: Shell):
    """The day is part of a review: without one there is none to be said."""
    nippo.deal("洗浄機")
    nippo.done("add", "洗浄機", *CALL, "高い", *LOST)
    answer = nippo("deal", "review", "洗浄機", "--revisit", "2027-01-15")
    assert answer.code == 2
    assert "deal review 2 --cause" in answer.err


def test_a_customer_is_called_again_without_a_deal(nippo: Shell, clock: Any):
    """Said in October, moved in November, dropped; and known so by --as-of."""
    clock("2026-10-01")
    nippo.done("add", "--customer", "みどり精機", *CALL, "次は11月に")
    nippo.done("customer", "revisit", "みどり精機", "--on", "2026-11-16", "-m", "役員会のあと")
    clock("2026-11-17")
    assert calls(nippo) == [("みどり精機", None, "agreed", "2026-11-16")]
    assert morning(nippo) == [("みどり精機", "agreed", -1)]
    nippo.done("customer", "revisit", "みどり精機", "--on", "2026-11-20")
    clock()
    assert calls(nippo) == [("みどり精機", None, "agreed", "2026-11-20")]
    assert calls(nippo, "--as-of", "2026-11-16") == [("みどり精機", None, "agreed", "2026-11-16")]
    page = nippo.done("customer", "みどり精機", "--json").json
    assert page["revisit"]["on"] == "2026-11-20"
    nippo.done("customer", "revisit", "みどり精機", "--drop")
    assert calls(nippo) == []
    assert nippo("customer", "revisit", "みどり精機", "--drop").code == 4
    nippo.done("undo")
    assert calls(nippo) == [("みどり精機", None, "agreed", "2026-11-20")]
    # Whoever owns it, and in which stage it is, nobody says of a customer.
    nippo.deal("別件", "--customer", "別の会社")
    assert calls(nippo, "--owner", "佐藤") == []
    assert calls(nippo, "--customer", "別の会社") == []
    assert calls(nippo, "--customer", "みどり精機") == [("みどり精機", None, "agreed", "2026-11-20")]


def test_a_merged_customer_keeps_the_day_said_last(nippo: Shell, clock: Any):
    """Two names of one company, each with a day."""
    clock("2026-10-01")
    for name, on in (("青葉", "2026-11-01"), ("アオバ", "2026-11-10")):
        nippo.done("add", "--customer", name, *CALL, "話した")
        nippo.done("customer", "revisit", name, "--on", on)
    nippo.done("customer", "merge", "青葉", "アオバ")
    clock()
    assert calls(nippo) == [("アオバ", None, "agreed", "2026-11-10")]
    assert nippo.done("doctor").code == 0


@pytest.mark.parametrize(
    ("argv", "code"),
    [(("--on", "2026-11-01"), 2), ((), 2), (("--on", "2027-01-01", "--drop"), 2), (("--on", "いつか"), 2)],
)
def test_a_day_that_is_past_or_missing_is_refused(nippo: Shell, argv: tuple[str, ...], code: int):
    """Said is what was typed and what is allowed."""
    nippo.done("add", "--customer", "青葉", *CALL, "話した")
    assert nippo("customer", "revisit", "青葉", *argv).code == code


def test_a_hold_that_ended_is_asked_about_until_somebody_called(nippo: Shell, clock: Any):
    """Held until 11/10, today is 11/23."""
    clock("2026-09-01")
    nippo.deal("切断機", "--customer", "若葉")
    nippo.done("deal", "hold", "切断機", "--until", "2026-11-10", "--why", "工場の移転")
    clock()
    assert calls(nippo) == [("若葉", "切断機", "held", "2026-11-11")]
    assert calls(nippo, "--as-of", "2026-11-10") == []
    nippo.done("add", "切断機", *CALL, "移転が済んだ")
    assert [call for call in calls(nippo) if call[2] == "held"] == []


def test_who_was_promised_a_call_next_year_comes_up_in_that_year(nippo: Shell, clock: Any):
    """Lost in 2025: one with a dated next step, one by the words of its last entry (来年度: from April), one with neither."""
    for name, customer, facts, more in (
        ("塗装", "朝日", "今年は見送り", ("--next-step", "予算を聞く", "--next-on", "2026-06-01")),
        ("検査", "夕日", "予算がない。来年度にもう一度と言われた", ()),
        ("溶接", "白鳥", "他社に決まった", ()),
    ):
        clock("2025-09-01")
        nippo.deal(name, "--customer", customer)
        clock("2025-12-01")
        nippo.done("add", name, *CALL, facts, *LOST, *more)
    clock()
    assert calls(nippo) == [
        ("夕日", "検査", "promised", "2026-04-01" if "fiscal_year_start: 4" in text_of("default") else "2026-01-01"),
        ("朝日", "塗装", "promised", "2026-06-01"),
    ][::-1]  # fmt: skip


def test_what_was_sold_is_to_be_replaced_when_its_lifetime_ends(nippo: Shell, clock: Any):
    """Accepted on 2019-11-20 with a life of seven years; a kind of its own: two. Nobody has called since."""
    nippo.journal.mkdir()
    text = text_of("default").replace("\nkinds:\n", "\nlifetime: 7y\nkinds:\n", 1)
    text = text.replace("  - key: parts\n", "  - key: parts\n    lifetime: 24か月\n", 1)
    nippo.schema.write_text(text, encoding="utf-8")
    for name, kind, on, accepts in (
        ("旧型機", "", "2019-09-01", "2019-11-20"), ("部品", "parts", "2024-09-01", "2024-11-22"),
        ("新型機", "", "2022-09-01", "2022-11-20"),
    ):  # fmt: skip
        clock(on)
        nippo.deal(name, "--customer", f"{name}の客", *(("--kind", kind) if kind else ()))
        won = ("--stage", "受注", "--amount", "100万", "--accepts", accepts)
        nippo.done("add", name, *CALL, "決まった", *won)
    clock()
    assert calls(nippo) == [
        ("部品の客", "部品", "replace", "2026-11-22"), ("旧型機の客", "旧型機", "replace", "2026-11-20"),
    ]  # fmt: skip
    assert morning(nippo) == [("部品の客", "replace", -1), ("旧型機の客", "replace", -3)]


def test_a_call_that_was_made_hides_no_later_one(nippo: Shell, clock: Any):
    """To be called on 11/10, and was; the next step of its last entry, on 11/20, nobody has taken."""
    clock("2026-04-01")
    nippo.deal("洗浄機", "--customer", "青葉", "--amount", "350万")
    clock("2026-05-01")
    nippo.done("add", "洗浄機", *CALL, "見送り", *LOST, "--next-step", "予算を聞く", "--next-on", "2026-11-20")
    nippo.done("deal", "review", "洗浄機", *REVIEW, "--revisit", "2026-11-10")
    clock("2026-11-10")
    nippo.done("add", "--customer", "青葉", *CALL, "来週また")
    clock()
    assert calls(nippo) == [("青葉", "洗浄機", "promised", "2026-11-20")]
    assert morning(nippo) == [("青葉", "promised", -3)]
    assert "called" not in nippo.done("gap", "revisit", "--json").json["left_out"]


def test_a_deal_stands_once_under_the_first_of_its_reasons(nippo: Shell, clock: Any):
    """Met again on 11/5, which is more than a week before both of the days on which it was to be called: 350万 once."""
    clock("2026-04-01")
    nippo.deal("洗浄機", "--customer", "青葉", "--amount", "350万")
    clock("2026-05-01")
    nippo.done("add", "洗浄機", *CALL, "見送り", *LOST, "--next-step", "予算を聞く", "--next-on", "2026-11-20")
    nippo.done("deal", "review", "洗浄機", *REVIEW, "--revisit", "2026-11-19")
    clock("2026-11-05")
    nippo.done(
        "add", "洗浄機", *CALL, "11月後半に電話をと言われた", "--next-step", "予算を聞く", "--next-on", "2026-11-20"
    )
    clock()
    assert calls(nippo) == [("青葉", "洗浄機", "agreed", "2026-11-19")]
    assert morning(nippo) == [("青葉", "agreed", -4)]
    summary = nippo.done("gap", "revisit", "--json").json["summary"]
    assert (summary["found"], summary["found_amount"]) == (1, 3_500_000)


def test_an_old_quote_that_came_alive_is_told(nippo: Shell, clock: Any):
    """Lost in March and met in November; lost and open again; silent for 200 days and met. One without an amount is no quote."""
    clock("2026-03-01")
    for name in ("失注後", "再開", "沈黙", "金額なし"):
        nippo.deal(name, "--customer", f"{name}の客", *(() if name == "金額なし" else ("--amount", "200万")))
    clock("2026-04-01")
    for name in ("失注後", "再開", "金額なし"):
        nippo.done("add", name, *CALL, "見送り", *LOST)
    clock("2026-11-02")
    nippo.done("add", "失注後", *CALL, "予算がついたと電話")
    nippo.done("add", "金額なし", *CALL, "電話があった")
    nippo.done(
        "add", "再開", *CALL, "もう一度検討", "--stage", "ヒアリング", "--next-step", "訪問", "--next-on", "2026-12-01"
    )
    nippo.done("add", "沈黙", *CALL, "久しぶりに電話", "--next-step", "訪問", "--next-on", "2026-12-01")
    clock()
    assert sorted(calls(nippo)) == [
        ("再開の客", "再開", "alive", "2026-11-02"), ("失注後の客", "失注後", "alive", "2026-11-02"),
        ("沈黙の客", "沈黙", "alive", "2026-11-02"),
    ]  # fmt: skip


def test_the_whole_page_has_a_section_of_it(reviewed: Shell):
    """Monday's page: by its title."""
    assert "掘り起こし" in reviewed.done("gap").out
    assert "洗浄機" in reviewed.done("gap", "revisit", "--format", "csv").out


def test_a_hold_that_ended_stands_on_the_morning_page_for_a_week(nippo: Shell, clock: Any):
    """On hold until 11/15, a Sunday: from 11/16 on for seven days, unless anybody was in touch."""
    clock("2026-11-01")
    nippo.deal("凍結分", "--customer", "青葉", "--amount", "350万")
    nippo.done("deal", "hold", "凍結分", "--until", "2026-11-15", "--why", "予算凍結")
    clock()
    assert morning(nippo, "--as-of", "2026-11-15") == []
    assert morning(nippo, "--as-of", "2026-11-16") == [("青葉", "held", 0)]
    assert morning(nippo, "--as-of", "2026-11-22") == [("青葉", "held", -6)]
    assert morning(nippo, "--as-of", "2026-11-23") == []
    clock("2026-11-17")
    assert "予算凍結" in nippo.done().out
    nippo.done("add", "凍結分", *CALL, "再開するとのこと")
    assert morning(nippo) == []


def test_a_quote_that_came_alive_is_no_call_to_make(reviewed: Shell, clock: Any):
    """Of a lost deal that was met again alone nothing is asked; beside one call it is counted apart."""
    reviewed.done("add", "洗浄機", *CALL, "近況を聞いた")
    alone = reviewed.done("gap", "revisit").out
    assert "動き出した1件 3,500,000円" in alone
    assert "連絡し直す相手はいません" in alone
    assert "連絡する1件" not in alone
    assert "いま連絡したら" not in alone + reviewed.done("gap").out
    reviewed.done("customer", "revisit", "青葉", "--on", "2026-12-20")
    clock("2026-12-20")
    reviewed.deal("別件", "--customer", "白根")
    reviewed.done("customer", "revisit", "白根", "--on", "2026-12-20")
    both = reviewed.done("gap", "revisit").out
    assert "動き出した1件 3,500,000円" in both
    assert "いま連絡したら" in both


def test_a_script_names_a_customer_by_a_part_that_only_one_has(nippo: Shell):
    """Else it is refused with those that have it. To rename one it says the whole name."""
    for name in ("青葉製作所", "青葉工業", "みどり精機"):
        nippo.deal(f"{name}の件", "--customer", name)
    assert "みどり精機" in nippo.done("customer", "revisit", "みどり", "--on", "2027-04").out
    nippo.done("customer", "revisit", "みどり", "--drop")
    refused = nippo("customer", "revisit", "青葉", "--on", "2027-04")
    assert refused.code == 4
    assert all(name in refused.err for name in ("青葉製作所", "青葉工業"))
    assert nippo("customer", "rename", "みどり", "翠精機").code == 4
