"""What a shell offers at TAB, asked as its script asks."""

import ctypes
import io
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from shell import FIRST, Shell

from nippo_cli.base.errors import UsageError
from nippo_cli.base.places import find_places
from nippo_cli.cli.completion import shell_words
from nippo_cli.cli.completion.completing import complete, journal_file
from nippo_cli.cli.completion.shell_words import Typed, spell
from nippo_cli.cli.frame.main import main


class Tab:
    """TAB at the end of a line that is typed at a shell; the candidates that the shell would get."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, journal: Path) -> None:
        self._monkeypatch = monkeypatch
        self._journal = journal

    def __call__(self, line: str, text: str | None = None, type_: str = "9") -> list[str]:
        """As bash asks, which would replace `text`: what stands behind the last blank, if it isn't said. `type_` is its COMP_TYPE."""
        replaced = line.rpartition(" ")[2] if text is None else text
        said = {"COMP_LINE": line, "_NIPPO_TEXT": replaced, "_NIPPO_TYPE": type_}
        return self._ask({"_NIPPO_COMPLETE": "complete_bash", **said})

    def words(self, shell: str, *words: str) -> list[str]:
        """As zsh and fish ask: `nippo` and each word, the last one as far as it was typed."""
        return self._ask({"_NIPPO_COMPLETE": f"complete_{shell}", "_NIPPO_WORDS": "\n".join(("nippo", *words))})

    def _ask(self, env: dict[str, str]) -> list[str]:
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with self._monkeypatch.context() as patch:
            patch.setenv("NIPPO_JOURNAL", str(self._journal))
            for name, value in env.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdout", out)
            assert main([]) == 0
        out.flush()
        return out.buffer.getvalue().decode().splitlines()


@pytest.fixture
def tab(kept: Shell, monkeypatch) -> Tab:
    """A journal with 案件 of 青葉製作所, and two deals whose names a shell would part."""
    kept.deal("ロボット 増設")
    kept.deal("$(touch gone) `id` \"quoted\"; 'x'")
    return Tab(monkeypatch, kept.journal)


def test_commands_and_their_groups(tab: Tab):
    """Of nippo, and of a group; those that begin so."""
    assert {"add", "deal", "day", "comment", "gap"} <= set(tab("nippo "))
    assert tab("nippo deal ren") == ["rename"]


def test_fixed_words_as_the_screen_shows_them_and_their_keys(tab: Tab):
    """Both are offered, for arguments and options."""
    assert {"滞留", "stalled", "mirage"} <= set(tab("nippo gap "))
    assert tab("nippo gap 滞") == ["滞留"]
    assert tab("nippo gap stal") == ["stalled"]
    assert tab("nippo deal list --fate 失") == ["失注"]
    assert tab("nippo deal list --fate lo") == ["lost"]
    assert tab("nippo lessons --cause 時期") == ["時期が合わなかった"]


def test_options_of_a_command_with_those_of_the_schema(tab: Tab):
    """Shared ones and `--help` too; fields are options of `add`, those of a day of `day`."""
    assert {"--on", "--stage", "--next-on", "--journal", "--help"} <= set(tab("nippo add --"))
    assert tab("nippo day --tom") == ["--tomorrow"]
    assert "--stage" not in tab("nippo undo --")


def test_a_label_is_offered_as_the_option_that_it_is(kept: Shell, tab: Tab):
    """In small letters, blanks as hyphens; one that no option can be made of, or that another makes too, is not offered. Behind it
    stand the field's own words."""
    fields = (
        "  - {key: place, label: Web会議 の場, type: choice, choices: [{key: hq, label: 本社}]}\n"
        "  - {key: aside, label: メモ(社外秘), type: text}\n"
        "  - {key: one, label: 備 考, type: text}\n"
        "  - {key: two, label: 備-考, type: text}\n"
    )
    kept.schema.write_text(kept.schema.read_text("utf-8") + fields, encoding="utf-8")
    kept.done("add", "案件", "--activity", "電話", "-m", "話", "--web会議-の場", "本社", "--later")
    assert tab("nippo add --web会") == ["--web会議-の場"]
    assert tab("nippo add --web会議-の場 ") == ["本社"]
    assert [tab(f"nippo add --{label}") for label in ("メモ", "備", "顧客の")] == [[], [], ["--顧客の言葉"]]


def test_a_team_that_lists_no_fields_of_a_day_has_two(nippo: Shell, monkeypatch):
    """And they complete too."""
    nippo.done("init", "--template", "minimal")
    assert {"--remarks", "--tomorrow"} <= set(Tab(monkeypatch, nippo.journal)("nippo day --"))


def test_deals_by_what_their_names_begin_with_or_hold(tab: Tab):
    """Whatever the width and case; of nothing typed, those talked of last."""
    assert tab("nippo deal show ロボ") == ["ロボット\\ 増設"]
    assert tab("nippo deal show ﾛﾎﾞ") == ["ロボット\\ 増設"]
    assert tab("nippo deal show 増設") == ["ロボット\\ 増設"]
    assert "案件" in tab("nippo deal show ")
    assert tab("nippo deal show zzz") == []


def test_a_journal_is_opened_once_however_much_is_asked_of_it(tab: Tab, monkeypatch):
    """A deal's name asks for what begins so, for a customer, for what holds it and for who else bears it."""
    opened = list[str]()
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **how: opened.append(path) or connect(path, **how))
    assert tab("nippo deal show 増設") == ["ロボット\\ 増設"]
    assert len(opened) == 1


def test_a_name_is_escaped_as_bash_would_have_it_typed(tab: Tab):
    """Every character that could mean something to it."""
    assert tab("nippo deal show $") == [r"\$\(touch\ gone\)\ \`id\`\ \"quoted\"\;\ \'x\'"]
    assert tab("nippo deal show ロボット\\ ", "ロボット\\ ") == ["ロボット\\ 増設"]


@pytest.mark.parametrize("quote", ["'", '"', "$'"])
def test_behind_an_open_quote_a_name_stands_as_it_is_or_an_id_in_its_place(tab: Tab, quote: str):
    """Of a name that could mean something there."""
    assert tab(f"nippo deal show {quote}ロボット ", "ロボット ") == ["ロボット 増設"]
    (found,) = tab(f"nippo deal show {quote}$", "$")
    assert found.isdecimal()
    assert tab(f"nippo log --deal={quote}ロボ", "ロボ") == ["ロボット 増設"]


def test_what_bash_leaves_is_not_said_again(tab: Tab):
    """A part in other quotes, or behind one of its breaks; a name that does not begin so is not offered."""
    assert tab('nippo deal show ロボ"ット ', "ット ") == ["ット 増設"]
    assert tab("nippo deal show 'ロボ'ット", "ット") == ["ット\\ 増設"]
    assert tab('nippo deal show 増"設', "設") == []
    assert tab("nippo deal show $'\\x41", "\\x41") == []
    # Not what stands before the cursor, or a part of two words: of such a line nothing is known.
    assert tab("nippo deal show ロボ", "他") == []
    assert tab("nippo deal show ロボ", "show ロボ") == []


def test_what_bash_types_of_several_at_once_is_no_loss(kept: Shell, monkeypatch):
    """A blank keeps them apart where it would end in half an escape, or take away what was typed."""
    for name in ("単価 a", "単価(b)", "甲単", "甲単$"):
        kept.deal(name)
    tab = Tab(monkeypatch, kept.journal)
    assert tab("nippo deal show 単価") == ["単価\\ a", "単価\\(b\\)", " "]
    assert tab("nippo deal show 甲") == ["甲単", "甲単\\$"]
    assert tab("nippo deal show 単価\\ a", "単価\\ a") == ["単価\\ a"]
    assert tab("nippo deal show '甲", "甲")[::2] == ["甲単", " "]


@pytest.mark.parametrize("listing", ["33", "63", "64"])
def test_bash_marks_finished_deals_in_a_list_alone(kept: Shell, monkeypatch, listing: str):
    """Of several, each with its mark; what bash types at once, one after another, or of one alone never holds it."""
    for name, fate in (
        ("単価A", ()),
        ("単価B", ("--stage", "失注", "--lost-reason", "価格")),
        ("甲", ("--stage", "失注", "--lost-reason", "価格")),
    ):
        kept.deal(name)
        if fate:
            kept.done("add", name, "--activity", "電話", "-m", "断られた", *fate, "--later")
    tab = Tab(monkeypatch, kept.journal)
    assert tab("nippo deal show 単価", type_=listing) == ["単価A", "単価B 〔終了〕"]
    assert tab("nippo deal show 単価", type_="9") == tab("nippo deal show 単価", type_="37") == ["単価A", "単価B"]
    assert tab("nippo deal show 甲", type_=listing) == ["甲"]
    # Where a mark would be typed with what all begin with, there is none.
    assert shell_words.marked(["甲", "甲"], ["〔終了〕", "〔終了〕"]) == ["甲", "甲"]
    assert shell_words.marked(["甲", "甲 乙"], ["〔終了〕", ""]) == ["甲", "甲 乙"]


def test_a_name_that_a_command_would_take_for_something_else_is_offered_by_id(kept: Shell, monkeypatch):
    """One that is another deal's id, or an option."""
    kept.deal("1")
    kept.done("add", *FIRST, "-m", "x", "--", "--output=gone")
    tab = Tab(monkeypatch, kept.journal)
    assert not {"1", "--output=gone"} & set(tab("nippo deal show "))
    (found,) = tab.words("zsh", "deal", "show", "output")
    assert found.partition("\t")[0].isdecimal()
    assert "--output=gone" in found


def test_choices_customers_owners_and_ids(tab: Tab):
    """By the option that they follow, parted by a blank or by `=`."""
    assert tab("nippo add --stage 社") == ["社内決裁"]
    # Bash replaces what stands behind the `=`.
    assert tab("nippo add --stage=社", "社") == ["社内決裁"]
    assert tab("nippo add --stage=社") == ["--stage=社内決裁"]
    assert tab("nippo log --activity 訪") == ["訪問"]
    # A customer, and its deals, either of which opens the page before a visit.
    assert tab("nippo prep 青")[0] == "青葉製作所"
    assert "案件" in tab("nippo prep 青")
    assert tab("nippo gap --owner ") == ["佐藤"]
    assert tab("nippo log --format j") == ["json", "jsonl"]
    assert tab("nippo show 3") == ["3"]


def test_a_value_with_blanks_before_is_one_word(tab: Tab):
    """What was typed before counts as a shell counts it."""
    assert tab("nippo add 'ロボット 増設' --stage 社") == ["社内決裁"]
    assert tab("nippo deal rename ロボット\\ 増設 ") == []


def test_zsh_and_fish_get_a_word_beside_each(tab: Tab):
    """The customer beside a deal, the help beside a command, in the user's language; a tab between."""
    for shell in ("zsh", "fish"):
        assert tab.words(shell, "deal", "show", "ロボ") == ["ロボット 増設\t青葉製作所"]
        assert tab.words(shell, "und")[0].startswith("undo\t直前の")
        (entry,) = tab.words(shell, "show", "3")
        assert entry == "3\t2026-11-23  青葉製作所  案件"


def test_a_name_that_nobody_can_type_is_offered_by_id(kept: Shell, monkeypatch):
    """A line end, a tab or another control in it parts nothing and reaches no terminal: visible marks stand for them."""
    kept.done("add", "単\t\x1b[31mnet", *FIRST, "-m", "x")
    tab = Tab(monkeypatch, kept.journal)
    for shell in ("zsh", "fish"):
        (found,) = tab.words(shell, "deal", "show", "単")
        word, _, help_ = found.partition("\t")
        assert word.isdecimal()
        assert help_ == "単 ␛[31mnet  青葉製作所"
    assert tab("nippo deal show 単") == [word]


def test_zsh_quotes_by_itself_but_not_in_an_open_quote(tab: Tab):
    """There it may be wrong about the quote: a name with signs is offered by id."""
    ask = {"_NIPPO_COMPLETE": "complete_zsh", "_NIPPO_WORDS": "nippo\ndeal\nshow\n"}
    found = {
        quote: {line.partition("\t")[0] for line in tab._ask(ask | {"_NIPPO_QUOTE": quote})} for quote in ("", "'", '"')
    }
    nasty = "$(touch gone) `id` \"quoted\"; 'x'"
    assert nasty in found[""]
    assert found["'"] == found['"']
    assert len(found["'"]) == len(found[""])
    assert all(word.isdecimal() for word in found["'"] - found[""])


def test_fish_leaves_the_quotes_of_the_last_word_to_nippo(tab: Tab):
    """As it was typed so far."""
    for typed in ("'ロボット 増", '"ロボット 増', "ロボット\\ 増", "ロボ'ット 増"):
        assert tab.words("fish", "deal", "show", typed) == ["ロボット 増設\t青葉製作所"]


@pytest.mark.parametrize(("name", "spelled"), [
    ("ロボ 甲", "'ロボ 甲'"), ("$(x);`y", "'$(x);`y'"), ("O'Brien", "'O''Brien'"),
    ("‘; x ’‚‛", "'‘‘; x ’’‚‚‛‛'"), ("@a,#b", "'@a,#b'"), ("abc", "abc"), ("1kb", "'1kb'"),
])  # fmt: skip
def test_powershell_gets_a_name_in_single_quotes(name: str, spelled: str):
    """Typographic ones are the same to it."""
    assert spell(name, Typed((), ""), "pwsh") == spelled


@pytest.mark.parametrize("name", ['a" --output="b', "a\\", "a:::b", "a\nb", "、e; x"])
def test_powershell_gets_no_name_that_would_be_taken_apart_again(name: str):
    """By a program's own reading of its arguments, by the script, or by what the console takes bytes for."""
    assert spell(name, Typed((), ""), "powershell", "ascii") is None


def test_powershell_reads_what_was_meant_on_a_japanese_console(tab: Tab, monkeypatch):
    """UTF-8 taken for cp932 has quotes in it that nobody wrote: what is written is what is read there."""
    monkeypatch.setattr(shell_words, "encoding_of", lambda _: "cp932")
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="utf-8"))
    env = {"_NIPPO_COMPLETE": "complete_powershell", "_TYPER_COMPLETE_ARGS": "nippo deal show ロボ"}
    env |= {"_TYPER_COMPLETE_WORD_TO_COMPLETE": "ロボ", "NIPPO_JOURNAL": str(tab._journal)}
    assert complete(env) == 0
    assert out.getvalue().decode("cp932") == "'ロボット 増設':::青葉製作所\n"


@pytest.mark.parametrize(("page", "encoding"), [(932, "cp932"), (65001, "cp65001"), (0, "ascii"), (99, "ascii")])
def test_on_windows_powershell_is_written_to_in_the_code_page_of_its_console(monkeypatch, page: int, encoding: str):
    """Where there is none, or Python knows it not, by ids alone."""
    kernel32 = SimpleNamespace(GetConsoleOutputCP=lambda: page)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert shell_words.encoding_of("powershell") == encoding
    assert shell_words.encoding_of("bash") == "utf-8"


def test_powershell_gets_its_own_form(tab: Tab):
    """With its help, and after a blank, which its script leaves out."""
    env = {"_NIPPO_COMPLETE": "complete_powershell", "_TYPER_COMPLETE_ARGS": "nippo deal show ロボ"}
    assert tab._ask(env | {"_TYPER_COMPLETE_WORD_TO_COMPLETE": "ロボ"}) == ["'ロボット 増設':::青葉製作所"]
    assert "'ロボット 増設':::青葉製作所" in tab._ask(env | {"_TYPER_COMPLETE_ARGS": "nippo deal show"})
    assert any(line.startswith("deal:::") for line in tab._ask(env | {"_TYPER_COMPLETE_ARGS": "nippo"}))


def test_an_older_script_of_bash_gets_what_it_can_not_take_apart(tab: Tab):
    """It has bash expand what comes back."""
    ask = {"_NIPPO_COMPLETE": "complete_bash", "COMP_POINT": ""}
    assert tab._ask(ask | {"COMP_LINE": "nippo add --stage=社"}) == ["社内決裁"]
    assert tab._ask(ask | {"COMP_LINE": "nippo deal show $"})[0].isdecimal()
    assert tab._ask(ask | {"COMP_LINE": "nippo deal show '$"}) == []


def test_typers_own_scripts_get_nothing(tab: Tab):
    """That for zsh runs what comes back."""
    assert tab._ask({"_NIPPO_COMPLETE": "complete_bash", "COMP_WORDS": "nippo\ndeal\nren", "COMP_CWORD": "2"}) == []
    for shell in ("zsh", "fish"):
        assert tab._ask({"_NIPPO_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "nippo deal "}) == []


def test_no_journal_and_a_damaged_one_offer_what_needs_none(nippo: Shell, monkeypatch):
    """Commands and options; TAB tells no errors and makes no file."""
    tab = Tab(monkeypatch, nippo.journal)
    assert "add" in tab("nippo ")
    assert tab("nippo deal show ") == []
    assert not nippo.journal.exists()
    nippo.journal.mkdir()
    nippo.db.write_bytes(b"no database" * 100)
    assert tab("nippo deal show ") == []


def test_the_journal_is_the_one_that_commands_find(tmp_path, monkeypatch):
    """By option, environment, a `.nippo` above, and the platform's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "file").write_bytes(b"")
    for folder in (deep, tmp_path):
        monkeypatch.chdir(folder)
        for option in (None, "x", "x.db", str(tmp_path / "file"), "~/y", "../z"):
            for env in ({}, {"NIPPO_JOURNAL": "e"}, {"NIPPO_JOURNAL": str(tmp_path / "e.db")}):
                whole = {**os.environ, **env} if env else {k: v for k, v in os.environ.items() if k != "NIPPO_JOURNAL"}
                try:
                    wanted = find_places(journal=option, schema=None, env=whole, cwd=Path.cwd()).journal_db
                except UsageError:
                    continue
                assert journal_file(option, whole) == str(wanted)
        (tmp_path / ".nippo").mkdir(exist_ok=True)


@pytest.fixture
def of_two(kept: Shell, monkeypatch: pytest.MonkeyPatch) -> Tab:
    """保守更新 of two customers, and a finished deal whose whole name stands in that of one that goes on."""
    visit = ("--activity", "visit", "-m", "x", "--later")
    for customer in ("北斗", "東亜工業"):
        kept.done("add", "保守更新", "--new-deal", "--customer", customer, *visit)
    kept.done("add", "搬送", "--new-deal", "--customer", "北斗", *visit, "--stage", "lost")
    kept.done("add", "第二搬送", "--new-deal", "--customer", "北斗", *visit)
    return Tab(monkeypatch, kept.journal)


def test_deals_of_one_name_are_offered_with_their_customers(of_two: Tab):
    """And what is offered is understood."""
    words = of_two.words("zsh", "deal", "show", "保守")
    assert [word.partition("\t")[0] for word in words] == ["保守更新（北斗）", "保守更新（東亜工業）"]


def test_live_deals_come_first_and_finished_ones_are_marked(of_two: Tab):
    """The whole name of a lost deal hides none that goes on and holds it."""
    assert of_two.words("zsh", "deal", "show", "搬送") == ["第二搬送\t北斗", "搬送\t北斗  〔終了〕"]
    last = of_two.words("zsh", "deal", "show", "")[-1]
    assert last == "搬送\t北斗  〔終了〕"


def test_a_customers_name_offers_its_deals(of_two: Tab):
    """Live ones first; a part of the name will do where nothing else is called so."""
    assert [word.partition("\t")[0] for word in of_two.words("zsh", "deal", "show", "北斗")] == [
        "保守更新（北斗）", "第二搬送", "搬送",
    ]  # fmt: skip
    assert of_two.words("zsh", "deal", "show", "亜工") == ["保守更新（東亜工業）\t東亜工業"]


def test_who_is_only_billed_and_the_plants_are_offered(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """Wherever a customer may stand; a plant where one is asked for."""
    nippo.done("add", "下見", "--new-deal", "--customer", "北斗", "--activity", "電話", "-m", "話した")
    roles = (
        "  - {key: billed_to, label: 請求先, type: customer, role: billed_to}\n"
        "  - {key: site, label: 納入先, type: text, role: site}\n"
    )
    nippo.schema.write_text(nippo.schema.read_text(encoding="utf-8") + roles, encoding="utf-8")
    said = ("--billed-to", "東西リース", "--site", "千葉工場", "--activity", "電話", "-m", "話した")
    nippo.done("add", "ポンプ", "--new-deal", "--customer", "青葉", *said)
    tab = Tab(monkeypatch, nippo.journal)
    for words in (
        ("log", "--customer"),
        ("deal", "list", "--billed-to"),
        ("customer",),
        ("search", "話", "--billed-to"),
    ):
        assert tab.words("zsh", *words, "東") == ["東西リース"], words
    assert tab.words("zsh", "log", "--site", "") == ["千葉工場"]


def test_a_customers_other_names_offer_its_deals_too(of_two: Tab, kept: Shell):
    """Another spelling of it, an alias, the name that it had: deals hold what it is called."""
    kept.done("customer", "alias", "北斗", "HKT")
    kept.done("customer", "rename", "東亜工業", "東亜テクノ")
    for said, names in (
        ("株式会社北斗", ["保守更新（北斗）", "第二搬送", "搬送"]),
        ("hkt", ["保守更新（北斗）", "第二搬送", "搬送"]),
        ("東亜工業㈱", ["保守更新（東亜テクノ）"]),
    ):
        assert [word.partition("\t")[0] for word in of_two.words("zsh", "deal", "show", said)] == names


def test_a_customer_that_is_written_with_blanks_is_one(of_two: Tab, kept: Shell):
    """Typed without them, with its legal form behind, in other widths."""
    said = ("--activity", "電話", "-m", "話した", "--later")
    kept.done("add", "塗装", "--new-deal", "--customer", "株式会社 青葉　ＡＢＣ 工業", *said)
    for typed in ("青葉ABC工業", "青葉abc工業㈱", "株式会社青葉ABC 工業"):
        assert of_two.words("zsh", "deal", "show", typed) == ["塗装\t株式会社 青葉　ＡＢＣ 工業"], typed


@pytest.fixture
def of_many(once: Callable[..., Shell], monkeypatch: pytest.MonkeyPatch) -> Tab:
    """2,000 customers with a deal each, and behind them in every order five more."""
    return Tab(monkeypatch, once(_write_many).journal)


def _write_many(shell: Shell) -> None:
    names = [f"あ商会{n}" for n in range(2000)]
    names += ["髙橋産業", "株式会社龍神ミクモ鋳造", "ＺＺテック株式会社", "龍神　電機 有限会社", "ん石材"]
    rows = "".join(f"2026-06-01,電話,佐藤,{name},装置{at},話した,引合,2026-08\n" for at, name in enumerate(names))
    sheet = shell.journal.parent / "many.csv"
    sheet.write_text(f"日付,活動,担当,顧客,案件,事実,ステージ,受注予定\n{rows}", encoding="utf-8")
    shell.done("import", str(sheet), "--yes")


@pytest.mark.parametrize(
    ("typed", "customer"),
    [
        ("髙橋", "髙橋産業"),
        ("高橋", "髙橋産業"),
        ("龍神ミク", "株式会社龍神ミクモ鋳造"),
        ("㈱龍神ミクモ", "株式会社龍神ミクモ鋳造"),
        ("龍神ミクモ鋳造㈱", "株式会社龍神ミクモ鋳造"),
        ("みくも", "株式会社龍神ミクモ鋳造"),
        ("ﾐｸﾓ鋳", "株式会社龍神ミクモ鋳造"),
        ("zzてっく", "ＺＺテック株式会社"),
        ("石材", "ん石材"),
    ],
)
def test_of_thousands_of_customers_one_is_found_however_it_is_typed(of_many: Tab, typed: str, customer: str):
    """From its middle, in other kana, widths and kanji, with another legal form; so are its deals."""
    assert of_many.words("zsh", "customer", typed) == [customer]
    assert [word.partition("\t")[2] for word in of_many.words("zsh", "deal", "show", typed)] == [customer]


def test_of_thousands_of_customers_one_that_is_written_with_blanks_offers_its_deals(of_many: Tab):
    """It is the last of them, typed without blanks and with its form."""
    (found,) = of_many.words("zsh", "deal", "show", "㈲龍神電機")
    assert found.endswith("龍神　電機 有限会社")
