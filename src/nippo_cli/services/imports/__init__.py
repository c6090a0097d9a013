"""Files of entries, of the ledger and of targets, and the way back out."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.imports.entries import (
        export_to as export_to,
        import_file as import_file,
    )
    from nippo_cli.services.imports.exporting import (
        entry_table as entry_table,
        event_log as event_log,
        own_map_of as own_map_of,
    )
    from nippo_cli.services.imports.ledger import (
        import_sales as import_sales,
        import_targets as import_targets,
    )
    from nippo_cli.services.imports.ledger_proposal import propose_sales as propose_sales
    from nippo_cli.services.imports.new_schema import (
        in_place as in_place,
        on_trial as on_trial,
        schema_of_file as schema_of_file,
    )
    from nippo_cli.services.imports.proposal import (
        LedgerFile as LedgerFile,
        propose_import as propose_import,
    )
    from nippo_cli.services.imports.proposing_file import (
        FileProposal as FileProposal,
        question_key as question_key,
        save_map as save_map,
        write_half_made as write_half_made,
    )
    from nippo_cli.services.imports.sql_tables import (
        sql_export as sql_export,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "sql_tables": "sql_export",
            "entries": "export_to import_file",
            "exporting": "entry_table event_log own_map_of",
            "ledger": "import_sales import_targets",
            "ledger_proposal": "propose_sales",
            "new_schema": "in_place on_trial schema_of_file",
            "proposal": "LedgerFile propose_import",
            "proposing_file": "FileProposal question_key save_map write_half_made",
        },
    )
