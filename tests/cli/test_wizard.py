"""The questions that make a team's own schema."""

from types import SimpleNamespace

import pytest

from nippo_cli.base.language import bind, current, t
from nippo_cli.cli.frame import wizard


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch):
    """Answers by question; every other is left to Enter. Returns the texts that were put."""

    def run(**answers: str) -> list[str]:
        told: list[str] = []

        def line(_label: str) -> str:
            return next((said for name, said in answers.items() if t(f"schema.ask.{name}") in told[-2:]), "")

        monkeypatch.setattr(wizard, "tell", lambda text, indent=0: told.append(text))
        monkeypatch.setattr(wizard, "line", line)
        wizard.schema_text(SimpleNamespace(interactive=True), None)
        return told

    before = current()
    bind("ja")
    yield run
    bind(before)


def test_reasons_of_losses_are_asked_for_only_where_they_are_recorded(asked):
    """A question whose answer goes nowhere is a question too many."""
    assert t("schema.ask.lost_reasons") in asked()
    assert t("schema.ask.lost_reasons") in asked(record="面談者、失注理由")
    assert t("schema.ask.lost_reasons") not in asked(record="面談者、金額")
