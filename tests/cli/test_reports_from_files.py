"""`nippo add --from-file`: what the file says is all that counts, and what is wrong with it is told by its line."""

from pathlib import Path

import pytest
from shell import Shell

GOOD = "- {deal: 案件, activity: 電話, facts: 話を聞いた}\n"


def written(folder: Path, text: str) -> str:
    """A file of reports."""
    path = folder / "reports.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("beside", "named"),
    [(("案件",), "案件"), (("-m", "別の話"), "--facts"), (("--on", "昨日"), "--on"), (("--by", "佐藤"), "--by"),
     (("--later",), "--later"), (("--new-deal",), "--new-deal"), (("--like", "last"), "--like"), (("-e",), "--edit")],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)  # fmt: skip
def test_nothing_said_beside_a_file_is_lost(kept: Shell, tmp_path: Path, beside, named):
    """It would go nowhere, so it is refused, by its name, and nothing is written."""
    before = kept.done("log", "--json").json["total"]
    answer = kept("add", "--from-file", written(tmp_path, GOOD), *beside)
    assert (answer.code, named in answer.err) == (2, True)
    assert kept.done("log", "--json").json["total"] == before


def test_a_file_is_told_all_that_is_wrong_with_it_at_once(kept: Shell, tmp_path: Path):
    """A missing field, a day that can't be read, a deal that nobody knows: each with its line."""
    missing = "- {deal: 案件, activity: 電話}\n"
    no_day = "- {deal: 案件, activity: 電話, facts: a, on: 2026-13-40}\n"
    text = f"{missing}{no_day}- deal: 案件x\n  activity: 電話\n  facts: b\n"
    answer = kept("add", "--from-file", written(tmp_path, text))
    assert answer.code == 3
    for line in ("reports.yaml:1: 事実を記入してください", "reports.yaml:2 on", "reports.yaml:3 deal"):
        assert line in answer.err
    assert "new_deal: true" in answer.err


def test_an_unknown_deal_of_a_file_says_how_a_file_begins_one(kept: Shell, tmp_path: Path):
    """Exit 4, as by options; the hint is what a file takes, not an option that would be refused."""
    answer = kept("add", "--from-file", written(tmp_path, "- {deal: 知らない, activity: 電話, facts: a}\n"))
    assert answer.code == 4
    assert "new_deal: true" in answer.err
    assert "--new-deal" not in answer.err


@pytest.mark.parametrize("key", ["new_deal", "new-deal"])
def test_a_file_begins_a_deal(kept: Shell, tmp_path: Path, key):
    """The key as documented, or as the option is written; a second report of the file is of the same deal."""
    first = f"{{deal: 新ライン, {key}: yes, customer: 青葉, kind: 部品・消耗品, activity: 電話, facts: a}}"
    kept.done("add", "--from-file", written(tmp_path, f"- {first}\n- {{deal: 新ライン, activity: 電話, facts: b}}\n"))
    assert len(kept.done("deal", "show", "新ライン", "--json").json["entries"]) == 2


def test_a_deal_that_a_refused_report_would_have_begun_is_not_unknown_too(kept: Shell, tmp_path: Path):
    """One fault is told once."""
    first = "- {deal: 新ライン, new_deal: yes, customer: 青葉, kind: 部品・消耗品, activity: 電話}\n"
    text = f"{first}- {{deal: 新ライン, activity: 電話, facts: b}}\n"
    answer = kept("add", "--from-file", written(tmp_path, text))
    assert answer.code == 3
    assert answer.err.count("reports.yaml:") == 1
