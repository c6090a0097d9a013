"""Samples of the pages of a day: reports, comments, the visit, the sweep, the morning with all that it may hold."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from nippo_cli.base.dates import When
from nippo_cli.line.facts import Deadline, ref
from nippo_cli.line.span import Hold
from nippo_cli.results.deal_pages import Lost, PrepPage, SweepList, SweepRow
from nippo_cli.results.deals import Person
from nippo_cli.results.entries import CommentList, Remarked
from nippo_cli.results.handover import Habits, HandedCustomer, HandoverPage
from nippo_cli.results.news import (
    FollowList,
    FollowRow,
    HandedDeals,
    MemberDay,
    NewsRow,
    TeamDay,
    TeamMorning,
    TeamNews,
    UnreadDay,
)
from nippo_cli.results.remarks import Acknowledgement, Comment, DayNote, Follow
from nippo_cli.results.report import Closed, ReportPage, StageMove
from nippo_cli.results.today import DueStep, TodayPage

LONG = "予算の承認は専務決裁になったと聞いています。先方の稟議がどこまで進んでいるか、数字と名前で確かめてください"


def day_answers(
    schema: Any, as_of: date, entries: Sequence[Any], heads: Sequence[Any], deals: Sequence[Any], norms: Any
) -> dict[str, object]:
    """Each by its name."""
    view = entries[1]
    asked = Comment(
        301, view.id, None, None, "田中", None, "佐々木部長", as_of, LONG, as_of - timedelta(2), None, True, None
    )
    answer = Comment(302, view.id, None, None, "田中", 301, "田中", as_of, "本日確認します", None, None, False, None)
    of_day = Comment(303, None, None, as_of, "", None, "佐々木部長", as_of, "お疲れさま", None, as_of, True, None)
    decided = Comment(
        304, None, heads[0].id, None, "田中", None, "佐々木部長", as_of, "値引は5%まで", as_of - timedelta(1), None, True, None,
        decision=True, who="小川",
    )  # fmt: skip
    carried_out = decided._replace(id=305, text="見積を出し直す", due=None, done_on=as_of)
    note = DayNote(
        310, view.on, "田中", {"remarks": "午前は移動。\n午後に2件。", "tomorrow": "社内の審査会"}, None, schema
    )
    off = DayNote(311, view.on, "小川", {}, "有給", schema)
    held = Hold(90, as_of - timedelta(22), as_of + timedelta(3), "予算待ち", "佐々木")

    def report(period: Any, **other: Any) -> ReportPage:
        found = {
            "period": period, "as_of": as_of, "since": view.on, "until": view.on, "schema": schema, "author": "",
            "authors": ["田中", "小川"], "entries": entries, "contacts": 2, "notes": [note, off],
            "comments": [asked, answer, decided, carried_out],
            "moves": [StageMove(view.on, view.id, heads[0], "proposal", "quote", 1, 28),
                      StageMove(view.on, entries[0].id, heads[1], "quote", "proposal", -1, None)],
            "new_deals": [heads[1]], "won": [Closed(view.on, heads[2], None)], "lost": [Closed(view.on, heads[1], view)],
            "planned": deals[:2], "plan_since": view.on + timedelta(1), "plan_until": view.on + timedelta(3),
        }  # fmt: skip
        return ReportPage(**(found | other))

    prep = PrepPage(
        as_of,
        schema,
        "株式会社東洋精密製作所",
        [Person("佐藤 一郎", "製造部長", True, as_of - timedelta(90), as_of - timedelta(3), 6)],
        entries[1:2],
        9,
        deals[:2],
        deals[3:],
        [Lost(deals[2], view)],
        [asked],
        norms,
        decided={deals[0].head.id: [carried_out._replace(came_of="再見積で了承")]},
    )

    return {
        "report_day": report("day"),
        "report_day_alone": report("day", author="田中", authors=["田中"], entries=entries[1:2], notes=[note], comments=()),
        "report_day_empty": report("day", authors=(), entries=(), notes=(), comments=(), planned=()),
        "report_week": report("week", since=as_of - timedelta(6), until=as_of),
        "report_month": report("month", since=as_of.replace(day=1), until=as_of),
        "comments": CommentList(
            as_of, [Remarked(asked, view), Remarked(of_day._replace(done_on=None)), Remarked(decided, None, heads[0])],
        ),
        "comments_none": CommentList(as_of, ()),
        "today_team": TodayPage(
            as_of, schema, "/home/sato/nippo", (), (), (), 0, 42, as_of, norms, as_of, rows=8,
            team=TeamMorning(
                TeamNews(
                    as_of - timedelta(3), [NewsRow(view, "own"), NewsRow(entries[0], "lost")], 3, {"田中": 4, "小川": 1},
                    answers=[Remarked(answer, view)], readers={"佐々木部長": 2},
                ),
                [UnreadDay("小川", as_of - timedelta(3), 2), UnreadDay("田中", as_of - timedelta(4), 1)],
                missing_on=as_of - timedelta(3), missing=["大野", "藤井"],
            ),
        ),
        "today_handed": TodayPage(
            as_of, schema, "/home/sato/nippo", (), (), (), 0, 42, as_of, norms, as_of,
            team=TeamMorning(handed=[
                HandedDeals("西村", "佐々木", [ref(head) for head in heads[:2]], "taken", left=True),
                HandedDeals("西村", "大野", [ref(heads[0])], "told", left=False),
                HandedDeals("佐々木", "大野", [ref(head) for head in heads[:4]], "given", left=False),
                HandedDeals("藤井", "", (), "told", left=True),
            ]),
        ),
        "team_day": TeamDay(
            as_of, view.on, schema, [MemberDay("小川", (), [off]), MemberDay("田中", entries, [note])], [asked, answer, decided],
            {view.id: [Acknowledgement("佐々木部長", as_of)], note.id: [Acknowledgement("小川", as_of)]},
            {heads[0].id: ref(heads[0])},
        ),
        "team_day_none": TeamDay(as_of, view.on, schema, (), (), {}),
        "follows": FollowList(
            as_of, schema, "田中",
            [FollowRow(Follow([5], heads[0].id, "", as_of - timedelta(9)), heads[0], ""),
             FollowRow(Follow([6], None, "青葉製作所", as_of), None, "青葉製作所")],
        ),
        "follows_none": FollowList(as_of, schema, "田中", ()),
        "prep": prep,
        "handover": HandoverPage(
            as_of, schema, "田中", "小川",
            [HandedCustomer(
                prep, {deals[0].head.id: [Deadline("closes", When.day(as_of + timedelta(9)), view.id)]},
                Habits(9, as_of - timedelta(90), 11.5, [("visit", 5), ("call", 4)], 1, 41.0, 1, 2, {"price": 1}),
            )],
        ),
        "handover_none": HandoverPage(as_of, schema, "田中", "", ()),
        "prep_empty": PrepPage(as_of, schema, "青葉", (), (), 0, (), (), (), (), ()),
        "sweep": SweepList(as_of, schema, [SweepRow(deals[0], ["stalled", "overdue"]), SweepRow(deals[2], ["fizzled"])]),
        "sweep_none": SweepList(as_of, schema, ()),
        "today_full": TodayPage(
            as_of, schema, "/home/sato/nippo", (DueStep(deals[0], -3),), (), (), 0, 42, as_of - timedelta(4), norms, as_of - timedelta(4),
            comments=[Remarked(asked, view), Remarked(of_day._replace(done_on=None))],
            quiet=[DueStep(deals[0], 5)], closing=[DueStep(deals[0], 2)],
            holds=[DueStep(deals[1]._replace(held=held), 3)], drafts=["3", "1"],
            unwritten=as_of - timedelta(3),
        ),
    }  # fmt: skip
