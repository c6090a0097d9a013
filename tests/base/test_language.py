"""Words: the language that is chosen, the words that a schema renames, and parameters that stay what they are."""

import pytest

from nippo_cli.base import language
from nippo_cli.base.errors import UsageError, msg


@pytest.fixture(autouse=True)
def _english():
    """Each test begins in plain English."""
    language.bind("en")


@pytest.mark.parametrize(
    ("option", "env", "asked"),
    [
        (None, {}, ""),
        ("ja", {}, "ja"),
        ("EN", {"NIPPO_LANG": "ja"}, "en"),
        (None, {"NIPPO_LANG": "ja_JP.UTF-8"}, "ja"),
        (None, {"NIPPO_LANG": "en-GB"}, "en"),
        (None, {"NIPPO_LANG": "", "LANG": "ja_JP.UTF-8"}, ""),
    ],
)
def test_the_option_comes_before_the_environment(option, env, asked):
    """`--lang`, else `NIPPO_LANG`; nothing where neither says, so that the schema may."""
    assert language.asked_for(option, env) == asked


@pytest.mark.parametrize(("option", "env"), [("fr", {}), ("", {}), (None, {"NIPPO_LANG": "deutsch"})])
def test_a_language_that_is_not_there_is_an_error(option, env):
    """It is never ignored, and the error is said in the locale's language."""
    with pytest.raises(UsageError) as refused:
        language.asked_for(option, {**env, "LANG": "ja_JP.UTF-8"})
    assert language.current() == "ja"
    assert "ja, en" in language.say(refused.value.message)


@pytest.mark.parametrize(
    ("env", "spoken"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ja_JP"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "ja"}, "ja"),
    ],
)
def test_the_locale_is_read_as_text(env, spoken):
    """`LC_ALL`, then `LC_MESSAGES`, then `LANG`; a locale that is not installed does no harm."""
    assert language.of_locale(env) == spoken


def test_no_locale_is_english():
    """A bare machine speaks English."""
    assert language.of_locale({}) == "en"


def test_a_parameter_is_never_read_as_a_format_text():
    """Braces, percent signs and attribute paths in what people wrote are shown as they are."""
    nasty = "{said} {0.__class__} {@deal} %s {{"
    assert nasty in language.t("language.unknown", said=nasty, allowed="")


def test_a_message_inside_a_message_is_said_too():
    """And a list is said one by one, with the language's comma."""
    inner = msg("date.needs.week")
    shown = language.say(msg("date.unreadable", said="x", needs=inner))
    assert language.t("date.needs.week") in shown
    assert language.t("language.unknown", said="x", allowed=[inner, "b"]).endswith(
        language.t("date.needs.week") + ", b"
    )


def test_a_missing_parameter_stands_for_itself():
    """A fault in a catalogue costs a word, not the answer."""
    assert "{allowed}" in language.t("language.unknown", said="x")


def test_a_missing_key_stands_for_itself():
    """So does a key that no catalogue has, for one thing and for many."""
    assert language.t("no.such_key", n=1) == "no.such_key"
    assert language.tn("no.such_key", 2) == "no.such_key"


def test_a_message_of_one_form_takes_a_number():
    """`tn` and a Message with `n` work for a message without a plural."""
    assert language.tn("date.needs.sign", 3, said="3d") == language.t("date.needs.sign", said="3d")
    assert "+3d" in language.say(msg("date.needs.sign", said="3d", n=3))


@pytest.mark.parametrize(
    ("lang", "words", "shown"),
    [
        ("en", {}, ["deal", "deals", "Deal", "Deals"]),
        ("ja", {}, ["案件", "案件", "案件", "案件"]),
        ("ja", {"deal": "物件"}, ["物件", "物件", "物件", "物件"]),
        ("en", {"deal": "project"}, ["project", "projects", "Project", "Projects"]),
        ("en", {"deal": "opportunity", "deals": "opportunities"}, ["opportunity", "opportunities", "Opportunity", "Opportunities"]),
    ],
)  # fmt: skip
def test_a_schema_renames_words(lang, words, shown):
    """In the singular, the plural and at the start of a sentence."""
    language.bind(lang, words)
    assert [language.t(f"word.{name}") for name in ("deal", "deals", "Deal", "Deals")] == shown


def test_every_word_that_may_be_renamed_is_there_in_both_languages():
    """Each has a singular in the catalogue, and a plural follows a renaming."""
    for lang in language.LANGUAGES:
        language.bind(lang)
        for name in language.RENAMABLE:
            assert language.t(f"word.{name}") != f"word.{name}"
    language.bind("en", {"entry": "note", "stay": "stop", "push": "delay"})
    assert [language.t(f"word.{name}") for name in ("entries", "stays", "pushes")] == ["notes", "stops", "delays"]


def test_an_unknown_language_is_spoken_in_english():
    """A schema may be in French; its screen is in English."""
    language.bind("fr")
    assert language.current() == "en"


def test_a_japanese_word_takes_no_english_plural():
    """A team that says 物件 reads it on English screens, too; `物件s` is no word."""
    language.bind("en", {"deal": "物件"})
    assert (language.t("word.deals"), language.t("word.Deals")) == ("物件", "物件")
    language.bind("en", {"deal": "case"})
    assert language.t("word.deals") == "cases"
