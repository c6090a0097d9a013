"""A deal whose customer was taken out of it: what was said there lands in no other customer's deal unasked."""

import sqlite3
from typing import Any

import pytest
from shell import Shell

SAID = ("--on", "2026-11-20")
SCHEMA = """\
nippo: 1
name: t
stages: [{key: lead, label: 引合い}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts}
"""
MAP = "source: s\non: 日\ndeal: 案\nfields: {customer: 客, facts: 事}\n"


def bring_in(nippo: Shell, name: str, deal: str, customer: str, source: str = MAP):
    """An import of one row."""
    (nippo.journal.parent / f"{name}.csv").write_text(
        f"日,案,客,事\n2026-11-19,{deal},{customer},{name}\n", encoding="utf-8"
    )
    (nippo.journal.parent / "map.yaml").write_text(source, encoding="utf-8")
    paths = str(nippo.journal.parent / f"{name}.csv"), "--map", str(nippo.journal.parent / "map.yaml")
    return nippo.done("import", *paths, "--json")


@pytest.fixture
def empty(nippo: Shell) -> Shell:
    """A journal whose schema asks for nothing."""
    nippo.journal.mkdir(exist_ok=True)
    nippo.schema.write_text(SCHEMA, encoding="utf-8")
    return nippo


def begin(nippo: Shell, deal: str) -> str:
    """A deal of A社: the id of its entry."""
    return str(
        nippo.done("add", deal, "--new-deal", "--customer", "A社", *SAID, "-m", "始め", "--json").json["entry"]["id"]
    )


@pytest.fixture(params=["import", "--retract", "--erase", "--deal"])
def left(request: pytest.FixtureRequest, empty: Shell) -> Shell:
    """Deal A機, which has no customer any more; 「A社で聞いた話」 is in it."""
    nippo = empty
    if request.param == "import":
        bring_in(nippo, "一", "A機", "A社")
        nippo.done("add", "A機", *SAID, "-m", "A社で聞いた話")
        nippo.done("undo", "2")
        return nippo
    entry = begin(nippo, "A機")
    nippo.done("add", "A機", *SAID, "-m", "A社で聞いた話")
    how = {"--retract": ("--retract",), "--erase": ("--erase", "--why", "申し出"), "--deal": ("--deal", "B機")}[
        request.param
    ]
    if request.param == "--deal":
        begin(nippo, "B機")
    nippo.done("edit", entry, *how)
    return nippo


def whose(nippo: Shell) -> list[tuple[str, str]]:
    """Each deal of the name: its customer, and what was said in it; of what was erased nothing."""
    entries = nippo.done("log", "--json").json["entries"]
    return sorted(
        ((e["deal"]["customer"] or ""), e["values"].get("facts", "")) for e in entries if e["deal"]["name"] == "A機"
    )


def test_an_import_begins_a_deal_of_its_own(left: Shell):
    """For the customer that its row names."""
    bring_in(left, "二", "A機", "Z社")
    assert ("", "A社で聞いた話") in whose(left)
    assert ("Z社", "二") in whose(left)


@pytest.mark.parametrize("deal", ["deal: 案", "deal: {column: 案, key: 事}"])
def test_an_import_says_beside_which_deal_it_began_one(left: Shell, deal: str):
    """Whether the file knows its deals by name or by a key."""
    said = bring_in(left, "二", "A機", "Z社", MAP.replace("deal: 案", deal)).err
    assert "新しい案件" in said
    assert "A機" in said


def test_a_script_is_refused_and_told_both_ways(left: Shell):
    """A new deal, or this one by its number."""
    said = ("--customer", "Z社", *SAID, "-m", "Z社の話")
    refused = left("add", "A機", *said)
    assert refused.code != 0
    assert "--new-deal" in refused.err
    assert ("", "A社で聞いた話") in whose(left)
    left.done("add", "A機", "--new-deal", *said)
    assert ("", "A社で聞いた話") in whose(left)
    assert ("Z社", "Z社の話") in whose(left)


def test_a_correction_is_refused_that_says_another_customer_in_it(left: Shell):
    """As a report is; named by its number, or where the corrected entry is all that is in it, it is that customer's."""
    talk = next(e for e in left.done("log", "--json").json["entries"] if e["values"].get("facts") == "A社で聞いた話")
    left.done("add", str(talk["deal"]["id"]), *SAID, "-m", "もう一つ")
    refused = left("edit", str(talk["id"]), "--customer", "Z社")
    assert refused.code == 2
    assert f"番号 {talk['deal']['id']}" in refused.err
    assert ("", "A社で聞いた話") in whose(left)
    done = left.done("edit", str(talk["id"]), "--customer", "Z社", "--deal", str(talk["deal"]["id"])).out
    assert "Z社" in done
    assert ("Z社", "A社で聞いた話") in whose(left)


def test_going_on_with_it_by_its_number_says_whose_it_was(left: Shell):
    """A社, or of an erased entry nobody's name; asked for in JSON, too."""
    deal = next(str(e["deal"]["id"]) for e in left.done("log", "--json").json["entries"] if e["deal"]["name"] == "A機")
    added = left.done("add", deal, "--customer", "Z社", *SAID, "-m", "Z社の話", "--json").json
    assert [(one["deal"]["name"], one["before"], one["after"]) for one in added["customers"]] in (
        [("A機", "A社", "Z社")],
        [("A機", "", "Z社")],
    )


def test_an_import_says_whose_a_deal_was_that_its_key_gives_to_another(left: Shell):
    """First by a row that names no customer, then, in that file or a later one, by one that names Z社."""
    by_key = MAP.replace("deal: 案", "deal: {column: 案, key: 客キー}")
    for name, customer in (("二", ""), ("三", "Z社")):
        path = left.journal.parent / f"{name}.csv"
        path.write_text(f"日,案,客,事,客キー\n2026-11-19,A機,{customer},{name},7\n", encoding="utf-8")
        (left.journal.parent / "map.yaml").write_text(by_key, encoding="utf-8")
        said = left.done("import", str(path), "--map", str(left.journal.parent / "map.yaml"), "--json").json
        assert said["customers_changed"] == bool(customer)
    assert said["customers"][0]["deal"]["name"] == "A機"
    assert said["customers"][0]["customers"][-1] == "Z社"


@pytest.mark.parametrize("order", [0, 1])
def test_a_merge_with_another_customers_deal_says_whose_it_was(empty: Shell, order: int):
    """Whichever of the two goes on."""
    entry = begin(empty, "A機")
    empty.done("add", "A機", *SAID, "-m", "A社で聞いた話")
    empty.done("edit", entry, "--retract")
    empty.done("add", "Z機", "--new-deal", "--customer", "Z社", *SAID, "-m", "Z社の話")
    merged = empty.done("deal", "merge", *(("A機", "Z機") if order else ("Z機", "A機"))).out
    assert "A社 → Z社" in merged
    assert "A機" in merged.splitlines()[-1]


def test_a_merge_with_its_own_customers_deal_says_nothing_of_that(empty: Shell):
    """Nor does one with a deal of nobody's that never was anybody's."""
    entry = begin(empty, "A機")
    empty.done("add", "A機", *SAID, "-m", "A社で聞いた話")
    empty.done("edit", entry, "--retract")
    empty.done("add", "B機", "--new-deal", "--customer", "A社", *SAID, "-m", "別の話")
    empty.done("add", "C機", "--new-deal", *SAID, "-m", "社内の話")
    assert "→" not in empty.done("deal", "merge", "A機", "B機").out
    assert "→" not in empty.done("deal", "merge", "C機", "B機").out


def test_a_correction_of_the_only_entry_is_taken_at_its_word(empty: Shell):
    """Nothing that was said elsewhere is in the deal: its customer was a slip, first taken out and then said anew."""
    entry = begin(empty, "A機")
    empty.done("edit", entry, "--customer", "")
    empty.done("edit", entry, "--customer", "Z社")
    assert whose(empty) == [("Z社", "始め")]


@pytest.mark.parametrize("command", ["add", "edit"])
def test_its_own_customer_comes_back_under_any_of_its_names(empty: Shell, command: str):
    """A customer that has another name by now is no other customer."""
    entry = begin(empty, "A機")
    empty.done("add", "A機", *SAID, "-m", "A社で聞いた話")
    empty.done("edit", entry, "--retract")
    begin(empty, "B機")
    empty.done("customer", "rename", "A社", "新A社")
    said = ("A機",) if command == "add" else ()
    talk = empty.done("add", *said, "--customer", "A社", *SAID, "-m", "また来た話", "--json").json["entry"]["id"]
    if command == "edit":
        empty.done("edit", str(talk), "--deal", "A機")
    assert whose(empty) == [("新A社", "A社で聞いた話"), ("新A社", "また来た話")]


def test_a_row_that_names_no_customer_asks_nobody_whose_a_deal_was(
    empty: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look through the whole log is made for a row that says a customer, and for all rows once."""
    from nippo_cli.journal.log.left_deals import SAYING

    asked: list[str] = []
    connect = sqlite3.connect

    def traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        cx = connect(*args, **kwargs)
        cx.set_trace_callback(asked.append)
        return cx

    empty.done("add", "A機", "--new-deal", *SAID, "-m", "始め")
    monkeypatch.setattr(sqlite3, "connect", traced)
    bring_in(empty, "一", "A機", "")
    assert asked.count(SAYING) == 0
    bring_in(empty, "二", "A機", "Z社")
    assert asked.count(SAYING) == 1


def test_nobodys_deal_that_never_was_anybodys_becomes_the_first_ones_that_is_said(empty: Shell):
    """As ever."""
    bring_in(empty, "一", "A機", "")
    bring_in(empty, "二", "A機", "Z社")
    assert whose(empty) == [("Z社", "一"), ("Z社", "二")]
