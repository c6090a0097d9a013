"""Schemas to begin with, each in Japanese and in English. The default one is the `schema.yaml` at the top of the project."""

from pathlib import Path

from nippo_cli.base.errors import NotFound, msg

_HERE = Path(__file__).parent
_NAMES = ("default", "parts", "agency", "route", "renewal", "minimal", "english")


def names() -> list[str]:
    """Every template's name, `default` first. What it is for: the catalogue key `schema.template.<name>`."""
    return list(_NAMES)


def text_of(name: str, language: str = "ja") -> str:
    """A template as it is written, comments and all. `language` is `ja` or `en`; `english` is English in either.

    Raises:
        NotFound: there is no template of that name.
    """
    if name not in _NAMES:
        raise NotFound(msg("schema.no_template", said=name, allowed=_NAMES))
    file = (_HERE / "en" if language == "en" and name != "english" else _HERE) / f"{name}.yaml"
    if file == _HERE / "default.yaml" and not file.exists():
        # In a checkout the default stands at the top; the wheel carries it here.
        file = _HERE.parents[3] / "schema.yaml"
    return file.read_text(encoding="utf-8")
