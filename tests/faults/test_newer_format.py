"""A journal that a newer nippo has written: this one says so, and leaves every byte as it is."""

import sqlite3
from contextlib import closing

import pytest
from every_command import PATHS, argv_of, furnish
from shell import Shell, files

from nippo_cli.cli.completion.completing import offered
from nippo_cli.journal.log import tables

# Of these the journal's file is not asked. `init` is refused because there is a journal.
BESIDE = {
    "draft list": 0,
    "draft drop": 0,
    "path": 0,
    "demo": 0,
    "schema new": 0,
    "schema json-schema": 0,
    "schema check": 0,
    "help": 0,
    "init": 2,
    # What is typed is no invitation and no form; and no server is there.
    "team join": 2,
    "team host": 1,
    "form new": 0,
}
MADE = {"schema new": {"new.yaml"}, "form new": {"form.xlsx"}}


@pytest.fixture
def newer(nippo: Shell) -> Shell:
    """A table, a column and a kind of record that this nippo does not know, in the journal and in its backup."""
    furnish(nippo)
    for file in (nippo.db, nippo.journal.parent / "copy.db", *(nippo.journal / "backups").glob("*.db")):
        with closing(sqlite3.connect(file, isolation_level=None)) as cx:
            cx.execute("create table weather (day text primary key, said text not null) without rowid")
            cx.execute("alter table deal add column mood text")
            cx.execute(
                "insert into record select (select max(id) + 1 from record), 'weather', author, recorded_at, known_on,"
                ' on_date, schema, null, null, null, salt, \'{"sky":"clear"}\', hash from record where id = 3'
            )
            cx.execute(f"pragma user_version = {tables.FORMAT + 1}")
    return nippo


def test_every_command_leaves_it_as_it_is(newer: Shell) -> None:
    """Exit 5 and both formats told; no byte and no time of a file changes, and none is made but a draft of what was typed."""
    folder = newer.journal.parent
    before = files(folder)
    codes = {}
    for path in PATHS:
        answer = newer(*argv_of(path))
        after = files(folder)
        codes[path] = answer.code
        assert str(tables.FORMAT + 1) in answer.err.partition("\n")[0] or answer.code != 5, (path, answer.err)
        # What was typed and not recorded lies apart from the journal: a draft that is opened is saved, and one may be dropped.
        theirs = {name for name in before if "/drafts/" in name.replace("\\", "/") and path.startswith("draft ")}
        assert {name: after.get(name) for name in before.keys() - theirs} == {
            name: of for name, of in before.items() if name not in theirs
        }, path
        made = {name for name in after.keys() - before.keys() if "/drafts/" not in name.replace("\\", "/")}
        assert made == MADE.get(path, set()), path
        before = after
    assert codes == {path: BESIDE.get(path, 5) for path in codes}


def test_tab_offers_nothing_of_it(newer: Shell) -> None:
    """A name may mean something else by then."""
    there = files(newer.journal)
    for before in (["deal", "show"], ["prep"], ["show"], ["log", "--by"], ["add", "--stage"]):
        assert offered(["--journal", str(newer.journal), *before], "", {}) == []
    # The commands beside which customers would stand are nippo's own.
    beside = {offer.word for offer in offered(["--journal", str(newer.journal), "customer"], "", {})}
    assert beside == {"alias", "merge", "people", "rename", "revisit"}
    assert files(newer.journal) == there
