"""Small schema texts that the tests of this room change one thing of."""

from datetime import date
from functools import cache

from nippo_cli.base.errors import Problem
from nippo_cli.schema.load import check_text, load_schema
from nippo_cli.schema.schema import Field, Schema
from nippo_cli.schema.types import Reading

# A Monday.
TODAY = date(2026, 11, 23)

SOUND = """\
nippo: 1
name: 試し
stages:
  - {key: lead, label: 引合い}
  - {key: quote, label: 見積, norm: 30}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
  - {key: care, label: フォロー, after: true}
kinds:
  - {key: new, label: 新規}
  - {key: parts, label: 部品, stalls: false, norms: {見積: 10}}
activities:
  - {key: visit, label: 訪問}
  - {key: office, label: 社内, contact: false}
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: kind, label: 種別, type: choice, role: kind}
  - {key: activity, label: 活動, type: choice, role: activity}
  - {key: facts, label: 事実, type: text, role: facts, required: true}
"""


def found(text: str) -> list[tuple[int | None, str, str]]:
    """The problems of a text: line, what was found, the key of what is needed."""
    return [(p.where.line, p.said, p.needs.key) for p in problems(text)]


def problems(text: str) -> list[Problem]:
    """The problems of a text."""
    return check_text(text, "schema.yaml")[1]


def with_lines(extra: str) -> str:
    """The sound text with more lines at its end; the first of them is line 22."""
    return SOUND + extra


@cache
def agreed(text: str = SOUND) -> Schema:
    """The agreement of a text that has no problem."""
    return load_schema(text, "schema.yaml")


def against(schema: Schema | None = None) -> Reading:
    """What values are read against in these tests."""
    return Reading(TODAY, schema or agreed())


def field(kind: str, **more: object) -> Field:
    """A field of a type."""
    return Field(key="x", label="項目", type=kind, **more)
