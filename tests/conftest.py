"""What every test stands on: no time limits on a shared machine, and the Japanese screen unless a test says otherwise."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("nippo", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("nippo")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the machine's own reaches a test."""
    for name in ("NIPPO_JOURNAL", "NIPPO_SCHEMA", "NIPPO_LANG", "NIPPO_NOW", "NIPPO_AUTHOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    yield
