"""The team's schema, frozen: its parts and norms, and how it looks them up.

It is read from the journal's log as JSON, so a command that reads needs neither YAML nor pydantic.
`schema.load` makes one from `schema.yaml`.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Self

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.parts import (
    NONE,
    Activity,
    Choice,
    Closure,
    Condition,
    Currency,
    DayField,
    Field,
    Kind,
    LedgerTerms,
    MailTerms,
    Rank,
    Role,
    SendTerms,
    Stage,
    Years,
)

# With its parts, so that whoever takes the schema need not know where they stand.
__all__ = [
    "FORMAT",
    "LARGEST_MIB",
    "Activity",
    "Choice",
    "Closure",
    "Condition",
    "Currency",
    "DayField",
    "Field",
    "Kind",
    "LedgerTerms",
    "MailTerms",
    "Rank",
    "Role",
    "Schema",
    "SendTerms",
    "Stage",
    "Years",
    "day_fields",
    "main_field",
]

FORMAT = 1
# A larger `schema.yaml` is none that people wrote.
LARGEST_MIB = 1


class _Terms(NamedTuple):
    """What a schema states."""

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
    lifetime: int | None = None
    review_over: int | None = None
    closures: tuple[Closure, ...] = ()
    words: Mapping[str, str] = NONE
    hopeful: tuple[str, ...] = ()
    day_fields: tuple[DayField, ...] = ()
    years: Years | None = None
    ledger: LedgerTerms | None = None
    mail: MailTerms = MailTerms()
    # What the team's diary is for, and what it isn't, in a sentence of its own.
    purpose: str = ""
    # What earlier agreements called that this one no longer has: labels by list (`stages`, `fields`, a choice field's key)
    # and key, `stages/visit`. It is no part of the file; a journal adds it when it adopts one.
    former: Mapping[str, str] = NONE
    # The keys of what earlier agreements called otherwise: by list and label in its normal form, `stages/見積`.
    relabelled: Mapping[str, str] = NONE
    format: int = FORMAT


class Schema(_Terms):
    """The whole of `schema.yaml` as nippo reasons with it."""

    @cached_property
    def by_role(self) -> Mapping[str, Field]:
        """The field bound to each role that has one."""
        return {f.role: f for f in self.fields if f.role is not None}

    @property
    def has_fields_for_some(self) -> bool:
        """Whether what is said in a field of an entry or a day is not shown to all of the team."""
        of = [*(field.visible for field in self.fields), *(field.visible for field in self.day_fields)]
        return any(visible not in (None, "team") for visible in of)

    @cached_property
    def deadlines(self) -> tuple[Field, ...]:
        """The fields that say until when something holds, in their order."""
        return tuple(f for f in self.fields if f.role == "deadline")

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
    def ball_holders(self) -> Mapping[str, Choice]:
        """Who may hold the ball, by their keys and their former ones; a key before a former one."""
        field = self.by_role.get("ball")
        choices = field.choices if field is not None else ()
        return {old: c for c in choices for old in c.was} | {c.key: c for c in choices}

    @cached_property
    def ball_by_activity(self) -> Mapping[str, str]:
        """To whom an activity leaves the ball, of those that leave it to somebody."""
        return {activity.key: activity.ball for activity in self.activities if activity.ball}

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

    def lifetime_of(self, kind: str) -> int | None:
        """How many months what deals of a kind sell lasts; None where the agreement does not say."""
        known = self.kind_by_key.get(kind)
        return known.lifetime if known is not None and known.lifetime is not None else self.lifetime

    def plausible_years(self, today: date) -> tuple[int, int]:
        """The first and the last year of which a day is likely meant as it is written; today's is always within."""
        from nippo_cli.base.dates import LAST_YEAR

        years = self.years or Years()
        return min(years.first, today.year), min(today.year + years.ahead, LAST_YEAR)

    @property
    def tax_in_ledger(self) -> int:
        """The rate of the tax that the ledger's amounts hold and the diary's don't (`base.tax`); 0 for none."""
        return self.ledger.rate if self.ledger is not None and self.ledger.tax == "included" else 0

    def key(self, role: Role) -> str | None:
        """The key of the field bound to a role."""
        field = self.by_role.get(role)
        return field.key if field else None

    def stage_label(self, key: str) -> str:
        """A stage's label, as an earlier agreement had it where this one has none; else its key."""
        stage = self.stage_by_key.get(self.renamed_stages.get(key, key))
        return stage.label if stage else self.former.get(f"stages/{key}", key)

    def rank_label(self, key: str) -> str:
        """A confidence rank's label, by its key or a former one; the key itself where it has none."""
        now = self.renamed_ranks.get(key, key)
        return next((rank.label for rank in self.ranks if rank.key == now), now)

    def kind_label(self, key: str) -> str:
        """A kind's label, as an earlier agreement had it where this one has none; else its key."""
        kind = self.kind_by_key.get(self.renamed_kinds.get(key, key))
        return kind.label if kind else self.former.get(f"kinds/{key}", key)

    def field_label(self, key: str) -> str:
        """A field's label, as an earlier agreement had it where this one has none; else its key."""
        field = self.by_key.get(self.renamed_fields.get(key, key))
        return field.label if field else self.former.get(f"fields/{key}", key)

    def choices(self, of: Field) -> tuple[Choice | Stage | Kind | Activity | Rank, ...]:
        """What a choice field may hold: its own list, or the schema's for its role."""
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
        """The label of a choice, as an earlier agreement had it where this one has none; else its key."""
        for choice in self.choices(of):
            if choice.key == key or key in choice.was:
                return choice.label
        return self.former.get(f"{list_of(of)}/{key}", key)

    def earlier_labels(self, of: Field) -> dict[str, str]:
        """The keys of choices by the labels, in the normal form, that earlier agreements had for them."""
        listed = f"{list_of(of)}/"
        return {name.removeprefix(listed): key for name, key in self.relabelled.items() if name.startswith(listed)}

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process is told what the log is told: no cache goes along, and no view of a mapping.
        return type(self).from_json, (self.to_json(),)

    def to_json(self) -> dict[str, Any]:
        """Plain values, as they stand in the log; what equals its default is left out."""
        plain: dict[str, Any] = _sparse(self)
        return plain

    @classmethod
    def from_json(cls, plain_values: Mapping[str, Any]) -> Self:
        """The schema that `to_json` wrote."""
        plain = dict(plain_values)
        for name, make in _PARTS.items():
            if name in plain:
                plain[name] = tuple(make(**_tuples(part)) for part in plain[name])
        if "currency" in plain:
            plain["currency"] = Currency(**plain["currency"])
        if "years" in plain:
            plain["years"] = Years(**plain["years"])
        if "ledger" in plain:
            plain["ledger"] = LedgerTerms(**plain["ledger"])
        if "mail" in plain:
            plain["mail"] = _mail(**plain["mail"])
        return cls(**_tuples(plain))


_LISTS: Mapping[str | None, str] = {"stage": "stages", "kind": "kinds", "activity": "activities", "confidence": "ranks"}


def list_of(field: Field) -> str:
    """The list that a choice field chooses from: the schema's for its role, else its own, called by its key."""
    return list_of_role(field.role) or field.key


def list_of_role(role: str | None) -> str:
    """The schema's list that fields of a role choose from; empty where it has none."""
    return _LISTS.get(role, "")


def _condition(lists: Mapping[str, Any]) -> Condition:
    return Condition(**{k: tuple(v) for k, v in lists.items()})


def _stage(**values: Any) -> Stage:
    if values.get("must_when"):
        values["must_when"] = _condition(values["must_when"])
    return Stage(**values)


def _field(**values: Any) -> Field:
    values["required_when"] = tuple(_condition(c) for c in values.get("required_when", ()))
    values["choices"] = tuple(Choice(**_tuples(c)) for c in values.get("choices", ()))
    return Field(**values)


def _mail(**values: Any) -> MailTerms:
    if values.get("send"):
        values["send"] = SendTerms(**values["send"])
    return MailTerms(**_tuples(values))


def _day_field(**values: Any) -> DayField:
    values["choices"] = tuple(Choice(**_tuples(c)) for c in values.get("choices", ()))
    return DayField(**values)


_PARTS: Mapping[str, Any] = {
    "stages": _stage, "fields": _field, "kinds": Kind, "activities": Activity, "ranks": Rank,
    "causes": Choice, "closures": Closure, "day_fields": _day_field,
}  # fmt: skip


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}


def _sparse(value: Any) -> Any:
    """Without what is None, empty or False; what is true by default stays where it is False."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        sparse = {k: _sparse(v) for k, v in value.items()}
        return {k: v for k, v in sparse.items() if (v is False and k in _TRUE_BY_DEFAULT) or not _says_nothing(v)}
    if isinstance(value, list | tuple):
        return [_sparse(v) for v in value]
    return value


_TRUE_BY_DEFAULT = ("contact", "stalls", "in_files")


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)


# Where a schema lists none. They are written in its language, as its own labels would be.
_DEFAULT = {
    "ja": (DayField("remarks", "所感", role="remarks"), DayField("tomorrow", "明日の予定", role="plan")),
    "en": (DayField("remarks", "Remarks", role="remarks"), DayField("tomorrow", "Plan for tomorrow", role="plan")),
}


def day_fields(schema: Schema) -> tuple[DayField, ...]:
    """The schema's own list, else remarks and the plan for tomorrow."""
    return schema.day_fields or _DEFAULT.get(schema.language, _DEFAULT["en"])


def main_field(schema: Schema) -> DayField:
    """The field that `-m` writes: the one for remarks, else the first."""
    fields = day_fields(schema)
    return next((f for f in fields if f.role == "remarks"), fields[0])
