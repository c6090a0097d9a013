"""What was answered of the questions that make a schema, until the schema is written: one file in the state folder."""

import json
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nippo_cli.services.context import Workspace

_FILE = "init.json"


class SavedAnswers:
    """The answers as typed, by question. A state folder that can't be written keeps none, and stops nobody."""

    def __init__(self, workspace: "Workspace") -> None:
        self._file = workspace.places.state / _FILE
        self.said = self._read()

    def keep(self, said: dict[str, str]) -> None:
        """Keep them: whoever stops goes on from here."""
        from nippo_cli.base.files import make_folder, replace_file

        self.said = dict(said)
        with suppress(OSError):
            make_folder(self._file.parent)
            replace_file(self._file, json.dumps(said, ensure_ascii=False).encode())

    def forget(self) -> None:
        """They have become a schema."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            said = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(said, dict):
            return {}
        return {key: value for key, value in said.items() if isinstance(key, str) and isinstance(value, str)}
