"""What the parts of a schema mean to each other: names that are unique, references that lead somewhere, days."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.money import UnreadableAmount, read_money
from nippo_cli.base.text import nearest, normal_form
from nippo_cli.schema import document as doc
from nippo_cli.schema.build import currency_of, holders, month_day, names_of
from nippo_cli.schema.field_rules import LIST_OF_ROLE, SchemaProblem, all_roles, day_fields, roles, well_made
from nippo_cli.schema.yaml_text import Parsed, Path

SchemaRule: TypeAlias = Callable[[doc.Document], Iterator[SchemaProblem]]
_NAMED = ("stages", "kinds", "activities", "confidence", "causes", "fields", "day_fields")


def judge(document: doc.Document, parsed: Parsed, shaky: set[str]) -> None:
    """Hold a document against every rule and add what is found to the problems.

    `shaky` names the parts from which something was left out because its shape was wrong: what refers to them, or
    misses something in them, is not held against the file.
    """
    places = _original_places(document, parsed)
    for rule, needs_whole in _RULES:
        if not shaky.isdisjoint(needs_whole):
            continue
        for path, said, needs in rule(document):
            place = places(path)
            # A role that was left out may have been one that brings its choices along.
            if needs.key != "schema.needs.choices" or not parsed.has_problem((*place, "role")):
                parsed.add_problem(place, said, needs)


def _original_places(document: doc.Document, parsed: Parsed) -> Callable[[Path], Path]:
    """From a place in the document to that in the file: items before it may have been left out."""
    moved: dict[str, list[int]] = {}
    for part in ("stages", "kinds", "activities", "confidence", "causes", "fields", "closures", "day_fields"):
        raw = parsed.content.get(part)
        parts = getattr(document, part)
        if isinstance(raw, list) and len(raw) != len(parts):
            moved[part] = _matched(raw, parts)

    def place(path: Path) -> Path:
        match path:
            case (str(part), int(at), *rest) if part in moved and at < len(moved[part]):
                return (part, moved[part][at], *rest)
        return path

    return place


def _matched(raw: Sequence[object], parts: Sequence[doc.DocumentPart]) -> list[int]:
    places, at = [], 0
    for part in parts:
        name = getattr(part, "key", getattr(part, "name", None))
        while at < len(raw) - 1 and not _is_named(raw[at], name):
            at += 1
        places.append(at)
        at += 1
    return places


def _is_named(item: object, name: object) -> bool:
    return name in ((item.get("key"), item.get("label"), item.get("name")) if isinstance(item, dict) else (item,))


def _unique(document: doc.Document) -> Iterator[SchemaProblem]:
    for part in _NAMED:
        yield from _unique_in((part,), getattr(document, part))
    for name in ("fields", "day_fields"):
        for at, field in enumerate(getattr(document, name)):
            yield from _unique_in((name, at, "choices"), field.choices)


def _unique_in(
    path: Path, parts: Sequence[doc.NamedPart | doc.FieldPart | doc.DayFieldPart]
) -> Iterator[SchemaProblem]:
    """Whatever is typed must mean one thing: no key, label or former key may stand for two."""
    owners: dict[str, int] = {}
    for at, part in enumerate(parts):
        for where, name in (("key", part.key), ("label", part.label)):
            other = owners.setdefault(normal_form(name), at)
            if other != at:
                yield SchemaProblem((*path, at, where), name, msg("schema.taken", by=parts[other].label))
    for at, part in enumerate(parts):
        for place, name in enumerate(part.was):
            other = owners.setdefault(normal_form(name), at)
            if other != at or normal_form(name) == normal_form(part.key):
                yield SchemaProblem((*path, at, "was", place), name, msg("schema.taken", by=parts[other].label))


def _ladder(document: doc.Document) -> Iterator[SchemaProblem]:
    """The stages: one is won, one is lost, the first is neither, after-stages follow the won one."""
    stages = document.stages
    won = [at for at, stage in enumerate(stages) if stage.ends == "won"]
    if not won:
        yield SchemaProblem(("stages",), "", msg("schema.needs.won"))
    for at in won[1:]:
        yield SchemaProblem(("stages", at, "ends"), "won", msg("schema.needs.one_won", first=stages[won[0]].label))
    if not any(stage.ends == "lost" for stage in stages):
        yield SchemaProblem(("stages",), "", msg("schema.needs.lost"))
    if stages[0].ends or stages[0].after:
        yield SchemaProblem(("stages", 0), stages[0].label, msg("schema.needs.first_stage"))
    for at, stage in enumerate(stages):
        if stage.ends and stage.after:
            yield SchemaProblem(("stages", at, "after"), stage.label, msg("schema.needs.after_or_ends"))
        elif stage.ends and stage.norm is not None:
            yield SchemaProblem(("stages", at, "norm"), str(stage.norm), msg("schema.needs.no_norm"))
        elif won and stage.after and at < won[0]:
            yield SchemaProblem(
                ("stages", at, "after"), stage.label, msg("schema.needs.after_won", won=stages[won[0]].label)
            )
        elif won and not stage.after and not stage.ends and at > won[0]:
            yield SchemaProblem(("stages", at), stage.label, msg("schema.needs.after", won=stages[won[0]].label))


def _references(document: doc.Document) -> Iterator[SchemaProblem]:
    """Every name in a condition, in `may_return_to`, `evidence` and `norms` is one that is listed."""
    stages = names_of(document.stages)
    for at, stage in enumerate(document.stages):
        path: Path = ("stages", at)
        yield from _known((*path, "may_return_to"), stage.may_return_to, document.stages)
        yield from _known((*path, "evidence"), stage.evidence, document.fields)
        if stage.must_when is not None:
            yield from _condition((*path, "must_when"), stage.must_when, document)
    for at, field in enumerate(document.fields):
        for place, condition in enumerate(field.required_when):
            yield from _condition(("fields", at, "required_when", place), condition, document)
    ending = {stage.key for stage in document.stages if stage.ends}
    for at, kind in enumerate(document.kinds):
        for name, days in kind.norms.items():
            yield from _known(("kinds", at, "norms", name), [name], document.stages, listed=False)
            if stages.get(normal_form(name)) in ending:
                yield SchemaProblem(("kinds", at, "norms", name), str(days), msg("schema.needs.no_norm"))


def _ball(document: doc.Document) -> Iterator[SchemaProblem]:
    """Whom an activity leaves the next move to is one of those who may have it; only they are ours, or not."""
    there = any(field.role == "ball" for field in document.fields)
    for at, activity in enumerate(document.activities):
        if activity.ball is not None and not there:
            yield SchemaProblem(("activities", at, "ball"), activity.ball, msg("schema.needs.ball_field"))
        elif activity.ball is not None:
            yield from _known(("activities", at, "ball"), [activity.ball], holders(document), listed=False)
    choices = [(("causes",), document.causes)] + [
        (("fields", at, "choices"), field.choices) for at, field in enumerate(document.fields) if field.role != "ball"
    ]
    for path, parts in choices:
        for place, part in enumerate(parts):
            if part.ours:
                yield SchemaProblem((*path, place, "ours"), "true", msg("schema.needs.ours"))


def _condition(path: Path, condition: doc.ConditionPart, document: doc.Document) -> Iterator[SchemaProblem]:
    yield from _known((*path, "stage"), condition.stage, document.stages)
    yield from _known((*path, "activity"), condition.activity, document.activities)
    yield from _known((*path, "kind"), condition.kind, document.kinds)
    if not (condition.stage or condition.activity or condition.kind):
        yield SchemaProblem(path, "", msg("schema.needs.condition"))


def _known(
    path: Path, said: Iterable[str], parts: Sequence[doc.NamedPart | doc.FieldPart], *, listed: bool = True
) -> Iterator[SchemaProblem]:
    names = names_of(parts)
    for at, name in enumerate(said):
        if normal_form(name) not in names:
            yield SchemaProblem((*path, at) if listed else path, name, _one_of_parts(name, parts))


def _one_of_parts(said: str, parts: Sequence[doc.NamedPart | doc.FieldPart]) -> Message:
    """The labels that are allowed; what may have been meant is looked for among the keys too."""
    return one_of(said, tuple(part.label for part in parts), also=tuple(part.key for part in parts))


def one_of(said: str, allowed: tuple[str, ...], *, also: tuple[str, ...] = ()) -> Message:
    """What is allowed, and what may have been meant: one of these, or of `also`."""
    if not allowed:
        return msg("schema.needs.none_listed")
    near = nearest(said, (*allowed, *also), 1)
    if near:
        return msg("schema.needs.one_of.near", allowed=allowed, near=near[0])
    return msg("schema.needs.one_of", allowed=allowed)


def _money(document: doc.Document) -> Iterator[SchemaProblem]:
    said = document.review_over
    if said is not None:
        try:
            amount = read_money(said, currency_of(document.currency))
        except UnreadableAmount as error:
            yield SchemaProblem(("review_over",), said, error.needs)
        else:
            if amount < 0:
                yield SchemaProblem(("review_over",), said, msg("schema.needs.greater_than_equal", bound=0))


def _closures(document: doc.Document) -> Iterator[SchemaProblem]:
    """Both ends of a closure are days, of one form, in order."""
    for at, closure in enumerate(document.closures):
        path: Path = ("closures", at)
        ends = [(name, said, month_day(said)) for name, said in (("first", closure.first), ("last", closure.last))]
        wrong = [(name, said) for name, said, plain in ends if not _real(plain)]
        for name, said in wrong:
            yield SchemaProblem((*path, name), said, msg("schema.needs.day"))
        first, last = (plain for _, _, plain in ends)
        if not wrong and len(first) != len(last):
            yield SchemaProblem((*path, "last"), closure.last, msg("schema.needs.same_form", first=closure.first))
        elif not wrong and len(first) == len("YYYY-MM-DD") and last < first:
            yield SchemaProblem((*path, "last"), closure.last, msg("schema.needs.later", first=closure.first))


def _real(plain: str) -> bool:
    """Whether `MM-DD` or an ISO date is a day of the calendar; 29 February is one of some years."""
    try:
        date.fromisoformat(plain if len(plain) > len("MM-DD") else f"2000-{plain}")
    except ValueError:
        return False
    return len(plain) in (len("MM-DD"), len("YYYY-MM-DD"))


def _words(document: doc.Document) -> Iterator[SchemaProblem]:
    from nippo_cli.base.language import RENAMABLE

    for name, said in document.words.items():
        plural = name.removesuffix("s") in RENAMABLE or name == "entries"
        if name not in RENAMABLE and not plural:
            yield SchemaProblem(("words", name), name, one_of(name, RENAMABLE))
        elif "\n" in said:
            yield SchemaProblem(("words", name), said, msg("schema.needs.one_line"))


def _one_line(document: doc.Document) -> Iterator[SchemaProblem]:
    """What is drawn in a table's cell or typed on a command line."""
    for part in _NAMED:
        for at, named in enumerate(getattr(document, part)):
            for name in ("key", "label"):
                said = getattr(named, name)
                if "\n" in said or said != said.strip():
                    yield SchemaProblem((part, at, name), said, msg("schema.needs.one_line"))


# Each rule, and the parts that it needs whole.
_RULES: Sequence[tuple[SchemaRule, tuple[str, ...]]] = (
    (_unique, ()),
    (_one_line, ()),
    (_ladder, ("stages",)),
    (_references, ("stages", "kinds", "activities", "fields")),
    (_ball, ("activities", "fields", "causes")),
    (roles, ()),
    (all_roles, ("fields", *LIST_OF_ROLE.values())),
    (well_made, ()),
    (day_fields, ()),
    (_money, ()),
    (_closures, ()),
    (_words, ()),
)
