"""What an agreement no longer has: old entries say it in the words of then, and stay correctable."""

import pytest
from shell import Shell

SCHEMA = """\
nippo: 1
name: t
language: ja
stages:
  - {key: lead, label: 引合い}
  - {key: visit, label: 訪問}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
kinds: [{key: new, label: 新規}, {key: parts, label: 部品}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: kind, label: 案件種別, type: choice, role: kind}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: tint, label: 色, type: text}
  - {key: size, label: 大きさ, type: choice, choices: [{key: big, label: 大}, {key: small, label: 小}]}
"""


@pytest.fixture
def entry(nippo: Shell) -> str:
    """An entry that says all of it, under the first agreement."""
    nippo.journal.mkdir(parents=True, exist_ok=True)
    nippo.schema.write_text(SCHEMA, encoding="utf-8")
    said = ("--stage", "訪問", "--kind", "部品", "--tint", "赤", "--size", "大")
    return str(
        nippo.done("add", "A機", "--new-deal", "--customer", "A社", "-m", "x", *said, "--json").json["entry"]["id"]
    )


def agree(nippo: Shell, *lines: str) -> None:
    """Leave lines of the agreement out, and have the next write adopt it."""
    kept = [line for line in SCHEMA.splitlines() if not any(one in line for one in lines)]
    nippo.schema.write_text("\n".join(kept) + "\n", encoding="utf-8")


def test_an_entry_with_removed_fields_is_correctable(nippo: Shell, entry):
    """Their values stay, and are shown by the names of then; typing one anew is refused."""
    agree(nippo, "key: tint", "key: size")
    nippo.done("edit", entry, "-m", "直した")
    values = nippo.done("show", entry, "--json").json["values"]
    assert (values["facts"], values["tint"], values["size"]) == ("直した", "赤", "big")
    shown = nippo.done("show", entry).out
    lines = [line for line in shown.splitlines() if "以前の取り決めの項目" in line]
    assert [line.split("（")[0].split() for line in lines] == [["大きさ", "大"], ["色", "赤"]]
    assert "tint" not in shown
    assert nippo("edit", entry, "--tint", "青").code == 2
    agree(nippo, "key: tint", "key: size", "key: visit")
    nippo.done("add", "A機", "-m", "二度目の取り決め")
    assert "赤（以前の取り決めの項目）" in nippo.done("show", entry).out.replace("  ", "")


def test_a_removed_stage_and_kind_are_shown_as_they_were_called(nippo: Shell, entry):
    """On the entry, the deal and the list; never by their keys. What stands is no reason to refuse a correction."""
    agree(nippo, "key: visit")
    nippo.schema.write_text(
        nippo.schema.read_text(encoding="utf-8").replace(", {key: parts, label: 部品}", ""), encoding="utf-8"
    )
    nippo.done("edit", entry, "-m", "直した")
    for page in (("show", entry), ("deal", "show", "A機"), ("deal", "list"), ("log",)):
        out = nippo.done(*page).out
        assert "visit" not in out, page
        assert "parts" not in out, page
        assert "訪問" in out, page
    values = nippo.done("show", entry, "--json").json["values"]
    assert (values["stage"], values["kind"], values["facts"]) == ("visit", "parts", "直した")


def test_a_label_may_change_under_its_key(nippo: Shell, entry):
    """Rules go by keys: the value stays, and today's label is shown."""
    nippo.schema.write_text(
        SCHEMA.replace("label: 訪問", "label: 初回訪問").replace("label: 色", "label: 塗色"), encoding="utf-8"
    )
    nippo.done("edit", entry, "-m", "直した")
    out = nippo.done("show", entry).out
    assert "初回訪問" in out
    assert "塗色" in out
    assert "以前の取り決め" not in out


def test_a_key_that_vanished_is_asked_about_where_entries_say_it(nippo: Shell, entry):
    """A stage, a choice and a field; not what nobody wrote, nor what was renamed. Whoever's command puts the file in force is told,
    and the question stays as long as it is open."""
    assert nippo.done("schema", "check", "--json").json["left_out"] == []
    agree(nippo, "key: tint", "key: visit", "key: parts", "key: kind")
    text = (
        nippo.schema.read_text(encoding="utf-8")
        .replace("key: big", "key: large")
        .replace(", {key: small, label: 小}", "")
    )
    nippo.schema.write_text(text, encoding="utf-8")
    found = nippo.done("schema", "check", "--json").json["left_out"]
    assert {(one["of"], one["key"], one["label"], one["entries"]) for one in found} == {
        ("stages", "visit", "訪問", 1), ("kinds", "parts", "部品", 1), ("fields", "tint", "色", 1), ("fields", "kind", "案件種別", 1),
        ("size", "big", "大", 1),
    }  # fmt: skip
    assert "was: visit" in nippo.done("schema", "check").out
    nippo.schema.write_text(text.replace("key: large", "key: large, was: big"), encoding="utf-8")
    assert "big" not in {one["key"] for one in nippo.done("schema", "check", "--json").json["left_out"]}
    assert "なくなったものがあります: 訪問、" in nippo.done("edit", entry, "-m", "直した").err
    found = nippo.done("schema", "check", "--json").json["left_out"]
    # Of a field that is gone as a whole, what it held is not asked about besides.
    assert sorted(one["key"] for one in found) == ["kind", "tint", "visit"]
    assert "なくなったもの" not in nippo.done("edit", entry, "-m", "また").err


def test_what_vanished_before_anything_was_written_is_not_asked_about(nippo: Shell):
    """A team that replaces the template of `init` by its own agreement."""
    nippo.done("init", "--no-input")
    nippo.schema.write_text(SCHEMA, encoding="utf-8")
    said = nippo.done("add", "A機", "--new-deal", "--customer", "A社", "-m", "x", "--tint", "赤").err
    assert "採用しました" in said
    assert "なくなったもの" not in said


def test_a_field_of_an_agreement_that_has_problems_is_no_option_and_that_is_said_why(nippo: Shell, entry):
    """Not that another option was meant; of a sound one the nearest is named."""
    broken = f"{SCHEMA}  - {{key: memo, label: メモ, type: text, needed: 1}}\n"
    nippo.schema.write_text(broken, encoding="utf-8")
    for command in (("add", "A機"), ("edit", entry)):
        refused = nippo(*command, "-m", "y", "--memo", "あ")
        assert (refused.code, "schema check" in refused.err, "問題がある" in refused.err) == (2, True, True), (
            refused.err
        )
    nippo.schema.write_text(broken.replace(", needed: 1", ""), encoding="utf-8")
    refused = nippo("add", "A機", "-m", "y", "--meno", "あ")
    assert (refused.code, "--memo" in refused.err, "問題がある" in refused.err) == (2, True, False), refused.err
