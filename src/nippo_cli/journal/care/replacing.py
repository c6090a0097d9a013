"""What a rescued journal needs in place of lost records, written as records of its new device."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say
from nippo_cli.journal.derive.rebuild import rebuild
from nippo_cli.journal.log import is_day
from nippo_cli.journal.write import writing

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer

# Deals that entries name and whose begin is lost, with the day of their first entry.
BEGUN_NOWHERE: Final = """
select deal, min(on_date) from (select deal, on_date from entry union all select own_deal, on_date from entry)
where deal is not null and deal not in (select id from record where kind = 'deal') group by deal
"""
# Records whose erasure is lost.
ERASED_NOWHERE: Final = """
select r.id from record r where r.body is null
  and not exists (select 1 from record e where e.kind = 'redact' and e.target in (r.id, r.target))
"""


def replace_lost(
    journal: Path, deals: Mapping[int, tuple[str, str]], *, schema: str | None, authors: tuple[str, str], now: datetime
) -> int:
    """Give deals whose begin is lost a name again, say of erased records that they were erased, and adopt a schema.

    Args:
        deals: of those whose name is known, the name and the day on which they began.
        authors: who writes, and who where neither that nor the journal's own author is known.
        schema: the text of a schema that is to be adopted; None where the log has one.

    Returns:
        How many records were written.
    """
    author, user = authors
    with writing(journal, author=author, now=now) as writer:
        writer.author = author or writer.meta("author") or user
        before = writer.last_number
        if schema is not None:
            from nippo_cli.schema.load import load_schema

            writer.adopt(schema, load_schema(schema, "schema.yaml"), sha256(schema.encode()).hexdigest())
        for deal, first in writer.cx.execute(BEGUN_NOWHERE).fetchall():
            name, began = deals.get(deal, ("", ""))
            _name(writer, deal, name or say(msg("rescue.nameless", id=show_id(deal))), began or first)
        for (record,) in writer.cx.execute(ERASED_NOWHERE).fetchall():
            writer.append("redact", {"why": say(msg("rescue.erased"))}, target=record)
        written = writer.last_number - before
        if written:
            rebuild(writer.cx)
        return written


def _name(writer: "Writer", deal: int, name: str, began: str) -> None:
    """A rename in place of the begin, known since the deal began."""
    day = date.fromisoformat(began) if is_day(began) else writer.today
    writer.append("deal", {"do": "rename", "name": name}, on=day, known_on=min(day, writer.today), target=deal)
