"""Lines on one axis: what the rows show, at 80 columns and wider, in both languages, without colour."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from deal_lines import Entry, deal, held, line_of
from hypothesis import given, strategies as st
from syrupy.assertion import SnapshotAssertion

from nippo_cli.base import language
from nippo_cli.base.text import width
from nippo_cli.line.facts import DealRecord
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.timeline import timeline
from nippo_cli.results.deals import DealPage, TimelinePage

AS_OF = "2026-09-30"


def slow(lang: str = "ja") -> DealPage:
    """A deal that stalls in its proposal while the promised close moves on."""
    ja = lang == "ja"
    who = {"customer": "北川製作所" if ja else "Kitagawa Works", "kind": "new"}
    pause = held("2026-07-20", "2026-08-10", "予算の見直し" if ja else "budget review")
    entries = [
        Entry("2026-03-02", "lead", "call", who),
        Entry("2026-03-09", "first_visit"),
        Entry("2026-03-11", None, "office"),
        Entry("2026-03-24", "hearing", "visit", {"amount": 12_000_000, "closes": "2026-06-30"}),
        Entry("2026-04-02", None, "mail"),
        Entry("2026-04-03", None, "mail"),
        Entry("2026-04-20", "demo"),
        Entry("2026-05-18", "proposal", "visit", {"closes": "2026-08-31"}),
        Entry("2026-07-03", None, "visit", {"closes": "2026-10-31"}),
        Entry("2026-08-20", None, "call", {"closes": "2026-12-25"}),
    ]
    title = "検査装置の更新" if ja else "Inspection line renewal"
    return deal(title, entries, as_of=AS_OF, lang=lang, number=12, begun=DealRecord(12, "", holds=(pause,)))


def fast(lang: str = "ja") -> DealPage:
    """A deal won in 74 days, looked after since, and followed by another."""
    ja = lang == "ja"
    who = {"customer": "みなと精機" if ja else "Minato Seiki", "kind": "new"}
    entries = [
        Entry("2026-04-06", "lead", "call", who),
        Entry("2026-04-08", "first_visit"),
        Entry("2026-04-15", "hearing", "visit", {"amount": 8_400_000, "closes": "2026-07-31"}),
        Entry("2026-04-24", "demo"),
        Entry("2026-05-11", "proposal", "visit", {"closes": "2026-06-30"}),
        Entry("2026-05-20", "quote", "mail"),
        Entry("2026-05-21", "approval", "call"),
        Entry("2026-06-12", "unofficial", "call"),
        Entry("2026-06-19", "won"),
        Entry("2026-07-15", "delivery"),
        Entry("2026-08-05", "follow"),
    ]
    spare = [Entry("2026-08-25", "proposal", "visit", who)]
    child = deal("予備部品" if ja else "Spare parts", spare, as_of=AS_OF, lang=lang, number=45)
    title = "搬送ロボット 2台" if ja else "Two transfer robots"
    return deal(title, entries, as_of=AS_OF, lang=lang, number=31, children=(child.line.head,))


def lost(lang: str = "ja") -> DealPage:
    """Three stages on the first day, a step back, and lost for its price."""
    ja = lang == "ja"
    who = {"customer": "東都エンジニアリング株式会社" if ja else "Toto Engineering", "kind": "new"}
    entries = [
        Entry("2026-05-12", "lead", "call", who),
        Entry("2026-05-12", "first_visit"),
        Entry("2026-05-12", "hearing"),
        Entry("2026-06-01", "proposal", "visit", {"closes": "2026-07-01/2026-07-31"}),
        Entry("2026-06-05", "quote", "mail"),
        Entry("2026-06-20", "proposal"),
        Entry("2026-07-02", "quote", "mail"),
        Entry("2026-07-30", "lost", "call", {"lost_reason": "price"}),
    ]
    title = "塗装ライン自動化" if ja else "Painting line automation"
    return deal(title, entries, as_of=AS_OF, lang=lang, number=40)


def long(lang: str = "ja") -> DealPage:
    """Three years and a half, its promised close out of sight."""
    ja = lang == "ja"
    entries = [
        Entry("2023-02-14", "lead", "call", {"customer": "大和重工" if ja else "Yamato", "closes": "2024-03-31"}),
        Entry("2023-05-10", "first_visit"),
        Entry("2023-11-20", "hearing"),
        Entry("2024-02-10", "demo", "visit", {"closes": "2025-03-31"}),
        Entry("2024-09-01", "proposal"),
        Entry("2024-09-04", "quote"),
        Entry("2024-09-06", "approval"),
        Entry("2025-03-01", "proposal", "visit", {"closes": "2026-03-31"}),
        Entry("2026-02-20", None, "visit", {"closes": "2036-03-31"}),
    ]
    return deal("新工場一式" if ja else "New plant", entries, as_of=AS_OF, lang=lang, number=3)


def one_day(lang: str = "ja") -> DealPage:
    """A deal that began today."""
    entries = [Entry(AS_OF, "lead", "call", {"customer": "山川工業" if lang == "ja" else "Yamakawa"})]
    return deal("消耗品" if lang == "ja" else "Supplies", entries, as_of=AS_OF, lang=lang, number=50)


def pages(*deals: DealPage, aligned: bool = False) -> TimelinePage:
    """The answer that holds these deals."""
    return TimelinePage(date.fromisoformat(AS_OF), deals[0].schema, [line_of(one) for one in deals], aligned)


def drawn(result: TimelinePage, columns: int = 80, *, ascii_only: bool = False) -> list[str]:
    """The rows as a pipe gets them."""
    return draw(result, fmt="table", screen=Screen(columns=columns, ascii=ascii_only)).splitlines()


def test_slow_and_fast_side_by_side(tongue: str, snapshot: SnapshotAssertion) -> None:
    """Three deals under each other at 80 and 120 columns."""
    result = pages(slow(tongue), fast(tongue), lost(tongue))
    for columns in (80, 120):
        assert "\n".join(drawn(result, columns)) == snapshot(name=f"{tongue}-{columns}")


def test_aligned_at_day_0(tongue: str, snapshot: SnapshotAssertion) -> None:
    """The same deals, each from its own first day."""
    assert "\n".join(drawn(pages(slow(tongue), fast(tongue), aligned=True))) == snapshot(name=tongue)


def test_a_long_line_and_a_day(tongue: str, snapshot: SnapshotAssertion) -> None:
    """Three years and one day both fill the page."""
    text = "\n".join(drawn(pages(long(tongue))) + drawn(pages(one_day(tongue))))
    assert text == snapshot(name=tongue)


def test_the_documented_example_is_what_is_drawn() -> None:
    """docs/timeline.md shows these two deals as they are."""
    language.bind("en")
    guide = (Path(__file__).parents[2] / "docs" / "timeline.md").read_text(encoding="utf-8")
    example = guide.partition("```text\n")[2].partition("```")[0]
    assert example.splitlines() == drawn(pages(slow("en"), fast("en")))


@pytest.mark.usefixtures("japanese")
def test_ascii_says_it_without_ambiguous_characters(snapshot: SnapshotAssertion) -> None:
    """Where ambiguous characters are drawn wide, none is used."""
    language.bind("en")
    rows = drawn(pages(slow("en"), fast("en")), ascii_only=True)
    assert all(row.replace("¥", "").isascii() for row in rows)
    assert "\n".join(rows) == snapshot


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 140, 200])
def test_no_row_is_wider_than_the_screen(tongue: str, columns: int) -> None:
    """The last column stays free, since some terminals wrap when it is filled."""
    rows = drawn(pages(slow(tongue), fast(tongue), lost(tongue), long(tongue), one_day(tongue)), columns)
    assert max(width(row) for row in rows[2:]) <= columns - 1


@pytest.mark.usefixtures("japanese")
def test_neighbouring_bands_differ_without_colour() -> None:
    """Fills alternate; a held stretch is hatched."""
    band = next(row for row in drawn(pages(slow()), 140) if "ヒアリング" in row and "▓" in row)
    assert "░" in band
    assert "////" in band


@pytest.mark.usefixtures("japanese")
def test_what_a_band_cannot_show_is_listed_below() -> None:
    """Three stages of one day share a mark, and their days are told in the row of numbers."""
    rows = drawn(pages(lost()))
    assert any("║" in row for row in rows)
    assert any("引合い 0日 ▸ 初回訪問 0日 ▸ ヒアリング 20日" in row for row in rows)
    assert any("◀提案 12日" in row for row in rows)


@pytest.mark.usefixtures("japanese")
def test_a_line_whose_labels_all_fit_needs_no_list() -> None:
    """Two long stays say their days themselves."""
    two = deal("A", [Entry("2026-01-05", "lead"), Entry("2026-05-11", "proposal")], as_of=AS_OF)
    rows = drawn(pages(two))
    assert any("引合い 126日" in row and "提案 142日" in row for row in rows)
    assert not any("▸" in row for row in rows)


@pytest.mark.usefixtures("japanese")
def test_each_move_of_a_promise_is_an_arrow() -> None:
    """First, three pushes, standing: the marks stand in the order of the dates."""
    row = next(row for row in drawn(pages(slow())) if "◇" in row and "─" in row)
    assert [mark for mark in row if mark in "◇→←◆"] == ["◇", "→", "→", "→", "◆"]
    pulled = next(row for row in drawn(pages(fast())) if "◆" in row and "◇" in row)
    assert [mark for mark in pulled if mark in "◇→←◆"][:3] == ["◆", "←", "◇"]


@pytest.mark.usefixtures("japanese")
def test_a_promise_far_off_does_not_squeeze_the_line() -> None:
    """Ten years on it stands at the edge, and the words give its date."""
    rows = drawn(pages(long()))
    assert any(row.endswith("»") for row in rows)
    assert any("2036/3/31" in row for row in rows)
    axis = timeline.to_json(pages(long()))["axis"]
    assert isinstance(axis, dict)
    assert axis["to"] < "2028"


@pytest.mark.usefixtures("japanese")
def test_how_far_the_axis_runs_ahead_depends_on_all_lines() -> None:
    """Beside a line of three years, a short one's promise two months ahead is no outlier."""
    short = deal("A", [Entry("2026-09-20", "lead", "visit", {"closes": "2026-12-20"})], as_of=AS_OF)
    alone, beside = (timeline.to_json(pages(*found))["axis"] for found in ((short,), (short, long())))
    assert isinstance(alone, dict)
    assert isinstance(beside, dict)
    assert alone["to"] == "2026-10-31"
    assert beside["to"] >= "2026-12-20"


@pytest.mark.usefixtures("japanese")
def test_today_runs_through_every_line() -> None:
    """The mark above the axis and the thread below it share a column."""
    rows = drawn(pages(slow(), lost()))
    today = width(next(row for row in rows if "▼" in row).partition("▼")[0])
    threads = [width(row.partition("┊")[0]) for row in rows if "┊" in row]
    assert set(threads) == {today}


@pytest.mark.usefixtures("japanese")
def test_contacts_of_one_meeting_count_once() -> None:
    """Two entries of one meeting are one mark."""
    page = deal("A", [Entry("2026-09-01", "lead"), Entry("2026-09-20"), Entry("2026-09-20")], as_of=AS_OF)
    meeting = page._replace(points=[page.points[0], *(p._replace(meeting=7) for p in page.points[1:])])
    assert [row.count("●") for row in drawn(pages(meeting)) if "●" in row][:1] == [2]
    assert not any(" 2 " in row for row in drawn(pages(meeting))[3:6])


@pytest.mark.usefixtures("japanese")
def test_an_entry_dated_ahead_is_no_contact_yet() -> None:
    """It is written down, but has not happened."""
    page = deal("A", [Entry("2026-09-01", "lead")], as_of=AS_OF)
    ahead = page.points[0]._replace(id=99, on=date(2026, 10, 8))
    both = pages(page._replace(points=[*page.points, ahead]))
    assert "\n".join(drawn(both)) == "\n".join(drawn(pages(page)))
    assert timeline.to_json(both) == timeline.to_json(pages(page))


@pytest.mark.usefixtures("japanese")
def test_a_child_with_a_line_of_its_own_is_not_drawn_twice() -> None:
    """An up-sell that is asked for too has its own rows alone."""
    spare = deal("予備部品", [Entry("2026-08-25", "proposal")], as_of=AS_OF, number=45)
    rows = drawn(pages(fast(), spare))
    assert sum("予備部品" in row for row in rows) == 1


def test_the_legend_names_only_what_is_drawn(tongue: str) -> None:
    """A page without a hold explains no hatch."""
    assert not any("//" in row for row in drawn(pages(one_day(tongue))))
    assert any("//" in row for row in drawn(pages(slow(tongue)))[-3:])


@pytest.mark.usefixtures("japanese")
def test_names_cannot_steer_the_terminal() -> None:
    """Control characters in a name are shown, and keep their columns."""
    nasty = deal("A\x1b[31m\u202e案件", [Entry("2026-09-01", "lead", "visit", {"customer": "B\x9b"})], as_of=AS_OF)
    title = next(row for row in drawn(pages(nasty)) if "案件" in row and "#12" in row)
    assert "\x1b" not in title
    assert "␛" in title
    assert width(title) <= 79


def test_json_gives_the_axis_and_every_band() -> None:
    """Days as the fold counts them; `to` of the last band is the day asked about."""
    found = timeline.to_json(pages(fast(), slow()))
    assert found["axis"] == {"aligned": False, "from": "2026-03-02", "to": "2026-12-25", "unit": "day"}
    lines = found["lines"]
    assert isinstance(lines, list)
    first = lines[0]
    assert first["deal"]["id"] == "31"
    assert first["bands"][0] == {
        "stage": "lead", "from": "2026-04-06", "to": "2026-04-08", "days": 2, "arrival": "known", "entry": "3101",
    }  # fmt: skip
    assert first["bands"][-1] == {
        "stage": "follow", "from": "2026-08-05", "to": AS_OF, "days": 56, "arrival": "known", "entry": "3111",
    }  # fmt: skip
    assert [b["days"] for b in first["bands"] if b["stage"] == "won"] == [None]
    assert first["promises"][1] == {"value": "2026-06-30", "made_on": "2026-05-11", "entry": "3105", "move": -31}
    assert lines[1]["holds"][0]["last"] == "2026-08-10"
    assert len(lines[1]["contacts"]) == 9


def test_json_of_an_aligned_page_counts_from_0() -> None:
    """The axis is in days; dates stay dates."""
    axis = timeline.to_json(pages(fast(), aligned=True))["axis"]
    assert axis == {"aligned": True, "from": 0, "to": 177, "unit": "day"}


def test_a_page_of_no_deal_is_drawn(tongue: str) -> None:
    """Its title alone, and a JSON without lines."""
    result = TimelinePage(date.fromisoformat(AS_OF), one_day(tongue).schema, (), aligned=False)
    assert len(drawn(result)) == 1
    assert timeline.to_json(result)["lines"] == []


_STAGES = st.sampled_from(["lead", "hearing", "demo", "proposal", "quote", "won", "lost", "delivery", None])
_POINTS = st.lists(
    st.tuples(st.integers(0, 900), _STAGES, st.integers(-100, 5000) | st.none()), min_size=1, max_size=25
)


@given(st.lists(_POINTS, min_size=1, max_size=4), st.integers(30, 160), st.booleans())
def test_any_lines_can_be_drawn(
    deals: list[list[tuple[int, str | None, int | None]]], columns: int, aligned: bool
) -> None:
    """Whatever moves and promises a deal has, no row leaves the screen and no stay is lost."""
    language.bind("ja")
    first, as_of = date(2024, 1, 1), date(2026, 9, 30)
    found = []
    for number, points in enumerate(deals, 1):
        entries = [
            Entry(
                str(first + timedelta(days=on)), stage, "visit",
                {} if closes is None else {"closes": str(first + timedelta(days=closes))},
            )
            for on, stage, closes in sorted(points, key=lambda p: p[0])
        ]  # fmt: skip
        found.append(deal(f"案件{number}", entries, as_of=str(as_of), number=number))
    rows = drawn(pages(*found, aligned=aligned), columns)
    assert max(width(row) for row in rows[2:]) <= max(columns, timeline.LEAST_COLUMNS) - 1
