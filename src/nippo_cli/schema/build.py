"""A document without problems → the frozen schema. Labels in conditions and references become keys."""

from collections.abc import Iterable, Mapping, Sequence
from unicodedata import normalize

from nippo_cli.base.money import read_money
from nippo_cli.base.text import normal_form
from nippo_cli.schema import document as doc
from nippo_cli.schema.schema import (
    Activity,
    Choice,
    Closure,
    Condition,
    Currency,
    DayField,
    Field,
    Kind,
    LedgerTerms,
    MailTerms,
    Rank,
    Schema,
    SendTerms,
    Stage,
    Years,
)

# Where ISO 4217 has other than two digits behind the point, as far as sales teams meet it.
_DIGITS: Mapping[str, int] = {
    "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "PYG": 0, "UGX": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip


def names_of(parts: Iterable[doc.NamedPart | doc.FieldPart]) -> dict[str, str]:
    """The key that each former name, label and key stands for, folded; a key beats a label, and both a former name."""
    listed = list(parts)
    keys = {normal_form(name): part.key for part in listed for name in part.was}
    keys.update((normal_form(part.label), part.key) for part in listed)
    keys.update((normal_form(part.key), part.key) for part in listed)
    return keys


def holders(document: doc.Document) -> Sequence[doc.ChoicePart]:
    """Who may have to move next: the choices of the field with the role `ball`; none where there is no such field."""
    return next((field.choices for field in document.fields if field.role == "ball"), [])


def month_day(said: str) -> str:
    """An end of a closure as the schema keeps it: `MM-DD` of `8/13` and the like; an ISO date stays."""
    plain = normalize("NFKC", said).strip().replace("/", "-")
    parts = plain.split("-")
    return "-".join(part.zfill(2) for part in parts) if all(p.isdecimal() for p in parts) else plain


def build(document: doc.Document) -> Schema:
    """The schema of a document that has been judged."""
    return _Builder(document).schema()


class _Builder:
    def __init__(self, document: doc.Document) -> None:
        self._document = document
        self._stages = names_of(document.stages)
        self._kinds = names_of(document.kinds)
        self._activities = names_of(document.activities)
        self._fields = names_of(document.fields)
        self._holders = names_of(holders(document))

    def schema(self) -> Schema:
        """The whole."""
        document = self._document
        return Schema(
            name=document.name,
            language=document.language,
            stages=tuple(self._stage(s) for s in document.stages),
            fields=tuple(self._field(f) for f in document.fields),
            kinds=tuple(self._kind(k) for k in document.kinds),
            activities=tuple(self._activity(a) for a in document.activities),
            ranks=tuple(Rank(r.key, r.label, r.meaning, r.chance, tuple(r.was)) for r in document.confidence),
            causes=tuple(_choice(c) for c in document.causes),
            currency=currency_of(document.currency),
            fiscal_year_start=document.fiscal_year_start,
            grace=document.grace,
            quiet=document.quiet,
            slip=document.slip,
            lifetime=document.lifetime,
            review_over=_review_over(document),
            years=Years(document.years.first, document.years.ahead) if document.years else None,
            ledger=LedgerTerms(document.ledger.tax, document.ledger.rate) if document.ledger else None,
            mail=_mail(document.mail) if document.mail else MailTerms(),
            closures=tuple(Closure(c.name, month_day(c.first), month_day(c.last)) for c in document.closures),
            words=dict(document.words),
            hopeful=tuple(document.hopeful),
            day_fields=tuple(_day_field(f) for f in document.day_fields),
            purpose=document.team.purpose if document.team else "",
        )

    def _stage(self, part: doc.StagePart) -> Stage:
        """A stage with its labels in `may_return_to` and `evidence` as keys."""
        return Stage(
            key=part.key,
            label=part.label,
            ends=part.ends,
            after=part.after,
            norm=part.norm,
            done_when=part.done_when,
            must=part.must,
            must_when=self._condition(part.must_when) if part.must_when else None,
            may_return_to=_keys(part.may_return_to, self._stages),
            evidence=_keys(part.evidence, self._fields),
            was=tuple(part.was),
        )

    def _activity(self, part: doc.ActivityPart) -> Activity:
        ball = self._holders[normal_form(part.ball)] if part.ball else ""
        return Activity(part.key, part.label, part.contact, tuple(part.was), ball)

    def _kind(self, part: doc.KindPart) -> Kind:
        return Kind(
            key=part.key,
            label=part.label,
            stalls=part.stalls,
            norms={self._stages[normal_form(stage)]: days for stage, days in part.norms.items()},
            invoice_within=part.invoice_within,
            lifetime=part.lifetime,
            was=tuple(part.was),
        )

    def _field(self, part: doc.FieldPart) -> Field:
        """A field with the labels of its conditions as keys; an empty default is none."""
        return Field(
            key=part.key,
            label=part.label,
            type=part.type,
            role=part.role,
            required=part.required,
            required_when=tuple(self._condition(c) for c in part.required_when),
            default=part.default or None,
            least=part.least,
            most=part.most,
            coarse=part.coarse,
            ahead=part.ahead,
            help=part.help,
            choices=tuple(_choice(c) for c in part.choices),
            was=tuple(part.was),
            in_files=part.in_files,
            visible=part.visible,
        )

    def _condition(self, part: doc.ConditionPart) -> Condition:
        return Condition(
            stage=_keys(part.stage, self._stages),
            activity=_keys(part.activity, self._activities),
            kind=_keys(part.kind, self._kinds),
        )


def _keys(said: Iterable[str], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names[normal_form(name)] for name in said))


def _review_over(document: doc.Document) -> int | None:
    """The amount in the currency's smallest unit; that it can be read was judged before."""
    if document.review_over is None:
        return None
    return read_money(document.review_over, currency_of(document.currency))


def _choice(part: doc.ChoicePart) -> Choice:
    return Choice(part.key, part.label, tuple(part.was), part.ours)


def _day_field(part: doc.DayFieldPart) -> DayField:
    return DayField(
        part.key, part.label, part.type, part.role, part.least, part.most, part.help,
        tuple(_choice(c) for c in part.choices), tuple(part.was), part.in_files, part.visible,
    )  # fmt: skip


def currency_of(part: doc.CurrencyPart) -> Currency:
    """The currency, with the digits that its code has where none are stated."""
    return Currency(part.code, _DIGITS.get(part.code, 2) if part.digits is None else part.digits)


def _mail(part: doc.MailPart) -> MailTerms:
    send = part.send
    return MailTerms(
        to=tuple(part.to),
        cc=tuple(part.cc),
        sender=part.sender,
        subject=part.subject,
        send=SendTerms(send.server, send.port, send.security, send.user, send.password) if send else None,
    )
