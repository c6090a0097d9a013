"""`nippo doctor`, `backup`, `restore` and `path`: the journal's health, its copies, and where everything is."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import say, t
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    FactRows,
    Page,
    Prose,
    Renderer,
    Run,
    Span,
    Table,
)
from nippo_cli.render.parts import words
from nippo_cli.results.care import Check, Copied, Health, PathPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def _health(result: Health, _screen: "Screen") -> Page:
    """Each check with what it found; a verdict before them."""
    blocks: list[Block] = []
    if result.dry_run:
        blocks.append(Prose(Span(t("recap.dry_run"), "strong")))
    if result.rebuilt:
        blocks += [Prose(t("show.health.rebuilt")), Prose(t("show.health.kept", kept=result.copy))]
    verdict = Span(t("show.health.sound"), "good") if result.sound else Span(t("show.health.unsound"), "bad")
    blocks += [Prose(verdict), _checks(result)]
    for check in result.checks:
        blocks += [Prose((Span(_name(check), "strong"), "  ", say(m)), indent=2, mark="-") for m in check.problems]
    blocks += [Prose(say(note)) for note in result.notes]
    if not result.sound:
        blocks.append(Prose(t("show.health.hint")))
    return Page(blocks, t("show.health.title"), result.journal)


def _checks(result: Health) -> Table:
    """A row a check: how many it looked at, and what it found."""
    rows: list[list[Cell]] = [
        [
            _name(check),
            f"{check.looked_at:,}",
            _result_of(check),
        ]
        for check in result.checks
    ]
    columns = [
        Column("check", t("show.head.check"), flex=True),
        Column("looked_at", t("show.head.looked_at"), right=True),
        Column("found", t("show.head.result")),
    ]
    return Table(columns, rows)


def _result_of(check: Check) -> Span:
    if check.problems:
        return Span(words.counted("show.health.found", len(check.problems)), "bad")
    return Span(t("show.health.ok"), "good")


def _name(check: Check) -> str:
    return t(f"doctor.{check.name.removeprefix('doctor.')}")


def _health_json(result: Health) -> dict[str, object]:
    """Each check with its findings, as data."""
    return {
        "journal": result.journal,
        "sound": result.sound,
        "rebuilt": result.rebuilt,
        "kept": result.copy or None,
        "dry_run": result.dry_run,
        "notes": [{"key": m.key, "message": say(m)} for m in result.notes],
        "checks": [
            {
                "name": check.name.removeprefix("doctor."),
                "looked_at": check.looked_at,
                "found": [{"key": m.key, "message": say(m)} for m in check.problems],
            }
            for check in result.checks
        ],
    }


def _copied(result: Copied, _screen: "Screen") -> Page:
    """What was copied, or brought back, and where it is."""
    pairs: list[tuple[str, Cell | Run]] = [
        (t("show.copied.file"), result.path),
        (t("show.copied.records"), f"{result.records:,}"),
    ]
    if result.set_aside:
        pairs.append((t("show.copied.set_aside"), result.set_aside))
    # A dry run's device is one that will never be.
    if result.device and not result.dry_run:
        pairs.append((t("show.copied.device"), result.device))
    if result.dropped:
        pairs.append((t("show.copied.dropped"), "\n".join(result.dropped)))
    if result.unsound:
        pairs.append((t("show.copied.unsound"), "\n".join(result.unsound)))
    done: Run = (Span(t(f"show.copied.{result.what}"), "good"),)
    if result.dry_run:
        done = (Span(f"{t('show.dry_run')} ", "strong"), *done)
    derived = [Prose(t("show.copied.derived"))] if result.derived else []
    return Page([Prose(done), *derived, Prose(""), FactRows(pairs), *(Prose(say(note)) for note in result.notes)])


def _copied_json(result: Copied) -> dict[str, object]:
    """What was copied and where it is, as data."""
    return {
        "what": result.what,
        "path": result.path,
        "records": result.records,
        "dropped": list(result.dropped),
        "unsound": list(result.unsound),
        "set_aside": result.set_aside or None,
        "device": result.device or None,
        "derived": result.derived,
        "notes": [{"key": m.key, "message": say(m)} for m in result.notes],
        "dry_run": result.dry_run,
    }


def _paths(result: PathPage, _screen: "Screen") -> Page:
    """Where the journal, the schema and the state are, and how they were found."""
    journal: Run = (result.journal,) if result.exists else (result.journal, Span(t("show.path.absent"), "dim"))
    return Page(
        [
            FactRows(
                [
                    (t("show.path.journal"), journal),
                    (t("show.path.schema"), result.schema),
                    (t("show.path.state"), result.state),
                    (t("show.path.found_by"), t(f"show.path.by_{result.found_by}")),
                ]
            )
        ]
    )


def _paths_json(result: PathPage) -> dict[str, object]:
    return {
        "journal": result.journal,
        "schema": result.schema,
        "state": result.state,
        "exists": result.exists,
        "found_by": result.found_by,
    }


HEALTH = Renderer(Health, page=_health, to_json=_health_json)
COPIED = Renderer(Copied, page=_copied, to_json=_copied_json)
PATHS = Renderer(PathPage, page=_paths, to_json=_paths_json)
