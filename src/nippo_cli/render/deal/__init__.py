"""The pages of deals and customers."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.render.deal.people import (
        person_json as person_json,
        status_words as status_words,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "people": "person_json status_words",
        },
    )
