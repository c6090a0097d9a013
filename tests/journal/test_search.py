"""Search finds every entry that holds the words, and no other."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from diary import FIRST, Diary
from hypothesis import Phase, given, settings, strategies as st

from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.index import AT_A_WRITE, marks, rebuild_index
from nippo_cli.journal.search.search import query_of, search, words_of
from nippo_cli.line.facts import AsOf

NOW = AsOf(FIRST + timedelta(days=30))


def found(diary: Diary, text: str, limit: int = 0, as_of: AsOf = NOW) -> list[int]:
    """The ids of what a search finds."""
    with reading(diary.path) as reader:
        return [view.id for view in search(reader, text, as_of, limit)[0]]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("見積", True), ("積", True), ("書", True), ("ミツモリ", True), ("ﾐﾂﾓﾘ", True), ("abc", True), ("ＡＢＣ", True),
        ("見積 abc", True), ("見積　ＡＢＣ", True), ("a-b", True), ("(株)", True), ("-", True), ("積見", False),
        ("見積 納期", False), ("書ミ", False), ("東亜", True), ("山田", True), ("課長", True), ("佐藤", True),
        ("ポンプ", True), ('"', True), ("%", False), ("quote", False),
    ],
)  # fmt: skip
def test_width_case_and_punctuation_are_alike(diary: Diary, text: str, hits: bool) -> None:
    """Texts, customer, people, author and deal name are searched; keys of choices are not."""
    diary.deal(
        "ポンプ更新", facts='㈱の見積書 ミツモリ ABC a-b "至急"', customer="東亜工業", stage="quote",
        people=[{"name": "山田", "title": "課長"}],
    )  # fmt: skip
    diary.add(facts="別の件", author="鈴木")
    assert len(found(diary, text)) == hits


def test_a_correction_is_found_by_what_it_says_now(diary: Diary) -> None:
    """The old words no longer find it, on its day they still do."""
    entry = diary.add(facts="見積を送付", customer="東亜")
    diary.today += timedelta(days=2)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"facts": "見本を送付"}}, why="誤記")
    assert found(diary, "見本 東亜") == [entry]
    assert found(diary, "見積") == []
    assert found(diary, "見積", as_of=AsOf(FIRST, known=True)) == [entry]
    with diary.write() as writer:
        writer.undo()
    assert found(diary, "見積 東亜") == [entry]
    assert found(diary, "見本") == []


def test_a_renamed_deal_is_found_by_its_new_name(diary: Diary) -> None:
    """No entry has to be indexed again."""
    deal, entry = diary.deal("ポンプ", facts="挨拶")
    with diary.write() as writer:
        writer.rename(deal, "圧縮機")
    assert found(diary, "圧縮 挨拶") == [entry]
    assert found(diary, "ポンプ") == []


def test_what_is_erased_is_gone_from_the_file(diary: Diary) -> None:
    """No page of the file holds the index's pairs of an erased text."""
    entry = diary.add(facts="zqxjkv")
    with diary.write() as writer:
        writer.redact(entry, "本人の求め")
    assert found(diary, "zqxjkv") == []
    cx = diary.open()
    cx.execute("create virtual table temp.t using fts5vocab(main, search, row)")
    assert cx.execute("select term from temp.t where term in ('zq', 'qx', 'xj')").fetchall() == []
    cx.close()
    assert b"zqxjkv" not in diary.path.read_bytes()


def test_what_is_not_indexed_yet_is_found_all_the_same(diary: Diary) -> None:
    """A large import leaves a tail behind the watermark; each later write indexes a piece of it."""
    with diary.write() as writer:
        for n in range(450):
            writer.add_entry(FIRST, {"facts": f'第{n}回 "打合せ"'})
    cx = diary.open()
    ((_, mark, last),) = marks(cx)
    assert (mark, last) == (1 + AT_A_WRITE, 451)
    assert len(found(diary, "打合せ")) == 450
    assert len(found(diary, "449")) == 1
    assert len(found(diary, "打合せ", limit=7)) == 7
    diary.add(facts="x")
    ((_, mark, last),) = marks(cx)
    assert (mark, last) == (1 + 2 * AT_A_WRITE, 452)
    cx.close()


def test_the_newest_come_first(diary: Diary) -> None:
    """By day, and within a day the last written first."""
    old, new, late = diary.add(facts="甲乙"), diary.add(facts="甲乙"), diary.add(facts="甲乙", on=FIRST - timedelta(9))
    assert found(diary, "甲乙") == [new, old, late]
    assert found(diary, "甲乙", limit=1) == [new]


letters = st.text(alphabet='aAb-" 見積書ガかﾞ゛゙①㈱\n\\がi̇İß\t', max_size=7)


def naive(texts: dict[int, str], query: str) -> list[int]:
    """A scan that knows nothing of indexes: every word of the query within the text."""

    def folded(text: str) -> str:
        return normalize("NFKC", normalize("NFKC", text).casefold())

    return sorted(e for e, text in texts.items() if all(w in folded(text) for w in folded(query).split()))


@settings(max_examples=60, phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink))
@given(st.lists(letters, min_size=1, max_size=6), st.lists(letters, min_size=1, max_size=8), st.booleans())
def test_nothing_is_missed(texts: list[str], queries: list[str], indexed: bool) -> None:
    """Indexed or not, a search finds what a naive scan finds."""
    with tempfile.TemporaryDirectory() as folder:
        diary = Diary(Path(folder) / "j")
        written: dict[int, str] = {}
        with diary.write("") as writer:
            for text in texts:
                written[writer.add_entry(FIRST, {"facts": text})] = text
        if not indexed:
            cx = diary.open()
            rebuild_index(cx, {})
            cx.close()
        for query in queries:
            if words_of(query):
                assert sorted(found(diary, query)) == naive(written, query), query


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=4))
def test_no_query_breaks_the_index(words: list[str]) -> None:
    """Whatever is typed is only ever text."""
    import sqlite3

    cx = sqlite3.connect(":memory:")
    cx.execute("create virtual table s using fts5(grams, content='', tokenize='ascii', detail='none', columnsize=0)")
    query: Any = query_of(words_of(" ".join(w.encode("utf-8", "replace").decode() for w in words)))
    if query is not None:
        assert cx.execute("select rowid from s where s match ?", (query,)).fetchall() == []
    cx.close()


def test_comments_days_and_reviews_are_found_by_their_words(diary: Diary) -> None:
    """By text and writer, newest first, as known on the day; what was taken back is not."""
    from nippo_cli.journal.search.search import beside
    from nippo_cli.results.entries import Beside

    def beside_of(text: str, as_of: AsOf = NOW) -> Beside:
        with reading(diary.path) as reader:
            return beside(reader, text, as_of)

    deal, entry = diary.deal("ポンプ更新", facts="話した", stage="quote")
    with diary.write("部長") as writer:
        first = writer.add_comment(entry, "ﾐﾂﾓﾘ はいつ?")
        writer.add_day_comment(FIRST, "見積りの件、了解", of="佐藤")
    diary.today += timedelta(days=2)
    with diary.write() as writer:
        answer = writer.add_comment(first, "ミツモリは金曜")
        writer.add_day(diary.today, values={"remarks": "ミツモリの話が増えた"}, author=None)
        writer.review(deal, cause="", text="ミツモリが遅れた", known_by="asked", on=None)
    found_now = beside_of("ミツモリ")
    assert [one.comment.id for one in found_now.comments] == [answer, first]
    assert [one.entry.id if one.entry else 0 for one in found_now.comments] == [entry, entry]
    assert [note.on for note in found_now.days] == [diary.today]
    assert [one.deal.name for one in found_now.reviews] == ["ポンプ更新"]
    assert beside_of("部長 ミツモリ").n == 1
    assert beside_of("ポンプ ミツモリ").n == 1
    assert beside_of("価格").n == 0
    before = beside_of("ミツモリ", AsOf(FIRST, known=True))
    assert ([one.comment.id for one in before.comments], before.days, before.reviews) == ([first], [], [])
    with diary.write() as writer:
        writer.retract(answer, why="")
    assert [one.comment.id for one in beside_of("ミツモリ").comments] == [first]
