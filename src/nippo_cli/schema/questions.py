"""What a team without a diary yet is asked, so that a schema of its own can be written for it.

The asking itself, on a terminal, is the command line's: it says each question, reads an answer with `read_answer`, and
hands all of them to `answered`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal
from unicodedata import normalize

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form, whole_number
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import ValueRefused

Shape = Literal["line", "lines", "pick", "days", "month"]

# What may be recorded besides the deal, the customer, the activity, the stage and the facts.
RECORDABLE = (
    "source", "people", "companions", "impression", "amount", "closes", "confidence", "competitor", "accepts",
    "next_step", "push_reason", "lost_reason", "customer_words", "own_view",
)  # fmt: skip
_USUALLY = ("people", "impression", "amount", "closes", "confidence", "competitor", "next_step", "lost_reason")
CALLED = ("deal", "customer", "won", "lost")
_MOST_DAYS = 3660
_NOTHING = ("-", "－", "—", "ー")


class SchemaQuestion(NamedTuple):
    """One question. `default` is what an empty answer stands for; an empty default is an answer too.

    `lines` takes several things parted by commas or line ends (a dash alone for none); `pick` those of `options` (key
    and label), by key, label or number from 1; `days` a number or nothing, a dash for nothing too.
    """

    name: str
    ask: Message
    help: Message
    shape: Shape
    default: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StageAnswer:
    """A step of the sale: what the customer has done when it ends, and its norm in days, None to learn it."""

    label: str
    done_when: str = ""
    norm: int | None = None


@dataclass(frozen=True, slots=True)
class SchemaAnswers:
    """What the team said. `record` holds roles from `RECORDABLE`; `called` what it calls what is in `CALLED`."""

    name: str
    sells: str
    steps: tuple[StageAnswer, ...]
    after: tuple[StageAnswer, ...] = ()
    kinds: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    record: tuple[str, ...] = _USUALLY
    lost_reasons: tuple[str, ...] = ()
    called: Mapping[str, str] | None = None
    fiscal_year_start: int = 4
    language: str = "ja"


@cache
def base_of(language: str) -> Schema:
    """The template that defaults, labels and helps are taken from."""
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of

    name = "default" if language == "ja" else "english"
    return load_schema(text_of(name), name)


def questions(language: str = "ja") -> list[SchemaQuestion]:
    """What is asked first, in order. The steps' own questions come after `steps` is answered: `step_questions`."""
    base = base_of(language)
    comma = "、" if language == "ja" else ", "
    steps = [s.label for s in base.stages if not s.ends and not s.after]
    after = [s.label for s in base.stages if s.after]
    reasons = base.by_role["lost_reason"]
    labels = {role: base.by_role[role].label for role in RECORDABLE if role in base.by_role}
    ends: dict[str, str] = {s.ends: s.label for s in base.stages if s.ends}
    calls: dict[str, str] = {"deal": base.by_role["deal"].label, "customer": base.by_role["customer"].label, **ends}
    return [
        _question("name", "line", base.name),
        _question("sells", "line"),
        _question("steps", "lines", comma.join(steps)),
        _question("after", "lines", comma.join(after)),
        _question("kinds", "lines", comma.join(k.label for k in base.kinds)),
        _question("activities", "lines", comma.join(a.label for a in base.activities if a.contact)),
        _question(
            "record", "pick", comma.join(labels[r] for r in _USUALLY if r in labels), options=tuple(labels.items())
        ),
        _question("lost_reasons", "lines", comma.join(c.label for c in reasons.choices)),
        *(_question(f"called_{word}", "line", calls[word]) for word in CALLED),
        _question("fiscal_year_start", "month", str(base.fiscal_year_start)),
    ]


def step_questions(steps: Sequence[str], language: str = "ja") -> Iterator[SchemaQuestion]:
    """For each step, what the customer has done when it ends, and how many days it may take."""
    base = {normal_form(s.label): s for s in base_of(language).stages}
    for at, label in enumerate(steps):
        known = base.get(normal_form(label))
        yield SchemaQuestion(
            f"done_when_{at}",
            msg("schema.ask.done_when", step=label),
            msg("schema.ask.done_when.help"),
            "line",
            known.done_when if known else "",
        )
        yield SchemaQuestion(
            f"norm_{at}",
            msg("schema.ask.norm", step=label),
            msg("schema.ask.norm.help"),
            "days",
            str(known.norm) if known and known.norm else "",
        )


def read_answer(question: SchemaQuestion, said: str) -> object:
    """The answer: a text, a tuple of texts (of option keys for a `pick`), a number, or None for no number.

    Raises:
        ValueRefused: it can't be read as what is asked.
    """
    said = said.strip() or question.default
    if question.shape == "lines":
        return tuple(_parts(said))
    if question.shape == "pick":
        return tuple(dict.fromkeys(_option(question, part) for part in _parts(said)))
    if question.shape == "line":
        return "" if said in _NOTHING else said
    if question.shape == "days" and said in ("", *_NOTHING):
        return None
    plain = normalize("NFKC", said).removesuffix("日").removesuffix("月").strip()
    most = 12 if question.shape == "month" else _MOST_DAYS
    number = whole_number(plain)
    if number is None or not 1 <= number <= most:
        raise ValueRefused(said, msg("entry.needs.number.between", least=1, most=most))
    return number


def answered(answers: Mapping[str, object], language: str = "ja") -> SchemaAnswers:
    """The answers, by question name, as one set; a question that was not asked has its default.

    The questions of the steps are numbered over `steps` and then `after`. A step that is called what winning or losing
    is called is left out, and so is one that comes a second time: the questions have been answered all the same.
    """
    asked = {q.name: q for q in questions(language)}
    every = {name: answers.get(name, read_answer(q, "")) for name, q in asked.items()}
    steps = _texts(every["steps"])
    numbered = [_step(label, at, answers) for at, label in enumerate((*steps, *_texts(every["after"])))]
    ends = {normal_form(word) for word in ("won", "lost", str(every["called_won"]), str(every["called_lost"]))}
    unique = {normal_form(step.label): step for step in reversed(numbered) if normal_form(step.label) not in ends}
    before = tuple(step for step in numbered[: len(steps)] if unique.get(normal_form(step.label)) is step)
    if not before:
        before = tuple(StageAnswer(label) for label in _texts(read_answer(asked["steps"], "")))
    return SchemaAnswers(
        name=str(every["name"]),
        sells=str(every["sells"]),
        steps=before,
        after=tuple(step for step in numbered[len(steps) :] if unique.get(normal_form(step.label)) is step),
        kinds=_texts(every["kinds"]),
        activities=_texts(every["activities"]),
        record=_texts(every["record"]),
        lost_reasons=_texts(every["lost_reasons"]),
        called={word: str(every[f"called_{word}"]) for word in CALLED},
        fiscal_year_start=int(str(every["fiscal_year_start"])),
        language=language,
    )


def _question(name: str, shape: Shape, default: str = "", options: tuple[tuple[str, str], ...] = ()) -> SchemaQuestion:
    return SchemaQuestion(name, msg(f"schema.ask.{name}"), msg(f"schema.ask.{name}.help"), shape, default, options)


def _step(label: str, at: int, answers: Mapping[str, object]) -> StageAnswer:
    norm = answers.get(f"norm_{at}")
    return StageAnswer(label, str(answers.get(f"done_when_{at}") or ""), norm if isinstance(norm, int) else None)


def _texts(answer: object) -> tuple[str, ...]:
    return tuple(str(part) for part in answer) if isinstance(answer, list | tuple) else ()


def _option(question: SchemaQuestion, said: str) -> str:
    plain = normal_form(said)
    for place, (key, label) in enumerate(question.options, start=1):
        if plain in (normal_form(key), normal_form(label), str(place)):
            return key
    raise ValueRefused(said, msg("entry.needs.choice", allowed=tuple(label for _, label in question.options)))


def _parts(said: str) -> Iterator[str]:
    if said in _NOTHING:
        return
    for mark in "、，\n→":
        said = said.replace(mark, ",")
    parts: dict[str, str] = {}
    for part in said.split(","):
        if part.strip():
            parts.setdefault(normal_form(part), part.strip())
    yield from parts.values()
