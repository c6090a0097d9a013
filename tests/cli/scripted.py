"""A terminal that answers from a script, so that the conversation is tried without one."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from nippo_cli.cli.add.question import Question, QuestionStopped, Reply, reply_to
from nippo_cli.render.draw.layout import lay_out
from nippo_cli.render.draw.page import Block, Page

COLUMNS = 80


class Scripted:
    """Answers in order; `^C`, `^O` and `^T` are keys, `^C text` stops with a text in the question. Whatever was asked
    and said is kept."""

    columns = COLUMNS

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.questions: list[Question] = []
        self.told: list[str] = []
        self.stopped_by = 0

    def held(self) -> AbstractContextManager[None]:
        """Nobody else has it."""
        return nullcontext()

    lent = held

    def ask(self, question: Question) -> Reply:
        """The next answer; an empty one takes what stands there."""
        self.questions.append(question)
        if not self._answers:
            raise AssertionError(f"no answer is left for {question.label}: {question.trouble}")
        said = self._answers.pop(0)
        if said.startswith("^C"):
            raise QuestionStopped(said[2:].strip())
        if said.startswith(("^O", "^T")):
            return Reply("edit" if said[1] == "O" else "move", said[2:].strip() or question.default)
        return reply_to(said or question.default)

    def tell(self, blocks: Sequence[Block]) -> None:
        """Keep the rows."""
        self.told += ["".join(p.text for p in row) for row in lay_out(Page(blocks), columns=COLUMNS)]

    def typed(self) -> str:
        """Nothing stands in a question that is answered at once."""
        return ""

    def stop(self, signal: int) -> None:
        """Remember the signal."""
        self.stopped_by = signal

    @property
    def labels(self) -> list[str]:
        """What was asked, in order."""
        return [question.label for question in self.questions]

    @property
    def left(self) -> list[str]:
        """Answers that nobody asked for."""
        return self._answers

    @property
    def screen(self) -> str:
        """All that was told."""
        return "\n".join(self.told)
