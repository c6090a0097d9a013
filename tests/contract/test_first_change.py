"""The code in CONTRIBUTING.md is true: it runs against today's rooms and does what the page says."""

import sys
from datetime import date
from textwrap import dedent
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from doc_pages import fences
from source_trees import ROOT

from nippo_cli.gaps import GapKind
from nippo_cli.render.draw import csv_text
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Field
from nippo_cli.schema.templates import text_of
from nippo_cli.schema.types import Reading, ValueRefused, scalars

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TODAY = date(2026, 11, 23)


def code(holds: str) -> str:
    """The code of the page that holds some words."""
    flat = dedent(
        "\n".join(line.removeprefix("   ") if line.startswith("   ```") else line for line in TEXT.split("\n"))
    )
    return next(dedent(fence.text) for fence in fences(flat) if fence.tag == "python" and holds in fence.text)


def made(name: str, holds: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of the page's code, importable under a name."""
    module = ModuleType(name)
    exec(compile(code(holds), name, "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, name, module)
    return module


def deal(number: int, *, closes: Any = None, amount: int | None = None) -> SimpleNamespace:
    """A live deal, as much of it as the question needs."""
    return SimpleNamespace(id=number, stage="lead", began_on=date(2026, 11, 1), amount=amount, closes=closes)


def test_the_gap_finds_what_the_page_says(monkeypatch):
    """Deals without an expected close, the largest first; its renderer takes the answer."""
    gap = made("nippo_cli.gaps.undated", "class Undated", monkeypatch)
    live = [deal(1, amount=5), deal(2, closes=TODAY), deal(3, amount=9), deal(4)]
    answer = gap.find(SimpleNamespace(live=lambda: live, since=date(2026, 11, 10), as_of=TODAY))
    assert [(one.deal, one.measure, one.new) for one in answer.findings] == [
        (3, 22, False),
        (1, 22, False),
        (4, 22, False),
    ]
    assert list(gap.look(None, answer.findings)) == [None] * 3
    drawn = made("nippo_cli.render.gaps.undated", "GapRenderer(", monkeypatch)
    assert isinstance(drawn.RENDERER, GapRenderer)
    assert drawn.RENDERER.summary(SimpleNamespace(counted=answer.counted)) == {"live": 4}


def test_the_line_of_the_registry_is_one():
    """It says what `GapKind` takes."""
    kinds = eval("{" + code('"undated": GapKind') + "}", {"GapKind": GapKind})
    assert kinds == {"undated": GapKind("live")}


def test_the_format_writes_what_the_page_says(monkeypatch):
    """A line a row: what is empty is left out, a text of two lines stays on one, and no control character comes through."""
    module = made("nippo_cli.render.draw.ltsv_text", "LTSV", monkeypatch)
    heads, rows = csv_text.flat(
        [{"id": "7", "deal": {"name": "検査\n装置\x1b"}, "amount": None}, {"id": "8", "amount": 5}]
    )
    assert list(module.write(heads, rows)) == ["id:7\tdeal.name:検査 装置␛\n", "id:8\tamount:5\n"]


def test_the_field_type_reads_what_the_page_says():
    """`30%`, full width too; more than `most` is refused."""
    space = dict(vars(scalars))
    exec(compile("from __future__ import annotations\n" + code("class Percent"), "page", "exec"), space)
    field = Field("share", "見込み", "percent", None, most=100)
    share = space["Percent"](field, Reading(TODAY, load_schema(text_of("default"), "schema.yaml")))
    assert [share.read(raw) for raw in ("30%", "３０％", "30", 30)] == [30] * 4
    assert share.pieces(30, field, None) == ("30%",)
    with pytest.raises(ValueRefused):
        share.read("130%")
