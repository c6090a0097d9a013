"""One run of the command line: the first look, Typer, the shared options, errors, exit codes."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.cli.frame.app import (
        AddCommand as AddCommand,
        AnswerCommand as AnswerCommand,
        CareCommand as CareCommand,
        FolderCommand as FolderCommand,
        NippoCommand as NippoCommand,
        WithSubcommands as WithSubcommands,
        WriteCommand as WriteCommand,
        command as command,
    )
    from nippo_cli.cli.frame.context import (
        CliContext as CliContext,
        context_of as context_of,
    )
    from nippo_cli.cli.frame.early_args import (
        the_args as the_args,
    )
    from nippo_cli.cli.frame.editor import (
        edit_file as edit_file,
        edit_text as edit_text,
        has_editor as has_editor,
        saved_text as saved_text,
    )
    from nippo_cli.cli.frame.failure import (
        explain as explain,
    )
    from nippo_cli.cli.frame.mail import (
        ask_for_mail as ask_for_mail,
        put_mail as put_mail,
    )
    from nippo_cli.cli.frame.out import (
        AnswerLost as AnswerLost,
    )
    from nippo_cli.cli.frame.params import (
        AtSite as AtSite,
        AtStage as AtStage,
        BilledTo as BilledTo,
        By as By,
        ChangeCustomer as ChangeCustomer,
        Customer as Customer,
        Deal as Deal,
        Deals as Deals,
        EntryId as EntryId,
        Later as Later,
        NewDay as NewDay,
        NewDeal as NewDeal,
        OfDay as OfDay,
        On as On,
        Owner as Owner,
        Since as Since,
        Until as Until,
        WhyText as WhyText,
        days as days,
        number as number,
    )
    from nippo_cli.cli.frame.progress import (
        check_progress as check_progress,
        row_progress as row_progress,
        waiting as waiting,
    )
    from nippo_cli.cli.frame.prompts import (
        columns as columns,
        completed as completed,
        line as line,
        numbered as numbered,
        one_key as one_key,
        tell as tell,
        yes as yes,
    )
    from nippo_cli.cli.frame.schema_options import (
        options_of as options_of,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "app": "AddCommand AnswerCommand CareCommand FolderCommand NippoCommand WithSubcommands WriteCommand command",
            "context": "CliContext context_of",
            "early_args": "the_args",
            "editor": "edit_file edit_text has_editor saved_text",
            "failure": "explain",
            "mail": "ask_for_mail put_mail",
            "out": "AnswerLost",
            "params": "BilledTo By ChangeCustomer Customer Deal Deals EntryId Later NewDay NewDeal OfDay On Owner Since "
            "AtSite AtStage Until WhyText days number",
            "prompts": "columns completed line numbered one_key tell yes",
            "progress": "check_progress row_progress waiting",
            "schema_options": "options_of",
        },
    )
