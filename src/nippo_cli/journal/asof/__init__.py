"""The journal as it was known on a day."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.asof.view import (
        AsOfView as AsOfView,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "view": "AsOfView",
        },
    )
