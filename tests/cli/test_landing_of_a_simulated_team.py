"""The landing of a team whose truth is known: it was made by dice."""

import csv
import math
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from shell import Shell

SCHEMA = """\
nippo: 1
name: t
stages: [{key: lead, label: 引合}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
confidence: [{key: A, label: A, chance: 95%}, {key: B, label: B, chance: 60%}, {key: C, label: C, chance: 30%}]
quiet: 3000
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: amount, label: 金額, type: money, role: amount}
  - {key: confidence, label: 確度, type: choice, role: confidence}
  - {key: closes, label: 受注予定, type: date, role: closes}
"""
MAP = """\
source: dice
deal: deal
key: row
fields: {customer: customer, stage: stage, amount: amount, confidence: confidence, facts: facts, closes: closes}
entries: [{on: {column: "on", format: "%Y-%m-%d"}}]
"""
# What the ranks come to in truth: less than the schema says of each.
TRUTH = {"A": 0.8, "B": 0.5, "C": 0.1}
A_MONTH = 12
FIRST, MONTHS = 2024 * 12 + 5, 29


@pytest.fixture
def team(nippo: Shell, tmp_path: Path) -> Shell:
    """From June 2024 to October 2026 twelve deals of each rank a month: of 100万 each, promised two months before for the 15th of the
    month, on which each is won or lost by its rank's true share."""
    dice = random.Random(20261130)
    (tmp_path / "t.yaml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")
    with (tmp_path / "deals.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["row", "deal", "customer", "on", "stage", "amount", "confidence", "facts", "closes"])
        for month in range(FIRST, FIRST + MONTHS):
            ends = date(month // 12, month % 12 + 1, 15)
            for rank, share in TRUTH.items():
                for n in range(A_MONTH):
                    name = f"{ends:%Y-%m} {rank}{n}"
                    begins = ends - timedelta(days=60)
                    rows.writerow([f"{name} 1", name, f"{name}社", begins, "lead", 1_000_000, rank, "話した", ends])
                    fate = "won" if dice.random() < share else "lost"
                    rows.writerow([f"{name} 2", name, "", ends, fate, "", "", "決まった", ""])
    nippo.done("import", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.yaml"))
    return nippo


def test_the_record_finds_what_the_ranks_come_to(team: Shell) -> None:
    """At the end of October 2026, 348 deals of each rank are closed: each share lies within three standard errors of the truth, where
    the schema's lies outside."""
    page = team.done("landing", "--as-of", "2026-10-31", "--json").json
    closed = A_MONTH * MONTHS
    for cell in page["total"]["by_rank"]:
        if cell["rank"] in TRUTH:
            truth = TRUTH[cell["rank"]]
            error = 3 * math.sqrt(truth * (1 - truth) / closed)
            assert (cell["n"], cell["source"]) == (closed, "record")
            assert abs(cell["share"] - truth) < error


def test_the_line_by_the_record_is_right_on_average_and_the_promised_one_is_not(team: Shell) -> None:
    """Of 36 deals promised for a month 16.8 come in the mean. The line by the record misses the sum by chance alone: its mean over the
    months lies within three standard errors of nothing, what was promised some nineteen million too high, and it is the best."""
    page = team.done("landing", "--as-of", "2026-10-31", "--json").json
    record = page["record"]
    # On the first months' eves fewer than ten deals were closed, and the schema's shares stood in.
    known = [month for month in record if month["month"] >= "2025-01"]
    spread = math.sqrt(sum(A_MONTH * share * (1 - share) for share in TRUTH.values())) * 1_000_000
    bias = sum(month["by_record"] - month["came"] for month in known) / len(known)
    assert abs(bias) < 3 * spread / math.sqrt(len(known))
    assert all(month["promised"] == 36_000_000 for month in known)
    scores = {score["line"]: score for score in page["record_scores"]["lines"]}
    assert scores["promised"]["bias"] == pytest.approx(19_200_000, abs=3 * spread / math.sqrt(12))
    # The best line of two that both know the truth is either; what was promised never is.
    assert page["record_scores"]["best"] in ("by_record", "mean")
    assert scores["by_record"]["error"] < scores["promised"]["error"] / 3


def test_what_is_promised_next_comes_to_what_it_truly_does(team: Shell) -> None:
    """Twelve deals of each rank promised for December: by the record some 16.8 million, by the schema 22.2."""
    for rank in TRUTH:
        for n in range(3):
            team.done(
                "add", f"次 {rank}{n}", "--new-deal", "--customer", f"次{rank}{n}社", "--amount", "400万", "--confidence", rank,
                "--closes", "2026-12-15", "-m", "話した", "--stage", "lead",
            )  # fmt: skip
    december = team.done("landing", "--json").json["months"][1]
    assert december["month"] == "2026-12"
    assert december["by_record"] == pytest.approx(12_000_000 * sum(TRUTH.values()), rel=0.1)
