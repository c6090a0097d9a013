"""Double-entry books as a table of sales: which line of a slip is revenue, which an advance, whose it is and what tax it holds.

Each line keeps its cells; what it comes to stands behind them, in the columns `OWN`. A line is a sale where an account of revenue is
credited, a negative one where it is debited; so with advances. One that debits an advance and credits revenue is both, and comes
twice. Of any other line `nippo_kind` is empty. Rules: docs/sales.md#books
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final
from unicodedata import normalize

from nippo_cli.base.errors import Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.mapping import Rules
from nippo_cli.exchange.recognition import account_words, header_key
from nippo_cli.exchange.source import Batch, HeaderPlace, SheetPlace, Source, column_places

KIND, CUSTOMER, AMOUNT, TAX, REFERENCE, KEY = OWN = (
    "nippo_kind", "nippo_customer", "nippo_amount", "nippo_tax", "nippo_reference", "nippo_key",
)  # fmt: skip
SALE, ADVANCE, RECEIVABLE, OTHER = ACCOUNT_KINDS = ("sale", "advance", "receivable", "other")
_NEGATIVE: Final = ("-", "−", "－", "▲", "△")


class BookSide(NamedTuple):
    """The columns of a line's debit or credit, "" for those that the books lack: `partner` is whom it is with, `sub` the
    sub-account, which of a receivable is whom it is from; `tax` the part of the amount that is tax."""

    account: str
    amount: str
    partner: str = ""
    sub: str = ""
    tax: str = ""


class Bookkeeping(NamedTuple):
    """How books are read. A line goes with the one above where `continues` is met, or, where nothing is said there, where both have
    one day and one `slip`. `side`: the column that says whether a line is on the `credit` or the `debit` side, and its words
    for the credit; "" where each line has both. `accounts` says what an account is, before nippo's own words; `customer` are
    columns that say whose a line is where no account does; `reference` is the column of an invoice's number, "" where the slip's is
    what a sale is known by; `line` is the map's."""

    debit: BookSide
    credit: BookSide
    slip: str = ""
    continues: Rules = ()
    side: str = ""
    credited: frozenset[str] = frozenset()
    net: Rules = ()
    accounts: Mapping[str, str] = {}
    customer: tuple[str, ...] = ()
    reference: str = ""
    line: int = 0

    def columns(self) -> list[str]:
        """Every column that it names."""
        rules = (rule.column for every in (*self.continues, *self.net) for rule in every)
        named = (*self.debit, *self.credit, self.slip, self.side, self.reference, *self.customer, *rules)
        return list(dict.fromkeys(filter(None, named)))


class Posting(NamedTuple):
    """A line's revenue or advance: its account, whose it is, its amount and the tax in it as written, a debit's with a minus."""

    kind: str
    account: str
    customer: str
    amount: str
    tax: str


def account_kind(account: str) -> str:
    """What an account is by what it is called, one of `ACCOUNT_KINDS`; "" where it may be revenue and nobody can tell."""
    key, known = header_key(account), account_words()
    for kind, names in known.named.items():
        if key in names:
            return kind
    if key.endswith(known.sale_endings):
        return SALE
    return "" if any(word in key for word in known.doubtful) else OTHER


class BookkeepingRows:
    """Books as rows of sales.

    Args:
        dated: the columns of the day; `noted`: those of the note: with them a line without a slip is known again.
    """

    def __init__(self, source: Source, books: Bookkeeping, *, dated: Sequence[str], noted: Sequence[str]) -> None:
        self._source = source
        self._books = books
        self._dated, self._noted = dated, noted
        # Rows that were refused come back with what was made of them, and what a person mended there.
        self._made = tuple(source.columns[-len(OWN) :]) == OWN
        self.columns = tuple(source.columns) if self._made else (*source.columns, *OWN)

    @property
    def heading(self) -> HeaderPlace:
        """Where the columns are named."""
        return self._source.heading

    @property
    def sheet(self) -> SheetPlace:
        """Where in a workbook they are."""
        return self._source.sheet

    @property
    def encoding(self) -> str:
        """The encoding."""
        return self._source.encoding

    @property
    def delimiter(self) -> str:
        """What stands between cells."""
        return self._source.delimiter

    @property
    def odd(self) -> bool:
        """Whether cells may be as spreadsheets leave them."""
        return self._source.odd

    @property
    def sha256(self) -> str:
        """The file's fingerprint."""
        return self._source.sha256

    def batches(self) -> Iterator[Batch]:
        """The lines, slip by slip."""
        if self._made:
            yield from self._source.batches()
            return
        slips = _Slips(self._books, column_places(self._source.columns), self._dated, self._noted)
        blank = ("",) * len(OWN)
        for batch in self._source.batches():
            made = _Made()
            for place, (line, cells) in enumerate(zip(batch.lines, batch.rows, strict=True)):
                if place in batch.broken:
                    made.add(line, (*cells, *blank), batch.broken[place])
                else:
                    slips.take(line, cells, made)
            yield made.batch(batch.short)
        made = _Made()
        slips.end(made)
        yield made.batch(())


def postings_of(
    books: Bookkeeping, columns: Sequence[str], lines: Sequence[Sequence[str]], *, noted: Sequence[str] = ()
) -> list[tuple[Posting, tuple[str, ...]]]:
    """What some lines come to, each with its cells in the columns `noted`."""
    made, slips = _Made(), _Slips(books, column_places(columns), (), noted)
    for number, cells in enumerate(lines, start=1):
        slips.take(number, cells, made)
    slips.end(made)
    batch, at = made.batch(()), [list(columns).index(column) for column in noted]
    postings: list[tuple[Posting, tuple[str, ...]]] = []
    for place, row in enumerate(batch.rows):
        kind, customer, amount, tax, _reference, _key = row[-len(OWN) :]
        if kind and place not in batch.broken:
            postings.append((Posting(kind, "", customer, amount, tax), tuple(row[column] for column in at)))
    return postings


class _Made:
    """Rows on their way out."""

    def __init__(self) -> None:
        self._lines: list[int] = []
        self._rows: list[Sequence[str]] = []
        self._broken: dict[int, Problem] = {}

    def add(self, line: int, cells: Sequence[str], problem: Problem | None = None) -> None:
        """One row."""
        if problem is not None:
            self._broken[len(self._rows)] = problem
        self._lines.append(line)
        self._rows.append(cells)

    def batch(self, short: Sequence[int]) -> Batch:
        """All of them."""
        return Batch(self._lines, self._rows, self._broken, short)


class _Slips:
    """Lines put together to slips."""

    def __init__(
        self, books: Bookkeeping, places: Mapping[str, int], dated: Sequence[str], noted: Sequence[str]
    ) -> None:
        self._books = books
        self._at = places
        self._dated = [places[column] for column in dated]
        self._noted = [places[column] for column in noted]
        self._open: list[tuple[int, Sequence[str]]] = []
        self._alike = Counter[str]()
        self._kind_of = cache(lambda account: books.accounts.get(account) or account_kind(account))

    def take(self, line: int, cells: Sequence[str], made: _Made) -> None:
        """One more line; what is whole goes out."""
        if not any(cells):
            return
        if self._open and not self._goes_on(cells):
            self.end(made)
        self._open.append((line, cells))

    def end(self, made: _Made) -> None:
        """The slip that is open, whole."""
        receivers = self._receivers()
        only = next(iter(receivers)) if len(receivers) == 1 else ""
        number = 0
        for line, cells in self._open:
            unknown = self._undecided(cells)
            postings = [] if unknown else list(self._postings(cells, only))
            for posting in postings:
                number += 1
                key, reference = self._key(cells, posting, number), self._reference(cells)
                made.add(line, (*cells, posting.kind, posting.customer, posting.amount, posting.tax, reference, key))
            if not postings:
                problem = Problem(Place(line=line), unknown, msg("exchange.books.account")) if unknown else None
                made.add(line, (*cells, *("",) * len(OWN)), problem)
        self._open = []

    def _cell(self, cells: Sequence[str], column: str) -> str:
        return cells[self._at[column]].strip() if column else ""

    def _goes_on(self, cells: Sequence[str]) -> bool:
        books = self._books
        if books.continues:
            return self._meets(cells, books.continues)
        slip, above = self._cell(cells, books.slip), self._open[-1][1]
        same_day = all(cells[at] == above[at] for at in self._dated)
        return bool(slip) and slip == self._cell(above, books.slip) and same_day

    def _meets(self, cells: Sequence[str], rules: Rules) -> bool:
        return any(
            all((self._cell(cells, rule.column) in rule.texts) != rule.negated for rule in every) for every in rules
        )

    def _sides(self, cells: Sequence[str]) -> Iterator[tuple[BookSide, BookSide, bool]]:
        """Each side of a line that is there, with the other, and whether it is the credit."""
        books = self._books
        if not books.side:
            yield books.debit, books.credit, False
            yield books.credit, books.debit, True
        else:
            # A line that says nothing is on the side of its slip's first.
            said = self._cell(cells, books.side) or self._cell(self._open[0][1], books.side)
            yield books.credit, books.credit, said in books.credited

    def _undecided(self, cells: Sequence[str]) -> str:
        """An account of a line that may be revenue, where nobody said."""
        accounts = (self._cell(cells, side.account) for side, _, _ in self._sides(cells))
        return next((one for one in accounts if one and not self._kind_of(one)), "")

    def _postings(self, cells: Sequence[str], only: str) -> Iterator[Posting]:
        for side, other, credited in self._sides(cells):
            account = self._cell(cells, side.account)
            kind = self._kind_of(account) if account else OTHER
            if kind in (SALE, ADVANCE):
                amount = self._cell(cells, side.amount)
                tax = "" if self._meets(cells, self._books.net) else self._cell(cells, side.tax)
                if not credited:
                    amount, tax = negated(amount), negated(tax)
                yield Posting(kind, account, self._customer(cells, side, other, only), amount, tax)

    def _customer(self, cells: Sequence[str], side: BookSide, other: BookSide, only: str) -> str:
        """Whose a line is: its own partner, else whom it is claimed from, else what other columns say."""
        own = self._cell(cells, side.partner)
        if self._books.side:
            own = own or self._cell(self._open[0][1], side.partner)
        said = own or self._receiver(cells, other) or only
        return said or next(filter(None, (self._cell(cells, column) for column in self._books.customer)), "")

    def _receiver(self, cells: Sequence[str], side: BookSide) -> str:
        """Whom a side is with: its partner, or the sub-account of a receivable."""
        kind = self._kind_of(self._cell(cells, side.account)) if self._cell(cells, side.account) else OTHER
        return self._cell(cells, side.partner) or (self._cell(cells, side.sub) if kind in (RECEIVABLE, ADVANCE) else "")

    def _receivers(self) -> dict[str, None]:
        """Whom the sales and the receivables of the slip are with; not the bank that money came to."""
        return dict.fromkeys(
            name
            for _, cells in self._open
            for side, _, _ in self._sides(cells)
            if self._kind_of(self._cell(cells, side.account)) in (SALE, RECEIVABLE, ADVANCE)
            and (name := self._receiver(cells, side))
        )

    def _reference(self, cells: Sequence[str]) -> str:
        """The number of a line's invoice, else of its slip; which may stand in the slip's first line alone."""
        columns = (self._books.reference, self._books.slip)
        lines = (cells, self._open[0][1])
        return next(filter(None, (self._cell(one, column) for column in columns for one in lines)), "")

    def _key(self, cells: Sequence[str], posting: Posting, number: int) -> str:
        """What a line is known by: its slip, day and place there; without a slip what it says, and how many said it above."""
        first = self._open[0][1]
        days = [first[at].strip() for at in self._dated]
        slip = self._cell(first, self._books.slip)
        if slip:
            return "|".join((*days, slip, str(number)))
        notes = [cells[at].strip() for at in self._noted]
        said = "|".join((*days, posting.account, posting.customer, posting.amount, *notes))
        self._alike[said] += 1
        return f"{said}|{self._alike[said]}"


def negated(amount: str) -> str:
    """An amount of the other side: `1,200` is `-1,200`, `▲1,200` is `1,200`."""
    plain = normalize("NFKC", amount).strip()
    if not plain:
        return ""
    if plain.startswith(_NEGATIVE):
        return plain[1:]
    return plain[1:-1] if plain.startswith("(") and plain.endswith(")") else f"-{plain}"
