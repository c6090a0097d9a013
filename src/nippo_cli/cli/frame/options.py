"""The shared options of a run: as typed, and what they come to: the format, the screen, how many rows."""

import os
import sys
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.text import take_ambiguous_as_wide
from nippo_cli.cli.frame.early_args import the_args
from nippo_cli.cli.frame.out import cell_mark, format_of
from nippo_cli.cli.frame.params import number
from nippo_cli.render import draw

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Role

HEADS = ("words", "keys")
FORMATS = ("table", "json", "jsonl", "csv", "md", "html", "xlsx", "eml")
# What only a filled form is written as.
OF_FORMS = ("xlsm", "pdf")
ENCODINGS = ("utf-8", "cp932")
# Formats of which a page is drawn.
_DRAWN = ("table", "md", "html", "eml")
BOXES = ("drawn", "ascii")
ON_A_TERMINAL = 20
IN_A_SECTION = 10
ON_A_PAGE = 24
_MOST_COLUMNS = 1000


class RunOptions:
    """The shared options as typed; each is an attribute that its option sets."""

    journal: str | None = None
    schema: str | None = None
    lang: str | None = None
    color: str = "auto"
    box: str | None = None
    no_pager: bool = False
    no_input: bool = False
    debug: bool = False
    as_of: str | None = None
    fmt: str | None = None
    json: bool = False
    output: str | None = None
    heads: str | None = None
    encoding: str | None = None
    with_fields: str | None = None
    # Roles of fields that another option asks for as `--with` does.
    with_roles: "tuple[Role, ...]" = ()
    # Formats that this command has besides those of every answer.
    more_formats: tuple[str, ...] = ()
    # As what a mail brings its answer: a workbook, or the page.
    mailed_as: str = "xlsx"
    # Whether what is written to `-o` is a file that the command makes, and the answer says what became of it.
    makes_file: bool = False
    force: bool = False
    # Whether a workbook of this command holds all that there is.
    is_whole: bool = False
    # What an answer is drawn as where nothing says otherwise.
    usual: str = "table"
    limit: str | None = None
    dry_run: bool = False

    @property
    def interactive(self) -> bool:
        """Whether a person is there to be asked."""
        return not self.no_input and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def format(self) -> str:
        """The format asked for; where none is, that of the file's ending behind `-o`.

        Raises:
            UsageError: it is none of those that there are, or two are asked for.
        """
        formats = (*FORMATS, *self.more_formats)
        if self.fmt is not None and self.fmt not in formats:
            raise UsageError(msg("cli.bad_choice", option="--format", said=self.fmt, allowed=", ".join(formats)))
        if self.json and self.fmt not in (None, "json"):
            raise UsageError(msg("cli.two_formats", said=self.fmt))
        if self.json or self.fmt:
            return self.fmt or "json"
        by_ending = (self.output and format_of(self.output)) or self.usual
        if by_ending not in formats:
            key = "cli.only_form" if by_ending in OF_FORMS else "cli.only_export"
            raise UsageError(msg(key, said=self.output), hint=msg(f"{key}.hint"))
        return by_ending

    @property
    def _words(self) -> "draw.TableWords | None":
        """That a table's heads and cells are to be words: a file of one is for people unless a format is asked for, or keys are.
        Else None.

        Raises:
            UsageError: `--heads` is neither.
        """
        if self.heads not in (None, *HEADS):
            raise UsageError(msg("cli.bad_choice", option="--heads", said=self.heads, allowed=", ".join(HEADS)))
        for_people = self.output is not None and self.fmt is None
        if self.format not in ("csv", "xlsx") or self.heads == "keys" or not (for_people or self.heads):
            return None
        return draw.TableWords(the_args().schema)

    @property
    def _cell_mark(self) -> str:
        """What stands between the cells of CSV."""
        return cell_mark(self.output)

    @property
    def _in_cp932(self) -> bool:
        """Whether a CSV file is to be in CP932, which older Japanese programs read.

        Raises:
            UsageError: there is no such encoding, or the answer is no CSV.
        """
        if self.encoding not in (None, *ENCODINGS):
            said, allowed = self.encoding, ", ".join(ENCODINGS)
            raise UsageError(msg("cli.bad_choice", option="--encoding", said=said, allowed=allowed))
        if self.encoding is not None and self.format != "csv":
            raise UsageError(msg("cli.encoding_of_csv", said=self.format))
        return self.encoding == "cp932"

    @property
    def money(self) -> "draw.AmountStyle":
        """How a workbook shows amounts, and which of the schema's fields are any."""
        schema = the_args().schema
        if schema is None:
            return draw.AmountStyle()
        from nippo_cli.schema.types import type_of

        fields = frozenset(f"values.{field.key}" for field in schema.fields if type_of(field).is_amount)
        return draw.AmountStyle(schema.currency.code, schema.currency.digits, fields)

    @property
    def screen(self) -> "Screen":
        """What the answer is drawn on."""
        terminal = self.output is None and sys.stdout.isatty()
        return draw.Screen(
            columns=_columns() if terminal else 80,
            terminal=terminal,
            color=self.colored(terminal),
            limit=self.rows(terminal=terminal),
            ascii=self._in_ascii(terminal),
        )

    def rows(self, *, terminal: bool) -> int:
        """How many rows a table shows; 0 is all: 20 on a terminal, all elsewhere, or what `--limit` says.

        Raises:
            UsageError: `--limit` is not a whole number from 0.
        """
        if self.limit is None:
            return ON_A_TERMINAL if terminal and self.format == "table" else 0
        return number(self.limit, "--limit", least=0, default=0)

    @property
    def row_limit(self) -> int:
        """The rows that this run's table shows; 0 is all."""
        return self.rows(terminal=self.output is None and sys.stdout.isatty())

    @property
    def entry_limit(self) -> int:
        """The entries that this run shows, one under the other; 0 is all. A page of HTML holds so many and no more."""
        limit = self.row_limit
        return min(limit or draw.MOST_ENTRIES, draw.MOST_ENTRIES) if self.format == "html" else limit

    @property
    def deal_limit(self) -> int:
        """The deals that this run lists; 0 is all. Of a page of HTML one more than its table holds, by which it knows of others."""
        limit, most = self.row_limit, draw.MOST_ROWS + 1
        return min(limit or most, most) if self.format == "html" else limit

    @property
    def is_drawn(self) -> bool:
        """Whether the answer is a page for people; else it is data."""
        return self.format in _DRAWN

    @property
    def rows_a_section(self) -> int:
        """The rows of a section of a page that has several: 10, or what `--limit` says; all where no table is drawn."""
        if self.limit is None and self.format in _DRAWN:
            return IN_A_SECTION
        return self.row_limit

    @property
    def rows_a_page(self) -> int:
        """The rows of all sections of a page together: 24, or what `--limit` says; all where no table is drawn."""
        if self.format not in _DRAWN:
            return 0
        return ON_A_PAGE if self.limit is None else self.row_limit

    def _in_ascii(self, terminal: bool) -> bool:
        """Whether lines are drawn in ASCII: asked for, or because nothing else can be drawn. Who asks has a terminal
        that takes two columns for what Unicode calls ambiguous."""
        said = self.box if self.box is not None else os.environ.get("NIPPO_BOX") or None
        if said is None:
            return terminal and not _can_draw(sys.stdout.encoding or "")
        if said not in BOXES:
            option = "--box" if self.box is not None else "NIPPO_BOX"
            raise UsageError(msg("cli.bad_choice", option=option, said=said, allowed=", ".join(BOXES)))
        if said == "ascii":
            take_ambiguous_as_wide()
        return said == "ascii"

    def colored(self, terminal: bool) -> bool:
        """Whether colours are wanted there.

        Raises:
            UsageError: `--color` is none of those that there are.
        """
        if self.color not in ("auto", "always", "never"):
            raise UsageError(msg("cli.bad_choice", option="--color", said=self.color, allowed="auto, always, never"))
        if self.color == "auto":
            return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return self.color == "always"


def _columns() -> int:
    # Lines are filled with blanks: a width that no screen has would fill the memory.
    return max(40, min(get_terminal_size().columns, _MOST_COLUMNS))


def _can_draw(encoding: str) -> bool:
    try:
        "─│▓".encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True
