"""The questions one by one: the day, the deal, what stands, each field."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.errors import NippoError, UsageError
from nippo_cli.base.language import say, t
from nippo_cli.base.text import normal_form
from nippo_cli.cli.add import wording
from nippo_cli.cli.add.question import Find, Question, Reply
from nippo_cli.line.hopeful_phrases import Hope, hope_in, lacks_speaker, moved
from nippo_cli.render.draw import Block, Prose
from nippo_cli.render.parts import standing_line, understood, words
from nippo_cli.schema.types import ValueRefused, empty, picked, type_of
from nippo_cli.services.writing import DEAL, HELD, ON, REST, WHOSE

if TYPE_CHECKING:
    from nippo_cli.cli.add.conversation import Conversation
    from nippo_cli.schema.schema import Field

_OFFERED = 30


def asked(talk: "Conversation", step: str) -> None:
    """Put the question of a step until it is answered.

    Raises:
        Back: the question before is wanted. Stopped: there is no answer.
    """
    if step == ON:
        ask_day(talk)
    elif step == DEAL:
        from nippo_cli.cli.add.deals import ask_deal

        ask_deal(talk)
    elif step == HELD:
        from nippo_cli.cli.add.deals import ask_held

        ask_held(talk)
    elif step == WHOSE:
        from nippo_cli.cli.add.deals import ask_whose

        ask_whose(talk)
    elif step == REST:
        ask_rest(talk)
    else:
        ask_field(talk, step)


def ask_day(talk: "Conversation") -> None:
    """The day of the contact; Enter takes the one that is shown."""
    from nippo_cli.base.dates import read_day

    report = talk.report
    shown = words.day_name(report.on, talk.today)
    question = Question(
        t("flow.day"), default=report.begun(ON), empty=t("flow.enter_is", value=shown), hint=_day_hint(talk)
    )
    while True:
        reply = talk.ask(ON, question, lambda: [Prose(t("flow.form.day"), indent=2)])
        try:
            on = report.on if empty(reply.text) else read_day(reply.text, today=talk.today, lean="past")
        except UsageError as error:
            question = question._replace(default=reply.text, trouble=say(error.message))
            continue
        talk.interview = report.with_day(on, reply.text)
        talk.tell_answer(t("flow.day"), words.day_name(on, talk.today), reply.text)
        if on > talk.today:
            talk.tell(t("flow.ahead"))
        return


def _day_hint(talk: "Conversation") -> Callable[[str], str]:
    from nippo_cli.base.dates import read_day

    def hint(typed: str) -> str:
        try:
            on = read_day(typed, today=talk.today, lean="past") if typed.strip() else None
        except (NippoError, ValueError):
            on = None
        return f"{t('flow.becomes')} {words.day_name(on, talk.today)}" if on else t("flow.keys")

    return hint


def ask_rest(talk: "Conversation") -> None:
    """What the deal has already, in one line; Enter leaves it, a number or a name changes one."""
    while True:
        report = talk.report
        stands = report.rest()
        above = [Prose(standing_line(stands, talk.agreement, talk.today), indent=2)]
        question = Question(
            t("flow.rest"),
            above,
            default=report.begun(REST),
            empty=t("flow.enter_is", value=t("flow.unchanged")),
            hint=lambda _: t("flow.rest_hint"),
        )
        reply = talk.ask(REST, question, lambda: [Prose(t("flow.rest_help"), indent=2)])
        if empty(reply.text):
            talk.interview = report.gone_through(REST)
            left = [(field, value) for field, value in stands if field.key not in report.values]
            row = standing_line(left, talk.agreement, talk.today, numbers=False)
            if left:
                label = t("flow.unchanged" if len(left) == len(stands) else "flow.rest_unchanged")
                width = wording.label_width(talk.agreement)
                talk.terminal.tell(wording.unchanged(label, row, mark=talk.marks.done, labels=width))
            return
        fields = [field for field, _ in stands]
        more = [f for f in talk.agreement.fields if f.role != "deal"]
        change(talk, fields, more, reply.text, question)
        if talk.report.other_customer:
            # Whose talk it was comes before anything else; then what stands is asked again.
            return


def change(
    talk: "Conversation", fields: "Sequence[Field]", more: "Sequence[Field]", said: str, question: Question
) -> None:
    """Change the field that an answer to a list of them names; `<` leaves it as it is."""
    from nippo_cli.cli.add.conversation import Back

    while True:
        try:
            key, value = picked(fields, more, said)
            break
        except ValueRefused as error:
            again = question._replace(default=said, trouble=wording.refusal(error))
            said = talk.ask(REST, again, lambda: [Prose(t("flow.rest_help"), indent=2)]).text
            if empty(said):
                return
    try:
        ask_field(talk, key, first=value)
    except Back:
        return
    talk.keep()


def ask_field(talk: "Conversation", key: str, *, first: str = "") -> None:
    """One field until its answer can be read; `first` is an answer that is there already.

    Raises:
        Back, Stopped: as `asked`.
    """
    field = talk.agreement.by_key[key]
    question = question_of(talk, field)
    warned = talk.report.answers.report.later
    reply = Reply("said", first) if first else None
    while True:
        reply = reply or talk.ask(key, question, lambda: _help(talk, field))
        if reply.kind == "move":
            question, reply = _hope_moved(talk, question, reply.text), None
            continue
        text = reply.text if not empty(reply.text) else _by_enter(talk, field)
        reply = None
        if empty(text) and key in talk.report.required and not warned:
            question, warned = question._replace(default="", trouble=t("flow.required", field=field.label)), True
            continue
        try:
            if _settled(talk, field, text):
                return
        except ValueRefused as error:
            question = question._replace(default=text, trouble=wording.refusal(error))


def _settled(talk: "Conversation", field: "Field", text: str) -> bool:
    """Take an answer in, and show it; False where another name was meant and none was chosen.

    Raises:
        ValueRefused: the field does not take it.
    """
    report, key = talk.report, field.key
    if empty(text):
        waiting = key in report.required
        talk.interview = report.left_for_later(key) if waiting else report.answered(key, "")
        if waiting:
            talk.tell_answer(field.label, t("flow.review.waiting"))
        return True
    if type_of(field).offers == "customers":
        from nippo_cli.cli.add.deals import customer_meant

        found = customer_meant(talk, text)
        if found is None:
            return False
        text = found
    talk.interview = report.answered(key, text)
    value = talk.report.values.get(key, text)
    talk.tell_answer(field.label, understood(field, value, talk.agreement, talk.today), text)
    return True


def _by_enter(talk: "Conversation", field: "Field") -> str:
    """What Enter alone answers: for a new deal's stage the first one."""
    known = talk.report.known
    if field.role == "stage" and known is not None and known.new and field.key not in talk.report.raw:
        return talk.agreement.stage_label(known.stage)
    return ""


def question_of(talk: "Conversation", field: "Field") -> Question:
    """A field's question as it stands when it is first put."""
    choices = talk.agreement.choices(field)
    by_enter = _by_enter(talk, field)
    typed = talk.report.answers.typed.get(field.key)
    return Question(
        field.label,
        [wording.numbered([c.label for c in choices], talk.terminal.columns)] if choices else [],
        default=talk.report.shown(field.key),
        empty=_empty(talk, field, by_enter),
        hint=_hint(talk, field),
        offers=_offers(talk, field),
        lines=type_of(field).spans_lines(field),
        takes_move=field.role == "facts" and "impression" in talk.agreement.by_role,
        trouble=_trouble(talk, field, typed),
    )


def _trouble(talk: "Conversation", field: "Field", typed: str | None) -> str:
    """Why an answer from the command line is asked again."""
    if not typed or field.key in talk.report.answers.passed:
        return ""
    try:
        talk.report.read(field.key, typed)
    except ValueRefused as error:
        return wording.refusal(error)
    return ""


def _empty(talk: "Conversation", field: "Field", by_enter: str) -> str:
    if by_enter:
        return t("flow.enter_is", value=by_enter)
    stands = {f.key: value for f, value in talk.report.rest()}.get(field.key)
    if stands is not None:
        return t("flow.enter_is", value=understood(field, stands, talk.agreement, talk.today))
    if field.key in talk.report.required:
        return ""
    return t("flow.enter_is", value=t("flow.nothing"))


def _hint(talk: "Conversation", field: "Field") -> Callable[[str], str]:
    if field.role == "facts":
        return _facts_hint(talk)
    if type_of(field).previewed:
        return wording.preview_of(talk.report, field.key, talk.today)
    if type_of(field).spans_lines(field):
        return lambda _: t("flow.keys_text")
    return lambda _: t("flow.keys")


def _facts_hint(talk: "Conversation") -> Callable[[str], str]:
    people = talk.report.value("people") or ()
    names = [str(person.get("name", "")) for person in people]
    movable = "impression" in talk.agreement.by_role

    def hint(typed: str) -> str:
        hope = hope_in(typed, talk.agreement.hopeful) if movable else None
        if hope is not None:
            return t("flow.hope", phrase=hope.phrase, field=talk.agreement.by_role["impression"].label)
        return t("flow.who_said") if lacks_speaker(typed, names) else t("flow.keys_text")

    return hint


def _hope_moved(talk: "Conversation", question: Question, text: str) -> Question:
    """The sentence of hope taken over to the impression; the question goes on without it."""
    hope: Hope | None = hope_in(text, talk.agreement.hopeful)
    if hope is None:
        return question._replace(default=text, trouble="")
    field = talk.agreement.by_role["impression"]
    left, sentence = moved(text, hope)
    before = talk.report.shown(field.key)
    talk.interview = talk.report.noted(field.key, "\n".join(part for part in (before, sentence) if part))
    talk.tell(t("flow.moved", field=field.label, said=sentence))
    return question._replace(default=left, trouble="")


def _help(talk: "Conversation", field: "Field") -> list[Block]:
    return wording.explained(field, talk.agreement)


def _offers(talk: "Conversation", field: "Field") -> "Find | None":
    offers = type_of(field).offers
    if offers == "customers":
        return lambda typed: talk.names.customers.find(typed, _OFFERED)
    if offers == "people":
        return _people(talk)
    return None


def _people(talk: "Conversation") -> "Find | None":
    """Whom one has met at the customer: the part behind the last comma is completed."""
    import re

    from nippo_cli.services.writing import NameOffer, alike, people_met

    key = talk.agreement.key("customer")
    customer = talk.report.value("customer") or talk.report.standing.get(key or "")
    met = people_met(talk.desk, str(customer)) if customer else []
    if not met:
        return None

    def find(typed: str) -> Sequence[NameOffer]:
        before, part = re.fullmatch(r"(.*[、,，])?([^、,，]*)", typed, re.DOTALL).groups("")  # type: ignore[union-attr]
        wanted = alike(part)
        return [
            NameOffer(f"{before}{name}")
            for name in met
            if wanted in alike(name) and normal_form(name) not in normal_form(before)
        ][:_OFFERED]

    return find
