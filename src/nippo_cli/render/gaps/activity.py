"""`nippo gap activity`: how far each month's deals came, and whether what is done goes with what is sold.

No claim of cause: the page says what moves together, and says that it is no more than that.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.language import t, tn
from nippo_cli.gaps.activity import (
    ALARM,
    LEAST_PAIRS,
    Cohort,
    Pair,
    Triangle,
    TriangleCell,
)
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.render.draw import Block, Heading, Prose, Span, TextLines
from nippo_cli.render.gaps import cohorts
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.gap import GapPage

if TYPE_CHECKING:
    from nippo_cli.gaps.activity import ActivityKind, ResultKind
    from nippo_cli.line.ranks import Moves
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Schema

ON_SCREEN = 12
_SURE = 0.01


def note(result: GapPage) -> str:
    """Full months alone; a window plays no part."""
    return t("activity.note", month=words.year_month(month_start(result.counted.upto)))


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """How far, by when, and what goes with what; what is missing where there is too little."""
    triangle = result.counted.triangle
    shown: list[Block] = []
    if any(cohort.size for cohort in triangle.cohorts):
        shown += _triangle(result, triangle, screen)
    else:
        shown.append(Prose(t("activity.none_match" if result.filtered else "activity.no_cohorts")))
    return [*shown, Heading(t("activity.tests"), t("activity.tests_note")), *_tests(result)]


def brief(result: GapPage, _screen: "Screen") -> list[Block]:
    """The signs, and how many cells are marked; the drawings are left to the kind's own page."""
    count = result.counted
    shown: list[Block] = [_item(_sign(test, test.moves, result.schema)) for test in count.signs if test.moves]
    if shown:
        shown.append(Prose(Span(t("activity.no_cause"), "dim")))
    if count.triangle.marked:
        shown.append(Prose(words.counted("activity.marked", count.triangle.marked)))
    return shown


def lacking(result: GapPage) -> str:
    """No month that is over, or too few of them."""
    count = result.counted
    if not any(cohort.size for cohort in count.triangle.cohorts):
        return t("activity.no_cohorts")
    return t("show.dot").join(_too_little(count.tests))


def summary(result: GapPage) -> dict[str, object]:
    """How many cells are marked and how many tests show a sign."""
    count = result.counted
    return {
        "upto": month_name(count.upto),
        "marked": count.triangle.marked,
        "tests": sum(test.moves is not None for test in count.tests),
        "signs": len(count.signs),
        "level": ALARM,
    }


def figures(result: GapPage) -> dict[str, object]:
    """The triangle, and every test with all its figures."""
    count = result.counted
    return {"triangle": _triangle_json(count.triangle), "tests": [_test_json(test) for test in count.tests]}


# --- the triangle


def _triangle(result: GapPage, triangle: Triangle, screen: "Screen") -> list[Block]:
    """How far each month's deals came, how soon, and what the marks mean."""
    schema = result.schema
    shown = list(triangle.cohorts[-ON_SCREEN:])
    looked_at, stage = schema.stage_label(triangle.stage), schema.stage_by_key.get(triangle.stage)
    lost = stage is not None and stage.ends == "lost"
    drawn = cohorts.how_far(shown, schema, screen), cohorts.by_age(shown, screen, lost=lost)
    far, aged, *lists = _pictures(result, shown, drawn) if screen.pictures else drawn
    sections: list[Block] = [
        Heading(t("activity.how_far"), t("activity.how_far_note")),
        far,
        Heading(t("activity.by_age", stage=looked_at), t("activity.by_age_note")),
        aged,
    ]
    below, above = cohorts.marks(screen)
    sections.append(Prose(Span(t("activity.legend", below=below, above=above), "dim")))
    if any(0 < cohort.size < LEAST_RATE for cohort in shown):
        sections.append(Prose(Span(t("activity.few", least=LEAST_RATE), "dim")))
    if triangle.marked or any(cell.mark for cohort in shown for cell in cohort.by_age):
        sections.append(Prose(t("activity.question")))
    return [*sections, *lists]


def _pictures(result: GapPage, shown: Sequence[Cohort], drawn: tuple[TextLines, TextLines]) -> Sequence[Block]:
    from nippo_cli.render.gaps import cohort_pictures

    lists = cohort_pictures.CohortLists(result)
    far = cohort_pictures.how_far(shown, result.schema, drawn[0], lists)
    aged = cohort_pictures.by_age(shown, result.counted.triangle.stage, drawn[1], lists)
    return [far, aged, *lists.blocks()]


def _triangle_json(triangle: Triangle) -> dict[str, object]:
    return {
        "upto": month_name(triangle.upto),
        "stage": triangle.stage,
        "cohorts": [_cohort_json(cohort) for cohort in triangle.cohorts],
    }


def _cohort_json(cohort: Cohort) -> dict[str, object]:
    return {
        "month": month_name(cohort.month),
        "deals": cohort.size,
        "reached": {stage: _cell_json(cell) for stage, cell in cohort.reached.items()},
        "by_age": [_cell_json(cell) for cell in cohort.by_age],
        "sales": cohort.sold,
    }


def _cell_json(cell: TriangleCell) -> dict[str, object]:
    return {
        "deals": cell.share.hits,
        "share": shapes.rate(cell.share.rate),
        "before": {"deals": cell.before.n, "share": shapes.rate(cell.before.rate)},
        "mark": cell.mark or None,
    }


# --- the tests


def _tests(result: GapPage) -> list[Block]:
    """What was held against the results, in words: signs, none, too little, nothing to compare."""
    count, schema = result.counted, result.schema
    if not count.tests:
        return [Prose(t("activity.no_activity"))]
    said: list[Block] = [_item(_sign(test, test.moves, schema)) for test in count.signs if test.moves]
    for (months, labels), results in _together([s for s in count.tests if s.state == "none"], schema):
        said.append(_item(t("activity.none", result=results, n=words.months(months), what=labels)))
    said += [_item(text) for text in _too_little(count.tests)]
    for (_, labels), results in _together([s for s in count.tests if s.state == "flat"], schema):
        said.append(_item(t("activity.flat", result=results, what=labels)))
    if any(test.moves for test in count.tests):
        said.append(Prose(Span(t("activity.no_cause"), "dim")))
    return said


def _item(text: str | Span) -> Prose:
    return Prose(text, indent=2, mark="-")


def _sign(test: Pair, moves: "Moves", schema: "Schema") -> Span:
    """One sign in words, with its figures."""
    p = test.p or 0.0
    key = "activity.moves" if moves.rho > 0 else "activity.moves_against"
    said = t(
        key,
        what=_all_named(test.what, [test.key], schema),
        result=t(f"activity.result_{test.result}"),
        lag=tn("activity.lag", moves.lag) if moves.lag else t("activity.lag_none"),
        rho=f"{moves.rho:.2f}",
        n=moves.n,
        p=f"{p:.2f}" if p >= _SURE else f"{p:.3f}",
    )
    return Span(said, "strong")


def _together(tests: list[Pair], schema: "Schema") -> list[tuple[tuple[int, str], str]]:
    """Tests that say the same in one line: by their months and by what was held against the results; activities
    first, then stages."""
    by_result: dict[tuple[int, str], list[str]] = {}
    for (_, months, _), of in groupby(sorted(tests, key=_kind), key=_kind):
        same = list(of)
        labels = _all_named(same[0].what, [test.key for test in same], schema)
        by_result.setdefault((months, labels), []).append(t(f"activity.result_{same[0].result}"))
    return [(key, t("activity.and").join(results)) for key, results in by_result.items()]


def _kind(test: Pair) -> tuple[bool, int, str]:
    return (test.what == "enter", _months(test), {"orders": ""}.get(test.result, test.result))


def _months(test: Pair) -> int:
    return test.moves.n if test.moves else test.months


def _too_little(tests: Sequence[Pair]) -> list[str]:
    """How many months there are of each result that has too few."""
    by_months: dict[int, list[str]] = {}
    for months, result in dict.fromkeys((test.months, test.result) for test in tests if test.state == "short"):
        by_months.setdefault(months, []).append(t(f"activity.result_{result}"))
    joined = t("activity.and")
    return [
        t("activity.short", result=joined.join(results), n=words.months(months), least=LEAST_PAIRS)
        for months, results in by_months.items()
    ]


def _all_named(what: "ActivityKind", keys: Sequence[str], schema: "Schema") -> str:
    """Activities by their labels; stages as what was entered."""
    if what == "enter":
        stages = t("activity.or").join(t("activity.quoted", stage=schema.stage_label(key)) for key in keys)
        return t("activity.entering", stages=stages)
    known = schema.activity_by_key
    return t("show.comma").join(known[key].label if key in known else key for key in keys)


def _test_json(test: Pair) -> dict[str, object]:
    """A test with all its figures."""
    moves = test.moves
    result: ResultKind = test.result
    return {
        "what": test.what,
        "key": test.key,
        "result": result,
        "state": test.state,
        "months": test.months,
        "lag": moves.lag if moves else None,
        "rho": shapes.rate(moves.rho) if moves else None,
        "n": moves.n if moves else None,
        "p": shapes.rate(moves.p) if moves else None,
        "p_holm": shapes.rate(test.p),
    }


RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="activity.question",
    note=note,
    lacking=lacking,
    summary=summary,
    figures=figures,
)
