"""The tables of letters that are matched as one another: writes `src/nippo_cli/base/letters.py`.

    python tools/letters/make.py [/usr/share/unicode]

Reads Unicode's own files (EquivalentUnifiedIdeograph.txt, DerivedCoreProperties.txt, Unihan_OtherMappings.txt; Debian's
package `unicode-data` holds them, some packed) and `old_forms.txt` beside this file.
"""

import bz2
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from unicodedata import normalize

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "src" / "nippo_cli" / "base" / "letters.py"
UNICODE = Path("/usr/share/unicode")
_RADICALS = range(0x2E80, 0x2F00)  # CJK Radicals Supplement; strokes are no letters
_LINE = 50  # of a full-width character two columns


def lines(folder: Path, name: str) -> list[str]:
    """A file's lines without comments, packed or not."""
    packed = folder / f"{name}.bz2"
    text = (
        bz2.decompress(packed.read_bytes()).decode() if packed.exists() else (folder / name).read_text(encoding="utf-8")
    )
    return [line for line in (raw.partition("#")[0].strip() for raw in text.splitlines()) if line]


def code_points(field: str) -> range:
    """`2E81` or `2E9B..2E9F`, as a range."""
    first, _, last = field.strip().partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def radicals(folder: Path) -> dict[str, str]:
    """Radicals that stand for a kanji of their own, and that NFKC leaves as they are."""
    pairs: dict[str, str] = {}
    for line in lines(folder, "EquivalentUnifiedIdeograph.txt"):
        points, _, kanji = line.partition(";")
        for point in code_points(points):
            if point in _RADICALS and normalize("NFKC", chr(point)) == chr(point):
                pairs[chr(point)] = chr(int(kanji.strip(), 16))
    return pairs


def ignorable(folder: Path) -> list[range]:
    """The characters that Unicode calls Default_Ignorable_Code_Point, in ranges without gaps."""
    points = sorted(
        point
        for line in lines(folder, "DerivedCoreProperties.txt")
        for field, _, name in [line.partition(";")]
        if name.strip() == "Default_Ignorable_Code_Point"
        for point in code_points(field)
    )
    ranges: list[range] = []
    for point in points:
        if ranges and ranges[-1].stop == point:
            ranges[-1] = range(ranges[-1].start, point + 1)
        else:
            ranges.append(range(point, point + 1))
    return ranges


def old_forms(folder: Path) -> dict[str, str]:
    """Old forms and today's, chains followed to their end; the list beside this file decides before Unihan does."""
    pairs: dict[str, str] = {}
    for pair in _all_pairs(folder):
        old, new = (normalize("NFKC", letter) for letter in pair)
        if old != new and old not in pairs and _last(pairs, new) != old:
            pairs[old] = new
    return {old: _last(pairs, old) for old in sorted(pairs)}


def _all_pairs(folder: Path) -> Iterator[tuple[str, str]]:
    listed = (HERE / "old_forms.txt").read_text(encoding="utf-8").splitlines()
    for pair in " ".join(line for line in listed if not line.startswith("#")).split():
        yield pair[0], pair[1]
    for line in lines(folder, "Unihan_OtherMappings.txt"):
        point, field, value = line.split("\t")
        variant = re.search(r"U\+([0-9A-F]+)", value)
        if field in ("kJoyoKanji", "kJinmeiyoKanji") and variant:
            yield chr(int(point.removeprefix("U+"), 16)), chr(int(variant[1], 16))


def _last(pairs: dict[str, str], letter: str) -> str:
    while letter in pairs:
        letter = pairs[letter]
    return letter


def written(folder: Path) -> str:
    """The module, as it stands in the product."""
    parts = [
        '"""Letters that are matched as one another. Made by `tools/letters/make.py`: sources and rules are there."""\n',
        "# Code points that are not drawn by themselves (Default_Ignorable_Code_Point), as a class of a pattern.",
        "IGNORED = (\n" + "".join(f"    {part}\n" for part in _quoted(map(_class, ignorable(folder)))) + ")\n",
        "# Radicals and the kanji they stand for, one after another.",
        _pairs("RADICALS", radicals(folder)),
        "# Old forms of kanji and those of today, one after another.",
        _pairs("OLD_FORMS", old_forms(folder)),
    ]
    return "\n".join(parts)


def _class(points: range) -> str:
    first, last = (f"\\u{p:04x}" if p < 0x10000 else f"\\U{p:08x}" for p in (points.start, points.stop - 1))
    return first if len(points) == 1 else f"{first}-{last}"


def _quoted(texts: Iterable[str]) -> list[str]:
    rows: list[str] = [""]
    for text in texts:
        if len(rows[-1]) + len(text) > _LINE:
            rows.append("")
        rows[-1] += text
    return [f'"{row}"' for row in rows]


def _pairs(name: str, pairs: dict[str, str]) -> str:
    rows = _quoted(old + new for old, new in pairs.items())
    return f"{name} = (\n" + "".join(f"    {row}\n" for row in rows) + ")\n"


if __name__ == "__main__":
    TARGET.write_text(written(Path(sys.argv[1]) if len(sys.argv) > 1 else UNICODE), encoding="utf-8", newline="\n")
