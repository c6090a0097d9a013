"""A company's own form: an Excel workbook with marks, filled part by part in its package.

Rule: docs/forms.md
"""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.exchange.forms.filling import (
        FormContent as FormContent,
        FormValue as FormValue,
        fill as fill,
    )
    from nippo_cli.exchange.forms.form import (
        REFUSED as REFUSED,
        Form as Form,
        MarkedCell as MarkedCell,
        read_form as read_form,
    )
    from nippo_cli.exchange.forms.marks import (
        OWN as OWN,
        FormMark as FormMark,
        Vocabulary as Vocabulary,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "filling": "FormContent FormValue fill",
            "form": "REFUSED Form MarkedCell read_form",
            "marks": "OWN FormMark Vocabulary",
        },
    )
