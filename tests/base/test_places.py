"""Where the journal, its agreement and its state are found, in the order that docs promise."""

import pytest
from platformdirs import user_state_path

from nippo_cli.base.errors import UsageError
from nippo_cli.base.places import Places, find_places


@pytest.fixture
def platform(tmp_path, monkeypatch):
    """A platform with a data and a state folder of its own."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data" / "nippo")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: tmp_path / "state" / "nippo")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def find(cwd, *, journal=None, schema=None, **env) -> Places:
    """Look from a folder."""
    return find_places(journal=journal, schema=schema, env=env, cwd=cwd)


def test_the_option_wins_over_everything(platform):
    """`--journal`, though the environment and a `.nippo` folder say otherwise."""
    (platform / ".nippo").mkdir()
    found = find(platform, journal="here", NIPPO_JOURNAL="there")
    assert (found.journal_db, found.found_by) == (platform / "here" / "journal.db", "option")
    assert found.schema == platform / "here" / "schema.yaml"


def test_the_environment_comes_next(platform):
    """`NIPPO_JOURNAL`, though there is a `.nippo` folder."""
    (platform / ".nippo").mkdir()
    found = find(platform, NIPPO_JOURNAL="there")
    assert (found.journal_db, found.found_by) == (platform / "there" / "journal.db", "environment")


def test_a_folder_upward_comes_third(platform):
    """The nearest `.nippo` above the current folder; a file of that name is none."""
    deep = platform / "a" / "b"
    deep.mkdir(parents=True)
    (platform / ".nippo").mkdir()
    (deep / ".nippo").write_text("", encoding="utf-8")
    found = find(deep, NIPPO_JOURNAL="")
    assert (found.journal_db, found.found_by) == (platform / ".nippo" / "journal.db", "folder")


def test_the_platform_comes_last(platform):
    """Where nothing is said, the data folder; its state has a folder of its own."""
    found = find(platform)
    assert (found.journal_db, found.found_by) == (platform / "data" / "nippo" / "journal.db", "platform")
    assert found.state == platform / "state" / "nippo"


def test_a_file_takes_the_schema_beside_it(platform):
    """`--journal F.db`, whether or not it is there yet, and a file of any name that is there."""
    assert find(platform, journal="x/F.db").journal_db == platform / "x" / "F.db"
    assert find(platform, journal="x/F.db").schema == platform / "x" / "schema.yaml"
    (platform / "copy.bak").write_bytes(b"")
    assert find(platform, journal="copy.bak").journal_db == platform / "copy.bak"


@pytest.mark.parametrize(("option", "env", "name"), [("o.yaml", "e.yaml", "o.yaml"), (None, "e.yaml", "e.yaml")])
def test_another_schema_stands_in(platform, option, env, name):
    """`--schema`, else `NIPPO_SCHEMA`, wherever the journal is."""
    assert find(platform, schema=option, NIPPO_SCHEMA=env).schema == platform / name


@pytest.mark.parametrize("options", [{"journal": ""}, {"journal": " "}, {"schema": ""}])
def test_an_empty_path_is_an_error(platform, options):
    """An unset variable in a script never means the usual journal."""
    with pytest.raises(UsageError):
        find(platform, **options)


def test_each_journal_has_a_state_of_its_own(platform):
    """A draft of one journal is never offered in another, however the path to it is written."""
    one, other = find(platform, journal="one"), find(platform, journal="other")
    assert one.state != other.state
    assert one.state.is_relative_to(platform / "state" / "nippo")
    assert find(platform / "one", journal="../x/../one").state == one.state


def test_the_home_folder_is_known(platform, monkeypatch):
    """`~` is the home folder, also where no shell has put it in."""
    monkeypatch.setenv("HOME", str(platform))
    monkeypatch.setenv("USERPROFILE", str(platform))
    assert find(platform / "else", NIPPO_JOURNAL="~/diary").journal_db == platform / "diary" / "journal.db"


def test_looking_makes_nothing(platform):
    """A search for the journal leaves every folder as it was."""
    _ = find(platform).state
    _ = find(platform, journal="new").state
    assert list(platform.iterdir()) == []


@pytest.mark.parametrize("said", ["/var/state", "", " "])
def test_the_state_folder_is_the_one_that_platformdirs_names(monkeypatch, tmp_path, said):
    """With the variable, with an empty one and with a blank one; platformdirs is not loaded for it on Linux."""
    monkeypatch.setenv("XDG_STATE_HOME", said)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_places(journal=None, schema=None, env={}, cwd=tmp_path).state == user_state_path(
        "nippo", appauthor=False
    )
