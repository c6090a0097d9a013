"""What a deal already has when a row of an import speaks of it, so that it need not be said again in each."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from nippo_cli.schema.agreement import Agreement

Known = Callable[[str], Mapping[str, object]]
_Had: TypeAlias = tuple[Any, ...]
# What a deal has, in the order of `Standing.fields`; as much of that as decides what a row must say, its kind and of the
# others which; and what its last row said.
Stands: TypeAlias = tuple[_Had, _Had, _Had]


class Standing(dict[str, Stands]):
    """What earlier rows of the file, and the journal before it, say of each deal, by its name.

    Only fields that may be required, that have a default or that decide what is required are kept: most schemas
    have one or two. `fields` are their keys.
    """

    def __init__(self, agreement: Agreement, of_journal: Known | None = None) -> None:
        super().__init__()
        kind = agreement.key("kind")
        carried = {agreement.key(role) for role in ("customer", "kind", "amount", "closes", "confidence")}
        self.fields = tuple(
            f.key
            for f in agreement.fields
            if f.key in carried and (f.key == kind or f.required or f.required_when or f.default is not None)
        )
        self._kind_at = self.fields.index(kind) if kind in self.fields else None
        self._of_journal = of_journal
        # There are few situations and very many deals.
        self._situations: dict[_Had, _Had] = {}

    def __missing__(self, deal: str) -> Stands:
        of_journal = self._of_journal(deal) if self._of_journal else {}
        has = tuple(map(of_journal.get, self.fields))
        found = self[deal] = has, self._situation(has), ()
        return found

    def known(self, deal: str) -> Mapping[str, Any]:
        """What the deal has, by field key."""
        if not deal:
            return {}
        return {key: value for key, value in zip(self.fields, self[deal][0], strict=True) if value}

    def keep(self, deal: str, said: _Had) -> None:
        """Remember what a row that is taken says of its deal, in the order of `fields`; None is nothing said."""
        before, situation, _ = self[deal]
        has = said
        if None in said:
            # A list: a generator takes twice as long for so few.
            has = tuple([had if own is None else own for own, had in zip(said, before, strict=True)])
        self[deal] = has, situation if has == before else self._situation(has), said

    def _situation(self, has: _Had) -> _Had:
        kind = self._kind_at
        found = (*map(bool, has), has[kind] if kind is not None else None)
        return self._situations.setdefault(found, found)
