"""The questions of a report: which comes next, which came before, and what an answer makes of the report.

Pure: no terminal, no journal, no clock. An interview never changes; every answer makes another one, so going back
loses nothing.

Rule: docs/writing.md#what-is-asked
"""

from datetime import date
from typing import Any

from nippo_cli.base.language import spoken
from nippo_cli.schema.schema import Field, Role
from nippo_cli.schema.types import FieldType, Reading, ValueRefused, empty, reader_for, type_of
from nippo_cli.services.context import Report, implausible
from nippo_cli.services.writing.entry_so_far import EntryAnswers, EntrySoFar, Known

# Questions that are no field; a field goes by its key, which never begins so. `HELD` and `WHOSE` are asked only while the
# report and its deal do not agree.
ON, DEAL, HELD, WHOSE, REST, REVIEW = "@on", "@deal", "@held", "@whose", "@rest", "@review"


class Interview(EntrySoFar):
    """The report so far, and what is still to be asked. `on` is the day of the entry."""

    # --- which question comes next

    def steps(self) -> list[str]:
        """The questions of this report in their order, as far as they can be known by now."""
        steps = [ON]
        if "deal" in self.schema.by_role:
            steps.append(DEAL)
        if self.held is not None:
            steps.append(HELD)
        if self.other_customer or self.takes_over:
            steps.append(WHOSE)
        fields = [f.key for f in self.schema.fields if self._asked(f)]
        activity = self.schema.key("activity")
        if activity in fields:
            # What was done decides what else is asked.
            fields.remove(activity)
            fields.insert(0, activity)
        if self.rest():
            fields.insert(1 if activity in fields else 0, REST)
        return [*steps, *fields, REVIEW]

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
        if key in self.answers.typed and key not in self.answers.passed:
            # What was typed and not taken is asked again.
            return True
        if key in self.raw or key in self.required:
            return key in self.required or key not in {f.key for f, _ in self.rest()}
        if role in ("activity", "facts"):
            return True
        if role == "impression":
            return self.meets_people()
        return bool(role) and self._usual(role)

    def _usual(self, role: Role | None) -> bool:
        """Whether a role is asked of every such report: the next step of a deal that goes on, the reason of a loss."""
        ends = self.ends()
        if role == "customer":
            return not self.deal_values.get(self.schema.key("customer") or "")
        if role == "stage":
            return self.known is not None and self.known.new
        if role in ("customer_words", "own_view"):
            return ends == "lost"
        if role == "push_reason":
            return self.pushed()
        going_on = self.known is not None and ends is None and (self.known.live or bool(self.value("stage")))
        if role == "ball":
            return going_on and self._leaves_ball_open()
        return going_on and (role == "next_step" or (role == "next_on" and bool(self.value("next_step"))))

    def _leaves_ball_open(self) -> bool:
        """Whether there is a new next step and the activity does not say whose move it leaves it to be."""
        step, activity = self.value("next_step"), self.schema.activity_by_key.get(self.value("activity") or "")
        is_new = bool(step) and (self.known is None or step != self.known.next_step)
        return is_new and (activity is None or not activity.ball)

    # --- what an answer makes of it

    def with_day(self, on: date, typed: str = "") -> "Interview":
        """The same report of another day. Promises keep the dates that they were understood as."""
        return self._with(ON, self.answers.report, typed, on=on)

    def with_deal(self, deal: str | None, known: Known | None, typed: str = "") -> "Interview":
        """The same report of another deal, or of none. What the deal has itself is not said for it any more; another
        customer than the deal's is left for `WHOSE` to ask about."""
        raw = dict(self.raw)
        customer = self.schema.key("customer")
        has = known.deal_values.get(customer or "") if known is not None else None
        if known is not None and customer and has and known.customers.same(str(raw.get(customer, has)), has):
            raw.pop(customer, None)
        new = known is not None and known.new
        changes = self.answers.report.change_customer and deal == self.answers.report.deal
        report = self.answers.report._replace(raw=raw, deal=deal, new_deal=new, change_customer=changes)
        answers = self._with(DEAL, report, typed).answers
        if known != self.known:
            answers = answers._replace(passed=tuple(step for step in answers.passed if step != REST))
        return Interview(self.schema, answers, self.on, known)

    def answered(self, key: str, said: str) -> "Interview":
        """The report with a field's answer in it; an empty one takes it out.

        Raises:
            ValueRefused: the field does not take it.
        """
        raw = {k: v for k, v in self.raw.items() if k != key}
        if not empty(said):
            raw[key] = self.understood(key, said)
        report = self.answers.report._replace(raw=raw)
        if key == self.schema.key("customer") and raw.get(key) != self.raw.get(key):
            report = report._replace(change_customer=False)
        return self._with(key, report, said)

    def keeping_step(self, on: str) -> "Interview":
        """The report with the deal's next step as it stands, on a day as typed: both questions are answered.

        Raises:
            ValueRefused: it is no day.
        """
        step, day = self.schema.by_role["next_step"].key, self.schema.by_role["next_on"].key
        self.understood(day, on)
        return self.answered(step, self.promised(step)).answered(day, on)

    def changing_customer(self) -> "Interview":
        """The report as one that gives its deal the customer that it says."""
        answers = self.answers._replace(report=self.answers.report._replace(change_customer=True))
        return Interview(self.schema, answers, self.on, self.known)

    def left_for_later(self, key: str) -> "Interview":
        """The report without a field that it must have."""
        emptied = self.answered(key, "")
        answers = emptied.answers._replace(waiting=tuple(dict.fromkeys((*emptied.answers.waiting, key))))
        return Interview(self.schema, answers, self.on, self.known)

    def noted(self, key: str, said: str) -> "Interview":
        """The report with words in a field that is still to be asked."""
        report = self.answers.report._replace(raw={**self.raw, key: said})
        passed = tuple(one for one in self.answers.passed if one != key)
        answers = self.answers._replace(report=report, passed=passed, typed={**self.answers.typed, key: said})
        return Interview(self.schema, answers, self.on, self.known)

    def left_open(self, step: str, said: str) -> "Interview":
        """The report with words at a question that is left for now: a text's are in it, others wait to be checked."""
        field = self.schema.by_key.get(step)
        if field is not None and type_of(field).takes_any_text:
            return self.noted(step, said)
        opened = self.back_to(step)
        answers = opened.answers._replace(typed={**opened.answers.typed, step: said})
        return Interview(self.schema, answers, self.on, self.known)

    def moved_past(self, step: str) -> "Interview":
        """The report with a question behind it and nothing changed."""
        return self._with(step, self.answers.report, self.answers.typed.get(step, ""))

    def left_as_it_stands(self, key: str) -> "Interview":
        """The report with a field behind it whose value can't be read; where it is required, that waits."""
        passed = self.moved_past(key)
        if key not in passed.required:
            return passed
        answers = passed.answers._replace(waiting=tuple(dict.fromkeys((*passed.answers.waiting, key))))
        return Interview(self.schema, answers, self.on, self.known)

    def back_to(self, step: str) -> "Interview":
        """The report with a question open again, its answer kept."""
        passed = tuple(one for one in self.answers.passed if one != step)
        waiting = tuple(one for one in self.answers.waiting if one != step)
        answers = self.answers._replace(passed=passed, waiting=waiting)
        return Interview(self.schema, answers, self.on, self.known)

    def _with(self, step: str, report: Report, typed: str, *, on: date | None = None) -> "Interview":
        passed = tuple(dict.fromkeys((*self.answers.passed, step)))
        waiting = tuple(one for one in self.answers.waiting if one != step)
        answers = EntryAnswers(report, passed, waiting, {**self.answers.typed, step: typed})
        return Interview(self.schema, answers, on or self.on, self.known)

    # --- how an answer is read

    def understood(self, key: str, said: str) -> object:
        """What is kept of an answer: a text that means the same whenever it is read again.

        Raises:
            ValueRefused: the field does not take it.
        """
        field = self.schema.by_key[key]
        value = self.read(key, said)
        return said if type_of(field).kept_as_typed else self._reader(field).typed(value)

    def read(self, key: str, said: str) -> Any:
        """The canonical value of an answer; a choice may be a number or a part of its label.

        Raises:
            ValueRefused: the field does not take it.
        """
        field = self.schema.by_key[key]
        value = self._reader(field).answer(said)
        if type_of(field).dated and (problems := implausible({key: value}, self.schema, self.on)):
            raise ValueRefused(said, problems[0].needs)
        return value

    def shown(self, key: str) -> str:
        """What stands in a field's question when it is asked again: as it was typed, else as it is kept."""
        typed = self.answers.typed.get(key)
        if typed:
            return typed
        raw = self.raw.get(key)
        field = self.schema.by_key[key]
        if raw is None:
            return field.default or "" if key not in self.answers.passed else ""
        return spoken(type_of(field).written(raw, field, self.schema))

    def unfinished(self, step: str) -> str:
        """What was typed at a question that was not gone through: a draft keeps it."""
        return "" if step in self.answers.passed else self.answers.typed.get(step, "")

    def _reader(self, field: Field) -> FieldType:
        return reader_for(field, Reading(self.on, self.schema))
