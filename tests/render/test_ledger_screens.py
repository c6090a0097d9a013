"""The pages of the ledger: what does not agree, both sums, proposals, rows, targets."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest

from nippo_cli.base.dates.calendar import month_number
from nippo_cli.base.language import t
from nippo_cli.base.text import width
from nippo_cli.gaps.facts import Sale
from nippo_cli.gaps.matching import Proposal
from nippo_cli.gaps.unlinked import Balance, Detail, LedgerPart, Unlinked
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.promised import Target
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.gaps import unlinked as gap_unlinked
from nippo_cli.render.gaps.signs import sign_words
from nippo_cli.results.deal_status import Sign
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.results.ledger import MatchPage, ProposalRow, SaleRow, SalesPage, TargetPage
from nippo_cli.schema.schema import Field, Schema, Stage

TERMINAL = Screen(columns=80, terminal=True, limit=20)
AS_OF = date(2026, 11, 23)
AGREEMENT = Schema(
    name="東洋計測 営業部",
    language="ja",
    stages=(Stage("approval", "社内決裁"), Stage("won", "受注", ends="won"), Stage("lost", "失注", ends="lost")),
    fields=(Field("stage", "フェーズ", "choice", "stage"),),
)
NASTY = "\x1b[31m赤\x1b[0m\u202e逆\x9b [bold]太[/bold] 値引[/]交渉 :smile: =1+1"


def day(text: str) -> date:
    """`9/14` in 2026, or an ISO date."""
    if "/" in text:
        month, of = text.split("/")
        return date(2026, int(month), int(of))
    return date.fromisoformat(text)


def head(number: int, name: str, customer: str, won: str | None, amount: int) -> DealSummary:
    """A deal won on a day, or still open."""
    closed_on = day(won) if won else None
    return DealSummary(
        number, name, customer, "new", "田中", None, "won" if won else "approval", closed_on or day("9/9"), number + 7,
        "won" if won else "live", day("5/11"), closed_on, day("10/11"), day("10/11"), number + 9, 8, 6, amount, None, None,
        None, 0, 0, 0, "", "", None, None, (),
    )  # fmt: skip


WON = (
    head(60, "搬送ロボット", "大和産業", "8/3", 12_000_000),
    head(61, "検査ライン増設（第3工場）", "株式会社東洋精密製作所", "9/1", 8_000_000),
)
OPEN = head(12, "検査ライン増設（第2工場）", "株式会社東洋精密製作所", None, 128_000_000)
SALES = (
    Sale(301, day("10/20"), "㈱東洋精密製作所", 8_100_000, None, "S2610-117", "検収"),
    Sale(302, day("11/2"), "大和産業株式会社", 5_000_000, 60, "S2611-003", "一部", names=True),
    Sale(303, day("11/4"), NASTY, -30_000, None, "", NASTY),
    Sale(304, day("11/9"), "株式会社東洋精密製作所", 1_000_000, 12, "S2611-040", ""),
)
MAY = Proposal(61, SALES[:1], -100_000, 49, ("billed_to",), left=4_900_000)


def found(*args, **more) -> Unlinked:
    """A finding."""
    return Unlinked(*args, **more)


def unlinked(**changed) -> GapPage:
    """One finding of each case, of nine."""
    rows = [
        GapRow(found("no_sale", 61, "won", day("11/1"), True, 8_000_000, 0, 22, (), day("10/31"), MAY), WON[1], 9,
               Detail(77, WON[1])),
        GapRow(found("no_deal", None, "", day("10/20"), True, 8_100_000, 8_100_000, 34, SALES[:1], proposal=MAY), None, 0,
               Detail(None, WON[1])),
        GapRow(found("differs", 60, "won", day("11/2"), True, 12_000_000, 5_000_000, 7_000_000, SALES[1:2], day("10/2")),
               WON[0], 12, Detail(70, None)),
        GapRow(found("not_won", 12, "approval", day("11/9"), True, 128_000_000, 1_000_000, 14, SALES[3:]), OPEN, 3,
               Detail(None, None)),
        GapRow(found("no_deal", None, "", day("11/4"), True, -30_000, -30_000, 19, SALES[2:3]), None, 0,
               Detail(None, None)),
        GapRow(found("no_sale", 60, "won", day("2025-12-31"), False, None, 0, 327, (), day("2025-12-30")), WON[0], 12,
               Detail(70, None)),
    ]  # fmt: skip
    balance = Balance(
        ledger=LedgerPart(4, 14_070_000), matched=LedgerPart(1, 5_000_000), unmatched=LedgerPart(3, 9_070_000),
        proposed=LedgerPart(1, 8_100_000),
        won=LedgerPart(7, 33_000_000), before=LedgerPart(2, 3_000_000), backlog=LedgerPart(3, 10_000_000), late=LedgerPart(2, 8_000_000),
        difference=LedgerPart(1, 7_000_000), without_amount=1,
    )  # fmt: skip
    whole = {
        "kind": "unlinked", "as_of": AS_OF, "since": day("8/25"), "schema": AGREEMENT, "norms": (),
        "rows": rows, "total": 9, "counted": balance,
        "left_out": {"orders_before": 4, "without_amount": 1, "unowned": 2, "rejected": 1}, "filtered": False,
    }  # fmt: skip
    return GapPage(**(whole | changed))


def pages() -> dict[str, object]:
    """An answer of each kind."""
    rows = [SaleRow(SALES[3], OPEN), SaleRow(SALES[2], None), SaleRow(SALES[1], WON[0]), SaleRow(SALES[0], None)]
    several = Proposal(60, SALES[1:3], 2_030_000, 91, ("customer", "site"), 1000, 500_000, 3_500_000)
    return {
        "unlinked": unlinked(),
        "unlinked_agrees": unlinked(rows=(), total=0, left_out={}, counted=Balance(
            LedgerPart(1, 5), LedgerPart(1, 5), won=LedgerPart(1, 5))),
        "unlinked_no_ledger": unlinked(rows=(), total=0, left_out={}, counted=Balance(
            won=LedgerPart(1, 5), backlog=LedgerPart(1, 5))),
        "unlinked_nothing": unlinked(rows=(), total=0, left_out={}, counted=Balance()),
        "unlinked_none_match": unlinked(rows=(), total=0, left_out={}, counted=Balance(), filtered=True),
        "sales": SalesPage(AS_OF, day("8/25"), AS_OF, AGREEMENT, rows, 31, 14_070_000),
        "sales_none": SalesPage(AS_OF, day("8/25"), AS_OF, AGREEMENT, (), 0, 0),
        "match": MatchPage(
            AS_OF, date(2025, 11, 23), AGREEMENT, [ProposalRow(MAY, WON[1]), ProposalRow(several, WON[0])], 3),
        "match_none": MatchPage(AS_OF, day("8/25"), AGREEMENT, (), 0),
        "targets": TargetPage(AS_OF, AGREEMENT, [
            Target(400, "佐々木", month_number(day("11/1")), 2_000_000), Target(401, "田中", month_number(day("12/1")), 0)]),
        "targets_none": TargetPage(AS_OF, AGREEMENT, ()),
    }  # fmt: skip


@pytest.fixture(params=tuple(pages()))
def of(request: pytest.FixtureRequest) -> str:
    """Each page in turn."""
    return str(request.param)


@pytest.fixture
def page_of() -> Callable[[str], object]:
    """A page by its name."""
    return lambda name: pages()[name]


def test_a_page_on_a_terminal(of, tongue, page_of, snapshot):
    """Every page, as it stands on a terminal of 80 columns."""
    assert draw(page_of(of), fmt="table", screen=TERMINAL) == snapshot


def test_json_is_the_same_in_every_language(of, tongue, page_of, snapshot):
    """No locale reaches JSON."""
    assert draw(page_of(of), fmt="json", screen=Screen()) == snapshot(name=f"{of} json")


def test_the_wide_page(page_of, japanese, snapshot):
    """One row a finding where there is room, and in a pipe."""
    assert draw(page_of("unlinked"), fmt="table", screen=Screen()) == snapshot
    assert draw(page_of("unlinked"), fmt="csv", screen=Screen()) == snapshot


def test_nothing_runs_over_and_nothing_is_left_unsaid(of, tongue, page_of):
    """At any width; in each format; stored text is safe."""
    for columns in (80, 100, 132, 160, 200):
        text = draw(page_of(of), fmt="table", screen=Screen(columns=columns, terminal=True))
        assert max(width(row) for row in text.split("\n")) <= columns
        assert re.findall(r"\bshow\.[a-z_.]+", text) == []
        assert "\x1b[31m" not in text
    for fmt in ("table", "md", "csv", "json", "jsonl"):
        text = draw(page_of(of), fmt=fmt, screen=Screen())
        assert text.endswith("\n") or (fmt == "jsonl" and not text)
        assert "\u202e" not in text


def test_a_finding_of_a_sale_names_no_deal(page_of, japanese):
    """Its deal and stage are null, and the ledger's row is there."""
    findings = json.loads(draw(page_of("unlinked"), fmt="json", screen=Screen()))["findings"]
    assert [(f["case"], f["deal"] and f["deal"]["id"], f["stage"], f["entries"]) for f in findings] == [
        ("no_sale", "61", "won", ["77"]), ("no_deal", None, None, []), ("differs", "60", "won", ["70"]),
        ("not_won", "12", "approval", []), ("no_deal", None, None, []), ("no_sale", "60", "won", ["70"]),
    ]  # fmt: skip
    assert [f["difference"] for f in findings] == [8_000_000, None, 7_000_000, None, None, None]
    assert findings[1]["sale"]["reference"] == "S2610-117"
    assert findings[1]["proposal"]["deal"]["id"] == "61"


def test_a_deals_sign_and_question(tongue, snapshot):
    """In a few words, for the page that lists a deal with all its signs."""
    signs = [
        sign_words(Sign("unlinked", row.finding), row.about, AGREEMENT)
        for row in unlinked().rows
        if row.about is not None
    ]
    assert [*signs, t(gap_unlinked.RENDERER.ask)] == snapshot
