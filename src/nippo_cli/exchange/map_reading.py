"""YAML → `ImportMap`: strict, every problem at once, each with its line and the keys that are allowed."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from nippo_cli.base.errors import Problem, msg
from nippo_cli.exchange.column_reading import MapReading
from nippo_cli.exchange.mapping import CHANGED, ColumnRef, EntryMap, ImportMap, map_refused, read_text
from nippo_cli.exchange.tree import Branch, Listing, Tree, read_tree

_SHARED = ("on", "known_on", "deal", "owner", "author", "incomplete", "snapshot", "fields")
_TOP = (
    "source",
    "file",
    "empty",
    "defused",
    "key",
    "skip_when",
    "rows",
    "totals",
    "customer",
    "changed",
    "required",
    "goes_on",
    *_SHARED,
    "entries",
)
_ENTRY = ("part", "when", "dated", *_SHARED)
_Shared: TypeAlias = Literal["on", "known_on", "owner", "author", "incomplete", "snapshot"]


def read_map(text: str, file: str, problems: list[Problem]) -> ImportMap | None:
    """The map, as far as it can be read; what is wrong is added to `problems`."""
    root = read_tree(text, file, problems)
    if root is None:
        return None
    return _EntryMapReading(file, problems).map(root)


def load_map(text: str, file: str) -> ImportMap:
    """Read a map.

    Raises:
        MapRefused: with every problem of it, each with its line.
    """
    problems: list[Problem] = []
    import_map = read_map(text, file, problems)
    if problems or import_map is None:
        raise map_refused(file, problems)
    return import_map


def load_map_file(path: Path) -> ImportMap:
    """Read a map from its file, which is UTF-8.

    Raises:
        NotFound: there is no such file.
        MapRefused: it can't be read, or has problems.
    """
    return load_map(read_text(path), str(path))


class _EntryMapReading(MapReading):
    """One reading of a map of entries."""

    def map(self, root: Tree) -> ImportMap | None:
        top = self._branch(root, "", _TOP)
        if top is None:
            return None
        source = self._text(top.get("source"), "source")
        if not source:
            self._wrong("source", top.line, "", msg("exchange.map.source_needed"))
        import_map = ImportMap(
            file=self._file,
            source=source,
            key=self._key(top.get("key")),
            skip_when=self._rules(top.get("skip_when"), "skip_when"),
            entries=tuple(self._entries(top)),
            opened_by=self._file_options(top.get("file")),
            empty=frozenset(self._texts(top.get("empty"), "empty")),
            defused=self._flag(top.get("defused"), "defused"),
            first_only=self._first_only(top, "key"),
            keeps_totals=self._one_word(top.get("totals"), "totals", "keep"),
            # Which column the customer is in stands under `fields`.
            changes_customer=self._one_word(top.get("customer"), "customer", "change", msg("exchange.map.customer")),
            ignores_required=self._one_word(top.get("required"), "required", "ignore"),
            changed=self._changed(top.get("changed"), CHANGED),
            goes_on=self._columns(top.get("goes_on"), "goes_on"),
        )
        picks = [pick for entry in import_map.entries for pick in entry.picks()]
        self._check_empty(import_map.empty, picks, (import_map.skip_when, *(e.when for e in import_map.entries)))
        return import_map

    def _entries(self, top: Branch) -> Iterable[EntryMap]:
        """The entries that a row makes: those listed under `entries`, or the one that the map's own keys say."""
        tree = top.get("entries")
        if tree is None:
            return [self._entry(top, top, "", "1")]
        parts = tree.items if isinstance(tree, Listing) else ()
        if not parts:
            self._wrong("entries", tree.line, "", msg("exchange.map.list_needed"))
        entries = []
        for place, part in enumerate(parts, start=1):
            name = f"entries[{place}]"
            branch = self._branch(part, name, _ENTRY)
            if branch is not None:
                entries.append(self._entry(top, branch, f"{name}.", str(place)))
        self._once(entries)
        return entries

    def _once(self, entries: Sequence[EntryMap]) -> None:
        parts: set[str] = set()
        for entry in entries:
            if entry.part in parts:
                self._wrong("part", entry.line, entry.part, msg("exchange.map.part_twice"))
            parts.add(entry.part)

    def _entry(self, top: Branch, own: Branch, name: str, place: str) -> EntryMap:
        """One entry of the map, from its own keys and, for what they leave out, from those above it."""
        fields = {**self._fields(top, "")} if own is not top else {}
        fields.update(self._fields(own, name))

        def shared(key: _Shared) -> ColumnRef | None:
            mine = own.get(key)
            return self._pick(mine, f"{name}{key}") if mine is not None else self._pick(top.get(key), key)

        on = shared("on")
        if on is None:
            self._wrong(f"{name}on", own.line, "", msg("exchange.map.on_needed"))
        deal, deal_key = self._deal(own.get("deal") or top.get("deal"), f"{name}deal")
        return EntryMap(
            part=self._text(own.get("part"), f"{name}part") or place,
            when=self._rules(own.get("when"), f"{name}when") if own is not top else (),
            on=on,
            known_on=shared("known_on"),
            deal=deal,
            deal_key=deal_key,
            owner=shared("owner"),
            author=shared("author"),
            incomplete=shared("incomplete"),
            snapshot=shared("snapshot"),
            fields=fields,
            line=own.line,
            dated_by_export=own is not top and self._one_word(own.get("dated"), f"{name}dated", "export"),
        )

    def _deal(self, tree: Tree | None, name: str) -> tuple[ColumnRef | None, ColumnRef | None]:
        """Where a deal's name comes from, and, where `key` says so, how its source knows it whatever its name."""
        if not isinstance(tree, Branch) or tree.get("key") is None:
            return self._pick(tree, name), None
        named = tree._replace(pairs=tuple(pair for pair in tree.pairs if pair[0] != "key"))
        return self._pick(named, name), self._key(tree.get("key"))

    def _fields(self, branch: Branch, name: str) -> Mapping[str, ColumnRef]:
        tree = branch.get("fields")
        if tree is None:
            return {}
        fields = self._branch(tree, f"{name}fields", None)
        picks = {key: self._pick(part, f"{name}fields.{key}") for key, _, part in fields.pairs} if fields else {}
        return {key: pick for key, pick in picks.items() if pick is not None}
