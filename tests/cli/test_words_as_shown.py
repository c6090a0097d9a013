"""What the screen shows can be typed, in the user's language, beside the key that scripts use."""

import csv
import io

import pytest
from shell import Shell

from nippo_cli.base.language import bind, t
from nippo_cli.gaps import KINDS as GAPS
from nippo_cli.services.context import key_meant


@pytest.mark.parametrize(
    ("as_shown", "by_key"),
    [
        ("gap 滞留", "gap stalled"),
        ("gap うやむや", "gap fizzled"),
        ("gap 立ち消え懸念", "gap fizzled"),
        ("gap ＳＴＡＬＬＥＤ", "gap stalled"),
        ("gap 次の一手なし --compare", "gap next --compare"),
        ("gap --by 担当", "gap --by owner"),
        ("deal list --fate 失注", "deal list --fate lost"),
        ("deal list --fate 進行中", "deal list --fate open"),
        ("lessons 失注", "lessons lost"),
        ("lessons 事例", "lessons cases"),
        ("lessons fates --fate 受注", "lessons fates --fate won"),
        ("lessons words --sign 書き写し", "lessons words --sign copied"),
        ("steps --by 担当", "steps --by owner"),
        ("steps --by 月", "steps --by month"),
        ("steps --deals 引合:前進", "steps --deals 引合:onward"),
        ("search 話 --sort よく合う順", "search 話 --sort relevance"),
    ],
)
def test_a_word_means_what_its_key_does(kept: Shell, as_shown: str, by_key: str):
    """The same page, to the letter."""
    assert kept.done(*as_shown.split()).out == kept.done(*by_key.split()).out


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_title_of_a_gap_can_be_typed(lang: str):
    """As it stands on its page, and either part of one with brackets."""
    bind(lang)
    for kind in GAPS:
        title = t(f"show.gap.title_{kind}")
        assert key_meant("gap", title, GAPS) == kind
        assert key_meant("gap", title.split("（")[0], GAPS) == kind


def test_what_is_no_word_is_refused_with_those_that_are(kept: Shell):
    """In the user's language: no key that a rep never saw."""
    assert "滞留、蜃気楼" in kept("gap", "遅れ").err
    assert "受注、失注、立ち消え懸念、進行中" in kept("deal", "list", "--fate", "x").err


def test_how_a_review_is_known_by_its_word(kept: Shell):
    """`--known 本人に確認` is `asked`."""
    kept.done("add", "案件", "--stage", "失注", "--lost-reason", "価格", "--activity", "電話", "-m", "断られた")
    said = ("deal", "review", "案件", "-m", "値段ではなかった", "--cause", "わからない")
    kept.done(*said, "--known", "本人に確認")
    assert kept.done("deal", "show", "案件", "--json").json["reviews"][0]["known_by"] == "asked"


def test_errors_call_a_field_by_its_label(kept: Shell):
    """次の一手の期日, not `next_on`; what is missing is said once."""
    err = kept("add", "案件", "--next-on", "そのうち", "-m", "話").err
    assert "次の一手の期日: 「そのうち」" in err
    assert "next_on" not in err
    assert "活動を記入してください" in err
    assert "活動: 活動" not in err


def test_a_next_step_may_be_due_in_a_week(kept: Shell):
    """来週 is all of next week, and late only after its end."""
    kept.done("add", "案件", "--activity", "電話", "-m", "話", "--next-step", "電話", "--next-on", "来週")
    first, last = kept.done("deal", "show", "案件", "--json").json["next_on"].split("/")
    assert last > first


def test_a_file_of_csv_has_heads_in_words(kept: Shell, tmp_path):
    """A pipe, `--format csv` and `--heads keys` keep the keys; `--heads words` gives a pipe words."""

    def heads(text: str) -> list[str]:
        return next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))

    def of_file(*options: str) -> list[str]:
        kept.done("log", "-o", str(tmp_path / "log.csv"), *options)
        return heads((tmp_path / "log.csv").read_text(encoding="utf-8"))

    assert {"日付", "案件", "次の一手の期日"} <= set(of_file())
    for options in (["--heads", "keys"], ["--format", "csv"]):
        assert {"on", "deal.name", "values.next_on"} <= set(of_file(*options))
    assert "deal.name" in heads(kept.done("log", "--format", "csv").out)
    assert "案件" in heads(kept.done("log", "--format", "csv", "--heads", "words").out)
    assert "words" in kept("log", "--format", "csv", "--heads", "x").err


def test_no_two_columns_of_a_file_have_one_name(kept: Shell, tmp_path):
    """Where two keys have one word, the key stands behind it."""
    kept.done("log", "-o", str(tmp_path / "log.csv"))
    names = next(csv.reader(io.StringIO((tmp_path / "log.csv").read_text(encoding="utf-8-sig"))))
    assert len(set(names)) == len(names)
    assert {"顧客 (deal.customer)", "顧客 (values.customer)"} <= set(names)
