"""What the fields of a schema are called as options: `--next-step` by the key, `--所感` by the label."""

from collections import Counter
from collections.abc import Container, Sequence


def flag_of_key(key: str) -> str:
    """The option that a field's key makes."""
    return f"--{key.replace('_', '-')}"


def flag_of_label(label: str) -> str:
    """The option that a field's label makes, as the screen shows it; empty where none can be made of it."""
    said = "-".join(label.casefold().split())
    return (
        f"--{said}"
        if said[:1] not in ("", "-", "・") and all(char.isalnum() or char in "_-・" for char in said)
        else ""
    )


def flags_of_labels(fields: Sequence[tuple[str, str]], taken: Container[str]) -> list[str]:
    """The option by which each field may be typed besides its key's; empty where its label makes none, or another's.

    Args:
        fields: the key and the label of each that the command takes.
        taken: the command's other options.
    """
    made = [(flag_of_key(key), flag_of_label(label)) for key, label in fields]
    called = Counter(flag for pair in made for flag in set(pair))
    return [
        by_label if by_label != by_key and called[by_label] == 1 and by_label not in taken else ""
        for by_key, by_label in made
    ]
