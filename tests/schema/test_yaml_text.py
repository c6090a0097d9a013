"""YAML that is refused, each with its line."""

import pytest
from schema_texts import SOUND, found, with_lines

from nippo_cli.schema.yaml_text import Refusal, parse

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, "", "schema.yaml.empty")),
        ("# なにもない\n\n", (1, "", "schema.yaml.empty")),
        (BOMB, (1, "&a", "schema.yaml.alias")),
        ("a: *b\n", (1, "*b", "schema.yaml.alias")),
        ("a: 1\n&k b: 2\n", (2, "&k", "schema.yaml.alias")),
        (
            "a: !!python/object/apply:os.system [x]\n",
            (1, "tag:yaml.org,2002:python/object/apply:os.system", "schema.yaml.tag"),
        ),
        ("a: !!int 3\n", (1, "tag:yaml.org,2002:int", "schema.yaml.tag")),
        ("nippo: 1\n---\nnippo: 1\n", (2, "---", "schema.yaml.one_document")),
        ("nippo: 1\nstages:\n\t- a\n", (3, "- a", "schema.yaml.tab")),
        ("nippo: 1\nname: a: b\n", (2, "name: a: b", "schema.yaml.syntax")),
        ("nippo: 1\nname: [a\n", (2, "name: [a", "schema.yaml.syntax")),
        ("nippo: 1\nname: a\x1b[31m\n", (2, "name: a\x1b[31m", "schema.yaml.unprintable")),
        ("? [a, b]\n: c\n", (1, "", "schema.yaml.key_text")),
        ("[" * 50 + "]" * 50, (1, "", "schema.yaml.deep")),
    ],
)
def test_what_is_never_taken_stops_the_reading(text: str, expected: tuple[int, str, str]):
    """One problem, with the line where it stands."""
    (problem,) = found(text)
    assert problem == expected


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n"])
def test_a_file_is_a_mapping(text: str):
    """A list or a text at the top says nothing."""
    assert [needs for _, _, needs in found(text)] == ["schema.needs.mapping"]


def test_a_key_that_stands_twice_is_told_with_the_other_line():
    """YAML itself would silently take the later one."""
    assert found(with_lines("name: 別\n")) == [(22, "name", "schema.yaml.twice")]


@pytest.mark.parametrize("key", ["no", "on", "2026", "2026-01-01", "~", "1.5"])
def test_keys_that_yaml_takes_for_something_else_are_refused(key: str):
    """`on: …` would be True to another program."""
    assert "schema.yaml.key_text" in [n for _, _, n in found(with_lines(f"words:\n  {key}: x\n"))]


def test_a_quoted_key_is_text():
    """Quotes make a text of anything; whether it is a known key is another question."""
    assert [n for _, _, n in found(with_lines('words:\n  "2026": x\n'))] == ["schema.needs.one_of"]


def test_an_item_without_a_value_is_told():
    """A dash with nothing behind it."""
    text = SOUND.replace("activities:\n", "activities:\n  -\n")
    assert found(text) == [(13, "", "schema.yaml.empty_item")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("name：名", "wide_colon"),
        ("name ：名", "wide_colon"),
        ("name:　名", "wide_blank"),
        ("name:\u00a0名", "wide_blank"),
        ("　name: 名", "wide_indent"),
        ("　　name: 名", "wide_indent"),
        ("\u00a0name: 名", "wide_indent"),
    ],
)
@pytest.mark.parametrize("below", ["", "language: ja\n", "language: ja\ngrace: 1\nstages: [a]\n"])
def test_what_is_typed_full_width_is_named_at_its_line(line: str, expected: str, below: str):
    """The parser itself would name a line further down, or nothing but that a mapping is needed."""
    told = found(f"nippo: 1\n{line}\n{below}")
    assert (2, f"schema.yaml.{expected}") in [(at, needs) for at, _, needs in told]
    assert "schema.yaml.syntax" not in [needs for _, _, needs in told]


@pytest.mark.parametrize(
    ("part", "line", "expected"),
    [
        ("stages:\n  - key：a\n    label: b\n", 3, "wide_colon"),
        ("stages:\n  - key: a\n    label：b\n", 4, "wide_colon"),
        ("stages:\n  - key: a\n　　label: b\n    norm: 3\n", 4, "wide_indent"),
        ("stages:\n　- key: a\n    label: b\n", 3, "wide_indent"),
        ("stages:\n  -　key: a\n    label: b\n", 3, "wide_blank"),
        ("stages：\n  - a\n", 2, "wide_colon"),
        ("words:\n  deal：物件\n", 3, "wide_colon"),
    ],
)
def test_so_it_is_inside_a_list_or_below_a_key(part: str, line: int, expected: str):
    """One problem, at the line that was typed so."""
    assert (line, f"schema.yaml.{expected}") in [(at, needs) for at, _, needs in found(f"nippo: 1\n{part}")]


@pytest.mark.parametrize(
    ("line", "signs"),
    [
        ("stages: [{key: lead，label: 引合い}]", "，"),
        ("stages: [{key: lead, label: 引合い｝]", "｝"),
        ("stages: [{key: lead、label: 引合い}]", "、"),
        ('name: "t”', "”"),
        ("stages: [{key：lead，label：引合い｝]", "， ｝"),
        ("－ key: lead", "－"),
        ("ー　key: lead", "ー"),
    ],
)
def test_so_are_brackets_commas_quotes_and_dashes(line: str, signs: str):
    """With the signs, at their line; what stands below is sound."""
    with pytest.raises(Refusal) as refused:
        parse(
            f"nippo: 1\nstages:\n{line}\n  label: x\n" if line[0] in "－ー" else f"nippo: 1\n{line}\nfields: [a]\n", "x"
        )
    problem = refused.value.problem
    assert (problem.said, problem.needs.key, problem.needs.params) == (line, "schema.yaml.wide_signs", {"signs": signs})


def test_such_signs_in_texts_are_letters():
    """An error elsewhere is not laid at their door."""
    text = "nippo: 1\nname: 営業、一課（“仮”）\nstages: [初回，訪問]\na: b: c\n"
    assert found(text) == [(4, "a: b: c", "schema.yaml.syntax")]


def test_a_full_width_colon_in_a_text_is_a_letter_like_any_other():
    """An error elsewhere is not laid at its door."""
    assert found("nippo: 1\nname: 営業：一課\nname2: |\n  日時：昨日\n  場所：会議室\na: b: c\n") == [
        (6, "a: b: c", "schema.yaml.syntax")
    ]
    assert "schema.yaml.wide_colon" not in [needs for _, _, needs in found(with_lines("words:\n  deal: 案件：物件\n"))]


@pytest.mark.parametrize("lines", ["a: b\n" * 200_000, "".join(f"k{n}: b\n" for n in range(90_000)), "- \n" * 300_000])
def test_a_file_of_nothing_but_mistakes_is_told_of_once(lines: str):
    """A thousand lines of the same would help nobody, and judging them would take minutes."""
    assert len(found(lines)) == 1


def test_a_schema_of_thousands_of_stages_is_refused_before_it_is_judged():
    """Nobody agrees on so many; each would be held against each."""
    stages = "".join(f"  - s{n}\n" for n in range(1001))
    assert found(f"nippo: 1\nname: x\nstages:\n{stages}") == [(3, "", "schema.too_many")]
