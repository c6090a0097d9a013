"""Lessons to draw: a year of a small team, made of the counts that the lessons themselves take."""

from collections import Counter
from datetime import date, timedelta

from nippo_cli.answers.lessons import LessonDeal, LessonPage, LessonsPage, Unreviewed
from nippo_cli.lessons import confidence, fates, lost
from nippo_cli.lessons.facts import Ended, LostDeal, Narrowed, RankCount, WonCount
from nippo_cli.line.facts import Head
from nippo_cli.line.norm import Quiet
from nippo_cli.line.review import Review
from nippo_cli.line.seen import Seen
from nippo_cli.schema.agreement import Agreement, Choice, Field, Rank

AS_OF = date(2026, 11, 23)
NASTY = "\x1b[31m赤\x1b[0m\u202e逆 [bold]太[/bold] =1+1"
REASONS = Field(
    "lost_reason", "失注理由", "choice", "lost_reason",
    choices=(Choice("price", "価格"), Choice("budget", "予算化見送り"), Choice("rival", "競合")),
)  # fmt: skip
QUIET = Quiet(60, "won", 320)


def agreed(agreement: Agreement) -> Agreement:
    """The team's agreement with reasons, causes and ranks."""
    return agreement._replace(
        fields=(*agreement.fields, REASONS),
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


def meant(agreement: Agreement) -> confidence.ConfidenceLesson:
    """Ranks that promise more than they keep, and one of an older schema."""
    month = 2026 * 12 + 4
    closed = {
        Seen("rank", "A", "田中", True, month): 14, Seen("rank", "A", "田中", False, month): 12,
        Seen("rank", "B", "佐々木", True, month - 6): 9, Seen("rank", "B", "佐々木", False, month): 11,
        Seen("rank", "Z", "佐々木", True, month): 2,
    }  # fmt: skip
    live = [RankCount("A", "田中", "open", 5), RankCount("B", "田中", "fizzled", 3)]
    runs = {Seen("run", "quote", "", True, d): 2 for d in (-3, 10, 24, 41, 90)} | {Seen("run", "visit", "", True, 7): 1}
    return confidence.lesson(closed, live, runs, agreement, 60)


def pages(agreement: Agreement, heads: list[Head]) -> dict[str, object]:
    """Every page of lessons, by name."""
    agreement = agreed(agreement)
    since = AS_OF - timedelta(days=365)
    won = [WonCount("田中", date(2026, 5, 1), 9), WonCount("佐々木", date(2026, 7, 1), 8)]
    kinds = {"lost": lost.lesson(losses(), won, agreement), "fates": curve(), "confidence": meant(agreement)}
    made = {
        kind: LessonPage(
            kind, AS_OF, since if kind == "lost" else None, agreement, QUIET, lesson, {"incomplete": 3}, False
        )
        for kind, lesson in kinds.items()
    }
    ended = [h._replace(closed_on=date(2026, 10, 2), fate="lost", stage="lost") for h in heads]
    details = {"lost": losses(), "fates": ["won", "lost", "fizzled"], "confidence": ["A", "Z", "B"]}
    opened = {
        f"{kind}_deals": made[kind]._replace(
            deals=[LessonDeal(h, d) for h, d in zip(ended, details[kind], strict=False)], total=57, narrowed=Narrowed(),
        )
        for kind in kinds
    }  # fmt: skip
    return {**made, **opened, "whole": LessonsPage(AS_OF, agreement, list(made.values()))}


def unreviewed(heads: list[Head]) -> Unreviewed:
    """Three losses to ask about."""
    return Unreviewed([h._replace(closed_on=date(2026, 10, 2)) for h in heads], 7, 5_000_000, "median", 36)
