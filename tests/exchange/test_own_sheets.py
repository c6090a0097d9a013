"""Sheets of sales teams with heads and cells that no list of words holds: what the cells say is believed, what is unsure asked."""

from pathlib import Path

import pytest
from own_sheets import DEFAULT, SCHEMA, read

from nippo_cli.exchange.sampling import take_sample, unit_of
from nippo_cli.exchange.sifting import says_total
from nippo_cli.exchange.source import Options, open_source
from nippo_cli.exchange.stage_matching import stage_of, unknown_ends
from nippo_cli.schema.load import load_schema


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("金額(万)", 10_000),
        ("見込額［百万円］", 1_000_000),
        ("受注額 千円", 1_000),
        ("受注額千円", 1_000),
        ("金額（税抜・千円）", 1_000),
        ("予算（単位：万）", 10_000),
        ("売上（億）", 100_000_000),
        ("金額／千円", 1_000),
        ("Amount ($K)", 1_000),
        ("ACV (k JPY)", 1_000),
        ("Deal size (000s)", 1_000),
        ("金額（円）", 1),
        ("Amount ($)", 1),
        ("千葉支店金額", 1),
        ("部数", 1),
    ],
)
def test_a_head_says_what_1_stands_for_however_it_is_written(head: str, unit: int):
    """A factor of ten thousand would be off in silence."""
    assert unit_of(head) == unit


def test_days_as_excel_writes_them_in_english_are_read(tmp_path: Path):
    """`12-Apr-26` of a day of two digits and of one, beside a title with such a day."""
    taken, made = read(
        tmp_path,
        "Pipeline\nUpdated 20-Nov-26\n\nCustomer,Opp,Opened,Decided,Outcome,Amount\n"
        "Kosha,A,12-Apr-26,5-Jun-26,Won,100\nOtsu,B,2-May-26,,,200\n",
    )
    assert (taken.roles["began"], taken.roles["closed"]) == ("Opened", "Decided")
    assert (taken.doubts, made.count("%d-%b-%y")) == ((), 2)


DIARY = (
    "営業日報,,,,,\n\n日,曜,時間,訪問先,用件,商談内容・所感\n"
    "2026/3/2,月,9:00～10:30,甲社,定期訪問,来期の予算は6月に決まる見込み\n"
    "2026/3/3,火,9:00～10:30,乙社,見積説明,価格について厳しい反応があった\n"
    "訪問件数,,,2,,\n"
)


def test_a_diary_with_a_count_below_it_is_one(tmp_path: Path):
    """A foot that counts the visits takes nothing from the column of days; what was said comes in whole."""
    taken, _ = read(tmp_path, DIARY)
    assert (taken.shape, taken.roles["on"], taken.doubts) == ("diary", "日", ())
    assert taken.facts == ("用件", "商談内容・所感")


@pytest.mark.parametrize("said", ["訪問件数", "件数", "受注件数", "平均"])
def test_a_foot_that_counts_is_no_row(said: str):
    """As a sum is none."""
    assert says_total([said, "", "12"])
    assert not says_total(["件数の確認", "", "12"])


def test_what_sorts_deals_is_not_what_they_are_called(tmp_path: Path):
    """商材区分 has few words for many deals; what is said in a few letters of each (内容) is its name, and nobody is asked."""
    rows = "".join(f"客{n},ライン{n}号,{kind},{n}00,提案\n" for n, kind in enumerate(("機械", "工事") * 4, start=1))
    taken, _ = read(tmp_path, f"客先,内容,商材区分,金額(万),フェーズ\n{rows}")
    assert (taken.roles["deal"], taken.doubts) == ("内容", ())


def test_who_the_customers_are_is_asked_where_no_head_says_it(tmp_path: Path):
    """Names that come again, in nearly all rows; what has figures is none."""
    rows = "".join(f"{('甲', '乙', '丙')[n % 3]}社,ライン{n}号,P{n},{n}00,提案\n" for n in range(1, 10))
    taken, _ = read(tmp_path, f"あて名,案件,図番,金額,フェーズ\n{rows}")
    assert [(one.what, one.guess, one.options) for one in taken.doubts] == [("customer", "あて名", ("あて名",))]


TIMES = "お客様,案件,金額,フェーズ,見込時期\n甲社,A機,100,提案,{0}\n乙社,B機,200,見積,2026年12月中旬\n丙社,C機,300,提案,{1}\n"


def test_coarse_times_of_a_list_are_those_that_lie_ahead_of_it(tmp_path: Path):
    """1月上旬 in a list of November is next year's; 未定 names none, nor do other words, which come in as empty."""
    taken, made = read(tmp_path, TIMES.format("1月上旬", "未定") + "丁社,D機,400,提案,客先の予算しだい\n")
    assert (taken.roles["closes"], taken.doubts) == ("見込時期", ())
    assert taken.days["見込時期"].unread == ("客先の予算しだい",)
    assert '"未定"' in made


def test_a_time_that_may_be_of_two_years_is_asked_about(tmp_path: Path):
    """10月 in a list of November is overdue, or next year's: each answer says what it makes of it."""
    taken, _ = read(tmp_path, TIMES.format("10月", "1月"))
    (doubt,) = taken.doubts
    assert (doubt.what, doubt.examples) == ("coming_year", ("10月",))
    assert [cells[0][:7] for cells in doubt.cells] == ["2026-10", "2027-10"]
    answered, made = read(tmp_path, TIMES.format("10月", "1月"), {doubt.key: doubt.options[1]})
    assert (answered.doubts, f'"written": "{doubt.options[1]}"' in made) == ((), True)


def test_the_half_that_begins_soon_is_not_the_one_that_is_long_over(tmp_path: Path):
    """下期 in a list of November runs, 上期 is asked about: it was over in September, or comes."""
    taken, _ = read(tmp_path, TIMES.format("下期", "1月"))
    assert taken.doubts == ()
    (doubt,) = read(tmp_path, TIMES.format("上期", "1月"))[0].doubts
    assert [cells[0][:7] for cells in doubt.cells] == ["2026-04", "2027-04"]


def test_an_end_in_unknown_words_is_said(tmp_path: Path):
    """凍結 beside a stage ends nothing that is known; 継続中 says that the deal goes on."""
    text = (
        "お客様,案件,フェーズ,結果\n甲社,A機,提案,受注\n乙社,B機,提案,凍結\n丙社,C機,見積,継続中\n丁社,D機,見積,失注\n"
    )
    taken, _ = read(tmp_path, text)
    assert (taken.roles["stage"], taken.roles["status"]) == ("フェーズ", "結果")
    assert unknown_ends(take_sample(open_source(tmp_path / "sheet.csv", Options()), SCHEMA), taken.roles, SCHEMA) == (
        "凍結",
    )


def test_rows_that_a_program_deleted_are_left_out(tmp_path: Path):
    """Salesforce's export of all rows has them, marked."""
    _, made = read(
        tmp_path,
        "Id,OpportunityId,CreatedById,CreatedDate,StageName,CloseDate,IsDeleted\n"
        "1,006A,5,2026-01-01T09:00:00.000+0000,Prospecting,2026-12-01,false\n"
        "2,006A,5,2026-02-01T09:00:00.000+0000,Closed Won,2026-12-01,true\n",
    )
    assert '{"IsDeleted": ["true", "TRUE", "True", "1"]}' in made


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ("Proposal Made (Sales)", "proposal"),
        ("提案（2回目）", "proposal"),
        ("受注（見込）", ""),
        ("Closed Won (verbal)", ""),
    ],
)
def test_what_stands_in_brackets_behind_a_step_is_a_remark(said: str, stage: str):
    """Behind an end it may say that it is none yet."""
    assert stage_of(said, SCHEMA) == stage


def test_how_a_deal_stands_is_not_what_it_is_called(tmp_path: Path):
    """現状 in a few letters of each customer."""
    taken, _ = read(tmp_path, "法人名,ヨミランク,フェーズ,現状\n甲社,A,提案,見積中\n乙社,B,ヒアリング,検討中\n")
    assert (taken.roles.get("deal"), taken.roles["facts"]) == (None, "現状")


def test_a_field_is_known_behind_what_it_is_of(tmp_path: Path):
    """As reports of related objects write their heads: nothing is asked."""
    taken, _ = read(
        tmp_path,
        "営業担当名,取引先：取引先名,営業案件：案件名,契約確度,契約額37下（千円）,受注予定日,営業案件：ID\n"
        "佐藤,甲社,A機,A,1200,2026/12/1,X1\n村井,乙社,B機,B,800,2027/1/15,X2\n",
    )
    assert (taken.roles["customer"], taken.roles["deal"], taken.doubts) == ("取引先：取引先名", "営業案件：案件名", ())


def test_a_word_for_nothing_that_is_a_choice_says_something(tmp_path: Path):
    """未定 is a kind of deals where the schema has it as one; elsewhere in the sheet it says nothing, as before."""
    sheet = (
        "顧客,案件,案件種別,フェーズ,金額\n甲社,更新,新規,提案,100\n乙社,増設,未定,見積,200\n丙社,保守,未定,提案,300\n"
    )
    text = DEFAULT.read_text(encoding="utf-8")
    kinds = "\nkinds:\n"
    assert kinds in text
    with_it = load_schema(text.replace(kinds, f"{kinds}  - {{key: open, label: 未定}}\n"), "schema.yaml")
    _, made = read(tmp_path, sheet, schema=with_it)
    assert '"未定": "open"' in made
    assert "\nempty:" not in made
    _, made = read(tmp_path, sheet)
    assert '\nempty: ["未定"]' in made
