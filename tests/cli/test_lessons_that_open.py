"""In a page of HTML the figures of a lesson lead to the deals behind them."""

import re
from pathlib import Path

import pytest
from shell import Shell


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", ["confidence", "contrast", "fates", "lost"])
def test_figures_of_a_lesson_lead_to_its_deals(nippo: Shell, tmp_path: Path, kind: str, language: str) -> None:
    """As many as `--deals` has, to be opened on the same page; every figure of its tables is a link there. No more than two hundred are
    listed, and those that are asked for stand alone as before."""
    demo = ("--journal", str(tmp_path / "demo"), "--lang", language)
    nippo.done("demo", "--keep", demo[1])
    total = nippo.done("lessons", kind, "--deals", "--limit", "0", "--json", *demo).json["total"]
    assert total > 0
    nippo.done("lessons", kind, *demo, "-o", str(tmp_path / "x.html"))
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    before, _, behind = text.partition('<details id="deals">')
    # A deal takes two rows.
    assert behind.partition("</details>")[0].count("<tr>") - 1 == 2 * min(total, 200)
    figures = re.findall(
        r'<td class="right[^"]*" data-head="[^"]*"><span>(.*?)</span></td>', before.partition("<figure")[0]
    )
    linked = [figure for figure in figures if figure.startswith('<a href="#deals">')]
    assert len(linked) == sum(bool(re.search(r"\d", re.sub("<[^>]*>", "", figure))) for figure in figures) > 0
    nippo.done("lessons", kind, "--deals", *demo, "-o", str(tmp_path / "y.html"))
    assert '<details id="deals">' not in (tmp_path / "y.html").read_text(encoding="utf-8")
