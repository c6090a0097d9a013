"""The commands that the pages of the docs show, run as a reader would type them.

On a page, before its first fence:

    <!-- journal: demo -->      the commands find the journal of `nippo demo`
    <!-- journal: empty -->     there is none yet; so it is where nothing is said
    <!-- author: Sato -->       who writes; 佐藤 where nothing is said

Fences tagged `sh` are run line by line, in order; so are the lines behind `$ ` of a `console` fence. A comment
`# exit 3` names the exit code that a command has; 0 if there is none. A fence whose tag is followed by a file's name
(```csv deals.csv) is that file, and so is what `cat > FILE <<'EOF'` holds. A `json` fence behind commands is what the
last of them prints. A fence without a tag behind commands shows a part of what they say, line by line; where a terminal of
80 columns draws it otherwise, it begins with the command behind `$ ` and is written by tests/terminal/shown_screens.py.

`python tests/contract/doc_pages.py docs/json.md` writes a page's JSON anew.
"""

import io
import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from nippo_cli.cli.frame.main import main

ROOT = Path(__file__).parents[2]
NOW = "2026-11-23T18:00:00+09:00"
HOME = "/home/sato"
_FENCE = re.compile(r"^```(\w*) ?([\w.\-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_JOURNAL = re.compile(r"<!-- journal: (\w+) -->")
_AUTHOR = re.compile(r"<!-- author: (\w+) -->")
_HERE = re.compile(r"<<'(\w+)'$")
_EXIT = re.compile(r"#.*?\bexit (\d+)")
# Other programs that a page may use; what installs is not for a test.
_INSTALLS = re.compile(r"\bpip install\b|\bvenv\b")
_COLUMNS = 110
_DIFFERS = (re.compile(r"journals/[0-9a-f]{16}"), re.compile(r"-\d{8}-\d{6}"))

# Other values under these keys come of every run; a page keeps those that it shows.
VARIES = frozenset(("looked_at", "device", "set_aside", "code", "mark", "address"))


class Fence(NamedTuple):
    """A fence of a page: its tag, the file that it is, its text and where that stands."""

    tag: str
    file: str
    text: str
    start: int
    stop: int


class Ran(NamedTuple):
    """A command as it was run, the exit code that the page names, and what came of it."""

    command: str
    wanted: int
    code: int
    out: str
    err: str


class Reader:
    """Follows a page in a folder of its own; `/tmp` and the folder of shared data are brought inside."""

    def __init__(self, page: Path, folder: Path, demo: Path) -> None:
        self.text = page.read_text(encoding="utf-8")
        self.folder = folder
        self.cwd = folder / "nippo"
        self.cwd.mkdir(parents=True)
        (folder / "tmp").mkdir()
        for link, target in ((self.cwd / "examples", ROOT / "examples"), (folder / "shared", ROOT.parent / "shared")):
            if target.exists():
                link.symlink_to(target, target_is_directory=True)
        self.journal = folder / "journal"
        said = _JOURNAL.search(self.text)
        if said is not None and said[1] == "demo":
            shutil.copytree(demo, self.journal)
        author = _AUTHOR.search(self.text)
        self.env = {
            "NIPPO_NOW": NOW, "NIPPO_JOURNAL": str(self.journal), "NIPPO_AUTHOR": author[1] if author else "佐藤",
            "NIPPO_LANG": "ja" if page.parent.name == "ja" or page.stem.endswith(".ja") else "en",
            "XDG_STATE_HOME": str(folder / "state"),
        }  # fmt: skip

    def follow(self) -> Iterator[tuple[Fence, list[Ran]]]:
        """Each fence in order, with the commands that it ran."""
        for fence in fences(self.text):
            if fence.file:
                (self.cwd / fence.file).write_text(fence.text, encoding="utf-8")
            yield fence, [self._run(line) for line in commands(fence)]

    def _run(self, line: str) -> Ran:
        wanted = _EXIT.search(line)
        head, _, body = line.partition("\n")
        if _HERE.search(head):
            Path(shlex.split(head)[2]).write_text(f"{body}\n", encoding="utf-8")
            return Ran(head, 0, 0, "", "")
        argv = shlex.split(line.replace("/tmp/", f"{self.folder}/tmp/"), comments=True)
        target = None
        if ">" in argv:
            argv, target = argv[: argv.index(">")], argv[argv.index(">") + 1]
        if argv[0] != "nippo":
            return Ran(line, 0, self._other(argv), "", "")
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(argv[1:])
        if target is not None:
            Path(target).write_text(out.getvalue(), encoding="utf-8")
        return Ran(line, int(wanted[1]) if wanted else 0, code, out.getvalue(), err.getvalue())

    @staticmethod
    def _other(argv: list[str]) -> int:
        """The few commands of a shell that a page needs."""
        if argv[:2] == ["mkdir", "-p"]:
            Path(argv[2]).mkdir(parents=True, exist_ok=True)
        elif argv[0] == "cp":
            found = sorted(Path.cwd().glob(argv[1])) if "*" in argv[1] else [argv[1]]
            shutil.copy(found[0], argv[2])
        else:
            raise ValueError(argv)
        return 0

    def said(self, ran: list[Ran]) -> list[str]:
        """All that these commands said, line by line, with a reader's own place of the journal."""
        text = "".join(one.out + one.err for one in ran)
        return text.replace(str(self.journal), f"{HOME}/.local/share/nippo").splitlines()

    def found(self, text: str) -> Any:
        """JSON with this run's own places put into those of the page."""
        for path, said in ((self.journal, f"{HOME}/journal"), (self.folder / "state", f"{HOME}/.local/state")):
            text = text.replace(str(path), said)
        for shape, said in zip(_DIFFERS, ("journals/9f86d081884c7d65", "-20261123-180000"), strict=True):
            text = shape.sub(said, text)
        return json.loads(text)


def fences(text: str) -> list[Fence]:
    """The fences of a page, in order."""
    return [Fence(f[1], f[2], f[3], f.start(3), f.end(3)) for f in _FENCE.finditer(text)]


def commands(fence: Fence) -> list[str]:
    """What a fence has a shell run, each command with the text that it is given."""
    if fence.tag not in ("sh", "console") or fence.file:
        return []
    lines = fence.text.replace("\\\n", " ").splitlines()
    if fence.tag == "console":
        lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    found: list[str] = []
    end = ""
    for line in lines:
        if end:
            found[-1] += f"\n{line}" if line != end else ""
            end = "" if line == end else end
        elif line.strip() and not line.startswith("#") and not _INSTALLS.search(line):
            found.append(line)
            end = here[1] if (here := _HERE.search(line)) else ""
    return found


def shows(fence: Fence) -> list[str]:
    """The lines of a screen that a fence shows, blank ones apart."""
    plain = not fence.tag and not fence.file and not fence.text.startswith("$ ")
    return [line for line in fence.text.splitlines() if line.strip()] if plain else []


def pages() -> list[Path]:
    """The pages whose commands are run."""
    found = [ROOT / "README.md", ROOT / "README.ja.md"]
    for pattern in ("docs/*.md", "docs/ja/*.md", "examples/*/README.md"):
        found += sorted(ROOT.glob(pattern))
    return [page for page in found if any(commands(f) for f in fences(page.read_text(encoding="utf-8")))]


def compact(found: Any, indent: int = 0) -> str:
    """JSON as a page shows it: as much on a line as fits."""
    flat = json.dumps(found, ensure_ascii=False)
    if len(flat) + indent <= _COLUMNS or not isinstance(found, dict | list):
        return flat
    pairs = found.items() if isinstance(found, dict) else enumerate(found)
    parts = [
        (f"{json.dumps(key)}: " if isinstance(found, dict) else "") + compact(one, indent + 2) for key, one in pairs
    ]
    lines = [""]
    for n, part in enumerate(parts):
        said = part + ("," if n + 1 < len(parts) else "")
        # A value of several lines stands by itself.
        alone = "\n" in said or "\n" in lines[-1] or isinstance(found, list)
        if lines[-1] and (alone or len(lines[-1]) + len(said) + indent + 3 > _COLUMNS):
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + said
    opening, closing = "{}" if isinstance(found, dict) else "[]"
    inner = "\n".join(" " * (indent + 2) + line for line in lines)
    return f"{opening}\n{inner}\n{' ' * indent}{closing}"


def as_shown(found: Any, shown: Any) -> Any:
    """What was found, with what differs from run to run as a page shows it."""
    if isinstance(found, dict) and isinstance(shown, dict):
        return {
            key: shown[key] if key in VARIES and type(shown.get(key)) is type(one) else as_shown(one, shown.get(key))
            for key, one in found.items()
        }
    if isinstance(found, list) and isinstance(shown, list):
        return [as_shown(one, other) for one, other in zip(found, [*shown, *[None] * len(found)], strict=False)]
    return found


def _json(text: str) -> Any:
    """What a fence shows; None where somebody has yet to fill it."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def rewrite(page: Path, folder: Path) -> None:
    """The page with the JSON that its commands print now."""
    reader = Reader(page, folder, folder / "demo")
    os.environ.update(reader.env)
    os.chdir(reader.cwd)
    text, last, moved = reader.text, "", 0
    for fence, ran in reader.follow():
        for one in ran:
            if one.code != one.wanted:
                sys.exit(f"{one.command}\n{one.err}")
        last = ran[-1].out if ran else last
        if fence.tag == "json" and not fence.file:
            new = compact(as_shown(reader.found(last), _json(fence.text))) + "\n"
            text = text[: fence.start + moved] + new + text[fence.stop + moved :]
            moved += len(new) - (fence.stop - fence.start)
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    for name in sys.argv[1:]:
        with TemporaryDirectory() as temporary:
            rewrite(Path(name).absolute(), Path(temporary))
