"""Which device of a team's journal this machine is: noted in the state folder, where no copy of the journal takes it along."""

import os
from contextlib import closing
from pathlib import Path
from typing import Final

from nippo_cli.base.files import make_folder, replace_file
from nippo_cli.base.places import Places

_FILE: Final = "device"


class DeviceNote:
    """The note of one journal; read when it is first asked for."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def is_own(self, device: str) -> bool:
        """Whether this machine is the device of that random id."""
        try:
            return self._path().read_bytes() == os.fsencode(device)
        except OSError:
            return False

    def claim(self, device: str) -> bool:
        """Be this device from now on; whether that could be kept."""
        try:
            make_folder(self._path().parent)
            replace_file(self._path(), os.fsencode(device))
        except OSError:
            return False
        return True

    def _path(self) -> Path:
        return self._places.state / _FILE


def claim_device(places: Places) -> None:
    """Be the device that a journal was just given: by a restore, or when a team was begun or joined."""
    from nippo_cli.journal.log import connect_ro, own_device

    with closing(connect_ro(places.journal_db)) as cx:
        DeviceNote(places).claim(own_device(cx))
