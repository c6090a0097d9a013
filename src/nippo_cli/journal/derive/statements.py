"""Statements that several tables are derived with."""

from typing import Final

from nippo_cli.journal.log import HEAD_COLUMNS

ENTRY_COLUMNS: Final = (
    "id, version, deal, on_date, recorded_at, known_on, stage, contact, author, activity, customer, kind, amount,"
    " closes, confidence, next_step, next_on, meeting, incomplete, snapshot, own_deal, accepts, source, evidence, deadlines,"
    " billed_to, site, ball, schema, why_lost"
)
PUT_ENTRY: Final = f"insert or replace into entry ({ENTRY_COLUMNS}) values ({'?,' * 29}?)"
ANY_TWIN: Final = "select 1 from twin limit 1"
DEALS_OF_ROW: Final = "select deal, own_deal from entry where id = ?"
PUT_DEAL: Final = f"insert or replace into deal ({HEAD_COLUMNS}, gaps, last_known_on, last_event_on, search_text) values ({'?,' * 45}?)"
REACH: Final = (
    "select last_known_on, last_event_on from deal where id = :deal"
    " union all select last_known_on, last_event_on from gone where deal = :deal"
)
PUT_GONE: Final = "insert or replace into gone values (?, ?, ?, ?)"
PUT_STAY: Final = "insert into stay values (?,?,?,?,?,?,?,?,?)"
PUT_PROMISE: Final = "insert into promise values (?,?,?,?,?,?,?)"
PUT_DEADLINE: Final = "insert into deadline values (?,?,?,?)"
PUT_BALL: Final = "insert into ball values (?,?,?,?,?)"
PUT_EVE: Final = "insert into eve values (?,?,?,?,?,?,?,?)"
PUT_COMMENT: Final = f"insert or replace into comment values ({'?,' * 14}?)"
# The first answer to a comment in the order of the log.
_ANSWER = (
    "(select a.id from comment a join record r on r.id = a.id where a.parent = comment.id"
    " order by r.recorded_at, a.id limit 1)"
)
ALL_ANSWERED: Final = f"update comment set answered = {_ANSWER} where answered is not {_ANSWER}"
