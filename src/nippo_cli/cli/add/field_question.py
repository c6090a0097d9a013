"""One field's question: what it offers, what its answer is taken for, and a sentence of hope that is moved."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.base.text import normal_form
from nippo_cli.cli.add import next_steps, wording
from nippo_cli.cli.add.deals import customer_meant
from nippo_cli.cli.add.question import Find, Question, Reply
from nippo_cli.line.hopeful_phrases import Hope, hope_in, lacks_speaker, moved
from nippo_cli.render.draw import Block
from nippo_cli.render.parts import understood
from nippo_cli.schema.types import ValueRefused, empty, says_none, type_of
from nippo_cli.services.writing import NameOffer, alike, people_met

if TYPE_CHECKING:
    from nippo_cli.cli.add.conversation import Conversation
    from nippo_cli.schema.schema import Field

_OFFERED = 30


def ask_field(talk: "Conversation", key: str, *, first: str = "") -> None:
    """One field until its answer can be read; `first` is an answer that is there already.

    Raises:
        Back, Stopped: as `asked`.
    """
    field = talk.schema.by_key[key]
    question = question_of(talk, field)
    # What an open question says of an amount already need not be said twice.
    warned, sure = talk.report.answers.report.later, question.default if question.trouble else ""
    reply = Reply("said", first) if first else None
    while True:
        reply = reply or talk.ask(key, question, lambda: _help(talk, field))
        if reply.kind == "move":
            question, reply = _hope_moved(talk, question, reply.text), None
            continue
        if field.role == "next_step" and next_steps.keep_step(talk, field, reply.text):
            return
        text = _meant(talk, field, reply.text)
        if talk.stands(key, text):
            talk.interview = talk.report.left_as_it_stands(key)
            talk.tell_answer(field.label, text)
            return
        if (was := _slipped(talk, field, text)) is not None:
            if text != sure:
                question, reply, sure = question._replace(default=text, trouble=was), None, text
                continue
            talk.sure_amount = talk.report.read(key, text)
        reply = None
        if empty(text) and key in talk.report.required and not warned:
            question, warned = question._replace(default="", trouble=t("flow.required", field=field.label)), True
            continue
        try:
            if _settled(talk, field, text):
                return
        except ValueRefused as error:
            # What is a word or two is typed anew, and named above; a text is there to be mended.
            short = type_of(field).previewed or bool(talk.schema.choices(field))
            question = question._replace(default="" if short else text, trouble=wording.refusal(error))


def _slipped(talk: "Conversation", field: "Field", text: str) -> str | None:
    """What is asked of an amount that is a hundred times the deal's, or a hundredth; None where nothing is."""
    try:
        value = talk.report.read(field.key, text) if type_of(field).is_amount and not empty(text) else None
    except ValueRefused:
        return None
    was = talk.report.hundredfold(field.key, value)
    if was is None:
        return None
    amounts = [understood(field, one, talk.schema, talk.today) for one in (was, value)]
    return t("flow.hundredfold", before=amounts[0], after=amounts[1])


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
        customer = customer_meant(talk, text)
        if customer is None:
            return False
        text = customer
    talk.interview = report.answered(key, text)
    value = talk.report.values.get(key, text)
    talk.tell_answer(field.label, understood(field, value, talk.schema, talk.today), text)
    return True


def _meant(talk: "Conversation", field: "Field", said: str) -> str:
    """What is answered by what was typed: Enter alone may say something, and a dash says that there is nothing to say."""
    if empty(said):
        return _by_enter(talk, field)
    return "" if says_none(field, said, talk.schema) else said


def _by_enter(talk: "Conversation", field: "Field") -> str:
    """What Enter alone answers: for a new deal's stage the first one, for the next step and its day what stands."""
    known = talk.report.known
    if field.key not in talk.report.raw and (stands := talk.report.promised(field.key)):
        return stands
    if field.role == "stage" and known is not None and known.new and field.key not in talk.report.raw:
        return talk.schema.stage_label(known.stage)
    return ""


def question_of(talk: "Conversation", field: "Field") -> Question:
    """A field's question as it stands when it is first put."""
    choices = talk.schema.choices(field)
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
        takes_move=field.role == "facts" and "impression" in talk.schema.by_role,
        trouble=_trouble(talk, field, typed),
    )


def _trouble(talk: "Conversation", field: "Field", typed: str | None) -> str:
    """Why an answer from the command line is asked again."""
    if not typed or field.key in talk.report.answers.passed:
        return ""
    try:
        talk.report.read(field.key, typed)
    except ValueRefused as error:
        stays = f"  {t('flow.enter_keeps', value=typed)}" if talk.stands(field.key, typed) else ""
        return f"{wording.refusal(error)}{stays}"
    return _slipped(talk, field, typed) or ""


def _empty(talk: "Conversation", field: "Field", by_enter: str) -> str:
    if by_enter:
        value = understood(field, talk.report.read(field.key, by_enter), talk.schema, talk.today)
        return next_steps.describe_enter(talk, value) if field.role == "next_step" else t("flow.enter_is", value=value)
    stands = {f.key: value for f, value in talk.report.rest()}.get(field.key)
    if stands is not None:
        return t("flow.enter_is", value=understood(field, stands, talk.schema, talk.today))
    if field.key in talk.report.required:
        return ""
    return t("flow.enter_is", value=t("flow.nothing"))


def _hint(talk: "Conversation", field: "Field") -> Callable[[str], str]:
    if field.role == "facts":
        return _facts_hint(talk)
    if field.role == "next_step" and (hint := next_steps.make_hint(talk, field)) is not None:
        return hint
    if type_of(field).previewed:
        return wording.preview_of(talk.report, field.key, talk.today)
    if type_of(field).spans_lines(field):
        return lambda _: t("flow.keys_text")
    return lambda _: t("flow.keys")


def _facts_hint(talk: "Conversation") -> Callable[[str], str]:
    """What stands under the facts while one types: a hope that belongs to the impression, or who said it."""
    people = talk.report.value("people") or ()
    names = [str(person.get("name", "")) for person in people]
    movable = "impression" in talk.schema.by_role

    def hint(typed: str) -> str:
        hope = hope_in(typed, talk.schema.hopeful) if movable else None
        if hope is not None:
            return t("flow.hope", phrase=hope.phrase, field=talk.schema.by_role["impression"].label)
        return t("flow.who_said") if lacks_speaker(typed, names) else t("flow.keys_text")

    return hint


def _hope_moved(talk: "Conversation", question: Question, text: str) -> Question:
    """The sentence of hope taken over to the impression; the question goes on without it."""
    hope: Hope | None = hope_in(text, talk.schema.hopeful)
    if hope is None:
        return question._replace(default=text, trouble="")
    field = talk.schema.by_role["impression"]
    left, sentence = moved(text, hope)
    before = talk.report.shown(field.key)
    talk.interview = talk.report.noted(field.key, "\n".join(part for part in (before, sentence) if part))
    talk.tell(t("flow.moved", field=field.label, said=sentence))
    return question._replace(default=left, trouble="")


def _help(talk: "Conversation", field: "Field") -> list[Block]:
    return wording.explained(field, talk.schema)


def _offers(talk: "Conversation", field: "Field") -> "Find | None":
    offers = type_of(field).offers
    if offers == "customers":
        return lambda typed: talk.names.customers.find(typed, _OFFERED)
    if offers == "people":
        return _people(talk)
    return None


def _people(talk: "Conversation") -> "Find | None":
    """Whom one has met at the customer: the part behind the last comma is completed."""
    key = talk.schema.key("customer")
    customer = talk.report.value("customer") or talk.report.deal_values.get(key or "")
    met = people_met(talk.workspace, str(customer)) if customer else []
    if not met:
        return None

    def find(typed: str) -> Sequence[NameOffer]:
        before, part = re.fullmatch(r"(.*[、,，]\s*)?([^、,，]*)", typed, re.DOTALL).groups("")  # type: ignore[union-attr]
        wanted = alike(part)
        return [
            NameOffer(f"{before}{name}")
            for name in met
            if wanted in alike(name) and normal_form(name) not in normal_form(before)
        ][:_OFFERED]

    return find
