"""Adding a gap is a module, a renderer, words and one line of the registry: held by a kind that exists in this test alone."""

import sys
from collections.abc import Mapping
from types import ModuleType

import command_table
import pytest
from shell import Shell

from nippo_cli.base import language
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps import KINDS, GapKind
from nippo_cli.gaps.finding import Findings, no_details
from nippo_cli.render.draw import Prose
from nippo_cli.render.gaps.page import GapRenderer

KIND = "unpriced"
WORDS = {
    "show.gap.title_unpriced": "No amount",
    "choice.gap.unpriced": "unpriced",
    "show.unpriced.found": "{n} without an amount: {names}",
    "show.unpriced.ask": "What may it be worth?",
    "show.unpriced.sign": "nobody has named an amount",
}


class Unpriced(NamedTuple):
    """A live deal whose amount nobody has named."""

    deal: int
    stage: str
    began_on: object
    new: bool
    amount: int | None
    measure: int


def _find(facts):
    heads = [head for head in facts.live() if head.amount is None]
    return Findings(
        [Unpriced(h.id, h.stage, h.began_on, h.began_on >= facts.since, None, 1) for h in heads], counted=len(heads)
    )


def _blocks(result, _screen):
    names = ", ".join(row.head.name for row in result.rows)
    return [Prose(language.t("show.unpriced.found", n=result.counted, names=names))]


def _module(name: str, members: Mapping[str, object]) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(members)
    return made


GAP = _module(f"nippo_cli.gaps.{KIND}", {"find": _find, "look": no_details})
PAGE = _module(
    f"nippo_cli.render.gaps.{KIND}",
    {
        "RENDERER": GapRenderer(
            blocks=_blocks,
            summary=lambda result: {"unpriced": result.counted},
            finding=lambda row, _result: {"deal_kind": row.head.kind},
            columns=("deal_kind",),
            sign=lambda _one, _head, _schema: language.t("show.unpriced.sign"),
            ask="show.unpriced.ask",
        )
    },
)


@pytest.fixture
def unpriced(five: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Nippo in English with five deals, none of which names an amount, and with one gap more: the gravest of all."""
    monkeypatch.setitem(KINDS, KIND, GapKind("live", risk=1))
    monkeypatch.setitem(sys.modules, GAP.__name__, GAP)
    monkeypatch.setitem(sys.modules, PAGE.__name__, PAGE)
    forms = language._forms
    monkeypatch.setattr(language, "_forms", lambda key: (WORDS[key],) if key in WORDS else forms(key))
    monkeypatch.setenv("NIPPO_LANG", "en")
    return five


def test_its_page_is_there(unpriced: Shell):
    """As text, and as JSON and CSV in the shapes that all kinds share."""
    said = unpriced.done("gap", KIND).out
    assert "No amount" in said
    assert "5 without an amount: " in said
    page = unpriced.done("gap", KIND, "--json").json
    assert (page["total"], page["summary"]) == (5, {"unpriced": 5})
    assert {finding["kind"] for finding in page["findings"]} == {KIND}
    assert all("deal_kind" in finding for finding in page["findings"])
    assert unpriced.done("gap", KIND, "--format", "csv").out.splitlines()[0].endswith(",deal_kind")


def test_the_whole_page_tells_of_it(unpriced: Shell):
    """A section of its own, the money at risk under it, and its question and sign among the deals to talk about."""
    said = unpriced.done("gap").out
    for words in ("No amount", "5 without an amount", "nobody has named an amount", "What may it be worth?"):
        assert words in said
    page = unpriced.done("gap", "--json").json
    assert page["kinds"][KIND] == {"total": 5, "summary": {"unpriced": 5}}
    assert page["parts"][0]["risks"][0] == {"kind": KIND, "deals": 5, "amount": 0}
    assert all(talk["signs"][0]["kind"] == KIND for talk in page["parts"][0]["talk"])


def test_a_deal_shows_its_sign(unpriced: Shell):
    """Among the others, on the deal's own page."""
    [first, *_] = unpriced.done("deal", "list", "--json").json["deals"]
    assert "nobody has named an amount" in " ".join(unpriced.done("deal", "show", first["id"]).out.split())
    assert KIND in {sign["kind"] for sign in unpriced.done("deal", "show", first["id"], "--json").json["signs"]}


def test_two_days_are_compared_by_it(unpriced: Shell):
    """Alone and with all the others."""
    for kinds in ((KIND,), ()):
        page = unpriced.done("gap", *kinds, "--compare", "--json").json
        assert sum(page["counts"][KIND].values()) == 5


def test_it_is_among_the_kinds_to_choose(unpriced: Shell):
    """When TAB is pressed, and where a kind is named that is none."""
    refused = unpriced("gap", "nonesuch")
    assert refused.code == 2
    assert KIND in refused.err
    assert f"|{KIND}" in command_table.text()
