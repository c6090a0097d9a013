"""What is said of a person of a customer: that they went, who came after them, another name, and that two are one."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import Message, NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import same_person
from nippo_cli.base.text import quoted
from nippo_cli.journal.write import merge_person, say_of_person
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, day_of, expect_plausible, in_force, writing
from nippo_cli.services.pages import person_named
from nippo_cli.services.writing.customers import customer_meant
from nippo_cli.services.writing.near_customers import note_near

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.journal.write import Writer
    from nippo_cli.results.deals import Person

_NOT_IN_A_NAME = "（）():：、，,;；\n"


class PersonChange(NamedTuple):
    """What is said of a person, as typed: the customer to whom they moved; that they left; who came after them; what they are
    called, one more name, and who they are."""

    moved: str | None = None
    left: bool = False
    successor: str | None = None
    rename: str | None = None
    alias: str | None = None
    merge: str | None = None

    @property
    def names(self) -> "Sequence[str]":
        """The options that are about names alone."""
        return [name for name in ("rename", "alias", "merge") if getattr(self, name) is not None]

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return self.left or self != PersonChange()


def change(workspace: Workspace, customer: str, person: str, said: PersonChange, *, on: str | None = None) -> Done:
    """Write down what is said of a person.

    Args:
        on: the day since which it is so; today where nothing is typed.

    Raises:
        NotFound, Ambiguous: no customer or person, or several, answer to a name. UsageError: two things at once that can't be
            both; a name that is none, or another person's; the customer where the person is already.
    """
    _expect_one(said, on)
    with writing(workspace, begin=False) as writer:
        whose = customer_meant(workspace, writer, customer)
        there = writer.reader.people(EVER, whose)
        meant = _meant(workspace, there, person)
        day = day_of(on, writer.today)
        expect_plausible(in_force(writer), writer.today, on, day)
        if said.merge is not None:
            other = _meant(workspace, there, said.merge)
            if other is meant:
                raise UsageError(msg("people.merge_same", person=meant.name, into=other.name))
            records, shown = (
                merge_person(writer, meant.name, whose, other.name),
                [msg("people.merged", into=other.name)],
            )
        else:
            records, shown = _say(workspace, writer, meant, there, whose, said, day)
    params: dict[str, object] = {"customer": whose, "person": meant.name, "shown": shown}
    params |= {name: value for name, value in said._asdict().items() if value}
    return Done("done.person", params, records, workspace.dry_run)


def _expect_one(said: PersonChange, on: str | None) -> None:
    if said.left and said.moved is not None:
        raise UsageError(msg("people.left_and_moved"))
    at_once = [*said.names, *(["moved"] if said.moved is not None else []), *(["left"] if said.left else []),
               *(["successor"] if said.successor is not None else [])]  # fmt: skip
    if said.names and len(at_once) > 1:
        raise UsageError(msg("people.one_at_once", options=[f"--{name}" for name in at_once]))
    if on is not None and said.names:
        raise UsageError(msg("people.no_day", option=f"--{said.names[0]}"))


def _meant(workspace: Workspace, there: "Sequence[Person]", said: str) -> "Person":
    """The person who is meant; in a script no part of a name will do."""
    person = person_named(there, said)
    if not workspace.interactive and not any(same_person(said, name) for name in (person.name, *person.names)):
        raise NotFound(msg("people.whole_name", said=said, name=person.name))
    return person


def _say(
    workspace: Workspace,
    writer: "Writer",
    person: "Person",
    there: "Sequence[Person]",
    customer: str,
    said: PersonChange,
    on: "date",
) -> tuple[list[int], list[Message]]:
    """The records of all that is said, and what it is in words."""
    bodies: list[dict[str, object]] = []
    shown: list[Message] = []
    for do, name in (("rename", said.rename), ("alias", said.alias)):
        if name is not None:
            bodies.append({"do": do, "name": _free_name(workspace, name, person, there, customer)})
            shown.append(msg(f"people.{do}", name=name.strip()))
    if said.moved is not None:
        to = _place(workspace, writer, said.moved, customer)
        bodies.append({"do": "moved", "customer": customer, "to": to})
        shown.append(msg("people.moved", to=to, day=on))
    if said.left:
        bodies.append({"do": "left", "customer": customer})
        shown.append(msg("people.left", day=on))
    if said.successor is not None:
        name = _fit(said.successor)
        if same_person(name, person.name):
            raise UsageError(msg("people.same_name", name=name))
        bodies.append({"do": "successor", "customer": customer, "name": name})
        shown.append(msg("people.successor", name=name))
    if (said.moved is not None or said.left) and on < person.last_met_on:
        met = msg("people.met_since", name=person.name, customer=customer, day=on, met=person.last_met_on)
        workspace.notices.append(met)
    joins = _joins(workspace, writer, person, str(bodies[0]["to"])) if said.moved is not None else ""
    records = say_of_person(writer, person.name, customer, bodies, on=on)
    if joins:
        records += merge_person(writer, joins, str(bodies[0]["to"]), person.name, at=customer)
    return records, shown


def _joins(workspace: Workspace, writer: "Writer", person: "Person", to: str) -> str:
    """Say that the diary names somebody of the person's name where they moved, whom it takes for them from now on; their name,
    if a record tells of them."""
    own = (person.name, *person.names)
    others = [one for one in writer.reader.people(EVER, to) if any(same_person(one.name, name) for name in own)]
    if not others:
        return ""
    workspace.notices.append(msg("people.joined", name=others[0].name, customer=to, n=others[0].entries))
    return others[0].name if others[0].names else ""


def _place(workspace: Workspace, writer: "Writer", said: str, customer: str) -> str:
    """The customer to whom somebody moved: a known one by whatever name, or a new one, of whom it is said which are near."""
    view, to = writer.reader.past(EVER), said.strip()
    if not to or "\n" in to:
        raise UsageError(msg("people.no_place"))
    if view.customers.same(to, customer):
        raise UsageError(msg("people.same_place", customer=to))
    known = [name for name in writer.reader.customers(EVER) if view.customers.same(name, to)]
    if not known and view.customers.customer(to) is None:
        note_near(workspace, writer, [to])
    return view.customers.name(to if to in known or not known else known[0])


def _free_name(workspace: Workspace, said: str, person: "Person", there: "Sequence[Person]", customer: str) -> str:
    """A new name that no other person of the customer has.

    Raises:
        UsageError: it is empty, or holds a title, or somebody has it.
    """
    name = _fit(said)
    if name == person.name:
        raise UsageError(msg("people.same_name", name=name))
    other = next(
        (one for one in there if one is not person and any(same_person(name, own) for own in (one.name, *one.names))),
        None,
    )
    if other is not None:
        names = f"{quoted(customer)} {quoted(person.name)} --merge {quoted(other.name)}"
        command = f"nippo{workspace.places.options} customer people {names}"
        raise UsageError(
            msg("people.taken", name=name, customer=customer), hint=msg("people.taken.hint", merge=command)
        )
    return name


def _fit(said: str) -> str:
    name = said.strip()
    if not name or any(character in name for character in _NOT_IN_A_NAME):
        raise UsageError(msg("people.no_name", said=said))
    return name
