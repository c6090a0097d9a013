"""The page for the meeting says what the pages say that it is made of; as a file every number of a deal leads to its line."""

import json
import posixpath
import re
from html.parser import HTMLParser
from itertools import chain, groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from shell import Shell

from nippo_cli.cli.frame import CliContext
from nippo_cli.cli.frame.early_args import early_args
from nippo_cli.render.draw import Details, Heading, Screen, html
from nippo_cli.render.monday.folder import files
from nippo_cli.render.monday.page import deal_parts
from nippo_cli.services.pages.monday import ReportQuery, monday_report

MONDAY = "2026-11-30T09:00:00+09:00"
CALL = ("--activity", "電話", "-m", "話した")


class _Links(HTMLParser):
    """The anchors of a page, what its links lead to, and what its details are called."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an id or a link."""
        of = dict(attrs)
        if "id" in of:
            self.ids.append(of["id"] or "")
        if tag == "a":
            self.hrefs.append(of.get("href") or "")


@pytest.fixture
def monday(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A team in the week before a Monday: a deal with a decision, one that moved on after a long wait, one won, one without an amount,
    one to be called again."""
    monkeypatch.setenv("NIPPO_NOW", "2026-09-01T18:00:00+09:00")
    live = ("--amount", "1000万", "--closes", "2026-12", "--confidence", "B")
    for name, more in (("甲", live), ("乙", live), ("丙", ())):
        nippo.deal(name, *more, "--customer", f"{name}社")
    nippo.done("target", "set", "佐藤", "2026-12", "2000万")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T18:00:00+09:00")
    nippo.done("comment", "甲", "--decision", "-m", "部長が同行する", "--who", "西村", "--due", "2026-11-27")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-26T18:00:00+09:00")
    nippo.done("add", "甲", *CALL, "--next-step", "稟議の資料", "--next-on", "2026-12-07")
    nippo.done(
        "add", "乙", *CALL, "--stage", "提案", "--next-step", "見積", "--next-on", "2026-12-02", "--closes", "2027-01"
    )
    monkeypatch.setenv("NIPPO_NOW", MONDAY)
    return nippo


def answer(nippo: Shell, *argv: str) -> Any:
    """A command's JSON."""
    return nippo.done(*argv, "--json").json


def test_no_figure_is_another_pages(monday: Shell):
    """What the report has of the landing, the gaps, the steps and each deal is what these pages say, to the last key."""
    report = answer(monday, "report", "--limit", "0")
    assert report["landing"] == answer(monday, "landing")
    assert report["gaps"] == answer(monday, "gap")
    assert report["steps"] == answer(monday, "steps")
    for deal in report["deals"]:
        own = answer(monday, "deal", "show", deal["id"])
        beside = {"precedents", "revisit", "reviews", "corrections", "comments", "lesson", "ahead"}
        assert {key: deal[key] for key in deal.keys() - beside} == {key: own[key] for key in own.keys() - beside}


def test_what_was_decided_and_what_became_of_it(monday: Shell):
    """The decision with whose it is, that it is overdue, the contact since, the next step; once it is done, that it is done; a week
    later it is on the page no more."""
    assert [(one["text"], one["who"]) for one in answer(monday, "report")["decided"]] == [("部長が同行する", "西村")]
    shown = monday.done("report").out
    assert "部長が同行する" in shown
    assert "3日超過" in shown
    assert "その後 11/26 電話" in shown
    assert "次の一手 12/7 稟議の資料" in shown
    decision = answer(monday, "report")["decided"][0]["id"]
    monday.done("comment", decision, "--done")
    assert "実行済み" in monday.done("report").out
    assert answer(monday, "report", "--as-of", "2026-12-08")["decided"] == []


def test_a_decision_that_was_carried_out_is_not_said_to_have_come_to_nothing(monday: Shell):
    """Nothing was written since; while it waits, that is said."""
    monday.done("comment", "甲", "--decision", "-m", "見積を出し直す", "--who", "西村", "--due", "2026-12-04")
    assert "その後の活動なし" in monday.done("report").out
    [decision] = [one["id"] for one in answer(monday, "report")["decided"] if one["text"] == "見積を出し直す"]
    monday.done("comment", decision, "--done")
    shown = monday.done("report").out
    assert "見積を出し直す" in shown
    assert "その後の活動なし" not in shown


def test_a_deal_that_moved_on_after_the_longest_wait_comes_first(monday: Shell):
    """乙 began in the hearing on 1 September and was in the proposal on 26 November: 86 days."""
    assert [(one["deal"]["name"], one["stage"], one["after_days"]) for one in answer(monday, "report")["forward"]] == [
        ("乙", "proposal", 86)
    ]


def test_only_some_deals_are_asked_about(monday: Shell):
    """`--customer`: every part is of that customer's deals."""
    report = answer(monday, "report", "--customer", "甲社")
    assert {deal["name"] for deal in report["deals"]} == {"甲"}
    assert report["forward"] == []
    assert len(report["decided"]) == 1
    assert answer(monday, "report", "--customer", "乙社")["decided"] == []


def test_the_day_of_the_last_meeting_is_before_the_day(monday: Shell):
    """It can't be the day itself."""
    assert monday("report", "--since", "2026-11-30").code == 2


def test_every_link_leads_somewhere_on_the_page(monday: Shell, tmp_path: Path):
    """Each deal that is named has a section; no anchor twice, no link into nothing; a figure of a month leads to its deals."""
    out = tmp_path / "x.html"
    monday.done("report", "-o", str(out))
    text = out.read_text(encoding="utf-8")
    page = _Links(text)
    assert len(page.ids) == len(set(page.ids))
    assert {href for href in page.hrefs if href[1:] not in page.ids or href[0] != "#"} == set()
    named = {f"deal-{deal['id']}" for deal in answer(monday, "report")["deals"]}
    assert {anchor for anchor in page.ids if anchor.startswith("deal-")} == named
    assert {f"#deal-{talk['deal']['id']}" for talk in answer(monday, "report")["talk"]} <= set(page.hrefs)
    assert "#month-2026-12" in page.hrefs
    assert "社外秘　2026-11-30　journal" in text
    assert re.search(r"<details id=\"deal-\d+\" open", text) is None
    monday.done("report", "-o", str(out), "--unfold")
    assert len(re.findall(r"<details id=\"deal-\d+\" open", out.read_text(encoding="utf-8"))) == len(named)


def test_a_landing_as_a_page_opens_its_months(monday: Shell, tmp_path: Path):
    """Beneath the figures are lists of the deals of each month, those that JSON names."""
    out = tmp_path / "x.html"
    monday.done("landing", "-o", str(out))
    text = out.read_text(encoding="utf-8")
    december = text[text.index('id="month-2026-12"') :].partition("</details>")[0]
    of_json = [deal for rank in answer(monday, "landing")["months"][1]["by_rank"] for deal in rank["deals"]]
    assert of_json
    assert all(f">{deal}<" in december for deal in of_json)


def test_an_empty_journal_has_a_report(nippo: Shell, tmp_path: Path):
    """Nothing is there, and each part says so."""
    nippo.done("init")
    shown = nippo.done("report").out
    assert "①" in shown
    assert "決定の記録はありません" in shown
    nippo.done("report", "-o", str(tmp_path / "x.html"))
    assert json.loads(nippo.done("report", "--json").out)["deals"] == []


def test_a_folder_gets_a_file_a_part_and_an_index_of_all_days(monday: Shell, tmp_path: Path):
    """Every link of every file leads to a file that is there, and to an anchor in it; a second day stands beside the first; to write a
    day once more replaces it."""
    out = tmp_path / "shared"
    monday.done("report", "-o", f"{out}/", "--as-of", "2026-11-23")
    monday.done("report", "-o", str(out))
    monday.done("report", "-o", str(out), "--customer", "甲社")
    pages = {path.relative_to(out).as_posix(): _Links(path.read_text(encoding="utf-8")) for path in out.rglob("*.html")}
    assert {
        "index.html",
        "2026-11-23/monday.html",
        "2026-11-30/deals.html",
        "2026-11-30-甲社/monday.html",
    } <= pages.keys()
    for name, page in pages.items():
        for href in page.hrefs:
            path, _, anchor = unquote(href).partition("#")
            to = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert to in pages, (name, href)
            assert not anchor or anchor in pages[to].ids, (name, href)
    assert [unquote(href) for href in pages["index.html"].hrefs] == [
        "2026-11-30-甲社/monday.html", "2026-11-30/monday.html", "2026-11-23/monday.html",
    ]  # fmt: skip
    talk = answer(monday, "report")["talk"]
    assert {f"deals.html#deal-{one['deal']['id']}" for one in talk} <= set(pages["2026-11-30/monday.html"].hrefs)


def test_no_file_of_a_folder_is_larger_than_two_megabytes(monday: Shell):
    """A thousand deals whose entries hold 4,000 full-width letters each go into as many files as it takes; none is left out."""
    run = CliContext()
    early_args(["--journal", str(monday.journal)], {"NIPPO_LANG": "ja"})
    result = monday_report(run.workspace(), ReportQuery())
    page = result.deals[0]
    long = page._replace(points=[one._replace(values={**one.values, "facts": "株" * 4000}) for one in page.points])
    heads = [long.line.head._replace(id=n) for n in range(1000)]
    deals = [long._replace(line=long.line._replace(head=head)) for head in heads]
    written = {name: "".join(html.write(of)) for name, of in files(result._replace(deals=deals, deals_total=1000))}
    assert max(len(text.encode()) for text in written.values()) < 2_000_000
    assert sum(text.count('<details id="deal-') for text in written.values()) == 1000


def test_an_owners_figure_is_of_live_deals(monday: Shell, tmp_path: Path):
    """What is lost or won is counted among an owner's deals, and its money is not: in one file and, of all that is theirs, in each of
    several."""
    monday.done("add", "乙", *CALL, "--stage", "失注", "--later")
    live = sum(deal["amount"] or 0 for deal in answer(monday, "deal", "list")["deals"])
    monday.done("report", "-o", f"{tmp_path}/x.html")
    note = f"3件  進行中 2件 {live:,}円"
    assert live == 10_000_000
    assert f'<span class="note">{note}' in (tmp_path / "x.html").read_text(encoding="utf-8")
    run = CliContext()
    early_args(["--journal", str(monday.journal)], {"NIPPO_LANG": "ja"})
    result = monday_report(run.workspace(), ReportQuery())
    for page in result.deals:
        (part,) = deal_parts(result, Screen(opens=True), [page])
        heading, deal = part.blocks[1:]
        assert isinstance(heading, Heading)
        assert isinstance(deal, Details)
        assert heading.note == note


def test_a_day_written_again_keeps_no_file_of_a_longer_report(monday: Shell, tmp_path: Path):
    """What an earlier run of the day had more of deals is gone from its folder; nothing else in it is touched. Without names it has a
    folder of its own: that of the team stays."""
    monday.done("report", "-o", f"{tmp_path}/d/")
    day = tmp_path / "d" / "2026-11-30"
    for name in ("deals-2.html", "deals-12.html", "deals-of-mine.html", "deals-2.html.txt"):
        (day / name).write_text("甲社", encoding="utf-8")
    monday.done("report", "-o", f"{tmp_path}/d/")
    kept = {path.name for path in day.iterdir()}
    assert kept == {"monday.html", "gaps.html", "steps.html", "deals.html", "deals-of-mine.html", "deals-2.html.txt"}
    before = (day / "monday.html").read_bytes()
    monday.done("report", "-o", f"{tmp_path}/d/", "--anonymous")
    assert (day / "monday.html").read_bytes() == before
    assert (tmp_path / "d" / "2026-11-30-匿名" / "monday.html").is_file()


def test_what_is_no_folder_is_refused_before_the_work(monday: Shell, tmp_path: Path):
    """A file in the way, a place where nothing can be made, another format: an error that names the path, and nothing is written."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for argv in (("-o", f"{tmp_path}/file/"), ("-o", "/dev/null/reports/"), ("-o", f"{tmp_path}/", "--format", "md")):
        refused = monday("report", *argv)
        assert refused.code == 2, argv
        assert refused.err.startswith("エラー: ")
    assert not list(tmp_path.glob("2026*"))


def test_each_deal_has_its_line_as_a_picture(monday: Shell, tmp_path: Path) -> None:
    """Its stages, contacts and promised days as shapes, what they show as a text; in one file and in a folder alike, no letters drawn."""
    monday.done("report", "-o", f"{tmp_path}/x.html")
    monday.done("report", "-o", f"{tmp_path}/d/")
    for path in (tmp_path / "x.html", *tmp_path.rglob("deals.html")):
        text = path.read_text(encoding="utf-8")
        for deal in answer(monday, "report")["deals"]:
            own = text[text.index(f'id="deal-{deal["id"]}"') :].partition("</details>")[0]
            (svg,) = re.findall(r"(?s)<svg.*?</svg>", own)
            days = {entry["on"] for entry in deal["entries"]}
            assert svg.count("h0") == len(days)
            assert "ヒアリング" in re.findall(r"(?s)<desc[^>]*>(.*?)</desc>", svg)[0]
            assert "<pre" not in own


@pytest.mark.parametrize(("targets", "said"), [
    (("2000万",), "実績率で1,000万円です。届かない月: 12月（1,500万円不足）。"),
    (("100万",), "実績率で1,000万円です。\n"),
    (("2000万", "100万", "0"), "実績率で1,000万円、目標に1,100万円届きません。届かない月: 12月（1,500万円不足）。"),
    (("700万", "100万", "0"), "実績率で1,000万円、目標を200万円上回ります。届かない月: 12月（200万円不足）。"),
])  # fmt: skip
def test_page_one_begins_with_what_it_found(monday: Shell, targets: tuple[str, ...], said: str) -> None:
    """What the months come to, each amount with its unit. Against a target they are held where each of them has one."""
    for month, target in zip(("2026-12", "2027-01", "2026-11"), targets, strict=False):
        monday.done("target", "set", "佐藤", month, target)
    assert f"11月〜1月の着地は{said}" in monday.done("report").out


def test_a_table_of_findings_is_no_longer_than_a_file_can_hold(
    monday: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are asked for: the rest of each table is counted."""
    monkeypatch.setattr("nippo_cli.render.monday.page._MOST_ROWS", 1)
    monday.done("report", "-o", f"{tmp_path}/d/", "--limit", "0")
    text = next(tmp_path.rglob("gaps.html")).read_text(encoding="utf-8")
    tables = re.findall(r"(?s)<tbody>(.*?)</tbody>", re.sub(r"(?s)<details.*?</details>", "", text))
    assert tables
    assert {rows.count("<tr>") for rows in tables} == {1}
    findings = [len(list(some)) for _, some in groupby(answer(monday, "gap")["findings"], key=lambda one: one["kind"])]
    assert max(findings) > 1
    for n in findings:
        assert n == 1 or f"ほか {n - 1}件</p>" in text


def test_one_file_has_the_lines_of_as_many_deals_as_it_holds(
    monday: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of page one first; the others are counted, with where they are, and no link leads to them."""
    monkeypatch.setattr("nippo_cli.render.monday.page._LEAST_OF_DEALS", 9_000)
    monkeypatch.setattr("nippo_cli.render.monday.page.MOST_BYTES", 0)
    monday.done("report", "-o", str(tmp_path / "x.html"))
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    whole = answer(monday, "report")
    drawn = set(re.findall(r'id="deal-(\d+)"', text))
    assert 0 < len(drawn) < len(whole["deals"])
    assert f"ほかに{len(whole['deals']) - len(drawn)}件" in text
    assert "report -o フォルダ/" in text
    assert drawn <= {str(talk["deal"]["id"]) for talk in whole["talk"]}
    assert set(re.findall(r'href="#deal-(\d+)"', text)) == drawn


def test_what_is_withheld_is_in_no_file_of_a_folder(monday: Shell, tmp_path: Path):
    """Impressions stay out of it as of one file; they are there where they are asked for."""
    monday.done("add", "甲", *CALL, "--impression", "脈ありヒミツ")
    for argv, held in (((), False), (("--with", "所感"), True)):
        monday.done("report", "-o", f"{tmp_path}/d/", *argv)
        assert any("ヒミツ" in path.read_text(encoding="utf-8") for path in (tmp_path / "d").rglob("*.html")) is held


def test_an_anonymous_report_names_nobody(monday: Shell, tmp_path: Path):
    """No customer, deal, owner or person is among its bytes, in one file, in a folder or in JSON; of the files of a folder a deal has one
    letter; the figures are those of the report that names all."""
    monday.done("add", "甲", *CALL, "--people", "山本太郎（部長）", "--competitor", "ナガラ機工")
    shown = monday.done("report", "--anonymous")
    assert "渡す前に" in shown.err
    monday.done("report", "--anonymous", "-o", str(tmp_path / "x.html"))
    monday.done("report", "--anonymous", "-o", f"{tmp_path}/d/")
    whole = answer(monday, "report", "--anonymous")
    written = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")]
    for text in (*written, shown.out, json.dumps(whole, ensure_ascii=False)):
        for name in ("甲社", "乙社", "丙社", "佐藤", "西村", "山本", "ナガラ"):
            assert name not in text, name
    assert whole["landing"]["total"]["by_record"] == answer(monday, "report")["landing"]["total"]["by_record"]
    ids = {deal["id"] for deal in answer(monday, "report")["deals"]}
    assert not any(f"deal-{number}" in text for number in ids for text in written)
    front, lines = (
        dict(re.findall(r"([甲乙丙])</strong>  ([A-Z]社)", next(tmp_path.rglob(name)).read_text(encoding="utf-8")))
        for name in ("monday.html", "deals.html")
    )
    assert front
    assert front.items() <= lines.items()


def test_a_figure_of_the_gap_page_opens_to_its_deals(monday: Shell, tmp_path: Path):
    """Behind each risk are as many deals as it counts, behind all of them every live deal once; its figure leads there."""
    out = tmp_path / "x.html"
    monday.done("gap", "-o", str(out))
    text = out.read_text(encoding="utf-8")
    risks = answer(monday, "gap")["parts"][0]["risks"]
    behind = {}
    for risk in risks:
        anchor = f"risk-{risk['kind'] or 'none'}"
        assert f'<a href="#{anchor}">' in text
        listed = text[text.index(f'id="{anchor}"') :].partition("</details>")[0]
        behind[anchor] = re.findall(r'data-head="ID">(\d+)<', listed)
        assert len(behind[anchor]) == risk["deals"]
    live = [deal["id"] for deal in answer(monday, "deal", "list")["deals"]]
    assert sorted(chain.from_iterable(behind.values())) == sorted(live)


def test_a_deal_that_was_merged_leaves_no_number_in_an_anonymous_report(
    monday: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its bridge names the deal that went by its number; without names by nothing."""
    ids = {row["name"]: row["id"] for row in answer(monday, "deal", "list")["deals"]}
    monkeypatch.setenv("NIPPO_NOW", "2026-12-01T09:00:00+09:00")
    monday.done("deal", "merge", ids["乙"], ids["甲"])
    out = tmp_path / "x.html"
    for more, is_there in (((), True), (("--anonymous",), False)):
        assert (f"#{ids['乙']}" in monday.done("report", "--since", "2026-11-30", *more).out) == is_there
        monday.done("report", "--since", "2026-11-30", *more, "-o", str(out))
        texts = re.sub(
            r"<[^>]*>", " ", re.sub(r"<style.*?</style>", "", out.read_text(encoding="utf-8"), flags=re.DOTALL)
        )
        assert (f"#{ids['乙']}" in texts) == is_there


def test_a_report_by_sales_is_that_of_its_pages(monday: Shell):
    """`--basis` goes to the landing and to the page of gaps; their heads say so."""
    monday.done("sales", "add", "--customer", "甲社", "--amount", "3万", "--on", "2026-11-25")
    report = answer(monday, "report", "--basis", "sale")
    assert report["landing"] == answer(monday, "landing", "--basis", "sale")
    assert (report["landing"]["basis"], report["gaps"]["basis"]) == ("sale", "sale")
    assert report["landing"]["months"][0]["ordered"] == 30_000
    assert "検収・売上基準・税抜" in monday.done("report", "--basis", "sale").out
    assert monday("report", "--basis", "利益").code == 2
