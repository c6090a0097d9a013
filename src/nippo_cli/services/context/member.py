"""Who looks: the member of the team, or the author of a journal of one; and what they are in the team."""

from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import same_person

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.journal.write import Writer
    from nippo_cli.services.context.workspace import Workspace

LEAD: Final = "lead"


class Me(NamedTuple):
    """Whoever sits at the machine. `role` is empty where the journal is of no team."""

    name: str
    role: str = ""

    @property
    def is_lead(self) -> bool:
        """Whether they lead the team."""
        return self.role == LEAD


def writer_name(workspace: "Workspace", reader: "JournalReader | Writer") -> str:
    """Who writes here: whom the environment names, else the journal's own author, else the machine's user."""
    return workspace.author or reader.meta("author") or workspace.machine_user


def tells_no_reps(reader: "JournalReader") -> bool:
    """Whether stories and cases are told without the names of those whose deals they were: in a team, so that what went wrong is
    about the deal."""
    from nippo_cli.journal.log import TEAM

    return bool(reader.meta(TEAM))


def me_of(workspace: "Workspace", reader: "JournalReader") -> Me:
    """Who looks, with the role that their devices have in the team; the last that was said counts."""
    from nippo_cli.journal.log import TEAM

    name = writer_name(workspace, reader)
    if not reader.meta(TEAM):
        return Me(name)
    roles = [one.role for one in reader.device_members() if same_person(one.name, name)]
    return Me(name, roles[-1] if roles else "member")
