"""Copies of a journal, and whether it is what its log says."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.care.against_copies import (
        compare_with_copies as compare_with_copies,
        compare_with_schema_copies as compare_with_schema_copies,
    )
    from nippo_cli.journal.care.beside import (
        conflicted_copies as conflicted_copies,
    )
    from nippo_cli.journal.care.copies import (
        copies_beside as copies_beside,
        left_beside as left_beside,
        schema_copies as schema_copies,
        typed as typed,
    )
    from nippo_cli.journal.care.elsewhere import (
        set_aside_with as set_aside_with,
    )
    from nippo_cli.journal.care.heads_of_backups import (
        compare_with_backups as compare_with_backups,
    )
    from nippo_cli.journal.care.last_written import (
        written_since as written_since,
    )
    from nippo_cli.journal.care.own_tail import (
        drop_tail as drop_tail,
        reissue_tail as reissue_tail,
    )
    from nippo_cli.journal.care.restore import (
        newest as newest,
    )
    from nippo_cli.journal.care.sql_file import (
        SqlTable as SqlTable,
        SqlView as SqlView,
        sql_pieces as sql_pieces,
    )
    from nippo_cli.journal.care.team_file import (
        make_team_file as make_team_file,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "against_copies": "compare_with_copies compare_with_schema_copies",
            "beside": "conflicted_copies",
            "copies": "copies_beside left_beside schema_copies typed",
            "elsewhere": "set_aside_with",
            "heads_of_backups": "compare_with_backups",
            "last_written": "written_since",
            "own_tail": "drop_tail reissue_tail",
            "restore": "newest",
            "sql_file": "SqlTable SqlView sql_pieces",
            "team_file": "make_team_file",
        },
    )
