"""Writes of every kind, for tests that try them in any order."""

from datetime import timedelta

from diary import AGREEMENT, FIRST, Diary, bulk
from hypothesis import strategies as st
from one_entry import EntryDraft

from nippo_cli.base.errors import NippoError
from nippo_cli.journal.write.persons import merge_person, say_of_person
from nippo_cli.journal.write.writer import Writer
from nippo_cli.schema.schema import Stage

NAMES = ("一", "二", "三")
DAYS = st.integers(0, 40)
PICK = st.integers(0, 5)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(["lead", "visit", "quote", "won", "lost", "follow"]),
        "customer": st.sampled_from(["甲社", "乙社", "株式会社甲社"]),
        "kind": st.sampled_from(["new", "parts"]),
        "activity": st.sampled_from(["call", "inhouse"]),
        "amount": st.integers(1, 3),
        "closes": st.sampled_from(["2026-03-31", "2026-04-30", "2026-04-01/2026-04-30"]),
        "confidence": st.sampled_from(["A", "B"]),
        "next": st.sampled_from(["電話", "訪問"]),
        "next_on": st.sampled_from(["2026-01-20", "2026-02-10"]),
        "valid": st.sampled_from(["2026-01-31", "2026-02-28"]),
        "grant": st.sampled_from(["2026-02-01/2026-02-28"]),
    },
)
STEP = st.one_of(
    st.tuples(st.just("entry"), PICK, DAYS, VALUES),
    st.tuples(st.just("entry"), PICK, DAYS, VALUES),
    st.tuples(st.just("listed"), PICK, DAYS, VALUES),
    st.tuples(st.just("amend"), PICK, st.none() | DAYS, VALUES),
    st.tuples(st.just("move"), PICK, st.none() | PICK, st.none()),
    st.tuples(st.just("retract"), PICK, st.none(), st.none()),
    st.tuples(st.just("redact"), PICK, st.none(), st.none()),
    st.tuples(st.just("undo"), st.none(), st.none(), st.none()),
    st.tuples(st.just("merge"), PICK, PICK, st.none()),
    st.tuples(st.just("rename"), PICK, PICK, st.none()),
    st.tuples(st.just("assign"), PICK, DAYS, st.none()),
    st.tuples(st.just("hold"), PICK, DAYS, st.none()),
    st.tuples(st.just("import"), PICK, DAYS, VALUES),
    st.tuples(st.just("comment"), PICK, st.none() | DAYS, st.sampled_from(["佐藤", "部長"])),
    st.tuples(st.just("acknowledge"), PICK, st.none(), st.none()),
    st.tuples(st.just("follow"), PICK, st.none(), st.none()),
    st.tuples(st.just("remark"), PICK, DAYS, st.sampled_from([None, "", "有給"])),
    st.tuples(st.just("review"), PICK, DAYS, st.sampled_from(["asked", "guess"])),
    st.tuples(st.just("adopt"), PICK, st.none(), st.none()),
    st.tuples(st.just("sale"), st.none() | PICK, DAYS, PICK),
    st.tuples(st.just("match"), PICK, PICK, st.booleans()),
    st.tuples(st.just("target"), PICK, PICK, st.none()),
    st.tuples(st.just("customer"), PICK, PICK, st.sampled_from(["rename", "alias", "merge", "revisit"])),
    st.tuples(
        st.just("person"), PICK, PICK, st.sampled_from(["rename", "alias", "moved", "left", "successor", "merge"])
    ),
)
STEPS = st.lists(STEP, min_size=1, max_size=12)


class Script:
    """Steps put into writes. What is refused (a name taken, nothing to undo) is a step without effect."""

    def __init__(self, diary: Diary) -> None:
        self.diary = diary
        self.deals: list[int] = []
        self.records: list[int] = []
        self.sales: list[int] = []

    def run(self, step: tuple[str, object, object, object]) -> None:
        """One step, a day after the one before."""
        what, *parts = step
        self.diary.today += timedelta(days=1)
        try:
            with self.diary.write() as writer:
                getattr(self, f"_do_{what}")(writer, *parts)
        except (NippoError, IndexError, ZeroDivisionError):
            pass

    def _deal(self, n: int) -> int:
        return self.deals[n % len(self.deals)] if self.deals else self.deals[0]

    def _record(self, n: int) -> int:
        return self.records[n % len(self.records)] if self.records else self.records[0]

    def _do_entry(self, writer: Writer, n: int, on: int, values: dict[str, object]) -> None:
        if n >= len(self.deals):
            deal = writer.begin_deal(NAMES[n % 3])
            self.deals.append(deal)
        self.records.append(writer.add_entry(FIRST + timedelta(days=on), values, deal=self._deal(n)))

    def _do_listed(self, writer: Writer, n: int, on: int, values: dict[str, object]) -> None:
        day = FIRST + timedelta(days=on)
        self.records.append(writer.add_entry(day, values, deal=self._deal(n), snapshot=True))
        if n == 1:
            self.records.append(writer.amend(self.records[-1], {"on": day, "snapshot": False}, why="その日に進んだ"))

    def _do_amend(self, writer: Writer, n: int, on: int | None, values: dict[str, object]) -> None:
        body: dict[str, object] = {"values": values or {"stage": None}}
        if on is not None:
            body["on"] = FIRST + timedelta(days=on)
        self.records.append(writer.amend(self._record(n), body, why="訂正"))

    def _do_move(self, writer: Writer, n: int, deal: int | None, _: None) -> None:
        self.records.append(writer.amend(self._record(n), {"deal": None if deal is None else self._deal(deal)}, why=""))

    def _do_retract(self, writer: Writer, n: int, *_: None) -> None:
        self.records.append(writer.retract(self._record(n)))

    def _do_redact(self, writer: Writer, n: int, *_: None) -> None:
        writer.redact(self._record(n), "依頼")

    def _do_undo(self, writer: Writer, *_: None) -> None:
        writer.undo()

    def _do_merge(self, writer: Writer, n: int, into: int, _: None) -> None:
        self.records.append(writer.merge(self._deal(n), self._deal(into)))

    def _do_rename(self, writer: Writer, n: int, name: int, _: None) -> None:
        self.records.append(writer.rename(self._deal(n), f"改名{name}"))

    def _do_assign(self, writer: Writer, n: int, on: int, _: None) -> None:
        self.records.append(writer.assign(self._deal(n), "鈴木", on=FIRST + timedelta(days=on)))

    def _do_hold(self, writer: Writer, n: int, on: int, _: None) -> None:
        first = FIRST + timedelta(days=on)
        self.records.append(writer.hold(self._deal(n), first, first + timedelta(days=3), "予算審議"))

    def _do_import(self, writer: Writer, n: int, on: int, values: dict[str, object]) -> None:
        day = FIRST + timedelta(days=on)
        batch = writer.begin_batch()
        entries = [
            EntryDraft(day, day, "高橋", name, values, f"crm:{n}:{name}", snapshot=n % 2 == 1)
            for name in (NAMES[n % 3], "輸入")
        ]
        bulk(writer, entries, batch=batch)
        writer.end_batch(batch, {"rows": 2})
        self.records.append(batch)

    def _do_comment(self, writer: Writer, n: int, due: int | None, author: str) -> None:
        on = None if due is None else FIRST + timedelta(days=due)
        if n >= len(self.records):
            self.records.append(writer.add_day_comment(FIRST, "どうでしたか", of="佐藤", due=on, author=author))
        else:
            who = "鈴木" if n % 3 == 0 else None
            about = self._deal(n) if n % 2 else self._record(n)
            self.records.append(writer.add_comment(about, "どうでしたか", due=on, author=author, decided_for=who))

    def _do_acknowledge(self, writer: Writer, n: int, *_: None) -> None:
        self.records.append(writer.acknowledge(self._record(n)))

    def _do_follow(self, writer: Writer, n: int, *_: None) -> None:
        self.records.append(writer.follow(customer="甲社") if n % 3 == 0 else writer.follow(deal=self._deal(n)))

    def _do_remark(self, writer: Writer, n: int, on: int, off: str | None) -> None:
        day = FIRST + timedelta(days=on)
        self.records.append(writer.add_day(day, values={"remarks": str(n)}, off=off, author="佐藤"))

    def _do_sale(self, writer: Writer, deal: int | None, on: int, amount: int) -> None:
        of = None if deal is None else self._deal(deal)
        self.sales.append(writer.add_sale(FIRST + timedelta(days=on), "甲社", amount - 1, deal=of))
        self.records.append(self.sales[-1])

    def _do_match(self, writer: Writer, n: int, deal: int, refuse: bool) -> None:
        self.records.append(writer.match(self.sales[n % len(self.sales)], self._deal(deal), refuse=refuse))

    def _do_target(self, writer: Writer, n: int, amount: int, _: None) -> None:
        self.records.append(writer.set_target("佐藤", f"2026-0{n + 1}", amount))

    def _do_customer(self, writer: Writer, n: int, other: int, what: str) -> None:
        customers = ("甲社", "乙社", "丙社", "㈱甲社", "有限会社甲社", "丁社")
        if what == "revisit":
            self.records += writer.revisit_customer(customers[n], FIRST if other % 2 else None, "春に")
            return
        say = {"rename": writer.rename_customer, "alias": writer.alias_customer, "merge": writer.merge_customer}[what]
        self.records += say(customers[n], customers[other])

    def _do_person(self, writer: Writer, n: int, other: int, what: str) -> None:
        names, customers = ("山本剛", "山本課長", "木村"), ("甲社", "乙社")
        name, customer = names[n % 3], customers[n % 2]
        if what == "merge":
            self.records += merge_person(writer, name, customer, names[other % 3])
            return
        body = {"do": what, "name": names[other % 3], "customer": customer, "to": customers[other % 2]}
        self.records += say_of_person(writer, name, customer, [body], on=FIRST + timedelta(days=other))

    def _do_review(self, writer: Writer, n: int, on: int, known_by: str) -> None:
        day = FIRST + timedelta(days=on)
        again = FIRST if n % 2 else None
        self.records.append(
            writer.review(self._deal(n), cause="price", text="高かった", known_by=known_by, on=day, revisit=again)
        )

    def _do_adopt(self, writer: Writer, n: int, *_: None) -> None:
        first, *rest = AGREEMENT.stages
        stages = (first, *rest) if n % 2 else (Stage("enquiry", "引合い", was=("lead",)), *rest)
        writer.adopt(str(n), AGREEMENT._replace(stages=stages), str(n) * 64)
