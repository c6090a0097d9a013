"""Sheets as sales people keep them: heads that only hint at what stands below, months for days, a sum in any column."""

import os
from datetime import UTC, datetime
from pathlib import Path

from shell import Shell

SHEET = (
    "■2025年度 案件管理表（関東営業所）,,,,,,,,,\n更新:2026/3/31 担当:鈴木,,,,,,,,,\n"
    ",管理No,得意先,案件名,担当,金額(万円),見込ランク,現在の状況,受注予定,最終訪問,メモ\n"
    ",K-001,㈱山中製作所,コンベア更新,鈴木,350,A,受注済,2025/8,2025/7/20,値引き1割\n"
    ",K-002,㈱山中製作所,予備品,鈴木,45,B,見積提出済み,2025/12,2025/11/2,\n"
    ",K-003,北浜鉄工,ポンプ,木村,80,A,内示,2026/4,2026/3/25,来月注文書\n"
    ",計,,,,475,,,,,\n"
)


def test_heads_that_hint_are_believed_where_the_cells_agree(nippo: Shell, tmp_path: Path):
    """見込ランク has ranks, 現在の状況 says what ended, 受注予定 names months: no day on which a deal ended. The sum is no row."""
    file = tmp_path / "案件管理表.csv"
    file.write_text(SHEET, encoding="cp932")
    at = datetime(2026, 3, 31, 3, tzinfo=UTC).timestamp()
    os.utime(file, (at, at))
    plan = nippo.done("import", file.name, "--dry-run", "--json").json
    assert plan["questions"] == []
    assert {one["column"]: one["role"] for one in plan["taken"]} == {
        "得意先": "customer", "案件名": "deal", "担当": "owner", "金額(万円)": "amount", "見込ランク": "confidence",
        "現在の状況": "status", "受注予定": "closes", "最終訪問": "changed", "メモ": "facts",
    }  # fmt: skip
    report = nippo.done("import", file.name, "--yes", "--json").json
    assert (report["taken"], report["skipped"], report["rejected"]) == (3, 1, 0)
    deals = {one["name"]: one for one in nippo.done("deal", "list", "--all", "--json").json["deals"]}
    assert (deals["コンベア更新"]["outcome"], deals["コンベア更新"]["closed_on"]) == ("won", "2025-07-20")
    assert (deals["ポンプ"]["amount"], deals["ポンプ"]["confidence"]) == (800_000, "A")
