"""What is said around a drawn line: its title, its numbers, its promises, the legend."""

from collections.abc import Collection
from typing import get_args

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import cut, visible, width
from nippo_cli.line.facts import Stay, lead_days
from nippo_cli.render.draw import Glyphs, Run, Span, Tone
from nippo_cli.render.parts import moves, separator, stay_days, value_in_role, words
from nippo_cli.render.timeline.lane import Label, LaneMark
from nippo_cli.results.deals import DealLine

_LEAST_NAME = 12


def labels(deal: DealLine) -> list[Label]:
    """Each stay's stage and length; `won` and `lost` have none, nor has one of which an end is not known."""
    named = []
    for stay in deal.line.stays:
        length = stay_days(deal, stay)
        named.append(
            Label(
                visible(words.stage(deal.schema, stay.stage)),
                "" if length is None else words.stay_short(length, stay.arrival),
            )
        )
    return named


def title(deal: DealLine, marks: Glyphs, columns: int, *, aligned: bool = False) -> list[Run]:
    """Whose line it is on the left, how it stands on the right; the day it began where the axis does not tell it.

    Where there is no room for both side by side they take a row each.
    """
    head = deal.line.head
    status, tone = status_of(deal, marks)
    left = [head.name, head.customer, head.owner]
    name = f"#{show_id(head.id)} " + separator(marks).join(visible(part) for part in left if part)
    room = columns - width(status) - 2
    more = [t("timeline.from", day=words.day(head.began_on))] if aligned else []
    more += [words.money(head.amount, deal.schema.currency)] if head.amount is not None else []
    for part in more:
        # A date or an amount is told whole or not at all.
        longer = name + separator(marks) + part
        name = longer if width(longer) <= room else name
    if room < _LEAST_NAME:
        return [(Span(_cut(name, columns, marks), "strong"),), (Span(_cut(status, columns, marks), tone),)]
    name = _cut(name, room, marks)
    return [(Span(name, "strong"), " " * (columns - width(name) - width(status)), Span(status, tone))]


def _cut(text: str, columns: int, marks: Glyphs) -> str:
    """The text within the columns, with the screen's own ellipsis where any is lost."""
    if width(text) <= columns:
        return text
    return cut(text, columns - width(marks.more) + 1)[:-1] + marks.more


def status_of(deal: DealLine, marks: Glyphs) -> tuple[str, Tone]:
    """Where the deal stands: won or lost after so many days, on hold, or in a stage for so long against its norm."""
    head, status = deal.line.head, deal.status
    lead = lead_days(head)
    if head.closed_on is not None:
        won = head.fate == "won"
        text = f"{marks.won if won else marks.lost} {t('word.won' if won else 'word.lost')} {words.days_short(lead)}"
        if not won:
            reason = _lost_reason(deal)
            text += t("timeline.because", why=reason) if reason else ""
        elif status.stay_days is not None:
            text += f" {marks.then} {_stage(deal)} {words.days_short(status.stay_days)}"
        return visible(text), "good" if won else "bad"
    if status.held is not None:
        return visible(t("timeline.on_hold", last=words.day(status.held.last, deal.as_of))), "dim"
    length = "" if status.stay_days is None else words.stay_short(status.stay_days, head.arrival)
    if status.norm is None:
        text = f"{_stage(deal)} {length}".rstrip()
    else:
        text = t("timeline.against", stage=_stage(deal), days=length, norm=words.days_short(status.norm.days))
    if status.outcome == "fizzled":
        return visible(t("timeline.fizzled", days=words.silence_short(status.silence_days, head))), "warn"
    if status.stalled:
        return visible(f"{marks.sign} {text}"), "warn"
    return visible(text), "plain"


def _stage(deal: DealLine) -> str:
    return words.stage(deal.schema, deal.line.head.stage)


def _lost_reason(deal: DealLine) -> str:
    for entry in reversed(deal.points):
        reason = value_in_role(entry, "lost_reason")
        if reason:
            return words.value(entry.schema.by_role["lost_reason"], reason, entry.schema)
    return ""


def numbers(deal: DealLine, labels: list[Label], marks: Glyphs, columns: int) -> list[Run]:
    """Every stay with its days, in order, wrapped between two of them."""
    rows: list[str] = []
    for stay, label in zip(deal.line.stays, labels, strict=True):
        text = _number(stay, label, marks)
        joined = f"{rows[-1]} {marks.then} {text}" if rows else text
        if rows and width(joined) <= columns:
            rows[-1] = joined
        else:
            rows.append(f"{marks.then} {text}" if rows else text)
    return [(Span(_cut(row, columns, marks), "dim"),) for row in rows]


def _number(stay: Stay, label: Label, marks: Glyphs) -> str:
    back = marks.back if stay.step < 0 else ""
    return f"{back}{label.stage} {label.days}".rstrip()


def promises_in_words(deal: DealLine, marks: Glyphs) -> str:
    """The expected close, from where it first stood, and how often it moved."""
    head = deal.line.head
    if head.closes is None:
        return ""
    promised = words.when(head.closes, deal.as_of)
    if head.first_closes is None or not (head.pushes or head.pulls):
        return t("timeline.closes", closes=promised)
    return t(
        "timeline.closes_moved",
        first=words.when(head.first_closes, deal.as_of), arrow=marks.moved, closes=promised, moves=moves(head),
    )  # fmt: skip


def legend(used: Collection[LaneMark], marks: Glyphs, columns: int) -> list[Run]:
    """What the marks on the page mean: only those that are on it."""
    shown = {
        "won": marks.won, "lost": marks.lost, "short": f"{marks.short}{marks.knot}", "held": marks.held * 2,
        "contact": marks.contact, "several": "2-9", "other": marks.other, "first": marks.first,
        "moved": f"{marks.push}{marks.pull}", "standing": marks.promised, "beyond": marks.beyond, "child": marks.child,
    }  # fmt: skip
    rows: list[str] = []
    for mark in get_args(LaneMark):
        if mark not in used:
            continue
        text = f"{shown[mark]} {t(f'timeline.legend_{mark}')}"
        if rows and width(rows[-1]) + 2 + width(text) <= columns:
            rows[-1] += f"  {text}"
        else:
            rows.append(text)
    return [(Span(_cut(row, columns, marks), "dim"),) for row in rows]
