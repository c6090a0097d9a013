"""What Python raises at a file that begins as a ZIP and is none, or no sound one: a workbook, mostly."""

from struct import error as StructError  # noqa: N812
from typing import Final
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812

# Cut off, another compression, a password, a part that isn't there; a place in the file below zero is a `ValueError`.
BROKEN_ZIP: Final = (
    BadZipFile, ZlibError, StructError, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError, OverflowError,
)  # fmt: skip
