"""What a gap finds of a deal, as other pages show it."""

from __future__ import annotations

from typing import Any

from nippo_cli.base.frozen import NamedTuple


class Sign(NamedTuple):
    """A gap's finding (`gaps.finding.Finding`) about a deal."""

    kind: str
    found: Any
