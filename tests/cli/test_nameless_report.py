"""A report that is to name nobody, made of a diary with a name in every text that anybody can write."""

import json
import re
from pathlib import Path

import pytest
from shell import Shell

NOW = "2026-11-30T09:00:00+09:00"
CALL = ("--activity", "電話")
# Each stands in a field of its own kind somewhere; the texts below speak of them all.
NAMES = ("琥珀", "翡翠", "瑪瑙", "瑠璃", "黒曜", "穂高", "霧島", "日向", "雲井", "白鷺", "朝比奈", "水無瀬")
SAID = "翡翠工業の霧島部長と白鷺さん、水無瀬産業、技術・日向、瑠璃電機、黒曜商事、朝比奈さんの話"


@pytest.fixture
def planted(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Customers, people, companions, rivals, owners; a name of each in every other text: facts, impressions, next steps, words of
    customers, own views, holds, comments, decisions, remarks, reviews, declarations, sales and their references, revisits; a deal that was
    merged, an alias of a deal and of a customer."""
    monkeypatch.setenv("NIPPO_NOW", "2026-09-01T18:00:00+09:00")
    live = (
        "--amount",
        "1000万",
        "--closes",
        "2026-12",
        "--confidence",
        "B",
        "--stage",
        "見積",
        "--competitor",
        "瑠璃電機",
    )
    nippo.deal("琥珀 検査", *live, "--customer", "琥珀精機株式会社", "--people", "穂高次郎（部長）", facts=SAID)
    nippo.deal(
        "翡翠 洗浄",
        *live,
        "--customer",
        "翡翠工業",
        "--people",
        "霧島三郎（部長）",
        "--companions",
        "技術・日向",
        facts=SAID,
    )
    nippo.deal("瑪瑙 治具", "--amount", "300万", "--closes", "2026-12", "--customer", "瑪瑙産業", facts=SAID)
    nippo.deal("黒曜 増設", *live, "--customer", "黒曜商事", "--competitor", "瑠璃電機", facts=SAID)
    nippo.deal("翡翠 洗浄 重複", "--customer", "翡翠工業", "--amount", "50万", "--closes", "2026-12", facts=SAID)
    nippo.done("deal", "rename", "瑪瑙 治具", "朝比奈邸 治具")
    nippo.done("customer", "alias", "瑪瑙産業", "水無瀬産業")
    nippo.done("deal", "assign", "翡翠 洗浄", "白鷺四郎")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T18:00:00+09:00")
    nippo.done("deal", "merge", "翡翠 洗浄 重複", "翡翠 洗浄")
    nippo.done(
        "comment",
        "琥珀 検査",
        "--decision",
        "-m",
        SAID,
        "--who",
        "雲井五郎",
        "--by",
        "朝比奈六郎",
        "--due",
        "2026-12-01",
    )
    nippo.done("landing", "say", "2026-12", "1000万", "--owner", "水無瀬七郎", "--note", SAID)
    nippo.done("deal", "hold", "朝比奈邸 治具", "--until", "2026-12-31", "--why", SAID)
    nippo.done(
        "add",
        "黒曜 増設",
        *CALL,
        "--stage",
        "失注",
        "-m",
        SAID,
        "--lost-reason",
        "価格",
        "--customer-words",
        SAID,
        "--own-view",
        SAID,
    )
    nippo.done(
        "deal", "review", "黒曜 増設", "--cause", "価格と予算の開き", "--known", "asked", "-m", SAID, "--by", "雲井五郎"
    )
    nippo.done(
        "sales",
        "add",
        "--customer",
        "瑪瑙産業",
        "--amount",
        "98万",
        "--ref",
        "瑪瑙-水無瀬-1",
        "--note",
        SAID,
        "--on",
        "2026-11-20",
    )
    nippo.done("customer", "revisit", "瑪瑙産業", "--on", "2026-11-25", "-m", SAID)
    nippo.done("day", "--remarks", SAID, "--tomorrow", SAID)
    nippo.done(
        "add", "琥珀 検査", *CALL, "-m", SAID, "--impression", SAID, "--next-step", SAID, "--next-on", "2026-12-07"
    )
    monkeypatch.setenv("NIPPO_NOW", NOW)
    return nippo


def test_no_name_is_among_its_bytes(planted: Shell, tmp_path: Path) -> None:
    """Wherever anyone wrote it: in a file, in a folder, on the screen, as JSON and Markdown, in both languages, with what is else
    withheld."""
    said = {form: planted.done("report", "--anonymous", "--format", form).out for form in ("table", "md", "json")}
    withheld = ("--with", "所感,自分の見立て,顧客の言葉,競合", "--unfold", "--limit", "0")
    planted.done("report", "--anonymous", "-o", f"{tmp_path}/folder/")
    planted.done("report", "--anonymous", "-o", str(tmp_path / "whole.html"), *withheld)
    planted.done("report", "--anonymous", "-o", str(tmp_path / "english.html"), "--lang", "en")
    files = {str(path): path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")}
    assert len(files) == 7
    for where, text in (files | said).items():
        named = [text[max(0, text.find(name) - 40) : text.find(name) + 20] for name in NAMES if name in text]
        assert not named, where
    assert "電話" in files[str(tmp_path / "whole.html")]


def test_the_number_of_a_merged_deal_is_on_no_bridge(planted: Shell) -> None:
    """A deal that another took in goes by its number alone on the bridge: a nameless report says neither's."""
    named, nameless = (
        planted.done("report", "--json", *more).json["landing"]["bridge"]["parts"] for more in ((), ("--anonymous",))
    )
    withdrawn = next(part for part in named if part["change"] == "withdrawn")
    assert withdrawn["deal"]["id"]
    assert withdrawn["after"]
    of_it = next(part for part in nameless if part["change"] == "withdrawn")
    assert of_it["amount"] == withdrawn["amount"]
    assert of_it["after"] is None
    assert of_it["deal"]["id"] is None
    text = planted.done("report", "--anonymous").out
    for number in (withdrawn["deal"]["id"], withdrawn["after"]):
        assert not re.search(rf"#{number}\b", text)


def test_what_is_not_a_name_stays(planted: Shell) -> None:
    """The figures are those of the report that names all, and so is what nobody is called."""
    named, nameless = (planted.done("report", "--json", *more).json for more in ((), ("--anonymous",)))
    assert nameless["landing"]["months"][0]["target"] == named["landing"]["months"][0]["target"]
    assert nameless["landing"]["bridge"]["after"] == named["landing"]["bridge"]["after"]
    assert nameless["journal"] is None
    assert "の話" in json.dumps(nameless, ensure_ascii=False)


def test_an_anonymous_report_has_no_number_of_a_record(nippo: Shell, tmp_path: Path) -> None:
    """Not that of the deal that makes most of a rise, of one that a sale may belong to, of the entry of a broken step, nor in JSON."""
    demo = ("--journal", str(tmp_path / "demo"))
    nippo.done("demo", "--keep", demo[1])
    named, whole = (nippo.done("report", *demo, *more, "--json").json for more in ((), ("--anonymous",)))
    rise = max(named["landing"]["bridge"]["parts"], key=lambda part: part["amount"])["deal"]
    findings = named["gaps"]["findings"]
    proposed = next(one["proposal"]["deal"]["id"] for one in findings if one.get("proposal"))
    entry = next(one["entries"][0] for one in findings if one["kind"] == "broken")
    assert f"%は {rise['id']} {rise['name']} の1件" in nippo.done("report", *demo).out
    nippo.done("report", *demo, "--anonymous", "-o", str(tmp_path / "x.html"))
    text = re.sub(r"(?s)<style>.*?</style>|<[^>]*>", "|", (tmp_path / "x.html").read_text(encoding="utf-8"))
    assert re.search("%は 案件[A-Z] の1件", text)
    for number in (rise["id"], proposed, entry):
        assert not re.search(rf"(?<![\d,.]){number}(?![\d,.%日件])", text), number
    numbers = {*(deal["id"] for deal in named["deals"]), *(one["answered"] for one in named["decided"])}
    assert not numbers & set(re.findall(r'"((?:\w+-)?\d+)"', json.dumps(whole)))


# How somebody may be known, and how a text of another deal calls them: by the family name alone, and before what follows a name.
KNOWN = ("琴平", "鴻巣", "鵜飼", "蛭田", "猪俣", "雫石", "鮎川", "蓮沼", "苅谷", "轟")
CALLED = (
    "、".join(f"{name}は休み、{name}様と{name}さんと{name}部長（{name}）へ" for name in KNOWN[:-1])
    + "、轟さんと轟部長へ"
)


def test_a_family_name_by_itself_is_replaced_whoever_is_known_by_it(
    nippo: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that people fields name, written in one or in two parts, or by the family name alone; an author, an owner; by an alias, by a
    former name; a companion of another department; who was to do something. None of them in a deal that the text is about."""
    met = "琴平健一（部長）、鴻巣 健二（課長）、鵜飼（係長）"
    nippo.deal("甲 機械", "--customer", "甲社", "--people", met, "--companions", "技術・蛭田")
    monkeypatch.setenv("NIPPO_AUTHOR", "猪俣健五")
    nippo.deal("乙 機械", "--customer", "乙社", "--people", "田辺健三（部長）、雫石健四（課長）、轟健太郎（主任）")
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    nippo.done("customer", "people", "乙社", "雫石健四", "--rename", "大庭健四")
    nippo.done("customer", "people", "乙社", "田辺健三", "--alias", "鮎川健三")
    nippo.done("deal", "assign", "乙 機械", "蓮沼健六")
    nippo.done(
        "comment",
        "乙 機械",
        "--decision",
        "-m",
        "見積を出す",
        "--who",
        "苅谷健七",
        "--by",
        "佐藤",
        "--due",
        "2026-12-01",
    )
    nippo.deal("丙 機械", "--customer", "丙社", facts=CALLED)
    nippo.done("add", "丙 機械", "--activity", "電話", "--stage", "失注", "--lost-reason", "価格", "-m", CALLED)
    nippo.done("report", "--anonymous", "-o", str(tmp_path / "report.html"))
    nippo.done("deal", "story", "丙 機械", "--anonymous", "-o", str(tmp_path / "story.html"))
    for name in ("report", "story"):
        text = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        assert not [who for who in KNOWN if who in text], name
        assert "どの項目にも記録されていない名前は" in text, name


def test_words_that_begin_like_a_name_stay(nippo: Shell, tmp_path: Path) -> None:
    """Of 本田誠 no 本部長 becomes a person, of 高橋健 no 高 a name; a family name within a longer word is none."""
    said = "本部長は3本、売上高、高い、高橋駅前、大野原、大野は"
    nippo.deal("甲 機械", "--customer", "甲社", "--people", "本田誠、高橋健、大野一郎")
    nippo.deal("乙 機械", "--customer", "乙社", facts=said)
    nippo.done("add", "乙 機械", "--activity", "電話", "--stage", "失注", "--lost-reason", "価格", "-m", said)
    text = nippo.done("deal", "story", "乙 機械", "--anonymous", "--format", "md").out
    assert "本部長は3本、売上高、高い、高橋駅前、大野原、" in text
    assert "大野は" not in text
