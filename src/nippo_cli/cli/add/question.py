"""A question and its reply: all that the conversation and the terminal know of each other."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias
from unicodedata import normalize

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.services.writing import NameOffer

if TYPE_CHECKING:
    from nippo_cli.render.draw import Block

Find: TypeAlias = Callable[[str], Sequence[NameOffer]]

# The rows that a menu of names has under its question.
MENU_ROWS = 8


class Question(NamedTuple):
    """One question. `above` stands over it, `trouble` says what was wrong with the last answer; `default` is there to
    be changed; `empty` says what Enter alone does.

    `hint` makes the quiet line at the foot from what is typed. `offers` finds names for it. `lines`: the answer may
    have several. `takes_move`: Ctrl-T replies with `move`.
    """

    label: str
    above: "Sequence[Block]" = ()
    trouble: str = ""
    default: str = ""
    empty: str = ""
    hint: Callable[[str], str] | None = None
    offers: Find | None = None
    lines: bool = False
    takes_move: bool = False


class Reply(NamedTuple):
    """What came back: an answer, or a wish beside it. `deal` is the id of an offer that was chosen."""

    kind: Literal["said", "back", "help", "edit", "move"]
    text: str = ""
    deal: int = 0


class QuestionStopped(Exception):
    """The person, or the system (`signal`), ended the conversation; `typed` stood in the question."""

    def __init__(self, typed: str, signal: int = 0) -> None:
        super().__init__(signal)
        self.typed = typed
        self.signal = signal


class Terminal(Protocol):
    """Where the conversation takes place."""

    @property
    def columns(self) -> int:
        """How wide it is."""

    def held(self) -> AbstractContextManager[None]:
        """While the conversation lasts: no key is lost between two questions."""

    def lent(self) -> AbstractContextManager[None]:
        """While another program, the editor, has the terminal."""

    def ask(self, question: Question) -> Reply:
        """Put a question.

        Raises:
            Stopped: there is no answer, and there will be none.
        """

    def tell(self, blocks: "Sequence[Block]") -> None:
        """Words that stay on the screen."""

    def typed(self) -> str:
        """What stands in the question that is open."""

    def stop(self, signal: int) -> None:
        """End the question that is open: its `ask` raises `QuestionStopped`."""


def reply_to(text: str, deal: int = 0) -> Reply:
    """What a text that ended with Enter means: `<` at its end and `?` alone are wishes, full-width ones too. Who wants to go
    back need not clear what stands there first: it is what `text` says then."""
    plain = normalize("NFKC", text).strip()
    if plain.endswith("<"):
        return Reply("back", text.rstrip()[:-1].rstrip())
    if plain == "?":
        return Reply("help")
    return Reply("said", text, deal)


def cleaned(text: str, *, lines: bool) -> str:
    """What was typed or pasted without what would steer a terminal; where there is one line, its ends are blanks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = "".join(c for c in text if c == "\n" or not _steers(c))
    return text if lines else " ".join(part for part in text.split("\n") if part)


def _steers(char: str) -> bool:
    return char < " " or "\x7f" <= char <= "\x9f" or char in _BIDI


# Marks that turn the direction of what follows; no report needs one.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
