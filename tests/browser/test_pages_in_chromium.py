"""Pages as a real browser draws them: nothing is cut off, nothing runs, nothing is asked of the network, axe finds no fault."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nippo_cli.cli.frame.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here"),
    pytest.mark.xdist_group("browser"),
]
PAGES = {
    "today": (), "gap": ("gap",), "stalled": ("gap", "stalled"), "landing": ("landing",), "deal": ("deal", "show", "369"),
    "timeline": ("deal", "timeline", "369"), "steps": ("steps",), "lessons": ("lessons",), "log": ("log", "--limit", "30"),
    "list": ("deal", "list"), "report": ("report",), "help": ("schema", "show"), "promises": ("gap", "promises"),
    "activity": ("gap", "activity"), "mirage": ("gap", "mirage"), "lost": ("lessons", "lost"), "fates": ("lessons", "fates"),
    "months": ("steps", "--by", "month"),
    "timelines": ("deal", "timeline", "369", "343", "538", "629"),
}  # fmt: skip
HOSTILE = "<script>window.hit=1</script><img src=x onerror=window.hit=1><svg onload=window.hit=1>{{7*7}}</style>\u202eabc\x1b[31m"
# What an A4 sheet holds between its margins of 12 mm, in CSS pixels.
SHEET = (703, 1031)
# What is wider than the room that it has; a caption for readers of screens alone has none. Letters in a picture have their own rule.
OVERFLOWING = """() => [...document.querySelectorAll('body *')].filter(e =>
  e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display !== 'inline' && e.tagName !== 'CAPTION'
  && !e.ownerSVGElement
).map(e => e.tagName + ' ' + e.textContent.slice(0, 40))"""

# Of every picture that is shown: letters outside of its frame, and letters over others.
LETTERS_ASTRAY = """() => [...document.querySelectorAll('.picture svg')].filter(
  s => getComputedStyle(s).display !== 'none').flatMap(svg => {
  const frame = svg.viewBox.baseVal, texts = [...svg.querySelectorAll('text')].map(t => [t.getBBox(), t.textContent]);
  const out = texts.filter(([b]) => b.x < -.5 || b.x + b.width > frame.width + .5 || b.y < -2 || b.y + b.height > frame.height + 2);
  const over = texts.filter(([b], i) => texts.some(([o], j) => j < i
    && Math.min(b.x + b.width, o.x + o.width) - Math.max(b.x, o.x) > .5
    && Math.min(b.y + b.height, o.y + o.height) - Math.max(b.y, o.y) > 5));
  return [...out, ...over].map(([, text]) => text);
})"""
PICTURES = (
    "steps",
    "timeline",
    "timelines",
    "deal",
    "stalled",
    "landing",
    "promises",
    "activity",
    "fates",
    "months",
    "report",
)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium."""
    with playwright.sync_playwright() as run:
        opened = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def written(folder: Path, language: str) -> dict[str, Path]:
    """Every page of the demo in one language, as files."""
    # The demo's story is moved to today; on another day of a month its landing may have moved nothing, and has no picture.
    now = "2026-11-30T18:00:00+09:00"
    env = {"NIPPO_LANG": language, "NIPPO_NOW": now, "XDG_STATE_HOME": str(folder / "state"), "TZ": "Asia/Tokyo"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        _nippo("demo", "--keep", str(folder / "demo"))
        files = {name: folder / f"{name}.html" for name in PAGES}
        for name, argv in PAGES.items():
            _nippo(*argv, "--journal", str(folder / "demo"), "-o", str(files[name]))
    return files


def _nippo(*argv: str) -> None:
    assert main([*argv, "--no-input"]) == 0, argv


@pytest.fixture(scope="module", params=["ja", "en"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages in a language."""
    return written(tmp_path_factory.mktemp(f"pages-{request.param}"), request.param)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1024, "light")])
def test_nothing_is_wider_than_its_room(browser: "Browser", pages: dict[str, Path], width: int, scheme: str) -> None:
    """On a telephone and on a desk, light and dark, with Japanese fonts: no element's content is wider than it; and a page asks for
    nothing but itself."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name, path in pages.items():
        asked.clear()
        page.goto(path.as_uri())
        assert page.evaluate(OVERFLOWING) == [], (name, width)
        assert page.evaluate(LETTERS_ASTRAY) == [], (name, width)
        shown = page.evaluate("[...document.querySelectorAll('.picture svg')].filter(s => s.clientWidth > 0).length")
        assert (shown > 0) is (name in PICTURES), name
        assert asked == [path.as_uri()]
    page.close()


def test_no_table_is_wider_than_paper_or_a_tablet(browser: "Browser", pages: dict[str, Path]) -> None:
    """An A4 sheet between its margins, and screens between a telephone and a desk."""
    page = browser.new_page()
    for name, path in pages.items():
        page.goto(path.as_uri())
        for width, media in ((SHEET[0], "print"), (768, "screen"), (1000, "screen"), (1240, "screen")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(media=media)
            assert page.evaluate(OVERFLOWING) == [], (name, width, media)
    page.close()


def test_a_pressed_figure_shows_its_list(browser: "Browser", pages: dict[str, Path]) -> None:
    """Without a script: a list is not there before its figure is pressed, then in view, open; and axe finds no fault in it. Lines of text
    that begin with a figure stand on paper, the lists don't."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(pages["mirage"].as_uri())
    assert page.locator(".called:visible").count() == 0
    figure = page.locator("p a[href^='#mirage-']").first
    figure.click()
    [shown] = page.locator(".called:visible").all()
    assert shown.locator("p").count() > 1
    box = shown.bounding_box()
    assert box is not None
    assert box["y"] < 720
    faults = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]
    assert [fault["id"] for fault in faults] == []
    page.emulate_media(media="print")
    assert figure.is_visible()
    assert page.locator(".called:visible").count() == 0
    context.close()


def test_axe_finds_nothing(browser: "Browser", pages: dict[str, Path]) -> None:
    """WCAG 2.2 A and AA, as far as a program can tell: contrast, names, landmarks, tables; every other page in the dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    for at, name in enumerate(("today", "gap", "list", *PICTURES)):
        page.emulate_media(color_scheme="dark" if at % 2 else "light")
        page.goto(pages[name].as_uri())
        faults = axe.run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
        ).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in faults] == [], name
    context.close()


def test_on_paper_heads_come_again_and_no_row_is_cut(browser: "Browser", pages: dict[str, Path]) -> None:
    """A4: the list of deals takes more than one page and repeats its heads; a deal's own page is no more than three."""
    page = browser.new_page()
    page.goto(pages["log"].as_uri())
    assert _sheets(page.pdf(prefer_css_page_size=True)) >= 2
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('body')).backgroundColor") == "rgb(255, 255, 255)"
    page.goto(pages["list"].as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.evaluate("getComputedStyle(document.querySelector('tbody tr')).breakInside") == "avoid"
    page.close()


def test_the_report_is_four_sheets_and_its_first_page_one(browser: "Browser", pages: dict[str, Path]) -> None:
    """A4: the demo's report, its lines closed, takes four sheets at most; what stands before its first part fits on one; nothing on paper
    is wider than its room; the file is no larger than 500 KB."""
    assert pages["report"].stat().st_size < 500_000
    page = browser.new_page(viewport={"width": SHEET[0], "height": SHEET[1]})
    page.goto(pages["report"].as_uri())
    assert _sheets(page.pdf(prefer_css_page_size=True)) <= 4
    page.emulate_media(media="print")
    assert (
        page.evaluate("document.querySelector('.part1').previousElementSibling.getBoundingClientRect().bottom")
        <= SHEET[1]
    )
    assert page.evaluate(OVERFLOWING) == []
    page.close()


def test_a_number_of_the_report_leads_to_what_stands_behind_it(browser: "Browser", pages: dict[str, Path]) -> None:
    """Without a script: a press on the first deal to talk about comes to its line, on a month's figure to its deals; both open."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["report"].as_uri())
    for link in ("a[href^='#deal-']", "a[href^='#month-']"):
        page.locator(f"{link}:visible").first.click()
        opened = page.locator(":target")
        assert opened.count() == 1
        box = opened.bounding_box()
        assert box is not None
        assert box["y"] < 720
        opened.locator("> summary").click()
        assert opened.locator("> :not(summary)").first.is_visible()
    context.close()


def _sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_stored_text_drives_nothing(browser: "Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts, pictures, templates, ends of style sheets, marks that turn text around: they are shown, and nothing happens."""
    monkeypatch.setenv("NIPPO_LANG", "ja")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    journal, out = str(tmp_path / "j"), tmp_path / "x.html"
    _nippo(
        "add",
        f"案件{HOSTILE}",
        "--new-deal",
        "--customer",
        HOSTILE,
        "--activity",
        "社内",
        "-m",
        HOSTILE * 20,
        "--journal",
        journal,
    )
    # The policy is taken away: the escaping has to hold alone.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    for argv in (("log",), ("deal", "list"), ("deal", "show", "2"), ("gap",)):
        _nippo(*argv, "--journal", journal, "-o", str(out), "--force")
        page.goto(out.as_uri())
        assert page.evaluate("window.hit") is None
        assert page.evaluate("document.querySelectorAll('script, img, iframe, object').length") == 0
        assert page.evaluate("document.querySelectorAll('svg:not(.picture > svg), .picture [onload]').length") == 0
        assert "{{7*7}}" in page.evaluate("document.body.innerText") or argv == ("gap",)
    context.close()
