"""What rows say of how their deals are called and whose they are, held in little."""

from collections.abc import Iterable

from hypothesis import given, strategies as st

from nippo_cli.journal.bulk.deal_mentions import DatedMention, DealMention, DealMentions

DAYS = [f"2026-01-{day:02}" for day in range(1, 6)]
ROWS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(DAYS), st.sampled_from("AB"), st.sampled_from(["佐藤", "村井", None])),
    max_size=14,
)


def changes(points: Iterable[DatedMention]) -> list[tuple[str, str, str]]:
    """On which days, known when, a line says another name or owner than before; its first day is one."""
    said: list[tuple[str, str, str]] = []
    name = owner = ""
    for point in points:
        if point.said.name != name:
            name = point.said.name or ""
            said.append((point.on, point.known_on, name))
        if point.said.owner and point.said.owner != owner:
            owner = point.said.owner
            said.append((point.on, point.known_on, owner))
    return said


@given(ROWS)
def test_what_is_let_go_of_changes_nothing_that_a_line_says(rows):
    """Whatever the order of the file: the names, the owners, their days, the last day and the first author, as of all points in order."""
    lines, every = DealMentions(), dict[int, list[DatedMention]]()
    for entry, (deal, on, name, owner) in enumerate(rows, start=1):
        # Entries of one day became known on different ones.
        known_on = DAYS[max(DAYS.index(on), entry % 5)]
        said = DealMention(name, owner, "佐藤" if entry % 3 else "木下")
        lines.note(deal, entry, on, known_on, said)
        every.setdefault(deal, []).append(DatedMention(on, entry, known_on, said))

    def earlier(deal: int, before: int) -> list[tuple[str, int, str]]:
        return [(one.on, one.entry, one.known_on) for one in every[deal] if one.entry < before]

    kept = dict(lines.by_deal(earlier))
    assert kept.keys() == every.keys()
    for deal, points in every.items():
        points.sort()
        assert changes(kept[deal]) == changes(points)
        assert (kept[deal][0].said.author, kept[deal][-1].on) == (points[0].said.author, points[-1].on)
        assert kept[deal][-1].said.name == points[-1].said.name


def test_of_a_deal_whose_entries_say_the_same_two_points_stay():
    """However many they are, without a look into the journal; it is let go of once it was asked for."""
    lines, said = DealMentions(), DealMention("A機", "佐藤", "佐藤")
    for entry in range(1000):
        lines.note(7, entry, DAYS[entry % 5], DAYS[-1], said)
    ((deal, points),) = lines.by_deal(lambda *_: [])
    assert (deal, [point.on for point in points]) == (7, [DAYS[0], DAYS[-1]])
    assert list(lines.by_deal(lambda *_: [])) == []
