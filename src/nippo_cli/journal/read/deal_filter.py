"""Which deals a question is about: as a condition for rows, and as a test for heads that were built again."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import same_person
from nippo_cli.line.facts import DealSummary

# Every spelling of an owner: they are few, whatever the number of deals.
_OWNED = "owner in (select owner from (select distinct owner from deal) where person_key(owner) = person_key(:owner))"


class DealFilter(NamedTuple):
    """Deals; None is all. `live` is neither won nor lost; an owner and a customer are theirs in any spelling; `closed_since`
    the first day on which a deal may have been closed."""

    live: bool | None = None
    owner: str | None = None
    customer: str | None = None
    stage: str | None = None
    fate: str | None = None
    closed_since: date | None = None

    def where(self, spelled: Callable[[str], Iterable[str]]) -> tuple[str, dict[str, Any]]:
        """The condition on rows of `deal`, and what is bound in it.

        Args:
            spelled: every spelling of a customer.
        """
        clauses, params = ["true"], dict[str, Any]()
        if self.live is not None:
            clauses.append("fate = 'live'" if self.live else "fate <> 'live'")
        if self.owner is not None:
            clauses.append(_OWNED)
            params["owner"] = self.owner
        for name, said in (("stage", self.stage), ("fate", self.fate)):
            if said is not None:
                clauses.append(f"{name} = :{name}")
                params[name] = said
        if self.customer is not None:
            clauses.append("customer in (select value from json_each(:spelled))")
            params["spelled"] = json.dumps(list(spelled(self.customer)), ensure_ascii=False)
        if self.closed_since is not None:
            clauses.append("closed_on >= :closed_since")
            params["closed_since"] = self.closed_since.isoformat()
        return " and ".join(clauses), params

    def matches(self, head: DealSummary, same: Callable[[str, str], bool]) -> bool:
        """Whether a head is one of them. `same` says whether two names are one customer's."""
        return (
            (self.live is None or (head.fate == "live") == self.live)
            and (self.owner is None or same_person(head.owner, self.owner))
            and (self.customer is None or same(head.customer, self.customer))
            and (self.stage is None or head.stage == self.stage)
            and (self.fate is None or head.fate == self.fate)
            and (self.closed_since is None or (head.closed_on is not None and head.closed_on >= self.closed_since))
        )
