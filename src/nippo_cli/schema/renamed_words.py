"""What the words of `schema.yaml` are allowed to be."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from nippo_cli.schema.schema import Role

Language: TypeAlias = Literal["ja", "en"]
DayRole: TypeAlias = Literal["remarks", "plan"]
Ends: TypeAlias = Literal["won", "lost"]

# Where ISO 4217 has other than two digits behind the point, as far as sales teams meet it.
DIGITS: Mapping[str, int] = {
    "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "PYG": 0, "UGX": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip

# A field is an option of `nippo add` and `nippo edit`, whose own options these are.
RESERVED = frozenset(
    {
        "as_of", "box", "by", "change_customer", "color", "debug", "dry_run", "e", "edit", "erase", "force", "format", "from_file",
        "h", "help",
        "history", "journal", "json", "lang", "later", "like", "limit", "m", "meeting", "message", "new_deal",
        "no_input", "no_pager", "o", "on", "output", "parent", "redact", "retract", "schema", "since", "until", "version", "why",
        "deal", "id", "yes",
    }
)  # fmt: skip

# A day's field is an option of `nippo day`, which has these beside the shared ones.
RESERVED_OF_DAY = RESERVED | {"off", "not_off", "until", "day"}

# The list of the schema that a field of this role chooses from, instead of its own `choices`.
LIST_OF_ROLE: Mapping[str, str] = {
    "stage": "stages",
    "kind": "kinds",
    "activity": "activities",
    "confidence": "confidence",
}
NEEDED_ROLES: tuple[Role, ...] = ("customer", "deal", "stage")
