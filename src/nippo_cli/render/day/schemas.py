"""`nippo schema show` and `nippo schema check`: the schema as a person would read it, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import (
    Block,
    Cell,
    FactRows,
    Heading,
    Page,
    Prose,
    Renderer,
    Run,
    Span,
)
from nippo_cli.render.parts import problems, words
from nippo_cli.results.care import LeftOut, SchemaCheck, SchemaPage
from nippo_cli.schema.schema import (
    Closure,
    Condition,
    DayField,
    Field,
    Kind,
    Schema,
    Stage,
    day_fields,
)
from nippo_cli.schema.types import type_of

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

# What a limit counts, by the field's type.


def page(result: SchemaPage, _screen: "Screen") -> Page:
    """Stages in order, kinds, activities, ranks, fields."""
    schema = result.schema
    return Page(
        [
            *_state(result),
            *_section(t("show.schema.stages"), [_stage(i, s, schema) for i, s in enumerate(schema.stages, 1)]),
            *_section(t("show.schema.kinds"), [(k.label, _kind(k, schema)) for k in schema.kinds]),
            *_activities(schema),
            *_section(t("show.schema.ranks"), [(r.label, _rank(r.meaning, r.chance)) for r in schema.ranks]),
            *_section(t("show.schema.fields"), [(f.label, _field(f, schema)) for f in schema.fields]),
            *_section(t("show.schema.day_fields"), [(f.label, _day_field(f, schema)) for f in day_fields(schema)]),
            *_causes(schema),
            *_section(t("show.schema.rules"), _rules(schema)),
        ],
        title=schema.name or t("show.schema.title"),
        note=result.path,
    )


def to_json(result: SchemaPage) -> dict[str, object]:
    """The schema as the log keeps it, what equals its default left out."""
    return {
        "path": result.path,
        "adopted_at": result.adopted_at or None,
        "differs": result.differs,
        "agreement": result.schema.to_json(),
    }


def _check(result: SchemaCheck, _screen: "Screen") -> Page:
    """The problems of a file, or that it has none."""
    if not result.problems:
        asked = [Prose(_question(one), indent=2, mark="-") for one in result.left_out]
        return Page([Prose(Span(t("show.schema.sound", path=result.path), "good")), *asked])
    return problems.problems(result.problems, words.counted("show.schema.problems", len(result.problems)))


def _check_json(result: SchemaCheck) -> dict[str, object]:
    faults = [problems.to_json(problem) for problem in result.problems]
    left_out = [one._asdict() for one in result.left_out]
    return {"path": result.path, "sound": not faults, "problems": faults, "left_out": left_out}


def _question(one: LeftOut) -> str:
    return words.counted("show.schema.left_out", one.entries, label=one.label, old=one.key)


def _state(result: SchemaPage) -> list[Block]:
    if result.differs:
        return [Prose(Span(t("show.schema.differs"), "warn"))]
    if not result.adopted_at:
        return [Prose(Span(t("show.schema.not_adopted"), "dim"))]
    return [Prose(Span(t("show.schema.adopted", at=result.adopted_at[:10]), "dim"))]


def _section(title: str, pairs: Sequence[tuple[str, Cell | Run]]) -> list[Block]:
    return [Heading(title), FactRows(pairs)] if pairs else []


def _stage(number: int, stage: Stage, schema: Schema) -> tuple[str, Cell | Run]:
    """` 3 見積`, and what the schema says of the stage."""
    parts: list[str] = []
    if stage.ends:
        parts.append(t(f"show.schema.ends_{stage.ends}"))
    if stage.after:
        parts.append(t("show.schema.after"))
    if stage.norm is not None:
        parts.append(t("show.schema.norm", days=words.days(stage.norm)))
    elif not stage.ends:
        parts.append(t("show.schema.norm_learned"))
    if stage.done_when:
        parts.append(t("show.schema.done_when", what=stage.done_when))
    if stage.must:
        parts.append(t("show.schema.must"))
    elif stage.must_when:
        parts.append(t("show.schema.must_when", when=_condition(stage.must_when, schema)))
    return f"{number:>2} {stage.label}", t("show.schema.sep").join(parts)


def _kind(kind: Kind, schema: Schema) -> str:
    if not kind.stalls:
        return t("show.schema.never_stalls")
    if not kind.norms:
        return t("show.schema.common_norms")
    ladder = schema.ladder
    own = sorted(kind.norms.items(), key=lambda norm: ladder.get(norm[0], len(ladder)))
    norms = (f"{schema.stage_label(stage)} {words.days(days)}" for stage, days in own)
    return t("show.schema.own_norms", norms=t("show.comma").join(norms))


def _activities(schema: Schema) -> list[Block]:
    if not schema.activities:
        return []
    contact = [a.label for a in schema.activities if a.contact]
    inside = [a.label for a in schema.activities if not a.contact]
    pairs = [(t("show.schema.contact"), t("show.comma").join(contact))] if contact else []
    pairs += [(t("show.schema.no_contact"), t("show.comma").join(inside))] if inside else []
    return _section(t("show.schema.activities"), pairs)


def _rank(meaning: str, chance: float | None) -> str:
    shown = [meaning] if meaning else []
    if chance is not None:
        shown.append(t("show.schema.chance", chance=f"{chance:.0%}"))
    return t("show.schema.sep").join(shown)


def _field(field: Field, schema: Schema) -> Run:
    """What a field takes, whether it must be said, and its option."""
    parts = [t(type_of(field).name_key)]
    if field.choices:
        parts.append(t("show.comma").join(choice.label for choice in field.choices))
    if limits := _limits(field, schema):
        parts.append(limits)
    if field.default is not None:
        parts.append(t("show.schema.default", value=field.default))
    if not field.is_in_files:
        parts.append(t("show.schema.not_in_files"))
    if field.visible in ("self", "lead"):
        parts.append(t(f"show.schema.visible_{field.visible}"))
    if field.help:
        parts.append(field.help)
    return (
        *_required(field, schema),
        t("show.schema.sep").join(parts),
        Span(f"  --{field.key.replace('_', '-')}", "dim"),
    )


def _day_field(field: DayField, schema: Schema) -> Run:
    own = _field(field.field, schema)
    return (t("show.schema.planned"), *own) if field.role == "plan" else own


def _required(field: Field, schema: Schema) -> tuple[Cell, ...]:
    if field.required:
        return (Span(t("show.schema.required"), "strong"), t("show.schema.sep"))
    if not field.required_when:
        return ()
    when = t("show.schema.or").join(_condition(c, schema) for c in field.required_when)
    return (Span(t("show.schema.required_when", when=when), "strong"), t("show.schema.sep"))


def _condition(of: Condition, schema: Schema) -> str:
    """`社内決裁・内示`; where several lists are named, all of them must hold."""
    parts = [
        t("show.schema.any_of").join(labels)
        for labels in (
            [schema.stage_label(key) for key in of.stage],
            _labels(of.activity, schema.activity_by_key),
            _labels(of.kind, schema.kind_by_key),
        )
        if labels
    ]
    return t("show.schema.and").join(parts)


def _labels(keys: Sequence[str], known: Mapping[str, object]) -> list[str]:
    return [str(getattr(known.get(key), "label", key)) for key in keys]


def _limits(field: Field, schema: Schema) -> str:
    least, most = (_limit(bound, field, schema) for bound in (field.least, field.most))
    if least and most:
        return t("show.span", first=least, last=most)
    if most:
        return t("show.schema.at_most", most=most)
    return t("show.schema.at_least", least=least) if least else ""


def _limit(n: int | None, field: Field, schema: Schema) -> str:
    return words.piece(type_of(field).limit(n), schema) if n is not None else ""


def _causes(schema: Schema) -> list[Block]:
    if not schema.causes:
        return []
    return [Heading(t("show.schema.causes")), Prose(t("show.comma").join(c.label for c in schema.causes))]


def _rules(schema: Schema) -> list[tuple[str, Cell | Run]]:
    """What holds for all deals: currency, fiscal year, grace, quiet limit, closures."""
    currency = schema.currency
    pairs: list[tuple[str, Cell | Run]] = [
        (t("show.schema.currency"), currency.code),
        (t("show.schema.fiscal"), words.month(schema.fiscal_year_start)),
        (t("show.schema.grace"), words.counted("show.schema.grace_days", schema.grace)),
        (t("show.schema.quiet"), words.days(schema.quiet) if schema.quiet is not None
         else t("show.schema.quiet_learned")),
    ]  # fmt: skip
    if schema.closures:
        pairs.append((t("show.schema.closures"), t("show.comma").join(map(_closure, schema.closures))))
    return pairs


def _closure(closure: Closure) -> str:
    return t("show.schema.closure", name=closure.name, first=closure.first, last=closure.last)


RENDERER = Renderer(SchemaPage, page=page, to_json=to_json)
CHECK = Renderer(SchemaCheck, page=_check, to_json=_check_json)
