"""Whether a journal is what its log says. Nothing here writes."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.check.comparing import (
        make_anew as make_anew,
    )
    from nippo_cli.journal.check.doctor import (
        derived_alone as derived_alone,
        examine as examine,
        expect_read as expect_read,
        log_is_sound as log_is_sound,
        misnamed_devices as misnamed_devices,
        stray_device as stray_device,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "comparing": "make_anew",
            "doctor": "derived_alone examine expect_read log_is_sound misnamed_devices stray_device",
        },
    )
