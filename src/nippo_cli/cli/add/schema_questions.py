"""The questions that make a team's own schema, six at most. Asked on a terminal alone, and put as `nippo add` puts its own."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Interrupted, NippoError, UsageError, msg, refusal
from nippo_cli.base.language import current, say, t
from nippo_cli.base.text import normal_form, pad, visible, width
from nippo_cli.cli.add.drawing import written
from nippo_cli.cli.add.question import Question, QuestionStopped, Reply, reply_to
from nippo_cli.cli.add.start import can_converse
from nippo_cli.cli.frame import prompts
from nippo_cli.render.draw import Block, Prose, Span
from nippo_cli.schema.compose import compose
from nippo_cli.schema.load import SchemaRefused
from nippo_cli.schema.questions import SchemaQuestion, answered, questions, read_answer, trade_of
from nippo_cli.schema.templates import names, text_of
from nippo_cli.schema.types import ValueRefused, parted
from nippo_cli.services.care import SavedAnswers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nippo_cli.cli.frame import CliContext
    from nippo_cli.services.context import Workspace

_LEAST_COLUMNS = 40
# What is answered by a key or two: typed anew rather than changed.
_SHORT = ("pick", "month")
_LISTS = ("list", "names")
_COMMAS = ("、", "，", ",")
_LABELS = ("trade", "sells", "steps", "author", "fiscal_year_start", "called")


def template_text(template: str) -> str:
    """A template's text, in the language of the screen.

    Raises:
        UsageError: there is no such template.
    """
    if template not in names():
        raise UsageError(msg("desk.no_template", said=template, allowed=", ".join(names())))
    return text_of(template, current())


def ask_schema(
    run: "CliContext", workspace: "Workspace", *, author: str | None, ask_author: bool
) -> tuple[str, str | None]:
    """The text of a schema made of a person's answers, and who writes (None where that was not asked). What was answered
    before is taken up, and what was answered is kept when the person stops.

    Args:
        run: the terminal's settings.
        workspace: whose state folder keeps the answers.
        author: who writes, where the command line says so already.
        ask_author: whether who writes is to be asked at all.

    Raises:
        Interrupted: the person stopped; the answers are kept.
    """
    earlier_answers = SavedAnswers(workspace)
    user = workspace.author or workspace.machine_user
    asking = _Asking(terminal_of(run), earlier_answers, author=user if ask_author and author is None else None)
    try:
        said = asking.run()
    except (KeyboardInterrupt, EOFError, QuestionStopped):
        sys.stderr.write("\n")
        n = len(earlier_answers.said)
        raise Interrupted(msg("cli.wizard.stopped", n=n) if n else msg("cli.wizard.stopped.nothing")) from None
    answers = answered(said, current())
    text = compose(text_of(answers.trade, current()), answers, t("schema.note.sells"))
    return text, said.get("author") if asking.author is not None else author


@contextmanager
def given_back(text: str | None) -> Iterator[None]:
    """A schema that was made of answers and can't be written is shown, so that nothing has to be answered again."""
    try:
        yield
    except (NippoError, OSError) as error:
        refused = refusal(error)
        refused.lost = text or ""
        raise refused from None


def terminal_of(run: "CliContext") -> "Callable[[Question], Reply]":
    """What puts a question: the terminal of `nippo add`; where the cursor can't be moved, a plain line."""
    if not can_converse():
        return _plain
    from nippo_cli.cli.add.asking import PromptTerminal

    return PromptTerminal(color=run.colored(terminal=True)).ask


def _plain(question: Question) -> Reply:
    sys.stderr.write(written(question.above, max(_LEAST_COLUMNS, prompts.columns()), color=False))
    if question.trouble:
        prompts.tell(question.trouble, indent=2)
    return reply_to(prompts.line(f"{question.label} [{_one_row(question.default) or question.empty}]"))


class _Asking:
    """One run through the questions."""

    def __init__(
        self, ask: "Callable[[Question], Reply]", earlier_answers: SavedAnswers, *, author: str | None
    ) -> None:
        self.author = author
        self._ask = ask
        self._answers = earlier_answers
        self._language = current()
        self._trouble = ""
        # The answered rows on the screen, by question.
        self._rows: dict[str, str] = {}

    def run(self) -> dict[str, str]:
        """All answers as typed, by question; an empty one is the default.

        Raises:
            QuestionStopped, KeyboardInterrupt, EOFError: the person stopped.
        """
        said = self._earlier()
        prompts.tell(t("cli.wizard.intro"))
        asked = self._questions(said)
        at = next((place for place, q in enumerate(asked) if q.name not in said), len(asked) - 1)
        if said:
            prompts.tell(t("cli.wizard.resumed"))
            for question in asked[:at]:
                self._echo(question, said.get(question.name, ""))
        while at < len(asked):
            reply = self._one(asked, at, said)
            if reply.kind == "back":
                at = max(0, at - 1)
                continue
            if reply.kind != "said":
                continue
            if not self._takes(asked, at, said, reply.text.strip()):
                continue
            self._answers.keep(said)
            self._echo(asked[at], said[asked[at].name])
            at += 1
            asked = self._questions(said)
        return said

    def _earlier(self) -> dict[str, str]:
        """What was answered before; nothing, where it can't be read any more."""
        said = dict(self._answers.said)
        try:
            answered(said, self._language)
        except ValueRefused:
            return {}
        return said

    def _questions(self, said: dict[str, str]) -> list[SchemaQuestion]:
        return questions(trade_of(said, self._language), self._language, author=self.author)

    def _one(self, asked: list[SchemaQuestion], at: int, said: dict[str, str]) -> Reply:
        """Ask one question of the schema, with what was answered before as what Enter takes."""
        question = asked[at]
        left = len(asked) - at - 1
        count = t("cli.wizard.count", at=at + 1, of=len(asked), left=left) if left else t("cli.wizard.last", at=at + 1)
        above: list[Block] = [
            Prose(""),
            Prose((Span(f"{count}  ", "dim"), Span(say(question.ask), "strong"))),
            Prose(say(question.help), indent=2),
        ]
        above += [Prose(row, indent=2) for row in _numbered(t(label) for _, label in question.options)]
        earlier = said.get(question.name, "")
        changed = question.shape in _LISTS
        trouble, self._trouble = self._trouble, ""
        label = t(f"schema.ask.{question.name}.label")
        stands = "" if question.shape in _SHORT else earlier or (question.default if changed else "")
        room = max(_LEAST_COLUMNS, prompts.columns()) - width(label) - 3
        reply = self._ask(
            Question(
                label,
                above,
                trouble,
                default="\n".join(_rows_of(stands, room)) if changed else stands,
                empty="" if changed else t("cli.wizard.enter", default=_shown(question, earlier)),
                hint=lambda _: t("cli.wizard.keys"),
                lines=changed,
            )
        )
        return reply._replace(text=_one_row(reply.text)) if changed else reply

    def _takes(self, asked: list[SchemaQuestion], at: int, said: dict[str, str], text: str) -> bool:
        """Whether an answer can be read, and the schema be made with it; it is among those said then."""
        question = asked[at]
        text = next((key for key, label in question.options if normal_form(t(label)) == normal_form(text)), text)
        if question.shape in _SHORT:
            text = text or said.get(question.name, "")
        tried = said | {question.name: "" if text == question.default else text}
        try:
            read_answer(question, text)
            if question.shape in _LISTS:
                answers = answered(tried, self._language)
                compose(text_of(answers.trade, self._language), answers, "")
        except ValueRefused as error:
            self._trouble = f"{error.said}: {say(error.needs)}"
            return False
        except SchemaRefused as error:
            self._trouble = "  ".join(f"{p.said}: {say(p.needs)}" for p in error.problems[:2])
            return False
        said[question.name] = tried[question.name]
        return True

    def _echo(self, question: SchemaQuestion, said: str) -> None:
        """An answered question as one row: its short name and what was answered. Who goes back and changes nothing has the row
        on the screen already."""
        shown = _shown(question, said)
        if self._rows.get(question.name) == shown:
            return
        self._rows[question.name] = shown
        column = max(width(t(f"schema.ask.{name}.label")) for name in _LABELS) + 4
        mark = pad(f"✓ {t(f'schema.ask.{question.name}.label')}", column)
        columns = max(_LEAST_COLUMNS, prompts.columns())
        listed = _rows_of(shown, columns - column - 1) if question.shape in _LISTS else [shown]
        rows = [Prose(visible(row), indent=column + 1, mark="" if n else mark) for n, row in enumerate(listed)]
        sys.stderr.write(written(rows, columns, color=False))


def _shown(question: SchemaQuestion, said: str) -> str:
    """An answer in words; of an empty one the default."""
    if question.shape == "pick":
        return t(dict(question.options)[str(read_answer(question, said))])
    return said or question.default or t("cli.wizard.nothing")


def _rows_of(listed: str, room: int) -> list[str]:
    """A list on as many rows as it needs within so many columns; no item is broken that fits into one."""
    comma, gap = ("、", "") if "、" in listed else (",", " ")
    *items, last = list(parted(listed)) or [""]
    rows = [""]
    for item in (*(f"{item}{comma}" for item in items), last):
        row = f"{rows[-1]}{gap}{item}" if rows[-1] else item
        rows = [*rows[:-1], row] if width(row) <= room or not rows[-1] else [*rows, item]
    return rows


def _one_row(typed: str) -> str:
    """A list that was typed on several rows on one; where a row ends without a comma, there is one."""
    gap, comma = ("", "、") if "、" in typed else (" ", ",")
    rows = [row.strip() for row in typed.split("\n") if row.strip()]
    return gap.join([*(row if row.endswith(_COMMAS) else f"{row}{comma}" for row in rows[:-1]), *rows[-1:]])


def _numbered(labels: "Iterable[str]") -> list[str]:
    return [f"{n} {label}" for n, label in enumerate(labels, start=1)]
