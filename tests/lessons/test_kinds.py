"""What is known of the lessons before one of them is loaded."""

from nippo_cli.lessons import KINDS


def test_which_lessons_a_window_narrows() -> None:
    """What was lost, the words that were written and the cases: those of some months. How deals end, and what a rank means, are of
    all that ever was."""
    assert {kind for kind, lesson in KINDS.items() if lesson.windowed} == {"lost", "words", "cases"}


def test_what_the_deals_behind_a_lesson_can_be_narrowed_to() -> None:
    """A reason, a cause and a competitor of the lost ones; a fate; a rank; a sign of hope."""
    assert {kind: lesson.narrows for kind, lesson in KINDS.items()} == {
        "lost": ("reason", "cause", "competitor"), "fates": ("fate",), "contrast": ("fate",), "confidence": ("rank",),
        "words": ("sign",), "cases": ("cause", "competitor"),
    }  # fmt: skip
