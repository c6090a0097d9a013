"""The tour of `nippo demo`: a sample journal, its gaps, two deals' lines, what to type next."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Message, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.outputs import folder
from nippo_cli.base.places import Places
from nippo_cli.services.context import GapQuery, Workspace
from nippo_cli.services.gaps import whole as gap_whole
from nippo_cli.services.pages import deals

if TYPE_CHECKING:
    from nippo_cli.services.care.demo import Demo

# A word to look for and an activity, in the language of the diary.
_TYPED = {"ja": ("稟議", "電話"), "en": ("approval", "Call")}


class TourStep(NamedTuple):
    """What is said, then the page that is shown, then the commands offered, each with what it does."""

    said: tuple[Message, ...] = ()
    page: object | None = None
    commands: tuple[tuple[Message, str], ...] = ()


def tour(workspace: Workspace, keep: str | None, *, language: str) -> Iterator[TourStep]:
    """Make the journal and walk through it. Without `keep` it lies in a temporary folder, which the system clears.

    Raises:
        UsageError: `keep` is a folder with something in it, or a file.
    """
    from nippo_cli.services.care.demo import TIME_ZONE, write_demo_journal

    folder = _folder(keep)
    demo = write_demo_journal(folder / "journal.db", workspace.today(TIME_ZONE), workspace.now, language)
    places = Places(journal_db=folder / "journal.db", schema=folder / "schema.yaml", state=folder / "state")
    sample = workspace.apart(places)
    counts = {"reps": demo.reps, "deals": demo.deals, "entries": demo.entries}
    yield TourStep((msg("demo.opening", **counts),))
    # The page without its sections: each kind has a page of its own.
    yield TourStep((msg("demo.gap"),), gap_whole.whole_page(sample, GapQuery(), limit=1)._replace(kinds=()))
    yield TourStep(
        (msg("demo.timeline", slow=demo.slow, fast=demo.fast),), deals.timeline(sample, [demo.slow, demo.fast])
    )
    yield TourStep((msg("demo.next"),), commands=tuple(_commands(sample, demo, folder, _TYPED[language])))
    yield TourStep(
        (msg("demo.where", path=str(folder)), *(() if keep else (msg("demo.temporary"),)), msg("demo.start"))
    )


def _commands(sample: Workspace, demo: "Demo", folder: Path, typed: tuple[str, str]) -> Iterator[tuple[Message, str]]:
    """Commands to go on with. They name the sample's journal, so that they work from any folder."""
    nippo = f'nippo --journal "{folder}"'
    customer = deals.page(sample, demo.slow).status.head.customer
    corrected = _corrected(sample)
    yield msg("demo.try.mirage"), f"{nippo} gap mirage"
    yield msg("demo.try.owner"), f"{nippo} gap --by owner"
    yield msg("demo.try.unlinked"), f"{nippo} gap unlinked"
    yield msg("demo.try.steps"), f"{nippo} steps --by month"
    yield msg("demo.try.show"), f'{nippo} deal show "{demo.lost}"'
    yield msg("demo.try.customer"), f'{nippo} customer "{customer}"'
    yield msg("demo.try.search"), f"{nippo} search {typed[0]}"
    yield msg("demo.try.summary"), f"{nippo} deal list --summary"
    yield msg("demo.try.past"), f"{nippo} gap --as-of {_months_ago(sample)}"
    if corrected:
        yield msg("demo.try.history"), f"{nippo} show {corrected} --history"
    yield msg("demo.try.schema"), f"{nippo} schema show"
    yield msg("demo.try.add"), f'{nippo} add "{demo.slow}" --activity {typed[1]} -m "..."'


def _corrected(sample: Workspace) -> str:
    """The id of an entry that was corrected; empty where there is none."""
    from nippo_cli.base.ids import show_id
    from nippo_cli.services.context import reading

    with reading(sample) as (reader, as_of):
        return next((show_id(e.id) for e in reader.entries(as_of) if e.corrected), "")


def _months_ago(sample: Workspace) -> str:
    from nippo_cli.base.dates import add_months
    from nippo_cli.services.care.demo import TIME_ZONE

    return add_months(sample.today(TIME_ZONE), -3).isoformat()


def _folder(keep: str | None) -> Path:
    if keep is None:
        from tempfile import mkdtemp

        return Path(mkdtemp(prefix="nippo-demo-"))
    path = folder(keep, "--keep").absolute()
    if any(path.iterdir()):
        raise UsageError(msg("cli.demo.not_empty", path=keep))
    return path
