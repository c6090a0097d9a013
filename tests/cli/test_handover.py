"""The 引継書: what somebody has to know who takes an owner's customers over."""

import pytest
from shell import Shell

WON = ("--stage", "受注", "--later")


@pytest.fixture
def handed(nippo: Shell) -> Shell:
    """佐藤 owns two live deals at 甲社 and one at nobody; 西村 one at 乙社. At 甲社 a deal was won after 20 days and one was lost; there
    are contacts on 10/1, 10/11, 10/21 and 11/10: 10, 10 and 20 days apart, three calls and a visit."""
    call = ("--activity", "電話", "-m", "話した", "--later")
    nippo.done("add", "機械", "--customer", "甲社", *call, "--on", "2026-10-01", "--new-deal", "--amount", "300万")
    nippo.done("add", "機械", *call, *WON, "--on", "2026-10-21")
    nippo.done(
        "add",
        "改造",
        "--customer",
        "甲社",
        *call,
        "--on",
        "2026-10-11",
        "--new-deal",
        "--amount",
        "500万",
        "--closes",
        "11/20",
    )
    nippo.done("add", "改造", "--activity", "訪問", "-m", "延期", "--later", "--on", "2026-11-10", "--closes", "12/20",
               "--next-step", "再見積", "--next-on", "2026-12-01")  # fmt: skip
    nippo.done("add", "部品", "--customer", "甲社", "--activity", "社内", "-m", "準備", "--later", "--new-deal")
    nippo.done("add", "展示会", "--activity", "社内", "-m", "相談", "--later", "--new-deal")
    nippo.done("add", "検査", "--customer", "乙社", *call, "--new-deal")
    nippo.done("deal", "assign", "検査", "西村")
    nippo.done("comment", "改造", "--decision", "-m", "値引は5%まで", "--due", "11/27", "--by", "部長")
    return nippo


def test_a_handover_has_the_owners_live_deals_customer_by_customer(handed: Shell):
    """甲社 with two live deals, then what is nobody's; nothing of 乙社. Promises on both sides, and what was decided, stand in it."""
    page = handed.done("prep", "--handover", "--owner", "佐藤", "--to", "西村").out
    for part in (
        "引継書　佐藤 → 西村", "顧客 2社・進行中の案件 3件", "■ 甲社  2件", "再見積", "後ろ倒し1回", "決定: 値引は5%まで",
        "■ 顧客のない案件  1件",
    ):  # fmt: skip
        assert part in page, part
    assert "乙社" not in page
    found = handed.done("prep", "--handover", "--owner", "佐藤", "--json").json
    assert [(of["customer"], [deal["name"] for deal in of["live"]]) for of in found["customers"]] == [
        ("甲社", ["改造", "部品"]), ("", ["展示会"]),
    ]  # fmt: skip


def test_how_it_went_with_a_customer(handed: Shell):
    """Counted by hand: the median of 10, 10 and 20 days; the order of 10/21 came 20 days after its first entry."""
    (customer,) = handed.done("prep", "甲社", "--handover", "--json").json["customers"]
    assert customer["habits"] == {
        "contacts": 4, "first_on": "2026-10-01", "gap_days": 10.0,
        "activities": [{"activity": "call", "n": 3}, {"activity": "visit", "n": 1}], "won": 1, "lead_days": 20.0,
        "pushes": 1, "pushed_deals": 1, "lost_reasons": [],
    }  # fmt: skip
    assert "4回（2026/10/1から）、およそ10日おき" in handed.done("prep", "甲社", "--handover").out
    assert handed.done("prep", "甲社", "--handover", "--to", "西村").out.startswith("引継書　→ 西村")


def test_a_handover_as_a_file_and_in_english(handed: Shell, tmp_path):
    """One HTML file, to be handed on."""
    page = tmp_path / "handover.html"
    handed.done("prep", "--handover", "-o", str(page))
    assert "再見積" in page.read_text(encoding="utf-8")
    assert "Customers: 2, live deals: 3" in handed.done("--lang", "en", "prep", "--handover", "--owner", "佐藤").out


def test_prep_without_anybody_is_refused(handed: Shell):
    """`--owner` is of a handover; and a page before a visit needs somebody to visit."""
    assert handed("prep").code == 2
    assert handed("prep", "甲社", "--owner", "佐藤").code == 2
    assert handed("prep", "--handover", "--owner", "誰か").code == 4


def owned(shell: Shell) -> dict[str, str]:
    """Whose each deal is, finished ones too."""
    return {deal["name"]: deal["owner"] for deal in shell.done("deal", "list", "--all", "--json").json["deals"]}


def test_all_live_deals_of_one_go_to_another_at_once(handed: Shell):
    """What is finished stays theirs; tried first; one undo takes it back."""
    before = owned(handed)
    assert "3件" in handed.done("deal", "assign", "佐藤", "大野", "--all", "--dry-run").out
    assert owned(handed) == before
    done = handed.done("deal", "assign", "佐藤", "大野", "--all", "--json").json
    assert (done["what"], done["params"]) == ("assigned_all", {"from": "佐藤", "owner": "大野", "n": 3})
    assert owned(handed) == before | dict.fromkeys(["改造", "部品", "展示会"], "大野")
    for options, now in (((), {"大野", "西村"}), (("--to", "大野"), {"大野"})):
        customers = handed.done("prep", "--handover", "--owner", "佐藤", *options, "--json").json["customers"]
        assert {deal["owner"] for of in customers for deal in of["live"]} == now
    for words, code in ((("佐藤", "大野"), 4), (("大野", "大野"), 2), (("大野", " "), 2), (("山田", "大野"), 4)):
        assert handed("deal", "assign", *words, "--all").code == code, words
    handed.done("undo")
    assert owned(handed) == before
    assert "Handed 1 live deal of 西村 over to 大野" in handed.done(
        "--lang", "en", "deal", "assign", "西村", "大野", "--all"
    ).out  # fmt: skip
