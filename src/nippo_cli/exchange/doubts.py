"""What is unsure of a file that comes in without a map, and what a person may answer."""

from collections.abc import Mapping
from typing import Final

from nippo_cli.base.frozen import NamedTuple

LEAVE_OUT: Final = "-"
# What may become of stages that are none of the schema's: a schema made of the file, each matched by a person, none.
NEW_SCHEMA, EACH = "new_schema", "each"
# What a person put right of what was understood: the column of a role, and whether one is taken at all.
COLUMN_OF, NOT_TAKEN = "column_of", "not_taken"
# So many cells are shown with a question.
EXAMPLES: Final = 3


class Doubt(NamedTuple):
    """What a person is to decide: `what` (a role, `stage_of`, `stages`, `events`, `date_order`, `row_key`, `unread_amount`, `ended`,
    `coming_year`) about a column or a cell; the best guess, "" for none; the answers that there are, first the guess; and some cells.
    `cells`: what each of the answers, where they are columns or days, says in the rows that are asked about; none where these are all.
    `column`: of a cell its column."""

    what: str
    about: str
    guess: str
    options: tuple[str, ...]
    examples: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...] = ()
    column: str = ""

    @property
    def key(self) -> str:
        """Under what its answer is kept."""
        return f"{self.what}:{self.about}"


class Decisions:
    """What a person decided of a file.

    `doubts`: what is still to be decided.

    Args:
        answers: what was decided, by `Doubt.key`.
    """

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.doubts: list[Doubt] = []

    def corrected_roles(self) -> dict[str, str]:
        """The column of each role that a person put right."""
        said = ((key.partition(":"), column) for key, column in self.answers.items())
        return {role: column for (what, _, role), column in said if what == COLUMN_OF and column}

    def is_taken(self, column: str) -> bool:
        """Whether a person let a column be taken for anything."""
        return self.answers.get(f"{NOT_TAKEN}:{column}") != LEAVE_OUT

    def asks(self, what: str) -> bool:
        """Whether something of that kind is still to be decided."""
        return any(doubt.what == what for doubt in self.doubts)

    def decide(self, doubt: Doubt) -> str:
        """What a person said, "" for nothing; the best guess until one did."""
        said = self.answers.get(f"{COLUMN_OF}:{doubt.what}") or self.answers.get(doubt.key)
        if said is None:
            self.doubts.append(doubt)
            said = doubt.guess
        return "" if said == LEAVE_OUT else said

    def decide_among(self, doubt: Doubt) -> str:
        """Which of the options a person chose; "" until one did."""
        said = self.answers.get(doubt.key, "")
        if said in doubt.options:
            return said
        self.doubts.append(doubt)
        return ""

    def decide_role(self, doubt: Doubt, roles: dict[str, str]) -> None:
        """Give the column that was decided the role that the doubt is about."""
        if said := self.decide(doubt):
            roles[doubt.what] = said
