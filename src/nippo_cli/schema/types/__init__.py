"""The field types: one class each, asked for whatever is done with a field."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.schema.types.choosing import (
        chosen as chosen,
        number_of as number_of,
        picked as picked,
    )
    from nippo_cli.schema.types.field_type import (
        FieldType as FieldType,
        Piece as Piece,
        Reading as Reading,
        ValueRefused as ValueRefused,
        empty as empty,
        parted as parted,
        read as read,
        reader_for as reader_for,
        says_none as says_none,
        sound as sound,
        type_named as type_named,
        type_of as type_of,
        types_where as types_where,
    )
    from nippo_cli.schema.types.persons import (
        person_piece as person_piece,
        person_written as person_written,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "choosing": "chosen number_of picked",
            "field_type": (
                "FieldType Piece Reading ValueRefused empty parted read reader_for says_none sound type_named type_of types_where"
            ),
            "persons": "person_piece person_written",
        },
    )
