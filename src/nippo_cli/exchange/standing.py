"""What a deal already has when a row of an import speaks of it, so that it need not be said again in each."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from nippo_cli.schema.agreement import Agreement

Known = Callable[[str], Mapping[str, object]]
_Had: TypeAlias = tuple[Any, ...]


class Standing:
    """What earlier rows of the file, and the journal before it, say of each deal.

    Only fields that may be required, that have a default or that decide what is required are kept: most schemas
    have one or two. `keys` names them.
    """

    def __init__(self, agreement: Agreement, of_journal: Known | None = None) -> None:
        kind = agreement.key("kind")
        carried = {agreement.key(role) for role in ("customer", "kind", "amount", "closes", "confidence")}
        self.keys = tuple(
            f.key
            for f in agreement.fields
            if f.key in carried and (f.key == kind or f.required or f.required_when or f.default is not None)
        )
        self._kind_at = self.keys.index(kind) if kind in self.keys else None
        self._of_journal = of_journal
        # By deal: what it has, in the order of `keys`, and its situation.
        self._deals: dict[str, tuple[_Had, _Had]] = {}

    def situation(self, deal: str) -> _Had:
        """What the deal has, as far as it decides what a row must say: its kind, and of the others which."""
        return (self._deals.get(deal) or self._look_up(deal))[1]

    def known(self, deal: str) -> Mapping[str, Any]:
        """What the deal has, by field key."""
        if not deal:
            return {}
        has = (self._deals.get(deal) or self._look_up(deal))[0]
        return {key: value for key, value in zip(self.keys, has, strict=True) if value}

    def keep(self, deal: str, said: _Had) -> None:
        """Remember what a row that is taken says of its deal, in the order of `keys`; None is nothing said."""
        before = (self._deals.get(deal) or self._look_up(deal))[0] if None in said else ()
        if before:
            # A list: a generator takes twice as long for so few.
            said = tuple([had if own is None else own for own, had in zip(said, before, strict=True)])
        if said != before:
            self._deals[deal] = said, self._situation(said)

    def _look_up(self, deal: str) -> tuple[_Had, _Had]:
        of_journal = self._of_journal(deal) if self._of_journal else {}
        has = tuple(map(of_journal.get, self.keys))
        found = self._deals[deal] = has, self._situation(has)
        return found

    def _situation(self, has: _Had) -> _Had:
        kind = self._kind_at
        return (*map(bool, has), has[kind] if kind is not None else None)
