"""One run of the command line: its shared options, the workspace that they make, and where answers go."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from nippo_cli.base.errors import Message, NippoError, UsageError, msg
from nippo_cli.base.language import say
from nippo_cli.base.text import visible
from nippo_cli.cli.frame.clock import now
from nippo_cli.cli.frame.early_args import the_args
from nippo_cli.cli.frame.options import RunOptions
from nippo_cli.cli.frame.out import OutFile, OutFolder, endings, is_of_another, put, put_bytes, put_paged
from nippo_cli.render import draw
from nippo_cli.services import context

if TYPE_CHECKING:
    import typer

    from nippo_cli.exchange.mail_text import Attachment, MailDraft
    from nippo_cli.schema.schema import MailTerms
    from nippo_cli.services.context import Workspace

R = TypeVar("R")

# Formats that are handed on to people.
_FOR_PEOPLE = ("html", "xlsx", "eml")
_SHOWN_CHARACTERS = 20


class CliContext(RunOptions):
    """The shared options, the workspace that they ask for, and the file that its answers go to."""

    def __init__(self) -> None:
        self.fields: dict[str, object] = {}
        self._file: OutFile | None = None
        # Where an answer of several files goes.
        self.folder: OutFolder | None = None
        self._workspaces: list[Workspace] = []

    def look_ahead(self, reads: Iterable[str] = (), *, folders: bool = False) -> None:
        """Before any work: whether the answer can be drawn as asked for, and written where `-o` says.

        Args:
            reads: the files that the command reads, as typed.
            folders: the answer may be several files of a folder.

        Raises:
            UsageError: it can't, or is not to be.
        """
        # Whether there is such a format, limit, colour and box: what was written by then would stand behind a refusal.
        _ = self.format, self.screen, self._words, self._in_cp932
        if self.format == "xlsx" and self.output in (None, "-") and not self.makes_file:
            raise UsageError(msg("cli.xlsx_needs_file"), hint=msg("cli.xlsx_needs_file.hint"))
        if folders and self.output is not None and OutFolder.is_meant(self.output):
            self.usual = "html"
            if self.format != "html":
                raise UsageError(msg("cli.folder_of_html", said=self.format))
            self.folder = OutFolder(self.output, force=self.force)
        elif self.output is not None and self.output != "-":
            asked = self.format if (self.json or self.fmt) and not self.makes_file else None
            self._file = OutFile(self.output, asked, force=self.force, reads=reads)
            if not (asked or self.makes_file) and is_of_another(self.output):
                said = msg("cli.no_ending", said=self.output, allowed=endings())
                raise UsageError(said, hint=msg("cli.no_ending.hint"))

    def workspace(self, *, here: bool = False) -> "Workspace":
        """The workspace that these options ask for; `here` puts a journal into the current folder's `.nippo`."""
        workspace = context.Workspace(
            places=the_args().places_here() if here else the_args().places,
            now=now(),
            author=author(),
            machine_user=machine_user(),
            as_of_said=self.as_of,
            interactive=self.interactive,
            dry_run=self.dry_run,
        )
        self._workspaces.append(workspace)
        return workspace

    def start_sync(self) -> None:
        """Start the sync that a write of a team's journal, or the morning page, asked for; nobody waits for it."""
        due = next((one for one in self._workspaces if one.sync_due), None)
        if due is not None:
            from nippo_cli.services.team.starting import start_sync

            start_sync(due.places, "nippo_cli.cli.frame.unwatched_sync", self.notice)

    def show(self, result: object, workspace: "Workspace | None" = None) -> None:
        """Draw an answer on stdout, or into `-o FILE`; notices go to stderr.

        Raises:
            UsageError: `--with` names no field.
        """
        if self.format == "eml":
            from nippo_cli.exchange.mail_text import write

            self.put_file([write(self.mail_of(result, workspace or self.workspace()))])
            return
        result = self.handed_on(self.for_who_looks(result, workspace))
        if self.format == "xlsx":
            self._show_workbook(result, workspace)
            return
        drawn = draw.draw_in_pieces(
            result, fmt=self.format, screen=self.screen, words=self._words, head=self.file_head(result),
            between=self._cell_mark,
        )  # fmt: skip
        pieces = _first_drawn(drawn)
        said = list(workspace.notices) if workspace else []
        for notice in said:
            self.notice(notice)
        if self._pages() and self._file is None:
            put_paged(pieces, os.environ)
        else:
            self._put(pieces, self.format)
        # What was met while a long answer was read.
        for notice in workspace.notices if workspace else ():
            if notice not in said:
                said.append(notice)
                self.notice(notice)
        self._note_file()

    def for_who_looks(self, result: R, workspace: "Workspace | None") -> R:
        """The answer without what others wrote for themselves, or for who leads the team; a whole journal goes out as it is."""
        schema = the_args().schema
        if schema is None or workspace is None or self.is_whole or not schema.has_fields_for_some:
            return result
        return context.for_who_looks(workspace, schema, result)

    def handed_on(self, result: R, *, for_people: bool = False) -> R:
        """The answer without what stays out of files for people; a page of HTML, a workbook and a mail are such files, and whatever
        is said to be one."""
        schema = the_args().schema
        for_people = for_people or self.format in _FOR_PEOPLE
        if schema is None or self.is_whole or (not for_people and not self.with_fields):
            return result
        withheld = context.withheld_in(schema, self.with_fields or "", self.with_roles)
        return withheld.of(result) if for_people else result

    def file_head(self, result: object) -> str:
        """What stands above a page of HTML; nothing above any other."""
        return self.head_for_people(result) if self.format == "html" else ""

    @staticmethod
    def head_for_people(result: object) -> str:
        """That a page is for the company alone, the day that it is of, the journal; of one that names nobody no journal, which may be
        called by the company's name."""
        day = getattr(result, "as_of", None) or now().date()
        journal = the_args().places.name if getattr(result, "names", None) is None else ""
        return say(msg("html.head", day=day.isoformat(), journal=journal)).rstrip()

    def hand_out(self, pieces: Iterable[str], fmt: str) -> None:
        """Write an answer that is one format's own, to stdout or into `-o FILE`.

        Raises:
            UsageError: it is asked for in another format, or the file's ending is another's.
        """
        if self.format not in (fmt, "table") or (self.fmt or "") not in ("", fmt):
            raise UsageError(msg("cli.only_format", said=self.format, allowed=fmt))
        drawn = _first_drawn(iter(pieces))
        if self._file is not None and self._file.is_packed:
            from nippo_cli.exchange.xes_text import packed

            self._file.put_bytes(packed(drawn))
        else:
            self._put(drawn, fmt)
        self._note_file()

    def hand_over(self, content: bytes, result: object, workspace: "Workspace") -> None:
        """Write a file that the command made to `-o`, and show what became of it."""
        self.put_file([content])
        self.end_file()
        self.show(result, workspace)

    def put_file(self, pieces: Iterable[bytes]) -> None:
        """Write a file as it is, to `-o` or to stdout."""
        if self._file is not None:
            self._file.put_bytes(pieces, behind=False)
        else:
            put_bytes(pieces)
        self._note_file()

    def end_file(self) -> None:
        """What is shown from now on goes to stdout."""
        self._file = self.output = None

    def mail_of(
        self, result: object, workspace: "Workspace", attachments: "Sequence[Attachment] | None" = None
    ) -> "MailDraft":
        """An answer as a mail, without what stays out of files; notices go to stderr.

        Args:
            attachments: what goes with it; the answer as a workbook where None.
        """
        from pathlib import Path

        from nippo_cli.exchange.mail_text import Attachment
        from nippo_cli.services.pages.mailing import draft_of

        result = self.handed_on(self.for_who_looks(result, workspace), for_people=True)
        if attachments is None:
            name = Path(self.output).stem if self.output not in (None, "-") else ""
            attached = Attachment(
                f"{name or draw.title_of(result) or 'nippo'}.{self.mailed_as}", self._attached(result)
            )
            attachments = [attached]
        draft = draft_of(workspace, result, self.mail_terms(), attachments, head=self.head_for_people(result))
        for notice in workspace.notices:
            self.notice(notice)
        return draft

    def _attached(self, result: object) -> bytes:
        """An answer as the file that a mail of it brings."""
        if self.mailed_as == "html":
            head = self.head_for_people(result)
            pieces = draw.draw_in_pieces(result, fmt="html", screen=draw.Screen(), head=head)
            return "".join(pieces).encode("utf-8", "backslashreplace")
        words = draw.TableWords(the_args().schema)
        return b"".join(draw.draw_workbook(result, words=words, money=self.money, tell=self.notice))

    @staticmethod
    def mail_terms() -> "MailTerms":
        """`mail:` of the schema, of the file where that was edited."""
        try:
            return the_args().for_writing.mail
        except NippoError:
            from nippo_cli.schema.schema import MailTerms

            schema = the_args().schema
            return schema.mail if schema is not None else MailTerms()

    def _show_workbook(self, result: object, workspace: "Workspace | None") -> None:
        book = draw.draw_workbook(result, words=self._words, money=self.money, tell=self.notice)
        if self._file is not None:
            self._file.put_bytes(book, behind=False)
        for notice in workspace.notices if workspace else ():
            self.notice(notice)
        self._note_file()

    def _put(self, pieces: Iterable[str], fmt: str) -> None:
        """Send an answer out piece by piece, in CP932 where that is wanted; letters that it lacks are told afterwards."""
        if self._in_cp932:
            from collections import Counter

            from nippo_cli.base.cp932 import encoded

            lacking = Counter[str]()
            put_all = put_bytes if self._file is None else self._file.put_bytes
            put_all(encoded(pieces, lacking))
            if lacking:
                shown = "".join(char for char, _ in lacking.most_common(_SHOWN_CHARACTERS))
                self.notice(msg("cli.not_in_cp932", n=lacking.total(), characters=shown))
        elif self._file is not None:
            self._file.put(pieces, fmt)
        else:
            put(pieces)

    def _note_file(self) -> None:
        if self._file is not None:
            self.notice(msg("cli.wrote_file", path=self.output))

    def tell(self, messages: Iterable[Message]) -> None:
        """Words of a guided tour, on stdout between its pages."""
        for message in messages:
            sys.stdout.write("\n" + draw.draw_page(draw.Page([draw.Prose(say(message))]), self.screen))

    def offer(self, commands: Iterable[tuple[Message, str]]) -> None:
        """Commands that a person may type next, each under what it does."""
        for does, command in commands:
            sys.stdout.write(f"  {visible(say(does))}\n    {visible(command)}\n")

    def notice(self, message: Message) -> None:
        """One line to stderr."""
        sys.stderr.write(visible(say(message)) + "\n")

    def _pages(self) -> bool:
        """Whether a pager may show an answer: only on a terminal where a person may turn its pages."""
        return not self.no_pager and sys.stdout.isatty() and self.interactive


def _first_drawn(pieces: Iterator[str]) -> Iterator[str]:
    """The same, its first piece drawn: what can't be drawn at all says so before anything is written."""
    first = next(pieces, "")
    return chain((first,), pieces) if first else pieces


def context_of(ctx: "typer.Context") -> CliContext:
    """What this run was asked for."""
    return ctx.ensure_object(CliContext)


def author() -> str:
    """Who writes, where the environment says; else empty.

    Raises:
        UnreadableSetting: what it says is no text.
    """
    name = _name("NIPPO_AUTHOR")
    if name is None:
        from nippo_cli.base.settings import text_setting

        return text_setting("NIPPO_AUTHOR")
    return name


def machine_user() -> str:
    """Who writes where nobody said: the system's user name."""
    names = map(_name, ("USER", "USERNAME", "LOGNAME"))
    return next((name for name in names if name), "me")


def _name(variable: str) -> str | None:
    """A person's name from the environment, UTF-8 even where the locale knows none; "" for none, None for what is no text."""
    said = os.environ.get(variable, "").strip()
    try:
        return said if said.isascii() else os.fsencode(said).decode("utf-8")
    except UnicodeError:
        return None
