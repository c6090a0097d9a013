"""`nippo add` on a terminal: the questions of a report, one by one."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.cli.add.correction import (
        correct as correct,
    )
    from nippo_cli.cli.add.resuming import (
        resume_draft as resume_draft,
    )
    from nippo_cli.cli.add.schema_questions import (
        ask_schema as ask_schema,
        given_back as given_back,
        template_text as template_text,
    )
    from nippo_cli.cli.add.stage_questions import (
        ask_terms as ask_terms,
        read_terms as read_terms,
    )
    from nippo_cli.cli.add.start import (
        can_converse as can_converse,
        write_reports as write_reports,
    )
    from nippo_cli.cli.add.whole_report import (
        write_form as write_form,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "correction": "correct",
            "resuming": "resume_draft",
            "schema_questions": "ask_schema given_back template_text",
            "stage_questions": "ask_terms read_terms",
            "start": "can_converse write_reports",
            "whole_report": "write_form",
        },
    )
