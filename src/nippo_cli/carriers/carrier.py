"""What carries a team's records from one journal to another: the protocol that each carrier keeps to.

Which records there are, a device's numbers say: from 1, without a gap. A carrier keeps lines of bytes under them and changes none,
unless it is told that one was erased. It needs no order among devices, and no lock: each device's records come from that device,
or, if they were lost, from whoever holds them. docs/carriers.md says more, and how to write another.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

from nippo_cli.base.frozen import NamedTuple

# Of a team's key, and of a device's token.
KEY_BYTES: Final = 32


class CarrierError(Exception):
    """The carrier can't be reached, or refuses; `args[0]` says why, in the system's words."""


class Unavailable(CarrierError):
    """The carrier can't be reached, or refuses, and it is known why.

    Args:
        key: of the message that says why.
        said: the system's words.
    """

    def __init__(self, key: str, said: str) -> None:
        super().__init__(said)
        self.key = key


class BadAddress(Unavailable):
    """No place can be reached by this address: it can't be read."""


class DeviceNameTaken(Unavailable):
    """Another device of the team has the name."""


class NotAllowed(CarrierError):
    """Who asks has no right to it: to another device's records, or to what only a lead does."""


class WrongRole(CarrierError):
    """A record is of a kind that this role does not write; `args[0]` is its number."""


class Ahead(CarrierError):
    """A record is dated more than a day ahead; `args[0]` is its number."""


class Gap(CarrierError):
    """Records were offered behind a number that is not there yet."""


class Fork(CarrierError):
    """Another record was published under the same number."""


class Unreadable(CarrierError):
    """What is there can't be read: cut, not all there yet, or written under another key. `args[0]` names it."""


def short_id(device: str) -> str:
    """The first eight letters of a random id: as much as every carrier shows of it."""
    return device.removeprefix("2-")[:8]


class DeviceKey(NamedTuple):
    """A device of the team: its random id, its short name, when it began (an instant as the log writes it)."""

    id: str
    name: str
    began_at: str


class PublishedHead(NamedTuple):
    """Up to which number a device's records are there, without a gap; of the running head at that number (SHA-256) at least the
    first four bytes. `device` is its random id, or as much of it as this carrier shows before a portion is fetched: at least its
    first eight letters behind the mark `2-`. `name` is its short name; `erased` of how many of its records the line was published
    without its body, or put in place of that which had it."""

    device: str
    number: int
    head: bytes
    name: str = ""
    erased: int = 0


class Portion(NamedTuple):
    """Records of one device, as lines, from the number `first` on; `head` is the running head at their last number, and
    `whole_to` the last number that ends a command."""

    device: DeviceKey
    first: int
    head: bytes
    whole_to: int
    records: tuple[bytes, ...]

    @property
    def last(self) -> int:
        """The number of its last record."""
        return self.first + len(self.records) - 1


class Carrier(Protocol):
    """Where a team's records are published.

    Raises, all of them:
        CarrierError: it can't be reached, or refuses.
    """

    def heads(self) -> Sequence[PublishedHead]:
        """How far the records of each device are there."""

    def fetch(self, device: str, after: int) -> Iterable[Portion]:
        """The records of a device behind a number, in their order; the first portion may begin before it. They end where one
        can't be read yet.

        Args:
            device: its random id, or what `heads` has called it.

        Raises:
            Unreadable: the very next one can't.
        """

    def append(
        self,
        device: DeviceKey,
        after: int,
        head: bytes,
        records: Sequence[bytes],
        whole_to: int,
        *,
        erased: int = 0,
    ) -> None:
        """Publish the records behind a number; on the carrier for good when it returns.

        Args:
            head: the running head at the last of them.
            erased: how many of them are without their bodies.

        Raises:
            Gap: the one at `after` is not there. Fork: others are there in their place. NotAllowed: they are another device's,
            and who asks gives none back. WrongRole, Ahead: one is not taken, and nothing of them is.
        """

    def erase(self, device: DeviceKey, records: Mapping[int, bytes]) -> None:
        """Put lines without their bodies in place of those that had them. What is not there is passed over.

        Args:
            records: by number, all of the device's that are without.
        """


@runtime_checkable
class Mendable(Protocol):
    """A carrier whose content others can reach, and damage."""

    def damaged(self, device: str) -> Portion | None:
        """A portion that is not what was put there, without its records; one is looked at each time, more often one of this device.

        Raises:
            Unavailable: nothing can be read there, so that nothing is to be put there either.
        """

    def put_back(self, portion: Portion, erased: int) -> None:
        """Put a portion in place of one that is damaged.

        Args:
            erased: how many of its records are without their bodies.
        """

    def withdraw(self, device: str) -> None:
        """Take away all that a device published under a name that is another's: its records are there under other numbers by now.

        Args:
            device: what `heads` has called it.
        """


@runtime_checkable
class Gated(Protocol):
    """A carrier that knows each device by a token of its own."""

    def begin(self, name: str, member: str) -> None:
        """Begin a team: whoever asks becomes its first device.

        Args:
            name: the device's short name.
            member: whose it is.

        Raises:
            CarrierError: it has begun, or can't be reached.
        """

    def invite(self, name: str, member: str, role: str, token: bytes | None = None) -> bytes:
        """A token for a new device of a member's.

        Args:
            token: is to be this one, of `KEY_BYTES`: so that it can be asked for once more where nobody knows whether it was given.

        Raises:
            NotAllowed: who asks is no lead, and it is another member's. DeviceNameTaken: another device has the name. CarrierError: it
                can't be reached.
        """

    def another(self, name: str) -> bytes:
        """A token for a device as which a journal goes on: of the same member, with the same role.

        Raises:
            DeviceNameTaken: another device has the name. CarrierError: it can't be reached.
        """

    def revoke(self, name: str) -> None:
        """Take a device's token away: it publishes and fetches nothing from now on.

        Raises:
            NotAllowed: who asks is no lead, and it is another member's. CarrierError: it can't be reached.
        """
