"""A workbook as the package that it is: its parts, which of them are sheets, and how it is written again, every other part as it was."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.files import read_whole
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.forms.xml_spans import BrokenXml, Element, parse
from nippo_cli.exchange.zips import BROKEN_ZIP

CONTENT_TYPES: Final = "[Content_Types].xml"
_LARGEST_MIB: Final = 64
_MOST_UNPACKED: Final = 512 << 20
# Measured, sheets of bare cells, the worst: 1 MiB is filled with 96 MB and in 1.0 s of processor time, 2 MiB with 197 MB and in 1.7 s,
# 4 MiB with 357 MB and in 3.2 s; a form of nippo's own has 0.02 MiB. Pictures are not taken apart.
MOST_XML: Final = 4 << 20
_MOST_PARTS: Final = 10_000
_ZIP: Final = b"PK\x03\x04"
# What Excel before 2007 wrote, and what it wraps an encrypted workbook in.
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MAIN: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class SheetPart(NamedTuple):
    """A sheet: its name, its part, and its place among all sheets, from 0."""

    name: str
    part: str
    place: int


class Relation(NamedTuple):
    """What a part refers to: the id by which it does, the kind in one word, the other part; `outside` the package the address."""

    id: str
    kind: str
    target: str
    outside: bool


class Package:
    """A workbook's parts, by name in their order. Whoever changes one puts its bytes into `parts`.

    Args:
        parts: what each part holds.
        name: the file's, for what is said of it.
    """

    def __init__(self, parts: dict[str, bytes], name: str, infos: Mapping[str, ZipInfo]) -> None:
        self.parts = parts
        self.name = name
        self._infos = infos
        self.workbook = next((one.target for one in relations(parts, "") if one.kind == "officeDocument"), "")
        if self.workbook not in parts:
            raise no_workbook(name)
        self.ending = _MAIN.get(content_type(parts, self.workbook), "")
        if not self.ending:
            raise UsageError(msg("forms.other_kind", path=name), hint=msg("forms.save_as"))
        root = parse(parts[self.workbook])
        properties = root.child("workbookPr")
        date1904 = properties.attributes.get("date1904", "") if properties is not None else ""
        self.from_1904 = date1904 in ("1", "true")
        self.sheets = tuple(self._sheets(root))

    @property
    def has_macros(self) -> bool:
        """Whether macros are in it."""
        return self.ending == ".xlsm"

    def tree(self, part: str) -> Element:
        """A part's elements."""
        return parse(self.parts[part])

    def pieces(self) -> Iterator[bytes]:
        """The file, packed: parts that were there in their order, each as it is now, then those that came to it."""
        file = BytesIO()
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                was = self._infos.get(name)
                info = ZipInfo(name, was.date_time if was is not None else _EPOCH)
                info.compress_type = was.compress_type if was is not None else ZIP_DEFLATED
                info.external_attr = was.external_attr if was is not None else 0o600 << 16
                archive.writestr(info, content)
        yield file.getvalue()

    def _sheets(self, root: Element) -> Iterator[SheetPart]:
        targets = {one.id: one for one in relations(self.parts, self.workbook)}
        for place, sheet in enumerate(root.all("sheet")):
            relation = targets.get(sheet.attributes.get("id", ""))
            if relation is not None and relation.kind == "worksheet" and relation.target in self.parts:
                yield SheetPart(sheet.attributes.get("name", ""), relation.target, place)


def open_package(path: Path) -> Package:
    """Read a workbook.

    Raises:
        NotFound: there is no such file. UsageError: it is no workbook that can be filled, or is protected by a password. NippoError,
        OSError: it can't be read.
    """
    try:
        content = read_whole(path, _LARGEST_MIB)
    except FileNotFoundError:
        raise NotFound(msg("exchange.no_file", path=str(path))) from None
    if content.startswith(_OLD):
        key = "forms.encrypted" if _ENCRYPTED in content else "forms.old_excel"
        raise UsageError(msg(key, path=str(path)), hint=msg(f"{key}.hint"))
    if not content.startswith(_ZIP):
        raise no_workbook(str(path))
    try:
        with ZipFile(BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_UNPACKED:
                raise UsageError(msg("forms.too_large", path=str(path), mib=_MOST_UNPACKED >> 20))
            if sum(info.file_size for info in infos if info.filename.endswith(".xml")) > MOST_XML:
                raise UsageError(msg("forms.too_large", path=str(path), mib=MOST_XML >> 20))
            parts = {info.filename: archive.read(info) for info in infos}
        return Package(parts, str(path), {info.filename: info for info in infos})
    except (*BROKEN_ZIP, BrokenXml) as error:
        raise no_workbook(str(path)) from error


def no_workbook(path: str) -> UsageError:
    """What is said of a file that is none."""
    return UsageError(msg("forms.no_workbook", path=path), hint=msg("forms.save_as"))


def relations(parts: Mapping[str, bytes], of: str) -> Sequence[Relation]:
    """What a part refers to; of the package itself (`""`), its main parts."""
    listed = parts.get(relations_part(of))
    if listed is None:
        return ()
    found_at = posixpath.dirname(of)
    relations_of = list[Relation]()
    for one in parse(listed).all("Relationship"):
        outside = one.attributes.get("TargetMode") == "External"
        target = one.attributes.get("Target", "")
        if not outside:
            target = posixpath.normpath(posixpath.join("/", found_at, target)).lstrip("/")
        kind = one.attributes.get("Type", "").rpartition("/")[2]
        relations_of.append(Relation(one.attributes.get("Id", ""), kind, target, outside))
    return relations_of


def relations_part(of: str) -> str:
    """The part that lists what another refers to."""
    folder, name = posixpath.split(of)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def content_type(parts: Mapping[str, bytes], part: str) -> str:
    """What a part is said to be; empty where only its ending says so."""
    listed = parse(parts[CONTENT_TYPES]).all("Override")
    return next((one.attributes["ContentType"] for one in listed if one.attributes.get("PartName") == f"/{part}"), "")
