"""The statements that tell what is known of damaged records, and those that look for them."""

from typing import Final

from nippo_cli.journal.log.statements import REC

# Of a record's id, by kind: the deal and the day of the row derived from it.
DERIVED_FROM: Final = {
    "entry": "select deal, on_date from entry where id = ?",
    "deal": "select id, began_on from deal where id = ?1 union all select deal, null from gone where deal = ?1",
    "sale": "select link, on_date from sale where id = ?",
    "hold": "select deal, first from hold where id = ?",
    "review": "select deal, on_date from review where id = ?",
    "match": "select deal, known_on from match where id = ?",
    "comment": "select e.deal, c.known_on from comment c left join entry e on e.id = c.entry where c.id = ?",
    "day": "select null, on_date from day where id = ?",
    "target": "select null, known_on from target where id = ?",
    "schema": "select null, known_on from agreement where id = ?",
}
NAME_OF: Final = """
select coalesce((select name from deal where id = ?),
  (select d.name from gone g join deal d on d.id = g.into_deal where g.deal = ?), '')
"""
# Every record, and its body byte by byte.
WHOLE_LOG: Final = f"select {REC}, cast(r.body as blob) from record r order by r.recorded_at, r.id"
EVERY: Final = f"select {REC} from record r order by r.id"
ANY_DERIVED: Final = "select 1 from agreement"
CORRECTED_BY: Final = "select id from entry where version = ?"
