"""The demo: an invented sales team's journal, made from a seed."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.care.demo.events import (
        EntryEvent as EntryEvent,
        World as World,
    )
    from nippo_cli.services.care.demo.write_demo import (
        TIME_ZONE as TIME_ZONE,
        write_demo_journal as write_demo_journal,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "events": "EntryEvent World",
            "write_demo": "TIME_ZONE write_demo_journal",
        },
    )
