"""From the reports of a week to what they teach: reviews, and the pages of lessons."""

import pytest
from shell import Shell

LOST = ("--activity", "電話", "--stage", "失注", "-m", "断られた")
QUOTED = (
    "--activity", "見積提出", "--stage", "見積", "--amount", "500万", "--closes", "2026-12", "--confidence", "B",
    "--next-step", "返事", "--next-on", "+7d",
)  # fmt: skip
WON = (
    "--activity",
    "訪問",
    "--people",
    "山田",
    "--stage",
    "受注",
    "--amount",
    "300万",
    "--kind",
    "更新",
    "-m",
    "注文書をもらった",
)


@pytest.fixture
def ended(nippo: Shell) -> Shell:
    """One deal lost over the price after a quote, one won, one open; all by 佐藤 at 青葉製作所."""
    nippo.deal("切断", "--on", "2026-09-01")
    nippo.done("add", "切断", "--on", "2026-09-15", *QUOTED, "-m", "見積を出した")
    nippo.done("add", "切断", "--on", "2026-11-01", *LOST, "--lost-reason", "価格", "--competitor", "北関東工機")
    nippo.deal("検査", "--on", "2026-10-01")
    nippo.done("add", "検査", "--on", "2026-10-31", *WON)
    nippo.deal("塗装", "--on", "2026-11-20")
    return nippo


def review(nippo: Shell, deal: str = "切断", *more: str, cause: str = "価格と予算の開き", known: str = "asked"):
    """A review of a deal."""
    return nippo("deal", "review", deal, "--cause", cause, "-m", "予算の倍だった", "--known", known, *more)


def test_a_lost_deal_is_a_lesson_with_its_reason_stage_and_money(ended):
    """Reported by `nippo add` alone: nobody fills in a form for it."""
    found = ended.done("lessons", "lost", "--json").json
    assert found["lost"]["n"] == 1
    assert (found["lost"]["amount"], found["lost"]["reviewed"]) == (5_000_000, 0)
    assert [(g["reason"], g["stage"], g["n"]) for g in found["reasons_by_stage"]] == [("price", "quote", 1)]
    assert [(g["competitor"], g["n"]) for g in found["competitors"]] == [("北関東工機", 1)]
    (owner,) = found["owners"]
    assert (owner["owner"], owner["lost_rate"]["hits"], owner["lost_rate"]["n"]) == ("佐藤", 1, 2)
    assert owner["lost_rate"]["rate"] is None, "two deals are too few for a rate"
    (deal,) = ended.done("lessons", "lost", "--deals", "--json").json["deals"]
    assert (deal["name"], deal["lead_days"], deal["contacts"], deal["lost_in"]) == ("切断", 61, 3, "quote")


def test_a_review_stands_beside_the_stated_reason_and_earlier_ones_are_kept(ended):
    """The last one counts; the line of the deal tells both."""
    assert review(ended, known="guess").code == 0
    assert review(ended, cause="決裁者に会えていなかった", known="found").code == 0
    found = ended.done("lessons", "lost", "--json").json
    assert [(c["reason"], c["cause"], c["n"]) for c in found["reason_against_cause"]] == [("price", "no_decider", 1)]
    assert found["differ"] is None, "the default schema's reasons and causes share no word"
    reviews = ended.done("deal", "show", "切断", "--json").json["reviews"]
    assert [(r["cause"], r["known_by"], r["by"]) for r in reviews] == [
        ("price_gap", "guess", "佐藤"), ("no_decider", "found", "佐藤"),
    ]  # fmt: skip
    shown = ended.done("deal", "show", "切断").out
    assert "価格と予算の開き（推測・佐藤）（のちに改めた）  予算の倍だった" in shown
    assert "決裁者に会えていなかった（調べてわかった・佐藤）  予算の倍だった" in shown


def test_undo_takes_a_review_back(ended):
    """And says what it took."""
    review(ended)
    assert "振り返り" in ended.done("undo").out
    assert ended.done("deal", "show", "切断", "--json").json["reviews"] == []


def test_an_older_review_is_taken_back_or_erased_by_its_id(ended):
    """As an entry is; the line shows the id. What was erased can't be read any more."""
    review(ended, known="guess")
    review(ended, cause="決裁者に会えていなかった")
    first, second = (one["id"] for one in ended.done("deal", "show", "切断", "--json").json["reviews"])
    assert f"#{first}" in ended.done("deal", "show", "切断").out
    assert first in ended.done("edit", first, "--retract", "--why", "思い込み").out
    assert [one["id"] for one in ended.done("deal", "show", "切断", "--json").json["reviews"]] == [second]
    for one in (first, second):
        assert ended.done("edit", one, "--erase", "--why", "本人の依頼").code == 0
    assert ended.done("deal", "show", "切断", "--json").json["reviews"] == []
    assert "予算の倍".encode() not in ended.db.read_bytes()
    assert ended.done("doctor").code == 0


@pytest.mark.parametrize(("argv", "said"), [
    (("塗装", "--cause", "unknown", "-m", "x", "--known", "asked"), "まだ進行中"),
    (("切断", "--cause", "価格と予算の開", "-m", "x", "--known", "asked"), "価格と予算の開き"),
    (("切断", "--cause", "unknown", "-m", " ", "--known", "asked"), "-m"),
    (("切断", "--cause", "unknown", "-m", "x", "--known", "rumour"), "顧客に聞いた、調べてわかった、推測"),
    (("切断", "-m", "x", "--known", "asked"), "--cause"),
    (("切断", "--cause", "unknown", "-m", "x", "--known", "asked", "--on", "2026-12-24"), "2026-12-24"),
    (("切断", "--cause", "unknown", "-m", "x", "--known", "asked", "--on", "2026-08-01"), "2026-08-01"),
])  # fmt: skip
def test_a_review_that_can_not_be_is_refused_with_what_can(ended, argv, said):
    """Of an open deal, with a cause that is not in the schema, without words, from a day that was not."""
    answer = ended("deal", "review", *argv)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert ended.done("lessons", "lost", "--json").json["lost"]["reviewed"] == 0


def test_a_cause_that_is_not_there_names_the_nearest(ended):
    """A did-you-mean beside the whole list."""
    answer = review(ended, cause="価格と予算の開")
    assert "わからない" in answer.err.split("hint")[0]
    assert "価格と予算の開き" in answer.err.rpartition("hint")[2] or "もしかして" in answer.err


def test_a_won_deal_needs_no_cause(ended):
    """The schema's causes are those of failures; what there is to tell of an order is told in words."""
    assert ended("deal", "review", "検査", "-m", "工場長が推してくれた", "--known", "asked").code == 0
    (told,) = ended.done("deal", "show", "検査", "--json").json["reviews"]
    assert told["cause"] is None


def test_a_fizzled_deal_can_be_reviewed_once_its_silence_has_passed_the_limit(nippo):
    """Nobody ever gave a reason for it; 60 days of silence are the limit here, and 61 have passed."""
    nippo.deal("検査", "--on", "2026-09-23")
    nippo.deal("塗装", "--on", "2026-09-24")
    assert review(nippo, "検査", cause="timing").code == 0
    assert review(nippo, "塗装", cause="timing").code == 2


def test_a_reopened_deal_keeps_its_reviews_and_leaves_the_lost(ended):
    """It is open again, and nothing that was learned is gone; lost once more, it is back."""
    review(ended)
    ended.done("add", "切断", "--on", "2026-11-10", *QUOTED, "-m", "予算がついた")
    assert ended.done("lessons", "lost", "--json").json["lost"]["n"] == 0
    shown = ended.done("deal", "show", "切断", "--json").json
    assert [stay["stage"] for stay in shown["stays"]] == ["hearing", "quote", "lost", "quote"]
    assert len(shown["reviews"]) == 1
    assert ended.done("lessons", "lost", "--as-of", "2026-11-23", "--json").json["lost"]["n"] == 0
    assert review(ended).code == 2
    ended.done("add", "切断", "--on", "2026-11-20", *LOST, "--lost-reason", "競合")
    found = ended.done("lessons", "lost", "--json").json
    assert [(g["reason"], g["reviewed"]) for g in found["reasons"]] == [("competitor", 1)]


def test_an_up_sell_is_a_deal_of_its_own(ended):
    """Won twice: two orders, one of them begun from the other."""
    ended.deal("検査 2号", "--parent", "検査", "--on", "2026-11-05")
    ended.done("add", "検査 2号", "--on", "2026-11-20", *WON)
    found = ended.done("lessons", "fates", "--json").json
    assert {fate: one["n"] for fate, one in found["fates"].items()} == {"won": 2, "lost": 1, "fizzled": 0, "open": 1}
    assert found["lead_time_days"]["won"] == {"n": 2, "median": 22.5, "mean": 22.5}
    assert (found["win_rate"]["hits"], found["win_rate"]["n"], found["win_rate"]["rate"]) == (2, 3, None)


def test_a_rank_that_the_schema_has_renamed_or_dropped(ended):
    """Renamed it goes by its new key; dropped it stands as it was written, without a stated chance."""

    def ranks():
        found = ended.done("lessons", "confidence", "--json").json["ranks"]
        return {r["rank"]: (r["in_schema"], r["stated"], r["won"]["n"]) for r in found if r["won"]["n"]}

    assert ranks() == {"B": (True, 0.5, 1)}
    schema = ended.schema.read_text(encoding="utf-8")
    row = "  - {key: B, label: B, chance: 50%, meaning: 予算と時期が決まり、当社が候補の上位にいる}\n"
    assert row in schema
    ended.schema.write_text(schema.replace(row, "  - {key: B2, label: B2, chance: 40%, was: B}\n"), encoding="utf-8")
    ended.done("add", "塗装", "--activity", "電話", "-m", "話した")
    assert ranks() == {"B2": (True, 0.4, 1)}
    ended.schema.write_text(schema.replace(row, ""), encoding="utf-8")
    ended.done("add", "塗装", "--activity", "電話", "-m", "また話した")
    assert {rank: told[:2] for rank, told in ranks().items()} in ({"B": (False, None)}, {"B2": (False, None)})


def test_every_figure_opens_to_its_deals(ended):
    """Narrowed by what the tables name."""

    def names(*argv):
        return [deal["name"] for deal in ended.done("lessons", *argv, "--json").json["deals"]]

    review(ended)
    assert (
        names("lost", "--reason", "価格")
        == names("lost", "--cause", "price_gap")
        == names("lost", "--competitor", "北関東")
        == ["切断"]
    )
    assert names("lost", "--reason", "機能") == []
    assert names("fates", "--deals") == ["切断", "検査", "塗装"], "those with most money first, unknown money last"
    assert names("fates", "--fate", "won") == ["検査"]
    assert names("fates", "--fate", "open", "--owner", "佐藤", "--customer", "青葉") == ["塗装"]
    assert names("confidence", "--rank", "b") == ["切断"]
    assert names("lost", "--deals", "--stage", "提案") == names("lost", "--deals", "--until", "2026-10-31") == []
    assert names("lost", "--deals", "--kind", "更新") == []
    assert names("lost", "--deals", "--since", "1d") == []


@pytest.mark.parametrize("argv", [
    ("nothing",), ("fates", "--since", "90d"), ("lost", "--fate", "won"), ("fates", "--reason", "価格"), ("--deals",),
    ("lost", "--reason", "天気"), ("fates", "--fate", "lucky"), ("lost", "--kind", "天気"), ("lost", "--since", "+3d"),
], ids=" ".join)  # fmt: skip
def test_what_can_not_be_asked_is_refused(ended, argv):
    """With exit code 2 and what can be asked; nothing is ever ignored."""
    answer = ended("lessons", *argv)
    assert (answer.code, answer.out) == (2, "")


def test_an_empty_journal_teaches_nothing_and_says_so(kept):
    """One open deal: no loss, no rank, and its fate is open."""
    assert "この期間に失注した案件はありません" in kept.done("lessons", "lost").out
    assert "まだありません" in kept.done("lessons", "confidence").out
    assert kept.done("lessons", "fates", "--json").json["win_rate"] == {
        "hits": 0, "n": 0, "rate": None, "low": None, "high": None,
    }  # fmt: skip
    assert kept.done("lessons").code == 0


def test_the_morning_asks_what_was_learned_of_a_large_loss_until_it_is_written(ended):
    """Over the schema's amount, or the median of closed deals (here of 5 and 3 million); lost within 90 days."""
    reminded = ended.done("--json").json["unreviewed"]
    assert [(d["name"], d["amount"]) for d in reminded["deals"]] == [("切断", 5_000_000)]
    assert (reminded["over"], reminded["source"], reminded["n"]) == (4_000_000, "median", 2)
    assert "nippo deal review 2（順に尋ねます）" in ended.done().out
    ended.schema.write_text("review_over: 600万\n" + ended.schema.read_text(encoding="utf-8"), encoding="utf-8")
    ended.done("add", "塗装", "--activity", "電話", "-m", "話した")
    assert ended.done("--json").json["unreviewed"] is None
    text = ended.schema.read_text(encoding="utf-8").replace("review_over: 600万", "review_over: 500万")
    ended.schema.write_text(text, encoding="utf-8")
    ended.done("add", "塗装", "--activity", "電話", "-m", "また話した")
    assert ended.done("--json").json["unreviewed"]["source"] == "schema"
    review(ended)
    assert ended.done("--json").json["unreviewed"] is None


def test_an_amount_that_can_not_be_read_is_a_problem_of_the_schema(ended):
    """With the line it stands on."""
    ended.schema.write_text("review_over: たくさん\n" + ended.schema.read_text(encoding="utf-8"), encoding="utf-8")
    answer = ended("schema", "check")
    assert answer.code == 3
    assert "たくさん" in answer.out + answer.err


@pytest.mark.parametrize(
    "argv", [("lost", "--reason", "競合"), ("confidence", "--rank", "Z"), ("fates", "--fate", "fizzled"), ("lost", "--kind", "更新")],
    ids=" ".join,
)  # fmt: skip
def test_where_nothing_matches_the_question_the_page_says_that(ended, argv):
    """Not that nothing was lost, or that no rank was ever stated: others were."""
    page = ended.done("lessons", *argv).out
    assert "条件に合う案件はありません" in page
    assert "この期間に" not in page
    assert "まだありません" not in page


def test_a_page_without_figures_points_to_no_deals(kept):
    """There are none behind it."""
    for kind in ("lost", "contrast", "confidence", "cases"):
        assert "--deals" not in kept.done("lessons", kind).out
    assert "nippo lessons fates --deals" in kept.done("lessons", "fates").out


def test_the_page_of_all_lessons_takes_the_age_and_names_its_window(ended):
    """What is lost in a year stands beside what was ever begun: each says of which days it is."""
    page = ended.done("lessons", "--age", "20").out
    assert "初めての接触から20日の時点" in page
    assert "失注から学ぶ  2025/11/23〜2026/11/23  nippo lessons lost" in page
    assert "案件はどうなったか  nippo lessons fates" in page


def test_a_loss_without_an_amount_is_not_worth_nothing(nippo):
    """It is counted beside the money, and no column says 0."""
    nippo.deal("切断", "--on", "2026-09-01")
    nippo.done("add", "切断", "--on", "2026-11-01", *LOST, "--lost-reason", "価格")
    assert "うち1件は金額の記入がなく" in nippo.done("lessons", "lost").out
    rows = {
        row.split()[0]: row.split()[-1] for row in nippo.done("lessons", "fates").out.split("\n")[2:8] if row.split()
    }
    assert (rows["失注"], rows["受注"]) == ("–", "0円")


def test_a_review_that_does_not_say_how_it_is_known_is_asked_for_it(ended):
    """It is not told that what it did not type is wrong."""
    answer = ended("deal", "review", "切断", "--cause", "価格と予算の開き", "-m", "倍だった")
    assert answer.code == 2
    assert "「」" not in answer.err
    assert "--known で書いてください。顧客に聞いた、調べてわかった、推測" in answer.err


def test_without_causes_in_the_schema_no_cause_is_asked_for(ended):
    """The command that the pages name can be typed as it stands, and without a cause it is enough."""
    text = ended.schema.read_text(encoding="utf-8")
    head, tail = text.split("\ncauses:\n")
    ended.schema.write_text(head + "\n" + tail[tail.index("\n\n") :], encoding="utf-8")
    ended.done("add", "塗装", "--activity", "電話", "-m", "話した")
    assert "nippo deal review 2（順に尋ねます）" in ended.done().out
    assert "--cause" not in ended.done("lessons", "lost").out
    assert ended.done("deal", "review", "切断", "-m", "倍だった", "--known", "本人に確認").code == 0


def test_the_groups_of_the_shelf_add_up_to_its_cases(nippo):
    """Beside the commonest four stand how many have another cause or competitor, or none."""
    causes = [
        "価格と予算の開き",
        "わからない",
        "時期が合わなかった",
        "課題の確認不足",
        "効果を示せなかった",
        "効果を示せなかった",
    ]
    for n, cause in enumerate(causes):
        nippo.deal(f"案件{n}号", "--on", "2026-09-01")
        rival = ("--competitor", "北関東工機") if n else ()
        nippo.done("add", f"案件{n}号", "--on", "2026-11-01", *LOST, "--lost-reason", "価格", *rival)
        review(nippo, f"案件{n}号", cause=cause)
    page = nippo.done("lessons", "cases").out
    (named,) = (row for row in page.split("\n") if row.startswith("本当の原因"))
    assert sum(int(part.split()[-1]) for part in named.split("・")) == 6
    assert named.endswith("ほか 1")
    (rivals,) = (row for row in page.split("\n") if row.startswith("競合"))
    assert rivals.endswith("北関東工機 5・（記入なし） 1")


def test_a_diary_without_a_loss_is_told_which_rate_to_read(nippo):
    """Where orders and silent deals alone are written, 100 % of won and lost is no figure to trust. A loss ends that."""
    said = "失注の記録が1件もありません"
    nippo.deal("検査", "--on", "2026-06-01", "--confidence", "B")
    assert said not in nippo.done("lessons", "fates").out, "nothing was won either"
    nippo.deal("切断", "--on", "2026-09-01", "--confidence", "B")
    nippo.done("add", "切断", "--on", "2026-10-31", *WON)
    for argv in (("lessons", "fates"), ("lessons", "confidence"), ("lessons",)):
        assert said in nippo.done(*argv).out
    nippo.deal("塗装", "--on", "2026-09-01", "--confidence", "B")
    nippo.done("add", "塗装", "--on", "2026-11-01", *LOST, "--lost-reason", "価格")
    assert said not in nippo.done("lessons").out
