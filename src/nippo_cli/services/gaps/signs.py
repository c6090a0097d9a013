"""The signs of deals: what the gaps that speak of single deals find of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from nippo_cli.gaps import KINDS, module_of, signs
from nippo_cli.journal.facts import DealGapFacts
from nippo_cli.line.facts import AsOf, DealSummary
from nippo_cli.results.deal_status import Sign
from nippo_cli.services.context import DEFAULT_SINCE, begins

if TYPE_CHECKING:
    from nippo_cli.gaps.finding import Findings
    from nippo_cli.journal.read import JournalReader


def signs_of(findings: "Mapping[str, Findings]", deals: Collection[int]) -> dict[int, list[Sign]]:
    """The signs of each of these deals, the gravest first."""
    of_deals: defaultdict[int, list[Sign]] = defaultdict(list)
    for kind in signs():
        for one in findings[kind].findings if kind in findings else ():
            if one.deal in deals:
                of_deals[one.deal].append(Sign(kind, one))
    return of_deals


def signs_of_deal(reader: "JournalReader", as_of: AsOf, head: DealSummary) -> list[Sign]:
    """What the gaps find of one deal, the gravest first. Those that can find nothing are not loaded."""
    facts = DealGapFacts(reader, as_of, begins(reader, as_of, DEFAULT_SINCE), head)
    sold = head.fate == "won" or reader.may_be_sold(as_of, head.id)
    asked = [kind for kind in signs() if KINDS[kind].finds_of(head.fate, sold=sold)]
    return signs_of({kind: module_of(kind).find(facts) for kind in asked}, {head.id}).get(head.id, [])
