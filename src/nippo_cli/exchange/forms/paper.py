"""A workbook as a PDF, by the LibreOffice of this computer."""

import os
import shutil
import subprocess
from typing import Final

from nippo_cli.base.errors import NippoError, UsageError, msg
from nippo_cli.base.scratch import scratch_folder

_NAMES: Final = ("soffice", "libreoffice")
# Where its installers put it without telling the shell.
_PLACES: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_MOST_SECONDS: Final = 180


class PdfFailed(NippoError):
    """LibreOffice made no PDF."""


def office() -> str:
    """LibreOffice's program.

    Raises:
        UsageError: there is none.
    """
    named = next((path for name in _NAMES if (path := shutil.which(name))), None)
    program = named or next((path for path in _PLACES if os.access(path, os.X_OK)), None)
    if program is None:
        raise UsageError(msg("forms.no_office"), hint=msg("forms.no_office.hint"))
    return program


def pdf_of(content: bytes, ending: str, program: str) -> bytes:
    """The pages of a workbook.

    Raises:
        PdfFailed: the program made none. OSError: the disk takes no more.
    """
    with scratch_folder() as folder:
        book = folder / f"form{ending}"
        book.write_bytes(content)
        # A profile of its own: an open LibreOffice would take the work over and answer at once.
        profile = (folder / "profile").as_uri()
        options = [f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        try:
            done = subprocess.run(  # noqa: S603  the program that was looked up, no shell
                [program, *options, str(book)], capture_output=True, timeout=_MOST_SECONDS, check=False
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PdfFailed(msg("forms.no_pdf", reason=str(error))) from error
        pages = book.with_suffix(".pdf")
        if not pages.is_file():
            said = done.stderr.decode("utf-8", "replace").strip() or str(done.returncode)
            raise PdfFailed(msg("forms.no_pdf", reason=said))
        return pages.read_bytes()
