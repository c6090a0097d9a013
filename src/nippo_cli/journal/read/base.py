"""What every part of reading stands on: one journal, at one moment, on one day at a time."""

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.text import normal_form
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.statements import CUSTOMERS
from nippo_cli.line.facts import AsOf

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema


class Days(dict[str, date]):
    """Each ISO text parsed once."""

    def __missing__(self, text: str) -> date:
        self[text] = found = date.fromisoformat(text)
        return found


class Looking:
    """A journal and the day that is looked at."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self.cx = cx
        self._past: AsOfView | None = None

    def past(self, as_of: AsOf) -> AsOfView:
        """The journal on the day; one day is kept at a time."""
        if self._past is None or self._past.as_of != as_of:
            self._past = AsOfView(self.cx, as_of)
        return self._past

    def agreement(self, as_of: AsOf) -> "Schema":
        """The agreement in force on the day.

        Raises:
            LookupError: the journal has adopted none.
        """
        lens = self.past(as_of).lens
        if not lens.ids:
            raise LookupError("agreement")
        return lens.agreement

    def _spelled(self, customer: str) -> list[str]:
        folded = normal_form(customer)
        return [name for (name,) in self.cx.execute(CUSTOMERS) if normal_form(name) == folded]
