"""What several JSON answers share: a deal, an entry, a norm. Ids are as people type them, days ISO, money whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.line.facts import DealRef, DealSummary, lead_days, ref

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.base.dates import When
    from nippo_cli.gaps.facts import Sale
    from nippo_cli.line.facts import Review, Revisit
    from nippo_cli.line.norm import Norm, Quiet
    from nippo_cli.line.span import Hold
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Currency

RATE_PLACES = 4
MEAN_PLACES = 3


def deal(of: DealRef | DealSummary) -> dict[str, object]:
    """A deal's name tag."""
    tag = ref(of) if isinstance(of, DealSummary) else of
    return {"id": show_id(tag.id), "name": tag.name, "customer": tag.customer, "owner": tag.owner}


def status(of: "DealStatus") -> dict[str, object]:
    """A deal's head as it stands."""
    head = of.head
    return {
        **deal(head),
        "billed_to": head.billed_to or None,
        "site": head.site or None,
        "kind": head.kind,
        "parent": maybe_id(head.parent),
        "stage": head.stage,
        "outcome": of.outcome,
        "began_on": head.began_on.isoformat(),
        "entered_on": head.entered_on.isoformat(),
        "closed_on": day(head.closed_on),
        "lead_days": lead_days(head),
        "arrival": head.arrival,
        "begin_known": head.begin_known,
        "stay_days": of.stay_days,
        "norm": norm(of.norm) if of.norm else None,
        "limit_days": of.limit_days,
        "stalled": of.stalled,
        "on_hold": hold(of.held) if of.held else None,
        "last_contact_on": day(head.last_contact_on),
        "silence_days": of.silence_days,
        "silence_at_least": head.silence_at_least,
        "amount": head.amount,
        "closes": when(head.closes),
        "first_closes": when(head.first_closes),
        "pushes": head.pushes,
        "pulls": head.pulls,
        "slip_days": head.slip_days,
        "confidence": head.confidence or None,
        "next_step": head.next_step or None,
        "next_on": when(head.next_on),
        "next_overdue_days": of.next_overdue_days,
        "entries": head.entries,
        "contacts": head.contacts,
        "contacts_known": head.contacts_known,
    }


def entry(of: "EntryView") -> dict[str, object]:
    """An entry in the version that was asked for; `customer_name` is whose it is, as that is called; `values` by field key as they
    were written."""
    return {
        "id": show_id(of.id),
        "version": show_id(of.version),
        "on": of.on.isoformat(),
        "recorded_at": of.recorded_at,
        "known_on": of.known_on.isoformat(),
        "author": of.author,
        "deal": deal(of.deal) if of.deal else None,
        "customer_name": of.customer or None,
        "meeting": maybe_id(of.meeting),
        "values": dict(of.values),
        "incomplete": of.incomplete,
        "snapshot": of.snapshot,
        "corrected": of.corrected,
        "erased": of.erased,
        "batch": maybe_id(of.batch),
        **({"damaged": True, "remains": of.remains} if of.damaged else {}),
    }


def norm(of: "Norm") -> dict[str, object]:
    """A norm with its evidence; `kind` only where the deal has one."""
    kind = {"kind": of.kind} if of.kind else {}
    return {"stage": of.stage, **kind, "days": of.days, "source": of.source, "n": of.n}


def quiet(of: "Quiet") -> dict[str, object]:
    """The quiet limit with its evidence."""
    return {"days": of.days, "source": of.source, "n": of.n}


def hold(of: "Hold") -> dict[str, object]:
    """A hold, both ends included."""
    return {
        "id": show_id(of.id),
        "first": of.first.isoformat(),
        "last": of.last.isoformat(),
        "why": of.why,
        "author": of.author,
    }


def currency(of: "Currency") -> dict[str, object]:
    """The currency that every amount of the answer is in."""
    return {"code": of.code, "digits": of.digits}


def when(of: "When | None") -> str | None:
    """An ISO day, or an interval of two."""
    return None if of is None else str(of)


def day(of: "date | None") -> str | None:
    """An ISO day, if there is one."""
    return None if of is None else of.isoformat()


def sale(of: "Sale") -> dict[str, object]:
    """A row of the ledger."""
    from nippo_cli.base.tax import show_rate

    return {
        "id": show_id(of.id),
        "on": of.on.isoformat(),
        "kind": of.kind,
        "customer": of.customer,
        "amount": of.amount,
        "gross": of.gross,
        "tax": show_rate(of.tax) if of.tax else None,
        "reference": of.reference,
        "note": of.note,
    }


def revisit(of: "Revisit | None") -> dict[str, object] | None:
    """The day on which somebody is to be called again."""
    if of is None:
        return None
    return {"on": of.on.isoformat(), "by": of.author, "why": of.why or None, "known_on": of.known_on.isoformat()}


def review(of: "Review") -> dict[str, object]:
    """A review; the last of a deal is the one that counts."""
    return {
        "id": show_id(of.id),
        "on": of.on.isoformat(),
        "known_on": of.known_on.isoformat(),
        "by": of.who,
        "cause": of.cause or None,
        "known_by": of.known_by,
        "text": of.text,
    }


def ids(of: Sequence[int]) -> list[str]:
    """Record ids as people type them."""
    return [show_id(one) for one in of]


def maybe_id(of: int | None) -> str | None:
    """A record id as people type it, if there is one."""
    return None if of is None else show_id(of)


def rate(of: float | None) -> float | None:
    """A rate to four places."""
    return None if of is None else round(of, RATE_PLACES)


def mean(of: float | None) -> float | None:
    """A mean or a median to three places."""
    return None if of is None else round(of, MEAN_PLACES)
