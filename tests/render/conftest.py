"""Answers to draw: a small team's diary with the names that Japanese customers really have."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import gap_live_answers
import pytest
import redaction_answers
from day_pages import day_answers
from steps_answers import answers as steps_answers

from nippo_cli.base import language
from nippo_cli.base.dates.when import When, read_when
from nippo_cli.base.errors import Place, Problem, msg
from nippo_cli.base.ids import record_id
from nippo_cli.gaps.stalled import Stalled, StalledCount
from nippo_cli.line.facts import DealRef, DealSummary, Outcome
from nippo_cli.line.norm import Norm, Quiet
from nippo_cli.line.span import Hold
from nippo_cli.results.care import (
    Check,
    Copied,
    Health,
    ImportReport,
    PathPage,
    Reject,
    SchemaCheck,
    SchemaPage,
)
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.results.deals import CustomerPage, DealList, LeadTime, Person, Summary
from nippo_cli.results.entries import EntryPage, EntryView, LogPage, Version
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.results.recap import Done
from nippo_cli.results.today import DueStep, TodayPage
from nippo_cli.schema.schema import (
    Activity,
    Choice,
    Closure,
    Condition,
    Currency,
    Field,
    Kind,
    Rank,
    Schema,
    Stage,
)

AS_OF = date(2026, 11, 23)

AGREEMENT = Schema(
    name="東洋計測 営業部",
    language="ja",
    stages=(
        Stage("lead", "引合い", norm=14, done_when="用件と時期を話してくれた"),
        Stage("visit", "初回訪問", norm=21, done_when="現場を見せ、困りごとを数字で話してくれた"),
        Stage("trial", "デモ・サンプル評価", done_when="評価の結果を文書でくれた", must_when=Condition(kind=("new",))),
        Stage("quote", "見積", norm=30, must=True),
        Stage("approval", "社内決裁", norm=30, done_when="稟議が通った"),
        Stage("won", "受注", ends="won"),
        Stage("lost", "失注", ends="lost"),
        Stage("delivery", "納入・検収", after=True),
    ),
    kinds=(
        Kind("new", "新規"),
        Kind("parts", "部品・消耗品", norms={"quote": 10}),
        Kind("renewal", "更新", stalls=False),
    ),
    activities=(Activity("visit", "訪問"), Activity("phone", "電話"), Activity("inhouse", "社内", contact=False)),
    ranks=(Rank("A", "A", "決裁者が買うと言った", 0.8), Rank("B", "B", "担当者が推している")),
    causes=(Choice("price", "価格"), Choice("budget", "予算化見送り")),
    fields=(
        Field("customer", "顧客", "customer", "customer", required=True),
        Field("deal", "案件", "deal", "deal"),
        Field("kind", "案件種別", "choice", "kind"),
        Field("activity", "活動", "choice", "activity", required=True),
        Field("stage", "フェーズ", "choice", "stage"),
        Field("people", "お会いした方", "people", "people"),
        Field("facts", "事実", "text", "facts", required=True, help="相手の言葉と数字で"),
        Field("impression", "所感", "text", "impression"),
        Field("amount", "金額", "money", "amount", required_when=(Condition(stage=("quote", "approval")),), least=0),
        Field("closes", "受注予定", "date", "closes", coarse=True),
        Field("confidence", "確度", "choice", "confidence"),
        Field("next_step", "次の一手", "text", "next_step"),
        Field("next_on", "次の予定日", "date", "next_on"),
        Field("trial_unit", "貸出機", "boolean"),
        Field("lines", "対象ライン", "choices", choices=(Choice("press", "プレス"), Choice("weld", "溶接"))),
    ),
    closures=(Closure("お盆", "08-12", "08-16"), Closure("年末年始", "12-29", "01-04")),
    fiscal_year_start=4,
)

NASTY = "\x1b[31m赤\x1b[0m\u202e逆\x9b [bold]太[/bold] 値引[/]交渉 :smile: =1+1"


def day(text: str) -> date:
    """`9/14` in 2026, or an ISO date."""
    if "/" in text:
        month, of = text.split("/")
        return date(2026, int(month), int(of))
    return date.fromisoformat(text)


def head(number: int, name: str, customer: str, **changed: Any) -> DealSummary:
    """A live deal's head, with what a test names."""
    found: dict[str, Any] = {
        "id": number,
        "name": name,
        "customer": customer,
        "kind": "new",
        "owner": "田中",
        "parent": None,
        "stage": "approval",
        "entered_on": day("9/9"),
        "stay_entry": number + 7,
        "fate": "live",
        "began_on": day("5/11"),
        "closed_on": None,
        "last_on": day("10/11"),
        "heard_on": day("10/11"),
        "last_contact": number + 9,
        "entries": 8,
        "contacts": 6,
        "amount": 12_000_000,
        "closes": When.day(day("11/30")),
        "first_closes": When.day(day("9/30")),
        "closes_entry": number + 8,
        "pushes": 2,
        "pulls": 0,
        "slip_days": 61,
        "confidence": "B",
        "next_step": "部長の稟議の進みを電話で確認",
        "next_on": When.day(day("11/20")),
        "next_entry": number + 9,
        "holds": (),
    }
    found |= changed
    return DealSummary(**({"first_contact_on": found["began_on"]} | found))


HEADS = (
    head(12, "検査ライン増設（第3工場）", "株式会社東洋精密製作所", amount=128_000_000),
    head(
        40,
        "画像検査装置 更新",
        "北関東オートメーション工業株式会社",
        stage="trial",
        entered_on=day("7/1"),
        owner="佐々木",
        closes=read_when("2027-01-01/2027-03-31"),
        amount=34_500_000,
    ),
    head(
        record_id(725, 7),
        "治具ユニット 30台",
        "㈱山善ﾒﾀﾙ",
        stage="quote",
        entered_on=day("10/1"),
        closes=None,
        kind="parts",
        amount=None,
        heard_on=day("11/18"),
    ),
)


def standing(of: DealSummary, **changed: Any) -> DealStatus:
    """A deal as it stands on AS_OF."""
    found: dict[str, Any] = {
        "head": of,
        "outcome": "open",
        "stay_days": (AS_OF - of.entered_on).days,
        "norm": Norm(of.stage, of.kind, 30, "schema", 0),
        "limit_days": 30,
        "stalled": True,
        "silence_days": (AS_OF - (of.heard_on or of.began_on)).days,
        "held": None,
        "next_overdue_days": 3,
    }
    return DealStatus(**(found | changed))


def entry(
    number: int, on: str, values: Mapping[str, Any], *, deal: DealSummary | None = None, **changed: Any
) -> EntryView:
    """An entry in its first version."""
    found: dict[str, Any] = {
        "id": number,
        "version": number,
        "on": day(on),
        "recorded_at": f"{day(on).isoformat()}T09:12:44.120Z",
        "known_on": day(on),
        "author": "田中",
        "meeting": None,
        "incomplete": False,
        "corrected": False,
        "batch": None,
        "deal": DealRef(deal.id, deal.name, deal.customer, deal.owner) if deal else None,
        "customer": values.get("customer") or (deal.customer if deal else ""),
    }
    return EntryView(values=values, schema=AGREEMENT, **(found | changed))


ENTRIES = (
    entry(231, "12/1", {"activity": "visit", "facts": "定例の訪問（予定）"}, deal=HEADS[0]),
    entry(
        230,
        "11/20",
        {
            "customer": "株式会社東洋精密製作所",
            "activity": "visit",
            "stage": "approval",
            "facts": "製造部の佐藤部長と面談。「年内に稟議を上げるが、投資委員会は12月10日の一度きり」とのこと。\n"
            "検査速度は毎分120個が条件で、当社のデモ機では毎分 98 個だった。",
            "impression": "部長は前向きだが、経理の反対が強い。",
            "amount": 128_000_000,
            "closes": "2026-12-01/2026-12-31",
            "confidence": "B",
            "next_step": "投資委員会の資料を渡す",
            "next_on": "2026-12-04",
            "people": [{"name": "佐藤 一郎", "title": "製造部長", "decides": True}, {"name": "李 花"}],
            "trial_unit": True,
            "lines": ["press", "weld"],
        },
        deal=HEADS[0],
        corrected=True,
    ),
    entry(
        229, "11/20", {"activity": "phone", "customer": "㈱山善ﾒﾀﾙ"}, deal=HEADS[2], incomplete=True, author="佐々木"
    ),
    entry(228, "11/19", {"activity": "inhouse", "facts": NASTY}),
)


def stalled_row(of: DealSummary, days: int, began_on: str, *, new: bool, norm: Norm) -> GapRow:
    """A finding."""
    silence = (AS_OF - (of.heard_on or of.began_on)).days
    return GapRow(Stalled(of.id, of.stage, days, norm, day(began_on), new, of.amount, norm.days), of, silence)


NORMS = (
    Norm("trial", "new", 62, "won", 34),
    Norm("quote", "new", 30, "schema", 0),
    Norm("quote", "parts", 10, "kind", 0),
    Norm("approval", "new", 30, "schema", 0),
)


def stalled_page(*, live: int = 42, **changed: Any) -> GapPage:
    """Three of nine findings."""
    rows = [
        stalled_row(HEADS[0], 75, "10/10", new=True, norm=NORMS[3]),
        stalled_row(HEADS[1], 145, "2025-12-31", new=False, norm=NORMS[0]),
        stalled_row(HEADS[2], 53, "10/12", new=True, norm=NORMS[2]),
    ]
    found: dict[str, Any] = {
        "kind": "stalled",
        "as_of": AS_OF,
        "since": day("8/25"),
        "schema": AGREEMENT,
        "norms": NORMS,
        "rows": rows,
        "total": 9,
        "counted": StalledCount(live, 1_234_560_000, 9, 345_000_000, 3, 120_000_000, 2, 4),
        "left_out": {"incomplete": 3, "on_hold": 2, "never_stalls": 4, "rejected": 0},
        "filtered": False,
    }
    return GapPage(**(found | changed))


def summary() -> Summary:
    """The figures of a real data set."""
    fates: dict[Outcome, int] = {"won": 4238, "lost": 2473, "fizzled": 1200, "open": 389}
    return Summary(
        as_of=AS_OF,
        currency=Currency("USD", 0),
        deals=8300,
        fates=fates,
        win_rate=4238 / 6711,
        lead_time={"won": LeadTime(4238, 57, 51.7819), "lost": LeadTime(2473, 14, 41.4788)},
        amounts={"won": 10_005_534, "lost": 0, "fizzled": 0, "open": 0},
        without_amount=4062,
        quiet=Quiet(60, "default", 3),
    )


def imported(**changed: Any) -> ImportReport:
    """An import that stopped at two rows."""
    wrong = Problem(Place("stage", "pipeline.csv", 17), "Prospectng", msg("show.entry.in_house"))
    dated = Problem(Place("on", "pipeline.csv", 17), "", msg("show.customer.never"))
    found: dict[str, Any] = {
        "file": "pipeline.csv",
        "map": "import.yaml",
        "encoding": "UTF-8",
        "rows": 8800,
        "taken": 8298,
        "known": 0,
        "skipped": 0,
        "rejected": 502,
        "entries": 15_009,
        "deals": 8298,
        "new_deals": 8298,
        "sales": 0,
        "batch": None,
        "rejects": [Reject(17, {"stage": "Prospectng"}, (wrong, dated)), Reject(19, {}, (dated,))],
        "rejects_file": "",
        "stopped": True,
        "dry_run": False,
    }
    return ImportReport(**(found | changed))


def answers() -> dict[str, object]:
    """One answer of each kind, by the name of its golden file."""
    deals = [
        standing(HEADS[0]),
        standing(HEADS[1], held=Hold(90, day("11/1"), day("12/20"), "予算待ち", "佐々木"), stalled=False),
        standing(HEADS[2], outcome="fizzled", stalled=False),
        standing(
            head(60, "搬送ロボット", "大和産業", stage="won", fate="won", closed_on=day("8/3")),
            outcome="won",
            stay_days=None,
            norm=None,
            limit_days=None,
            stalled=False,
        ),
    ]
    history = (
        Version(230, "entry", "田中", "2026-11-20T09:12:44.120Z", day("11/20"), "", {}),
        Version(
            233,
            "amend",
            "田中",
            "2026-11-21T01:00:00.000Z",
            day("11/21"),
            "桁の誤り",
            {"amount": (12_800_000, 128_000_000), "on": (day("11/19"), day("11/20")), "impression": (None, "前向き")},
        ),
    )
    check = Check("hashes", 1234, ())
    return {
        "log": LogPage(AS_OF, day("11/16"), None, ENTRIES, 7, 1, 1),
        "log_cut": LogPage(AS_OF, None, None, ENTRIES[:2], 2, 0, 0, more=True),
        "log_empty": LogPage(AS_OF, None, None, (), 0, 0, 0),
        "search": LogPage(AS_OF, None, None, ENTRIES[1:2], 1, 0, 0, searched="稟議"),
        "entry": EntryPage(ENTRIES[1], history, retracted=False, with_history=True),
        "deal_list": DealList(AS_OF, AGREEMENT, deals, 31),
        "deal_list_empty": DealList(AS_OF, AGREEMENT, (), 0),
        "summary": summary(),
        "stalled": stalled_page(),
        "stalled_most": stalled_page(live=14),
        "stalled_none": stalled_page(rows=(), total=0, counted=StalledCount(42, 5, 0, 0, 0, 0, 2, 4)),
        "stalled_no_deals": stalled_page(
            rows=(), total=0, norms=(), left_out={}, counted=StalledCount(0, 0, 0, 0, 0, 0, 0, 0)
        ),
        **gap_live_answers.answers(stalled_page, AGREEMENT, HEADS, NASTY),
        "customer": CustomerPage(
            AS_OF,
            AGREEMENT,
            "株式会社東洋精密製作所",
            deals[:1],
            (
                Person("佐藤 一郎", "製造部長", True, day("5/11"), day("11/20"), 6),
                Person("李 花", "", None, day("2025-11-20"), day("11/20"), 1),
            ),
            ENTRIES[1:2],
            9,
            day("11/20"),
            45_600_000,
        ),
        "today": TodayPage(
            AS_OF,
            AGREEMENT,
            "/home/sato/nippo",
            (DueStep(deals[0], -3), DueStep(deals[1], 0)),
            (DueStep(standing(HEADS[2], stalled=False, stay_days=27), 4),),
            ENTRIES[2:3],
            1,
            42,
            day("11/20"),
            NORMS,
            day("11/20"),
        ),
        "today_empty": TodayPage(AS_OF, AGREEMENT, "/home/sato/nippo", (), (), (), 0, 0, None, (), has_journal=False),
        "schema": SchemaPage(AGREEMENT, "/home/sato/nippo/schema.yaml", "2026-04-01T00:00:00.000Z", differs=True),
        "schema_check": SchemaCheck(
            "schema.yaml", (Problem(Place("stages", "schema.yaml", 12), "30日間", msg("show.customer.never")),)
        ),
        "health": Health(
            "/home/sato/nippo/journal.db", (check, check._replace(problems=(msg("show.no_rate"),))), False
        ),
        "copied": Copied("backup", "/home/sato/backup/nippo-2026-11-23.db", 1234, ("nippo-2026-10-01.db",)),
        **redaction_answers.answers(NASTY),
        "path": PathPage(
            "/home/sato/nippo/journal.db",
            "/home/sato/nippo/schema.yaml",
            "/home/sato/.state",
            exists=False,
            found_by="platform",
        ),
        "imported": imported(),
        "imported_done": imported(rejected=0, taken=8800, rejects=(), stopped=False, batch=record_id(725, 9)),
        "done": Done("done.retracted", {"id": "k5-7"}, (230, record_id(725, 7)), dry_run=True),
        **day_answers(AGREEMENT, AS_OF, ENTRIES, HEADS, deals, NORMS),
        **steps_answers(AGREEMENT, HEADS, AS_OF),
    }


NAMES = tuple(answers())


@pytest.fixture(params=("ja", "en"))
def tongue(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language in turn."""
    before = language.current()
    language.bind(request.param)
    yield str(request.param)
    language.bind(before)


@pytest.fixture
def japanese() -> Iterator[None]:
    """The Japanese screen."""
    before = language.current()
    language.bind("ja")
    yield
    language.bind(before)


@pytest.fixture
def answer() -> Callable[[str], object]:
    """An answer by its name."""
    return lambda name: answers()[name]


@pytest.fixture
def nasty() -> str:
    """Text that would steer a terminal, a spreadsheet or a renderer of markup."""
    return NASTY


@pytest.fixture(params=NAMES)
def page_name(request: pytest.FixtureRequest) -> str:
    """Each answer's name in turn."""
    return str(request.param)
