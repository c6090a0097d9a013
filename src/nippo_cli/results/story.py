"""A finished deal told as a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.lessons.anonymize import NamesToHide
    from nippo_cli.lessons.story import FirstSign
    from nippo_cli.results.deals import DealPage, Precedents


class StoryPage(NamedTuple):
    """`nippo deal story`: the whole line of a finished deal, impressions left out unless they were asked for.

    `ended_on` closed it, or is the day on which its silence passed the quiet limit; `signs` the first of each kind before
    that; `steps` counts dated next steps by what became of them; `reasons` (by key), `competitor` and `customer_words` are
    what was last stated. `names` is who may stand in it, for a story that names nobody; None where it names all.
    """

    of: DealPage
    ended_on: date
    signs: Sequence[FirstSign]
    steps: Counter[str]
    reasons: Sequence[str]
    competitor: str
    customer_words: str
    own_view: str
    precedents: Precedents | None
    names: NamesToHide | None = None
