"""`nippo import FILE.ics`: the day's meetings, of which those become drafts that a person says."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.base.text import normal_form, whole_number
from nippo_cli.cli.frame.prompts import line, tell
from nippo_cli.services.writing import meetings_of, take_meetings

if TYPE_CHECKING:
    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.results.meetings import MeetingsPage

_ALL = ("a", "all", "すべて", "全部")


def offer_meetings(run: "CliContext", file: str, on: str | None, *, yes: bool) -> None:
    """Show a day's meetings, and make drafts of those that a person, or `yes`, chooses.

    Raises:
        UsageError: nobody is there to choose.
    """
    run.no_pager = True
    workspace = run.workspace()
    page = meetings_of(workspace, file, on)
    open_ones = [one for one in page.meetings if not one.taken]
    asks = workspace.interactive and run.format == "table" and not yes
    if asks or workspace.dry_run or not open_ones:
        run.show(page, workspace)
        if workspace.dry_run or not open_ones:
            return
    elif not yes:
        run.show(page, workspace)
        raise UsageError(msg("importing.needs_yes"), hint=msg("importing.calendar.hint"))
    chosen = {one.uid for one in open_ones} if yes else _choose(page)
    if chosen or yes:
        run.show(take_meetings(workspace, page, chosen), workspace)
    else:
        run.notice(msg("importing.calendar.nothing_done"))


def _choose(page: "MeetingsPage") -> set[str]:
    """The meetings that a person wants, by their numbers; Enter takes none."""
    while True:
        said = normal_form(line(t("importing.calendar.which")))
        if said in _ALL:
            return {one.uid for one in page.meetings if not one.taken}
        numbers = [whole_number(part) for part in said.replace("、", ",").replace(" ", ",").split(",") if part]
        if all(number is not None and 0 < number <= len(page.meetings) for number in numbers):
            return {page.meetings[number - 1].uid for number in numbers if number is not None}
        tell(t("importing.calendar.again", n=len(page.meetings)), indent=2)
