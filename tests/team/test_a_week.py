"""A week of a lead and two reps, one of them in English: over a folder, and over a server that speaks TLS and is restarted on Wednesday."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from members import joined, says
from servers import Server
from shell import Shell, settle
from tls import front, tls_context

from nippo_cli.render import draw

DAYS = {name: f"2026-11-{day}T08:30:00+09:00" for name, day in zip("月火水木金", (16, 17, 18, 19, 20), strict=True)}
CALL = ("--activity", "電話", "-m")


class Place:
    """Where the team's records lie, and what takes that out of reach."""

    def __init__(self, address: str, stop: Callable[[], object], start: Callable[[], object]) -> None:
        self.address = address
        self.stop = stop
        self.start = start


@contextmanager
def folder(tmp_path: Path, server: Server) -> Iterator[Place]:
    """A share, which is not connected for a while."""
    del server
    share, away = tmp_path / "share", tmp_path / "away"
    share.mkdir()
    yield Place(f"folder:{share}", lambda: share.rename(away), lambda: away.rename(share))


@contextmanager
def tls_server(tmp_path: Path, server: Server) -> Iterator[Place]:
    """A server behind TLS, of which the certificate is verified."""
    context, root = tls_context(tmp_path, "localhost")
    with front(server.port, context) as tls:
        query = f"sslmode=verify-full&sslrootcert={root}"
        address = re.sub(r"@[^/]+/", f"@localhost:{tls.port}/", server.found()).replace("#", f"?{query}#")
        yield Place(address, server.stop, server.start)


class Week:
    """Three journals, each with its author and language, on a day of the week."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.shells: dict[str, Shell] = {}

    def at(self, who: str, day: str, lang: str = "ja") -> Shell:
        """A member's journal in the morning of a day."""
        for name, value in {"NIPPO_AUTHOR": who, "NIPPO_NOW": DAYS[day], "NIPPO_LANG": lang}.items():
            self._patch.setenv(name, value)
        return self.shells[who]

    def looks(self, who: str, day: str, lang: str = "ja") -> str:
        """Bare `nippo` on a terminal: the page, and what is told beside it."""
        shell = self.at(who, day, lang)
        with self._patch.context() as inside:
            inside.setattr(
                "nippo_cli.cli.frame.context.CliContext.screen", draw.Screen(columns=80, terminal=True, limit=20)
            )
            answer = shell.done()
        return answer.out + answer.err

    def sync(self, day: str) -> None:
        """Until all is everywhere."""
        for _ in range(2):
            for who in self.shells:
                self.at(who, day).done("sync")


def begin_on_monday(capsys: pytest.CaptureFixture[str], week: Week, address: str) -> None:
    """The lead begins, two reps join, each with a deal."""
    week.shells["佐藤"] = lead = Shell(capsys, Path.cwd() / "lead")
    week.at("佐藤", "月").deal("ポンプ", facts="見積の話")
    lead.done("team", "begin", address, "--yes")
    for who in ("鈴木", "Baker"):
        week.shells[who] = joined(capsys, lead, who)
    week.at("鈴木", "月").deal("弁", "--customer", "雲雀工業", facts="弁の話")
    week.at("Baker", "月", "en").deal("軸受", "--customer", "北辰精機", facts="bearings")
    week.sync("月")


def part_on_friday(week: Week) -> None:
    """Two correct one amount without knowing of each other, which one of them settles; one of the team leaves."""
    lead = week.shells["佐藤"]
    [entry] = [one["id"] for one in lead.done("log", "--json").json["entries"] if one["values"]["facts"] == "木曜の話"]
    week.at("鈴木", "金").done("edit", entry, "--amount", "500万")
    week.at("佐藤", "金").done("edit", entry, "--amount", "550万")
    week.sync("金")
    assert "食い違い 1件" in week.looks("鈴木", "金")
    week.at("鈴木", "金").done("team", "settle", entry, "--keep", "mine")
    week.sync("金")
    assert "食い違い" not in week.looks("佐藤", "金")
    left = week.at("Baker", "金", "en").done("team", "leave", "--to", "鈴木", "--yes").out
    assert "軸受" in left
    del week.shells["Baker"]
    week.sync("金")
    deals = {one["name"]: (one["owner"], one["amount"]) for one in lead.done("deal", "list", "--json").json["deals"]}
    assert deals == {"ポンプ": ("佐藤", None), "弁": ("鈴木", 5_000_000), "軸受": ("鈴木", None)}
    assert says(week.shells["鈴木"]) == says(lead)


@pytest.mark.parametrize("place_of", [folder, tls_server])
def test_a_week_of_a_team(capsys, monkeypatch, tmp_path, server, place_of):
    """Each sees in the morning what the others wrote; a day out of reach is a line, and no word is lost; at the end all say the same."""
    settle(monkeypatch, tmp_path)
    week = Week(monkeypatch)
    with place_of(tmp_path, server) as place:
        begin_on_monday(capsys, week, place.address)
        # Tuesday: the lead reads and confirms Monday, Baker follows 鈴木's deal.
        for who in week.shells:
            week.looks(who, "火")
        assert "未確認の日報  2件" in week.looks("佐藤", "火")
        week.at("佐藤", "火").done("comment", "昨日", "--seen", "--to", "鈴木")
        week.at("Baker", "火", "en").done("follow", "弁")
        week.at("鈴木", "火").done("add", "弁", *CALL, "図面を渡した")
        # Wednesday: nobody is reached, and all write on.
        week.sync("火")
        place.stop()
        try:
            page = week.looks("Baker", "水", "en")
            assert "図面を渡した" in page
            for who in ("鈴木", "Baker"):
                week.at(who, "水").done("add", "弁", *CALL, f"{who}の水曜")
                assert "届きません" in week.at(who, "水").done("sync").out
            assert "2026/11/18 から届きません" in week.looks("鈴木", "水")
            assert "out of reach since 18 Nov 2026" in week.looks("Baker", "水", "en")
            assert week.at("鈴木", "水")("team", "leave", "--to", "佐藤", "--yes").code == 1
        finally:
            place.start()
        week.sync("水")
        # Thursday: what was written meanwhile is on the team's page; who said nothing of Wednesday is on the lead's alone.
        assert "届きません" not in week.looks("鈴木", "木")
        team_day = week.at("佐藤", "木").done("log", "--team", "--on", "昨日").out
        assert all(said in team_day for said in ("鈴木の水曜", "Bakerの水曜"))
        assert "まだの人" not in week.looks("佐藤", "木")
        assert "確認: 佐藤" in week.at("鈴木", "木").done("log", "--team", "--on", "11/16").out
        week.at("鈴木", "木").done("add", "弁", *CALL, "木曜の話")
        week.sync("木")
        assert "11/19(木)の日報がまだの人: Baker" in week.looks("佐藤", "金")
        assert "まだの人" not in week.looks("鈴木", "金")
        part_on_friday(week)
