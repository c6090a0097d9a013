"""Deals built in two processes: which of them builds what."""

import marshal
from collections import Counter
from contextlib import closing
from typing import Any

import pytest
from diary import AGREEMENT, Diary

from nippo_cli.journal.derive import building
from nippo_cli.journal.derive.building import Helped, build_new
from nippo_cli.journal.log import ALL_POINTS, Batches, Reach, own_state


class Second:
    """A second process that never has anything ready before it is waited for."""

    def __init__(self) -> None:
        self.chunks: list[list[int]] = []
        self.answers: list[Any] = []

    def started(self) -> bool:
        """It runs."""
        return True

    def has_message(self) -> bool:
        """Nothing is ready."""
        return False

    def send(self, what: Any) -> None:
        """A chunk, or the end."""
        if what is None:
            self.answers.append(Counter())
        else:
            self.chunks.append([record.id for record, *_ in what[0]])
            self.answers.append(marshal.dumps(([], [], [], [], [], [])))

    def receive(self) -> Any:
        """Answers in their order."""
        return self.answers.pop(0)


def test_what_the_second_process_cant_keep_up_with_is_built_here(diary: Diary, monkeypatch):
    """Twelve deals, two a chunk: as two chunks may lie ready for it, four deals are the other's and eight are built here."""
    monkeypatch.setattr(building, "_WORTH_DEALS", 12)
    monkeypatch.setattr(building, "_DEALS_A_CHUNK", 2)
    for n in range(12):
        diary.deal(f"案件{n}", stage="lead")
    with closing(diary.open()) as cx:
        cx.execute("begin")
        known = {deal: own_state(cx, deal, Batches(cx)) for (deal,) in cx.execute("select id from deal").fetchall()}
        points = cx.execute(ALL_POINTS).fetchall()
        for table in ("deal", "stay", "promise", "deadline"):
            cx.execute(f"delete from {table}")
        second = Second()
        build_new(cx, points, AGREEMENT, lambda deal, _: (known[deal], Reach()), deals=12, helped=Helped(second))
        built = [deal for (deal,) in cx.execute("select id from deal order by id")]
        cx.execute("rollback")
    assert second.chunks == [sorted(known)[:2], sorted(known)[2:4]]
    assert built == sorted(known)[4:]


class QuickSecond(Second):
    """A second process that has built whatever it was told as soon as it is asked. `left`: how many chunks it has to build once it was
    told the last."""

    def has_message(self) -> bool:
        """All is ready."""
        return bool(self.answers)

    def send(self, what: Any) -> None:
        """A chunk, or the end."""
        if what is None:
            self.left = len(self.answers)
        super().send(what)


@pytest.mark.parametrize(("steps", "left"), [(0, 1), (100, 2)])
def test_little_lies_ready_once_there_is_nothing_else_to_do(diary: Diary, monkeypatch, steps: int, left: int):
    """While there are other steps, two chunks may lie ready for the other process; then one, so that its last is soon built."""
    monkeypatch.setattr(building, "_WORTH_DEALS", 12)
    monkeypatch.setattr(building, "_DEALS_A_CHUNK", 1)
    monkeypatch.setattr(building, "_AHEAD_AT_LAST", 1)
    for n in range(12):
        diary.deal(f"案件{n}", stage="lead")
    with closing(diary.open()) as cx:
        cx.execute("begin")
        known = {deal: own_state(cx, deal, Batches(cx)) for (deal,) in cx.execute("select id from deal").fetchall()}
        second = QuickSecond()
        helped = Helped(second, iter(range(steps)))
        build_new(
            cx,
            cx.execute(ALL_POINTS).fetchall(),
            AGREEMENT,
            lambda deal, _: (known[deal], Reach()),
            deals=12,
            helped=helped,
        )
        cx.execute("rollback")
    assert (len(second.chunks), second.left) == (12, left)
