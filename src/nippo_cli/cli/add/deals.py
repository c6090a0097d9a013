"""Which deal, which customer: chosen from what is due or known, begun where it is new, asked where it is near."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload
from unicodedata import normalize

from nippo_cli.base.errors import Ambiguous, NotFound
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.language import say, spoken, t
from nippo_cli.base.text import normal_form
from nippo_cli.cli.add import wording
from nippo_cli.cli.add.conversation import Back, Conversation
from nippo_cli.cli.add.question import MENU_ROWS, Question
from nippo_cli.line.facts import deal_tag
from nippo_cli.render.draw import Block, Prose
from nippo_cli.schema.types import empty, number_of
from nippo_cli.services.writing import (
    DEAL,
    HELD,
    WHOSE,
    EntryOfLeftDeal,
    customers_near,
    deal_recalled,
    deals_of,
    new_deal,
)

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.services.writing import Known

_OFFERED = 30
_PATIENCE_S = 0.2
_NAMESAKES = 3
# The way of `ask_whose` that begins a deal of the customer that is said.
_OF_THE_OTHER = 3
_NONE = ("-", "ー", "なし", "無し", "none")
_NEW = ("n", "new", "新規", "新しい")


def ask_deal(talk: Conversation) -> None:
    """The deal: a planned contact by its number, a name or part of one, a new one, or none.

    Raises:
        Back, Stopped: as any question.
    """
    due = _offered(talk)
    # A list that opens empty stays so until the first key; a large journal's fills while one types.
    talk.names.ready(within_s=_PATIENCE_S)
    question = _question(talk)
    while True:
        reply = talk.ask(DEAL, question, lambda: [Prose(t("flow.deal_help"), indent=2)])
        text = reply.text.strip()
        number = number_of(text)
        if empty(text) and due and not talk.report.meeting:
            _take(talk, show_id(due[0].id), "")
            return
        if empty(text) or normal_form(text) in _NONE:
            talk.interview = talk.report.with_deal(None, None, text)
            talk.tell_answer(talk.deal_label, t("flow.nothing"))
            return
        if number is not None and 1 <= number <= len(due):
            _take(talk, show_id(due[number - 1].id), "")
            return
        said = show_id(reply.deal) if reply.deal else text
        if not reply.deal and _same(talk, text):
            talk.interview = talk.report.moved_past(DEAL)
            talk.tell_answer(talk.deal_label, text)
            return
        if _take_deal(talk, said, text):
            return
        question = question._replace(default=text, trouble="")


def _question(talk: Conversation) -> Question:
    """The question for the deal as it is put first, with the contacts that are due above it."""
    known, meets = talk.report.known, talk.report.meeting
    due = _offered(talk)
    above: list[Block] = []
    if due:
        rows = [head.name if meets else wording.due_row(head, talk.today) for head in due]
        customer = str(talk.report.value("customer") or "")
        lead = t("flow.of_meeting", customer=customer) if meets else t("flow.planned")
        above = [Prose(lead), *(Prose(row, indent=5, mark=f"  {n}") for n, row in enumerate(rows, 1))]
    return Question(
        talk.deal_label,
        above,
        default=_shown(known) if known else talk.report.answers.typed.get(DEAL, ""),
        empty=t("flow.enter_first") if due and not meets else t("flow.enter_is", value=t("flow.nothing")),
        hint=lambda _: t("flow.deal_hint"),
        # A longer menu would open upwards, over what is planned.
        offers=lambda typed: talk.names.deals.find(typed, _OFFERED if typed or not due else MENU_ROWS),
    )


def _offered(talk: Conversation) -> "Sequence[DealSummary]":
    """The deals that go by a number: what is due, or, of a meeting that was written of already, the customer's other deals."""
    if talk.report.known is not None:
        return ()
    customer = talk.report.value("customer") if talk.report.meeting else None
    if not customer:
        return talk.due if not talk.report.meeting else ()
    return deals_of(
        talk.workspace, str(customer), but=talk.recap.entry.deal.id if talk.recap and talk.recap.entry.deal else 0
    )


def _shown(known: "Known") -> str:
    """A deal as it stands in the question again: a name that is taken needs a few letters more."""
    return f"+{known.name}" if known.held else known.name


def _same(talk: Conversation, text: str) -> bool:
    """Whether the deal that was chosen before is left as it is."""
    known = talk.report.known
    return known is not None and text == known.name


def _take_deal(talk: Conversation, said: str, typed: str) -> bool:
    """Take the deal of a name, asking which is meant where that is not plain; False where none was chosen."""
    plain = normalize("NFKC", said)
    if plain.startswith("+") and plain[1:].strip():
        _begin(talk, said.strip()[1:].strip())
        return True
    try:
        _take(talk, said, typed)
    except Ambiguous as error:
        candidates = getattr(error, "candidates", ())
        if not candidates:
            raise
        return _which(talk, typed, candidates, t("flow.several", said=typed))
    except NotFound as error:
        near = getattr(error, "candidates", ())
        return _which(talk, typed, near, t("flow.near", said=typed) if near else "")
    return True


def _which(talk: Conversation, typed: str, candidates: Sequence[object], why: str) -> bool:
    """Ask which of several deals is meant, or whether a new one begins."""
    named = [(getattr(c, "id", 0), getattr(c, "name", ""), getattr(c, "customer", "")) for c in candidates]
    labels = [t("flow.of_customer", deal=name, customer=customer) if customer else name for _, name, customer in named]
    ended = [f"  {t('flow.ended')}" if getattr(c, "ended", False) else "" for c in candidates]
    labels = [f"{label}  #{show_id(of)}{mark}" for label, (of, _, _), mark in zip(labels, named, ended, strict=True)]
    trouble = ""
    while True:
        choice = _chosen(talk, why, labels, t("flow.begin_deal", name=typed), takes_text=True, trouble=trouble)
        if choice is None:
            return False
        try:
            if isinstance(choice, str):
                if not _take_text(talk, choice, typed, named):
                    trouble = t("flow.which_deal_needed", n=len(labels) + 1)
                    continue
            elif choice < len(named):
                _take(talk, show_id(named[choice][0]), "")
            else:
                _begin(talk, typed)
        except Back:
            return False
        return True


def _take_text(talk: Conversation, text: str, typed: str, named: Sequence[tuple[int, str, str]]) -> bool:
    """Take what is typed in place of a number: another new name behind a plus, a deal's id, or whose the deal is. False where
    it is none of these."""
    plain = normalize("NFKC", text)
    if plain.startswith("+") and plain[1:].strip():
        _begin(talk, text.strip()[1:].strip())
        return True
    number = read_id(plain)
    if number is not None:
        if number in (of for of, _, _ in named):
            _take(talk, show_id(number), "")
        return number in (of for of, _, _ in named)
    field = talk.schema.by_role.get("customer")
    customer = customer_meant(talk, text) if field is not None else None
    if field is None or customer is None:
        return False
    same = new_deal(talk.workspace, typed, talk.schema).customers.same
    own = [of for of, _, whose in named if whose and same(whose, customer)]
    if len(own) == 1:
        _take(talk, show_id(own[0]), "")
        return True
    if own or _chosen(talk, "", [], t("flow.begin_deal_of", name=typed, customer=customer)) is None:
        return False
    talk.interview = talk.report.answered(field.key, customer)
    _begin(talk, typed)
    talk.tell_answer(field.label, customer)
    return True


@overload
def _chosen(talk: Conversation, why: str, labels: Sequence[str], new: str) -> int | None: ...
@overload
def _chosen(
    talk: Conversation, why: str, labels: Sequence[str], new: str, *, takes_text: bool, trouble: str
) -> int | str | None: ...
def _chosen(
    talk: Conversation, why: str, labels: Sequence[str], new: str, *, takes_text: bool = False, trouble: str = ""
) -> int | str | None:
    """The place of the one that is meant; behind the last, the new one; None for neither. Alone, Enter takes the new
    one. With `takes_text`, what is typed and no number, as it is."""
    help_ = t("flow.which_deal_help" if takes_text else "flow.which_help")
    every = [*labels, new]
    above: list[Block] = [Prose(why)] if why else []
    above += [Prose(label, indent=5, mark=f"  {n}") for n, label in enumerate(every, 1)]
    question = Question(
        t("flow.which"),
        above,
        empty=t("flow.or_back") if labels else t("flow.enter_is", value=new),
        hint=lambda _: help_,
        trouble=trouble,
    )
    while True:
        try:
            text = talk.ask(DEAL, question, lambda: [Prose(help_, indent=2)]).text.strip()
        except Back:
            return None
        number = number_of(text)
        if number is not None and 1 <= number <= len(every):
            return number - 1
        if normal_form(text) in _NEW or (empty(text) and not labels):
            return len(labels)
        if takes_text and text:
            return text
        question = question._replace(default="", trouble=t("flow.number_needed", n=len(every)))


def _take(talk: Conversation, said: str, typed: str) -> None:
    """The deal that is meant, with its last words.

    Raises:
        NotFound, Ambiguous: as the journal finds it.
    """
    recalled = deal_recalled(talk.workspace, said, str(talk.report.value("customer") or ""))
    talk.interview = talk.report.with_deal(show_id(recalled.head.id), recalled.known, recalled.head.name)
    head = recalled.head
    shown = t("flow.of_customer", deal=head.name, customer=head.customer) if head.customer else head.name
    talk.tell_answer(talk.deal_label, shown, typed if normal_form(typed) != normal_form(head.name) else "")
    talk.terminal.tell(wording.deal_words(recalled, talk.today))


def ask_held(talk: Conversation) -> None:
    """What to do with a new deal whose name one has already: go on with that one, or take another name.

    Raises:
        Back, Stopped: as any question.
    """
    known, held = talk.report.known, talk.report.held
    if known is None or held is None:
        return
    of, name, customer = held.id, held.name, held.customer
    why = t("flow.held", name=known.name, deal=say(deal_tag(of, name, customer)))
    if _one_of(talk, HELD, why, [t("flow.held.go_on", id=show_id(of)), t("flow.held.other")]) == 1:
        talk.interview = talk.report.back_to(DEAL)
        return
    try:
        _take(talk, show_id(of), "")
    except NotFound:
        # Its entries were all taken back: it has its name and nothing else.
        talk.interview = talk.report.with_deal(show_id(of), known._replace(name=name, new=False, held=()), name)
        talk.tell_answer(talk.deal_label, name)


def ask_whose(talk: Conversation) -> None:
    """Whose talk it was, where the report says another customer than its deal has, or had.

    Raises:
        Back, Stopped: as any question.
    """
    if talk.report.takes_over:
        _ask_of_left(talk)
        return
    field, has, known = talk.schema.by_role["customer"], talk.report.other_customer, talk.report.known
    said = str(talk.report.value("customer"))
    why = t("flow.whose", deal=known.name if known else "", customer=has, said=said)
    name = known.name if known else ""
    ways = [t("flow.whose.as_it_is", customer=has), t("flow.whose.change", customer=has, arrow=talk.marks.moved, said=said),
            t("flow.whose.other_deal"), t("flow.whose.new_deal", name=name, said=said)]  # fmt: skip
    place = _one_of(talk, WHOSE, why, ways)
    if place == 0:
        talk.interview = talk.report.answered(field.key, "")
        talk.tell_answer(field.label, has)
    elif place == 1:
        talk.interview = talk.report.changing_customer()
        talk.tell_answer(field.label, f"{has} {talk.marks.moved} {said}")
    elif place == _OF_THE_OTHER:
        _begin(talk, name)
    else:
        talk.interview = talk.report.back_to(DEAL)


def _ask_of_left(talk: Conversation) -> None:
    """What becomes of a deal that another customer left."""
    field, name = talk.schema.by_role["customer"], talk.report.known.name if talk.report.known else ""
    said = str(talk.report.value("customer"))
    ways = [t("flow.left.go_on", said=said), t("flow.whose.other_deal"), t("flow.whose.new_deal", name=name, said=said)]
    place = _one_of(talk, WHOSE, t("flow.left", deal=name, said=said), ways)
    if place == 0:
        talk.interview = talk.report.changing_customer()
        talk.tell_answer(field.label, said)
    elif place == 1:
        talk.interview = talk.report.back_to(DEAL)
    else:
        _begin(talk, name)


def goes_on(talk: Conversation, left: EntryOfLeftDeal) -> bool:
    """Whether the deal that another customer left goes on with the one that a correction says."""
    ways = [t("flow.left.go_on", said=left.said), t("flow.left.back")]
    try:
        return _one_of(talk, WHOSE, say(left.message), ways) == 0
    except Back:
        return False


def _one_of(talk: Conversation, at: str, why: str, ways: Sequence[str]) -> int:
    """The place of the way that is chosen by its number; there is none that Enter takes."""
    above: list[Block] = [Prose(why), *(Prose(way, indent=5, mark=f"  {n}") for n, way in enumerate(ways, 1))]
    question = Question(t("flow.which"), above, hint=lambda _: t("flow.which_way"))
    while True:
        text = talk.ask(at, question, lambda: [Prose(t("flow.which_way"), indent=2)]).text.strip()
        number = number_of(text)
        if number is not None and 1 <= number <= len(ways):
            return number - 1
        question = question._replace(default="", trouble=t("flow.number_needed", n=len(ways)))


def _begin(talk: Conversation, name: str) -> None:
    known = new_deal(talk.workspace, name, talk.schema)
    talk.interview = talk.report.with_deal(name, known, name)
    if talk.report.held is None:
        talk.tell_answer(talk.deal_label, t("flow.new_deal", name=name))
        if known.held:
            deals = [say(deal_tag(of.id, of.name, of.customer)) for of in known.held[:_NAMESAKES]]
            talk.terminal.tell([Prose(t("flow.namesakes", deals=deals), indent=2)])


def customer_meant(talk: Conversation, said: str) -> str | None:
    """The customer's name as the diary knows it; a new one near a known one is asked about. None: neither."""
    said = said.strip()
    known = next(
        (o.name for o in talk.names.customers.find(said, _OFFERED) if normal_form(o.name) == normal_form(said)), None
    )
    if known is not None:
        return known
    near = customers_near(talk.workspace, said)
    if not near:
        return said
    place = _chosen(
        talk, t("flow.near", said=said), list(map(spoken, near.values())), t("flow.new_customer", name=said)
    )
    return None if place is None else said if place == len(near) else list(near)[place]
