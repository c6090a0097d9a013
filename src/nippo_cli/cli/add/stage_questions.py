"""The three questions about one step of the sale, for `nippo schema edit`."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from unicodedata import normalize

from nippo_cli.base.errors import Interrupted, UsageError, msg
from nippo_cli.base.language import say, t
from nippo_cli.base.text import normal_form, whole_number
from nippo_cli.cli.add.question import Question, QuestionStopped
from nippo_cli.cli.add.schema_questions import terminal_of
from nippo_cli.render.draw import Block, Prose, Span
from nippo_cli.schema.stage_edit import StageTerms, askable
from nippo_cli.schema.types import ValueRefused

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.care import StageToEdit

_NAMES = ("done_when", "norm", "required")
_OPTIONS = {"done_when": "--done-when", "norm": "--norm", "required": "--requires"}
_NOTHING = ("-", "－", "—", "ー")
_MOST_DAYS = 3660


def ask_terms(run: "CliContext", stage: "StageToEdit") -> StageTerms:
    """What a person answers; Enter alone leaves each as it stands, `<` goes back.

    Raises:
        Interrupted: the person stopped; nothing is written.
    """
    ask, terms, at, trouble = terminal_of(run), stage.terms, 0, ""
    # Winning and losing last no days.
    asked = [name for name in _NAMES if name != "norm" or not stage.stage.ends]
    try:
        while at < len(asked):
            reply = ask(_question(stage, terms, asked, at, trouble))
            trouble = ""
            if reply.kind == "back":
                at = max(0, at - 1)
            elif reply.kind == "said":
                try:
                    terms = _with(stage, terms, asked[at], reply.text)
                    at += 1
                except ValueRefused as error:
                    trouble = f"{error.said}: {say(error.needs)}"
    except (KeyboardInterrupt, EOFError, QuestionStopped):
        sys.stderr.write("\n")
        raise Interrupted(msg("cli.wizard.stopped.nothing")) from None
    return terms


def read_terms(stage: "StageToEdit", said: Mapping[str, str | None]) -> StageTerms:
    """What the options say; what they leave out stays.

    Raises:
        UsageError: one of them can't be read.
    """
    terms = stage.terms
    for name, text in said.items():
        if text is not None:
            try:
                terms = _with(stage, terms, name, text)
            except ValueRefused as error:
                raise UsageError(
                    msg("cli.bad_value", option=_OPTIONS[name], said=error.said, needs=error.needs)
                ) from None
    return terms


def _question(stage: "StageToEdit", terms: StageTerms, asked: Sequence[str], at: int, trouble: str) -> Question:
    """The question for one of a stage's terms, with what stands as what Enter takes; `trouble` says why the last answer
    was refused."""
    name = asked[at]
    above: list[Block] = [
        Prose(""),
        Prose(
            (Span(f"{at + 1}/{len(asked)}  ", "dim"), Span(t(f"schema.ask.{name}", step=stage.stage.label), "strong"))
        ),
        Prose(t(f"schema.ask.{name}.help"), indent=2),
    ]
    if name == "required":
        offered = [f"{n} {field.label}" for n, field in enumerate(askable(stage.schema), start=1)]
        above.append(Prose("  ".join(offered), indent=2))
    return Question(
        t(f"schema.ask.{name}.label"),
        above,
        trouble,
        default=_shown(stage.schema, terms, name),
        hint=lambda _: t("cli.wizard.step_keys"),
    )


def _shown(schema: "Schema", terms: StageTerms, name: str) -> str:
    if name == "done_when":
        return terms.done_when
    if name == "norm":
        return str(terms.norm or "")
    return t("language.comma").join(field.label for field in askable(schema) if field.key in terms.required)


def _with(stage: "StageToEdit", terms: StageTerms, name: str, said: str) -> StageTerms:
    """The terms with one of them as answered; what is not allowed is refused."""
    said = "" if said.strip() in _NOTHING else said.strip()
    if name == "done_when":
        return terms._replace(done_when=said)
    if name == "required":
        return terms._replace(required=frozenset(_fields(stage.schema, said)))
    if said and stage.stage.ends:
        raise ValueRefused(said, msg("schema.needs.norm_at_end", step=stage.stage.label))
    number = whole_number(normalize("NFKC", said).removesuffix("日").strip()) if said else None
    if said and (number is None or not 1 <= number <= _MOST_DAYS):
        raise ValueRefused(said, msg("entry.needs.number.between", least=1, most=_MOST_DAYS))
    return terms._replace(norm=number)


def _fields(schema: "Schema", said: str) -> list[str]:
    """The keys of the fields named, by label, key or number from 1."""
    for mark in "、，":
        said = said.replace(mark, ",")
    offered = askable(schema)
    by_name = {normal_form(name): field.key for field in offered for name in (field.key, field.label)}
    by_name |= {str(place): field.key for place, field in enumerate(offered, start=1) if str(place) not in by_name}
    keys = []
    for part in filter(None, (part.strip() for part in said.split(","))):
        key = by_name.get(normal_form(part))
        if key is None:
            raise ValueRefused(part, msg("entry.needs.choice", allowed=tuple(field.label for field in offered)))
        keys.append(key)
    return keys
