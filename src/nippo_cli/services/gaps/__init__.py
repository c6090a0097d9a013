"""What the diary says against what happened."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.gaps.compare import (
        compared as compared,
    )
    from nippo_cli.services.gaps.kind import (
        gap_facts as gap_facts,
        page as page,
    )
    from nippo_cli.services.gaps.signs import (
        signs_of_deal as signs_of_deal,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "compare": "compared",
            "kind": "gap_facts page",
            "signs": "signs_of_deal",
        },
    )
