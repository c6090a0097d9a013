"""Dates: as people type them, as they are promised, as months and time zones count them."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.base.dates.calendar import (
        FIRST_YEAR as FIRST_YEAR,
        LAST_YEAR as LAST_YEAR,
        SEASONS as SEASONS,
        UnreadableDate as UnreadableDate,
        add_months as add_months,
        in_years as in_years,
        month_name as month_name,
        month_number as month_number,
        month_of_iso as month_of_iso,
        month_start as month_start,
    )
    from nippo_cli.base.dates.reading import (
        read_day as read_day,
        read_promise as read_promise,
        read_since as read_since,
    )
    from nippo_cli.base.dates.when import (
        When as When,
        moved as moved,
        read_when as read_when,
    )
    from nippo_cli.base.dates.zones import (
        instant_text as instant_text,
        is_after_midnight as is_after_midnight,
        is_zone as is_zone,
        local_day as local_day,
        local_time as local_time,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "calendar": "FIRST_YEAR LAST_YEAR SEASONS UnreadableDate add_months in_years month_of_iso month_name month_number month_start",
            "reading": "read_day read_promise read_since",
            "when": "When moved read_when",
            "zones": "instant_text is_after_midnight is_zone local_day local_time",
        },
    )
