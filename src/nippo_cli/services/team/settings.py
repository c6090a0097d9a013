"""Where a team's records lie, and under which key: kept in the journal's file, and handed on in an invitation's code."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name, slot_named

if TYPE_CHECKING:
    from nippo_cli.carriers.carrier import Carrier

# The journal's note of which devices waited at the last sync.
WAITING: Final = "team_waiting"
ROLES: Final = ("member", "lead", "reader")
_CODE: Final = "nippo1-"
_FOLDER: Final = "folder:"


class TeamSettings(NamedTuple):
    """The address is `folder:PATH`."""

    address: str
    key: bytes

    def to_text(self) -> str:
        """As the journal keeps it."""
        return json.dumps({"address": self.address, "key": self.key.hex()})


class Code(NamedTuple):
    """What an invitation's code carries; `zone` is the team's time zone."""

    address: str
    key: bytes
    device: str
    name: str
    role: str
    zone: str

    def to_text(self) -> str:
        """As people hand it on."""
        said = json.dumps([self.address, self.key.hex(), self.device, self.name, self.role, self.zone])
        return _CODE + urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_settings(noted: str) -> TeamSettings:
    """What the journal's note says.

    Raises:
        NotFound: this journal is of no team.
    """
    if not noted:
        raise NotFound(msg("team.none"), hint=msg("team.none.hint"))
    said = json.loads(noted)
    return TeamSettings(said["address"], bytes.fromhex(said["key"]))


def read_code(said: str) -> Code:
    """What a code says.

    Raises:
        UsageError: it is none, or not all of it.
    """
    try:
        code = _unpacked("".join(said.split()))
    except (ValueError, TypeError):
        code = None
    if code is None:
        raise UsageError(msg("team.no_code"), hint=msg("team.no_code.hint"))
    return code


def _unpacked(text: str) -> Code | None:
    if not text.startswith(_CODE):
        return None
    packed = text.removeprefix(_CODE)
    address, key, device, name, role, zone = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    from nippo_cli.carriers.folder import KEY_BYTES

    code = Code(str(address), bytes.fromhex(key), str(device), str(name), str(role), str(zone))
    sound = len(code.key) == KEY_BYTES and code.role in ROLES and device_name(slot_named(code.device)) == code.device
    return code if sound else None


def carrier_at(address: str, key: bytes) -> "Carrier":
    """The carrier of an address.

    Raises:
        UsageError: no carrier is known by it, or what it needs is not installed.
    """
    if not address.startswith(_FOLDER) or not address.removeprefix(_FOLDER):
        raise UsageError(msg("team.no_address", said=address), hint=msg("team.no_address.hint"))
    try:
        import cryptography  # noqa: F401
    except ImportError as error:
        raise UsageError(msg("team.needs_more"), hint=msg("team.needs_more.hint")) from error
    from nippo_cli.carriers.folder import FolderCarrier

    return FolderCarrier(Path(address.removeprefix(_FOLDER)).expanduser(), key)


def absolute(address: str) -> str:
    """An address whose folder is named from the root, so that it is the same from anywhere."""
    if not address.startswith(_FOLDER):
        return address
    return _FOLDER + str(Path(address.removeprefix(_FOLDER)).expanduser().absolute())
