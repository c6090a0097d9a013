"""Stays and throughput of process logs that anyone can have, against pm4py."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from nippo_cli.line.facts import DealEvent, DealHistory, DealRecord
from nippo_cli.line.history import build_history
from nippo_cli.line.steps import Window, counted, passages
from nippo_cli.line.trail import trail_of
from nippo_cli.schema.schema import Field, Schema, Stage

LOGS = Path(__file__).parents[3] / "shared" / "data" / "event_logs"
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(params=["running-example", "receipt"])
def log(request: pytest.FixtureRequest):
    """A log whose events happen on days, as a diary's do; repeated events in a row are one stay, and so one event."""
    pandas = pytest.importorskip("pandas")
    path = LOGS / f"{request.param}.csv"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    frame = pandas.read_csv(path, sep=None, engine="python", dtype=str)
    names = {"case_id": "case:concept:name", "activity": "concept:name", "timestamp": "time:timestamp"}
    frame = frame.rename(columns=names)
    frame["raw"] = pandas.to_datetime(frame["time:timestamp"], utc=True)
    frame["time:timestamp"] = frame["raw"].dt.normalize()
    frame = frame.sort_values(["case:concept:name", "raw"], kind="stable")
    again = (frame["concept:name"] == frame["concept:name"].shift()) & (
        frame["case:concept:name"] == frame["case:concept:name"].shift()
    )
    return frame, frame[~again]


def lines_of(frame) -> list[DealHistory]:
    """The log as a diary: a case is a deal, an activity a stage."""
    activities = list(dict.fromkeys(frame["concept:name"]))
    schema = agreement_of(activities)
    points = defaultdict(list)
    for n, (case, activity, when) in enumerate(
        zip(frame["case:concept:name"], frame["concept:name"], frame["time:timestamp"], strict=True)
    ):
        points[case].append(
            DealEvent(n, when.date(), activity, True, "", None, None, None, None, None, None, None, None)
        )
    return [build_history(DealRecord(n, case), own, schema) for n, (case, own) in enumerate(points.items())]


def agreement_of(activities: list[str]) -> Schema:
    """An agreement whose stages are the activities."""
    return Schema(
        name="log", language="en", stages=tuple(Stage(a, a) for a in activities),
        fields=(Field("stage", "Stage", "choice", "stage"),),
    )  # fmt: skip


def test_throughput_is_pm4pys(log):
    """From the first entry to the last, case by case, in days."""
    pm4py = pytest.importorskip("pm4py")
    frame, events = log
    seconds = pm4py.get_all_case_durations(events)
    days = sorted((line.head.last_on - line.head.began_on).days for line in lines_of(frame))
    assert days == sorted(round(s / 86400) for s in seconds)
    assert all(s % 86400 == 0 for s in seconds)


def test_stays_are_pm4pys_times_between_steps(log):
    """Every move from stage to stage, how often and how long after: the directly-follows graph with its mean times."""
    pm4py = pytest.importorskip("pm4py")
    frame, events = log
    window = Window(date(1, 1, 2), date(9999, 12, 31))
    activities = list(dict.fromkeys(frame["concept:name"]))
    schema = agreement_of(activities)
    found = [p for line in lines_of(frame) for p in passages(trail_of(line, (0,)), schema, window, ())]
    moves = Counter((p.stage, p.to) for p in found if getattr(p, "days", None) is not None)
    times = Counter[tuple[str, str]]()
    for p in found:
        if getattr(p, "days", None) is not None:
            times[p.stage, p.to] += p.days
    graph, first, last = pm4py.discover_dfg(events)
    assert moves == Counter(graph)
    performance, _, _ = pm4py.discover_performance_dfg(events)
    for move, n in moves.items():
        assert times[move] / n == pytest.approx(performance[move]["mean"] / 86400)
    steps = {s.stage: s for s in counted(found, schema, window)}
    assert {a: s.first for a, s in steps.items() if s.first} == dict(first)
    assert {a: s.live for a, s in steps.items() if s.live} == dict(last)


def test_the_logs_give_the_figures_of_their_own_page(log):
    """The logs are what they are taken for: half the cases of the one within 9.444 days, 5.408 on average of the other."""
    pm4py = pytest.importorskip("pm4py")
    import statistics

    raw = log[0].assign(**{"time:timestamp": log[0]["raw"]})
    days = [s / 86400 for s in pm4py.get_all_case_durations(raw)]
    if len(days) == 6:
        assert round(statistics.median(days), 3) == 9.444
    else:
        assert (len(days), round(statistics.mean(days), 3)) == (1434, 5.408)
