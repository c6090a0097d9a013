"""A sheet copied within its workbook, with what belongs to it: seals and shapes, notes, charts, tables, the area that is printed."""

import posixpath
import re
from collections.abc import Mapping
from typing import Final

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.exchange.forms.package import CONTENT_TYPES, Package, Relation, SheetPart, relations, relations_part
from nippo_cli.exchange.forms.xml_spans import (
    ByteChange,
    Element,
    changed,
    escaped,
    parse,
    prefix,
    start_tag,
    with_attributes,
)

# Parts that two sheets may share; those that each has its own of. What else there is, as a pivot table, is one of its kind.
_SHARED: Final = frozenset(("image", "hyperlink"))
_OWN: Final = frozenset((
    "drawing", "vmlDrawing", "comments", "printerSettings", "chart", "chartStyle", "chartColorStyle", "chartUserShapes",
    "themeOverride", "table", "ctrlProp", "control", "activeXControlBinary", "oleObject", "package", "customProperty",
    "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing",
))  # fmt: skip
_NUMBER: Final = re.compile(r"\d*$")
_NAME_LETTERS: Final = 31
# Elements of a sheet that hold formulas.
_FORMULAS: Final = ("f", "formula", "formula1", "formula2")


def copy_sheet(package: Package, sheet: SheetPart, content: bytes) -> str:
    """A copy of a sheet, behind all others, that holds `content`; its name.

    Raises:
        UsageError: there is something on the sheet of which there can't be two.
    """
    name = _free_name(package, sheet.name)
    part = _copy_part(package, sheet.part, sheet.name, name)
    package.parts[part] = _of_a_copy(content, sheet.name, name)
    workbook = package.parts[package.workbook]
    root = parse(workbook)
    listed = list(root.all("sheet"))
    relation = _add_relation(package, part, listed)
    original = listed[sheet.place]
    number = 1 + max(int(one.attributes.get("sheetId", "0")) for one in listed)
    tag = with_attributes(
        workbook[original.start : original.inner], [("name", name), ("sheetId", str(number)), ("id", relation)]
    )
    changes = [ByteChange(listed[-1].end, listed[-1].end, tag)]
    changes += _names_of_its_own(root, workbook, sheet, name, len(listed))
    package.parts[package.workbook] = changed(workbook, changes)
    return name


def _of_a_copy(content: bytes, sheet: str, copy: str) -> bytes:
    """Without what only one sheet may be: the one that is open, and the one that macros know by a name. Formulas that name the
    sheet name the copy."""
    root = parse(content)
    changes = [
        ByteChange(one.start, one.inner, with_attributes(content[one.start : one.inner], [(key, None)]))
        for tag, key in (("sheetView", "tabSelected"), ("sheetPr", "codeName"))
        for one in root.all(tag)
        if key in one.attributes
    ]
    changes += [
        ByteChange(one.inner, one.inner_end, escaped(named))
        for one in root.all(*_FORMULAS)
        if (named := _renamed(one.text, sheet, copy)) != one.text
    ]
    return changed(content, changes)


def _free_name(package: Package, name: str) -> str:
    there = {one.attributes.get("name", "").casefold() for one in package.tree(package.workbook).all("sheet")}
    number = 2
    while True:
        end = f" ({number})"
        free = name[: _NAME_LETTERS - len(end)] + end
        if free.casefold() not in there:
            return free
        number += 1


def _copy_part(package: Package, part: str, sheet: str, copy: str) -> str:
    """A copy of a part and of those that belong to it; its name. Where charts name the sheet, they name the copy."""
    new = _free_part(package, part)
    package.parts[new] = package.parts[part]
    _declare(package, part, new)
    listed = relations_part(part)
    if listed not in package.parts:
        return new
    targets = {}
    for one in relations(package.parts, part):
        if one.outside or one.kind in _SHARED:
            continue
        if one.kind not in _OWN:
            raise UsageError(msg("forms.no_copy", sheet=sheet, what=one.kind), hint=msg("forms.no_copy.hint"))
        targets[one.id] = _copy_of(package, one, sheet, copy)
    content = package.parts[listed]
    package.parts[relations_part(new)] = changed(content, _retargeted(parse(content), content, targets))
    return new


def _copy_of(package: Package, relation: Relation, sheet: str, copy: str) -> str:
    """The new part that a copied sheet has of what the sheet refers to: a table, a chart, whatever it is."""
    new = _copy_part(package, relation.target, sheet, copy)
    if relation.kind == "table":
        package.parts[new] = _table(package, new)
    elif relation.kind == "chart":
        content = package.parts[new]
        changes = [
            ByteChange(one.inner, one.inner_end, escaped(_renamed(one.text, sheet, copy)))
            for one in parse(content).all("f")
        ]
        package.parts[new] = changed(content, changes)
    return new


def _retargeted(root: Element, content: bytes, targets: Mapping[str, str]) -> list[ByteChange]:
    """What makes the relations of a copied part lead to the copies of the parts that it refers to."""
    return [
        ByteChange(
            one.start,
            one.inner,
            with_attributes(content[one.start : one.inner], [("Target", f"/{targets[one.attributes['Id']]}")]),
        )
        for one in root.all("Relationship")
        if one.attributes.get("Id") in targets
    ]


def _table(package: Package, part: str) -> bytes:
    """A table under a number and a name of its own."""
    tables = [name for name in package.parts if re.fullmatch(r"xl/tables/[^/]+\.xml", name)]
    roots = {name: package.tree(name) for name in tables}
    number = 1 + max(int(root.attributes.get("id", "0")) for root in roots.values())
    root, content = roots[part], package.parts[part]
    values = [("id", str(number))]
    values += [(key, f"{root.attributes[key]}_{number}") for key in ("name", "displayName") if key in root.attributes]
    return changed(
        content, [ByteChange(root.start, root.inner, with_attributes(content[root.start : root.inner], values))]
    )


def _free_part(package: Package, part: str) -> str:
    stem, ending = posixpath.splitext(part)
    stem = _NUMBER.sub("", stem)
    number = 1
    while f"{stem}{number}{ending}" in package.parts:
        number += 1
    return f"{stem}{number}{ending}"


def _declare(package: Package, part: str, new: str) -> None:
    """Say of a new part what is said of the one that it is a copy of, where that is not said of all of its ending."""
    content = package.parts[CONTENT_TYPES]
    root = parse(content)
    one = next((o for o in root.all("Override") if o.attributes.get("PartName") == f"/{part}"), None)
    if one is not None:
        tag = with_attributes(content[one.start : one.end], [("PartName", f"/{new}")])
        package.parts[CONTENT_TYPES] = changed(content, [ByteChange(root.inner_end, root.inner_end, tag)])


def _add_relation(package: Package, part: str, sheets: list[Element]) -> str:
    """Have the workbook refer to a new sheet; the id by which it does."""
    listed = relations_part(package.workbook)
    content = package.parts[listed]
    root = parse(content)
    ids = {one.attributes.get("Id") for one in root.children}
    number = len(ids) + 1
    while f"rId{number}" in ids:
        number += 1
    known = {one.attributes.get("id") for one in sheets}
    like = next(one for one in root.children if one.attributes.get("Id") in known)
    values = [("Id", f"rId{number}"), ("Target", f"/{part}")]
    tag = with_attributes(content[like.start : like.end], values)
    package.parts[listed] = changed(content, [ByteChange(root.inner_end, root.inner_end, tag)])
    return f"rId{number}"


def _names_of_its_own(root: Element, workbook: bytes, sheet: SheetPart, copy: str, place: int) -> list[ByteChange]:
    """The names that only this sheet knows, the area that is printed among them, for its copy."""
    names = root.child("definedNames")
    own = [one for one in root.all("definedName") if one.attributes.get("localSheetId") == str(sheet.place)]
    if names is None or not own:
        return []
    added = b""
    for one in own:
        where = _renamed(one.text, sheet.name, copy)
        tag = with_attributes(start_tag(workbook, one), [("localSheetId", str(place))])
        added += tag + escaped(where) + b"</%sdefinedName>" % prefix(workbook, one)
    return [ByteChange(names.inner_end, names.inner_end, added)]


def _renamed(formula: str, sheet: str, copy: str) -> str:
    """A formula that names the copy where it named the sheet."""
    quoted = "'" + sheet.replace("'", "''") + "'"
    named = re.compile(rf"(?<![\w.'\]])(?:{re.escape(quoted)}|{re.escape(sheet)})!", re.IGNORECASE)
    new = "'" + copy.replace("'", "''") + "'!"
    return named.sub(lambda _: new, formula)
