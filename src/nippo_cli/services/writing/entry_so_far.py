"""What a report says so far, held against what its deal has: what is required, what stands, what may be said still.

Pure: no terminal, no journal, no clock.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nippo_cli.base.customer_names import NOBODY, CustomerNames
from nippo_cli.base.dates import moved, read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id
from nippo_cli.line.checked_entry import checker
from nippo_cli.line.namesakes import may_become
from nippo_cli.schema.schema import Field, Role, Schema
from nippo_cli.schema.types import empty
from nippo_cli.services.context import Report
from nippo_cli.services.writing.slipped_amounts import hundredfold

if TYPE_CHECKING:
    from nippo_cli.journal.read import NamedDeal

_NONE: Mapping[str, Any] = MappingProxyType({})
# What a deal already has stands in one line, in this order.
KNOWN: tuple[Role, ...] = ("stage", "amount", "closes", "confidence", "customer", "kind")


class Known(NamedTuple):
    """A deal as the interview needs it: what it has, by field key, and the stage that it is in; `next_step` with its day
    is what was promised. A deal that this report begins has `new` and nothing else; `held` are the deals that answer to its
    name already, at whatever customer; `customers`: what these are called; `once_of`: of one that is nobody's by now, whose it was."""

    name: str
    deal_values: Mapping[str, Any] = _NONE
    stage: str = ""
    live: bool = True
    new: bool = False
    next_step: str = ""
    next_on: str = ""
    held: "tuple[NamedDeal, ...]" = ()
    customers: CustomerNames = NOBODY
    once_of: frozenset[str] = frozenset()


class EntryAnswers(NamedTuple):
    """What was answered: the report so far, its values by field key; `passed` the questions gone through, answered or
    left empty; `waiting` the required fields that are left for later; `typed` the answers as they were typed."""

    report: Report = Report()
    passed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    typed: Mapping[str, str] = _NONE


class EntrySoFar:
    """The report so far and its deal. `on` is the day of the entry."""

    def __init__(self, schema: Schema, answers: EntryAnswers, on: date, known: Known | None = None) -> None:
        self.schema = schema
        self.answers = answers
        self.on = on
        self.known = known

    @property
    def raw(self) -> Mapping[str, object]:
        """The answers by field key."""
        return self.answers.report.raw

    @property
    def meeting(self) -> str:
        """The entry with whose meeting this one is of; empty for one of its own."""
        return self.answers.report.meeting or ""

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The canonical values of what was answered; what can't be read is left out."""
        return checker(self.schema, self.on).check(self.raw, self.deal_values)[0]

    @property
    def deal_values(self) -> Mapping[str, Any]:
        """What the deal already has."""
        if self.known is None:
            return _NONE
        key = self.schema.key("deal")
        return {**({key: self.known.name} if key else {}), **self.known.deal_values}

    @cached_property
    def required(self) -> frozenset[str]:
        """The fields that this report must have and its deal has not."""
        asked = checker(self.schema, self.on).required(self.values, self.deal_values)
        return frozenset(f.key for f in asked if not self.deal_values.get(f.key))

    def value(self, role: Role) -> Any:
        """What this report says in a role; None where it says nothing."""
        key = self.schema.key(role)
        return self.values.get(key) if key else None

    @property
    def called(self) -> CustomerNames:
        """What customers are called, as far as the deal tells."""
        return self.known.customers if self.known is not None else NOBODY

    @property
    def other_customer(self) -> str:
        """The deal's customer, where this report says another and not that it changes; empty where they agree."""
        key = self.schema.key("customer") or ""
        said, has = self.values.get(key), self.deal_values.get(key)
        if not said or not has or self.answers.report.change_customer or self.called.same(said, has):
            return ""
        return str(has)

    @property
    def takes_over(self) -> bool:
        """Whether this report says a customer, and not that the deal is that one's from now on, of a deal that another left."""
        said = self.value("customer")
        if not said or self.known is None or not self.known.once_of or self.answers.report.change_customer:
            return False
        return not may_become(self.known.once_of, self.called.name(str(said)), self.called.apart)

    @property
    def held(self) -> "NamedDeal | None":
        """The deal that keeps a new one from beginning under its name: the same customer's, or the one whose id it is. Nobody's
        does once it is plain that the report names no customer."""
        if self.known is None or not self.known.held:
            return None
        key = self.schema.key("customer")
        said, of_id = str(self.value("customer") or ""), read_id(self.known.name)
        if not said and key and key not in self.answers.passed:
            return next((deal for deal in self.known.held if deal.id == of_id), None)
        return next((d for d in self.known.held if d.id == of_id or self.called.same(d.customer, said)), None)

    @property
    def report(self) -> Report:
        """The report as it would be recorded now."""
        report = self.answers.report
        lacking = any(key in self.required and key not in self.values for key in self.answers.waiting)
        return report._replace(on=self.on.isoformat(), later=report.later or lacking)

    def rest(self) -> list[tuple[Field, Any]]:
        """What stands without being asked: the deal's own values, or those that this report puts in their place."""
        if self.known is None or self.known.new:
            return []
        values = []
        for role in KNOWN:
            field = self.schema.by_role.get(role)
            if field is None:
                continue
            stands = self.known.stage if role == "stage" else self.deal_values.get(field.key)
            value = self.values.get(field.key, stands)
            if not empty(value):
                values.append((field, value))
        return values

    def stated(self) -> list[tuple[Field, Any]]:
        """Every field that this report says, in the schema's order."""
        return [(f, self.values[f.key]) for f in self.schema.fields if f.key in self.values]

    def unstated(self) -> list[Field]:
        """The other fields: they may be said still."""
        return [f for f in self.schema.fields if f.role != "deal" and f.key not in self.values]

    def worth_saying(self) -> list[Field]:
        """Of the unsaid ones those that this report may want: the deal has none, and the moment is right."""
        return [f for f in self.unstated() if not self.deal_values.get(f.key) and self._in_season(f.role)]

    def _in_season(self, role: Role | None) -> bool:
        """Whether the moment for a role's field is there: a lost reason at a loss, a source at the start."""
        if role in ("lost_reason", "customer_words", "own_view"):
            return self.ends() == "lost"
        if role == "push_reason":
            return self.pushed()
        if role in ("stage", "source", "kind", "amount", "closes", "confidence", "accepts", "competitor"):
            return self.known is not None and (self.known.new or role not in ("source", "stage"))
        return True

    def ends(self) -> str | None:
        """What the stage that this report names ends: `won`, `lost` or nothing."""
        stage = self.schema.stage_by_key.get(self.value("stage") or "")
        return stage.ends if stage else None

    def meets_people(self) -> bool:
        """Whether people are met in such an activity: the schema asks who they were, or does not tell activities apart by it."""
        people, activity = self.schema.by_role.get("people"), self.value("activity")
        asked = {key for condition in (people.required_when if people else ()) for key in condition.activity}
        return not asked or not activity or activity in asked

    def promised(self, key: str) -> str:
        """What stands in the next step's field, or in that of its day, as it would be typed: Enter alone leaves it. A day that
        has passed by then is asked for; one goes on with its own step alone."""
        role = self.schema.by_key[key].role
        if self.known is None or not self.known.live or not self.known.next_step:
            return ""
        if role == "next_step":
            return self.known.next_step
        if role != "next_on" or self.value("next_step") != self.known.next_step or not self.known.next_on:
            return ""
        return self.known.next_on if read_when(self.known.next_on).last > self.on else ""

    def step_is_due(self) -> bool:
        """Whether the deal's next step had a day, and that has come by the report's."""
        known = self.known
        if known is None or not (known.live and known.next_step and known.next_on):
            return False
        return read_when(known.next_on).last <= self.on

    def hundredfold(self, key: str, value: Any) -> int | None:
        """The deal's amount, where another that is said is a hundred times as much or a hundredth: a slip of zeros, or a unit
        that was taken for another. None where it isn't."""
        has = self.deal_values.get(key)
        if self.schema.by_key[key].role != "amount" or not has or not value:
            return None
        return int(has) if hundredfold(int(has), value) else None

    def pushed(self) -> bool:
        """Whether the expected close moves later by this report."""
        key = self.schema.key("closes")
        before, now = self.deal_values.get(key or ""), self.value("closes")
        return bool(before and now) and moved(read_when(str(before)), read_when(str(now))) > 0
