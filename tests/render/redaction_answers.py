"""A list of what would be erased, and the same once it is."""

from nippo_cli.results.redaction import OutOfReach, RedactedRecord, Redaction

_BACKUP = "/home/sato/nippo/backups/journal-20261123-180000.db"


def answers(nasty: str) -> dict[str, object]:
    """By their names; texts that would steer a terminal among them."""
    listed = Redaction(
        [
            RedactedRecord(
                3, "entry", "named", "2026-11-20", "佐藤", 2, "検査装置の更新", ("people", "facts"), "部長は前向き"
            ),
            RedactedRecord(4, "entry", "belongs", "2026-11-21", "佐藤", 2, "検査装置の更新", (), "値段の話"),
            RedactedRecord(7, "day", "mentioned", "2026-11-21", "李 花", None, "", ("values",), f"{nasty} 食事"),
        ],
        2,
        ["/home/sato/.state/drafts/3.json"],
        ["/home/sato/nippo/journal.before-m010_names.db"],
        [
            OutOfReach("author", n=12),
            OutOfReach("backup", _BACKUP, command="rm /home/sato/nippo/backups/journal-20261123-180000.*"),
            OutOfReach("outputs"),
        ],
        ["高橋ハルカ"],
    )
    erased = [record._replace(says="", deal_name="") for record in listed.records]
    return {
        "redaction": listed,
        "redaction_none": Redaction((), 0, (), (), [OutOfReach("outputs")], dry_run=True),
        "redaction_done": listed._replace(records=erased, near=(), erasures=[240, 241, 242]),
    }
