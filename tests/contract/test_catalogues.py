"""The catalogues are complete in both languages, and say nothing that is never said.

A key is used where `t`, `tn` or `msg` is called with it, or where it stands as a text of its own in the source. A key
that is put together (`t(f"show.fate.{fate}")`) uses every key of that shape.
"""

import ast
import importlib.util
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from source_trees import ROOT, SOURCE, nodes

from nippo_cli.base.text import width
from nippo_cli.journal.log import KINDS
from nippo_cli.journal.log.tables import PROJECTIONS

LANGUAGES = ("en", "ja")
# Who is called with a key, and which of its arguments are keys.
SPEAKERS = {"t": (0,), "tn": (0,), "msg": (0,), "pair": (0, 1), "Wide": (1,), "Narrow": (1,), "question": (1,)}
WORD = "word."
# English writes a month by its name, Japanese by its number.
MONTH_NAMES = {"month_name": "month", "first_name": "first_month", "last_name": "last_month"}


class Entry:
    """A message of a catalogue: every form of it, and the parameters and words that each names."""

    def __init__(self, texts: tuple[str, ...], plural: bool) -> None:
        self.texts = texts
        self.plural = plural
        self.fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name is not None} for text in texts]
        self.params = {name for fields in self.fields for name in fields if not name.startswith("@")}
        self.words = {name[1:] for fields in self.fields for name in fields if name.startswith("@")}


@cache
def catalogue(lang: str) -> dict[str, Entry]:
    """Every key of a language."""
    found = {}
    for path in sorted((SOURCE / "locale" / lang).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=lang):
                if message.id:
                    several = isinstance(message.id, tuple | list)
                    key = message.id[0] if several else message.id
                    found[key] = Entry(tuple(message.string) if several else (message.string,), several)
    return found


@cache
def literals() -> frozenset[str]:
    """Every text that stands in the source."""
    return frozenset(n.value for _, n in nodes() if isinstance(n, ast.Constant) and isinstance(n.value, str))


def shape(node: ast.JoinedStr) -> re.Pattern[str] | None:
    """The keys that an f-string may put together; None where it is no key."""
    parts = [p.value if isinstance(p, ast.Constant) else None for p in node.values]
    fixed = "".join(p for p in parts if p)
    if not re.fullmatch(r"[a-z0-9_.]*\.[a-z0-9_.]*", fixed):
        return None
    return re.compile("".join(re.escape(p) if p else r"[A-Za-z0-9_.]+" for p in parts))


@cache
def shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every shape of keys that the source puts together, with where."""
    found = ((where, shape(n)) for where, n in nodes() if isinstance(n, ast.JoinedStr))
    return tuple((where, pattern) for where, pattern in found if pattern is not None)


def calls() -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """Every call of a speaker, with each key that it may be called with."""
    for where, node in nodes():
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in SPEAKERS:
            branches = [node.args[at] for at in SPEAKERS[name] if at < len(node.args)]
            while branches:
                key = branches.pop()
                if isinstance(key, ast.IfExp):
                    branches += [key.body, key.orelse]
                elif isinstance(key, ast.Tuple):
                    branches += key.elts
                else:
                    yield where, node, key


def named(words: set[str]) -> set[str]:
    """The catalogue keys of the words that a text names: `{@Deals}` is `word.deals`."""
    return {WORD + word[0].lower() + word[1:] for word in words}


def told(entry: Entry) -> set[str]:
    """What a message tells: a month's name tells its number, and a form for one thing tells `n`."""
    return {MONTH_NAMES.get(name, name) for name in entry.params} - {"n"}


def areas(lang: str) -> set[str]:
    """The files of a language."""
    return {path.name for path in (SOURCE / "locale" / lang).glob("*.po")}


def test_both_languages_have_the_same_keys():
    """File by file: a key in one is in the other."""
    assert areas("ja") == areas("en")
    assert set(catalogue("ja")) ^ set(catalogue("en")) == set()


def test_both_languages_take_the_same_parameters():
    """A translation drops no parameter and invents none; only a form for one thing may leave `n` unsaid."""
    wrong = {}
    for key, entry in catalogue("ja").items():
        other = catalogue("en").get(key)
        if other is not None and told(entry) != told(other):
            wrong[key] = told(entry) ^ told(other)
    assert wrong == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_of_a_message_is_there_and_can_be_filled(lang):
    """No form is empty; parameters are plain names; words are in the catalogue."""
    for key, entry in catalogue(lang).items():
        assert all(text.strip() or key.endswith(".none") for text in entry.texts), key
        for name in entry.params:
            assert re.fullmatch(r"[a-z_]+", name), (key, name)
        assert named(entry.words) <= set(catalogue(lang)), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_that_is_said_is_there(lang):
    """Each key in a call of `t`, `tn` or `msg`, and one at least of each shape that is put together."""
    missing = []
    for where, _, key in calls():
        if isinstance(key, ast.Constant):
            wanted = re.compile(re.escape(str(key.value)))
        else:
            wanted = shape(key) if isinstance(key, ast.JoinedStr) else None
        if wanted is not None and not any(wanted.fullmatch(k) for k in catalogue(lang)):
            missing.append((where, wanted.pattern))
    assert missing == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_derived_table_and_every_kind_of_record_has_a_name(lang):
    """`nippo doctor` names each table that it compares; what is erased or damaged is named by its kind."""
    named_by_them = {f"doctor.{table}" for table in PROJECTIONS} | {f"damage.kind.{kind}" for kind in KINDS}
    assert named_by_them - catalogue(lang).keys() == set()


def test_every_parameter_that_a_message_needs_is_given():
    """A call with a literal key gives each placeholder of its message a value."""
    missing = []
    for where, call, key in calls():
        given = {k.arg for k in call.keywords}
        if not isinstance(key, ast.Constant) or None in given or key.value not in catalogue("ja"):
            continue
        if (call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")) == "tn":
            given.add("n")
        needed = catalogue("ja")[key.value].params | catalogue("en")[key.value].params
        if not needed <= given:
            missing.append((where, key.value, sorted(needed - given)))
    assert missing == []


def test_no_key_is_never_said():
    """Each key is in the source, or has a shape that is put together there, or is a word that a message names."""
    words = set().union(*(named(entry.words) for lang in LANGUAGES for entry in catalogue(lang).values()))
    unused = [
        key
        for key in catalogue("ja")
        if key not in literals()
        and key not in words
        and not key.startswith(WORD)
        and not any(pattern.fullmatch(key) for _, pattern in shapes())
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.po": 'msgid "x.y"\nmsgstr "1"\n', "b.po": 'msgid "x.y"\nmsgstr "2"\n'}, "a.po and again in b.po"),
        ({"a.po": 'msgid "x.y"\nmsgstr "1"\n\nmsgid "x.y"\nmsgstr "2"\n'}, "a.po and again in a.po"),
    ],
)
def test_a_key_that_stands_twice_stops_the_build(tmp_path: Path, files, says):
    """In two files or in one."""
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=says):
        build_script().compiled(tmp_path, "ja")


def build_script():
    """`hatch_build.py`, loaded from where it stands."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_commands_help_is_a_sentence_in_english():
    """They stand under each other in `nippo --help`: a capital first, a full stop last."""
    help_texts = {key: e.texts[0] for key, e in catalogue("en").items() if re.fullmatch(r"cli\.[\w.]+\.help", key)}
    del help_texts["cli.shared.help"]
    assert [key for key, text in help_texts.items() if not re.fullmatch(r"(\{@)?[A-Z].*\.", text, re.DOTALL)] == []


def test_what_was_typed_stands_between_the_same_quotes_everywhere():
    """“like this” in English and 「こう」 in Japanese; never as the interpreter would show it."""
    other = re.compile(r"""['"]\{\w+\}['"]|\{\w+!r\}""")
    found = {(lang, key) for lang in LANGUAGES for key, e in catalogue(lang).items() if any(map(other.search, e.texts))}
    assert found == set()


def test_no_plural_stands_in_brackets():
    """`1 problem(s)` is nobody's English."""
    assert [key for key, e in catalogue("en").items() if any("(s)" in text for text in e.texts)] == []


def test_brackets_in_japanese_are_wide():
    """Where Japanese stands in them."""
    narrow = re.compile(r"\([^()]*[ぁ-んァ-ヶ一-龠][^()]*\)")
    assert [key for key, e in catalogue("ja").items() if any(map(narrow.search, e.texts))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_foot_of_a_question_fits_a_terminal(lang: str):
    """What each key does is read to its end at 80 columns; help is drawn as paragraphs."""
    flow = {key: one.texts[0] for key, one in catalogue(lang).items() if key.startswith("flow.")}
    feet = {key: text for key, text in flow.items() if "< " in text and not key.endswith("help")}
    assert len(feet) >= 6
    assert [key for key, text in feet.items() if width(text) > 79] == []
