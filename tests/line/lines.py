"""A small builder of points and lines for tests of the pure rooms."""

from datetime import date

from nippo_cli.base.dates.when import When, read_when
from nippo_cli.line.facts import DealEvent, DealHistory, DealRecord, Handover, Statement
from nippo_cli.line.history import build_history
from nippo_cli.line.span import Hold
from nippo_cli.schema.schema import Activity, Field, Kind, Schema, Stage

AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(
        Stage("lead", "引合い"),
        Stage("visit", "訪問"),
        Stage("quote", "見積"),
        Stage("won", "受注", ends="won"),
        Stage("lost", "失注", ends="lost"),
        Stage("delivery", "納入", after=True),
        Stage("follow", "フォロー", after=True),
    ),
    kinds=(Kind("new", "新規"), Kind("renewal", "更新", stalls=False), Kind("parts", "部品", norms={"quote": 5})),
    activities=(Activity("call", "電話"), Activity("inhouse", "社内", contact=False)),
    fields=(Field("stage", "フェーズ", "choice", "stage"),),
)


def day(text: str) -> date:
    """`1/5` in 2026, or an ISO date."""
    if "/" in text:
        month, of = text.split("/")
        return date(2026, int(month), int(of))
    return date.fromisoformat(text)


def point(
    number: int,
    on: str,
    stage: str | None = None,
    *,
    contact: bool = True,
    author: str = "佐藤",
    customer: str | None = None,
    kind: str | None = None,
    amount: int | None = None,
    closes: str | None = None,
    confidence: str | None = None,
    step: str | None = None,
    step_on: str | None = None,
    known_on: str | None = None,
    earlier: tuple[Statement, ...] = (),
) -> DealEvent:
    """A point, with what a test names."""
    return DealEvent(
        number, day(on), stage, contact, author, "call", customer, kind, amount, when(closes), confidence, step,
        when(step_on), day(known_on) if known_on else None, earlier,
    )  # fmt: skip


def when(text: str | None) -> When | None:
    """A promise's date: `3/31`, an ISO date or interval."""
    if text is None:
        return None
    return read_when(text) if "-" in text else When.day(day(text))


def begun(*, holds: tuple[Hold, ...] = (), handovers: tuple[Handover, ...] = ()) -> DealRecord:
    """A deal's own records."""
    return DealRecord(1, "搬送ロボット", holds=holds, handovers=handovers)


def line_of(*points: DealEvent, of: DealRecord | None = None, schema: Schema = AGREEMENT) -> DealHistory:
    """The line that the points make."""
    return build_history(of or begun(), points, schema)
