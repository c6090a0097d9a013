"""The conversation: question after question, each answer kept before the next is asked, then the review."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, NoReturn

from nippo_cli.base.errors import Interrupted, NippoError, msg, refusal, system_reason
from nippo_cli.base.language import say, t
from nippo_cli.base.text import visible
from nippo_cli.cli.add import wording
from nippo_cli.cli.add.question import Question, QuestionStopped, Reply, Terminal, cleaned
from nippo_cli.cli.frame import edit_text
from nippo_cli.render.draw import Block, Prose, Span
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.services.writing import (
    DEAL,
    ON,
    REST,
    Interview,
    KnownNames,
    SavedDraft,
    as_typed,
    beginning,
    drafts_of,
    given_back,
    go_on,
)

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.cli.frame import CliContext
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.drafts import Preview
    from nippo_cli.results.recap import Recap
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Workspace
    from nippo_cli.services.writing import Beginning


class Back(Exception):
    """The person wants the question before."""


class Conversation:
    """One evening at the terminal: the report that is being written, and the draft that it is kept under."""

    # Whether Enter takes over what the deal has promised; a correction is of what an entry said.
    takes_promises: ClassVar[bool] = True

    def __init__(
        self,
        run: "CliContext",
        workspace: "Workspace",
        terminal: Terminal,
        schema: "Schema",
        names: KnownNames,
        beginning: "Beginning",
        *,
        ascii_only: bool = False,
    ) -> None:
        self.run = run
        self.workspace = workspace
        self.terminal = terminal
        self.schema = schema
        self.names = names
        self.beginning = beginning
        self.draft = SavedDraft()
        self.interview: Interview | None = None
        self.recap: Recap | None = None
        # The report as it was shown last: it is not shown again as long as it says the same.
        self.reviewed: Preview | None = None
        self.marks = glyphs(ascii_only=ascii_only)
        # An amount of a hundred times the deal's that the person called right.
        self.sure_amount: int | None = None
        # Whether the person wants to write another report behind this one.
        self.wants_more = False
        self._at = ""
        # What the report says and no draft holds.
        self._unkept: tuple[str, OSError] | None = None
        self._recorded = False

    @property
    def today(self) -> "date":
        """The journal's today."""
        return self.beginning.day

    @property
    def deal_label(self) -> str:
        """What the schema calls a deal's field."""
        field = self.schema.by_role.get("deal")
        return field.label if field else t("word.deal")

    @property
    def due(self) -> "tuple[DealSummary, ...]":
        """Deals whose planned contact is due."""
        return self.beginning.due

    @property
    def report(self) -> Interview:
        """The report that is being written.

        Raises:
            RuntimeError: none is.
        """
        if self.interview is None:
            raise RuntimeError("interview")
        return self.interview

    # --- asking

    def ask(self, at: str, question: Question, help_of: Callable[[], Sequence[Block]]) -> Reply:
        """One question: `?` and Ctrl-O are dealt with here.

        Raises:
            Back: `<`. Stopped: there is no answer.
        """
        self._at = at
        while True:
            reply = self.terminal.ask(question)
            if reply.kind == "back":
                if reply.text and self.interview is not None and at == self.interview.next():
                    self.interview = self.interview.left_open(at, reply.text)
                raise Back
            if reply.kind == "help":
                # It stays on the screen: a long one would not fit over the question.
                self.terminal.tell(help_of())
                question = question._replace(trouble="")
            elif reply.kind == "edit":
                question = self._in_editor(question, reply.text)
            else:
                return reply

    def _in_editor(self, question: Question, text: str) -> Question:
        # The editor may be killed together with nippo.
        self.keep(text)
        try:
            with self.terminal.lent():
                edited = edit_text(text, drafts_of(self.workspace).folder, self.keep)
        except (NippoError, OSError) as error:
            saved = getattr(error, "saved", None) or text
            return question._replace(default=cleaned(saved, lines=question.lines), trouble=say(refusal(error).message))
        return question._replace(default=cleaned(edited, lines=question.lines), trouble="")

    def tell(self, *words: str) -> None:
        """Quiet words that stay on the screen."""
        self.terminal.tell([Prose(Span(word, "dim")) for word in words])

    def tell_answer(self, label: str, shown: str, typed: str = "") -> None:
        """An answer, as it stays on the screen."""
        width = wording.label_width(self.schema)
        self.terminal.tell(wording.answered(label, shown, typed, mark=self.marks.done, labels=width))

    # --- keeping

    def keep(self, typed: str = "") -> None:
        """The draft as it stands now, on the disk; nothing where nothing was said yet."""
        if self.interview is None or self.workspace.dry_run or self._recorded:
            return
        answers = self.interview.answers
        report = self.interview.report._replace(later=answers.report.later)
        draft = SavedDraft(
            self.draft.number, self.draft.saved_at, (report.plain(),), self._at, typed, answers.passed, answers.waiting
        )
        if draft == self.draft or not (draft.says_something or draft.number):
            return
        try:
            self.draft, self._unkept = drafts_of(self.workspace).keep(draft, self.workspace.now), None
        except OSError as error:
            open_too = {self._at.removeprefix("@"): typed} if typed.strip() else {}
            before, self._unkept = self._unkept, (as_typed([report.plain() | open_too]), error)
            if before is None:
                self.tell(t("flow.unkept", path=str(drafts_of(self.workspace).folder), reason=system_reason(error)))

    def keep_all(self) -> None:
        """As `keep`, with what stands in the open question."""
        self.keep(self.terminal.typed())

    @property
    def is_unchanged(self) -> bool:
        """Whether there is nothing to write; of a new report there always is."""
        return False

    def stands(self, key: str, text: str) -> bool:  # noqa: ARG002
        """Whether an answer leaves what stood there although the schema takes it no longer; no new report has such."""
        return False

    def write(self, workspace: "Workspace") -> "Recap":
        """Record the report.

        Raises:
            NippoError: it is refused.
        """
        from nippo_cli.services.writing import record

        return record.add(workspace, self.report.report)

    def recorded(self, recap: "Recap", workspace: "Workspace") -> None:
        """The report is on disk: its draft is dropped, and its deal's line shown."""
        if self.draft.number:
            drafts_of(self.workspace).drop(self.draft.number)
        self.draft, self._recorded = SavedDraft(), True
        self.recap = recap
        self.run.show(recap, workspace)

    def look_again(self) -> None:
        """What is known now that a report more is recorded: names, and what is still due."""
        self.workspace = self.run.workspace()
        self.names = KnownNames(self.workspace)
        self.beginning = beginning(self.workspace, author=self.report_by)

    @property
    def report_by(self) -> str:
        """In whose name the report is written; empty for the writer's own."""
        return self.interview.answers.report.by or "" if self.interview else ""

    def stopped(self, stopped: QuestionStopped) -> NoReturn:
        """Keep everything, say how to go on, and end.

        Raises:
            Interrupted: the person stopped. SystemExit: a signal did.
        """
        self.keep(stopped.typed)
        hint = go_on(self.workspace, self.draft.number) if self.draft.number else None
        if stopped.signal:
            with suppress(OSError):
                self.tell(*(visible(part) for part in say(hint).split("\n")) if hint else ())
            raise SystemExit(128 + stopped.signal)
        ended = Interrupted(msg("cli.stopped"), hint=hint)
        raise given_back(self.workspace, self._unkept[0], ended, self._unkept[1]) if self._unkept else ended

    def failed(self, error: NippoError) -> NippoError:
        """The error that ends the conversation, and how to go on with what was typed."""
        if not error.is_saved:
            self.keep_all()
            if self._unkept is not None:
                given_back(self.workspace, self._unkept[0], error, self._unkept[1])
            elif self.draft.number:
                error.hint = go_on(self.workspace, self.draft.number, first=error.hint)
            error.is_saved = True
        return error

    # --- the course of it

    def begin(self, interview: Interview) -> None:
        """Another report."""
        self.interview, self.reviewed, self._recorded = interview, None, False
        self.sure_amount = None

    def go_back(self, step: str) -> None:
        """Open the question before again."""
        before = self.report.before(step)
        if before is None:
            self.tell(t("flow.first"))
            return
        names = {ON: t("flow.day"), DEAL: self.deal_label, REST: t("flow.rest")}
        field = self.schema.by_key.get(before)
        self.tell(f"< {field.label if field else names.get(before, before)}")
        self.interview = self.report.back_to(before)
