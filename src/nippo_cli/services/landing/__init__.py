"""The use cases of the landing."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.services.landing.declaring import (
        declare as declare,
    )
    from nippo_cli.services.landing.page import (
        LandingQuery as LandingQuery,
        landing as landing,
        landing_of as landing_of,
    )
else:
    __getattr__ = face(__name__, {"declaring": "declare", "page": "LandingQuery landing landing_of"})
