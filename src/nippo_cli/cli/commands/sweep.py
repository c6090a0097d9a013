"""`sweep`: the deals that stand still, one key each."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.dates import UnreadableDate, read_promise
from nippo_cli.base.errors import Interrupted, NippoError, UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, t
from nippo_cli.base.text import normal_form, pad, quoted, visible, whole_number, width
from nippo_cli.cli.frame import AnswerLost, AtStage, CareCommand, Customer, Owner, command, context_of, line, one_key
from nippo_cli.render.day import one
from nippo_cli.render.draw import breaks, draw_page
from nippo_cli.services.context import Scope
from nippo_cli.services.pages import sweep as pages
from nippo_cli.services.writing import deals, record

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.deal_pages import SweepList, SweepRow
    from nippo_cli.services.context import Report

_KEYS = ("g", "h", "l", "s", "q")


@command("sweep", CareCommand, help="cli.sweep.help")
def sweep(
    ctx: typer.Context,
    owner: Owner = None,
    customer: Customer = None,
    stage: AtStage = None,
    list_only: Annotated[bool, typer.Option("--list", help="cli.sweep.list")] = False,
) -> None:
    """Go through the deals that stand still."""
    run = context_of(ctx)
    workspace = run.workspace()
    deals_due = pages.asked(workspace, Scope(owner, customer, stage))
    is_listed = list_only or run.format != "table"
    if not is_listed and not run.interactive:
        raise UsageError(msg("cli.sweep.no_terminal"), hint=msg("cli.sweep.no_terminal_hint"))
    if is_listed or not deals_due.rows:
        run.show(deals_due, workspace)
    else:
        _Sweep(run, deals_due).ask_all()


class _Sweep:
    """One round through the deals. Each answer is written before the next deal is asked about."""

    def __init__(self, run: "CliContext", due: "SweepList") -> None:
        # A pager would take the keys that are meant for the next deal.
        run.no_pager = True
        self._run = run
        self._due = due
        self._schema = due.schema
        self._done = dict.fromkeys(_KEYS, 0)

    def ask_all(self) -> None:
        """Ask about each, until all are asked about or the person stops."""
        try:
            for place, row in enumerate(self._due.rows, 1):
                self._show(row, place)
                if not self._ask(row):
                    break
        except (KeyboardInterrupt, EOFError):
            # What was answered is written; to stop is an answer too.
            self._say("")
        counts = {key: self._done[key] for key in "ghl"}
        left = len(self._due.rows) - sum(counts.values())
        # What `nippo undo` takes back is said where there is something of this sweep.
        key = "cli.sweep.ended" if any(counts.values()) else "cli.sweep.none_decided"
        self._run.notice(msg(key, go=counts["g"], hold=counts["h"], lost=counts["l"], left=left))

    def _ask(self, row: "SweepRow") -> bool:
        """One deal's answer; whether to go on."""
        acts = {"g": self._go, "h": self._hold, "l": self._lose}
        while True:
            sys.stderr.write(f"  {visible(t('cli.sweep.keys'))} ")
            sys.stderr.flush()
            key = one_key()
            while key not in _KEYS:
                key = one_key()
            self._say(key)
            if key in acts:
                try:
                    if not acts[key](row):
                        continue
                except (AnswerLost, Interrupted):
                    # What is recorded would be twice if it were asked again.
                    raise
                except NippoError as error:
                    self._tell(error)
                    continue
            self._done[key] += 1
            return key != "q"

    def _tell(self, error: NippoError) -> None:
        """What is wrong with an answer, and where it is kept."""
        self._say(f"  {say(error.message)}")
        for problem in error.problems:
            self._say(f"  {problem.said}: {say(problem.needs)}" if problem.said else f"  {say(problem.needs)}")
        if error.hint is not None and (error.is_saved or error.lost):
            self._say(f"  {say(error.hint)}")
        for row in error.lost.splitlines():
            sys.stderr.write(f"{visible(row)}\n")

    def _go(self, row: "SweepRow") -> bool:
        """The next step and its day; nothing typed leads back to the keys."""
        step = self._line(t("cli.sweep.step"))
        if not step:
            return False
        on = self._day(t("cli.sweep.step_on"))
        if not on:
            return False
        head = row.status.head
        return self._record(pages.going_on(self._schema, head.id, facts=t("cli.sweep.facts_go"), step=step, on=on))

    def _hold(self, row: "SweepRow") -> bool:
        """Until when and why; nothing typed leads back to the keys."""
        until = self._day(t("cli.sweep.hold_until"))
        if not until:
            return False
        why = self._line(t("cli.sweep.hold_why"))
        if not why:
            return False
        workspace, deal = self._run.workspace(), show_id(row.status.head.id)
        try:
            hold = deals.hold(workspace, deal, until=until, why=why)
        except NippoError as error:
            said = ("deal", "hold", deal, "--until", until, "--why", why)
            error.lost = f"nippo{workspace.places.options} {' '.join(map(quoted, said))}"
            raise
        self._run.show(hold, workspace)
        return True

    def _lose(self, row: "SweepRow") -> bool:
        """The deal is lost, for a reason where the schema has reasons; nothing typed leads back to the keys."""
        field = self._schema.by_role.get("lost_reason")
        labels = [choice.label for choice in self._schema.choices(field)] if field else []
        reason = self._choice(field.label, labels) if field else ""
        if field and not reason:
            return False
        head = row.status.head
        return self._record(pages.giving_up(self._schema, head.id, facts=t("cli.sweep.facts_lost"), reason=reason))

    def _record(self, report: "Report") -> bool:
        """Write the entry; what the schema asks for beside the answer is asked for too. Nothing typed leads back."""
        while True:
            _, problems, _ = record.prepared(self._run.workspace(), report)
            missing = next((p for p in problems if p.where.field in self._schema.by_key), None)
            if missing is None:
                break
            field = self._schema.by_key[missing.where.field]
            if missing.said:
                self._say(f"  {missing.said}: {say(missing.needs)}")
            labels = [choice.label for choice in self._schema.choices(field)]
            said = self._choice(field.label, labels) if labels else self._line(field.label)
            if not said:
                return False
            report = report._replace(raw={**report.raw, field.key: said})
        workspace = self._run.workspace()
        self._run.show(record.add(workspace, report), workspace)
        return True

    def _day(self, label: str) -> str:
        """A date as typed, a month or so too, once it can be read; empty where nothing is typed."""
        while True:
            said = self._line(label)
            if not said:
                return ""
            try:
                read_promise(said, today=self._due.as_of, fiscal_year_start=self._schema.fiscal_year_start)
            except UnreadableDate as error:
                self._say(f"  {say(error.message)}")
                continue
            return said

    def _choice(self, question: str, labels: list[str]) -> str:
        """A choice by its number, its label or a part that only one has; empty where nothing is typed."""
        self._list(labels)
        while True:
            said = self._line(question)
            number = whole_number(said)
            if not said:
                return ""
            if number and number <= len(labels):
                return labels[number - 1]
            exact = [label for label in labels if normal_form(label) == normal_form(said)]
            matches = exact or [label for label in labels if normal_form(said) in normal_form(label)]
            if len(matches) == 1:
                return matches[0]
            self._say(f"  {t('cli.sweep.no_choice', said=said)}")

    def _show(self, row: "SweepRow", place: int) -> None:
        page = one(row, self._due, f"{place}/{len(self._due.rows)}", self._run.screen)
        sys.stderr.write("\n" + draw_page(page, self._run.screen))

    def _list(self, labels: list[str]) -> None:
        """Choices with their numbers, as many beside each other as there is room for."""
        cells = [f"{n:>{len(str(len(labels)))}} {visible(label)}" for n, label in enumerate(labels, 1)]
        room = max(width(cell) for cell in cells) + 2
        beside = max(1, (self._run.screen.columns - 2) // room)
        for start in range(0, len(cells), beside):
            self._say("  " + "".join(pad(cell, room) for cell in cells[start : start + beside]).rstrip())

    @staticmethod
    def _line(label: str) -> str:
        return line(f"  {label}")

    def _say(self, text: str) -> None:
        said = visible(text)
        indent = len(said) - len(said.lstrip(" "))
        for start, stop in breaks(said[indent:], max(20, self._run.screen.columns - indent)) or [(0, 0)]:
            sys.stderr.write(" " * indent + said[indent + start : indent + stop] + "\n")
