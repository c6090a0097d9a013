"""A map of a ledger's file proposed: books by their profile, lists of sales by what their columns are called."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.bookkeeping import (
    ACCOUNT_KINDS,
    ADVANCE,
    CUSTOMER,
    OTHER,
    SALE,
    BookSide,
    Posting,
    account_kind,
    postings_of,
)
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.dated_columns import days_of
from nippo_cli.exchange.doubts import Decisions, Doubt
from nippo_cli.exchange.flat import amounts
from nippo_cli.exchange.flat_map import SALES, read_flat_map_text
from nippo_cli.exchange.ledger import read_kind
from nippo_cli.exchange.map_writing import to_yaml
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.proposed_names import name_score
from nippo_cli.exchange.recognition import Recognised, account_words, header_key
from nippo_cli.exchange.sampling import Sample, takes, unit_of
from nippo_cli.schema.types import ValueRefused

ACCOUNT, TAX_IN, SALES_CUSTOMER = "account", "tax_in", "sales_customer"
_SURE: Final = 0.7
# Columns that sort rows, as `header_key` has them: one word for an advance says what the others are about.
_KIND_ENDINGS: Final = ("区分", "種別", "種類")
_ASKED: Final = ("customer", "amount", "on")
_EXAMPLES: Final = 3
_VALUES: Final = 300
_UNITS: Final = {10**3: "千円", 10**4: "万円", 10**6: "百万円", 10**8: "億円"}
_WITH_TAX: Final = ("税込", "taxincluded", "inclusive")
_WITHOUT_TAX: Final = ("税抜", "税別", "taxexcluded", "exclusive", "net")
# What is billed holds tax in one house and none in the next; the words, as `header_key` has them.
_EITHER: Final = ("請求金額", "請求額", "合計金額", "total")
_RATES: Final = (8, 10)
# How far a tax may be from its rate, in hundredths of the smallest unit: rounded once, or for each part of a line.
_ROUNDED: Final = 200


class LedgerUnderstood(NamedTuple):
    """What a ledger's file is taken for: its profile, the column of each role, what its accounts of revenue are by the words of the
    file, the map's tree but for its name, the columns that name a row, those that are not taken, what is to be decided."""

    profile: Recognised | None
    roles: Mapping[str, str]
    accounts: Mapping[str, str]
    tree: Mapping[str, Any]
    row_key: tuple[str, ...]
    left_out: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def understand_ledger(
    sample: Sample,
    profile: Recognised | None,
    cell_reader: CellReader,
    answers: Mapping[str, str],
    before: Sequence[str] | None,
) -> LedgerUnderstood:
    """What a ledger's file is taken for.

    Args:
        profile: whose file it is, None for a list of sales of nobody's.
        answers: what a person decided, by `Doubt.key`.
        before: the columns that named the rows of an earlier file; None where there was none.
    """
    decisions = Decisions(answers)
    sample = sample.with_only([column for column in sample.columns if decisions.is_taken(column)])
    roles = dict(profile.roles) if profile else _roles_by_words(sample, cell_reader, decisions)
    days = days_of(sample, roles, cell_reader, decisions)
    accounts: dict[str, str] = {}
    row_key: tuple[str, ...] = ()
    tree: dict[str, Any] = {"empty": list(sample.nothing)} if sample.nothing else {}
    if profile is not None:
        books = _Books(sample, profile, roles, decisions)
        accounts = books.accounts()
        tree |= books.tree(accounts, cell_reader)
    else:
        tree |= _sales_tree(sample, roles, cell_reader, decisions)
        row_key = _row_key(sample, roles) if before is None else tuple(before)
        if row_key:
            tree["key"] = list(row_key)
    if "on" in roles:
        formats = days[roles["on"]].formats
        filled = {"fill": "down"} if profile is not None and "continues" in profile.profile.books else {}
        tree["on"] = {"column": roles["on"], **({"format": list(formats)} if formats else {}), **filled}
    for role in ("customer", "reference", "note", "deal", "currency"):
        # A reference of several rows names none of them.
        if role in roles and (profile is None or role == "note") and (role != "reference" or row_key):
            tree[role] = roles[role]
    left_out = tuple(
        column for column in sample.columns if column and column not in roles.values() and sample.values(column)
    )
    return LedgerUnderstood(profile, roles, accounts, tree, row_key, left_out, tuple(decisions.doubts))


class _Books:
    """The map of books."""

    def __init__(self, sample: Sample, profile: Recognised, roles: Mapping[str, str], decisions: Decisions) -> None:
        self._sample = sample
        self._said = profile.profile.books
        self._roles = roles
        self._decisions = decisions

    def accounts(self) -> dict[str, str]:
        """What the accounts of the file are whose lines are revenue or advances; those that may be are asked about."""
        columns = dict.fromkeys(self._roles.get(f"{side}_account", "") for side in ("credit", "debit"))
        headed = {name: column for column in reversed(columns) if column for name in self._sample.values(column)}
        names = dict.fromkeys(name for column in columns if column for name in self._sample.values(column))
        kinds: dict[str, str] = {}
        for name in names:
            kind = account_kind(name)
            if not kind:
                guess = SALE if header_key(name).startswith("売上") else OTHER
                kind = (
                    self._decisions.decide(Doubt(ACCOUNT, name, guess, (SALE, ADVANCE, OTHER), (), column=headed[name]))
                    or OTHER
                )
                kinds[name] = kind if kind in ACCOUNT_KINDS else OTHER
            elif kind in (SALE, ADVANCE):
                kinds[name] = kind
        return kinds

    def tree(self, accounts: Mapping[str, str], cell_reader: CellReader) -> dict[str, Any]:
        """What the map says of them: under `bookkeeping`, and which lines are left out."""
        roles, said = self._roles, self._said
        tree: dict[str, Any] = {part: roles[part] for part in ("slip", "reference") if part in roles}
        if "continues" in said:
            tree["continues"] = dict(said["continues"])
        if "side" in said:
            words = {word: side for side in ("credit", "debit") for word in said["side"][side]}
            tree["side"] = {"column": said["side"]["column"], "values": words}
        if "net" in said and said["net"]["column"] in self._sample.columns:
            tree["net"] = {said["net"]["column"]: list(said["net"]["words"])}
        for side in ("debit", "credit"):
            parts = {part: roles[f"{side}_{part}"] for part in BookSide._fields if f"{side}_{part}" in roles}
            if parts:
                tree[side] = parts
        tree |= self._tax(cell_reader)
        if accounts:
            tree["accounts"] = dict(accounts)
        return self._customer(tree)

    def _tax(self, cell_reader: CellReader) -> dict[str, Any]:
        """Whether amounts hold tax, where no column says it: that is asked, unless the schema says it or lines of tax stand apart."""
        if self._has_tax_account():
            return {"tax": "0%"}
        columns = [self._roles.get(f"{side}_tax", "") for side in ("credit", "debit")]
        if cell_reader.schema.ledger is not None or any(self._sample.values(column) for column in columns if column):
            return {}
        said = self._decisions.decide(Doubt(TAX_IN, "", "included", ("included", "excluded"), ()))
        return {"tax": "10%" if said == "included" else "0%"}

    def _has_tax_account(self) -> bool:
        taxes = account_words().tax
        columns = filter(None, (self._roles.get(f"{side}_account", "") for side in ("credit", "debit")))
        return any(header_key(name) in taxes for column in columns for name in self._sample.values(column))

    def _customer(self, tree: dict[str, Any]) -> dict[str, Any]:
        """The map with the column that says whose a sale is where no account does; it is asked for where a sale would be nobody's.
        Without one such lines are left out."""
        roles = [role for role in ("note", "credit_sub", "credit_partner") if role in self._roles]
        columns = [self._roles[role] for role in roles]
        nobodys = [cells for posting, cells in self._postings(tree, columns) if not posting.customer]
        if not nobodys:
            return {"bookkeeping": tree}
        said_in = {
            column: tuple(dict.fromkeys(filter(None, cells)))[:_EXAMPLES]
            for column, cells in zip(columns, zip(*nobodys, strict=True), strict=True)
        }
        options = tuple(column for column in columns if self._sample.values(column))
        notes = said_in[columns[0]] if roles[:1] == ["note"] else ()
        cells = tuple(said_in[column] for column in options)
        said = self._decisions.decide(Doubt(SALES_CUSTOMER, "", "", options, notes, cells))
        if said in options:
            return {"bookkeeping": tree | {"customer": [said]}}
        return {"bookkeeping": tree, "skip_when": [{CUSTOMER: [""]}]}

    def _postings(self, tree: Mapping[str, Any], noted: Sequence[str]) -> list[tuple[Posting, tuple[str, ...]]]:
        """What the lines looked at come to."""
        text = to_yaml({"source": "-", "bookkeeping": tree, "on": self._sample.columns[0]})
        books = read_flat_map_text(text, "", SALES).books
        return postings_of(books, self._sample.columns, self._sample.lines, noted=noted) if books is not None else []


def _roles_by_words(sample: Sample, cell_reader: CellReader, decisions: Decisions) -> dict[str, str]:
    """The columns of a list of sales by what they are called: the surest first, each role one column."""
    roles = decisions.corrected_roles()
    free = [column for column in sample.columns if column and sample.values(column)]
    scores = sorted(
        (-score, place, role, column)
        for place, column in enumerate(free)
        for role, names in account_words().columns.items()
        if (score := max((name_score(name, header_key(column)) for name in names), default=0.0)) >= _SURE
        and (role not in ("amount", "amount_tax") or _are_amounts(column, sample, cell_reader))
    )
    # Of two amounts the one without tax, whichever comes first.
    scores.sort(key=lambda one: (one[0], one[2] == "amount" and holds_tax(one[3])))
    for _, _, role, column in scores:
        if role not in roles and column not in roles.values():
            roles[role] = column
    for role in _ASKED:
        if role not in roles and not (role == "customer" and "deal" in roles):
            options = tuple(column for column in free if column not in roles.values())
            said = decisions.decide(Doubt(role, "", "", options, ()))
            if said:
                roles[role] = said
    return roles


def _sales_tree(sample: Sample, roles: dict[str, str], cell_reader: CellReader, decisions: Decisions) -> dict[str, Any]:
    """What the map of a list of sales says of amounts and of what rows are."""
    tree: dict[str, Any] = {}
    column = roles.get("amount", "")
    if column:
        said: dict[str, Any] = {"column": column}
        if unit_of(column, sample.unit) in _UNITS:
            said["unit"] = _UNITS[unit_of(column, sample.unit)]
        holding = _holding_tax(sample, roles, cell_reader)
        if holding is None:
            holding = decisions.decide(Doubt(TAX_IN, "", "included", ("included", "excluded"), ())) == "included"
            said["tax"] = "10%" if holding else "0%"
        if holding and "amount_tax" in roles:
            tree["amount_tax"] = roles["amount_tax"]
            said.pop("tax", None)
        elif holding and cell_reader.schema.ledger is None:
            said["tax"] = "10%"
        tree["amount"] = said if len(said) > 1 else column
    if "amount_tax" in roles and "amount_tax" not in tree:
        del roles["amount_tax"]
    return tree | _kind_tree(sample, roles, decisions)


def _kind_tree(sample: Sample, roles: dict[str, str], decisions: Decisions) -> dict[str, Any]:
    """What the map says of what rows are: by the column called so, else by one whose cells all say so. A word that nobody knows is
    asked about, never left out."""
    column = roles.pop("kind", "")
    if not column or not any(_kind_of(cell) in (SALE, ADVANCE) for cell in sample.values(column)):
        column = next((one for one in sample.columns if one not in roles.values() and _tells_kinds(sample, one)), "")
    if not column:
        return {}
    roles["kind"] = column
    kinds: dict[str, str] = {}
    for cell in sample.values(column):
        kind = _kind_of(cell)
        if not kind:
            kind = decisions.decide(Doubt(ACCOUNT, cell, SALE, (SALE, ADVANCE, OTHER), (), column=column)) or OTHER
        kinds[cell] = kind
    taken = {cell: kind for cell, kind in kinds.items() if kind in (SALE, ADVANCE)}
    others = [cell for cell in kinds if cell not in taken]
    return {"kind": {"column": column, "values": taken}} | ({"skip_when": [{column: others}]} if others else {})


def _kind_of(cell: str) -> str:
    """What a row is by the word that it says, as an import reads it or as accounts are called; "" where nobody knows the word."""
    with suppress(ValueRefused):
        return read_kind(cell)
    kind = account_kind(cell)
    return "" if kind == OTHER and header_key(cell) not in account_words().named[OTHER] else kind


def _tells_kinds(sample: Sample, column: str) -> bool:
    """Whether the cells of a column are words for what a row is, advances among them: all, or some where it is called so."""
    kinds = {_kind_of(cell) for cell in sample.values(column)} if column else set()
    return ADVANCE in kinds and (kinds <= {SALE, ADVANCE} or header_key(column).endswith(_KIND_ENDINGS))


def _holding_tax(sample: Sample, roles: Mapping[str, str], cell_reader: CellReader) -> bool | None:
    """Whether the amounts of a list hold tax: by what their column is called, else by the tax beside them; None where neither says it
    of a column that may be either, nor the schema of all."""
    column = roles["amount"]
    plain = column.casefold().replace(" ", "")
    if holds_tax(column):
        return True
    if any(word in plain for word in _WITHOUT_TAX):
        return False
    inside, outside = (
        _taxed_lines(sample, column, roles["amount_tax"], cell_reader) if "amount_tax" in roles else (0, 0)
    )
    if inside != outside:
        return inside > outside
    return None if header_key(column) in _EITHER and cell_reader.schema.ledger is None else False


def _taxed_lines(sample: Sample, column: str, tax_column: str, cell_reader: CellReader) -> tuple[int, int]:
    """Of how many lines the tax is a rate's share of an amount that holds it, and of how many of one that doesn't."""
    inside, outside = 0, 0
    read, tax = (
        amounts(cell_reader, cell_reader.schema.currency)(ColumnRef((one,), unit=unit_of(one, sample.unit)))
        for one in (column, tax_column)
    )
    at, tax_at = sample.columns.index(column), sample.columns.index(tax_column)
    nearly = _ROUNDED * max(unit_of(column, sample.unit), unit_of(tax_column, sample.unit))
    for line in sample.lines:
        with suppress(ValueRefused):
            whole, part = read(line[at]), tax(line[tax_at])
            if whole and part:
                inside += any(abs(whole * rate - part * (100 + rate)) <= nearly for rate in _RATES)
                outside += any(abs(whole * rate - part * 100) <= nearly for rate in _RATES)
    return inside, outside


def _are_amounts(column: str, sample: Sample, cell_reader: CellReader) -> bool:
    """Whether a column's cells are amounts as ledgers write them: below nothing, too."""
    read = amounts(cell_reader, cell_reader.schema.currency)(ColumnRef((column,), unit=unit_of(column, sample.unit)))
    return takes(sample.values(column)[:_VALUES], read)


def _row_key(sample: Sample, roles: Mapping[str, str]) -> tuple[str, ...]:
    """The fewest columns with the reference that tell rows apart; none where nothing does."""
    for more in ((), ("note",), ("deal",), ("note", "amount"), ("note", "deal", "amount")):
        named = [roles[role] for role in ("reference", *more) if role in roles]
        if "reference" in roles and sample.is_unique(named):
            return tuple(dict.fromkeys(named))
    return ()


def holds_tax(column: str) -> bool:
    """Whether a column's name says that its amounts are with tax."""
    plain = column.casefold().replace(" ", "")
    return any(word in plain for word in _WITH_TAX)


def ledger_map(understood: LedgerUnderstood, *, source: str, sheet: str, headless: bool) -> str:
    """The map as YAML."""
    tree = dict(understood.tree)
    file = {"sheet": sheet} if sheet else {"header": "none"} if headless else {}
    return to_yaml({"source": source, **({"file": file} if file else {}), **tree})
