"""What is typed into a search, taken apart: words, "phrases", what must not be there, and what a field must hold."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from nippo_cli.base.customers import written_otherwise
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.journal.search.form import form_of, texts_of, tokens
from nippo_cli.results.entries import EntryView

QUOTES: Final = '"＂“”„«»'
_PART = re.compile(
    rf"([-－−‐]?)(?:([^\s{QUOTES}:：]+)[:：])?(?:[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]|([^\s{QUOTES}]+|\S))"
)

# A hyphen behind katakana, as in サ－バ－, which looks like the mark of a long vowel.
_HYPHEN_OF_KANA = re.compile("(?<=[ァ-ヺー])-+")

# A phrase of more characters is long: the index takes some time for it. So it does for a shorter one, if nobody wrote it in
# characters that nearly everybody writes: it reads through all that hold these.
LONG: Final = 6
_PART_OF_LONG, _PART_OF_SHORT = 4, 2


class Term(NamedTuple):
    """A word or a phrase in its search form, blanks in it single. `field` is the key of the one field that holds it;
    None: anything that is searched. `others` are what it may stand as besides: with its legal form written otherwise, and what
    else a customer or a person of that name is called. `core` is what stands in all of these, where that is known."""

    text: str
    field: str | None = None
    others: tuple[str, ...] = ()
    core: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """The texts that it may stand as: a phrase with its blanks, or without any, as in a name; what was typed with a hyphen in
        place of a long vowel's mark with the mark as well; and so the other names."""
        said = (way for one in (self.text, *self.others) for way in (one, _HYPHEN_OF_KANA.sub("ー", one)))
        return tuple(dict.fromkeys(form for one in said for form in (one, one.replace(" ", ""))))

    @property
    def phrase(self) -> str:
        """The index's query for it."""
        phrases = [f'"{tokens(spelling)}"' for spelling in self.spellings]
        return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"

    @property
    def parts(self) -> "list[Term]":
        """What a text that holds a phrase must hold: of a long one each four characters that stand side by side, two apart, of
        another each two; none of one or two characters, or of one that may stand as two, unless these share some text: then
        that, or its parts."""
        whole = self.core or self.text
        if not self.core and (len(self.text) <= _PART_OF_SHORT or len(self.spellings) > 1):
            return []
        is_long = bool(self.core) or len(whole) > LONG
        length, apart = (_PART_OF_LONG, 2) if is_long else (_PART_OF_SHORT, 1)
        last = max(len(whole) - length, 0)
        return [Term(whole[at : at + length]) for at in (*range(0, last, apart), last)]

    def called(self, names: Sequence[str]) -> "Term":
        """The same, standing for these names, too, with their legal forms however they are written."""
        if not names:
            return self
        written = (way for name in names for way in (name, *written_otherwise(name)[0]))
        return self._replace(others=(*self.others, *written), core="")

    def is_in(self, texts: Sequence[str]) -> bool:
        """Whether one of the texts holds it."""
        return any(spelling in text for spelling in self.spellings for text in texts)


class Query(NamedTuple):
    """Every term must be held, none of `without`."""

    terms: tuple[Term, ...]
    without: tuple[Term, ...] = ()

    @property
    def by_field(self) -> bool:
        """Whether it asks what a field holds, which the index does not know."""
        return any(term.field for term in (*self.terms, *self.without))

    @property
    def characters(self) -> int:
        """How many the index looks for."""
        return sum(len(spelling) for term in (*self.terms, *self.without) for spelling in term.spellings)

    @property
    def unwanted(self) -> str:
        """The index's query for rows that hold any of what must not be there; "" where nothing is.

        What a field must not hold may stand elsewhere, so it is left to whoever reads the entry.
        """
        return " OR ".join(term.phrase for term in self.without if not term.field)

    def by_names(self, others: Callable[[str], Sequence[str]]) -> "Query":
        """The same, every term standing for its other names, too.

        Args:
            others: the other names, in their search form, of whoever has a name that a term is.
        """

        def named(terms: Sequence[Term]) -> tuple[Term, ...]:
            return tuple(term.called(others(term.text)) for term in terms)

        return Query(named(self.terms), named(self.without))

    def phrase(self, terms: Sequence[Term]) -> str:
        """The index's query for rows that hold these terms, and none of those that must not be there."""
        wanted = " AND ".join(term.phrase for term in terms)
        return f"({wanted}) NOT ({self.unwanted})" if self.unwanted else wanted


def read_query(text: str, fields: Mapping[str, str] | None = None, without: Sequence[str] = ()) -> Query:
    """A query as typed: `見積 "納期 未定" -失注 競合:富士`, in any width.

    Args:
        fields: the keys of fields by the normal form of what they are called; what stands before a colon and is none
            of these is part of the word.
        without: further texts that must not be there, whole.
    """
    terms: dict[Term, None] = {}
    unwanted = {term: None for said in without if (term := _term(said))}
    for minus, before, phrase, word in _PART.findall(text.replace("\0", " ")):
        field = (fields or {}).get(normal_form(before)) if before else None
        said = phrase or word
        if before and field is None:
            said = f"{before}:{said}"
        # A minus alone is what is looked for.
        term = _term(said, field)
        if term is not None:
            (unwanted if minus else terms)[term] = None
        elif minus and not phrase:
            terms[Term(form_of((minus,)))] = None
    return Query(tuple(terms), tuple(unwanted))


def _term(said: str, field: str | None = None) -> Term | None:
    form = form_of((said,))
    if not form:
        return None
    others, core = written_otherwise(form)
    term = Term(form, field, tuple(others))
    return term._replace(core=core) if all(core in spelling for spelling in term.spellings) else term


def holds(view: EntryView, query: Query) -> bool:
    """Whether an entry holds every term of a query, and none of those that must not be there."""
    texts = [form_of(texts_of(view.values, view.schema, view.author))]
    if view.deal is not None:
        texts.append(form_of((view.deal.name, view.deal.customer)))

    def held(term: Term) -> bool:
        if term.field is None:
            return term.is_in(texts)
        value = {k: v for k, v in view.values.items() if k == term.field}
        return term.is_in([form_of(texts_of(value, view.schema, ""))])

    return all(map(held, query.terms)) and not any(map(held, query.without))
