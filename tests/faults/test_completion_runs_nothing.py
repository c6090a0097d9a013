"""Whatever a name holds and whatever quote is open, TAB makes of it the name itself or the deal's id, and runs nothing."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from typing import NamedTuple
from unicodedata import category

import pytest
from diary import Diary
from real_shells import Desk, Session, program

from nippo_cli.cli.completion.completing import offered
from nippo_cli.cli.completion.shell_words import Typed, spell

# What a name holds beside its mark. Run or redirected, it would leave a file `canary`; expanded, it would be another word.
NASTY = (
    "$(touch canary)", "`touch canary`", '"$(touch canary)"', "'$(touch canary)'", "\\$(touch canary)", "\\`touch canary`",
    "; touch canary; ", "'; touch canary; '", '"; touch canary; "', "| touch canary", "& touch canary &", "&& touch canary",
    "|| touch canary", ">canary", ">>canary", "<(touch canary)", ">(touch canary)", "=(touch canary)", "(touch canary)",
    "{touch,canary}", "\ntouch canary\n", "\r touch canary\r", "$'\\x24(touch canary)'", "${x:=$(touch canary)}", "$[1+1]",
    "$((1+1))", "$HOME", "$$", "$", "~", "~root", "~+", "=ls", "^a^b", "!!", "!$", "!e", "#x", " #x", "%1", "%{x%}",
    "*", "?", "[a-z]*", "**/*", "@(a|b)*", "+(a)*", "*(e:'touch canary':)", "{a,b}", "{1..3}", "-x", "--output=canary",
    "'", '"', "''", '""', "\\", "\\\\", "a\\", "a'", 'a"', "a`", "a$", "'\\''", "\\'", "a:b", "a=b", "a:::b", "a@b", "a+b",
    "R&D", "O'Brien", "100%", "<b>", "a\tb", "a\tb -- c", "\x1b]0;x\x07", "\x1b[31m", "\x7f", "\x01", "\x85", "\u2028",
    "\u202e", "\u200b", "\ufdd0", "\uf600", "‘; touch canary; ‘", "、e; touch canary",
)  # fmt: skip
# What people name deals: by name in every quote.
PLAIN = (
    "砥川 部品洗浄機",
    "（株）青葉・本社　第２工場",
    "(株)青葉 増設",
    "ﾛﾎﾞｯﾄ①〜",
    "Ａ社/B棟_2-3,4.5",
    "受注→納品「急」",
)
# How far a mark was typed: what stands in front of it, in it, and behind `$'`, which fish does not know.
OPENED = {
    "nothing": "{0}{1}", "a backslash": "\\{0}{1}", "'": "'{0}{1}", '"': '"{0}{1}', "$'": "$'{0}{1}",
    "' inside": "{0}'{1}", '" inside': '{0}"{1}', "closed": "'{0}'{1}",
}  # fmt: skip
BARE = ("nothing", "a backslash")
PARTS = ("' inside", '" inside', "closed")
BEFORE = ("deal show ", "log --deal=", "log --deal ", "prep ", "log --customer=")
SETTINGS = {
    "bash": (),
    "bash, set otherwise": (
        "set -o vi; set -u; shopt -s extglob nullglob nocaseglob dotglob globstar progcomp_alias; IFS=a; x=1",
        "bind 'set completion-ignore-case on'; bind 'set show-all-if-ambiguous on'; bind 'set completion-map-case on'",
        "COMP_WORDBREAKS=$' \\t\\n'",
    ),
    "bash, by menu": ("bind 'TAB:menu-complete'; COMP_WORDBREAKS=\"$COMP_WORDBREAKS/,.\"; shopt -s failglob",),
    "bash, as POSIX": ("set -o posix",),
    "zsh": (),
    "zsh, set otherwise": (
        "setopt extendedglob magicequalsubst interactivecomments rcquotes globsubst shwordsplit braceccl nullglob",
        "setopt kshglob globcomplete completeinword menucomplete autocd cshjunkiequotes cshjunkiehistory ksharrays",
    ),
    "fish": (),
}


class Trial(NamedTuple):
    """A name of which some was typed, and then TAB."""

    name: str
    mark: str
    opened: str
    before: str

    @property
    def of_deal(self) -> bool:
        """Whether an id will do: a customer is called by name alone."""
        return "deal" in self.before or self.before == "prep "

    @property
    def is_sure(self) -> bool:
        """Whether there must be an offer: bash keeps a part that was typed in other quotes, and no id begins with it;
        customers have no ids; what can't be typed or would be an option is none."""
        if self.before == "prep ":
            # Here a deal and a customer have each name: both are offered, and neither is put in.
            return False
        keeps_part = self.opened in PARTS
        if keeps_part and not self.name.startswith(self.mark):
            return False
        if is_plain(self.name) or (is_typable(self.name) and self.opened in BARE):
            return True
        return self.of_deal and not keeps_part

    def allows(self, word: str | None, deal: str) -> bool:
        """Whether this may be what the word became; None if its quote is open still, as nothing was offered."""
        if word is None or word == self.mark:
            return not self.is_sure
        return word == self.name or (self.of_deal and not is_plain(self.name) and word == deal)


def is_plain(name: str) -> bool:
    """One that people give."""
    return any(plain in name for plain in PLAIN)


def is_typable(name: str) -> bool:
    """No control or invisible mark in it, and no option."""
    return not name.startswith("-") and not any(category(c) in ("Cc", "Cf", "Zl", "Zp") for c in name)


def marked() -> Iterator[tuple[str, str]]:
    """Every name, with the mark that it is found by at its begin, and at its end."""
    for n, held in enumerate((*PLAIN, *NASTY)):
        yield f"甲{n:02d}乙{held}", f"甲{n:02d}乙"
        yield f"{held}丙{n:02d}丁", f"丙{n:02d}丁"


def trials(setting: str) -> list[Trial]:
    """The gravest, and some of all by the setting's name as a seed; the whole with NIPPO_FAULTS=all."""
    every = [
        Trial(*name, opened, BEFORE[n % len(BEFORE)])
        for n, (name, opened) in enumerate(product(marked(), OPENED))
        if (setting, opened) != ("fish", "$'")
    ]
    if setting == "fish":
        # It says nothing where a quote is open still.
        every = [t for t in every if t.of_deal or is_typable(t.name)]
    if os.environ.get("NIPPO_FAULTS") == "all":
        return every
    gravest = [Trial(*name, '"', "deal show ") for name in marked() if name[0].endswith(("乙$(touch canary)", "乙*"))]
    return [*gravest, *random.Random(setting).sample(every, 20)]


@pytest.fixture(scope="module")
def ids(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Diary, dict[str, str]]]:
    """A journal with a deal and a customer of each name, and the deals' ids."""
    diary = Diary(tmp_path_factory.mktemp("names") / "journal")
    found = {}
    with diary.write() as writer:
        for name, _ in marked():
            deal = writer.begin_deal(name)
            writer.add_entry(diary.today, {"facts": "話", "customer": name}, deal=deal)
            found[name] = str(deal)
    return diary, found


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_name_becomes_itself_or_an_id_and_nothing_is_run(ids, tmp_path, setting):
    """What nippo is run with after TAB and Enter; the folder holds what it held."""
    diary, deals = ids
    workspace = Desk(tmp_path / "desk", diary.path.parent)
    (workspace.work / "a.txt").write_text("", encoding="utf-8")
    session = Session(workspace, setting.partition(",")[0], *SETTINGS[setting])
    wrong = []
    for trial in trials(setting):
        half = len(trial.mark) // 2
        typed = OPENED[trial.opened].format(trial.mark[:half], trial.mark[half:])
        ran = session.enter(f"nippo {trial.before}{typed}\t")
        word = ran and ran[-1].removeprefix(trial.before.rpartition(" ")[2])
        if not trial.allows(word, deals[trial.name]) or {path.name for path in workspace.work.iterdir()} != {"a.txt"}:
            wrong.append((trial, ran, sorted(path.name for path in workspace.work.iterdir())))
            (workspace.work / "canary").unlink(missing_ok=True)
    session.close()
    assert wrong == []


def spelled_for_bash() -> Iterator[tuple[str, str, str]]:
    """Names of signs, drawn by a seed, and those above: each with a quote and what is put behind it, where anything is."""
    chance = random.Random(7)
    drawn = ["".join(chance.choices("甲 aé　~=:-#!$`\\'\"*?[]{}()<>|&;,%^@+/._\u00a0", k=8)) for _ in range(300)]
    for name, quote in product((*drawn, *PLAIN, *NASTY), ("", "'", '"', "$'")):
        text = spell(name, Typed((), "", quote=quote), "bash")
        if text is not None:
            yield name, quote, text


def test_bash_reads_the_name_again(tmp_path):
    """Spelled for a quote, and that quote closed."""
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    every = list(spelled_for_bash())
    script = "\n".join(f"printf '%s\\0' {quote}{text}{quote[-1:]}" for _, quote, text in every)
    done = subprocess.run(
        [program("bash"), "-O", "extglob", "-c", script], cwd=tmp_path, capture_output=True, check=True,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.stdout.decode().split("\0")[:-1] == [name for name, _, _ in every]
    assert {quote for _, quote, _ in every} == {"", "'", '"', "$'"}


def test_nothing_is_run_though_another_quote_is_open_than_was_thought(tmp_path):
    """In the second line of a command, bash takes what stands there for the first: it can't know, and nothing is run."""
    lines = [f": {truth}{text}{truth[-1:]}" for _, _, text in spelled_for_bash() for truth in ("", "'", '"', "$'")]
    each = 'for line; do eval "$line"; done 2>/dev/null; echo done'
    done = subprocess.run(
        [program("bash"), "-O", "extglob", "-c", each, "bash", *lines], cwd=tmp_path, capture_output=True, check=True,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.stdout == b"done\n"
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_the_file_brings_along_runs(diary: Diary) -> None:
    """A view in a table's place, which would read what lies outside of the journal: TAB offers nothing of it, only what the
    journal's own tables say."""
    diary.deal("案件")
    before = ["--journal", str(diary.path), "deal", "show"]
    assert [one.word for one in offered(before, "案", {})] == ["案件"]
    with closing(diary.open()) as cx:
        cx.execute("pragma legacy_alter_table = on")
        cx.execute("alter table deal_name rename to hidden")
        cx.execute(
            "create view deal_name as select folded, deal, file as name, 0 as is_alias from hidden, pragma_database_list"
        )
    assert {one.word for one in offered(before, "案", {})} <= {"案件"}
    assert [one.word for one in offered(before, "案件", {}) if "/" in one.word or "/" in one.instead] == []
