"""What every use case begins with: the run's workspace, its schema, and what a person names."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.context.active_schema import (
        STAMP as STAMP,
        ActiveSchema as ActiveSchema,
        for_writing as for_writing,
        free_beside as free_beside,
        is_blank as is_blank,
        notice as notice,
        of_file as of_file,
        put_text as put_text,
        read_active_schema as read_active_schema,
        refused as refused,
        sha256 as sha256,
        stamp as stamp,
        state as state,
        text_in as text_in,
    )
    from nippo_cli.services.context.choice_words import (
        basis_meant as basis_meant,
        key_meant as key_meant,
        shown as shown,
    )
    from nippo_cli.services.context.deal_status import (
        StatusJudge as StatusJudge,
    )
    from nippo_cli.services.context.elsewhere import (
        where_else as where_else,
    )
    from nippo_cli.services.context.handing_on import (
        withheld_in as withheld_in,
    )
    from nippo_cli.services.context.left_out import (
        entries_left_out as entries_left_out,
    )
    from nippo_cli.services.context.looked import (
        look_of as look_of,
        note_look as note_look,
    )
    from nippo_cli.services.context.lookup import (
        EVER as EVER,
        current_values as current_values,
        day_of as day_of,
        entry_of as entry_of,
        expect_plausible as expect_plausible,
        find as find,
        head_of as head_of,
        implausible as implausible,
        in_force as in_force,
        no_entry as no_entry,
    )
    from nippo_cli.services.context.machine import (
        claim_device as claim_device,
    )
    from nippo_cli.services.context.member import (
        Me as Me,
        me_of as me_of,
        tells_no_reps as tells_no_reps,
    )
    from nippo_cli.services.context.report import (
        Appended as Appended,
        Report as Report,
        report_of as report_of,
    )
    from nippo_cli.services.context.scope import (
        DEFAULT_SINCE as DEFAULT_SINCE,
        GapQuery as GapQuery,
        Scope as Scope,
        author_named as author_named,
        begins as begins,
        choice_named as choice_named,
        customer_named as customer_named,
        deal_named as deal_named,
        ends as ends,
        kind_named as kind_named,
        looked_at as looked_at,
        one_named as one_named,
        only_billed as only_billed,
        owner_named as owner_named,
        stage_named as stage_named,
        tell_of_live_ones as tell_of_live_ones,
        within as within,
    )
    from nippo_cli.services.context.showing import (
        for_who_looks as for_who_looks,
    )
    from nippo_cli.services.context.workspace import (
        Workspace as Workspace,
        astray as astray,
        begin_journal as begin_journal,
        bring_up_to_date as bring_up_to_date,
        local_time_zone as local_time_zone,
        lost as lost,
        no_journal as no_journal,
        note_night as note_night,
        reading as reading,
        settle as settle,
        writing as writing,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "active_schema": "ActiveSchema STAMP for_writing free_beside is_blank notice of_file put_text read_active_schema "
            "refused sha256 stamp state text_in",
            "choice_words": "basis_meant key_meant shown",
            "deal_status": "StatusJudge",
            "elsewhere": "where_else",
            "handing_on": "withheld_in",
            "lookup": "EVER current_values day_of entry_of expect_plausible find head_of implausible in_force no_entry",
            "left_out": "entries_left_out",
            "looked": "look_of note_look",
            "member": "Me me_of tells_no_reps",
            "machine": "claim_device",
            "report": "Appended Report report_of",
            "scope": "DEFAULT_SINCE GapQuery Scope author_named begins choice_named customer_named deal_named ends "
            "kind_named looked_at one_named only_billed owner_named stage_named tell_of_live_ones within",
            "showing": "for_who_looks",
            "workspace": "Workspace astray begin_journal bring_up_to_date local_time_zone lost no_journal note_night reading settle "
            "writing",
        },
    )
