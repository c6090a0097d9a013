"""In a page of HTML each figure that counts deals leads to a list of just these."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from shell import Shell, settle

from nippo_cli.cli.frame.main import main

PAGES = {
    "report": ("report",), "gap": ("gap",), "by-owner": ("gap", "--by", "owner"), "landing": ("landing",), "half": ("landing", "--half"),
    "steps": ("steps",), "lessons": ("lessons",), "summary": ("deal", "list", "--summary"),
    "sales": ("gap", "promises", "--basis", "sale", "--since", "1y"),
    "year": ("landing", "--fiscal-year", "--basis", "sale", "--unit", "1"),
    **{kind: ("gap", kind) for kind in ("stalled", "mirage", "fizzled", "broken", "next", "aftercare", "promises", "unlinked", "activity")},
    **{kind: ("lessons", kind) for kind in ("lost", "fates", "contrast", "confidence", "words")},
    "months": ("steps", "--by", "month"), "customer": ("customer", "株式会社雲雀製菓"), "people": ("customer", "people"),
    "today": (), "steps-owner": ("steps", "--by", "owner"), "revisit": ("gap", "revisit"),
}  # fmt: skip
# Columns whose figures count deals or stays; in each of these tables a figure that is not nothing leads somewhere.
COUNTED = {"件数", "入", "出", "在", "前進", "戻り", "飛ばし", "振返り"}
NUMBER = re.compile(r"[\d,]+")


class Lists(HTMLParser):
    """The lists of a page, by anchor: the title, and the text of each row; and every link: where to, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.titles: dict[str, str] = {}
        self.rows: dict[str, list[str]] = {}
        self.links: list[tuple[str, str]] = []
        self._at = ""
        self._text: list[str] | None = None
        self._linked: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A list begins, or a row of it, or a link."""
        of = dict(attrs)
        if tag == "div" and of.get("class") == "called":
            self._at = of["id"] or ""
            assert self._at not in self.rows, "an anchor stands once on a page"
            self.rows[self._at] = []
        elif self._at and tag in ("h3", "p"):
            self._text = []
        elif tag == "a" and not self._at:
            self._linked = []
            self.links.append(((of["href"] or "").removeprefix("#"), ""))

    def handle_data(self, data: str) -> None:
        """Text of what is open."""
        for into in (self._text, self._linked):
            if into is not None:
                into.append(data)

    def handle_endtag(self, tag: str) -> None:
        """What was open is whole."""
        if tag == "h3" and self._at and self._text is not None:
            self.titles[self._at], self._text = "".join(self._text), None
        elif tag == "p" and self._at and self._text is not None:
            self.rows[self._at].append("".join(self._text).strip())
            self._text = None
        elif tag == "a" and self._linked is not None:
            self.links[-1], self._linked = (self.links[-1][0], "".join(self._linked)), None
        elif tag == "div":
            self._at = ""

    def counted(self, anchor: str) -> int:
        """How many deals a list has: a row each, or their names behind each other; with those that it says are not there."""
        rows = [row for row in self.rows[anchor] if not row.startswith("案件なしの売上")]
        more = re.fullmatch(r"ほか ([\d,]+)件", rows[-1])
        listed = rows[:-1] if more else rows
        names = listed[0].split("、") if len(listed) == 1 else listed
        return len(names) + (int(more[1].replace(",", "")) if more else 0)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the demo's diary and its pages, written once for all tests."""
    folder = tmp_path_factory.mktemp("figures")
    with pytest.MonkeyPatch.context() as patch:
        settle(patch, folder)
        # Whoever asks is shown their own words.
        patch.setenv("NIPPO_AUTHOR", "西村")
        for argv in (("demo", "--keep", str(folder / "demo")), *(_written(folder, name) for name in PAGES)):
            assert main([*argv, "--no-input"]) == 0, argv
        yield folder


def _written(folder: Path, name: str) -> tuple[str, ...]:
    return (*PAGES[name], "--journal", str(folder / "demo"), "-o", str(folder / f"{name}.html"))


@pytest.fixture
def pages(demo: Path) -> Mapping[str, str]:
    """The demo's pages."""
    return {name: (demo / f"{name}.html").read_text(encoding="utf-8") for name in PAGES}


# Counts that lead nowhere, each by its page (all: empty), where it stands (`td:` and the head of its column) and all of its text, N for
# each number in it, with the reason.
CLOSED = (
    ("", "td:ID", "N", "the number of a deal"),
    ("", "td:日数・接触", "N回", "how often the one deal of the row was met"),
    ("lost", "td:(日数|接触)", "N", "medians"),
    ("contrast", "td:見たもの", "N回目の接触までの日数", "the name of a figure"),
    ("contrast", "td:結果 ／ その時まで", "月N回・最長 N日あき", "of the one deal of the row"),
    ("contrast", "td:(そのほか|受注)", "N", "how many deals each side has, in the columns of the medians: all won ones, all others"),
    # Above what is counted.
    ("", "summary|caption", ".+(　|の案件  )N件", "it opens to the rows that it counts, or is the caption of them"),
    ("report|gap|unlinked", "strong", "日報と売上実績が合わないもの N件", "findings of deals and of sales: its rows"),
    ("report|gap|revisit", "strong", "動き出したN件 N円", "its rows"),
    ("sales|promises|report|gap", "h2|caption|p", "見込んだ月に受注できなかった案件 N件", "its rows"),
    ("lessons", "strong", "事例 N件", "cases: `nippo lessons cases`"),
    ("gap|by-owner", "h2", "失敗に学ぶ（今週のN件）", "the one that is told"),
    ("report", "span", "N件  進行中 N件( N円)?", "an owner's deals: the sections below"),
    ("landing|half|year|words|customer|today|revisit", "span", "N件", "beside the heading of its rows"),
    ("people", "p", "N名　.+", "of its rows"),
    ("customer", "span", "N名|活動N件", "beside the heading of its rows"),
    # Beside a picture: the deals are in the table of its numbers, or in the table that it draws.
    ("report|landing", "figcaption|span", "(N/Nの N から N万円へ（.N）・)?増えた分のN%は .+ のN件", "the one deal that is named"),
    ("report|steps|steps-owner", "figcaption|caption", "進行中N件のうちN件は、そのフェーズの.+", "its table has the stages"),
    ("report|steps|steps-owner", "text", "N件(中N件)?", "a picture; a stage's row has them"),
    ("months", "figcaption|caption", "N年N月に進行中 N件、N年N月に進行中 N件", "the rows of all of its table open"),
    ("landing|half|report|year|confidence", "td:n", "N", "what a rank's rate is made of: `nippo lessons confidence` opens them"),
    # Money, reckoned from figures that open.
    ("report|landing|half|year", "td:(計|万円|金額|円)", "N", "an amount"),
    ("gap|by-owner", "td:(計|N月)", "N", "an amount: `nippo landing` opens it"),
    ("landing|half|year", "td:平均のずれ", "N", "an amount"),
    ("landing|half|year", "strong", "目標との差-Nは、.*N件.*届きます。", "how many of the rows below reach the target"),
    # Of one deal.
    ("report|gap|mirage", "td:後ろ倒し", "N回 .N日", "of the one deal of the row"),
    ("report|gap|fizzled", "td:途切れて戻った", "N件中N件", "of other deals that were silent for as long: no list of them is kept"),
    ("report|gap|broken", "td:活動", "N", "the number of an entry"),
    ("report|gap|by-owner", "p", "(新 )?(未接触N日/N日|滞留 N日/N日|後ろ倒しN回 .N日).*", "the signs of the one deal above"),
    ("report|gap|mirage", "span", "後ろ倒しN回以上", "the name of a figure that opens"),
    ("fizzled", "strong", "N日以上途絶えて戻ったのは N件中N件", "deals by their longest silence: no list of them is kept"),
    # Cut, with how to see it.
    ("report", "td:案件", "ほかN件の増減", "`nippo landing` has each"),
    ("report|gap|customer", "p", "ほか N件  --limit N ですべて表示", "said beside it"),
    ("landing|half|year", "p", "ほかN件", "the rows above go on: the cell of the month has all"),
    ("gap|by-owner", "p", "ほか N件: nippo deal list --fate 受注", "said beside it"),
    ("lessons", "p", "ほかに、振り返りのない失注 N件", "`nippo lessons cases` asks for them"),
    # No deals: notices, moves, customers, month-ends, entries.
    ("report|gap|aftercare", "p", "受注した顧客 N社  連絡が途絶えている N社（N%）", "customers: `nippo customer`"),
    ("sales|promises", "p", "延べN件は確度か金額がなく、重み付けの額に入っていません。", "promises, of which a deal makes several"),
    ("months", "p", "直近N回の月末　それぞれの時点で分かっていたこと", "month-ends"),
    ("words", "p|dd", "西村 さんの日報 N件|N回(（(N%|上げた N回のうち)）)?", "entries and promises: `nippo log --by` has them"),
    ("words", "span", "期日の来たもの N件", "promises"),
    ("lost", "span", "日数・接触は中央値（N件から）", "the median is of the deals of its row, which opens"),
    ("confidence", "span", "確度が一度も書かれていない案件がN件あり.+", "they have no rank to be listed under"),
    # A rule.
    ("report|gap", "p", "N件は、当てはまるもののうち.+", "a rule"),
    ("gap|by-owner", "p", "N件を開く: nippo deal show ID.+", "a command"),
    ("activity", "p", "N件未満の月は、割合でなく件数です（N/N はN件のうちN件）。", "a rule"),
    ("landing|half|year", "p", "率は「いつか受注になった割合」。終わった案件がN件に満たない.+", "a rule"),
    ("landing|half|year", "p", "月初の見込が当月に受注になったのは、過去N年でN%（N件・金額）。", "what a rate of past months is made of"),
    ("lessons|lost", "p", "かけた日数 N日・接触 N回（中央値）  振り返り", "medians"),
    ("mirage|confidence", "p", "(実績から見た日は|n は約束された日の数).+", "a rule"),
    ("contrast", "p", "差は −N〜.+", "a rule"),
    ("report|steps|steps-owner", "p", "（うち金額未記入 N件）", "they are among the deals of the stages above"),
)  # fmt: skip


def test_a_count_that_leads_nowhere_has_a_reason(pages: Mapping[str, str]) -> None:
    """On each page every number of a table, and every count in a sentence, is a link, or stands in the short list above."""
    closed = []
    for name, text in pages.items():
        of = Counts()
        of.feed(text)
        closed += [(name, where, said) for where, said in of.closed if not _has_a_reason(name, where, said)]
    assert closed == []


def _has_a_reason(name: str, where: str, said: str) -> bool:
    place, text = (re.sub(r"\d[\d,.]*", "N", one) for one in (where, said))
    return any(
        (not page or name in page.split("|"))
        and any(re.fullmatch(one, of) for of in {place, where})
        and re.fullmatch(words, text)
        for page, one, words, _ in CLOSED
    )


def test_a_new_count_in_any_place_is_noticed() -> None:
    """The list above has no room for a count that nobody looked at."""
    for name, where in (
        (name, where)
        for name in PAGES
        for where in ("p", "span", "strong", "h2", "dd", "text", "td:案件", "td:新しい列")
    ):
        assert not _has_a_reason(name, where, "気づいた案件 12件"), (name, where)
        assert not _has_a_reason(name, where, "会った人 3名"), (name, where)


def test_a_list_that_says_more_is_full(pages: Mapping[str, str]) -> None:
    """What a list does not show is told only where it shows a hundred: a figure and its deals are counted by two ways of reckoning."""
    for name, text in pages.items():
        for anchor, rows in _lists(text).rows.items():
            if re.fullmatch(r"ほか ([\d,]+)件", rows[-1]):
                listed = rows[0].split("、") if len(rows) == 2 else rows[:-1]
                assert len(listed) == 100, (name, anchor, rows)


# Shapes are closed where they begin.
_WITHOUT_END = ("meta", "path", "rect", "polygon", "polyline", "line", "circle")


class Counts(HTMLParser):
    """The counts of a page that are no links: where each stands, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.closed: list[tuple[str, str]] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag is opened."""
        if tag not in _WITHOUT_END:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """The last of its kind is closed."""
        while tag not in _WITHOUT_END and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Text that is no link, in no list and in no deal's section: the counts in it."""
        tags = [tag for tag, _ in self._open]
        within = [attrs.get("class") or "" for _, attrs in self._open]
        if not tags or {"style", "a", "title", "desc"} & set(tags) or {"called", "listed", "mark"} & set(within):
            return
        cell = next((attrs["data-head"] for tag, attrs in reversed(self._open) if tag == "td"), None)
        where = tags[-1] if cell is None else f"td:{cell}"
        bare = cell is not None and NUMBER.fullmatch(data.strip()) and data.strip() != "0"
        if bare or re.search(r"(?<![\d/月-])[1-9][\d,]*(件|社|回|名)", data):
            self.closed.append((where, data.strip()))


def test_every_list_has_as_many_deals_as_its_figure_says(pages: Mapping[str, str]) -> None:
    """A list has so many deals as its title counts; a link of nothing but a count, and one that says 「N件」, leads to so many. No figure
    leads to nowhere, and to no list leads none."""
    for name, text in pages.items():
        of = _lists(text)
        assert of.rows, name
        ids = set(re.findall(r' id="([^"]+)"', text))
        assert {to for to, _ in of.links} <= ids, name
        assert set(of.rows) <= {to for to, _ in of.links}, name
        for anchor, title in of.titles.items():
            # Behind it; or within the sentence that it is, of what is left out.
            said = re.search(r"　([\d,]+)件$", title) or re.search(r"([\d,]+)件", title)
            assert said is not None, (name, title)
            assert of.counted(anchor) == int(said[1].replace(",", "")), (name, title)
        for to, said in of.links:
            bare = NUMBER.fullmatch(said) and not to.startswith(_OF_MONEY)
            counts = [said] if bare else re.findall(r"([\d,]+)件", said)
            if to in of.rows and counts:
                assert f"{of.counted(to):,}" in counts, (name, said)


# Of these pages a bare number is an amount, in 万円.
_OF_MONEY = ("landing-", "firm-")


def test_no_count_of_a_table_stays_closed(pages: Mapping[str, str]) -> None:
    """In columns that count deals each figure but a nought is a link; and so is every sentence above a table of findings."""
    for name, text in pages.items():
        before = re.sub(r'<div class="called".*?</div>|<details.*?</details>', "", text, flags=re.DOTALL)
        for head, cell in re.findall(r'<td[^>]* data-head="([^"]*)">(.*?)</td>', before):
            shown = re.sub("<[^>]*>", "", cell)
            if head in COUNTED and NUMBER.fullmatch(shown) and shown != "0":
                assert cell.startswith('<a href="#'), (name, head, cell)


@pytest.mark.parametrize("kind", ["stalled", "mirage", "fizzled", "broken", "next", "aftercare"])
def test_the_lists_of_a_gap_are_its_findings(nippo: Shell, pages: Mapping[str, str], demo: Path, kind: str) -> None:
    """The deals of its list are those of its JSON, the new ones too; of the report's, whatever its tables leave out."""
    answer = nippo.done("gap", kind, "--limit", "0", "--json", "--journal", str(demo / "demo")).json
    every = {one["deal"]["id"] for one in answer["findings"]}
    new = {one["deal"]["id"] for one in answer["findings"] if one["new"]}
    for name in (kind, "report", "gap"):
        lists = _ids(pages[name])
        assert every in lists.values(), name
        assert not new or new in lists.values(), name


def test_the_lists_of_a_lesson_are_those_that_it_can_be_narrowed_to(
    nippo: Shell, pages: Mapping[str, str], demo: Path
) -> None:
    """`--reason`, `--fate` and `--rank` give the same deals as the figures of the rows."""
    asked = ("--journal", str(demo / "demo"), "--limit", "0", "--json")
    for kind, option, keys in (
        ("lost", "--reason", [g["reason"] for g in nippo.done("lessons", "lost", *asked).json["reasons"]]),
        ("fates", "--fate", ["won", "lost", "fizzled", "open"]),
        ("confidence", "--rank", ["S", "A", "B", "C"]),
    ):
        lists = list(_ids(pages[kind]).values())
        for key in filter(None, keys):
            answer = nippo.done("lessons", kind, "--deals", option, key, *asked).json
            deals = {one["id"] for one in answer["deals"]}
            assert not deals or deals in lists, (kind, key)


def test_the_lists_of_a_month_are_its_piles(nippo: Shell, pages: Mapping[str, str], demo: Path) -> None:
    """What was promised for a month and became of it: the deals of the JSON."""
    answer = nippo.done("gap", "promises", "--json", "--journal", str(demo / "demo")).json
    lists = list(_ids(pages["promises"]).values())
    for month in answer["months"]:
        for pile in (month["promised"], month["in_time"], month["unpromised"], *month["became"].values()):
            assert not pile["n"] or set(pile["deals"]) in lists, month["month"]


@pytest.mark.parametrize(("name", "figure"), [
    ("promises", r"[\d,]+件 ([\d,]+)円"), ("sales", r"[\d,]+件 ([\d,]+)円"), ("report", r"[\d,]+件 ([\d,]+)円"), ("year", r"([\d,]+)"),
])  # fmt: skip
def test_the_amounts_of_a_list_add_up_to_its_figure(pages: Mapping[str, str], name: str, figure: str) -> None:
    """What was promised for a month is in its list as it was promised, and what was sold in it as it was sold."""
    of, added = _lists(pages[name]), 0
    for to, said in of.links:
        money = re.fullmatch(figure, said)
        if money is not None and to in of.rows:
            amounts = [re.search(r"(-?[\d,]+)円$", row) for row in of.rows[to]]
            total = sum(int(amount[1].replace(",", "")) for amount in amounts if amount is not None)
            assert total == int(money[1].replace(",", "")), (to, said, of.rows[to])
            added += 1
    assert added > 5


def _lists(text: str) -> Lists:
    of = Lists()
    of.feed(text)
    return of


def _ids(text: str) -> dict[str, set[str]]:
    return {anchor: set(_leading(rows)) for anchor, rows in _lists(text).rows.items()}


def _leading(rows: list[str]) -> Iterator[str]:
    """The numbers that rows begin with."""
    for row in rows:
        for name in row.split("、"):
            number = re.match(r"(?:[a-z]\w*-)?\d+", name)
            if number:
                yield number[0]
