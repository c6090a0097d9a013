"""`nippo steps` and `nippo gap broken`, from what is typed to what is answered."""

import json
import re
from pathlib import Path

import pytest
from shell import Shell

# deal, day, stage, amount, who, lead source. Reckoned by hand in the tests below.
STORY = (
    ("A", "2026-06-01", "引合", "100万", "佐藤"),
    ("A", "2026-06-11", "見積", None, "佐藤"),
    ("A", "2026-07-01", "受注", None, "佐藤"),
    ("B", "2026-06-01", "引合", "200万", "鈴木"),
    ("B", "2026-06-11", "失注", None, "鈴木"),
    ("C", "2026-09-01", "引合", "500万", "佐藤"),
    ("C", "2026-09-15", "見積", None, "佐藤"),
    ("C", "2026-11-10", "引合", None, "佐藤"),
    ("D", "2026-10-20", "引合", None, "鈴木"),
    ("E", "2026-11-20", "見積", "50万", "鈴木"),
)
STAGES = """stages:
  - {key: 引合, evidence: [amount]}
  - {key: 見積, must: true, may_return_to: [見積]}
  - {key: 受注, ends: won}
  - {key: 失注, ends: lost}
"""


def reports(shell: Shell, told, **also: object) -> None:
    """Entries by a file, as a rep who catches up writes them."""
    known = (
        {deal["name"] for deal in shell("deal", "list", "--all", "--json").json["deals"]} if shell.db.exists() else ()
    )
    found = [
        {
            "deal": name,
            "new_deal": name not in known,
            "customer": f"{name}社",
            "on": on,
            "stage": stage,
            "by": by,
            "facts": "話した",
        }
        | ({"amount": amount} if amount else {})
        | ({"lost_reason": "価格"} if stage == "失注" else {})
        | also
        for name, on, stage, amount, by in told
    ]
    path = shell.journal / "reports.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    shell.done("add", "--from-file", str(path))


def write(nippo: Shell) -> None:
    """The minimal schema with what was agreed on its stages. Each entry is written on its own evening."""
    nippo.done("init", "--template", "minimal")
    text = nippo.schema.read_text(encoding="utf-8")
    before, rest = text.split("stages:\n", 1)
    after = rest[rest.index("\n\n") :].replace("{stage: lost}", "{stage: 失注}")
    nippo.schema.write_text(before + STAGES + after, encoding="utf-8")
    with pytest.MonkeyPatch.context() as evening:
        for one in sorted(STORY, key=lambda row: row[1]):
            evening.setenv("NIPPO_NOW", f"{one[1]}T20:00:00+09:00")
            reports(nippo, [one])


@pytest.fixture
def story(once) -> Shell:
    """The ten entries of `STORY`."""
    return once(write)


def stages(found, group: str | None = None) -> dict[str, dict[str, object]]:
    """The rows of one group by stage."""
    return {row["stage"]: row for row in found["stages"] if row["group"] == group}


def test_each_stage_of_the_window(story: Shell):
    """In, what became of it, who stands there with how much, and how long it took: by hand."""
    found = story.done("steps", "--since", "1y", "--json").json
    assert (found["since"], found["until"], found["by"]) == ("2025-11-23", "2026-11-23", None)
    lead, quote = stages(found)["引合"], stages(found)["見積"]
    # A and C went on, B was lost; C came back; D and C are there now.
    assert {k: lead[k] for k in ("in", "begun", "returned", "deals", "onward", "back", "lost")} == {
        "in": 5, "begun": 4, "returned": 1, "deals": 4, "onward": 2, "back": 0, "lost": 1,
    }  # fmt: skip
    assert lead["fizzled"] + lead["still"] == 2
    assert lead["conversion"] == {"n": 3, "rate": 0.6667, "low": 0.2077, "high": 0.9385}
    assert lead["stay_days"] == {"n": 3, "median": 10, "p75": 14, "p90": 14}
    assert (lead["standing"], lead["standing_amount"], lead["standing_without_amount"]) == (2, 5_000_000, 1)
    # A was ordered after 20 days, C went back after 56, E began there.
    assert {k: quote[k] for k in ("in", "begun", "onward", "won", "back", "still", "out", "standing")} == {
        "in": 3, "begun": 1, "onward": 1, "won": 1, "back": 1, "still": 1, "out": 2, "standing": 1,
    }  # fmt: skip
    assert quote["stay_days"] == {"n": 2, "median": 38, "p75": 56, "p90": 56}
    assert (stages(found)["受注"]["in"], stages(found)["受注"]["in_amount"]) == (1, 1_000_000)
    assert stages(found)["失注"]["standing"] is None


def test_a_window_of_the_past_and_a_day_of_the_past(story: Shell):
    """`--until` ends the window; what is known is what is known today."""
    found = story.done("steps", "--since", "2026-06-01", "--until", "2026-06-30", "--json").json
    lead, quote = stages(found)["引合"], stages(found)["見積"]
    assert (lead["in"], lead["onward"], lead["lost"], lead["standing"]) == (2, 1, 1, 0)
    assert (quote["in"], quote["standing"], quote["standing_amount"]) == (1, 1, 1_000_000)


def test_groups_add_up_to_all(story: Shell):
    """By owner: each figure of all is the sum over the owners."""
    found = story.done("steps", "--by", "owner", "--json").json
    groups = [stages(found, name) for name in ("佐藤", "鈴木")]
    for stage, row in stages(found).items():
        for figure in ("in", "out", "onward", "back", "lost", "skipped", "in_amount", "standing_amount"):
            assert row[figure] == sum(group[stage][figure] for group in groups), (stage, figure)
    only = story.done("steps", "--owner", "鈴木", "--json").json
    assert stages(only) == {k: v | {"group": None} for k, v in groups[1].items()}
    assert stages(story.done("steps", "--customer", "E社", "--json").json)["見積"]["in"] == 1


def test_stays_before_a_hand_over_are_the_predecessors(story: Shell):
    """C is 佐藤's until 1 October: its first stay stays his, what ended later and what lasts is 鈴木's."""
    story.done("deal", "assign", "C", "鈴木", "--on", "2026-10-01")
    found = story.done("steps", "--by", "owner", "--json").json
    before, after = stages(found, "佐藤"), stages(found, "鈴木")
    assert (before["引合"]["in"], before["引合"]["onward"]) == (2, 2)
    assert (before["見積"]["in"], after["見積"]["in"], after["見積"]["back"]) == (1, 2, 1)
    assert (before["引合"]["standing"], after["引合"]["standing"]) == (0, 2)
    for name, group in (("佐藤", before), ("鈴木", after)):
        only = stages(story.done("steps", "--owner", name, "--json").json)
        assert only == {k: v | {"group": None} for k, v in group.items()}
    # At the ends of months as they were known then, the deal is still his: the hand-over was written down today.
    months = story.done("steps", "--by", "month", "--owner", "佐藤", "--json").json["months"]
    assert [m["live"] for m in months][-5:] == [1, 0, 0, 1, 1]


def test_every_figure_opens_to_its_deals(story: Shell):
    """As many deals as the figure says, each with the entries that it rests on."""
    page = stages(story.done("steps", "--json").json)
    for stage, row in page.items():
        for figure in ("in", "out", "onward", "won", "back", "lost", "fizzled", "still", "skipped", "standing"):
            opened = story.done("steps", "--deals", f"{stage}:{figure}", "--json", "--limit", "0").json
            assert opened["total"] == len(opened["deals"]) == (row[figure] or 0), (stage, figure)
    [back] = story.done("steps", "--deals", "見積:back", "--json").json["deals"]
    assert (back["deal"]["name"], back["on"], back["left_on"], back["days"], back["to"]) == (
        "C", "2026-09-15", "2026-11-10", 56, "引合",
    )  # fmt: skip
    assert len(back["entries"]) == 2
    assert story.done("steps", "--deals", "見積", "--json").json["figure"] == "in"


def test_figures_of_a_page_lead_to_their_deals(nippo: Shell, tmp_path: Path):
    """In HTML each figure of the demo's steps leads to the deals that it counts: those that `--deals STAGE:FIGURE` has. The report names
    the same."""
    demo = ("--journal", str(tmp_path / "demo"))
    nippo.done("demo", "--keep", demo[1])
    shown = ("in", "out", "onward", "back", "lost", "fizzled", "still", "skipped", "standing")
    asked = {
        (stage, figure): nippo.done("steps", "--deals", f"{stage}:{figure}", *demo, "--limit", "0", "--json").json[
            "deals"
        ]
        for stage, figures in stages(nippo.done("steps", *demo, "--json").json).items()
        for figure in shown
        if figures[figure]
    }
    for name, figures in (("steps", shown), ("report", ("in", "standing"))):
        nippo.done(name, *demo, "-o", str(tmp_path / f"{name}.html"))
        text = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        lists = [
            sorted(re.findall(r">(\d+)</a>|(?:<p>(?:<span class=mark>)?|、)(\d+)(?: |<)", rows))
            for rows in re.findall(r'(?s)<div class="called" id="step-\d+">(.*?)</div>', text)
        ]
        lists = [sorted(one or other for one, other in found) for found in lists]
        for (stage, figure), deals in asked.items():
            if figure in figures:
                assert sorted(one["deal"]["id"] for one in deals) in lists, (name, stage, figure)


def test_live_deals_are_as_long_in_their_stage_as_they_are(story: Shell):
    """Those of each stage are the ones that stand in it, and their days those of the deal's own page; days on hold are taken off."""
    story.done("deal", "hold", "C", "--from", "2026-11-10", "--until", "2026-11-16", "--why", "予算待ち")
    found = story.done("steps", "--json").json
    for stage, row in stages(found).items():
        assert sum(one["stage"] == stage for one in found["live_deals"]) == (row["standing"] or 0)
    assert [one["days"] for one in found["live_deals"]] == sorted(
        (o["days"] for o in found["live_deals"]), reverse=True
    )
    for one in found["live_deals"]:
        assert one["days"] == story.done("deal", "show", one["deal"], "--json").json["stays"][-1]["days"]


def test_month_ends_are_as_they_were_known(story: Shell):
    """An entry that is written down a month late is not in the month-end that it belongs to, and is in the page."""
    before = story.done("steps", "--by", "month", "--json").json
    reports(story, [("F", "2026-09-10", "引合", "900万", "鈴木")])
    after = story.done("steps", "--by", "month", "--json").json
    assert after["months"] == before["months"]
    assert [m["on"] for m in after["months"]][::12] == ["2025-10-31", "2026-10-31"]
    assert [m["live"] for m in after["months"]][-5:] == [1, 0, 0, 1, 2]
    assert after["months"][-1] == {"on": "2026-10-31", "live": 2, "amount": 5_000_000}
    june = {row["stage"]: row for row in after["stages"] if row["on"] == "2026-06-30"}
    assert (june["引合"]["in"], june["引合"]["out"], june["見積"]["standing"]) == (2, 2, 1)
    july = {row["stage"]: row for row in after["stages"] if row["on"] == "2026-07-31"}
    assert (july["見積"]["out"], july["見積"]["won"], july["受注"]["in"]) == (1, 1, 1)
    # The page of that day counts what is known today; with --as-of, what was known then.
    late = stages(story.done("steps", "--until", "2026-09-30", "--json").json)
    assert late["引合"]["standing_amount"] == 9_000_000
    then = stages(story.done("steps", "--as-of", "2026-09-30", "--json").json)
    assert then["引合"]["standing_amount"] == 0


def test_each_month_end_is_the_page_of_that_day(story: Shell):
    """Standing deals and money of a month-end are those that `--as-of` that day gives, corrections and all."""
    entry = story.done("log", "--json", "--limit", "0").json["entries"][0]["id"]
    story.done("edit", str(entry), "--amount", "70万", "--why", "桁の誤り")
    months = story.done("steps", "--by", "month", "--json").json
    for month in months["months"]:
        page = story.done("steps", "--as-of", month["on"], "--json").json
        assert month["live"] == sum(row["standing"] or 0 for row in page["stages"])
        assert month["amount"] == sum(row["standing_amount"] for row in page["stages"])


@pytest.mark.parametrize(("options", "named"), [
    (("--by", "week"), "月、担当、案件種別、引合経路"), (("--deals", "見積:foo"), "前進"), (("--deals", "foo"), "引合"),
    (("--by", "owner", "--deals", "見積"), "--by"), (("--by", "month", "--since", "90d"), "--since"),
    (("--since", "2027-01-01"), "2027-01-01"), (("--until", "2027-01-01"), "2027-01-01"), (("--kind", "新規"), "案件種別"),
])  # fmt: skip
def test_what_cannot_be_asked_is_said(story: Shell, options, named):
    """A bad value is refused with what there is; nothing is guessed."""
    answer = story("steps", *options)
    assert (answer.code, answer.out) == (2, "")
    assert named in answer.err


def test_a_journal_without_deals_says_what_is_missing(nippo: Shell):
    """No table of zeros."""
    nippo.done("init", "--template", "minimal")
    assert "案件" in nippo.done("steps").out
    assert "案件" in nippo.done("steps", "--by", "month").out


def test_a_broken_line_is_found_from_what_was_added(story: Shell):
    """C went back from quote to lead, which was not agreed; D left its lead without an amount; E skipped nothing."""
    assert [f["deal"]["name"] for f in story.done("gap", "broken", "--json").json["findings"]] == ["C"]
    reports(story, [("D", "2026-11-19", "見積", None, "鈴木")])
    found = story.done("gap", "broken", "--json").json
    signs = {
        f["deal"]["name"]: [(s["what"], s["stage"], s["to"], s["on"]) for s in f["signs"]] for f in found["findings"]
    }
    assert signs == {
        "C": [("returned", "見積", "引合", "2026-11-10")],
        "D": [("unrecorded", "引合", "amount", "2026-11-19")],
    }
    assert found["summary"]["signs"] == {"skipped": 0, "returned": 1, "unrecorded": 1}
    reports(story, [("G", "2026-11-01", "引合", "1万", "佐藤"), ("G", "2026-11-20", "受注", None, "佐藤")])
    later = story.done("gap", "broken", "--json").json["findings"]
    assert [(f["deal"]["name"], f["signs"][0]["what"]) for f in later] == [
        ("C", "returned"), ("G", "skipped"), ("D", "unrecorded"),
    ]  # fmt: skip
    assert later[1]["entries"] == [later[1]["signs"][0]["entry"]]
    assert "G" not in story.done("gap", "broken", "--since", "2026-11-21").out


def test_a_schema_that_agrees_on_nothing_says_what_to_write(nippo: Shell):
    """No verdict where nothing was agreed: the page names the three lines to write."""
    nippo.done("init", "--template", "minimal")
    text = nippo.schema.read_text(encoding="utf-8")
    assert "must" not in text.replace("must_", "")
    nippo.done("add", "案件", "--new-deal", "--customer", "青葉", "--stage", "見積", "-m", "話した")
    out = nippo.done("gap", "broken").out
    assert all(word in out for word in ("must: true", "may_return_to", "evidence"))


def test_the_salesforce_history_in_steps(nippo: Shell):
    """The completed stays of the data's own page, and its 72 moves back."""
    root = Path(__file__).parents[2]
    path = root.parent / "shared" / "data" / "salesforce_opportunity_history" / "Opportunity History.csv"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    example = root / "examples" / "salesforce_history"
    nippo.done("init", "--template", str(example / "schema.yaml"))
    nippo.done("import", str(path), "--map", str(example / "import.yaml"))
    found = stages(nippo.done("steps", "--as-of", "2022-12-31", "--since", "2010-01-01", "--json").json)
    assert {stage: (row["stay_days"]["n"], row["stay_days"]["median"]) for stage, row in found.items()} == {
        "prospecting": (132, 35.5), "qualification": (41, 27), "value_proposition": (43, 13), "negotiation": (42, 14.5),
        "won": (0, None), "lost": (0, None),
    }  # fmt: skip
    assert sum(row["back"] for row in found.values()) == 72
    assert (found["won"]["in"], found["lost"]["in"]) == (89, 57)
    assert sum(row["standing"] or 0 for row in found.values()) == 73


def test_a_day_is_a_month_end_only_when_it_is_over(story: Shell):
    """On the last day of a month that month counts; the day before, it does not."""
    for day, last in (("2026-09-29", "2026-08-31"), ("2026-09-30", "2026-09-30")):
        found = story.done("steps", "--by", "month", "--as-of", day, "--json").json
        assert found["months"][-1]["on"] == last
