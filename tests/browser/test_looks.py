"""Page one of the report as it looked when it was last looked at: on a telephone, on a desk and on paper, light, dark and in grey, in both
languages. `pytest --snapshot-update tests/browser/test_looks.py` takes the pictures anew: look at them before you keep them."""

import base64
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nippo_cli.cli.frame.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here"),
    pytest.mark.xdist_group("browser"),
]
LOOKS = Path(__file__).parent / "looks"
MADE_BY = LOOKS / "made-by.json"
# As wide as a telephone, a desk, and an A4 sheet between its margins. A pixel of a picture is eight by eight of the page.
WIDTHS = {"360": 360, "1024": 1024, "a4": 703}
SCALE, HIGHEST = 0.125, 2400
# Squares of so many pixels are held against each other; of them so many may differ by more than so much (of 255).
SQUARE, MOST_DIFFERENT, DIFFERENT = 2, 0.008, 20
COMPARE = """async ([one, other, side, different]) => {
  const draw = async data => {
    const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), on = canvas.getContext('2d');
    on.drawImage(image, 0, 0);
    return [image.width, image.height, on.getImageData(0, 0, image.width, image.height).data];
  };
  const [[w, h, a], [ow, oh, b]] = [await draw(one), await draw(other)];
  if (w !== ow || Math.abs(h - oh) > side) return [1, `${w}x${h}`, `${ow}x${oh}`];
  let squares = 0, apart = 0;
  for (let y = 0; y + side <= Math.min(h, oh); y += side) for (let x = 0; x + side <= w; x += side) {
    const sums = [0, 0, 0];
    for (let dy = 0; dy < side; dy++) for (let dx = 0; dx < side; dx++) for (let c = 0; c < 3; c++) {
      const at = ((y + dy) * w + x + dx) * 4 + c; sums[c] += a[at] - b[at];
    }
    squares++; apart += sums.some(sum => Math.abs(sum) / side / side > different);
  }
  return [apart / squares, `${w}x${h}`, `${ow}x${oh}`];
}"""
# As wide as these letters are drawn, plain and bold, by which fonts are told apart.
LETTERS = """() => ['400', '700'].map(weight => {
  const on = document.createElement('span'); on.textContent = '月曜の頁 受注日 Ag 0,123'; on.style.fontSize = '20px';
  on.style.fontWeight = weight; document.body.append(on); const wide = on.getBoundingClientRect().width; on.remove();
  return Math.round(wide * 10) / 10;
})"""


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium."""
    with playwright.sync_playwright() as run:
        opened = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=["ja", "en"])
def front(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The demo's page one as a file of its own, and its language."""
    folder = tmp_path_factory.mktemp(f"looks-{request.param}")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("NIPPO_LANG", request.param),
            # The demo's story is moved to today.
            ("NIPPO_NOW", "2026-11-30T18:00:00+09:00"),
            ("XDG_STATE_HOME", str(folder / "state")),
            ("TZ", "Asia/Tokyo"),
        ):
            patch.setenv(name, value)
        demo = str(folder / "demo")
        for argv in (
            ("demo", "--keep", demo),
            ("report", "--journal", demo, "--as-of", "2026-11-30", "-o", f"{folder}/out/"),
        ):
            assert main([*argv, "--no-input"]) == 0, argv
    return request.param, folder / "out" / "2026-11-30" / "monday.html"


@pytest.mark.parametrize("width", ["360", "1024", "a4"])
@pytest.mark.parametrize("scheme", ["light", "dark", "grey"])
def test_page_one_looks_as_it_did(
    browser: "Browser", front: tuple[str, Path], scheme: str, width: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """But for eight squares of a thousand. Paper is as light in the dark. Another Chromium, or other fonts, draw otherwise: then nothing is
    compared."""
    language, path = front
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": 900},
        device_scale_factor=SCALE,
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(path.as_uri())
    if width == "a4":
        page.emulate_media(media="print")
    if scheme == "grey":
        page.add_style_tag(content="html { filter: grayscale(1); }")
    made_by = {"chromium": browser.version, "letters": page.evaluate(LETTERS)}
    looks_like = "light" if (width, scheme) == ("a4", "dark") else scheme
    taken, kept = _picture(page, WIDTHS[width]), LOOKS / f"{language}-{width}-{looks_like}.png"
    if request.config.getoption("update_snapshots"):
        LOOKS.mkdir(exist_ok=True)
        kept.write_bytes(taken)
        MADE_BY.write_text(json.dumps(made_by) + "\n", encoding="utf-8")
    known = json.loads(MADE_BY.read_text(encoding="utf-8"))
    if made_by != known:
        pytest.skip(f"the pictures were made by {known}, this is {made_by}")
    now = tmp_path / kept.name
    now.write_bytes(taken)
    said = [base64.b64encode(data).decode() for data in (kept.read_bytes(), taken)]
    apart, was, is_now = page.evaluate(COMPARE, [*said, SQUARE, DIFFERENT])
    context.close()
    assert apart <= MOST_DIFFERENT, f"{apart:.1%} of {kept} ({was}) looks otherwise: see {now} ({is_now})"


def test_a_changed_page_does_not_look_as_it_did(browser: "Browser", front: tuple[str, Path]) -> None:
    """The measure itself: nothing has changed where nothing has; a heading gone, or a picture in another colour, is noticed."""
    page = browser.new_page(viewport={"width": 1024, "height": 900}, device_scale_factor=SCALE, bypass_csp=True)
    page.goto(front[1].as_uri())
    before = base64.b64encode(_picture(page, 1024)).decode()
    changes = (
        ("0", 0.0), ("document.querySelectorAll('.picture rect').forEach(one => one.style.fill = '#a8071a')", MOST_DIFFERENT),
        ("document.querySelectorAll('h2')[1].style.visibility = 'hidden'", 0.001),
    )  # fmt: skip
    for change, least in changes:
        page.evaluate(change)
        after = base64.b64encode(_picture(page, 1024)).decode()
        apart = page.evaluate(COMPARE, [before, after, SQUARE, DIFFERENT])[0]
        assert apart == 0 if not least else apart > least, (change, apart)
    page.close()


def _picture(page: "Page", wide: int) -> bytes:
    high = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
    return page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": wide, "height": high})
