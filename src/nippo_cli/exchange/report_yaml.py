"""`nippo add --from-file`: entries written in YAML, JSON or JSONL, as raw drafts with their lines.

A document is one entry or a list of them. The keys are the schema's field keys or labels, and these of nippo's
own: `on`, `deal`, `new_deal`, `parent`, `by`, `meeting`, `later`, `change_customer`. Every scalar stays the text that it was written as.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from nippo_cli.base.errors import EntryRefused, Message, Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.objects import UnreadableObject, values
from nippo_cli.exchange.tree import Branch, Leaf, Listing, Tree, read_tree
from nippo_cli.schema.yaml_wide import typed_wide

OWN_KEYS = ("on", "deal", "new_deal", "parent", "by", "meeting", "later", "change_customer")
ReportFormat: TypeAlias = Literal["yaml", "json", "jsonl"]
_BY_SUFFIX: Mapping[str, ReportFormat] = {
    "yaml": "yaml",
    "yml": "yaml",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
}
_YES_NO = {"true": True, "yes": True, "false": False, "no": False, "": False}


class RawDraft(NamedTuple):
    """An entry as it was written. `raw` is by field key or label, its values texts, lists and mappings; `where` is
    where the entry begins, `lines` where each of its keys stands (from 1). What is not said is None or False."""

    where: Place
    raw: Mapping[str, object]
    lines: Mapping[str, int]
    on: str | None = None
    deal: str | None = None
    new_deal: bool = False
    parent: str | None = None
    by: str | None = None
    meeting: str | None = None
    later: bool = False
    change_customer: bool = False


def read_reports(text: str, file: str, *, deal_names: Sequence[str] = ()) -> list[RawDraft]:
    """The entries of a text, in its order. `file` names it in problems, and its ending says what it is; where it has
    none that is known (`-`), a text that begins with `{` or `[` is JSON or JSONL, any other YAML.

    `deal_names` are other names of the key `deal`: the label that the schema gives it.

    Raises:
        EntryRefused: with every problem of the text's form.
    """
    problems: list[Problem] = []
    trees = list(_trees(text, file, problems))
    drafts = [draft for tree in trees if (draft := _draft(tree, file, deal_names, problems)) is not None]
    if not trees and not problems:
        problems.append(Problem(Place(file=file, line=1), "", msg("exchange.report.nothing")))
    if problems:
        raise EntryRefused(msg("exchange.report.refused", path=file, n=len(problems)), problems=problems)
    return drafts


def _trees(text: str, file: str, problems: list[Problem]) -> Iterator[Tree]:
    text = text.removeprefix("\ufeff")
    by_suffix = _BY_SUFFIX.get(file.rpartition(".")[2].lower()) if "." in file else None
    how = by_suffix or ("json" if text.lstrip()[:1] in ("{", "[") else "yaml")
    if how == "yaml":
        tree = read_tree(text, file, problems)
        if tree is not None:
            yield from tree.items if isinstance(tree, Listing) else (tree,)
    else:
        yield from _json_trees(text, file, problems)


def _json_trees(text: str, file: str, problems: list[Problem]) -> Iterator[Tree]:
    """A list's items, or values one after another: JSON and JSONL alike."""
    try:
        for line, value in values(text):
            yield _tree(value, line)
    except UnreadableObject as broken:
        problems.append(Problem(Place(file=file, line=broken.line), "", msg("exchange.report.broken_json")))


def _tree(value: Any, line: int) -> Tree:
    if isinstance(value, dict):
        # A null says nothing, as an empty value does in YAML.
        pairs = ((key, line, _tree(part, line)) for key, part in value.items() if part is not None)
        return Branch(tuple(pairs), line)
    if isinstance(value, list):
        return Listing(tuple(_tree(part, line) for part in value), line)
    if isinstance(value, bool):
        return Leaf("true" if value else "false", line)
    return Leaf(value if isinstance(value, str) else "", line)


def _draft(tree: Tree, file: str, deal_names: Sequence[str], problems: list[Problem]) -> RawDraft | None:
    """One entry as it was written; None, with the problem added, where it is no mapping."""
    if not isinstance(tree, Branch):
        said = tree.text if isinstance(tree, Leaf) else ""
        needs = typed_wide(said) or msg("exchange.report.mapping_needed")
        problems.append(Problem(Place(file=file, line=tree.line), said, needs))
        return None
    own: dict[str, tuple[str, int]] = {}
    raw: dict[str, object] = {}
    lines: dict[str, int] = {}
    for key, line, part in tree.pairs:
        # `new-deal`, as the option is written, will do.
        plain_key = key.replace("-", "_")
        name = "deal" if key in deal_names else plain_key if plain_key in OWN_KEYS else key
        lines[name] = line
        if name not in OWN_KEYS:
            raw[name] = plain(part)
        elif isinstance(part, Leaf) and name not in own:
            own[name] = part.text.strip(), line
        else:
            needs = msg("exchange.report.text_needed") if name not in own else msg("exchange.report.twice")
            problems.append(_problem(file, name, line, "", needs))

    def flag(name: str) -> bool:
        said, line = own.get(name, ("", tree.line))
        if said.lower() not in _YES_NO:
            problems.append(_problem(file, name, line, said, msg("exchange.needs.flag")))
        return _YES_NO.get(said.lower(), False)

    texts = {name: own.get(name, ("", 0))[0] or None for name in ("on", "deal", "parent", "by", "meeting")}
    where = Place(file=file, line=tree.line)
    return RawDraft(
        where, raw, lines, **texts,
        new_deal=flag("new_deal"), later=flag("later"), change_customer=flag("change_customer"),
    )  # fmt: skip


def plain(tree: Tree) -> object:
    """A tree as texts, lists and mappings."""
    if isinstance(tree, Leaf):
        return tree.text
    if isinstance(tree, Listing):
        return [plain(part) for part in tree.items]
    return {key: plain(part) for key, _, part in tree.pairs}


def _problem(file: str, field: str, line: int, said: str, needs: Message) -> Problem:
    return Problem(Place(field=field, file=file, line=line), said, needs)
