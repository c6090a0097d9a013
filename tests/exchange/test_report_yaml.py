"""Entries written in YAML, JSON or JSONL for `nippo add --from-file`."""

import pytest

from nippo_cli.base.errors import EntryRefused
from nippo_cli.exchange.report_yaml import read_reports


def problems(text, file="day.yaml"):
    """Line, field and message key of each problem."""
    with pytest.raises(EntryRefused) as refused:
        read_reports(text, file)
    return [(p.where.line, p.where.field, p.needs.key) for p in refused.value.problems]


def test_one_entry_or_a_list_of_them():
    """Each with the line that it begins on, and that of each key."""
    (one,) = read_reports("on: 2026-09-01\ndeal: 3号機\nフェーズ: 見積\nfacts: |\n  一行目\n  二行目\n", "day.yaml")
    assert (one.where.file, one.where.line) == ("day.yaml", 1)
    assert (one.on, one.deal, one.new_deal, one.by, one.later) == ("2026-09-01", "3号機", False, None, False)
    assert one.raw == {"フェーズ": "見積", "facts": "一行目\n二行目\n"}
    assert one.lines == {"on": 1, "deal": 2, "フェーズ": 3, "facts": 4}
    two = read_reports("- deal: a\n  new_deal: yes\n  later: true\n- deal: b\n  parent: a\n  by: 佐藤\n", "day.yaml")
    assert [d.where.line for d in two] == [1, 4]
    assert [(d.new_deal, d.later, d.parent, d.by) for d in two] == [
        (True, True, None, None),
        (False, False, "a", "佐藤"),
    ]


def test_texts_stay_texts():
    """`9:30`, `no`, `0120` and a date are what was written."""
    (one,) = read_reports("facts: 9:30\nurgent: no\nphone: 0120\ncloses: 2026-09-01\nempty:\n", "day.yaml")
    assert one.raw == {"facts": "9:30", "urgent": "no", "phone": "0120", "closes": "2026-09-01"}


def test_people_and_choices_may_be_lists():
    """And people mappings of name, title and decides."""
    (one,) = read_reports("people:\n  - {name: 山田, decides: true}\n  - 佐藤\ntags: [x, y]\n", "day.yaml")
    assert one.raw == {"people": [{"name": "山田", "decides": "true"}, "佐藤"], "tags": ["x", "y"]}


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ('{"deal": "a", "amount": 0.10}\n{"deal": "b", "amount": 1200000}\n', "stdin"),
        ('[{"deal": "a", "amount": 0.10},\n{"deal": "b", "amount": 1200000}]', "day.json"),
        ('{"deal": "a", "amount": 0.10}\n\n{"deal": "b", "amount": 1200000}', "day.jsonl"),
        ("\ufeff- {deal: a, amount: 0.10}\n- {deal: b, amount: 1200000}\n", "stdin"),
    ],
)
def test_json_jsonl_and_yaml_say_the_same(text, file):
    """Numbers as they are written; a mark in front is forgiven."""
    assert [(d.deal, d.raw) for d in read_reports(text, file)] == [
        ("a", {"amount": "0.10"}), ("b", {"amount": "1200000"}),
    ]  # fmt: skip


def test_json_lines_are_counted():
    """A line is where an object begins."""
    found = read_reports('[\n {"deal": "a"},\n\n {"deal": "b", "x": null}]', "day.json")
    assert [d.where.line for d in found] == [2, 4]
    assert found[1].raw == {}


@pytest.mark.parametrize(
    ("text", "file", "expected"),
    [
        ("", "day.yaml", (1, "", "exchange.yaml.empty")),
        ("[]", "day.json", (1, "", "exchange.report.nothing")),
        ("just text", "day.yaml", (1, "", "exchange.report.mapping_needed")),
        ("- deal: a\n- b\n", "day.yaml", (2, "", "exchange.report.mapping_needed")),
        ("deal: a\ndeal: b\n", "day.yaml", (2, "deal", "schema.yaml.twice")),
        ("deal: [a]\n", "day.yaml", (1, "deal", "exchange.report.text_needed")),
        ("later: vielleicht\n", "day.yaml", (1, "later", "exchange.needs.flag")),
        ("a: &x 1\nb: *x\n", "day.yaml", (1, "", "schema.yaml.alias")),
        ('{"deal": "a"}\n{oops}\n', "day.jsonl", (2, "", "exchange.report.broken_json")),
        ('{"deal": "a", "deal": "b"}', "day.json", (1, "", "exchange.report.broken_json")),
        ("[" * 100_000, "day.json", (1, "", "exchange.report.broken_json")),
    ],
)
def test_what_is_no_entry_is_told_with_its_line(text, file, expected):
    """Nothing, an empty list, a text, a key given twice, a list for a name, an alias, broken JSON."""
    found = problems(text, file)
    assert [(line, key) for line, _, key in found] == [(expected[0], expected[2])]


def test_the_deal_may_go_by_its_label():
    """As the agreement calls it; both at once is one too many."""
    (one,) = read_reports("案件: 3号機\n", "day.yaml", deal_names=("案件",))
    assert one.deal == "3号機"
    with pytest.raises(EntryRefused):
        read_reports("案件: a\ndeal: b\n", "day.yaml", deal_names=("案件",))
