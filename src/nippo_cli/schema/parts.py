"""What a schema is made of, frozen: stages, kinds, activities, ranks, choices, fields, closures."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

# A default that no one can write into.
NONE: Mapping[str, Any] = MappingProxyType({})

Role = Literal[
    "customer", "deal", "kind", "activity", "stage", "facts", "impression", "amount", "closes", "confidence",
    "competitor", "next_step", "next_on", "lost_reason", "people", "companions", "source", "customer_words",
    "own_view", "accepts", "push_reason", "deadline", "billed_to", "site", "ball", "discount",
]  # fmt: skip


# What is written for one's own team: it stays out of files that are handed on, where the agreement does not say otherwise.
OF_THE_TEAM: frozenset[Role | None] = frozenset({"impression", "own_view", "competitor", "discount"})
# Pages speak of these with every deal, not as a field of an entry alone: they can't be left out of a file.
ON_EVERY_PAGE: frozenset[Role | None] = frozenset({
    "customer", "deal", "kind", "activity", "stage", "facts", "amount", "closes", "confidence", "next_step", "next_on",
    "lost_reason", "people", "accepts", "push_reason", "deadline", "billed_to", "site", "ball",
})  # fmt: skip


class Currency(NamedTuple):
    """An ISO 4217 code and how many digits its smallest unit stands behind the point."""

    code: str = "JPY"
    digits: int = 0


class Years(NamedTuple):
    """The years that a day may be of where one is written: from `first` to so many `ahead` of today's."""

    first: int = 1990
    ahead: int = 20


class LedgerTerms(NamedTuple):
    """What the amounts of the ledger are beside the diary's, which are without tax: with a tax of a `rate` (`base.tax`), or
    without as well."""

    tax: Literal["included", "excluded"]
    rate: int = 1000


class SendTerms(NamedTuple):
    """The server that mails are sent by: how it is spoken to in secret, who logs in, and the command that says the password."""

    server: str = ""
    port: int = 587
    security: Literal["starttls", "tls"] = "starttls"
    user: str = ""
    password: str = ""


class MailTerms(NamedTuple):
    """Whom a report is mailed to, by whom, and under which subject, in which `{title}`, `{author}` and `{day}` are put; the page's
    title where that is empty."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    sender: str = ""
    subject: str = ""
    send: SendTerms | None = None


class Amount(NamedTuple):
    """An amount to be shown in the schema's currency; `minor` counts its smallest unit."""

    minor: int


class Condition(NamedTuple):
    """When a field is required: every list that is not empty must hold the entry's value."""

    stage: tuple[str, ...] = ()
    activity: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()


class Stage(NamedTuple):
    """A step of the sale. `ends` closes the deal; an `after` stage follows `won`."""

    key: str
    label: str
    ends: Literal["won", "lost"] | None = None
    after: bool = False
    norm: int | None = None
    done_when: str = ""
    must: bool = False
    must_when: Condition | None = None
    may_return_to: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    was: tuple[str, ...] = ()


class Kind(NamedTuple):
    """A deal kind. `stalls: false` switches stalling off; `norms` (days by stage) are its own; `lifetime` is how many months
    what is sold lasts."""

    key: str
    label: str
    stalls: bool = True
    norms: Mapping[str, int] = NONE
    invoice_within: int = 60
    lifetime: int | None = None
    was: tuple[str, ...] = ()


class Activity(NamedTuple):
    """What was done. `contact: false` never counts as a contact with the customer. `ball`: whom it leaves the next move to, where
    the entry does not say."""

    key: str
    label: str
    contact: bool = True
    was: tuple[str, ...] = ()
    ball: str = ""


class Rank(NamedTuple):
    """A confidence rank, its meaning in words, and the chance (0–1) that it states, if any."""

    key: str
    label: str
    meaning: str = ""
    chance: float | None = None
    was: tuple[str, ...] = ()


# To whom but its writer what is said in a field is shown: to nobody, to who leads the team, to all of it.
Visible: TypeAlias = Literal["self", "lead", "team"]
# Roles of fields that may be for some alone: what they say stands nowhere else than where entries are shown.
FOR_SOME: Final = (None, "impression", "own_view")


class Choice(NamedTuple):
    """One allowed value of a field. `ours`: of those who may hold the ball, one of us, not the customer's side."""

    key: str
    label: str
    was: tuple[str, ...] = ()
    ours: bool = False


class Field(NamedTuple):
    """What an entry may or must say. `least` and `most` bound an integer's or amount's value (in the smallest
    unit), a text's length in characters, and the count of choices or people. `ahead`: the days before a deadline from which
    it is spoken of. `in_files`: whether files for people hold it; None leaves that to its role. `visible`: to whom but its writer
    it is shown; None is the whole team."""

    key: str
    label: str
    type: str
    role: Role | None = None
    required: bool = False
    required_when: tuple[Condition, ...] = ()
    default: str | None = None
    least: int | None = None
    most: int | None = None
    coarse: bool = False
    ahead: int | None = None
    help: str = ""
    choices: tuple[Choice, ...] = ()
    was: tuple[str, ...] = ()
    in_files: bool | None = None
    visible: Visible | None = None

    @property
    def is_in_files(self) -> bool:
        """Whether it stands in reports, pages of HTML, mails, forms and workbooks unasked."""
        return self.role not in OF_THE_TEAM if self.in_files is None else self.in_files


class DayField(NamedTuple):
    """What a day's report may say beside its entries. `remarks` is what `-m` writes; a `plan` is filled from the steps
    that are dated for the next working day."""

    key: str
    label: str
    type: str = "text"
    role: Literal["remarks", "plan"] | None = None
    least: int | None = None
    most: int | None = None
    help: str = ""
    choices: tuple[Choice, ...] = ()
    was: tuple[str, ...] = ()
    in_files: bool | None = None
    visible: Visible | None = None

    @property
    def is_in_files(self) -> bool:
        """As `Field` has it; a day's field has no role that says otherwise."""
        return self.in_files is not False

    @property
    def field(self) -> Field:
        """As a field that a reader can be made for."""
        return Field(
            self.key, self.label, self.type, least=self.least, most=self.most, help=self.help, choices=self.choices,
            was=self.was, in_files=self.in_files, visible=self.visible,
        )  # fmt: skip


class Closure(NamedTuple):
    """Days on which nothing moves. Ends are `MM-DD` (every year; may run over New Year) or ISO dates."""

    name: str
    first: str
    last: str
