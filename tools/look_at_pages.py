"""Every page of the demo as a browser and a printer draw it, to be looked at: `python tools/look_at_pages.py FOLDER [NAME …]`.

Of each page, in both languages: a telephone, a desk and paper, each light, dark and in grey, as a picture; its sheets of A4; and one
contact sheet with all nine. Needs playwright, Chromium, and `pdftoppm` for the sheets.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from nippo_cli.cli.frame.main import main

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_GAPS = ("stalled", "mirage", "fizzled", "broken", "next", "aftercare", "promises", "activity", "unlinked", "revisit")
_LESSONS = ("lost", "fates", "contrast", "confidence", "words", "cases")
PAGES: Final[dict[str, tuple[str, ...]]] = {
    "today": (), "report": ("report",), "report-open": ("report", "--unfold"), "report-anonymous": ("report", "--anonymous"),
    "gap": ("gap",), "gap-by-owner": ("gap", "--by", "owner"), "gap-compare": ("gap", "--compare", "9/1"),
    **{f"gap-{kind}": ("gap", kind) for kind in _GAPS},
    "landing": ("landing",), "landing-half": ("landing", "--half"), "landing-year": ("landing", "--fiscal-year", "--basis", "sale"),
    "steps": ("steps",), "steps-owner": ("steps", "--by", "owner"), "steps-month": ("steps", "--by", "month"),
    "lessons": ("lessons",), **{f"lessons-{kind}": ("lessons", kind) for kind in _LESSONS},
    "deals": ("deal", "list"), "summary": ("deal", "list", "--summary"), "deal": ("deal", "show", "369"),
    "timeline": ("deal", "timeline", "369"), "timelines": ("deal", "timeline", "369", "343", "538", "629"),
    "precedents": ("deal", "precedents", "369"), "story": ("deal", "story", "214"), "entry": ("show", "232"),
    "log": ("log", "--limit", "30"), "week": ("log", "--week"), "search": ("search", "10"), "prep": ("prep", "369"), "day": ("day",),
    "customers": ("customer",), "customer": ("customer", "CUSTOMER"),
    "people": ("customer", "people"), "person": ("customer", "people", "CUSTOMER", "PERSON"),
    "sales": ("sales", "list"), "match": ("sales", "match"),
    "targets": ("target", "list"), "comments": ("comment",), "follows": ("follow",), "tidy": ("tidy",), "sweep": ("sweep",),
    "schema": ("schema", "show"), "doctor": ("doctor",), "marks": ("form", "marks"),
}  # fmt: skip
_WIDTHS = {"360": 360, "1024": 1024, "a4": 703}
_SCHEMES = ("light", "dark", "grey")
# Whom a page is about that is asked for by a name: the demo's people have others in English.
_NAMED: Final = {
    "ja": {"CUSTOMER": "雲雀", "PERSON": "山口"},
    "en": {"CUSTOMER": "Hibari", "PERSON": "Yamaguchi"},
}
# The demo's story is moved to today.
_NOW = "2026-11-30T18:00:00+09:00"


def write_pages(folder: Path, language: str, names: "list[str]") -> "dict[str, Path]":
    """The demo's pages in a language, as files."""
    os.environ.update(NIPPO_LANG=language, NIPPO_NOW=_NOW, TZ="Asia/Tokyo", XDG_STATE_HOME=str(folder / "state"))
    demo, pages = folder / f"demo-{language}", folder / language
    pages.mkdir(parents=True, exist_ok=True)
    if not demo.exists():
        main(["demo", "--keep", str(demo), "--no-input"])
    files = {}
    for name in names:
        path = pages / f"{name}.html"
        argv = [_NAMED[language].get(word, word) for word in PAGES[name]]
        if main([*argv, "--journal", str(demo), "-o", str(path), "--force", "--no-input"]) == 0:
            files[name] = path
    return files


def take_pictures(browser: "Browser", path: Path) -> "list[Path]":
    """A page in the nine ways in which it is read."""
    taken = []
    for scheme in _SCHEMES:
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True)
        page = context.new_page()
        page.goto(path.as_uri())
        if scheme == "grey":
            page.add_style_tag(content="html { filter: grayscale(1); }")
        for name, width in _WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(media="print" if name == "a4" else "screen")
            high = min(page.evaluate("document.documentElement.scrollHeight"), 6 * width)
            picture = path.with_name(f"{path.stem}-{name}-{scheme}.png")
            page.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": high})
            taken.append(picture)
        if scheme == "light":
            page.pdf(path=path.with_suffix(".pdf"), prefer_css_page_size=True)
        context.close()
    return taken


def contact_sheet(browser: "Browser", pictures: "list[Path]", into: Path) -> None:
    """The nine on one picture, the tops of long ones."""
    shown = "".join(
        f'<figure><img src="{picture.as_uri()}"><figcaption>{picture.stem}</figcaption></figure>'
        for picture in pictures
    )
    style = (
        "body{display:flex;flex-wrap:wrap;gap:8px;margin:8px;background:#888;font:12px sans-serif}figure{margin:0}"
        "img{width:420px;max-height:640px;object-fit:cover;object-position:top}"
    )
    into.with_suffix(".html").write_text(f"<!doctype html><style>{style}</style>{shown}", encoding="utf-8")
    page = browser.new_page(viewport={"width": 1310, "height": 900})
    page.goto(into.with_suffix(".html").as_uri())
    page.screenshot(path=into, full_page=True)
    page.close()
    into.with_suffix(".html").unlink()


def print_sheets(path: Path) -> None:
    """The sheets of A4 of a page, a picture each."""
    if shutil.which("pdftoppm"):
        subprocess.run(["pdftoppm", "-r", "80", "-png", path.with_suffix(".pdf"), path.with_suffix("")], check=True)


def look(folder: Path, names: "list[str]") -> None:
    """All of it."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language in ("ja", "en"):
            for name, path in write_pages(folder, language, names).items():
                contact_sheet(browser, take_pictures(browser, path), folder / f"{language}-{name}.png")
                print_sheets(path)
        browser.close()


if __name__ == "__main__":
    _, _FOLDER, *_NAMES = sys.argv
    look(Path(_FOLDER).resolve(), _NAMES or list(PAGES))
