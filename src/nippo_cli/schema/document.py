"""The shape of `schema.yaml`: what may stand where. What the parts mean to each other is judged in `rules`.

Every scalar of the file arrives as text (`9:30` and `no` stay what they are); numbers and truth words are read only
where a model asks for one. Also the source of the JSON schema by which an editor checks the file while it is written.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, Literal, TypeAlias
from unicodedata import normalize

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_plain_validator_function

from nippo_cli.base.dates import FIRST_YEAR, LAST_YEAR
from nippo_cli.base.tax import UnreadableRate, read_rate
from nippo_cli.schema.parts import Visible
from nippo_cli.schema.schema import Role
from nippo_cli.schema.types import types_where
from nippo_cli.schema.yaml_wide import wide_key

Language: TypeAlias = Literal["ja", "en"]
DayRole: TypeAlias = Literal["remarks", "plan"]
Ends: TypeAlias = Literal["won", "lost"]
Tax: TypeAlias = Literal["included", "excluded"]
Security: TypeAlias = Literal["starttls", "tls"]

# What servers take: letters of ASCII, a name and a place.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def _whole(said: Any) -> Any:
    if isinstance(said, str):
        plain = normalize("NFKC", said).strip().replace(",", "").replace("_", "")
        if re.fullmatch(r"-?\d{1,15}", plain, re.ASCII):
            return int(plain)
    raise PydanticCustomError("whole_number", "a whole number")


def _month(said: Any) -> Any:
    return _whole(normalize("NFKC", said).strip().removesuffix("月") if isinstance(said, str) else said)


def _lifetime(said: Any) -> Any:
    """Months: of `7y`, `7年`, `18m`, `18か月`; a bare number counts years."""
    plain = normalize("NFKC", str(said)).strip().lower()
    match = re.fullmatch(r"(\d{1,4})\s*(y|年|m|[かヶヵカケ]月)?", plain, re.ASCII)
    if match is None or isinstance(said, bool):
        raise PydanticCustomError("lifetime", "a span of years or months")
    return int(match[1]) * (1 if match[2] and match[2][-1] in "m月" else 12)


def _address(said: Any) -> str:
    """One address of a mail, with a name before it or not."""
    from email.utils import getaddresses

    text = said.strip() if isinstance(said, str) else ""
    addresses = [address for _, address in getaddresses([text])]
    if not text.isprintable() or len(addresses) != 1 or not _ADDRESS.fullmatch(addresses[0]):
        raise PydanticCustomError("address", "an address")
    return text


def _subject(said: Any) -> str:
    """A subject, in which only what is known is put in."""
    text = said.strip() if isinstance(said, str) else ""
    if not text.isprintable() or not text or set(re.findall(r"\{(.*?)\}", text)) - {"title", "author", "day"}:
        raise PydanticCustomError("subject", "a subject")
    return text


def _chance(said: Any) -> Any:
    """A share: `0.8` or `80%`."""
    if isinstance(said, str):
        plain = normalize("NFKC", said).strip()
        if re.fullmatch(r"\d{1,3}(\.\d{1,6})?%", plain, re.ASCII):
            return round(float(plain[:-1]) / 100, 8)
        if re.fullmatch(r"\d?\.\d{1,8}|[01]", plain, re.ASCII):
            return float(plain)
    raise PydanticCustomError("chance", "a share")


def _tax(said: Any) -> Any:
    return {"税込": "included", "税抜": "excluded"}.get(said, said) if isinstance(said, str) else said


def _rate(said: Any) -> Any:
    if isinstance(said, str):
        with suppress(UnreadableRate):
            return read_rate(said)
    raise PydanticCustomError("tax_rate", "a rate of tax")


def _truth(said: Any) -> Any:
    meant = {"true": True, "false": False}.get(said.strip().lower()) if isinstance(said, str) else None
    if meant is None:
        raise PydanticCustomError("truth", "true or false")
    return meant


def _listed(said: Any) -> Any:
    return [said] if isinstance(said, str | dict) else said


def _named(said: Any) -> Any:
    """A choice written short: its label is its key. One that has only a key or only a label takes it for both."""
    if isinstance(said, str):
        # `- key：quote` is no word, but a mapping that was typed full-width.
        wide = wide_key(said)
        return said if wide is not None and wide.key in ("key", "label") else {"key": said, "label": said}
    if isinstance(said, dict):
        key, label = said.get("key"), said.get("label")
        if (key is None) != (label is None):
            return {**said, "key": key or label, "label": label or key}
    return said


def _currency(said: Any) -> Any:
    return {"code": said} if isinstance(said, str) and wide_key(said) is None else said


class _OrText:
    """In the JSON schema: a plain text will do as well."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


class _OrPercent:
    """In the JSON schema: `80%` will do for `0.8`."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"type": "string", "pattern": r"^\d{1,3}(\.\d{1,6})?%$"}]}


class _OrSpan:
    """In the JSON schema: `7y` or `18m`; a bare number counts years."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"type": "string", "pattern": r"^\d{1,4} ?(y|年|m|か月)?$"}]}


class _OrOne:
    """In the JSON schema: a single one will do for a list."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        several = handler(core)
        return {"anyOf": [several["items"], several]}


class _TypeName:
    """A field type's name; of a `day`'s field, one that a day may have."""

    def __init__(self, *, day: bool) -> None:
        self._day = day

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_plain_validator_function(self._name)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"enum": list(self._allowed()), "type": "string"}

    def _allowed(self) -> tuple[str, ...]:
        return types_where(lambda of: of.of_day or not self._day)

    def _name(self, said: Any) -> str:
        allowed = self._allowed()
        if said not in allowed:
            raise PydanticCustomError("one_of", "a type", {"allowed": allowed})
        return str(said)


NonBlank = Annotated[str, StringConstraints(min_length=1)]
Whole = Annotated[int, BeforeValidator(_whole)]
Lifetime = Annotated[int, Field(ge=1, le=1200), BeforeValidator(_lifetime), _OrSpan()]
DayCount = Annotated[int, Field(ge=1, le=3660), BeforeValidator(_whole)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Addresses = Annotated[list[Annotated[str, BeforeValidator(_address)]], BeforeValidator(_listed), _OrOne()]
Names = Annotated[list[NonBlank], BeforeValidator(_listed), _OrOne()]


class DocumentPart(BaseModel):
    """A mapping of the file; a key that it does not know is an error, one that has no value is as good as absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, said: Any) -> Any:
        # An unknown key stays, value or none: in `{help: a, b}` the comma has made a key of `b`.
        if isinstance(said, dict):
            return {key: value for key, value in said.items() if value is not None or key not in cls.model_fields}
        return said


class CurrencyPart(DocumentPart):
    """`currency:`"""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    digits: Annotated[int, Field(ge=0, le=4), BeforeValidator(_whole)] | None = None


class YearsPart(DocumentPart):
    """`years:`"""

    first: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), BeforeValidator(_whole)] = 1990
    ahead: Annotated[int, Field(ge=0, le=1000), BeforeValidator(_whole)] = 20


class TeamPart(DocumentPart):
    """`team:`"""

    purpose: NonBlank


class LedgerTaxPart(DocumentPart):
    """`ledger:`"""

    tax: Annotated[Tax, BeforeValidator(_tax)]
    rate: Annotated[
        int, BeforeValidator(_rate), WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}(\.\d{1,2})? ?%$"})
    ] = 1000


class SendPart(DocumentPart):
    """`send:` of `mail:`"""

    server: NonBlank
    port: Annotated[int, Field(ge=1, le=65535), BeforeValidator(_whole)] = 587
    security: Security = "starttls"
    user: str = ""
    password: str = ""


class MailPart(DocumentPart):
    """`mail:`"""

    to: Addresses = []
    cc: Addresses = []
    sender: Annotated[str, BeforeValidator(_address)] = Field(default="", alias="from")
    subject: Annotated[str, BeforeValidator(_subject)] = ""
    send: SendPart | None = None


class ConditionPart(DocumentPart):
    """`required_when:` and `must_when:`; a single name stands for a list of one."""

    stage: Names = []
    activity: Names = []
    kind: Names = []


class ClosurePart(DocumentPart):
    """One of `closures:`."""

    name: NonBlank
    first: NonBlank
    last: NonBlank


class NamedPart(DocumentPart):
    """What has a key for machines and a label for people."""

    key: NonBlank
    label: NonBlank
    was: Names = []


class StagePart(NamedPart):
    """One of `stages:`."""

    norm: DayCount | None = None
    ends: Ends | None = None
    after: Truth = False
    done_when: str = ""
    must: Truth = False
    must_when: ConditionPart | None = None
    may_return_to: Names = []
    evidence: Names = []


class KindPart(NamedPart):
    """One of `kinds:`."""

    stalls: Truth = True
    norms: dict[str, DayCount] = {}
    invoice_within: DayCount = 60
    lifetime: Lifetime | None = None


class ActivityPart(NamedPart):
    """One of `activities:`."""

    contact: Truth = True
    ball: NonBlank | None = None


class RankPart(NamedPart):
    """One of `confidence:`."""

    meaning: str = ""
    chance: Annotated[float, Field(ge=0, le=1), BeforeValidator(_chance), _OrPercent()] | None = None


class ChoicePart(NamedPart):
    """One of a field's `choices:`, or of `causes:`."""

    ours: Truth = False


class FieldPart(DocumentPart):
    """One of `fields:`."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    label: NonBlank
    type: Annotated[str, _TypeName(day=False)]
    role: Role | None = None
    required: Truth = False
    required_when: Annotated[list[ConditionPart], BeforeValidator(_listed), _OrOne()] = []
    default: str | None = None
    least: Whole | None = None
    most: Whole | None = None
    coarse: Truth = False
    ahead: Whole | None = None
    help: str = ""
    choices: list[Annotated[ChoicePart, BeforeValidator(_named), _OrText()]] = []
    was: Names = []
    in_files: Truth | None = None
    visible: Visible | None = None


class DayFieldPart(DocumentPart):
    """One of `day_fields:`."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    label: NonBlank
    type: Annotated[str, _TypeName(day=True)] = "text"
    role: DayRole | None = None
    least: Whole | None = None
    most: Whole | None = None
    help: str = ""
    choices: list[Annotated[ChoicePart, BeforeValidator(_named), _OrText()]] = []
    was: Names = []
    in_files: Truth | None = None
    visible: Visible | None = None


class Document(DocumentPart):
    """The whole file."""

    nippo: Annotated[int, Field(ge=1), BeforeValidator(_whole)]
    name: NonBlank
    language: Language = "ja"
    currency: Annotated[CurrencyPart, BeforeValidator(_currency), _OrText()] = CurrencyPart(code="JPY")
    fiscal_year_start: Annotated[int, Field(ge=1, le=12), BeforeValidator(_month)] = 1
    grace: Annotated[int, Field(ge=0, le=60), BeforeValidator(_whole)] = 1
    quiet: DayCount | None = None
    slip: DayCount | None = None
    lifetime: Lifetime | None = None
    review_over: NonBlank | None = None
    closures: list[ClosurePart] = []
    years: YearsPart | None = None
    ledger: LedgerTaxPart | None = None
    mail: MailPart | None = None
    team: TeamPart | None = None
    words: dict[str, NonBlank] = {}
    stages: Annotated[list[Annotated[StagePart, BeforeValidator(_named), _OrText()]], Field(min_length=1)]
    kinds: list[Annotated[KindPart, BeforeValidator(_named), _OrText()]] = []
    activities: list[Annotated[ActivityPart, BeforeValidator(_named), _OrText()]] = []
    confidence: list[Annotated[RankPart, BeforeValidator(_named), _OrText()]] = []
    causes: list[Annotated[ChoicePart, BeforeValidator(_named), _OrText()]] = []
    hopeful: Names = []
    day_fields: list[DayFieldPart] = []
    fields: Annotated[list[FieldPart], Field(min_length=1)]


def json_schema(say: Callable[[str], str]) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of `schema.yaml`, each key described; `say` puts a catalogue key into words."""
    rules = Document.model_json_schema(mode="validation")
    for name, part in {"Document": rules, **rules["$defs"]}.items():
        part.pop("title", None)
        part["description"] = say(f"schema.doc.{name}")
        for key, value in part.get("properties", {}).items():
            value.pop("title", None)
            value["description"] = say(f"schema.doc.{name}.{key}")
    # A choice's key and label stand for each other.
    for name in ("StagePart", "KindPart", "ActivityPart", "RankPart", "ChoicePart"):
        rules["$defs"][name].pop("required")
        rules["$defs"][name]["minProperties"] = 1
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "nippo schema.yaml", **rules}
