"""Entries that break the schema: told whole, kept as a draft, and recorded once they are mended."""

import json
import re
from pathlib import Path

import pytest
from shell import FIRST, Shell


def draft_of(nippo: Shell, said: str) -> tuple[str, Path]:
    """The draft that an error names, and where it lies."""
    found = re.search(r"nippo --journal (\S+) add --resume", said)
    assert found, said
    assert Path(found[1]) == nippo.journal
    latest = nippo.done("draft", "list", "--json").json["drafts"][0]
    return str(latest["number"]), Path(latest["path"])


def nippo_state(nippo: Shell) -> Path:
    """The state folder of the journal: there is one journal."""
    (folder,) = (nippo.journal.parent / "state" / "nippo" / "journals").iterdir()
    return folder


def test_all_that_is_missing_is_told_at_once(nippo: Shell):
    """Every required field of the step by its label, exit 3, and nothing is written."""
    answer = nippo("add", "新案件", "--new-deal", "--stage", "見積", "--activity", "訪問")
    assert (answer.code, answer.out) == (3, "")
    for label in ("顧客", "面談者", "事実", "金額", "受注予定日", "確度", "次の一手", "次の一手の期日"):
        assert label in answer.err
    for label in ("顧客", "面談者", "事実", "金額", "受注予定日", "確度", "次の一手", "次の一手の期日"):
        assert re.search(rf"^  {label}を記入してください", answer.err, re.MULTILINE), label
    assert nippo("deal", "show", "新案件").code == 4
    assert nippo("log").code == 4


def test_the_draft_is_recorded_once_it_is_mended(nippo: Shell):
    """What was typed is kept, its owner's alone; resumed with what was missing it goes in as it is, and is gone."""
    answer = nippo("add", "新案件", *FIRST, "--on", "11/20", "--people", "田中（部長）")
    assert answer.code == 3
    number, draft = draft_of(nippo, answer.err)
    assert draft.stat().st_mode & 0o777 == 0o600
    assert draft.parent.stat().st_mode & 0o777 == 0o700
    (kept,) = json.loads(draft.read_text(encoding="utf-8"))["reports"]
    assert (kept["deal"], kept["customer"], kept["people"]) == ("新案件", "青葉製作所", ["田中（部長）"])
    again = nippo("draft", "resume", number)
    assert (again.code, draft_of(nippo, again.err)[0]) == (3, number)
    found = nippo.done("draft", "resume", number, "-m", "装置が古い", "--json").json
    assert (found["entry"]["on"], found["new_deal"]) == ("2026-11-20", True)
    assert found["entry"]["values"]["facts"] == "装置が古い"
    assert found["entry"]["values"]["people"] == [{"name": "田中", "title": "部長"}]
    assert nippo.done("draft", "list", "--json").json["drafts"] == []


def test_a_file_of_reports_goes_in_whole_or_not_at_all(nippo: Shell, tmp_path: Path):
    """One report of two breaks the schema: its line is named, and neither is written."""
    file = tmp_path / "reports.yaml"
    good = "- {on: 11/20, activity: 社内, facts: 打合せ}\n"
    file.write_text(f"{good}- {{on: 11/21, activity: 散歩, facts: 歩いた}}\n", encoding="utf-8")
    answer = nippo("add", "--from-file", str(file))
    assert answer.code == 3
    assert "散歩" in answer.err
    assert "reports.yaml" in answer.err
    assert nippo("log").code == 4
    file.write_text(good * 2, encoding="utf-8")
    nippo.done("add", "--from-file", str(file))
    assert nippo.done("log", "--json").json["total"] == 2


def test_a_date_that_cannot_be_read_names_what_can(kept: Shell):
    """Never a guess: the day as typed, what is read, and exit 2; as a field's value it breaks the entry, exit 3."""
    assert kept("add", "案件", "--activity", "電話", "-m", "x", "--on", "13/45").code == 2
    answer = kept("add", "案件", "--activity", "電話", "-m", "x", "--on", "何時か")
    assert answer.code == 2
    assert "何時か" in answer.err
    assert "9月1日" in answer.err
    answer = kept("add", "案件", "--activity", "電話", "-m", "x", "--next-on", "そのうち")
    assert answer.code == 3
    assert "そのうち" in answer.err
    for command in (
        ("log", "--since", "foo"),
        ("log", "--until", "foo"),
        ("gap", "--since", "-3"),
        ("--as-of", "foo", "log"),
    ):
        assert kept(*command).code == 2


def test_a_stage_outside_the_schema_lists_those_inside(kept: Shell):
    """Every allowed stage by its label, and exit 3."""
    answer = kept("add", "案件", "--activity", "電話", "-m", "x", "--stage", "契約")
    assert answer.code == 3
    assert "契約" in answer.err
    for label in ("引合", "デモ・サンプル評価", "内示", "受注", "失注", "追加提案"):
        assert label in answer.err
    # As a filter it is a bad value of the command's own.
    assert kept("deal", "list", "--stage", "契約").code == 2


def test_several_wrong_values_are_told_together(kept: Shell):
    """Stage, amount and date in one answer, each as typed."""
    answer = kept(
        "add", "案件", "--activity", "電話", "-m", "x", "--stage", "契約", "--amount", "百", "--next-on", "いつか"
    )
    assert answer.code == 3
    assert set(re.findall(r"^  (\w+): ", answer.err, re.MULTILINE)) == {"フェーズ", "金額", "次の一手の期日"}


def test_full_width_digits_are_digits(nippo: Shell):
    """In amounts, in days, in ids and in counts."""
    entry = nippo.deal("案件", "--amount", "１，２００万", "--on", "１１／２０", "--closes", "２０２７年３月")
    found = nippo.done("show", "３", "--json").json
    assert (entry, found["on"], found["values"]["amount"]) == ("3", "2026-11-20", 12_000_000)
    assert found["values"]["closes"] == "2027-03-01/2027-03-31"
    assert nippo.done("log", "--limit", "１", "--json").code == 0
    assert nippo.done("gap", "--min-stay", "６０ｄ", "--json").code == 0
    assert (
        nippo.done("sales", "add", "--amount", "￥１，２００", "--deal", "案件", "--json").json["params"]["amount"]
        == 1200
    )


def test_later_keeps_what_is_there_but_not_what_is_wrong(nippo: Shell):
    """記入待ち covers what is missing; a value that can't be read is still refused. Completed, it is marked no more."""
    found = nippo.done("add", "案件", "--new-deal", "--customer", "青葉", "--stage", "見積", "--later", "--json").json
    assert found["entry"]["incomplete"]
    assert set(found["missing"]) >= {"facts", "amount", "activity"}
    assert nippo("add", "案件", "--stage", "契約", "--later").code == 3
    assert nippo.done("log", "--incomplete", "--json").json["total"] == 1
    nippo.done("edit", found["entry"]["id"], "--activity", "電話", "-m", "x", "--amount", "1万", "--closes", "3月",
               "--confidence", "B", "--next-step", "訪問", "--next-on", "+3d")  # fmt: skip
    assert nippo.done("log", "--incomplete", "--json").json["total"] == 0


@pytest.mark.parametrize("missing", ["schema", "journal"])
def test_what_was_typed_is_kept_whatever_went_wrong(kept: Shell, missing):
    """A schema with problems or a journal that is none keeps the draft too."""
    if missing == "schema":
        kept.schema.write_text("nippo: 1\n", encoding="utf-8")
    else:
        kept.db.write_bytes(b"not a journal")
    answer = kept("add", "案件", "--activity", "電話", "-m", "大事な話")
    assert answer.code == (2 if missing == "schema" else 5)
    (draft,) = (nippo_state(kept) / "drafts").glob("*.json")
    assert "大事な話" in draft.read_text(encoding="utf-8")
    assert "add --resume" in answer.err


def test_a_day_that_cannot_be_read_hides_no_other_problem(kept: Shell):
    """All of an entry's problems at once, the day's among them."""
    answer = kept("add", "案件", "--activity", "散歩", "--amount", "12x", "--on", "何時か")
    assert answer.code == 2
    for said in ("何時か", "散歩", "12x", "事実を記入してください"):
        assert said in answer.err


def test_a_parent_is_for_a_new_deal(kept: Shell):
    """Said of a deal that is there already it would go nowhere, so it is refused."""
    answer = kept("add", "案件", "--activity", "電話", "-m", "x", "--parent", "2")
    assert answer.code == 2
    assert "--parent" in answer.err


def test_a_deals_name_is_one_line(kept: Shell):
    """Tables hold it: however a deal comes by its name."""
    name = "二行の\n名前"
    assert kept("add", name, *FIRST, "-m", "x").code == 3
    assert kept("deal", "rename", "案件", name).code == 2
    assert kept.done("deal", "list", "--json").json["total"] == 1


def test_a_deal_stands_once_among_those_that_may_be_meant(kept: Shell):
    """Whatever names it has had."""
    kept.done("deal", "rename", "案件", "案件あ")
    answer = kept("add", "案件い", "--activity", "電話", "-m", "x")
    assert answer.code == 4
    assert answer.err.count("  2 ") == 1


def test_a_deal_is_not_handed_to_whom_it_has(kept: Shell):
    """A hand-over that changes nothing would stand in the deal's line for good."""
    kept.done("deal", "assign", "案件", "鈴木")
    answer = kept("deal", "assign", "案件", "鈴木")
    assert (answer.code, "鈴木" in answer.err) == (2, True)


@pytest.mark.parametrize(
    "care", [("assign", "2", "鈴木"), ("hold", "2", "--until", "12/31", "--why", "x"), ("merge", "2", "切断")],
    ids=lambda care: care[0],
)  # fmt: skip
def test_who_names_a_deal_by_its_id_is_told_its_name(five: Shell, care):
    """A wrong number is seen at once; data has the id alone, as before."""
    assert "「案件」" in five.done("deal", *care, "--dry-run").out
    assert "called" not in five.done("deal", *care, "--dry-run", "--json").json["params"]


def test_a_correction_to_a_day_ahead_is_noticed_like_an_entry_of_one(kept: Shell):
    """It counts as no contact until then."""
    assert "2026-12-24" in kept.done("edit", "3", "--on", "2026-12-24").err
    answer = kept("edit", "3", "--deal", "知らない")
    assert (answer.code, "--new-deal" in answer.err) == (4, False)


def test_one_text_of_two_deals_is_two_drafts(five: Shell):
    """Whichever deal, customer or parent differs: neither takes the other's place, and recording one drops it alone."""
    said, text = ("--activity", "電話"), ("-m", "年末のごあいさつ。変わりなしとのこと")

    def drafts() -> list[tuple[int, str]]:
        return [(d["number"], d["deal"]) for d in five.done("draft", "list", "--json").json["drafts"]]

    for deal in ("案件", "切断"):
        assert five("add", deal, *said, "--stage", "契約", *text).code == 3
    assert drafts() == [(2, "切断"), (1, "案件")]
    five.done("add", "検査", *said, *text)
    assert drafts() == [(2, "切断"), (1, "案件")]
    five.done("add", "切断", *said, "--stage", "見積", "--later", *text)
    assert drafts() == [(1, "案件")]


def test_one_text_of_two_customers_is_two_drafts(nippo: Shell):
    """Of new deals of one name; the customer that was left out may be added."""
    text = ("-m", "年末のごあいさつ。変わりなしとのこと", "--activity", "訪問")
    assert nippo("add", "更新", "--new-deal", *text).code == 3
    assert nippo("add", "更新", "--new-deal", "--customer", "青葉", *text).code == 3
    assert nippo("add", "更新", "--new-deal", "--customer", "若葉", *text).code == 3
    drafts = nippo.done("draft", "list", "--json").json["drafts"]
    assert [(d["number"], d["customer"]) for d in drafts] == [(2, "若葉"), (1, "青葉")]
