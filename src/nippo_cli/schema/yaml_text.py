"""YAML as nippo takes it: mappings, lists and texts, with the line of each; nothing that only looks like data.

Aliases, tags, a second document and keys that are no text are refused, and so is a key that stands twice. An empty
value is None.
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.schema.yaml_wide import BLANKS, wide_at, wide_key

Path: TypeAlias = tuple[str | int, ...]

DEEPEST = 12
# Whoever has made more mistakes of form than this has not written the file by hand; the first is named alone.
_MOST_PROBLEMS = 1000
_OPENS = ("{", "[")


class Refusal(Exception):
    """The text can't be read any further; `problem` says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.needs.key)
        self.problem = problem


class Parsed:
    """What a text holds: `content`, the line of each path (from 1), and the problems met on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.content: Any = None
        self.lines: dict[Path, int] = {(): 1}
        self.problems: list[Problem] = []

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest part that holds it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def add_problem(self, path: Path, said: str, needs: Message, line: int | None = None) -> None:
        """Add a problem."""
        place = Place(field=self._spelled(path), file=self.file, line=line or self.line(path))
        self.problems.append(Problem(place, said, needs))

    def has_problem(self, path: Path) -> bool:
        """Whether there is a problem at this very place."""
        spelled = self._spelled(path)
        return any(problem.where.field == spelled for problem in self.problems)

    def _spelled(self, path: Path) -> str:
        """`fields.amount.type`: an item of a list goes by its key, else by its place from 1."""
        parts, at = [], self.content
        for step in path:
            try:
                at = at[step]
            except (LookupError, TypeError):
                at = None
            if isinstance(step, int):
                named = at.get("key", at.get("label", at.get("name"))) if isinstance(at, dict) else None
                parts.append(named if isinstance(named, str) else str(step + 1))
            else:
                parts.append(str(step))
        return ".".join(parts)


def parse(text: str, file: str) -> Parsed:
    """Read a text.

    Raises:
        Refusal: it is no YAML, is empty, or holds what nippo never takes.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Walk(file, yaml.parse(text.removeprefix("\ufeff"), Loader=loader)).run()
    except yaml.MarkedYAMLError as error:
        raise _syntax(text, file, _line_of(error), error.problem or "") from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise _unprintable(text, file, error) from None


def _syntax(text: str, file: str, at: int, reason: str) -> Refusal:
    lines = text.splitlines()
    at = min(at, max(len(lines) - 1, 0))
    wide = wide_at(lines, at, _stumbles_at)
    if wide is not None:
        line, needs = wide
        return Refusal(Problem(Place(file=file, line=line + 1), lines[line].strip(), needs))
    said = lines[at] if lines else ""
    blank = said[: len(said) - len(said.lstrip())]
    needs = msg("schema.yaml.tab") if "\t" in blank or "'\\t'" in reason else msg("schema.yaml.syntax", reason=reason)
    return Refusal(Problem(Place(file=file, line=at + 1), said.strip(), needs))


def _stumbles_at(text: str) -> int | None:
    """The line, from 0, at which the parser can't go on; None where it reads all."""
    import yaml

    try:
        for _ in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            pass
    except yaml.MarkedYAMLError as error:
        return _line_of(error)
    return None


def _line_of(error: Any) -> int:
    """Where the parser stumbled, from 0."""
    mark = error.problem_mark or error.context_mark
    return mark.line if mark else 0


def _unprintable(text: str, file: str, error: Exception) -> Refusal:
    for number, line in enumerate(text.split("\n"), start=1):
        for char in line:
            if (char < " " and char not in "\t\r") or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff":
                needs = msg("schema.yaml.unprintable", code=f"U+{ord(char):04X}")
                return Refusal(Problem(Place(file=file, line=number), line.strip(), needs))
    return Refusal(Problem(Place(file=file, line=1), "", msg("schema.yaml.syntax", reason=str(error))))


class _Walk:
    """From the parser's events to plain values; an alias is met before anything could be multiplied."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self._parsed = Parsed(file)
        self._events = events

    def run(self) -> Parsed:
        """All of it."""
        from yaml import DocumentStartEvent

        parsed = self._parsed
        starts = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                starts += 1
                if starts > 1:
                    raise self._refusal(event, "---", msg("schema.yaml.one_document"))
                parsed.content = self._value(next(self._events), ())
        if parsed.content is None:
            raise Refusal(Problem(Place(file=parsed.file, line=1), "", msg("schema.yaml.empty")))
        return parsed

    def _value(self, event: Any, path: Path) -> Any:
        """The plain value that begins with an event; its line is noted under its path."""
        from yaml import AliasEvent, MappingStartEvent, ScalarEvent

        if isinstance(event, AliasEvent):
            raise self._refusal(event, f"*{event.anchor}", msg("schema.yaml.alias"))
        if event.anchor is not None:
            raise self._refusal(event, f"&{event.anchor}", msg("schema.yaml.alias"))
        if event.tag not in (None, "!"):
            raise self._refusal(event, str(event.tag), msg("schema.yaml.tag"))
        if len(path) > DEEPEST:
            raise self._refusal(event, "", msg("schema.yaml.deep"))
        line = event.start_mark.line + 1
        self._parsed.lines.setdefault(path, line)
        if isinstance(event, ScalarEvent):
            # A text stands where it begins, which may be below its key.
            self._parsed.lines[path] = line
            return event.value if event.value or not event.implicit[0] else None
        return self._mapping(path) if isinstance(event, MappingStartEvent) else self._list(path)

    def _list(self, path: Path) -> list[Any]:
        """The items up to the list's end; an empty one is a problem and left out."""
        from yaml import SequenceEndEvent

        values: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            at = (*path, len(values))
            value = self._value(event, at)
            if value is None:
                del self._parsed.lines[at]
                self._note(event, path, "", msg("schema.yaml.empty_item"))
                continue
            values.append(value)
        return values

    def _mapping(self, path: Path) -> dict[str, Any]:
        """The keys and values up to the mapping's end; a key that comes twice is a problem, and its first value stays."""
        from yaml import AliasEvent, MappingEndEvent, ScalarEvent

        values: dict[str, Any] = {}
        line_of: dict[str, int] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            if isinstance(event, AliasEvent) or event.anchor is not None or event.tag not in (None, "!"):
                self._value(event, path)
            line = event.start_mark.line + 1
            if not isinstance(event, ScalarEvent):
                raise self._refusal(event, "", msg("schema.yaml.key_text"))
            key = event.value.lstrip(BLANKS)
            at = (*path, key)
            if key != event.value:
                self._note(event, at, event.value, msg("schema.yaml.wide_indent"))
            following = next(self._events)
            wide = wide_key(key) if event.implicit[0] else None
            if wide is not None and wide.rest[:1] in _OPENS:
                raise self._refusal(event, key, wide.needs)
            if (
                wide is not None
                and isinstance(following, ScalarEvent)
                and not following.value
                and following.implicit[0]
            ):
                # Within `{…}` what has no colon is a key without a value.
                self._note(event, (*path, wide.key), key, wide.needs)
                self._parsed.lines[*path, wide.key] = line
                values.setdefault(wide.key, wide.rest or None)
                continue
            if key in line_of:
                self._note(event, path, key, msg("schema.yaml.twice", line=line_of[key]))
                self._value(following, at)
                continue
            line_of[key] = line
            self._parsed.lines[at] = line
            if event.implicit[0] and _not_text(key):
                self._note(event, at, key, msg("schema.yaml.key_text"))
            values[key] = self._value(following, at)
        return values

    def _note(self, event: Any, path: Path, said: str, needs: Message) -> None:
        self._parsed.add_problem(path, said, needs, event.start_mark.line + 1)
        if len(self._parsed.problems) > _MOST_PROBLEMS:
            raise Refusal(self._parsed.problems[0])

    def _refusal(self, event: Any, said: str, needs: Message) -> Refusal:
        return Refusal(Problem(Place(file=self._parsed.file, line=event.start_mark.line + 1), said, needs))


def _not_text(key: str) -> bool:
    """Whether YAML itself would make something else than a text of a plain key."""
    from yaml import SafeLoader

    rules = SafeLoader.yaml_implicit_resolvers.get(key[:1], [])
    return not key or any(rule.match(key) for _, rule in rules)
