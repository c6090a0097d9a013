"""What others wrote, without a map: how much is asked, and whether the figures are those that were computed apart from nippo.

The oracle is the standard library's csv and statistics alone; shared/data/README.md has the figures.
"""

import csv
import shutil
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from shell import Shell

from nippo_cli.cli.commands import import_plan
from nippo_cli.schema.templates import text_of

DATA = Path(__file__).parents[3] / "shared" / "data"
TOKYO = ZoneInfo("Asia/Tokyo")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data sets of others are not beside the checkout")


class Asked:
    """A person who answers questions in turn, then agrees; `questions` are those put before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.questions: list[str] = []
        left = [*answers, ""]
        monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
        monkeypatch.setattr(import_plan, "line", lambda question: self.questions.append(question) or left.pop(0))

    @property
    def counted(self) -> int:
        """Without the last, whether all is right."""
        return len(self.questions) - 1


def rows_of(path: str) -> list[dict[str, str]]:
    """A set's rows."""
    with (DATA / path).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("file", "fates"),
    [
        ("maven_crm/sales_pipeline.csv", {"won": 4238, "lost": 2473, "live": 1589 + 500}),
        ("zoho_crm/Potentials.csv", {"won": 1425, "lost": 485, "live": 3632 - 1425 - 485}),
    ],
)
def test_a_real_export_gives_its_fates_without_a_map(nippo: Shell, file: str, fates: dict[str, int]):
    """No question is asked, in a journal of the file's currency."""
    in_dollars(nippo)
    nippo.done("import", str(DATA / file), "--yes")
    counted = nippo.done("deal", "list", "--summary", "--json").json["fates"]
    assert (counted["won"], counted["lost"], counted["open"] + counted["fizzled"]) == tuple(fates.values())


def test_a_real_export_gives_its_lead_times_without_a_map(nippo: Shell):
    """Maven: engaged to won in a median of 57 days, a mean of 51.782; to lost in 14 and 41.479."""
    nippo.done("import", str(DATA / "maven_crm" / "sales_pipeline.csv"), "--yes")
    summary = nippo.done("deal", "list", "--summary", "--json").json
    days = {fate: (of["median"], round(of["mean"], 3)) for fate, of in summary["lead_time_days"].items()}
    assert (days["won"], days["lost"]) == ((57, 51.782), (14, 41.479))
    assert summary["amounts"]["won"] == 10_005_534


def in_dollars(nippo: Shell) -> None:
    """The default schema, of a team that counts in dollars."""
    nippo.journal.mkdir()
    text = text_of("default")
    assert "currency: JPY" in text
    nippo.schema.write_text(text.replace("currency: JPY", "currency: USD"), encoding="utf-8")


def test_money_of_another_currency_is_left_out_by_a_person_alone(nippo: Shell, tmp_path: Path, monkeypatch):
    """Zoho's `$22,700.00` in a journal that counts in yen: a script is told and nothing is written; a person may go on without it."""
    # A half-made map is written beside it.
    file = str(shutil.copy(DATA / "zoho_crm" / "Potentials.csv", tmp_path))
    refused = nippo("import", file, "--yes")
    assert (refused.code, "Amount" in refused.err, "$" in refused.err) == (2, True, True)
    assert not nippo.db.exists()
    asked = Asked(monkeypatch, "1")
    nippo.done("import", file)
    assert asked.counted == 1
    assert nippo.done("deal", "list", "--summary", "--json").json["amounts"]["won"] == 0


def test_zohos_won_deals_took_a_median_of_163_days(nippo: Shell):
    """From their creation to their closing; and their money is the file's, in cents."""
    in_dollars(nippo)
    nippo.done("import", str(DATA / "zoho_crm" / "Potentials.csv"), "--yes")
    won = [row["Amount"] for row in rows_of("zoho_crm/Potentials.csv") if row["Stage"] == "Closed Won"]
    cents = sum(round(float(amount.strip("$ ").replace(",", "")) * 100) for amount in won if amount.strip())
    assert nippo.done("deal", "list", "--summary", "--json").json["amounts"]["won"] == cents
    assert nippo.done("deal", "list", "--summary", "--json").json["lead_time_days"]["won"]["median"] == 163


def test_zohos_calls_are_contacts(nippo: Shell):
    """4,100 of them, each on the day on which it began."""
    report = nippo.done("import", str(DATA / "zoho_crm" / "Calls.csv"), "--yes", "--json").json
    assert (report["taken"], report["entries"], report["new_deals"]) == (4100, 4100, 0)


def test_a_history_gives_its_stays_without_a_map(nippo: Shell):
    """Salesforce: 219 deals; of completed stays in Prospecting 132, the median 35.5 days."""
    nippo.done("import", str(DATA / "salesforce_opportunity_history" / "Opportunity History.csv"), "--yes")
    shown = nippo.done("deal", "list", "--all", "--json", "--limit", "0").json["deals"]
    assert len(shown) == 219
    runs = defaultdict(list)
    for place, row in enumerate(rows_of("salesforce_opportunity_history/Opportunity History.csv")):
        on = datetime.strptime(row["CreatedDate"], "%d/%m/%Y").replace(tzinfo=TOKYO).date()
        runs[row["OppID"]].append((on, place, row["StageName"]))
    last = {deal: max(run)[2] for deal, run in runs.items() if max(run)[0] <= date(2026, 11, 23)}
    ended = {"Closed Won": "won", "Closed Lost": "lost"}
    expected = sorted(ended.get(stage, "open") for stage in last.values())
    outcomes = sorted("open" if one["outcome"] == "fizzled" else one["outcome"] for one in shown)
    assert outcomes == expected


def test_pipelines_ask_two_questions_and_say_what_became_of_the_dates(nippo: Shell, tmp_path: Path, monkeypatch):
    """Of 723 open opportunities 338 are past their day on 2024-09-21; 348 signed, 308 before the day that was expected, 40 after it."""
    file = tmp_path / "pipelines_20240921.csv"
    shutil.copy(DATA / "crm_pipelines_c17" / "CRM-and-Sales-Pipelines.csv", file)
    asked = Asked(monkeypatch, "1", "file")
    nippo.done("import", file.name)
    assert asked.counted == 2
    deals = nippo.done("deal", "list", "--all", "--json", "--limit", "0", "--as-of", "2024-09-21").json["deals"]
    rows = {row["Organization"]: row for row in rows_of("crm_pipelines_c17/CRM-and-Sales-Pipelines.csv")}
    assert len(deals) == len(rows) == 3000
    open_ones = [one for one in deals if one["outcome"] in ("open", "fizzled") and rows[one["customer"]]["Stage"]]
    assert len(open_ones) == 723
    assert sum(one["closes"] < "2024-09-21" for one in open_ones) == 338
    signed = [one for one in deals if rows[one["customer"]]["Actual close date"]]
    assert {one["outcome"] for one in signed} == {"won"}
    days = [(date.fromisoformat(one["closed_on"]) - date.fromisoformat(one["closes"])).days for one in signed]
    assert (len(days), sum(d < 0 for d in days), sum(d > 0 for d in days)) == (348, 308, 40)
    assert statistics.median(days) == -129.5


def test_a_schedules_revisions_are_a_history_of_promises_after_one_answer(nippo: Shell, monkeypatch):
    """195 pushes and 53 pulls, 74 items revised at least twice, of 244."""
    asked = Asked(monkeypatch, "commit_date")
    nippo.done("import", str(DATA / "python_release_slips" / "revisions.csv"))
    assert asked.counted == 1
    heads = nippo.done("deal", "list", "--all", "--json", "--limit", "0").json["deals"]
    assert len(heads) == 244
    assert (sum(one["pushes"] for one in heads), sum(one["pulls"] for one in heads)) == (195, 53)
    assert sum(one["pushes"] + one["pulls"] >= 2 for one in heads) == 74


@pytest.mark.parametrize(
    ("file", "cases", "events", "middle", "throughput"),
    [("running-example.csv", 6, 42, statistics.median, 9.444), ("receipt.csv", 1434, 8577, statistics.mean, 5.408)],
)
def test_an_event_log_asks_two_questions_and_keeps_every_case_and_day(
    nippo: Shell,
    monkeypatch,
    file: str,
    cases: int,
    events: int,
    middle: Callable[[Iterable[int]], float],
    throughput: float,
):
    """A schema is made of its steps; every event comes in, each deal from its first day to its last in the journal's zone. In days of
    the calendar they take as long as the log's timestamps say: a median of 9.444 days, a mean of 5.408."""
    asked = Asked(monkeypatch, "", "")
    report = nippo.done("import", str(DATA / "event_logs" / file), "--json", "--yes").json
    assert asked.counted <= 2
    assert (report["new_deals"], report["entries"]) == (cases, events)
    spans = defaultdict(list)
    for row in rows_of(f"event_logs/{file}"):
        spans[row["case:concept:name"]].append(datetime.fromisoformat(row["time:timestamp"]).astimezone(TOKYO).date())
    deals = nippo.done("deal", "list", "--all", "--json", "--limit", "0").json["deals"]
    assert {one["name"]: one["began_on"] for one in deals} == {
        name: min(days).isoformat() for name, days in spans.items()
    }
    assert {one["name"]: one["last_contact_on"] for one in deals} == {
        name: max(days).isoformat() for name, days in spans.items()
    }
    lasted = [(date.fromisoformat(one["last_contact_on"]) - date.fromisoformat(one["began_on"])).days for one in deals]
    assert middle(lasted) == pytest.approx(throughput, abs=0.6)


EVERY_TABLE = sorted(DATA.glob("*/*.csv")) if DATA.exists() else []


@pytest.mark.parametrize("file", EVERY_TABLE, ids=lambda path: path.name)
def test_no_set_asks_more_than_three_questions(nippo: Shell, file: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever it holds: prices, holidays and patients, too, of which the first question is what of them would be a deal."""
    asked = list[str]()
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(import_plan, "line", lambda question: asked.append(question) or "")
    answer = nippo("import", str(file), "--dry-run")
    assert "エラー: 予期しない" not in answer.err
    assert len(asked) <= 3


def test_an_opportunity_table_has_the_deals_of_its_history(nippo: Shell):
    """The snapshot of 45 columns: each opportunity once, with its stage's fate."""
    file = DATA / "salesforce_opportunity_history" / "Opportunity.csv"
    rows = rows_of("salesforce_opportunity_history/Opportunity.csv")
    report = nippo.done("import", str(file), "--yes", "--json").json
    assert (report["taken"], report["new_deals"]) == (len(rows), len(rows))
    fates = nippo.done("deal", "list", "--summary", "--json").json["fates"]
    ended = [row["StageName"] for row in rows]
    assert (fates["won"], fates["lost"]) == (ended.count("Closed Won"), ended.count("Closed Lost"))
