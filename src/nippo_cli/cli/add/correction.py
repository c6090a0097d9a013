"""Bare `nippo edit ID`: an entry's fields one by one as it stands; Enter keeps each, and what is answered otherwise is corrected."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from nippo_cli.base.errors import Interrupted, NippoError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, spoken, t
from nippo_cli.base.text import quoted
from nippo_cli.cli.add.conversation import Conversation
from nippo_cli.cli.add.deals import goes_on
from nippo_cli.cli.add.start import finished, new_conversation, saved_on_signal
from nippo_cli.schema.types import ValueRefused, picked, type_of
from nippo_cli.services.writing import DEAL, ON, REST, REVIEW, EntryOfLeftDeal, amend, cut_edits, entry_as_report

if TYPE_CHECKING:
    from nippo_cli.cli.add.question import QuestionStopped
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.recap import Recap
    from nippo_cli.services.context import Report, Workspace


class EntryCorrection(Conversation):
    """The conversation about an entry that is there. It has no draft: what was answered when it is left stands in a command."""

    takes_promises = False
    entry: "EntryView"
    why = ""
    # What the entry says that the schema takes no longer, as it is written.
    unreadable: Mapping[str, str] = MappingProxyType({})

    def keep(self, typed: str = "") -> None:
        """Nothing: a draft would become another entry."""

    def keep_all(self) -> None:
        """Put by the command that corrects as far as was answered: the process is about to end."""
        command = self._given_back(self.terminal.typed())
        if command:
            with suppress(OSError):
                cut_edits.keep_edit(self.workspace, self.entry.id, command)

    def stands(self, key: str, text: str) -> bool:
        """Whether an answer is what stood there, and can't be read any more."""
        return bool(text) and self.unreadable.get(key) == text

    def write(self, workspace: "Workspace") -> "Recap":
        """Correct the entry by what differs."""
        said, differing = show_id(self.entry.id), self._differing()
        try:
            return amend.amend(workspace, said, differing, why=self.why)
        except EntryOfLeftDeal as left:
            if not goes_on(self, left):
                raise
            return amend.amend(workspace, said, differing._replace(deal=show_id(left.deal)), why=self.why)

    @property
    def is_unchanged(self) -> bool:
        """Whether every answer is what stood there."""
        said = self._differing()
        return not (said.raw or said.deal or said.on)

    def stopped(self, stopped: "QuestionStopped") -> NoReturn:
        """End, and give back what was answered.

        Raises:
            Interrupted: the person stopped. SystemExit: a signal did.
        """
        if stopped.signal:
            raise SystemExit(128 + stopped.signal)
        ended = Interrupted(msg("cli.stopped"))
        ended.lost = self._given_back(stopped.typed)
        raise ended

    def failed(self, error: NippoError) -> NippoError:
        """The error that ends the conversation, with the command that corrects as far as was answered."""
        if not error.is_saved:
            error.lost = self._given_back(self.terminal.typed())
        return error

    def _differing(self) -> "Report":
        """What is said otherwise than the entry says it; an empty text takes a field out."""
        from nippo_cli.services.context import Report

        said, stood = self.report.values, self._stood
        raw: dict[str, Any] = {key: self.report.raw[key] for key, value in said.items() if stood.get(key) != value}
        typed = self.report.answers.typed
        raw |= {key: "" for key in stood if key not in said and not self.stands(key, typed.get(key, ""))}
        deal, before = self.report.answers.report.deal, show_id(self.entry.deal.id) if self.entry.deal else None
        return Report(
            raw=raw,
            deal=deal if deal != before else None,
            on=self.report.on.isoformat() if self.report.on != self.entry.on else None,
            later=self.report.report.later,
        )

    @property
    def _stood(self) -> Mapping[str, Any]:
        return {key: value for key, value in self.entry.values.items() if key in self.schema.by_key}

    def _given_back(self, typed: str) -> str:
        """The command that corrects as far as was answered, `typed` being the answer that stands in the open question; behind
        it, on a row of its own, an answer that fits no option. Empty where nothing was answered."""
        if self.interview is None:
            return ""
        said = self._differing()
        options = {_option(key): self._written(key, value) for key, value in said.raw.items()}
        options |= {option: value for option, value in (("--deal", said.deal), ("--on", said.on)) if value}
        options |= self._open(typed)
        rest = typed if typed.strip() and self._at in (REST, REVIEW) and not self._open(typed) else ""
        if not (options or rest):
            return ""
        options |= {"--why": self.why} if self.why else {}
        words = ["edit", show_id(self.entry.id), *(word for pair in options.items() for word in pair)]
        command = f"nippo{self.workspace.places.options} {' '.join(map(quoted, words))}"
        return f"{command}\n{rest}" if rest else command

    def _open(self, typed: str) -> dict[str, str]:
        """The option of the answer that stands in the open question; none where it is what stood there before."""
        key, said, report = self._at, typed, self.report
        if not typed.strip():
            return {}
        if key in (ON, DEAL):
            return {"--on" if key == ON else "--deal": typed} if key not in report.answers.passed else {}
        if key in (REST, REVIEW):
            stands = [field for field, _ in (report.rest() if key == REST else report.stated())]
            try:
                key, said = picked(stands, [f for f in self.schema.fields if f.role != "deal"], typed)
            except ValueRefused:
                return {}
        return {_option(key): said} if said and key in self.schema.by_key and said != report.shown(key) else {}

    def _written(self, key: str, value: Any) -> str:
        field = self.schema.by_key[key]
        return spoken(type_of(field).written(value, field, self.schema)) if value else ""


def _option(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def correct(run: "CliContext", workspace: "Workspace", said: str, why: str) -> None:
    """Ask what an entry says, field by field, and correct it.

    Raises:
        NotFound: there is no such entry. Interrupted: the person stopped.
    """
    run.no_pager = True
    entry, interview = entry_as_report(workspace, said)
    talk = new_conversation(run, workspace, EntryCorrection, interview.schema)
    talk.entry, talk.why, talk.unreadable = entry, why, interview.answers.typed
    from nippo_cli.cli.add.question import QuestionStopped

    with talk.terminal.held(), saved_on_signal(talk.keep_all, talk.terminal.stop):
        try:
            talk.tell(*map(say, cut_edits.edits_put_by(workspace)), t("flow.keys_edit"))
            if not finished(talk, interview):
                talk.stopped(QuestionStopped(""))
        except QuestionStopped as stopped:
            talk.stopped(stopped)
        except NippoError as error:
            raise talk.failed(error) from error
