"""Writing: one command, one transaction."""

from datetime import UTC, date, datetime

import pytest
from derived import kept, rebuilt, rows
from diary import AGREEMENT, Diary

from nippo_cli.base.errors import NotFound, UsageError
from nippo_cli.journal.log.schema_migrator import history_shape
from nippo_cli.journal.write.deals import NameTaken
from nippo_cli.journal.write.writer import writing
from nippo_cli.line.facts import AsOf
from nippo_cli.schema.schema import Stage


def stages(diary: Diary):
    """The stages of all stays, in order."""
    return [row[0] for row in rows(diary.path, "select stage from stay order by deal, seq")]


def test_a_deal_and_its_first_entry_are_one_command(diary: Diary):
    """Both have the command's instant; numbers follow each other."""
    with diary.write() as writer:
        deal = writer.begin_deal("甲社 切削機")
        entry = writer.add_entry(diary.today, {"stage": "lead", "customer": "甲社"}, deal=deal)
    assert entry == deal + 1
    assert rows(diary.path, "select count(distinct recorded_at) from record where id in (?, ?)", deal, entry) == [(1,)]
    assert rows(diary.path, "select name, customer, stage, owner from deal") == [
        ("甲社 切削機", "甲社", "lead", "佐藤")
    ]


def test_an_exception_takes_all_back(diary: Diary):
    """Nothing of the command is in the file, and the numbers are free again."""
    before = kept(diary.path), rows(diary.path, "select * from record"), rows(diary.path, "select * from device")

    def fail(writer):
        writer.add_entry(diary.today, {}, deal=writer.begin_deal("案件"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), diary.write() as writer:
        fail(writer)
    assert before == (
        kept(diary.path), rows(diary.path, "select * from record"), rows(diary.path, "select * from device"),
    )  # fmt: skip


def test_a_dry_run_does_everything_and_keeps_nothing(diary: Diary):
    """The ids are those that the command would give out."""
    before = diary.path.read_bytes()
    with writing(diary.path, author="佐藤", now=diary.now, today=diary.today, dry_run=True) as writer:
        tried = writer.add_entry(diary.today, {}, deal=writer.begin_deal("案件"))
    assert diary.path.read_bytes() == before
    with diary.write() as writer:
        assert writer.add_entry(diary.today, {}, deal=writer.begin_deal("案件")) == tried


def test_a_writers_reader_answers_from_what_was_written_so_far(diary: Diary):
    """It derives what waits to be derived, and stays the same one until something is written."""
    today = AsOf(diary.today)
    with diary.write() as writer:
        deal = writer.begin_deal("案件")
        writer.add_entry(diary.today, {"stage": "lead"}, deal=deal)
        before = writer.reader
        assert [head.stage for head in before.heads(today)] == ["lead"]
        assert writer.reader is before
        writer.add_entry(diary.today, {"stage": "quote"}, deal=deal)
        assert [head.stage for head in writer.reader.heads(today)] == ["quote"]


def test_instants_never_go_back(diary: Diary):
    """A clock that was set back, or that stands still, still gives each command a later instant."""
    noon = datetime(2026, 2, 5, 3, tzinfo=UTC)
    for now in (noon, noon, datetime(2025, 1, 5, tzinfo=UTC)):
        with writing(diary.path, author="佐藤", now=now, today=diary.today) as writer:
            writer.add_entry(diary.today, {})
    found = [row[0] for row in rows(diary.path, "select recorded_at from record order by id")]
    assert found == sorted(set(found))
    assert found[-2:] == ["2026-02-05T03:00:00.001Z", "2026-02-05T03:00:00.002Z"]


@pytest.mark.parametrize("name", ["甲社 A-1", "  甲社 a-1", "甲社　Ａ－１"])
def test_a_name_belongs_to_one_deal(diary: Diary, name):
    """Width and case make no other name."""
    with diary.write() as writer:
        deal = writer.begin_deal("甲社 A-1")
        with pytest.raises(NameTaken) as caught:
            writer.begin_deal(name)
    assert caught.value.deal == deal


def test_a_renamed_deal_goes_on_answering_to_its_old_name(diary: Diary):
    """The old name is an alias, and stays taken."""
    with diary.write() as writer:
        deal = writer.begin_deal("仮称")
        writer.add_entry(diary.today, {}, deal=deal)
    with diary.write() as writer:
        writer.rename(deal, "甲社 切削機")
        writer.alias(deal, "K-100")
        with pytest.raises(NameTaken):
            writer.begin_deal("仮称")
    assert rows(diary.path, "select name, is_alias from deal_name order by is_alias, name") == [
        ("甲社 切削機", 0), ("K-100", 1), ("仮称", 1),
    ]  # fmt: skip
    assert kept(diary.path) == rebuilt(diary.path)


def test_what_is_no_deal_is_refused(diary: Diary):
    """An entry's id, or one that nothing has."""
    entry = diary.add()
    with diary.write() as writer:
        for wrong in (entry, 999):
            with pytest.raises(NotFound):
                writer.add_entry(diary.today, {}, deal=wrong)
        with pytest.raises(NotFound):
            writer.amend(999, {}, why="")


def test_a_deal_merges_only_into_another(diary: Diary):
    """Not into itself, nor into one that was merged into it."""
    with diary.write() as writer:
        one, other = writer.begin_deal("一"), writer.begin_deal("二")
        writer.merge(one, other)
        for into in (one, other):
            with pytest.raises(UsageError):
                writer.merge(other, into)


def test_a_hold_ends_after_it_begins(diary: Diary):
    """One that ends before it begins is refused; one day is a hold."""
    with diary.write() as writer:
        deal = writer.begin_deal("案件")
        with pytest.raises(UsageError):
            writer.hold(deal, date(2026, 1, 6), date(2026, 1, 5), "")
        writer.hold(deal, date(2026, 1, 6), date(2026, 1, 6), "")


def test_a_renamed_stage_is_read_under_its_new_key(diary: Diary):
    """The line is folded again under the new agreement; the log is as it was."""
    with diary.write() as writer:
        deal = writer.begin_deal("案件")
        writer.add_entry(date(2026, 1, 5), {"stage": "lead"}, deal=deal)
        writer.add_entry(date(2026, 1, 9), {"stage": "visit"}, deal=deal)
    bodies = rows(diary.path, "select body from record where kind = 'entry'")
    for old, new in (("lead", "enquiry"), ("enquiry", "inbound")):
        now = AGREEMENT._replace(stages=(Stage(new, "引合い", was=(old,)), *AGREEMENT.stages[1:]))
        with diary.write() as writer:
            writer.adopt(f"stages: {new}", now, "1" * 64)
        assert stages(diary) == [new, "visit"]
    assert rows(diary.path, "select body from record where kind = 'entry'") == bodies
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_key_used_again_for_something_else_is_not_taken_for_the_old(diary: Diary):
    """`visit` becomes `call`, and a new stage is called `visit`: what is written from then on means the new one."""
    with diary.write() as writer:
        deal = writer.begin_deal("案件")
        writer.add_entry(date(2026, 1, 5), {"stage": "lead"}, deal=deal)
    lead, _, *later = AGREEMENT.stages
    now = AGREEMENT._replace(stages=(lead, Stage("call", "電話"), Stage("visit", "訪問"), *later))
    with diary.write() as writer:
        writer.adopt("2", now, "2" * 64)
        writer.add_entry(date(2026, 1, 9), {"stage": "visit"}, deal=deal)
    assert stages(diary) == ["lead", "visit"]
    assert kept(diary.path) == rebuilt(diary.path)


def test_stages_put_in_another_order_change_the_steps(diary: Diary):
    """From lead to quote is two steps on; with visit moved behind quote it is one."""
    with diary.write() as writer:
        deal = writer.begin_deal("案件")
        writer.add_entry(date(2026, 1, 5), {"stage": "lead"}, deal=deal)
        writer.add_entry(date(2026, 1, 9), {"stage": "quote"}, deal=deal)
    assert rows(diary.path, "select step from stay order by seq") == [(0,), (2,)]
    lead, visit, quote, *rest = AGREEMENT.stages
    with diary.write() as writer:
        writer.adopt("2", AGREEMENT._replace(stages=(lead, quote, visit, *rest)), "2" * 64)
    assert rows(diary.path, "select step from stay order by seq") == [(0,), (1,)]


def test_what_lines_do_not_depend_on_is_no_part_of_the_shape():
    """A label, a norm or a help text folds nothing again; an order does."""
    first, *rest = AGREEMENT.stages
    assert history_shape(AGREEMENT._replace(stages=(first._replace(label="問合せ", norm=9), *rest))) == history_shape(
        AGREEMENT
    )
    assert history_shape(AGREEMENT._replace(stages=(*rest, first))) != history_shape(AGREEMENT)
