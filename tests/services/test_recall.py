"""What the diary knows of what is being typed."""

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pytest
from shell import FIRST

from nippo_cli.base.errors import Ambiguous, NotFound, UsageError
from nippo_cli.base.language import spoken
from nippo_cli.base.places import find_places
from nippo_cli.cli.frame.main import main
from nippo_cli.services.context.report import Report
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.writing import customers
from nippo_cli.services.writing.deal_customer import disagreement
from nippo_cli.services.writing.recall import (
    KnownNames,
    beginning,
    customers_near,
    deal_recalled,
    like,
    people_met,
)

EVENING = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A diary of 佐藤 with deals due on several days, one held, one of 鈴木, one won."""
    folder = tmp_path_factory.mktemp("recall")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for name, value in {
            "NIPPO_NOW": "2026-11-20T18:00:00+09:00",
            "NIPPO_AUTHOR": "佐藤",
            "NIPPO_LANG": "ja",
            "TZ": "Asia/Tokyo",
        }.items():
            patch.setenv(name, value)
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))

        def nippo(*argv: str) -> None:
            assert main(["--journal", str(folder / "journal"), *argv]) == 0, argv

        nippo("init", "--template", "default", "--time-zone", "Asia/Tokyo")
        for name, day in (("先の話", "12/24"), ("昨日の話", "11/22"), ("今日の話", "11/23"), ("保留の話", "11/21")):
            nippo("add", name, *FIRST[:-1], day, "-m", "x")
        nippo("add", "鈴木の話", *FIRST[:-1], "11/23", "-m", "x", "--by", "鈴木")
        nippo("deal", "hold", "保留の話", "--until", "12/31", "--why", "予算待ち")
        nippo(
            "add",
            "先の話",
            "--activity",
            "訪問",
            "--people",
            "田中（部長）、鈴木",
            "-m",
            "最後の話",
            "--amount",
            "50万",
        )
        nippo("add", "--later", "--activity", "展示会", "--customer", "ひとりの客", "-m", "名刺")
        nippo("deal", "rename", "昨日の話", "改めた話")
    return folder


@pytest.fixture
def workspace(folder: Path) -> Callable[..., Workspace]:
    """The desk on an evening, or at another time; of 佐藤 unless another is named."""
    places = find_places(journal=str(folder / "journal"), schema=None, env={}, cwd=folder)
    return lambda now=EVENING, author="佐藤": Workspace(places, now, author=author, interactive=True)


def test_the_days_contacts_are_those_that_are_due(workspace):
    """One's own first, the latest due first; neither what lies ahead nor what is on hold."""
    assert [head.name for head in beginning(workspace()).due] == ["今日の話", "改めた話", "鈴木の話"]
    assert [head.name for head in beginning(workspace(author="鈴木")).due] == ["鈴木の話", "今日の話", "改めた話"]


@pytest.mark.parametrize(("at", "day"), [((19, 59), date(2026, 11, 22)), ((20, 0), date(2026, 11, 23))])
def test_the_day_begins_at_five(workspace, at, day):
    """At 4:59 in Japan it is still yesterday's evening; at 5:00 the morning."""
    found = beginning(workspace(datetime(2026, 11, 22, *at, tzinfo=UTC)))
    assert found.day == day


def test_a_deal_is_recalled_with_its_last_entry(workspace):
    """What it has, and what was said last, by any part of its name."""
    found = deal_recalled(workspace(), "先")
    assert (found.known.name, found.known.stage, found.known.live) == ("先の話", "hearing", True)
    assert found.known.deal_values["amount"] == 500_000
    assert found.last.values["facts"] == "最後の話"
    with pytest.raises(Ambiguous):
        deal_recalled(workspace(), "の話")
    with pytest.raises(NotFound):
        deal_recalled(workspace(), "ない")


def test_names_come_the_latest_first(workspace):
    """Deals by their last entry, found by a former name too; customers of deals before those of entries alone."""
    names = KnownNames(workspace()).ready()
    assert names.deals.find("", 10)[0].name in ("先の話", "鈴木の話")
    assert [offer.name for offer in names.deals.find("昨日", 10)] == ["改めた話"]
    assert [offer.name for offer in names.customers.find("", 10)] == ["青葉製作所", "ひとりの客"]


def test_whom_one_has_met(workspace):
    """As they are typed; nobody of a customer that is unknown."""
    assert people_met(workspace(), "青葉製作所") == ["田中（部長）", "鈴木"]
    assert people_met(workspace(), "知らない") == people_met(workspace(), "") == []


def test_a_customer_near_a_known_one(workspace):
    """A slip is near; the name itself is not new."""
    assert customers_near(workspace(), "青葉製作") == {"青葉製作所": "青葉製作所"}
    assert customers_near(workspace(), "青葉製作所") == customers_near(workspace(), "アルファ") == {}


def test_a_customer_near_a_former_name_of_a_known_one(folder, tmp_path):
    """It is offered by what it is called now, with the name that is like it."""
    copytree(folder / "journal", tmp_path / "journal")
    places = find_places(journal=str(tmp_path / "journal"), schema=None, env={}, cwd=tmp_path)
    workspace = Workspace(places, EVENING, author="佐藤")
    customers.rename(workspace, "青葉製作所", "新日本商会")
    near = customers_near(workspace, "青葉製作所 大阪支店")
    assert {name: spoken(shown) for name, shown in near.items()} == {
        "新日本商会": "新日本商会（旧名・別名 青葉製作所）"
    }


def test_like_takes_over_what_is_not_of_its_day(workspace):
    """People and texts; no amount, and no customer, which is the deal's. What is typed stands."""
    last = workspace()
    found = like(last, "last", Report({"事実": "新しい話"}))
    assert found.raw == {"activity": "exhibition", "customer": "ひとりの客", "事実": "新しい話"}
    views = deal_recalled(last, "先の話").last
    found = like(last, str(views.id), Report())
    assert set(found.raw) == {"activity", "people", "facts"}
    assert found.deal is not None
    for said, kind in (("x", UsageError), ("999", NotFound)):
        with pytest.raises(kind):
            like(last, said, Report())


def test_whether_a_report_and_its_deal_agree_is_told_where_customers_were_renamed(tmp_path: Path, monkeypatch):
    """Three companies of which one is called otherwise now: its deal is its own by either name, another's by none."""
    for name, value in {
        "NIPPO_NOW": "2026-11-20T18:00:00+09:00",
        "NIPPO_AUTHOR": "佐藤",
        "NIPPO_LANG": "ja",
        "TZ": "Asia/Tokyo",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for argv in (
        ("add", "炉", "--new-deal", "--customer", "若葉工業", "--activity", "社内", "-m", "x"),
        ("add", "釜", "--new-deal", "--customer", "若菜工業", "--activity", "社内", "-m", "x"),
        ("customer", "rename", "若菜工業", "若菜HD"),
    ):
        assert main(["--journal", str(tmp_path / "journal"), *argv]) == 0, argv
    places = find_places(journal=str(tmp_path / "journal"), schema=None, env={}, cwd=tmp_path)
    desk = Workspace(places, EVENING, author="佐藤", interactive=True)
    for deal, customer, agrees in (
        ("炉", "若葉工業", True), ("釜", "若菜工業", True), ("釜", "若菜HD", True), ("炉", "若菜HD", False), ("釜", "若葉工業", False),
    ):  # fmt: skip
        assert (disagreement(desk, Report({"customer": customer}, deal=deal)) is None) == agrees, (deal, customer)
