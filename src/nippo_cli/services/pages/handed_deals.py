"""Which deals went from one owner to another since a member last looked, and who left the team."""

from collections import defaultdict
from typing import TYPE_CHECKING

from nippo_cli.base.persons import person_key, same_person
from nippo_cli.journal.read import left_within, new_handings
from nippo_cli.results.news import HandedDeals, HandedTo

if TYPE_CHECKING:
    from collections.abc import Collection

    from nippo_cli.journal.read import Bounds, JournalReader
    from nippo_cli.line.facts import AsOf, DealRef
    from nippo_cli.services.context import Me


def handed_deals(reader: "JournalReader", as_of: "AsOf", me: "Me", bounds: "Collection[Bounds]") -> list[HandedDeals]:
    """What others handed over within the bounds: to the reader, or of theirs; of who left all of it, and so for a lead. Who left
    comes first, and the reader's own before the others'."""
    there, left = reader.past(as_of), left_within(reader.cx, bounds)
    named_alike = {person_key(name): name for name in left}
    handed: defaultdict[tuple[str, str], dict[int, DealRef]] = defaultdict(dict)
    for one in new_handings(there, bounds, me.name):
        tag, giver = there.ref(one.deal), named_alike.get(person_key(one.giver), one.giver)
        concerns = me.is_lead or giver in left or any(same_person(name, me.name) for name in (giver, one.taker))
        if tag is not None and concerns:
            handed[giver, one.taker][one.deal] = tag
    for name in left:
        # Whoever left knows it.
        if not same_person(name, me.name) and not any(giver == name for giver, _ in handed):
            handed[name, ""] = {}
    # Of several to whom the deals of one went, the first row says that they left.
    named = set[str]()
    rows = []
    for giver, taker in sorted(handed, key=lambda of: (of[0] not in left, not same_person(of[1], me.name), of)):
        whose: HandedTo = "taken" if same_person(taker, me.name) else "given" if same_person(giver, me.name) else "told"
        rows.append(
            HandedDeals(giver, taker, list(handed[giver, taker].values()), whose, giver in left and giver not in named)
        )
        named.add(giver)
    return rows
