"""What a workbook's formulas gave before it was filled is forgotten: whoever opens it works them out anew, or shows nothing."""

from collections.abc import Collection

from nippo_cli.exchange.forms.package import CONTENT_TYPES, Package, SheetPart, relations, relations_part
from nippo_cli.exchange.forms.xml_spans import ByteChange, Element, behind, changed, prefix, with_attributes

# What may stand before the settings of calculation, in a workbook's part.
_BEFORE = ("sheets", "functionGroups", "externalReferences", "definedNames")


def forget_results(package: Package, filled: Collection[SheetPart], *, copied: bool) -> None:
    """Take the results out of the formulas of the sheets that were filled, and of those that look at them; say that all is to be
    worked out when the workbook is opened.

    Args:
        copied: whether sheets came to it, so that the order of its formulas is another.
    """
    stale = _looking_at(package, {sheet.name for sheet in filled})
    parts = {sheet.part for sheet in package.sheets if sheet.name in stale} | _copies(package)
    changes = {part: _results(package.tree(part)) for part in parts}
    if not any(changes.values()):
        return
    for part, some in changes.items():
        package.parts[part] = changed(package.parts[part], some)
    _work_out_all(package)
    if copied:
        _forget_order(package)


def _copies(package: Package) -> set[str]:
    """The sheets that came to a workbook since it was read."""
    now = {one.target for one in relations(package.parts, package.workbook) if one.kind == "worksheet"}
    return now - {sheet.part for sheet in package.sheets}


def _looking_at(package: Package, names: set[str]) -> set[str]:
    """These sheets and all whose formulas name one of them, or a range that has a name of its own."""
    formulas = {
        sheet.name: "\n".join(one.text.casefold() for one in package.tree(sheet.part).all("f"))
        for sheet in package.sheets
    }
    defined = {
        one.attributes.get("name", "").casefold(): one.text.casefold()
        for one in package.tree(package.workbook).all("definedName")
    }
    stale, before = set(names), set[str]()
    while stale != before:
        before = set(stale)
        looked_for = [f"{end}!" for name in stale for end in (name.casefold(), f"{name.casefold()}'")]
        looked_for += [name for name, where in defined.items() if any(one in where for one in looked_for)]
        stale |= {name for name, text in formulas.items() if any(one in text for one in looked_for)}
    return stale


def _results(sheet: Element) -> list[ByteChange]:
    """What takes the results of a sheet's formulas out."""
    return [
        ByteChange(value.start, value.end, b"")
        for cell in sheet.all("c")
        if cell.child("f") is not None and (value := cell.child("v")) is not None
    ]


def _work_out_all(package: Package) -> None:
    part = package.parts[package.workbook]
    root = package.tree(package.workbook)
    settings = root.child("calcPr")
    if settings is not None:
        tag = with_attributes(part[settings.start : settings.inner], [("fullCalcOnLoad", "1")])
        change = ByteChange(settings.start, settings.inner, tag)
    else:
        at = behind([child for child in root.children if child.tag in _BEFORE])
        change = ByteChange(at, at, b'<%scalcPr fullCalcOnLoad="1"/>' % prefix(part, root))
    package.parts[package.workbook] = changed(part, [change])


def _forget_order(package: Package) -> None:
    """Without it Excel finds out itself in which order formulas are worked out."""
    chain = next((one for one in relations(package.parts, package.workbook) if one.kind == "calcChain"), None)
    if chain is None or package.parts.pop(chain.target, None) is None:
        return
    for part, key, value in (
        (relations_part(package.workbook), "Id", chain.id),
        (CONTENT_TYPES, "PartName", f"/{chain.target}"),
    ):
        listed = [one for one in package.tree(part).children if one.attributes.get(key) == value]
        package.parts[part] = changed(package.parts[part], [ByteChange(one.start, one.end, b"") for one in listed])
