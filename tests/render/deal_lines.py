"""Hand-made deals for the screens: points → line through the fold, and the page that a desk would answer with."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any, NamedTuple

from nippo_cli.base.dates.when import When, read_when
from nippo_cli.line.facts import DealEvent, DealHistory, DealRecord, Handover, ref
from nippo_cli.line.history import build_history
from nippo_cli.line.norm import Norms, Quiet
from nippo_cli.line.quiet import is_fizzled, silence_days
from nippo_cli.line.span import ClosedDays, Hold, net_days, on_hold
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.results.deals import DealLine, DealPage
from nippo_cli.results.entries import EntryView
from nippo_cli.schema.schema import (
    Activity,
    Choice,
    Field,
    Kind,
    Rank,
    Schema,
    Stage,
)

JA_STAGES = {
    "lead": "引合い", "first_visit": "初回訪問", "hearing": "ヒアリング", "demo": "デモ・サンプル評価",
    "proposal": "提案", "quote": "見積", "approval": "社内決裁", "unofficial": "内示", "won": "受注", "lost": "失注",
    "delivery": "納入・検収", "follow": "フォロー",
}  # fmt: skip
EN_STAGES = {
    "lead": "Lead", "first_visit": "First visit", "hearing": "Discovery", "demo": "Demo", "proposal": "Proposal",
    "quote": "Quote", "approval": "Approval", "unofficial": "Verbal order", "won": "Won", "lost": "Lost",
    "delivery": "Delivery", "follow": "Follow-up",
}  # fmt: skip
JA_FIELDS = {
    "activity": "活動", "stage": "フェーズ", "facts": "事実", "impression": "所感", "amount": "金額",
    "closes": "受注予定", "confidence": "確度", "next_step": "次の一手", "next_on": "その期日",
    "people": "面談者", "competitor": "競合", "lost_reason": "失注理由", "customer": "顧客", "kind": "案件種別",
}  # fmt: skip
EN_FIELDS = {
    "activity": "Activity", "stage": "Stage", "facts": "Facts", "impression": "Impression", "amount": "Amount",
    "closes": "Expected close", "confidence": "Confidence", "next_step": "Next step", "next_on": "By",
    "people": "People", "competitor": "Competitor", "lost_reason": "Lost reason", "customer": "Customer",
    "kind": "Kind",
}  # fmt: skip
JA_ACTIVITIES = {"visit": "訪問", "call": "電話", "mail": "メール", "web": "Web会議", "office": "社内"}
EN_ACTIVITIES = {"visit": "Visit", "call": "Call", "mail": "Mail", "web": "Video call", "office": "In-house"}
_TYPES = {
    "amount": "money", "closes": "date", "next_on": "date", "people": "people", "lost_reason": "choice",
    "activity": "choice", "stage": "choice", "confidence": "choice", "customer": "customer", "kind": "choice",
}  # fmt: skip
_IN_ENGLISH = {"佐藤": "Sato", "鈴木": "Suzuki"}
_NORMS = {"proposal": 30, "quote": 14, "approval": 45}
_DONE = {"ja": "見積を求めてくれた", "en": "the customer asks for a quote"}
_numbers = count(1)


def schema(lang: str = "ja") -> Schema:
    """A maker's agreement, in one language."""
    ja = lang == "ja"
    stages, fields, activities = (JA_STAGES, JA_FIELDS, JA_ACTIVITIES) if ja else (EN_STAGES, EN_FIELDS, EN_ACTIVITIES)
    reasons = (Choice("price", "価格" if ja else "price"),)
    return Schema(
        name="製造業" if ja else "Maker",
        language=lang,
        stages=tuple(
            Stage(
                key,
                label,
                ends=key if key in ("won", "lost") else None,  # type: ignore[arg-type]
                after=key in ("delivery", "follow"),
                norm=_NORMS.get(key),
                done_when=_DONE[lang] if key == "proposal" else "",
            )
            for key, label in stages.items()
        ),
        fields=tuple(
            Field(
                key,
                label,
                _TYPES.get(key, "text"),
                role=key,  # type: ignore[arg-type]
                choices=reasons if key == "lost_reason" else (),
            )
            for key, label in fields.items()
        ),
        kinds=(Kind("new", "新規" if ja else "New"), Kind("parts", "部品" if ja else "Parts", stalls=False)),
        activities=tuple(Activity(k, label, contact=k != "office") for k, label in activities.items()),
        ranks=tuple(Rank(k, k) for k in "ABC"),
    )


class Entry(NamedTuple):
    """A point as a test writes it: `on` an ISO day, `values` by field key."""

    on: str
    stage: str | None = None
    activity: str | None = "visit"
    values: Mapping[str, Any] = {}
    author: str = "佐藤"
    known_on: str | None = None
    incomplete: bool = False


def deal(
    name: str,
    entries: Sequence[Entry],
    *,
    as_of: str,
    lang: str = "ja",
    number: int = 12,
    begun: DealRecord | None = None,
    **more: Any,
) -> DealPage:
    """A deal's page as the desk would answer it."""
    agreed, today = schema(lang), date.fromisoformat(as_of)
    begun = (begun or DealRecord(number, name))._replace(id=number, name=name)
    views = [_view(number * 100 + i, e, agreed) for i, e in enumerate(entries, 1)]
    line = build_history(begun, [_point(v) for v in views], agreed)
    views = [v._replace(deal=ref(line.head)) for v in views]
    return DealPage(
        as_of=today, schema=agreed, status=standing(line, agreed, today), record=begun, line=line, points=views,
        quiet=Quiet(60, "default", 0), parent=more.pop("parent", None), children=more.pop("children", ()), **more,
    )  # fmt: skip


def line_of(page: DealPage) -> DealLine:
    """What a timeline draws of it."""
    return DealLine(*(getattr(page, field) for field in DealLine._fields))


def standing(line: DealHistory, agreed: Schema, today: date) -> DealStatus:
    """How a line stands, by the plain rules; a closed deal in an after-stage stays there without a norm."""
    head, rest = line.head, ClosedDays(agreed.closures)
    ended = agreed.stage_by_key[head.stage].ends is not None
    days = None if ended else net_days(head.holds, head.entered_on, today)
    norm = Norms(agreed, {}, {}).of(head.stage, head.kind) if head.fate == "live" else None
    held = next((h for h in head.holds if on_hold([h], today)), None)
    outcome = "open" if head.fate == "live" else head.fate
    if is_fizzled(head, 60, rest, today):
        outcome = "fizzled"
    return DealStatus(
        head, outcome, days, norm, norm.days if norm else None,  # type: ignore[arg-type]
        bool(norm and days is not None and days > norm.days and not held), silence_days(head, today), held,
        max((today - head.next_on.last).days, 0) if head.next_on else 0,
    )  # fmt: skip


def held(first: str, last: str, why: str) -> Hold:
    """A hold of ISO days."""
    return Hold(next(_numbers), date.fromisoformat(first), date.fromisoformat(last), why, "佐藤")


def handed(on: str, owner: str) -> Handover:
    """A hand-over on an ISO day."""
    return Handover(next(_numbers), date.fromisoformat(on), owner)


def _view(number: int, of: Entry, agreed: Schema) -> EntryView:
    values: dict[str, Any] = dict(of.values)
    if of.stage:
        values["stage"] = of.stage
    if of.activity:
        values["activity"] = of.activity
    author = _IN_ENGLISH.get(of.author, of.author) if agreed.language == "en" else of.author
    return EntryView(
        id=number, version=number, on=date.fromisoformat(of.on), recorded_at=f"{of.on}T09:00:00.000Z",
        known_on=date.fromisoformat(of.known_on or of.on), author=author, deal=None, meeting=None, values=values,
        incomplete=of.incomplete, corrected=of.known_on is not None, batch=None, schema=agreed,
    )  # fmt: skip


def _point(of: EntryView) -> DealEvent:
    said = of.values
    return DealEvent(
        id=of.id, on=of.on, stage=said.get("stage"), contact=said.get("activity") != "office", author=of.author,
        activity=said.get("activity"), customer=said.get("customer"), kind=said.get("kind"),
        amount=said.get("amount"), closes=_when(said.get("closes")), confidence=said.get("confidence"),
        next_step=said.get("next_step"), next_on=_when(said.get("next_on")),
    )  # fmt: skip


def _when(text: str | None) -> When | None:
    return read_when(text) if text else None
