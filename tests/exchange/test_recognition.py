"""Profiles of programs, each held against a header and rows of our making in its spelling; sheets that nobody knows, by their words."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from own_sheets import SCHEMA, TODAY, read

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.recognition import (
    header_key,
    known_ledger_columns,
    profiles,
    recognise,
    recognise_headless,
)
from nippo_cli.exchange.source import Options, open_source
from nippo_cli.exchange.stage_matching import stage_of

SAMPLE_FILES = Path(__file__).with_name("samples")
SAMPLES = {
    "salesforce": [
        "商談名,商談 所有者,取引先名,フェーズ,完了予定日,金額,確度(%),次のステップ,失注理由\n"
        "A機,山田,甲社,Closed Won,2026/11/20,1200000,100,,\n",
        "Opportunity Owner,Account Name,Opportunity Name,Stage,Close Date,Amount,Opportunity ID,Age\n"
        "Yamada,Kosha,A,Prospecting,11/20/2026,100,006A,3\n",
    ],
    "salesforce_rows": ["Id,Name,StageName,CloseDate,IsClosed,Amount,AccountId\n006A,A機,Closed Won,2026-11-20,TRUE,100,001B\n"],
    "salesforce_history": [
        "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability,ForecastCategory,IsDeleted\n"
        "008A,006A,005X,2026-11-01T09:00:00.000+0000,Prospecting,100,10,2026-12-01,10,Pipeline,false\n"
    ],
    "salesforce_fields": [
        "Field,OldValue,NewValue,OpportunityId,IsDeleted,CreatedDate,CreatedById\n"
        "StageName,Prospecting,Closed Won,006A,false,2026-11-01T09:00:00.000+0000,005X\n"
    ],
    "hubspot": [
        "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner,Associated Company\n"
        "1,A,closedwon,Sales,100,2026-11-20,yamada@example.com,Kosha\n",
        "取引名,取引ステージ,パイプライン,金額,クローズ日,会社通貨での金額\nA機,closedwon,営業,100,2026-11-20,100\n",
    ],
    "pipedrive": [
        "Deal - ID,Deal - Title*,Deal - Stage,Deal - Status,Deal - Value,Deal - Add time,Deal - Won time,Deal - Organization\n"
        "1,A機,Qualified,won,100,2026-10-01 09:00:00,2026-11-01 09:00:00,甲社\n"
    ],
    "zoho": [
        "Deal Owner,Deal Name,Account Name,Stage,Closing Date,Amount,Probability\n"
        "Y,A,Kosha,Qualification,2026-12-01,100,10\n",
        'Potential Name,Potential Owner,Created Time,Closing Date,Stage,Amount\n'
        'A,Y,"15 Apr, 2021 00:02:00","16 Apr, 2021 00:03:00",Closed Won,1\n',
    ],
    "kintone": [
        "レコード番号,更新者,作成者,更新日時,作成日時,ステータス,作業者,会社名,先方担当者名,見込み時期,確度,製品名,小計\n"
        "1,山田,山田,2026-11-20 10:00,2026-11-01 10:00,,山田,甲社,佐藤,2026-12-31,A,A機,1200000\n"
    ],
    "mazrica": ["案件名,契約予定日,担当者,フェーズ,契約確度,契約金額,取引先ID\n"
        "A機,2026-12-31,山田,提案,A,1200000,77\n"],
    "mazrica_actions": ["予定・完了アクション,アクション種別・目的,開始・終了日時,主担当者,アクション実施結果&メモ\n"
        "完了,訪問,2026/11/20,山田,価格を説明\n"],
    "zoho_calls": ["TASKID,Call Start Time,Call Owner,Subject,Call Type,ACCOUNTID\n1,2026-04-15 23:03:00,Y,Price,Outbound,1458\n"],
    "sansan": ["会社名,部署名,役職,氏名,名刺交換日,名刺所有者ユーザID\n甲社,購買部,課長,山本 剛,2026/04/10,s@example.com\n"],
    "event_log": ["case:concept:name,concept:name,org:resource,time:timestamp\n"
        "案件1,引合い,山田,2026-11-20 10:00:00+09:00\n"],
}  # fmt: skip


def test_every_profile_has_a_sample():
    """A profile is a file that anybody may add, with a sample here, or of a ledger a file in `samples/`."""
    ledgers = {path.stem for path in SAMPLE_FILES.glob("*.csv")}
    for profile in profiles():
        assert profile.key in (SAMPLES if profile.of == "entries" else ledgers), profile.key


@pytest.mark.parametrize("key", [profile.key for profile in profiles() if profile.of == "sales"])
def test_a_ledger_is_known_by_its_header_or_by_place(key: str):
    """弥生's has none: its first cell and its width say whose it is."""
    source = open_source(SAMPLE_FILES / f"{key}.csv", Options(wanted=known_ledger_columns()))
    known = recognise_headless(source.columns) or recognise(source.columns)
    assert known is not None
    assert known.profile.key == key
    assert recognise(source.columns, "entries") is None


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in SAMPLES.items() for text in texts])
def test_a_program_is_known_by_its_header(tmp_path: Path, key: str, text: str):
    """In each of its spellings; nothing is left to ask, and the map that follows can be read."""
    taken, made = read(tmp_path, text)
    assert taken.profile is not None
    assert taken.profile.profile.key == key
    assert taken.doubts == ()
    assert "entries:" in made


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (
            "salesforce",
            "商談名,商談所有者,取引先名,フェーズ,完了予定日,金額,商談日数,売上予測カテゴリ,商談 所有者: 部署",
        ),
        (
            "salesforce",
            "Opportunity Owner,Account Name,Opportunity Name,Stage,Close Date,Total Amount Currency,Total Amount",
        ),
        (
            "salesforce_history",
            "Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate,IsDeleted,PrevAmount,PrevCloseDate",
        ),
        (
            "hubspot",
            "取引名,取引ステージ,パイプライン,金額,クローズ日,会社通貨での金額,年間契約額（ACV）,年間経常収益（ARR）",
        ),
        ("hubspot", "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner,Date entered Closed Won"),
        (
            "pipedrive",
            "Deal - ID,Deal - Title*,Deal - Owner,Deal - Stage (pipeline),Deal - Status,Organization,Contact person",
        ),
        ("pipedrive", "Deal - Title*,Deal - Stage*,Deal - Status,Organization - Name,Person - Name,Deal - Value"),
        (
            "zoho",
            "Deal Owner,Deal Name,Account Name,Contact Name,Type,Amount,Closing Date,Stage,Probability,Sales Cycle Duration",
        ),
        (
            "kintone",
            "レコード番号,更新者,作成者,更新日時,作成日時,ステータス,作業者,会社名,部署名,見込み時期,確度,製品名,小計",
        ),
        (
            "mazrica",
            "案件タイプ,案件名,契約予定日,担当者,フェーズ,商品・サービス,契約確度,契約金額,取引先ID,規模（管理番号：12）",
        ),
        (
            "mazrica_actions",
            "予定・完了アクション,アクション種別・目的,開始・終了日時,主担当者,他の担当者,アクション実施結果&メモ",
        ),
        ("sansan", "会社名,部署名,役職,氏名,郵便番号(1),住所(1)［全て］,名刺所有者ユーザID"),
        ("freee_books", "日付,伝票番号,借方勘定科目,借方金額,借方税区分,借方税額,貸方勘定科目,貸方金額,貸方税額,摘要"),
        (
            "moneyforward",
            "取引No,取引日,借方勘定科目,借方補助科目,借方金額(円),借方税額,貸方勘定科目,貸方金額(円),摘要,MF仕訳タイプ,作成日時",
        ),
    ],
)
def test_a_programs_other_headers_are_known(key: str, header: str):
    """As its versions and its users' choices spell them."""
    recognised = recognise(header.split(","))
    assert recognised is not None
    assert recognised.profile.key == key


def test_a_header_is_a_set_of_names():
    """Their order, width and case are nothing; some may be missing, others beside them."""
    known = recognise(["金額", "xyz", "ﾌｪｰｽﾞ", "商談所有者", "取引先名", "商談名 *"])
    assert known is not None
    assert (known.profile.key, known.roles["stage"], known.roles["owner"]) == ("salesforce", "ﾌｪｰｽﾞ", "商談所有者")
    assert recognise(["商談名", "フェーズ"]) is None


def test_names_are_matched_without_brackets_blanks_and_signs():
    """`*` marks a column that a program requires, brackets an own number of it."""
    assert header_key("商談 所有者*") == header_key("商談所有者")
    assert header_key("契約額（管理番号：12）") == "契約額"


def test_a_sheet_of_ones_own_is_understood_by_its_words(tmp_path: Path):
    """千円 in a head is the amount's unit; a rank is a confidence; what ended has a day of its own."""
    head = "No,お客様名,件名,営業担当,見込額（千円）,進捗,確度,引合日,結果,結果日,備考\n"
    taken, made = read(
        tmp_path,
        head + "1,甲社,A機,山田,1200,提案,A,2026/4/1,,,x\n2,乙社,B機,村井,800,見積提出,B,2026/5/1,失注,2026/9/1,y\n",
    )
    assert taken.doubts == ()
    assert taken.shape == "snapshot"
    assert taken.roles.items() >= {
        "customer": "お客様名", "deal": "件名", "owner": "営業担当", "amount": "見込額（千円）", "stage": "進捗",
        "confidence": "確度", "began": "引合日", "status": "結果", "closed": "結果日",
    }.items()  # fmt: skip
    assert taken.stages == {"提案": "proposal", "見積提出": "quote", "失注": "lost"}
    assert taken.left_out == ("No",)
    assert '"unit": "千円"' in made


def test_contacts_are_a_diary(tmp_path: Path):
    """日付, 訪問先, 内容: one entry a row; 所感 is no fact."""
    taken, _ = read(tmp_path, "日付,訪問先,案件,面談者,商談内容,所感\n2026/11/20,甲社,A機,佐藤部長,価格を説明,脈あり\n")
    assert (taken.shape, taken.facts, taken.roles["impression"]) == ("diary", ("商談内容",), "所感")


@pytest.mark.parametrize(
    ("days", "first", "asked"),
    [
        (["13/2/2026", "1/2/2026"], "2026-02-13", False),
        (["2/13/2026", "1/2/2026"], "2026-02-13", False),
        (["1/2/2026", "3/4/2026"], "2026-01-02", True),
        (["46346", "46347"], "2026-11-20", False),
        (["R8.11.20", "令和8年11月21日"], "2026-11-20", False),
        (["16 Apr, 2021 00:03:00", "1 May, 2021 10:00:00"], "2021-04-16", False),
        (["20261120", "20261121"], "2026-11-20", False),
        (["2026年11月20日(金)", "2026/11/21 10:00"], "2026-11-20", False),
    ],
)
def test_how_days_are_written_is_told_by_the_cells(tmp_path: Path, days, first, asked):
    """The day or the month first: where no cell says it, it is asked."""
    taken, _ = read(tmp_path, "訪問日,会社,内容\n" + "".join(f'"{day}",甲社,x\n' for day in days))
    assert [doubt.what for doubt in taken.doubts] == (["date_order"] if asked else [])
    cells = CellReader(SCHEMA, TODAY, ZoneInfo("Asia/Tokyo"), frozenset(), defused=False)
    day = cells.day(ColumnRef((), formats=taken.days["訪問日"].formats))(days[0])
    assert day == date.fromisoformat(first)


def test_what_is_no_stage_is_asked_and_the_answer_stands(tmp_path: Path):
    """By its word; one that is none of them leaves the stage empty."""
    text = "会社,案件,フェーズ\n甲社,A機,謎\n乙社,B機,別\n"
    taken, _ = read(tmp_path, text)
    assert [doubt.key for doubt in taken.doubts] == ["stage_of:謎", "stage_of:別"]
    taken, made = read(tmp_path, text, {"stage_of:謎": "見積", "stage_of:別": "-"})
    assert taken.doubts == ()
    assert taken.stages == {"謎": "quote", "別": ""}
    assert '"謎": "quote", "別": ""' in made


def test_deals_of_one_name_are_told_apart_by_what_else_rows_say(tmp_path: Path):
    """Two rows of one name and no number: the day on which each began makes them two."""
    _, made = read(tmp_path, "件名,作成日,フェーズ\n保守,2026/4/1,提案\n保守,2026/5/1,提案\n")
    assert 'deal: {"column": "件名", "key": ["件名", "作成日"]}' in made


def test_amounts_in_another_currency_are_left_out(tmp_path: Path):
    """The journal's are yen."""
    taken, _ = read(tmp_path, '会社,案件,金額\nKosha,A,"$22,700.00"\n')
    assert "金額" in taken.left_out


def test_words_for_nothing_are_no_stage(tmp_path: Path):
    """They are empty in every column, and nobody is asked about them."""
    taken, made = read(tmp_path, "会社,案件,フェーズ\n甲社,A機,提案\n乙社,B機,-\n")
    assert (taken.doubts, taken.stages) == ((), {"提案": "proposal"})
    assert 'empty: ["-"]' in made


def test_what_heads_leave_open_the_cells_say(tmp_path: Path):
    """Steps by their words, how it ended by a mark below 決まり, money by its unit; which day is which is asked, the likely one first."""
    head = "物件,施主・元請,営業,進み具合,見積（万円）,話があった日,決まり,決まった日\n"
    rows = "A棟,甲社,高橋,見積,1250,2026/4/8,,\nB棟,乙社,小林,提案,430,2026/5/12,○,2026/9/10\nC棟,丙社,小林,見積,980,2026/2/3,×,2026/8/30\n"
    taken, _ = read(tmp_path, head + rows)
    assert {role: taken.roles[role] for role in ("customer", "owner", "stage", "status", "amount")} == {
        "customer": "施主・元請", "owner": "営業", "stage": "進み具合", "status": "決まり", "amount": "見積（万円）"
    }  # fmt: skip
    assert (taken.stages["○"], taken.stages["×"], taken.amount.unit) == ("won", "lost", 10_000)
    assert [(one.what, one.guess) for one in taken.doubts] == [("began", "話があった日"), ("closes", "")]


def test_what_a_deal_is_called_is_guessed_to_be_the_most_various_text(tmp_path: Path):
    """Neither a running number nor a day, nor one of two people."""
    rows = "1,佐藤,搬送ロボット,2026/4/8,提案\n2,村井,検査装置,2026/5/8,見積\n3,佐藤,洗浄機,2026/6/8,引合\n"
    taken, _ = read(tmp_path, "通番,こちら,話の中身,声がかかった日,いまどこ\n" + rows)
    (asked,) = [one for one in taken.doubts if one.what == "deal"]
    assert (asked.guess, asked.options[0], asked.options[-1]) == ("話の中身", "話の中身", "通番")


def test_marks_of_something_else_end_no_deal(tmp_path: Path):
    """Whether a quote went out is no end."""
    taken, _ = read(tmp_path, "物件,施主,進捗,見積提出,引合日\nA棟,甲社,提案,○,2026/4/8\nB棟,乙社,見積,×,2026/5/8\n")
    assert "status" not in taken.roles


def test_marks_below_a_head_that_asks_for_no_end_end_no_deal(tmp_path: Path):
    """○ below 状況 may say that it goes well; below 受注可否 it says how it ended."""
    rows = "A棟,甲社,見積,○,2026/4/8\nB棟,乙社,提案,×,2026/5/8\n"
    taken, _ = read(tmp_path, "物件,施主,進捗,状況,引合日\n" + rows)
    assert not {"won", "lost"} & set(taken.stages.values())
    taken, _ = read(tmp_path, "物件,施主,進捗,受注可否,引合日\n" + rows)
    assert (taken.stages["○"], taken.stages["×"]) == ("won", "lost")


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ("受注待ち", ""),
        ("契約待ち", ""),
        ("契約送付済み", ""),
        ("見積提出待ち", "quote"),
        ("稟議待ち", "approval"),
        ("提案書提出済", "proposal"),
        ("見積もり提出済", "quote"),
        ("受注済み", "won"),
    ],
)
def test_what_is_waited_for_or_was_sent_is_a_step_and_no_end(said: str, stage: str):
    """Nothing is sold while an order is waited for."""
    assert stage_of(said, SCHEMA) == stage


def test_money_below_a_title_that_says_its_unit_is_asked_about(tmp_path: Path):
    """The largest numbers first; thousands of yen in English are thousands."""
    above = "案件表 （単位：千円）\n\n"
    taken, _ = read(
        tmp_path,
        above + "№,ユーザー様,案件,ご予算,進捗,引合日\n1,甲社,A機,12000,提案,2026/4/8\n2,乙社,B機,800,見積,2026/5/8\n",
    )
    assert [(one.what, one.guess) for one in taken.doubts] == [("amount", "ご予算")]
    taken, _ = read(tmp_path, "Prospect,Deal,Size (k JPY),Stage,First talk\nA,Robot,12000,Quote,2026-04-08\n")
    assert (taken.roles["amount"], taken.amount.unit) == ("Size (k JPY)", 1000)


def test_a_day_to_come_that_no_word_names_may_be_when_the_order_is_expected(tmp_path: Path):
    """It is asked; one that is past is not."""
    taken, _ = read(tmp_path, "会社,案件,進捗,引合日,着地,検収\n甲社,A機,提案,2026/4/8,2027/1/31,2026/5/1\n")
    assert [(one.what, one.options) for one in taken.doubts] == [("closes", ("着地",))]


def test_a_past_day_beside_the_day_of_the_end_may_be_when_a_deal_began(tmp_path: Path):
    """It is asked; guessed where every row has one."""
    taken, _ = read(
        tmp_path, "会社,案件,フェーズ,結果日,声がけ\n甲社,A機,受注,2026/9/1,2026/4/8\n乙社,B機,提案,,2026/5/8\n"
    )
    assert [(one.what, one.guess) for one in taken.doubts] == [("began", "声がけ")]


def test_a_single_column_of_days_is_asked_about_once(tmp_path: Path):
    """As what it likelier is: one that is past as the beginning; only if it is not that, as the expected day."""
    text = "会社,案件,進捗,いつ\n甲社,A機,提案,2026/4/8\n乙社,B機,見積,2026/5/8\n"
    assert [one.what for one in read(tmp_path, text)[0].doubts] == ["began"]
    assert read(tmp_path, text, {"began:": "いつ"})[0].doubts == ()
    assert [one.what for one in read(tmp_path, text, {"began:": "-"})[0].doubts] == ["closes"]


@pytest.mark.parametrize(
    ("cells", "role"), [(("甲社", "乙製作所"), "customer"), (("田中様", "購買部 佐野部長"), "people")]
)
def test_the_other_side_is_the_customer_unless_it_is_a_person(tmp_path: Path, cells: tuple[str, str], role: str):
    """先方 says either."""
    taken, _ = read(
        tmp_path, f"先方,案件,フェーズ,引合日\n{cells[0]},A機,提案,2026/4/8\n{cells[1]},B機,見積,2026/5/8\n"
    )
    assert taken.roles[role] == "先方"


def test_a_row_that_ended_on_no_day_beyond_those_looked_at_is_rejected(tmp_path: Path):
    """The map has it dated by its own day alone, though no row looked at lacks one; a live one by the file's."""
    taken, made = read(tmp_path, "会社,案件,フェーズ,結果日\n甲社,A機,受注,2026/9/1\n")
    assert taken.doubts == ()
    closed = made[made.index('part: "closed"') :]
    assert (closed.count("part:"), '"結果日": {"not"' in closed, 'on: "結果日"' in closed) == (1, False, True)
    assert "now exported" in made


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        (["26/04/02", "26/10/31"], "2026-04-02"),
        (["26.4.2", "25.12.30"], "2026-04-02"),
        (["31/10/26", "02/04/26"], "2026-10-31"),
        (["10/31/26", "4/2/26"], "2026-10-31"),
        # Three days each, or two.
        (["05/11/06"], ""),
        (["05/11/26", "06/11/25"], ""),
        (["99/04/02"], ""),
    ],
)
def test_a_year_of_two_digits_is_read_where_one_order_makes_days_of_this_time(
    tmp_path: Path, cells: list[str], day: str
):
    """Else the column is left out, as the page says."""
    rows = "".join(f"甲社,A{number},提案,{cell}\n" for number, cell in enumerate(cells))
    taken, _ = read(tmp_path, "顧客名,案件名,進捗,受付日\n" + rows)
    assert ("began" in taken.roles) == bool(day)
    if day:
        read_day = CellReader(SCHEMA, TODAY, ZoneInfo("Asia/Tokyo"), frozenset(), defused=False).day
        assert read_day(ColumnRef((), formats=taken.days["受付日"].formats))(cells[0]) == date.fromisoformat(day)


def test_another_column_says_how_a_year_of_two_digits_is_read(tmp_path: Path):
    """`27/02/10` alone could be a day of 2027 or of 2010; 26/04/02 beside it leaves the first."""
    taken, _ = read(
        tmp_path,
        "顧客名,案件名,進捗,受付日,受注予定日\n甲社,A機,提案,26/04/30,27/02/10\n乙社,B機,提案,26/05/11,26/12/11\n",
    )
    assert {taken.days[column].formats for column in ("受付日", "受注予定日")} == {("%y/%m/%d",)}


def test_a_step_that_another_column_says_to_be_an_end_is_none_and_is_not_asked_about(tmp_path: Path):
    """`Closed` beside Won and Lost; where a live deal has it, too, it is."""
    head = "Client company,Opp,Rep,Sales stage,Outcome\n"
    rows = "Birch,Robot,Ann,Proposal,\nElm,Scale,Bob,Closed,Won\nOak,Paint,Bob,Closed,Lost\n"
    taken, made = read(tmp_path, head + rows)
    assert (taken.doubts, taken.stages["Closed"]) == ((), "")
    # Where a deal stood before it was `Closed` nobody knows: no entry says nothing.
    assert (
        f'"stood exported"\n    dated: "export"\n    on: {{"constant": "{TODAY}"}}\n    when: {{"Outcome": ["Won", "Lost"], '
        in made
    )
    assert '"Sales stage": {"not": ["", "Closed"]}' in made
    asked, _ = read(tmp_path, head + rows + "Fir,Saw,Ann,Closed,\n")
    assert [doubt.about for doubt in asked.doubts] == ["Closed"]


def test_a_stage_is_known_with_what_politeness_and_progress_put_around_it(tmp_path: Path):
    """ご提案中, 引合中, 見積提出済."""
    taken, _ = read(tmp_path, "会社名,商談テーマ,今の段階\n甲社,A機,ご提案中\n乙社,B機,引合中\n丙社,C機,見積提出済\n")
    assert (taken.doubts, taken.stages) == ((), {"ご提案中": "proposal", "引合中": "inquiry", "見積提出済": "quote"})


def test_the_items_of_one_inquiry_are_deals_of_their_own(tmp_path: Path):
    """One number, two machines, one of them sold: the number alone would make one deal of both."""
    head = "引合NO,需要家,品名・型式,商状\n"
    _, made = read(tmp_path, head + "M-1,甲社,旋盤,成約\n〃,甲社,金型,流れ\nM-2,乙社,治具,見積中\n")
    assert 'deal: {"column": "品名・型式", "key": ["引合NO", "品名・型式"]}' in made
    _, made = read(tmp_path, head + "M-1,甲社,旋盤,成約\nM-2,乙社,治具,見積中\n")
    assert 'deal: {"column": "品名・型式", "key": "引合NO"}' in made


# Heads as sales people write them, each with what the column is taken for.
_SHEETS = {
    "a month of the era in a tracking list": (
        "物件名称,元請・施主,主担当,引合受付日,提示額,現況,決定見込,所見・今後の打ち手\n"
        "受変電設備,甲社,野村,R7.4.10,450000,ネゴ中,R8.11月,図面待ち\n発電機,乙社,今井,R7.9.4,980000,他決,R8.9月,\n",
        {
            "deal": "物件名称", "customer": "元請・施主", "owner": "主担当", "began": "引合受付日", "amount": "提示額",
            "status": "現況", "closes": "決定見込", "facts": "所見・今後の打ち手",
        },
    ),
    "the next appointment is no expected close": (
        "ご施設名,提案機種,概算,競合機,次アポ,直近の動き,採用可否,決着日\n"
        "甲病院,内視鏡-1,800000,G社,2026-12-03,見積差し替え,,\n乙病院,輸液ポンプ-2,900000,,,,不採用,2026-08-20\n",
        {
            "customer": "ご施設名", "deal": "提案機種", "amount": "概算", "competitor": "競合機", "next_on": "次アポ",
            "facts": "直近の動き", "status": "採用可否", "closed": "決着日",
        },
    ),
    "the account manager in two letters": (
        "お客様,テーマ,AM,受注予定額,商談化,営業局面,コメント\n"
        "甲社,基幹刷新,相田,900000,2026/5/20,価格交渉,キーマン異動\n乙社,BI導入,古賀,800000,2026/7/11,失注,\n",
        {
            "customer": "お客様", "deal": "テーマ", "owner": "AM", "amount": "受注予定額", "began": "商談化",
            "status": "営業局面", "facts": "コメント",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("sheet", list(_SHEETS))
def test_heads_of_sales_peoples_own_are_known(tmp_path: Path, sheet: str):
    """All of them, and nothing is asked but when a deal ended that says no day."""
    text, roles = _SHEETS[sheet]
    taken, _ = read(tmp_path, text)
    assert (dict(taken.roles), taken.left_out) == (roles, ())
    assert {doubt.what for doubt in taken.doubts} <= {"ended_on"}


@pytest.mark.parametrize(
    "sheet",
    [
        "日付,お客様,AM,PM,内容\n2026/11/2,甲社,訪問,社内,価格を説明\n2026/11/3,乙社,移動,訪問,納期を相談\n",
        "お客様,テーマ,AM,受注予定額,営業局面\n甲社,基幹刷新,9:30,900000,提案\n乙社,BI導入,10:00,800000,失注\n",
        "お客様,テーマ,AM,営業担当,受注予定額,営業局面\n甲社,A機,訪問,相田,900000,提案\n乙社,B機,電話,古賀,800000,失注\n",
    ],
)
def test_the_morning_is_nobodys_name(tmp_path: Path, sheet: str):
    """AM in a diary, above times, or beside a column that has the owners."""
    assert read(tmp_path, sheet)[0].roles.get("owner") in (None, "営業担当")


@pytest.mark.parametrize(("said", "stage"), [("ネゴ中", "verbal"), ("価格ネゴ", "verbal"), ("拾い出し中", "quote")])
def test_a_trades_own_words_for_a_step_are_known(said: str, stage: str):
    """Neither won nor lost."""
    assert stage_of(said, SCHEMA) == stage
