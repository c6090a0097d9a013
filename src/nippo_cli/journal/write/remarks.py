"""The part of writing that is about what people say of what is there: comments, days, reviews."""

from collections.abc import Mapping
from datetime import date

from nippo_cli.journal.log import body_of
from nippo_cli.journal.write.append import Log


class RemarkWriting(Log):
    """Records of kind `comment`, `follow`, `day` and `review`."""

    def add_comment(
        self,
        target: int,
        text: str,
        *,
        due: date | None = None,
        author: str | None = None,
        of: str = "",
        decided_for: str | None = None,
    ) -> int:
        """A reply to an entry, a deal or a comment.

        Args:
            of: a deal's owner.
            decided_for: who has to carry out what was decided; None: it is no decision.
        """
        body = body_of(text=text, of=of or None, due=due.isoformat() if due else None, **_decision(decided_for))
        rec = self.append("comment", body, author=author, on=self.today, target=target)
        self.projection.record(rec)
        return rec.id

    def add_day_comment(
        self,
        day: date,
        text: str,
        *,
        of: str = "",
        due: date | None = None,
        author: str | None = None,
        decided_for: str | None = None,
    ) -> int:
        """A reply to a day; `of` names whose, where that is known. `decided_for` as of `add_comment`."""
        body = body_of(text=text, of=of or None, due=due.isoformat() if due else None, **_decision(decided_for))
        rec = self.append("comment", body, author=author, on=day)
        self.projection.record(rec)
        return rec.id

    def acknowledge(self, target: int) -> int:
        """The author has read an entry, a comment, or what was said of a day."""
        rec = self.append("comment", {"read": True}, on=self.today, target=target)
        self.projection.record(rec)
        return rec.id

    def follow(self, *, deal: int | None = None, customer: str = "") -> int:
        """The author follows a deal, or a customer by a name of its."""
        body = {"what": "deal"} if deal is not None else {"what": "customer", "customer": customer}
        rec = self.append("follow", body, on=self.today, target=deal)
        self.projection.record(rec)
        return rec.id

    def add_day(self, on: date, *, values: Mapping[str, object], off: str | None = None, author: str | None) -> int:
        """What a person says of a day: its fields, canonical and checked, or that it was no day of work."""
        rec = self.append("day", body_of(values=values, off=off), author=author, on=on)
        self.projection.record(rec)
        return rec.id

    def review(
        self,
        deal: int,
        *,
        text: str,
        known_by: str,
        cause: str = "",
        who: str = "",
        on: date | None,
        revisit: date | None = None,
    ) -> int:
        """What was learned of a deal on a day (today if not said). Earlier reviews stay; the last one counts.

        Args:
            cause: a key of the schema's causes; empty for none.
            who: who learned it, where that is not the author.
            revisit: when to call the customer again.
        """
        body = body_of(
            cause=cause or None, text=text, known_by=known_by, by=who or None,
            revisit=revisit.isoformat() if revisit is not None else None,
        )  # fmt: skip
        rec = self.append("review", body, on=on or self.today, target=deal)
        self.projection.record(rec)
        return rec.id


def _decision(who: str | None) -> dict[str, object]:
    return {} if who is None else {"decision": True, "who": who or None}
