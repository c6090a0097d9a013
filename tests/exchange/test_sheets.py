"""Tables as people keep them in sheets: titles above, totals below, merged cells, sums, units, columns of one name."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, strategies as st
from rows import MAP

from nippo_cli.base.errors import NippoError
from nippo_cli.exchange.drafts import Taken
from nippo_cli.exchange.map_reading import load_map
from nippo_cli.exchange.mapping import MapRefused
from nippo_cli.exchange.sifting import Rejected, Skipped
from nippo_cli.exchange.source import NO_HEADER, HeaderPlace, Options, SourceRefused, open_source

NAMES = "id,day,deal,rep,customer,stage,amount"
ROW = "1,2026-09-01,Line 3,Sato,ACME,lead,100"
KEYLESS = MAP.replace("key: id\n", "")


def values(outcomes, key):
    """A field of each row that is taken."""
    return [row.drafts[0].values.get(key) for row in outcomes if isinstance(row, Taken)]


def left_out(outcomes):
    """The line of each row that is left out, and why."""
    return [(row.line, row.why) for row in outcomes if isinstance(row, Skipped)]


def reasons(outcomes):
    """What is said of the rows that are rejected."""
    return [(p.said, p.needs.key) for row in outcomes if isinstance(row, Rejected) for p in row.problems]


def opened(tmp_path, text, **options):
    """The source of a text."""
    (tmp_path / "rows.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_source(tmp_path / "rows.csv", Options(**options))


def problems(text):
    """Line, what was said and the message key of each problem of a map."""
    with pytest.raises(MapRefused) as refused:
        load_map(text, "import.yaml")
    return [(p.where.line, p.said, p.needs.key) for p in refused.value.problems]


def test_the_header_is_looked_for_by_the_names_that_the_map_uses(tmp_path):
    """What stands above it is no row, and is told."""
    source = opened(
        tmp_path,
        "営業日報一覧,,\r\n\r\n担当,藤井,\r\n日付,担当,内容\r\n2026/11/20,藤井,x\r\n",
        wanted=frozenset(("日付", "担当")),
    )
    assert source.columns == ("日付", "担当", "内容")
    assert source.heading == HeaderPlace(4, ("営業日報一覧", "担当 藤井"))
    assert [(list(batch.lines), batch.rows) for batch in source.batches()] == [([5], [["2026/11/20", "藤井", "x"]])]


@pytest.mark.parametrize(("above", "line"), [(99, 100), (100, 1)])
def test_a_header_is_looked_for_among_a_hundred_rows(tmp_path, above, line):
    """Further down a row is a row."""
    source = opened(tmp_path, "x,y\n" * above + "a,b\n", wanted=frozenset("ab"))
    assert source.heading.line == line


def test_one_name_of_many_makes_no_header(tmp_path):
    """The first row is said to lack the others then."""
    source = opened(tmp_path, "x,y\n1,a\n", wanted=frozenset("abc"))
    assert (source.columns, source.heading) == (("x", "y"), HeaderPlace(1))


def test_the_map_says_on_which_line_the_header_stands(run, tmp_path):
    """Whatever stands above it, a quote that nobody closes too; the row is not looked for then."""
    found = run(f'"title\n{NAMES}\n{NAMES}\n{ROW}\n', MAP + "file: {header: 3}\n")
    assert [row.line for row in found] == [4]
    for text, line in (("a,b\n1,2\n\n\n", 4), ("a,b\n", 9)):
        with pytest.raises(SourceRefused) as refused:
            opened(tmp_path, text, header=line)
        assert (refused.value.message.key, refused.value.message.params["line"]) == ("exchange.no_header_there", line)


def test_without_a_header_columns_go_by_number(run, tmp_path):
    """From 1; the first row is one."""
    text = "source: t\nfile: {header: none}\non: {column: 2}\nauthor: 4\nfields: {customer: 5, stage: {column: 6}}\n"
    found = run(f"{ROW}\n{ROW.replace('ACME', 'B')}\n", text)
    assert ([row.line for row in found], values(found, "customer")) == ([1, 2], ["ACME", "B"])
    # As many as the widest of the first rows has.
    assert opened(tmp_path, "1\n1,2,3\n", header=NO_HEADER).columns == ("1", "2", "3")


@pytest.mark.parametrize("header", ["0", "-1", "first", "4.5", "''"])
def test_a_line_is_a_number(header):
    """Or none at all."""
    assert problems(f"source: s\nfile: {{header: {header}}}\non: a\n") == [
        (2, header.strip("'"), "exchange.map.header")
    ]


def test_columns_of_one_name_that_the_map_does_not_use_are_nobodys_business(run):
    """備考 twice."""
    assert values(run(f"{NAMES},備考,備考\n{ROW},1,2\n"), "customer") == ["ACME"]


def test_a_column_of_several_of_its_name_is_named_by_its_place(run):
    """The name alone is refused, and says how."""
    text = MAP.replace("amount: amount", "amount: {column: {name: amount, nth: 2}}")
    assert values(run(f"{NAMES},amount\n{ROW},250\n", text), "amount") == [25_000]
    with pytest.raises(MapRefused) as refused:
        run(f"{NAMES},amount\n{ROW},250\n")
    assert [(p.said, p.needs.key) for p in refused.value.problems] == [("amount", "exchange.map.column_twice")]
    with pytest.raises(MapRefused) as refused:
        run(f"{NAMES}\n{ROW}\n", text)
    assert [p.needs.key for p in refused.value.problems] == ["exchange.map.no_column.near"]


def test_which_of_several_is_a_number():
    """And of a name."""
    text = "source: s\non: {column: {name: a, nth: x}}\nfields: {b: {columns: [{nth: 1}, c]}}\n"
    assert problems(text) == [(2, "x", "exchange.map.nth"), (3, "", "exchange.map.column_needed")]


def test_a_line_that_says_the_delimiter_is_no_row(tmp_path):
    """As Excel writes it; the map's own word stands before it."""
    for first in ("sep=;\r\n", '"sep=;"\n', "sep=;\n"):
        source = opened(tmp_path, f"{first}a,b;c\n1;2\n")
        assert (source.columns, source.heading, source.delimiter) == (("a,b", "c"), HeaderPlace(2), ";")
        assert [list(batch.lines) for batch in source.batches()] == [[3]]
    assert opened(tmp_path, "sep=;\na,b;c\n", delimiter=",").columns == ("a", "b;c")


def test_merged_cells_are_filled_from_above(run):
    """In the columns that say so, over blank rows and batches; a sum's own word goes no further."""
    text = MAP.replace("customer: customer", "customer: {column: customer, fill: down}").replace("key: id\n", "")
    rows = ["1,2026-09-01,a,r,ACME,lead,", "2,2026-09-02,b,r,,lead,", "", ",,,,合計,,9", "3,2026-09-03,c,r,,lead,"]
    found = run("\n".join([NAMES, *rows, *(f"{n},2026-09-04,d{n},r,,lead," for n in range(600))]) + "\n", text)
    assert values(found, "customer") == ["ACME"] * 603
    assert left_out(found) == [(5, "total")]
    assert reasons(run(f"{NAMES}\n1,2026-09-01,a,r,,lead,\n", text)) == [("", "entry.required")]


@pytest.mark.parametrize(
    "row",
    [
        "合計,,,,,,900",
        "総計,,,,,,900",
        ",,小計,,,,900",
        "Grand Total:,,,,,,900",
        "Ａ社　小計,,,,,,900",
        ",合計,,,,,900",
        ",,,,ACME 集計,,900",
        "9,2026-09-09,合計,r,ACME,lead,900",
        "9,2026-09-09,x,r,合計,lead,900",
    ],
)
def test_rows_of_totals_are_left_out_and_counted(run, row):
    """Without a day and with a word for a sum, or with that word alone where a deal or a customer would be."""
    found = run(f"{NAMES}\n{ROW}\n{row}\n")
    assert (len(values(found, "amount")), left_out(found)) == (1, [(3, "total")])
    assert not left_out(run(f"{NAMES}\n{ROW}\n{row}\n", MAP + "totals: keep\n"))


@pytest.mark.parametrize(
    "row",
    [
        "9,2026-09-09,総計システム,r,合計会計,lead,9",
        "合計,2026-09-09,x,r,ACME,lead,9",
        "9,2026-09-09,Total,r,Total,lead,9",
    ],
)
def test_what_only_speaks_of_totals_is_a_row(run, row):
    """A company of that name, a system for it, a word in the row's own number."""
    assert len(values(run(f"{NAMES}\n{row}\n"), "amount")) == 1


def test_a_header_that_is_said_again_is_left_out(run):
    """As on each page of a printed list."""
    found = run(f"{NAMES}\n{ROW}\n{NAMES}\n{ROW.replace('1,', '2,', 1)}\n")
    assert (len(values(found, "amount")), left_out(found)) == (2, [(3, "header")])


def test_of_rows_with_one_key_the_first_counts_where_the_map_says_so(run):
    """Rows that are left out for something else come before none; otherwise the second is rejected."""
    rows = (
        "1,2026-09-01,z,r,X,lost,\n1,2026-09-01,a,r,ACME,lead,\n1 ,2026-09-02,a,r,B,lead,\n2,2026-09-03,c,r,C,lead,\n"
    )
    text = MAP + "skip_when: {stage: lost}\n"
    found = run(f"{NAMES}\n{rows}", text + "rows: first\n")
    assert (values(found, "customer"), left_out(found)) == (["ACME", "C"], [(2, "map"), (4, "repeated")])
    assert reasons(run(f"{NAMES}\n{rows}", text)) == [("1", "exchange.key_twice")]
    assert problems(KEYLESS + "rows: first\n") == [(1, "first", "exchange.map.first_of_key")]
    assert problems(MAP + "rows: last\n") == [(10, "last", "exchange.map.one_of")]


def test_all_other_cells_are_translated_by_a_star(run):
    """To nothing, or to one word; blank cells stay blank."""
    rows = "".join(f"{n},2026-09-01,d{n},r,ACME,{said},\n" for n, said in enumerate(("A", "-", "?", "")))
    for others, stages in (("empty", ["won", None, None, None]), ("lost", ["won", "lost", "lost", None])):
        text = MAP.replace("stage: stage", f'stage: {{column: stage, values: {{A: won, "*": {others}}}}}')
        found = run(f"{NAMES}\n{rows}", text.replace("amount: amount", "amount: {constant: '5'}"))
        assert values(found, "stage") == stages


@pytest.mark.parametrize(
    ("unit", "said", "amount"),
    [
        ("千円", "1,234.5", 123_450_000),
        ("万円", "▲120", -120_000_000),
        ("百万円", "(3)", -300_000_000),
        ("円", "5", 500),
    ],
)
def test_an_amount_is_read_in_the_unit_of_its_column(run, unit, said, amount):
    """The journal's smallest unit here is a hundredth."""
    text = MAP.replace("  amount: amount", f"  note: rep\n  amount: {{column: amount, unit: {unit}}}")
    found = run(f'{NAMES}\n1,2026-09-01,a,r,ACME,lead,"{said}"\n', text)
    if amount < 0:
        # What the field allows is judged after that.
        assert reasons(found) == [(f"{amount // 100}.00", "entry.needs.number.least")]
    else:
        assert values(found, "amount") == [amount]


def test_columns_are_added_up_each_with_its_sign(run):
    """Blank ones count nothing; a row of blanks has no amount; a cell that is none is named."""
    text = MAP.replace("amount: amount", "amount: {sum: [parts, +work, -rebate], empty: ['*']}")
    rows = ('100,"1,000",50', "100,,", "*,,", "x,1,2")
    found = run(
        f"{NAMES},parts,work,rebate\n"
        + "".join(f"{n},2026-09-01,a{n},r,ACME,lead,,{row}\n" for n, row in enumerate(rows)),
        text,
    )
    assert values(found, "amount") == [105_000, 10_000, None]
    assert reasons(found) == [("x", "exchange.needs.amount")]


def test_a_cell_with_a_unit_of_its_own_is_not_multiplied(run):
    """120万 in thousands is one or the other."""
    text = MAP.replace("amount: amount", "amount: {column: amount, unit: 千円}")
    assert reasons(run(f"{NAMES}\n1,2026-09-01,a,r,ACME,lead,120万\n", text)) == [
        ("120万", "exchange.needs.bare_amount")
    ]


def test_units_and_sums_are_for_amounts(run):
    """Nothing else can be added up."""
    for pick in ("customer: {sum: [rep, customer]}", "note: {column: rep, unit: 千円}"):
        with pytest.raises(MapRefused) as refused:
            run(f"{NAMES}\n{ROW}\n", MAP.replace("customer: customer", pick))
        assert [p.needs.key for p in refused.value.problems] == ["exchange.map.no_amount"]
    assert problems("source: s\non: a\nfields: {b: {column: c, unit: 十円}}\n") == [(3, "十円", "exchange.map.one_of")]


CELLS = st.text(st.sampled_from("ab会 ,;\t\"'\n-1"), max_size=5)


def table(rows, *, above, header, delimiter, ends):
    """Rows as a program writes them, quoted where need be."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ends)
    for title in above:
        writer.writerow([title])
    if header:
        writer.writerow([*WANTED_IN_ORDER])
    for row in rows:
        writer.writerow(row)
        if row[0] == "2":
            out.write(ends)
    return out.getvalue()


WANTED_IN_ORDER = NAMES.split(",")
BY_NUMBER = (
    "source: test\nkey: 1\non: {column: 2, format: '%Y-%m-%d'}\ndeal: 3\nauthor: 4\n"
    "fields: {customer: 5, stage: 6, amount: 7}\nfile: {header: none}\n"
)


@given(
    people=st.lists(st.tuples(CELLS, CELLS.filter(lambda cell: len(cell.strip()) > 0)), max_size=5),
    above=st.lists(st.sampled_from(("営業日報", "2026年11月", "rep", "", "a b")), max_size=4),
    header=st.booleans(),
    delimiter=st.sampled_from(",;\t|"),
    ends=st.sampled_from(("\n", "\r\n")),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "cp932", "utf-16")),
    sep=st.booleans(),
)
def test_a_sheet_says_the_same_whatever_its_shape(
    tmp_path_factory, people, above, header, delimiter, ends, encoding, sep
):
    """Titles above, the header found, said by its line or none, any encoding, separator and line end, blank lines between."""
    from rows import AGREEMENT, TODAY, drafts

    from nippo_cli.exchange.drafts import Import

    rows = [
        [str(n), f"2026-09-{n + 1:02}", f"deal {n}", rep, customer.replace("\n", ""), "lead", "100"]
        for n, (rep, customer) in enumerate(people)
    ]
    rows = [row for row in rows if row[4].strip()]
    text = table(rows, above=above if header else (), header=header, delimiter=delimiter, ends=ends)
    text = f"sep={delimiter}{ends}{text}" if sep else text
    path = tmp_path_factory.mktemp("sheet") / "rows.csv"
    path.write_bytes(text.encode(encoding))
    line = 1 + sep + len(above)
    maps = [MAP, MAP + f"file: {{header: {line}}}\n"] if header else [BY_NUMBER + "# \n"]
    for map_text in maps:
        found = load_map(map_text, "m")
        options = found.options(encoding)._replace(delimiter="" if header or sep else delimiter)
        if not rows and not header:
            with pytest.raises(NippoError):
                open_source(path, options)
            continue
        outcomes = list(drafts(open_source(path, options), Import(found, AGREEMENT, TODAY)))
        assert [
            (row.drafts[0].on, row.drafts[0].author, row.drafts[0].values["customer"], row.drafts[0].source_key)
            for row in outcomes
        ] == [(date.fromisoformat(row[1]), row[3].strip(), row[4].strip(), f"test:{row[0]}/1") for row in rows]
