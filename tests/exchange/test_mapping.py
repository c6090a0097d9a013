"""The import map: its shape, and how it fits a file and an agreement."""

import pytest
from rows import HEAD, MAP

from nippo_cli.base.errors import NotFound
from nippo_cli.exchange.map_reading import load_map, load_map_file
from nippo_cli.exchange.mapping import MapRefused


def problems(text):
    """Line, what was said and the message key of each problem."""
    with pytest.raises(MapRefused) as refused:
        load_map(text, "import.yaml")
    return [(p.where.line, p.said, p.needs.key) for p in refused.value.problems]


def misfits(run, text, content=HEAD):
    """The same, of a map that does not fit the file or the agreement."""
    with pytest.raises(MapRefused) as refused:
        run(content, text)
    return [(p.where.line, p.said, p.needs.key) for p in refused.value.problems]


def test_what_entries_share_stands_above_them():
    """An entry's own words stand before the shared ones."""
    found = load_map(
        "source: s\non: day\ndeal: d\nfields: {a: x, b: y}\nentries:\n"
        "  - fields: {stage: {constant: lead}}\n  - {part: end, on: closed, fields: {a: z}}\n",
        "m",
    )
    first, last = found.entries
    assert (first.part, first.on.columns, first.deal.columns) == ("1", ("day",), ("d",))
    assert {key: pick.columns or pick.constant for key, pick in first.fields.items()} == {
        "a": ("x",), "b": ("y",), "stage": "lead",
    }  # fmt: skip
    assert (last.part, last.on.columns) == ("end", ("closed",))
    assert last.fields["a"].columns == ("z",)


def test_a_short_map_makes_one_entry_a_row():
    """Source, date, and what is known of each."""
    found = load_map("source: s\non: day\nfields: {facts: text}\n", "m")
    assert [e.part for e in found.entries] == ["1"]
    assert found.columns() == {"day": 2, "text": 3}


def test_every_problem_is_told_at_once_with_its_line():
    """Unknown keys with the nearest ones, formats, origins, lists."""
    text = (
        "sauce: s\n"
        "file: {type: xls, delimiter: ab}\n"
        "on: {column: day, format: '%Y'}\n"
        "fields:\n"
        "  stage: {column: a, constant: b}\n"
        "  facts: {colum: a}\n"
        "entries:\n"
        "  - wen: {a: b}\n"
        "    part: x\n"
        "  - part: x\n"
    )
    assert problems(text) == [
        (1, "sauce", "exchange.near"),
        (1, "", "exchange.map.source_needed"),
        (2, "xls", "exchange.map.one_of"),
        (2, "ab", "exchange.map.delimiter"),
        (3, "%Y", "exchange.map.bad_format"),
        (5, "column, constant", "exchange.map.one_origin"),
        (6, "colum", "exchange.near"),
        (6, "", "exchange.map.one_origin"),
        (8, "wen", "exchange.near"),
        (10, "x", "exchange.map.part_twice"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("source: s\non: day\nfields: &f {a: b}\nentries: [*f]\n", 3, "schema.yaml.alias"),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", 1, "schema.yaml.alias"),
        ("source: s\nsource: t\non: day\n", 2, "schema.yaml.twice"),
        ("source: !!python/object/apply:os.system [ls]\n", 1, "schema.yaml.tag"),
        ("source: [s\n", 1, "schema.yaml.syntax"),
        ("", 1, "exchange.yaml.empty"),
        ("a: b\n---\nc: d\n", 2, "exchange.yaml.one_document"),
        ("- a\n", 1, "exchange.map.mapping_needed"),
        ("source: s\n", 1, "exchange.map.on_needed"),
        ("source: s\non: day\nskip_when: {}\n", 3, "exchange.map.rule_needed"),
    ],
)
def test_what_is_no_map_is_refused(text, line, key):
    """An alias bomb before it could go off, a key given twice, a tag, no YAML, nothing, two documents, a list."""
    assert (line, key) in [(at, needs) for at, _, needs in problems(text)]


def test_a_billion_laughs_are_refused_at_once():
    """The first anchor is the end of it."""
    bomb = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    assert problems(bomb) == [(1, "&a0", "schema.yaml.alias")]


def test_texts_stay_texts():
    """`no`, `9:30` and `1` in a map are cells, not truth words, sexagesimals or numbers."""
    found = load_map('source: s\non: day\nfields: {a: {column: c, values: {no: 9:30, 1: yes, "-": ""}}}\n', "m")
    assert found.entries[0].fields["a"].values == {"no": "9:30", "1": "yes", "-": None}


def test_a_missing_column_is_told_with_those_that_there_are(run):
    """All of them, with the line of the map and the nearest name."""
    found = misfits(run, MAP, "id,day,deals,rep,customer,stage,value\n")
    assert found == [
        (4, "deal", "exchange.map.no_column.near"),
        (9, "amount", "exchange.map.no_column"),
    ]
    with pytest.raises(MapRefused) as refused:
        run("id,day,deals,rep,customer,stage,value\n", MAP)
    assert refused.value.problems[0].needs.params["columns"][2] == "deals"


@pytest.mark.parametrize(
    ("field", "said", "key"),
    [
        ("custmer: customer", "custmer", "exchange.near"),
        ("deal: deal", "deal", "exchange.map.deal_apart"),
        ("stage: {constant: 内示}", "内示", "entry.needs.choice"),
        ("stage: {column: stage, values: {x: 内示}}", "内示", "entry.needs.choice"),
        ("facts: {column: stage, format: '%Y-%m-%d'}", "%Y-%m-%d", "exchange.map.no_format"),
        ("closes: {column: stage, format: json}", "json", "exchange.map.bad_format"),
        ("stage: stage\n  フェーズ: stage", "フェーズ", "exchange.map.field_twice"),
    ],
)
def test_a_map_that_does_not_fit_the_agreement_is_refused_before_any_row(run, field, said, key):
    """Fields that are not there, the deal among the fields, constants and translations that a field does not take."""
    (line, found, needs), *_ = misfits(run, MAP.replace("  stage: stage\n", f"  {field}\n"))
    assert line in {8, 9}
    assert found == said
    assert needs.startswith(key)


def test_fields_go_by_key_label_or_former_key(run):
    """As `add --from-file` has it."""
    (row,) = run(HEAD + "1,2026-09-01,d,r,ACME,lead,\n", MAP.replace("  customer:", "  顧客:"))
    assert row.drafts[0].values["customer"] == "ACME"


def test_a_map_file_is_utf8(tmp_path):
    """Any other is refused with the line that is not; one that is not there is not found."""
    path = tmp_path / "import.yaml"
    path.write_bytes("source: s\n# 見積\n".encode("cp932"))
    with pytest.raises(MapRefused) as refused:
        load_map_file(path)
    assert refused.value.problems[0].where.line == 2
    with pytest.raises(NotFound):
        load_map_file(tmp_path / "none.yaml")
    path.write_bytes("source: s\non: 日付\n".encode("utf-8-sig"))
    assert load_map_file(path).columns() == {"日付": 2}
