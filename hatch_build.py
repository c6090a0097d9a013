"""What a build makes: the catalogues of each language, the default schema as the first template, the table of commands, the
manual page.

`locale/<language>/*.po` are merged into `locale/<language>.mo`; `schema.yaml` becomes `templates/default.yaml`; the commands
declared in `cli/commands` become `cli/completion/command_table.py` (`tools/command_table.py`).
All are built into the source tree, where an editable install finds them, and are shipped in the wheel; `man/` with the
manual page in each language goes to the system's `share/man`. None of nippo's dependencies is needed.
By hand, after a change to any of these: `python hatch_build.py`.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.config import BuilderConfig
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    Hook = BuildHookInterface[BuilderConfig]
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
    except ImportError:  # by hand, where only Babel is installed
        Hook = object

ROOT = Path(__file__).parent
LOCALE = ROOT / "src" / "nippo_cli" / "locale"
TEMPLATE = ROOT / "src" / "nippo_cli" / "schema" / "templates" / "default.yaml"
LANGUAGES = ("en", "ja")
# English stands at the top of a system's manual, any other language in a folder of its own.
MANUALS = {"en": ROOT / "man" / "man1" / "nippo.1", "ja": ROOT / "man" / "ja" / "man1" / "nippo.1"}


class CustomBuildHook(Hook):
    """Hatchling's way in: called before a wheel, editable or not, is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling's signature
        """Make what the wheel ships."""
        build()


def build() -> None:
    """Make all of it.

    Raises:
        SystemExit: a key stands twice in a language, a catalogue can't be read, or a command's declaration can't.
    """
    for language in LANGUAGES:
        _replace(LOCALE / f"{language}.mo", compiled(LOCALE / language, language))
    _replace(TEMPLATE, (ROOT / "schema.yaml").read_bytes())
    with _sources():
        import command_table

        _replace(command_table.PATH, command_table.text().encode())
        import manual_page

        for language, path in MANUALS.items():
            _replace(path, manual_page.page(language).encode())


def compiled(folder: Path, language: str) -> bytes:
    """All `.po` files of a folder as one `.mo`.

    Raises:
        SystemExit: a key stands twice, in one file or in two, or a file can't be read.
    """
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    whole = Catalog(locale=language, charset="utf-8")
    homes: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        text = path.read_text(encoding="utf-8")
        # Babel joins messages of one key without a word, so the file itself is asked.
        for key in re.findall(r'^msgid "(.+)"$', text, re.MULTILINE):
            if key in homes:
                sys.exit(f"{language}: {key} stands in {homes[key]} and again in {path.name}")
            homes[key] = path.name
        try:
            catalogue = read_po(BytesIO(text.encode()), locale=language, abort_invalid=True)
        except PoFileError as error:
            sys.exit(f"{path}: {error}")
        for message in catalogue:
            if message.id:
                whole.add(message.id, message.string)
    out = BytesIO()
    write_mo(out, whole)
    return out.getvalue()


@contextmanager
def _sources() -> Iterator[None]:
    """While it lasts, `tools/` and nippo itself can be imported."""
    paths = [str(ROOT / "tools"), str(ROOT / "src")]
    sys.path[:0] = paths
    try:
        yield
    finally:
        for path in paths:
            sys.path.remove(path)


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; a build that runs beside this one never sees half of it."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


if __name__ == "__main__":
    build()
