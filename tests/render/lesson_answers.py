"""Lessons to draw: a year of a small team, made of the counts that the lessons themselves take."""

from collections import Counter
from datetime import date, timedelta

from nippo_cli.lessons import (
    KINDS,
    OWN,
    cases,
    confidence,
    contrast,
    fates,
    lost,
    words,
)
from nippo_cli.lessons.facts import (
    Case,
    Ended,
    LostDeal,
    Narrowed,
    RankCount,
    WonCount,
)
from nippo_cli.line.facts import DealSummary, Review
from nippo_cli.line.metrics import Metric
from nippo_cli.line.norm import Quiet
from nippo_cli.line.rate import Rate
from nippo_cli.results.entries import Unreviewed
from nippo_cli.results.lessons import LessonDeal, LessonPage, LessonsPage
from nippo_cli.schema.schema import Choice, Field, Rank, Schema

AS_OF = date(2026, 11, 23)
NASTY = "\x1b[31m赤\x1b[0m\u202e逆 [bold]太[/bold] =1+1"
REASONS = Field(
    "lost_reason", "失注理由", "choice", "lost_reason",
    choices=(Choice("price", "価格"), Choice("budget", "予算化見送り"), Choice("rival", "競合")),
)  # fmt: skip
QUIET = Quiet(60, "won", 320)


def agreed(schema: Schema) -> Schema:
    """The team's agreement with reasons, causes and ranks."""
    return schema._replace(
        fields=(*schema.fields, REASONS),
        causes=(Choice("price", "価格"), Choice("no_decider", "決裁者に会えていなかった")),
        ranks=(Rank("A", "A", "決裁者が買うと言った", 0.8), Rank("B", "B", "担当者が推している", 0.5), Rank("C", "C")),
    )


def losses() -> list[LostDeal]:
    """Twenty-four losses; every third reviewed."""
    found = []
    for n in range(24):
        on = AS_OF - timedelta(days=7 + 14 * n)
        cause = ("price", "no_decider", "")[n // 3 % 3]
        review = Review(900 + n, n, on, on, "佐々木", cause, "聞いた", "asked") if n % 3 == 0 else None
        found.append(
            LostDeal(
                deal=n, customer=("株式会社東洋精密製作所", "北関東オートメーション工業株式会社", NASTY)[n % 3],
                owner=("田中", "佐々木")[n % 4 == 0], amount=None if n % 5 == 4 else 1_200_000 * (n + 1), closed_on=on,
                lead_days=20 + 5 * n, contacts=2 + n % 7, stage=("quote", "approval", "visit")[n % 3],
                reasons=(("price",), ("budget",), ())[n % 3], competitor=("三峯システム", "")[n % 2], review=review,
            )
        )  # fmt: skip
    return found


def curve() -> fates.FatesLesson:
    """Three hundred deals over a year and a half."""

    def days(start: int, step: int, n: int) -> Counter[int]:
        return Counter(start + step * k for k in range(n))

    ended = {
        "won": Ended(90, 812_000_000, 0, days(12, 3, 90)), "lost": Ended(80, 455_500_000, 12, days(8, 4, 80)),
        "fizzled": Ended(50, 96_000_000, 21, days(61, 6, 50)), "open": Ended(80, 402_000_000, 9, days(1, 7, 80)),
    }  # fmt: skip
    return fates.lesson(ended, {"won": days(14, 3, 90), "lost": days(9, 4, 80)})


def meant(schema: Schema) -> confidence.ConfidenceLesson:
    """Ranks that promise more than they keep, and one of an older schema."""
    month = 2026 * 12 + 4
    closed = {
        Metric("rank", "A", "田中", True, month): 14, Metric("rank", "A", "田中", False, month): 12,
        Metric("rank", "B", "佐々木", True, month - 6): 9, Metric("rank", "B", "佐々木", False, month): 11,
        Metric("rank", "Z", "佐々木", True, month): 2,
    }  # fmt: skip
    live = [RankCount("A", "田中", "open", 5), RankCount("B", "田中", "fizzled", 3)]
    runs = {Metric("run", "quote", "", True, d): 2 for d in (-3, 10, 24, 41, 90)} | {
        Metric("run", "visit", "", True, 7): 1
    }
    return confidence.lesson(closed, live, runs, schema, 60)


def apart() -> contrast.ContrastLesson:
    """Figures of which one is clear, one is chance, one is too few."""
    side = contrast.Side
    return contrast.ContrastLesson(
        60, 41, 52, 17, 2000,
        [
            contrast.Contrast("people", side(41, 3.0), side(69, 1.0), 0.46, 0.0005, 0.0015),
            contrast.Contrast("steps_kept", side(41, 0.83), side(69, 0.5), 0.21, 0.08, 0.16),
            contrast.Contrast("longest_silence", side(41, 14.0), side(69, 17.5), -0.12, 0.31, 0.31),
            contrast.Contrast("demo_to_quote_days", side(12, 24.0), side(7, 41.0), None, None, None),
        ],
    )  # fmt: skip


def own() -> words.WordsLesson:
    """A year of one rep's words."""
    hope = words.HopefulEntries(
        9,
        4,
        [("好感触", 6), ("前向きに検討", 4)],
        Rate(2, 12),
        Rate(9, 21),
        {"won": 2, "lost": 7, "fizzled": 3, "open": 1},
    )
    kept = words.StepCounts(61, 44, 12, 4.5, 5, 3)
    return words.WordsLesson(
        "佐々木", 159, kept, words.WritingDelay(140, 90, 31, 12, 7, 0.0), 3, 2, 9, hope, stated=True
    )


def shelf(schema: Schema) -> cases.CasesLesson:
    """The reviewed ones of the losses, and one that fizzled out."""
    found = [
        Case(one.deal, "検査ライン増設（第3工場）", one.customer, one.owner, "lost", one.amount, one.closed_on, one.stage,
             one.review, one.reasons, one.competitor)
        for one in losses() if one.review is not None
    ]  # fmt: skip
    silent = found[1]._replace(deal=77, fate="fizzled", amount=None, reasons=(), competitor=NASTY)
    return cases.lesson([*found[:4], silent], 16, schema)


def pages(schema: Schema, heads: list[DealSummary]) -> dict[str, object]:
    """Every page of lessons, by name."""
    schema = agreed(schema)
    since = AS_OF - timedelta(days=365)
    won = [WonCount("田中", date(2026, 5, 1), 9), WonCount("佐々木", date(2026, 7, 1), 8)]
    kinds = {
        "lost": lost.lesson(losses(), won, schema), "fates": curve(), "confidence": meant(schema),
        "contrast": apart(), "words": own(), "cases": shelf(schema),
    }  # fmt: skip
    made = {
        kind: LessonPage(
            kind, AS_OF, since if KINDS[kind].windowed else None, schema, QUIET, lesson, {"incomplete": 3}, False
        )
        for kind, lesson in kinds.items()
    }
    ended = [h._replace(closed_on=date(2026, 10, 2), fate="lost", stage="lost") for h in heads]
    figures = {"contacts_a_month": 3.5, "longest_silence": 14.0, "people": 2.0}
    details = {
        "lost": losses(), "fates": ["won", "lost", "fizzled"], "confidence": ["A", "Z", "B"],
        "contrast": [contrast.Aged(fate, figures) for fate in ("won", "lost", "fizzled")],
        "words": [{"late": 3, "hope": 1, "copied": 2}, {"written": 4}, {"never": 1}],
        "cases": shelf(schema).cases,
    }  # fmt: skip
    opened = {
        f"{kind}_deals": made[kind]._replace(
            deals=[LessonDeal(h, d) for h, d in zip(ended, details[kind], strict=False)], total=57, narrowed=Narrowed(),
        )
        for kind in kinds
    }  # fmt: skip
    return {**made, **opened, "whole": LessonsPage(AS_OF, schema, [made[kind] for kind in made if kind != OWN])}


def unreviewed(heads: list[DealSummary]) -> Unreviewed:
    """Three losses to ask about."""
    return Unreviewed([h._replace(closed_on=date(2026, 10, 2)) for h in heads], 7, 5_000_000, "median", 36)
