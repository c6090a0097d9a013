"""A finished deal's whole name hides no live deal that holds it, whatever command it is given to."""

import pytest
from shell import Shell

SAID = ("--activity", "電話", "--on", "2026-11-20", "-m", "話")


@pytest.fixture
def finished(nippo: Shell) -> Shell:
    """洗浄機 of X社 is lost, 洗浄機 二号 of Y社 goes on."""
    nippo.deal("洗浄機", "--customer", "X社")
    nippo.done("add", "洗浄機", "--activity", "電話", "-m", "話", "--stage", "失注", "--lost-reason", "価格")
    nippo.deal("洗浄機 二号", "--customer", "Y社")
    return nippo


@pytest.mark.parametrize(
    "command",
    [
        ("prep", "洗浄機"), ("deal", "show", "洗浄機"), ("prep", "洗浄機", "--handover"), ("comment", "洗浄機", "-m", "よく見る"),
        ("deal", "hold", "洗浄機", "--until", "2026-12-20", "--why", "待ち"), ("deal", "precedents", "洗浄機"),
        ("add", "洗浄機", *SAID), ("deal", "story", "洗浄機"), ("deal", "timeline", "洗浄機"), ("log", "--deal", "洗浄機"),
        ("search", "話", "--deal", "洗浄機"),
        ("sales", "list", "--deal", "洗浄機"), ("follow", "洗浄機"), ("deal", "assign", "洗浄機", "鈴木"),
        ("deal", "review", "洗浄機", "-m", "高かった", "--cause", "price_gap", "--known", "guess"),
        ("deal", "rename", "洗浄機", "旧洗浄機"),
    ],
)  # fmt: skip
def test_the_live_one_is_told_of(finished: Shell, command: tuple[str, ...]):
    """By its name and customer, beside the answer."""
    answer = finished(*command)
    assert answer.err.count("二号") == 1, (answer.code, answer.err, answer.out[:200])


def test_nothing_is_told_where_the_deal_is_named_by_its_number(finished: Shell):
    """Or with its customer: that one is meant."""
    assert "二号" not in finished.done("add", "2", *SAID).err
    assert "二号" not in finished.done("add", "洗浄機", "--customer", "X社", *SAID).err
