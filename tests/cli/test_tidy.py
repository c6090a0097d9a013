"""`nippo tidy`: what is listed, what is not, and that each command does what it is there for."""

import shlex
from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.line.disuse import disuse
from nippo_cli.schema.schema import Activity, Choice, Field, Schema, Stage

SCHEMA = """\
nippo: 1
name: t
stages: [{key: lead, label: 引合い}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
activities: [電話]
causes: [{key: price, label: 価格}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: activity, label: 活動, type: choice, role: activity}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: amount, label: 金額, type: money, role: amount}
  - {key: people, label: 面談者, type: people, role: people}
"""


@pytest.fixture
def diary(nippo: Shell, tmp_path: Path) -> Shell:
    """Two near customers, two near people, two near deals; one lost deal, one without an amount, one without a customer."""
    (tmp_path / "t.yaml").write_text(SCHEMA, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")
    new = ("--new-deal", "-m", "話した", "--stage", "引合い")
    nippo.done("add", "検査装置", *new, "--customer", "青葉製作所", "--amount", "10万", "--people", "山本剛")
    nippo.done("add", "検査 装置", *new, "--customer", "青葉製作所", "--amount", "10万", "--people", "山本課長")
    nippo.done("add", "2号機 装置", *new, "--customer", "青葉製作社", "--amount", "10万")
    nippo.done("add", "3号機 装置", *new, "--customer", "青葉製作社", "--amount", "10万")
    nippo.done("add", "無額", *new, "--customer", "若葉工業")
    nippo.done("add", "無客", *new, "--amount", "5万")
    nippo.done("add", "負け", *new, "--customer", "若葉工業", "--amount", "7万")
    nippo.done("add", "負け", "-m", "断られた", "--stage", "失注")
    return nippo


def rows(shell: Shell) -> dict[str, list[dict[str, object]]]:
    """The rows by kind."""
    by_kind: dict[str, list[dict[str, object]]] = {}
    for row in shell.done("tidy", "--json").json["rows"]:
        by_kind.setdefault(row["kind"], []).append(row)
    return by_kind


def test_each_kind_lists_its_own(diary: Shell) -> None:
    """Two machines that differ in a digit are two; a won or live deal needs no review; seven entries say nothing of fields."""
    shown = rows(diary)
    assert set(shown) == {"customers", "people", "deals", "no_customer", "no_amount", "reviews"}
    assert [(row["one"], row["other"]) for row in shown["customers"]] == [("青葉製作所", "青葉製作社")]
    assert [(row["one"], row["other"]) for row in shown["people"]] == [("山本課長", "山本剛")]
    assert [(row["name"], row["other_name"]) for row in shown["deals"]] == [("検査装置", "検査 装置")]
    assert [row["name"] for row in shown["no_amount"]] == ["無額"]
    assert [row["name"] for row in shown["no_customer"]] == ["無客"]
    assert [row["name"] for row in shown["reviews"]] == ["負け"]


def test_each_command_settles_its_row(diary: Shell) -> None:
    """Typed as it stands, with what only a person can say behind it."""
    said = {
        "no_customer": ("--customer", "若葉工業", "--why", "書き忘れ"),
        "no_amount": ("--amount", "3万", "--why", "聞いた"),
        "reviews": ("-m", "高かった", "--cause", "価格", "--known", "asked"),
    }
    for kind in ("reviews", "no_amount", "no_customer", "deals", "people", "customers"):
        for row in rows(diary)[kind]:
            _, *command = shlex.split(str(row["command"]))
            assert command[:2] == ["--journal", str(diary.journal)], "from wherever it is typed"
            assert diary.bare(*command, *said.get(kind, ())).code == 0
    assert rows(diary) == {}
    assert "片付けるものはありません" in diary.done("tidy").out
    assert diary.done("doctor").code == 0


def test_what_nobody_uses() -> None:
    """Of 60 entries that fill in the rank, 20 for each of its three, none says D, and one fills in the note; of 59 nothing is said of
    ranks, of fewer than 50 nothing at all; a required field is none of them. Of an activity's two 40 are enough."""
    schema = Schema(
        name="t",
        language="ja",
        stages=(Stage("lead", "引合い"),),
        activities=(Activity("call", "電話"), Activity("fair", "展示会")),
        fields=(
            Field("stage", "段階", "choice", "stage"),
            Field("activity", "活動", "choice", "activity"),
            Field("note", "メモ", "text", was=("memo",)),
            Field("law", "法規", "text", required=True),
            Field("rank", "格", "choice", choices=(Choice("a", "A"), Choice("c", "C", was=("z",)), Choice("d", "D"))),
        ),
    )
    entries = [{"activity": "call", "rank": "a"} for _ in range(59)] + [{"memo": "x", "rank": "z"}]
    used = disuse(schema, entries)
    assert [(one.key, one.filled, one.entries, one.idle) for one in used.fields] == [("note", 1, 60, True)]
    assert [(one.field, one.choice) for one in used.choices] == [("activity", "fair"), ("rank", "d")]
    assert [(one.field, one.choice) for one in disuse(schema, entries[1:]).choices] == [("activity", "fair")]
    assert disuse(schema, entries[:49]).fields == []


def test_in_a_young_diary_the_agreement_is_not_judged(nippo: Shell, tmp_path: Path):
    """Seventy entries that say one of three choices: 89 days after the first nothing is said of them, and the page says from when
    on it is; the day after, the two that nobody chose are listed."""
    (tmp_path / "t.yaml").write_text(SCHEMA + BLOCK, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")

    def report(on: str) -> None:
        reports = "".join(
            f"- {{deal: 装置{n}{on}, new_deal: true, customer: 客{n}, stage: 引合い, source: 紹介, facts: 話した{n}, on: {on}}}\n"
            for n in range(70)
        )
        (tmp_path / "r.yaml").write_text(reports, encoding="utf-8")
        nippo.done("add", "--from-file", "r.yaml")

    report("2026-08-26")
    assert "choices" not in rows(nippo)
    assert nippo.done("tidy", "--json").json["judged_on"] == "2026-11-24"
    assert "90日たつ 11/24(火) から挙げます" in nippo.done("tidy").out
    report("2026-08-25")
    assert [row["labels"] for row in rows(nippo)["choices"]] == [["FAX、郵便", "展示会"]]
    assert nippo.done("tidy", "--json").json["judged_on"] is None


def test_a_past_day_is_tidied_as_it_was(diary: Shell) -> None:
    """Of the day before, nothing was there."""
    assert diary.done("tidy", "--as-of", "2026-11-22", "--json").json["rows"] == []


BLOCK = """\
  - key: source  # how they came
    label: 経路
    type: choice
    choices:
      - 紹介
      # nobody has a fax
      - {key: fax, label: "FAX、郵便"}
      - 展示会
"""


@pytest.mark.parametrize("written", ["flow", "block"])
def test_choices_never_chosen_are_taken_out_by_the_command_that_tidy_shows(nippo: Shell, tmp_path: Path, written: str):
    """Sixty-five entries say one of three: the command takes the others out of the file, comments and all else stay, and what
    entries say stays. A field that nobody fills in goes in the same way."""
    source = '  - {key: source, label: 経路, type: choice, choices: [紹介, {key: fax, label: "FAX、郵便"}, 展示会]}  # how they came\n'
    memo = "  - {key: memo, label: 備考, type: text}\n"
    text = SCHEMA + (source if written == "flow" else BLOCK) + memo
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")
    reports = "".join(
        f"- {{deal: 装置{n}, new_deal: true, customer: 客{n}, stage: 引合い, source: 紹介, facts: 話した{n}, on: 2026-08-03}}\n"
        for n in range(65)
    )
    (tmp_path / "r.yaml").write_text(reports, encoding="utf-8")
    nippo.done("add", "--from-file", "r.yaml")
    (row,) = (row for row in rows(nippo)["choices"] if row["field"] == "source")
    assert row["labels"] == ["FAX、郵便", "展示会"]
    nippo.bare(*shlex.split(str(row["command"]))[1:])
    (unfilled,) = (row for row in rows(nippo)["fields"] if row["field"] == "memo")
    nippo.bare(*shlex.split(str(unfilled["command"]))[1:])
    left = nippo.schema.read_text(encoding="utf-8")
    assert "展示会" not in left
    assert "FAX" not in left
    assert "備考" not in left
    assert "# how they came" in left
    nippo.done("add", "装置1", "-m", "また話した", "--source", "紹介")
    assert {"source", "memo"}.isdisjoint(
        str(row["field"]) for kind in ("choices", "fields") for row in rows(nippo).get(kind, ())
    )
    assert nippo("schema", "edit", "経路", "--drop", "電報").code == 4
    assert nippo("schema", "edit", "経路", "--drop", "紹介").code == 2
    assert "紹介" in nippo.schema.read_text(encoding="utf-8")


SPOKEN_OF = """\
nippo: 1
name: t
stages:
  - {key: lead, label: 引合い, evidence: [proof]}
  - {key: offer, label: 見積, must_when: {kind: [大型]}}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
kinds: [新規, 大型, 更新]
activities: [電話, {key: mail, label: メール, ball: 先方}, 訪問, 展示会]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: kind, label: 種別, type: choice, role: kind}
  - {key: activity, label: 活動, type: choice, role: activity}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: place, label: 場所, type: text, required_when: [{activity: [訪問]}]}
  - {key: proof, label: 裏付け, type: text}
  - {key: ball, label: ボール, type: choice, role: ball, choices: [{key: us, label: 当社, ours: true}, 先方, 代理店]}
  - {key: rank, label: 格, type: choice, was: [old], choices: [甲, 乙]}
"""


def test_only_what_the_schema_lets_go_is_offered(nippo: Shell, tmp_path: Path):
    """Not what a condition, a stage's evidence or an activity names, nor the field that a list is chosen by."""
    (tmp_path / "t.yaml").write_text(SPOKEN_OF, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")

    def report(said: str) -> None:
        reports = "".join(
            f"- {{deal: 装置{n}{said[-2:]}, new_deal: true, customer: 客{n}, stage: 引合い, activity: 電話, facts: 話した, "
            f"on: 2026-08-03, {said}}}\n"
            for n in range(90)
        )
        (tmp_path / "r.yaml").write_text(reports, encoding="utf-8")
        nippo.done("add", "--from-file", "r.yaml")

    report("kind: 新規")
    assert [row["field"] for row in rows(nippo)["fields"]] == ["rank"], (
        "activities hand the ball over, a stage names the proof"
    )
    report("ball: 当社")
    shown = rows(nippo)
    assert {row["field"]: row["labels"] for row in shown["choices"]} == {
        "kind": ["更新"], "activity": ["メール", "展示会"], "ball": ["代理店"],
    }  # fmt: skip
    for row in (*shown["choices"], *shown["fields"]):
        assert nippo.bare(*shlex.split(str(row["command"]))[1:], "--dry-run").code == 0


def test_the_demos_commands_do_what_they_say(nippo: Shell, tmp_path: Path):
    """What is to be taken out or joined needs no more than its command."""
    nippo.bare("demo", "--keep", str(tmp_path / "demo"))
    shown = nippo.bare("--journal", str(tmp_path / "demo"), "tidy", "--limit", "0", "--json").json["rows"]
    settled = [row for row in shown if row["kind"] in ("fields", "choices", "customers", "people", "deals")]
    assert settled
    for row in settled:
        assert nippo.bare(*shlex.split(row["command"])[1:], "--dry-run").code == 0, row["command"]


def test_a_field_keeps_a_choice(nippo: Shell, tmp_path: Path):
    """However its choices are written; a field without any is told so."""
    (tmp_path / "t.yaml").write_text(SCHEMA + BLOCK, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")
    for said in (("経路", "--drop", "紹介,fax,展示会"), ("活動", "--drop", "電話")):
        refused = nippo("schema", "edit", *said)
        assert (refused.code, "すべて外すことはできません" in refused.err) == (2, True)
    refused = nippo("schema", "edit", "金額", "--drop", "大")
    assert (refused.code, "選択肢がありません" in refused.err) == (2, True)
    assert nippo.schema.read_text(encoding="utf-8") == SCHEMA + BLOCK
