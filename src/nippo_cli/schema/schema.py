"""The team's agreement, frozen: stages, kinds, activities, ranks, fields and norms.

It is read from the journal's log as JSON, so a command that reads needs neither YAML nor pydantic.
`schema.load` makes one from `schema.yaml`.
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, Self

from nippo_cli.base.frozen import NamedTuple

FORMAT = 1
# A larger `schema.yaml` is none that people wrote.
LARGEST_MIB = 1

# A default that no one can write into.
_NONE: Mapping[str, Any] = MappingProxyType({})

Role = Literal[
    "customer", "deal", "kind", "activity", "stage", "facts", "impression", "amount", "closes", "confidence",
    "competitor", "next_step", "next_on", "lost_reason", "people", "companions", "source", "customer_words",
    "own_view", "accepts", "push_reason",
]  # fmt: skip


class Currency(NamedTuple):
    """An ISO 4217 code and how many digits its smallest unit stands behind the point."""

    code: str = "JPY"
    digits: int = 0


class Condition(NamedTuple):
    """When a field is required: every list that is not empty must hold the entry's value."""

    stage: tuple[str, ...] = ()
    activity: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()


class Stage(NamedTuple):
    """A step of the sale. `ends` closes the deal; an `after` stage follows `won`."""

    key: str
    label: str
    ends: Literal["won", "lost"] | None = None
    after: bool = False
    norm: int | None = None
    done_when: str = ""
    must: bool = False
    must_when: Condition | None = None
    may_return_to: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    was: tuple[str, ...] = ()


class Kind(NamedTuple):
    """A deal kind. `stalls: false` switches stalling off; `norms` (days by stage) are its own."""

    key: str
    label: str
    stalls: bool = True
    norms: Mapping[str, int] = _NONE
    invoice_within: int = 60
    was: tuple[str, ...] = ()


class Activity(NamedTuple):
    """What was done. `contact: false` never counts as a contact with the customer."""

    key: str
    label: str
    contact: bool = True
    was: tuple[str, ...] = ()


class Rank(NamedTuple):
    """A confidence rank, its meaning in words, and the chance (0–1) that it states, if any."""

    key: str
    label: str
    meaning: str = ""
    chance: float | None = None
    was: tuple[str, ...] = ()


class Choice(NamedTuple):
    """One allowed value of a field."""

    key: str
    label: str
    was: tuple[str, ...] = ()


class Field(NamedTuple):
    """What an entry may or must say. `least` and `most` bound an integer's or amount's value (in the smallest
    unit), a text's length in characters, and the count of choices or people."""

    key: str
    label: str
    type: str
    role: Role | None = None
    required: bool = False
    required_when: tuple[Condition, ...] = ()
    default: str | None = None
    least: int | None = None
    most: int | None = None
    coarse: bool = False
    help: str = ""
    choices: tuple[Choice, ...] = ()
    was: tuple[str, ...] = ()


class DayField(NamedTuple):
    """What a day's report may say beside its entries. `remarks` is what `-m` writes; a `plan` is filled from the steps
    that are dated for the next working day."""

    key: str
    label: str
    type: str = "text"
    role: Literal["remarks", "plan"] | None = None
    least: int | None = None
    most: int | None = None
    help: str = ""
    choices: tuple[Choice, ...] = ()
    was: tuple[str, ...] = ()

    @property
    def field(self) -> Field:
        """As a field that a reader can be made for."""
        return Field(
            self.key, self.label, self.type, least=self.least, most=self.most, help=self.help, choices=self.choices,
            was=self.was,
        )  # fmt: skip


class Closure(NamedTuple):
    """Days on which nothing moves. Ends are `MM-DD` (every year; may run over New Year) or ISO dates."""

    name: str
    first: str
    last: str


class _Terms(NamedTuple):
    """What an agreement states."""

    name: str
    language: str
    stages: tuple[Stage, ...]
    fields: tuple[Field, ...]
    kinds: tuple[Kind, ...] = ()
    activities: tuple[Activity, ...] = ()
    ranks: tuple[Rank, ...] = ()
    causes: tuple[Choice, ...] = ()
    currency: Currency = Currency()
    fiscal_year_start: int = 1
    grace: int = 1
    quiet: int | None = None
    slip: int | None = None
    review_over: int | None = None
    closures: tuple[Closure, ...] = ()
    words: Mapping[str, str] = _NONE
    hopeful: tuple[str, ...] = ()
    day_fields: tuple[DayField, ...] = ()
    format: int = FORMAT


class Schema(_Terms):
    """The whole of `schema.yaml` as nippo reasons with it."""

    @cached_property
    def by_role(self) -> Mapping[str, Field]:
        """The field bound to each role that has one."""
        return {f.role: f for f in self.fields if f.role is not None}

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """The field of each key."""
        return {f.key: f for f in self.fields}

    @cached_property
    def ladder(self) -> Mapping[str, int]:
        """The position of each stage, from 0."""
        return {s.key: i for i, s in enumerate(self.stages)}

    @cached_property
    def stage_by_key(self) -> Mapping[str, Stage]:
        """The stage of each key."""
        return {s.key: s for s in self.stages}

    @cached_property
    def kind_by_key(self) -> Mapping[str, Kind]:
        """The deal kind of each key."""
        return {k.key: k for k in self.kinds}

    @cached_property
    def activity_by_key(self) -> Mapping[str, Activity]:
        """The activity of each key."""
        return {a.key: a for a in self.activities}

    @cached_property
    def renamed_stages(self) -> Mapping[str, str]:
        """Today's key of each former stage key."""
        return {old: s.key for s in self.stages for old in s.was}

    @cached_property
    def renamed_kinds(self) -> Mapping[str, str]:
        """Today's key of each former kind key."""
        return {old: k.key for k in self.kinds for old in k.was}

    @cached_property
    def renamed_activities(self) -> Mapping[str, str]:
        """Today's key of each former activity key."""
        return {old: a.key for a in self.activities for old in a.was}

    @cached_property
    def renamed_fields(self) -> Mapping[str, str]:
        """Today's key of each former field key."""
        return {old: f.key for f in self.fields for old in f.was}

    @cached_property
    def renamed_ranks(self) -> Mapping[str, str]:
        """Today's key of each former confidence rank."""
        return {old: r.key for r in self.ranks for old in r.was}

    @cached_property
    def evidence_bits(self) -> Mapping[str, int]:
        """A bit for each field that some stage names as its evidence, by field key."""
        keys = dict.fromkeys(key for stage in self.stages for key in stage.evidence)
        return {key: 1 << place for place, key in enumerate(keys)}

    def key(self, role: Role) -> str | None:
        """The key of the field bound to a role."""
        found = self.by_role.get(role)
        return found.key if found else None

    def stage_label(self, key: str) -> str:
        """A stage's label; a key that the agreement does not know stands for itself."""
        found = self.stage_by_key.get(self.renamed_stages.get(key, key))
        return found.label if found else key

    def choices(self, of: Field) -> tuple[Choice | Stage | Kind | Activity | Rank, ...]:
        """What a choice field may hold: its own list, or the agreement's for its role."""
        if of.role == "stage":
            return self.stages
        if of.role == "kind":
            return self.kinds
        if of.role == "activity":
            return self.activities
        if of.role == "confidence":
            return self.ranks
        return of.choices

    def label(self, of: Field, key: str) -> str:
        """The label of a choice; a key that is not (or no longer) there stands for itself."""
        for choice in self.choices(of):
            if choice.key == key or key in choice.was:
                return choice.label
        return key

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process is told what the log is told: no cache goes along, and no view of a mapping.
        return type(self).from_json, (self.to_json(),)

    def to_json(self) -> dict[str, Any]:
        """Plain values, as they stand in the log; what equals its default is left out."""
        plain: dict[str, Any] = _sparse(self)
        return plain

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The agreement that `to_json` wrote."""
        plain = dict(found)
        for name, make in _PARTS.items():
            if name in plain:
                plain[name] = tuple(make(**_tuples(part)) for part in plain[name])
        if "currency" in plain:
            plain["currency"] = Currency(**plain["currency"])
        return cls(**_tuples(plain))


def _condition(found: Mapping[str, Any]) -> Condition:
    return Condition(**{k: tuple(v) for k, v in found.items()})


def _stage(**found: Any) -> Stage:
    if found.get("must_when"):
        found["must_when"] = _condition(found["must_when"])
    return Stage(**found)


def _field(**found: Any) -> Field:
    found["required_when"] = tuple(_condition(c) for c in found.get("required_when", ()))
    found["choices"] = tuple(Choice(**_tuples(c)) for c in found.get("choices", ()))
    return Field(**found)


def _day_field(**found: Any) -> DayField:
    found["choices"] = tuple(Choice(**_tuples(c)) for c in found.get("choices", ()))
    return DayField(**found)


_PARTS: Mapping[str, Any] = {
    "stages": _stage, "fields": _field, "kinds": Kind, "activities": Activity, "ranks": Rank,
    "causes": Choice, "closures": Closure, "day_fields": _day_field,
}  # fmt: skip


def _tuples(found: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in found.items()}


def _sparse(value: Any) -> Any:
    """Without what is None, empty or False; `contact` and `stalls` default to true, so their False stays."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        kept = {k: _sparse(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if (v is False and k in _TRUE_BY_DEFAULT) or not _says_nothing(v)}
    if isinstance(value, list | tuple):
        return [_sparse(v) for v in value]
    return value


_TRUE_BY_DEFAULT = ("contact", "stalls")


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)
