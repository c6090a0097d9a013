"""A journal that two devices have written, since one of them was restored: order is time, whoever wrote, and a clock that
was set back loses nothing."""

import io
import random
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from derived import kept, rebuilt, rows
from diary import Diary, as_device, restored

from nippo_cli.base.errors import UsageError
from nippo_cli.cli.frame.main import main
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.beside import beside
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.journal.write.append import Log
from nippo_cli.journal.write.writer import writing
from nippo_cli.line.facts import AsOf

EVER = AsOf(date(2027, 1, 1))


def test_a_correction_after_a_restore_keeps_its_entry(diary: Diary):
    """The new device's clock is days behind: its records come after those that are there all the same."""
    deal, entry = diary.deal("ポンプ", stage="visit", facts="見積")
    restored(diary)
    behind = datetime(2026, 1, 1, tzinfo=UTC)
    with writing(diary.path, author="佐藤", now=behind, today=date(2026, 1, 1)) as writer:
        writer.amend(entry, {"values": {"facts": "値引", "stage": "quote"}}, why="誤記")
    assert rows(diary.path, "select stage, deal from entry where id = ?", entry) == [("quote", deal)]
    assert kept(diary.path) == rebuilt(diary.path)
    first, last = (
        at for (at,) in rows(diary.path, "select recorded_at from record where id >= ? order by recorded_at", entry)
    )
    assert datetime.fromisoformat(last) - datetime.fromisoformat(first) == timedelta(milliseconds=1)
    with reading(diary.path) as reader:
        assert [(v.id, v.values["facts"]) for v in reader.points(EVER, deal)] == [(entry, "値引")]


def test_a_correction_that_was_dated_too_early_keeps_its_entry(diary: Diary, monkeypatch):
    """Journals hold such corrections, and what takes them back: each counts right after what it is about."""
    deal, entry = diary.deal("ポンプ", stage="visit", facts="見積")
    restored(diary)
    monkeypatch.setattr(Log, "_instant", lambda _self, now: now.strftime("%Y-%m-%dT%H:%M:%S.000Z"))

    def behind(hour: int) -> datetime:
        return datetime(2026, 1, 1, hour, tzinfo=UTC)

    def facts() -> list[str]:
        assert kept(diary.path) == rebuilt(diary.path)
        with reading(diary.path) as reader:
            return [v.values["facts"] for v in reader.points(EVER, deal)]

    with writing(diary.path, author="佐藤", now=behind(9), today=diary.today) as writer:
        amend = writer.amend(entry, {"values": {"facts": "値引"}}, why="誤記")
    assert facts() == ["値引"]
    with writing(diary.path, author="佐藤", now=behind(8), today=diary.today) as writer:
        back = writer.retract(amend)
    assert facts() == ["見積"]
    with writing(diary.path, author="佐藤", now=behind(7), today=diary.today) as writer:
        writer.retract(back)
    assert facts() == ["値引"]
    with writing(diary.path, author="佐藤", now=behind(6), today=diary.today) as writer:
        writer.retract(entry)
    assert facts() == []


# --- merges


def merged_apart(diary: Diary, *merges: tuple[int, int]) -> list[int]:
    """Merges as devices write them that know nothing of each other: no one refuses."""
    made = []
    for deal, into in merges:
        with diary.write() as writer:
            rec = writer.append("deal", {"do": "merge", "into": into}, on=diary.today, target=deal)
            writer.projection.record(rec)
            made.append(rec.id)
    return made


def lines(diary: Diary) -> dict[str, list[int]]:
    """The entries of each deal that stands, by its name; what is kept is what the log says, then and now."""
    assert kept(diary.path) == rebuilt(diary.path)
    ever = lines_on(diary, EVER)
    assert lines_on(diary, AsOf(diary.today, known=True)) == ever
    return ever


def lines_on(diary: Diary, as_of: AsOf) -> dict[str, list[int]]:
    """The entries of each deal that stood on a day, by its name."""
    with reading(diary.path) as reader:
        return {h.name: [v.id for v in reader.points(as_of, h.id)] for h in reader.heads(as_of)}


def test_of_two_merges_into_each_other_the_first_counts(diary: Diary):
    """The other has no effect, until the first is taken back."""
    (a, a1), (b, b1) = diary.deal("甲", stage="lead"), diary.deal("乙", stage="visit")
    first, _ = merged_apart(diary, (a, b), (b, a))
    assert lines(diary) == {"乙": [a1, b1]}
    diary.today += timedelta(days=1)
    later = diary.add(a, stage="quote")
    assert lines(diary) == {"乙": [a1, b1, later]}
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.retract(first)
    assert lines(diary) == {"甲": [a1, b1, later]}
    with reading(diary.path) as reader:
        yesterday = AsOf(diary.today - timedelta(days=1), known=True)
        assert [h.name for h in reader.heads(yesterday)] == ["乙"]


def test_a_circle_of_many_is_cut_where_it_closes(diary: Diary):
    """By the order of the log, whatever the ids; a deal merged twice is where the last merge with effect put it."""
    deals = [diary.deal(name, stage="lead") for name in ("甲", "乙", "丙", "丁")]
    (a, a1), (b, b1), (c, c1), (d, d1) = deals
    merged_apart(diary, (a, b), (b, c), (c, a), (c, c), (d, a))
    assert lines(diary) == {"丙": [a1, b1, c1, d1]}
    diary.today += timedelta(days=1)
    merged_apart(diary, (a, d), (b, d), (c, d), (d, c))
    assert lines(diary) == {"丙": [a1, b1, c1, d1]}


@pytest.mark.parametrize("seed", range(12))
def test_any_merges_leave_every_deal_with_one_root(tmp_path: Path, seed: int):
    """Merges drawn by lot and some taken back: each deal is where a plain reading of the log puts it, and is seen there
    again when its day is asked about at the end."""
    wanted_on: dict[date, dict[str, list[int]]] = {}
    dice, diary = random.Random(seed), Diary(tmp_path / "j")
    deals = [diary.deal(f"案件{n}", stage="lead") for n in range(5)]
    merges: list[tuple[int, int, int]] = []
    gone: set[int] = set()
    for _ in range(9):
        diary.today += timedelta(days=1)
        if merges and dice.random() < 0.3:
            record = dice.choice([m for m in merges if m[0] not in gone] or merges)[0]
            if record not in gone:
                with diary.write() as writer:
                    writer.append("retract", {}, target=record)
                    writer.projection.record(writer.record(record))
                gone.add(record)
        else:
            (deal, _), (into, _) = dice.choice(deals), dice.choice(deals)
            merges.append((*merged_apart(diary, (deal, into)), deal, into))
        into_of: dict[int, int] = {}
        for record, deal, into in merges:
            at = into
            while at in into_of and at != deal:
                at = into_of[at]
            if at != deal and record not in gone:
                into_of[deal] = into
        wanted: dict[str, list[int]] = {}
        names = {deal: f"案件{n}" for n, (deal, _) in enumerate(deals)}
        for deal, entry in deals:
            at = deal
            while at in into_of:
                at = into_of[at]
            wanted.setdefault(names[at], []).append(entry)
        assert lines(diary) == wanted
        wanted_on[diary.today] = wanted
    for day, wanted in wanted_on.items():
        assert lines_on(diary, AsOf(day, known=True)) == wanted, day


def test_no_one_closes_a_circle_by_bringing_a_merge_back(diary: Diary):
    """What was taken back can't come back once its opposite stands, and the error says so."""
    (a, _), (b, _) = diary.deal("甲", stage="lead"), diary.deal("乙", stage="visit")
    with diary.write() as writer:
        merge = writer.merge(a, b)
    with diary.write() as writer:
        back = writer.retract(merge)
    with diary.write() as writer:
        writer.merge(b, a)
    before = lines(diary)
    with pytest.raises(UsageError) as caught, diary.write() as writer:
        writer.retract(back)
    assert caught.value.message.key == "journal.merge_circle"
    assert lines(diary) == before


# --- order


@pytest.fixture
def both(diary: Diary) -> Diary:
    """Eighty commands of two devices by turns: entries of few days, comments, answers, remarks, reviews."""
    dice = random.Random(5)
    deal, first = diary.deal("ポンプ", stage="lead", facts="見積")
    lost, _ = diary.deal("弁", stage="lost", facts="見積")
    restored(diary)
    entries, asked = [first], list[int]()
    for n in range(80):
        diary.today += timedelta(days=n % 20 == 19)
        on = diary.today - timedelta(days=dice.randrange(3))
        with as_device(diary, dice.randrange(2)) as writer:
            match dice.randrange(9):
                case 0:
                    asked.append(writer.add_comment(dice.choice(entries), f"見積は{n}"))
                case 1 | 2 if asked:
                    writer.add_comment(dice.choice(asked[:3]), f"見積を送る{n}")
                case 3:
                    writer.add_day(on, values={"remarks": f"見積{n}"}, author="佐藤")
                case 4:
                    writer.review(lost, text=f"見積が{n}", known_by="asked", on=on)
                case _:
                    entries.append(writer.add_entry(on, {"facts": f"見積{n}"}, deal=deal))
    return diary


def log(diary: Diary, kind: str) -> list[tuple[int, str, str, str, int | None]]:
    """The records of a kind as they are: id, date, instant, day known, target; in the order of the log."""
    found = rows(diary.path, "select id, on_date, recorded_at, known_on, target from record where kind = ?", kind)
    return sorted(found, key=lambda row: (row[2], row[0]))  # type: ignore[arg-type,return-value]


def test_time_orders_what_two_devices_wrote(both: Diary):
    """The log, a line, a search, comments, answers, remarks, reviews: none goes by the number of a device."""
    entries = [row[0] for row in sorted(log(both, "entry"), key=lambda row: (row[1], row[2], row[0]))]
    assert entries != sorted(entries)
    comments = log(both, "comment")
    wanted = [row[0] for row in sorted(comments, key=lambda row: row[3])]
    assert wanted != sorted(wanted)
    answers: dict[int, int] = {}
    for record, *_, target in comments:
        answers.setdefault(target or 0, record)
    said = {row[0]: answers.get(row[0]) for row in comments}
    assert any(min(r for r, *_, t in comments if t == one) != first for one, first in said.items() if first)
    reviews = [row[0] for row in sorted(log(both, "review"), key=lambda row: (row[1], row[2], row[0]))]
    for as_of in (EVER, AsOf(both.today, known=True)):
        with reading(both.path) as reader:
            latest = reader.log(as_of).entries
            assert [v.id for v in latest] == entries[::-1]
            assert [v.id for v in reader.log(as_of, limit=7).entries] == entries[:-8:-1]
            assert [v.id for v in search(reader, read_query("見積"), as_of)[0]] == entries[::-1]
            assert [v.id for v in search(reader, read_query("見積"), as_of, 5)[0]] == entries[:-6:-1]
            told = reader.remarks(as_of).every_comment()
            assert [c.id for c in told] == wanted
            assert {c.id: c.answered for c in told} == said
            of_entries = [c.id for c in reader.remarks(as_of).on_entries(entries)]
            assert of_entries == [one for one in wanted if one in set(of_entries)]
            notes = [(n.on.isoformat(), n.id) for n in reader.remarks(as_of).days(date.min, date.max)]
            days = sorted(log(both, "day"), key=lambda row: (row[1], row[2], row[0]))
            assert notes == [(row[1], row[0]) for row in days]
            assert [r.id for r in next(iter(reader.reviews(as_of).values()))] == reviews
            beside_it = beside(reader, read_query("見積"), as_of)
            assert [r.review.id for r in beside_it.reviews] == reviews[::-1]
            assert [c.comment.id for c in beside_it.comments] == wanted[::-1]
    assert kept(both.path) == rebuilt(both.path)


def test_a_past_day_is_in_order_too(both: Diary):
    """Entries corrected since stand where they stood among those of the other device."""
    mid = both.today - timedelta(days=1)
    rng = random.Random(3)
    entries = log(both, "entry")
    with as_device(both, 1) as writer:
        for record, *_ in rng.sample(entries, 6):
            writer.amend(record, {"values": {"facts": "見積なおし"}}, why="誤記")
    known = [row for row in entries if row[3] <= mid.isoformat()]
    wanted = [row[0] for row in sorted(known, key=lambda row: (row[1], row[2], row[0]))]
    with reading(both.path) as reader:
        assert [v.id for v in reader.log(AsOf(mid, known=True)).entries] == wanted[::-1]
        assert [v.id for v in search(reader, read_query("見積"), AsOf(mid, known=True))[0]] == wanted[::-1]


def test_the_pages_of_two_devices_are_printed(both: Diary, monkeypatch):
    """From the command line, with the ids of both."""
    monkeypatch.setenv("NIPPO_NOW", "2026-03-01T09:00:00+09:00")
    for words in (["log"], ["search", "見積"], ["deal", "show", "ポンプ"], ["comment"], ["doctor"]):
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            assert main(["--journal", str(both.path), *words]) == 0, (words, err.getvalue())
        assert out.getvalue()
