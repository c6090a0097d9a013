"""What members wrote without knowing of each other, and how it is settled."""

import shutil
from pathlib import Path

import pytest
from derived import kept, rebuilt
from members import joined, says
from shell import Shell, settle

from nippo_cli.journal.read import conflicts


class Team:
    """佐藤 leads, 鈴木 and 高橋 are members; each of them with a journal of their own and one entry that all have."""

    def __init__(self, capsys, monkeypatch, folder: Path) -> None:
        self._patch = monkeypatch
        self.sato, self.suzuki, self.taka = (Shell(capsys, folder / name) for name in ("one", "鈴木", "高橋"))
        [entry] = self.sato.done("log", "--json").json["entries"]
        self.entry = entry["id"]

    def as_(self, name: str) -> Shell:
        """The journal of a member, who is at the keyboard."""
        self._patch.setenv("NIPPO_AUTHOR", name)
        return {"佐藤": self.sato, "鈴木": self.suzuki, "高橋": self.taka}[name]

    def sync(self) -> None:
        """Until all is everywhere."""
        for _ in range(2):
            for shell in (self.sato, self.suzuki, self.taka):
                shell.done("sync")

    def in_step(self) -> None:
        """All say the same, and what is derived equals what the log makes."""
        self.sync()
        for shell in (self.suzuki, self.taka):
            assert says(shell) == says(self.sato)
        assert kept(self.taka.db) == rebuilt(self.taka.db)

    def conflicts(self, name: str) -> list[dict]:
        """What a member is asked about."""
        return self.as_(name).done("team", "settle", "--json").json["conflicts"]

    def value(self, field: str) -> object:
        """What the entry says."""
        [entry] = [one for one in self.sato.done("log", "--json").json["entries"] if one["id"] == self.entry]
        return entry["values"].get(field)

    def disagree(self, field: str, ours: str, theirs: str) -> None:
        """鈴木 and 佐藤 correct one field, neither of whom has seen the other."""
        self.as_("鈴木").done("edit", self.entry, f"--{field}", ours)
        self.as_("佐藤").done("edit", self.entry, f"--{field}", theirs)
        self.sync()


@pytest.fixture
def tmp_path(tmp_path_factory) -> Path:
    """One place for all of these tests: a team that is copied back there finds what it has in common where it was."""
    place = tmp_path_factory.getbasetemp() / "settling"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    return place


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    """Where the team is kept as it was begun."""
    return tmp_path_factory.mktemp("begun") / "team"


@pytest.fixture
def team(capsys, monkeypatch, tmp_path, begun, asked_apart, request) -> Team:
    """A lead and two reps over a folder: begun once, and copied for each test."""
    if begun.exists():
        shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
        settle(monkeypatch, tmp_path)
        return Team(capsys, monkeypatch, tmp_path)
    one = request.getfixturevalue("one")
    for name in ("鈴木", "高橋"):
        joined(capsys, one, name)
    made = Team(capsys, monkeypatch, tmp_path)
    made.sync()
    shutil.copytree(tmp_path, begun)
    return made


@pytest.mark.parametrize(
    ("who", "keep", "amount"),
    [
        ("鈴木", "mine", 5_000_000),
        ("鈴木", "theirs", 5_500_000),
        ("佐藤", "鈴木", 5_000_000),
        ("佐藤", "mine", 5_500_000),
    ],
)
def test_a_field_that_two_corrected_is_settled_by_either(team, who, keep, amount):
    """Told on their morning pages in a line; a third one is not asked. Afterwards nobody is, and the history has both."""
    team.disagree("amount", "500万", "550万")
    for name in ("鈴木", "佐藤"):
        assert "食い違い 1件" in team.as_(name).done().out
        [one] = team.conflicts(name)
        assert (one["kind"], one["id"], one["field"], one["takes_both"]) == ("field", team.entry, "amount", False)
        assert sorted((side["by"], side["value"]) for side in one["sides"]) == [
            ("佐藤", 5_500_000),
            ("鈴木", 5_000_000),
        ]
    assert team.conflicts("高橋") == []
    assert "食い違い" not in team.as_("高橋").done().out
    done = team.as_(who).done("team", "settle", team.entry, "--keep", keep)
    assert f"{amount:,}" in done.out
    team.in_step()
    assert team.value("amount") == amount
    assert team.conflicts("佐藤") == team.conflicts("鈴木") == []
    history = team.as_("鈴木").done("show", team.entry, "--history").out
    assert "5,000,000" in history
    assert "5,500,000" in history
    assert "佐藤、鈴木" in history or "鈴木、佐藤" in history


def test_both_of_two_texts_stay(team):
    """One behind the other. Of a number there is one."""
    team.disagree("facts", "納期を確かめた", "仕様を確かめた")
    team.disagree("amount", "500万", "550万")
    facts, amount = sorted(team.conflicts("佐藤"), key=lambda one: one["takes_both"], reverse=True)
    assert set(facts["both"].split(" / ")) == {"納期を確かめた", "仕様を確かめた"}
    assert amount["both"] is None
    refused = team.as_("佐藤")("team", "settle", team.entry, "--keep", "both")
    assert (refused.code, "両方は残せません" in refused.err) == (2, True)
    # Of another field there is nothing to be settled: those that are in conflict are named.
    refused = team.as_("佐藤")("team", "settle", team.entry, "--keep", "mine", "--field", "customer")
    assert refused.code == 4
    assert all(name in refused.err for name in ("「customer」", "事実 (facts)", "金額 (amount)"))
    team.as_("佐藤").done("team", "settle", team.entry, "--keep", "both", "--field", "facts")
    team.in_step()
    assert team.value("facts") == facts["both"]
    assert [one["field"] for one in team.conflicts("佐藤")] == ["amount"]


def test_both_of_two_lists_of_people_stay(team):
    """Each once, and the morning page tells of the conflict as of any other."""
    team.disagree("people", "山田課長、井上", "井上、木村部長")
    assert "食い違い 1件" in team.as_("佐藤").done().out
    [one] = team.conflicts("佐藤")
    assert sorted(person["name"] for person in one["both"]) == ["井上", "山田課長", "木村部長"]
    assert "木村" in team.as_("佐藤").done("team", "settle", "--list").out
    team.as_("佐藤").done("team", "settle", team.entry, "--keep", "both")
    team.in_step()
    assert team.value("people") == one["both"]
    assert team.conflicts("佐藤") == []


def test_who_knows_of_a_correction_contradicts_nobody(team):
    """Whatever came in between."""
    team.as_("鈴木").done("edit", team.entry, "--amount", "500万")
    team.sync()
    team.as_("佐藤").done("edit", team.entry, "--amount", "550万")
    team.sync()
    team.as_("鈴木").done("edit", team.entry, "-m", "別の話")
    team.sync()
    assert team.conflicts("佐藤") == []


def test_what_was_settled_by_an_undone_command_is_asked_again(team):
    """And a later correction by who had seen both settles it too."""
    team.disagree("amount", "500万", "550万")
    lead = team.as_("佐藤")
    lead.done("team", "settle", team.entry, "--keep", "mine")
    lead.done("undo")
    assert len(team.conflicts("佐藤")) == 1
    team.as_("鈴木").done("edit", team.entry, "--amount", "600万")
    team.in_step()
    assert team.conflicts("佐藤") == team.conflicts("鈴木") == []


@pytest.mark.parametrize(("keep", "left"), [("mine", 1), ("theirs", 1), ("both", 2)])
def test_a_deal_that_two_began_is_one_or_stays_two(team, keep, left):
    """All that was written of either stays; who said that they are two is not asked again."""
    for name in ("鈴木", "高橋"):
        team.as_(name).deal("バルブ", facts=f"{name}の話")
    team.sync()
    assert team.conflicts("高橋")[0]["kind"] == "deal"
    assert "食い違い 1件" in team.as_("鈴木").done().out
    [one] = team.conflicts("鈴木")
    ids = {side["by"]: side["deal"]["id"] for side in one["sides"]}
    done = team.as_("鈴木").done("team", "settle", ids["高橋"], "--keep", keep, "--json").json
    [settled] = done["settled"]
    into = {"mine": ids["鈴木"], "theirs": ids["高橋"], "both": None}[keep]
    assert (settled["into"], settled["kept"]) == (into, {"mine": "鈴木", "theirs": "高橋", "both": "both"}[keep])
    team.in_step()
    deals = [deal for deal in team.sato.done("deal", "list", "--json").json["deals"] if deal["name"] == "バルブ"]
    assert len(deals) == left
    if into:
        assert deals[0]["id"] == into
    facts = {entry["values"]["facts"] for entry in team.sato.done("log", "--json").json["entries"]}
    assert facts >= {"鈴木の話", "高橋の話"}
    for name in ("佐藤", "鈴木", "高橋"):
        assert team.conflicts(name) == []
    if not into:
        team.as_("鈴木").done("undo")
        assert len(team.conflicts("鈴木")) == 1


@pytest.mark.parametrize("few", [1, 20_000])
def test_whoever_wrote_most_a_deal_that_two_others_began_is_asked_about(team, monkeypatch, few):
    """The names are looked up by the deals of all devices but the one that wrote most, or, where these are many, all of them."""
    monkeypatch.setattr(conflicts, "FEW_OF_OTHERS", few)
    for n in range(5):
        team.as_("佐藤").deal(f"案件{n}")
    for name in ("鈴木", "高橋"):
        team.as_(name).deal("二重の案件", "--customer", "東亜工業")
    team.as_("高橋").deal("案件3")
    team.sync()
    asked = [conflict for conflict in team.conflicts("佐藤") if conflict["kind"] == "deal"]
    names = {side["deal"]["name"] for conflict in asked for side in conflict["sides"]}
    assert names == {"二重の案件", "案件3"}


def test_the_same_name_at_another_customer_is_another_deal(team):
    """保守更新 recurs at every customer."""
    for name, customer in (("鈴木", "雲雀工業"), ("高橋", "北辰精機")):
        team.as_(name).deal("保守更新", "--customer", customer)
    team.sync()
    assert team.conflicts("佐藤") == []


def test_a_journal_of_one_has_none(nippo):
    """And says so; half a command is told what lacks."""
    nippo.deal("ポンプ")
    assert nippo.done("team", "settle", "--json").json["conflicts"] == []
    assert nippo.done("team", "settle").out != ""
    assert nippo("team", "settle", "3").code == 2
    assert nippo("team", "settle", "3", "--keep", "mine").code == 4
    assert nippo("team", "settle", "x!", "--keep", "mine").code == 2


def test_a_script_lists_them_and_is_never_asked(team):
    """What each says, whose it is, and which one counts now."""
    team.disagree("amount", "500万", "550万")
    lead = team.as_("佐藤")
    assert lead("team", "settle").code == 2
    page = lead.done("team", "settle", "--list").out
    for word in ("鈴木さん", "自分", "5,000,000", "5,500,000", "いまはこちら", "--keep"):
        assert word in page
    assert lead("team", "settle", team.entry, "--keep", "高橋").code == 2
    assert "yours" in lead.done("--lang", "en", "team", "settle", "--list").out


def test_each_is_listed_with_what_settles_it_alone(team):
    """Of two fields of one entry each, with the answers that it takes; an answer is a side's id, too, as the page writes it."""
    team.as_("鈴木").done("edit", team.entry, "--amount", "500万", "--impression", "手応えがある")
    team.as_("佐藤").done("edit", team.entry, "--amount", "550万", "--impression", "手応えがない")
    team.sync()
    typed = {
        name: [
            line.strip()
            for line in team.as_(name).done("team", "settle", "--list").out.splitlines()
            if "--keep" in line
        ]
        for name in ("鈴木", "佐藤")
    }
    about = f"nippo team settle {team.entry} --field"
    assert (
        typed["鈴木"]
        == typed["佐藤"]
        == [f"{about} amount --keep mine|theirs", f"{about} impression --keep mine|theirs|both"]
    )
    side = next(one for one in team.conflicts("鈴木")[0]["sides"] if one["mine"])
    team.as_("鈴木").done("team", "settle", team.entry, "--field", "amount", "--keep", f"#{side['record']}")
    team.sync()
    assert team.value("amount") == 5_000_000
    assert [one["field"] for one in team.conflicts("佐藤")] == ["impression"]


def test_impressions_are_settled_on_the_screen_and_stand_in_no_file(team, tmp_path):
    """They are the team's, and no file's for others."""
    team.disagree("impression", "手応えがある", "手応えがない")
    lead = team.as_("佐藤")
    assert {side["value"] for side in team.conflicts("佐藤")[0]["sides"]} == {"手応えがある", "手応えがない"}
    assert "手応え" in lead.done("team", "settle", "--list").out
    lead.done("team", "settle", "--list", "-o", str(tmp_path / "page.html"))
    assert "手応え" not in (tmp_path / "page.html").read_text(encoding="utf-8")
    keep = ("team", "settle", team.entry, "--keep", "mine")
    assert "手応え" in lead.done(*keep, "--dry-run").out
    lead.done(*keep, "-o", str(tmp_path / "done.html"))
    assert "手応え" not in (tmp_path / "done.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("visible", "adopted", "to_member"), [("team", "before", 1), ("lead", "after", 0), ("self", "after", 0)]
)
def test_what_is_for_some_alone_is_asked_of_nobody_else(team, visible, adopted, to_member):
    """As the agreement has it that is in force now, whenever the entry was written; `team` is everybody."""

    def adopt() -> None:
        lead = team.as_("佐藤")
        text = lead.schema.read_text(encoding="utf-8")
        said = text.replace("    role: impression\n", f"    role: impression\n    visible: {visible}\n")
        lead.schema.write_text(said, encoding="utf-8")
        lead.deal("弁")
        team.sync()

    if adopted == "before":
        adopt()
    team.disagree("impression", "手応えがある", "手応えがない")
    if adopted == "after":
        adopt()
    assert len(team.conflicts("鈴木")) == to_member
    assert ("手応え" in team.as_("鈴木").done("team", "settle", "--list").out) == bool(to_member)
    assert len(team.conflicts("佐藤")) == 1


# --- what a deal is called, and whose it is


def deal_of(team: Team) -> dict:
    """The only deal, as all have it."""
    [deal] = team.sato.done("deal", "list", "--json").json["deals"]
    return deal


@pytest.mark.parametrize(
    ("field", "do", "ours", "theirs"),
    [("name", "rename", "ポンプA", "ポンプB"), ("owner", "assign", "鈴木", "高橋")],
)
@pytest.mark.parametrize(
    ("who", "keep", "kept"), [("鈴木", "mine", 0), ("鈴木", "theirs", 1), ("佐藤", "鈴木", 0), ("佐藤", "高橋", 1)]
)
def test_a_deal_that_two_renamed_or_handed_over_is_asked_about(team, field, do, ours, theirs, who, keep, kept):
    """Of those who said it, and of who leads; what is kept counts everywhere, and nobody is asked again."""
    deal = deal_of(team)["id"]
    team.as_("鈴木").done("deal", do, deal, ours)
    team.as_("高橋").done("deal", do, deal, theirs)
    team.sync()
    for name in ("佐藤", "鈴木", "高橋"):
        assert "食い違い 1件" in team.as_(name).done().out
        [one] = team.conflicts(name)
        assert (one["kind"], one["id"], one["field"], one["takes_both"]) == ("deal_field", deal, field, False)
        assert one["deal"]["id"] == deal
        assert {(side["by"], side["value"]) for side in one["sides"]} == {("鈴木", ours), ("高橋", theirs)}
        # The last one counts now.
        assert deal_of(team)[field] == one["sides"][-1]["value"]
    page = team.as_("佐藤").done("team", "settle", "--list").out
    names = "|".join(side["by"] for side in one["sides"])
    assert f"nippo team settle {deal} --keep {names}" in page
    refused = team.as_("佐藤")("team", "settle", deal, "--keep", "both")
    assert refused.code == 2
    done = team.as_(who).done("team", "settle", deal, "--keep", keep)
    assert (ours, theirs)[kept] in done.out
    team.in_step()
    assert deal_of(team)[field] == (ours, theirs)[kept]
    for name in ("佐藤", "鈴木", "高橋"):
        assert team.conflicts(name) == []
    team.as_(who).done("undo")
    assert len(team.conflicts(who)) == 1


def test_two_fields_of_one_deal_are_settled_one_by_one(team):
    """Each is listed with its own command, in either language."""
    deal = deal_of(team)["id"]
    for name, called, owner in (("鈴木", "ポンプA", "鈴木"), ("高橋", "ポンプB", "高橋")):
        team.as_(name).done("deal", "rename", deal, called)
        team.as_(name).done("deal", "assign", deal, owner)
    team.sync()
    called_now = deal_of(team)["name"]
    page = team.as_("佐藤").done("--lang", "en", "team", "settle", "--list").out
    for words in ("was renamed twice", "was handed over twice", "--field name --keep", "--field owner --keep"):
        assert words in page
    refused = team.as_("佐藤")("team", "settle", deal, "--keep", "鈴木", "--field", "stage")
    assert (refused.code, "(name)" in refused.err, "(owner)" in refused.err) == (4, True, True)
    team.as_("佐藤").done("team", "settle", deal, "--keep", "鈴木", "--field", "owner")
    team.in_step()
    assert (deal_of(team)["name"], deal_of(team)["owner"]) == (called_now, "鈴木")
    assert [one["field"] for one in team.conflicts("佐藤")] == ["name"]


def test_who_knows_what_a_colleague_said_of_a_deal_contradicts_nobody(team):
    """Nor do two who said the same; and one who says it again having seen both has settled it."""
    deal = deal_of(team)["id"]
    team.as_("鈴木").done("deal", "rename", deal, "ポンプA")
    team.sync()
    team.as_("高橋").done("deal", "rename", deal, "ポンプB")
    for name in ("鈴木", "高橋"):
        team.as_(name).done("deal", "assign", deal, "高橋")
    team.sync()
    assert team.conflicts("佐藤") == []
    for name in ("鈴木", "高橋"):
        team.as_(name).done("deal", "assign", deal, {"鈴木": "鈴木", "高橋": "田中"}[name])
    team.sync()
    assert [one["field"] for one in team.conflicts("佐藤")] == ["owner"]
    team.as_("佐藤").done("deal", "assign", deal, "佐藤")
    team.in_step()
    assert team.conflicts("佐藤") == []
    assert deal_of(team)["owner"] == "佐藤"


def test_what_was_said_of_a_deal_on_another_day_is_kept_from_that_day(team):
    """Who has it by now, since it was said to be theirs; whoever has not, from today on."""
    deal = deal_of(team)["id"]
    team.as_("鈴木").done("deal", "assign", deal, "鈴木")
    team.as_("高橋").done("deal", "assign", deal, "高橋", "--on", "2026-11-20")
    team.sync()
    [one] = team.conflicts("佐藤")
    assert [side["value"] for side in one["sides"]] == ["高橋", "鈴木"]
    assert deal_of(team)["owner"] == "鈴木"
    team.as_("佐藤").done("team", "settle", deal, "--keep", "高橋")
    team.in_step()
    assert deal_of(team)["owner"] == "高橋"
