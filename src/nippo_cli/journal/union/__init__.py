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
        any_salt as any_salt,
        count_records as count_records,
        erased_records as erased_records,
        handed_out as handed_out,
        hashes_beyond as hashes_beyond,
        hashes_of as hashes_of,
        heads_at as heads_at,
        holds_salts as holds_salts,
        opened as opened,
        unnoted_heads as unnoted_heads,
    )
    from nippo_cli.journal.union.reissuing import (
        reissue as reissue,
        rest_of as rest_of,
    )
    from nippo_cli.journal.union.spool import (
        Spool as Spool,
        SpoolFile as SpoolFile,
    )
    from nippo_cli.journal.union.taking import (
        append_foreign as append_foreign,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "arrivals": "Arrival Held Wait version_vector",
            "handing_out": (
                "any_salt count_records erased_records handed_out hashes_beyond hashes_of heads_at holds_salts opened"
                " unnoted_heads"
            ),
            "reissuing": "reissue rest_of",
            "spool": "Spool SpoolFile",
            "taking": "append_foreign",
        },
    )
