"""What a deal already has when a row of an import speaks of it, so that it need not be said again in each."""

from collections.abc import Callable, Mapping
from typing import Any

from nippo_cli.schema.agreement import Agreement

Known = Callable[[str], Mapping[str, object]]


class Standing:
    """What earlier rows of the file, and the journal before it, say of each deal.

    Only fields that may be required, that have a default or that decide what is required are kept: most schemas
    have one or two. `keys` names them; `deals` holds their values by deal, in that order, None where there is none.
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
        self.deals: dict[str, tuple[Any, ...]] = {}

    def had(self, deal: str) -> tuple[Any, ...]:
        """What the deal has, in the order of `keys`; None where it has none."""
        found = self.deals.get(deal)
        if found is None:
            said = self._of_journal(deal) if self._of_journal else {}
            found = self.deals[deal] = tuple(map(said.get, self.keys))
        return found

    def situation(self, deal: str) -> tuple[object, ...]:
        """What the deal has, as far as it decides what a row must say: its kind, and of the others which."""
        had = self.had(deal)
        kind = self._kind_at
        return (*map(bool, had), had[kind] if kind is not None else None)

    def known(self, deal: str) -> Mapping[str, Any]:
        """What the deal has, by field key."""
        if not deal:
            return {}
        return {key: had for key, had in zip(self.keys, self.had(deal), strict=True) if had}

    def keep(self, deal: str, said: tuple[Any, ...]) -> None:
        """Remember what a row that is taken says of its deal."""
        if None in said:
            had = self.had(deal)
            # A list: a generator takes twice as long for so few.
            said = tuple([before if own is None else own for own, before in zip(said, had, strict=True)])
        self.deals[deal] = said
