"""What is unsure of a file that comes in without a map, and what a person may answer."""

from collections.abc import Mapping
from typing import Final

from nippo_cli.base.frozen import NamedTuple

LEAVE_OUT: Final = "-"
# What may become of stages that are none of the schema's: a schema made of the file, each matched by a person, none.
NEW_SCHEMA, EACH = "new_schema", "each"
# So many cells are shown with a question.
EXAMPLES: Final = 3


class Doubt(NamedTuple):
    """What a person is to decide: `what` (a role, `stage_of`, `stages`, `events`, `date_order`, `row_key`, `unread_amount`, `ended`) about
    a column or a cell; the best guess, "" for none; the answers that there are, first the guess; and some cells. `cells`: what each of the
    answers, where they are columns, says in the rows that are asked about; none where these are all. `column`: of a cell its column."""

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


def decide(doubt: Doubt, roles: dict[str, str], doubts: list[Doubt], answers: Mapping[str, str]) -> None:
    """Give a column the role that a person said it has, or is taken to have until one does; "" and `LEAVE_OUT` are none."""
    said = answers.get(doubt.key)
    if said is None:
        doubts.append(doubt)
        said = doubt.guess
    if said and said != LEAVE_OUT:
        roles[doubt.what] = said
