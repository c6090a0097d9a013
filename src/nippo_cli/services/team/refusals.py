"""Why a team's place can't be reached, or refuses, in words; what to do about it; and the system's own words, on a line of their own."""

from typing import Final

from nippo_cli.base.errors import Message, NippoError, PlaceUnreachable, UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.base.text import with_capital
from nippo_cli.carriers.carrier import BadAddress, CarrierError, Unavailable
from nippo_cli.services.team.settings import is_server, shown_address

_DOWN: Final = "team.server.down"
# What to do about it depends on what it is.
_TO_DO: Final = {
    _DOWN: "team.server.hint",
    **{
        key: f"{key}.hint"
        for key in (
            "team.server.name", "team.server.refused", "team.server.no_postgres", "team.server.login", "team.server.no_database",
            "team.server.tls", "team.server.slow",
        )
    },
}  # fmt: skip
# Of these nippo says itself that nothing came in time.
_WITHOUT_OWN_WORDS: Final = frozenset(("team.server.slow",))
_NO_BETTER_WORDS: Final = frozenset(("team.refused", "team.folder_failed"))


def why_refused(error: CarrierError) -> str:
    """Why a carrier can't be reached, or refuses; below it, each in a line, what to do about it and the system's own words, where
    there is something to say."""
    key, said = _key_and_words(error)
    to_do = [with_capital(t(_TO_DO[key]))] if key in _TO_DO else []
    return "\n".join((t(key, said=said), *to_do, *_own_words(key, said)))


def with_why(key: str, why: str, **params: object) -> Message:
    """A message that says why in its first line, as `{why}`, and what else there is to it below."""
    first, _, below = why.partition("\n")
    message = msg(key, why=first, **params)
    return msg("team.with_more", message=message, more=below.replace("\n", "\n  ")) if below else message


def notices_why(key: str, why: str, **params: object) -> list[Message]:
    """The same as notices: each is a line."""
    first, *below = why.split("\n")
    return [msg(key, why=first, **params), *(msg("team.below", text=one) for one in below)]


def unreached(error: CarrierError, address: str, *, hint: str = "") -> NippoError:
    """That a carrier can't be reached, or refuses, as an exception that has words: a bad value where the address is none.

    Args:
        hint: the key of what to do about it, where it is no usual place, and nothing better is known.
    """
    key, said = _key_and_words(error)
    usual = hint or ("team.server.hint" if is_server(address) else "team.unreachable.hint")
    why = "\n".join((t(key, said=said), *_own_words(key, said)))
    message = with_why("team.unreachable", why, address=shown_address(address))
    to_do = usual if key == _DOWN else _TO_DO.get(key, usual)
    return (UsageError if isinstance(error, BadAddress) else PlaceUnreachable)(message, hint=msg(to_do))


def _key_and_words(error: CarrierError) -> tuple[str, str]:
    """The key of what is said of it, and the system's own words."""
    said = str(error.args[0] if error.args else error)
    return (error.key if isinstance(error, Unavailable) else "team.refused"), said


def _own_words(key: str, said: str) -> list[str]:
    """The system's own words as a line, where they tell more to whoever sees to it."""
    tell = (key in _TO_DO or key in _NO_BETTER_WORDS) and key not in _WITHOUT_OWN_WORDS
    return [t("team.own_words", said=said)] if tell and said else []
