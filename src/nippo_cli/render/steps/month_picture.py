"""Stages and their months as a heat map: how many deals stood in each at every month's end."""

from collections.abc import Sequence

from nippo_cli.base.language import t
from nippo_cli.render.draw import Picture
from nippo_cli.render.parts import words
from nippo_cli.render.parts.heat_map import HeatCell, HeatRow, heat_map
from nippo_cli.render.steps.behind import MonthLists
from nippo_cli.results.steps import StepsMonths


def pictures(result: StepsMonths, stages: Sequence[str], lists: MonthLists) -> list[Picture]:
    """The stages in which any deal stood, all together last; none where none did. A terminal has the same as trends."""
    months = result.months
    named = {key: [month.of(key).live for month in months] for key in stages}
    rows = {key: live for key, live in named.items() if any(live)}
    most = max((n for live in rows.values() for n in live), default=0)
    if not most:
        return []
    together = [month.live for month in months]

    def row(label: str, live: Sequence[int], darkest: int, *keys: str) -> HeatRow:
        said = [
            lists.figure(f"{n:,}" if n else "·", month, "live", *keys) for n, month in zip(live, months, strict=True)
        ]
        return HeatRow(label, [HeatCell(n / darkest, one) for n, one in zip(live, said, strict=True)])

    heat = [row(words.stage(result.schema, key), live, most, key) for key, live in rows.items()]
    heat.append(row(t("show.steps.all"), together, max(together), *stages))
    title = t(
        "show.steps.picture",
        first=words.year_month(months[0].on), before=words.counted("show.steps.live", months[0].live, amount=""),
        last=words.year_month(months[-1].on), after=words.counted("show.steps.live", months[-1].live, amount=""),
    )  # fmt: skip
    return [heat_map(title, heat, [words.month(month.on.month) for month in months], label=t("show.head.stage"))]
