"""Who was met at a customer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nippo_cli.answers.deals import Person
from nippo_cli.answers.entries import EntryView
from nippo_cli.text import fold


def met(entries: Iterable[EntryView]) -> list[Person]:
    """Everyone whom the entries name as met; one's own companions are not. Title and say are the last written.

    Args:
        entries: newest first.
    """
    found: dict[str, Person] = {}
    for view in entries:
        for key, person in {fold(p["name"]): p for p in _people(view)}.items():
            known = found.get(key)
            if known is None:
                found[key] = Person(
                    person["name"], person.get("title") or "", person.get("decides"), view.on, view.on, 1
                )
                continue
            found[key] = known._replace(
                title=known.title or person.get("title") or "",
                decides=known.decides if known.decides is not None else person.get("decides"),
                first_met_on=view.on,
                entries=known.entries + 1,
            )
    return sorted(found.values(), key=lambda p: (-p.last_met_on.toordinal(), fold(p.name)))


def _people(view: EntryView) -> Iterator[Mapping[str, Any]]:
    for key, value in view.values.items():
        field = view.agreement.by_key.get(key)
        if field is None or field.type not in ("person", "people") or field.role == "companions":
            continue
        yield from (value if isinstance(value, list) else [value])
