"""The page of one deal: its head, every point of its line, and the JSON of both."""

from datetime import date
from typing import Any

import pytest
from deal_lines import Entry, deal, handed, held, standing
from syrupy.assertion import SnapshotAssertion

from nippo_cli.base import language
from nippo_cli.line.facts import DealRecord, Statement
from nippo_cli.render.deal import page as screen_of_deal
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.results.deals import DealPage
from nippo_cli.results.entries import Version

AS_OF = "2026-06-10"


def renewal(lang: str = "ja") -> DealPage:
    """A deal with all that a line can hold: a step back, a hold, a hand-over, a correction, an incomplete entry."""
    ja = lang == "ja"
    yamada = {"name": "山田" if ja else "Yamada", "title": "製造部長" if ja else "Plant manager", "decides": True}
    entries = [
        Entry("2025-12-02", "lead", "call", {
            "customer": "北川製作所" if ja else "Kitagawa Works", "kind": "new", "people": [yamada],
            "facts": "展示会の名刺から電話。検査工程の人手不足にお困り。" if ja else "Called after the fair.",
        }),
        Entry("2025-12-15", "first_visit", "visit", {
            "facts": (
                "工場を見学。既存装置は2012年製で、保守部品の供給が来年で終わる。画像検査の精度（見逃し0.1%以下）が"
                "採用の条件と明言された。比較先はA社。" if ja else
                "Toured the plant. The machine is from 2012 and its spares end next year. A miss rate below 0.1% "
                "is the condition; they compare with A Corp."
            ),
            "impression": "部長は前向き。" if ja else "The manager is keen.", "competitor": "A社" if ja else "A Corp",
            "amount": 12_000_000, "closes": "2026-03-31", "confidence": "C",
            "next_step": "サンプル評価の日程調整" if ja else "fix a sample day", "next_on": "2025-12-22",
        }),
        Entry("2026-01-13", "demo", "visit", {"confidence": "B"}, incomplete=True),
        Entry("2026-02-03", "proposal", "visit", {"closes": "2026-04-30"}, known_on="2026-02-20"),
        Entry("2026-02-10", None, "office", {"facts": "値引き率を課長と相談。" if ja else "Talked the discount over."}),
        Entry("2026-03-10", "hearing", "web", {"closes": "2026-06-30"}, author="鈴木"),
        Entry("2026-04-21", "proposal", "visit", {
            "next_step": "再見積の提出" if ja else "new quote", "next_on": "2026-05-01",
        }, author="鈴木"),
    ]  # fmt: skip
    pause = held("2026-02-21", "2026-03-05", "予算会議待ち" if ja else "budget round")
    begun = DealRecord(12, "", holds=(pause,), handovers=(handed("2026-03-01", "鈴木" if ja else "Suzuki"),))
    page = deal(
        "検査装置の更新" if ja else "Inspection line renewal", entries, as_of=AS_OF, lang=lang, number=12, begun=begun
    )
    spare = deal("予備部品" if ja else "Spare parts", [Entry("2026-04-06", "lead")], as_of=AS_OF, lang=lang, number=31)
    amended = Version(
        1300, "amend", "佐藤" if ja else "Sato", "2026-02-20T09:00:00.000Z", date(2026, 2, 20),
        "聞き違い" if ja else "misheard", {"competitor": ("B社" if ja else "B Corp", "A社" if ja else "A Corp")},
    )  # fmt: skip
    return page._replace(corrections={1204: [amended]}, children=(spare.line.head,))


def closed(stage: str, lang: str = "ja") -> DealPage:
    """A deal that ended in a stage."""
    entries = [Entry("2026-03-01", "lead", "visit", {"customer": "大和"}), Entry("2026-04-10", stage, "call")]
    return deal("A", entries, as_of=AS_OF, lang=lang)


def drawn(page: DealPage, columns: int = 80, *, ascii_only: bool = False) -> str:
    """The page as a terminal without colour shows it."""
    return draw(page, fmt="table", screen=Screen(columns=columns, terminal=True, ascii=ascii_only))


def row(page: DealPage, holding: str) -> str:
    """The first row that holds a text."""
    return next(line for line in drawn(page).splitlines() if holding in line)


def test_the_whole_page(tongue: str, snapshot: SnapshotAssertion) -> None:
    """At 80 and 120 columns."""
    for columns in (80, 120):
        assert drawn(renewal(tongue), columns) == snapshot(name=f"{tongue}-{columns}")


def test_a_deal_won_and_one_lost(tongue: str, snapshot: SnapshotAssertion) -> None:
    """A closed deal says when and after how long, and is silent about silence."""
    assert drawn(closed("won", tongue)) + drawn(closed("lost", tongue)) == snapshot(name=tongue)


def test_ascii(snapshot: SnapshotAssertion) -> None:
    """No mark of the drawing is an ambiguous character."""
    language.bind("en")
    text = drawn(renewal("en"), ascii_only=True)
    assert not set(text) & set("▶◀★✕▲→·…")
    assert text == snapshot


@pytest.mark.usefixtures("japanese")
def test_the_stay_is_held_against_its_norm_with_its_source() -> None:
    """50 days in a stage of 30: 20 over, and where the 30 come from."""
    text = row(renewal(), "滞在")
    assert "50日" in text
    assert "目安30日を20日超過" in text
    assert "日報フォーマットで決めた日数" in text


@pytest.mark.usefixtures("japanese")
def test_closures_are_told_beside_the_norm() -> None:
    """The limit is the norm and the closed days inside the stay."""
    page = renewal()
    longer = page._replace(status=page.status._replace(limit_days=35))
    assert "30日＋休業5日を15日超過" in row(longer, "滞在")


@pytest.mark.usefixtures("japanese")
def test_the_promise_shows_where_it_first_stood() -> None:
    """3/31 became 6/30 in two pushes, 91 days in all."""
    text = row(renewal(), "受注予定")
    assert "3/31 → 6/30" in text
    assert "後ろ倒し2回" in text
    assert "+91日" in text


@pytest.mark.usefixtures("japanese")
def test_a_promised_day_that_has_passed_is_said() -> None:
    """The close was expected by 30 April and it is 10 June."""
    page = deal("A", [Entry("2026-03-01", "lead", "visit", {"closes": "2026-04-30"})], as_of=AS_OF)
    assert "41日過ぎ" in row(page, "受注予定")


@pytest.mark.usefixtures("japanese")
def test_a_coarse_promise_stays_coarse() -> None:
    """A month is not turned into its last day."""
    page = deal("A", [Entry("2026-03-01", "lead", "visit", {"closes": "2026-09-01/2026-09-30"})], as_of=AS_OF)
    assert "9月" in row(page, "受注予定")
    assert "9/30" not in row(page, "受注予定")


@pytest.mark.usefixtures("japanese")
def test_stage_moves_are_marked_both_ways() -> None:
    """Forward with the days of the stage left, backward as such."""
    assert "▶ 提案（デモ・サンプル評価 21日）" in row(renewal(), "2/3(火)")
    assert "◀ ヒアリングに戻る" in row(renewal(), "3/10(火)")
    assert "★ 受注" in row(closed("won"), "#1202")
    assert "✕ 失注" in row(closed("lost"), "#1202")


@pytest.mark.usefixtures("japanese")
def test_days_since_the_last_point() -> None:
    """From 15 December to 13 January are 29 days; the first point has none."""
    assert "+29日" in row(renewal(), "1/13(火)")
    assert "+" not in row(renewal(), "12/2(火)")


@pytest.mark.usefixtures("japanese")
def test_what_happened_between_entries_has_its_own_row() -> None:
    """Correction, hold, hand-over and up-sell stand at their dates, in order."""
    text = drawn(renewal())
    said = ("#1204 を訂正", "保留  2/21〜3/5  予算会議待ち", "担当変更", "追加の案件  #31 予備部品\n4/21")
    places = [text.index(part) for part in said]
    assert places == sorted(places)
    assert "競合 B社 → A社（聞き違い）" in row(renewal(), "#1204 を訂正")


@pytest.mark.usefixtures("japanese")
def test_a_long_text_that_was_rewritten_is_not_quoted() -> None:
    """The row says which field; the history of the entry has both versions."""
    page = renewal()
    [amended] = page.corrections[1204]
    text = drawn(page._replace(corrections={1204: [amended._replace(changed={"facts": ("あ" * 80, "い" * 80)})]}))
    assert "#1204 を訂正  事実を書き直し（聞き違い）" in text


@pytest.mark.usefixtures("japanese")
def test_a_promise_corrected_later_stands_on_the_day_it_was_corrected() -> None:
    """The entry keeps its first promise; the correction's day has the new one, as a push."""
    page = deal("A", [Entry("2026-03-01", "lead", "visit", {"closes": "2026-04-30"})], as_of=AS_OF)
    made = page.line.promises[0]
    moved = made._replace(value="2026-05-31", made_on=date(2026, 3, 20), move=31)
    told = drawn(page._replace(line=page.line._replace(promises=(made, moved))))
    assert "受注予定: 4/30" in told
    assert "3/20(金)" in told
    assert "#1201 を訂正  受注予定 4/30 → 5/31 後ろ倒し+31日" in told


@pytest.mark.usefixtures("japanese")
def test_the_impression_is_told_apart_from_the_facts() -> None:
    """It has its own paragraph under its own label."""
    assert row(renewal(), "所感").strip() == "所感: 部長は前向き。"


@pytest.mark.usefixtures("japanese")
def test_the_author_is_named_where_it_is_not_the_owner() -> None:
    """The predecessor's entries say so; the owner's do not repeat the name."""
    assert "佐藤" in row(renewal(), "12/2(火)")
    assert "佐藤" not in row(renewal(), "12/15(月)")
    assert "鈴木" in row(renewal(), "3/10(火)")


@pytest.mark.usefixtures("japanese")
def test_an_incomplete_entry_is_marked_and_named_above() -> None:
    """Both where it stands and in the head."""
    assert "記入待ち" in row(renewal(), "1/13(火)")
    assert "#1203" in row(renewal(), "記入待ち ")


@pytest.mark.parametrize(
    ("next_on", "said"), [("2026-06-10", "今日"), ("2026-06-15", "あと5日"), ("2026-06-01", "9日超過")]
)
@pytest.mark.usefixtures("japanese")
def test_the_next_step_says_how_far_off_it_is(next_on: str, said: str) -> None:
    """Due today, in some days, or overdue."""
    page = deal("A", [Entry("2026-05-30", "lead", "visit", {"next_step": "電話", "next_on": next_on})], as_of=AS_OF)
    assert said in row(page, "次の一手")


@pytest.mark.usefixtures("japanese")
def test_a_deal_gone_quiet_may_have_fizzled_out() -> None:
    """In a word, and the limit with its source."""
    page = deal("A", [Entry("2026-01-10", "lead")], as_of=AS_OF)
    assert "立ち消え懸念" in row(page, "状況")
    assert "151日" in row(page, "未接触")


@pytest.mark.usefixtures("japanese")
def test_a_deal_on_hold_says_until_when_and_why() -> None:
    """The head names the hold that covers the day."""
    begun = DealRecord(1, "", holds=(held("2026-06-01", "2026-06-30", "工場の移転"),))
    page = deal("A", [Entry("2026-05-01", "lead")], as_of=AS_OF, begun=begun)
    assert row(page, "工場の移転").startswith("保留")


@pytest.mark.usefixtures("japanese")
def test_an_erased_entry_keeps_its_place() -> None:
    """What is left of it is its day."""
    page = renewal()
    gone = page.points[4]._replace(values={}, erased=True)
    text = drawn(page._replace(points=[*page.points[:4], gone, *page.points[5:]]))
    assert "2/10(火)" in text
    assert "値引き率" not in text


@pytest.mark.usefixtures("japanese")
def test_stored_text_cannot_steer_the_terminal() -> None:
    """Escape sequences, bidi overrides and markup in facts and names are shown as they are."""
    nasty = "\x1b[2J\u202e逆 [bold]太[/bold] 値引[/]交渉 :smile:"
    page = deal(nasty, [Entry("2026-05-01", "lead", "visit", {"facts": nasty, "customer": nasty})], as_of=AS_OF)
    text = drawn(page)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("[bold]太[/bold] 値引[/]交渉 :smile:") == 3


def test_json_head_and_line() -> None:
    """The keys that docs/json.md shows, days as the history counts them, ids as people type them."""
    found = screen_of_deal.to_json(renewal())
    assert {
        "as_of", "id", "name", "customer", "kind", "owner", "parent", "stage", "entered_on", "stay_days", "norm",
        "stalled", "outcome", "amount", "closes", "first_closes", "pushes", "pulls", "slip_days", "confidence",
        "silence_days", "next_step", "next_on", "next_overdue_days", "on_hold", "stays", "promises", "entries", "holds",
        "handovers", "children", "corrections", "currency",
    } <= set(found)  # fmt: skip
    assert (found["id"], found["stay_days"], found["owner"]) == ("12", 50, "鈴木")
    assert (found["closes"], found["first_closes"], found["slip_days"], found["pushes"]) == (
        "2026-06-30", "2026-03-31", 91, 2,
    )  # fmt: skip
    assert found["norm"] == {"stage": "proposal", "kind": "new", "days": 30, "source": "schema", "n": 0}
    assert [(h["on"], h["owner"]) for h in _list(found["handovers"])] == [("2026-03-01", "鈴木")]


def test_json_stays_promises_and_entries() -> None:
    """A hold is taken off the stay; the lasting stay runs to the day asked about."""
    found = screen_of_deal.to_json(renewal())
    stays = _list(found["stays"])
    # 2/3 to 3/10 are 35 days, 13 of them on hold.
    assert stays[3] == {
        "stage": "proposal", "entered_on": "2026-02-03", "left_on": "2026-03-10", "days": 22, "entry": "1204",
        "step": 1, "arrival": "known",
    }  # fmt: skip
    assert stays[4]["step"] == -2
    assert (stays[-1]["left_on"], stays[-1]["days"]) == (None, 50)
    assert _list(found["promises"])[0] == {
        "what": "closes", "value": "2026-03-31", "made_on": "2025-12-15", "entry": "1202", "move": None,
    }  # fmt: skip
    entries = _list(found["entries"])
    assert [e["id"] for e in entries] == [str(n) for n in range(1201, 1208)]
    assert (entries[1]["activity"], entries[1]["stage"], entries[1]["days_since"]) == ("visit", "first_visit", 13)
    assert entries[1]["values"]["amount"] == 12_000_000
    assert entries[0]["days_since"] is None
    assert _list(found["corrections"])[0]["entry"] == "1204"


def test_csv_has_a_row_for_each_entry(tongue: str) -> None:
    """The entries are the rows, whatever the language."""
    text = draw(renewal(tongue), fmt="csv", screen=Screen())
    assert len(text.splitlines()) >= 8


def test_the_builder_folds_like_the_journal() -> None:
    """What these tests draw is a real line: seven points, six stays, the head's standing by the plain rules."""
    page = renewal()
    assert [s.stage for s in page.line.stays] == ["lead", "first_visit", "demo", "proposal", "hearing", "proposal"]
    assert standing(page.line, page.schema, page.as_of) == page.status
    assert Statement._fields[0] == "known_on"


def _list(found: object) -> list[dict[str, Any]]:
    assert isinstance(found, list)
    return found
