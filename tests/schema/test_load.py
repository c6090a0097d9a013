"""What a schema file may say, and what is told of one that can't be used."""

from pathlib import Path

import pytest
from schema_texts import SOUND, agreed, found, problems, with_lines

from nippo_cli.base.errors import ExitCode, NotFound, UsageError
from nippo_cli.schema import load, yaml_text
from nippo_cli.schema.load import SchemaRefused, check_file, load_schema, read_text
from nippo_cli.schema.schema import Closure, Condition, Currency


def test_a_sound_file_becomes_an_agreement():
    """Stages keep their order, labels in references become keys, and what is left out has its default."""
    schema = agreed()
    assert [s.key for s in schema.stages] == ["lead", "quote", "won", "lost", "care"]
    assert schema.kind_by_key["parts"].norms == {"quote": 10}
    assert schema.kind_by_key["parts"].stalls is False
    assert schema.activity_by_key["office"].contact is False
    assert schema.currency == Currency("JPY", 0)
    assert (schema.language, schema.fiscal_year_start, schema.grace, schema.quiet) == ("ja", 1, 1, None)


def test_choices_may_be_written_short():
    """`- 価格` has its label for a key, and so has one that gives only one of the two."""
    extra = "  - key: reason\n    label: 理由\n    type: choice\n    choices: [価格, {label: 納期}, {key: spec}]\n"
    choices = agreed(with_lines(extra)).by_key["reason"].choices
    assert [(c.key, c.label) for c in choices] == [("価格", "価格"), ("納期", "納期"), ("spec", "spec")]


def test_a_condition_takes_one_name_or_several_by_key_or_label():
    """`stage: 見積` and `stage: [quote, 受注]` both say stages; one condition needs no list around it."""
    extra = (
        "  - {key: a, label: a, type: text, required_when: {stage: 見積, kind: new}}\n"
        "  - {key: b, label: b, type: text, required_when: [{stage: [quote, 受注]}, {activity: 訪問}]}\n"
    )
    fields = agreed(with_lines(extra)).by_key
    assert fields["a"].required_when == (Condition(stage=("quote",), kind=("new",)),)
    assert fields["b"].required_when == (Condition(stage=("quote", "won")), Condition(activity=("visit",)))


def test_scalars_stay_text():
    """YAML's own `no`, `9:30` and dates are what they look like, wherever a text is asked for."""
    extra = "  - {key: a, label: no, type: choice, choices: [9:30, on, 2026-01-01, 007, '1e3', ~]}\n"
    field = agreed(with_lines(extra)).by_key["a"]
    assert field.label == "no"
    assert [c.key for c in field.choices] == ["9:30", "on", "2026-01-01", "007", "1e3", "~"]


def test_numbers_take_full_width_digits_and_the_month_its_word():
    """People type what their keyboard gives."""
    schema = agreed(with_lines("fiscal_year_start: ４月\nquiet: ６０\n"))
    assert (schema.fiscal_year_start, schema.quiet) == (4, 60)


def test_a_currency_may_be_its_code_alone():
    """Digits behind the point follow ISO 4217 unless the file says otherwise."""
    assert agreed(with_lines("currency: USD\n")).currency == Currency("USD", 2)
    assert agreed(with_lines("currency: KRW\n")).currency == Currency("KRW", 0)
    assert agreed(with_lines("currency: {code: USD, digits: 0}\n")).currency == Currency("USD", 0)


def test_a_chance_is_a_share_or_a_percentage():
    """`80%` and `0.8` are the same."""
    extra = "confidence: [{key: A, chance: 80%}, {key: B, chance: 0.8}]\n"
    field = "  - {key: rank, label: 確度, type: choice, role: confidence}\n"
    assert [r.chance for r in agreed(with_lines(field + extra)).ranks] == [0.8, 0.8]


def test_closures_are_kept_in_one_form():
    """`8/13` is `08-13`; a date with its year stays."""
    extra = (
        "closures:\n  - {name: 夏, first: 8/13, last: ８-16}\n  - {name: 工事, first: 2026-02-01, last: 2026-02-07}\n"
    )
    assert agreed(with_lines(extra)).closures == (
        Closure("夏", "08-13", "08-16"),
        Closure("工事", "2026-02-01", "2026-02-07"),
    )


def test_former_names_are_kept():
    """`was` maps what a stage, a field or a choice was called."""
    text = SOUND.replace("label: 見積, norm", "label: 見積, was: estimate, norm")
    assert agreed(text).renamed_stages == {"estimate": "quote"}


def test_an_empty_value_is_as_good_as_none():
    """A key with nothing behind it is no error where the key may be absent."""
    assert agreed(with_lines("quiet:\nclosures:\n")).quiet is None
    assert found(SOUND.replace("name: 試し", "name:")) == [(2, "", "schema.needs.key")]


def test_a_comma_inside_braces_does_not_lose_what_follows():
    """YAML makes a key without a value of it."""
    assert found(SOUND.replace("required: true", "help: what you saw, and heard")) == [
        (21, "and heard", "schema.unknown_key.comma")
    ]


def test_every_problem_is_told_at_once_by_line():
    """Shapes and meanings alike, in the order of the file."""
    text = (
        with_lines("  - {key: on, label: x, type: text}\n  - {key: b, label: b, type: choice}\n")
        .replace("norm: 30", "norm: 三十")
        .replace("name: 試し", "nmae: 試し")
        .replace("contact: false", "contact: no")
    )
    assert found(text) == [
        (1, "", "schema.needs.key"),
        (2, "nmae", "schema.unknown_key.near"),
        (5, "三十", "schema.needs.whole_number"),
        (14, "no", "schema.needs.truth"),
        (22, "on", "schema.reserved"),
        (23, "b", "schema.needs.choices"),
    ]


def test_a_problem_names_its_place_as_people_would():
    """By the keys of the items, not by their numbers."""
    (problem,) = problems(SOUND.replace("norm: 30", "norm: -1"))
    assert (problem.where.file, problem.where.line, problem.where.field) == ("schema.yaml", 5, "stages.quote.norm")
    assert problem.needs.params == {"bound": 1}


@pytest.mark.parametrize(
    ("change", "said", "needs"),
    [
        (("- {key: lead, label: 引合い}", "- {key: lead, lable: 引合い}"), "lable", "schema.unknown_key.near"),
        (("- {key: lead, label: 引合い}", "- {key: lead, zzz: 引合い}"), "zzz", "schema.unknown_key"),
        (("ends: won", "ends: win"), "win", "schema.needs.one_of.near"),
        (("type: text,", "type: number,"), "number", "schema.needs.one_of"),
        (("role: facts", "role: fact"), "fact", "schema.needs.one_of.near"),
        (("name: 試し", "name: [a]"), '["a"]', "schema.needs.text"),
        (("name: 試し", 'name: ""'), "", "schema.needs.some_text"),
        (("norms: {見積: 10}", "norms: 10"), "10", "schema.needs.mapping"),
        (("norms: {見積: 10}", "norms: {見積: x}"), "x", "schema.needs.whole_number"),
        (("key: facts", "key: 事実"), "事実", "schema.needs.pattern"),
        (("nippo: 1", "nippo: one"), "one", "schema.needs.whole_number"),
        (("name: 試し", "name: 試し\nlanguage: fr"), "fr", "schema.needs.one_of"),
        (("name: 試し", "name: 試し\nfiscal_year_start: 13"), "13", "schema.needs.less_than_equal"),
        (("name: 試し", "name: 試し\ncurrency: 円"), "円", "schema.needs.currency"),
        (("name: 試し", "name: 試し\ncauses: 価格"), "価格", "schema.needs.list"),
    ],
)
def test_a_wrong_shape_is_told(change: tuple[str, str], said: str, needs: str):
    """What was found, and what is allowed in its place."""
    assert [(s, n) for _, s, n in found(SOUND.replace(*change, 1))] == [(said, needs)]


def test_a_misspelt_key_does_not_drag_others_along():
    """`rol: stage` is one problem; that no field has the role of a stage is not another."""
    assert found(SOUND.replace("type: choice, role: stage", "type: choice, rol: stage"))[0][1:] == (
        "rol",
        "schema.unknown_key.near",
    )
    assert all(key != "schema.needs.role" for _, _, key in found(SOUND.replace("role: stage", "rol: stage")))


def test_a_newer_format_is_refused_before_anything_else():
    """What a later nippo wrote is not judged by this one."""
    assert found("nippo: 2\nfuture: true\n") == [(1, "2", "schema.newer")]


def test_problems_are_raised_together():
    """The exception carries them all, and means a usage error."""
    with pytest.raises(SchemaRefused) as refused:
        load_schema("nippo: 1\n", "schema.yaml")
    assert refused.value.exit_code == ExitCode.USAGE
    assert [p.needs.params["name"] for p in refused.value.problems] == ["name", "stages", "fields"]


def test_a_file_is_read_as_utf8_with_or_without_a_mark(tmp_path: Path):
    """Windows' Notepad begins a file with a byte order mark."""
    path = tmp_path / "schema.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    assert check_file(path) == []
    assert load_schema(read_text(path), str(path)).name == "試し"


@pytest.mark.parametrize(
    ("content", "line", "needs", "encoding"),
    [
        (SOUND.encode("cp932"), 2, "schema.encoding", "Shift_JIS"),
        (SOUND.encode("utf-16"), 1, "schema.encoding", "UTF-16"),
        (b"nippo: 1\nname: \x81\xff\xfd\n", 2, "schema.encoding.unknown", None),
        (b"# " + b"x" * (1 << 20), 1, "schema.too_large", None),
    ],
)
def test_another_encoding_is_named(tmp_path: Path, content: bytes, line: int, needs: str, encoding: str | None):
    """What it was saved as is told where it can be."""
    path = tmp_path / "schema.yaml"
    path.write_bytes(content)
    (problem,) = check_file(path)
    assert (problem.where.file, problem.where.line, problem.needs.key) == (str(path), line, needs)
    assert problem.needs.params.get("found") == encoding


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path):
    """And a folder can't be read."""
    with pytest.raises(NotFound):
        check_file(tmp_path / "schema.yaml")
    with pytest.raises(UsageError):
        read_text(tmp_path)


def test_a_misspelt_role_is_the_one_problem_of_its_field():
    """A stage's choices come with its role: they are not asked for as well where the role can't be read."""
    assert "role: stage" in SOUND
    told = problems(SOUND.replace("role: stage", "role: stgae"))
    assert [p.said for p in told if p.where.field.startswith("fields.stage")] == ["stgae"]


def test_a_sound_text_is_read_once(monkeypatch: pytest.MonkeyPatch):
    """Whatever its file is called; another text, or the same beside an agreement in force, is read by itself."""
    read: list[str] = []
    monkeypatch.setattr(load, "parse", lambda text, file: read.append(file) or yaml_text.parse(text, file))
    text = SOUND + "# once\n"
    first = load_schema(text, "a.yaml")
    assert load_schema(text, "b.yaml") is first
    load_schema(text, "c.yaml", first)
    load_schema(text + "#\n", "d.yaml")
    for _ in range(2):
        with pytest.raises(SchemaRefused):
            load_schema(text.replace("role: stage", "role: stgae"), "e.yaml")
    assert read == ["a.yaml", "c.yaml", "d.yaml", "e.yaml", "e.yaml"]
