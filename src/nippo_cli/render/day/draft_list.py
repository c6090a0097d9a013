"""`nippo draft list`."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from nippo_cli.base.dates import local_time
from nippo_cli.base.language import t
from nippo_cli.base.text import cut
from nippo_cli.render.draw import Column, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.drafts import DraftList, DraftView

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = ("number", "saved_at", "on", "deal", "customer", "facts", "reports", "in_editor", "path")
_FACTS = 40


def page(result: DraftList, _screen: "Screen") -> Page:
    """A row for each, and how to go on."""
    if not result.drafts:
        return Page([Prose(t("draft.none"))])
    columns = [
        Column("number", t("draft.head.number"), right=True),
        Column("saved_at", t("draft.head.saved_at")),
        Column("on", t("flow.day")),
        Column("deal", t("show.head.deal"), flex=True),
        Column("facts", t("draft.head.facts"), flex=True),
    ]
    rows = [
        [
            str(draft.number),
            _saved(draft, result),
            words.day_name(draft.on, result.as_of) if draft.on else words.NOTHING,
            _whom(draft) or words.NOTHING,
            _facts(draft),
        ]
        for draft in result.drafts
    ]
    return Page([Table(columns, rows), Prose(""), Prose(Span(t("draft.go_on"), "dim"))], t("draft.title"))


def to_json(result: DraftList) -> dict[str, object]:
    """Every draft; `saved_at` is in UTC."""
    return {
        "as_of": result.as_of.isoformat(),
        "drafts": [{**draft._asdict(), "on": shapes.day(draft.on)} for draft in result.drafts],
    }


def draft_in_words(draft: DraftView, near: date) -> str:
    """A draft in a few words: `11/22(日)  検査装置  納期を聞かれた…`."""
    day = words.day_name(draft.on, near) if draft.on else ""
    return "  ".join(part for part in (day, _whom(draft), cut(_facts(draft), _FACTS)) if part)


def _whom(draft: DraftView) -> str:
    if draft.deal and draft.customer:
        return t("flow.of_customer", deal=draft.deal, customer=draft.customer)
    return draft.deal or draft.customer


def _facts(draft: DraftView) -> str:
    if draft.reports > 1:
        return t("draft.reports", n=draft.reports)
    facts = draft.facts.replace("\n", " ")
    return f"{facts} {t('draft.in_editor')}".strip() if draft.in_editor else facts


def _saved(draft: DraftView, result: DraftList) -> str:
    at = local_time(datetime.fromisoformat(draft.saved_at), result.time_zone)
    return f"{words.day(at.date(), result.as_of)} {at:%H:%M}"


RENDERER = Renderer(DraftList, page=page, to_json=to_json, rows="drafts", columns=COLUMNS)
