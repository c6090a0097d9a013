"""Write the story of `nippo demo` anew: `python tools/make_demo.py`."""

from pathlib import Path

from demo_story.story import lines_of, make_story

_HERE = Path(__file__).parents[1] / "src" / "nippo_cli" / "services" / "care"
# The same story in each language.
FILES = {"ja": _HERE / "demo.jsonl", "en": _HERE / "demo.en.jsonl"}


def text(language: str) -> str:
    """A language's file as it is to be."""
    return "".join(f"{line}\n" for line in lines_of(make_story(), language))


if __name__ == "__main__":
    for language, file in FILES.items():
        file.write_text(text(language), encoding="utf-8", newline="\n")
