"""The union of a team's logs: records of other devices taken in, and a journal's own handed out."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.union.arrivals import (
        Arrival as Arrival,
        Held as Held,
        Wait as Wait,
        version_vector as version_vector,
    )
    from nippo_cli.journal.union.handing_out import (
        handed_out as handed_out,
    )
    from nippo_cli.journal.union.taking import (
        Admitted as Admitted,
        append_foreign as append_foreign,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "arrivals": "Arrival Held Wait version_vector",
            "handing_out": "handed_out",
            "taking": "Admitted append_foreign",
        },
    )
