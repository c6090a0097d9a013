"""Stalled deals by their stays: how long each has lasted, and where its norm lies."""

from typing import Final

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Picture
from nippo_cli.render.draw.marks import BarMark, DotMark, LegendEntry, PictureMark, PictureRow
from nippo_cli.render.draw.scales import number_axis
from nippo_cli.render.parts import words
from nippo_cli.results.gap import GapPage

# So many bars can be told apart.
_MOST_BARS: Final = 60


def pictures(result: GapPage) -> list[Picture]:
    """A bar a deal that is shown: its days within the norm, then those beyond it. The numbers stand in the table above; of very many
    rows the longest stays are drawn, in their order."""
    if not result.rows:
        return []
    rows: list[PictureRow] = []
    marks: list[PictureMark] = []
    drawn = sorted(range(len(result.rows)), key=lambda at: -result.rows[at].finding.stay_days)[:_MOST_BARS]
    for at, row in enumerate(result.rows[which] for which in sorted(drawn)):
        one, limit = row.finding, row.finding.limit_days or row.finding.norm.days
        stage = result.schema.stage_label(row.head.stage)
        rows.append(
            PictureRow(
                f"{show_id(row.head.id)} {row.head.name}  {stage}",
                words.held_against(one.stay_days, limit, row.head.arrival),
            )
        )
        marks.append(BarMark(at, 0, min(limit, one.stay_days), "third"))
        if one.stay_days > limit:
            title = words.held_against(one.stay_days, limit, row.head.arrival)
            marks.append(BarMark(at, limit, one.stay_days, "second", title=title))
        marks.append(DotMark(limit, at + 0.5, "tick", title=words.norm_source(one.norm)))
    longest = max(row.finding.stay_days for row in result.rows)
    head = next(row for row in result.rows if row.finding.stay_days == longest)
    days = words.stay_words(longest, head.head.arrival)
    title = t("show.stalled.picture", days=days, norm=words.days(head.finding.limit_days or head.finding.norm.days),
              deal=f"{show_id(head.head.id)} {head.head.name}", stage=result.schema.stage_label(head.head.stage))  # fmt: skip
    others = len(result.rows) - len(rows)
    if others:
        title += t("show.stalled.picture_some", n=f"{len(rows):,}", others=f"{others:,}")
    legend = [
        LegendEntry(t("show.stalled.within"), "third"), LegendEntry(t("show.stalled.beyond"), "second"),
        LegendEntry(t("show.stalled.norm"), shape="tick"),
    ]  # fmt: skip
    axis = number_axis(0, longest, words.days_short, least_step=1)
    said = "\n".join(f"{row.label} {row.note}" for row in rows)
    return [Picture(title, said, axis, marks, rows, legend=legend)]
