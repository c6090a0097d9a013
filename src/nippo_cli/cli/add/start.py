"""How the conversation begins and goes on: the draft that waits, the first question, another deal, another contact."""

import sys
from typing import TYPE_CHECKING, Any, TypeVar

from nippo_cli.base.errors import NippoError, refusal
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import bind, current, say, t
from nippo_cli.base.text import normal_form
from nippo_cli.cli.add.conversation import Back, Conversation
from nippo_cli.cli.add.drawing import encodable, moves_its_cursor
from nippo_cli.cli.add.lasting import kept_when_ended
from nippo_cli.cli.add.question import Question, QuestionStopped, Reply
from nippo_cli.cli.add.wording import deal_words
from nippo_cli.render.draw import Block, Prose
from nippo_cli.render.parts import understood, words
from nippo_cli.services.writing import (
    ON,
    REVIEW,
    Interview,
    KnownNames,
    SavedDraft,
    another,
    beginning,
    begun,
    deal_recalled,
    drafts_of,
    go_on,
    kept_on_failure,
    resumed,
    same_meeting,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nippo_cli.cli.frame import CliContext
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Report, Workspace

_JAPANESE, _DRAWN = "日報", "✓…"
# A stage, a kind, a field: whatever has a key and a label.
_Labelled = TypeVar("_Labelled", bound=Any)
_NEW, _DROP = ("n", "new", "新しく", "新規"), ("d", "drop", "捨てる")


def can_converse() -> bool:
    """Whether questions can be put one by one here: keyboard and screen are a terminal that moves its cursor."""
    return sys.stdin.isatty() and sys.stderr.isatty() and moves_its_cursor()


def write_reports(session: "CliContext", desk: "Workspace", report: "Report", *, liked: bool = False) -> None:
    """The whole evening: a report, and as many more as the person goes on with. Where nothing is said yet, a draft that
    waits is offered first.

    Raises:
        Interrupted: the person stopped; what was typed is a draft.
    """
    with kept_on_failure(desk, [report]):
        talk, fresh = _begin(session, desk, report, liked=liked)
    with talk.terminal.held(), kept_when_ended(talk.keep_all, talk.terminal.stop):
        try:
            bare = not (report.raw or report.deal or report.meeting or report.on or report.by or liked)
            waiting = _offered(talk) if bare and not desk.dry_run else None
            if waiting is not None and waiting.form is not None:
                from nippo_cli.cli.add.whole_report import resume_form

                with talk.terminal.lent():
                    resume_form(session, desk, waiting)
                return
            if waiting is not None:
                talk.draft = waiting
                fresh = resumed(desk, talk.agreement, waiting, talk.beginning)
            _evening(talk, fresh)
        except QuestionStopped as stopped:
            talk.stopped(stopped)
        except NippoError as error:
            talk.failed(error)
            raise
        except Exception as error:
            raise talk.failed(refusal(error)) from error


def resume(session: "CliContext", desk: "Workspace", draft: SavedDraft) -> None:
    """Go on with a draft.

    Raises: as `write_reports`.
    """
    from nippo_cli.services.context import Report

    talk, _ = _begin(session, desk, Report(), liked=False)
    talk.draft = draft
    with talk.terminal.held(), kept_when_ended(talk.keep_all, talk.terminal.stop):
        try:
            _evening(talk, resumed(desk, talk.agreement, draft, talk.beginning))
        except QuestionStopped as stopped:
            talk.stopped(stopped)
        except NippoError as error:
            talk.failed(error)
            raise
        except Exception as error:
            raise talk.failed(refusal(error)) from error


def _begin(
    session: "CliContext", desk: "Workspace", report: "Report", *, liked: bool
) -> tuple[Conversation, Interview]:
    from nippo_cli.services.context import for_writing, refused

    # Before a word is typed: the write would refuse it in the end.
    if (wrong := refused(desk.places)) is not None:
        raise wrong
    names = KnownNames(desk)
    agreement = for_writing(desk.places)
    encoding = sys.stderr.encoding or "ascii"
    if not encodable(_JAPANESE, encoding):
        if current() == "ja":
            bind("en")
        agreement = _readable(agreement, encoding)
    start = beginning(desk, author=report.by or "")
    # What is refused at once is refused before anything is asked.
    fresh = begun(desk, agreement, report, start, open_again=("facts", "impression") if liked else ())
    from nippo_cli.cli.add.asking import PromptTerminal

    terminal = PromptTerminal(color=session.colored(terminal=True))
    return Conversation(
        session, desk, terminal, agreement, names, start, ascii_only=not encodable(_DRAWN, encoding)
    ), fresh


def _evening(talk: Conversation, interview: Interview) -> None:
    following: Interview | None = interview
    talk.tell(t("flow.keys_first"))
    _tell_so_far(talk, interview)
    while following is not None:
        if not finished(talk, following):
            talk.tell(*say(go_on(talk.desk, talk.draft.number)).split("\n"))
            return
        following = _following(talk)


def _tell_so_far(talk: Conversation, interview: Interview) -> None:
    """What a report says already when it is taken up."""
    if ON in interview.answers.passed:
        talk.tell_answer(t("flow.day"), words.day_name(interview.on, talk.today))
    if interview.known is not None and interview.known.held is None:
        talk.tell_answer(talk.deal_label, interview.known.name)
        if not interview.known.new:
            talk.terminal.tell(deal_words(deal_recalled(talk.desk, interview.answers.report.deal or ""), talk.today))
    for field, value in interview.said():
        if field.key in interview.answers.passed:
            talk.tell_answer(field.label, understood(field, value, talk.agreement, talk.today))


def _following(talk: Conversation) -> Interview | None:
    """The report that comes next; None where the evening is over."""
    recap, before = talk.recap, talk.report
    if recap is None or talk.desk.dry_run:
        return None
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

    kept = drafts_of(talk.desk)
    drafts = [d for d in kept.all() if (d.form is not None or len(d.reports) == 1) and not kept.elsewhere(d.number)]
    if not drafts:
        return None
    from nippo_cli.render.day import draft_in_words

    draft = drafts[0]
    above: list[Block] = [Prose(t("flow.draft_waits", told=draft_in_words(view_of(talk.desk, draft), talk.today)))]
    if len(drafts) > 1:
        above.append(Prose(t("flow.more_drafts", n=len(drafts) - 1)))
    question = Question(
        t("flow.draft"), above, empty=t("flow.enter_is", value=t("flow.resume")), hint=lambda _: t("flow.draft_hint")
    )
    while True:
        said = normal_form(talk.terminal.ask(question).text)
        if not said:
            return kept.opened(draft)
        if said in _NEW:
            return None
        if said in _DROP:
            kept.opened(draft)
            kept.drop(draft.number)
            talk.tell(t("flow.dropped", number=draft.number))
            return None
        question = question._replace(trouble=t("flow.draft_hint"))


def _readable(agreement: "Schema", encoding: str) -> "Schema":
    """The agreement as the terminal can show it: what has a label that it can't goes by its key."""

    def plain(part: _Labelled) -> _Labelled:
        shown: _Labelled = part if encodable(part.label, encoding) else part._replace(label=part.key)
        return shown

    def all_plain(parts: "Iterable[_Labelled]") -> tuple[_Labelled, ...]:
        return tuple(map(plain, parts))

    fields = tuple(
        plain(f)._replace(help=f.help if encodable(f.help, encoding) else "", choices=all_plain(f.choices))
        for f in agreement.fields
    )
    return agreement._replace(
        fields=fields,
        stages=tuple(s._replace(done_when="") for s in all_plain(agreement.stages)),
        kinds=all_plain(agreement.kinds),
        activities=all_plain(agreement.activities),
        ranks=tuple(r._replace(meaning="") for r in all_plain(agreement.ranks)),
    )


def finished(talk: Conversation, interview: Interview) -> bool:
    """Ask all that is still to be asked, and review; whether the report was recorded (else it is a draft)."""
    from nippo_cli.cli.add import review, steps

    talk.begin(interview)
    while True:
        step = talk.report.next()
        if step == REVIEW:
            done = review.reviewed(talk)
            if done is not None:
                return done
            continue
        try:
            steps.asked(talk, step)
        except Back:
            talk.go_back(step)
        talk.keep()
