"""The journal's tables; the indexes over them are in `indexes`.

`record` is the log and the truth. `meta`, `device`, `head` and `loss` are facts of this file. Every other table is
derived from the log (`PROJECTIONS`), and equals what a rebuild makes. Dates are ISO text, instants `2026-11-23T12:34:56.789Z`,
booleans 0 or 1.
"""

from typing import Final

from nippo_cli.base.ids import JOURNAL_MARK
from nippo_cli.journal.log import indexes

APPLICATION_ID: Final = JOURNAL_MARK
FORMAT: Final = 12  # how many migrations made the file: its user_version

_LOG = (
    # A device's `ordinal` counts the devices from 0, in the order in which this file met them.
    # time_zone, device (this file's slot), journal_id, indexed (up to which record the search index is filled)
    "create table meta (key text primary key, value text not null) without rowid",
    (
        "create table device (slot integer primary key, id text not null unique, began_at text not null,"
        " last_number integer not null default 0, ordinal integer not null default 0)"
    ),
    """
    create table record (
      id integer primary key,
      kind text not null,
      author text not null,
      recorded_at text not null,
      known_on text not null,
      on_date text,
      schema integer not null,
      target integer,
      batch integer,
      source_key text,
      salt blob,
      body text,
      hash blob not null)
    """,
    # Erasing a body is the one change that a record may ever see; what stays in the place of its salt is no salt.
    """
    create trigger record_unchanged before update on record
    when new.body is not null or length(new.salt) <> 32
      or new.id is not old.id or new.kind is not old.kind or new.author is not old.author
      or new.recorded_at is not old.recorded_at or new.known_on is not old.known_on or new.on_date is not old.on_date
      or new.schema is not old.schema or new.target is not old.target or new.batch is not old.batch
      or new.source_key is not old.source_key or new.hash is not old.hash
    begin select raise(abort, 'a record never changes'); end
    """,
    """
    create trigger record_kept before delete on record
    begin select raise(abort, 'a record is never deleted'); end
    """,
)

# What a file knows of its log besides; made empty where it lacks.
BESIDE_LOG: Final = (
    # A device's running head at a number, as it was when that was copied for a backup (`running_heads`).
    (
        "create table head (slot integer not null, number integer not null, head blob not null,"
        " primary key (slot, number)) without rowid"
    ),
    # Records that a rescue could not bring, by their ids from `first` to `last`: known to be missing.
    "create table loss (first integer primary key, last integer not null)",
)

_DERIVED = (
    # The schemas adopted, by the id of their schema record; `shape` is what a line depends on. `place` counts those that were
    # in force, one after another, from 1; what stands beside that line has none (`schema_line`).
    (
        "create table agreement (id integer primary key, known_on text not null, recorded_at text not null,"
        " sha256 text not null, shape text not null, before integer, founds integer not null, place integer)"
    ),
    # Records that came of one row of a file, imported on several devices (`twins`).
    "create table twin (record integer primary key, source_key text not null)",
    # An entry's latest version; a retracted one is absent. `deal` is where its line is; `own_deal` the deal that its
    # body names, where a merge has moved it elsewhere. `version` is the id of its last amend, or its own, `schema` the one
    # that this was written under. `deadlines` is JSON by field key; `why_lost` JSON [reason, competitor] as written there,
    # null where it states neither.
    """
    create table entry (
      id integer primary key,
      version integer not null,
      deal integer,
      on_date text not null,
      recorded_at text not null,
      known_on text not null,
      stage text,
      contact integer not null,
      author text not null,
      activity text,
      customer text,
      kind text,
      amount integer,
      closes text,
      confidence text,
      next_step text,
      next_on text,
      meeting integer,
      incomplete integer not null default 0,
      snapshot integer not null default 0,
      own_deal integer,
      accepts text,
      source text,
      evidence integer not null,
      deadlines text,
      billed_to text,
      site text,
      ball text,
      schema integer not null,
      why_lost text)
    """,
    # A deal: `line.facts.DealSummary`, column by column; `last_contact_on` is its `heard_on`, a list's day where `last_contact` is
    # null. `holds` is JSON [[id, first, last, why, author], …] or null; `visited` its stages and `gaps` the days between a won
    # deal's contact days, both parted by spaces. `last_known_on` and `last_event_on` bound every record that ever touched the
    # deal: on or after both, this row is what the log says.
    # `search_text`: name and customer in their search form, a line each.
    """
    create table deal (
      id integer primary key,
      name text not null,
      customer text not null,
      kind text not null,
      owner text not null,
      parent integer,
      stage text not null,
      entered_on text not null,
      stay_entry integer not null,
      fate text not null,
      began_on text not null,
      closed_on text,
      last_on text not null,
      last_contact_on text,
      last_contact integer,
      entries integer not null,
      contacts integer not null,
      amount integer,
      closes text,
      first_closes text,
      closes_entry integer,
      pushes integer not null,
      pulls integer not null,
      slip_days integer not null,
      confidence text not null,
      next_step text not null,
      next_on text,
      next_entry integer,
      holds text,
      first_contact_on text,
      longest_back integer not null,
      longest_silence integer not null,
      accepts text,
      source text not null,
      evidence integer not null,
      steady_since text,
      visited text not null,
      went_back integer not null,
      billed_to text not null,
      site text not null,
      arrival text not null,
      begin_known integer not null,
      gaps text not null,
      last_known_on text not null,
      last_event_on text not null,
      search_text text not null)
    """,
    # Deals begun that have no line: merged into another, or every entry gone.
    (
        "create table gone (deal integer primary key, into_deal integer, last_known_on text not null,"
        " last_event_on text not null)"
    ),
    (
        # Key columns first: where they are not, SQLite 3.40's integrity check finds a NULL that is not there.
        "create table deal_name (folded text not null, deal integer not null, name text not null,"
        " is_alias integer not null, primary key (folded, deal, name)) without rowid"
    ),
    # What customers are called of whom records tell: `customer_names.CustomerName`, column by column.
    (
        "create table customer_name (core text not null, form text not null, said_of integer not null, name text not null,"
        " customer integer not null, is_alias integer not null, primary key (core, form, said_of, name)) without rowid"
    ),
    # What stands of what was said of persons, a row a record: `person_record.PersonRecord`, column by column.
    (
        "create table person_said (id integer primary key, begin integer not null, recorded_at text not null,"
        " on_date text not null, said text not null)"
    ),
    (
        "create table stay (deal integer not null, seq integer not null, stage text not null, entered_on text not null,"
        " left_on text, days integer, entry integer not null, step integer not null, arrival text not null,"
        " primary key (deal, seq))"
        " without rowid"
    ),
    (
        "create table promise (deal integer not null, seq integer not null, what text not null, value not null,"
        " made_on text not null, entry integer not null, move integer, primary key (deal, seq)) without rowid"
    ),
    # Until when something of a deal holds: the day that stands of each field that says so (`facts.Deadline`).
    (
        "create table deadline (deal integer not null, field text not null, value text not null, entry integer not null,"
        " primary key (deal, field)) without rowid"
    ),
    # From when on who has to move next (`ball.BallTurn`).
    (
        "create table ball (deal integer not null, seq integer not null, holder text not null, since text not null,"
        " entry integer not null, primary key (deal, seq)) without rowid"
    ),
    # What a live deal promised for a month, `2026-03`, on the eve of it, as far as its line tells of that day
    # (`deal.steady_since`; `eves.Eve`).
    (
        "create table eve (month text not null, deal integer not null, customer text not null, owner text not null,"
        " stage text not null, amount integer, confidence text not null, heard_on text not null,"
        " primary key (month, deal)) without rowid"
    ),
    (
        "create table hold (id integer primary key, deal integer not null, first text not null, last text not null,"
        " why text not null, author text not null)"
    ),
    # A row of the ledger. `deal` as it names it; `link` where it belongs, what people said put in. Both before merges.
    # `kind`: `sale`, or `advance`, which is never revenue. `gross`, `tax`: what it was before so much tax was taken off.
    (
        "create table sale (id integer primary key, on_date text not null, known_on text not null,"
        " customer text not null, amount integer not null, deal integer, link integer, source text,"
        " reference text not null, note text not null, kind text not null, gross integer, tax integer not null)"
    ),
    # What people said of a sale and a deal: `yes`, they belong together, or `no`, they never do. The last of a sale and
    # a deal stands.
    (
        "create table match (id integer primary key, sale integer not null, deal integer not null, says text not null,"
        " known_on text not null, recorded_at text not null)"
    ),
    # What an owner, or the team (`owner` empty), was to sell in a month, `2026-10`, of one kind or of all (`kind` empty).
    # The last recorded of an owner, a kind and a month stands.
    (
        "create table target (id integer primary key, owner text not null, month text not null,"
        " amount integer not null, kind text not null, known_on text not null, recorded_at text not null)"
    ),
    # What somebody said would be sold in a month: an owner of their own, or (`team`) a lead for all.
    (
        "create table declaration (id integer primary key, month text not null, owner text not null, team integer not null,"
        " amount integer not null, note text not null, known_on text not null, recorded_at text not null)"
    ),
    # A comment that stands: on an entry, a deal (merges apart) or a day, or (`parent`) on another comment, whose `entry`,
    # `deal`, `day` and `of` it shares. `of` wrote what is talked about; `asks`: it waits for an answer, whose id is `answered`
    # once there is one. A decision has who has to carry it out (`who`), and waits until it is done.
    (
        "create table comment (id integer primary key, entry integer, deal integer, day text, of text not null,"
        " parent integer, author text not null, known_on text not null, text text not null, due text, done_on text,"
        " asks integer not null, answered integer, decision integer not null, who text not null)"
    ),
    # Who has read an entry, a comment or what was said of a day (`about`), and says so.
    (
        "create table acknowledgement (id integer primary key, about integer not null, author text not null,"
        " known_on text not null)"
    ),
    # What a member follows: a deal (merges apart), or a customer by a name that it answers to; the other is null.
    (
        "create table follow (id integer primary key, deal integer, customer text, author text not null,"
        " known_on text not null)"
    ),
    # What a person says of a day: `said` is JSON by field key, under `schema`; `off` is null on a day of
    # work, else why it was none.
    (
        "create table day (id integer primary key, on_date text not null, author text not null, known_on text not null,"
        " schema integer not null, off text, said text not null)"
    ),
    # A review that stands: what was learned of a finished deal. `deal` is the one that it was written about, merges
    # apart; `who` learned it; `cause` is a key under the schema of its day, empty where none was chosen.
    (
        "create table review (id integer primary key, deal integer not null, on_date text not null,"
        " known_on text not null, who text not null, cause text not null, text text not null, known_by text not null)"
    ),
    # When a deal, or a customer, is to be called again (`revisit_rows`): `about` is the deal, or the customer's begin, which
    # says `customer`; `on_date` is null where that was taken away again.
    (
        "create table revisit (id integer primary key, about integer not null, customer text, on_date text,"
        " known_on text not null, author text not null, why text not null)"
    ),
    # line.metrics.Metric → how often (or how much money), over all lines and entries.
    (
        "create table tally (what text not null, stage text not null, kind text not null, won integer not null,"
        " days integer not null, n integer not null, primary key (what, stage, kind, won, days)) without rowid"
    ),
)

# A token a character, with its place, so that a phrase is found without reading a text; filled behind the watermark
# `indexed`.
SEARCH_TABLE: Final = "create virtual table search using fts5(characters, content='', tokenize='ascii', detail='full')"
# So many bytes of it are held in memory before they are written: a million rows are indexed in two thirds of the time.
SEARCH_IN_MEMORY: Final = "insert into search(search, rank) values ('hashsize', 16777216)"
# Of FTS5's own tables of it, in which it keeps it.
SEARCH_PARTS: Final = ("config", "data", "docsize", "idx")
SEARCH_TABLES: Final = tuple(f"search_{part}" for part in SEARCH_PARTS)

# The log and the search index; and, apart from them, all that is derived and can be made anew.
LOG: Final = (*_LOG, *BESIDE_LOG, SEARCH_TABLE, *indexes.OF_LOG)
DERIVED: Final = (*_DERIVED, *indexes.OF_DERIVED)
# In the order of the tables above; `agreement` first, since the rest is derived under it.
PROJECTIONS: Final = (
    "agreement", "twin", "entry", "deal", "gone", "deal_name", "customer_name", "person_said", "stay", "promise", "deadline", "ball",
    "eve", "hold", "sale", "match", "target", "declaration", "comment", "acknowledgement", "follow", "day", "review",
    "revisit", "tally",
)  # fmt: skip
