"""Workbooks for the tests of forms, and what is in them."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

from nippo_cli.exchange.forms import FormContent, FormMark, FormValue

# One white pixel: the seal of whoever approves.
SEAL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fea7"
    "35818b0000000049454e44ae426082"
)


def book(path: Path, draw: Callable[[Workbook], None]) -> Path:
    """A workbook, drawn."""
    with Workbook(path) as drawn:
        draw(drawn)
    return path


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same workbook, some of its parts others."""
    there = parts(path)
    change(there)
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in there.items():
            archive.writestr(name, content)
    path.write_bytes(packed.getvalue())
    return path


def content(
    *,
    entries: int = 0,
    alone: Mapping[FormMark, FormValue] | None = None,
    facts: Callable[[int], str] = "事実{}".format,
) -> FormContent:
    """So many entries, each with its number from 1: a customer, facts, an amount of as many yen, a day of November."""
    rows = [
        {
            "date": FormValue(f"2026/11/{n}", day=date(2026, 11, n)),
            "customer": FormValue(f"顧客{n}"),
            "facts": FormValue(facts(n)),
            "amount": FormValue(f"{n}円", str(n)),
        }
        for n in range(1, entries + 1)
    ]
    return FormContent(alone or {}, {"entries": rows, "days": [], "planned": []})
