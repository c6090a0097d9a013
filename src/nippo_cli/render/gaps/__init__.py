"""The pages of the gaps, a module a kind."""

from typing import TYPE_CHECKING

from nippo_cli.base.faces import face

if TYPE_CHECKING:
    from nippo_cli.render.gaps.page import (
        left_out as left_out,
        no_deals as no_deals,
        pair as pair,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "page": "left_out no_deals pair",
        },
    )
