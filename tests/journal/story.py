"""Steps that grow a journal day by day, for property tests."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from diary import Diary
from hypothesis import strategies as st

from nippo_cli.base.errors import NippoError
from nippo_cli.journal.read.names import find_deal
from nippo_cli.journal.read.reader import reading

STAGES = ("lead", "visit", "quote", "won", "lost", "follow")
WORDS = ("見積", "値引", "納期")

values = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(STAGES),
        "kind": st.sampled_from(("new", "parts")),
        "customer": st.sampled_from(("東亜", "北斗")),
        "amount": st.integers(1, 3),
        "closes": st.sampled_from(("2026-03-01/2026-03-31", "2026-04-10")),
        "next": st.sampled_from(("電話", "訪問")),
        "activity": st.sampled_from(("call", "inhouse")),
        "facts": st.sampled_from(WORDS),
        "people": st.just([{"name": "山田"}]),
    },
)
change = values.flatmap(
    lambda v: st.fixed_dictionaries(
        {"values": st.just(v)}, optional={"incomplete": st.booleans(), "snapshot": st.booleans()}
    )
)
back = st.integers(-3, 12)
begin = st.tuples(st.just("begin"), values, back)
step = st.one_of(
    begin,
    st.tuples(st.just("add"), st.integers(0, 5), values, back),
    st.tuples(st.just("late_import"), st.integers(0, 5), values, back, st.booleans()),
    st.tuples(st.just("listed"), st.integers(0, 5), values, back),
    st.tuples(st.just("amend"), st.integers(0, 9), change),
    st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, 5), back),
    st.tuples(st.just("retract"), st.integers(0, 9)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("hold"), st.integers(0, 5), back, st.integers(0, 8)),
    st.tuples(st.just("assign"), st.integers(0, 5), back),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("unmerge"), st.integers(0, 3)),
    st.tuples(st.just("meet"), st.integers(0, 9), st.integers(0, 5), values, back),
    st.tuples(st.just("rename"), st.integers(0, 5)),
    st.tuples(st.just("review"), st.integers(0, 5), back, st.sampled_from(("price", "late"))),
    st.tuples(st.just("unreview"), st.integers(0, 3)),
    st.tuples(st.just("day"), st.integers(1, 6)),
)


def stories(
    steps: st.SearchStrategy[tuple[Any, ...]] = step,
    most: int = 25,
    begins: st.SearchStrategy[tuple[Any, ...]] = begin,
) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Steps of two deals at least, which are begun first, since nothing can be done before; from four to `most` steps."""
    return st.builds(
        lambda one, other, rest: [one, other, *rest], begins, begins, st.lists(steps, min_size=2, max_size=most - 2)
    )


class Story:
    """Applies steps to a diary; whatever can't be done is left out."""

    def __init__(self, diary: Diary) -> None:
        self.diary = diary
        self.deals: list[int] = []
        self.entries: list[int] = []
        self.reviews: list[int] = []
        self.merges: list[int] = []
        self.n = 0

    def tell(self, what: str, *said: Any) -> None:
        """One step."""
        with suppress(NippoError, IndexError):
            getattr(self, what)(*said)

    def on(self, back: int) -> date:
        """A day so many days ago."""
        return self.diary.today - timedelta(days=back)

    def begin(self, said: dict[str, Any], back: int) -> None:
        """A deal and its first entry."""
        self.n += 1
        deal, entry = self.diary.deal(f"案件{self.n}", on=self.on(back), **said)
        self.deals.append(deal)
        self.entries.append(entry)

    def deal(self, number: int) -> int:
        """The deal that a rep would find: one whose beginning was taken back answers to no name."""
        with reading(self.diary.path) as reader:
            return find_deal(reader.cx, str(self.deals[number]), script=True)

    def add(self, deal: int, said: dict[str, Any], back: int) -> None:
        """An entry, incomplete without an amount."""
        found = self.deal(deal)
        with self.diary.write() as writer:
            self.entries.append(writer.add_entry(self.on(back), said, deal=found, incomplete="amount" not in said))

    def late_import(self, deal: int, said: dict[str, Any], back: int, snapshot: bool) -> None:
        """An entry known on its own past day; or what a list says."""
        on, found = min(self.on(back), self.diary.today), self.deal(deal)
        with self.diary.write() as writer:
            self.entries.append(writer.add_entry(on, said, deal=found, known_on=on, snapshot=snapshot))

    def listed(self, deal: int, said: dict[str, Any], back: int) -> None:
        """What a list says of a deal on its day; of one that nobody named before, that it began, or where it stands."""
        on = min(self.on(back), self.diary.today)
        if deal >= len(self.deals):
            self.n += 1
            with self.diary.write() as writer:
                self.deals.append(writer.begin_deal(f"案件{self.n}", customer=str(said.get("customer") or "")))
                self.entries.append(writer.add_entry(on, said, deal=self.deals[-1], snapshot=True))
            return
        found = self.deal(deal)
        with self.diary.write() as writer:
            self.entries.append(writer.add_entry(on, said, deal=found, snapshot=True))

    def amend(self, entry: int, body: dict[str, Any]) -> None:
        """A correction."""
        with self.diary.write() as writer:
            writer.amend(self.entries[entry], body, why="誤記")

    def move(self, entry: int, deal: int, back: int) -> None:
        """An entry dated and placed elsewhere."""
        found = self.deal(deal)
        with self.diary.write() as writer:
            body = {"deal": found, "on": self.on(back).isoformat()}
            writer.amend(self.entries[entry], body, why="別案件")

    def retract(self, entry: int) -> None:
        """An entry taken back."""
        with self.diary.write() as writer:
            writer.retract(self.entries[entry])

    def undo(self) -> None:
        """The last command taken back."""
        with self.diary.write() as writer:
            writer.undo()

    def hold(self, deal: int, back: int, days: int) -> None:
        """A stop."""
        with self.diary.write() as writer:
            writer.hold(self.deals[deal], self.on(back), self.on(back) + timedelta(days=days), "工事")

    def assign(self, deal: int, back: int) -> None:
        """A hand-over."""
        with self.diary.write() as writer:
            writer.assign(self.deals[deal], "鈴木", on=self.on(back))

    def merge(self, deal: int, into: int) -> None:
        """One deal made of two."""
        with self.diary.write() as writer:
            self.merges.append(writer.merge(self.deals[deal], self.deals[into]))

    def unmerge(self, merge: int) -> None:
        """A merge taken back."""
        with self.diary.write() as writer:
            writer.retract(self.merges[merge])

    def meet(self, entry: int, deal: int, said: dict[str, Any], back: int) -> None:
        """An entry about another deal, or the same, of a meeting that was written down already."""
        found = self.deal(deal)
        with self.diary.write() as writer:
            self.entries.append(
                writer.add_entry(self.on(back), said, deal=found, meeting=self.entries[entry], incomplete=True)
            )

    def rename(self, deal: int) -> None:
        """A new name."""
        self.n += 1
        with self.diary.write() as writer:
            writer.rename(self.deals[deal], f"改名{self.n}")

    def review(self, deal: int, back: int, cause: str) -> None:
        """What was learned of a deal."""
        with self.diary.write() as writer:
            self.reviews.append(
                writer.review(self.deals[deal], cause=cause, text="聞いた", known_by="asked", on=self.on(back))
            )

    def unreview(self, review: int) -> None:
        """A review taken back."""
        with self.diary.write() as writer:
            writer.retract(self.reviews[review])

    def day(self, days: int) -> None:
        """Days pass."""
        self.diary.today += timedelta(days=days)


def told(steps: list[tuple[Any, ...]], folder: str, each_day: Callable[[Diary], None] | None = None) -> Diary:
    """A journal grown by steps; `each_day` is called as each day ends."""
    diary = Diary(Path(folder) / "j")
    story = Story(diary)
    for what, *said in steps:
        if what == "day" and each_day is not None:
            each_day(diary)
        story.tell(what, *said)
    if each_day is not None:
        each_day(diary)
    return diary
