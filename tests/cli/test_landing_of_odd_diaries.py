"""`nippo landing` of diaries that lack something, or hold something odd: the page says what is missing, and nothing is counted twice."""

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from shell import NOW, Shell

from nippo_cli.cli.frame.main import main

SCHEMA = """\
nippo: 1
name: t
fiscal_year_start: 10
stages: [{key: lead, label: 引合い}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
activities: [電話]
confidence: [{key: A, label: A, chance: 80%}, {key: B, label: B, chance: 50%}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: activity, label: 活動, type: choice, role: activity}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: amount, label: 金額, type: money, role: amount}
  - {key: confidence, label: 確度, type: choice, role: confidence}
  - {key: closes, label: 受注予定, type: date, role: closes, coarse: true}
"""


@pytest.fixture
def diary(nippo: Shell) -> Shell:
    """An empty diary on Monday, 23 November 2026; its fiscal year begins in October."""
    nippo.done("init", "--template", "default")
    nippo.schema.write_text(SCHEMA, encoding="utf-8")
    return nippo


def begin(shell: Shell, name: str, *said: str) -> None:
    """A deal of its own customer."""
    shell.done("add", name, "--new-deal", "--customer", f"{name}社", "-m", "話した", *said)


def page_of(shell: Shell, *options: str) -> dict:
    """The page as data, after all that must hold of it: every live yen stands in exactly one cell."""
    page = shell.done("landing", *options, "--json").json
    cells = [(c["amount"], c["deals"]) for one in page["months"] for c in one["by_rank"]]
    cells += [(one[state], one[f"{state}_deals"]) for one in page["months"] for state in ("on_hold", "fizzled")]
    outside = page["outside"]
    cells += [(one["amount"], one["deals"]) for one in (*outside["months"], outside["overdue"], outside["undated"])]
    as_of = options[options.index("--as-of") :][:2] if "--as-of" in options else ()
    live = shell.done("deal", "list", "--summary", *as_of, "--json").json
    assert sum(amount for amount, _ in cells) == live["amounts"]["open"] + live["amounts"]["fizzled"]
    deals = [deal for _, of_cell in cells for deal in of_cell]
    assert len(deals) == len(set(deals)) == live["fates"]["open"] + live["fates"]["fizzled"]
    return page


def test_no_targets_and_no_ledger(diary: Shell) -> None:
    """Neither a target nor a gap is shown; the page says how either comes in, and what is won in its month needs ten promises."""
    begin(diary, "X機", "--amount", "10万", "--closes", "2026-12-10", "--confidence", "A")
    page = page_of(diary)
    assert (page["months"][1]["target"], page["months"][1]["gap"], page["need"]) == (None, None, None)
    shown = diary.done("landing").out
    assert "nippo target set --team" in shown
    assert "当月受注率を出すには足りません" in shown
    assert "nippo sales import" in diary.done("landing", "--basis", "sale").out


def test_an_empty_diary_says_how_to_begin(diary: Shell) -> None:
    """Until there is a deal of these months, or a month behind."""
    assert "nippo add" in diary.done("landing").out
    assert "nippo add" in diary.done("landing", "--basis", "sale").out
    begin(diary, "X機")
    assert "nippo add" not in diary.done("landing").out


def test_no_amounts(diary: Shell) -> None:
    """A cell of deals without an amount counts them; they are listed, and add nothing."""
    for name in ("X機", "Y機"):
        begin(diary, name, "--closes", "2026-12-10", "--confidence", "A")
    page = page_of(diary)
    assert len(page["outside"]["without_amount"]) == 2
    assert (page["months"][1]["by_record"], page["bridge"]["after"]) == (0, 0)
    shown = diary.done("landing").out
    assert "2件" in shown
    assert "金額なし 全2件" in shown


def test_one_deal(diary: Shell) -> None:
    """It decides its month alone."""
    begin(diary, "X機", "--amount", "10万", "--closes", "2026-11-30", "--confidence", "B")
    diary.done("target", "set", "--team", "2026-11", "8万")
    deciding = page_of(diary)["deciding"]
    assert (deciding["total"], deciding["closing"]) == (1, {"gap": -30_000, "wins": 1, "short": 0})


def test_all_won(diary: Shell) -> None:
    """Nothing is live: what is ordered is the firm line and the line by win rates, and nothing decides."""
    for name in ("X機", "Y機"):
        begin(diary, name, "--amount", "10万", "--stage", "受注")
    page = page_of(diary)
    november = page["months"][0]
    assert (november["ordered"], november["firm"], november["by_record"]) == (200_000, 200_000, 200_000)
    assert page["deciding"]["deals"] == []


def test_a_schema_that_changed_in_mid_year(diary: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rank and the stage of the order go by other keys since: the deals of both schemas stand under today's, a day before the
    change is told as it was, and the record of October's eve knows the order of then."""
    monkeypatch.setenv("NIPPO_NOW", "2026-09-20T18:00:00+09:00")
    begin(diary, "X機", "--amount", "10万", "--closes", "2026-10-15", "--confidence", "A")
    begin(diary, "Y機", "--amount", "7万", "--closes", "2026-12-15", "--confidence", "A")
    monkeypatch.setenv("NIPPO_NOW", "2026-10-15T18:00:00+09:00")
    diary.done("add", "X機", "--stage", "受注", "-m", "決まった")
    diary.done("add", "Y機", "-m", "話した")
    before = diary.done("landing", "--as-of", "2026-10-15", "--json").out
    changed = SCHEMA.replace("key: won, label: 受注", "key: order, label: 受注, was: won").replace(
        "key: A, label: A,", "key: S, label: S, was: A,"
    )
    diary.schema.write_text(changed, encoding="utf-8")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
    begin(diary, "Z機", "--amount", "5万", "--closes", "2026-12-20", "--confidence", "S")
    page = page_of(diary, "--half")
    october, _, december = page["months"][:3]
    assert october["ordered"] == 100_000
    assert {cell["rank"]: cell["amount"] for cell in december["by_rank"] if cell["amount"]} == {"S": 120_000}
    (record,) = [one for one in page["record"] if one["month"] == "2026-10"]
    assert (record["promised"], record["firm"], record["came"]) == (100_000, 100_000, 100_000)
    assert diary.done("landing", "--as-of", "2026-10-15", "--json").out == before


def test_a_fiscal_year_from_october(diary: Shell) -> None:
    """In November its first quarter and half have begun in October, and so has the year."""
    begin(diary, "X機", "--amount", "10万", "--closes", "2027-09-30", "--confidence", "A")
    ends = {span: page_of(diary, span)["months"][-1]["month"] for span in ("--quarter", "--half", "--fiscal-year")}
    assert ends == {"--quarter": "2026-12", "--half": "2027-03", "--fiscal-year": "2027-09"}
    assert page_of(diary, "--fiscal-year")["months"][-1]["firm"] == 100_000


def test_a_deal_that_is_promised_for_a_half(diary: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """上期 of a year from October ends in March: it stands there, in its last month, and is not overdue before the end."""
    begin(diary, "X機", "--amount", "10万", "--closes", "上期", "--confidence", "A")
    (outside,) = page_of(diary)["outside"]["months"]
    assert (outside["month"], outside["amount"]) == ("2027-03", 100_000)
    assert page_of(diary, "--half")["months"][-1]["firm"] == 100_000
    monkeypatch.setenv("NIPPO_NOW", "2027-03-31T18:00:00+09:00")
    assert page_of(diary)["outside"]["overdue"]["amount"] == 0
    monkeypatch.setenv("NIPPO_NOW", "2027-04-01T18:00:00+09:00")
    assert page_of(diary)["outside"]["overdue"]["amount"] == 100_000


def test_a_close_on_a_hold(diary: Shell) -> None:
    """Its money stands apart in the month that it is promised for, and in no line."""
    begin(diary, "X機", "--amount", "10万", "--closes", "2026-12-10", "--confidence", "A")
    diary.done("deal", "hold", "X機", "--until", "2027-01-31", "--why", "予算の見直し")
    december = page_of(diary)["months"][1]
    assert (december["on_hold"], december["firm"], december["by_record"]) == (100_000, 0, 0)
    assert "保留中（別枠）" in diary.done("landing").out


def test_an_advance_without_an_order(diary: Shell) -> None:
    """Money that came before the order is no revenue and no order: it stands in a line of its own, and the deal stays live."""
    begin(diary, "X機", "--amount", "10万", "--closes", "2026-12-10", "--confidence", "A")
    diary.done("sales", "add", "--deal", "X機", "--amount", "3万", "--advance")
    for basis in ("order", "sale"):
        page = page_of(diary, "--basis", basis)
        assert (page["advances"], page["months"][0]["ordered"], page["months"][1]["firm"]) == (30_000, 0, 100_000)
    assert "前受金 3万円（売上には入れません）" in diary.done("landing", "--basis", "sale").out
    assert page_of(diary, "--basis", "sale")["backlog"] == []


def test_a_team_that_began_last_week(diary: Shell) -> None:
    """No month lies behind it: the record says how many it needs, the ranks count as the schema states, and all the bridge is new."""
    begin(diary, "X機", "--amount", "10万", "--closes", "2026-12-10", "--confidence", "A", "--on", "2026-11-18")
    page = page_of(diary)
    assert (page["record"], page["record_scores"]["best"]) == ([], None)
    assert {cell["source"] for cell in page["months"][1]["by_rank"]} == {"schema"}
    assert [part["change"] for part in page["bridge"]["parts"]] == ["new"]
    shown = diary.done("landing").out
    assert "比べられる月がまだ0か月です（12か月から。2027年12月にそろいます）" in shown
    assert "規定の80%（n=0）" in shown


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of `nippo demo`."""
    folder = tmp_path_factory.mktemp("odd") / "sample"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        patch.setenv("NIPPO_NOW", NOW)
        assert main(["demo", "--lang", "ja", "--keep", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("unit", ["円", "千円"])
@pytest.mark.parametrize("basis", ["order", "sale"])
@pytest.mark.parametrize("by", [None, "owner", "kind", "customer"])
def test_every_live_yen_stands_in_one_cell_whatever_is_asked(nippo: Shell, sample: Path, by, basis, unit) -> None:
    """The sample, today and on a past day: the cells add up to `deal list`, and the parts of owners, kinds and customers to the whole."""
    nippo.journal = sample
    for day in ((), ("--as-of", "2026-09-30")):
        page = page_of(nippo, "--basis", basis, "--unit", unit, *(("--by", by) if by else ()), *day)
        for name in ("ordered", "backlog", "on_hold", "fizzled") if by else ():
            assert sum(group[name] for group in page["groups"]) == page["total"][name], name
        for cell in page["total"]["by_rank"] if by else ():
            ranks = [one for group in page["groups"] for one in group["by_rank"] if one["rank"] == cell["rank"]]
            assert sum(one["amount"] for one in ranks) == cell["amount"], cell["rank"]
