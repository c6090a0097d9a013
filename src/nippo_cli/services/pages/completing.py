"""What may stand where a person typed TAB: names, ids and choices of the journal, each with a word beside it."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import normal_form, search_form
from nippo_cli.journal.read import NameOffers
from nippo_cli.schema.types import type_named

if TYPE_CHECKING:
    from nippo_cli.journal.read import OfferedDeal

MOST = 60
_CHOOSERS = {"stage": "stages", "kind": "kinds", "activity": "activities", "confidence": "ranks", "cause": "causes"}
_ENTRIES_LOOKED_AT = 400
# What every team has that lists no fields of a day: schema.day_fields.
_OF_DAY = ({"key": "remarks", "label": ""}, {"key": "tomorrow", "label": ""})


class CompletionOffer(NamedTuple):
    """A word to complete to, what helps to choose it, and what means the same where the word can't be spelled; `mark` is what of
    the help no list goes without."""

    word: str
    help: str = ""
    instead: str = ""
    mark: str = ""

    def behind(self, option: str) -> "CompletionOffer":
        """The same as the value of an option, `--deal=` and the like."""
        return self._replace(word=option + self.word, instead=self.instead and option + self.instead)


class Offers:
    """The offers of one journal. Kanji, kana and width are matched alike; what begins so comes before what holds it."""

    def __init__(self, journal: str) -> None:
        self._names = NameOffers(journal)
        self._schema: dict[str, Any] | None = None

    @property
    def schema(self) -> Mapping[str, Any]:
        """The schema last adopted, as its JSON; empty where there is none."""
        if self._schema is None:
            self._schema = self._names.schema()
        return self._schema

    def of(self, kind: str, typed: str) -> list[CompletionOffer]:
        """What a value of a kind may be, as far as it was typed. No name is offered that a command would take for
        something else: an option, or another deal's id."""
        return [said for one in self._of(kind, typed) if (said := _as_value(one, kind)).word]

    def _of(self, kind: str, typed: str) -> list[CompletionOffer]:
        """The offers of a kind of value, before those are left out that mean something else."""
        if kind.startswith("CHOICE:"):
            return matching((CompletionOffer(word) for word in kind.removeprefix("CHOICE:").split("|")), typed)
        if kind.startswith("WORDS:"):
            return matching(_worded(kind), typed)
        if kind in ("customer", "deal", "customer or deal"):
            customers = self._customers(typed) if kind.startswith("customer") else []
            return [*customers, *(self._deals(typed) if kind.endswith("deal") else ())][:MOST]
        offers: Iterable[CompletionOffer] = ()
        named = {"site": self._names.sites, "owner": self._names.owners}
        if kind in named:
            offers = map(CompletionOffer, named[kind]())
        elif kind == "entry":
            offers = self._entries()
        elif kind in _CHOOSERS:
            offers = self._listed(_CHOOSERS[kind])
        elif kind.startswith("FIELD:"):
            return self._field(kind.removeprefix("FIELD:"), typed)
        return matching(offers, typed)

    def _deals(self, typed: str) -> list[CompletionOffer]:
        return list(map(_deal, self._names.deals(typed, MOST)))

    def _customers(self, typed: str) -> list[CompletionOffer]:
        """Customers as far as typed; where none is called so, without the legal form that was typed."""
        offers = matching(map(CompletionOffer, self._names.customers(typed, MOST)), typed)
        if offers:
            return offers
        from nippo_cli.journal.read import bare_name

        bare = bare_name(typed)
        return self._customers(bare) if bare else []

    def fields(self, *, of_day: bool = False, beside: Container[str] | None = None) -> list[CompletionOffer]:
        """The options that the schema's fields are, with their labels.

        Args:
            beside: the command's other options; then those that labels in Japanese make are among them, too.
        """
        from nippo_cli.schema.field_flags import flag_of_key, flags_of_labels

        fields = self.schema.get("day_fields", _OF_DAY) if of_day else self.schema.get("fields", ())
        asked = [(f["key"], f["label"]) for f in fields if f.get("role") != "deal"]
        offers = [CompletionOffer(flag_of_key(key), label) for key, label in asked]
        if beside is not None:
            flags = zip(flags_of_labels(asked, beside), asked, strict=True)
            offers += [CompletionOffer(flag, label) for flag, (_, label) in flags if not flag.isascii()]
        return offers

    def _field(self, flag: str, typed: str) -> list[CompletionOffer]:
        """The offers for the field whose key or label makes that option."""
        from nippo_cli.schema.field_flags import flag_of_key, flag_of_label

        fields = (*self.schema.get("fields", ()), *self.schema.get("day_fields", ()))
        field = next((f for f in fields if flag in (flag_of_key(f["key"]), flag_of_label(f["label"]))), None)
        if field is None:
            return []
        role = field.get("role")
        if role in _CHOOSERS:
            return self._of(str(role), typed)
        of = type_named(field["type"])
        if of.offers == "customers":
            return self._of("customer", typed)
        if of.words:
            return matching(map(CompletionOffer, of.words), typed)
        return matching((CompletionOffer(c["label"], instead=c["key"]) for c in field.get("choices", ())), typed)

    def _listed(self, part: str) -> Iterator[CompletionOffer]:
        for one in self.schema.get(part, ()):
            yield CompletionOffer(one["label"], one.get("done_when") or one.get("meaning") or "", one["key"])

    def _entries(self) -> Iterator[CompletionOffer]:
        for entry, on, customer, deal in self._names.entries(_ENTRIES_LOOKED_AT):
            yield CompletionOffer(show_id(entry), "  ".join(part for part in (on, customer, deal) if part))


def _deal(deal: "OfferedDeal") -> CompletionOffer:
    """A deal by its name; where several have it, with the customer, as a command takes it."""
    name = deal.name
    if deal.is_shared:
        from nippo_cli.base.customers import deal_label

        name = deal_label(deal.name, deal.customer)
    mark = t("flow.ended") if deal.ended else ""
    return CompletionOffer(name, "  ".join(filter(None, (deal.customer, mark))), show_id(deal.id), mark)


def _worded(kind: str) -> list[CompletionOffer]:
    """Fixed words as the screen shows them, then the keys that scripts use."""
    from nippo_cli.services.context import shown

    _, vocabulary, keys = kind.split(":")
    every = keys.split("|")
    words = shown(vocabulary, every)
    keyed = [CompletionOffer(key, word) for word, key in zip(words, every, strict=True) if key != normal_form(word)]
    return [*(CompletionOffer(word, instead=key) for word, key in zip(words, every, strict=True)), *keyed]


def _as_value(one: CompletionOffer, kind: str) -> CompletionOffer:
    if not (one.word.startswith("-") or (kind.endswith("deal") and read_id(one.word) is not None)):
        return one
    return CompletionOffer(one.instead, f"{one.word}  {one.help}".rstrip(), mark=one.mark)


def matching(offers: Iterable[CompletionOffer], typed: str) -> list[CompletionOffer]:
    """Those that begin with what was typed; where none does, those that hold it, then those that hold it in other kana or older
    kanji."""
    folded = normal_form(typed)
    every = list(offers)
    begins = [one for one in every if normal_form(one.word).startswith(folded)] if folded else every
    holding = begins or [one for one in every if folded in normal_form(one.word)]
    return (holding or _alike(every, search_form(typed)))[:MOST]


def _alike(offers: Iterable[CompletionOffer], searched: str) -> list[CompletionOffer]:
    return [one for one in offers if searched in search_form(one.word)]
