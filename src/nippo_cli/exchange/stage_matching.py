"""Which stage the cells of a file mean, and whether of an event log each event counts."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.doubts import EACH, EXAMPLES, LEAVE_OUT, Decisions, Doubt
from nippo_cli.exchange.recognition import Recognised, header_key, stage_key, words
from nippo_cli.exchange.sampling import DateFormats, Sample, date_formats, has_day_to_come, past_days
from nippo_cli.schema.schema import Schema

# `見積提出済み` is `見積提出`, `ご提案中` is `提案`.
_DONE: Final = re.compile("^[ご御お](?=[一-鿿])|(?:済み?|完了|中)$|(?<=見積)も?り")
# What was sent, or is waited for, is a step and no end: with `契約待ち` nothing is sold yet.
_UNDER_WAY: Final = re.compile("(?:提出|送付)(?:済み?|完了|中)$|待ち$")
# What is said of a step in brackets behind it (`提案（2回目）`, `Proposal Made (Sales)`); of an end it may say that it is none yet.
_REMARK: Final = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
# Marks that people put where something is so, and where it is not; and what heads say of a column in which they say how deals ended.
MARKS: Final = frozenset("○〇◯×✕✗✖△▲-ー")
_DECIDED: Final = re.compile("決|受注|失注|成約|成立|結果|成否|勝敗|可否|判定|won|result|outcome", re.IGNORECASE)
# `受注日`, `失注年月`, `won date`: a day or a month by which something ended.
_DAY_OF: Final = re.compile("年?月?日付?$|年?月$|^date|date$|on$")
# A deal of which it is said that it goes on has not ended.
_OPEN: Final = re.compile("中$|継続|進行|未|open|active|progress|pending|ongoing", re.IGNORECASE)
# More that can't be matched are asked about together.
_MOST_STAGES: Final = 3

# A reason says that a deal was lost.
BY_REASON: Final = "reason"


class EndDay(NamedTuple):
    """A column whose days say that deals ended; the stage, "" where nobody knows which; and of which rows it goes, as `when` of a map
    says it."""

    column: str
    stage: str
    when: Mapping[str, Any] = MappingProxyType({})


def moves_of(profile: Recognised, columns: Sequence[str]) -> Mapping[str, str]:
    """The columns that hold the day on which a stage was entered, with what they call it."""
    if not profile.profile.moves:
        return {}
    matched = ((column, re.fullmatch(profile.profile.moves, column)) for column in columns)
    return {column: match["stage"] for column, match in matched if match}


def moves_by_heads(
    sample: Sample, roles: Mapping[str, str], days: dict[str, DateFormats], cell_reader: CellReader
) -> Mapping[str, str]:
    """The columns of a sheet that say on which day a deal came into a stage (`訪問日`, `見積提出日`), each with its head without the word
    for a day, which names the stage. None of a day to come. How a column's days are written is put into `days`."""
    moves: dict[str, str] = {}
    for column in sample.columns:
        said = step_of_day(column, cell_reader.schema)
        if not said:
            continue
        # A column may say both when a deal began and by its head in which stage.
        # Rows of deals as they stand are no contacts: a day of visits is when there was the first.
        if column in roles.values() and column not in (roles.get("began"), roles.get("on")):
            continue
        read = days.get(column) or date_formats(sample.values(column), cell_reader, day_first=None)
        if read is None or read.either or read.coarse or has_day_to_come(sample, column, read, cell_reader):
            continue
        days[column] = read
        moves[column] = said
    return moves if moves.keys() - {roles.get("began")} else {}


def step_of_day(column: str, schema: Schema) -> str:
    """The step of a live deal that a head of days names: `見積提出` of `見積提出日`; "" for none."""
    live = {stage.key for stage in schema.stages if not (stage.ends or stage.after)}
    key = header_key(column)
    said = _DAY_OF.sub("", key)
    return said if said != key and stage_of(said, schema) in live else ""


def match_stages(
    sample: Sample, roles: Mapping[str, str], profile: Recognised | None, schema: Schema, decisions: Decisions,
    offered: tuple[str, ...], moves: Mapping[str, str],
) -> dict[str, str]:  # fmt: skip
    """The stage that each cell of the columns of stages means, by key; "" where a person said none. Of a status only what ends a deal is
    asked about.

    Args:
        moves: the columns of the days on which a deal came into a stage, with what they call it.
    """
    stages: dict[str, str] = {}
    cells = list(dict.fromkeys((*_stage_cells(sample, roles, profile), *moves.values())))
    over, steps = ended_elsewhere(sample, roles, schema), roles.get("stage", "")
    strange = [
        cell
        for cell in cells
        if not stage_of(cell, schema, steps) and cell not in over and f"stage_of:{cell}" not in decisions.answers
    ]
    together = EACH
    if len(strange) > _MOST_STAGES:
        doubt = Doubt("stages", "", (*offered, EACH)[0], (*offered, EACH, LEAVE_OUT), tuple(strange[:EXAMPLES]))
        # A schema can be made of a file once.
        together = decisions.decide_among(doubt)
    for cell in cells:
        matched = stage_of(cell, schema, steps)
        if not matched and (cell in over or (cell in strange and together != EACH)):
            stages[cell] = ""
            continue
        if not matched:
            doubt = Doubt("stage_of", cell, "", (*(stage.label for stage in schema.stages), LEAVE_OUT), ())
            said = decisions.answers.get(doubt.key)
            matched = next((one.key for one in schema.stages if said in (one.key, one.label, *one.was)), "")
            # A stage that was chosen once and is no more is none that anybody chose now.
            if not matched and said not in ("", LEAVE_OUT):
                decisions.doubts.append(doubt)
        stages[cell] = matched
    for cell in sample.values(roles["status"]) if "status" in roles else ():
        matched = stage_of(cell, schema, roles["status"])
        # Where no column is one of stages, the status says how a live deal stands, too, as far as it says it in known words.
        if "stage" not in roles or any(stage.key == matched and stage.ends for stage in schema.stages):
            stages[cell] = matched
    return stages


def is_of_rows(key: str, said: str) -> bool:
    """Whether an answer is about the rows of one file: that all its deals were won, or ended by its day, goes for none of the next."""
    of_file = key.startswith("ended_on:") and said in ("file", LEAVE_OUT)
    return of_file or (key.startswith("ended:") and said != BY_REASON)


def ended_elsewhere(sample: Sample, roles: Mapping[str, str], schema: Schema) -> frozenset[str]:
    """The cells of stages in whose rows another column says each time how the deal ended: `Closed` beside `Won` and `Lost` is no step."""
    stage, status = roles.get("stage", ""), roles.get("status", "")
    if not stage or not status:
        return frozenset()
    ends = {one.key for one in schema.stages if one.ends}
    over = {cell for cell in sample.values(status) if stage_of(cell, schema, status) in ends}
    at, beside = sample.columns.index(stage), sample.columns.index(status)
    live = {line[at].strip() for line in sample.lines if line[beside].strip() not in over}
    return frozenset(cell for cell in sample.values(stage) if cell not in live)


def unknown_ends(sample: Sample, roles: Mapping[str, str], schema: Schema) -> tuple[str, ...]:
    """The cells beside stages that say in no known word whether a deal ended (`保留`, `On ice`): it counts as open."""
    if "stage" not in roles or "status" not in roles or roles["stage"] == roles["status"]:
        return ()
    cells = sample.values(roles["status"])
    return tuple(
        cell for cell in cells if not (cell in MARKS or _OPEN.search(cell) or stage_of(cell, schema, roles["status"]))
    )


def counts_first_of_stage(
    sample: Sample,
    roles: Mapping[str, str],
    profile: Recognised | None,
    decisions: Decisions,
) -> bool:
    """Whether of an event log only a deal's first event in each stage counts. Which it is nobody can tell from the file: a step done
    again may be one gone back to, or work that goes on."""
    if profile is None or profile.profile.key != "event_log" or not sample.repeats([roles["deal"], roles["stage"]]):
        return False
    options = ("every", "first")
    examples = sample.repeated([roles["deal"], roles["stage"]])
    return decisions.decide_among(Doubt("events", "", "every", options, examples)) == "first"


def ended_by_day(
    sample: Sample,
    roles: Mapping[str, str],
    stages: Mapping[str, str],
    days: dict[str, DateFormats],
    cell_reader: CellReader,
    decisions: Decisions,
) -> tuple[EndDay, ...]:
    """The columns whose days say that a deal was won or lost (`受注日`, `失注日`), each with the stage, where no cell says how one ended;
    of a column that may say either (`受注/失注日`) a person says which. None of a column with a day to come: that is when it is expected.
    How a column's days are written is put into `days`."""
    schema = cell_reader.schema
    ends = {stage.key for stage in schema.stages if stage.ends}
    if not ends.isdisjoint(stages.values()):
        return ()
    ended = list[EndDay]()
    for column in sample.columns:
        key, closed = header_key(column), column == roles.get("closed")
        stage = stage_of(bare, schema) if (bare := _DAY_OF.sub("", key)) != key else ""
        if (stage not in ends and not closed) or (column in roles.values() and not closed):
            continue
        read = days.get(column) or past_days(sample, column, cell_reader)
        if read is None or read.either or has_day_to_come(sample, column, read, cell_reader):
            continue
        days[column] = read
        if stage in ends:
            ended.append(EndDay(column, stage))
        else:
            ended += _end_of_either(sample, column, roles.get("lost_reason", ""), schema, decisions)
    return tuple(ended)


def _end_of_either(sample: Sample, column: str, reason: str, schema: Schema, decisions: Decisions) -> Sequence[EndDay]:
    """What a person says of a column that has the days on which deals ended, and does not say how: all were won, all lost, those with a
    reason lost; else its rows are left out, since a guess would count a loss as an order."""
    won, lost = (next(stage.key for stage in schema.stages if stage.ends == end) for end in ("won", "lost"))
    says = bool(reason and sample.values(reason))
    options = (*((BY_REASON,) if says else ()), "won", "lost", LEAVE_OUT)
    doubt = Doubt("ended", column, "", options, tuple(sample.values(column)[:EXAMPLES]), column=reason if says else "")
    said = decisions.decide_among(doubt)
    if said == BY_REASON:
        return EndDay(column, won, {reason: [""]}), EndDay(column, lost, {reason: {"not": [""]}})
    return (EndDay(column, {"won": won, "lost": lost}.get(said, "")),)


def _stage_cells(sample: Sample, roles: Mapping[str, str], profile: Recognised | None) -> list[str]:
    if profile is not None and profile.profile.shape == "fields":
        at, value = sample.columns.index(roles["field"]), sample.columns.index(roles["value"])
        names = profile.profile.fields["stage"]
        return list(dict.fromkeys(line[value].strip() for line in sample.lines if line[at].strip() in names))
    return sample.values(roles["stage"]) if "stage" in roles else []


def stage_of(said: str, schema: Schema, column: str = "") -> str:
    """The stage that a word means, by key: its key, label or former key, what ends a deal, or another word for the step; "" for none. A
    mark means one below a head alone that asks for the end (`column`)."""
    key, known = stage_key(said), words()
    for stage in schema.stages:
        if key in map(stage_key, (stage.key, stage.label, *stage.was)):
            return stage.key
    bare = _DONE.sub("", key)
    if bare and bare != key and (matched := stage_of(bare, schema)):
        return matched
    bare = stage_key(_REMARK.sub("", said))
    if not bare or bare == key:
        bare = _UNDER_WAY.sub("", key)
    if bare and bare != key:
        step = schema.stage_by_key.get(stage_of(bare, schema))
        return step.key if step is not None and not (step.ends or step.after) else ""
    for ends, names in (("won", known.won), ("lost", known.lost)):
        if key in names and (said.strip() not in MARKS or _DECIDED.search(column)):
            return next((stage.key for stage in schema.stages if stage.ends == ends), "")
    group = next((group for group in known.stages if key in group), ())
    return next((s.key for s in schema.stages if {stage_key(s.key), stage_key(s.label)} & set(group)), "")
