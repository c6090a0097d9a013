"""The agreement as a screen shows it."""

from dataclasses import dataclass

from nippo_cli.schema.agreement import Agreement


@dataclass(frozen=True, slots=True)
class SchemaPage:
    """`nippo schema show`. `adopted_at` is empty where no journal has adopted it yet."""

    agreement: Agreement
    path: str
    adopted_at: str
    differs: bool
