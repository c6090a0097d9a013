"""The heads of a CSV file in words: of every page, in both languages."""

import pkgutil
from importlib import import_module

import pytest

import nippo_cli.render
from nippo_cli.base.language import bind
from nippo_cli.render.draw.emit import Renderer
from nippo_cli.render.draw.head_words import heads_in_words

# What is no key of a page: a schema's field, which its label names, and rows of a screen that no file has.
_NO_HEADS = ("values.",)
# Keys that stand in the rows of several pages, whatever their `columns` are.
_OF_DEALS = ("billed_to", "site", "deal.id", "deal.name", "deal.customer", "deal.owner")


def every_head() -> set[str]:
    """The heads that the pages declare."""
    heads = set(_OF_DEALS)
    for found in pkgutil.walk_packages(nippo_cli.render.__path__, "nippo_cli.render."):
        module = import_module(found.name)
        declared = [value for name, value in vars(module).items() if name.strip("_").endswith("COLUMNS")]
        declared += [
            one.columns(None) for one in vars(module).values() if isinstance(one, Renderer) and not _hangs(one)
        ]
        heads |= {head for columns in declared if isinstance(columns, tuple) for head in columns}
    return {head for head in heads if not head.startswith(_NO_HEADS)}


def _hangs(renderer: Renderer) -> bool:
    return callable(renderer._columns)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_head_has_words(language: str):
    """Whoever opens the file reads them."""
    bind(language)
    heads = sorted(every_head())
    assert len(heads) > 120
    assert [head for head in heads if heads_in_words([head], {}) == [head]] == []


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("ball.days.sales", "ボール 日数 営業"),
        ("deal.ball.days.sales", "案件 ボール 日数 営業"),
        ("ball.days.former", "ボール 日数 former"),
        ("ball.customer_days", "ボール 顧客側の日数"),
    ],
)
def test_days_of_who_held_the_ball_are_headed_by_the_schemas_word(head: str, expected: str):
    """Not by a column that has the holder's key; a holder that the schema has no more stands for itself."""
    bind("ja")
    assert heads_in_words([head], {"sales": "x", "ball.sales": "営業"}) == [expected]
