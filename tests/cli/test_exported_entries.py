"""`nippo export -o`: every entry in one table, or as an event log; and the same file back."""

import csv
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shell import Shell

ENDINGS = ("csv", "xlsx", "jsonl", "json", "xes", "xes.gz")
OF_ENTRY = ("on", "known_on", "author", "values", "incomplete")


@pytest.fixture
def lived(nippo: Shell) -> Shell:
    """Entries of every kind of value: people, a coarse date, texts of several lines that begin as formulas do, two customers' deals
    of one name."""
    nippo.deal(
        "機械", "--amount", "120万", "--closes", "2027-03", "--people", "山田:部長:decides", facts="=1+1\n値引、あり〜"
    )
    nippo.done("add", "機械", "--activity", "訪問", "--stage", "見積", "-m", "+81 ¥500 𠮷田様", "--next-step", "電話", "--next-on", "+3d",
               "--on", "2026-11-20", "--later")  # fmt: skip
    nippo.deal("保守", facts="@青葉")
    nippo.done(
        "add",
        "保守",
        "--new-deal",
        "--customer",
        "北斗電機",
        "--activity",
        "電話",
        "--stage",
        "ヒアリング",
        "-m",
        "'=引用",
        "--later",
    )
    return nippo


def entries(nippo: Shell, *, of_deals: bool = False) -> list[dict[str, Any]]:
    """What every entry says, oldest first."""
    listed = nippo.done("log", "--limit", "0", "--json").json["entries"][::-1]
    return [{key: one[key] for key in OF_ENTRY} for one in listed if one["deal"] or not of_deals]


@pytest.mark.parametrize("ending", ENDINGS)
def test_into_its_own_journal_it_brings_nothing(lived: Shell, tmp_path: Path, ending: str):
    """Known again by itself, without a map and without a question; in either language's heads and with keys."""
    for more in ((), ("--heads", "keys"), ("--lang", "en")):
        file = tmp_path / f"out.{ending}"
        lived.done("export", "-o", str(file), "--force", *more)
        said = lived.done("import", str(file), "--json").json
        assert (said["rows"], said["known"], said["taken"]) == (4, 4, 0), more


@pytest.mark.parametrize("ending", ENDINGS)
def test_in_another_journal_it_says_the_same(lived: Shell, tmp_path: Path, ending: str):
    """Under the same schema: days, authors, values; and the two deals of one name stay two. XES has no entries without a deal."""
    file = tmp_path / f"out.{ending}"
    lived.done("export", "-o", str(file))
    new = Shell(lived._capsys, tmp_path / "new")
    new.journal.mkdir()
    new.schema.write_bytes(lived.schema.read_bytes())
    new.done("import", str(file))
    key = lambda one: (one["on"], str(one))  # noqa: E731
    assert sorted(entries(new), key=key) == sorted(entries(lived, of_deals="xes" in ending), key=key)
    assert sorted(deal["customer"] for deal in new.done("deal", "list", "--json").json["deals"]) == [
        "北斗電機", "青葉製作所", "青葉製作所",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_whose_each_deal_is_today_stands_in_every_row(lived: Shell, tmp_path: Path, language: str):
    """To be read: the rows bring it in where a map of one's own says so; by themselves they hand nothing over."""
    lived.done("deal", "assign", "機械", "西村")
    head, file = {"ja": "担当", "en": "Owner"}[language], tmp_path / "out.csv"
    lived.done("--lang", language, "export", "-o", str(file))
    with file.open(encoding="utf-8-sig", newline="") as there:
        rows = list(csv.DictReader(there))
    assert sorted(row[head] for row in rows) == ["佐藤", "佐藤", "西村", "西村"]
    new = Shell(lived._capsys, tmp_path / "new")
    new.journal.mkdir()
    new.schema.write_bytes(lived.schema.read_bytes())
    said = new.done("import", str(file))
    assert "取り込まなかった列" not in said.err
    assert {deal["owner"] for deal in new.done("deal", "list", "--json").json["deals"]} == {"佐藤"}
    mapped = Shell(lived._capsys, tmp_path / "mapped")
    mapped.journal.mkdir()
    mapped.schema.write_bytes(lived.schema.read_bytes())
    lived.done("export", str(tmp_path / "all"))
    text = (tmp_path / "all" / "import.yaml").read_text("utf-8")
    (tmp_path / "own.yaml").write_text(text.replace("author: author\n", "author: author\nowner: owner\n"), "utf-8")
    mapped.done("import", str(tmp_path / "all" / "entries.csv"), "--map", str(tmp_path / "own.yaml"))
    whose = lambda shell: sorted(  # noqa: E731
        (one["name"], one["owner"]) for one in shell.done("deal", "list", "--json").json["deals"]
    )
    assert [owner for _, owner in whose(mapped)] == [owner for _, owner in whose(lived)]


@pytest.mark.parametrize("heads", ["words", "keys"])
def test_a_field_that_is_called_as_the_owner_is_keeps_its_values(nippo: Shell, tmp_path: Path, heads: str):
    """Beside that column; and from a table that was written before there was one."""
    nippo.done("init")
    text = nippo.schema.read_text("utf-8")
    nippo.schema.write_text(
        text.replace("\nfields:\n", "\nfields:\n  - {key: owner, label: 担当, type: text}\n", 1), "utf-8"
    )
    nippo.deal("機械", "--owner", "工場の林")
    new_file, old_file = tmp_path / "new.csv", tmp_path / "old.csv"
    nippo.done("export", "-o", str(new_file), "--heads", heads)
    with new_file.open(encoding="utf-8-sig", newline="") as there:
        head, *rows = csv.reader(there)
    owner, field, called = (
        ("担当 (owner)", "担当 (field_owner)", "担当") if heads == "words" else ("owner", "field_owner", "owner")
    )
    at = head.index(owner)
    with old_file.open("w", encoding="utf-8-sig", newline="") as there:
        csv.writer(there).writerows(
            [*row[:at], *row[at + 1 :]] for row in ([called if one == field else one for one in head], *rows)
        )
    for file in (new_file, old_file):
        other = Shell(nippo._capsys, tmp_path / file.stem)
        other.journal.mkdir()
        other.schema.write_bytes(nippo.schema.read_bytes())
        assert "取り込まなかった列" not in other.done("import", str(file)).err
        assert entries(other) == entries(nippo), file.name


@pytest.mark.parametrize("to", ["out.csv", "out.xlsx", "out.xes", "out"])
def test_what_came_in_by_a_list_goes_out_and_in_again(nippo: Shell, tmp_path: Path, to: str):
    """A list of deals says no activity and no next step, which the schema requires: its entries are taken elsewhere all the same."""
    sheet = "顧客名,案件名,担当,金額,進捗\n甲社,A機,佐藤,100,内示\n乙社,B機,村井,200,提案\n"
    (tmp_path / "案件_20261120.csv").write_text(sheet, encoding="utf-8")
    nippo.done("import", "案件_20261120.csv", "--yes")
    nippo.done("export", *(["-o", to] if "." in to else [to]))
    new = Shell(nippo._capsys, tmp_path / "new")
    new.journal.mkdir()
    new.schema.write_bytes(nippo.schema.read_bytes())
    out = tmp_path / to
    new.done("import", str(out / "entries.csv"), "--map", str(out / "import.yaml")) if out.is_dir() else new.done(
        "import", str(out)
    )
    assert entries(new) == entries(nippo)


def test_a_column_that_the_schema_here_lacks_is_told(lived: Shell, tmp_path: Path):
    """Of a journal with another schema, or one that somebody added in a spreadsheet; what export derives is none."""
    file = tmp_path / "out.csv"
    lived.done("export", "-o", str(file))
    assert "取り込まなかった列" not in lived.done("import", str(file)).err
    with file.open(encoding="utf-8-sig", newline="") as there:
        rows = [[*row, "A" if place else "見込み度"] for place, row in enumerate(csv.reader(there))]
    with file.open("w", encoding="utf-8", newline="") as new:
        csv.writer(new).writerows(rows)
    answer = lived.done("import", str(file))
    assert "取り込まなかった列: 見込み度" in answer.err


def test_what_cp932_lacks_corrects_nothing(lived: Shell, tmp_path: Path):
    """〓 in place of 𠮷 is no correction; in a new journal it stands as it was written."""
    file = tmp_path / "old.csv"
    assert "𠮷" in lived.done("export", "-o", str(file), "--encoding", "cp932").err
    said = lived.done("import", str(file), "--json").json
    assert (said["known"], said["taken"], said["rejected"]) == (4, 0, 0)
    assert "𠮷田様" in str(entries(lived))


def test_a_sheet_that_was_edited_is_a_row_that_changed(lived: Shell, tmp_path: Path):
    """As with the folder's export: refused, corrected by `amend`, left alone by `keep`."""
    file = tmp_path / "out.csv"
    lived.done("export", "-o", str(file))
    file.write_text(file.read_text("utf-8").replace("@青葉", "@青葉様"), "utf-8")
    assert lived("import", str(file)).code == 3
    assert lived.done("import", str(file), "--changed", "keep", "--json").json["known"] == 4
    lived.done("import", str(file), "--changed", "amend")
    assert "@青葉様" in str(entries(lived))


def test_markdown_and_a_pipe(lived: Shell):
    """Every format that answers have; nothing to write to is no answer."""
    assert r"| nippo\_id | nippo\_hash | 日付 |" in lived.done("export", "--format", "md").out
    assert len(lived.done("export", "--json").json["entries"]) == 4
    assert lived.done("export", "--format", "csv").out.startswith("nippo_id,nippo_hash,on,")
    assert lived("export").code == 2
    assert lived("deal", "list", "-o", "x.xes").code == 2
    assert lived("deal", "list", "--format", "xes").code == 2


def test_pm4py_finds_the_same_variants_and_throughput(nippo: Shell, tmp_path: Path):
    """By hand: 機械 ヒアリング → ヒアリング (a contact without a stage) → 受注 in 30 days, 装置 so in 10, 部品 ヒアリング → 見積 → 失注
    in 7."""
    lines = {
        "機械": (("2026-09-01", "ヒアリング"), ("2026-09-11", ""), ("2026-10-01", "受注")),
        "装置": (("2026-10-01", "ヒアリング"), ("2026-10-05", ""), ("2026-10-11", "受注")),
        "部品": (("2026-11-02", "ヒアリング"), ("2026-11-04", "見積"), ("2026-11-09", "失注")),
    }
    rows = ["日,案件,段階"] + [f"{on},{deal},{stage}" for deal, line in lines.items() for on, stage in line]
    (tmp_path / "in.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "map.yaml").write_text(
        "source: x\nrequired: ignore\non: {column: 日, format: '%Y-%m-%d'}\ndeal: 案件\nfields: {stage: 段階}\n",
        "utf-8",
    )
    nippo.done("import", str(tmp_path / "in.csv"), "--map", str(tmp_path / "map.yaml"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py

        for ending in ("xes", "xes.gz"):
            file = tmp_path / f"out.{ending}"
            nippo.done("export", "-o", str(file))
            log = pm4py.read_xes(str(file))
            variants = {tuple(variant): n for variant, n in pm4py.get_variants(log).items()}
            assert variants == {("ヒアリング", "ヒアリング", "受注"): 2, ("ヒアリング", "見積", "失注"): 1}
            days = [timedelta(seconds=seconds).days for seconds in pm4py.get_all_case_durations(log)]
            assert sorted(days) == [7, 10, 30]
            assert set(log["case:concept:name"]) == set(lines)
    # And nippo's own lead times.
    summary = nippo.done("deal", "list", "--summary", "--json").json["lead_time_days"]
    assert (summary["won"]["mean"], summary["lost"]["mean"]) == (20, 7)
