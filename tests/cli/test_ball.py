"""Who has to move next: on the pages of a deal, of stalled deals and of the landing; corrected, and as it was known."""

import pytest
from shell import NOW, Shell

from nippo_cli.schema.templates import text_of

VISIT = ("--activity", "訪問", "--people", "田中", "-m", "話した", "--next-step", "次", "--next-on", "2026-12-20")


def ball(nippo: Shell, *argv: str) -> tuple[str, str, dict[str, int]]:
    """The holder of a deal's ball, since when, and the days by holder."""
    split = nippo.done("deal", "show", *argv, "--json").json["ball"]
    return split["holder"], split["since"], split["days"]


def quoted(nippo: Shell, *argv: str) -> str:
    """A deal of 2026-09-01 to which a quote went out on 9/10, which the window then had, and a visit on 10/1."""
    begun = nippo.deal("案件", "--on", "2026-09-01", *argv)
    nippo.done("add", "案件", "--on", "2026-09-10", "--activity", "見積提出", "-m", "出した")
    nippo.done("add", "案件", "--on", "2026-10-01", *VISIT, "--ball", "顧客の決裁者")
    return str(begun)


def test_a_deal_says_who_has_to_move_next_and_whose_its_days_were(nippo: Shell):
    """Today is 2026-11-23, 83 days after 9/1. A call leaves it to us: 9 days; then the window's 21, then 53 the decider's."""
    quoted(nippo)
    assert ball(nippo, "案件") == ("decider", "2026-10-01", {"sales": 9, "window": 21, "decider": 53})
    assert "顧客の決裁者（10/1から53日）  83日のうち 顧客側74日・営業9日" in nippo.done("deal", "show", "案件").out


def test_as_it_was_known_on_a_past_day(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """On 9/15 the quote is out for 5 days; the visit of October was not known."""
    for day, argv in (
        (
            "2026-09-01",
            ("--new-deal", "--customer", "青葉", "--activity", "電話", "-m", "話した", "--kind", "部品・消耗品"),
        ),
        ("2026-09-10", ("--activity", "見積提出", "-m", "出した")),
        ("2026-10-01", (*VISIT, "--ball", "decider")),
    ):
        monkeypatch.setenv("NIPPO_NOW", f"{day}T10:00:00+09:00")
        nippo.done("add", "案件", *argv)
    monkeypatch.setenv("NIPPO_NOW", NOW)
    assert ball(nippo, "案件", "--as-of", "2026-09-15") == ("window", "2026-09-10", {"sales": 9, "window": 5})


def test_a_correction_moves_the_ball_and_an_undo_moves_it_back(nippo: Shell):
    """To the engineers, who have it from the same day on."""
    quoted(nippo)
    last = nippo.done("log", "--limit", "1", "--json").json["entries"][0]["id"]
    nippo.done("edit", last, "--ball", "技術")
    assert ball(nippo, "案件") == ("engineering", "2026-10-01", {"sales": 9, "window": 21, "engineering": 53})
    nippo.done("undo")
    assert ball(nippo, "案件")[0] == "decider"
    assert nippo.done("doctor").code == 0


def test_stalled_deals_say_whose_the_days_of_the_stay_were(nippo: Shell):
    """In the stage of the first visit since 9/1: of these days, not of those before."""
    first = ("--stage", "初回訪問", "--kind", "新規", "--people", "田中")
    quoted(nippo, *first, "--next-step", "次", "--next-on", "2026-12-01")
    (finding,) = nippo.done("gap", "stalled", "--json").json["findings"]
    assert finding["stay_days"] == sum(finding["ball"]["days"].values()) == 83
    split = finding["ball"]
    assert (split["ours"], split["customer_days"], split["unknown_days"]) == (False, 74, 0)
    assert "83日のうち 顧客側74日・営業9日" in nippo.done("gap", "stalled").out


def test_the_deals_that_decide_a_month_say_who_has_to_move(nippo: Shell):
    """The visit of today names nobody, and leaves it to us."""
    quoted(nippo)
    nippo.done(
        "add",
        "案件",
        "--activity",
        "訪問",
        "--people",
        "田中",
        "-m",
        "出した",
        "--closes",
        "2026-12-10",
        "--amount",
        "100万",
        "--confidence",
        "A",
    )
    (decider,) = nippo.done("landing", "--json").json["deciding"]["deals"]
    assert (decider["ball"]["holder"], decider["ball"]["since"]) == ("sales", "2026-11-23")


def test_a_renamed_holder_is_one_with_what_it_was(nippo: Shell):
    """`decider` becomes `boss`: the entry of October counts as theirs, and the journal's tables are as a rebuild makes them."""
    quoted(nippo)
    text = nippo.schema.read_text(encoding="utf-8")
    nippo.schema.write_text(
        text.replace("{key: decider, label: 顧客の決裁者}", "{key: boss, label: 顧客の社長, was: decider}"),
        encoding="utf-8",
    )
    nippo.done("add", "案件", "--activity", "電話", "-m", "話した", "--on", "2026-11-20")
    assert ball(nippo, "案件") == ("sales", "2026-11-20", {"sales": 12, "window": 21, "boss": 50})
    assert nippo.done("doctor").code == 0


def test_where_the_schema_has_no_ball_nothing_is_said_of_it(nippo: Shell):
    """The smallest template has no such field."""
    nippo.journal.mkdir()
    nippo.schema.write_text(text_of("minimal"), encoding="utf-8")
    nippo.done("add", "案件", "--new-deal", "--customer", "青葉", "-m", "話した")
    assert nippo.done("deal", "show", "案件", "--json").json["ball"] is None


def test_a_ball_that_nobody_may_hold_is_refused(nippo: Shell):
    """The error names the field as the screen does, and who may be named."""
    nippo.deal("案件")
    refused = nippo("add", "案件", "--activity", "電話", "-m", "話した", "--ball", "社長")
    assert refused.code == 3
    assert "ボール" in refused.err
    assert "顧客の決裁者" in refused.err


def test_an_activity_leaves_the_ball_to_somebody_who_is_listed(nippo: Shell):
    """Of the schema that leaves it to `boss`, who is none."""
    nippo.deal("案件")
    text = nippo.schema.read_text(encoding="utf-8")
    nippo.schema.write_text(text.replace("ball: window}", "ball: boss}", 1), encoding="utf-8")
    refused = nippo("schema", "check")
    assert refused.code == 3
    assert "boss" in refused.out
    assert "顧客の窓口" in refused.out


def test_days_of_somebody_who_is_no_choice_any_more_are_nobodys(nippo: Shell) -> None:
    """The engineers had it for 53 days; taken out of the choices, these are not the customer's."""
    quoted(nippo)
    last = nippo.done("log", "--limit", "1", "--json").json["entries"][0]["id"]
    nippo.done("edit", last, "--ball", "技術")
    text = nippo.schema.read_text(encoding="utf-8")
    dropped = text.replace("      - {key: engineering, label: 技術, ours: true}\n", "").replace(
        "ball: engineering", "ball: sales"
    )
    nippo.schema.write_text(dropped, encoding="utf-8")
    nippo.done("day", "-m", "整理した")
    split = nippo.done("deal", "show", "案件", "--json").json["ball"]
    assert (split["customer_days"], split["unknown_days"], split["days"]["sales"]) == (21, 53, 9)
    assert "顧客側21日・営業9日・記録なし53日" in nippo.done("deal", "show", "案件").out
