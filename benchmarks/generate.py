"""A big sales diary as a CSV file, with the map that imports it and the schema it is judged by.

    python benchmarks/generate.py 100000 -o benchmarks/results/data

The same size and seed make the same file. It is written row by row in the order of the dates, so that memory does not
grow with it. About a tenth as many deals as rows; about 8 % of the deals are live at the end, most of them young.
"""

import argparse
import csv
import heapq
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FIRST_DAY = date(2021, 7, 1)
DAYS = 1826
IN_HOUSE = 0.02
HEAD = (
    "番号", "日付", "担当", "案件", "顧客", "案件種別", "引合経路", "活動", "フェーズ", "面談者", "事実", "所感",
    "金額", "受注予定日", "確度", "検収予定日", "次の一手", "次の一手の期日", "失注理由",
)  # fmt: skip
FIELDS = {
    "customer": "顧客", "kind": "案件種別", "source": "引合経路", "activity": "活動", "stage": "フェーズ",
    "people": "面談者",
    "facts": "事実", "impression": "所感", "amount": "金額", "closes": "受注予定日", "confidence": "確度",
    "accepts": "検収予定日", "next_step": "次の一手", "next_on": "次の一手の期日", "lost_reason": "失注理由",
}  # fmt: skip

# Stage, its usual days, and the confidence that goes with it.
STEPS = (
    ("引合", 6, ""), ("初回訪問", 9, ""), ("ヒアリング", 14, ""), ("デモ・サンプル評価", 22, ""), ("提案", 17, "C"),
    ("見積", 17, "B"), ("社内決裁", 22, "A"), ("内示", 9, "S"),
)  # fmt: skip
MEET = ("訪問", "Web会議", "デモ")
ACTIVITIES = ("訪問", "電話", "メール", "訪問", "Web会議", "電話", "デモ")
KINDS = ("新規", "新規", "新規", "更新")
SOURCES = ("展示会", "Webサイト", "紹介", "既存顧客から", "代理店・商社")
REASONS = ("価格", "競合", "機能", "納期", "予算化見送り", "計画凍結", "内製化")
REPS = tuple(
    f"{name}{given}"
    for name in ("青木", "石川", "上田", "江口", "大森", "加藤", "木下", "久保")
    for given in ("一", "真")
)
PLACES = (
    "北浜",
    "楢原",
    "三雲",
    "榛名",
    "遠野",
    "白峰",
    "砥川",
    "水沢",
    "黒羽",
    "美里",
    "荒砥",
    "小鹿",
    "戸倉",
    "汐見",
)
TRADES = ("製作所", "精機", "工業", "電子", "化成", "食品", "鋳造", "歯車", "樹脂", "油圧")
GOODS = ("搬送ロボット", "外観検査装置", "加工治具", "パレタイザ", "部品洗浄機", "協働ロボット", "寸法測定機")
PEOPLE = (
    "山田（課長）",
    "高橋（工場長・決裁者）",
    "中村（購買係長）、小川（部長・決裁者）",
    "林（主任）",
    "清水（製造部長・決裁者）",
)
OPENINGS = (
    "担当課長と面談。",
    "電話で状況を伺う。",
    "現場を見ながら話を聞いた。",
    "前回の宿題を回答。",
    "先方から連絡。",
    "資料を説明。",
)
MIDDLES = (
    "工程の手待ちが月{a}時間、手直し率は{b}%とのこと。", "予算は{a}00万円の枠で、設備会議は来月の第{c}週。",
    "競合は{c}社。価格差は{b}0万円ほど。", "試験ワーク{a}個で不良{c}件、目標の範囲に入った。",
    "停止できるのは連休の{c}日間だけ。", "稟議は部長印まで進み、残りは{c}人。",
    "台数は{c}台から{b}台に変わるかもしれない。", "納期{b}週を{c}週縮められるかと聞かれた。",
)  # fmt: skip
ENDINGS = (
    "次回までに回収計算を直す。",
    "決めるのは工場長。",
    "返事は来週。",
    "見積の内訳を求められた。",
    "技術に確認して回答する。",
    "",
)
FEELINGS = (
    "",
    "",
    "",
    "担当は前向きだが、上の関心が見えない。",
    "時期の話になると歯切れが悪い。",
    "宿題が具体的で、動きそう。",
)
NEXT_STEPS = ("電話で確認", "見積の提出", "現場の再訪問", "提案書の差替え", "テスト結果の報告")


class Row(NamedTuple):
    """A deal's entry still to be written: its day as days from the first, and its stage."""

    day: int
    stage: str


class Made(NamedTuple):
    """What was generated."""

    rows: int
    deals: int
    live: int
    until: str


class Deal:
    """One deal: who, what, for how much, and the entries that it will have."""

    def __init__(self, number: int, day: int, dice: random.Random) -> None:
        self.number = number
        place, trade = dice.choice(PLACES), dice.choice(TRADES)
        self.customer = f"株式会社{place}{trade}{number % 997 if number > 997 else number}"
        self.name = f"{place}{trade} {dice.choice(GOODS)} {number}"
        self.kind = dice.choice(KINDS)
        self.source = dice.choice(SOURCES)
        self.owner = dice.choice(REPS)
        self.amount = dice.randrange(30, 5000, 5) * 10_000
        self.closes = 0
        self.rows = iter(self._rows(day, dice))

    def _rows(self, day: int, dice: random.Random) -> Iterator[Row]:
        outcome = dice.random()
        last = len(STEPS) if outcome < 0.33 else dice.randint(2, 7)
        for place, (stage, usual, _) in enumerate(STEPS[:last]):
            if place and dice.random() < 0.12:
                continue
            until = day + max(1, round(usual * dice.lognormvariate(0, 0.5)))
            while day < until:
                yield Row(day, stage)
                day += dice.randint(7, 20)
            day = until
        if outcome < 0.33:
            yield Row(day, "受注")
            for after, stage in ((70, "納入・検収"), (110, "フォロー")):
                yield Row(day + after, stage)
        elif outcome < 0.965:
            yield Row(day, "失注")


def rows(size: int, seed: int) -> Iterator[tuple[list[object], Deal | None, str]]:
    """Rows in the order of their dates, each with its deal and stage; `size` of them."""
    dice = random.Random(f"{seed}/{size}")
    every = DAYS / max(1, size / 10)
    waiting: list[tuple[int, int, Row, Deal]] = []
    deals = written = 0
    while written < size:
        starts_on = int(deals * every)
        if not waiting or starts_on <= waiting[0][0]:
            deals += 1
            deal = Deal(deals, starts_on, dice)
            row = next(deal.rows)
            heapq.heappush(waiting, (row.day, deals, row, deal))
            continue
        day, number, row, deal = waiting[0]
        following = next(deal.rows, None)
        if following is None:
            heapq.heappop(waiting)
        else:
            heapq.heapreplace(waiting, (following.day, number, following, deal))
        written += 1
        yield _entry(written, row, deal, dice), deal, row.stage
        if written < size and dice.random() < IN_HOUSE:
            written += 1
            on = (FIRST_DAY + timedelta(days=day)).isoformat()
            yield [written, on, deal.owner, *[""] * 4, "社内", "", "", _facts(dice), *[""] * 8], None, ""


def _entry(number: int, row: Row, deal: Deal, dice: random.Random) -> list[object]:
    on = FIRST_DAY + timedelta(days=row.day)
    activity = dice.choice(ACTIVITIES)
    rank = _RANKS.get(row.stage, "")
    closes = accepts = ""
    if rank:
        if not deal.closes or dice.random() < 0.15:
            deal.closes = max(deal.closes, row.day) + dice.randint(20, 60)
        closes = (FIRST_DAY + timedelta(days=deal.closes)).isoformat()
    if row.stage in ("内示", "受注"):
        accepts = (on + timedelta(days=90)).isoformat()
    known = row.stage in ("見積", "社内決裁", "内示", "受注")
    going = row.stage in _GOING
    return [
        number, on.isoformat(), deal.owner, deal.name, deal.customer, deal.kind,
        deal.source if row.stage == "引合" else "", activity, row.stage, dice.choice(PEOPLE) if activity in MEET else "",
        _facts(dice), dice.choice(FEELINGS),
        deal.amount if known else "", closes, rank, accepts, dice.choice(NEXT_STEPS) if going else "",
        (on + timedelta(days=dice.randint(3, 14))).isoformat() if going else "",
        dice.choice(REASONS) if row.stage == "失注" else "",
    ]  # fmt: skip


_RANKS = {stage: rank for stage, _, rank in STEPS if rank}
_GOING = frozenset(stage for stage, _, _ in STEPS)


def _facts(dice: random.Random) -> str:
    middle = dice.choice(MIDDLES).format(a=dice.randint(10, 60), b=dice.randint(4, 19), c=dice.randint(2, 5))
    return dice.choice(OPENINGS) + middle + dice.choice(ENDINGS)


def import_map() -> str:
    """The map that imports the file."""
    fields = "\n".join(f"  {key}: {column}" for key, column in FIELDS.items())
    return (
        "source: benchmark\nfile: {type: csv, encoding: utf-8}\nkey: 番号\n"
        'on: {column: 日付, format: "%Y-%m-%d"}\nauthor: 担当\ndeal: 案件\n'
        f"fields:\n{fields}\n"
    )


def generate(size: int, folder: Path, seed: int = 1) -> Made:
    """Write `entries-SIZE.csv`, its `import.yaml`, `schema.yaml` and `entries-SIZE.json` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    live: set[int] = set()
    deals, until = 0, ""
    with (folder / f"entries-{size}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for cells, deal, stage in rows(size, seed):
            writer.writerow(cells)
            until = str(cells[1])
            if deal is not None:
                deals = max(deals, deal.number)
                if stage in _GOING:
                    live.add(deal.number)
                else:
                    live.discard(deal.number)
    made = Made(size, deals, len(live), until)
    (folder / "import.yaml").write_text(import_map(), encoding="utf-8")
    (folder / "schema.yaml").write_text((ROOT / "schema.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / f"entries-{size}.json").write_text(json.dumps(made._asdict()), encoding="utf-8")
    return made


def main() -> None:
    """Generate what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("size", type=int, nargs="+", help="rows")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "benchmarks" / "results" / "data")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for size in asked.size:
        made = generate(size, asked.output, asked.seed)
        print(f"{made.rows:,} rows, {made.deals:,} deals, {made.live:,} of them live on {made.until}")


if __name__ == "__main__":
    main()
