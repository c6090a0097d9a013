"""Whose a deal is, and who had it before."""

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.persons import same_person
from nippo_cli.render.draw import Cell, Run, Span
from nippo_cli.render.parts import words
from nippo_cli.results.deals import DealPage


def owner_words(result: DealPage) -> Cell | Run:
    """The owner; where somebody handed it over, who and when."""
    owner, handovers = result.line.head.owner, result.record.handovers
    if not handovers or same_person(result.givers[-1], owner):
        return owner
    day = words.day_name(handovers[-1].on, result.as_of)
    return (owner, Span(t("deal.handed_by", giver=result.givers[-1], day=day), "dim"))


def handovers_json(result: DealPage) -> list[dict[str, object]]:
    """Every handover, from whom to whom."""
    return [
        {"id": show_id(one.id), "on": one.on.isoformat(), "from": giver, "owner": one.owner}
        for giver, one in zip(result.givers, result.record.handovers, strict=True)
    ]
