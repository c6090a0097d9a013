"""Pictures of the demo's pages: each mark says and shows the figure that the page's JSON has."""

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

import pytest
from drawn_pictures import DrawnPicture, read_pictures
from shell import Shell, settle

from nippo_cli.base.dates import read_when
from nippo_cli.cli.frame.main import main


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's journal, made once."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        settle(monkeypatch, folder)
        assert main(["demo", "--keep", "demo"]) == 0
    return folder / "demo"


@pytest.fixture
def demo(nippo: Shell, sample: Path) -> Shell:
    """Nippo on the demo's journal."""
    shutil.copytree(sample, nippo.journal)
    return nippo


def pictures(shell: Shell, *argv: str) -> list[DrawnPicture]:
    """The pictures of a page."""
    return read_pictures(shell.done(*argv, "--format", "html").out)


def number(text: str) -> int:
    """`+1,710` as a number."""
    return int(text.replace(",", ""))


def test_the_waterfall_has_the_bridges_sums(demo: Shell) -> None:
    """The sum before, each change that moves it, the sum now, in 万円; and the bars are as long, each from where the last one ended."""
    (waterfall,) = pictures(demo, "landing")
    bridge = demo.done("landing", "--json").json["bridge"]
    amounts = [bridge["before"], *(part["amount"] for part in bridge["parts"] if part["amount"]), bridge["after"]]
    assert len(amounts) > 4
    assert [number(text) for text in waterfall.texts("number")] == [round(amount / 10_000) for amount in amounts]
    bars = waterfall.bars()
    per_unit = (bars[0][1] - bars[0][0]) / bridge["before"]
    for amount, (left, right) in zip(amounts, bars, strict=True):
        assert right - left == pytest.approx(max(abs(amount) * per_unit, 1.5), abs=0.2)
    level = bars[0][1]
    for amount, (left, right) in zip(amounts[1:-1], bars[1:-1], strict=True):
        assert (left if amount > 0 else right) == pytest.approx(level, abs=0.8)
        level = right if amount > 0 else left
    assert bars[-1] == (bars[0][0], pytest.approx(level, abs=0.8))
    assert f"{bridge['before'] // 10_000:,}" in waterfall.title
    assert all(text in waterfall.text for text in waterfall.texts("number"))


def test_of_very_many_changes_each_kind_is_a_bar(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty new deals of 10 and a lost one of 30: two bars between the sums."""
    worth = ("--new-deal", "--customer", "甲", "--activity", "call", "--closes", "2026-12-20", "-m", "話した")
    nippo.done("add", "A", *worth, "--amount", "30万")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-27T09:00:00+09:00")
    for n in range(20):
        nippo.done("add", f"N{n}", *worth, "--amount", "10万")
    nippo.done("add", "A", "--activity", "call", "--stage", "失注", "-m", "断られた", "--lost-reason", "price")
    (waterfall,) = pictures(nippo, "landing", "--compare", "2026-11-24")
    assert [number(text) for text in waterfall.texts("number")] == [30, 200, -30, 200]
    assert waterfall.texts("label")[2] == "新規 20件"


def test_where_nothing_moved_there_is_no_picture(nippo: Shell) -> None:
    """An empty bridge is a sentence less, not an empty frame."""
    nippo.done("add", "A", "--new-deal", "--customer", "甲", "--activity", "call", "-m", "話した")
    assert pictures(nippo, "landing", "--compare", "2026-11-01") == []


def test_what_is_less_than_half_a_unit_makes_no_picture(nippo: Shell) -> None:
    """Of 10 yen in 万円 no bar is to be seen; of 10,000 there is."""
    worth = ("--new-deal", "--customer", "甲", "--activity", "call", "--closes", "2026-12-20", "-m", "話した")
    nippo.done("add", "A", *worth, "--amount", "10")
    assert pictures(nippo, "landing", "--compare", "2026-11-01") == []
    nippo.done("add", "B", *worth, "--amount", "1万")
    assert len(pictures(nippo, "landing", "--compare", "2026-11-01")) == 1


def test_a_close_promised_far_beyond_the_axis_is_named(nippo: Shell) -> None:
    """Its diamond stands at the edge, with the day beside it."""
    nippo.done(
        "add", "A", "--new-deal", "--customer", "甲", "--activity", "call", "--closes", "2036-12-20", "-m", "話した"
    )
    (picture,) = pictures(nippo, "deal", "timeline", "A")
    assert "» 2036/12/20" in picture.texts("quiet")


def test_the_heat_maps_have_the_cohorts_shares(demo: Shell) -> None:
    """A cell for each share that there is, as dark as it is large; of fewer than ten deals its number is what was counted."""
    how_far, by_age = pictures(demo, "gap", "activity")
    cohorts = demo.done("gap", "activity", "--json").json["triangle"]["cohorts"][-12:]
    stages = list(cohorts[0]["reached"])
    reached = [cohort["reached"][stage] for stage in stages for cohort in cohorts if cohort["deals"]]
    ages = [cell for cohort in cohorts for cell in cohort["by_age"] if cohort["deals"]]
    sizes = [cohort["deals"] for cohort in cohorts]
    marks = 0
    for picture, cells in ((how_far, reached), (by_age, ages)):
        drawn = [float(of["fill-opacity"]) for tag, of in picture.shapes if tag == "rect" and "cell" in of["class"]]
        assert drawn == pytest.approx([0.06 + 0.5 * cell["share"] for cell in cells], abs=0.06)
        marked = sum(tag == "polygon" for tag, _ in picture.shapes)
        assert marked == sum(cell["mark"] is not None for cell in cells)
        marks += marked
    assert marks > 0
    numbers = [
        f"{cell['deals']}/{cohort['deals']}" for cohort in cohorts for cell in cohort["by_age"] if cohort["deals"]
    ]
    assert max(sizes) < 10
    assert by_age.texts("cell") == numbers
    assert [number(text) for text in by_age.texts("number")] == sizes


def test_promised_stands_against_real(demo: Shell) -> None:
    """What was promised, what of it and what beside it was won, the target: as long as the amounts, in 万円."""
    (picture,) = pictures(demo, "gap", "promises", "--since", "2026-06-01")
    answer = demo.done("gap", "promises", "--since", "2026-06-01", "--json").json
    targets = {one["month"]: one["target"] for one in answer["targets"] if one["owner"] is None}
    spans = picture.bars("third")[:-1]  # the last one is of the legend
    assert len(spans) == len(answer["months"]) > 3
    largest = max(one["promised"]["amount"] for one in answer["months"])
    per_unit = max(right - left for left, right in spans) / largest
    for (left, right), one in zip(spans, answer["months"], strict=True):
        assert right - left == pytest.approx(max(one["promised"]["amount"] * per_unit, 1.5), abs=0.2)
    came = [one["won_amount"] + one["unpromised"]["amount"] for one in answer["months"]]
    assert [text for text in picture.texts("label") if text.startswith("受注 ")] == [
        f"受注 {n / 10_000:,.0f}" for n in came
    ]
    ticks = [
        float(of["x"]) + 1.25 - spans[0][0] for tag, of in picture.shapes if tag == "rect" and "dot" in of["class"]
    ][:-1]
    assert ticks == pytest.approx(
        [targets[one["month"]] * per_unit for one in answer["months"] if one["month"] in targets], abs=0.2
    )
    total = answer["summary"]
    assert f"{total['promised']['amount'] / 10_000:,.0f}" in picture.title
    assert f"{total['became']['won']['amount'] / 10_000:,.0f}" in picture.title


def test_stages_and_their_months_are_counted_as_the_json_counts(demo: Shell) -> None:
    """Each stage's deals at each month's end, and all of them together."""
    (picture,) = pictures(demo, "steps", "--by", "month")
    answer = demo.done("steps", "--by", "month", "--json").json
    months = [month["on"] for month in answer["months"]]
    counted = {(one["stage"], one["on"]): one["standing"] for one in answer["stages"]}
    stages = [
        key
        for key in dict.fromkeys(one["stage"] for one in answer["stages"])
        if any(counted.get((key, on)) for on in months)
    ]
    drawn = [0 if text == "·" else number(text) for text in picture.texts("cell")]
    rows = [drawn[at : at + len(months)] for at in range(0, len(drawn), len(months))]
    assert rows[-1] == [month["live"] for month in answer["months"]]
    assert sorted(rows[:-1]) == sorted([counted.get((key, on), 0) for on in months] for key in stages)


def test_fates_end_where_the_curve_does(demo: Shell) -> None:
    """The share of each end on the last day that is drawn, and what is left; the areas are as high."""
    (picture,) = pictures(demo, "lessons", "fates")
    steps = demo.done("lessons", "fates", "--json").json["incidence"]["steps"]
    last = [step for step in steps if step["at_risk"] >= 10][-1]
    shares = [last[end] for end in ("won", "lost", "fizzled")]
    shares.append(1 - sum(shares))
    said = [text.rpartition(" ")[2] for text in picture.texts("label") if text.endswith("%") and "–" not in text]
    assert sorted(said) == sorted(f"{share:.1%}" for share in shares)
    areas = [of["d"] for tag, of in picture.shapes if tag == "path" and "area" in of["class"]]
    grid = sorted(float(of["y1"]) for tag, of in picture.shapes if tag == "line" and of["class"] == "grid")
    for path, share in zip(areas, shares, strict=True):
        heights = [float(pair.split()[1]) for pair in path.removesuffix(" Z").replace("M", "").split(" L")]
        # There and back again: the right edge is in the middle.
        upper, lower = heights[len(heights) // 2 - 1 : len(heights) // 2 + 1]
        assert (lower - upper) / (grid[-1] - grid[0]) == pytest.approx(share, abs=0.01)
    bounds = last["bounds"]["won"]
    assert any(f"{bounds['low']:.1%}–{bounds['high']:.1%}" in text for text in picture.texts("label"))
    dashed = [of["d"] for tag, of in picture.shapes if tag == "path" and "dashed" in of["class"]]
    for path, share in zip(dashed, (bounds["low"], bounds["high"]), strict=True):
        assert (grid[-1] - float(path.split()[-1])) / (grid[-1] - grid[0]) == pytest.approx(share, abs=0.01)


def test_timelines_have_each_day_in_its_place(demo: Shell) -> None:
    """Of two deals: a band a stay from its first day to its last, a dot a day of contact, a diamond at the standing promise, all on
    one scale of days."""
    argv = ("deal", "timeline", "369", "538")
    (picture,) = pictures(demo, *argv)
    answer = demo.done(*argv, "--json").json
    bands = [band for line in answer["lines"] for band in line["bands"]]
    bars = [span for tag, of in picture.shapes if tag == "rect" and of["class"].split()[0] == "bar"
            for span in [(float(of["x"]), float(of["x"]) + float(of["width"]))]]  # fmt: skip
    assert len(bars) == len(bands) > 8
    days = [
        (date.fromisoformat(band["from"]).toordinal(), date.fromisoformat(band["to"]).toordinal()) for band in bands
    ]
    (first, x_first), (last, x_last) = (
        min((day, x) for (day, _), (x, _) in zip(days, bars, strict=True)),
        max((day, x) for (_, day), (_, x) in zip(days, bars, strict=True)),
    )
    per_day = (x_last - x_first) / (last - first)

    def place(day: int) -> float:
        return x_first + (day - first) * per_day

    for (begins, ends), (left, right) in zip(days, bars, strict=True):
        assert (left, right) == (pytest.approx(place(begins), abs=1), pytest.approx(place(ends), abs=1))
    met = [place(date.fromisoformat(day).toordinal()) for line in answer["lines"] for day in line["contacts"]]
    dots = [float(of["cx"]) for tag, of in picture.shapes if tag == "circle" and of["r"] == "4"][: len(met)]
    assert dots == pytest.approx(met, abs=0.3)
    standing = [read_when(line["promises"][-1]["value"]).last.toordinal() for line in answer["lines"]]
    diamonds = [
        float(of["points"].split(",")[0])
        for tag, of in picture.shapes
        if tag == "polygon" and of["class"] == "dot ink diamond"
    ]
    # What is promised for a day far off stands at the edge.
    edge = place(date.fromisoformat(answer["axis"]["to"]).toordinal())
    assert diamonds[:2] == pytest.approx([min(place(day), edge) for day in standing], abs=0.3)
    assert all(line["deal"]["name"] in picture.text for line in answer["lines"])


def test_a_staircase_has_every_promise(demo: Shell) -> None:
    """From the day on which a close was said to the next: as high as the day promised; its title counts the moves."""
    (picture,) = pictures(demo, "deal", "show", "369")
    said = [one for one in demo.done("deal", "show", "369", "--json").json["promises"] if one["what"] == "closes"]
    assert len(said) == 5
    (path,) = (of["d"] for tag, of in picture.shapes if tag == "path" and of["class"] == "line first")
    points = [tuple(map(float, pair.split())) for pair in path.replace("M", "").split(" L")]
    corners = [points[0], *points[2:-1:2]]
    made = [date.fromisoformat(one["made_on"]).toordinal() for one in said]
    closes = [read_when(one["value"]).last.toordinal() for one in said]
    for at, days in ((0, made), (1, closes)):
        per_day = (corners[-1][at] - corners[0][at]) / (days[-1] - days[0])
        assert [corner[at] for corner in corners] == pytest.approx(
            [corners[0][at] + (day - days[0]) * per_day for day in days], abs=0.3
        )
    assert "4回" in picture.title
    assert f"{sum(one['move'] or 0 for one in said):+}" in picture.title


def test_a_deal_whose_close_never_moved_has_no_staircase(nippo: Shell) -> None:
    """One promise is a number, no picture."""
    nippo.done(
        "add", "A", "--new-deal", "--customer", "甲", "--activity", "call", "--closes", "2026-12-20", "-m", "話した"
    )
    assert pictures(nippo, "deal", "show", "A") == []


def test_stays_are_held_against_their_norms(demo: Shell) -> None:
    """Each stalled deal's days, those within its norm and those beyond, and where the norm lies."""
    (picture,) = pictures(demo, "gap", "stalled")
    stays = demo.done("gap", "stalled", "--json").json["findings"]
    assert picture.texts("number") == [f"{one['stay_days']}日/{one['limit_days']}日" for one in stays]
    within, beyond = (picture.bars(kind)[: len(stays)] for kind in ("third", "second"))
    per_day = (within[0][1] - within[0][0]) / stays[0]["limit_days"]
    for one, (begins, norm), (also, ends) in zip(stays, within, beyond, strict=True):
        assert norm - begins == pytest.approx(one["limit_days"] * per_day, abs=0.3)
        assert also == pytest.approx(norm, abs=0.2)
        assert ends - begins == pytest.approx(one["stay_days"] * per_day, abs=0.3)
    longest = max(stays, key=lambda one: one["stay_days"])
    assert longest["deal"]["name"] in picture.title
    assert f"{longest['stay_days']}日" in picture.title
