"""A file typed without leaving the Japanese keyboard: each colon, blank and indent of it is named as what it is, at its line."""

import re
from collections.abc import Callable, Iterator

import pytest
import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from nippo_cli.base.errors import Problem
from nippo_cli.exchange.flat_map import SALES, read_flat_map
from nippo_cli.exchange.map_reading import read_map
from nippo_cli.schema.load import check_text
from nippo_cli.schema.yaml_wide import WideKey, typed_wide, wide_key

SCHEMA = """nippo: 1
name: x
language: ja
currency: {code: JPY, digits: 0}
# 日付：1990 年から
years: {first: 1990, ahead: 20}
ledger:
  tax: included
  rate: 10%
closures:
  - {name: お盆, first: 08-11, last: 08-16}
words:
  deal: 物件
stages:
  - key: talk
    label: 相談
    norm: 7
    done_when: 用件を知らせてくれた
    evidence: [amount]

  # ここから金額：必須
  - {key: quote, label: 見積, must_when: {kind: new}, may_return_to: [talk]}
  - {key: won, label: "受注: 済", ends: won}
  - {key: lost, label: 失注, ends: lost}
kinds:
  - key: new
    label: 新規
  - {key: more, label: 追加, norms: {talk: 9, quote: 30}, stalls: false}
activities:
  - {key: visit, label: 訪問}
confidence:
  - {key: A, label: A, chance: 80%, meaning: 買うと言った}
causes:
  - {key: price, label: 価格}
day_fields:
  - {key: remarks, label: 所感, type: text, role: remarks}
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer, required_when: {stage: talk}}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: kind, label: 種別, type: choice, role: kind}
  - {key: activity, label: 活動, type: choice, role: activity}
  - key: amount
    label: 金額
    type: money
    role: amount
    required_when:
      - {activity: visit, kind: new}
      - stage: [quote, won]
    help: 税抜きの見込み。「120万」のように
  - key: lost_reason
    label: 失注理由
    type: choice
    role: lost_reason
    required_when: {stage: lost}
    choices:
      - {key: price, label: 価格}
      - key: faded
        label: 自然消滅
  - {key: confidence, label: 確度, type: choice, role: confidence}
"""
ENTRIES = """source: old-crm
file: {encoding: cp932, delimiter: ","}
key: [案件ID]
author: {column: 担当, values: {佐藤: 佐藤一郎, "鈴木 ": 鈴木二郎}}
deal: {column: 案件名, key: 案件ID}
skip_when: {状態: [削除, 重複]}
changed: reject
fields:
  customer: 顧客
  amount: {column: 金額, unit: 千円}
  facts: {columns: [内容, 備考], join: " / "}
  stage:
    column: 段階
    values:
      商談中: proposal
      見積: quote
entries:
  - part: 受注
    when:
      状態: [受注]
    on: {column: 受注日, format: "%Y-%m-%d"}
    fields:
      stage: {constant: won}
  - part: 失注
    when: {状態: {not: [受注]}}
    on: 失注日
    fields: {stage: {constant: lost}}
"""
LEDGER = """source: 会計
file:
  encoding: cp932
key: 伝票番号
on: {column: 計上日, format: "%Y/%m/%d"}
amount: {column: 金額, unit: 千円}
customer: 得意先
kind:
  column: 区分
  values: {前受: advance, 売上: sale}
"""


def schema(text: str) -> list[Problem]:
    """What is wrong with a schema."""
    return check_text(text, "x")[1]


def entries(text: str) -> list[Problem]:
    """What is wrong with a map of entries."""
    problems: list[Problem] = []
    read_map(text, "x", problems)
    return problems


def sales(text: str) -> list[Problem]:
    """What is wrong with a map of the ledger."""
    problems: list[Problem] = []
    read_flat_map(text, "x", SALES, problems)
    return problems


READ = [(schema, SCHEMA), (entries, ENTRIES), (sales, LEDGER)]


def typed(text: str) -> Iterator[tuple[int, str]]:
    """The text with one sign of it full-width, and the sign's line: each colon without and with a blank, each blank behind a
    colon or a dash, each indent in half, in part and whole."""
    for key in _keys(yaml.compose(text, Loader=yaml.SafeLoader)):
        at, line = key.end_mark.index, key.start_mark.line + 1
        rest = text[at + 1 :].removeprefix(" ")
        yield line, f"{text[:at]}：{rest}"
        yield line, f"{text[:at]}： {rest}"
        # What follows a key in quotes at once is its value, whatever blank it begins with.
        if not rest.startswith("\n") and key.style is None:
            yield line, f"{text[:at]}:\u3000{rest}"
    lines = text.split("\n")
    for place, line_text in enumerate(lines):
        indent, dash, said = re.fullmatch(r"( *)(- )?(.*)", line_text).groups()  # type: ignore[union-attr]
        wides = {"\u3000" * (len(indent) // 2), "\u3000" * len(indent), f"\u3000{indent[2:]}"} if indent else set()
        changed = [f"{wide}{dash or ''}{said}" for wide in wides if not said.startswith("#")]
        changed += [f"{indent}-\u3000{said}"] if dash else []
        yield from ((place + 1, "\n".join([*lines[:place], new, *lines[place + 1 :]])) for new in changed)


def _keys(node: Node | None) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield key
            yield from _keys(value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _keys(item)


@pytest.mark.parametrize(("read", "text"), READ)
def test_every_full_width_sign_is_named_at_its_line(read: Callable[[str], list[Problem]], text: str):
    """A key in `{…}` that swallowed its value, one that swallowed the `{`, a list of one word, a quote that runs on for lines."""
    assert read(text) == []
    missed = []
    for line, changed in typed(text):
        named = [(p.where.line, p.needs.key.removeprefix("schema.yaml.")) for p in read(changed)]
        if not any(at == line and key.startswith("wide_") for at, key in named):
            missed.append((changed.split("\n")[line - 1], named))
    assert missed == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (("  - key: talk", "  - key：talk"), [(15, "  - key：talk", "wide_colon")]),
        (("norms: {talk: 9,", "norms: {talk：9,"), [(28, "talk：9", "wide_colon")]),
        (("words:\n  deal: 物件", "words: {deal：物件}"), [(12, "deal：物件", "wide_colon")]),
        (
            ("currency: {code: JPY, digits: 0}", "currency： {code: JPY, digits: 0}"),
            [(4, "currency： {code", "wide_colon")],
        ),
        (("label: 追加,", "label:　追加,"), [(28, "label:　追加", "wide_blank")]),
        (("      - {key: price, label: 価格}", "      - key：price"), [(57, "key：price", "wide_colon")]),
        (("help: 税抜き", "help： 図: 税抜き"), [(50, "help： 図", "wide_colon")]),
        (("done_when: 用件を", "done_when：用件を"), [(18, "done_when：用件を知らせてくれた", "wide_colon")]),
    ],
)
def test_it_is_the_only_thing_said(changed: tuple[str, str], named: list[tuple[int, str, str]]):
    """Nothing that follows from it, such as a key that is now missing."""
    assert SCHEMA.count(changed[0]) == 1
    problems = schema(SCHEMA.replace(*changed))
    assert [(p.where.line, p.said, p.needs.key.removeprefix("schema.yaml.")) for p in problems] == [
        (line, said.strip(), key) for line, said, key in named
    ]


@pytest.mark.parametrize(
    "text",
    [
        SCHEMA.replace("用件を知らせてくれた", "連絡：用件を知らせてくれた"),
        SCHEMA.replace("label: 訪問", "label: 訪問：午前"),
        SCHEMA.replace("  - {key: price, label: 価格}\nday", "  - 値引き：他社\nday"),
        SCHEMA.replace("deal: 物件", "deal: 物件　一覧"),
    ],
)
def test_a_full_width_colon_within_what_is_said_is_no_mistake(text: str):
    """A label, a sentence, a word of a list may hold one."""
    assert schema(text) == []


def test_a_cell_with_a_full_width_colon_is_a_cell():
    """`区分：A` with a value is a key; without one it is a colon typed wide."""
    good = ENTRIES.replace("商談中: proposal", "区分：A: proposal").replace("担当,", "担当：主,")
    assert entries(good) == []
    assert [p.needs.key for p in entries(ENTRIES.replace("{佐藤: 佐藤一郎,", "{佐藤：佐藤一郎,"))] == [
        "schema.yaml.wide_colon"
    ]


def test_what_a_key_and_a_full_width_colon_mean():
    """The key, what it swallowed, and which sign it is."""
    assert wide_key("key： quote") == WideKey("key", "quote", typed_wide("key： quote"))  # type: ignore[arg-type]
    assert wide_key("key:　quote")[1:2] == ("quote",)  # type: ignore[index]
    assert [wide_key(said) for said in ("key: quote", "、：x", "9:30", "")][0::2] == [None, None]
    assert wide_key("引合い") is None
