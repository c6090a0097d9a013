"""Who wrote entries, as their names are spelled."""

import sqlite3
from typing import Final

from nippo_cli.base.persons import same_person

# A seek for each: they are few, whatever the number of entries.
AUTHORS: Final = """
with recursive known(name) as (
  select min(author) from entry
  union all
  select (select min(author) from entry where author > known.name) from known where known.name is not null)
select name from known where name is not null
"""


def spelled_authors(cx: sqlite3.Connection, author: str) -> list[str]:
    """Every spelling of an author under which entries stand today; none for who wrote nothing."""
    return [name for (name,) in cx.execute(AUTHORS) if same_person(name, author)]
