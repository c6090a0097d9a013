"""One customer's talk never lands in another's deal unsaid, whichever way it comes in."""

import io
import json
import os
import shlex
import sys
from pathlib import Path

import pytest
from scripted import Scripted
from shell import NOW, Shell
from tzlocal import reload_localzone

from nippo_cli.cli.add import asking, start

NAME = "保守更新"
# What the default schema asks of an entry stays open: it is not what these tests are about.
CALL = ("--activity", "電話", "--later")
MAP = """\
source: t
on: 日付
deal: 案件
incomplete: {constant: "true"}
fields: {customer: 顧客, activity: {constant: 電話}, facts: 内容}
"""
HEAD = "日付,案件,顧客,内容\n"


@pytest.fixture
def nippo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """A journal in which 保守更新 is A社's deal 2, its one entry 3."""
    for name, value in {
        "NIPPO_NOW": NOW, "NIPPO_LANG": "ja", "NIPPO_AUTHOR": "佐藤", "TZ": "Asia/Tokyo", "XDG_STATE_HOME": str(tmp_path / "state"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    reload_localzone()
    shell = Shell(capsys, tmp_path / "journal")
    shell.done("add", NAME, "--new-deal", "--customer", "A社", *CALL, "-m", "A社の話")
    return shell


@pytest.fixture
def talk(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """`nippo …` where a person answers its one question after another."""

    def run(*argv: str, answers: tuple[str, ...]) -> Scripted:
        terminal = Scripted(*answers)
        with monkeypatch.context() as patch:
            patch.setattr(asking, "PromptTerminal", lambda **_: terminal)
            patch.setattr(start, "can_converse", lambda: True)
            patch.setattr("nippo_cli.cli.add.resuming.can_converse", lambda: True)
            patch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
            answer = nippo(*argv)
        assert terminal.left == [], answer.err
        return terminal

    return run


def deals(nippo: Shell) -> list[tuple[str, str]]:
    """Every deal's name and customer."""
    found = nippo.done("deal", "list", "--all", "--json").json["deals"]
    return sorted((deal["name"], deal["customer"]) for deal in found)


def entries(nippo: Shell) -> list[tuple[str, str]]:
    """Every entry's facts, and the deal that it is in, oldest first."""
    found = nippo.done("log", "--json").json["entries"]
    told = sorted(found, key=lambda e: int(e["id"]))
    return [(e["values"].get("facts", ""), e["deal"]["name"] if e["deal"] else "") for e in told]


def write(nippo: Shell, *rows: str, extra: str = "", head: str = HEAD, name: str = "rows") -> tuple[str, ...]:
    """An import of rows, with something more in its map."""
    folder = nippo.journal.parent
    (folder / f"{name}.csv").write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    (folder / f"{name}.yaml").write_text(MAP + extra, encoding="utf-8")
    return ("import", f"{name}.csv", "--map", f"{name}.yaml")


# --- a deal begun under a name that is taken


@pytest.mark.parametrize("said", [NAME, "  保守更新 ", "ＭＡ更新", "ma更新", "2", "#2"])
@pytest.mark.parametrize(("lang", "words"), [("ja", "もう使われています"), ("en", "is taken")])
def test_no_deal_begins_under_a_taken_name(nippo: Shell, said, lang, words):
    """At its customer its name, a former one, another width or case; its id at any: refused with the deal's id and customer,
    nothing written, what was typed a draft."""
    nippo.done("deal", "rename", "2", "MA更新")
    before = nippo.db.read_bytes()
    whose = "B社" if said.endswith("2") else "Ａ社"
    answer = nippo("add", said, "--new-deal", "--customer", whose, *CALL, "-m", "B社の話", "--lang", lang)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert "#2" in answer.err
    assert "A社" in answer.err
    assert "add --resume 2\n" in answer.err
    assert nippo.db.read_bytes() == before
    assert nippo.done("draft", "list", "--json").json["drafts"][0]["facts"] == "B社の話"


def test_another_customers_deal_may_have_the_same_name(nippo: Shell):
    """The second begins beside the first; the customer says which is meant, and without one nothing is written."""
    found = nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "B社の話", "--json").json
    assert (found["new_deal"], found["deal"]["customer"], found["customers"]) == (True, "B社", [])
    for whose in ("A社", "Ｂ社"):
        nippo.done("add", NAME, "--customer", whose, *CALL, "-m", f"{whose}の続き")
    before = nippo.db.read_bytes()
    answer = nippo("add", NAME, *CALL, "-m", "どちらの")
    assert (answer.code, answer.out, nippo.db.read_bytes()) == (4, "", before)
    assert "2 保守更新（A社）" in answer.err
    assert "4 保守更新（Ｂ社）" in answer.err
    assert entries(nippo) == [("A社の話", NAME), ("B社の話", NAME), ("A社の続き", NAME), ("Ｂ社の続き", NAME)]
    assert len(nippo.done("deal", "show", "2", "--json").json["entries"]) == 2


@pytest.mark.parametrize(
    ("lang", "words"), [("ja", "--new-deal"), ("en", "none of them belongs to C社: add --new-deal")]
)
def test_a_third_customer_is_told_how_to_begin_its_own(nippo: Shell, lang, words):
    """Neither of the two is C社's."""
    nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "B社の話")
    answer = nippo("add", NAME, "--customer", "C社", *CALL, "-m", "C社の話", "--lang", lang)
    assert answer.code == 4
    assert words in answer.err
    nippo.done("add", NAME, "--new-deal", "--customer", "C社", *CALL, "-m", "C社の話")
    assert deals(nippo) == [(NAME, "A社"), (NAME, "B社"), (NAME, "C社")]


@pytest.mark.parametrize("said", ["保守更新（B社）", "保守更新 (Ｂ社)", "B社 保守更新", "保守更新　b社"])
def test_a_name_is_typed_as_it_is_shown(nippo: Shell, said):
    """With its customer beside it."""
    nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "B社の話")
    assert nippo.done("deal", "show", said, "--json").json["customer"] == "B社"
    nippo.done("add", said, *CALL, "-m", "続き")
    assert len(nippo.done("deal", "show", "4", "--json").json["entries"]) == 2
    assert nippo("deal", "show", NAME).code == 4


def test_a_finished_deals_name_hides_no_live_one(nippo: Shell):
    """Whoever types it may mean either. A page tells of those that go on; before a write a person is asked, the live ones
    first, the finished one marked. A script's whole name is its."""
    nippo.done("add", NAME, "--stage", "失注", "--lost-reason", "価格", *CALL, "-m", "x")
    nippo.done("add", "保守更新 2027", "--new-deal", "--customer", "A社", *CALL, "-m", "y")
    page = nippo.done("deal", "show", NAME)
    assert "進行中にも 1件 あります: 「保守更新 2027」#5（A社）" in page.err
    assert nippo.done("deal", "show", "2").err == ""
    assert nippo.done("add", NAME, *CALL, "-m", "続き", "--json").json["deal"]["id"] == "2"


def test_a_customers_name_offers_its_deals(nippo: Shell):
    """Where a deal is asked for."""
    nippo.done("add", "トナー", "--new-deal", "--customer", "A社", *CALL, "-m", "y")
    answer = nippo("deal", "show", "ａ社")
    assert answer.code == 4
    assert [row.strip() for row in answer.err.splitlines() if "（A社）" in row] == [
        "2 保守更新（A社）",
        "4 トナー（A社）",
    ]


def test_nobodys_deals_have_their_names_among_themselves(nippo: Shell):
    """A deal without a customer is its own: it may share its name with A社's, and no other of nobody's."""
    assert nippo.done("add", NAME, "--new-deal", *CALL, "-m", "x", "--json").json["new_deal"]
    assert nippo("add", NAME, "--new-deal", *CALL, "-m", "x").code == 2
    assert deals(nippo) == [(NAME, ""), (NAME, "A社")]


def test_an_entry_goes_to_its_own_customers_namesake(nippo: Shell):
    """Put to 保守更新, B社's talk is in B社's."""
    nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "x")
    nippo.done("add", "--customer", "B社", *CALL, "-m", "B社の話")
    assert nippo.done("edit", "6", "--deal", NAME, "--json").json["deal"]["id"] == "4"


def test_a_taken_name_and_all_else_that_is_wrong_are_told_at_once(nippo: Shell):
    """What that deal has already is not called missing."""
    answer = nippo(
        "add",
        NAME,
        "--new-deal",
        "--customer",
        "A社",
        "--activity",
        "電話",
        "-m",
        "x",
        "--amount",
        "たくさん",
        "--on",
        "13/45",
    )
    assert answer.code == 2
    assert "13/45" in answer.err
    assert "たくさん" in answer.err
    assert "A社" in answer.err
    assert "案件種別" not in answer.err


def test_the_draft_of_a_new_deal_is_not_listed_as_the_deal_that_has_its_name(nippo: Shell):
    """Neither by that deal's name nor with its customer."""
    nippo.done("deal", "rename", "2", "MA更新")
    nippo("add", NAME, "--new-deal", "--customer", "A社", *CALL, "-m", "x")
    nippo("add", NAME, "--customer", "B社", *CALL, "-m", "x")
    found = nippo.done("draft", "list", "--json").json["drafts"]
    assert sorted((d["deal"], d["customer"]) for d in found) == [("MA更新", "B社"), (NAME, "A社")]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_command_of_a_hint_begins_no_deal_called_by_three_dots(nippo: Shell, lang):
    """Those that settle a taken name can be run as they stand; dots that were pasted are refused, and the name is asked for."""
    refused = nippo("add", NAME, "--new-deal", "--customer", "A社", *CALL, "-m", "x")
    assert "…" not in refused.err
    pasted = next(shlex.split(row)[1:] for row in refused.err.splitlines() if "--new-deal" in row)
    answer = nippo.bare(*("…" if word.startswith(NAME) else word for word in pasted), "--lang", lang)
    assert (answer.code, answer.out) == (2, "")
    assert "…" in answer.err
    assert deals(nippo) == [(NAME, "A社")]
    nippo.bare(*pasted)
    assert deals(nippo) == [(NAME, "A社"), (f"{NAME} 2", "A社")]


def test_the_draft_goes_on_with_that_deal_or_under_another_name(nippo: Shell):
    """By the commands of the hint."""
    for facts in ("続き", "来年の話"):
        assert nippo("add", NAME, "--new-deal", "--customer", "A社", *CALL, "-m", facts).code == 2
    nippo.done("draft", "resume", "1", "--deal", "2")
    found = nippo.done("draft", "resume", "2", "--deal", "保守更新 2027", "--new-deal", "--json").json
    assert (found["new_deal"], found["deal"]["customer"], found["customers"]) == (True, "A社", [])
    assert entries(nippo) == [("A社の話", NAME), ("続き", NAME), ("来年の話", "保守更新 2027")]
    assert nippo.done("draft", "list", "--json").json["drafts"] == []


def test_a_name_taken_while_the_draft_lay_is_refused(nippo: Shell):
    """A draft that would begin a deal finds another's there by now."""
    assert nippo("add", "トナー", "--new-deal", "--customer", "A社", "--activity", "電話", "--on", "11/10").code == 3
    nippo.done("add", "トナー", "--new-deal", "--customer", "A社", *CALL, "-m", "A社の話")
    answer = nippo("draft", "resume", "1", "-m", "A社の続き", "--later")
    assert answer.code == 2
    assert "「トナー」#4（A社）" in answer.err
    assert deals(nippo) == [("トナー", "A社"), (NAME, "A社")]


def test_a_name_given_up_is_free_again(nippo: Shell):
    """Undone with its only entry, a deal holds no name."""
    nippo.done("undo")
    assert nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "x", "--json").json["new_deal"]


# --- another customer than the deal's


@pytest.mark.parametrize(("lang", "words"), [("ja", "顧客は A社 です"), ("en", "belongs to A社, not B社")])
@pytest.mark.parametrize("on", ["昨日", "1/10"])
def test_another_customers_talk_is_refused(nippo: Shell, lang, words, on):
    """Whether it would be the deal's latest or stand before all others; what was typed is a draft."""
    before = nippo.db.read_bytes()
    answer = nippo("add", NAME, "--customer", "B社", *CALL, "-m", "B社の話", "--on", on, "--lang", lang)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    for way in ("--deal '保守更新' --new-deal", "--change-customer", "--customer 'A社'"):
        assert f"add --resume {way.removeprefix('--deal ')}\n" in answer.err
    assert nippo.db.read_bytes() == before


def test_each_way_out_of_the_hint_is_open(nippo: Shell):
    """Another deal; this one, whose customer changes; this one, as it was at A社 after all."""
    for facts in ("別の案件", "B社へ", "A社だった"):
        assert nippo("add", NAME, "--customer", "B社", *CALL, "-m", facts).code == 2
    nippo.done("draft", "resume", "3", "--customer", "A社")
    nippo.done("draft", "resume", "1", "--deal", NAME, "--new-deal")
    found = nippo.done("draft", "resume", "2", "--change-customer", "--json").json
    # By now B社 has one of that name: it is that one's.
    assert (found["customers"], found["deal"]["id"]) == ([], "5")
    assert deals(nippo) == [(NAME, "A社"), (NAME, "B社")]
    assert nippo("add", "2", "--customer", "C社", *CALL, "-m", "C社へ").code == 2
    found = nippo.done("draft", "resume", "--change-customer", "--json").json
    assert found["customers"] == [{"deal": {"id": "2", "name": NAME}, "before": "A社", "after": "C社"}]


@pytest.mark.parametrize("said", ["Ａ社", " a社 "])
def test_another_spelling_is_the_same_customer(nippo: Shell, said):
    """Width, case and blanks at the ends tell no customers apart."""
    assert nippo.done("add", NAME, "--customer", said, *CALL, "-m", "x", "--json").json["customers"] == []


def test_a_deal_without_a_customer_takes_one(nippo: Shell):
    """Nobody's talk is mixed up by that."""
    nippo.done("add", "名無し", "--new-deal", *CALL, "-m", "x")
    assert nippo.done("add", "名無し", "--customer", "B社", *CALL, "-m", "x", "--json").json["customers"] == []


@pytest.mark.parametrize(("lang", "row"), [("ja", "  顧客 A社 → B社\n"), ("en", "  customer A社 → B社\n")])
def test_a_change_that_is_asked_for_is_told(nippo: Shell, lang, row):
    """On the screen and as data, in a dry run too; undone, it is told the other way round."""
    change = ("add", NAME, "--customer", "B社", "--change-customer", *CALL, "-m", "B社へ")
    assert row in nippo.done(*change, "--dry-run", "--lang", lang).out
    assert deals(nippo) == [(NAME, "A社")]
    assert row in nippo.done(*change, "--lang", lang).out
    assert deals(nippo) == [(NAME, "B社")]
    undone = nippo.done("undo", "--json").json
    assert undone["customers"] == [{"deal": {"id": "2", "name": NAME}, "before": "B社", "after": "A社"}]
    assert deals(nippo) == [(NAME, "A社")]


def test_a_change_that_comes_before_the_latest_leaves_the_deal_and_says_so(nippo: Shell):
    """The deal's customer is its latest; an earlier entry may have had another."""
    said = ("add", NAME, "--customer", "前の会社", "--change-customer", "--on", "1/10", *CALL, "-m", "x")
    found = nippo.done(*said, "--json").json
    assert (found["customers"], found["other_customer"]) == ([], "A社")
    assert "この活動の顧客は 前の会社 です。案件の顧客は A社 のままです" in nippo.done(*said).out
    assert deals(nippo) == [(NAME, "A社")]


def test_a_change_to_nobody_is_no_change(nippo: Shell):
    """An option that would do nothing is a slip."""
    answer = nippo("add", NAME, "--change-customer", *CALL, "-m", "x")
    assert answer.code == 2
    assert "--change-customer" in answer.err


def test_like_takes_no_customer_into_another_deal(nippo: Shell):
    """An entry at B社 that is of no deal, taken up for A社's."""
    nippo.done("add", "--customer", "B社", *CALL, "-m", "B社の話")
    found = nippo.done("add", NAME, "--like", "last", "--later", "-m", "A社の続き", "--json").json
    assert (found["entry"]["values"].get("customer"), found["customers"]) == (None, [])
    found = nippo.done("add", "新しい話", "--new-deal", "--like", "4", "--later", "--json").json
    assert found["deal"]["customer"] == "B社"
    assert nippo("add", NAME, "--like", "4", "--customer", "B社", "--later").code == 2


# --- files of entries, standard input, the editor

TWO = """\
- {deal: 保守更新, customer: B社, activity: 電話, facts: 一, later: yes}
- {deal: 保守更新, new_deal: true, customer: A社, activity: 電話, facts: 二, later: yes}
- {deal: トナー, new_deal: true, customer: A社, activity: 電話, facts: 三, later: yes}
- {deal: トナー, new_deal: true, customer: Ａ社, activity: 電話, facts: 四, later: yes}
- {deal: トナー, customer: B社, activity: 電話, facts: 五, later: yes}
"""


@pytest.mark.parametrize(("lang", "here"), [("ja", "同じファイルの前のほうでは"), ("en", "earlier in this file")])
def test_a_file_is_told_each_line_that_is_of_another_customer(nippo: Shell, lang, here):
    """The journal's deals by their id, the file's own by their name; none is recorded."""
    (nippo.journal.parent / "week.yaml").write_text(TWO, encoding="utf-8")
    answer = nippo("add", "--from-file", "week.yaml", "--lang", lang)
    assert answer.code == 3
    first, second, third = (row for row in answer.err.splitlines() if "week.yaml:" in row)
    assert first.startswith("  week.yaml:1 customer")
    assert "#2" in first
    assert second.startswith("  week.yaml:2 deal")
    assert "#2" in second
    assert third.startswith("  week.yaml:5 customer")
    assert here in third
    assert entries(nippo) == [("A社の話", NAME)]


def test_a_file_says_that_a_customer_changes(nippo: Shell, monkeypatch):
    """`change_customer: true` beside it, from standard input as JSON; a deal may be called new in each of its entries."""
    told = [
        {"deal": NAME, "customer": "B社", "change_customer": True, "activity": "電話", "facts": "一", "later": True},
        {"deal": "トナー", "new_deal": True, "customer": "A社", "activity": "電話", "facts": "二", "later": True},
        {"deal": "トナー", "new_deal": True, "activity": "電話", "facts": "三", "later": True},
    ]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(told).encode())))
    answer = nippo.done("add", "--from-file", "-", "--lang", "en")
    assert answer.out.count("customer A社 → B社") == 1
    assert deals(nippo) == [("トナー", "A社"), (NAME, "B社")]


def test_what_else_a_file_changes_is_told_beside_its_own_entry(nippo: Shell):
    """Two deals change hands in one file: each is told once, where its own entry is."""
    nippo.done("add", "トナー", "--new-deal", "--customer", "C社", *CALL, "-m", "x")
    rows = [{"deal": deal, "customer": to, "change_customer": True, "activity": "電話", "facts": "x", "later": True}
            for deal, to in ((NAME, "B社"), ("トナー", "D社"), (NAME, "B社"))]  # fmt: skip
    (nippo.journal.parent / "week.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = nippo.done("add", "--from-file", "week.jsonl").out
    assert [row.strip() for row in out.splitlines() if "→" in row] == ["顧客 A社 → B社", "顧客 C社 → D社"]


@pytest.mark.skipif(os.name == "nt", reason="the editor of this test is a script with a first line")
def test_the_editor_opens_again_on_a_taken_name_and_on_another_customer(nippo: Shell, monkeypatch, tmp_path: Path):
    """The problem stands over its line, and the form is mended there."""
    script = tmp_path / "editor"
    script.write_text(
        f"""#!{sys.executable}
import pathlib, sys
path = pathlib.Path(sys.argv[-1])
text = path.read_text(encoding="utf-8")
if "#! " not in text:
    text = text.replace("活動:", "活動: 電話").replace("事実: |\\n", "事実: |\\n話。\\n") + "later: yes\\n"
elif "new_deal: yes\\n" in text:
    pathlib.Path("first.yaml").write_text(text, encoding="utf-8")
    text = text.replace("new_deal: yes\\n", "")
else:
    pathlib.Path("second.yaml").write_text(text, encoding="utf-8")
    text += "change_customer: yes\\n"
path.write_text(text, encoding="utf-8")
""",
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(script))
    nippo.done("add", NAME, "--new-deal", "--customer", "A社", "-e")
    out = nippo.done("add", NAME, "--customer", "B社", "-e").out
    assert "顧客 A社 → B社" in out
    first, second = ((tmp_path / f"{name}.yaml").read_text(encoding="utf-8") for name in ("first", "second"))
    assert "#2（A社）" in first.partition("\n案件:")[0].rpartition("#! ")[2]
    assert "change_customer: true" in second.partition("\n顧客:")[0].rpartition("#! ")[2]


# --- corrections, merges, what is taken back


def test_a_corrected_customer_is_told(nippo: Shell):
    """A slip mended in the entry that names the customer changes the deal."""
    assert "  顧客 A社 → Ａ工業\n" in nippo.done("edit", "3", "--customer", "Ａ工業").out
    assert nippo.done("edit", "3", "--customer", "", "--json").json["customers"] == [
        {"deal": {"id": "2", "name": NAME}, "before": "Ａ工業", "after": None}
    ]
    assert nippo.done("edit", "3", "--facts", "x", "--json").json["customers"] == []


def test_a_correction_of_an_earlier_entry_leaves_the_deal_and_says_so(nippo: Shell):
    """The later entry names the customer still."""
    nippo.done("add", NAME, "--customer", "A社", *CALL, "-m", "x")
    found = nippo.done("edit", "3", "--customer", "B社", "--json").json
    assert (found["customers"], found["other_customer"]) == ([], "A社")
    assert nippo.done("edit", "3", "--facts", "y", "--json").json["other_customer"] is None


@pytest.mark.parametrize(("lang", "words"), [("ja", "何も変えていません"), ("en", "nothing was changed")])
def test_an_entry_goes_to_another_customers_deal_only_with_a_word(nippo: Shell, lang, words):
    """Both commands of the hint do what they say."""
    nippo.done("add", "--customer", "B社", *CALL, "-m", "B社の話")
    answer = nippo("edit", "4", "--deal", NAME, "--lang", lang)
    assert answer.code == 2
    assert words in answer.err
    to_a, to_b = (shlex.split(row)[1:] for row in answer.err.splitlines() if " edit 4 " in row)
    assert nippo.bare(*to_b, "--json").json["customers"][0]["after"] == "B社"
    nippo.done("undo")
    assert nippo.bare(*to_a, "--json").json["customers"] == []


def test_an_entry_that_leaves_for_another_customers_deal_is_told(nippo: Shell):
    """It names none itself: it was its deal's, and is the other's now."""
    nippo.done("add", NAME, *CALL, "-m", "A社の続き")
    nippo.done("add", "トナー", "--new-deal", "--customer", "B社", *CALL, "-m", "x")
    moved = ("edit", "4", "--deal", "トナー")
    assert "  顧客 A社 → B社\n" in nippo.done(*moved, "--dry-run").out
    changed = [{"deal": None, "before": "A社", "after": "B社"}]
    assert nippo.done(*moved, "--json").json["customers"] == changed
    assert nippo.done("edit", "4", "-m", "x", "--json").json["customers"] == []


def test_a_deal_that_an_entry_leaves_is_told_too(nippo: Shell):
    """Its customer was named by the entry that went."""
    nippo.done("add", NAME, "--customer", "B社", "--change-customer", *CALL, "-m", "x")
    nippo.done("add", "トナー", "--new-deal", "--customer", "B社", *CALL, "-m", "x")
    out = nippo.done("edit", "4", "--deal", "トナー").out
    assert "  保守更新 #2: 顧客 B社 → A社\n" in out


@pytest.mark.parametrize("how", [("--retract",), ("--erase", "--why", "本人の希望")])
def test_what_is_taken_back_takes_its_customer_along(nippo: Shell, how):
    """Retracted or erased, the entry names none any more: told, on the screen and as data."""
    nippo.done("add", NAME, "--customer", "B社", "--change-customer", *CALL, "-m", "x")
    changed = [{"deal": {"id": "2", "name": NAME}, "before": "B社", "after": "A社"}]
    assert nippo.done("edit", "4", *how, "--dry-run", "--json").json["customers"] == changed
    assert "  保守更新 #2: 顧客 B社 → A社\n" in nippo.done("edit", "4", *how).out


@pytest.mark.parametrize(
    ("merged", "on", "told", "stays"),
    [
        (("2", "4"), "今日", {"deal": {"id": "2", "name": NAME}, "before": "A社", "after": "B社"}, "B社"),
        (("4", "2"), "昨日", {"deal": {"id": "4", "name": "トナー"}, "before": "B社", "after": "A社"}, "A社"),
    ],
)
def test_a_merge_of_two_customers_deals_is_told(nippo: Shell, merged, on, told, stays):
    """The deal that goes into the other is the other's customer's now; undone, each has its own."""
    nippo.done("add", "トナー", "--new-deal", "--customer", "B社", "--on", on, *CALL, "-m", "x")
    assert nippo.done("deal", "merge", *merged, "--json").json["customers"] == [told]
    assert [customer for _, customer in deals(nippo)] == [stays]
    nippo.done("undo")
    assert deals(nippo) == [("トナー", "B社"), (NAME, "A社")]


def test_a_merge_that_changes_the_other_deal_is_told(nippo: Shell):
    """The merged one's entry is the latest: the deal it goes into is A社's from now on."""
    nippo.done("add", "トナー", "--new-deal", "--customer", "B社", "--on", "昨日", *CALL, "-m", "x")
    assert "  トナー #4: 顧客 B社 → A社\n" in nippo.done("deal", "merge", "2", "4").out


def test_a_merge_within_one_customer_says_nothing(nippo: Shell):
    """In whatever width it is written."""
    nippo.done("add", "トナー", "--new-deal", "--customer", "Ａ社", *CALL, "-m", "x")
    assert "customers" not in nippo.done("deal", "merge", "2", "4", "--json").json


def test_no_deal_is_renamed_to_a_taken_name(nippo: Shell):
    """Another deal's of its customer: the refusal says which. A third customer's may be called so."""
    nippo.done("add", "別", "--new-deal", "--customer", "C社", *CALL, "-m", "x")
    nippo.done("deal", "rename", "別", NAME)
    nippo.done("add", "トナー", "--new-deal", "--customer", "Ａ社", *CALL, "-m", "x")
    answer = nippo("deal", "rename", "トナー", NAME)
    assert answer.code == 2
    assert "「保守更新」#2（A社）" in answer.err


# --- imports


@pytest.mark.parametrize(
    ("lang", "words"), [("ja", "「保守更新」という案件はいくつかの顧客にあります（Ａ社、B社）"),
     ("en", "several customers have a deal “保守更新” (Ａ社, B社)")]
)  # fmt: skip
def test_rows_go_to_their_own_customers_deal(nippo: Shell, lang, words):
    """Of the journal's deals and of those that the file begins. Nobody's deal takes the first customer that is named; a row
    that names none, and could mean two deals, is rejected."""
    told = write(
        nippo, "2026/11/02,保守更新,B社,一", "2026/11/03,保守更新,Ａ社,二", "2026/11/03,保守更新,,三",
        "2026/11/04,トナー,,四", "2026/11/04,トナー,C社,五", "2026/11/05,トナー,D社,六", "2026/11/06,トナー,ｃ社,七",
        "2026/11/07,トナー,C社,八",
    )  # fmt: skip
    for try_out in ((), ("--dry-run",)):
        answer = nippo(*told, *try_out, "--lang", lang)
        assert answer.code == 3
        assert words in answer.out
        assert [entry for entry, _ in entries(nippo)] == ["A社の話"]
    found = nippo.done(*told, "--on-error", "skip", "--json").json
    assert [r["line"] for r in found["rejects"]] == [4]
    assert (found["taken"], found["new_deals"], found["customers_changed"], found["customers"]) == (7, 3, 0, [])
    assert deals(nippo) == [("トナー", "C社"), ("トナー", "D社"), (NAME, "A社"), (NAME, "B社")]
    log = nippo.done("log", "--json").json["entries"]
    assert {e["values"]["facts"]: e["deal"]["customer"] for e in log} == {
        "A社の話": "A社", "一": "B社", "二": "A社", "四": "C社", "五": "C社", "六": "D社", "七": "C社", "八": "C社",
    }  # fmt: skip
    again = nippo.done(*told, "--on-error", "skip", "--json").json
    assert (again["known"], again["taken"], [r["line"] for r in again["rejects"]]) == (7, 0, [4])


def test_a_row_that_was_clear_once_stays_known(nippo: Shell):
    """It named no customer while there was one deal of the name; by now there are two."""
    rows = ("2026/11/02,トナー,C社,一", "2026/11/03,トナー,,二", "2026/11/04,トナー,D社,三")
    nippo.done(*write(nippo, *rows))
    assert nippo.done(*write(nippo, *rows), "--json").json["known"] == 3


@pytest.mark.parametrize(("lang", "words"), [("ja", "顧客が変わる案件 2件"), ("en", "the customer of 2 deals changes")])
def test_a_map_lets_rows_change_the_customer_and_the_report_counts(nippo: Shell, lang, words):
    """The dry run too; each of the first deals with its customers in the order of its line, whatever the file's."""
    told = write(
        nippo, "2026/11/23,保守更新,B社,一", "2026/11/05,トナー,D社,二", "2026/11/04,トナー,C社,三", "2026/11/05,別,E社,四",
        extra="customer: change\n",
    )  # fmt: skip
    for try_out in (("--dry-run",), ()):
        found = nippo.done(*told, *try_out, "--lang", lang).out
        assert words in found
        assert ("保守更新: 顧客 A社 → B社\n" if lang == "ja" else "保守更新: customer A社 → B社\n") in found
        assert "トナー: " in found
        assert " C社 → D社\n" in found
    assert deals(nippo) == [("トナー", "D社"), (NAME, "B社"), ("別", "E社")]
    again = nippo.done(*told, "--json").json
    assert (again["known"], again["customers_changed"]) == (4, 0)
    assert nippo.done("undo", "--json").json["customers"] == [
        {"deal": {"id": "2", "name": NAME}, "before": "B社", "after": "A社"}
    ]


def test_rows_that_are_known_stay_known_whoever_has_the_deal_now(nippo: Shell):
    """The deal went to B社 by hand since: the old rows add nothing, new ones are B社's, or A社's own."""
    rows = ("2026/11/02,保守更新,A社,一", "2026/11/03,保守更新,A社,二")
    nippo.done(*write(nippo, *rows))
    nippo.done("add", NAME, "--customer", "B社", "--change-customer", *CALL, "-m", "B社へ")
    assert nippo.done(*write(nippo, *rows), "--json").json["known"] == 2
    told = write(nippo, *rows, "2026/11/22,保守更新,A社,三", "2026/11/25,保守更新,B社,四")
    found = nippo.done(*told, "--on-error", "skip", "--json").json
    assert (found["known"], found["taken"], found["new_deals"]) == (2, 2, 1)
    assert deals(nippo) == [(NAME, "A社"), (NAME, "B社")]


def test_a_known_row_hides_no_change_that_a_later_row_makes(nippo: Shell):
    """Of the same deal and customer, the first is known already and the second is new: the second is told."""
    rows = ("2026/11/02,保守更新,B社,一", "2026/11/03,保守更新,A社,二")
    nippo.done(*write(nippo, *rows, extra="customer: change\n"))
    told = write(nippo, *rows, "2026/11/04,保守更新,B社,三", extra="customer: change\n")
    found = nippo.done(*told, "--json").json
    assert (found["known"], found["taken"], found["customers_changed"]) == (2, 1, 1)


def test_spellings_of_a_name_are_one_name_in_a_file_too(nippo: Shell):
    """What the journal would take for one deal is one; at another customer it is another, under a former name as well."""
    nippo.done("deal", "rename", "2", "MA更新")
    told = write(
        nippo, "2026/11/02,ｍａ更新,B社,一", "2026/11/02,保守更新,B社,二", "2026/11/02,MA更新,A社,三",
        "2026/11/03,ABC,C社,四", "2026/11/03,ＡＢＣ,D社,五", "2026/11/03,abc,D社,六", "2026/11/03,abc,C社,七",
        "2026/11/03,def,C社,八", "2026/11/03,DEF,D社,九",
    )  # fmt: skip
    assert nippo.done(*told, "--json").json["new_deals"] == 6
    assert deals(nippo) == [
        ("ABC", "C社"), ("DEF", "D社"), ("MA更新", "A社"), ("def", "C社"), ("保守更新", "B社"), ("ＡＢＣ", "D社"), ("ｍａ更新", "B社"),
    ]  # fmt: skip


def test_a_name_of_digits_is_no_id_in_a_file(nippo: Shell):
    """A row of the deal called 2 has nothing to do with the journal's deal 2."""
    found = nippo.done(*write(nippo, "2026/11/02,2,B社,一", "2026/11/03,2,B社,二"), "--json").json
    assert (found["taken"], found["new_deals"]) == (2, 1)
    assert deals(nippo) == [("2", "B社"), (NAME, "A社")]


def test_a_row_of_several_entries_is_rejected_whole(nippo: Shell):
    """One of its entries could be of two customers' deals: none of them is written."""
    nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "B社の話")
    extra = "entries:\n  - {deal: {constant: 新しい話}}\n  - {deal: 案件}\n"
    answer = nippo.done(*write(nippo, "2026/11/02,保守更新,,一", extra=extra), "--on-error", "skip", "--json")
    assert (answer.json["entries"], answer.json["rejected"]) == (0, 1)
    assert entries(nippo) == [("A社の話", NAME), ("B社の話", NAME)]


def test_a_row_with_an_entry_more_than_last_time_keeps_what_is_known(nippo: Shell):
    """What it says anew could mean two deals by now, and is rejected; what it said before stays."""
    extra = "entries:\n  - {part: a, on: {constant: 2026-11-02}}\n  - {part: b, when: {段階: 済}, on: {constant: 2026-11-09}}\n"
    head = "番号,案件,顧客,内容,段階\n"
    extra = f"key: 番号\n{extra}"
    nippo.done(*write(nippo, "1,保守更新,,一,", head=head, extra=extra))
    nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "B社の話")
    before = entries(nippo)
    again = nippo.done(*write(nippo, "1,保守更新,,一,済", head=head, extra=extra), "--on-error", "skip", "--json").json
    assert (again["rejected"], again["taken"], again["known"]) == (1, 0, 0)
    assert entries(nippo) == before


@pytest.mark.parametrize("said", ["顧客", "keep", "true", "[change]"])
def test_a_map_says_change_or_nothing(nippo: Shell, said):
    """The column of the customer stands under `fields`."""
    answer = nippo(*write(nippo, "2026/11/02,保守更新,A社,一", extra=f"customer: {said}\n"))
    assert answer.code == 2
    assert "rows.yaml:6 customer" in answer.err


def test_an_export_whose_customers_change_is_read_back_as_it_was(nippo: Shell):
    """Its map lets them; one whose customers do not change has a map that lets no row change any."""
    nippo.done("export", "plain")
    assert "customer: change" not in Path("plain/import.yaml").read_text(encoding="utf-8")
    nippo.done("add", NAME, "--customer", "B社", "--change-customer", *CALL, "-m", "B社へ")
    nippo.done("export", "out")
    other = Shell(nippo._capsys, nippo.journal.parent / "other")
    found = other.done("import", "out/entries.csv", "--map", "out/import.yaml", "--json").json
    assert (found["rejected"], found["customers_changed"], found["customers"][0]["customers"]) == (0, 1, ["A社", "B社"])
    assert (deals(other), entries(other)) == (deals(nippo), entries(nippo))


def test_an_export_tells_namesakes_apart(nippo: Shell):
    """Read into another journal, no contact changes hands, whether or not some deal's customer changed once."""
    nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "B社の話")
    nippo.done("add", "4", *CALL, "-m", "B社の続き")
    for name in ("plain", "changed"):
        nippo.done("export", name)
        other = Shell(nippo._capsys, nippo.journal.parent / f"journal-{name}")
        found = other.done("import", f"{name}/entries.csv", "--map", f"{name}/import.yaml", "--json").json
        assert (found["rejected"], found["taken"]) == (0, 3 if name == "plain" else 5)
        log = other.done("log", "--json").json["entries"]
        assert {e["deal"]["customer"] for e in log if e["values"]["facts"].startswith("B社")} == {"B社"}
        assert [d for d in deals(other) if NAME in d[0]] == [("保守更新（A社）", "A社"), ("保守更新（B社）", "B社")]
        nippo.done("add", "トナー", "--new-deal", "--customer", "C社", *CALL, "-m", "C社の話")
        nippo.done("add", "トナー", "--customer", "D社", "--change-customer", *CALL, "-m", "D社へ")
        nippo.done("deal", "rename", "トナー", f"トナー {name}")


def test_an_export_tells_namesakes_apart_from_a_deal_that_is_called_like_one_of_them(nippo: Shell):
    """A person named a deal of B社 `保守更新（A社）`, as A社's own is called in the file."""
    nippo.done("add", NAME, "--new-deal", "--customer", "B社", *CALL, "-m", "B社の話")
    nippo.done("add", "保守更新（A社）", "--new-deal", "--customer", "B社", *CALL, "-m", "B社の別の話")
    nippo.done("export", "out")
    other = Shell(nippo._capsys, nippo.journal.parent / "other")
    other.done("import", "out/entries.csv", "--map", "out/import.yaml")
    assert deals(other) == [("保守更新（A社 #2）", "A社"), ("保守更新（A社）", "B社"), ("保守更新（B社）", "B社")]
    assert [facts for facts, deal in entries(other) if deal == "保守更新（A社）"] == ["B社の別の話"]


# --- the questions


def test_a_taken_name_in_the_questions_is_told_and_asked_about(nippo: Shell, talk):
    """`+name` once its customer is known to have one: another name, then that deal after all; never that deal unasked."""
    terminal = talk("add", answers=("", "+保守更新", "電話", "A社", "2", "+保守更新 2027", "^C"))
    assert terminal.labels[1:5] == ["案件", "活動", "顧客", "番号"]
    assert "同じ名前の案件: 「保守更新」#2（A社）" in terminal.screen
    (draft,) = nippo.done("draft", "list", "--json").json["drafts"]
    assert (draft["deal"], draft["customer"]) == ("保守更新 2027", "A社")
    terminal = talk("add", answers=("n", "", "+保守更新", "電話", "A社", "1", "^C"))
    assert "「保守更新」という名前はもう使われています: 案件「保守更新」#2（A社）" in _above(terminal, "番号")
    assert "保守更新（A社）" in terminal.screen


def test_a_new_deal_of_another_customer_begins_in_the_questions(nippo: Shell, talk):
    """The name is A社's, the customer is not: nothing more is asked than of any other."""
    terminal = talk("add", "--later", answers=("", "+保守更新", "電話", "B社", *("",) * 6))
    assert "番号" not in terminal.labels
    assert deals(nippo) == [(NAME, "A社"), (NAME, "B社")]


def _above(terminal: Scripted, label: str) -> str:
    """What stood over the first question of a label, in one text."""
    from nippo_cli.render.draw.layout import lay_out
    from nippo_cli.render.draw.page import Page

    question = next(q for q in terminal.questions if q.label == label)
    return "\n".join("".join(p.text for p in row) for row in lay_out(Page(list(question.above)), columns=80))


def test_a_whole_command_with_a_taken_name_asks_where_a_person_sits(nippo: Shell, talk):
    """Nothing is missing, and still it is not written; what was typed goes into the other deal."""
    said = ("--customer", "A社", *CALL, "--on", "11/20", "-m", "来年の話")
    talk("add", NAME, "--new-deal", *said, answers=("2", "+更新2027", *("",) * 5))
    assert deals(nippo) == [(NAME, "A社"), ("更新2027", "A社")]
    assert entries(nippo)[-1] == ("来年の話", "更新2027")


@pytest.mark.parametrize(
    ("answer", "customer", "told"), [("1", "A社", "✓ 顧客"), ("2", "B社", "A社 → B社")]
)  # fmt: skip
def test_another_customer_asks_whose_talk_it_was(nippo: Shell, talk, answer, customer, told):
    """Said on the command line: it was at the deal's customer, or the deal changes hands, told before and after."""
    said = ("--customer", "B社", *CALL, "--on", "11/20", "-m", "B社の話")
    terminal = talk("add", NAME, *said, answers=(answer, *("",) * 3))
    assert "保守更新」の顧客は A社 ですが、この日報では B社 です" in _above(terminal, "番号")
    assert told in terminal.screen
    found = nippo.done("log", "--json").json["entries"]
    entry = next(e for e in found if e["values"]["facts"] == "B社の話")
    # Written for an earlier day, it leaves the deal's latest customer.
    assert entry["values"].get("customer", "A社") == customer


def test_another_customer_may_have_its_own_deal_of_that_name(nippo: Shell, talk):
    """The fourth way begins it."""
    said = ("--customer", "B社", *CALL, "--on", "11/20", "-m", "B社の話")
    terminal = talk("add", NAME, *said, answers=("4", *("",) * 5))
    assert "B社 の新しい案件「保守更新」を始める" in _above(terminal, "番号")
    assert deals(nippo) == [(NAME, "A社"), (NAME, "B社")]


def test_another_customer_may_mean_another_deal(nippo: Shell, talk):
    """The third way leads back to the deal; the customer is kept."""
    said = ("--customer", "B社", *CALL, "--on", "11/20", "-m", "B社の話")
    talk("add", NAME, *said, answers=("3", "+更新B", *("",) * 5))
    assert deals(nippo) == [(NAME, "A社"), ("更新B", "B社")]


def test_a_customer_changed_among_what_stands_is_asked_about(nippo: Shell, talk):
    """`顧客 B社` where the deal's values stand in one line: asked at once, and the answer says what became."""
    answers = ("", NAME, "電話", "顧客 B社", "2", "", "話した", "", "")
    terminal = talk("add", answers=answers)
    assert [label for label in terminal.labels if label in ("変更点", "番号")] == ["変更点", "番号", "変更点"]
    assert deals(nippo) == [(NAME, "B社")]


def test_a_deal_chosen_after_the_customer_is_asked_about(nippo: Shell, talk):
    """A report begun without a deal, put to A社's at the review."""
    answers = ("", "-", "電話", "B社の話", "案件", NAME, "1", *("",) * 3)
    terminal = talk("add", "--customer", "B社", answers=answers)
    assert "番号" in terminal.labels
    assert entries(nippo)[-1] == ("B社の話", NAME)
    assert deals(nippo) == [(NAME, "A社")]


def test_another_deal_of_one_meeting_takes_no_customer_along_unasked(nippo: Shell, talk):
    """A社's meeting, then B社's deal: whose talk it was is asked before anything is written."""
    nippo.done("add", "トナー", "--new-deal", "--customer", "B社", *CALL, "-m", "x")
    answers = ("", NAME, "電話", "", "A社で話した", "", "+", "1", "トナー", "1", "", "B社の話", *("",) * 2)
    terminal = talk("add", answers=answers)
    assert terminal.labels.count("番号") == 1
    assert deals(nippo) == [("トナー", "B社"), (NAME, "A社")]
    assert entries(nippo)[-1] == ("B社の話", "トナー")


def test_a_deal_whose_entries_were_taken_back_is_gone_on_with(nippo: Shell, talk):
    """It is nobody's by now, holds its name among nobody's, and has nothing else to be recalled by."""
    nippo.done("edit", "3", "--retract")
    assert "「保守更新」#2\n" in nippo("add", NAME, "--new-deal", *CALL, "-m", "x").err
    terminal = talk("add", "--customer", "B社", answers=("", "+2", "1", "電話", "", "話した", *("",) * 2))
    assert "「保守更新」#2" in _above(terminal, "番号")
    assert deals(nippo) == [(NAME, "B社")]


def test_a_draft_whose_name_was_taken_meanwhile_is_asked_about(nippo: Shell, talk):
    """Taken up again, the draft does not slip into the other's deal."""
    talk("add", answers=("", "+トナー", "電話", "A社", "^C"))
    nippo.done("add", "トナー", "--new-deal", "--customer", "A社", *CALL, "-m", "x")
    terminal = talk("draft", "resume", answers=("^C",))
    assert terminal.labels == ["番号"]


@pytest.mark.parametrize(
    ("whose", "typed", "found"),
    [("A社", ["y"], [(NAME, "A社")]), ("A社", ["n", "更新2027"], [(NAME, "A社"), ("更新2027", "A社")]),
     ("A社", ["n", ""], [(NAME, "A社")]), ("B社", ["y"], [(NAME, "B社")]), ("B社", ["n", "n", ""], [(NAME, "A社")]),
     ("B社", ["n", "y"], [(NAME, "A社"), (NAME, "B社")])],
)  # fmt: skip
def test_plain_questions_ask_the_same(nippo: Shell, monkeypatch, whose, typed, found):
    """Where the terminal can't move its cursor: go on with that deal or another name; whose talk it was."""
    left = list(typed)
    new = ("--new-deal",) if whose == "A社" else ()
    with monkeypatch.context() as patch:
        patch.setattr(start, "can_converse", lambda: False)
        patch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
        patch.setattr("builtins.input", lambda: left.pop(0))
        answer = nippo("add", NAME, *new, "--customer", whose, *CALL, "-m", "話")
    assert left == []
    assert deals(nippo) == found
    kept = nippo.done("draft", "list", "--json").json["drafts"]
    assert (answer.code, len(kept)) == ((2, 1) if typed == ["n", ""] else (0, 0))
