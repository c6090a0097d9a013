"""What follows from the log: each deal's row, stays, promises, holds, sales, kept in step with every write."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.derive.agreements import (
        put_schema as put_schema,
    )
    from nippo_cli.journal.derive.building import (
        Helped as Helped,
        build_in_worker as build_in_worker,
        build_new as build_new,
        end_worker as end_worker,
        helping as helping,
        is_worth_helping as is_worth_helping,
    )
    from nippo_cli.journal.derive.heads import (
        add_to_counters as add_to_counters,
        count_activities as count_activities,
        head_from_row as head_from_row,
        iso as iso,
        read_holds as read_holds,
        stored_line as stored_line,
    )
    from nippo_cli.journal.derive.ledger_rows import (
        NO as NO,
        YES as YES,
        DeclarationState as DeclarationState,
        MatchState as MatchState,
        SaleState as SaleState,
        TargetState as TargetState,
        declaration_of as declaration_of,
        matches_of as matches_of,
        plain_sale as plain_sale,
        sale_of as sale_of,
        target_of as target_of,
    )
    from nippo_cli.journal.derive.plain_entries import (
        derive_in_worker as derive_in_worker,
    )
    from nippo_cli.journal.derive.points import (
        Earlier as Earlier,
        entry_row as entry_row,
        points_of as points_of,
        replaced as replaced,
        state_of_row as state_of_row,
    )
    from nippo_cli.journal.derive.projection import (
        Projection as Projection,
    )
    from nippo_cli.journal.derive.remarks import (
        acknowledgement_row as acknowledgement_row,
        comment_row as comment_row,
        day_row as day_row,
        follow_row as follow_row,
        review_row as review_row,
    )
    from nippo_cli.journal.derive.revisit_rows import (
        RevisitRow as RevisitRow,
        revisit_of_review as revisit_of_review,
        revisits_of_customer as revisits_of_customer,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "agreements": "put_schema",
            "building": "Helped build_in_worker build_new end_worker helping is_worth_helping",
            "heads": "add_to_counters count_activities head_from_row iso read_holds stored_line",
            "ledger_rows": "DeclarationState MatchState NO SaleState TargetState YES declaration_of matches_of plain_sale sale_of"
            " target_of",
            "plain_entries": "derive_in_worker",
            "points": "Earlier entry_row points_of replaced state_of_row",
            "projection": "Projection",
            "remarks": "acknowledgement_row comment_row day_row follow_row review_row",
            "revisit_rows": "RevisitRow revisit_of_review revisits_of_customer",
        },
    )
