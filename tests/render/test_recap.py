"""What comes back after `add`: two or three rows, progress before worry."""

from typing import Any

import pytest
from deal_lines import Entry, deal, schema
from syrupy.assertion import SnapshotAssertion

from nippo_cli.base import language
from nippo_cli.base.text import width
from nippo_cli.render.day import recap
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.results.deals import DealPage
from nippo_cli.results.recap import Recap

AS_OF = "2026-09-30"


def proposal(lang: str = "ja", *, entered: str = "2026-09-18", **values: Any) -> DealPage:
    """A deal in its proposal."""
    ja = lang == "ja"
    who = {"customer": "北川製作所" if ja else "Kitagawa Works", "kind": "new", "closes": "2026-10-31"}
    entries = [Entry("2026-08-20", "hearing", "visit", who), Entry(entered, "proposal", "visit", values)]
    return deal("検査装置の更新" if ja else "Inspection line renewal", entries, as_of=AS_OF, lang=lang)


def answer(page: DealPage, **changed: Any) -> Recap:
    """What the desk gives back after the page's last entry."""
    found: dict[str, Any] = {
        "as_of": page.as_of, "schema": page.schema, "entry": page.points[-1], "status": page.status,
        "moved_from": None, "new_deal": False, "next_stage": "quote", "sign": None, "missing": (),
        "dry_run": False,
    }  # fmt: skip
    return Recap(**(found | changed))


def drawn(result: Recap, columns: int = 80, *, ascii_only: bool = False) -> list[str]:
    """The rows as a terminal without colour shows them."""
    return draw(result, fmt="table", screen=Screen(columns=columns, terminal=True, ascii=ascii_only)).splitlines()


def cases(lang: str) -> dict[str, Recap]:
    """The usual ones."""
    promised = proposal(lang, next_step="見積の提出" if lang == "ja" else "hand in the quote", next_on="2026-10-03")
    late = proposal(lang, entered="2026-07-01")
    pushed = proposal(lang, closes="2026-12-25")
    entries = [Entry("2026-09-01", "quote", "visit", {"customer": "みなと精機"}), Entry("2026-09-30", "won")]
    won = deal("搬送ロボット", entries, as_of=AS_OF, lang=lang)
    lost = deal("搬送ロボット", [*entries[:1], Entry("2026-09-30", "lost")], as_of=AS_OF, lang=lang)
    new = deal("消耗品", [Entry("2026-09-30", "lead", "call", {"customer": "山川工業"})], as_of=AS_OF, lang=lang)
    return {
        "moved": answer(promised, moved_from="hearing"),
        "stayed": answer(proposal(lang)),
        "stalled": answer(late, sign="stalled"),
        "pushed": answer(pushed, sign="pushed"),
        "won": answer(won, moved_from="quote", next_stage="delivery"),
        "lost": answer(lost, moved_from="quote", next_stage=None),
        "new": answer(new, new_deal=True, next_stage="first_visit", missing=("amount", "confidence")),
        "in_house": answer(promised, status=None),
        "dry_run": answer(promised, dry_run=True),
        "corrected": answer(promised, corrected=True),
    }


def test_the_rows(tongue: str, snapshot: SnapshotAssertion) -> None:
    """Each usual case at 80 columns."""
    found = {name: drawn(result) for name, result in cases(tongue).items()}
    assert "\n\n".join("\n".join([f"({name})", *rows]) for name, rows in found.items()) == snapshot(name=tongue)


def test_at_most_three_rows_and_at_most_one_sign(tongue: str) -> None:
    """Whatever happened, the recap does not push the prompt off the screen; a customer without room in the first row has its own."""
    for result in cases(tongue).values():
        rows = drawn(result)
        head = result.status.head if result.status else None
        assert len([row for row in rows if not head or row.strip() != head.customer]) <= 3
        assert sum(row.count("▲") for row in rows) <= 1


@pytest.mark.usefixtures("japanese")
@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (80, ["✓ 記録しました #1202  9/18(金) 訪問  検査装置の更新（北川製作所）"]),
        (60, ["✓ 記録しました #1202  9/18(金)  検査装置の更新（北川製作所）"]),
        (50, ["✓ 記録しました #1202  9/18(金)  検査装置の更新", "  北川製作所"]),
    ],
)
def test_whose_deal_it_is_stands_in_every_recap(columns: int, rows: list[str]) -> None:
    """Its name recurs at other customers: where there is little room the activity goes, and then the customer has its own row."""
    assert drawn(answer(proposal()), columns)[: len(rows)] == rows


@pytest.mark.usefixtures("japanese")
def test_progress_comes_before_worry() -> None:
    """The move stands above the sign."""
    result = answer(proposal(entered="2026-07-01"), moved_from="hearing", sign="stalled")
    text = "\n".join(drawn(result))
    assert text.index("▶ 提案へ進みました") < text.index("▲")


@pytest.mark.usefixtures("japanese")
def test_an_entry_without_a_deal_is_one_row() -> None:
    """In-house work has no line to show."""
    assert len(drawn(cases("ja")["in_house"])) == 1


@pytest.mark.usefixtures("japanese")
def test_a_dry_run_says_that_nothing_was_written() -> None:
    """And offers no undo."""
    text = "\n".join(drawn(cases("ja")["dry_run"]))
    assert "何も記録していません" in text
    assert "nippo undo" not in text
    assert "✓" not in text


@pytest.mark.usefixtures("japanese")
def test_what_comes_next_is_the_promised_step_else_the_next_stage() -> None:
    """With what the customer will have done by then."""
    assert "次: 10/3 見積の提出" in "\n".join(drawn(cases("ja")["moved"]))
    assert "次: 見積（見積を求めてくれたとき）" in "\n".join(drawn(cases("ja")["stayed"]))


@pytest.mark.usefixtures("japanese")
def test_what_is_missing_goes_before_another_sign() -> None:
    """It can be mended at once."""
    rows = drawn(answer(proposal(entered="2026-07-01"), sign="stalled", missing=("amount",)))
    assert "▲ 記入待ち: 金額" in rows[-1]


@pytest.mark.parametrize("columns", range(1, 130, 7))
@pytest.mark.parametrize("stage", ["lead", "proposal", "won"])
def test_the_strip_always_shows_where_the_deal_stands(stage: str, columns: int) -> None:
    """However narrow, the present stage is there; and what is shown beside it fits."""
    steps = [s for s in schema().stages if s.ends != "lost" and not s.after]
    run = recap.strip(steps, stage, columns, glyphs(ascii_only=False))
    text = "".join(part if isinstance(part, str) else part.text for part in run)
    label = schema().stage_label(stage)
    assert f"[{label}]" in text
    least = width(f"… ▸ [{label}] ▸ …")
    assert width(text) <= max(columns, least)


def test_the_whole_strip_is_shown_where_there_is_room() -> None:
    """No ellipsis then."""
    steps = [s for s in schema().stages if s.ends != "lost" and not s.after]
    run = recap.strip(steps, "proposal", 200, glyphs(ascii_only=False))
    text = "".join(part if isinstance(part, str) else part.text for part in run)
    assert text.startswith("引合い ▸ 初回訪問")
    assert text.endswith("内示 ▸ 受注")


def test_ascii() -> None:
    """No ambiguous character."""
    language.bind("en")
    for result in (cases("en")["moved"], cases("en")["stalled"], cases("en")["lost"]):
        text = "".join(drawn(result, ascii_only=True))
        assert not set(text) & set("✓▶▸…▲✕→")


def test_json_says_what_the_rows_say() -> None:
    """Keys and ids, no words."""
    found = recap.to_json(cases("ja")["moved"])
    said = {key: found[key] for key in ("moved_from", "next_stage", "sign", "dry_run")}
    assert said == {"moved_from": "hearing", "next_stage": "quote", "sign": None, "dry_run": False}
    entry, head = found["entry"], found["deal"]
    assert isinstance(entry, dict)
    assert isinstance(head, dict)
    assert (entry["id"], head["stage"], head["stay_days"]) == ("1202", "proposal", 12)
    assert recap.to_json(cases("ja")["in_house"])["deal"] is None
