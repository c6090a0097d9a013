"""What an import without a map would do: what the file is taken for, column by column, and the first lines as they will stand."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.base.money import show_money
from nippo_cli.base.text import quoted
from nippo_cli.render.draw import Block, Column, FactRows, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.ledger import imported
from nippo_cli.render.parts import words
from nippo_cli.results.proposals import ImportPlan, TakenColumn

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_MOST = 8
_SIDES = tuple(
    f"{side}_{part}" for side in ("debit", "credit") for part in ("account", "sub", "partner", "amount", "tax")
)
_OWN_ROLES = frozenset(
    (
        "on", "began", "changed", "contacted", "closed", "deal_key", "owner", "author", "key", "status", "field", "value",
        "moved", "won_amount", "slip", "note", "reference", "amount_tax", "currency", "sale_kind", "title", *_SIDES,
    )
)  # fmt: skip
_LEDGER = ("sales", "books")


def page(result: ImportPlan, screen: "Screen") -> Page:
    """What was understood, what will be written, what can't be known."""
    known = t("show.plan.source", source=result.source) if result.source else t("show.plan.no_source")
    blocks: list[Block] = [Prose(known), Prose(t(f"show.plan.shape.{result.shape}"))]
    blocks.append(_columns(result))
    if result.left_out:
        blocks.append(Prose(Span(t("show.plan.left_out", columns=t("language.comma").join(result.left_out)), "dim")))
    moved = [
        f"{one.said} → {result.schema.stage_label(one.stage)}"
        for one in result.stages
        if _is_other(one.said, one.stage, result)
    ]
    if moved:
        blocks.append(Prose(t("show.plan.stages", stages=t("language.comma").join(moved))))
    if result.accounts:
        blocks.append(Prose(t("show.plan.accounts", accounts=_accounts(result))))
    if result.schema_text:
        steps = [stage.label for stage in result.schema.stages if not stage.after]
        blocks.append(Prose(t("show.plan.new_schema", stages=" → ".join(steps))))
    if result.remembered:
        blocks.append(Prose(t("show.plan.remembered", answers=_some(_remembered(result)))))
    if result.few_events:
        blocks.append(Prose(t("show.plan.few_events")))
    blocks += _cannot_know(result)
    if result.report is not None:
        blocks += _sales_that_come(result) if result.shape in _LEDGER else _what_comes(result)
        blocks += imported.page(result.report, screen).blocks if result.report.stopped else []
    return Page(blocks, t("show.plan.title"), result.file)


def _columns(result: ImportPlan) -> Table:
    """Each column and what it is taken for; where they have no names with what the first of their cells say."""
    heads = [Column("column", t("show.plan.head.column")), Column("role", t("show.plan.head.role"))]
    rows = [[_number(one.column, result), _taken_for(one, result)] for one in result.taken]
    if result.may_correct:
        heads.insert(0, Column("number", t("show.plan.head.number"), right=True))
        rows = [[str(number), *row] for number, row in enumerate(rows, 1)]
    if not result.by_number:
        return Table(heads, rows)
    cells = [t("language.comma").join(result.samples.get(one.column, ())) for one in result.taken]
    heads.append(Column("cells", t("show.plan.head.cells"), flex=True))
    return Table(heads, [[*row, said] for row, said in zip(rows, cells, strict=True)])


def _taken_for(one: TakenColumn, result: ImportPlan) -> str:
    label = role_label(one.role, result)
    return t("show.plan.with_unit", role=label, unit=one.unit) if one.unit else label


def _number(column: str, result: ImportPlan) -> str:
    return t("show.plan.column", n=column) if result.by_number and column.isdecimal() else column


def _is_other(said: str, stage: str, result: ImportPlan) -> bool:
    return bool(stage) and said not in (stage, result.schema.stage_label(stage))


def _cannot_know(result: ImportPlan) -> list[Block]:
    """What a file can't tell, or is read in one way of several, in a line each."""
    unknown = [one.said for one in result.stages if not one.stage]
    said = []
    if unknown:
        said.append(t("show.plan.stages_unknown", stages=_some(unknown), file=quoted(result.file)))
    if result.emptied:
        said.append(t("show.plan.emptied", cells=emptied_cells(result)))
    if result.blank:
        said.append(t("importing.blank", columns=blank_columns(result)))
    if result.alike:
        comma, first = t("language.comma"), quoted(result.alike[0])
        said.append(t("show.plan.alike", names=comma.join(result.alike), file=quoted(result.file), first=first))
    if result.leaves_nobodys:
        said.append(t("show.plan.nobodys"))
    if result.contacts:
        said.append(t(f"show.plan.contacts.{result.contacts}"))
    if result.report is not None and result.report.sheet.merged_amounts:
        said.append(words.counted("show.import.merged_amounts", result.report.sheet.merged_amounts))
    if result.shape == "snapshot":
        moves = any(one.role == "moved" for one in result.taken)
        said.append(t("show.plan.snapshot_moves" if moves else "show.plan.snapshot"))
    if result.by_export:
        said.append(t(f"show.plan.by_export.{result.day_from}", day=result.exported))
    return [Prose(Span(line, "warn")) for line in said]


def _what_comes(result: ImportPlan) -> list[Block]:
    """What an import of entries would bring in, in figures."""
    report = result.report
    if report is None:
        return []
    deals = t("show.import.deals_of_which", n=f"{report.deals:,}", new=f"{report.new_deals:,}")
    facts = [
        (t("show.import.entries"), f"{report.entries:,}"),
        (t("show.import.deals"), deals),
        *([(t("show.plan.people"), f"{report.people:,}")] if report.people else []),
        *([(t("show.import.known"), f"{report.known:,}")] if report.known else []),
        *([(t("show.import.skipped"), f"{report.skipped:,}")] if report.skipped else []),
    ]
    blocks: list[Block] = [] if report.stopped else [FactRows(facts), *map(Prose, imported.since(report))]
    if report.first:
        blocks.append(Heading(t("show.plan.first")))
        for one in report.first:
            line = "  ".join(filter(None, (one.on, one.customer, one.deal, one.stage, " ".join(one.facts.split()))))
            blocks.append(Prose(line, indent=2))
    return blocks


def _accounts(result: ImportPlan) -> str:
    """The accounts whose lines come in, and those that were said to be none."""
    return t("language.comma").join(f"{one.account} → {t(f'show.plan.account.{one.kind}')}" for one in result.accounts)


def _sales_that_come(result: ImportPlan) -> list[Block]:
    """What an import of sales would bring in, in figures."""
    report = result.report
    if report is None:
        return []
    currency = result.schema.currency
    facts = [
        (t("show.import.sales"), f"{report.taken:,}"),
        (t("show.plan.sale_sum"), show_money(report.sale_sum, currency)),
        *([(t("show.plan.advance_sum"), show_money(report.advance_sum, currency))] if report.advance_sum else []),
        *([(t("show.plan.no_sales"), f"{report.skipped:,}")] if report.skipped else []),
    ]
    blocks: list[Block] = [] if report.stopped else [FactRows(facts)]
    if report.first_sales:
        blocks.append(Heading(t("show.plan.first_sales")))
        for one in report.first_sales:
            kind = t("show.plan.account.advance") if one.kind == "advance" else ""
            said = (one.on, one.customer, one.deal, show_money(one.amount, currency), kind, one.note)
            blocks.append(Prose("  ".join(" ".join(part.split()) for part in said if part), indent=2))
    return blocks


def _remembered(result: ImportPlan) -> list[str]:
    """What was decided before, by what it is about; with the answer where that was that there is none."""
    said = []
    for one in result.remembered:
        # Of a column that was put right the role stands behind.
        what, named = (one.about, "") if one.what == "column_of" else (one.what, one.about)
        is_role = what in _OWN_ROLES or what in result.schema.by_role or what.startswith("field:")
        about = named or (role_label(what, result) if is_role else t("show.plan.remembered.other"))
        said.append(t("show.plan.remembered.none", about=about) if one.said == "-" else about)
    return list(dict.fromkeys(said))


def _some(names: list[str]) -> str:
    """The first of some names, and how many more there are."""
    more = [t("done.thing.more", n=len(names) - _MOST)] if len(names) > _MOST else []
    return t("language.comma").join([*names[:_MOST], *more])


def blank_columns(result: ImportPlan) -> str:
    """The columns with empty cells that may mean what stands above, each with in how many rows."""
    said = [t("show.plan.blank_column", column=one.column, n=f"{one.rows:,}") for one in result.blank]
    return t("language.comma").join(said)


def emptied_cells(result: ImportPlan) -> str:
    """The first cells that come in as empty, each with its column and how many rows have it."""
    shown = [
        t("show.plan.emptied_cell", column=one.column, cell=one.cell, n=f"{one.rows:,}")
        for one in result.emptied[:_MOST]
    ]
    more = len(result.emptied) - len(shown)
    return t("language.comma").join(shown + ([t("done.thing.more", n=more)] if more else []))


def column_label(column: str, result: ImportPlan) -> str:
    """What a column is called; where columns have no names, what it is taken for, and its number."""
    role = next((one.role for one in result.taken if one.column == column), "") if result.by_number else ""
    number = _number(column, result)
    return t("show.plan.column_of_role", role=role_label(role, result), column=number) if role else number


def role_label(role: str, result: ImportPlan) -> str:
    """What a column is taken for, in words: the schema's own for its fields."""
    if role == "kind" and result.shape in _LEDGER:
        role = "sale_kind"
    field = result.schema.by_key.get(role.removeprefix("field:")) if ":" in role else None
    field = field or result.schema.by_role.get(role)
    return t(f"show.plan.role.{role}") if role in _OWN_ROLES or field is None else str(field.label)


def to_json(result: ImportPlan) -> dict[str, object]:
    """What was understood, what is to be decided, the map, and what the dry run says."""
    return {
        "file": result.file,
        "source": result.source or None,
        "shape": result.shape,
        "taken": [{"column": one.column, "role": one.role, "unit": one.unit or None} for one in result.taken],
        "left_out": list(result.left_out),
        "emptied": [one._asdict() for one in result.emptied],
        "blank": [one._asdict() for one in result.blank],
        "contacts": result.contacts or None,
        "stages": [{"said": one.said, "stage": one.stage or None} for one in result.stages],
        "questions": [
            {
                "what": one.what, "about": one.about, "guess": one.guess or None, "options": list(one.options),
                "examples": list(one.examples), "column": one.column or None,
            }
            for one in result.questions
        ],
        "remembered": [one._asdict() for one in result.remembered],
        "new_schema": result.schema_text or None,
        "few_events": result.few_events,
        "alike": list(result.alike),
        "accounts": [one._asdict() for one in result.accounts],
        "exported": result.exported if result.by_export else None,
        "day_from": result.day_from if result.by_export else None,
        "map": result.map_text,
        "first": [one._asdict() for one in result.report.first] if result.report else [],
        "first_sales": [one._asdict() for one in result.report.first_sales] if result.report else [],
        "people": result.report.people if result.report else None,
        "report": imported.to_json(result.report) if result.report else None,
    }  # fmt: skip


RENDERER = Renderer(ImportPlan, page=page, to_json=to_json)
