"""The report as a whole: record it, change a row of it, or leave it as a draft."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import EntryRefused, NotFound, UsageError
from nippo_cli.base.language import t
from nippo_cli.base.text import normal_form
from nippo_cli.cli.add import wording
from nippo_cli.cli.add.conversation import Back, Conversation
from nippo_cli.cli.add.deals import ask_deal
from nippo_cli.cli.add.field_question import ask_field
from nippo_cli.cli.add.question import Question
from nippo_cli.cli.add.steps import ask_day
from nippo_cli.cli.frame import explain
from nippo_cli.render.draw import Prose
from nippo_cli.render.parts import preview
from nippo_cli.results.drafts import Preview
from nippo_cli.schema.schema import Choice, Field
from nippo_cli.schema.types import ValueRefused, empty, picked
from nippo_cli.services.writing import DEAL, ON, REVIEW, SavedDraft

if TYPE_CHECKING:
    from nippo_cli.results.recap import Recap

_AS_DRAFT = ("d", "draft", "下書き")
_MORE = "+"


def reviewed(talk: Conversation) -> bool | None:
    """Whether the report was recorded, or left as a draft; None where more is to be asked first."""
    shown = _preview(talk)
    if shown != talk.reviewed:
        talk.terminal.tell(preview.blocks(shown))
    talk.reviewed = shown
    question = Question(
        t("flow.review.label"),
        empty=t("flow.enter_is", value=t("flow.review.record")),
        hint=lambda _: t("flow.review.hint_more" if asks_for_more(talk) else "flow.review.hint"),
    )
    while True:
        try:
            text = talk.ask(REVIEW, question, lambda: [Prose(t("flow.review.help"), indent=2)]).text
        except Back:
            talk.go_back(REVIEW)
            return None
        if empty(text) or (normal_form(text) == _MORE and asks_for_more(talk)):
            talk.wants_more = not empty(text)
            return True if _recorded(talk) else None
        if normal_form(text) in _AS_DRAFT:
            talk.keep()
            return False
        try:
            _change(talk, shown, text)
        except ValueRefused as error:
            question = question._replace(default=text, trouble=wording.refusal(error))
        else:
            return None


def asks_for_more(talk: Conversation) -> bool:
    """Whether another report goes on from here only where one says so: behind a call, unlike a visit, nothing is asked."""
    return talk.takes_promises and not talk.report.meets_people()


def _change(talk: Conversation, shown: Preview, said: str) -> None:
    """Ask again for the row that is named; `<` leaves it.

    Raises:
        ValueRefused: no row is.
    """
    own = [Choice(ON, t("flow.day")), Choice(DEAL, talk.deal_label)]
    rows: list[Choice | Field] = [*own, *preview.rows_of(shown)]
    key, value = picked(rows, talk.report.unstated(), said)
    try:
        if key == ON:
            ask_day(talk)
        elif key == DEAL:
            ask_deal(talk)
        else:
            ask_field(talk, key, first=value)
    except Back:
        return
    talk.keep()


def _recorded(talk: Conversation) -> bool:
    """Record the report, and show where the deal's line stands. What is refused goes back to the review."""
    if talk.is_unchanged:
        talk.tell(t("flow.unchanged_entry"))
        return True
    workspace = talk.run.workspace()
    workspace.draft, workspace.sure_amount = talk.draft.number or None, talk.sure_amount
    try:
        recap: Recap = talk.write(workspace)
    except (EntryRefused, NotFound, UsageError) as error:
        explain(error)
        # The refusal has written the draft without the questions gone through: it is written anew with them.
        talk.draft = SavedDraft(talk.draft.number)
        return False
    talk.recorded(recap, workspace)
    return True


def _preview(talk: Conversation) -> Preview:
    """The report as it is shown for review: what is said, what waits, what may be added."""
    report = talk.report
    waiting = [
        talk.schema.by_key[key] for key in talk.schema.by_key if key in report.required and key not in report.values
    ]
    lacking = {field.key for field in waiting}
    return Preview(
        talk.schema,
        report.on,
        talk.today,
        report.known.name if report.known else "",
        report.known is not None and report.known.new,
        report.stated(),
        waiting,
        [field for field in report.worth_saying() if field.key not in lacking],
    )
