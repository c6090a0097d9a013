"""What stands beside the deals: meetings in house, calls on customers, accounting's ledger, targets, the head's remarks."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from demo_story.bilingual import Text, english
from demo_story.deal_cast import called
from demo_story.deals import WrittenDeal
from demo_story.events import CommentEvent, DayEvent, DeclarationEvent, EntryEvent, MatchEvent, SaleEvent, TargetEvent
from demo_story.scenarios import MONTHS_DAYS
from demo_story.weekdays import weekday_after, weekday_before
from demo_story.words import Bag, Cast, Customer
from nippo_cli.base.dates import add_months

_IN_HOUSE, _CALLS = 24, 26
_FAIRS = (
    Text("ロボット展", "the robot fair"), Text("中部ものづくり展", "the Chubu makers' fair"), Text("食品包装展", "the food packing fair"),
)  # fmt: skip
# An order won so many days ago without a sale is past its time, and still in the usual window, on each day of a week.
_FORGOTTEN = range(69, 85)
# Rows without a deal that nobody has put to one yet.
_STILL_OPEN = 2
# In per cent of what the diary says.
_WITH_OPTIONS = 108
# Yen a month, one rep after the other; named for a fiscal half at a time, whose first month is April or October.
_TARGETS = (5_800_000, 4_900_000, 4_300_000, 4_700_000, 4_100_000)
_HALVES_BEGIN = (4, 10)
# The team's own, in per cent of what its owners' add up to.
_OF_TEAM = 110
# The months of which everybody declared what they would sell, the last of them the month of the last day; in per cent of a
# target, and to so many yen.
_DECLARED_MONTHS = 8
_DECLARED = (60, 140)
_ROUND = 100_000

_ASKED = Text(
    "受注予定が何度も動いています。何が決まれば先へ進むのか、決裁者に直接聞けますか。必要なら同行します。",
    "The expected close has moved several times. Can you ask the person who signs what has to be settled? I come along if it helps.",
)
_DECIDED = Text(
    "決裁者に直接、何が決まれば進むのかを確認する（部長同行可）",
    "Ask the person who signs, in person, what has to be settled; the head of sales comes along",
)
_TO_VISIT = Text(
    "技術を連れて現場を確認する",
    "Take an engineer along and look at the place",
)
_VISITED = Text(
    "現場を見てきました。このまま進められます。作業は先方の休業日にします。",
    "Went there. We can go ahead; the work is done on a day they are closed.",
)
_ADVICE = Text(
    "先方の言葉がそのまま書いてあって、状況がよく分かります。次の打合せには技術も連れて行ってください。",
    "Their own words are there, so one sees how it stands. Take an engineer along to the next meeting.",
)
_ANSWER = Text(
    "ありがとうございます。技術の日程を押さえて、明日先方に連絡します。",
    "Thank you. I book an engineer and call them tomorrow.",
)
_THOUGHTS = (
    Text(
        "困りごとを数字で話してくれる顧客ほど、次の約束が早く決まる。聞き方をそろえたい。",
        "Customers who tell their trouble in figures settle the next date sooner. We should all ask that way.",
    ),
    Text(
        "納期の質問が続いた。標準機の在庫と納期を1枚にまとめておくと、その場で答えられる。",
        "Many asked about delivery. With stock and lead times on one page we could answer on the spot.",
    ),
)


def in_house(people: Cast, bag: Bag, dice: random.Random, today: date) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """Day, author and values of entries that belong to neither a deal nor a customer."""
    for nth in range(_IN_HOUSE):
        on = weekday_before(today - timedelta(days=MONTHS_DAYS - 12 - round(nth * (MONTHS_DAYS - 20) / _IN_HOUSE)))
        facts = bag.draw("other", "internal").format_map({"fair": dice.choice(_FAIRS)})
        yield on, dice.choice(people.reps), {"activity": "internal", "facts": facts}


def calls(people: Cast, bag: Bag, dice: random.Random, today: date) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """Day, author and values of contacts with a customer outside any deal."""
    for _ in range(_CALLS):
        place = dice.randrange(len(people.customers))
        customer, rep = people.customers[place], people.reps[place % len(people.reps)]
        on = weekday_before(today - timedelta(days=dice.randint(2, MONTHS_DAYS - 10)))
        activity, template = bag.draw("other", "customer_only")
        values: dict[str, Any] = {"customer": customer.name, "activity": activity, "facts": _filled(template, customer)}
        if activity == "visit":
            name, title = customer.user if "{k}" in template else customer.decider
            values["people"] = [{"name": name, "title": title}]
        yield on, rep, values


def _filled(template: str, customer: Customer) -> str:
    people = {"k": called(customer.user), "d": called(customer.decider), "b": called(customer.buyer)}
    return template.format_map(people)


def spot_sales(people: Cast, dice: random.Random, today: date) -> Iterator[SaleEvent]:
    """Rows of the ledger that no diary announced."""
    for nth in range(3):
        on = weekday_before(today - timedelta(days=dice.randint(40, MONTHS_DAYS - 60)))
        customer = dice.choice(people.customers).name
        yield SaleEvent(
            known_on=on, author=people.head, customer=customer, amount=dice.randint(12, 48) * 10_000, deal=None,
            reference=f"S-{901 + nth}", note=Text("スポット部品", "spot parts"),
        )  # fmt: skip


def booked(
    sales: Sequence[SaleEvent], deals: Sequence[WrittenDeal], people: Cast, today: date
) -> Iterator[SaleEvent | MatchEvent]:
    """The ledger as accounting keeps it.

    Small orders are entered under a shorter company name and without a deal; most were put to theirs by the head of sales.
    One was never invoiced, and one machine was, for more than the diary says.
    """
    by_name = {deal.scenario.name: deal.scenario for deal in deals}
    newest = sorted((s for s in sales if s.deal), key=lambda sale: (sale.known_on, sale.reference), reverse=True)
    small = [s for s in newest if by_name[s.deal or ""].goods.kind != "new"]
    whole = [s for s in newest if s not in small and s.reference[-1].isdigit()]
    forgotten = next((s for s in small if (today - by_name[s.deal or ""].until).days in _FORGOTTEN), None)
    unnamed = [s for s in small if s is not forgotten]
    for sale in sales:
        if sale is forgotten:
            continue
        if sale in unnamed:
            yield replace(sale, customer=_shortened(sale.customer), deal=None)
            matched_on = weekday_after(sale.known_on + timedelta(days=4))
            if sale not in unnamed[:_STILL_OPEN] and matched_on <= today:
                yield MatchEvent(
                    known_on=matched_on, author=people.head, reference=sale.reference, deal=sale.deal or ""
                )
        elif whole and sale is whole[0]:
            amount = sale.amount * _WITH_OPTIONS // 100 // 10_000 * 10_000
            yield replace(sale, amount=amount, note=Text("検収（追加仕様を含む）", "accepted, with additional work"))
        else:
            yield sale


def _shortened(customer: str) -> Text:
    """A company as accounting calls it: `㈱鳴沢製作所`, `Narusawa Works`."""
    return Text(customer.replace("株式会社", "㈱"), english(customer).removesuffix(" Co., Ltd."))


def targets(people: Cast, first: date, left_on: date, today: date) -> Iterator[TargetEvent]:
    """What each rep, and the team, is to sell in each month, named when a fiscal half begins (the first one, when the diary does);
    of the leaver while there."""
    month, known_on = first.replace(day=1), weekday_after(first)
    while known_on <= today:
        own = [(rep, amount) for rep, amount in _aims(people) if rep != people.leaver or month < left_on]
        team = sum(amount for _, amount in own) * _OF_TEAM // 100
        for owner, amount in (*own, ("", team)):
            yield TargetEvent(known_on=known_on, author=people.head, owner=owner, month=f"{month:%Y-%m}", amount=amount)
        month = add_months(month, 1)
        if month.month in _HALVES_BEGIN:
            known_on = weekday_after(month)


def declarations(people: Cast, dice: random.Random, left_on: date, today: date) -> Iterator[DeclarationEvent]:
    """What each rep said on a month's first weekday that they would sell in it, and then the head for the team."""
    for back in reversed(range(_DECLARED_MONTHS)):
        month = add_months(today.replace(day=1), -back)
        known_on = weekday_after(month)
        said = [
            (rep, amount * dice.randint(*_DECLARED) // 100 // _ROUND * _ROUND)
            for rep, amount in _aims(people)
            if rep != people.leaver or month < left_on
        ]
        team = sum(amount for _, amount in said) * 9 // 10 // _ROUND * _ROUND
        for owner, amount in (*said, ("", team)):
            author = owner or people.head
            yield DeclarationEvent(known_on=known_on, author=author, owner=owner, month=f"{month:%Y-%m}", amount=amount)


def _aims(people: Cast) -> list[tuple[str, int]]:
    """Each rep's target of a month, in yen."""
    return list(zip(people.reps, _TARGETS, strict=False))


def remarks(
    people: Cast, entries: Sequence[EntryEvent], slipping: str, today: date
) -> Iterator[CommentEvent | DayEvent]:
    """What is said on the Monday of the last week: a comment that waits, on the deal whose date keeps moving; one that is
    answered; the Friday before in the words of two; and a week earlier what was decided. `entries` are in the order of
    their days."""
    monday = today - timedelta(days=today.weekday())
    yield from _decisions(people, entries, slipping, monday)
    friday = weekday_before(monday - timedelta(days=1))
    before = [e for e in entries if e.known_on <= friday]
    for author, text in zip(dict.fromkeys(e.author for e in before if e.on == friday), _THOUGHTS, strict=False):
        yield DayEvent(known_on=monday, author=author, on=friday, remarks=text)
    asked = [e for e in before if e.deal == slipping][-1]
    yield CommentEvent(
        known_on=monday, author=people.head, key="asked", text=_ASKED, entry=asked.key, due=monday + timedelta(days=4)
    )
    praised = [e for e in before if e.deal and e.deal != slipping and not e.incomplete][-1]
    yield CommentEvent(known_on=monday, author=people.head, key="advice", text=_ADVICE, entry=praised.key)
    yield CommentEvent(known_on=monday, author=praised.author, key="answer", text=_ANSWER, answers="advice")


def _decisions(people: Cast, entries: Sequence[EntryEvent], slipping: str, monday: date) -> Iterator[CommentEvent]:
    """What the meeting of the Monday before decided: for the deal whose date keeps moving, still open on the last one; and for
    another, carried out by Friday."""
    decided_on = monday - timedelta(days=7)
    before = [e for e in entries if e.known_on < decided_on and e.deal and not e.incomplete]
    moving = [e for e in before if e.deal == slipping][-1]
    yield CommentEvent(
        known_on=decided_on,
        author=people.head,
        key="decided",
        text=_DECIDED,
        entry=moving.key,
        who=moving.author,
        due=monday,
    )
    other = [e for e in before if e.deal != slipping and e.author != moving.author][-1]
    friday = decided_on + timedelta(days=4)
    yield CommentEvent(
        known_on=decided_on,
        author=people.head,
        key="visit",
        text=_TO_VISIT,
        entry=other.key,
        who=other.author,
        due=friday,
    )
    yield CommentEvent(known_on=friday, author=other.author, key="visited", text=_VISITED, answers="visit", done=True)
