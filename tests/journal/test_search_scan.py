"""What a search finds in ten thousand random Japanese texts, held against a plain scan of them."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pytest
from diary import AGREEMENT, FIRST, Diary, bulk
from hypothesis import given, strategies as st
from one_entry import EntryDraft

from nippo_cli.base.text import search_form
from nippo_cli.journal.read import JournalReader
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search import search as search_room, streams
from nippo_cli.journal.search.form import characters_of, form_of, texts_of, tokens
from nippo_cli.journal.search.newest_days import NewestDays
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.line.facts import AsOf

ENTRIES, DAYS = 10_000, 400
# Frequent kanji, both kana, half-width and voiced marks, old forms, full-width letters, punctuation, blanks.
LETTERS = (
    "見積納期価格髙高﨑崎会社東亜のはがとでヶケがカﾞﾐﾂﾓﾘミツモリみつもり１２12ＡｂabＢ、。，.・ー～ 　!?%_*^(株)㈱①"
)
WORDS = ("見積", "納期", "価格", "ミツモリ", "東亜", "ＡＢ12", "髙﨑")
NOW = AsOf(FIRST + timedelta(days=DAYS))
CUSTOMERS = ("東亜 工業㈱", "株式会社 髙﨑商店", "ＡＢ12 製作所")
FIELDS = {"事実": "facts", "顧客": "customer"}


class Written(NamedTuple):
    """An entry as it was written, and the name of its deal (empty for none)."""

    id: int
    day: int
    facts: str
    customer: str
    deal: str


class Asked(NamedTuple):
    """A search: phrases that must be there, those that must not, and what one field must hold."""

    wanted: Sequence[str]
    unwanted: Sequence[str] = ()
    field: str = ""

    @property
    def typed(self) -> str:
        """As it is typed, each in quotes, whether it has blanks or not."""
        front = f"{self.field}:" if self.field else ""
        return " ".join([*(f'{front}"{one}"' for one in self.wanted), *(f'-"{one}"' for one in self.unwanted)])


@given(
    st.lists(
        st.tuples(*[st.none() | st.text() | st.text(f"{LETTERS}\0\n\x1f\uf8f0\uf8f1\uf8f2\u3099が")] * 2), max_size=20
    )
)
def test_entries_that_are_made_alike_together_stand_in_the_index_as_each_does(
    said: list[tuple[str | None, str | None]],
) -> None:
    """Whatever they say, in two fields of text or in one."""
    columns = {"facts": [facts for facts, _ in said], "next": [step for _, step in said]}
    alone = [
        tokens(form_of(texts_of({k: v for k, v in zip(columns, row, strict=True) if v is not None}, AGREEMENT, "a")))
        for row in said
    ]
    together = characters_of(columns, AGREEMENT, len(said))
    assert [f"a{characters.decode()}" for characters in together] == alone


def form(text: str) -> str:
    """The form that texts are looked through in, runs of blanks single."""
    return " ".join(search_form(text).split())


def spellings(said: str) -> set[str]:
    """How a phrase may stand in a text: with its blanks, or without any, as in a name; and a name that states the one legal form
    that is in these texts, with that in front or behind, in either spelling."""
    ways = {form(said)}
    written = min(("(株)", "株式会社"), key=lambda one: (one not in form(said), form(said).find(one)))
    before, there, after = form(said).partition(written)
    before, after = before.rstrip(), after.lstrip()
    for other in ("(株)", "株式会社") if there else ():
        if before and after:
            ways.add(f"{before}{other}{after}")
        else:
            name = before + after
            ways |= {f"{other}{name}", f"{name}{other}", f"{other} {name}".strip(), f"{name} {other}".strip()}
    return ways | {way.replace(" ", "") for way in ways}


class Texts(NamedTuple):
    """What of an entry is looked through, each in its form: all of it, text by text, and two of its fields."""

    id: int
    everywhere: str
    facts: str
    customer: str


def looked_through(entries: Sequence[Written]) -> list[Texts]:
    """Each entry's texts; its deal's customer is the latest that one of the deal's entries named."""
    customers = {one.deal: one.customer for one in reversed(entries) if one.deal and one.customer}
    said = {"", "佐藤"}.union(*({e.facts, e.customer, e.deal} for e in entries))
    forms = {text: form(text) for text in said}
    return [
        Texts(
            one.id,
            "\0".join(forms[text] for text in (one.facts, one.customer, "佐藤", one.deal, customers.get(one.deal, ""))),
            forms[one.facts],
            forms[one.customer],
        )
        for one in entries
    ]


def scan(entries: Sequence[Texts], asked: Asked) -> list[int]:
    """The entries that hold what is asked, newest first (`entries` are): by looking at every one."""
    wanted, unwanted = [*map(spellings, asked.wanted)], [*map(spellings, asked.unwanted)]
    where = attrgetter({"": "everywhere", "事実": "facts", "顧客": "customer"}[asked.field])
    hits = entries
    for ways in wanted:
        hits = [one for one in hits if any(said in where(one) for said in ways)]
    for ways in unwanted:
        hits = [one for one in hits if not any(said in one.everywhere for said in ways)]
    return [one.id for one in hits]


def texts(lot: random.Random) -> Iterator[tuple[int, str, str, str]]:
    """The day, the facts, the customer and the deal of each entry."""
    names = [f"{lot.choice(WORDS)}{n}{''.join(lot.choices(LETTERS, k=3))}x" for n in range(300)]
    for _ in range(ENTRIES):
        facts = "".join(lot.choices(LETTERS, k=lot.randrange(30)))
        if lot.random() < 0.4:
            facts += lot.choice(WORDS) + "".join(lot.choices(LETTERS, k=3))
        deal = lot.choice(names) if lot.random() < 0.5 else ""
        # A name at another customer is another deal.
        whose = CUSTOMERS[names.index(deal) % len(CUSTOMERS)] if deal else lot.choice(CUSTOMERS)
        yield lot.randrange(DAYS), facts.strip() or "x", lot.choice(("", "", whose)), deal


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[JournalReader, list[Written]]]:
    """A journal of them, and what stands in it by its own rows."""
    diary = Diary(Path(tmp_path_factory.mktemp("search")) / "j")
    rows = list(texts(random.Random(20261130)))
    with diary.write() as writer:
        batch = writer.begin_batch()
        drafts = (
            EntryDraft(
                FIRST + timedelta(day), FIRST + timedelta(day), "佐藤", deal.strip() or None,
                {"facts": facts} | ({"customer": customer} if customer else {}), f"k:{n}",
            )
            for n, (day, facts, customer, deal) in enumerate(rows)
        )  # fmt: skip
        bulk(writer, drafts, batch=batch)
        writer.end_batch(batch, {"rows": len(rows)})
    with reading(diary.path) as reader:
        ids = dict(
            reader.cx.execute("select cast(substr(source_key, 3) as integer), id from record where kind = 'entry'")
        )
        entries = [Written(ids[n], *row) for n, row in enumerate(rows)]
        yield reader, sorted(entries, key=lambda e: (e.day, e.id), reverse=True)


def questions(lot: random.Random, entries: Sequence[Written]) -> Iterator[Asked]:
    """Every length from 1, out of the texts and out of thin air; phrases with blanks, several words, exclusions, fields."""

    def piece(length: int) -> str:
        """So many characters of what some entry says; of none that are quotes or blanks alone."""
        while True:
            said = lot.choice(entries).facts
            at = lot.randrange(len(said))
            part = said[at : at + length]
            if form(part):
                return part

    for length in range(1, 25):
        for _ in range(2):
            yield Asked([piece(length)])
            yield Asked(["".join(lot.choices(LETTERS.replace(" ", "").replace("　", ""), k=length))])
    for _ in range(25):
        yield Asked([piece(lot.randrange(1, 4)), lot.choice(WORDS)])
        yield Asked([lot.choice(WORDS)], [piece(lot.randrange(1, 4)), lot.choice(WORDS)])
        yield Asked([piece(lot.randrange(1, 9))], field="事実")
        yield Asked([lot.choice(("東亜", "髙﨑", "亜 工", "12 製", "店"))], [piece(2)], field="顧客")
        yield Asked([lot.choice(("東亜 工業", "東亜工業", "ＡＢ12 製作所", "ab12製作所", "髙﨑商店")), piece(1)])
        yield Asked(
            [
                lot.choice(("㈱東亜工業", "東亜株式会社", "高崎商店（株）", "株式会社高崎", "㈱", "商店 株式会社")),
                piece(1),
            ]
        )
        yield Asked([lot.choice(WORDS)], [lot.choice(("㈱東亜 工業", "株式会社東", "高崎商店㈱"))])
        yield Asked([lot.choice(("株式会社東亜工業", "㈱髙﨑商店", "株式会社"))], field="顧客")


def hold_against_a_scan(reader: JournalReader, entries: Sequence[Written]) -> list[int]:
    """The first page in its order and the total, or a bound below it; and all where they are few. The oracle is `in`."""
    texts = looked_through(entries)
    lengths = list[int]()
    for asked in questions(random.Random(7), entries):
        wanted = scan(texts, asked)
        query = read_query(asked.typed, FIELDS)
        page = search(reader, query, NOW, 20)
        assert [view.id for view in page.entries] == wanted[:20], asked
        assert page.total == len(wanted) if page.is_exact else 20 < page.total <= len(wanted), asked
        if len(wanted) <= 60:
            assert [view.id for view in search(reader, query, NOW).entries] == wanted, asked
        lengths.append(len(wanted))
    return lengths


def test_a_search_finds_what_a_plain_scan_finds(written: tuple[JournalReader, list[Written]]) -> None:
    """Whatever is asked."""
    lengths = hold_against_a_scan(*written)
    # None would be missed where there is none.
    assert min(lengths) == 0
    assert max(lengths) > 1_000
    assert sum(0 < n < 100 for n in lengths) > 50


def test_so_does_one_that_looks_at_the_newest_days_alone(
    written: tuple[JournalReader, list[Written]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it does where many more entries hold what is asked: here with bounds so low that dozens of questions come to it."""
    for name, low in (("FEW", 60), ("COUNTED_AT_MOST", 60), ("INDEX_COUNTS_AT_MOST", 100), ("_SOME", 80)):
        monkeypatch.setattr(search_room, name, low)
    monkeypatch.setattr(streams, "FEW", 60)
    pages = list[bool]()
    newest_page = NewestDays._newest_page

    def counted(days: NewestDays, limit: int) -> list[int] | None:
        page = newest_page(days, limit)
        pages.append(page is not None)
        return page

    monkeypatch.setattr(NewestDays, "_newest_page", counted)
    hold_against_a_scan(*written)
    assert sum(pages) > 60
