"""Who wrote entries, as their names are spelled."""

import sqlite3
from typing import Final

from nippo_cli.base.persons import one_spelling, same_person

# A seek for each: they are few, whatever the number of entries.
AUTHORS: Final = """
with recursive known(name) as (
  select min(author) from entry
  union all
  select (select min(author) from entry where author > known.name) from known where known.name is not null)
select name from known where name is not null
"""

BESIDE_ENTRIES: Final = "select author from day union select author from comment order by 1"
FIRST_AND_LAST: Final = "select (select min(author) from entry), (select max(author) from entry)"


def several_authors(cx: sqlite3.Connection) -> bool:
    """Whether more than one person wrote entries; two seeks."""
    first, last = cx.execute(FIRST_AND_LAST).fetchone()
    return first is not None and not same_person(first, last)


def authors(cx: sqlite3.Connection) -> list[str]:
    """Everybody under whom entries stand today, each in the first of their spellings."""
    return list(dict.fromkeys(one_spelling(name for (name,) in cx.execute(AUTHORS)).values()))


def writers(cx: sqlite3.Connection) -> list[str]:
    """Everybody who wrote anything that stands today, an entry, a day's remarks or a comment, each in the first of their
    spellings."""
    beside = (name for (name,) in cx.execute(BESIDE_ENTRIES))
    return list(dict.fromkeys(one_spelling([*authors(cx), *beside]).values()))


def spelled_authors(cx: sqlite3.Connection, author: str) -> list[str]:
    """Every spelling of an author under which entries stand today; none for who wrote nothing."""
    return [name for (name,) in cx.execute(AUTHORS) if same_person(name, author)]
