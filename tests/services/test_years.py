"""Dates of years that no diary is about: refused where they are typed, told of where a file brings them."""

import pytest
from shell import Shell, settle

TYPED = (
    ("add", "案件", "--activity", "電話", "-m", "話した", "--on"),
    ("add", "案件", "--activity", "電話", "-m", "話した", "--closes"),
    ("add", "案件", "--activity", "電話", "-m", "話した", "--next-step", "次", "--next-on"),
    ("edit", "3", "--on"),
    ("edit", "3", "--closes"),
    ("deal", "hold", "案件", "--why", "x", "--until"),
    ("deal", "hold", "案件", "--why", "x", "--until", "+7d", "--from"),
    ("deal", "assign", "案件", "鈴木", "--on"),
    ("day", "-m", "x", "--on"),
    ("comment", "3", "-m", "x", "--due"),
    ("sales", "add", "--customer", "青葉製作所", "--amount", "1", "--on"),
    ("target", "set", "佐藤", "2100-01", "1"),
)
MAP = (
    "source: t\non: d\ndeal: n\nauthor: {constant: 佐藤}\nincomplete: {constant: 'true'}\n"
    "fields: {customer: c, closes: p, next_on: q}\n"
)


@pytest.fixture
def kept(capsys, monkeypatch, tmp_path):
    """One deal, 案件: its id is 2, its one entry's 3; the day is 2026-11-23."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "journal")
    shell.deal("案件")
    return shell


def years(shell: Shell, said: str) -> None:
    """Agree on other years."""
    text = shell.schema.read_text(encoding="utf-8") if shell.schema.exists() else shell.done("schema", "show").out
    shell.schema.write_text(text + f"\nyears: {said}\n", encoding="utf-8")


def argv(command, day):
    """The command with a day, or month, of the year."""
    if command[0] == "target":
        return (*command[:3], day[:7], command[4])
    return ("day", day, *command[1:-1]) if command[0] == "day" else (*command, day)


@pytest.mark.parametrize("command", TYPED, ids=[" ".join((c[0], c[1], c[-1])) for c in TYPED])
def test_a_typed_date_is_of_a_likely_year(kept, command):
    """1989 and 2047 are slips of the keyboard, which the message says with the years; 1990 and 2046 may be meant."""
    before = kept.done("log", "--json").out
    ahead = command[-1] in ("--closes", "--next-on", "--until", "--due") or command[0] == "target"
    for day in ("1989-12-31", "2047-01-01"):
        answer = kept(*argv(command, day))
        assert answer.code in (2, 3), (day, answer)
        assert "1990 年から 2046 年" in answer.err, day
    assert kept.done("log", "--json").out == before
    answer = kept(*argv(command, "2046-12-31" if ahead else "1990-01-01"))
    assert answer.code == 0, answer.err


def test_a_schema_may_know_other_years(kept):
    """A house that was founded in 1926, a maker of turbines that plans for fifty years."""
    years(kept, "{first: 1920, ahead: 60}")
    kept.done("add", "案件", "--activity", "電話", "-m", "話した", "--on", "1926-11-20", "--closes", "2086-12-31")
    assert "1920 年から 2086 年" in kept("add", "案件", "--activity", "電話", "-m", "x", "--closes", "2087-01-01").err


@pytest.mark.parametrize(
    "said", ["{first: 999}", "{ahead: -1}", "{ahead: 1001}", "{first: x}", "[1990]", "{until: 2030}"]
)
def test_years_that_none_are_are_refused(kept, said):
    """At its line, as anything else of the schema is."""
    years(kept, said)
    assert kept("schema", "check").code == 3


def test_what_stands_is_not_judged_again(kept, tmp_path):
    """An entry that an import brought can be corrected in another field."""
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "r.csv").write_text("d,n,c,p,q\n1926-11-20,古い機械,A社,2099-01-01,\n", encoding="utf-8")
    kept.done("import", "r.csv", "--map", "m.yaml")
    entry = kept.done("log", "--deal", "古い機械", "--json").json["entries"][0]["id"]
    kept.done("edit", str(entry), "-m", "書き足した")
    assert kept("edit", str(entry), "--closes", "2098-01-01").code == 3


def test_an_import_takes_such_dates_and_tells_of_them(kept, tmp_path):
    """Old records may be old; whoever brings them sees how many dates are outside, and the first of them."""
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    rows = "1926-11-20,A,A社,2099-01-01,\n1990-01-01,B,B社,2046-12-31,2046-12-31\n2026-11-20,C,C社,,2047-01-01\n"
    (tmp_path / "r.csv").write_text("d,n,c,p,q\n" + rows, encoding="utf-8")
    expected = {"first": 1990, "last": 2046, "dates": 3, "examples": ["1926-11-20", "2047-01-01", "2099-01-01"]}
    for more in (("--dry-run",), ()):
        found = kept.done("import", "r.csv", "--map", "m.yaml", "--json", *more).json
        assert (found["taken"], {**found["outside_years"], "examples": sorted(found["outside_years"]["examples"])}) == (
            3,
            expected,
        )
    page = kept.done("import", "r.csv", "--map", "m.yaml").out
    assert "1990 年から 2046 年の外の日付が 3 件あります" in page


@pytest.mark.parametrize(
    ("of", "text", "example"),
    [
        ("sales", "on,amount,customer\n1926-11-20,1,A社\n2026-11-20,2,A社\n", "1926-11-20"),
        ("target", "owner,month,amount\n佐藤,2099-01,1\n", "2099-01-01"),
    ],
)
def test_so_do_the_ledger_and_the_plan(kept, tmp_path, of, text, example):
    """One date each."""
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    (tmp_path / "m.yaml").write_text("source: s\non: on\namount: amount\ncustomer: customer\n", encoding="utf-8")
    more = ("--map", "m.yaml") if of == "sales" else ()
    found = kept.done(of, "import", "r.csv", *more, "--json").json["outside_years"]
    assert (found["dates"], found["examples"]) == (1, [example])


def test_sound_dates_are_not_told_of(kept, tmp_path):
    """Nothing on the page, null in the JSON."""
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "r.csv").write_text("d,n,c,p,q\n2026-11-20,A,A社,2027-01-01,\n", encoding="utf-8")
    assert kept.done("import", "r.csv", "--map", "m.yaml", "--json").json["outside_years"] is None
