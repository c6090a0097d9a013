"""A single entry of an import, as a test says it; nippo has them side by side."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from nippo_cli.line.entry_drafts import EntryDrafts


class EntryDraft(NamedTuple):
    """One of `EntryDrafts`, with the values that it fills in."""

    on: date
    known_on: date
    author: str
    deal_name: str | None
    values: Mapping[str, Any]
    source_key: str | None = None
    incomplete: bool = False
    snapshot: bool = False


def alone(draft: EntryDraft) -> EntryDrafts:
    """A single draft as an import hands over many."""
    return EntryDrafts(
        on=[draft.on],
        known_on=[draft.known_on],
        author=[draft.author],
        deal_name=[draft.deal_name],
        source_key=[draft.source_key],
        deal_key=[None],
        owner=[None],
        incomplete=[draft.incomplete],
        snapshot=[draft.snapshot],
        values={key: [value] for key, value in sorted(draft.values.items())},
        texts={key: [_text(key, value)] for key, value in sorted(draft.values.items())},
        filled=[(True,) * len(draft.values)],
    )


def one_by_one(drafts: EntryDrafts) -> list[EntryDraft]:
    """Drafts, each for itself."""
    rest = zip(
        drafts.on,
        drafts.known_on,
        drafts.author,
        drafts.deal_name,
        drafts.source_key,
        drafts.incomplete,
        drafts.snapshot,
        strict=True,
    )
    return [
        EntryDraft(
            on, known_on, author, deal,
            {key: column[place] for key, column in drafts.values.items() if column[place] is not None}, key, incomplete,
            snapshot,
        )
        for place, (on, known_on, author, deal, key, incomplete, snapshot) in enumerate(rest)
    ]  # fmt: skip


def _text(key: str, value: Any) -> str:
    return json.dumps({key: value}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)[1:-1]
