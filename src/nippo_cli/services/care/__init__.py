"""Looking after the journal, and the demo."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.care.care import (
        damage_of as damage_of,
        must_be_free as must_be_free,
        refusal_of_disk as refusal_of_disk,
        write_schema as write_schema,
    )
    from nippo_cli.services.care.saved_answers import (
        SavedAnswers as SavedAnswers,
    )
    from nippo_cli.services.care.schemas import (
        StageToEdit as StageToEdit,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "saved_answers": "SavedAnswers",
            "care": "damage_of must_be_free refusal_of_disk write_schema",
            "schemas": "StageToEdit",
        },
    )
