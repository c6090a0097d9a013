"""`nippo customer people`: whom the diary names, under which titles, and what is said of one of them."""

import pytest
from derived import kept, rebuilt
from shell import Shell


def met(nippo: Shell, on: str, people: str, customer: str, by: str = "佐藤", *, deal: tuple[str, ...] = ()) -> None:
    """An entry of that day about these people."""
    said = ("--people", people, "--on", on, "--by", by, "--activity", "電話", "-m", "話した")
    nippo.done("add", *deal, "--customer", customer, *said)


@pytest.fixture
def aoba(nippo: Shell) -> Shell:
    """山本 with two titles at 青葉, met by two reps; another 山本 at 東亜; 木村 at 東亜."""
    met(nippo, "2026-01-10", "山本 剛（課長）", "青葉製作所")
    met(nippo, "2026-02-10", "山本剛（課長）", "㈱青葉製作所", "鈴木")
    met(nippo, "2026-03-10", "山本　剛", "青葉製作所")
    met(nippo, "2026-04-10", "山本剛（部長）、木村 修", "青葉製作所")
    met(nippo, "2026-04-11", "山本剛（社長）", "東亜化学")
    return nippo


def people_of(nippo: Shell, *argv: str) -> list[dict[str, object]]:
    """The people of a list."""
    return nippo.done("customer", "people", *argv, "--json").json["people"]


def test_a_person_is_one_with_each_title_since_the_day_it_was_written(aoba: Shell):
    """Blanks part nobody; a title left out is no title; of a customer renamed the people are the same."""
    aoba.done("customer", "rename", "青葉製作所", "青葉テクノ")
    page = aoba.done("customer", "people", "青葉製作所", "--json").json
    assert (page["customer"], page["total"]) == ("青葉テクノ", 2)
    kimura, yamamoto = sorted(page["people"], key=lambda one: one["entries"])
    assert yamamoto["titles"] == [{"title": "課長", "since": "2026-01-10"}, {"title": "部長", "since": "2026-04-10"}]
    assert (yamamoto["first_met_on"], yamamoto["last_met_on"], yamamoto["entries"]) == ("2026-01-10", "2026-04-10", 4)
    assert (sorted(yamamoto["met_by"]), kimura["name"]) == (["佐藤", "鈴木"], "木村 修")
    assert [(p["name"], p["customer"], p["title"]) for p in people_of(aoba)] == [
        ("山本剛", "東亜化学", "社長"), ("山本剛", "青葉テクノ", "部長"), ("木村 修", "青葉テクノ", None),
    ]  # fmt: skip


def test_who_moved_is_one_person_at_both_customers(aoba: Shell):
    """At the old one they come last, with where they went and who came after them; at the new one with where they came from. What
    was said there counts; somebody of that name at a third one is another."""
    aoba.done(
        "customer",
        "people",
        "青葉製作所",
        "山本剛",
        "--moved",
        "北野電機",
        "--successor",
        "井上 誠",
        "--on",
        "2026-05-01",
    )
    met(aoba, "2026-06-01", "山本 剛（取締役）", "北野電機")
    kimura, old = people_of(aoba, "青葉製作所")
    assert kimura["name"] == "木村 修"
    assert (old["until"], old["moved_to"], old["successor"]) == ("2026-05-01", "北野電機", "井上 誠")
    (new,) = people_of(aoba, "北野電機")
    assert (new["since"], new["came_from"], new["entries"], new["last_met_on"]) == (
        "2026-05-01", "㈱青葉製作所", 5, "2026-06-01",
    )  # fmt: skip
    assert [one["title"] for one in new["titles"]] == ["課長", "部長", "取締役"]
    yamamotos = [(p["customer"], p["entries"]) for p in people_of(aoba) if p["name"] == "山本剛"]
    assert yamamotos == [("北野電機", 5), ("東亜化学", 1)]
    # As every page has it.
    for page in (("customer", "北野電機"), ("prep", "北野電機")):
        (shown,) = aoba.done(*page, "--json").json["people"]
        assert (shown["came_from"], shown["entries"]) == ("㈱青葉製作所", 5)


def test_undo_takes_back_all_that_one_command_said(aoba: Shell):
    """The move and the successor; and the page is as before."""
    before = people_of(aoba)
    aoba.done("customer", "people", "青葉製作所", "山本剛", "--moved", "北野電機", "--successor", "井上")
    assert people_of(aoba) != before
    assert aoba.done("undo", "--lang", "ja").out == "取り消しました: ㈱青葉製作所の山本剛さんについての記録\n"
    assert people_of(aoba) == before


def test_a_move_that_is_announced_is_none_before_its_day(aoba: Shell):
    """Today is 2026-11-23."""
    aoba.done("customer", "people", "青葉製作所", "山本剛", "--moved", "北野電機", "--on", "2026-12-01")
    assert people_of(aoba, "青葉製作所")[0]["until"] is None
    assert people_of(aoba, "青葉製作所", "--as-of", "2026-12-02")[1]["moved_to"] == "北野電機"


@pytest.mark.parametrize("said", [("--moved", "北野電機"), ("--left",)])
def test_who_was_met_after_the_day_they_went_is_noticed(aoba: Shell, said: tuple[str, ...]):
    """It is written all the same: the day may be right, and the entry about something else."""
    last = people_of(aoba, "青葉製作所")[0]["last_met_on"]
    answer = aoba.done("customer", "people", "青葉製作所", "山本剛", *said, "--on", "2026-01-05")
    assert "山本剛 とは" in answer.err
    aoba.done("undo")
    assert "とは" not in aoba.done("customer", "people", "青葉製作所", "山本剛", *said, "--on", last).err


def test_names_of_one_person_are_one_wherever_people_are_listed(aoba: Shell):
    """A name of their own, an alias, and two who were always one; a name of another is refused with what makes them one."""
    met(aoba, "2026-07-01", "山本課長", "青葉製作所")
    page = aoba.done("customer", "people", "青葉製作所", "--json").json
    assert [(p["one"], p["other"], p["why"]) for p in page["near"]] == [("山本課長", "山本剛", "title")]
    taken = aoba("customer", "people", "青葉製作所", "山本剛", "--alias", "山本課長")
    assert taken.code == 2
    assert f"--journal {aoba.journal} customer people '㈱青葉製作所' '山本剛' --merge '山本課長'" in taken.err
    aoba.done("customer", "people", "青葉製作所", "山本課長", "--merge", "山本剛")
    aoba.done("customer", "people", "青葉製作所", "山本剛", "--rename", "山本 豪")
    aoba.done("customer", "people", "青葉製作所", "木村 修", "--alias", "キムラ")
    met(aoba, "2026-08-01", "キムラ", "青葉製作所")
    listed = {p["name"]: (p["entries"], p["also_called"]) for p in people_of(aoba, "青葉製作所")}
    assert listed == {"山本 豪": (5, ["山本剛", "山本課長"]), "木村 修": (2, ["キムラ"])}
    assert people_of(aoba, "青葉製作所", "山本課長")[0]["name"] == "山本 豪"


def test_who_left_is_offered_no_more_and_the_successor_is(aoba: Shell):
    """On the pages they stand last."""
    aoba.done("customer", "people", "青葉製作所", "山本剛", "--left", "--successor", "井上 誠", "--on", "2026-10-01")
    out = aoba.done("customer", "people", "青葉製作所", "--lang", "ja").out
    assert out.index("木村 修") < out.index("山本剛")
    assert "10/1 離任  後任 井上 誠" in out
    assert "10/1 離任" in aoba.done("prep", "青葉製作所", "--lang", "ja").out


def test_a_move_to_where_the_diary_has_that_name_is_pointed_out(aoba: Shell):
    """They are one from now on, and undo parts them."""
    moved = aoba.done("customer", "people", "青葉製作所", "山本剛", "--moved", "東亜化学", "--lang", "ja")
    assert "「東亜化学」の「山本剛」（1件）も同じ方として扱います" in moved.err
    assert people_of(aoba, "東亜化学")[0]["entries"] == 5
    aoba.done("undo")
    assert people_of(aoba, "東亜化学")[0]["entries"] == 1


@pytest.mark.parametrize(
    "argv",
    [
        ("青葉製作所", "山本剛", "--left", "--moved", "東亜化学"),
        ("青葉製作所", "山本剛", "--rename", "山本豪", "--alias", "山本"),
        ("青葉製作所", "山本剛", "--rename", "山本豪", "--on", "2026-05-01"),
        ("青葉製作所", "山本剛", "--moved", "株式会社青葉製作所"),
        ("青葉製作所", "山本剛", "--successor", "山本 剛"),
        ("青葉製作所", "山本剛", "--alias", "山本（課長）"),
        ("青葉製作所", "山本剛", "--alias", " "),
        ("青葉製作所", "山本剛", "--merge", "山本 剛"),
        ("青葉製作所", "--left"),
        ("青葉製作所", "山本剛", "--on", "2026-05-01"),
        ("青葉製作所", "山本剛", "--near"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(aoba: Shell, argv):
    """With exit code 2."""
    before = people_of(aoba)
    assert aoba("customer", "people", *argv).code == 2
    assert people_of(aoba) == before


def test_a_part_of_a_name_is_taken_by_no_script(aoba: Shell):
    """To look at, it will do."""
    assert people_of(aoba, "青葉製作所", "木村")[0]["name"] == "木村 修"
    assert aoba("customer", "people", "青葉製作所", "木村", "--left").code == 4
    assert aoba("customer", "people", "青葉製作所", "田中", "--left").code == 4


def test_an_erasure_takes_every_name_of_a_person_and_what_was_said_of_them(aoba: Shell):
    """Asked for by one of their names; the journal says none of them any more, and is what its log says."""
    aoba.done("customer", "people", "青葉製作所", "山本剛", "--alias", "ヤマゴウ")
    aoba.done("customer", "people", "青葉製作所", "木村 修", "--left", "--successor", "山本剛")
    met(aoba, "2026-07-01", "ヤマゴウ", "青葉製作所")
    met(aoba, "2026-07-02", "木村修", "青葉製作所")
    aoba.done("redact", "--person", "山本剛", "--why", "本人の依頼", "--yes")
    content = (aoba.journal / "journal.db").read_bytes()
    for name in ("山本剛", "山本 剛", "ヤマゴウ"):
        assert name.encode() not in content
    assert [p["name"] for p in people_of(aoba)] == ["木村 修"]
    assert people_of(aoba)[0]["successor"] is None
    assert aoba.done("doctor").code == 0


def test_an_erasure_takes_no_stranger_who_has_one_of_the_names(aoba: Shell):
    """ヤマゴウ is another name of 山本剛 at 青葉製作所, and somebody else's at 南商事, who stays."""
    aoba.done("customer", "people", "青葉製作所", "山本剛", "--alias", "ヤマゴウ")
    met(aoba, "2026-07-01", "ヤマゴウ", "南商事")
    aoba.done("redact", "--person", "山本剛", "--why", "本人の依頼", "--yes")
    assert [p["name"] for p in people_of(aoba, "南商事")] == ["ヤマゴウ"]
    assert "山本剛".encode() not in (aoba.journal / "journal.db").read_bytes()
    assert aoba.done("doctor").code == 0


def test_what_is_derived_of_persons_is_what_a_rebuild_makes(aoba: Shell):
    """Also after an undo."""
    aoba.done("customer", "people", "青葉製作所", "山本剛", "--moved", "東亜化学")
    aoba.done("customer", "people", "青葉製作所", "木村 修", "--alias", "キムラ")
    aoba.done("undo")
    before = kept(aoba.journal / "journal.db")
    assert len(before["person_said"]) == 3
    assert rebuilt(aoba.journal / "journal.db") == before


def test_near_people_of_all_customers_come_with_the_command_that_makes_them_one(aoba: Shell):
    """The oracle is read by eye: a title, an old form of a letter, a letter off, a part; two customers' are no pair."""
    met(aoba, "2026-07-01", "斎藤健一、齋藤健一、佐々木洋介、佐々木洋輔、田中、田中実、小林主任、小林", "南商事")
    met(aoba, "2026-07-02", "田中", "北商事")
    pairs = aoba.done("customer", "people", "--near", "--json").json["pairs"]
    assert [(p["one"], p["other"], p["why"]) for p in pairs] == [
        ("斎藤健一", "齋藤健一", "letters"), ("小林", "小林主任", "title"), ("田中", "田中実", "inside"),
        ("佐々木洋介", "佐々木洋輔", "letter"),
    ]  # fmt: skip
    out = aoba.done("customer", "people", "--near", "--lang", "ja").out
    assert "nippo customer people '南商事' '田中' --merge '田中実'" in out


def test_everybody_is_told_by_so_many_looks_whatever_the_diary_has(nippo: Shell, tmp_path, monkeypatch):
    """Statements are counted: as many for 600 entries as for 20, some of them corrected. What they come to is what each entry says."""
    import sqlite3

    from nippo_cli.journal.log import store
    from nippo_cli.journal.write import opening

    looked = list[str]()
    connect = store.connect

    def counted(*args: object) -> sqlite3.Connection:
        cx = connect(*args)  # type: ignore[arg-type]
        cx.set_trace_callback(looked.append)
        return cx

    def look() -> tuple[int, dict[str, tuple[int, str | None, str]]]:
        looked.clear()
        with monkeypatch.context() as patch:
            patch.setattr(store, "connect", counted)
            patch.setattr(opening, "connect", counted)
            people = people_of(nippo, "--limit", "0")
        return len(looked), {p["name"]: (p["entries"], p["title"], p["customer"]) for p in people}

    (tmp_path / "map.yaml").write_text(
        "source: t\non: 日\ndeal: 件\nfields: {customer: 客, people: 人, facts: 事, activity: {constant: 電話}}\n",
        encoding="utf-8",
    )
    statements = []
    for n in (20, 600):
        rows = [f"2026-0{1 + i % 9}-1{i % 9},件{i % 7},客{i % 7},人{i % 50:02}（課長）,{n}-{i}" for i in range(n)]
        (tmp_path / "rows.csv").write_text("\n".join(("日,件,客,人,事", *rows, "")), encoding="utf-8")
        nippo.done("import", str(tmp_path / "rows.csv"), "--map", str(tmp_path / "map.yaml"))
        if n == 20:
            entry = nippo.done("log", "--json", "--limit", "1").json["entries"][0]
            nippo.done("edit", entry["id"], "--people", "直した人（部長）")
        many, people = look()
        statements.append(many)
    assert statements[0] == statements[1]
    expected: dict[tuple[str, str], int] = {}
    for e in nippo.done("log", "--json", "--limit", "0").json["entries"]:
        for person in e["values"]["people"]:
            who = person["name"], e["customer_name"]
            expected[who] = expected.get(who, 0) + 1
    found = {(p["name"], p["customer"]): p["entries"] for p in people_of(nippo, "--limit", "0")}
    assert found == expected
    assert people["直した人"][0] == 1
