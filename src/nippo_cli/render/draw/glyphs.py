"""The marks of a drawn line, and their ASCII twins for screens that draw ambiguous characters two columns wide."""

from nippo_cli.base.frozen import NamedTuple


class Glyphs(NamedTuple):
    """Marks, one column wide but for `moved`, `between` and `more`.

    `fills` alternate, so that neighbouring bands differ without colour; an empty `between` leaves it to the language.
    """

    fills: tuple[str, str]
    short: str
    knot: str
    held: str
    ended: str
    won: str
    lost: str
    contact: str
    other: str
    first: str
    push: str
    pull: str
    promised: str
    beyond: str
    dash: str
    rule: str
    tick: str
    today: str
    thread: str
    child: str
    then: str
    stage: str
    back: str
    moved: str
    between: str
    many: str
    more: str
    done: str
    sign: str


DRAWN = Glyphs(
    fills=("░", "▓"), short="│", knot="║", held="/", ended="·", won="★", lost="✕", contact="●", other="∙",
    first="◇", push="→", pull="←", promised="◆", beyond="»", dash="─", rule="─", tick="├", today="▼", thread="┊",
    child="└", then="▸", stage="▶", back="◀", moved="→", between="", many="+", more="…", done="✓", sign="▲",
)  # fmt: skip

ASCII = Glyphs(
    fills=("-", "="), short="|", knot="#", held="/", ended=".", won="W", lost="X", contact="o", other=".",
    first="p", push=">", pull="<", promised="P", beyond="~", dash="-", rule="-", tick="+", today="v", thread=":",
    child="`", then=">", stage=">", back="<", moved="->", between=" / ", many="+", more="...", done="*", sign="!",
)  # fmt: skip


def glyphs(*, ascii_only: bool) -> Glyphs:
    """The marks for a screen."""
    return ASCII if ascii_only else DRAWN
