"""`nippo add -e`, with an editor that does what a test says."""

import os
import sys
from pathlib import Path

import pytest
from shell import Shell

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the editor of these tests is a script with a first line")


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An editor that at its n-th opening runs the n-th piece of Python on `text`, the last one ever after; `seen` holds
    what it was shown."""
    seen = tmp_path / "seen"
    seen.mkdir()

    def does(*rounds: str) -> Path:
        body = [
            f"#!{sys.executable}", "import sys, pathlib", "path = pathlib.Path(sys.argv[-1])",
            "text = before = path.read_text(encoding='utf-8')", f"seen = pathlib.Path({str(seen)!r})",
            "n = len(list(seen.iterdir()))", "(seen / f'{n}.yaml').write_text(text, encoding='utf-8')",
            f"exec({list(rounds)!r}[min(n, {len(rounds) - 1})])",
            "if text != before: path.write_text(text, encoding='utf-8')",
        ]  # fmt: skip
        script = tmp_path / "editor"
        script.write_text("\n".join(body) + "\n", encoding="utf-8")
        script.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(script))
        return seen

    monkeypatch.delenv("VISUAL", raising=False)
    return does


GOOD = (
    "text = text.replace('活動:', '活動: 電話').replace('事実: |\\n', '事実: |\\n田中課長から電話。\\n予算は来期。\\n')"
)


def shown(seen: Path, at: int) -> str:
    """What the editor was shown at its opening `at` (from 0)."""
    return (seen / f"{at}.yaml").read_text(encoding="utf-8")


def drafts(nippo: Shell) -> list[dict]:
    """The drafts that are left."""
    return nippo.done("draft", "list", "--json").json["drafts"]


def test_the_report_is_written_in_the_editor(kept: Shell, editor):
    """What the command line says stands in it; what was written is recorded, its lines kept."""
    seen = editor(GOOD)
    found = kept.done("add", "案件", "--amount", "120万", "-e", "--json").json
    assert found["entry"]["values"] == {
        "activity": "call",
        "facts": "田中課長から電話。\n予算は来期。",
        "amount": 1_200_000,
    }
    assert "金額: 1200000" in shown(seen, 0)
    assert drafts(kept) == []


def test_what_does_not_pass_opens_again_with_the_problems(kept: Shell, editor):
    """Over the lines that they are about, with all that was written; mended, it is recorded."""
    bad = (
        GOOD
        + "; text = text.replace('次の一手の期日:', '次の一手の期日: そのうち').replace('案件: 案件', '案件: 案件X')"
    )
    seen = editor(
        bad,
        "text = text.replace('案件: 案件X', '案件: 案件')",
        "text = text.replace('期日: そのうち', '期日: +7d').replace('次の一手:\\n', '次の一手: 訪問\\n')",
    )
    found = kept.done("add", "案件", "-e", "--json").json
    assert found["entry"]["values"]["next_on"] == "2026-11-30"
    first = shown(seen, 1).split("\n")
    assert first[first.index("案件: 案件X") - 1].startswith("#! ")
    second = shown(seen, 2).split("\n")
    assert second[second.index("次の一手の期日: そのうち") - 1].startswith("#! 「そのうち」")
    assert "予算は来期。" in shown(seen, 2)


def test_a_broken_form_opens_again(kept: Shell, editor):
    """YAML that is none is no loss: the place is told, and the text is there."""
    seen = editor(GOOD + "; text = text.replace('競合:', '競合: [A社')", "text = text.replace('[A社', 'A社')")
    assert kept.done("add", "案件", "-e", "--json").json["entry"]["values"]["competitor"] == "A社"
    assert "#! " in shown(seen, 1)
    assert "予算は来期。" in shown(seen, 1)


def test_an_editor_that_saves_nothing_records_nothing(kept: Shell, editor):
    """Said clearly; no entry, no draft."""
    editor("pass")
    answer = kept("add", "案件", "-e")
    assert (answer.code, answer.out) == (130, "")
    assert "何も記録していません" in answer.err
    assert drafts(kept) == []
    assert kept.done("log", "--json").json["total"] == 1


def test_an_emptied_form_records_nothing(kept: Shell, editor):
    """As an emptied commit message is no commit."""
    editor("text = '# x\\n'")
    assert kept("add", "案件", "-e").code == 130
    assert drafts(kept) == []


def test_an_editor_that_fails_leaves_a_draft_of_what_it_saved(kept: Shell, editor):
    """Exit 1 and the reason; resumed, the text is there. One that saved nothing leaves nothing."""
    editor(GOOD + "; path.write_text(text, encoding='utf-8'); sys.exit(7)")
    answer = kept("add", "案件", "-e")
    assert answer.code == 1
    assert "終了コード 7" in answer.err
    assert "add --resume" in answer.err
    assert drafts(kept)[0]["facts"].startswith("田中課長から電話。")
    editor("text += '\\n'")
    assert kept.done("draft", "resume", "--json").json["entry"]["values"]["activity"] == "call"
    assert drafts(kept) == []
    editor("sys.exit(7)")
    assert kept("add", "案件", "-e").code == 1
    assert drafts(kept) == []


def test_an_editor_that_gives_up_leaves_a_draft(kept: Shell, editor):
    """Opened again with the problems and closed as it is: the problems, exit 3, and the way on. It never loops."""
    seen = editor(
        "text = text.replace('事実: |\\n', '事実: |\\n大事な話\\n')", "path.write_text(text, encoding='utf-8')"
    )
    answer = kept("add", "案件", "-e")
    assert answer.code == 3
    assert "活動" in answer.err
    assert len(list(seen.iterdir())) == 2
    assert "大事な話" in drafts(kept)[0]["facts"]


def test_an_editor_that_is_not_there(kept: Shell, monkeypatch):
    """Named, with the reason; no traceback, no draft."""
    monkeypatch.setenv("EDITOR", "/no/such/editor --wait")
    answer = kept("add", "案件", "-e")
    assert answer.code == 1
    assert "/no/such/editor" in answer.err
    assert drafts(kept) == []


@pytest.mark.parametrize("more", [(), ("--no-input",)])
def test_without_a_terminal_and_an_editor_it_is_refused(kept: Shell, monkeypatch, more):
    """No editor is guessed for nobody."""
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    assert kept("add", "案件", "-e", *more).code == 2


def test_a_draft_of_the_questions_goes_on_in_the_editor(kept: Shell, editor):
    """All that was typed stands in the form; left as it is, the draft stays as it was."""
    assert kept("add", "案件", "--activity", "訪問", "-m", "話した").code == 3
    seen = editor("pass")
    assert kept("draft", "resume", "-e").code == 130
    assert [(d["number"], d["in_editor"], d["facts"]) for d in drafts(kept)] == [(1, False, "話した")]
    assert "話した" in shown(seen, 0)
    editor("text = text.replace('面談者:', '面談者: 田中')")
    assert kept.done("draft", "resume", "-e", "--json").json["entry"]["values"]["people"] == [{"name": "田中"}]
    assert drafts(kept) == []


def test_like_fills_the_form(kept: Shell, editor):
    """An earlier entry's values, but for what was promised that day."""
    seen = editor("text = text.replace('話を聞いた', '別の話')")
    found = kept.done("add", "--like", "3", "-e", "--json").json["entry"]
    assert found["values"] == {"activity": "call", "facts": "別の話"}
    assert "話を聞いた" in shown(seen, 0)
