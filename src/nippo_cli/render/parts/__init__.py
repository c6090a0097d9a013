"""What several pages are made of: words for values, rows for deals and entries, shapes of JSON."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.render.parts.deal_rows import (
        named as named,
        narrow as narrow,
        whose as whose,
    )
    from nippo_cli.render.parts.entry_lines import (
        field_words as field_words,
    )
    from nippo_cli.render.parts.ledger_words import (
        sale_json as sale_json,
        sale_named as sale_named,
    )
    from nippo_cli.render.parts.line_words import (
        moves as moves,
        separator as separator,
        signed_days as signed_days,
    )
    from nippo_cli.render.parts.norms import (
        kind_label as kind_label,
    )
    from nippo_cli.render.parts.omissions import (
        left_out as left_out,
        no_deals as no_deals,
    )
    from nippo_cli.render.parts.preview import (
        standing_line as standing_line,
        understood as understood,
    )
    from nippo_cli.render.parts.problems import (
        plainly as plainly,
    )
    from nippo_cli.render.parts.promise_words import (
        MadeBy as MadeBy,
        PromiseMade as PromiseMade,
        made_by as made_by,
        promised_words as promised_words,
    )
    from nippo_cli.render.parts.reading import (
        activity_label as activity_label,
        contacts_on as contacts_on,
        is_contact as is_contact,
        said_in_role as said_in_role,
        stay_days as stay_days,
    )
    from nippo_cli.render.parts.review_words import (
        cause_option as cause_option,
        review_json as review_json,
    )
    from nippo_cli.render.parts.words import (
        day_name as day_name,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "deal_rows": "named narrow whose",
            "entry_lines": "field_words",
            "ledger_words": "sale_json sale_named",
            "line_words": "moves separator signed_days",
            "norms": "kind_label",
            "omissions": "left_out no_deals",
            "preview": "standing_line understood",
            "problems": "plainly",
            "promise_words": "MadeBy PromiseMade made_by promised_words",
            "reading": "activity_label contacts_on is_contact said_in_role stay_days",
            "review_words": "cause_option review_json",
            "words": "day_name",
        },
    )
