"""What gaps ask of live and of won deals is what the lines and the log say."""

import tempfile
from datetime import timedelta
from typing import Any

import pytest
from diary import AGREEMENT, FIRST, Diary
from hypothesis import given, strategies as st
from story import stories, told

from nippo_cli.base.text import normal_form
from nippo_cli.journal.facts.gap_facts import GapScope, JournalGapFacts
from nippo_cli.journal.facts.last_contacts import MET_OUTSIDE, OUTSIDE
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf
from nippo_cli.schema.schema import Choice, Field


@given(stories(), st.integers(0, 12))
def test_what_is_read_in_brief_is_what_the_whole_lines_say(steps: list[tuple[Any, ...]], back: int) -> None:
    """Promised closes, won deals, and who was met in the last days: against every line and every entry, one by one."""
    # An import may put an entry before its deal was begun, so that it is in none on that day.
    steps = [s for s in steps if s[0] != "late_import"]
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        as_of = AsOf(diary.today - timedelta(days=back), known=back > 0)
        since = as_of.on - timedelta(days=9)
        with reading(diary.path) as reader:
            heads = list(reader.heads(as_of))
            facts = JournalGapFacts(reader, as_of, GapScope(since))
            lines = {h.id: facts.lines([h.id])[h.id] for h in heads}
            closes = {d: [p for p in line.promises if p.what == "closes"] for d, line in lines.items()}
            assert facts.closes(list(lines)) == {d: found for d, found in closes.items() if found}
            assert sorted(s.id for s in facts.won_deals()) == sorted(h.id for h in heads if h.fate == "won")
            met: dict[str, Any] = {}
            for head in heads:
                if head.customer and head.last_contact_on and head.last_contact_on >= since:
                    met[head.customer] = max(head.last_contact_on, met.get(head.customer, since))
            for view in reader.entries(as_of):
                customer = view.values.get("customer")
                outside = (
                    view.deal is None and customer and view.values.get("activity") != "inhouse" and not view.snapshot
                )
                if outside and since <= view.on <= as_of.on:
                    met[customer] = max(view.on, met.get(customer, since))
            # The story's customers state no legal form.
            assert facts.last_contacts(since) == {
                key: max(on for other, on in met.items() if normal_form(other) == normal_form(name))
                for name in met
                for key in (normal_form(name), f"{normal_form(name)}\t")
            }


@pytest.mark.parametrize("statement", [MET_OUTSIDE, OUTSIDE])
def test_who_was_met_outside_deals_is_asked_of_what_belongs_to_none(diary: Diary, statement: str) -> None:
    """However much was written in deals on those days: SQLite's machine makes as many steps."""

    def steps() -> int:
        made: list[int] = []
        with reading(diary.path) as reader:
            reader.cx.set_progress_handler(lambda: made.append(1), 1)
            bound = {"since": "2000-01-01", "on": diary.today.isoformat(), "known": diary.today.isoformat()}
            assert len(reader.cx.execute(statement, bound).fetchall()) == 1
        return len(made)

    diary.add(customer="東亜", activity="call")
    deal, _ = diary.deal("冷水機")
    diary.add(deal, activity="call")
    few = steps()
    for _ in range(40):
        diary.add(deal, activity="call")
    assert steps() == few


def test_contacts_of_deals_that_are_built_again_are_read_in_one_go(diary: Diary) -> None:
    """Of ten that were met again since, on the day before: as many statements as of two, and no contact of later."""
    deals = [diary.deal(f"案件{n}", activity="call")[0] for n in range(10)]
    then = AsOf(diary.today, known=True)
    diary.today += timedelta(days=1)
    for deal in deals:
        diary.add(deal, activity="call")

    def asked(of: list[int]) -> int:
        statements: list[str] = []
        with reading(diary.path) as reader:
            facts = JournalGapFacts(reader, then, GapScope(FIRST))
            assert len(list(reader.heads(then))) == 10
            reader.cx.set_trace_callback(statements.append)
            contacts = facts.contacts(of)
            assert {deal: [one.on for one in met] for deal, met in contacts.items()} == {deal: [then.on] for deal in of}
        return len(statements)

    assert asked(deals) == asked(deals[:2])


@pytest.mark.parametrize("known", [False, True])
def test_a_customer_met_outside_any_deal_was_heard_of(diary: Diary, known: bool) -> None:
    """By the last such contact up to the day; what was done in house is none, and what was learned later is not known."""
    diary.add(customer="㈱東亜", activity="call")
    entry = diary.add(on=FIRST - timedelta(days=3), customer="北斗", activity="call")
    diary.add(customer="南", activity="inhouse")
    diary.add(on=FIRST + timedelta(days=1), customer="北斗", activity="call")
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"customer": "西", "activity": "call"}}, why="誤記")
    with reading(diary.path) as reader:
        as_of = AsOf(FIRST, known=known)
        then, before = "北斗" if known else "西", FIRST - timedelta(days=3)
        facts = JournalGapFacts(reader, as_of, GapScope(FIRST))
        assert facts.last_contacts(FIRST - timedelta(days=5)) == {
            "東亜": FIRST, "東亜\t株式会社": FIRST, then: before, f"{then}\t": before
        }  # fmt: skip
        assert facts.last_contacts(FIRST) == {"東亜": FIRST, "東亜\t株式会社": FIRST}


def test_a_reason_is_told_in_the_words_of_today(tmp_path) -> None:
    """A choice that was renamed since is the one it became; facts are told as they were written."""
    reasons = Field("why", "理由", "choice", "push_reason", choices=(Choice("budget", "予算"),))
    before = AGREEMENT._replace(name="reasons", fields=(*AGREEMENT.fields, reasons))
    diary = Diary(tmp_path / "journal", before)
    _, entry = diary.deal("ポンプ", why="budget", facts="来期へ。\n再見積")
    after = before._replace(
        fields=(*AGREEMENT.fields, reasons._replace(choices=(Choice("next_budget", "次の予算", was=("budget",)),)))
    )
    with diary.write() as writer:
        writer.adopt("name: later", after, "1" * 64)
    with reading(diary.path) as reader:
        asked = JournalGapFacts(reader, AsOf(diary.today), GapScope(FIRST))
        (found,) = asked.entry_texts([entry, 999]).values()
        assert list(asked.entry_facts([entry, 999])) == [(entry, FIRST, "来期へ。\n再見積")]
    assert (found.entry, found.on, found.facts, found.push_reason) == (entry, FIRST, "来期へ。\n再見積", "next_budget")
