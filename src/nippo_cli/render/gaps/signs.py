"""What a gap finds of a deal, in a few words, as it stands among the deal's other signs."""

from typing import TYPE_CHECKING, Any

from nippo_cli.base.language import t, tn
from nippo_cli.render.parts import signed_days, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nippo_cli.gaps.aftercare import Unheard
    from nippo_cli.gaps.broken import BrokenLine, BrokenSign
    from nippo_cli.gaps.fizzled import Fizzled
    from nippo_cli.gaps.mirage import Mirage
    from nippo_cli.gaps.next import NoNext
    from nippo_cli.gaps.stalled import Stalled
    from nippo_cli.gaps.unlinked import Unlinked
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.deal_status import Sign
    from nippo_cli.schema.schema import Schema


def sign_words(sign: "Sign", head: "DealSummary", schema: "Schema") -> str:
    """A deal's sign in a few words: those that stand here, or the `sign` of its kind's renderer."""
    in_words = SIGNS.get(sign.kind)
    if in_words is None:
        from nippo_cli.render.gaps.page import renderer_of

        in_words = renderer_of(sign.kind).sign
    return in_words(sign.finding, head, schema)


def _stalled(one: "Stalled", head: "DealSummary", _schema: "Schema") -> str:
    """`滞留 75日/36日`: against the norm with the closed days inside the stay."""
    return t("show.stalled.sign", days=words.held_against(one.stay_days, one.limit_days, head.arrival))


def _fizzled(one: "Fizzled", head: "DealSummary", _schema: "Schema") -> str:
    """`未接触142日/60日`."""
    return t("show.stalled.silence", days=words.silence_against(one.silence_days, one.limit_days, head))


def _mirage(one: "Mirage", _head: "DealSummary", _schema: "Schema") -> str:
    """`後ろ倒し3回 +178日`, `受注予定日を12日超過`."""
    said = []
    if one.pushes and one.signs != ("past",):
        said.append(f"{tn('timeline.pushes', one.pushes)} {signed_days(one.slip_days)}")
    if one.past_days:
        said.append(t("show.mirage.sign_past", days=words.days_short(one.past_days)))
    return t("show.comma").join(said)


def _next(one: "NoNext", head: "DealSummary", _schema: "Schema") -> str:
    """`次の一手なし`, `次の一手 11/11 12日超過`."""
    if one.why == "none":
        return t("show.next.sign_none")
    due = words.when(head.next_on, one.began_on)
    return t("show.next.sign_overdue", day=due, days=words.days_short(one.overdue_days))


def _broken(one: "BrokenLine", _head: "DealSummary", schema: "Schema") -> str:
    """The finding in a few words: its first sign, and how many more there are."""
    first, *more = one.signs
    said = broken_words(first, schema)
    return words.counted("show.broken.and_more", len(more), said=said) if more else said


def broken_words(of: "BrokenSign", schema: "Schema") -> str:
    """A sign of a broken line: what was passed over, gone back to, or never recorded."""
    stage = schema.stage_label(of.stage)
    if of.what == "unrecorded":
        field = schema.by_key.get(of.to)
        return t("show.broken.unrecorded", stage=stage, field=field.label if field else of.to)
    return t(f"show.broken.{of.what}", stage=stage, to=schema.stage_label(of.to))


def _unlinked(one: "Unlinked", _head: "DealSummary", schema: "Schema") -> str:
    """What is amiss: `売上なし 期限から15日`."""
    label = t(f"show.unlinked.{one.case}")
    if one.case == "no_sale":
        return t("show.unlinked.sign_late", case=label, days=words.days(one.measure))
    return f"{label} {words.money(one.difference if one.case == 'differs' else one.invoiced, schema.currency)}"


def _aftercare(one: "Unheard", head: "DealSummary", _schema: "Schema") -> str:
    """`契約後の連絡なし 120日/60日`."""
    return t("show.aftercare.sign", days=unheard_days(one, head))


def is_hidden(head: "DealSummary") -> bool:
    """Whether the silence since an order counts from a list, and is at least so long; not where a stage was entered since."""
    return head.silence_at_least and head.heard_on is not None and head.heard_on >= head.entered_on


def unheard_days(one: "Unheard", head: "DealSummary") -> str:
    """The silence since an order against its norm."""
    against = (one.silence_days, one.norm.days)
    return words.silence_against(*against, head) if is_hidden(head) else words.held_against(*against)


# By kind. They stand apart from the kinds' pages, which `deal show` would load for four of them: a quarter of a bare interpreter.
SIGNS: "Mapping[str, Callable[[Any, DealSummary, Schema], str]]" = {
    "stalled": _stalled,
    "fizzled": _fizzled,
    "mirage": _mirage,
    "next": _next,
    "broken": _broken,
    "unlinked": _unlinked,
    "aftercare": _aftercare,
}
