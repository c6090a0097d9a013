"""The part of writing that is about remarks: comments, and what is said of a day."""

from collections.abc import Mapping
from datetime import date

from nippo_cli.journal.log import body_of
from nippo_cli.journal.write.append import Log


class RemarkWriting(Log):
    """Records of kind `comment` and `day`."""

    def add_comment(self, target: int, text: str, *, due: date | None = None, author: str | None = None) -> int:
        """A reply to an entry or to a comment."""
        body = body_of(text=text, due=due.isoformat() if due else None)
        rec = self.append("comment", body, author=author, on=self.today, target=target)
        self.projection.record(rec)
        return rec.id

    def add_day_comment(
        self, day: date, text: str, *, of: str = "", due: date | None = None, author: str | None = None
    ) -> int:
        """A reply to a day; `of` names whose, where that is known."""
        body = body_of(text=text, of=of or None, due=due.isoformat() if due else None)
        rec = self.append("comment", body, author=author, on=day)
        self.projection.record(rec)
        return rec.id

    def add_day(self, on: date, *, values: Mapping[str, object], off: str | None = None, author: str | None) -> int:
        """What a person says of a day: its fields, canonical and checked, or that it was no day of work."""
        rec = self.append("day", body_of(values=values, off=off), author=author, on=on)
        self.projection.record(rec)
        return rec.id
