"""The landing of two real pipelines, month by month, against figures that pandas computes from their files alone."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from shell import Shell

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
pandas = pytest.importorskip("pandas")


def imported(nippo: Shell, name: str, file: str, *options: str) -> tuple[Shell, Any]:
    """The journal of an example, and its file as a frame; skipped where the shared data is not here."""
    source = DATA / name / file
    if not source.exists():
        pytest.skip("the shared data is not here")
    nippo.journal.mkdir()
    shutil.copy(ROOT / "examples" / name / "schema.yaml", nippo.schema)
    # What is rejected is written beside the file.
    copy = shutil.copy(source, nippo.journal)
    nippo("import", str(copy), "--map", str(ROOT / "examples" / name / "import.yaml"), *options)
    return nippo, pandas.read_csv(source)


def months_until(last: str, count: int) -> Any:
    """So many full months before the month of a day."""
    return pandas.period_range(end=pandas.Period(last, "M") - 1, periods=count)


def errors(said: Any, came: Any) -> tuple[int, int]:
    """The mean absolute error and the bias of one line, in whole units."""
    misses = said - came
    return round(misses.abs().mean()), round(misses.mean())


def test_each_month_of_the_pipelines(nippo: Shell) -> None:
    """C17, 2024-09-21: what was signed each month; what was promised for it on its eve, at 70 % and more and by the record; the error
    of each line over the months of which all lines could say something."""
    shell, rows = imported(nippo, "crm_pipelines_c17", "CRM-and-Sales-Pipelines.csv")
    page = shell.done("landing", "--as-of", "2024-09-21", "--json").json
    rows = rows[~rows.Status.isin(["New", "Qualified", "Sales Accepted", "Disqualified"])]
    rows = rows[~rows.Stage.isin(["Won", "Lost"])]
    lead, closes = (
        pandas.to_datetime(rows[c], format="%m/%d/%Y") for c in ("Lead acquisition date", "Expected close date")
    )
    signed = pandas.to_datetime(rows["Actual close date"], format="%m/%d/%Y")
    value, chance = rows["Deal Value, $"], rows["Probability, %"]

    def share(rank: float, before: Any) -> float:
        # One rank was stated, at the lead: it is what each signed deal counts under. Every closed one was signed.
        closed = int(((signed < before) & (chance == rank)).sum())
        return 1.0 if closed >= 10 else rank / 100

    def quiet(before: Any) -> int:
        # The days between the two entries of each deal that was signed before: their 95th percentile, by nearest rank.
        gaps = sorted((signed - lead).dt.days[(signed < before) & (signed > lead)])
        return int(gaps[-(-95 * len(gaps) // 100) - 1]) if len(gaps) >= 20 else 60

    assert len(page["record"]) > 0
    apart = 0
    for month in page["record"]:
        first = pandas.Timestamp(f"{month['month']}-01")
        promised = (
            (lead < first)
            & (signed.isna() | (signed >= first))
            & (closes.dt.to_period("M") == pandas.Period(first, "M"))
        )
        assert month["came"] == value[signed.dt.to_period("M") == pandas.Period(first, "M")].sum(), month["month"]
        assert month["promised"] == value[promised].sum(), month["month"]
        # Silent since the lead for longer than that on the month's eve: apart, as in the month's own table.
        heard = promised & ((first - pandas.Timedelta(days=1) - lead).dt.days <= quiet(first))
        apart += bool((promised & ~heard).any())
        assert month["firm"] == value[heard & (chance >= 70)].sum(), month["month"]
        by_record = sum(v * share(c, first) for v, c in zip(value[heard], chance[heard], strict=True))
        assert month["by_record"] == pytest.approx(by_record, abs=1), month["month"]
    assert apart > 0
    ordered = value[signed.dt.to_period("M") == pandas.Period("2024-09", "M")].sum()
    assert page["months"][0]["ordered"] == ordered
    live = signed.isna() & (lead <= pandas.Timestamp("2024-09-21"))
    cells = sum(cell["amount"] for one in page["months"] for cell in one["by_rank"])
    beside_ranks = sum(one["fizzled"] + one["on_hold"] for one in page["months"])
    beside = sum(
        one["amount"] for one in (*page["outside"]["months"], page["outside"]["overdue"], page["outside"]["undated"])
    )
    assert cells + beside_ranks + beside == value[live].sum()
    frame = pandas.DataFrame(page["record"]).dropna()
    for score in (page["record_scores"] or {"lines": []})["lines"]:
        if score["n"] == len(frame):
            assert (score["error"], score["bias"]) == errors(frame[score["line"]], frame.came), score["line"]


def test_each_month_of_maven(nippo: Shell) -> None:
    """Maven, 2017-12-31: the orders of each month, and the mean of the twelve months before; nothing was promised in this file."""
    shell, rows = imported(nippo, "maven_crm", "sales_pipeline.csv", "--on-error", "skip")
    page = shell.done("landing", "--as-of", "2017-12-31", "--json").json
    won = rows[rows.deal_stage == "Won"]
    orders = won.close_value.groupby(pandas.to_datetime(won.close_date).dt.to_period("M")).sum()
    record = {month["month"]: month for month in page["record"]}
    assert list(record) == [str(month) for month in months_until("2017-12", 13)]
    for name, month in record.items():
        period = pandas.Period(name, "M")
        assert month["came"] == orders.get(period, 0), name
        assert (month["promised"], month["firm"], month["by_record"]) == (None, None, None)
        year = [orders.get(period - back, 0) for back in range(1, 13)]
        assert month["mean"] in (None, round(sum(year) / 12)), name
    assert record["2017-11"]["mean"] == round(
        sum(orders.get(pandas.Period("2017-11", "M") - b, 0) for b in range(1, 13)) / 12
    )
    assert [score["line"] for score in page["record_scores"]["lines"]] == ["mean", "last_year"]
    assert page["record_scores"]["best"] is None
    assert page["months"][0]["ordered"] == orders[pandas.Period("2017-12", "M")] == 1_131_573


def test_the_record_of_sales_is_of_the_ledger(nippo: Shell) -> None:
    """Maven's won rows as a ledger, booked on the day of the order: by sales each month brings the same, and
    the lines that rest on promises say nothing."""
    shell, _ = imported(nippo, "maven_crm", "sales_pipeline.csv", "--on-error", "skip")
    ledger = str(ROOT / "examples" / "maven_crm" / "ledger.yaml")
    shell.done("sales", "import", str(shell.journal / "sales_pipeline.csv"), "--map", ledger)
    by_orders, by_sales = (
        shell.done("landing", "--as-of", "2017-12-31", "--basis", basis, "--json").json["record"]
        for basis in ("order", "sale")
    )
    came = {month["month"]: month["came"] for month in by_orders}
    # The ledger begins in March 2017, and no twelve months of it lie before any of these.
    assert [month["month"] for month in by_sales] == [f"2017-{n:02}" for n in range(4, 12)]
    assert [month["came"] for month in by_sales] == [came[month["month"]] for month in by_sales]
    assert {month["mean"] for month in by_sales} == {month["promised"] for month in by_sales} == {None}
