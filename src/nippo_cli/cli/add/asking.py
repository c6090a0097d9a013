"""The questions on a real terminal, by prompt_toolkit. The only module that imports it."""

import asyncio
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from prompt_toolkit.completion import Completer, Completion, DummyCompleter
from prompt_toolkit.filters import Condition
from prompt_toolkit.input.defaults import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.defaults import create_output
from prompt_toolkit.shortcuts.prompt import CompleteStyle, PromptSession
from prompt_toolkit.styles import Style

from nippo_cli.base.language import t
from nippo_cli.base.text import cut, visible, width, with_capital
from nippo_cli.cli.add.drawing import fragments, written
from nippo_cli.cli.add.question import (
    MENU_ROWS,
    Find,
    Question,
    QuestionStopped,
    Reply,
    cleaned,
    reply_to,
)
from nippo_cli.cli.frame import prompts, stopping
from nippo_cli.render.draw import Prose, Span

if TYPE_CHECKING:
    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from nippo_cli.render.draw import Block

# The question itself, the line at the foot, and the row between them.
_AROUND = 3
_LEAST_COLUMNS = 40
_STYLE = {
    "bottom-toolbar": "noreverse fg:#767676",
    "placeholder": "fg:#767676",
    "label": "bold",
    "completion-menu": "bg:default fg:default",
    "completion-menu.completion": "bg:default fg:default",
    "completion-menu.completion.current": "reverse",
    "completion-menu.meta.completion": "bg:default fg:#767676",
    "completion-menu.meta.completion.current": "bg:default fg:#767676",
    "scrollbar.background": "bg:default",
    "scrollbar.button": "bg:#767676",
}


class PromptTerminal:
    """Questions on stderr, answers from the keyboard. A question goes away once it is answered."""

    def __init__(self, *, color: bool) -> None:
        self.color = color
        self._loop: asyncio.AbstractEventLoop | None = None
        self._question = Question("")
        output, self._keyboard = create_output(stdout=sys.stderr), create_input(stdin=sys.stdin)
        self._prompt: PromptSession[Reply] = PromptSession(
            input=self._keyboard,
            output=output,
            key_bindings=self._keys(),
            style=Style.from_dict(_STYLE),
            color_depth=None if color else ColorDepth.DEPTH_1_BIT,
            complete_style=CompleteStyle.COLUMN,
            complete_while_typing=True,
            erase_when_done=True,
            enable_suspend=True,
            include_default_pygments_style=False,
            multiline=True,
            bottom_toolbar=self._foot,
        )

    # --- as the conversation sees it

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keys that are pressed between two questions reach the next one, as they were pressed."""
        with self._keyboard.raw_mode():
            yield

    @contextmanager
    def lent(self) -> Iterator[None]:
        """The terminal as other programs expect it."""
        with self._keyboard.cooked_mode():
            yield

    def ask(self, question: Question) -> Reply:
        """Put a question, and wait for its answer.

        Raises:
            Stopped: Ctrl-C, Ctrl-D on an empty line, a signal, or a terminal that is gone.
        """
        self._question = question
        run = self._prompt
        run.default_buffer.reset()
        try:
            return run.prompt(
                self._message,
                default=question.default,
                completer=_Offers(question.offers) if question.offers else DummyCompleter(),
                placeholder=[("class:placeholder", self._beside_label(question))],
                prompt_continuation=self._continued,
                reserve_space_for_menu=MENU_ROWS if question.offers else 0,
                pre_run=self._begin,
                set_exception_handler=False,
            )
        except (KeyboardInterrupt, EOFError, OSError):
            raise QuestionStopped(self.typed()) from None
        finally:
            self._loop = None

    def tell(self, blocks: "Sequence[Block]") -> None:
        """Words that stay on the screen."""
        sys.stderr.write(written(blocks, self.columns, color=self.color))
        sys.stderr.flush()

    def typed(self) -> str:
        """What stands in the question that is open."""
        return self._prompt.default_buffer.text

    def stop(self, signal: int) -> None:
        """End the open question from a signal's handler.

        Raises:
            Stopped: none is open.
        """
        if self._loop is None:
            raise QuestionStopped("", signal)
        # The loop sleeps in the system and has to be woken.
        self._loop.call_soon_threadsafe(self._leave, QuestionStopped(self.typed(), signal))

    @property
    def columns(self) -> int:
        """How wide the terminal is now."""
        return max(_LEAST_COLUMNS, prompts.columns())

    # --- within

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._question.offers and not self._question.default and self._room_below():
            self._prompt.default_buffer.start_completion()

    def _room_below(self) -> bool:
        """Whether a menu finds room under the question. Where it does not it would open over what stands above, which
        is to be read first: there it opens with the first key."""
        above = fragments(self._question.above, self.columns - 1)
        rows = sum(part[1].count("\n") for part in above)
        return rows + MENU_ROWS + _AROUND <= self._prompt.output.get_size().rows

    def _leave(self, stopped: QuestionStopped) -> None:
        if self._prompt.app.is_running:
            self._prompt.app.exit(exception=stopped)

    def _message(self) -> "StyleAndTextTuples":
        question = self._question
        parts: StyleAndTextTuples = [*fragments(question.above, self.columns - 1)]
        if question.trouble:
            # Errors go on behind `error: ` elsewhere; here their words stand by themselves.
            parts += fragments([Prose(Span(with_capital(question.trouble), "warn"))], self.columns - 1)
        return [*parts, ("class:label", f"{visible(question.label)}: ")]

    def _beside_label(self, question: Question) -> str:
        """What Enter alone does, within the row of the question's label: the terminal would break it within a word."""
        return cut(visible(question.empty), self.columns - width(visible(question.label)) - _AROUND)

    def _continued(self, width: int, _line: int, _wrapped: int) -> str:
        return " " * width

    def _foot(self) -> "StyleAndTextTuples":
        hint = self._question.hint
        said = hint(self.typed()) if hint else ""
        return [("class:bottom-toolbar", cut(visible(said), self.columns - 1))]

    def _keys(self) -> KeyBindings:
        """What each key does; a new line and leaving depend on the question that is open."""
        keys = KeyBindings()
        several = Condition(lambda: self._question.lines)
        nothing = Condition(lambda: not self.typed())
        keys.add("enter")(self._enter)
        keys.add("c-j", filter=~several)(self._enter)
        keys.add("c-j", filter=several)(_new_line)
        keys.add("escape", "enter", filter=several)(_new_line)
        keys.add("<bracketed-paste>")(self._paste)
        keys.add("c-o")(self._edit)
        keys.add("c-t", filter=Condition(lambda: self._question.takes_move))(self._move)
        keys.add("c-c")(self._stop)
        keys.add("c-d", filter=nothing)(self._stop)
        return keys

    def _enter(self, event: KeyPressEvent) -> None:
        state = event.current_buffer.complete_state
        offer = getattr(state.current_completion, "offer", None) if state else None
        text = cleaned(event.current_buffer.text, lines=self._question.lines)
        event.app.exit(result=reply_to(text, offer.deal if offer else 0))

    def _paste(self, event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(cleaned(event.data, lines=self._question.lines))

    def _edit(self, event: KeyPressEvent) -> None:
        event.app.exit(result=Reply("edit", event.current_buffer.text))

    def _move(self, event: KeyPressEvent) -> None:
        event.app.exit(result=Reply("move", event.current_buffer.text))

    def _stop(self, event: KeyPressEvent) -> None:
        stopping.has_stopped()
        event.app.exit(exception=QuestionStopped(event.current_buffer.text))


def _new_line(event: KeyPressEvent) -> None:
    event.current_buffer.insert_text("\n")


class _Offer(Completion):
    """An offer in the menu."""

    offer: Any = None


class _Offers(Completer):
    """Names from an index, in its order."""

    def __init__(self, find: Find) -> None:
        self._find = find

    def get_completions(self, document: "Document", _event: object) -> Iterable[Completion]:
        """Those that hold what is typed."""
        for offer in self._find(document.text):
            completion = _Offer(
                offer.name,
                start_position=-len(document.text),
                display=visible(offer.name),
                display_meta=visible(offer.beside) + (f"  {t('flow.ended')}" if offer.ended else ""),
            )
            completion.offer = offer
            yield completion
