"""A team's answers → its own commented `schema.yaml`."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import ceil

from nippo_cli.base.text import normal_form
from nippo_cli.schema.questions import SchemaAnswers, StageAnswer, base_of
from nippo_cli.schema.schema import FORMAT, Choice, Field, Schema

Say = Callable[[str], str]


def compose(answers: SchemaAnswers, say: Say) -> str:
    """The text of a `schema.yaml`; `say` puts the keys of its comments into words.

    Labels, helps and keys of what the default template knows are taken from there. The last third of the steps asks
    for amount, expected close and confidence; every step asks for the next one.

    Raises:
        SchemaRefused: the answers contradict themselves, such as two steps of one name.
    """
    from nippo_cli.schema.load import load_schema

    text = "".join(f"{line}\n".replace(" \n", "\n") for line in _Composer(answers, say).lines()).lstrip("\n")
    load_schema(text, "schema.yaml")
    return text


class _Composer:
    def __init__(self, answers: SchemaAnswers, say: Say) -> None:
        self._answers = answers
        self._say = say
        self._base: Schema = base_of(answers.language)
        called = answers.called or {}
        ends = {s.ends: s.label for s in self._base.stages if s.ends}
        self._won = called.get("won") or ends["won"]
        self._lost = called.get("lost") or ends["lost"]
        self._called = {role: called.get(role) or self._base.by_role[role].label for role in ("deal", "customer")}
        # Names that other fields have already; the screen still says the team's own word.
        self._other = {
            normal_form(n) for f in self._base.fields if f.role not in self._called for n in (f.key, f.label)
        }
        self._steps = [step.label for step in answers.steps]
        every = [*self._steps, *(step.label for step in answers.after), self._won, self._lost]
        self._stage_keys = _keys(every, {s.label: s.key for s in self._base.stages if not s.ends})
        self._late = self._steps[-ceil(len(self._steps) / 3) :]
        inside = {normal_form(a.label) for a in self._base.activities if not a.contact}
        self._contacts = [label for label in answers.activities if normal_form(label) not in inside]

    def lines(self) -> Iterator[str]:
        """All of it, line by line."""
        answers = self._answers
        yield from self._comment("head")
        if answers.sells:
            plain = "".join(char if char.isprintable() else " " for char in answers.sells)
            yield f"# {' '.join(plain.split())}"
        yield f"nippo: {FORMAT}"
        yield f"name: {_scalar(answers.name)}"
        yield f"language: {answers.language}"
        yield f"currency: {self._base.currency.code}"
        yield f"fiscal_year_start: {answers.fiscal_year_start}"
        yield f"grace: {self._base.grace}"
        yield from self._closures()
        yield from self._words()
        yield from self._stages()
        yield from self._kinds()
        yield from self._activities()
        yield from self._ranks()
        yield from self._causes()
        yield from self._fields()

    def _comment(self, name: str) -> Iterator[str]:
        yield ""
        for line in self._say(f"schema.note.{name}").split("\n"):
            yield f"# {line}"

    def _closures(self) -> Iterator[str]:
        yield from self._comment("closures")
        yield "closures:"
        for closure in self._base.closures:
            yield f"  - {_flow({'name': closure.name, 'first': closure.first, 'last': closure.last})}"

    def _words(self) -> Iterator[str]:
        """The lines of `words:`: what the team calls a deal or a customer otherwise than the template."""
        changed = {
            word: label
            for word, label in self._called.items()
            if label != {"deal": self._base.by_role["deal"], "customer": self._base.by_role["customer"]}[word].label
        }
        if changed:
            yield from self._comment("words")
            yield "words:"
            for word, label in changed.items():
                yield f"  {word}: {_scalar(label)}"

    def _stages(self) -> Iterator[str]:
        yield from self._comment("stages")
        yield "stages:"
        for step in self._answers.steps:
            yield from self._stage(step)
        yield f"  - {_flow({'key': 'won', 'label': self._won, 'ends': 'won'})}"
        yield f"  - {_flow({'key': 'lost', 'label': self._lost, 'ends': 'lost'})}"
        for step in self._answers.after:
            yield from self._stage(step, after=True)

    def _stage(self, step: StageAnswer, *, after: bool = False) -> Iterator[str]:
        yield f"  - key: {_scalar(self._stage_keys[step.label])}"
        yield f"    label: {_scalar(step.label)}"
        if after:
            yield "    after: true"
        if step.norm is not None:
            yield f"    norm: {step.norm}"
        if step.done_when:
            yield f"    done_when: {_scalar(step.done_when)}"

    def _kinds(self) -> Iterator[str]:
        """The lines of `kinds:`; one that the template knows takes `stalls` and `invoice_within` from there."""
        if not self._answers.kinds:
            return
        known = {normal_form(k.label): k for k in self._base.kinds}
        keys = _keys(self._answers.kinds, {k.label: k.key for k in self._base.kinds})
        yield from self._comment("kinds")
        yield "kinds:"
        for label in self._answers.kinds:
            kind = known.get(normal_form(label))
            parts: dict[str, object] = {"key": keys[label], "label": label}
            if kind and not kind.stalls:
                parts["stalls"] = False
            if kind:
                parts["invoice_within"] = kind.invoice_within
            yield f"  - {_flow(parts)}"

    def _activities(self) -> Iterator[str]:
        """The lines of `activities:`, the template's own inside work among them."""
        known = {normal_form(a.label): a for a in self._base.activities}
        inside = [a.label for a in self._base.activities if not a.contact and not self._chosen(a.label)]
        labels = [*self._answers.activities, *inside]
        keys = _keys(labels, {a.label: a.key for a in self._base.activities})
        yield from self._comment("activities")
        yield "activities:"
        for label in labels:
            activity = known.get(normal_form(label))
            parts: dict[str, object] = {"key": keys[label], "label": label}
            if activity and not activity.contact:
                parts["contact"] = False
            yield f"  - {_flow(parts)}"

    def _ranks(self) -> Iterator[str]:
        if "confidence" not in self._answers.record:
            return
        yield from self._comment("confidence")
        yield "confidence:"
        for rank in self._base.ranks:
            chance = f"{round((rank.chance or 0) * 100)}%"
            yield f"  - {_flow({'key': rank.key, 'label': rank.label, 'chance': chance, 'meaning': rank.meaning})}"

    def _causes(self) -> Iterator[str]:
        yield from self._comment("causes")
        yield "causes:"
        yield from _choices(self._base.causes, indent=2)

    def _fields(self) -> Iterator[str]:
        """The lines of `fields:`: what every report has, and what the team wants recorded."""
        wanted = {"deal", "customer", "activity", "stage", "facts", *self._answers.record}
        if "next_step" in wanted:
            wanted.add("next_on")
        if self._answers.kinds:
            wanted.add("kind")
        yield from self._comment("fields")
        yield "fields:"
        for field in self._base.fields:
            if field.role in wanted:
                yield from self._field(field)

    def _field(self, field: Field) -> Iterator[str]:
        """The lines of one field, as the template has it under the team's own words."""
        yield f"  - key: {field.key}"
        called = self._called.get(field.role or "", field.label)
        yield f"    label: {_scalar(field.label if normal_form(called) in self._other else called)}"
        yield f"    type: {field.type}"
        yield f"    role: {field.role}"
        if field.required:
            yield "    required: true"
        condition = self._condition(field)
        if condition:
            yield f"    required_when: {_flow(condition)}"
        if field.coarse:
            yield "    coarse: true"
        for name in ("least", "most"):
            if getattr(field, name) is not None:
                yield f"    {name}: {getattr(field, name)}"
        if field.help:
            yield f"    help: {_scalar(field.help)}"
        choices: Sequence[Choice] = field.choices
        if field.role == "lost_reason" and self._answers.lost_reasons:
            keys = _keys(self._answers.lost_reasons, {c.label: c.key for c in choices})
            choices = [Choice(keys[label], label) for label in self._answers.lost_reasons]
        if choices:
            yield "    choices:"
            yield from _choices(choices, indent=6)

    def _condition(self, field: Field) -> dict[str, object]:
        """When a field of the template is asked for in this team's own steps."""
        stages = {
            "kind": self._steps[:1],
            "source": self._steps[:1],
            "next_step": self._steps,
            "next_on": self._steps,
            "closes": self._late,
            "confidence": self._late,
            "amount": [*self._late, self._won],
            "lost_reason": [self._lost],
        }.get(field.role or "")
        if stages:
            return {"stage": stages}
        asked = {key for condition in field.required_when for key in condition.activity}
        met = [a.label for a in self._base.activities if a.key in asked and self._chosen(a.label)]
        # What a customer's name is needed for does not hang on what the contact is called.
        activities = self._contacts if field.role == "customer" else met
        return {"activity": activities} if activities else {}

    def _chosen(self, label: str) -> bool:
        return normal_form(label) in {normal_form(chosen) for chosen in self._answers.activities}


def _keys(labels: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """The key of each label: the template's, unless another label is called that; else the label itself."""
    listed = list(labels)
    keys, taken = {normal_form(label): key for label, key in known.items()}, {normal_form(label) for label in listed}
    by_label = {label: keys.get(normal_form(label), label) for label in listed}
    return {
        label: label if normal_form(key) in taken - {normal_form(label)} else key for label, key in by_label.items()
    }


_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~<][^:#,\[\]{}\n\t\"'\\]*")
_OTHER = re.compile(r"[\d.+\-_:eExX]+|yes|no|on|off|true|false|y|n|null|~", re.IGNORECASE)


def _scalar(text: str) -> str:
    """A text as YAML, in quotes where it could be taken for something else."""
    if text.isprintable() and text == text.strip() and _PLAIN.fullmatch(text) and not _OTHER.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")


def _flow(parts: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{_scalar(key)}: {_value(value)}" for key, value in parts.items()) + "}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_scalar(str(part)) for part in value) + "]"
    return str(value) if isinstance(value, int) else _scalar(str(value))


def _choices(choices: Iterable[Choice], *, indent: int) -> Iterator[str]:
    for choice in choices:
        short = choice.key == choice.label
        yield f"{' ' * indent}- {_scalar(choice.label) if short else _flow({'key': choice.key, 'label': choice.label})}"
