"""The questions that make a team's own schema, for a team that has no diary yet. Asked on a terminal alone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Interrupted, NippoError, UsageError, msg, refusal
from nippo_cli.base.language import current, say, t
from nippo_cli.cli.frame.context import machine_user
from nippo_cli.cli.frame.prompts import line, numbered, tell
from nippo_cli.schema.compose import compose
from nippo_cli.schema.questions import answered, questions, read_answer, step_questions
from nippo_cli.schema.templates import names, text_of
from nippo_cli.schema.types import ValueRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.schema.questions import SchemaQuestion


def schema_text(run: "CliContext", template: str | None) -> str:
    """The text of a new `schema.yaml`: a template's, or one made from answers; without a terminal, the default.

    Raises:
        UsageError: there is no such template. Interrupted: the person stopped; nothing is written.
    """
    if template is not None:
        if template not in names():
            raise UsageError(msg("desk.no_template", said=template, allowed=", ".join(names())))
        return text_of(template)
    return _asked() if run.interactive else text_of("default")


@contextmanager
def given_back(text: str | None) -> Iterator[None]:
    """A schema that was made of answers and can't be written is shown, so that nothing has to be answered again."""
    try:
        yield
    except (NippoError, OSError) as error:
        refused = refusal(error)
        refused.lost = text or ""
        raise refused from None


def author_asked(run: "CliContext") -> str:
    """The writer's name as the person gives it; empty where nobody is there to ask, or Enter leaves the machine's."""
    return line(t("cli.init.ask_author", name=machine_user())) if run.interactive else ""


def _asked() -> str:
    """The text of a schema made of a person's answers.

    Raises:
        Interrupted: the person stopped.
    """
    language = current()
    tell(t("cli.wizard.intro"))
    try:
        answers = _answers(questions(language))
        steps = [str(label) for name in ("steps", "after") for label in _several(answers[name])]
        answers |= _answers(step_questions(steps, language))
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")
        raise Interrupted(msg("cli.wizard.stopped")) from None
    return compose(answered(answers, language), t)


def _answers(asked: "Iterable[SchemaQuestion]") -> dict[str, object]:
    answers: dict[str, object] = {}
    for question in asked:
        # Why deals are lost is of no use where it is not to be recorded.
        if question.name != "lost_reasons" or "lost_reason" in _several(answers.get("record", ("lost_reason",))):
            answers[question.name] = _answer(question)
    return answers


def _answer(question: "SchemaQuestion") -> object:
    """One answer; asked again with what it takes until it can be read."""
    sys.stderr.write("\n")
    tell(say(question.ask))
    if help_text := say(question.help):
        tell(help_text, indent=2)
    if question.options:
        sys.stderr.write(numbered([label for _, label in question.options]))
    label = t("cli.wizard.enter", default=question.default) if question.default else ">"
    while True:
        try:
            return read_answer(question, line(label))
        except ValueRefused as error:
            tell(f"{error.said}: {say(error.needs)}", indent=2)


def _several(answer: object) -> tuple[object, ...]:
    return tuple(answer) if isinstance(answer, list | tuple) else ()
