"""`nippo doctor --rescue`: what was brought into the new journal, and what could not be."""

from typing import TYPE_CHECKING, Final

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, t
from nippo_cli.base.text import quoted
from nippo_cli.render.draw import Block, Cell, FactRows, Page, Prose, Renderer, Run, Span
from nippo_cli.render.parts import words
from nippo_cli.results.care import LostRecord, Rescued

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_SHOWN: Final = 20
_LETTERS: Final = 200
# What of a derived row is worth a line on a screen, in this order.
_COLUMNS: Final = (
    "author", "customer", "owner", "activity", "stage", "amount", "confidence", "closes", "next_step", "next_on", "text", "said",
    "why", "note",
)  # fmt: skip


def _page(result: Rescued, _screen: "Screen") -> Page:
    """The verdict; what was brought; each lost record with what is left of it; what to do next."""
    lost = _count(result)
    done: Run = (Span(t("rescue.done" if not lost else "rescue.done_but"), "good" if not lost else "warn"),)
    if result.dry_run:
        done = (Span(f"{t('show.dry_run')} ", "strong"), *done)
    pairs: list[tuple[str, Cell | Run]] = [
        (t("rescue.new"), result.path),
        (t("rescue.old"), result.journal),
        (t("rescue.records"), f"{result.records:,}"),
        (t("rescue.lost"), f"{lost:,}"),
    ]
    if result.written:
        pairs.append((t("rescue.written"), f"{result.written:,}"))
    if not result.dry_run:
        pairs.append((t("show.copied.device"), result.device))
    blocks: list[Block] = [Prose(done), Prose(""), FactRows(pairs)]
    if result.schema_lost:
        blocks.append(Prose(t("rescue.schema_lost")))
    if lost:
        blocks += [
            Prose(""),
            Prose(Span(t("rescue.lost_ones"), "strong")),
            Prose(", ".join(_run(*run) for run in result.lost[:_SHOWN])),
        ]
        if len(result.lost) > _SHOWN:
            blocks.append(Prose(words.counted("rescue.more", len(result.lost) - _SHOWN)))
    for one in result.listed[:_SHOWN]:
        blocks.append(Prose((Span(say(one.record), "strong"), "  ", _left(one)), indent=2, mark="-"))
    if len(result.listed) > _SHOWN:
        blocks.append(Prose(words.counted("rescue.more", len(result.listed) - _SHOWN), indent=2))
    blocks += [Prose((Span(t("rescue.unsound"), "bad"), " ", say(m)), indent=2, mark="-") for m in result.problems]
    if not result.dry_run:
        blocks += _next_steps(result, lost)
    return Page(blocks)


def _next_steps(result: Rescued, lost: int) -> list[Block]:
    """What to do with the new journal; where something was lost, that it can be written again."""
    steps: list[Block] = [Prose(""), Prose(t("rescue.next", new=quoted(result.path)))]
    return [*steps, Prose(t("rescue.write_again"))] if lost else steps


def _count(result: Rescued) -> int:
    return sum(last - first + 1 for first, last in result.lost)


def _run(first: int, last: int) -> str:
    return f"#{show_id(first)}" if first == last else f"#{show_id(first)}–#{show_id(last)}"


def _left(lost: LostRecord) -> str:
    """What was derived of a record, and what is left of its text, on a line."""
    derived = [str(lost.derived[key]) for key in _COLUMNS if lost.derived.get(key) not in (None, "", "{}")]
    parts = [" / ".join(derived)]
    if lost.text:
        text = lost.text if len(lost.text) <= _LETTERS else f"{lost.text[:_LETTERS]}…"
        parts.append(t("rescue.text", text=text))
    return " ".join(part for part in parts if part) or t("rescue.nothing_left")


def _json(result: Rescued) -> dict[str, object]:
    """The same as data; of a lost record all that is left."""
    return {
        "journal": result.journal,
        "path": result.path,
        "sound": not result.problems,
        "records": result.records,
        "erased": result.erased,
        "devices": list(result.devices),
        "device": result.device,
        "written": result.written,
        "schema_lost": result.schema_lost,
        "lost": _count(result),
        "lost_ids": [{"first": show_id(first), "last": show_id(last)} for first, last in result.lost],
        "records_lost": [
            {
                "id": show_id(one.id),
                "kind": one.kind,
                "record": say(one.record),
                "derived": dict(one.derived),
                "text": one.text or None,
            }
            for one in result.listed
        ],
        "found": [{"key": m.key, "message": say(m)} for m in result.problems],
        "dry_run": result.dry_run,
    }


RENDERER = Renderer(Rescued, page=_page, to_json=_json)
