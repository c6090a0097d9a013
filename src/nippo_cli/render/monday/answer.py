"""The report as JSON: what page one says, then the pages behind it as each has it by itself."""

from nippo_cli.base.ids import show_id
from nippo_cli.render.deal import masked, page as deal_page
from nippo_cli.render.deal.story import mask_of
from nippo_cli.render.gaps import page as gap, whole as gap_whole
from nippo_cli.render.landing.answer import to_json as landing_json
from nippo_cli.render.lessons import cases as lessons_cases
from nippo_cli.render.parts import ball_json, lesson_json, remark_lines, shapes
from nippo_cli.render.steps import page as steps_page
from nippo_cli.results.gap import Talk
from nippo_cli.results.monday import Failure, Forward, MondayReport


def to_json(result: MondayReport) -> dict[str, object]:
    """The same figures that stand on the page."""
    answer: dict[str, object] = {
        "as_of": result.as_of.isoformat(),
        "since": result.since.isoformat(),
        "journal": result.journal if result.names is None else None,
        "owner": result.owner or None,
        "customer": result.customer or None,
        "currency": shapes.currency(result.schema.currency),
        "decided": [
            {"deal": show_id(deal), **remark_lines.comment_json(one)}
            for deal, comments in result.decided.items()
            for one in comments
        ],
        "talk": [_talk(talk, result) for talk in result.talk],
        "orders": [{**shapes.deal(head), "amount": head.amount} for head in result.orders],
        "forward": [_forward(one) for one in result.forward],
        "failure": _failure(result.failure),
        "calls_total": result.calls.total,
        "calls": [gap.finding(row, result.calls) for row in result.calls.rows],
        "without_amount_total": result.without_amount_total,
        "without_amount": [shapes.deal(head) for head in result.without_amount],
        "landing": landing_json(result.landing),
        "gaps": gap_whole.to_json(result.whole),
        "steps": steps_page.to_json(result.steps),
        "deals_total": result.deals_total,
        "deals": [deal_page.to_json(page) for page in result.deals],
    }
    return masked.plain(answer, mask_of(result.names)) if result.names is not None else answer


def _talk(talk: Talk, result: MondayReport) -> dict[str, object]:
    page = result.pages.get(talk.head.id)
    return {
        "deal": shapes.deal(talk.head),
        "amount": talk.head.amount,
        "signs": [sign.kind for sign in talk.signs],
        "ball": ball_json(deal_page.split_of(page), result.schema) if page is not None else None,
        "next_step": talk.head.next_step or None,
        "next_on": shapes.when(talk.head.next_on),
    }


def _forward(one: Forward) -> dict[str, object]:
    return {
        "deal": shapes.deal(one.head), "stage": one.stage, "on": one.on.isoformat(), "after_days": one.after_days,
    }  # fmt: skip


def _failure(of: Failure | None) -> dict[str, object] | None:
    if of is None:
        return None
    return {
        "case": lessons_cases.case_json(of.case) if of.case is not None else None,
        "repeated": lesson_json(of.repeated),
        "fits": shapes.deal(of.fits) if of.fits is not None else None,
    }
