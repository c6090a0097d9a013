"""The conversation, answered from a script: what is asked, what is kept, what is recorded."""

import os
import sys
from typing import Any

import pytest
from scripted import Scripted
from shell import Shell

from nippo_cli.cli.add import asking, start


@pytest.fixture
def talk(kept: Shell, monkeypatch: pytest.MonkeyPatch):
    """`nippo …` on the journal with one deal, 案件, where a person answers; its one question waits for `answers`."""

    def run(*argv: str, answers: tuple[str, ...] = ()) -> tuple[Any, Scripted]:
        terminal = Scripted(*answers)
        monkeypatch.setattr(asking, "PromptTerminal", lambda **_: terminal)
        monkeypatch.setattr(start, "can_converse", lambda: True)
        # Loaded by then or not, it is asked there, too.
        monkeypatch.setattr("nippo_cli.cli.add.resuming.can_converse", lambda: True)
        monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
        answer = kept(*argv)
        assert terminal.left == [], answer.err
        return answer, terminal

    return run


def entry(nippo: Shell, number: str = "") -> Any:
    """An entry as it was recorded; the last one without a number."""
    entries = nippo.done("log", "--json").json["entries"]
    return next(e for e in entries if e["id"] == number) if number else max(entries, key=lambda e: int(e["id"]))


def test_a_known_deal_takes_few_answers(talk, kept):
    """Day, deal, activity, what stands, facts, the next step and its day, review, no more: nobody was met."""
    answers = ("", "案件", "2", "", "田中課長が電話で仕様を決めた", "見積提出", "来週火曜", "")
    answer, terminal = talk("add", answers=answers)
    assert answer.code == 0, answer.err
    assert terminal.labels == ["日付", "案件", "活動", "変更点", "事実", "次の一手", "次の一手の期日",
                               "よろしいですか"]  # fmt: skip
    found = entry(kept)
    assert (found["on"], found["deal"]["name"]) == ("2026-11-23", "案件")
    assert found["values"] == {
        "activity": "call", "facts": "田中課長が電話で仕様を決めた", "next_step": "見積提出", "next_on": "2026-12-01",
    }  # fmt: skip
    assert "記録しました" in answer.out
    assert "nippo undo" in answer.out
    assert kept.done("draft", "list", "--json").json["drafts"] == []


def test_a_step_that_is_put_off_costs_one_enter(talk, kept):
    """Enter leaves the step that stands, with its day while that lies ahead; once that has come, a week later, or on the day that
    is typed alone. The question says which."""
    talk("add", answers=("", "案件", "電話", "", "話した", "", ""))
    assert entry(kept)["values"] | {"facts": ""} == {
        "activity": "call", "facts": "", "next_step": "見積提出", "next_on": "2026-11-30",
    }  # fmt: skip
    kept.done(
        "add", "案件", "--activity", "電話", "-m", "x", "--next-step", "見積提出", "--next-on", "11/23", "--no-input"
    )
    for answer, day in (("", "2026-11-30"), ("12/8", "2026-12-08"), ("", "2026-12-08")):
        _, terminal = talk("add", answers=("", "案件", "電話", "", "また話した", answer, ""))
        asked = {q.label: q.empty for q in terminal.questions}
        assert "次の一手の期日" not in asked
        assert "見積提出" in asked["次の一手"]
        values = entry(kept)["values"]
        assert (values["next_step"], values["next_on"]) == ("見積提出", day)
    assert "「見積提出」12/8(火) のまま" in asked["次の一手"]


def test_a_step_without_a_day_is_asked_for_one(talk, kept):
    """Enter keeps the step; of its day nothing is known, and another step's day is asked for, too."""
    kept.done("add", "案件", "--activity", "電話", "-m", "x", "--next-step", "見積提出", "--no-input")
    _, terminal = talk("add", answers=("", "案件", "電話", "", "話した", "", "12/8", ""))
    assert "次の一手の期日" in terminal.labels
    _, terminal = talk("add", answers=("", "案件", "電話", "", "話した", "訪問", "12/9", ""))
    values = entry(kept)["values"]
    assert (values["next_step"], values["next_on"]) == ("訪問", "2026-12-09")


def test_a_dash_says_that_there_is_nothing_to_say(talk, kept):
    """To any field, in a question, as an option and of a plain terminal; of people in words too. A number of people is refused."""
    id_ = kept.deal("別件", "--impression", "-", "--people", "田中", "--companions", "－", "--competitor", "B社")
    assert not {"impression", "companions"} & kept.done("show", id_, "--json").json["values"].keys()
    kept.done("edit", id_, "--competitor", "-", "--people", "なし")
    assert not {"competitor", "people"} & kept.done("show", id_, "--json").json["values"].keys()
    _, terminal = talk("add", answers=("", "案件", "訪問", "", "3", "なし", "", "会った", "－", "-", ""))
    assert ["「3」" in q.trouble for q in terminal.questions if q.label == "面談者"] == [False, True, False]
    assert not {"people", "impression", "next_step"} & entry(kept)["values"].keys()


def test_an_amount_of_a_hundred_times_is_asked_about(talk, kept):
    """Typed or on the command line, up or down; Enter says that it is right. Where nobody is asked, it is told."""
    kept.done("add", "案件", "--activity", "電話", "-m", "見積の話", "--amount", "120万")
    _, terminal = talk("add", answers=("", "案件", "電話", "金額 12000万", "120万", "", "話した", "-", ""))
    assert [q.default for q in terminal.questions if "100倍" in q.trouble] == ["12000万"]
    assert "amount" not in entry(kept)["values"] or entry(kept)["values"]["amount"] == 1_200_000
    _, terminal = talk("add", "案件", "--activity", "電話", "--amount", "1万", answers=("", "", "値引き", "", "-", ""))
    assert [q.label for q in terminal.questions if "100倍" in q.trouble] == ["金額"]
    assert entry(kept)["values"]["amount"] == 10_000


def test_who_stops_at_the_one_question_of_a_whole_report_has_a_draft(talk, kept, monkeypatch):
    """Nothing is recorded."""
    kept.done("add", "案件", "--activity", "電話", "-m", "見積の話", "--amount", "120万")

    def stop() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", stop)
    answer, terminal = talk("add", "案件", "--activity", "電話", "-m", "値引き", "--amount", "1万")
    assert (answer.code, terminal.questions) == (130, [])
    assert [draft["facts"] for draft in kept.done("draft", "list", "--json").json["drafts"]] == ["値引き"]
    assert entry(kept)["values"].get("facts") != "値引き"


def test_an_amount_of_a_hundred_times_is_told_where_nobody_is_asked(kept):
    """It is recorded all the same."""
    kept.done("add", "案件", "--activity", "電話", "-m", "見積の話", "--amount", "120万")
    assert "100倍" not in kept.done("add", "案件", "--activity", "電話", "-m", "値引き", "--amount", "100万").err
    assert (
        "1,000,000円 → 100,000,000円"
        in kept.done("add", "案件", "--activity", "電話", "-m", "x", "--amount", "1億").err
    )


def test_an_amount_of_a_hundred_times_is_told_on_a_terminal_too(talk, kept, tmp_path):
    """By a file nobody is asked; who was asked, in a correction too, is told nothing more."""
    kept.done("add", "案件", "--activity", "電話", "-m", "見積の話", "--amount", "120万")
    file = tmp_path / "reports.yaml"
    file.write_text("- {deal: 案件, activity: 電話, facts: 値引きの話, amount: 1億5000万}\n", encoding="utf-8")
    answer, _ = talk("add", "--from-file", str(file))
    assert "1,200,000円 → 150,000,000円" in answer.err
    answer, terminal = talk(
        "add", "案件", "--activity", "電話", "--amount", "100万", answers=("", "", "値引き", "", "-", "")
    )
    assert [q.label for q in terminal.questions if "100倍" in q.trouble] == ["金額"]
    assert answer.code == 0
    assert "100倍" not in answer.err


def test_dates_and_amounts_are_echoed_as_understood(talk, kept):
    """As typed and as it is, the weekday with it."""
    _, terminal = talk("add", answers=(
        "昨日", "案件", "電", "金額 120万", "", "話した", "見積", "来月10日", "",
    ))  # fmt: skip
    for row in ("昨日 → 11/22(日)", "電 → 電話", "120万 → 1,200,000円", "来月10日 → 12/10(木)"):
        assert row in terminal.screen, row
    assert entry(kept)["values"]["amount"] == 1_200_000


def test_what_stands_is_shown_where_it_is_changed(talk, kept):
    """Picked by its number, a field says what Enter leaves; `<` leaves it too. Another customer is confirmed first."""
    _, terminal = talk(
        "add", answers=("", "案件", "電", "フェーズ", "", "1", "<", "顧客", "別の会社", "2", "2", "", "^C")
    )
    assert [(q.label, q.empty) for q in terminal.questions if q.label in ("フェーズ", "顧客")] == [
        ("フェーズ", "Enter = ヒアリング"), ("フェーズ", "Enter = ヒアリング"), ("顧客", "Enter = 青葉製作所"),
        ("顧客", "Enter = 別の会社"),
    ]  # fmt: skip
    (draft,) = kept.done("draft", "list", "--json").json["drafts"]
    assert draft["customer"] == "別の会社"


def test_choosing_a_deal_shows_its_last_words_and_what_was_promised(talk):
    """Under the deal, before anything else is asked."""
    _, terminal = talk("add", answers=("", "案", "^C"))
    assert "前回  11/23(月)  電話  話を聞いた" in terminal.screen
    assert "約束  11/30(月) 見積提出" in terminal.screen


def test_a_wrong_answer_is_named_and_asked_again(talk, kept):
    """Only that field, with what is allowed; a day, a choice and a date are typed anew, for what is refused is no answer."""
    _, terminal = talk("add", answers=(
        "13/45", "11/20", "案件", "散歩", "電話", "", "話した", "見積", "そのうち", "12/1", "",
    ))  # fmt: skip
    again = [(q.label, q.default) for q in terminal.questions if q.trouble]
    assert again == [("日付", ""), ("活動", ""), ("次の一手の期日", "")]
    named = zip(("13/45", "散歩", "そのうち"), [q.trouble for q in terminal.questions if q.trouble], strict=True)
    assert all(f"「{said}」" in trouble for said, trouble in named)
    assert entry(kept)["on"] == "2026-11-20"


def test_back_keeps_all(talk, kept):
    """From the next step back to the activity, full-width or not; every answer is there, and Enter keeps it."""
    _, terminal = talk("add", answers=(
        "", "案件", "電話", "", "話した", "<", "＜", "<", "メール", "", "", "-", "",
    ))  # fmt: skip
    back = [(q.label, q.default) for q in terminal.questions[6:12]]
    assert back == [
        ("事実", "話した"), ("変更点", ""), ("活動", "電話"), ("変更点", ""), ("事実", "話した"), ("次の一手", ""),
    ]  # fmt: skip
    assert entry(kept)["values"] == {"activity": "email", "facts": "話した"}


def test_the_first_question_has_none_before_it(talk):
    """`<` there says so and asks again."""
    _, terminal = talk("add", answers=("<", "^C"))
    assert terminal.labels == ["日付", "日付"]
    assert "最初の質問" in terminal.screen


def test_help_explains_the_field(talk):
    """`？` tells what a stage means to be done; the question is asked again with it."""
    _, terminal = talk("add", "--activity", "電話", answers=("", "+新しい話", "青葉製作所", "？", "^C"))
    assert "   1  引合  用件と窓口を知らせてくれた" in terminal.told
    assert terminal.labels[-2:] == ["フェーズ", "フェーズ"]


def test_a_new_deal_is_begun(talk, kept):
    """With its customer, its stage, and what the stage asks for; Enter takes the first stage."""
    answer, _ = talk("add", answers=("", "新しい検査装置", "", "電話", "山吹化成", "", "新規", "展示会", "田中課長が話した",
                                            "見積", "来月10日", ""))  # fmt: skip
    assert answer.code == 0, answer.err
    found = entry(kept)
    assert found["deal"]["name"] == "新しい検査装置"
    assert found["values"]["stage"] == "inquiry"
    assert (found["values"]["customer"], found["values"]["source"]) == ("山吹化成", "exhibition")


def test_a_name_near_an_old_one_asks_which_is_meant(talk, kept):
    """`案件１号` of 案件: the old one by its number, the new one by its own; the customer likewise."""
    _, terminal = talk("add", answers=("", "案件1号", "1", "^C"))
    assert "案件（青葉製作所）" in terminal.screen
    _, terminal = talk("add", answers=("n", "", "案件1号", "2", "電話", "青葉製作", "1", "^C"))
    assert terminal.labels[-1] != "番号"
    assert kept.done("draft", "list", "--json").json["drafts"][0]["customer"] == "青葉製作所"


def test_an_entry_without_a_deal_is_as_easy(talk, kept):
    """Neither deal nor customer: in-house."""
    answer, _ = talk("add", answers=("", "-", "社内", "", "会議をした", ""))
    assert answer.code == 0, answer.err
    assert entry(kept)["deal"] is None
    assert entry(kept)["values"] == {"activity": "internal", "facts": "会議をした"}


def test_what_is_required_can_wait(talk, kept):
    """Enter twice leaves it: 記入待ち."""
    answer, terminal = talk("add", answers=("", "案件", "訪問", "", "", "", "話した", "", "", "", ""))
    assert answer.code == 0, answer.err
    assert [q.trouble for q in terminal.questions if q.trouble] == [
        "面談者は必須です。あとで書くなら、もう一度 Enter（記入待ちになります）"
    ]
    assert entry(kept)["incomplete"]
    _, terminal = talk("add", "--later", answers=("", "案件", "訪問", "", "", "話した", "", "", "", ""))
    assert not any(q.trouble for q in terminal.questions)


def test_planned_contacts_come_first(talk, kept):
    """A dated next step that is due stands over the deal, and Enter starts it; done, it is offered no more."""
    kept.done("add", "案件", "--activity", "電話", "-m", "x", "--next-step", "訪問", "--next-on", "11/23")
    _, terminal = talk("add", answers=("", "", "電話", "", "話した", "-", "+", "2", "", "社内", "", "片づけ", ""))
    first, second = (q for q in terminal.questions if q.label == "案件")
    assert "訪問" in str(first.above)
    assert "訪問" not in str(second.above)


def test_the_same_meeting_is_one_contact(talk, kept):
    """Customer, people and activity are kept for another deal; the two entries share a meeting."""
    kept.deal("増設")
    _, terminal = talk("add", answers=(
        "", "案件", "訪問", "", "田中課長", "話した", "", "", "", "1", "1", "", "別の話をした", "", "", "", "",
    ))  # fmt: skip
    assert "増設" in str(terminal.questions[10].above)
    assert "案件" not in str(terminal.questions[10].above[1:])
    assert terminal.labels[10:] == [
        "案件",
        "変更点",
        "事実",
        "所感",
        "次の一手",
        "よろしいですか",
        "続けますか",
    ]
    found = entry(kept)
    assert found["deal"]["name"] == "増設"
    assert found["values"]["people"] == [{"name": "田中課長"}]
    assert found["meeting"] == str(int(found["id"]) - 1)


def test_one_goes_back_with_a_text_half_written(talk, kept):
    """A `<` behind it is enough, and it stands there when one returns; a half-typed date is checked only then."""
    _, terminal = talk(
        "add", answers=("", "案件", "電話", "", "田中課長「装置が＜", "", "", "見積", "来週火<", "", "", "")
    )
    asked = [(question.label, question.default) for question in terminal.questions]
    facts = [at for at, (label, _) in enumerate(asked) if label == "事実"]
    assert asked[facts[0] + 1] == ("変更点", "")
    assert asked[facts[1]] == ("事実", "田中課長「装置が")
    assert entry(kept)["values"]["facts"] == "田中課長「装置が"
    assert ("次の一手の期日", "来週火") in asked


def test_hope_is_offered_a_move(talk, kept):
    """Ctrl-T takes the sentence of hope over to the impression, where it can be changed."""
    _, terminal = talk("add", answers=("", "案件", "電話", "", "^T見積を渡した。好感触。", "", "", "-", ""))
    facts = next(q for q in terminal.questions if q.label == "事実")
    assert "所感" in facts.hint("見積を渡した。好感触。")
    assert "誰が" in facts.hint("装置が古いので更新する予定である")
    assert entry(kept)["values"] == {"activity": "call", "facts": "見積を渡した。", "impression": "好感触。"}


def test_the_review_changes_a_row(talk, kept):
    """By number, by name, with a value at once, an unsaid field too; a wrong value is asked again; d leaves a draft."""
    answers = (
        "",
        "案件",
        "電話",
        "",
        "話した",
        "-",
        "競合 A社",
        "4",
        "電話で話した",
        "1",
        "11/20",
        "金額 たくさん",
        "50万",
        "雨",
    )
    answer, terminal = talk("add", answers=(*answers, "d"))
    assert answer.code == 0, answer.err
    assert terminal.screen.count("この内容で記録します") == 5
    (draft,) = kept.done("draft", "list", "--json").json["drafts"]
    assert (draft["on"], draft["facts"]) == ("2026-11-20", "電話で話した")
    answer, _ = talk("add", answers=("", ""))
    assert answer.code == 0
    assert entry(kept)["values"] == {
        "activity": "call",
        "facts": "電話で話した",
        "competitor": "A社",
        "amount": 500_000,
    }


def test_ctrl_c_loses_nothing(talk, kept):
    """Not even the text in the open question: it stands there when the draft is resumed."""
    answer, _ = talk("add", answers=("", "案件", "電話", "", "^C 話しかけ"))
    assert (answer.code, answer.out) == (130, "")
    assert f"nippo --journal {kept.journal} add --resume" in answer.err
    answer, terminal = talk("draft", "resume", answers=("電話で話した", "-", ""))
    assert answer.code == 0
    assert terminal.questions[0].default == "話しかけ"
    assert entry(kept)["values"] == {"activity": "call", "facts": "電話で話した"}


def test_every_answer_is_a_draft_before_the_next_is_asked(talk, kept, monkeypatch):
    """What `kill -9` would leave: after each question the disk holds all answers before it."""
    seen = []

    class Watching(Scripted):
        def ask(self, question):
            drafts = kept.journal.parent.glob("state/nippo/journals/*/drafts/*.json")
            seen.append((question.label, [path.read_text(encoding="utf-8") for path in drafts]))
            return super().ask(question)

    monkeypatch.setattr("scripted.Scripted.ask", Scripted.ask)
    terminal = Watching("", "案件", "電話", "", "話した", "見積", "^C")
    monkeypatch.setattr(asking, "PromptTerminal", lambda **_: terminal)
    monkeypatch.setattr(start, "can_converse", lambda: True)
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    kept("add")
    held = dict(seen)
    assert held["日付"] == held["案件"] == []
    for label, answer in (
        ("活動", '"deal": "2"'),
        ("変更点", '"call"'),
        ("次の一手", "話した"),
        ("次の一手の期日", "見積"),
    ):
        assert len(held[label]) == 1
        assert answer in held[label][0], label


def test_a_disk_that_is_full_is_told_and_stops_nobody(talk, kept, monkeypatch):
    """The draft can't be kept: said once; the report is recorded all the same."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nippo_cli.services.writing.drafts.SavedDrafts.keep", full)
    answer, terminal = talk("add", answers=("", "案件", "電話", "", "話した", "", ""))
    assert answer.code == 0
    assert "".join(terminal.screen.split()).count("ディスクに空きがありません") == 1
    assert entry(kept)["values"]["facts"] == "話した"


def test_flags_are_not_asked_again(talk, kept):
    """What the command line says stands; what it says wrong is asked as it was typed; all that is there records at
    once."""
    _, terminal = talk("add", "案件", "--activity", "電話", "--next-step", "訪問", "--next-on", "そのうち",
                       answers=("", "", "話した", "12/1", ""))  # fmt: skip
    assert terminal.labels == ["日付", "変更点", "事実", "次の一手の期日", "よろしいですか"]
    asked = next(q for q in terminal.questions if q.label == "次の一手の期日")
    assert (asked.default, bool(asked.trouble)) == ("そのうち", True)
    _, terminal = talk("add", "案件", "--activity", "電話", "-m", "x")
    assert terminal.questions == []


def test_like_starts_from_an_earlier_entry(talk, kept):
    """Deal, activity and people are there, the facts to be changed; what was promised that day is not."""
    kept.done("add", "案件", "--activity", "訪問", "--people", "田中（部長・決裁者）", "-m", "前の話", "--next-step", "見積", "--next-on",
              "+3d", "--amount", "50万")  # fmt: skip
    _, terminal = talk("add", "--like", "last", answers=("", "", "新しい話", "", "-", "", ""))
    assert terminal.labels[:3] == ["日付", "変更点", "事実"]
    assert terminal.questions[2].default == "前の話"
    assert entry(kept)["values"] == {
        "activity": "visit", "people": [{"name": "田中", "title": "部長", "decides": True}], "facts": "新しい話",
    }  # fmt: skip


@pytest.mark.parametrize(("at", "day"), [("04:59", "11/23(月)"), ("05:00", "11/24(火)")])
def test_before_five_the_day_is_yesterday(nippo, monkeypatch, at, day):
    """A report that is written at two in the morning is yesterday's, and says so."""
    nippo.done("init", "--template", "default", "--time-zone", "Asia/Tokyo")
    monkeypatch.setenv("NIPPO_NOW", f"2026-11-24T{at}:00+09:00")
    terminal = Scripted("", "^C")
    monkeypatch.setattr(asking, "PromptTerminal", lambda **_: terminal)
    monkeypatch.setattr(start, "can_converse", lambda: True)
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    assert nippo("add").code == 130
    assert terminal.questions[0].empty == f"Enter = {day}"


def test_an_editor_takes_one_field(talk, kept, monkeypatch, tmp_path):
    """Ctrl-O: what it saves stands in the question; one that fails leaves the text and says so."""
    script = tmp_path / "edit.py"
    script.write_text("import sys, pathlib\np = pathlib.Path(sys.argv[1])\n"
                      "p.write_text(p.read_text(encoding='utf-8') + '二\\n三\\n', encoding='utf-8')\n", encoding="utf-8")  # fmt: skip
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{script}"' if os.name != "nt" else sys.executable)
    _, terminal = talk("add", answers=("", "案件", "電話", "", "^O一", "", "", ""))
    assert entry(kept)["values"]["facts"] == "一二\n三"
    script.write_text("raise SystemExit(3)\n", encoding="utf-8")
    _, terminal = talk("add", answers=("", "案件", "電話", "", "^O大事な話", "", "", ""))
    asked = [q for q in terminal.questions if q.label == "事実"][-1]
    assert (asked.default, "終了コード 3" in asked.trouble) == ("大事な話", True)
    assert entry(kept)["values"]["facts"] == "大事な話"


def test_a_first_report_makes_the_journal(nippo, monkeypatch):
    """Where there is none yet: no names to complete, nothing due, and the journal is made by the record."""
    terminal = Scripted("", "新案件", "", "社内", "青葉", "", "新規", "紹介", "話した", "", "", "", "", "", "", "")
    monkeypatch.setattr(asking, "PromptTerminal", lambda **_: terminal)
    monkeypatch.setattr(start, "can_converse", lambda: True)
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    answer = nippo("add")
    assert answer.code == 0, answer.err
    assert nippo.done("log", "--json").json["total"] == 1


def test_a_dry_run_writes_nothing(talk, kept):
    """Neither an entry nor a draft."""
    before = kept.db.read_bytes()
    answer, _ = talk("add", "--dry-run", answers=("", "案件", "電話", "", "話した", "", ""))
    assert answer.code == 0, answer.err
    assert kept.db.read_bytes() == before
    assert not list(kept.journal.parent.glob("state/nippo/journals/*/drafts/*"))


@pytest.mark.skipif(os.name == "nt", reason="the editor of this test is a script with a first line")
def test_a_report_in_the_editor_is_offered_too(talk, kept, monkeypatch, tmp_path):
    """An editor that was killed left its file: Enter opens it again."""
    script = tmp_path / "editor"
    for body in (
        "text += '\\n'; path.write_text(text, encoding='utf-8'); sys.exit(9)",
        "path.write_text(text + '\\n', encoding='utf-8')",
    ):
        script.write_text(
            f"#!{sys.executable}\nimport sys, pathlib\npath = pathlib.Path(sys.argv[1])\n"
            f"text = path.read_text(encoding='utf-8')\n{body}\n", encoding="utf-8",
        )  # fmt: skip
        script.chmod(0o755)
        monkeypatch.setenv("VISUAL", str(script))
        if "exit" in body:
            assert kept("add", "案件", "--activity", "電話", "-m", "大事な話", "-e").code == 1
    answer, terminal = talk("add", answers=("",))
    assert answer.code == 0, answer.err
    assert terminal.labels == ["下書き"]
    assert entry(kept)["values"] == {"activity": "call", "facts": "大事な話"}


@pytest.mark.parametrize(
    ("said", "name", "customer"),
    [
        ("2", "保守更新", "乙社"),
        ("#{id}", "保守更新", "乙社"),
        ("{id}", "保守更新", "乙社"),
        ("（株）乙社", "保守更新", "乙社"),
        ("+保守延長", "保守延長", "丙社"),
        ("丙社", "保守更新", "丙社"),
    ],
)
def test_among_deals_of_one_name_one_is_told_in_any_way(talk, kept, said: str, name: str, customer: str):
    """By its number in the list, its id, whose it is; another customer's begins, and so does another name. What is none of these
    is asked again."""
    for whose in ("甲社", "乙社"):
        kept.done("add", "保守更新", "--new-deal", "--customer", whose, "--activity", "電話", "-m", "x", "--later")
    of = entry(kept)["deal"]["id"]
    begins = {"丙社": ("", "電話"), "+保守延長": ("電話", "丙社")}.get(said, ("電話",))
    answer, terminal = talk("add", answers=("", "保守更新", "9", "#99", said.format(id=of), *begins, "^C"))
    assert answer.code == 130
    assert sum("1〜3 の番号" in question.trouble for question in terminal.questions) == 2
    draft = kept.done("draft", "list", "--json").json["drafts"][0]
    assert (draft["deal"], draft["customer"]) == (name, customer)


def test_an_emptied_answer_after_a_refusal_changes_nothing(talk, kept):
    """What stands is not asked again: the facts are."""
    answer, terminal = talk("add", answers=("", "案件", "電話", "どこにもない項目", " ", "話した", "", ""))
    assert answer.code == 0, answer.err
    assert terminal.labels[3:6] == ["変更点", "変更点", "事実"]
    assert entry(kept)["values"]["facts"] == "話した"


@pytest.mark.parametrize(
    ("way", "rest", "left_with"),
    [("1", ("電話", "", "話した", "", ""), "乙社"), ("3", ("電話", "", "", "", "話した", "", "", "", "", ""), "")],
)
def test_a_deal_that_another_customer_left_is_asked_about(talk, kept, way: str, rest: tuple[str, ...], left_with: str):
    """Whether it goes on at the customer that is said, or a new one begins; what was said at 甲社 moves nowhere unasked."""
    kept.done("add", "保守更新", "--new-deal", "--customer", "甲社", "--activity", "電話", "-m", "x", "--later")
    first = entry(kept)
    kept.done("add", "保守更新", "--activity", "電話", "-m", "甲社で聞いた話", "--later")
    kept.done("edit", str(first["id"]), "--retract")
    answer, terminal = talk("add", "--customer", "乙社", answers=("", "保守更新", way, *rest))
    assert answer.code == 0, answer.err
    assert "前は別の顧客の案件でした" in "".join(str(block) for block in terminal.questions[2].above)
    deals = {d["id"]: d["customer"] for d in kept.done("deal", "list", "--all", "--json").json["deals"]}
    assert (deals[first["deal"]["id"]] or "") == left_with
    assert entry(kept)["deal"]["customer"] == "乙社"


@pytest.mark.parametrize(("way", "code", "customer"), [("1", 0, "乙社"), ("2", 130, "")])
def test_a_correction_is_asked_about_in_a_deal_that_another_customer_left(talk, kept, way, code, customer):
    """Whether the deal goes on at the customer that is said; a no leaves everything as it is."""
    kept.done("add", "保守更新", "--new-deal", "--customer", "甲社", "--activity", "電話", "-m", "x", "--later")
    first = str(entry(kept)["id"])
    for facts in ("甲社で聞いた話", "もう一つ"):
        kept.done("add", "保守更新", "--activity", "電話", "-m", facts, "--later")
    kept.done("edit", first, "--retract")
    last = str(entry(kept)["id"])
    answer, _ = talk("edit", last, answers=("", "", "", "", "乙社", "", "", "", way, *([] if way == "1" else ["^C"])))
    assert answer.code == code, answer.err
    assert (entry(kept, last)["deal"]["customer"] or "") == customer
