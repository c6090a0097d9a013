"""The questions one by one: the day, the deal, what stands, each field."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_day
from nippo_cli.base.errors import NippoError, UsageError
from nippo_cli.base.language import say, t
from nippo_cli.cli.add import wording
from nippo_cli.cli.add.conversation import Back, Conversation
from nippo_cli.cli.add.deals import ask_deal, ask_held, ask_whose
from nippo_cli.cli.add.field_question import ask_field
from nippo_cli.cli.add.question import Question
from nippo_cli.render.draw import Prose
from nippo_cli.render.parts import values_line, words
from nippo_cli.schema.types import ValueRefused, empty, picked
from nippo_cli.services.context import expect_plausible
from nippo_cli.services.writing import DEAL, HELD, ON, REST, WHOSE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.schema.schema import Field


def asked(talk: Conversation, step: str) -> None:
    """Put the question of a step until it is answered.

    Raises:
        Back: the question before is wanted. Stopped: there is no answer.
    """
    if step == ON:
        ask_day(talk)
    elif step == DEAL:
        ask_deal(talk)
    elif step == HELD:
        ask_held(talk)
    elif step == WHOSE:
        ask_whose(talk)
    elif step == REST:
        ask_rest(talk)
    else:
        ask_field(talk, step)


def ask_day(talk: Conversation) -> None:
    """The day of the contact; Enter takes the one that is shown."""
    report = talk.report
    shown = words.day_name(report.on, talk.today)
    question = Question(
        t("flow.day"), default=report.unfinished(ON), empty=t("flow.enter_is", value=shown), hint=_day_hint(talk)
    )
    while True:
        reply = talk.ask(ON, question, lambda: [Prose(t("flow.form.day"), indent=2)])
        try:
            on = report.on if empty(reply.text) else read_day(reply.text, today=talk.today, lean="past")
            expect_plausible(talk.schema, talk.today, reply.text, on)
        except UsageError as error:
            question = question._replace(default="", trouble=say(error.message))
            continue
        talk.interview = report.with_day(on, reply.text)
        talk.tell_answer(t("flow.day"), words.day_name(on, talk.today), reply.text)
        if on > talk.today:
            talk.tell(t("flow.ahead"))
        return


def _day_hint(talk: Conversation) -> Callable[[str], str]:
    def hint(typed: str) -> str:
        try:
            on = read_day(typed, today=talk.today, lean="past") if typed.strip() else None
        except (NippoError, ValueError):
            on = None
        return f"{t('flow.becomes')} {words.day_name(on, talk.today)}" if on else t("flow.keys")

    return hint


def ask_rest(talk: Conversation) -> None:
    """What the deal has already, in one line; Enter leaves it, a number or a name changes one."""
    while True:
        report = talk.report
        stands = report.rest()
        above = [Prose(values_line(stands, talk.schema, talk.today), indent=2)]
        question = Question(
            t("flow.rest"),
            above,
            default=report.unfinished(REST),
            empty=t("flow.enter_is", value=t("flow.unchanged")),
            hint=lambda _: t("flow.rest_hint"),
        )
        reply = talk.ask(REST, question, lambda: [Prose(t("flow.rest_help"), indent=2)])
        fields = [field for field, _ in stands]
        more = [f for f in talk.schema.fields if f.role != "deal"]
        if empty(reply.text) or not change(talk, fields, more, reply.text, question):
            _leave_rest(talk)
            return
        if talk.report.other_customer:
            # Whose talk it was comes before anything else; then what stands is asked again.
            return


def _leave_rest(talk: Conversation) -> None:
    """Leave what stands of the deal, and say so."""
    report = talk.report
    stands = report.rest()
    talk.interview = report.moved_past(REST)
    left = [(field, value) for field, value in stands if field.key not in report.values]
    row = values_line(left, talk.schema, talk.today, numbers=False)
    if left:
        label = t("flow.unchanged" if len(left) == len(stands) else "flow.rest_unchanged")
        width = wording.label_width(talk.schema)
        talk.terminal.tell(wording.unchanged(label, row, mark=talk.marks.done, labels=width))


def change(
    talk: Conversation, fields: "Sequence[Field]", more: "Sequence[Field]", said: str, question: Question
) -> bool:
    """Change the field that an answer to a list of them names; `<` leaves it as it is. False where the answer was refused, and
    then emptied: nothing is to be changed."""
    while True:
        try:
            key, value = picked(fields, more, said)
            break
        except ValueRefused as error:
            again = question._replace(default=said, trouble=wording.refusal(error))
            said = talk.ask(REST, again, lambda: [Prose(t("flow.rest_help"), indent=2)]).text
            if empty(said):
                return False
    try:
        ask_field(talk, key, first=value)
    except Back:
        return True
    talk.keep()
    return True
