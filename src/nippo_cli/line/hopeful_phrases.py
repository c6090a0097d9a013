"""Facts first: what a text that is being typed as fact may lack, and what in it is hope. A hint, never a refusal."""

import re
from collections.abc import Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form

# Whoever is quoted or named in a text has said or done something in it.
_SPEAKER = (
    r"[「『“\"]|さん|様|氏|部長|課長|係長|主任|社長|専務|常務|取締役|室長|工場長|担当|先方|顧客"
    r"|\b(?:mr|ms|mrs|dr|said|told|asked|says|customer)\b"
)
_ENDS = "。．.!！?？\n"
_LONG_ENOUGH = 12


class Hope(NamedTuple):
    """A phrase of hope, and the sentence that it stands in as a slice of the text."""

    phrase: str
    start: int
    stop: int


def hope_in(text: str, hopeful: Sequence[str]) -> Hope | None:
    """The first phrase of the schema's `hopeful` in a text, whatever its width and case; None where there is none."""
    for start, stop in sentences(text):
        folded = normal_form(text[start:stop])
        for phrase in hopeful:
            if normal_form(phrase) in folded:
                return Hope(phrase, start, stop)
    return None


def moved(text: str, hope: Hope) -> tuple[str, str]:
    """The text without the sentence of hope, and that sentence."""
    left = (text[: hope.start] + text[hope.stop :]).strip(" 　\n")
    return left, text[hope.start : hope.stop].strip(" 　\n")


def lacks_speaker(text: str, names: Sequence[str] = ()) -> bool:
    """Whether a text that has become a sentence tells of nobody: no name, no title, no quotation."""
    if len(text.strip()) < _LONG_ENOUGH:
        return False
    folded = normal_form(text)
    return not re.search(_SPEAKER, text, re.IGNORECASE) and not any(
        normal_form(name) in folded for name in names if name
    )


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as slices, each with the mark that ends it. A point within a number ends none."""
    spans, start = [], 0
    for at, char in enumerate(text):
        within = char == "." and text[at + 1 : at + 2].strip() != ""
        if char in _ENDS and not within:
            if text[start : at + 1].strip():
                spans.append((start, at + 1))
            start = at + 1
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans
