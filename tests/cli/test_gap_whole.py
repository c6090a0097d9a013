"""The page for Monday where there is little to tell: what is missing, and when it will be useful."""

from shell import Shell

STAGE_FIRST = ("--stage", "inquiry", "--activity", "call", "--customer", "青葉", "--kind", "new", "--source", "web")


def test_without_a_deal_each_section_says_what_is_missing(nippo: Shell):
    """What asks of live deals says so once; the rest each for itself, with what will make it useful."""
    nippo.done("init")
    said = nippo.done("gap").out
    assert said.count("進行中の案件がまだないので") == 1
    missing = said.split("まだ見られないもの")[1]
    for start in (
        "契約後フォロー漏れ: 受注した案件がまだありません。受注すると",
        "売上との突合: この期間の売上実績がまだ入っていません。会計ソフトの CSV を取り込むと",
        "見込と実績: この期間の月には、受注予定のあった案件も受注もありません。日報に受注予定日を書くと",
        "活動と売上: 初めて会った月が終わった案件がまだありません。月が替わると",
    ):
        assert start in " ".join(missing.split()), start


def test_with_one_deal_that_has_no_sign(nippo: Shell):
    """What was asked and found nothing is named in one row; what can't be asked yet is not among it."""
    nippo.done("init")
    nippo.deal("ポンプ", *STAGE_FIRST, "--next-step", "電話", "--next-on", "+3d")
    said = nippo.done("gap").out
    [clear] = [row for row in said.splitlines() if row.startswith("該当なし")]
    assert clear == "該当なし: 滞留、立ち消え懸念、フェーズ飛ばし・逆戻り、次の一手なし、掘り起こし"
    assert "- 蜃気楼（後ろ倒し）: 受注予定日のある進行中の案件がまだない" in said
    assert "- 契約後フォロー漏れ: " in said
    english = nippo.done("--lang", "en", "gap").out
    assert "Nothing found: Stalled deals, Fizzled" in english
    assert "No data yet" in english


def test_a_part_of_the_deals_is_not_told_what_the_rest_may_have(nippo: Shell):
    """Of one owner nothing is missing that another's deals may hold."""
    nippo.done("init")
    nippo.deal("ポンプ", *STAGE_FIRST, "--next-step", "電話", "--next-on", "+3d")
    assert "まだ見られないもの" not in nippo.done("gap", "--stage", "inquiry").out


def test_a_first_entry_straight_into_a_stage_is_no_broken_line_yet(nippo: Shell):
    """Put into a quote from the train, without its amount: asked about once the deal has moved on."""
    nippo.done("init")
    nippo.done(
        "add", "ポンプ", "--new-deal", "--stage", "quote", "--customer", "青葉", "--kind", "new", "--activity", "call",
        "-m", "見積を頼まれた", "--later",
    )  # fmt: skip
    assert nippo.done("gap", "broken", "--json").json["findings"] == []
    nippo.done("add", "ポンプ", "--stage", "approval", "--activity", "call", "-m", "稟議に回った", "--later")
    [found] = nippo.done("gap", "broken", "--json").json["findings"]
    assert {(s["what"], s["stage"], s["to"]) for s in found["signs"]} == {
        ("skipped", "hearing", "quote"), ("unrecorded", "quote", "amount"), ("unrecorded", "quote", "closes"),
    }  # fmt: skip


def test_owners_are_grouped_on_the_whole_page_alone(nippo: Shell):
    """An option that can't be kept is refused, never ignored."""
    nippo.done("init")
    for argv in (("stalled", "--by", "owner"), ("--compare", "--by", "owner")):
        assert nippo("gap", *argv).code == 2
        assert "--by owner" in nippo("gap", *argv).err


def test_a_comparison_ends_like_the_page_does(nippo: Shell):
    """10 where a finding stands today, also beside the other day's."""
    nippo.done("init")
    assert nippo("gap", "--compare", "--exit-code").code == 0
    nippo.done("add", "ポンプ", "--new-deal", *STAGE_FIRST, "-m", "次の日は決まらず", "--later")
    assert nippo("gap", "--compare", "--exit-code").code == 10


def test_an_entry_dated_ahead_is_shown_apart_and_is_no_contact(nippo: Shell):
    """A visit of next week, in the deal's page under its mark: the silence and the stage are those of before."""
    nippo.done("init")
    nippo.deal("ポンプ", "--on", "2026-11-16")
    before = nippo.done("deal", "show", "ポンプ", "--json").json
    nippo.done(
        "add",
        "ポンプ",
        "--on",
        "2026-11-30",
        "--activity",
        "call",
        "--stage",
        "won",
        "--amount",
        "5",
        "-m",
        "発注書",
        "--later",
    )
    after = nippo.done("deal", "show", "ポンプ", "--json").json
    assert [one["on"] for one in after["ahead"]] == ["2026-11-30"]
    assert {**after, "ahead": []} == before
    assert "先の日付" in nippo.done("deal", "show", "ポンプ").out
    assert nippo.done("gap", "--json").json["left_out"]["future"] == 1
