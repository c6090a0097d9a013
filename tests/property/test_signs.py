"""What a deal's page says of one deal is what the whole page says of it."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from diary import AGREEMENT, Diary
from hypothesis import given, strategies as st
from story import Story, step, stories

from nippo_cli.base.errors import NippoError
from nippo_cli.gaps import KINDS, module_of, signs
from nippo_cli.gaps.unlinked import Unlinked
from nippo_cli.journal.facts.gap_facts import JournalGapFacts
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf
from nippo_cli.results.deal_status import Sign
from nippo_cli.schema.schema import Closure
from nippo_cli.services.context.scope import GapQuery, Scope
from nippo_cli.services.gaps.kind import gap_facts
from nippo_cli.services.gaps.signs import signs_of, signs_of_deal

FIRST = date(2026, 2, 22)
# A stage that must not be left out, evidence, and closed days, so that every kind has something to find.
STRICT = AGREEMENT._replace(
    name="strict",
    stages=tuple(
        s._replace(must=s.key == "visit", evidence=("facts",) if s.key == "quote" else (), norm=4)
        for s in AGREEMENT.stages
    ),
    closures=(Closure("年度末", "03-01", "03-02"),),
    quiet=9,
)
PICK = st.integers(0, 5)
STEPS = stories(
    st.one_of(
        step,
        step,
        st.tuples(st.just("sale"), st.none() | PICK, st.integers(1, 5), st.integers(-9, 20)),
        st.tuples(st.just("match"), PICK, PICK, st.booleans()),
        st.tuples(st.just("day"), st.integers(5, 60)),
    ),
    most=25,
)


class Books(Story):
    """A story with a ledger."""

    def __init__(self, diary: Diary) -> None:
        super().__init__(diary)
        self.sales: list[int] = []

    def sale(self, deal: int | None, amount: int, back: int) -> None:
        """A row of the ledger."""
        with self.diary.write() as writer:
            of = None if deal is None else self.deals[deal]
            self.sales.append(writer.add_sale(self.on(back), "東亜", amount, deal=of))

    def match(self, sale: int, deal: int, refuse: bool) -> None:
        """What a person says of a sale and a deal."""
        with self.diary.write() as writer:
            writer.match(self.sales[sale], self.deals[deal], refuse=refuse)


def told(steps: list[tuple[Any, ...]], folder: str) -> Books:
    """The books after all steps."""
    books = Books(Diary(Path(folder) / "j", STRICT, first=FIRST))
    for what, *said in steps:
        books.tell(what, *said)
    return books


def of_all(facts: JournalGapFacts) -> dict[int, list[Sign]]:
    """The signs of every deal, from the findings of all."""
    deals = [head.id for head in facts.reader.heads(facts.day)]
    return signs_of({kind: module_of(kind).find(facts) for kind in signs()}, deals)


def unproposed(signs: list[Sign]) -> list[Sign]:
    """Without what may belong together: a deal's page proposes no sale that names no deal."""
    return [
        one._replace(finding=one.finding._replace(proposal=None)) if isinstance(one.finding, Unlinked) else one
        for one in signs
    ]


@given(STEPS, st.integers(0, 20), st.booleans())
def test_a_deals_signs_are_those_of_the_whole_page(steps: list[tuple[Any, ...]], back: int, known: bool) -> None:
    """Live, closed, held, merged, without a customer or an amount, in the ledger or not; today and on a past day."""
    with tempfile.TemporaryDirectory() as folder:
        books = told(steps, folder)
        day = AsOf(books.diary.today - timedelta(days=back), known=known)
        with reading(books.diary.path) as reader:
            whole = of_all(gap_facts(reader, day, GapQuery()))
            for head in reader.heads(day):
                assert unproposed(signs_of_deal(reader, day, head)) == unproposed(whole.get(head.id, []))


SCOPES = st.builds(
    Scope,
    owner=st.sampled_from([None, None, "佐藤", "鈴木"]),
    customer=st.sampled_from([None, None, "東亜"]),
    stage=st.sampled_from([None, None, "visit", "won", "follow"]),
)


@given(
    STEPS, st.integers(0, 20), st.booleans(), SCOPES, st.sampled_from(["7d", "30d", "1y"]), st.permutations(list(KINDS))
)
def test_a_kind_finds_the_same_beside_others(
    steps: list[tuple[Any, ...]], back: int, known: bool, scope: Scope, since: str, kinds: list[str]
) -> None:
    """Whatever was asked of the journal before it, and whichever deals are asked about."""
    with tempfile.TemporaryDirectory() as folder:
        books = told(steps, folder)
        day = AsOf(books.diary.today - timedelta(days=back), known=known)
        with reading(books.diary.path) as reader:
            try:
                shared = gap_facts(reader, day, GapQuery(since, None, scope))
            except NippoError:
                return
            beside = {kind: module_of(kind).find(shared) for kind in kinds}
            # The last ones, before which most was asked: which these are changes with every example.
            for kind in kinds[-3:]:
                alone = module_of(kind).find(gap_facts(reader, day, GapQuery(since, None, scope)))
                assert beside[kind] == alone
