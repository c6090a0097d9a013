"""The statements behind what was promised for a month."""

from typing import Final

# Deals on hold on a day, of the holds as they stand now that were known on it.
HELD: Final = """
select h.deal from hold h join record r on r.id = h.id
where h.first <= :on and h.last >= :on and r.known_on <= :known
"""
