"""Deals as they are named in a script: in full, or not at all."""

import shlex

import pytest
from shell import Shell


@pytest.fixture
def two(nippo: Shell) -> Shell:
    """A journal of two deals with names alike."""
    nippo.deal("搬送ロボット更新")
    nippo.deal("搬送ロボット新設")
    return nippo


def test_an_unknown_deal_is_refused_with_the_nearest_names(two: Shell):
    """A slip of the keyboard begins no deal: the names alike, how a new one is begun, and exit 4."""
    answer = two("add", "搬送ロボット更改", "--activity", "電話", "-m", "話した")
    assert answer.code == 4
    assert answer.out == ""
    assert "搬送ロボット更改" in answer.err
    assert "搬送ロボット更新" in answer.err.partition("ヒント: ")[2]
    assert two.done("deal", "list", "--json").json["total"] == 2


def test_a_name_like_no_other_asks_for_new_deal(two: Shell):
    """Where no name is near, the hint is the option that begins a deal."""
    answer = two("add", "XYZ-9", "--activity", "電話", "-m", "話した")
    assert answer.code == 4
    assert "--new-deal" in answer.err


def test_a_part_of_a_name_is_no_name_in_a_script(two: Shell):
    """Today's only match may be one of two tomorrow: a write takes no part of a name."""
    answer = two("add", "ロボット更新", "--activity", "電話", "-m", "話した")
    assert answer.code == 4
    assert two.done("log", "--json").json["total"] == 2


def test_an_ambiguous_name_lists_its_candidates(two: Shell):
    """A read takes a part of a name, but only of one deal; else every candidate with its id, and exit 4."""
    assert two.done("deal", "show", "ロボット更新", "--json").json["name"] == "搬送ロボット更新"
    answer = two("deal", "show", "搬送ロボット")
    assert answer.code == 4
    assert "2 搬送ロボット更新" in answer.err
    assert "4 搬送ロボット新設" in answer.err
    assert "ヒント: " in answer.err


def test_a_deal_answers_to_its_id_and_its_former_name(two: Shell):
    """A script that names a deal as it was called last year still finds it; no other deal may take that name."""
    two.done("deal", "rename", "4", "搬送ロボット増設")
    for name in ("4", "搬送ロボット増設", "搬送ロボット新設", "搬送ﾛﾎﾞｯﾄ新設", "#４"):
        found = two.done("add", name, "--activity", "電話", "-m", "話した", "--json").json
        assert (found["deal"]["id"], found["deal"]["name"]) == ("4", "搬送ロボット増設")
    answer = two("deal", "rename", "2", "搬送ロボット新設")
    assert answer.code == 2
    assert "#4" in answer.err


def test_new_deal_under_a_name_that_stands_is_refused(two: Shell):
    """The same command typed twice makes no twin, and no entry of another's deal either."""
    answer = two(
        "add",
        "搬送ロボット更新",
        "--new-deal",
        "--customer",
        "青葉製作所",
        "--activity",
        "電話",
        "-m",
        "話した",
        "--json",
    )
    assert (answer.code, answer.out) == (2, "")
    assert "#2（青葉製作所）" in answer.err
    assert two.done("log", "--json").json["total"] == two.done("deal", "list", "--json").json["total"] == 2


@pytest.mark.parametrize("command", [
    ("deal", "show", "ない"), ("deal", "timeline", "ない"), ("deal", "rename", "ない", "x"), ("deal", "merge", "2", "ない"),
    ("deal", "assign", "ない", "鈴木"), ("deal", "hold", "ない", "--until", "+7d", "--why", "x"),
    ("deal", "hold", "2", "--release"), ("customer", "ない"), ("show", "999"), ("edit", "999", "--facts", "x"),
    ("gap", "--owner", "ない"), ("deal", "list", "--customer", "ない"), ("log", "--deal", "ない"),
    ("restore", "nothing.db"), ("add", "--from-file", "nothing.yaml"), ("import", "no.csv", "--map", "no.yaml"),
])  # fmt: skip
def test_what_is_not_there_is_exit_4(five: Shell, command):
    """No such deal, customer, owner, entry or file: the name as typed on stderr, nothing on stdout, nothing written."""
    before = five.db.read_bytes()
    answer = five(*command)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("エラー: ")
    assert five.db.read_bytes() == before


@pytest.mark.parametrize(
    "command", [("deal", "assign", "知らない", "鈴木"), ("deal", "hold", "知らない", "--until", "12/31", "--why", "x"),
                ("sales", "add", "--deal", "知らない", "--amount", "1")],
    ids=lambda command: command[1],
)  # fmt: skip
def test_what_can_begin_no_deal_does_not_say_how_to(kept: Shell, command):
    """`--new-deal` is an option of `add` alone."""
    answer = kept(*command)
    assert answer.code == 4
    assert "--new-deal" not in answer.err


@pytest.mark.parametrize("command", [("show", "2"), ("edit", "2", "-m", "x")], ids=lambda command: command[0])
def test_a_deals_id_in_place_of_an_entrys_is_told_as_such(kept: Shell, command):
    """Both come from one row of numbers, and a list of deals shows theirs."""
    answer = kept(*command)
    assert answer.code == 4
    assert "deal show 2" in answer.err
    assert "案件" in answer.err


@pytest.mark.parametrize(
    "command", [("deal", "show", "3"), ("add", "3", "--activity", "電話", "-m", "x")], ids=" ".join
)
def test_an_entrys_id_in_place_of_a_deals_is_told_as_such(kept: Shell, command):
    """The log shows entries' ids; the deal that is meant is named with its own."""
    answer = kept(*command)
    assert answer.code == 4
    assert "案件 2「案件」" in answer.err


def test_the_commands_that_settle_a_taken_name_can_be_run_as_they_stand(two: Shell):
    """One goes on with the deal that has it, the other begins one under a name that is free at that customer."""
    first = ("--customer", "A社", "--activity", "電話", "-m", "話した", "--later")
    for name in ("保守 更新", "保守 更新 2"):
        two.done("add", name, "--new-deal", *first)
    refused = two("add", "保守 更新", "--new-deal", *first)
    assert refused.code == 2
    goes_on, begins = (shlex.split(line)[1:] for line in refused.err.splitlines() if line.startswith("  nippo"))
    two.bare(*begins)
    assert two.done("log", "--json").json["entries"][0]["deal"]["name"] == "保守 更新 3"
    assert two("add", "保守 更新", "--new-deal", *first).code == 2
    before = two.done("log", "--json").json["total"]
    assert two.bare(*goes_on).code == 0
    assert two.done("log", "--json").json["total"] == before + 1
