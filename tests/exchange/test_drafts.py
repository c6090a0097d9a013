"""Rows → drafts: each is checked as `add` checks an entry, and nothing is lost on the way."""

from datetime import date

import pytest
from hypothesis import given, strategies as st
from rows import AGREEMENT, HEAD, MAP, TODAY, drafts, write

from nippo_cli.exchange import csv_file
from nippo_cli.exchange.drafts import (
    Import,
    OtherCustomersRow,
    Rejected,
    Skipped,
    Taken,
)
from nippo_cli.exchange.keyed_rows import OfJournal
from nippo_cli.exchange.map_reading import load_map
from nippo_cli.exchange.source import open_source
from nippo_cli.line.checked_entry import check

ROW = "1,2026-09-01,Line 3,Sato,ACME,lead,\n"


def why(row):
    """A rejected row's columns and message keys."""
    assert isinstance(row, Rejected)
    return [(p.where.field, p.needs.key) for p in row.problems]


def test_a_row_becomes_an_entry(run):
    """Date, author, deal, canonical values with the defaults of `add`, and a key of its own."""
    (row,) = run(HEAD + '1,2026-09-01,Line 3,Sato,ACME,受注,"$1,234.50"\n')
    assert isinstance(row, Taken)
    assert row.line == 2
    (draft,) = row.drafts
    assert draft.on == draft.known_on == date(2026, 9, 1)
    assert (draft.author, draft.deal_name, draft.source_key) == ("Sato", "Line 3", "test:1/1")
    assert draft.values == {"customer": "ACME", "stage": "won", "amount": 123450, "kind": "new"}
    assert not draft.incomplete


def test_every_problem_of_a_row_is_told_with_its_column(run):
    """The date, the stage and what is missing, all at once; the cells are as they were read."""
    (row,) = run(HEAD + "1,1/9/2026,Line 3,Sato,,内示,-5\n")
    assert why(row) == [
        ("day", "exchange.needs.format"),
        ("stage", "entry.needs.choice"),
        ("amount", "entry.needs.number.least"),
        ("customer", "entry.required"),
    ]
    assert row.row["stage"] == "内示"
    assert all(p.where.line == 2 for p in row.problems)


def test_a_row_without_a_date_is_rejected(run):
    """No day, no point on a line."""
    assert why(run(HEAD + "1,,Line 3,Sato,ACME,lead,\n")[0]) == [("day", "exchange.needs.date")]


def test_what_a_step_needs_is_asked_for_in_each_row(run):
    """A deal that is won says for how much, once; a row of the same shape in another stage need not."""
    rows = run(HEAD + "1,2026-09-01,a,r,ACME,won,\n2,2026-09-01,b,r,ACME,quote,\n3,2026-09-02,c,r,ACME,won,7\n")
    assert why(rows[0]) == [("amount", "entry.required")]
    assert [type(row) for row in rows[1:]] == [Taken, Taken]


def test_what_a_deal_already_has_need_not_be_said_again(run):
    """From an earlier row of the file, or from the journal; a rejected row says nothing of its deal."""
    content = HEAD + (
        "1,2026-09-01,a,r,ACME,lead,\n"
        "2,2026-09-02,a,r,,won,5\n"
        "3,2026-09-02,b,r,,lead,\n"
        "4,2026-09-02,c,r,,lead,\n"
        "5,2026-09-03,d,r,ACME,won,\n"
        "6,2026-09-04,d,r,,lead,\n"
    )
    rows = run(content, of_journal=lambda deal, _key: [OfJournal(7, "b", {"customer": "Beta"})] if deal == "b" else [])
    assert [type(row).__name__ for row in rows] == ["Taken", "Taken", "Taken", "Rejected", "Rejected", "Rejected"]


def test_the_deal_kind_that_stands_decides_what_is_needed(run):
    """A deal of parts needs its units also in the rows that do not say what it is."""
    text = MAP + "  kind: kind\n  units: units\n"
    head = HEAD.replace("\n", ",kind,units\n")
    rows = run(
        head + "1,2026-09-01,a,r,ACME,lead,,部品,3\n2,2026-09-02,a,r,ACME,lead,,,\n3,2026-09-02,b,r,ACME,lead,,,\n",
        text,
    )
    assert why(rows[1]) == [("units", "entry.required")]
    assert "kind" not in rows[0].drafts[0].values or rows[0].drafts[0].values["kind"] == "parts"
    assert rows[2].drafts[0].values["kind"] == "new"


def test_one_row_may_make_several_entries(run):
    """Each with its own date and condition; one that does not apply makes none."""
    text = (
        "source: test\nkey: id\ndeal: deal\nfields: {customer: customer}\nentries:\n"
        "  - {on: begun, fields: {stage: {constant: lead}}}\n"
        "  - {part: end, when: {stage: [Won, Lost]}, on: ended, known_on: told,\n"
        "     fields: {stage: {column: stage, values: {Won: won, Lost: lost}}, amount: {column: v, empty: ['0']}}}\n"
    )
    head = "id,deal,customer,begun,ended,told,stage,v\n"
    rows = run(
        head + "1,a,A,2026-01-01,,,Open,0\n2,b,B,2026-01-02,2026-02-02,2026-02-05,Lost,0\n"
        "3,c,C,2026-01-03,,,Won,9\n4,d,D,2026-01-03,2026-02-03,,Won,9\n",
        text,
    )
    assert [len(row.drafts) if isinstance(row, Taken) else why(row) for row in rows] == [
        1, 2, [("ended", "exchange.needs.date")], 2,
    ]  # fmt: skip
    begun, ended = rows[1].drafts
    assert (begun.source_key, ended.source_key) == ("test:2/1", "test:2/end")
    assert (ended.on, ended.known_on) == (date(2026, 2, 2), date(2026, 2, 5))
    assert "amount" not in ended.values


def test_entries_are_judged_row_by_row(run):
    """What the second entry of a row says of its deal, the first entry of the next row need not say again."""
    text = """\
source: test
entries:
  - {on: day, deal: deal, part: a, fields: {customer: customer, stage: stage}}
  - {on: day, deal: deal, part: b, fields: {customer: customer, amount: amount}}
"""
    head = "day,deal,customer,stage,amount\n"
    rows = run(head + "2026-09-01,Line 3,ACME,lead,12.50\n2026-09-02,Line 3,ACME,won,\n", text)
    assert [isinstance(row, Taken) for row in rows] == [True, True]
    late, early = run(head + "2026-09-02,Line 3,ACME,won,\n2026-09-01,Line 3,ACME,lead,12.50\n", text)
    assert isinstance(early, Taken)
    assert why(late) == [("amount", "entry.required")]


def test_rows_can_be_left_out(run):
    """By a condition, or as rows without a filled cell; they are counted, not forgotten."""
    text = MAP + "skip_when:\n  - {stage: [x, ''], customer: [ACME]}\n  - {rep: {not: [Sato]}}\n"
    rows = run(
        HEAD + ROW + "2,2026-09-01,a,Sato,ACME,x,\n3,2026-09-01,a,Sato,ACME,,\n4,2026-09-01,a,Ito,ACME,lead,\n,,,,,,\n"
        "6,2026-09-01,a,Sato,Beta,lead,\n",
        text,
    )
    assert [type(row) for row in rows] == [Taken, Skipped, Skipped, Skipped, Skipped, Taken]
    assert [row.line for row in rows] == [2, 3, 4, 5, 6, 7]


def test_a_row_that_no_entry_applies_to_is_skipped(run):
    """It says so, rather than vanish among those taken."""
    text = MAP + "entries:\n  - when: {stage: [won]}\n"
    assert run(HEAD + ROW, text) == [Skipped(2)]


def test_a_key_must_be_there_and_stand_once(run):
    """Or a second import could not tell the rows apart."""
    rows = run(HEAD + ROW + ROW + ROW.replace("1,", ",", 1))
    assert why(rows[1]) == [("id", "exchange.key_twice")]
    assert why(rows[2]) == [("id", "exchange.needs.key")]


def test_a_key_of_several_columns_keeps_them_apart(run):
    """`a b` and `c` are not `a` and `b c`."""
    text = MAP.replace("key: id", "key: [id, rep]")
    first, second = run(
        HEAD + ROW.replace("1,", "a b,", 1).replace("Sato", "c") + ROW.replace("1,", "a,", 1).replace("Sato", "b c"),
        text,
    )
    assert first.drafts[0].source_key != second.drafts[0].source_key


def test_without_a_key_a_row_is_known_by_what_it_says(run):
    """Equal rows are told apart by their order, and every row keeps its key when others come before it."""
    text = MAP.replace("key: id\n", "")
    once = [row.drafts[0].source_key for row in run(HEAD + ROW + ROW, text)]
    assert len(set(once)) == 2
    again = [row.drafts[0].source_key for row in run(HEAD + ROW.replace("ACME", "Beta") + ROW + ROW, text)]
    assert again[1:] == once


def test_a_row_gives_the_day_on_which_it_was_known(run):
    """Else it was known on its own day. A day that is still to come is taken."""
    text = MAP + "known_on: told\n"
    rows = run(
        HEAD.replace("\n", ",told\n") + ROW.replace("\n", ",2026/09/05\n") + "2,2027-01-05,a,r,ACME,lead,,\n", text
    )
    assert [row.drafts[0].known_on for row in rows] == [date(2026, 9, 5), date(2027, 1, 5)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-09-01", date(2026, 9, 1)),
        ("2026/9/1", date(2026, 9, 1)),
        ("2026年9月1日", date(2026, 9, 1)),
        ("令和8年9月1日", date(2026, 9, 1)),
        ("9/1", "exchange.needs.year"),
        ("昨日", "exchange.needs.year"),
        ("01.09.2026", "exchange.needs.day"),
    ],
)
def test_a_date_without_a_format_must_name_its_year(run, cell, expected):
    """What a day means must not hang on when it is imported."""
    (row,) = run(HEAD + ROW.replace("2026-09-01", cell), MAP.replace('{column: day, format: "%Y-%m-%d"}', "day"))
    assert (row.drafts[0].on if isinstance(row, Taken) else row.problems[0].needs.key) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026年12月", "2026-12-01/2026-12-31"),
        ("2026-12-10", "2026-12-10"),
        ("12月", "exchange.needs.year"),
        ("", None),
    ],
)
def test_a_promised_date_may_be_coarse_but_names_its_year(run, cell, expected):
    """As in an entry, but for what counts from today."""
    (row,) = run(HEAD.replace("\n", ",c\n") + ROW.replace("\n", f",{cell}\n"), MAP + "  closes: c\n")
    found = row.drafts[0].values.get("closes") if isinstance(row, Taken) else row.problems[0].needs.key
    assert found == expected


def test_cells_that_mean_empty_are_empty(run):
    """For the whole file, and for one column."""
    text = MAP.replace("amount: amount", "amount: {column: amount, empty: ['0']}") + "empty: ['-', n/a]\n"
    (row,) = run(HEAD + "1,2026-09-01,-,n/a,ACME,-,0\n", text)
    assert row.drafts[0].values == {"customer": "ACME", "kind": "new"}
    assert (row.drafts[0].deal_name, row.drafts[0].author) == (None, "")


def test_a_text_is_kept_as_it_was_written(run):
    """Blanks and line ends included; markup, bidi and control characters are the screen's business."""
    said = '  値引[/]交渉 "は"\r\n\u202e[bold]:smile:\x1b  '
    (row,) = run(
        HEAD.replace("\n", ",t\n") + ROW.replace("\n", ',"' + said.replace('"', '""') + '"\n'), MAP + "  facts: t\n"
    )
    assert row.drafts[0].values["facts"] == said


def test_full_width_digits_are_digits(run):
    """In amounts and in dates."""
    (row,) = run(HEAD + "1,２０２６-０９-０１,a,r,ACME,lead,１２３\n")
    assert row.drafts[0].on == date(2026, 9, 1)
    assert row.drafts[0].values["amount"] == 12300


def test_a_deal_name_is_one_line(run):
    """A line end in a name is a mistake of the source, told as one."""
    rows = run(HEAD + ROW + ROW.replace("1,", "2,", 1).replace("Line 3", '"Line\n3"'))
    assert isinstance(rows[0], Taken)
    assert why(rows[1]) == [("deal", "entry.needs.one_line")]


def test_a_row_may_say_that_it_is_incomplete(run):
    """Then nothing is missed in it; what can't be read is still told."""
    text = MAP + "incomplete: later\n"
    head = HEAD.replace("\n", ",later\n")
    rows = run(head + "1,2026-09-01,a,r,,won,,true\n2,2026-09-01,a,r,,won,,\n3,2026-09-01,a,r,,x,,true\n", text)
    assert rows[0].drafts[0].incomplete
    assert why(rows[1]) == [("customer", "entry.required"), ("amount", "entry.required")]
    assert why(rows[2]) == [("stage", "entry.needs.choice")]


def test_columns_can_be_joined(run):
    """Those that are blank are left out."""
    text = MAP.replace("deal: deal", "deal: {columns: [customer, deal], join: ' / '}")
    rows = run(HEAD + ROW + ROW.replace("1,", "2,", 1).replace("Line 3", ""), text)
    assert [row.drafts[0].deal_name for row in rows] == ["ACME / Line 3", "ACME"]


def test_json_holds_lists_and_objects(run):
    """People with their titles, several choices; numbers as text."""
    text = "source: t\non: day\nfields: {customer: c, people: p, tags: t, amount: a}\n"
    content = '[{"day": "2026-09-01", "c": "ACME", "p": [{"name": "山田", "decides": true}, "佐藤:課長"], '
    content += '"t": ["甲", "y"], "a": 12.50}]'
    (row,) = run(content, text, name="rows.json")
    assert row.drafts[0].values == {
        "customer": "ACME",
        "people": [{"name": "山田", "decides": True}, {"name": "佐藤", "title": "課長"}],
        "tags": ["x", "y"],
        "amount": 1250,
        "kind": "new",
    }


@pytest.mark.parametrize("first", [0, 1])
def test_a_text_that_reads_like_a_list_is_a_text(run, first):
    """Whichever of the two stands above the other."""
    text = "source: t\non: day\nfields: {customer: c, tags: t}\n"
    tags = ['["甲"]', '"[\\"甲\\"]"']
    content = ",".join(f'{{"day": "2026-09-01", "c": "ACME", "t": {tags[n]}}}' for n in (first, 1 - first))
    rows = run(f"[{content}]", text, name="rows.json")
    assert [isinstance(row, Rejected) for row in rows] == [first == 1, first == 0]


def test_what_no_encoding_holds_is_told(run):
    """JSON can escape half a character; nothing could write it."""
    text = "source: t\non: day\nfields: {customer: c, facts: f}\n"
    (row,) = run('[{"day": "2026-09-01", "c": "ACME", "f": "\\ud800"}]', text, name="rows.json")
    assert why(row) == [("f", "entry.needs.whole_letters")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_a_japanese_file_with_crlf_is_read_in_any_encoding(run, encoding):
    """As spreadsheets write them."""
    text = "source: t\non: 日付\ndeal: 案件\nfields: {顧客: 会社, フェーズ: 段階}\n"
    (row,) = run("日付,案件,会社,段階\r\n2026/9/1,3号機,髙橋製作所,見積\r\n".encode(encoding), text)
    assert row.drafts[0].values == {"customer": "髙橋製作所", "stage": "quote", "kind": "new"}


CELL = {
    "id": st.integers(0, 9).map(str),
    "day": st.sampled_from(["2026-09-01", "2026-09-02", "", "x"]),
    "deal": st.sampled_from(["a", "b", " a ", ""]),
    "customer": st.sampled_from(["A", "B", "", " "]),
    "kind": st.sampled_from(["", "新規", "parts", "zzz"]),
    "stage": st.sampled_from(["", "lead", "受注", "won", "内示"]),
    "amount": st.sampled_from(["", "0", "12.5", "-1", "1万"]),
    "units": st.sampled_from(["", "3", "1,000", "x"]),
    "note": st.sampled_from(["", " ", "short", "far too long a note"]),
}
KEYS = tuple(key for key in CELL if key not in ("id", "day", "deal"))


@given(st.lists(st.fixed_dictionaries(CELL), max_size=40))
def test_the_fast_way_says_what_add_says(tmp_path_factory, rows):
    """Row by row, with what the deal has by then: the same values, and problems where `add` has them."""
    head = ",".join(CELL) + "\n"
    content = head + "".join(",".join(f'"{row[key]}"' for key in CELL) + "\n" for row in rows)
    path = write(tmp_path_factory.mktemp("rows"), content)
    found = load_map("source: t\non: day\ndeal: deal\nfields:\n" + "".join(f"  {k}: {k}\n" for k in KEYS), "m")
    results = list(drafts(open_source(path, found.options()), Import(found, AGREEMENT, TODAY)))
    deals: dict[str, list[dict[str, object]]] = {}
    for row, result in zip(rows, results, strict=True):
        name, customer = row["deal"].strip(), row["customer"].strip()
        own = deals.setdefault(name, []) if name else []
        # The customer's deal, else nobody's; of a row that names none the only one there is.
        answering = [d for d in own if not customer or d.get("customer") == customer]
        answering = answering or [d for d in own if "customer" not in d]
        has = answering[0] if answering else {}
        raw = {key: row[key] for key in KEYS} | {"deal": name}
        values, problems = check(raw, AGREEMENT, today=TODAY, current=has)
        bad_day = row["day"] in ("", "x")
        assert isinstance(result, Rejected) == bool(problems or bad_day)
        unclear = len(answering) > 1
        assert isinstance(result, OtherCustomersRow) == (unclear and not isinstance(result, Rejected))
        if isinstance(result, Taken | OtherCustomersRow):
            assert result.drafts[0].values == values
        if isinstance(result, Taken):
            if name and not answering:
                own.append(has)
            # What was said last stands; an amount of 0 stands for none, as it does where `add` asks.
            said = {k: values[k] for k in ("customer", "kind", "amount") if k in values}
            for key, value in said.items():
                if value:
                    has[key] = value
                else:
                    has.pop(key, None)
        elif isinstance(result, Rejected):
            assert len(result.problems) == len(problems) + bad_day


def test_words_of_any_length_but_the_wrong_one_are_taken_as_they_stand(run):
    """Among many that all say something else, only the one that is too long is rejected; blanks around the others stay."""
    notes = [f" note {n}" for n in range(40)]
    notes[17] = "far too long a note"
    text = "id,day,deal,rep,customer,note\n" + "".join(
        f"{n},2026-01-0{1 + n % 9},deal {n},rep,Acme,{note}\n" for n, note in enumerate(notes)
    )
    results = run(text, MAP.replace("  stage: stage\n  amount: amount\n", "  note: note\n"))
    assert [n for n, result in enumerate(results) if isinstance(result, Rejected)] == [17]
    said = [result.drafts[0].values["note"] for result in results if isinstance(result, Taken)]
    assert said == notes[:17] + notes[18:]


TWO = """\
source: t
key: id
deal: deal
incomplete: half
entries:
  - {on: day, part: a, fields: {customer: customer, kind: kind, stage: stage, units: units}}
  - {on: day, part: b, when: {stage: {not: ["", lead]}}, fields: {customer: customer, amount: amount, note: note}}
"""


# Seldom wrong by themselves, so that it matters what was said before.
SPARSE = CELL | {
    "id": st.integers(0, 999).map(str),
    "day": st.just("2026-09-01"),
    "customer": st.sampled_from(["A", "A", ""]),
    "kind": st.sampled_from(["", "", "parts"]),
    "stage": st.sampled_from(["", "lead", "quote", "won"]),
    "amount": st.sampled_from(["", "12.5"]),
    "units": st.sampled_from(["", "3"]),
    "half": st.sampled_from(["", "", "yes"]),
}


@given(st.lists(st.fixed_dictionaries(SPARSE), max_size=30))
def test_where_a_batch_ends_changes_nothing(tmp_path_factory, rows):
    """Rows are judged as if there were no batches, entry by entry of each."""
    content = ",".join(SPARSE) + "\n" + "".join(",".join(f'"{row[key]}"' for key in SPARSE) + "\n" for row in rows)
    path = write(tmp_path_factory.mktemp("rows"), content)
    found = load_map(TWO, "m")
    results = []
    for size in (1, 7, 500):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(csv_file, "BATCH", size)
            results.append(list(drafts(open_source(path, found.options()), Import(found, AGREEMENT, TODAY))))
    assert results[0] == results[1] == results[2]
