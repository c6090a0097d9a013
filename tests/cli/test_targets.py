"""`nippo target`: what each owner is to sell in a month."""

from pathlib import Path

import pytest
from shell import Shell


def standing(nippo: Shell, *argv: str) -> list[tuple[str, str, int]]:
    """The targets that stand."""
    found = nippo.done("target", "list", "--json", *argv).json["targets"]
    return [(t["owner"], t["month"], t["amount"]) for t in found]


@pytest.mark.parametrize(
    ("said", "month"),
    [("2026-10", "2026-10"), ("2026年10月", "2026-10"), ("来月", "2026-12"), ("10月", "2027-10"), ("11月", "2026-11")],
)
def test_a_month_is_said_as_people_say_it(kept: Shell, said, month):
    """Without a year it is the next that is not over."""
    kept.done("target", "set", "佐藤", said, "500万")
    assert standing(kept) == [("佐藤", month, 5_000_000)]


@pytest.mark.parametrize(
    "argv",
    [
        ("佐藤", "上期", "500万"),
        ("佐藤", "2026-10-01", "500万"),
        ("佐藤", "いつか", "500万"),
        ("佐藤", "2026-10", "たくさん"),
        ("佐藤", "2026-10", "▲100"),
        (" ", "2026-10", "100"),
        ("", "2026-10", "100"),
    ],
)
def test_what_is_no_month_or_amount_is_refused(kept: Shell, argv):
    """Nothing is written then."""
    answer = kept("target", "set", *argv)
    assert answer.code == 2, answer.err
    assert standing(kept) == []


def test_the_latest_stands(kept: Shell):
    """By owner, however the name is written, and month; undo brings the one before back."""
    kept.done("target", "set", "佐藤", "2026-10", "500万")
    kept.done("target", "set", "佐藤 ", "2026-10", "600万")
    kept.done("target", "set", "鈴木", "2026-10", "100万")
    assert standing(kept) == [("佐藤", "2026-10", 6_000_000), ("鈴木", "2026-10", 1_000_000)]
    assert standing(kept, "--owner", "佐") == [("佐藤", "2026-10", 6_000_000)]
    kept.done("undo")
    kept.done("undo")
    assert standing(kept) == [("佐藤", "2026-10", 5_000_000)]


def test_somebody_without_a_deal_is_pointed_out(kept: Shell):
    """A name that is mistyped is seen at once."""
    assert "サトウ さんが担当の案件はまだありません" in kept.done("target", "set", "サトウ", "来月", "1").err
    assert kept.done("target", "set", "佐藤", "来月", "1").err == ""


def test_a_dry_run_sets_nothing(kept: Shell):
    """And says what it would."""
    assert (
        "佐藤 さんの 2026-12 の目標を 1円 にしました"
        in kept.done("target", "set", "佐藤", "来月", "1", "--dry-run").out
    )
    assert standing(kept) == []


@pytest.mark.parametrize("head", ["owner,month,amount", "担当,月,目標"])
def test_a_table_needs_no_map(kept: Shell, tmp_path: Path, head):
    """The second import of it adds nothing; another amount takes the first one's place."""
    path = tmp_path / "targets.csv"
    path.write_text(f'{head}\n佐藤,2026-10,"5,000,000"\n佐藤,2026/11,500万\n鈴木,2026年11月,300万\n', encoding="utf-8")
    assert kept.done("target", "import", str(path), "--json").json["taken"] == 3
    assert kept.done("target", "import", str(path), "--json").json["known"] == 3
    path.write_text(f"{head}\n佐藤,2026-10,600万\n佐藤,2026-11,500万\n", encoding="utf-8")
    found = kept.done("target", "import", str(path), "--json").json
    assert (found["taken"], found["known"]) == (1, 1)
    assert standing(kept, "--owner", "佐藤") == [("佐藤", "2026-10", 6_000_000), ("佐藤", "2026-11", 5_000_000)]
    kept.done("undo")
    assert ("佐藤", "2026-10", 5_000_000) in standing(kept)


def test_a_table_with_other_columns_has_a_map(kept: Shell, tmp_path: Path):
    """The same picks as any map has."""
    (tmp_path / "plan.csv").write_text("氏,いつ,千円\nS,2026-10,5000千\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(
        "source: 計画\nowner: {column: 氏, values: {S: 佐藤}}\nmonth: いつ\namount: 千円\n", encoding="utf-8"
    )
    kept.done("target", "import", "plan.csv", "--map", "map.yaml")
    assert standing(kept) == [("佐藤", "2026-10", 5_000_000)]


@pytest.mark.parametrize(
    ("head", "map_text"),
    [
        ("担当,全社,案件種別,年月,目標額", ""),
        ("owner,team,kind,month,amount", ""),
        (
            "人,全,種,いつ,円",
            "source: 計画\nowner: 人\nteam: {column: 全, values: {計: yes}}\nkind: 種\nmonth: いつ\namount: 円\n",
        ),
    ],
)
def test_a_table_holds_the_teams_and_the_kinds_targets_too(kept: Shell, tmp_path: Path, head, map_text):
    """By hand: the team's 900万 stand beside its owners' 500万 + 300万 and its kinds' 700万, none added to another; a kind by its
    label or key, the team by a mark or in the owner's place. Once more it adds nothing, and another amount takes its place."""
    mark = "計" if map_text else "○"
    rows = (
        "佐藤,,,2026-12,500万",
        "鈴木,,,2026-12,300万",
        f",{mark},,2026-12,900万",
        ",,新規,2026-12,400万",
        ",,renewal,2026-12,300万",
    )
    rows += ("全社,,,2027-01,950万",)
    (tmp_path / "plan.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    (tmp_path / "map.yaml").write_text(map_text, encoding="utf-8")
    argv = ("target", "import", "plan.csv", *(("--map", "map.yaml") if map_text else ()), "--json")
    assert kept.done(*argv).json["taken"] == 6
    assert kept.done(*argv).json["known"] == 6
    listed = kept.done("target", "list", "--json").json["targets"]
    assert {(t["owner"], t["kind"], t["month"], t["amount"]) for t in listed} == {
        ("佐藤", None, "2026-12", 5_000_000), ("鈴木", None, "2026-12", 3_000_000), (None, None, "2026-12", 9_000_000),
        (None, "new", "2026-12", 4_000_000), (None, "renewal", "2026-12", 3_000_000), (None, None, "2027-01", 9_500_000),
    }  # fmt: skip
    month = next(m for m in kept.done("landing", "--json").json["months"] if m["month"] == "2026-12")
    assert month["target"] == 9_000_000
    text = (tmp_path / "plan.csv").read_text(encoding="utf-8").replace("900万", "1000万").replace("400万", "450万")
    (tmp_path / "plan.csv").write_text(text, encoding="utf-8")
    refused = kept(*argv, "--changed", "reject").json["rejects"]
    assert [p["needs"] for row in refused for p in row["problems"]] == ["target.other_amount_of_all"] * 2
    assert kept.done(*argv).json["taken"] == 2


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("佐藤,○,,2026-10,1", "exchange.flat.target_of_one"),
        ("佐藤,,新規,2026-10,1", "exchange.flat.target_of_one"),
        (",,,2026-10,1", "exchange.flat.needs_owner"),
        (",たぶん,,2026-10,1", "entry.needs.boolean"),
        (",,保守,2026-10,1", "entry.needs.choice"),
        (",○,,2026-09,2", "exchange.flat.target_twice"),
        (",,新規,2026-09,2", "exchange.flat.target_twice"),
        ("全社,,,2026-09,2", "exchange.flat.target_twice"),
    ],
)
def test_a_row_says_whose_target_it_is_and_one_alone(kept: Shell, tmp_path: Path, row, key):
    """An owner's, the team's or a kind's; nothing is written."""
    head = "owner,team,kind,month,amount\n,○,,2026-09,1\n,,new,2026-09,1\n"
    (tmp_path / "plan.csv").write_text(f"{head}{row}\n", encoding="utf-8")
    answer = kept("target", "import", "plan.csv", "--json")
    assert (answer.code, [p["needs"] for p in answer.json["rejects"][0]["problems"]]) == (3, [key])
    assert kept.done("target", "list", "--json").json["targets"] == []


def test_a_table_or_map_that_says_nobodys_target_is_refused(kept: Shell, tmp_path: Path):
    """With the columns that would do."""
    (tmp_path / "plan.csv").write_text("month,amount\n2026-10,1\n", encoding="utf-8")
    assert "担当者" in kept("target", "import", "plan.csv").err
    (tmp_path / "map.yaml").write_text("source: 計画\nmonth: month\namount: amount\n", encoding="utf-8")
    answer = kept("target", "import", "plan.csv", "--map", "map.yaml")
    assert (answer.code, "owner" in answer.err) == (2, True)
    (tmp_path / "teams.csv").write_text("全社,month,amount\n○,2026-10,1\n", encoding="utf-8")
    assert kept.done("target", "import", "teams.csv", "--json").json["taken"] == 1


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (",2026-10,1", "exchange.flat.needs_owner"),
        ("佐藤,,1", "exchange.flat.needs_month"),
        ("佐藤,10月,1", "exchange.needs.year"),
        ("佐藤,上期,1", "target.needs.month"),
        ("佐藤,2026-10,", "exchange.flat.needs_amount"),
        ("佐藤,2026-10,多め", "money.needs.yen"),
        ("佐藤,2026-09,2", "exchange.flat.target_twice"),
        ("ABC商会,2026-09,2\nＡＢＣ商会,2026-09,2", "exchange.flat.target_twice"),
    ],
)
def test_a_row_that_is_no_target_is_rejected(kept: Shell, tmp_path: Path, row, key):
    """With its reason; nothing is written."""
    (tmp_path / "plan.csv").write_text(f"owner,month,amount\n佐藤,2026-09,1\n{row}\n", encoding="utf-8")
    answer = kept("target", "import", "plan.csv", "--json")
    assert (answer.code, [p["needs"] for p in answer.json["rejects"][0]["problems"]]) == (3, [key])
    assert standing(kept) == []


def test_a_target_learned_later_is_not_there_yet(kept: Shell):
    """Today's target is no part of yesterday's page."""
    kept.done("target", "set", "佐藤", "2026-10", "500万")
    assert standing(kept, "--as-of", "2026-11-22") == []
