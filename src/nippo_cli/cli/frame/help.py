"""Help pages in the user's language, aligned with full-width characters."""

from collections.abc import Iterator, Sequence
from shutil import get_terminal_size
from typing import Any

from nippo_cli.base.language import t
from nippo_cli.base.text import pad, visible, width
from nippo_cli.cli.frame.grammar import HOME
from nippo_cli.render.draw import breaks

_WIDEST_LEFT = 34


def page_of(command: Any, ctx: Any) -> str:
    """The whole help page of a command or a group."""
    columns = _columns()
    rows: list[str] = [_usage(command, ctx), ""]
    for paragraph in t(command.help or "").strip().split("\n"):
        rows += _wrapped(paragraph, columns, indent=2)
    params = command.get_params(ctx)
    arguments = [p for p in params if p.param_type_name == "argument" and not p.hidden]
    options = [p for p in params if p.param_type_name == "option" and not p.hidden]
    rows += _section(t("cli.help.arguments"), [(p.name.upper(), t(p.help or "")) for p in arguments], columns)
    for panel, title in (
        (None, t("cli.help.options")),
        ("fields", t("cli.help.fields")),
        ("shared", t("cli.help.shared")),
    ):
        chosen = [p for p in options if p.rich_help_panel == panel]
        rows += _section(title, [(_flags(p), _option_help(p)) for p in chosen], columns)
    if hasattr(command, "described"):
        pairs = [(name, t(key).strip().split("\n")[0]) for name, key in command.described()]
        rows += _section(t("cli.help.commands"), pairs, columns)
    if command.epilog:
        rows += ["", *command.epilog.split("\n")]
    return "\n".join(rows)


def home_page(ctx: Any) -> str:
    """What `nippo --help` says: the daily commands in groups, a line each, within a terminal of 24 rows."""
    columns = _columns()
    titles = {group: t(f"cli.home.group.{group}") for group in HOME}
    left = max(map(width, titles.values())) + 2
    middle = max(len(name) for names in HOME.values() for name in names) + 2
    rows = [*_wrapped(f"{t('cli.help.usage')}: {ctx.command_path} {t('cli.home.usage')}", columns, indent=0)]
    for group, names in HOME.items():
        for place, name in enumerate(names):
            title = titles[group] if place == 0 else ""
            rows.append(f"{pad(title, left)}{pad(name, middle)}{t(f'cli.home.{name}')}")
    return "\n".join([*rows, *_wrapped(t("cli.home.more"), columns, indent=0)])


def _usage(command: Any, ctx: Any) -> str:
    parts = [ctx.command_path]
    for param in command.params:
        if param.param_type_name == "argument" and not param.hidden:
            name = param.name.upper() + ("..." if param.nargs == -1 else "")
            parts.append(name if param.required else f"[{name}]")
    parts.append(t("cli.help.options_mark"))
    if hasattr(command, "described"):
        parts.append(t("cli.help.command_mark"))
    return f"{t('cli.help.usage')}: {' '.join(parts)}"


def _flags(param: Any) -> str:
    # A field's label, which is an option too, stands beside it already.
    opts = (
        [name for name in param.opts if name == param.opts[0] or len(name) == 2]
        if param.rich_help_panel == "fields"
        else param.opts
    )
    names = ", ".join([*opts, *param.secondary_opts])
    return f"{names} {param.metavar}" if param.metavar else names


def _option_help(param: Any) -> str:
    # Typer's own two options come with English help alone.
    if param.name in ("install_completion", "show_completion"):
        return t(f"cli.help.{param.name}")
    # A field of the schema has its own words.
    return (param.help or "") if param.rich_help_panel == "fields" else t(param.help or "")


def _section(title: str, pairs: Sequence[tuple[str, str]], columns: int) -> Iterator[str]:
    """The rows of a section: each name with its help beside it, or below it where the name is too wide."""
    if not pairs:
        return
    yield ""
    yield f"{title}:"
    left = min(_WIDEST_LEFT, max(width(a) for a, _ in pairs))
    for name, help_text in pairs:
        shown = [*_wrapped(visible(help_text), columns - left - 4, indent=0)] or [""]
        if width(name) > left:
            yield f"  {name}"
            yield f"  {' ' * left}  {shown[0]}"
        else:
            yield f"  {pad(name, left)}  {shown[0]}".rstrip()
        for row in shown[1:]:
            yield f"  {' ' * left}  {row}"


def _wrapped(text: str, columns: int, *, indent: int) -> Iterator[str]:
    """Rows no wider than `columns`."""
    said = text.strip()
    for start, stop in breaks(said, max(20, columns - indent)):
        yield " " * indent + said[start:stop]


def _columns() -> int:
    return max(40, min(100, get_terminal_size().columns))
