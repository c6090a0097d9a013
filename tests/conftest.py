"""What every test stands on: no time limits on a shared machine, and the Japanese screen unless a test says otherwise."""

import pytest
from hypothesis import HealthCheck, settings

from nippo_cli import language
from nippo_cli.text import take_ambiguous_as_wide

settings.register_profile("nippo", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("nippo")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the machine's own reaches a test, and no test reaches the user's own journal."""
    for name in (
        "NIPPO_JOURNAL",
        "NIPPO_SCHEMA",
        "NIPPO_LANG",
        "NIPPO_NOW",
        "NIPPO_AUTHOR",
        "NO_COLOR",
        "COLUMNS",
        "NIPPO_BOX",
    ):
        monkeypatch.delenv(name, raising=False)
    apart = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("XDG_DATA_HOME", str(apart / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(apart / "state"))
    language.bind("ja")
    take_ambiguous_as_wide(wide=False)
