"""Search finds every entry that holds the words, and no other."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from diary import FIRST, Diary
from hypothesis import Phase, given, settings, strategies as st

from nippo_cli.base.text import search_form
from nippo_cli.journal.log import tables
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.index import AT_A_WRITE, marks, rebuild_index
from nippo_cli.journal.search.other_names import OtherNames
from nippo_cli.journal.search.query import Query, Term, read_query
from nippo_cli.journal.search.search import search
from nippo_cli.journal.search.streams import SearchScope
from nippo_cli.line.facts import AsOf

FIELDS = {"事実": "facts", "facts": "facts", "顧客": "customer"}
NOW = AsOf(FIRST + timedelta(days=30))


def found(diary: Diary, text: str, limit: int = 0, as_of: AsOf = NOW) -> list[int]:
    """The ids of what a search finds."""
    with reading(diary.path) as reader:
        return [view.id for view in search(reader, read_query(text, FIELDS), as_of, limit).entries]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("見積", True), ("積", True), ("書", True), ("ミツモリ", True), ("ﾐﾂﾓﾘ", True), ("abc", True),
        ("ＡＢＣ", True),
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
    """No page of the file holds the index's characters of an erased text."""
    entry = diary.add(facts="zqxjkv")
    with diary.write() as writer:
        writer.redact(entry, "本人の求め")
    assert found(diary, "zqxjkv") == []
    cx = diary.open()
    cx.execute("create virtual table temp.t using fts5vocab(main, search, row)")
    assert cx.execute("select term from temp.t where term in ('z', 'q', 'x')").fetchall() == []
    cx.close()
    assert b"zqxjkv" not in diary.path.read_bytes()


def test_what_is_not_indexed_yet_is_found_all_the_same(diary: Diary) -> None:
    """What arrived beyond the watermark is read; each later write indexes what it writes and a piece of it."""
    with diary.write() as writer:
        for n in range(450):
            writer.add_entry(FIRST, {"facts": f'第{n}回 "打合せ"'})
    cx = diary.open()
    assert [(mark, last) for _, mark, last in marks(cx)] == [(451, 451)]
    rebuild_index(cx, {0: 21})
    assert len(found(diary, "打合せ")) == 450
    assert len(found(diary, "449")) == 1
    assert len(found(diary, "打合せ", limit=7)) == 7
    diary.add(facts="x")
    assert [(mark, last) for _, mark, last in marks(cx)] == [(21 + 1 + AT_A_WRITE, 452)]
    assert len(found(diary, "打合せ")) == 450
    cx.close()


def test_the_newest_come_first(diary: Diary) -> None:
    """By day, and within a day the last written first."""
    old, new, late = diary.add(facts="甲乙"), diary.add(facts="甲乙"), diary.add(facts="甲乙", on=FIRST - timedelta(9))
    assert found(diary, "甲乙") == [new, old, late]
    assert found(diary, "甲乙", limit=1) == [new]


letters = st.text(alphabet="aAb- 見積書ガかﾞ゛゙①㈱\n\\がi̇İß\t髙高ヶケ霞!！。", max_size=7)


def naive(texts: dict[int, str], query: Query) -> list[int]:
    """A scan that knows nothing of indexes: every term within the text, in the form that a search looks at."""

    def said(text: str) -> str:
        return " ".join(search_form(text).split())

    def stated(name: str) -> set[str]:
        before, there, after = name.partition("(株)")
        if not there or (before.strip() and after.strip()):
            return {f"{before.rstrip()}(株){after.lstrip()}".replace(*blank) for blank in (("", ""), (" ", ""))}
        name = (before + after).strip()
        ways = {f"(株){name}", f"{name}(株)", f"(株) {name}".strip(), f"{name} (株)".strip()}
        return ways | {way.replace(" ", "") for way in ways}

    def held(term: Term, text: str) -> bool:
        return any(spelling in said(text) for spelling in (term.text, term.text.replace(" ", ""), *stated(term.text)))

    return sorted(
        entry
        for entry, text in texts.items()
        if all(held(term, text) for term in query.terms) and not any(held(term, text) for term in query.without)
    )


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink))
@given(
    st.lists(letters, min_size=1, max_size=6), st.lists(letters, min_size=1, max_size=8), st.booleans(), st.booleans()
)
def test_nothing_is_missed(texts: list[str], queries: list[str], indexed: bool, phrases: bool) -> None:
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
        for text in (f'"{q}"' if phrases else q for q in queries):
            query = read_query(text, FIELDS)
            if query.terms:
                assert sorted(found(diary, text)) == naive(written, query), query


def test_every_length_is_found_in_many_texts(diary: Diary) -> None:
    """Words of one to six characters, out of texts of few letters, so that most occur often and some nowhere."""
    import random

    lot = random.Random(20261129)
    texts = dict[int, str]()
    with diary.write() as writer:
        for _ in range(1_000):
            text = "".join(lot.choices("見積納期価格のはがと１２ＡＢ、。 ー", k=lot.randrange(1, 30)))
            texts[writer.add_entry(FIRST + timedelta(lot.randrange(20)), {"facts": text})] = text
    cx = diary.open()
    rebuild_index(cx)
    cx.close()
    texts = {entry: search_form(text) for entry, text in texts.items()}
    with reading(diary.path) as reader:
        for _ in range(200):
            query = read_query("".join(lot.choices("見積納期価格のはがと12ab、ー", k=lot.randrange(1, 7))))
            hits = search(reader, query, NOW)
            assert sorted(view.id for view in hits.entries) == naive(texts, query), query
            assert (search(reader, query, NOW, 3).total, hits.is_exact) == (hits.total, True)


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=4))
def test_no_query_breaks_the_index(words: list[str]) -> None:
    """Whatever is typed is only ever text."""
    import sqlite3

    cx = sqlite3.connect(":memory:")
    cx.execute(tables.SEARCH_TABLE)
    query = read_query(" ".join(w.encode("utf-8", "replace").decode() for w in words))
    if query.terms:
        assert (
            cx.execute("select rowid from search where search match ?", (query.phrase(query.terms),)).fetchall() == []
        )
    cx.close()


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ('"納期 未定"', [1]), ("納期 未定", [1, 2]), ('"納期　未定"', [1]), ("“納期 未定”", [1]),
        ("見積 -納期", [3]), ("見積 －納期", [3]), ('見積 -"納期 未定"', [2, 3]),
        ("事実:見積", [1, 2, 3]), ("事実：納期", [1, 2]), ("顧客:東亜", [1, 2]), ("顧客:見積", []),
        ("見積 -顧客:東亜", [3]), ("案件:見積", []), ("http://x", []),
        ("山田太郎", [2]), ('"山田 太郎"', [2]), ("山田 太郎", [2]), ("ポンプ 見積", [1, 2, 3]),
        ("ポンプ", [1, 2, 3, 4]), ("見積 -ポンプ", []), ("ポンプ -見積", [4]),
    ],
)  # fmt: skip
def test_phrases_exclusions_and_fields(diary: Diary, text: str, hits: list[int]) -> None:
    """A phrase keeps its blanks, a minus keeps out, a field is asked by what it is called."""
    deal, first = diary.deal("ポンプ更新", facts="見積の件、納期 未定", customer="東亜")
    entries = [
        first,
        diary.add(deal=deal, facts="納期は未定、見積は済", customer="東亜", people=[{"name": "山田　太郎"}]),
        diary.add(deal=deal, facts="見積を再送", customer="西部"),
        diary.add(deal=deal, facts="電話のみ"),
    ]
    assert sorted(found(diary, text)) == [entries[n - 1] for n in hits]


def test_more_hits_than_are_counted_are_said_to_be_more(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the index can count is exact; what a deal's name holds is counted to a bound, and the total then said to be a
    bound."""
    monkeypatch.setattr("nippo_cli.journal.search.search.COUNTED_AT_MOST", 10)
    deal, _ = diary.deal("見積依頼", facts="始め")
    with diary.write() as writer:
        for n in range(15):
            writer.add_entry(FIRST, {"facts": f"見積{n}"}, deal=deal if n < 12 else None)
    with reading(diary.path) as reader:
        hits = search(reader, read_query("見積"), NOW, 5)
        assert (len(hits.entries), hits.total, hits.is_exact) == (5, 15, False)
        assert search(reader, read_query("見積"), NOW)[1:3] == (16, True)
        exact = search(reader, read_query("見積1"), NOW, 2)
        assert (exact.total, exact.is_exact) == (6, True)


def test_the_likeliest_come_first(diary: Diary) -> None:
    """Whoever says it most in the fewest words; what only the deal's name says comes last."""
    often = diary.add(facts="納期、納期、納期", on=FIRST - timedelta(9))
    once = diary.add(facts="いろいろな話のうちに一度だけ納期のことも出た", on=FIRST - timedelta(8))
    _, named = diary.deal("納期短縮", facts="訪問")
    with reading(diary.path) as reader:
        likeliest = search(reader, read_query("納期"), NOW, 5, likeliest=True).entries
    assert [view.id for view in likeliest] == [often, once, named]


def test_the_likeliest_of_one_deal_come_first(diary: Diary) -> None:
    """However many entries of other deals are likelier."""
    deal, often = diary.deal("装置", facts="納期、納期", customer="東亜")
    once = diary.add(deal=deal, facts="長い話のうちに一度だけ納期のことが出た", on=FIRST + timedelta(1))
    for n in range(6):
        diary.add(facts="納期、納期、納期", on=FIRST + timedelta(n))
    with reading(diary.path) as reader:
        scope = SearchScope(deals=frozenset({deal}))
        hits = search(reader, read_query("納期"), NOW, 2, within=scope, likeliest=True)
    assert [view.id for view in hits.entries] == [often, once]


def test_comments_days_and_reviews_are_found_by_their_words(diary: Diary) -> None:
    """By text and writer, newest first, as known on the day; what was taken back is not."""
    from nippo_cli.journal.search.beside import beside
    from nippo_cli.results.entries import Beside

    def beside_of(text: str, as_of: AsOf = NOW) -> Beside:
        with reading(diary.path) as reader:
            return beside(reader, read_query(text), as_of)

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


def test_a_hyphen_typed_for_a_long_vowel_finds_both(tmp_path: Path) -> None:
    """サ－バ－ looks like サーバー; whoever wrote it so is found as well, and a hyphen behind other letters is a hyphen."""
    diary = Diary(tmp_path / "j")
    deal, _ = diary.deal("搬送", facts="サーバーを更新")
    typed_so, other = diary.add(deal, facts="サ－バ－の見積"), diary.add(deal, facts="A-1 の納期")
    for typed in ("サ－バ－", "ｻ-ﾊﾞ-", "さ－ば－", '"サ−バ−"'):
        assert typed_so in (hits := found(diary, typed)), typed
        assert len(hits) == 2, typed
    assert found(diary, "A－1") == [other]
    assert found(diary, "見積 -サ－バ－") == []


@pytest.mark.parametrize(
    "typed", ["㈱青葉", "（株）青葉", "株式会社青葉", "青葉㈱", "青葉株式会社", '"株式会社 青葉"', "㈱ 青葉"]
)
def test_a_name_is_found_however_its_legal_form_is_written(diary: Diary, typed: str) -> None:
    """In front or behind, spelled out or as one sign; another form, and none, are something else."""
    texts = ("株式会社青葉", "㈱青葉", "青葉（株）", "青葉 株式会社", "株式会社　青葉の件")
    there = [diary.add(facts=f"{text}を訪問") for text in texts]
    for other in ("有限会社青葉", "青葉（有）", "青葉"):
        diary.add(facts=f"{other}を訪問")
    assert sorted(found(diary, typed)) == there
    assert len(found(diary, "青葉")) == 8
    assert len(found(diary, f"青葉 -{typed}" if " " not in typed else "青葉 -㈱青葉")) == 3


@pytest.mark.parametrize(("more", "is_exact"), [(4, True), (5, False)])
def test_a_name_with_a_legal_form_that_many_hold_has_at_least_so_many(
    diary: Diary, monkeypatch: pytest.MonkeyPatch, more: int, is_exact: bool
) -> None:
    """Its spellings are long, and counted to a low bound."""
    for name in ("search.COUNTED_AT_MOST", "search.FEW", "streams.FEW"):
        monkeypatch.setattr(f"nippo_cli.journal.search.{name}", 5)
    diary.deal("ポンプ", customer="株式会社青葉")
    for n in range(more):
        diary.add(facts=f"{('青葉㈱', '株式会社青葉')[n % 2]}を訪問")
    with reading(diary.path) as reader:
        hits = search(reader, read_query("㈱青葉"), NOW, 2)
    assert (len(hits.entries), hits.total, hits.is_exact) == (2, 5, is_exact)


def test_a_legal_form_within_a_phrase_stays_where_it_is(diary: Diary) -> None:
    """青葉㈱見積 is 青葉株式会社見積, and not 株式会社青葉見積."""
    there = diary.add(facts="青葉株式会社見積")
    diary.add(facts="株式会社青葉見積")
    assert found(diary, "青葉㈱見積") == [there]


def test_another_name_of_a_customer_is_found_however_its_legal_form_is_written(diary: Diary) -> None:
    """The record says アオバテック㈱, the entry 株式会社アオバテック."""
    with diary.write() as writer:
        writer.alias_customer("青葉製作所", "アオバテック㈱")
    there = diary.add(facts="株式会社アオバテックの件")
    with reading(diary.path) as reader:
        query = read_query("青葉製作所").by_names(OtherNames(reader.past(NOW)))
        assert [view.id for view in search(reader, query, NOW).entries] == [there]
