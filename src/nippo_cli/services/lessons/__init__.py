"""What finished deals teach."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.lessons.lessons import (
        LessonDeals as LessonDeals,
        chosen as chosen,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "lessons": "LessonDeals chosen",
        },
    )
