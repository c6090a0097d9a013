"""A map proposed for a file that nobody wrote one for: columns by their names and their cells, stages by what they are called."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.dated_columns import DAYS, days_of
from nippo_cli.exchange.days import DEFAULT_FORMATS, MONTH
from nippo_cli.exchange.doubts import EXAMPLES, NEW_SCHEMA, Decisions, Doubt
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.proposed_amounts import are_amounts, by_money, order_amount, read_amount
from nippo_cli.exchange.proposed_days import by_days
from nippo_cli.exchange.proposed_names import (
    LIKELY,
    SURE,
    ask_customer,
    by_short_texts,
    by_variety,
    is_prose,
    name_score,
    sorts_deals,
)
from nippo_cli.exchange.recognition import Recognised, header_key, recognise, words
from nippo_cli.exchange.sampling import DateFormats, Sample
from nippo_cli.exchange.sheet_rows import goes_on_with
from nippo_cli.exchange.stage_matching import (
    EndDay,
    counts_first_of_stage,
    ended_by_day,
    match_stages,
    moves_by_heads,
    moves_of,
    stage_of,
)
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import ValueRefused, type_of

# Taken for what it may be only if a person agrees; the others are left out instead.
_ASKED: Final = ("deal", "customer", "stage", "amount", "on", "closed", "closes")
_CHOSEN: Final = ("confidence", "kind", "activity", "source")
# Roles of columns that sort deals, as 区分 does, of which one may as well say how they ended; and how many words that takes at most.
_SORTING: Final = ("kind", "source")
_MOST_STATES: Final = 12

# The other side of a deal, in one word; their colleague here, in two letters; and how a person there is called.
_COUNTERPART: Final = "先方"
_ACCOUNT_MANAGER: Final = "am"
_PERSON: Final = re.compile("(?:様|さん|氏|長|役|担当)$")


class Understood(NamedTuple):
    """What a file is taken for: its profile, None for nobody's; the shape of its rows; the column of each role; how days are written, by
    column; amounts; the stage of each cell, "" for none; the columns that are not taken; and what is to be decided. Of the events of a
    deal in one stage all count, or the `first_of_stage` alone. `ended`: columns whose days say that a deal ended; `moves`: those whose
    days say when it came into a stage, with what they call it; `order`: the amount of the order, where a column has it beside what was
    quoted."""

    profile: Recognised | None
    shape: str
    roles: Mapping[str, str]
    days: Mapping[str, DateFormats]
    amount: ColumnRef | None
    stages: Mapping[str, str]
    left_out: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    facts: tuple[str, ...] = ()
    first_of_stage: bool = False
    ended: tuple[EndDay, ...] = ()
    moves: Mapping[str, str] = MappingProxyType({})
    order: ColumnRef | None = None


def understand(
    sample: Sample, cell_reader: CellReader, answers: Mapping[str, str], *, offers_schema: bool = False
) -> Understood:
    """What a file is taken for.

    Args:
        answers: what a person decided, by `Doubt.key`.
        offers_schema: whether a schema may be made of the file.
    """
    profile = recognise(sample.columns, "entries")
    decisions = Decisions(answers)
    roles = dict(profile.roles) if profile else decisions.corrected_roles()
    sample = sample.with_only([column for column in sample.columns if decisions.is_taken(column)])
    if profile is None or profile.profile.shape != "fields":
        _by_words(sample, profile, roles, decisions, cell_reader)
    if profile is None:
        _by_ends(sample, roles, cell_reader)
        by_money(sample, roles, decisions, cell_reader)
        by_days(sample, roles, decisions, cell_reader)
    days = days_of(sample, roles, cell_reader, decisions)
    amount = read_amount(sample, roles, decisions, cell_reader)
    if profile is None:
        ask_customer(sample, roles, decisions, cell_reader)
    shape = _shape_of_deals(profile, sample, roles, decisions, cell_reader)
    offered = (NEW_SCHEMA,) if offers_schema else ()
    of_people = profile is None and shape == "snapshot"
    moves = moves_of(profile, sample.columns) if profile else {}
    if of_people:
        moves = moves_by_heads(sample, roles, days, cell_reader)
    stages = match_stages(sample, roles, profile, cell_reader.schema, decisions, offered, moves)
    first_of_stage = counts_first_of_stage(sample, roles, profile, decisions)
    ended = ended_by_day(sample, roles, stages, days, cell_reader, decisions) if of_people else ()
    order = order_amount(sample, roles, cell_reader) if of_people else None
    facts = _facts(sample, roles)
    taken = {*roles.values(), *facts, *(one.column for one in ended), *moves, *(order.columns if order else ())}
    left_out = tuple(column for column in sample.columns if column and column not in taken and sample.values(column))
    return Understood(
        profile, shape, roles, days, amount, stages, left_out, tuple(decisions.doubts), facts, first_of_stage, ended,
        moves, order,
    )  # fmt: skip


def _shape_of_deals(
    profile: Recognised | None, sample: Sample, roles: dict[str, str], decisions: Decisions, cell_reader: CellReader
) -> str:
    """What rows are. What names their deals is decided where no column does, or where nothing but a name says that they are deals."""
    shape = _shape(profile, sample, roles)
    is_named = bool(roles.keys() & {"deal", "deal_key", *(() if shape == "diary" else ("customer",))})
    # Of contacts without a deal neither a stage nor an amount would count anywhere.
    asks = profile is None and roles.keys() >= {"stage", "amount"} if shape == "diary" else shape != "cards"
    if asks and not is_named:
        options = by_variety(sample, [one for one in sample.columns if one and one not in roles.values()], cell_reader)
        decisions.decide_role(Doubt("deal", "", next(iter(options), ""), options, ()), roles)
        return _shape(profile, sample, roles)
    if profile is None and shape == "snapshot" and _may_be_no_deals(roles) and not decisions.asks("deal"):
        guess = roles.pop("deal", "")
        others = (column for column in sample.columns if column and column not in (guess, *roles.values()))
        examples = tuple(sample.values(guess)[:EXAMPLES]) if guess else ()
        decisions.decide_role(Doubt("deal", "", guess, (*filter(None, (guess,)), *others), examples), roles)
    return shape


def _may_be_no_deals(roles: Mapping[str, str]) -> bool:
    """Whether nothing but a name says that rows are deals: a price list has names and amounts, a list of companies customers."""
    tells = {*DAYS, "deal_key", "stage", "status", "confidence", "next_step", "owner", "facts", "activity"}
    return not roles.keys() & tells and not {"deal", "customer"} <= roles.keys()


def _by_words(
    sample: Sample,
    profile: Recognised | None,
    roles: dict[str, str],
    decisions: Decisions,
    cell_reader: CellReader,
) -> None:
    """Give columns that no profile knows the roles that they are called by: the surest first, each role one column."""
    known = {header_key(name) for name in profile.profile.names()} if profile else set[str]()
    free = [
        column
        for column in sample.columns
        if column and column not in roles.values() and header_key(column) not in known and sample.values(column)
    ]
    likely = sorted(
        (
            (-score, place, role, column)
            for place, column in enumerate(free)
            for role, score in _scores(column, cell_reader.schema)
        ),
    )
    for minus, _, role, column in likely:
        if role in roles or column in roles.values() or (role in _SORTING and _ends_deals(sample, column, cell_reader)):
            continue
        if -minus >= SURE or _cells_say(role, sample, column, cell_reader):
            roles[role] = column
        elif role == "deal" and sorts_deals(sample, column):
            continue
        elif profile is None and role in _ASKED and not decisions.asks(role):
            examples = tuple(sample.values(column)[:EXAMPLES])
            options = (column, *(one for one in free if one != column))
            decisions.decide_role(Doubt(role, "", column, options, examples), roles)
    if profile is None:
        _by_counterpart(sample, roles)
        by_short_texts(sample, roles)
        _by_initials(sample, roles)


def _by_counterpart(sample: Sample, roles: dict[str, str]) -> None:
    """先方 are the people met, or the customer where no other column is and no cell names a person."""
    column = roles.get("people", "")
    people = any(map(_PERSON.search, sample.values(column)))
    if header_key(column) == _COUNTERPART and "customer" not in roles and not people:
        roles["customer"] = roles.pop("people")


def _by_initials(sample: Sample, roles: dict[str, str]) -> None:
    """AM is the account manager in a list of deals, where names stand below it; in a diary, or above times, it is the morning."""
    column = next((one for one in sample.columns if header_key(one) == _ACCOUNT_MANAGER), "")
    names = sample.values(column) if column and column not in roles.values() else []
    digits = any(map(str.isdigit, "".join(names)))
    if names and not digits and "amount" in roles and not roles.keys() & {"owner", "on", "activity"}:
        roles["owner"] = column


def _by_ends(sample: Sample, roles: dict[str, str], cell_reader: CellReader) -> None:
    """Whichever column says of deals that they were won or lost, where no head does; and where a month stands beside it in which
    they were or will be, that is what a live one is expected in."""
    # What a contact was about may be a contract, too.
    if not roles.keys() & {"stage", "on", "activity"}:
        free = [column for column in sample.columns if column and column not in roles.values()]
        status = next((one for one in free if _ends_deals(sample, one, cell_reader)), "")
        ranks = roles.get("confidence", "")
        if not status and ranks and _ends_deals(sample, ranks, cell_reader):
            # Ranks of live deals, and what became of the others, in one column.
            status = ranks
        if status and "status" not in roles:
            roles["status"] = status
        stage = next((one for one in free if one != status and _are_steps(sample, one, cell_reader)), "")
        if stage:
            roles["stage"] = stage
    if "closed" in roles and "closes" not in roles and {"stage", "status"} & roles.keys():
        read = cell_reader.day(ColumnRef((), formats=(MONTH, *DEFAULT_FORMATS)))
        for cell in sample.values(roles["closed"]):
            with suppress(ValueRefused):
                day = read(cell)
                if day is not None and day > (sample.written or cell_reader.today):
                    roles["closes"] = roles["closed"]


def _ends_deals(sample: Sample, column: str, cell_reader: CellReader) -> bool:
    """Whether the cells of a column are few words that say of deals that some were won and some lost, or of which half are steps of
    deals and one ends them."""
    values, schema = sample.values(column), cell_reader.schema
    if not 0 < len(values) <= _MOST_STATES:
        return False
    known = [matched for value in values if (matched := stage_of(value, schema, column))]
    ends = {stage.ends for stage in schema.stages if stage.ends and stage.key in known}
    return len(ends) > 1 or (bool(ends) and len(known) * 2 >= len(values))


def _are_steps(sample: Sample, column: str, cell_reader: CellReader) -> bool:
    """Whether the cells of a column are few words, most of which are steps of deals, and several of them."""
    values = sample.values(column)
    known = {stage_of(value, cell_reader.schema, column) for value in values} - {""}
    return len(values) <= _MOST_STATES and len(known) > 1 and len(known) * 2 > len(values)


def _cells_say(role: str, sample: Sample, column: str, cell_reader: CellReader) -> bool:
    """Whether a column's cells are what its name only hints at: amounts, choices of a field, what ends a deal."""
    schema = cell_reader.schema
    if role == "amount":
        return are_amounts(sample, column, cell_reader)
    if role == "status":
        ends = {stage.key for stage in schema.stages if stage.ends}
        return any(stage_of(cell, schema, column) in ends for cell in sample.values(column))
    field = schema.by_role.get(role)
    if role not in _CHOSEN or field is None:
        return False
    cells = choice_cells(column, sample, field.key, schema)
    rows = sum(times for cell, times in sample.cells[column].items() if cell in cells)
    return bool(cells) and rows * 2 >= sum(sample.cells[column].values())


def _scores(column: str, schema: Schema) -> Iterator[tuple[str, float]]:
    """What a column may hold, each with how much its name says so: 1 where it is called that, less where it only holds the word."""
    key = header_key(column)
    for field in schema.fields:
        if key in (header_key(field.key), header_key(field.label)):
            yield (field.role or f"field:{field.key}"), 1.1
    yield from _word_scores(key)
    # `取引先：取引先名`, `Account: Account Name`: of what a field is, and the field.
    _, parted, name = column.replace("：", ":").rpartition(":")
    if parted and header_key(name) != key:
        yield from _word_scores(header_key(name))


@cache
def _word_scores(key: str) -> tuple[tuple[str, float], ...]:
    """The roles whose words stand in a head, each with how much of it they are."""
    scores = (
        (role, max((name_score(name, key) for name in names), default=0.0)) for role, names in words().columns.items()
    )
    return tuple(one for one in scores if one[1] >= LIKELY)


def _shape(profile: Recognised | None, sample: Sample, roles: Mapping[str, str]) -> str:
    """Whether rows are contacts, steps of deals or deals as they stand."""
    if profile is not None:
        return profile.profile.shape
    if "on" in roles and roles.keys() & {"activity", "facts", "impression", "people"}:
        return "diary"
    deal = roles.get("deal_key") or roles.get("deal")
    says = roles.keys() & {"stage", "closes", "amount"}
    if "on" in roles and says and deal and not sample.is_unique([deal]):
        return "history"
    return "snapshot"


def _facts(sample: Sample, roles: dict[str, str]) -> tuple[str, ...]:
    """Columns of free text that are called something else than the one taken for what was said."""
    own = roles.get("facts")
    free = [one for one in sample.columns if one and one not in roles.values() and sample.values(one)]
    more = [one for one in free if header_key(one) in words().columns["facts"] or is_prose(sample, one)]
    return tuple(filter(None, (own, *more)))


def lines_that_go_on(sample: Sample, understood: "Understood") -> list[Sequence[str]]:
    """Rows in which nothing is filled in but what was said: they go on with the row above them."""
    places = frozenset(sample.columns.index(column) for column in understood.facts)
    return [line for line in sample.lines[1:] if goes_on_with(line, places)] if places else []


def stage_runs(sample: Sample, understood: "Understood", cell_reader: CellReader) -> list[list[tuple[date, str]]]:
    """Of each deal the days on which it was in a stage, as far as rows or columns of moves tell them."""
    roles = understood.roles
    runs: dict[str, list[tuple[date, str]]] = {}

    def note(deal: str, column: str, cell: str, stage: str) -> None:
        formats = understood.days[column].formats if column in understood.days else ()
        with suppress(ValueRefused):
            day = cell_reader.day(ColumnRef((column,), formats=formats))(cell)
            if day is not None and stage:
                runs.setdefault(deal, []).append((day, stage))

    at = {column: place for place, column in enumerate(sample.columns)}
    deal, on, stage = (roles.get(role, "") for role in ("deal", "on", "stage"))
    for number, line in enumerate(sample.lines):
        if understood.shape == "history" and deal and on and stage:
            note(line[at[deal]], on, line[at[on]], line[at[stage]].strip())
        for column, name in understood.moves.items():
            note(str(number), column, line[at[column]], name)
    return list(runs.values())


def choice_cells(column: str, sample: Sample, field_key: str, schema: Schema) -> Mapping[str, str]:
    """Of a column the cells that name a choice of a field, each with its key."""
    field = schema.by_key[field_key]
    if not type_of(field).takes_choices and field.role not in ("kind", "activity", "confidence"):
        return {}
    named = {normal_form(word): one.key for one in schema.choices(field) for word in (one.label, one.key)}
    return {cell: named[normal_form(cell)] for cell in sample.values(column) if normal_form(cell) in named}


def readable(pick: ColumnRef, field_key: str, sample: Sample, cell_reader: CellReader) -> bool:
    """Whether a field takes all cells of a column that were looked at."""
    read = cell_reader.value(pick, cell_reader.schema.by_key[field_key])
    try:
        for cell in sample.values(pick.columns[0]):
            read(cell)
    except ValueRefused:
        return False
    return True
