"""The JSON shapes that are fixed for good, with figures reckoned by hand."""

import json

import pytest
from shell import Shell

# Three reps' deals: one won after 30 days, one lost after 10, one stalled in 見積, one silent since January.
STORY = (
    ("A", "2026-06-01", "引合", "100万", "佐藤"),
    ("A", "2026-07-01", "受注", None, "佐藤"),
    ("B", "2026-06-01", "引合", "200万", "鈴木"),
    ("B", "2026-06-11", "失注", None, "鈴木"),
    ("C", "2026-09-01", "引合", "500万", "佐藤"),
    ("C", "2026-09-15", "見積", None, "佐藤"),
    ("D", "2026-01-10", "引合", None, "鈴木"),
)


@pytest.fixture
def story(nippo: Shell) -> Shell:
    """The minimal schema, with a norm of 30 days for 見積; every entry in one file."""
    nippo.done("init", "--template", "minimal")
    text = nippo.schema.read_text(encoding="utf-8").replace("label: 見積}", "label: 見積, norm: 30}")
    nippo.schema.write_text(text, encoding="utf-8")
    reports = [
        {"deal": name, "new_deal": True, "customer": f"{name}社", "on": on, "stage": stage, "by": by, "facts": "話した"}
        | ({"amount": amount} if amount else {})
        | ({"closes": "2026-10-01"} if (name, stage) == ("C", "見積") else {})
        | ({"lost_reason": "価格"} if stage == "失注" else {})
        for name, on, stage, amount, by in STORY
    ]
    (nippo.journal / "reports.json").write_text(json.dumps(reports), encoding="utf-8")
    nippo.done("add", "--from-file", str(nippo.journal / "reports.json"))
    return nippo


def test_the_summary_of_deals(story: Shell):
    """Four fates that add up to all, the rate of those decided, lead times from the first entry to the close."""
    found = story.done("deal", "list", "--summary", "--json").json
    assert found["as_of"] == "2026-11-23"
    assert found["deals"] == 4
    assert found["fates"] == {"won": 1, "lost": 1, "fizzled": 2, "open": 0}
    assert found["win_rate"] == 0.5
    assert found["lead_time_days"] == {
        "won": {"n": 1, "median": 30, "mean": 30},
        "lost": {"n": 1, "median": 10, "mean": 10},
    }
    assert found["amounts"] == {"won": 1_000_000, "lost": 2_000_000, "fizzled": 5_000_000, "open": 0}
    earlier = story.done("deal", "list", "--summary", "--json", "--as-of", "2026-06-05")
    assert earlier.json["fates"] == {"won": 0, "lost": 0, "fizzled": 0, "open": 0}, "nothing was written down yet"


def test_the_gap_of_stalled_deals(story: Shell):
    """Each finding names its deal, its stage, since when, whether that is new, its entries, and days against norm."""
    found = story.done("gap", "stalled", "--since", "90d", "--json").json
    assert (found["as_of"], found["since"]) == ("2026-11-23", "2026-08-25")
    assert {"stage": "quote", "days": 30, "source": "schema", "n": 0} in found["norms"]
    assert isinstance(found["left_out"], dict)
    first, second = found["findings"]
    assert {key: first[key] for key in ("kind", "stage", "began_on", "new", "amount", "stay_days", "norm_days")} == {
        "kind": "stalled", "stage": "quote", "began_on": "2026-10-16", "new": True, "amount": 5_000_000,
        "stay_days": 69, "norm_days": 30,
    }  # fmt: skip
    assert {key: first["deal"][key] for key in ("name", "customer", "owner")} == {
        "name": "C",
        "customer": "C社",
        "owner": "佐藤",
    }
    assert story.done("show", first["entries"][0], "--json").json["on"] == "2026-09-15"
    # From 10 January 317 days; the default of 30 days was passed in February, long before the window.
    assert (second["deal"]["name"], second["stay_days"], second["began_on"], second["new"]) == (
        "D",
        317,
        "2026-02-10",
        False,
    )
    assert (second["amount"], second["norm_days"]) == (None, 30)


def test_bare_gap_holds_every_kinds_findings(story: Shell):
    """The same findings as each kind's own page, under one frame."""
    whole = story.done("gap", "--json").json
    for kind, counted in whole["kinds"].items():
        alone = story.done("gap", kind, "--json").json
        assert [one for one in whole["findings"] if one["kind"] == kind] == alone["findings"]
        assert (counted["total"], counted["summary"]) == (alone["total"], alone["summary"])
    assert {"as_of", "since", "norms", "findings", "left_out"} <= whole.keys()


@pytest.mark.parametrize(("options", "names"), [
    (("--min-stay", "100d"), ["D"]), (("--owner", "佐藤"), ["C"]), (("--customer", "D社"), ["D"]), (("--stage", "見積"), ["C"]),
    (("--limit", "1"), ["C"]), (("--as-of", "2026-10-15"), []),
])  # fmt: skip
def test_the_gap_of_some_deals(story: Shell, options, names):
    """A filter narrows the findings; on an earlier day nothing was known."""
    found = story.done("gap", "stalled", "--json", *options).json
    assert [one["deal"]["name"] for one in found["findings"]] == names


def test_the_page_of_a_deal(story: Shell):
    """The head, then its stays, promises and entries, oldest first."""
    found = story.done("deal", "show", "C", "--json").json
    assert {key: found[key] for key in ("name", "customer", "owner", "stage", "stay_days", "amount", "closes", "pushes")} == {
        "name": "C", "customer": "C社", "owner": "佐藤", "stage": "quote", "stay_days": 69, "amount": 5_000_000,
        "closes": "2026-10-01", "pushes": 0,
    }  # fmt: skip
    assert [(s["stage"], s["entered_on"], s["left_on"], s["days"]) for s in found["stays"]] == [
        ("inquiry", "2026-09-01", "2026-09-15", 14),
        ("quote", "2026-09-15", None, 69),
    ]
    assert [(p["what"], p["made_on"]) for p in found["promises"]] == [
        ("amount", "2026-09-01"),
        ("closes", "2026-09-15"),
    ]
    assert [e["on"] for e in found["entries"]] == ["2026-09-01", "2026-09-15"]
