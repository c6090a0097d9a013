"""One's own words against deeds, by hand."""

from lines import AGREEMENT, day, point

from nippo_cli.lessons.facts import EntryWords, Narrowed, OwnEntries
from nippo_cli.lessons.words import HopefulEntries, StepCounts, WritingDelay, behind, lesson
from nippo_cli.line.rate import Rate
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Rank

NONE = ClosedDays(())
RANKED = AGREEMENT._replace(ranks=(Rank("A", "A"), Rank("B", "B"), Rank("C", "C")), hopeful=("好感触",))
AS_OF = day("11/23")


def wrote(entry: int, deal: int | None = 1, *, text="", hopeful=(), step=False, after: int | None = 0) -> EntryWords:
    """An entry of one's own."""
    return EntryWords(entry, deal, text, tuple(hopeful), step, after)


def page(*own: EntryWords, points=None, fates=None, ended=None):
    """The lesson of these entries."""
    return lesson(mine(*own, points=points, fates=fates, ended=ended), RANKED, NONE)


def mine(*own: EntryWords, points=None, fates=None, ended=None) -> OwnEntries:
    """What one author wrote."""
    return OwnEntries("佐藤", AS_OF, own, points or {}, fates or {}, ended or {})


def test_steps_kept_late_and_never():
    """One kept in time, one five days late, one never though its grace is over, one not due; a colleague's step is not
    one's own."""
    points = {
        1: [
            point(1, "10/1", "lead", step="電話", step_on="10/8"), point(2, "10/8", step="訪問", step_on="10/14"),
            point(3, "10/19", step="見積", step_on="10/26"),
        ],
        2: [point(4, "11/20", "lead", step="電話", step_on="11/30"), point(5, "11/20", step="訪問", step_on="11/27")],
    }  # fmt: skip
    found = page(wrote(1), wrote(2), wrote(3), wrote(5, 2), points=points).steps
    assert found == StepCounts(due=3, on_time=1, late=1, late_days=5, never=1, open=1)


def test_a_deal_that_ended_needs_no_more_steps():
    """Lost on 10 October by an entry that is no contact: what was due on the 20th was never due."""
    points = {1: [point(1, "10/1", "lead", step="電話", step_on="10/20"), point(2, "10/10", "lost", contact=False)]}
    found = page(wrote(1), points=points, ended={1: day("10/10")}, fates={1: "lost"}).steps
    assert (found.due, found.never, found.open) == (0, 0, 1)


def test_how_late_entries_were_written():
    """Six entries: two the same day, one the next, two within the week, one after nine days; an imported one is left out,
    one written ahead counts as of its day."""
    found = page(*(wrote(n, after=a) for n, a in enumerate((0, -2, 1, 2, 6, 9, None), 1))).written
    assert found == WritingDelay(n=6, same_day=2, next_day=1, within_week=2, later=1, days=1.5)


def test_the_same_text_copied_on():
    """Word for word that of the entry before in its deal; short ones are alike by chance, one's colleague's are not
    looked at, and it is not copied where another stood between."""
    text = "見積の返事待ち。変わりなし。"
    points = {1: [point(n, f"10/{n}") for n in range(1, 8)]}
    own = [wrote(n, text=t) for n, t in enumerate((text, text, "別のことを聞いた。", text, "返事待ち", "返事待ち"), 1)]
    assert page(*own, points=points).copied == 1


def test_confidence_raised_without_a_contact():
    """C to B at the desk: raised without. B to A after a visit: raised with. A to B: not raised."""
    points = {
        1: [
            point(1, "10/1", "lead", confidence="C"), point(2, "10/5", contact=False, confidence="B"), point(3, "10/8"),
            point(4, "10/9", contact=False, confidence="A"), point(5, "10/12", confidence="B"),
        ]
    }  # fmt: skip
    found = page(*(wrote(n) for n in range(1, 6)), points=points)
    assert (found.raises, found.raised) == (2, 1)
    # What a colleague raised is the colleague's.
    assert page(wrote(1), wrote(4), points=points).raised == 0


def test_what_came_of_hope():
    """Two deals with the word, of which one ended, lost; two without, both won. One hopeful entry leaves a next step."""
    own = [
        wrote(1, 1, hopeful=["好感触"]), wrote(2, 1, hopeful=["好感触"], step=True), wrote(3, 2, hopeful=["好感触"]),
        wrote(4, 3), wrote(5, 4), wrote(6, None, hopeful=["好感触"]),
    ]  # fmt: skip
    found = page(*own, fates={1: "lost", 2: "open", 3: "won", 4: "won"}).hope
    assert found == HopefulEntries(4, 3, [("好感触", 4)], Rate(0, 1), Rate(2, 2), {"lost": 1, "open": 1})


def test_the_deals_behind_a_sign():
    """Those with most of it first; narrowed to one sign, only those that have it."""

    class Only:
        schema, rest = RANKED, NONE

        def mine(self) -> OwnEntries:
            return mine(
                wrote(1, 1, after=3), wrote(2, 2, after=9, hopeful=["好感触"]), wrote(3, 2, after=4), wrote(4, 3)
            )

    facts = Only()
    assert [(b.deal, b.detail) for b in behind(facts, Narrowed())] == [
        (2, {"written": 2, "hope": 1}),
        (1, {"written": 1}),
    ]  # type: ignore[arg-type]  # no more is asked of it
    assert [b.deal for b in behind(facts, Narrowed(sign="hope"))] == [2]  # type: ignore[arg-type]  # likewise


def test_the_deals_in_which_confidence_was_raised_without_a_contact():
    """Deal 1: raised at the desk; deal 2: after a visit, which is no sign; a text copied twice is two."""
    text = "見積の返事待ち。変わりなし。"
    points = {
        1: [point(1, "10/1", "lead", confidence="C"), point(2, "10/5", contact=False, confidence="B")],
        2: [point(3, "10/1", "lead", confidence="C"), point(4, "10/5", confidence="A")],
        3: [point(n, f"10/{n}") for n in (5, 6, 7)],
    }

    class Only:
        schema, rest = RANKED, NONE

        def mine(self) -> OwnEntries:
            own = [wrote(n, 1 if n < 3 else 2 if n < 5 else 3, text=text if n > 4 else "") for n in range(1, 8)]
            return mine(*own, points=points)

    facts = Only()
    assert [(b.deal, b.detail) for b in behind(facts, Narrowed())] == [(3, {"copied": 2}), (1, {"raised": 1})]  # type: ignore[arg-type]  # no more is asked of it
    assert [b.deal for b in behind(facts, Narrowed(sign="raised"))] == [1]  # type: ignore[arg-type]  # likewise


def test_hopeful_words_are_listed_by_how_often_they_stand():
    """Then by the alphabet."""
    own = [wrote(1, hopeful=["前向き"]), wrote(2, hopeful=["好感触", "前向き"]), wrote(3, hopeful=["あと一歩"])]
    assert page(*own).hope.said == [("前向き", 2), ("あと一歩", 1), ("好感触", 1)]


def test_steps_that_were_late_or_never_kept_are_signs():
    """One of each in deal 1; those of deal 2 were kept in time, or are not due."""
    points = {
        1: [point(1, "10/1", "lead", step_on="10/8"), point(2, "10/19", step_on="10/26")],
        2: [point(3, "10/1", "lead", step_on="10/8"), point(4, "10/8", step_on="11/30")],
    }

    class Only:
        schema, rest = RANKED, NONE

        def mine(self) -> OwnEntries:
            return mine(wrote(1), wrote(2), wrote(3, 2), wrote(4, 2), points=points)

    assert [(b.deal, b.detail) for b in behind(Only(), Narrowed())] == [(1, {"late": 1, "never": 1})]  # type: ignore[arg-type]  # no more is asked of it


def test_each_delay_has_its_own_place():
    """One on the day, two the next, three of two to six days, four later."""
    found = page(*(wrote(n, after=a) for n, a in enumerate((0, 1, 1, 2, 3, 6, 7, 8, 30, 90), 1))).written
    assert found == WritingDelay(n=10, same_day=1, next_day=2, within_week=3, later=4, days=4.5)
