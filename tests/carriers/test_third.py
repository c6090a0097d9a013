"""A third carrier, as docs/carriers.md has an outsider write one: a store of objects, by the page and its suite alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from conformance import Conformance

from nippo_cli.carriers.carrier import Carrier, DeviceKey, Fork, Gap, Portion, PublishedHead


class ObjectStore:
    """What an object store offers: put, get and list by key; here one for each folder, within this process."""

    stores: dict[Path, dict[str, bytes]] = {}  # noqa: RUF012  the service's, not an object's

    def __init__(self, place: Path) -> None:
        self._objects = self.stores.setdefault(place, {})

    def put(self, key: str, content: bytes) -> None:
        """Put an object there, or another in its place."""
        self._objects[key] = content

    def get(self, key: str) -> bytes:
        """An object."""
        return self._objects[key]

    def keys(self, prefix: str) -> list[str]:
        """What is there, in the order of the keys."""
        return sorted(key for key in self._objects if key.startswith(prefix))


class ObjectCarrier:
    """An object a portion, under `<id>/<first>`: what it is about on its first line, then the records."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def heads(self) -> list[PublishedHead]:
        """From the last portion of each device."""
        heads = []
        for device in dict.fromkeys(key.partition("/")[0] for key in self._store.keys("")):
            portions = [*self.fetch(device, 0)]
            erased = sum(line.endswith(b'"body":null}') for portion in portions for line in portion.records)
            last = portions[-1]
            heads.append(PublishedHead(device, last.last, last.head, last.device.name, erased))
        return heads

    def fetch(self, device: str, after: int) -> Iterator[Portion]:
        """Those that reach beyond the number."""
        for key in self._store.keys(f"{device}/"):
            portion = self._portion(key)
            if portion.last > after:
                yield portion

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
        """One object."""
        del erased
        there = [line for portion in self.fetch(device.id, 0) for line in portion.records]
        if after > len(there):
            raise Gap(f"{device.name}-{after}")
        if any(_hash(old) != _hash(new) for old, new in zip(there[after:], records, strict=False)):
            raise Fork(f"{device.name}-{after + 1}")
        if after + len(records) > len(there):
            self._put(Portion(device, len(there) + 1, head, whole_to, tuple(records[len(there) - after :])))

    def erase(self, device: DeviceKey, records: Mapping[int, bytes]) -> None:
        """Each portion anew in its place."""
        for portion in [*self.fetch(device.id, 0)]:
            lines = [records.get(n, line) for n, line in enumerate(portion.records, portion.first)]
            self._put(portion._replace(records=tuple(lines)))

    def _portion(self, key: str) -> Portion:
        said, *lines = self._store.get(key).split(b"\n")
        device, first, head, whole_to = json.loads(said)
        return Portion(DeviceKey(*device), first, bytes.fromhex(head), whole_to, tuple(lines))

    def _put(self, portion: Portion) -> None:
        said = json.dumps([portion.device, portion.first, portion.head.hex(), portion.whole_to]).encode()
        self._store.put(f"{portion.device.id}/{portion.first:012}", b"\n".join([said, *portion.records]))


def _hash(line: bytes) -> str:
    return str(json.loads(line)["hash"])


class TestObjects(Conformance):
    """What every carrier keeps to."""

    def open(self, place: Path) -> Carrier:
        """Each time as another machine."""
        return ObjectCarrier(ObjectStore(place))
