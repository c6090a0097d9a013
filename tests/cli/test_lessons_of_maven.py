"""The figures of a real team's pipeline, through the command that tells them."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from shell import Shell

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "maven_crm" / "sales_pipeline.csv"
EXAMPLE = ROOT / "examples" / "maven_crm"


@pytest.fixture
def maven(nippo: Shell) -> Shell:
    """The Maven example, imported."""
    if not DATA.exists():
        pytest.skip("the shared data is not here")
    nippo.journal.mkdir()
    shutil.copy(EXAMPLE / "schema.yaml", nippo.schema)
    # What is rejected is written beside the file.
    copy = shutil.copy(DATA, nippo.journal)
    nippo("import", str(copy), "--map", str(EXAMPLE / "import.yaml"), "--on-error", "skip")
    return nippo


def test_the_fates_of_maven(maven):
    """4,238 won of 6,711 closed; medians of 57 and 14 days. The interval is scipy's; the curve comes from the file's own rows."""
    found = maven.done("lessons", "fates", "--as-of", "2017-12-31", "--json").json
    rate = found["win_rate"]
    assert (rate["hits"], rate["n"], rate["rate"]) == (4238, 6711, 0.6315)
    stats = pytest.importorskip("scipy.stats")
    interval = stats.binomtest(4238, 6711).proportion_ci(method="wilson")
    assert (rate["low"], rate["high"]) == (round(interval.low, 4), round(interval.high, 4))
    lead = found["lead_time_days"]
    assert (lead["won"]["n"], lead["won"]["median"], lead["won"]["mean"]) == (4238, 57, 51.782)
    assert (lead["lost"]["n"], lead["lost"]["median"], lead["lost"]["mean"]) == (2473, 14, 41.479)
    assert found["fates"]["won"]["amount"] == 10_005_534
    fizzled = found["fates"]["fizzled"]["n"]
    assert (found["win_rate_with_fizzled"]["hits"], found["win_rate_with_fizzled"]["n"]) == (4238, 6711 + fizzled)
    assert fizzled + found["fates"]["open"]["n"] == 1589
    expected = by_hand(found["quiet"]["days"])
    assert len(found["incidence"]["steps"]) == len(expected)
    for step, by_rows in zip(found["incidence"]["steps"], expected, strict=True):
        bounds = step.pop("bounds")
        assert step == pytest.approx(by_rows, abs=2e-6)
        assert all(bounds[end]["low"] <= step[end] <= bounds[end]["high"] for end in bounds)


def by_hand(quiet: int) -> list[dict[str, float]]:
    """Aalen–Johansen from the file's own rows: product of the shares that go on, sum of the shares that end."""
    import csv

    last = date(2017, 12, 31)
    ended: Counter[tuple[int, str]] = Counter()
    with DATA.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if not row["engage_date"]:
                continue
            first = date.fromisoformat(row["engage_date"])
            if row["close_date"]:
                ended[(date.fromisoformat(row["close_date"]) - first).days, row["deal_stage"].lower()] += 1
            elif (last - first).days > quiet:
                ended[quiet + 1, "fizzled"] += 1
            else:
                ended[(last - first).days, "open"] += 1
    steps, going_on, reached = [], 1.0, {"won": 0.0, "lost": 0.0, "fizzled": 0.0}
    for on in sorted({day for day, _ in ended}):
        at_risk = sum(n for (day, _), n in ended.items() if day >= on)
        events = {end: ended[on, end] for end in reached}
        for end, n in events.items():
            reached[end] += going_on * n / at_risk
        if sum(events.values()):
            steps.append({"day": on, "at_risk": at_risk, **reached})
        going_on *= 1 - sum(events.values()) / at_risk
    return steps


def test_every_fate_of_maven_opens_to_its_deals(maven):
    """As many as the figure says."""
    for fate, n in (("won", 4238), ("lost", 2473)):
        found = maven.done("lessons", "fates", "--fate", fate, "--as-of", "2017-12-31", "--limit", "3", "--json").json
        assert (found["total"], len(found["deals"])) == (n, 3)
