"""Promised against real, month by month: what was promised for it, what came, and the target."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_start
from nippo_cli.base.language import t
from nippo_cli.gaps.promises import MonthOutcome, PromiseCount
from nippo_cli.line.promised import Basis
from nippo_cli.render.draw import Picture
from nippo_cli.render.draw.marks import BarMark, DotMark, LegendEntry, PictureMark, PictureRow
from nippo_cli.render.draw.picture_text import draw_rows
from nippo_cli.render.draw.scales import number_axis
from nippo_cli.render.parts import AmountUnit, unit_of, words

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Currency


def pictures(count: PromiseCount, currency: "Currency", screen: "Screen") -> list[Picture]:
    """Two lines a month; none where there is no money to be shown. The numbers are those of the tables beside it."""
    targets = {aim.month: aim.target for aim in count.aims if not aim.owner and aim.target is not None}
    sums = [max(one.promised.amount, one.won_for + one.unpromised.amount) for one in count.months]
    most = max((*sums, *targets.values()), default=0)
    if not most:
        return []
    unit = unit_of(0, currency, most)
    marks = [
        mark
        for row, one in enumerate(count.months)
        for mark in _month(row, one, targets.get(one.month or 0), count.basis, unit)
    ]
    legend = [
        LegendEntry(t("promises.promised"), "third"),
        LegendEntry(t(f"promises.kept_{count.basis}"), "first"),
        LegendEntry(t(f"promises.unpromised_{count.basis}"), "second"),
    ]
    if targets:
        legend.append(LegendEntry(t("promises.target"), shape="tick"))
    picture = Picture(
        _title(count, unit), "\n".join(_month_text(one, targets.get(one.month or 0), count.basis, unit) for one in count.months),
        # What is said of the longest bar has room behind it.
        number_axis(0, most * 5 // 4, unit.show, label=unit.name, least_step=unit.size), marks,
        [PictureRow(_label(one), height=2) for one in count.months], legend=legend,
    )  # fmt: skip
    return [picture._replace(drawn=draw_rows(picture, screen))]


def _month(row: int, one: MonthOutcome, target: int | None, basis: Basis, unit: AmountUnit) -> Iterator[PictureMark]:
    """A month's marks: what was promised, what came of it, what nobody had promised, and the target."""
    came = one.won_for + one.unpromised.amount
    yield BarMark(
        row,
        0,
        one.promised.amount,
        "third",
        _bar("promised", one.promised.amount, unit),
        part=(0.08, 0.48),
        beside=True,
    )
    below = (0.52, 0.92)
    if one.won_for:
        yield BarMark(row, 0, one.won_for, "first", title=_bar(f"kept_{basis}", one.won_for, unit), part=below)
    if one.unpromised.amount:
        yield BarMark(
            row, one.won_for, came, "second", title=_bar(f"unpromised_{basis}", one.unpromised.amount, unit), part=below
        )
    # What came is named once, behind all of it; and where nothing came, at the beginning.
    yield BarMark(row, came, came, "blank", _bar(f"came_{basis}", came, unit), part=below, beside=True)
    if target is not None:
        yield DotMark(target, row + 0.72, "tick", title=_bar("target", target, unit))


def _bar(what: str, amount: int, unit: AmountUnit) -> str:
    return t("promises.bar", what=t(f"promises.{what}"), amount=unit.show(amount))


def _month_text(one: MonthOutcome, target: int | None, basis: Basis, unit: AmountUnit) -> str:
    parts = [_bar("promised", one.promised.amount, unit), _bar(f"kept_{basis}", one.won_for, unit),
             _bar(f"unpromised_{basis}", one.unpromised.amount, unit)]  # fmt: skip
    if target is not None:
        parts.append(_bar("target", target, unit))
    return f"{_label(one)}: {t('show.comma').join(parts)}"


def _title(count: PromiseCount, unit: AmountUnit) -> str:
    """What the picture says in a sentence: what was promised over its months, and what was won."""
    total, months = count.total, _span(count.months)
    shown = t(
        f"promises.picture_{count.basis}", months=months, promised=unit.show(total.promised.amount), won=unit.show(total.in_time.amount),
        unit=unit.name,
    )  # fmt: skip
    beside = total.unpromised.amount
    return t("show.dot").join(
        [
            shown,
            *(
                [t(f"promises.picture_beside_{count.basis}", beside=unit.show(beside), unit=unit.name)]
                if beside
                else []
            ),
        ]
    )


def _span(months: Sequence[MonthOutcome]) -> str:
    first, last = _label(months[0]), _label(months[-1])
    return first if first == last else t("show.span", first=first, last=last)


def _label(one: MonthOutcome) -> str:
    return words.year_month(month_start(one.month or 0))
