"""The deal's own next step at its question: one Enter keeps it with its day, a day alone puts it off."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.errors import NippoError
from nippo_cli.base.language import t
from nippo_cli.render.parts import understood
from nippo_cli.schema.types import ValueRefused, empty

if TYPE_CHECKING:
    from nippo_cli.cli.add.conversation import Conversation
    from nippo_cli.schema.schema import Field

# How far Enter puts off a step whose day has come.
_WEEK = timedelta(days=7)


def keep_step(talk: "Conversation", field: "Field", said: str) -> bool:
    """Take the deal's next step over, with its day by Enter alone, with another by that day alone; False where the answer is
    another step or none."""
    day = find_day_by_enter(talk) if empty(said) else said
    if not day or not _may_keep(talk, field):
        return False
    stands = talk.report.promised(field.key)
    try:
        talk.interview = talk.report.keeping_step(day)
    except (ValueRefused, NippoError):
        return False
    on = talk.schema.by_role["next_on"]
    talk.tell_answer(field.label, stands)
    talk.tell_answer(on.label, understood(on, talk.report.values.get(on.key, day), talk.schema, talk.today), said)
    return True


def describe_enter(talk: "Conversation", step: str) -> str:
    """What Enter alone does with the step that stands."""
    day = find_day_by_enter(talk)
    if not day:
        return t("flow.enter_keeps", value=step)
    on = talk.schema.by_role["next_on"]
    shown = understood(on, talk.report.read(on.key, day), talk.schema, talk.today)
    return t("flow.enter_puts_off" if talk.report.step_is_due() else "flow.enter_keeps_on", value=step, day=shown)


def make_hint(talk: "Conversation", field: "Field") -> Callable[[str], str] | None:
    """What stands under the question: that a day alone puts the step off, and to which. None where none stands."""
    if not _may_keep(talk, field):
        return None
    on = talk.schema.by_role["next_on"]

    def hint_of(typed: str) -> str:
        try:
            value = talk.report.read(on.key, typed) if typed.strip() else None
        except (ValueRefused, NippoError):
            return t("flow.keys")
        if value is None:
            return t("flow.step_hint")
        shown = understood(on, value, talk.schema, talk.today)
        return f"{t('flow.becomes')} {talk.report.promised(field.key)} {shown}"

    return hint_of


def find_day_by_enter(talk: "Conversation") -> str:
    """The day on which Enter leaves the deal's next step: its own while that lies ahead, else a week after the report's, or the
    next day of work. Empty where the step has no day, or the report says one."""
    report, key = talk.report, talk.schema.key("next_on")
    if not talk.takes_promises or key is None or key in report.raw or report.known is None:
        return ""
    if not report.step_is_due():
        return report.known.next_on if report.known.live and report.known.next_step else ""
    from nippo_cli.services.pages import WorkDays

    days, on = WorkDays(talk.schema), report.on + _WEEK
    return (on if days.works(on) else days.after(on)).isoformat()


def _may_keep(talk: "Conversation", field: "Field") -> bool:
    return talk.takes_promises and "next_on" in talk.schema.by_role and bool(talk.report.promised(field.key))
