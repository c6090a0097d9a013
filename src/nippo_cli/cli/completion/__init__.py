"""What the shells complete."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.cli.completion.command_table import (
        COMMANDS as COMMANDS,
    )
    from nippo_cli.cli.completion.completing import (
        complete as complete,
    )
    from nippo_cli.cli.completion.scripts import (
        use_own as use_own,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "command_table": "COMMANDS",
            "completing": "complete",
            "scripts": "use_own",
        },
    )
