"""The questions of a report: which comes next, which came before, and what an answer makes of the report.

Pure: no terminal, no journal, no clock. An interview never changes; every answer makes another one, so going back
loses nothing.

Rule: docs/writing.md#what-is-asked
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import same_customer
from nippo_cli.line.checked_entry import checker
from nippo_cli.schema.schema import Field, Role, Schema
from nippo_cli.schema.types import FieldType, Reading, empty, reader_for, type_of
from nippo_cli.services.context import Report

if TYPE_CHECKING:
    from nippo_cli.journal.read import NamedDeal

# Questions that are no field; a field goes by its key, which never begins so. `HELD` and `WHOSE` are asked only while the
# report and its deal do not agree.
ON, DEAL, HELD, WHOSE, REST, REVIEW = "@on", "@deal", "@held", "@whose", "@rest", "@review"
_NONE: Mapping[str, Any] = MappingProxyType({})
# What a deal already has stands in one line, in this order.
STANDING: tuple[Role, ...] = ("stage", "amount", "closes", "confidence", "customer", "kind")


class Known(NamedTuple):
    """A deal as the interview needs it: what it has, by field key, and the stage that it is in. A deal that this
    report begins has `new` and nothing else; `held` is the deal that answers to its name already."""

    name: str
    standing: Mapping[str, Any] = _NONE
    stage: str = ""
    live: bool = True
    new: bool = False
    held: "NamedDeal | None" = None


class EntryAnswers(NamedTuple):
    """What was answered: the report so far, its values by field key; `passed` the questions gone through, answered or
    left empty; `waiting` the required fields that are left for later; `typed` the answers as they were typed."""

    report: Report = Report()
    passed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    typed: Mapping[str, str] = _NONE


class Interview:
    """The report so far, and what is still to be asked. `on` is the day of the entry."""

    def __init__(self, agreement: Schema, answers: EntryAnswers, on: date, known: Known | None = None) -> None:
        self.agreement = agreement
        self.answers = answers
        self.on = on
        self.known = known

    # --- what the report says so far

    @property
    def raw(self) -> Mapping[str, object]:
        """The answers by field key."""
        return self.answers.report.raw

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The canonical values of what was answered; what can't be read is left out."""
        return checker(self.agreement, self.on).check(self.raw, self.standing)[0]

    @property
    def standing(self) -> Mapping[str, Any]:
        """What the deal already has."""
        if self.known is None:
            return _NONE
        key = self.agreement.key("deal")
        return {**({key: self.known.name} if key else {}), **self.known.standing}

    @cached_property
    def required(self) -> frozenset[str]:
        """The fields that this report must have and its deal has not."""
        asked = checker(self.agreement, self.on).required(self.values, self.standing)
        return frozenset(f.key for f in asked if not self.standing.get(f.key))

    def value(self, role: Role) -> Any:
        """What this report says in a role; None where it says nothing."""
        key = self.agreement.key(role)
        return self.values.get(key) if key else None

    @property
    def other_customer(self) -> str:
        """The deal's customer, where this report says another and not that it changes; empty where they agree."""
        key = self.agreement.key("customer") or ""
        said, has = self.values.get(key), self.standing.get(key)
        if not said or not has or self.answers.report.change_customer or same_customer(said, has):
            return ""
        return str(has)

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
        found = []
        for role in STANDING:
            field = self.agreement.by_role.get(role)
            if field is None:
                continue
            stands = self.known.stage if role == "stage" else self.standing.get(field.key)
            value = self.values.get(field.key, stands)
            if not empty(value):
                found.append((field, value))
        return found

    def said(self) -> list[tuple[Field, Any]]:
        """Every field that this report says, in the agreement's order."""
        return [(f, self.values[f.key]) for f in self.agreement.fields if f.key in self.values]

    def unsaid(self) -> list[Field]:
        """The other fields: they may be said still."""
        return [f for f in self.agreement.fields if f.role != "deal" and f.key not in self.values]

    def worth_saying(self) -> list[Field]:
        """Of the unsaid ones those that this report may want: the deal has none, and the moment is right."""
        return [f for f in self.unsaid() if not self.standing.get(f.key) and self._in_season(f.role)]

    def _in_season(self, role: Role | None) -> bool:
        if role in ("lost_reason", "customer_words", "own_view"):
            return self._ends() == "lost"
        if role == "push_reason":
            return self._pushed()
        if role in ("stage", "source", "kind", "amount", "closes", "confidence", "accepts", "competitor"):
            return self.known is not None and (self.known.new or role not in ("source", "stage"))
        return True

    def _ends(self) -> str | None:
        stage = self.agreement.stage_by_key.get(self.value("stage") or "")
        return stage.ends if stage else None

    # --- which question comes next

    def steps(self) -> list[str]:
        """The questions of this report in their order, as far as they can be known by now."""
        found = [ON]
        if "deal" in self.agreement.by_role:
            found.append(DEAL)
        if self.known is not None and self.known.held is not None:
            found.append(HELD)
        if self.other_customer:
            found.append(WHOSE)
        fields = [f.key for f in self.agreement.fields if self._asked(f)]
        activity = self.agreement.key("activity")
        if self.rest():
            at = fields.index(activity) + 1 if activity in fields else 0
            # Whom and what comes before what stands; the rest is asked once it is known where the deal is.
            fields.insert(at, REST)
        return [*found, *fields, REVIEW]

    def next(self) -> str:
        """The first question that was not gone through, or that has become required since."""
        return next(step for step in self.steps() if not self._done(step))

    def before(self, step: str) -> str | None:
        """The question before; None before the first."""
        steps = self.steps()
        at = steps.index(step) if step in steps else len(steps) - 1
        return steps[at - 1] if at else None

    def _done(self, step: str) -> bool:
        if step == REVIEW or step not in self.answers.passed:
            return False
        return step not in self.required or step in self.values or step in self.answers.waiting

    def _asked(self, field: Field) -> bool:
        """Whether a field is asked on its own: required and not there, or what every report of its sort tells."""
        role, key = field.role, field.key
        if role == "deal":
            return False
        if key in self.raw or key in self.required:
            return key in self.required or key not in {f.key for f, _ in self.rest()}
        if role in ("activity", "facts", "impression"):
            return True
        return bool(role) and self._usual(role)

    def _usual(self, role: Role | None) -> bool:
        ends = self._ends()
        if role == "customer":
            return not self.standing.get(self.agreement.key("customer") or "")
        if role == "stage":
            return self.known is not None and self.known.new
        if role in ("customer_words", "own_view"):
            return ends == "lost"
        if role == "push_reason":
            return self._pushed()
        going_on = self.known is not None and ends is None and (self.known.live or bool(self.value("stage")))
        return going_on and (role == "next_step" or (role == "next_on" and bool(self.value("next_step"))))

    def _pushed(self) -> bool:
        from nippo_cli.base.dates import moved, read_when

        key = self.agreement.key("closes")
        before, now = self.standing.get(key or ""), self.value("closes")
        return bool(before and now) and moved(read_when(str(before)), read_when(str(now))) > 0

    # --- what an answer makes of it

    def with_day(self, on: date, typed: str = "") -> "Interview":
        """The same report of another day. Promises keep the dates that they were understood as."""
        return self._with(ON, self.answers.report, typed, on=on)

    def with_deal(self, deal: str | None, known: Known | None, typed: str = "") -> "Interview":
        """The same report of another deal, or of none. What the deal has itself is not said for it any more; another
        customer than the deal's is left for `WHOSE` to ask about."""
        raw = dict(self.raw)
        customer = self.agreement.key("customer")
        has = known.standing.get(customer or "") if known is not None else None
        if customer and has and same_customer(str(raw.get(customer, has)), has):
            raw.pop(customer, None)
        new = known is not None and known.new
        changes = self.answers.report.change_customer and deal == self.answers.report.deal
        report = self.answers.report._replace(raw=raw, deal=deal, new_deal=new, change_customer=changes)
        answers = self._with(DEAL, report, typed).answers
        if known != self.known:
            answers = answers._replace(passed=tuple(step for step in answers.passed if step != REST))
        return Interview(self.agreement, answers, self.on, known)

    def answered(self, key: str, said: str) -> "Interview":
        """The report with a field's answer in it; an empty one takes it out.

        Raises:
            ValueRefused: the field does not take it.
        """
        raw = {k: v for k, v in self.raw.items() if k != key}
        if not empty(said):
            raw[key] = self.understood(key, said)
        report = self.answers.report._replace(raw=raw)
        if key == self.agreement.key("customer") and raw.get(key) != self.raw.get(key):
            report = report._replace(change_customer=False)
        return self._with(key, report, said)

    def changing_customer(self) -> "Interview":
        """The report as one that gives its deal the customer that it says."""
        answers = self.answers._replace(report=self.answers.report._replace(change_customer=True))
        return Interview(self.agreement, answers, self.on, self.known)

    def left_for_later(self, key: str) -> "Interview":
        """The report without a field that it must have."""
        found = self.answered(key, "")
        answers = found.answers._replace(waiting=tuple(dict.fromkeys((*found.answers.waiting, key))))
        return Interview(self.agreement, answers, self.on, self.known)

    def noted(self, key: str, said: str) -> "Interview":
        """The report with words in a field that is still to be asked."""
        report = self.answers.report._replace(raw={**self.raw, key: said})
        passed = tuple(one for one in self.answers.passed if one != key)
        answers = self.answers._replace(report=report, passed=passed, typed={**self.answers.typed, key: said})
        return Interview(self.agreement, answers, self.on, self.known)

    def begun_with(self, step: str, said: str) -> "Interview":
        """The report with words at a question that is left for now: a text's are in it, others wait to be checked."""
        field = self.agreement.by_key.get(step)
        if field is not None and type_of(field).takes_any_text:
            return self.noted(step, said)
        found = self.back_to(step)
        answers = found.answers._replace(typed={**found.answers.typed, step: said})
        return Interview(self.agreement, answers, self.on, self.known)

    def gone_through(self, step: str) -> "Interview":
        """The report with a question behind it and nothing changed."""
        return self._with(step, self.answers.report, self.answers.typed.get(step, ""))

    def back_to(self, step: str) -> "Interview":
        """The report with a question open again, its answer kept."""
        passed = tuple(one for one in self.answers.passed if one != step)
        waiting = tuple(one for one in self.answers.waiting if one != step)
        answers = self.answers._replace(passed=passed, waiting=waiting)
        return Interview(self.agreement, answers, self.on, self.known)

    def _with(self, step: str, report: Report, typed: str, *, on: date | None = None) -> "Interview":
        passed = tuple(dict.fromkeys((*self.answers.passed, step)))
        waiting = tuple(one for one in self.answers.waiting if one != step)
        answers = EntryAnswers(report, passed, waiting, {**self.answers.typed, step: typed})
        return Interview(self.agreement, answers, on or self.on, self.known)

    # --- how an answer is read

    def understood(self, key: str, said: str) -> object:
        """What is kept of an answer: a text that means the same whenever it is read again.

        Raises:
            ValueRefused: the field does not take it.
        """
        field = self.agreement.by_key[key]
        value = self.read(key, said)
        return said if type_of(field).kept_as_typed else self._reader(field).typed(value)

    def read(self, key: str, said: str) -> Any:
        """The canonical value of an answer; a choice may be a number or a part of its label.

        Raises:
            ValueRefused: the field does not take it.
        """
        return self._reader(self.agreement.by_key[key]).answer(said)

    def shown(self, key: str) -> str:
        """What stands in a field's question when it is asked again: as it was typed, else as it is kept."""
        typed = self.answers.typed.get(key)
        if typed:
            return typed
        kept = self.raw.get(key)
        field = self.agreement.by_key[key]
        if kept is None:
            return field.default or "" if key not in self.answers.passed else ""
        return type_of(field).written(kept, field, self.agreement)

    def begun(self, step: str) -> str:
        """What was typed at a question that was not gone through: a draft keeps it."""
        return "" if step in self.answers.passed else self.answers.typed.get(step, "")

    def _reader(self, field: Field) -> FieldType:
        return reader_for(field, Reading(self.on, self.agreement))
