"""Bare `nippo edit ID`: an entry's fields one by one as it stands; Enter keeps each, and what is answered otherwise is corrected."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from nippo_cli.base.errors import Interrupted, NippoError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import quoted
from nippo_cli.cli.add.conversation import Conversation
from nippo_cli.cli.add.start import finished, kept_when_ended, new_conversation
from nippo_cli.schema.types import type_of
from nippo_cli.services.writing import amend, entry_as_report

if TYPE_CHECKING:
    from nippo_cli.cli.add.question import QuestionStopped
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.recap import Recap
    from nippo_cli.services.context import Report, Workspace


class EntryCorrection(Conversation):
    """The conversation about an entry that is there. It has no draft: what was answered when it is left stands in a command."""

    entry: "EntryView"
    why = ""

    def keep(self, typed: str = "") -> None:
        """Nothing: a draft would become another entry."""

    def write(self, workspace: "Workspace") -> "Recap":
        """Correct the entry by what differs."""
        return amend.amend(workspace, show_id(self.entry.id), self._differing(), why=self.why)

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
        if self.interview is not None and not self.is_unchanged:
            ended.lost = self._as_command()
        raise ended

    def failed(self, error: NippoError) -> NippoError:
        """The error that ends the conversation, with the command that corrects as far as was answered."""
        if not error.is_saved and self.interview is not None and not self.is_unchanged:
            error.lost = self._as_command()
        return error

    def _differing(self) -> "Report":
        """What is said otherwise than the entry says it; an empty text takes a field out."""
        from nippo_cli.services.context import Report

        said, stood = self.report.values, self._stood
        raw: dict[str, Any] = {key: self.report.raw[key] for key, value in said.items() if stood.get(key) != value}
        raw |= {key: "" for key in stood if key not in said}
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

    def _as_command(self) -> str:
        said, words = self._differing(), ["edit", show_id(self.entry.id)]
        for key, value in said.raw.items():
            field = self.schema.by_key[key]
            words += [f"--{key.replace('_', '-')}", type_of(field).written(value, field, self.schema) if value else ""]
        beside = {"--deal": said.deal, "--on": said.on, "--why": self.why}
        words += [word for option, value in beside.items() if value for word in (option, value)]
        return f"nippo{self.workspace.places.options} {' '.join(map(quoted, words))}"


def correct(run: "CliContext", workspace: "Workspace", said: str, why: str) -> None:
    """Ask what an entry says, field by field, and correct it.

    Raises:
        NotFound: there is no such entry. Interrupted: the person stopped.
    """
    run.no_pager = True
    entry, interview = entry_as_report(workspace, said)
    talk = new_conversation(run, workspace, EntryCorrection, interview.schema)
    talk.entry, talk.why = entry, why
    from nippo_cli.cli.add.question import QuestionStopped

    with talk.terminal.held(), kept_when_ended(talk.keep_all, talk.terminal.stop):
        try:
            talk.tell(t("flow.keys_edit"))
            finished(talk, interview)
        except QuestionStopped as stopped:
            talk.stopped(stopped)
        except NippoError as error:
            raise talk.failed(error) from error
