"""`nippo redact`: what would be erased, or was, and where else the same may stand."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import cut
from nippo_cli.render.draw import Block, Cell, Column, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.redaction import OutOfReach, RedactedRecord, Redaction

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = ("id", "kind", "how", "on", "author", "deal.id", "deal.name", "where", "says")
_SAYS = 36


def page(result: Redaction, _screen: "Screen") -> Page:
    """The records in groups, the files, what stays out of reach; and before it is done what it costs."""
    is_done = result.is_done
    blocks: list[Block] = []
    if result.dry_run:
        blocks.append(Prose(Span(t("show.dry_run"), "strong")))
    if is_done and result.records:
        blocks.append(Prose(Span(words.counted("redact.done", len(result.records)), "good")))
    elif is_done:
        files = len(result.drafts) + len(result.copies)
        blocks.append(Prose(Span(words.counted("redact.done_files", files), "good")))
    elif result.is_empty:
        blocks.append(Prose(t("redact.none")))
    for how in ("asked", "named", "belongs", "mentioned"):
        rows = [row for row in result.records if row.how == how]
        if rows:
            blocks += [
                Heading(t(f"redact.how.{how}"), words.counted("redact.n", len(rows))),
                _table(rows, is_done=is_done),
            ]
    blocks += _files(result)
    if not is_done and result.records:
        blocks += [
            Heading(t("redact.cost")),
            *(Prose(t(f"redact.cost.{n}"), 2, "-") for n in ("goes", "stays", "undo", "first")),
        ]
    if result.unmentioned:
        blocks.append(Prose(Span(words.counted("redact.unmentioned", result.unmentioned), "dim")))
    if result.near:
        blocks.append(Prose(t("redact.near", names="、".join(result.near))))
    return Page([*blocks, *_beyond(result)], "" if is_done else t("redact.title"))


def to_json(result: Redaction) -> dict[str, object]:
    """All of it as data; `erasures` is empty before it is done."""
    return {
        "records": [
            {
                "id": show_id(row.id), "kind": row.kind, "how": row.how, "on": row.on, "author": row.author,
                "deal": {"id": show_id(row.deal), "name": row.deal_name} if row.deal is not None else None,
                "where": list(row.where), "says": row.says,
            }
            for row in result.records
        ],
        "left_out": {"mentioned": result.unmentioned},
        "drafts": list(result.drafts),
        "copies": list(result.copies),
        "near": list(result.near),
        "beyond": [
            {"what": one.what, "path": one.path or None, "n": one.n or None, "command": one.command or None}
            for one in result.beyond
        ],
        "erasures": shapes.ids(result.erasures),
        "dry_run": result.dry_run,
    }  # fmt: skip


def _table(rows: list[RedactedRecord], *, is_done: bool) -> Table:
    columns = [
        Column("id", t("redact.head.id"), right=True),
        Column("kind", t("redact.head.kind")),
        Column("on", t("redact.head.on")),
        Column("deal", t("show.head.deal"), flex=True),
        *([] if is_done else [Column("says", t("redact.head.says"), flex=True)]),
    ]
    return Table(columns, [_cells(row, is_done=is_done) for row in rows])


def _cells(row: RedactedRecord, *, is_done: bool) -> list[Cell]:
    deal = row.deal_name or (f"#{show_id(row.deal)}" if row.deal is not None else words.NOTHING)
    cells: list[Cell] = [show_id(row.id), t(f"damage.kind.{row.kind}"), words.day(date.fromisoformat(row.on)), deal]
    return cells if is_done else [*cells, cut(" ".join(row.says.split()), _SAYS)]


def _files(result: Redaction) -> Iterator[Block]:
    """Drafts, and copies that upgrades left."""
    if result.drafts or result.copies:
        yield Heading(t("redact.files"))
        for what, paths in (("draft", result.drafts), ("copy", result.copies)):
            yield from (Prose(t(f"redact.files.{what}", path=path), 2, "-") for path in paths)


def _beyond(result: Redaction) -> Iterator[Block]:
    """What nippo can't erase, with the command that does where there is one."""
    if result.is_empty and not any(one.what != "outputs" for one in result.beyond):
        return
    yield Heading(t("redact.beyond"))
    if any(one.what == "backup" for one in result.beyond):
        yield Prose(t("redact.beyond.first"))
    for one in result.beyond:
        yield Prose(_out_of_reach(one), 2, "-")
        if one.command:
            yield Prose(one.command, 4)


def _out_of_reach(one: OutOfReach) -> str:
    return t(f"redact.beyond.{one.what}", path=one.path, n=one.n)


RENDERER = Renderer(Redaction, page=page, to_json=to_json, rows="records", columns=COLUMNS)
