"""Which deals a question is about: as a condition for rows, and as a test for heads that were built again."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypedDict

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key, same_person
from nippo_cli.line.facts import DealSummary

# Every spelling of an owner: they are few, whatever the number of deals.
_OWNED = "owner in (select owner from (select distinct owner from deal) where person_key(owner) = person_key(:owner))"
# A site's name is matched as a person's is: blanks are left out as often as not.
_AT_SITE = "site in (select site from (select distinct site from deal) where person_key(site) = person_key(:site))"


class DealScope(TypedDict, total=False):
    """Which deals a reader is asked for, by the names of its arguments; None is all. A customer and who is billed are any spelling that
    folds to the same."""

    owner: str | None
    customer: str | None
    stage: str | None
    billed_to: str | None
    site: str | None


class DealFilter(NamedTuple):
    """Deals; None is all. `live` is neither won nor lost; an owner, a customer and who is billed are theirs in any spelling, a
    site but for its blanks; `closed_since` the first day on which a deal may have been closed."""

    live: bool | None = None
    owner: str | None = None
    customer: str | None = None
    stage: str | None = None
    fate: str | None = None
    closed_since: date | None = None
    billed_to: str | None = None
    site: str | None = None

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
        for column, whose in (("customer", self.customer), ("billed_to", self.billed_to)):
            if whose is not None:
                clauses.append(f"{column} in (select value from json_each(:{column}_spelled))")
                params[f"{column}_spelled"] = json.dumps(list(spelled(whose)), ensure_ascii=False)
        if self.site is not None:
            clauses.append(_AT_SITE)
            params["site"] = self.site
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
            and (self.billed_to is None or same(head.billed_to, self.billed_to))
            and (self.site is None or person_key(head.site) == person_key(self.site))
            and (self.stage is None or head.stage == self.stage)
            and (self.fate is None or head.fate == self.fate)
            and (self.closed_since is None or (head.closed_on is not None and head.closed_on >= self.closed_since))
        )
