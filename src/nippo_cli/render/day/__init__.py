"""The pages of the day: the morning, the log, reports, drafts, what a write answers."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.render.day.draft_list import (
        draft_in_words as draft_in_words,
    )
    from nippo_cli.render.day.sweep import (
        one as one,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "draft_list": "draft_in_words",
            "sweep": "one",
        },
    )
