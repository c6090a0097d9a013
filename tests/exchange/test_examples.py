"""The examples give the figures of their data. The oracle is the standard library's csv and statistics alone."""

import csv
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime
from fractions import Fraction
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rows import drafts

from nippo_cli.base.dates.when import read_when
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.drafts import Import, Taken
from nippo_cli.exchange.flat_map import SALES, fit_flat_map, load_flat_map
from nippo_cli.exchange.ledger import SaleDraft, read_sales
from nippo_cli.exchange.map_reading import load_map_file
from nippo_cli.exchange.sifting import Rejected, Skipped
from nippo_cli.exchange.source import open_source
from nippo_cli.gaps.facts import LiveStay, Sale
from nippo_cli.gaps.held_orders import Books
from nippo_cli.gaps.matching import Dues, order_of
from nippo_cli.gaps.stalled import stalled
from nippo_cli.gaps.unlinked import reconciled
from nippo_cli.line.facts import DealEvent, DealRecord, lead_days
from nippo_cli.line.history import build_history
from nippo_cli.line.metrics import metrics_of
from nippo_cli.line.norm import Norms
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.load import load_schema

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
EXAMPLES = ROOT / "examples"


class Example:
    """An example's agreement and what its map makes of a file."""

    def __init__(self, name: str, path: Path, zone: str) -> None:
        schema = EXAMPLES / name / "schema.yaml"
        self.schema = load_schema(schema.read_text(encoding="utf-8"), str(schema))
        found = load_map_file(EXAMPLES / name / "import.yaml")
        how = Import(found, self.schema, date(2026, 11, 23), zone)
        self.rows = list(drafts(open_source(path, found.options()), how))
        self.drafts = [draft for row in self.rows if isinstance(row, Taken) for draft in row.drafts]

    def lines(self, as_of: date):
        """The line of each deal from what was known and dated by a day, entries of one day in the file's order."""
        points = defaultdict(list)
        for place, d in enumerate(self.drafts, start=1):
            if d.known_on <= as_of and d.on <= as_of:
                v = d.values
                points[d.deal_name].append(
                    DealEvent(
                        place, d.on, v.get("stage"), True, d.author, None, v.get("customer"), None, v.get("amount"),
                        read_when(v["closes"]) if "closes" in v else None, None, None, None,
                    )
                )  # fmt: skip
        for name, own in points.items():
            own.sort(key=lambda p: (p.on, p.id))
            yield build_history(DealRecord(own[0].id, name), own, self.schema)


def needed(path: Path) -> Path:
    """The file, or a skip that says why."""
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


@pytest.fixture(scope="module")
def maven():
    """The Maven example, imported."""
    return Example("maven_crm", needed(DATA / "maven_crm" / "sales_pipeline.csv"), "America/New_York")


@pytest.fixture(scope="module")
def history():
    """The Salesforce example, imported."""
    path = DATA / "salesforce_opportunity_history" / "Opportunity History.csv"
    return Example("salesforce_history", needed(path), "Asia/Tokyo")


@pytest.fixture(scope="module")
def pipelines():
    """The CRM pipelines example, imported."""
    path = DATA / "crm_pipelines_c17" / "CRM-and-Sales-Pipelines.csv"
    return Example("crm_pipelines_c17", needed(path), "America/New_York")


@pytest.fixture(scope="module")
def slips():
    """The Python release schedules, imported."""
    return Example("python_release_slips", needed(DATA / "python_release_slips" / "revisions.csv"), "UTC")


@pytest.fixture(scope="module")
def pipeline():
    """The Maven rows, by the csv module."""
    with needed(DATA / "maven_crm" / "sales_pipeline.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def day(text: str) -> date | None:
    """An ISO date or nothing."""
    return date.fromisoformat(text) if text else None


def test_the_undated_rows_of_maven_are_rejected_for_their_date_alone(maven, pipeline):
    """8,300 deals are taken, 500 rows rejected, and none is skipped."""
    assert Counter(map(type, maven.rows)) == {Taken: 8300, Rejected: 500}
    rejected = [row for row in maven.rows if isinstance(row, Rejected)]
    assert {p.needs.key for row in rejected for p in row.problems} == {"exchange.needs.date"}
    assert {p.where.field for row in rejected for p in row.problems} == {"engage_date"}
    undated = [place for place, row in enumerate(pipeline, start=2) if not row["engage_date"]]
    assert [row.line for row in rejected] == undated
    assert len({d.source_key for d in maven.drafts}) == len(maven.drafts) == 8300 + 4238 + 2473


def test_products_go_by_the_names_of_the_price_list(maven):
    """`GTXPro` is `GTX Pro` in products.csv."""
    with needed(DATA / "maven_crm" / "products.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["product"] for row in csv.DictReader(stream)}
    assert {d.values["product"] for d in maven.drafts} == listed


def test_maven_gives_its_figures(maven):
    """Those of the data's own page, as of the last day of 2017."""
    heads = [line.head for line in maven.lines(date(2017, 12, 31))]
    assert Counter(h.fate for h in heads) == {"won": 4238, "lost": 2473, "live": 1589}
    assert round(4238 / (4238 + 2473), 4) == 0.6315
    assert sum(h.amount or 0 for h in heads if h.fate == "won") == 10_005_534
    assert all(h.amount is None for h in heads if h.fate != "won")
    won = [lead_days(h) for h in heads if h.fate == "won"]
    lost = [lead_days(h) for h in heads if h.fate == "lost"]
    assert (statistics.median(won), round(statistics.mean(won), 3)) == (57, 51.782)
    assert (statistics.median(lost), round(statistics.mean(lost), 3)) == (14, 41.479)
    assert sum(not h.customer for h in heads) == 1425 - 337


@pytest.mark.parametrize("as_of", [date(2016, 12, 31), date(2017, 3, 31), date(2017, 6, 30), date(2017, 12, 31)])
def test_maven_as_it_was_known_on_a_day(maven, pipeline, as_of):
    """Deals, fates, money and lead times as of the day, against the rows themselves."""
    begun = [r for r in pipeline if day(r["engage_date"]) and day(r["engage_date"]) <= as_of]
    ended = [r for r in begun if day(r["close_date"]) and day(r["close_date"]) <= as_of]
    fates = Counter(r["deal_stage"].lower() for r in ended)
    heads = [line.head for line in maven.lines(as_of)]
    assert len(heads) == len(begun)
    assert Counter(h.fate for h in heads if h.fate != "live") == fates
    assert sum(h.amount or 0 for h in heads) == sum(int(r["close_value"]) for r in ended)
    days = sorted((day(r["close_date"]) - day(r["engage_date"])).days for r in ended)
    assert sorted(d for h in heads if (d := lead_days(h)) is not None) == days
    assert Counter(h.owner for h in heads) == Counter(r["sales_agent"] for r in begun)


@pytest.mark.parametrize("as_of", [date(2017, 6, 30), date(2017, 9, 30), date(2017, 12, 31)])
def test_maven_deals_stall_beyond_the_norm_that_the_won_ones_set(maven, pipeline, as_of):
    """The norm is the nearest-rank P90 of the won deals' days; stalled is every live deal beyond it."""
    rows = [(day(r["engage_date"]), day(r["close_date"]), r) for r in pipeline if r["engage_date"]]
    won = sorted((b - a).days for a, b, r in rows if r["deal_stage"] == "Won" and b <= as_of)
    norm = won[ceil(Fraction(9, 10) * len(won)) - 1]
    live = {r["opportunity_id"]: (as_of - a).days for a, b, r in rows if a <= as_of and (b is None or b > as_of)}

    lines = list(maven.lines(as_of))
    counted, censored, names = Counter(), Counter(), {}
    for line in lines:
        counted.update(metrics_of(line))
        names[line.head.id] = line.head.name
        if line.head.fate == "live":
            censored[(as_of - line.head.entered_on).days] += 1
    norms = Norms(maven.schema, counted, {"engaging": censored})
    stays = [
        LiveStay(h.id, h.stage, h.kind, h.entered_on, h.amount, ()) for line in lines if (h := line.head).fate == "live"
    ]
    found, count = stalled(stays, norms, ClosedDays(()), as_of=as_of, since=as_of)
    assert [(n.stage, n.days, n.n) for n in norms.used()] == [("engaging", norm, len(won))]
    assert {names[f.deal]: f.stay_days for f in found} == {k: d for k, d in live.items() if d > norm}
    assert (count.live, count.stalled) == (len(live), sum(d > norm for d in live.values()))


def test_every_dollar_that_maven_won_is_in_its_ledger(maven, pipeline):
    """Month by month what the rows say; held against the orders both sums are 10,005,534."""
    path = needed(DATA / "maven_crm" / "sales_pipeline.csv")
    found = load_flat_map(EXAMPLES / "maven_crm" / "ledger.yaml", SALES)
    source = open_source(path, found.options())
    zone = ZoneInfo("America/New_York")
    kitchen = CellReader(maven.schema, date(2026, 11, 23), zone, found.empty, found.defused)
    rows = list(read_sales(source, fit_flat_map(found, source), kitchen))
    assert Counter(map(type, rows)) == {SaleDraft: 4238, Skipped: 8800 - 4238}

    months, ledger = Counter(), Counter()
    for r in pipeline:
        if r["deal_stage"] == "Won":
            months[r["close_date"][:7]] += int(r["close_value"])
    sold = [row for row in rows if isinstance(row, SaleDraft)]
    for row in sold:
        ledger[row.on.isoformat()[:7]] += row.amount
    assert ledger == months

    heads = {line.head.id: line.head for line in maven.lines(date(2017, 12, 31))}
    by_name = {head.name: head.id for head in heads.values()}
    sales = [
        Sale(n, row.on, row.customer, row.amount, by_name[row.deal_said], row.reference, row.note)
        for n, row in enumerate(sold)
    ]
    orders = {deal: order_of(head) for deal, head in heads.items() if head.fate == "won"}
    dues = Dues(maven.schema, ClosedDays(()))
    page = reconciled(
        Books(sales, {s.deal: [s] for s in sales}), orders, {}, dues,
        as_of=date(2017, 12, 31), since=date(2017, 1, 1),
    )  # fmt: skip
    assert page.findings == []
    assert page.balance.matched == page.balance.ledger == page.balance.won == (4238, 10_005_534)

    unnamed = [s._replace(deal=None) for s in sales]
    page = reconciled(Books(unnamed, {}), orders, {}, dues, as_of=date(2017, 12, 31), since=date(2017, 1, 1))
    assert page.balance.proposed == (4238, 10_005_534)
    assert {p.sales[0].reference: heads[p.deal].name for p in page.proposals} == {
        s.reference: s.reference for s in sales
    }


def test_salesforce_gives_its_figures(history):
    """477 stays, 72 backward moves in 55 of 219 deals, and the completed stays of each stage."""
    assert not [row for row in history.rows if isinstance(row, Rejected | Skipped)]
    assert len(history.drafts) == len({d.source_key for d in history.drafts}) == 584
    lines = list(history.lines(date(2022, 12, 31)))
    assert len(lines) == 219
    assert sum(len(line.stays) for line in lines) == 477
    back = [sum(stay.step < 0 for stay in line.stays) for line in lines]
    assert (sum(back), sum(n > 0 for n in back)) == (72, 55)
    days = defaultdict(list)
    for line in lines:
        for stay in line.stays:
            if stay.days is not None:
                days[stay.stage].append(stay.days)
    assert {s: (len(d), statistics.median(d)) for s, d in days.items()} == {
        "prospecting": (132, 35.5), "qualification": (41, 27), "value_proposition": (43, 13), "negotiation": (42, 14.5),
    }  # fmt: skip
    assert round(statistics.mean(days["prospecting"]), 2) == 64.36
    fates = Counter(line.head.fate for line in lines)
    assert round(fates["won"] / (fates["won"] + fates["lost"]), 4) == 0.6096


def test_salesforce_stays_are_the_runs_of_its_rows(history):
    """Stay by stay, against the rows in date order, ties in the file's."""
    path = DATA / "salesforce_opportunity_history" / "Opportunity History.csv"
    runs = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [(datetime.strptime(r["CreatedDate"], "%d/%m/%Y").date(), r) for r in csv.DictReader(stream)]  # noqa: DTZ007
    for on, row in sorted(rows, key=lambda pair: pair[0]):
        own = runs[row["OppID"]]
        if not own or own[-1][0] != row["StageName"]:
            own.append((row["StageName"], on))
    label = history.schema.stage_label
    found = {
        line.head.name: [(label(s.stage), s.entered_on) for s in line.stays]
        for line in history.lines(date(2022, 12, 31))
    }
    assert found == dict(runs)


def test_the_pipelines_give_their_overdue_dates(pipelines):
    """Of 723 open opportunities, 338 are past their expected close on 2024-09-21."""
    as_of = date(2024, 9, 21)
    live = [line.head for line in pipelines.lines(as_of) if line.head.fate == "live"]
    assert len(live) == 723
    assert sum(h.closes.last < as_of for h in live) == 338


def test_the_pipelines_give_how_far_dates_ran(pipelines):
    """348 closed: 308 before their expected close, 40 after it, the median 129.5 days early."""
    runs = Counter()
    for line in pipelines.lines(date(2024, 9, 21)):
        runs.update({s.days: n for s, n in metrics_of(line).items() if s.what == "run"})
    days = sorted(runs.elements())
    assert (len(days), sum(d < 0 for d in days), sum(d > 0 for d in days)) == (348, 308, 40)
    assert statistics.median(days) == -129.5


def test_the_release_schedules_give_their_moves(slips):
    """244 items, 195 pushes and 53 pulls; 74 were revised at least twice."""
    heads = [line.head for line in slips.lines(date(2026, 11, 23))]
    assert len(heads) == 244
    assert (sum(h.pushes for h in heads), sum(h.pulls for h in heads)) == (195, 53)
    assert sum(h.pushes + h.pulls >= 2 for h in heads) == 74


def test_each_move_of_a_release_is_the_difference_of_its_dates(slips):
    """Against the file's own column of the date before."""
    with (DATA / "python_release_slips" / "revisions.csv").open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["previous_planned_date"]]
    moves = Counter((day(r["planned_date"]) - day(r["previous_planned_date"])).days for r in rows)
    found = Counter(
        p.move for line in slips.lines(date(2026, 11, 23)) for p in line.promises if p.what == "closes" and p.move
    )
    assert found == moves
