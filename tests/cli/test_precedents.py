"""What became of deals like one: beside the deal, behind an entry, and side by side."""

import pytest
from shell import Shell

QUOTE = ("--activity", "電話", "--stage", "見積", "--closes", "2026-12", "--confidence", "B", "--next-step", "電話",
         "--next-on", "2026-11-30")  # fmt: skip


CALL = ("--activity", "電話", "-m", "話した")


def began(nippo: Shell, name: str, on: str, quoted: str, amount: str = "100万") -> str:
    """A deal that was quoted some days after its first contact: its number."""
    nippo.deal(name, "--kind", "新規", "--on", on)
    answer = nippo.done("add", name, *QUOTE, "--amount", amount, "-m", "見積を出した", "--on", quoted, "--json").json
    if on < "2026-11":
        nippo.done("add", name, *CALL, "--on", "2026-03-14")
    return str(answer["deal"]["id"])


def ended(nippo: Shell, name: str, on: str, won: bool = False) -> None:
    """The end of a deal."""
    how = ("--stage", "受注", "--accepts", "2026-12-20") if won else ("--stage", "失注", "--lost-reason", "価格")
    nippo.done("add", name, "--activity", "電話", *how, "-m", "決まった", "--on", on)


def write(nippo: Shell) -> None:
    """Four deals that were quoted after 10 days; one of them at five times the price; two lost, two won. And a live one,
    20 days old, quoted 10 days ago."""
    for name, amount, won in (
        ("甲", "120万", False),
        ("乙", "80万", True),
        ("丙", "90万", False),
        ("高い", "500万", True),
    ):
        began(nippo, name, "2026-03-01", "2026-03-11", amount)
        ended(nippo, name, "2026-05-01", won)
    # Won before it was 20 days old.
    began(nippo, "早い", "2026-03-01", "2026-03-11")
    ended(nippo, "早い", "2026-03-15", won=True)
    began(nippo, "丁", "2026-11-03", "2026-11-13")


@pytest.fixture
def history(once) -> Shell:
    """丁, and five deals that ended."""
    return once(write)


def test_deal_show_tells_what_became_of_deals_like_it(history: Shell):
    """Of three like it at 20 days, two were lost and one won; the dear one and the quick one are none of them."""
    found = history.done("deal", "show", "丁", "--json").json["precedents"]
    assert (found["age_days"], found["stage"], found["n"], found["looked_at"]) == (20, "quote", 3, 5)
    assert found["fates"] == {"won": 1, "lost": 2, "fizzled": 0}
    assert [near["name"] for near in found["nearest"]] == ["丙", "甲", "乙"]
    page = history.done("deal", "show", "丁").out
    assert "3件のうち 受注 1・失注 2" in page
    assert f"#{found['nearest'][0]['id']} 丙（青葉製作所） 失注" in page


def test_a_closed_deal_has_none_beside_it_and_its_own_when_asked(history: Shell):
    """Whoever is finished is not told of others; asked for, it is taken as it stood the day before its end."""
    assert history.done("deal", "show", "甲", "--json").json["precedents"] is None
    asked = history.done("deal", "precedents", "甲", "--json").json
    assert asked["age_days"] == 60
    # All ended at 61 days; the dear one is not like it.
    assert asked["fates"] == {"won": 1, "lost": 1, "fizzled": 0}


def test_side_by_side(history: Shell):
    """The deal's own line first, then the three, each from its own first day."""
    page = history.done("deal", "precedents", "丁").out
    places = [page.index(f" {name}・") for name in ("丁", "丙", "甲", "乙")]
    assert places == sorted(places)
    assert "初めての接触から20日の時点で、見積にいて" in page
    assert [one["outcome"] for one in history.done("deal", "precedents", "丁", "--json").json["deals"]] == [
        "lost",
        "lost",
        "won",
    ]


def test_every_one_that_is_counted_opens(history: Shell):
    """The fourth is not drawn: it stands below by its number."""
    number = began(history, "戊", "2026-03-01", "2026-03-11", "190万")
    ended(history, "戊", "2026-05-01")
    page = history.done("deal", "precedents", "丁").out
    assert f"ほかに #{number} 失注" in page
    assert history.done("deal", "show", number).out.startswith("戊")


def test_where_there_is_none_it_says_so(nippo: Shell):
    """The first deal of a diary."""
    began(nippo, "一番", "2026-11-03", "2026-11-13")
    assert nippo.done("deal", "show", "一番", "--json").json["precedents"] is None
    assert "まだありません" in nippo.done("deal", "precedents", "一番").out
    assert nippo.done("deal", "precedents", "一番", "--json").json["n"] == 0


def test_an_entry_is_answered_with_them_where_nothing_is_more_urgent(history: Shell):
    """One line behind a calm entry; none where the date was just pushed."""
    calm = (*CALL, "--next-step", "電話", "--next-on", "+7d")
    assert "同じ頃に似ていた" in history.done("add", "丁", *calm).out
    pushed = history.done("add", "丁", *calm, "--closes", "2027-03")
    assert "同じ頃に似ていた" not in pushed.out


def test_on_a_past_day_they_are_those_of_that_day(history: Shell):
    """What is printed today is printed again later, whatever was written since."""
    before = history.done("deal", "show", "丁", "--as-of", "2026-11-23", "--json").out
    history.done("deal", "review", "甲", "--cause", "late", "-m", "遅れた", "--known", "asked")
    assert history.done("deal", "show", "丁", "--as-of", "2026-11-23", "--json").out == before


def test_a_reopened_deal_is_no_precedent_until_it_ends_again(history: Shell):
    """Its old fate stays in its line; what counts is how it ends."""
    history.done("add", "甲", *QUOTE, "--amount", "120万", "-m", "また話が来た", "--on", "2026-11-20")
    found = history.done("deal", "show", "丁", "--json").json["precedents"]
    assert found["fates"] == {"won": 1, "lost": 1, "fizzled": 0}


def test_a_deal_without_an_amount_is_not_said_to_be_alike_in_amount(history: Shell):
    """The page says that amounts were not compared; of one that states an amount, within which bounds they were."""
    assert "金額が2分の1から2倍まで" in history.done("deal", "precedents", "丁").out
    history.deal("戊", "--kind", "新規", "--on", "2026-11-20")
    for name in ("己", "庚"):
        history.deal(name, "--kind", "新規", "--on", "2026-05-01")
        ended(history, name, "2026-06-01")
    page = history.done("deal", "precedents", "戊").out
    assert "金額は比べていません" in page
    assert "2倍" not in page


def test_a_live_deal_like_none_is_not_looked_at_as_if_it_had_ended(history: Shell):
    """It is older than any other became; on the day of its quote it was like three. Only a deal that ended is taken as it
    stood before."""
    history.deal("戊", "--kind", "新規", "--on", "2026-09-20")
    history.done("add", "戊", *QUOTE, "--amount", "100万", "-m", "見積を出した", "--on", "2026-09-30")
    assert history.done("deal", "show", "戊", "--json").json["precedents"] is None
    found = history.done("deal", "precedents", "戊", "--json").json
    assert (found["n"], found["nearest"]) == (0, [])
    assert "終わった案件はまだありません" in history.done("deal", "precedents", "戊").out
