"""Every page of a past day is printed again byte for byte, whatever is written, imported or corrected later."""

import io
import os
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from diary import Diary
from hypothesis import Phase, example, given, settings, strategies as st
from story import Story, back, step, values

from nippo_cli.cli.frame.main import main

PAGES = (
    (), ("gap",), ("gap", "stalled"), ("gap", "mirage"), ("gap", "next"), ("gap", "broken"), ("gap", "fizzled"),
    ("gap", "aftercare"), ("gap", "unlinked"), ("gap", "promises", "--since", "1y"), ("gap", "activity"), ("steps",),
    ("steps", "--by", "owner"), ("steps", "--by", "month"), ("steps", "--deals", "lead"), ("lessons",),
    ("lessons", "lost", "--deals"), ("lessons", "fates", "--deals"), ("lessons", "contrast", "--age", "7d"),
    ("lessons", "confidence"), ("lessons", "words", "--deals"), ("lessons", "cases"), ("deal", "list"),
    ("deal", "list", "--all"), ("log",), ("search", "見積"), ("sales", "list"), ("customer",), ("customer", "--near"),
    ("customer", "東亜"), ("prep", "東亜"),
    ("day",), ("comment",),
)  # fmt: skip
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
# What later steps touch is begun first.
BEGUN = st.lists(st.tuples(st.just("begin"), values, back), min_size=2, max_size=5)
STEPS = st.builds(list.__add__, BEGUN, st.lists(step, max_size=15))


def printed(diary: Diary, day: date) -> dict[str, str]:
    """Each page of a day as JSON, and what it refused."""
    out = {}
    env = {"NIPPO_NOW": f"{diary.today}T18:00:00+09:00", "NIPPO_LANG": "ja", "TZ": "Asia/Tokyo", "NIPPO_AUTHOR": "佐藤"}
    with patch.dict(os.environ, env):
        for page in PAGES:
            said = io.StringIO()
            with redirect_stdout(said), redirect_stderr(io.StringIO()) as wrong:
                code = main(["--journal", str(diary.path.parent), *page, "--as-of", day.isoformat(), "--json"])
            assert code in (0, 1, 3, 4), (page, wrong.getvalue())
            out[" ".join(page)] = said.getvalue()
    return out


def put_off(stage: str = "quote") -> list[tuple[Any, ...]]:
    """Four deals that were promised for one month and not won in it, of one amount."""
    begun = {"stage": stage, "closes": "2026-03-01/2026-03-31", "amount": 1, "activity": "call", "facts": "見積"}
    return [*[("begin", begun, 0)] * 4, ("day", 90)]


@settings(max_examples=12, phases=PHASES, deadline=None)
@given(STEPS, st.lists(step, min_size=1, max_size=12))
@example(put_off(), [("add", 0, {"facts": "値引"}, 0)])
@example(put_off(), [("retract", 1), ("merge", 2, 0)])
def test_a_past_days_pages_are_printed_again_byte_for_byte(
    before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]
) -> None:
    """On the evening itself and after later writes, of every page and list; what is imported late was known then."""
    with tempfile.TemporaryDirectory() as folder:
        diary = Diary(Path(folder) / "j")
        story = Story(diary)
        for what, *said in before:
            story.tell(what, *said)
        day = diary.today
        then = printed(diary, day)
        diary.today += timedelta(days=1)
        for what, *said in after:
            if what != "late_import":
                story.tell(what, *said)
        now = printed(diary, day)
    for page, said in then.items():
        assert now[page] == said, page
