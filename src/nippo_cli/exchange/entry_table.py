"""Entries as one table for every format, and the map by which such a table is read back: `nippo import` knows it by its columns."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from zipfile import Path as InsideOf, ZipFile

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.cells import JSON
from nippo_cli.exchange.export import columns, head_row
from nippo_cli.exchange.mapping import EXPORT_KEY
from nippo_cli.exchange.zips import BROKEN_ZIP
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import type_of

# What the columns of an entry's own are called, in Japanese and in English; by those of its key, which stay, a file is known.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "on": ("日付", "Date"),
    "known_on": ("分かった日", "Known on"),
    "author": ("記入者", "Author"),
    "deal": ("案件", "Deal"),
    "incomplete": ("記入待ち", "To complete"),
    "snapshot": ("一覧より", "From a list"),
    "deal_id": ("案件番号", "Deal no."),
    "owner": ("担当", "Owner"),
    "meeting": ("面談番号", "Meeting no."),
    "recorded_at": ("記録日時", "Recorded at"),
}
_LANGUAGES: Final = ("ja", "en")
# Where in the JSON of an export the entries are.
LISTED: Final = "entries"
_PATH: Final = f", path: {LISTED}"
_BEGINNING: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"


class OwnMap(NamedTuple):
    """The map that reads an export, and those of its columns that are no field of the schema: they are not read."""

    text: str
    strange: tuple[str, ...]


def heads_of(schema: Schema, language: str) -> dict[str, str]:
    """What each column of `head_row` is called: fields as the schema calls them, two of one name with the key behind it."""
    nth = _LANGUAGES.index(language) if language in _LANGUAGES else 1
    words = {key: key for key in EXPORT_KEY} | {key: said[nth] for key, said in _WORDS.items()}
    words |= {column: schema.by_key[key].label for key, column in columns(schema).items()}
    times = list(words.values())
    return {key: f"{word} ({key})" if times.count(word) > 1 else word for key, word in words.items()}


def own_map(there: Sequence[str], schema: Schema, file_format: str, encoding: str = "") -> OwnMap | None:
    """The map that reads such a table of these columns; None where they are no export's.

    Args:
        schema: the one under which the entries will be: by its keys and labels fields are known.
        file_format: the format of the file, one of `source.FORMATS`.
    """
    named = [dict(zip(head_row(schema), head_row(schema), strict=True))]
    named += [heads_of(schema, language) for language in _LANGUAGES]
    heads = next((one for one in named if {one[key] for key in (*EXPORT_KEY, "on", "known_on")} <= set(there)), None)
    if heads is None:
        return None
    column = {key: head for key, head in heads.items() if head in there}
    _put_field_called_owner(column, there, schema, in_words=heads is not named[0])
    lines = [
        'source: "nippo"',
        f"file: {{type: {file_format}{', encoding: ' + encoding if encoding else ''}{_PATH if file_format == 'json' else ''}}}",
        # Only CSV needs a mark before what a spreadsheet would take for a formula.
        f"defused: {'true' if file_format == 'csv' else 'false'}",
        f"key: [{', '.join(_quoted(column[key]) for key in EXPORT_KEY)}]",
        *(f'{key}: {{column: {_quoted(column[key])}, format: "%Y-%m-%d"}}' for key in ("on", "known_on")),
        *(f"{key}: {_quoted(column[key])}" for key in ("deal", "author", "incomplete", "snapshot") if key in column),
        "customer: change",
        # What is in a diary was taken once, whatever it lacks.
        "required: ignore",
        # What CP932 lacks is another text now; that is no correction of the entry.
        *(["changed: keep"] if encoding == "cp932" else []),
        "fields:",
    ]
    for key, own in columns(schema).items():
        if own in column:
            structured = type_of(schema.by_key[key]).structured
            reference = _quoted(column[own])
            lines.append(f"  {key}: " + (f"{{column: {reference}, format: {JSON}}}" if structured else reference))
    strange = tuple(head for head in there if head and head not in column.values())
    return OwnMap("\n".join(lines) + "\n", strange)


def _put_field_called_owner(column: dict[str, str], there: Sequence[str], schema: Schema, *, in_words: bool) -> None:
    """In a table that was written before the deal's owner had a column, that name is a field's, which now has another."""
    for key, own in columns(schema).items():
        name = schema.by_key[key].label if in_words else key
        if (
            own not in column
            and name in there
            and not any(head == name for of, head in column.items() if of != "owner")
        ):
            column.pop("owner", None)
            column[own] = name


def may_be_own(path: Path) -> bool:
    """Whether a file may be such a table, by its beginning: to open one means to read all of it."""
    with suppress(OSError, *BROKEN_ZIP):
        return any(EXPORT_KEY[0].encode() in begins for begins in _beginnings(path))
    return False


def _beginnings(path: Path) -> Iterator[bytes]:
    """The first bytes of a file; of one that is packed, of what is in it."""
    with path.open("rb") as file:
        begins = file.read(_BEGINNING)
    if begins.startswith(_GZIP):
        yield zlib.decompressobj(wbits=31).decompress(begins, _BEGINNING)
    elif begins.startswith(_ZIP):
        with ZipFile(path) as book:
            for name in book.namelist():
                # Excel moves texts there when it writes the file again.
                if name == "xl/sharedStrings.xml" or name.startswith("xl/worksheets/sheet"):
                    with InsideOf(book, name).open("rb") as part:
                        yield part.read(_BEGINNING)
    else:
        yield begins


def _quoted(name: str) -> str:
    import json

    return json.dumps(name, ensure_ascii=False)
