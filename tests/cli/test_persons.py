"""One person in two spellings: whoever asks for one gets both."""

import pytest
from shell import Shell

SPELLED = ("山田 太郎", "山田太郎", "山田　太郎")


@pytest.fixture
def two(nippo: Shell) -> Shell:
    """Two deals of one customer, by one person with and without a blank, who met one person."""
    said = ("--customer", "A社", "--activity", "visit", "--later", "-m", "見積依頼")
    nippo.done("add", "A機", "--new-deal", *said, "--people", "田中太郎（部長）", "--by", "山田 太郎")
    nippo.done("add", "B機", "--new-deal", *said, "--people", "田中　太郎", "--by", "山田太郎")
    return nippo


@pytest.mark.parametrize("name", SPELLED)
def test_what_someone_wrote_is_theirs_in_any_spelling(two: Shell, name):
    """In the log, in a search, in a report; who wrote nothing is refused."""
    assert two.done("log", "--by", name, "--json").json["total"] == 2
    assert two.done("search", "見積", "--by", name, "--json").json["total"] == 2
    week = two.done("log", "--week", "--by", name, "--json").json
    assert (len(week["entries"]), len(week["authors"])) == (2, 1)
    refused = two("log", "--by", "山田花子")
    assert (refused.code, refused.out, "山田 太郎" in refused.err) == (4, "", True)


@pytest.mark.parametrize("name", SPELLED)
def test_a_deal_is_its_owners_in_any_spelling(two: Shell, name):
    """In a list, and where gaps and steps are narrowed."""
    assert len(two.done("deal", "list", "--owner", name, "--json").json["deals"]) == 2
    found = two.done("gap", "next", "--owner", name, "--json").json["findings"]
    assert {one["deal"]["name"] for one in found} == {"A機", "B機"}
    assert two.done("steps", "--owner", name, "--json").json == two.done("steps", "--json").json


def test_a_person_met_is_one(two: Shell):
    """With the title that either spelling states."""
    (person,) = two.done("customer", "A社", "--json").json["people"]
    assert (person["entries"], person["title"]) == (2, "部長")


def test_a_day_has_one_remark_of_a_person(two: Shell):
    """The second spelling corrects the first."""
    two.done("day", "-m", "展示会", "--by", "山田 太郎")
    two.done("day", "-m", "展示会の準備", "--by", "山田太郎")
    notes = two.done("day", "--json").json["days"]
    assert [note["values"]["remarks"] for note in notes] == ["展示会の準備"]
