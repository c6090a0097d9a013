"""`nippo team` and `nippo sync`: an invitation, what was exchanged, and how far everybody's records are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.language import t, tn
from nippo_cli.render.draw import Block, Column, FactRows, Page, Prose, Renderer, Span, Table, TextLines
from nippo_cli.render.parts import words
from nippo_cli.results.team import DeviceRow, Invitation, SyncReport, TeamLeave, TeamMove, TeamPage, WaitingDevice

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def _invitation(result: Invitation, _screen: "Screen") -> Page:
    """What to hand on, and what the other one types."""
    return Page(
        [
            Prose(Span(t("show.invitation.for", name=result.name, role=t(f"team.role.{result.role}")), "good")),
            Prose(""),
            _typed(result),
            Prose(""),
            Prose(t("show.invitation.secret")),
        ]
    )


def _typed(code: Invitation) -> TextLines:
    """What the other one types; never wrapped: what is copied from the screen is one line."""
    return TextLines([(f"nippo team join {code.code}",)])


def _invitation_json(result: Invitation) -> dict[str, object]:
    return {"code": result.code, "name": result.name, "role": result.role, "device": result.device}


def _left(result: TeamLeave, screen: "Screen") -> Page:
    """That it is done; then the handover of each customer."""
    tried = [Span(f"{t('show.dry_run')} ", "strong")] if result.dry_run else []
    if not result.to:
        done = Span(tn("show.team_left_alone", result.held), "good")
        return Page([Prose((*tried, done)), Prose(t("show.team_left_alone.deals"))])
    key = "show.team_left_half" if result.pending else "show.team_left" if result.deals else "show.team_left_no_deals"
    done = Span(tn(key, result.deals, name=result.name, to=result.to), "good")
    if result.page is None:
        return Page([Prose((*tried, done))])
    # What a sync shows loads little.
    from nippo_cli.render.day import handover

    drawn = handover.page(result.page, screen)
    return drawn._replace(blocks=[Prose((*tried, done)), Prose(""), *drawn.blocks])


def _left_json(result: TeamLeave) -> dict[str, object]:
    from nippo_cli.render.day import handover

    page = handover.to_json(result.page) if result.page is not None else None
    return {
        "name": result.name, "to": result.to or None, "deals": result.deals, "held": result.held, "pending": result.pending,
        "handover": page, "dry_run": result.dry_run,
    }  # fmt: skip


def _moved(result: TeamMove, _screen: "Screen") -> Page:
    """Where to, and what each of the others types."""
    blocks: list[Block] = [Prose(Span(t("show.moved.to", address=result.address), "good"))]
    for code in result.codes:
        blocks += [Prose(""), Prose(t("show.moved.code", name=code.name, device=code.device))]
        blocks.append(_typed(code))
    return Page([*blocks, Prose(""), Prose(t("show.moved.others"))])


def _moved_json(result: TeamMove) -> dict[str, object]:
    return {"address": result.address, "codes": [_invitation_json(code) for code in result.codes]}


def _synced(result: SyncReport, _screen: "Screen") -> Page:
    """One line, and a line for each device that waits; with `-v` how many records of whom. Where it broke off, what came by then."""
    blocks: list[Block] = []
    if result.unreachable:
        blocks += _why("show.sync.unreachable", result.unreachable)
    taken, published = (sum(n for _, n in of) for of in (result.taken, result.published))
    if taken or published:
        blocks.append(Prose(Span(t("show.sync.done", taken=taken, published=published), "good")))
    elif not result.unreachable:
        blocks.append(Prose(Span(t("show.sync.nothing"), "good")))
    if result.erased:
        blocks.append(Prose(tn("show.sync.erased", result.erased)))
    if result.unerased:
        blocks.append(Prose(tn("show.sync.unerased", result.unerased)))
    if result.mended:
        blocks.append(Prose(tn("show.sync.mended", result.mended)))
    if result.verbose:
        blocks += [Prose(t("show.sync.taken", device=device, n=n), 2, "-") for device, n in result.taken]
        blocks += [Prose(t("show.sync.published", device=device, n=n), 2, "-") for device, n in result.published]
    return Page([*blocks, *_waits(result.waits)])


def _synced_json(result: SyncReport) -> dict[str, object]:
    return {
        "taken": [{"device": device, "n": n} for device, n in result.taken],
        "published": [{"device": device, "n": n} for device, n in result.published],
        "erased": result.erased,
        "mended": result.mended,
        "unerased": result.unerased,
        "waiting": _waits_json(result.waits),
        "unreachable": result.unreachable or None,
    }


def _status(result: TeamPage, _screen: "Screen") -> Page:
    """Each device with its member, how much of it is here, and how much is published."""
    columns = [
        Column("device", t("show.team.device")),
        Column("name", t("show.team.name"), flex=True),
        Column("role", t("show.team.role")),
        Column("held", t("show.team.held"), right=True),
        Column("published", t("show.team.published"), right=True),
    ]
    rows = [
        [
            row.device, t("show.team.own", name=row.name) if row.own else row.name,
            _role(row), f"{row.held:,}",
            "" if result.unreachable else f"{row.published:,}",
        ]
        for row in result.devices
    ]  # fmt: skip
    synced = words.day(result.synced_on) if result.synced_on else t("show.team.never")
    facts = FactRows(
        [
            (t("show.team.address"), result.address),
            (t("show.team.mark"), result.mark),
            (t("show.team.synced"), synced),
        ]
    )
    away = _why("show.sync.unreachable", result.unreachable) if result.unreachable else []
    if result.unreachable and result.away_since:
        away.append(Prose(Span(t("show.team.away_since", on=words.day(result.away_since)), "warn")))
    if result.failed:
        away += _why("show.team.failed", result.failed)
    return Page([facts, *away, Prose(""), Table(columns, rows), *_waits(result.waits)], t("show.team.title"))


def _why(key: str, why: str) -> list[Block]:
    """Why nothing could be exchanged, in a sentence; what to do about it, and the system's own words, below it."""
    first, *below = why.splitlines()
    return [Prose(Span(t(key, why=first), "warn")), *(Prose(line, 2) for line in below)]


def _role(row: DeviceRow) -> str:
    """What the member may do by it; or that it is no more in use."""
    role = "retired" if row.retired else "left" if row.left else row.role
    return t(f"team.role.{role}") if role else ""


def _status_json(result: TeamPage) -> dict[str, object]:
    """A team's devices and what waits, as data."""
    return {
        "address": result.address,
        "mark": result.mark,
        "devices": [
            {
                "device": row.device, "name": row.name or None, "role": row.role or None, "held": row.held,
                "published": row.published, "own": row.own, "left": row.left,
                "retired": row.retired,
            }
            for row in result.devices
        ],
        "waiting": _waits_json(result.waits),
        "unreachable": result.unreachable or None,
        "synced_on": result.synced_on.isoformat() if result.synced_on else None,
        "away_since": result.away_since.isoformat() if result.away_since else None,
        "failed": result.failed or None,
    }  # fmt: skip


def _waits(waits: Sequence[WaitingDevice]) -> list[Block]:
    return [
        Prose(t(f"team.wait.{wait.why}", device=wait.device, number=wait.number, about=wait.about), 2, "!")
        for wait in waits
    ]


def _waits_json(waits: Sequence[WaitingDevice]) -> list[dict[str, object]]:
    return [
        {"device": wait.device, "number": wait.number, "why": wait.why, "about": wait.about or None} for wait in waits
    ]


LEFT = Renderer(TeamLeave, page=_left, to_json=_left_json)
MOVED = Renderer(TeamMove, page=_moved, to_json=_moved_json)
INVITATION = Renderer(Invitation, page=_invitation, to_json=_invitation_json)
SYNC = Renderer(SyncReport, page=_synced, to_json=_synced_json)
TEAM = Renderer(TeamPage, page=_status, to_json=_status_json)
