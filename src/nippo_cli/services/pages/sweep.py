"""Going through the deals that stand still: what there is to decide, and what a decision writes."""

from typing import TYPE_CHECKING, Any

from nippo_cli.base.ids import show_id
from nippo_cli.results.deal_pages import SweepList, SweepReason, SweepRow
from nippo_cli.services.context import Report, Scope, StatusJudge, Workspace, reading, within

if TYPE_CHECKING:
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.schema.schema import Schema


def asked(workspace: Workspace, scope: Scope) -> SweepList:
    """Live deals that are stalled, fizzled or whose next step is overdue; none that is on hold."""
    with reading(workspace) as (reader, as_of):
        schema = reader.schema(as_of)
        judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
        live = judge.statuses(reader.heads(as_of, live=True, **within(reader, as_of, scope)))
        rows = [SweepRow(status, why) for status in live if (why := reasons(status))]
        rows.sort(key=lambda row: (-len(row.why), -(row.status.head.amount or 0), row.status.head.id))
        return SweepList(as_of.on, schema, rows)


def reasons(status: "DealStatus") -> list[SweepReason]:
    """Why a deal is asked about; nothing where there is no reason."""
    why: list[SweepReason] = []
    if status.outcome == "fizzled":
        why.append("fizzled")
    if status.stalled:
        why.append("stalled")
    if status.next_overdue_days > 0:
        why.append("overdue")
    return why


def going_on(schema: "Schema", deal: int, *, facts: str, step: str, on: str) -> Report:
    """The entry that says how a deal goes on: an in-house one, for nobody was met."""
    return _report(schema, deal, facts, {"next_step": step, "next_on": on})


def giving_up(schema: "Schema", deal: int, *, facts: str, reason: str) -> Report:
    """The entry that says that a deal is lost, and why."""
    lost = next(stage.key for stage in schema.stages if stage.ends == "lost")
    return _report(schema, deal, facts, {"stage": lost, "lost_reason": reason})


def _report(schema: "Schema", deal: int, facts: str, said: dict[str, str]) -> Report:
    inside = next((a.key for a in schema.activities if not a.contact), "")
    values: dict[Any, str] = {"facts": facts, "activity": inside, **said}
    raw = {key: value for role, value in values.items() if value and (key := schema.key(role))}
    return Report(raw=raw, deal=show_id(deal))
