"""The part of writing that is about what was learned of a finished deal."""

from datetime import date

from nippo_cli.journal.log import body_of
from nippo_cli.journal.write.append import Log


class ReviewWriting(Log):
    """Records of kind `review`."""

    def review(self, deal: int, *, text: str, known_by: str, cause: str = "", who: str = "", on: date | None) -> int:
        """What was learned of a deal on a day (today if not said). Earlier reviews stay; the last one counts.

        Args:
            cause: a key of the agreement's causes; empty for none.
            who: who learned it, where that is not the author.
        """
        body = body_of(cause=cause or None, text=text, known_by=known_by, by=who or None)
        rec = self.append("review", body, on=on or self.today, target=deal)
        self.projection.record(rec)
        return rec.id
