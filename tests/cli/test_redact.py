"""`nippo redact`: what a person or a customer asks to have erased is listed, and then in no file of nippo's any more."""

import io
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing, nullcontext
from email.message import EmailMessage
from pathlib import Path

import pytest
from derived import kept as derived_rows, rebuilt
from shell import FIRST, Shell

from nippo_cli.base.language import t
from nippo_cli.base.text import normal_form, search_form
from nippo_cli.cli.commands import redact as command
from nippo_cli.journal.write import redact

WHY = ("--why", "受付12号", "--yes")
PERSON = "髙橋　ﾊﾙｶ"
SPELLED = ("髙橋　ﾊﾙｶ", "髙橋 ハルカ", "髙橋ハルカ", "高橋ハルカ", "髙橋 ﾊﾙｶ")
CUSTOMER = "㈱双葉精機"
SPELLED_CUSTOMER = ("双葉精機", "㈱双葉精機", "株式会社双葉精機", "(株)双葉精機", "双葉 精機")


def traces_in(folder: Path, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The files below a folder that hold a name, in any form that nippo keeps of it, in one of three encodings; backups
    apart."""
    forms = {
        form for name in names for form in (name, normal_form(name), search_form(name), *normal_form(name).split())
    }
    forms = {form for form in forms if len(form) > 2}
    needles = {
        form.encode(encoding, "ignore") for form in forms for encoding in ("utf-8", "utf-16-le", "cp932")
    }  # fmt: skip
    return [
        (str(path.relative_to(folder)), needle.decode("utf-8", "replace"))
        for path in folder.rglob("*")
        if path.is_file() and "backups" not in path.parts
        for needle in needles
        if len(needle) > 3 and needle in path.read_bytes()
    ]


def write_names(nippo: Shell) -> None:
    """髙橋ハルカ and 双葉精機 wherever a name may stand: entries with corrections, one taken back, a deal's names, a hold, comments, a day,
    a review, a sale, an upgrade's copy; and another deal that names neither."""
    first = ("--new-deal", "--activity", "訪問", "--stage", "ヒアリング", "--next-step", "見積", "--next-on", "+7d")
    nippo.done("add", "双葉精機 搬送機", *first, "--customer", CUSTOMER, "--people", f"{PERSON}（部長・決裁者）",
               "-m", "髙橋ハルカ部長は前向き", "--amount", "120万")  # fmt: skip
    nippo.done("add", "双葉精機 搬送機", "--activity", "電話", "-m", "値段の話")
    nippo.done("edit", "4", "-m", "値段を髙橋 ﾊﾙｶさんと話した", "--why", "髙橋ハルカ氏の指摘")
    nippo.done("add", "双葉精機 搬送機", "--activity", "電話", "-m", "髙橋ハルカさんに電話")
    nippo.done("edit", "6", "--retract", "--why", "髙橋ハルカさんの誤り")
    nippo.done("deal", "rename", "双葉精機 搬送機", "双葉精機 髙橋ハルカ様 搬送機")
    nippo.done("deal", "hold", "双葉精機 髙橋ハルカ様 搬送機", "--until", "+7d", "--why", "髙橋ハルカさんの出張")
    nippo.done("comment", "3", "-m", "髙橋ハルカさんに会いたい")
    nippo.done("day", "-m", "双葉精機の髙橋ハルカさんと食事")
    nippo.done("sales", "add", "--customer", "株式会社双葉精機", "--amount", "100万")
    nippo.done("add", "研磨機", *FIRST, "-m", "別の話")
    (nippo.journal / "journal.before-m010_names.db").write_bytes(nippo.db.read_bytes())
    nippo.done("backup")


@pytest.fixture
def met(once: Callable[..., Shell]) -> Shell:
    """A diary that holds these names, and a draft that does."""
    nippo = once(write_names)
    assert nippo("add", "双葉精機 髙橋ハルカ様 搬送機", "--activity", "散歩", "-m", "髙橋ハルカさんと散歩").code == 3
    return nippo


@pytest.mark.parametrize("how", ["person", "customer", "ids"])
def test_no_file_of_nippos_holds_it_afterwards(met: Shell, tmp_path: Path, how: str):
    """In three encodings, spelled as typed, in the normal form and in the form of the search. The journal is sound, what is
    derived is what a rebuild makes, and the other customer's deal is as it was."""
    names = SPELLED_CUSTOMER if how == "customer" else SPELLED
    assert {Path(path).name for path, _ in traces_in(tmp_path, names)} >= {"journal.db", "1.json"}
    other = met.done("deal", "show", "研磨機", "--json").json["entries"]
    if how == "ids":
        rows = met.done("redact", "--person", PERSON, "--dry-run", "--json").json["records"]
        met.done("redact", *(row["id"] for row in rows), *WHY)
        met.done("draft", "drop", "--all")
        met.journal.joinpath("journal.before-m010_names.db").unlink(missing_ok=True)
    else:
        met.done("redact", f"--{how}", PERSON if how == "person" else CUSTOMER, *WHY)
    assert traces_in(tmp_path, names) == []
    health = met("doctor", "--json")
    assert (health.code, [c for c in health.json["checks"] if c["found"]]) == (0, [])
    assert derived_rows(met.db) == rebuilt(met.db)
    assert met.done("deal", "show", "研磨機", "--json").json["entries"] == other
    assert met.done("search", "髙橋ハルカ" if how != "customer" else "双葉精機", "--json").json["total"] == 0


def test_how_far_it_is_is_told_to_who_waits(met: Shell, monkeypatch):
    """Of the look through the log, before the list and again when it is erased, and of every record that is erased."""
    said = list[tuple[str, int, int]]()
    monkeypatch.setattr(command, "check_progress", lambda: nullcontext(lambda *how_far: said.append(how_far)))
    erased = met.done("redact", "--person", PERSON, *WHY, "--json").json["erasures"]
    looked, erasing = ([of for of in said if of[0] == f"redact.{what}"] for what in ("looking", "erasing"))
    assert len(looked) == 2
    assert [done for _, done, _ in looked] == [0, 0]
    assert erasing == [("redact.erasing", n + 1, len(erasing)) for n in range(len(erasing))]
    assert 0 < len(erasing) <= len(erased)


def test_what_names_nobody_stays(met: Shell):
    """For a person's sake the customer, days, stages and money stay, the deal's line is as it was; its name is its id."""
    before = met.done("deal", "show", "2", "--json").json
    met.done("redact", "--person", PERSON, *WHY)
    after = met.done("deal", "show", "2", "--json").json
    assert (after["stays"], after["amount"], after["customer"]) == (before["stays"], 1_200_000, CUSTOMER)
    assert (before["name"], after["name"]) == ("双葉精機 髙橋ハルカ様 搬送機", "双葉精機 搬送機")
    assert after["holds"][0]["last"] == before["holds"][0]["last"]
    assert [sale["amount"] for sale in met.done("sales", "list", "--json").json["sales"]] == [1_000_000]


def test_a_customers_money_stays_in_every_sum(met: Shell):
    """Rows of the ledger keep their day and amount; whatever is of the customer's deals is erased, named in it or not."""
    listed = met.done("redact", "--customer", CUSTOMER, "--dry-run", "--json").json["records"]
    assert {(row["id"], row["how"]) for row in listed} >= {("4", "belongs"), ("3", "named"), ("2", "mentioned")}
    met.done("redact", "--customer", CUSTOMER, *WHY)
    (sale,) = met.done("sales", "list", "--json").json["sales"]
    assert (sale["amount"], sale["customer"]) == (1_000_000, "")
    assert [deal["name"] for deal in met.done("deal", "list", "--json").json["deals"]] == ["#2", "研磨機"]


def test_it_is_listed_first_and_nothing_is_erased_unasked(met: Shell, tmp_path: Path):
    """A list changes nothing; in a script it takes `--yes`, and always a reason, without the name."""
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    listed = met.done("redact", "--person", PERSON, "--dry-run", "--json").json
    assert {(row["id"], row["how"]) for row in listed["records"]} == {
        ("3", "named"), *((n, "mentioned") for n in ("4", "6", "7", "8", "9", "10", "11"))
    }  # fmt: skip
    assert [Path(path).name for path in listed["drafts"] + listed["copies"]] == [
        "1.json",
        "journal.before-m010_names.db",
    ]
    assert [one["what"] for one in listed["beyond"] if one["command"]] == ["backup"]
    assert met("redact", "--person", PERSON, "--why", "求め").code == 2
    assert met("redact", "--person", PERSON, "--yes").code == 2
    assert met("redact", "--person", PERSON, "--yes", "--why", "髙橋ハルカさんの求め").code == 2
    assert met("edit", "3", "--erase", "--why", "髙橋ハルカさんの求め").code == 2
    assert met("redact", "3", "--person", PERSON).code == 2
    assert met("redact").code == 2
    assert met("redact", "999", *WHY).code == 4
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_named_only_leaves_what_mentions_the_name(met: Shell):
    """The entry that has it among the people is erased, a comment that mentions it stays, and is counted."""
    done = met.done("redact", "--person", PERSON, "--named-only", *WHY, "--json").json
    assert ([row["id"] for row in done["records"]], done["left_out"]) == (["3"], {"mentioned": 7})
    assert [c["text"] for c in met.done("comment", "--json").json["comments"]] == ["髙橋ハルカさんに会いたい"]


def test_who_has_to_carry_a_decision_out_stands_in_a_field_for_names(nippo: Shell):
    """As it was written, or only by a correction: no decision keeps the name of somebody who is erased, `--named-only` or not."""
    nippo.done("add", "案件", *FIRST, "-m", "見積の話")
    for text, who in (("値引は5%まで", "西村"), ("納期を確認", "大野"), ("展示会に出る", "大野")):
        nippo.done("comment", "案件", "--decision", "-m", text, "--who", who)
    ids = {one["text"]: one["id"] for one in nippo.done("comment", "--json").json["comments"]}
    nippo.done("comment", ids["納期を確認"], "--correct", "--who", "西村")
    done = nippo.done("redact", "--person", "西村", "--named-only", *WHY, "--json").json
    assert [(row["id"], row["how"], row["where"]) for row in done["records"]] == [
        (ids["値引は5%まで"], "named", ["who"]), (ids["納期を確認"], "named", ["who"])
    ]  # fmt: skip
    assert [one["text"] for one in nippo.done("comment", "--json").json["comments"]] == ["展示会に出る"]
    assert "西村".encode() not in nippo.db.read_bytes()


def test_another_spelling_is_offered_and_not_erased(met: Shell):
    """高橋 may be somebody else."""
    met.done("add", "研磨機", "--activity", "訪問", "--people", "高橋ハルカ", "-m", "別人かもしれない")
    listed = met.done("redact", "--person", PERSON, "--dry-run", "--json").json
    assert listed["near"] == ["高橋ハルカ"]
    met.done("redact", "--person", PERSON, *WHY)
    assert "別人かもしれない" in met.done("log", "--json").out


def test_a_name_behind_a_backslash_is_found(nippo: Shell):
    r"""In JSON `\\tanaka` is written with two, of which the second and the t are no tab."""
    nippo.done("add", "案件", *FIRST, "-m", r"資料は C:\Users\tanaka と \\srv\nakamura にある")
    for name in ("tanaka", "nakamura"):
        (row,) = nippo.done("redact", "--person", name, "--dry-run", "--json").json["records"]
        assert row["how"] == "mentioned", name


def test_a_customer_of_another_legal_form_is_offered_and_not_erased(nippo: Shell):
    """株式会社青葉 asks; 有限会社青葉 has deals, entries and sales of its own."""
    for name, deal in (("株式会社青葉", "搬送機"), ("有限会社青葉", "研削盤")):
        nippo.done("add", deal, *FIRST, "--customer", name, "-m", f"{deal}の話")
        nippo.done("sales", "add", "--customer", name, "--amount", "10万", "--on", "2026-11-02")
    listed = nippo.done("redact", "--customer", "株式会社青葉", "--dry-run", "--json").json
    assert {row["says"] for row in listed["records"]} & {"研削盤の話", "有限会社青葉"} == set()
    assert listed["near"] == ["有限会社青葉"]
    nippo.done("redact", "--customer", "株式会社青葉", *WHY)
    assert nippo.done("deal", "show", "研削盤", "--json").json["customer"] == "有限会社青葉"
    assert "株式会社青葉" not in nippo.done("log", "--json").out


def test_a_record_that_is_asked_for_by_its_id_is_listed_as_such(met: Shell):
    """It names nobody's name: the list doesn't say that it does."""
    [row] = met.done("redact", "3", "--dry-run", "--json").json["records"]
    assert (row["id"], row["how"]) == ("3", "asked")
    page = met.done("redact", "3", "--dry-run").out
    assert "番号で指定したもの" in page
    assert "名前の欄" not in page
    assert "Asked for by ID  1 record" in met.done("--lang", "en", "redact", "3", "--dry-run").out


def test_what_stands_in_a_draft_alone_is_said_to_be_done(nippo: Shell):
    """No record says so, and the page does."""
    nippo.done("add", "案件", *FIRST, "-m", "別の話")
    assert nippo("add", "案件", "--activity", "散歩", "-m", "髙橋ハルカさんと散歩").code == 3
    done = nippo.done("redact", "--person", PERSON, *WHY)
    assert t("redact.title") not in done.out
    assert nippo.done("draft", "list", "--json").json["drafts"] == []


def test_an_earlier_reason_that_names_somebody_goes_too(met: Shell):
    """What that erasure left of its entry stays."""
    (entry,) = met.done("deal", "show", "研磨機", "--json").json["entries"]
    met.done("edit", entry["id"], "--erase", "--why", "髙橋ハルカさんの依頼")
    stays = met.done("deal", "show", "研磨機", "--json").json["stays"]
    met.done("redact", "--person", PERSON, *WHY)
    assert traces_in(met.journal, SPELLED) == []
    assert met.done("deal", "show", "研磨機", "--json").json["stays"] == stays
    assert met("doctor").code == 0


def test_the_log_says_that_it_was_erased_by_whom_and_why(met: Shell, tmp_path: Path):
    """One record an erasure; undo can't take it back."""
    done = met.done("redact", "--person", PERSON, *WHY, "--json").json
    met.done("export", "out")
    log = (tmp_path / "out" / "log.jsonl").read_text(encoding="utf-8")
    assert log.count("受付12号") >= len(done["erasures"]) == 8
    assert met("undo").code == 2


def test_a_backup_is_named_until_it_is_deleted(met: Shell):
    """With the command that does it; a new one made afterwards is not named."""
    met.done("redact", "--person", PERSON, *WHY)
    (old,) = [one for one in met.done("redact", "--person", PERSON, "--json").json["beyond"] if one["what"] == "backup"]
    met.done("backup")
    (still,) = [
        one for one in met.done("redact", "--person", PERSON, "--json").json["beyond"] if one["what"] == "backup"
    ]
    assert still == old
    subprocess.run(old["command"], shell=True, check=True)
    assert not Path(old["path"]).exists()
    assert len(list((met.journal / "backups").iterdir())) == 3
    assert [one["what"] for one in met.done("redact", "--person", PERSON, "--json").json["beyond"]] == ["outputs"]


def test_what_an_import_remembers_of_a_name_is_named_with_what_removes_it(nippo: Shell, tmp_path: Path):
    """A column may be called like a person."""
    (tmp_path / "list.csv").write_text(f"お客様名,件名,進捗,{PERSON}\n甲社,A機,提案,x\n", encoding="utf-8")
    nippo.done("import", "list.csv", "--yes")
    (memory,) = [path for path in tmp_path.rglob("*.json") if path.parent.name == "imports"]
    memory.write_text(f'{{"customer:": "{PERSON}"}}', encoding="utf-8")
    beyond = nippo.done("redact", "--person", PERSON, "--dry-run", "--json").json["beyond"]
    assert [(one["path"], bool(one["command"])) for one in beyond if one["what"] == "remembered"] == [
        (str(memory), True)
    ]
    assert str(memory) in nippo.done("redact", "--person", PERSON, "--dry-run").out.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("where", ["ledgers/0123.json", "sync.json", "init.json"])
def test_whatever_else_the_state_folder_holds_of_a_name_is_named(met: Shell, tmp_path: Path, where):
    """What was answered of a ledger, what a sync had to say, how far a first schema was: with what removes it."""
    (drafts,) = [path for path in tmp_path.rglob("drafts") if path.is_dir()]
    file = drafts.parent / where
    file.parent.mkdir(exist_ok=True)
    file.write_text(f'{{"notes": "{PERSON}"}}', encoding="utf-8")
    (drafts.parent / "written").write_text(f"/{PERSON}/journal.db", encoding="utf-8")
    beyond = met.done("redact", "--person", PERSON, "--dry-run", "--json").json["beyond"]
    assert [one["path"] for one in beyond if one["what"] == "remembered"] == [str(file)]


@pytest.mark.parametrize("where", ["text", "subject", "workbook"])
def test_a_mail_that_was_not_sent_goes_too(met: Shell, tmp_path: Path, where):
    """Its encoding hides the words from a look at its bytes: base64, a head's own, a workbook's compression. Another's stays."""
    (drafts,) = [path for path in tmp_path.rglob("drafts") if path.is_dir()]
    folder = drafts.parent / "mails"
    folder.mkdir()
    for name, said in (("20261101-180000-7.eml", PERSON), ("20261102-180000-7.eml", "別人")):
        book = io.BytesIO()
        with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", f"<c>{said if where == 'workbook' else ''}</c>" * 50)
        mail = EmailMessage()
        mail["Subject"] = f"週報 {said if where == 'subject' else ''}"
        mail.set_content(f"{said if where == 'text' else '本文'}\n", cte="base64")
        mail.add_attachment(book.getvalue(), maintype="application", subtype="octet-stream", filename="week.xlsx")
        (folder / name).write_bytes(mail.as_bytes())
        assert PERSON.encode() not in (folder / name).read_bytes()
    met.done("redact", "--person", PERSON, *WHY)
    assert [path.name for path in folder.iterdir()] == ["20261102-180000-7.eml"]


def test_a_file_that_cannot_be_written_anew_is_told_and_done_with_the_next_write(met: Shell, monkeypatch):
    """A full disk after the erasure: it stands, exit 5 says what may be left, and whatever is written next does the rest."""
    # What earlier versions of derived rows left in free space, before anything was written over.
    with closing(sqlite3.connect(met.db, isolation_level=None)) as cx:
        cx.execute("pragma secure_delete = off")
        cx.execute("create table filler (said text)")
        cx.execute("insert into filler values (?)", ("髙橋ハルカ" * 20_000,))
        cx.execute("drop table filler")
    with monkeypatch.context() as full:
        full.setattr(redact, "WIPE", "vacuum into '/'")
        refused = met("redact", "--person", PERSON, *WHY)
    assert (refused.code, t("journal.not_wiped", why="")[:12] in refused.err) == (5, True)
    assert met.done("redact", "--person", PERSON, "--dry-run", "--json").json["records"] == []
    assert "髙橋ハルカ".encode() in met.db.read_bytes()
    met.done("day", "-m", "一日の終わり")
    assert "髙橋ハルカ".encode() not in met.db.read_bytes()
    assert met("doctor").code == 0


def test_an_imports_file_name_goes_and_the_file_is_known_all_the_same(met: Shell, tmp_path: Path):
    """What it counted stays, and it is not written over by an output."""
    (tmp_path / "双葉精機.csv").write_text("d,f\n2026-10-01,打合せ\n?,x\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(
        "source: s\non: {column: d, format: '%Y-%m-%d'}\nfields: {activity: {constant: 社内}, facts: f}\n",
        encoding="utf-8",
    )
    met.done("import", "双葉精機.csv", "--map", "map.yaml", "--on-error", "skip")
    before = met.done("gap", "--json").json["left_out"]
    met.done("redact", "--customer", CUSTOMER, *WHY)
    assert "双葉精機.csv".encode() not in met.db.read_bytes()
    assert met.done("gap", "--json").json["left_out"] == before
    assert met("log", "-o", "双葉精機.csv", "--force").code == 2


def test_a_damaged_copy_is_judged_by_its_bytes(met: Shell):
    """A page in its middle is lost: it can't be read as a journal, and it is told all the same."""
    (copy,) = met.journal.glob("backups/*.db")
    content = copy.read_bytes()
    copy.write_bytes(content[: 4096 * 4] + b"\xff" * (len(content) - 4096 * 5) + content[-4096:])
    assert met("redact", "--person", "別人", "--dry-run").code in (0, 4)
    copy.write_bytes(content[: 4096 * 4] + b"\xff" * (len(content) - 4096 * 5) + PERSON.encode())
    listed = met.done("redact", "--person", PERSON, "--dry-run", "--json").json
    assert copy.name in str(listed["beyond"])


@pytest.mark.parametrize("option", ["--person", "--customer"])
def test_bytes_that_are_no_letters_are_no_name_to_look_for(kept: Shell, option: str):
    """That nothing is there would be taken for a fact: the terminal is to be set right first."""
    refused = kept("redact", option, "\udc8c見")
    assert (refused.code, refused.out, "UTF-8" in refused.err) == (2, "", True)
