"""`nippo lessons`: what finished deals teach."""

from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import same_person
from nippo_cli.base.text import normal_form
from nippo_cli.journal.facts import JournalLessonFacts, LessonScope
from nippo_cli.journal.read import LessonFilter
from nippo_cli.lessons import KINDS, OWN
from nippo_cli.lessons.facts import Behind, Narrowed
from nippo_cli.lessons.finished import FATES
from nippo_cli.lessons.words import SIGNS
from nippo_cli.results.entries import NOTHING_LEFT_OUT, LeftOutBehind
from nippo_cli.results.lessons import LessonDeal, LessonPage, LessonsPage
from nippo_cli.services.context import (
    Workspace,
    begins,
    ends,
    entries_left_out,
    key_meant,
    reading,
    shown,
    tells_no_reps,
)

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.lessons.facts import Case
    from nippo_cli.line.facts import AsOf
    from nippo_cli.schema.schema import Schema

DEFAULT_SINCE = "1y"
# What it says of single owners is told to them alone.
_RATES = "confidence"
_CASES = "cases"


class LessonDeals(NamedTuple):
    """Which deals a lesson is asked about, as typed; None is all."""

    owner: str | None = None
    customer: str | None = None
    stage: str | None = None
    kind: str | None = None


# So many deals, those with most money, stand behind the figures of a lesson.
_MOST_OPENED = 1000


class LessonQuery(NamedTuple):
    """What is asked, as typed. `deals` asks for the deals behind the figures, narrowed where `narrowed` says so; `age` is
    in days, 0 where none is typed; `text` is searched for. `names`: in a team, the cases are told with whose they were.
    `opens`: the figures are to open to the deals behind them."""

    since: str | None = None
    until: str | None = None
    about: LessonDeals = LessonDeals()
    deals: bool = False
    narrowed: Narrowed = Narrowed()
    age: int = 0
    text: str = ""
    names: bool = False
    opens: bool = False


def page(workspace: Workspace, kind: str, question: LessonQuery, *, limit: int = 0) -> LessonPage:
    """One lesson, and the deals behind it: `limit` of them (0: all).

    Raises:
        UsageError: there is no such lesson; it has no window, or can't be narrowed so; or the window, the stage, the
            kind, the reason, the cause, the fate or the rank is none.
        NotFound, Ambiguous: no owner or customer, or several, answer to the name.
    """
    said, kind = kind, key_meant("lesson", kind, KINDS) or ""
    if not kind:
        raise UsageError(msg("desk.no_lesson", said=said, allowed=shown("lesson", KINDS)))
    if question.since is not None and not KINDS[kind].windowed:
        windowed = tuple(key for key, one in KINDS.items() if one.windowed)
        raise UsageError(msg("desk.lesson_of_all", kind=kind, allowed=windowed))
    if question.age and kind != "contrast":
        raise UsageError(msg("desk.lesson_age", kind=kind))
    if question.text and kind != "cases":
        raise UsageError(msg("desk.lesson_text", said=question.text, kind=kind))
    if kind == OWN and question.about != LessonDeals():
        raise UsageError(msg("desk.lesson_own"))
    with reading(workspace) as (reader, as_of):
        author = _author(workspace, reader)
        if kind == _RATES and question.about.owner and not same_person(question.about.owner, author):
            raise UsageError(msg("desk.lesson_own_rates"))
        facts = _facts(reader, ends(as_of, question.until), question, author)
        return answered(kind, facts, question, limit, author)


def whole(workspace: Workspace, question: LessonQuery) -> LessonsPage:
    """Every lesson, for a page that tells each in short."""
    with reading(workspace) as (reader, as_of):
        author = _author(workspace, reader)
        if question.about.owner and not same_person(question.about.owner, author):
            kinds = [kind for kind in KINDS if kind not in (OWN, _RATES)]
        else:
            kinds = [kind for kind in KINDS if kind != OWN]
        facts = _facts(reader, ends(as_of, question.until), question._replace(text=""))
        plain = question._replace(deals=False, narrowed=Narrowed())
        return LessonsPage(facts.as_of, facts.schema, [answered(kind, facts, plain, 0, author) for kind in kinds])


def _facts(reader: "JournalReader", day: "AsOf", question: LessonQuery, author: str = "") -> JournalLessonFacts:
    """The facts that are asked for: names as they are stored, stage and kind by key."""
    from nippo_cli.services.context import customer_named, kind_named, owner_named, stage_named

    about, schema = question.about, reader.schema(day)
    deals = LessonFilter(
        owner=owner_named(reader, day, about.owner) if about.owner else None,
        customer=customer_named(reader, day, about.customer) if about.customer else None,
        kind=kind_named(schema, about.kind) if about.kind else None,
        reached=stage_named(schema, about.stage) if about.stage else None,
    )
    since = begins(reader, day, question.since or DEFAULT_SINCE)
    filtered = about != LessonDeals()
    return JournalLessonFacts(reader, day, LessonScope(since, deals, question.age, question.text, author, filtered))


def _author(workspace: Workspace, reader: "JournalReader") -> str:
    """Whoever asks, as they would be named on an entry that they wrote now."""
    return workspace.author or reader.meta("author") or workspace.machine_user


def answered(kind: str, facts: JournalLessonFacts, question: LessonQuery, limit: int, author: str) -> LessonPage:
    """A lesson of the facts, as `author` may read it: how good anybody's ranks and dates were is one's own business."""
    room = import_module(f"nippo_cli.lessons.{kind}")
    narrowed = _narrowed(kind, question.narrowed, facts.schema)
    asked = question.deals or narrowed != Narrowed()
    behind = _behind(room, facts, narrowed) if asked or question.opens else None
    limit = limit if asked else _MOST_OPENED
    lesson = room.learn(facts)
    nameless = kind == _CASES and tells_no_reps(facts.reader) and not question.names
    if nameless:
        lesson = lesson._replace(cases=[_without_names(case, author) for case in lesson.cases])
    if kind == _RATES:
        lesson = lesson._replace(owners=[one for one in lesson.owners if same_person(one.key, author)])
    shown = (behind[:limit] if limit else behind) if behind is not None else None
    heads = {h.id: h for h in facts.reader.heads(facts.day, ids=[one.deal for one in shown])} if shown else {}
    if nameless:
        heads = {deal: h if same_person(h.owner, author) else h._replace(owner="") for deal, h in heads.items()}
    return LessonPage(
        kind=kind,
        as_of=facts.as_of,
        since=facts.since if KINDS[kind].windowed else None,
        schema=facts.schema,
        quiet=facts.quiet,
        lesson=lesson,
        left_out={reason: n for reason, n in facts.reader.left_out(facts.day).items() if n},
        filtered=facts.filtered,
        deals=[LessonDeal(heads[one.deal], one.detail) for one in shown] if shown is not None else None,
        total=len(behind) if behind is not None else 0,
        narrowed=narrowed,
        opens=question.opens and not asked,
        beside=_beside(kind, facts, behind or ()) if question.opens and not asked else (),
        left_out_behind=LeftOutBehind(entries_left_out(facts.reader, facts.day))
        if question.opens
        else NOTHING_LEFT_OUT,
    )


def _beside(kind: str, facts: JournalLessonFacts, own: Sequence[Behind]) -> list[LessonDeal]:
    """Deals that figures of a lesson count beside its `own`: the orders of the window, against which losses are held; what never
    ended at a rank. Each with its fate."""
    if kind == "lost":
        others = {one.deal: one.detail for one in facts.of_fate("won")}
        heads = facts.reader.heads(facts.day, fate="won", closed_since=facts.since)
    elif kind == _RATES:
        ranked = {one.deal for one in own}
        unranked = (one for one in facts.of_fate("") if one.deal not in ranked)
        # They may be nearly all deals of a large diary.
        others = {one.deal: one.detail for one in islice(unranked, _MOST_OPENED)}
        heads = facts.reader.heads(facts.day, ids=list(others))
    else:
        return []
    by_id = {head.id: head for head in heads}
    return [LessonDeal(by_id[deal], fate) for deal, fate in others.items() if deal in by_id]


def _without_names(case: "Case", author: str) -> "Case":
    """A case without whose it was, unless it was one's own, and without who reviewed it."""
    own = same_person(case.owner, author)
    return case._replace(owner=case.owner if own else "", review=case.review._replace(who=""))


def _behind(room: Any, facts: JournalLessonFacts, narrowed: Narrowed) -> Sequence[Behind]:
    deals: Sequence[Behind] = room.behind(facts, narrowed)
    return deals


def _narrowed(kind: str, said: Narrowed, schema: "Schema") -> Narrowed:
    """What was typed, by key."""
    for name, value in said._asdict().items():
        if value and name not in KINDS[kind].narrows:
            allowed = tuple(f"--{one}" for one in KINDS[kind].narrows)
            raise UsageError(msg("desk.not_narrowed_so", option=f"--{name}", kind=kind, allowed=allowed))
    reasons = schema.by_role.get("lost_reason")
    fate, sign = (key_meant("fate", said.fate, FATES), key_meant("sign", said.sign, SIGNS))
    if said.fate and fate is None:
        raise UsageError(msg("desk.no_outcome", said=said.fate, allowed=shown("fate", FATES)))
    if said.sign and sign is None:
        raise UsageError(msg("cli.bad_choice", option="--sign", said=said.sign, allowed=shown("sign", SIGNS)))
    return said._replace(
        fate=fate or "",
        sign=sign or "",
        reason=chosen("--reason", said.reason, reasons.choices if reasons else ()) if said.reason else "",
        cause=chosen("--cause", said.cause, schema.causes) if said.cause else "",
        # A rank that the schema has dropped can still be asked for.
        rank=next(
            (r.key for r in schema.ranks if normal_form(said.rank) in (normal_form(r.key), normal_form(r.label))),
            said.rank,
        ),
    )


def chosen(option: str, said: str, choices: Sequence[Any]) -> str:
    """The key of a choice, by key, label or former key.

    Raises:
        UsageError: it is none of them.
    """
    wanted = normal_form(said)
    for choice in choices:
        if wanted in (normal_form(choice.key), normal_form(choice.label), *map(normal_form, choice.was)):
            return str(choice.key)
    from nippo_cli.base.text import nearest

    labels = [choice.label for choice in choices]
    near = nearest(said, [*labels, *(choice.key for choice in choices)], 1)
    raise UsageError(
        msg("desk.lesson_no_choice", option=option, said=said, allowed=tuple(labels)),
        hint=msg("desk.did_you_mean", names=near[0]) if near else None,
    )
