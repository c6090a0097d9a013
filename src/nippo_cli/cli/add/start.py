"""How the conversation begins and goes on: the draft that waits, the first question, another deal, another contact."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from nippo_cli.base.errors import NippoError, refusal
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import bind, current, say, t
from nippo_cli.base.text import normal_form
from nippo_cli.cli.add import steps
from nippo_cli.cli.add.conversation import Back, Conversation
from nippo_cli.cli.add.drawing import encodable, moves_its_cursor
from nippo_cli.cli.add.question import Question, QuestionStopped, Reply
from nippo_cli.cli.add.wording import deal_words
from nippo_cli.render.draw import Block, Prose
from nippo_cli.render.parts import understood, words
from nippo_cli.services.context import Report, for_writing, refused
from nippo_cli.services.writing import (
    ON,
    REVIEW,
    Interview,
    KnownNames,
    SavedDraft,
    another,
    begin_interview,
    beginning,
    deal_recalled,
    draft_on_failure,
    drafts_of,
    go_on,
    resumed,
    same_meeting,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nippo_cli.cli.frame import CliContext
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Workspace
    from nippo_cli.services.writing import Beginning

# Windows has no closed terminal to tell of.
_ENDING = ("SIGHUP", "SIGTERM")
_JAPANESE, _DRAWN = "日報", "✓…"
# A stage, a kind, a field: whatever has a key and a label.
_Labelled = TypeVar("_Labelled", bound=Any)
_NEW, _DROP = ("n", "new", "新しく", "新規"), ("d", "drop", "捨てる")


def can_converse() -> bool:
    """Whether questions can be put one by one here: keyboard and screen are a terminal that moves its cursor."""
    return sys.stdin.isatty() and sys.stderr.isatty() and moves_its_cursor()


@contextmanager
def saved_on_signal(keep: Callable[[], None], stop: Callable[[int], None]) -> Iterator[None]:
    """While the block runs, a signal that ends the process first calls `keep`, then `stop` with its number."""

    def end(number: int, _frame: Any) -> None:
        keep()
        stop(number)

    before = {}
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None:
            before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def write_reports(run: "CliContext", workspace: "Workspace", report: Report, *, liked: bool = False) -> None:
    """The whole evening: a report, and as many more as the person goes on with. Where nothing is said yet, a draft that
    waits is offered first.

    Raises:
        Interrupted: the person stopped; what was typed is a draft.
    """
    # A pager would take the keys that are meant for the next question.
    run.no_pager = True
    with draft_on_failure(workspace, [report]):
        talk, fresh = _begin(run, workspace, report, liked=liked)
    with talk.terminal.held(), saved_on_signal(talk.keep_all, talk.terminal.stop), _saying_why_it_ends(talk):
        bare = not (report.raw or report.deal or report.meeting or report.on or report.by or liked)
        waiting = _offered(talk) if bare and not workspace.dry_run else None
        if waiting is not None and waiting.form is not None:
            # The first question comes sooner without it.
            from nippo_cli.cli.add.whole_report import resume_form

            with talk.terminal.lent():
                resume_form(run, workspace, waiting)
            return
        if waiting is not None:
            talk.draft = waiting
            fresh = resumed(workspace, talk.schema, waiting, talk.beginning)
        _evening(talk, fresh)


def resume(run: "CliContext", workspace: "Workspace", draft: SavedDraft) -> None:
    """Go on with a draft.

    Raises: as `write_reports`.
    """
    run.no_pager = True
    talk, _ = _begin(run, workspace, Report(), liked=False)
    talk.draft = draft
    with talk.terminal.held(), saved_on_signal(talk.keep_all, talk.terminal.stop), _saying_why_it_ends(talk):
        _evening(talk, resumed(workspace, talk.schema, draft, talk.beginning))


@contextmanager
def _saying_why_it_ends(talk: Conversation) -> Iterator[None]:
    """What ends a conversation is said in it: that it was stopped, or why it failed.

    Raises:
        NippoError: it failed.
    """
    try:
        yield
    except QuestionStopped as stopped:
        talk.stopped(stopped)
    except NippoError as error:
        talk.failed(error)
        raise
    except Exception as error:
        raise talk.failed(refusal(error)) from error


_Talk = TypeVar("_Talk", bound=Conversation)


def _begin(run: "CliContext", workspace: "Workspace", report: Report, *, liked: bool) -> tuple[Conversation, Interview]:
    """The conversation and its first interview; what can't be written at all is refused here, before a word is typed."""
    # Before a word is typed: the write would refuse it in the end.
    if (wrong := refused(workspace.places)) is not None:
        raise wrong
    names = KnownNames(workspace)
    schema = _shown_here(for_writing(workspace.places))
    start = beginning(workspace, author=report.by or "")
    # What is refused at once is refused before anything is asked.
    fresh = begin_interview(workspace, schema, report, start, open_again=("facts", "impression") if liked else ())
    return _on_terminal(run, workspace, Conversation, schema, names, start), fresh


def new_conversation(run: "CliContext", workspace: "Workspace", cls: type[_Talk], schema: "Schema") -> _Talk:
    """A conversation about an entry that is there: nothing is due in it.

    Raises:
        NippoError: nothing can be written now.
    """
    if (wrong := refused(workspace.places)) is not None:
        raise wrong
    start = beginning(workspace)._replace(due=())
    return _on_terminal(run, workspace, cls, _shown_here(schema), KnownNames(workspace), start)


def _shown_here(schema: "Schema") -> "Schema":
    """The schema as the terminal can show it; where that knows no Japanese, English is spoken from here on."""
    encoding = sys.stderr.encoding or "ascii"
    if encodable(_JAPANESE, encoding):
        return schema
    if current() == "ja":
        bind("en")
    return _readable(schema, encoding)


def _on_terminal(
    run: "CliContext", workspace: "Workspace", cls: type[_Talk], schema: "Schema", names: KnownNames, start: "Beginning"
) -> _Talk:
    # prompt_toolkit comes with it.
    from nippo_cli.cli.add.asking import PromptTerminal

    terminal = PromptTerminal(color=run.colored(terminal=True))
    ascii_only = not encodable(_DRAWN, sys.stderr.encoding or "ascii")
    return cls(run, workspace, terminal, schema, names, start, ascii_only=ascii_only)


def _evening(talk: Conversation, interview: Interview) -> None:
    following: Interview | None = interview
    talk.tell(t("flow.keys_first"))
    _tell_so_far(talk, interview)
    while following is not None:
        if not finished(talk, following):
            talk.tell(*say(go_on(talk.workspace, talk.draft.number)).split("\n"))
            return
        following = _following(talk)


def _tell_so_far(talk: Conversation, interview: Interview) -> None:
    """What a report says already when it is taken up."""
    if ON in interview.answers.passed:
        talk.tell_answer(t("flow.day"), words.day_name(interview.on, talk.today))
    if interview.known is not None and interview.held is None:
        talk.tell_answer(talk.deal_label, interview.known.name)
        if not interview.known.new:
            talk.terminal.tell(
                deal_words(deal_recalled(talk.workspace, interview.answers.report.deal or ""), talk.today)
            )
    for field, value in interview.stated():
        if field.key in interview.answers.passed:
            talk.tell_answer(field.label, understood(field, value, talk.schema, talk.today))


def _following(talk: Conversation) -> Interview | None:
    """The report that comes next; None where the evening is over. Behind a call or a mail nothing is asked: `+` at its review
    said so before."""
    recap, before = talk.recap, talk.report
    if recap is None or talk.workspace.dry_run or not (talk.wants_more or before.meets_people()):
        return None
    talk.wants_more = False
    every = [t("flow.same_meeting"), t("flow.another")]
    above: list[Block] = [Prose(label, indent=5, mark=f"  {n}") for n, label in enumerate(every, 1)]
    question = Question(
        t("flow.go_on"), above, empty=t("flow.enter_is", value=t("flow.no_more")), hint=lambda _: t("flow.go_on_hint")
    )
    while True:
        try:
            reply: Reply = talk.terminal.ask(question)
        except QuestionStopped:
            return None
        said = reply.text.strip()
        if reply.kind == "said" and not said:
            return None
        if normal_form(said) == "1":
            talk.look_again()
            return same_meeting(before, show_id(recap.entry.meeting or recap.entry.id))
        if normal_form(said) == "2":
            talk.look_again()
            return another(before)
        question = question._replace(trouble=t("flow.number_needed", n=len(every)))


def _offered(talk: Conversation) -> SavedDraft | None:
    """The draft that the person goes on with; None for a new report."""
    from nippo_cli.services.writing import view_of

    saved_drafts = drafts_of(talk.workspace)
    drafts = [
        d
        for d in saved_drafts.all()
        if (d.form is not None or len(d.reports) == 1) and not saved_drafts.elsewhere(d.number)
    ]
    if not drafts:
        return None
    from nippo_cli.render.day import draft_in_words

    draft = drafts[0]
    above: list[Block] = [Prose(t("flow.draft_waits", told=draft_in_words(view_of(talk.workspace, draft), talk.today)))]
    if len(drafts) > 1:
        above.append(Prose(t("flow.more_drafts", n=len(drafts) - 1)))
    question = Question(
        t("flow.draft"), above, empty=t("flow.enter_is", value=t("flow.resume")), hint=lambda _: t("flow.draft_hint")
    )
    while True:
        said = normal_form(talk.terminal.ask(question).text)
        if not said:
            return saved_drafts.opened(draft)
        if said in _NEW:
            return None
        if said in _DROP:
            saved_drafts.opened(draft)
            saved_drafts.drop(draft.number)
            talk.tell(t("flow.dropped", number=draft.number))
            return None
        question = question._replace(trouble=t("flow.draft_hint"))


def _readable(schema: "Schema", encoding: str) -> "Schema":
    """The schema as the terminal can show it: what has a label that it can't goes by its key."""

    def plain(part: _Labelled) -> _Labelled:
        shown: _Labelled = part if encodable(part.label, encoding) else part._replace(label=part.key)
        return shown

    def all_plain(parts: "Iterable[_Labelled]") -> tuple[_Labelled, ...]:
        return tuple(map(plain, parts))

    fields = tuple(
        plain(f)._replace(help=f.help if encodable(f.help, encoding) else "", choices=all_plain(f.choices))
        for f in schema.fields
    )
    return schema._replace(
        fields=fields,
        stages=tuple(s._replace(done_when="") for s in all_plain(schema.stages)),
        kinds=all_plain(schema.kinds),
        activities=all_plain(schema.activities),
        ranks=tuple(r._replace(meaning="") for r in all_plain(schema.ranks)),
    )


def finished(talk: Conversation, interview: Interview) -> bool:
    """Ask all that is still to be asked, and review; whether the report was recorded (else it is a draft)."""
    talk.begin(interview)
    while True:
        step = talk.report.next()
        if step == REVIEW:
            # The first question comes sooner without it.
            from nippo_cli.cli.add import review

            done = review.reviewed(talk)
            if done is not None:
                return done
            continue
        try:
            steps.asked(talk, step)
        except Back:
            talk.go_back(step)
        talk.keep()
