"""`nippo team host`: what was set up, and what to type next."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Page, Prose, Renderer, Span, TextLines
from nippo_cli.results.team import HostedServer

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: HostedServer, _screen: "Screen") -> Page:
    """One line; the command that begins a team, where a place for one was made. Of a dry run the SQL."""
    if result.dry_run:
        return Page([TextLines([(line,) for line in result.sql.strip().splitlines()])])
    key = "same" if result.before == result.version else "upgraded" if result.before else "done"
    said = t(f"show.host.{key}", server=result.server, before=result.before, version=result.version)
    blocks: list[Block] = [Prose(Span(said, "good"))]
    if result.address:
        blocks += [
            Prose(""), Prose(t("show.host.begin")), Prose(""), TextLines([(f"nippo team begin '{result.address}'",)]), Prose(""),
            Prose(t("show.host.secret")),
        ]  # fmt: skip
        if not result.has_password:
            blocks.append(Prose(t("show.host.password")))
    return Page(blocks)


def to_json(result: HostedServer) -> dict[str, object]:
    """The same; the address under `begin`."""
    return {
        "server": result.server, "before": result.before, "version": result.version, "begin": result.address or None,
        "password": result.has_password, "dry_run": result.dry_run, "sql": result.sql if result.dry_run else None,
    }  # fmt: skip


RENDERER = Renderer(HostedServer, page=page, to_json=to_json)
