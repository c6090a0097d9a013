"""The pages of the day: the morning, the log, reports, drafts, what a write answers."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.render.day.draft_list import (
        told as told,
    )
    from nippo_cli.render.day.sweep import (
        one as one,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "draft_list": "told",
            "sweep": "one",
        },
    )
