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
    from nippo_cli.services.gaps.whole import (
        whole_of as whole_of,
        whole_page as whole_page,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "compare": "compared",
            "kind": "gap_facts page",
            "signs": "signs_of_deal",
            "whole": "whole_of whole_page",
        },
    )
