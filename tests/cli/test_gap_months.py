"""From `nippo add` to the pages about months."""

import pytest


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """The evening of a day."""
    monkeypatch.setenv("NIPPO_NOW", f"{day}T18:00:00+09:00")


@pytest.fixture
def autumn(nippo, monkeypatch):
    """Two deals promised for September on 20 August; one was won in it, one is still quoted in November."""
    on(monkeypatch, "2026-08-20")
    quoted = ("--stage", "見積", "--closes", "2026-09-30")
    nippo.deal("検査装置", *quoted, "--amount", "300万", "--confidence", "A")
    nippo.deal("洗浄機", *quoted, "--amount", "100万", "--confidence", "B")
    on(monkeypatch, "2026-09-15")
    nippo.done("add", "検査装置", "--activity", "電話", "--stage", "受注", "-m", "注文書を受け取った")
    on(monkeypatch, "2026-10-01")
    # Too late to be promised for October, whatever its date.
    nippo.deal("搬送機", "--closes", "2026-10-30", "--amount", "50万", "--on", "2026-09-30")
    nippo.done("target", "set", "佐藤", "2026-09", "500万")
    on(monkeypatch, "2026-11-23")
    return nippo


def test_a_month_is_held_against_what_was_promised_for_it(autumn):
    """Two promised for September, one won; nothing promised for October."""
    found = autumn.done("gap", "promises", "--since", "90d", "--json").json
    september, october = found["months"]
    assert (september["promised"]["n"], september["promised"]["amount"]) == (2, 4_000_000)
    assert (september["hit_rate"], september["money_rate"]) == (0.5, 0.75)
    assert september["became"]["won"]["deals"] != []
    assert (october["month"], october["promised"]["n"]) == ("2026-10", 0)
    (missed,) = found["findings"]
    assert (missed["deal"]["name"], missed["months"], missed["began_on"], missed["new"]) == (
        "洗浄機", ["2026-09"], "2026-10-01", True,
    )  # fmt: skip
    assert len(missed["entries"]) == 1
    assert [(t["owner"], t["target"], t["ordered"], t["difference"]) for t in found["targets"]] == [
        (None, 5_000_000, 3_000_000, -2_000_000), ("佐藤", 5_000_000, 3_000_000, -2_000_000),
    ]  # fmt: skip


def test_the_page_says_so(autumn):
    """In Japanese, with the deal that was promised in vain and a question."""
    page = autumn.done("gap", "promises").out
    assert "見込と実績" in page
    assert "2件 4,000,000円" in page
    assert "洗浄機" in page
    assert "何を根拠に" in page


def test_only_what_was_so_on_a_past_day(autumn):
    """On 10 October both deals were as they are today; on 14 September none was won yet, and the month was not over."""
    then = autumn.done("gap", "promises", "--since", "2026-09-01", "--as-of", "2026-10-10", "--json").json
    assert then["months"][0]["hit_rate"] == 0.5
    earlier = autumn.done("gap", "promises", "--since", "2026-08-01", "--as-of", "2026-09-14", "--json").json
    assert [month["month"] for month in earlier["months"]] == ["2026-08"]


def test_a_window_without_a_full_month_says_so(autumn):
    """Ten days hold none; nothing is found, and nothing fails."""
    page = autumn.done("gap", "promises", "--since", "10d", "--exit-code")
    assert "丸1か月が1つもありません" in page.out


def test_the_exit_code_tells_of_findings_alone(autumn):
    """A deal promised in vain is one; what activity shows is none."""
    assert autumn("gap", "promises", "--exit-code").code == 10
    assert autumn("gap", "activity", "--exit-code").code == 0


def test_a_stage_is_looked_at_closely_and_leaves_no_deal_out(autumn):
    """`--stage` says which stage the second drawing is about; the cohort keeps the deal that has moved on."""
    found = autumn.done("gap", "activity", "--stage", "見積", "--json").json
    triangle = found["triangle"]
    assert triangle["stage"] == "quote"
    assert [(c["month"], c["deals"]) for c in triangle["cohorts"]] == [("2026-08", 2), ("2026-09", 1), ("2026-10", 0)]
    assert [cell["deals"] for cell in triangle["cohorts"][0]["by_age"]] == [2, 2, 2]
    assert triangle["cohorts"][0]["reached"]["won"]["deals"] == 1
    assert {test["state"] for test in found["tests"]} == {"short"}


def test_only_the_deals_asked_about_are_counted(autumn):
    """Of a customer that there is, all; of an owner that there is not, an error."""
    assert autumn.done("gap", "activity", "--customer", "青葉製作所", "--json").json["triangle"]["cohorts"] != []
    assert autumn("gap", "activity", "--owner", "誰か").code == 4


def test_an_empty_diary_says_what_is_missing(nippo, monkeypatch):
    """No deal at all: both pages say when they will be of use."""
    on(monkeypatch, "2026-11-23")
    nippo.done("init")
    assert "答え合わせ" in nippo.done("gap", "promises").out
    assert "月が替わると" in nippo.done("gap", "activity").out
