"""What several pages are made of: words for values, rows for deals and entries, shapes of JSON."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.render.parts.ball_words import (
        ball_days as ball_days,
        ball_held as ball_held,
        ball_json as ball_json,
        ball_label as ball_label,
    )
    from nippo_cli.render.parts.deal_lists import (
        MOST_LISTED as MOST_LISTED,
        DealLists as DealLists,
        by_deal as by_deal,
        sentence as sentence,
    )
    from nippo_cli.render.parts.deal_rows import (
        named as named,
        narrow as narrow,
        whose as whose,
    )
    from nippo_cli.render.parts.entry_lines import (
        activity_label as activity_label,
        contacts_on as contacts_on,
        field_words as field_words,
        is_contact as is_contact,
        stay_days as stay_days,
        value_in_role as value_in_role,
    )
    from nippo_cli.render.parts.lesson_words import (
        lesson_json as lesson_json,
        lesson_row as lesson_row,
    )
    from nippo_cli.render.parts.norms import (
        kind_label as kind_label,
        left_out as left_out,
        no_deals as no_deals,
    )
    from nippo_cli.render.parts.preview import (
        understood as understood,
        values_line as values_line,
    )
    from nippo_cli.render.parts.problems import (
        plainly as plainly,
    )
    from nippo_cli.render.parts.promise_words import (
        MadeBy as MadeBy,
        PromiseMade as PromiseMade,
        made_by as made_by,
        moves as moves,
        promised_words as promised_words,
        revisit_words as revisit_words,
        separator as separator,
        signed_days as signed_days,
    )
    from nippo_cli.render.parts.units import (
        NONE as NONE,
        AmountUnit as AmountUnit,
        unit_of as unit_of,
    )
    from nippo_cli.render.parts.words import (
        day_name as day_name,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "ball_words": "ball_days ball_held ball_json ball_label",
            "deal_lists": "MOST_LISTED DealLists by_deal sentence",
            "deal_rows": "named narrow whose",
            "entry_lines": "activity_label contacts_on field_words is_contact value_in_role stay_days",
            "lesson_words": "lesson_json lesson_row",
            "norms": "kind_label left_out no_deals",
            "preview": "values_line understood",
            "problems": "plainly",
            "promise_words": "MadeBy PromiseMade made_by moves promised_words revisit_words separator signed_days",
            "units": "NONE AmountUnit unit_of",
            "words": "day_name",
        },
    )
