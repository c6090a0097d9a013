"""An event log in XES (IEEE 1849), for programs of process mining: a deal is a trace, an entry an event of it, its name the stage."""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import visible

_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value="-"/></global>
<global scope="event"><string key="concept:name" value="-"/><date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/></global>
<classifier name="Stage" keys="concept:name"/>
"""
_TAIL: Final = "</log>\n"
# Within an attribute a parser makes a blank of a line end that stands there as it is.
_ESCAPED: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)
# What no XML holds.
_NONE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XesEvent(NamedTuple):
    """An event: its name, its time (ISO, with an offset), who was there, and what else is known of it."""

    name: str
    time: str
    resource: str
    others: Mapping[str, str | int]


class XesTrace(NamedTuple):
    """A trace by its name, and its events in their order."""

    name: str
    events: Iterable[XesEvent]


def write(traces: Iterable[XesTrace]) -> Iterator[str]:
    """The log, trace by trace."""
    yield _HEAD
    for trace in traces:
        yield f"<trace>{_attribute('string', 'concept:name', trace.name)}\n"
        for event in trace.events:
            parts = [
                _attribute("string", "concept:name", event.name),
                _attribute("date", "time:timestamp", event.time),
                _attribute("string", "org:resource", event.resource),
                *(_attribute("int" if type(v) is int else "string", k, v) for k, v in event.others.items() if v != ""),
            ]
            yield f"<event>{''.join(parts)}</event>\n"
        yield "</trace>\n"
    yield _TAIL


def packed(pieces: Iterable[str]) -> Iterator[bytes]:
    """Text as gzip has it, the same for the same text."""
    packer = zlib.compressobj(wbits=31)
    for piece in pieces:
        yield packer.compress(piece.encode())
    yield packer.flush()


def _attribute(kind: str, key: str, value: object) -> str:
    return f'<{kind} key="{_safe(key)}" value="{_safe(str(value))}"/>'


def _safe(text: str) -> str:
    return _NONE.sub(lambda match: visible(match[0]), text).translate(_ESCAPED)
