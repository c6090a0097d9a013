"""Sound files of every kind that nippo reads, to be spoilt, and the command that reads each."""

import json
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]

_MAP = """source: crm
key: id
deal: 案件
author: 担当
empty: ["-", "なし"]
skip_when: {状態: [削除]}
incomplete: {constant: "true"}
fields:
  customer: 顧客
  activity: {column: 種別, values: {TEL: 電話}}
  facts: {columns: [内容, 備考], join: " / "}
  amount: 金額
  closes: {column: 予定, format: "%Y/%m/%d"}
  next_on: 次回
  people: {column: 面談者, format: json}
entries:
  - on: 日付
    fields: {stage: {constant: 見積}}
  - part: close
    when: {状態: [受注, 失注]}
    on: {column: 終了, format: ["%Y-%m-%d", "%Y/%m/%d %H:%M"], empty: ["0000-00-00"]}
    fields: {stage: 状態}
"""
_ROWS = """id,日付,案件,担当,顧客,種別,内容,備考,金額,予定,次回,面談者,状態,終了
1,2026-11-01,A機,山田,青葉製作所,TEL,話した,,120万,2026/12/31,2026-12-01,"[{""name"":""佐藤"",""title"":""課長""}]",受注,2026-11-20
2,2026/11/2,B機,鈴木,㈱旭,訪問,"見積
を出した",急ぎ,"1,200,000",2027/01/31,,,進行,
3,2026-11-03,C機,山田,E社,,メール,,,,,,失注,2026/11/21 10:30
"""
_OBJECTS = [
    {"id": str(n), "日付": f"2026-11-0{n}", "案件": f"X{n}", "担当": "山田", "顧客": "A社", "種別": "TEL", "内容": "話😀", "備考": None,
     "金額": 1200000, "予定": "2026/12/31", "次回": "", "面談者": [{"name": "佐藤"}], "状態": "進行", "終了": ""}
    for n in (1, 2, 3)
]  # fmt: skip
_SALES = '計上日,得意先,金額,伝票番号,案件\n2026-11-20,青葉製作所,"1,200,000",S-1,案件\n2026-11-21,㈱旭,▲5000,S-2,\n'
_SALES_MAP = "source: 会計\non: {column: 計上日}\ncustomer: 得意先\namount: 金額\nreference: 伝票番号\ndeal: 案件\n"
_REPORTS = """- on: 2026-11-20
  deal: 案件
  activity: 電話
  facts: |
    話した
    二行目
  people: [{name: 佐藤, title: 課長}]
  amount: 120万
- deal: 新案件
  new_deal: true
  customer: B社
  activity: 訪問
  stage: ヒアリング
  facts: あ
  next_step: 次
  next_on: +7d
"""
_MAIL = """
mail:
  to: [加藤 <kato@example.co.jp>]
  cc: team@example.co.jp
  from: 西村 <nishimura@example.co.jp>
  subject: "{title}  {author} {day}"
  send: {server: smtp.example.co.jp, port: 587, security: starttls, user: nishimura, password: pass show mail}
"""
_CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1@example.co.jp
DTSTART;TZID=Asia/Tokyo:20261123T100000
DTEND;TZID=Asia/Tokyo:20261123T110000
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:青葉製作所 打合せ
ATTENDEE;CN=山田:mailto:yamada@example.co.jp
END:VEVENT
END:VCALENDAR
"""

SOUND: Mapping[str, str] = {
    "map.yaml": _MAP,
    "rows.csv": _ROWS,
    "rows.json": json.dumps(_OBJECTS, ensure_ascii=False, indent=1),
    "rows.jsonl": "\n".join(map(json.dumps, _OBJECTS)),
    "sales.csv": _SALES,
    "sales.yaml": _SALES_MAP,
    "targets.csv": 'owner,month,amount\n山田,2026-12,500万\n鈴木,2027-01,"3,000,000"\n',
    "reports.yaml": _REPORTS,
    "reports.json": json.dumps(
        [{"deal": "案件", "activity": "電話", "facts": "話", "on": "2026-11-20"}], ensure_ascii=False
    ),
    "schema.yaml": (ROOT / "schema.yaml").read_text(encoding="utf-8"),
    "checked.yaml": (ROOT / "schema.yaml").read_text(encoding="utf-8"),
    "mailed.yaml": (ROOT / "schema.yaml").read_text(encoding="utf-8") + _MAIL,
    "meetings.ics": _CALENDAR.replace("\n", "\r\n"),
}
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "map.yaml": ("import", "rows.csv", "--map", "map.yaml"),
    "rows.csv": ("import", "rows.csv", "--map", "map.yaml"),
    "rows.json": ("import", "rows.json", "--map", "map.yaml"),
    "rows.jsonl": ("import", "rows.jsonl", "--map", "map.yaml"),
    "sales.csv": ("sales", "import", "sales.csv", "--map", "sales.yaml"),
    "sales.yaml": ("sales", "import", "sales.csv", "--map", "sales.yaml"),
    "targets.csv": ("target", "import", "targets.csv"),
    "reports.yaml": ("add", "--from-file", "reports.yaml"),
    "reports.json": ("add", "--from-file", "reports.json"),
    "schema.yaml": ("add", "案件", "--activity", "電話", "-m", "話", "--schema", "schema.yaml"),
    "checked.yaml": ("schema", "check", "checked.yaml"),
    "mailed.yaml": ("schema", "check", "mailed.yaml"),
    "meetings.ics": ("import", "meetings.ics"),
}
# What may stand in a cell or behind an option, besides what is odd everywhere.
CELLS = (
    "0001-01-01", "9999-12-31", "1000-01-01", "8999-12-31", "2025y", "99999d", "9999m",
    "+9999y", "令和99年", "明治元年", "12/31", "来年度末",
    "1990-01-01", "2046-12-31", "2047-01-01", '="2026-11-20"', '=""', "#NUM!", "2026-11-20 10:30", "46346", "-1", "1e9", "100万円", "￥１",
)  # fmt: skip
