"""What a question says: its label, what stands over it, what Enter alone does, and what `?` explains."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import NippoError
from nippo_cli.base.language import say, t
from nippo_cli.base.text import cut, pad, visible, width
from nippo_cli.render.draw import Block, Prose, Run, Span, TextLines
from nippo_cli.render.parts import understood, words
from nippo_cli.schema.types import ValueRefused, type_of

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.schema.schema import Field, Schema
    from nippo_cli.services.writing import Interview, Recalled

_MOST_IN_A_ROW = 4
_LAST_WORDS = 70
_INDENT = 2
_WIDEST_LABEL = 18


def numbered(labels: Sequence[str], columns: int) -> Block:
    """Labels with their numbers, as many beside each other as there is room for."""
    cells = [f"{n:>{len(str(len(labels)))}} {visible(label)}" for n, label in enumerate(labels, 1)]
    column = max(map(width, cells), default=1) + 2
    beside = max(1, min(_MOST_IN_A_ROW, (columns - 1 - _INDENT) // column))
    rows = [cells[at : at + beside] for at in range(0, len(cells), beside)]
    return TextLines([(" " * _INDENT + "".join(pad(c, column) for c in row).rstrip(),) for row in rows])


def answered(label: str, shown: str, typed: str, *, mark: str, labels: int) -> list[Block]:
    """An answer as it stays on the screen: `✓ 期日  来月10日 → 12/10(木)`; as typed only where that says otherwise."""
    plain = typed.strip()
    run: Run = (shown,)
    if plain and plain != shown and "\n" not in plain:
        run = (Span(f"{plain} {t('flow.becomes')} ", "dim"), shown)
    lead = f"{mark} {pad(cut(visible(label), labels), labels)}"
    return [Prose(run, indent=width(lead) + 2, mark=lead)]


def unchanged(label: str, stands: Run, *, mark: str, labels: int) -> list[Block]:
    """What a deal has already and keeps, once it was looked at."""
    lead = f"{mark} {pad(label, labels)}"
    return [
        Prose(
            tuple(Span(c if isinstance(c, str) else c.text, "dim") for c in stands), indent=width(lead) + 2, mark=lead
        )
    ]


def label_width(schema: "Schema") -> int:
    """The columns that labels take, so that answers stand under one another."""
    return min(_WIDEST_LABEL, max((width(visible(f.label)) for f in schema.fields), default=1))


def deal_words(recalled: "Recalled", near: date) -> list[Block]:
    """What a deal's last entry said, and what was promised."""
    rows: list[Block] = []
    last, head = recalled.last, recalled.head
    if last is not None:
        schema = last.schema
        facts, activity = schema.by_role.get("facts"), schema.by_role.get("activity")
        did = words.value(activity, last.values[activity.key], schema) if _says(activity, last) and activity else ""
        said = str(last.values[facts.key]).replace("\n", " ") if _says(facts, last) and facts else ""
        text = "  ".join(part for part in (words.day_name(last.on, near), did, cut(said, _LAST_WORDS)) if part)
        rows.append(_dim(t("flow.last"), text))
    if head.next_step or head.next_on:
        promised = _step(head, near)
        rows.append(_dim(t("flow.promised"), promised))
    return rows


def _dim(lead: str, text: str) -> Prose:
    mark = " " * _INDENT + lead
    return Prose(Span(text, "dim"), indent=width(mark) + 2, mark=mark)


def due_row(head: "DealSummary", near: date) -> str:
    """A planned contact: `11/23(月) 見積提出  検査装置（青葉製作所）`."""
    whom = t("flow.of_customer", deal=head.name, customer=head.customer) if head.customer else head.name
    return f"{_step(head, near)}  {whom}"


def _step(head: "DealSummary", near: date) -> str:
    on = ""
    if head.next_on is not None:
        on = words.day_name(head.next_on.first, near) if head.next_on.exact else words.when(head.next_on, near)
    return " ".join(part for part in (on, head.next_step) if part)


def _says(field: "Field | None", entry: Any) -> bool:
    return field is not None and field.key in entry.values


def explained(field: "Field", schema: "Schema") -> list[Block]:
    """What `?` says of a field: what it is for, how it is typed, and what each choice means."""
    rows: list[Block] = []
    if field.help:
        rows.append(Prose(field.help, indent=_INDENT))
    for number, choice in enumerate(schema.choices(field), 1):
        means = getattr(choice, "done_when", "") or getattr(choice, "meaning", "")
        if means:
            mark = f"{number:>{_INDENT + 2}} "
            rows.append(Prose((Span(choice.label, "strong"), f"  {means}"), indent=width(mark) + 1, mark=mark))
    if how := type_of(field).how(field):
        rows.append(Prose(t(how), indent=_INDENT))
    return rows or [Prose(t("flow.form.text"), indent=_INDENT)]


def preview_of(interview: "Interview", key: str, near: date) -> Callable[[str], str]:
    """What a date or an amount is understood as while it is typed; how to go on before that."""
    field = interview.schema.by_key[key]

    def hint(typed: str) -> str:
        if typed.strip():
            try:
                value = interview.read(key, typed)
            except (ValueRefused, NippoError):
                return t("flow.keys")
            return f"{t('flow.becomes')} {understood(field, value, interview.schema, near)}"
        return t("flow.keys")

    return hint


def refusal(error: ValueRefused) -> str:
    """Why an answer was not taken: as typed, and what is."""
    said = cut(error.said, _LAST_WORDS)
    return t("flow.refused", said=said, needs=say(error.needs)) if said else say(error.needs)
