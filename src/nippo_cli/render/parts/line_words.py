"""Words that the page of a deal and its timeline share."""

from nippo_cli.base.language import t, tn
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import Glyphs


def separator(marks: Glyphs) -> str:
    """What stands between two things said in one row."""
    return marks.between or t("show.dot")


def moves(head: DealSummary) -> str:
    """`先延ばし2回・前倒し1回（計+61日）`."""
    parts = []
    if head.pushes:
        parts.append(tn("timeline.pushes", head.pushes))
    if head.pulls:
        parts.append(tn("timeline.pulls", head.pulls))
    return t("timeline.moves", moves=t("show.comma").join(parts), days=signed_days(head.slip_days))


def signed_days(n: int) -> str:
    """`+61日`, `-12日`, `±0日`."""
    return t("timeline.signed_days", n=f"{n:+d}" if n else "±0")
