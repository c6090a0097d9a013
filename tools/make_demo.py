"""Write the story of `nippo demo` anew: `python tools/make_demo.py`."""

from pathlib import Path

from demo_story.story import lines_of, make_story

FILE = Path(__file__).parents[1] / "src" / "nippo_cli" / "services" / "care" / "demo.jsonl"


def text() -> str:
    """The file as it is to be."""
    return "".join(f"{line}\n" for line in lines_of(make_story()))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8", newline="\n")
