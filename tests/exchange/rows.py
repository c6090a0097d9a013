"""A small agreement with every field type and each way in which a field can be required; a map; files."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from one_entry import one_by_one

from nippo_cli.exchange.drafts import Import, OtherCustomersRow, RowOutcome, Taken, judge_rows
from nippo_cli.exchange.source import Source
from nippo_cli.schema.schema import (
    Activity,
    Choice,
    Condition,
    Currency,
    Field,
    Kind,
    Rank,
    Schema,
    Stage,
)  # fmt: skip

TODAY = date(2026, 11, 23)

AGREEMENT = Schema(
    name="A team",
    language="en",
    currency=Currency("USD", 2),
    stages=(
        Stage("lead", "引合い"),
        Stage("quote", "見積"),
        Stage("won", "受注", ends="won"),
        Stage("lost", "失注", ends="lost"),
    ),
    kinds=(Kind("new", "新規"), Kind("parts", "部品")),
    activities=(Activity("visit", "訪問"), Activity("call", "電話")),
    ranks=(Rank("A", "A"), Rank("B", "B")),
    fields=(
        Field("customer", "顧客", "customer", role="customer", required=True),
        Field("deal", "案件", "deal", role="deal"),
        Field("kind", "案件種別", "choice", role="kind", default="new"),
        Field("activity", "活動", "choice", role="activity"),
        Field("stage", "フェーズ", "choice", role="stage"),
        Field("facts", "事実", "text", role="facts"),
        Field("amount", "金額", "money", role="amount", least=0, required_when=(Condition(stage=("won",)),)),
        Field("closes", "受注予定", "date", role="closes", coarse=True),
        Field("confidence", "確度", "choice", role="confidence"),
        Field("people", "面談者", "people", role="people"),
        Field("units", "台数", "integer", required_when=(Condition(kind=("parts",)),)),
        Field("urgent", "至急", "boolean"),
        Field("tags", "分類", "choices", choices=(Choice("x", "甲"), Choice("y", "乙"))),
        Field("note", "メモ", "text", most=12),
    ),
)

MAP = """\
source: test
key: id
on: {column: day, format: "%Y-%m-%d"}
deal: deal
author: rep
fields:
  customer: customer
  stage: stage
  amount: amount
"""
HEAD = "id,day,deal,rep,customer,stage,amount\n"


def write(folder: Path, content, name="rows.csv") -> Path:
    """The content in a file, byte for byte."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def drafts(source: Source, how: Import) -> Iterator[RowOutcome]:
    """Each row of the source, in its order, as what it becomes; in one that is taken, `drafts` are its own ones."""
    for judged in judge_rows(source, how):
        own = iter(one_by_one(judged.drafts))
        for outcome in judged.outcomes or ():
            if isinstance(outcome, Taken | OtherCustomersRow):
                yield outcome._replace(drafts=tuple(islice(own, outcome.drafts)))
            else:
                yield outcome
        assert not list(own)
