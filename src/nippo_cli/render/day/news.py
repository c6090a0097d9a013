"""What the morning page has of the others of the same diary: what is new, what is unread, who has said nothing yet."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import quoted
from nippo_cli.render.day.reminders import RowOfPage, cut_row
from nippo_cli.render.draw import Block, Cell, Heading, Prose, Span
from nippo_cli.render.parts import entry_lines, remark_lines, shapes, words
from nippo_cli.results.news import NewsRow, TeamMorning, TeamNews

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.render.draw import Screen

_INDENT: Final = 2
_NAMED: Final = 3


def sizes(team: TeamMorning | None) -> dict[str, int]:
    """How many rows each section has."""
    news = team.news if team is not None else None
    return {
        "handed": len(team.handed) if team is not None else 0,
        "answers": len(news.answers) if news is not None else 0,
        "news": len(news.rows) if news is not None else 0,
        "unread": len(team.unread) if team is not None else 0,
    }


def blocks(team: TeamMorning, shown: Mapping[str, int], as_of: "date", screen: "Screen") -> list[Block]:
    """The sections, so many rows of each as are shown."""
    shown_blocks = _handed(team, shown["handed"])
    if team.news is not None:
        shown_blocks += _news(team.news, shown, as_of, screen)
    if team.unread:
        shown_blocks += _unread(team, shown["unread"], as_of)
    return [*shown_blocks, *_conflicts(team), *_missing(team, as_of, screen)]


def to_json(team: TeamMorning | None) -> dict[str, object] | None:
    """The same as data, but who has said nothing yet: that is for nobody's file. None in a journal of one author."""
    if team is None:
        return None
    return {
        "news": _rows_json(team.news) if team.news is not None else None,
        "handed": [
            {
                "from": one.giver,
                "to": one.taker or None,
                "left": one.left,
                "deals": [shapes.deal(deal) for deal in one.deals],
            }
            for one in team.handed
        ],
        "conflicts": team.conflicts,
        "unread": [{"author": one.author, "on": one.on.isoformat(), "n": one.n} for one in team.unread],
    }


def _rows_json(news: TeamNews) -> dict[str, object]:
    rows = [{"why": row.why, **shapes.entry(row.entry)} for row in news.rows]
    return {**news_json(news), "rows": rows, "rows_total": news.row_total}


def news_json(news: TeamNews) -> dict[str, object]:
    """What is new, counted, and the answers; the entries stand beside it."""
    return {
        "since": shapes.day(news.since),
        "total": news.total,
        "entries": dict(news.entries),
        "more": news.more,
        "answers": [remark_lines.comment_json(one.comment) for one in news.answers],
        "read_by": dict(news.readers),
    }


def _handed(team: TeamMorning, n: int) -> list[Block]:
    """Who left the team, whose deals are another's now, and what tells of them: of few their names."""
    if not team.handed:
        return []
    rows: list[Block] = [Heading(t("show.handed.title"))]
    for one in team.handed[:n]:
        key = f"show.handed.{'left_' if one.left else ''}{one.whose}" if one.deals else "show.handed.left"
        said = words.counted(key, len(one.deals), giver=one.giver, taker=one.taker)
        if one.deals and one.left:
            said += f"  {t('show.handed.page', owner=quoted(one.giver))}"
        elif one.deals:
            some = t("show.comma").join(f"{deal.name} #{show_id(deal.id)}" for deal in one.deals[:_NAMED])
            rest = len(one.deals) - _NAMED
            said += t("show.handed.which", some=f"{some}  {words.counted('show.more', rest)}" if rest > 0 else some)
        rows.append(Prose(Span(said, "strong" if one.whose == "taken" else "plain"), _INDENT, "-"))
    if (more := len(team.handed) - n) > 0:
        command = t("show.today.more_hint", command="nippo --limit 0")
        rows.append(Prose(Span(f"{words.counted('show.more', more)}  {command}", "dim")))
    return rows


def title(news: TeamNews, as_of: "date") -> str:
    """`11/24(火)以降の同僚の新着`; without a day on the first one of all."""
    if news.since is None:
        return t("show.news.first_title")
    return t("show.news.title", day=words.day_name(news.since, as_of))


def count(news: TeamNews) -> str:
    """`活動3件`; of both kinds `4件（活動3件・返事1件）`; empty where there is neither."""
    entries, answers = sum(news.entries.values()), len(news.answers)
    kinds = [words.counted("show.log.at_least" if news.more else "show.entries", entries)] if entries else []
    if answers:
        kinds.append(words.counted("show.news.answers", answers))
    if len(kinds) < 2:
        return "".join(kinds)
    total = words.counted("show.news.at_least" if news.more else "show.count", news.total)
    return t("show.news.kinds", total=total, kinds=t("show.dot").join(kinds))


def answer_lines(news: TeamNews, n: int | None, as_of: "date") -> list[Block]:
    """The first `n` answers, a row each."""
    return [
        Prose((Span(f"{t('show.news.answer')}  ", "strong"), *remark_lines.line(one.comment, as_of)), _INDENT, "-")
        for one in news.answers[:n]
    ]


def reader_lines(news: TeamNews) -> list[Block]:
    """How many of the reader's own each colleague has confirmed to have read."""
    if not news.readers:
        return []
    return [Prose(Span(t("show.news.readers", by=_by(news.readers)), "dim"))]


def _by(counts: Mapping[str, int]) -> str:
    return t("show.comma").join(t("show.news.by", who=who, n=n) for who, n in sorted(counts.items()) if n > 0)


def _news(news: TeamNews, shown: Mapping[str, int], as_of: "date", screen: "Screen") -> list[Block]:
    """What concerns the reader, orders and losses, a row each; the rest counted by who wrote it, and the command that shows all."""
    columns = screen.columns - _INDENT if screen.terminal else None
    rows: list[Block] = [Heading(title(news, as_of), count(news)), *answer_lines(news, shown["answers"], as_of)]
    here = news.rows[: shown["news"]]
    rows += [Prose(cut_row(_row(one, as_of), columns, 1), _INDENT, "-") for one in here]
    left = Counter(news.entries)
    left.subtract(row.entry.author for row in here)
    left.update(one.comment.author for one in news.answers[shown["answers"] :])
    if n := left.total():
        rest = words.counted("show.news.rest_at_least" if news.more else "show.news.rest", n, by=_by(left))
        # Where no row stands above, nothing is left of it.
        rest = rest if len(rows) > 1 else _by(left)
        rows.append(Prose(Span(f"{rest}  {t('show.today.more_hint', command='nippo log --new')}", "dim")))
    return [*rows, *reader_lines(news)]


def _row(row: NewsRow, as_of: "date") -> RowOfPage:
    """Who, when, of which deal, whether it ended; then what happened, as far as it goes."""
    entry = row.entry
    ended: tuple[Cell, ...] = ()
    if row.why in ("won", "lost") or (entry.deal and _ends(row)):
        word = _ends(row) or row.why
        ended = (Span(f"{t(f'show.outcome.{word}')}  ", "good" if word == "won" else "bad"),)
    lead = (f"{entry.author} {words.day_name(entry.on, as_of)}  ", *ended, *entry_lines.whom(entry))
    activity = entry_lines.field_words(entry, "activity")
    said = "  ".join(part for part in (activity, entry_lines.field_words(entry, "facts")) if part)
    return RowOfPage(lead, said, f"  #{show_id(entry.id)}")


def _ends(row: NewsRow) -> str:
    """What an entry ends its deal with; empty where it doesn't."""
    entry = row.entry
    key = entry_lines.value_in_role(entry, "stage")
    stage = entry.schema.stage_by_key.get(str(key or ""))
    return (stage.ends or "") if stage is not None else ""


def _unread(team: TeamMorning, n: int, as_of: "date") -> list[Block]:
    """Whose report of which day was not confirmed yet, and how to confirm the first."""
    rows: list[Block] = [
        Heading(t("show.unread.title"), words.counted("show.count", sum(one.n for one in team.unread)))
    ]
    for one in team.unread[:n]:
        said = f"  {words.day_name(one.on, as_of)}  {words.counted('show.count', one.n)}"
        rows += [Prose((Span(one.author, "strong"), said), _INDENT, "-")]
    first = team.unread[0]
    rest = len(team.unread) - n
    hint = t("show.unread.hint", on=first.on.isoformat(), who=quoted(first.author))
    more = f"{words.counted('show.more', rest)}  " if rest > 0 else ""
    return [*rows, Prose(Span(more + hint, "dim"))]


def _conflicts(team: TeamMorning) -> list[Block]:
    """That colleagues and the reader wrote of one without knowing of each other, and how to settle it."""
    if not team.conflicts:
        return []
    said = words.counted("show.settle.line", team.conflicts)
    return [Prose(Span(f"{said}  {t('show.settle.hint')}", "dim"))]


def _missing(team: TeamMorning, as_of: "date", screen: "Screen") -> list[Block]:
    """Who has said nothing of the last working day: on a screen alone, since a page that is handed on is no roll call."""
    if not team.missing or team.missing_on is None or not screen.terminal:
        return []
    names = t("show.comma").join(team.missing)
    return [Prose(Span(t("show.missing", day=words.day_name(team.missing_on, as_of), names=names), "warn"))]
