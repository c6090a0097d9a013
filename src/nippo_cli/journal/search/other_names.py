"""What else customers and persons are called: a search for one of their names is one for all of them."""

from collections.abc import Iterable, Sequence

from nippo_cli.base.customers import company
from nippo_cli.base.persons import person_key
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.search.form import form_of

# A part of so many characters of a customer's name is one that is looked for as that customer's.
_LEAST_PART = 2


class OtherNames:
    """The names that records gave on a day, in their search form."""

    def __init__(self, view: AsOfView) -> None:
        self._customers = [(_forms(map(company, names)), _forms(names)) for names in view.names_of_customers()]
        self._people = [_forms(person.names) for person in view.people.recorded]

    def __call__(self, term: str) -> Sequence[str]:
        """What else they are called: a customer of whose name the term is a part, legal forms apart, a person whose whole name it
        is. A name that holds the term is none: what holds that holds the term, too."""
        (part,) = _forms([company(term)])
        is_part = len(part) >= _LEAST_PART
        others = [forms for bare, forms in self._customers if is_part and any(part in form for form in bare)]
        others += [forms for forms in self._people if person_key(term) in map(person_key, forms)]
        return list(dict.fromkeys(form for forms in others for form in forms if term not in form))


def _forms(names: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys(form_of((name,)) for name in names))
