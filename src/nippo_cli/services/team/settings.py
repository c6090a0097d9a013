"""Where a team's records lie, and under which key: kept in the journal's file, and handed on in an invitation's code."""

import json
import re
import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name, slot_named
from nippo_cli.carriers.carrier import KEY_BYTES
from nippo_cli.journal.log import TEAM
from nippo_cli.services.context import Workspace, bring_up_to_date, no_journal, reading

if TYPE_CHECKING:
    from nippo_cli.carriers.carrier import Carrier

# The journal's note of which devices waited at the last sync.
WAITING: Final = "team_waiting"
# The journal's note of a move that is not done yet.
MOVING: Final = "team_moving"
ROLES: Final = ("member", "lead", "reader")
_CODE: Final = "nippo1-"
_FOLDER: Final = "folder:"
_SERVER: Final = ("postgresql://", "postgres://")


class TeamSettings(NamedTuple):
    """The address is `folder:PATH`, and the key the team's; or it is `postgresql://…#TEAM`, and the key the token of `device`."""

    address: str
    key: bytes
    device: str = ""

    def to_text(self) -> str:
        """As the journal keeps it."""
        return json.dumps({"address": self.address, "key": self.key.hex(), "device": self.device})


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
    return TeamSettings(said["address"], bytes.fromhex(said["key"]), said.get("device", ""))


def settings_of(workspace: Workspace, *, reads: bool = False) -> TeamSettings:
    """The team of the journal; one of an older format is brought up to date first, unless who asks only `reads`.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    if not workspace.places.journal_db.exists():
        raise no_journal(workspace)
    if not reads:
        bring_up_to_date(workspace)
    with reading(workspace) as (reader, _):
        return read_settings(reader.meta(TEAM))


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


def shown_argument(said: str) -> str:
    """What was typed as anybody may see it: in place of an invitation's code, which carries the team's key, `CODE`; of a
    server's address what `shown_address` leaves."""
    return "CODE" if said.strip().startswith(_CODE) else shown_address(said)


def _unpacked(text: str) -> Code | None:
    if not text.startswith(_CODE):
        return None
    packed = text.removeprefix(_CODE)
    address, key, device, name, role, zone = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    code = Code(str(address), bytes.fromhex(key), str(device), str(name), str(role), str(zone))
    sound = len(code.key) == KEY_BYTES and code.role in ROLES and device_name(slot_named(code.device)) == code.device
    return code if sound else None


def carrier_at(address: str, key: bytes) -> "Carrier":
    """The carrier of an address.

    Raises:
        UsageError: no carrier is known by it, or what it needs is not installed.
    """
    if is_server(address):
        needs_library("psycopg", "postgres")
        from nippo_cli.carriers.postgres import PostgresCarrier

        return PostgresCarrier(address, key)
    if not address.startswith(_FOLDER) or not address.removeprefix(_FOLDER):
        raise UsageError(msg("team.no_address", said=address), hint=msg("team.no_address.hint"))
    needs_library("cryptography", "team")
    from nippo_cli.carriers.folder import FolderCarrier

    return FolderCarrier(Path(address.removeprefix(_FOLDER)).expanduser(), key)


def is_server(address: str) -> bool:
    """Whether an address is a PostgreSQL server's."""
    return address.startswith(_SERVER)


def needs_library(name: str, extra: str) -> None:
    """Refuse what needs a library that is not installed.

    Raises:
        UsageError: it can't be loaded.
    """
    try:
        import_module(name)
    except ImportError as error:
        key = f"team.needs_{extra}"
        raise UsageError(msg(key), hint=msg(f"{key}.hint")) from error


def new_team_settings(address: str) -> TeamSettings:
    """The settings of a team that begins at an address.

    Raises:
        UsageError: it is a server's, and no team can begin there by it.
    """
    if not is_server(address):
        from nippo_cli.carriers.folder import new_key

        return TeamSettings(absolute(address), new_key())
    server, _, place = address.partition("#")
    team, _, token = place.partition(".")
    if not team or len(token) != 2 * KEY_BYTES or not set(token) <= set(string.hexdigits):
        raise UsageError(msg("team.not_founding"), hint=msg("team.not_founding.hint"))
    return TeamSettings(f"{server}#{team}", bytes.fromhex(token))


def shown_address(address: str) -> str:
    """An address as anybody may see it: without a password, and without the team's place on the server."""
    if not is_server(address):
        return address
    scheme, _, rest = address.partition("://")
    place = re.split(r"[?#]", rest, maxsplit=1)[0]
    if "@" in rest[len(place) :]:
        # Behind the first colon a password may stand, which has the sign in it.
        return f"{scheme}://{place.partition(':')[0]}"
    who, at, where = place.rpartition("@")
    return f"{scheme}://{who.partition(':')[0]}{at}{where}"


def absolute(address: str) -> str:
    """An address whose folder is named from the root, so that it is the same from anywhere."""
    if not address.startswith(_FOLDER):
        return address
    return _FOLDER + str(Path(address.removeprefix(_FOLDER)).expanduser().absolute())
