"""Environment variables that hold a text: a name, an address."""

import os

from nippo_cli.base.errors import ExitCode, NippoError, msg


class UnreadableSetting(NippoError):
    """An environment variable holds bytes that are no text."""

    exit_code = ExitCode.USAGE


def text_setting(name: str) -> str:
    """What an environment variable says, blanks around it off; "" where it is not set. UTF-8 even where the locale knows none.

    Raises:
        UnreadableSetting: it is no UTF-8, as a name in another encoding is: nobody can tell what was meant.
    """
    said = os.environ.get(name, "").strip()
    if said.isascii():
        return said
    try:
        return os.fsencode(said).decode("utf-8")
    except UnicodeError:
        raise UnreadableSetting(
            msg("cli.setting_no_text", name=name, said=said), hint=msg("cli.setting_no_text_hint", name=name)
        ) from None
