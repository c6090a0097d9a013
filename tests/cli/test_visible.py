"""What is written for oneself, or for who leads the team, is shown to nobody else: on no page and in no data. It is a courtesy: a copy of
the journal holds it."""

from pathlib import Path

import pytest
from shell import Shell
from test_in_files import PAGES

SELF, LEAD = "自分ヒミツ一", "課長ヒミツ二"
FIELDS = """
  - {key: memo, label: 手控え, type: text, visible: self}
  - {key: worry, label: 気がかり, type: text, visible: lead}
"""
OF_DAY = "day_fields:\n  - {key: mood, label: 気分, type: text, visible: self}\n  - {key: advice, label: 相談, type: text, visible: lead}"
HIDDEN = ("自分所感三", SELF, LEAD, "気分ヒミツ四", "相談ヒミツ五")


@pytest.fixture
def written(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """西村 wrote one entry and a day; its impression, its memo and the day's mood are for them alone, the others for the lead."""
    monkeypatch.setenv("NIPPO_NOW", "2026-10-20T18:00:00+09:00")
    nippo.done("init")
    schema = nippo.journal / "schema.yaml"
    text = schema.read_text(encoding="utf-8").replace(
        "    role: impression\n", "    role: impression\n    visible: self\n"
    )
    schema.write_text(text.replace("\nday_fields:", f"\n{OF_DAY}").rstrip() + FIELDS, encoding="utf-8")
    monkeypatch.setenv("NIPPO_AUTHOR", "西村")
    nippo.done("add", "甲", "--new-deal", "--customer", "浅間計装", "--kind", "更新", "--activity", "電話", "-m", "話した",
               "--impression", HIDDEN[0], "--memo", SELF, "--worry", LEAD)  # fmt: skip
    nippo.done("day", "--mood", HIDDEN[3], "--advice", HIDDEN[4])
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    nippo.done("add", "乙", "--new-deal", "--customer", "三雲精密", "--activity", "電話", "-m", "話した", "--later")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-02T18:00:00+09:00")
    return nippo


def pages(shell: Shell) -> list[tuple[str, ...]]:
    """Every page, with the entry's number put in; the day, too."""
    of = [tuple("4" if part == "ENTRY" else part for part in page) for page in PAGES]
    return [
        *of,
        ("day", "10/20"),
        ("log", "--team", "--on", "10/20"),
        ("prep", "--handover", "浅間計装"),
        ("log", "--since", "10/1"),
        ("log", "--new"),
    ]


@pytest.mark.parametrize("form", ["table", "json", "csv", "md", "html"])
def test_nobody_else_is_shown_it(written: Shell, form: str):
    """Whatever page, in whatever form; that one was said is no secret. What 西村 wrote is news."""
    state = Path(written.done("path", "--json").json["state"])
    state.mkdir(parents=True, exist_ok=True)
    (state / "looked.json").write_text(
        '{"on": "2026-10-19", "upto": {"0": 0}, "since": null, "after": null}', encoding="utf-8"
    )
    assert written.done("log", "--new", "--json").json["news"]["entries"] == {"西村": 1}
    for page in pages(written):
        answer = written(*page, "--format", form)
        assert answer.code in (0, 2, 4), (page, answer.err)
        assert [word for word in HIDDEN if word in answer.out] == [], page


def test_no_page_of_a_folder_of_reports_holds_it(written: Shell, tmp_path: Path):
    """Asked for by name, either: what is for its writer alone is no other's to hand on."""
    (tmp_path / "monday").mkdir()
    written.done("report", "--with", "memo,impression", "-o", str(tmp_path / "monday"))
    pages_ = [file.read_text(encoding="utf-8") for file in (tmp_path / "monday").rglob("*.html")]
    assert pages_
    assert [word for word in HIDDEN if any(word in page for page in pages_)] == []


def test_its_writer_is_shown_all_of_it(written: Shell, monkeypatch: pytest.MonkeyPatch):
    """On the entry, in the log, on the day."""
    monkeypatch.setenv("NIPPO_AUTHOR", "西村")
    shown = written.done("show", "4").out
    assert all(word in shown for word in HIDDEN[:3])
    assert SELF in written.done("log", "--json").out
    assert HIDDEN[3] in written.done("day", "10/20").out


def test_who_leads_the_team_is_shown_what_is_for_the_lead(written: Shell, tmp_path: Path):
    """And nothing of what is for its writer alone. A founder leads."""
    (tmp_path / "share").mkdir()
    written.done("team", "begin", f"folder:{tmp_path / 'share'}", "--yes")
    shown = written.done("log", "--since", "10/1").out + written.done("show", "4").out
    assert LEAD in shown
    assert SELF not in shown


def test_a_copy_of_the_journal_holds_it(written: Shell):
    """Every replica holds every record: it is a courtesy, and the docs say so."""
    out = written.journal.parent / "log.jsonl"
    written.done("export", "--log", "-o", str(out))
    assert SELF in out.read_text(encoding="utf-8")


def test_a_field_of_every_page_cant_be_for_some(written: Shell):
    """What a deal is worth stands on every page."""
    schema = written.journal / "schema.yaml"
    schema.write_text(
        schema.read_text(encoding="utf-8").replace("    role: amount\n", "    role: amount\n    visible: self\n"),
        encoding="utf-8",
    )
    answer = written("schema", "check")
    assert answer.code == 3
    assert "visible" in answer.err + answer.out
