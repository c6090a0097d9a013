"""Bare `nippo edit ID`: an entry corrected by questions, and what becomes of the answers where it ends early."""

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from scripted import Scripted
from shell import Shell

from nippo_cli.cli.add import asking
from nippo_cli.cli.add.question import Question, QuestionStopped, Reply
from nippo_cli.cli.commands import edit

if TYPE_CHECKING:
    from pathlib import Path


class Ending(Scripted):
    """A terminal whose last answer, `!text`, stands in the open question when the process is told to end."""

    open = ""

    def ask(self, question: Question) -> Reply:
        """As scripted; the signal comes while the text stands there."""
        if self.left[0].startswith("!"):
            self.open = self.left.pop(0)[1:]
            os.kill(os.getpid(), signal.SIGTERM)
        return super().ask(question)

    def typed(self) -> str:
        """What stands there."""
        return self.open

    def stop(self, signal: int) -> None:
        """End the question."""
        raise QuestionStopped(self.open, signal)


@pytest.fixture
def correct(kept: Shell, monkeypatch: pytest.MonkeyPatch):
    """`nippo edit …` of the journal with one entry, 3, where a person answers."""

    def run(*argv: str, answers: tuple[str, ...]) -> tuple[Any, Scripted]:
        terminal = Ending(*answers)
        with monkeypatch.context() as patched:
            patched.setattr(asking, "PromptTerminal", lambda **_: terminal)
            patched.setattr(edit.questions, "can_converse", lambda: True)
            patched.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
            answer = kept("edit", "3", *argv)
        assert terminal.left == [], answer.err
        return answer, terminal

    return run


def values(nippo: Shell) -> Any:
    """What the entry says now."""
    return nippo.done("show", "3", "--json").json["values"]


@pytest.fixture
def before(correct) -> tuple[str, ...]:
    """Enter as often as it takes to come to the facts; leaving there untouched gives nothing back."""
    for n in range(20):
        answer, terminal = correct(answers=("",) * n + ("^C",))
        assert "nippo" not in answer.err.replace("nippo edit", ""), answer.err
        assert "--on" not in answer.err
        if terminal.labels[-1] == "事実":
            return ("",) * n
    raise AssertionError("the facts are never asked")


def test_ctrl_c_gives_the_open_answer_back(correct, kept, before):
    """In the command, behind what was answered before; run, it corrects the entry."""
    answer, _ = correct("--why", "聞き違い", answers=(*before, "^C 田中課長が 二度話した"))
    assert answer.code == 130
    assert "edit 3 --facts '田中課長が 二度話した' --why '聞き違い'" in answer.err


def test_leaving_it_as_a_draft_gives_the_command_too(correct, kept):
    """There is no draft of an entry that is there."""
    answers = [""] * 30
    _, terminal = correct(answers=("^C",))
    for n in range(1, 30):
        _, terminal = correct(answers=(*answers[:n], "^C"))
        if terminal.labels[-1] == "よろしいですか":
            break
    answer, _ = correct(answers=(*answers[:n], "事実 新しい話", "d"))
    assert "--facts '新しい話'" in answer.err
    assert values(kept)["facts"] == "話を聞いた"


def test_a_signal_leaves_the_command_in_a_file(correct, kept, before):
    """Bare nippo and the next `edit` say where; once the entry is corrected it is gone."""
    with pytest.raises(SystemExit, match=str(128 + signal.SIGTERM)):
        correct(answers=(*before, "!半分まで書"))
    told = kept.done().err
    (path,) = kept.journal.parent.glob("state/nippo/journals/*/drafts/edit-3.txt")
    assert "#3 の訂正が途中で切れています" in told
    assert str(path) in told
    assert path.read_text(encoding="utf-8") == f"nippo --journal {kept.journal} edit 3 --facts '半分まで書'\n"
    assert path.stat().st_mode & 0o777 == 0o600
    _, terminal = correct(answers=("^C",))
    assert "訂正が途中で" in terminal.screen
    assert kept.done("draft", "list", "--json").json["drafts"] == []
    kept.done("edit", "3", "--facts", "半分まで書いた")
    assert not path.exists()
    assert "途中で" not in kept.done().err


def test_a_value_that_the_schema_takes_no_more_stays_by_enter(correct, kept: Shell):
    """Nothing is offered for erasure; cleared, it goes."""
    kept.done("edit", "3", "--source", "紹介")
    schema: Path = kept.schema
    text = schema.read_text(encoding="utf-8")
    stood = values(kept)["source"]
    changed = text.replace("紹介", "ご縁").replace("referral", "contact_of_ours")
    assert changed != text
    schema.write_text(changed, encoding="utf-8")
    answer, terminal = correct(answers=("",) * 3 + ("^C",))
    assert "--source" not in answer.err
    for n in range(4, 30):
        answer, terminal = correct(answers=("",) * n + ("^C",))
        assert "--source" not in answer.err
        if terminal.labels[-1] == "よろしいですか":
            break
    else:
        raise AssertionError(terminal.labels)
    (asked,) = [q for q in terminal.questions if q.default == stood]
    assert "のまま" in asked.trouble
    answer, _ = correct(answers=("",) * n + ("事実 直した", ""))
    assert answer.code == 0, answer.err
    assert (values(kept)["facts"], values(kept)["source"]) == ("直した", stood)


def test_an_amount_of_a_hundred_times_is_asked_about_once(correct, kept):
    """Who called it right is not told again; by options it is told."""
    kept.done("edit", "3", "--amount", "120万")
    for n in range(1, 30):
        _, terminal = correct(answers=(*("",) * n, "^C"))
        if terminal.labels[-1] == "よろしいですか":
            break
    answer, terminal = correct(answers=(*("",) * n, "金額 12000万", "", ""))
    assert answer.code == 0, answer.err
    assert len([q for q in terminal.questions if "100倍" in q.trouble]) == 1
    assert values(kept)["amount"] == 120_000_000
    assert "100倍" not in answer.err
    assert "100倍" in kept.done("edit", "3", "--amount", "120万").err
