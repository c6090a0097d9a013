"""In a page of HTML the figures of a lesson lead to the deals behind them."""

import re
from pathlib import Path

import pytest
from shell import Shell


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", ["confidence", "contrast", "fates", "lost"])
def test_figures_of_a_lesson_lead_to_its_deals(nippo: Shell, tmp_path: Path, kind: str, language: str) -> None:
    """All of them in a table, to be opened on the same page, no more than two hundred; a figure that counts some of them leads to just
    these. Those that are asked for stand alone as before."""
    demo = ("--journal", str(tmp_path / "demo"), "--lang", language)
    nippo.done("demo", "--keep", demo[1])
    total = nippo.done("lessons", kind, "--deals", "--limit", "0", "--json", *demo).json["total"]
    assert total > 0
    nippo.done("lessons", kind, *demo, "-o", str(tmp_path / "x.html"))
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    behind = text.partition('<details id="deals">')[2]
    # A deal takes two rows.
    assert behind.partition("</details>")[0].count("<tr>") - 1 == 2 * min(total, 200)
    lists = dict(re.findall(r'(?s)<div class="called" id="([^"]+)">(.*?)</div>', text))
    counts = re.findall(r'<a href="#([^"]+)">(?:<span class="dim">)?([\d,]+)(?:</span>)?</a>', text)
    assert len(counts) > 3
    for anchor, count in counts:
        assert lists[anchor].count("<p>") == int(count.replace(",", "")), (anchor, count)
    nippo.done("lessons", kind, "--deals", *demo, "-o", str(tmp_path / "y.html"))
    assert '<details id="deals">' not in (tmp_path / "y.html").read_text(encoding="utf-8")
