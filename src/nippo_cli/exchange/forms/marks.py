"""Marks: what stands in a form where nippo is to write, `{{entries.customer}}` or `{{活動.顧客}}`, and what each of them means."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import nearest, normal_form
from nippo_cli.schema.schema import Schema, day_fields

# Of a list a form holds as many as it has rows for.
LISTS: Final = ("entries", "days", "planned")
# The groups of marks and the marks in them, by key and in Japanese; fields of the schema join `entries`, those of a day `day` and
# `days`.
GROUPS: Final[Mapping[str, str]] = {
    "entries": "活動",
    "day": "日",
    "days": "日ごと",
    "planned": "予定",
    "period": "期間",
    "total": "合計",
    "": "",
}
OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "entries": {
        "date": "日付",
        "weekday": "曜日",
        "customer": "顧客",
        "deal": "案件",
        "deal_id": "案件番号",
        "author": "記入者",
        "id": "番号",
    },
    "day": {"date": "日付", "weekday": "曜日", "contacts": "接触数", "off": "休み"},
    "days": {"date": "日付", "weekday": "曜日", "contacts": "接触数", "off": "休み", "entries": "活動"},
    "planned": {
        "date": "期日",
        "weekday": "曜日",
        "step": "次の一手",
        "customer": "顧客",
        "deal": "案件",
        "deal_id": "案件番号",
        "owner": "担当",
    },
    "period": {"since": "開始日", "until": "終了日", "span": "期間", "week": "週番号"},
    "total": {
        "entries": "活動数",
        "contacts": "接触数",
        "new_deals": "新規案件数",
        "won": "受注件数",
        "won_amount": "受注額",
        "lost": "失注件数",
        "lost_amount": "失注額",
    },
    "": {"author": "記入者", "today": "作成日", "page": "ページ", "pages": "総ページ数"},
}
# Fields that bear a role are known by it too, whatever a team calls them, so that a form serves more than one agreement.
_OF_ROLES: Final[Mapping[str, str]] = {
    "kind": "案件種別", "activity": "活動", "stage": "フェーズ", "facts": "事実", "impression": "所感", "amount": "金額",
    "closes": "受注予定日", "confidence": "確度", "competitor": "競合", "next_step": "次の一手", "next_on": "次の一手の期日",
    "lost_reason": "失注理由", "people": "面談者", "companions": "同行者", "source": "引合経路", "customer_words": "顧客の言葉",
    "own_view": "自分の見立て", "accepts": "検収予定日", "push_reason": "延期の理由", "ball": "ボール", "remarks": "所感",
    "plan": "明日の予定",
}  # fmt: skip
# Japanese keyboards write braces of two widths.
_MARK: Final = re.compile(r"[{｛]{2}([^{}｛｝]*)[}｝]{2}")
_BRACES: Final = re.compile(r"[{｛]{2}|[}｝]{2}")
_DOT: Final = re.compile(r"\s*[.．。・]\s*")


class FormMark(NamedTuple):
    """What a mark means: its group and its key in it; a field's is the schema's."""

    group: str
    key: str

    @property
    def in_list(self) -> bool:
        """Whether it is of a list."""
        return self.group in LISTS


class Vocabulary:
    """The marks of a schema, known by key and by word, in any mixture."""

    def __init__(self, schema: Schema) -> None:
        self.labels: dict[FormMark, str] = {}
        self._marks: dict[str, FormMark] = {}
        fields = {field.key: field.label for field in schema.fields}
        of_day = {field.key: field.label for field in day_fields(schema)}
        more: Mapping[str, Mapping[str, str]] = {"entries": fields, "day": of_day, "days": of_day}
        for group in GROUPS:
            words = {**OWN[group], **more.get(group, {})}
            for key, label in words.items():
                self.labels[FormMark(group, key)] = label
            # Whatever a field is called, it does not take the place of another's key.
            for key in words:
                self._name(group, key, FormMark(group, key))
            for key, label in [*more.get(group, {}).items(), *OWN[group].items()]:
                self._name(group, label, FormMark(group, key))
        for field in schema.fields:
            self._name_by_role("entries", field.key, field.role)
        for day_field in day_fields(schema):
            for group in ("day", "days"):
                self._name_by_role(group, day_field.key, day_field.role)

    def _name_by_role(self, group: str, key: str, role: str | None) -> None:
        if role is not None and role in _OF_ROLES:
            for word in (role, _OF_ROLES[role]):
                self._name(group, word, FormMark(group, key))

    def _name(self, group: str, word: str, mark: FormMark) -> None:
        for called in filter(None, (group, GROUPS[group])) if group else ("",):
            self._marks.setdefault(_plain(f"{called}.{word}" if called else word), mark)

    def meaning(self, said: str) -> FormMark | None:
        """What a mark means that is written so; None where it means nothing."""
        return self._marks.get(_plain(said))

    def like(self, said: str) -> list[str]:
        """Marks that are written nearly so, likest first."""
        return nearest(_plain(said), self._marks)

    def shown(self, mark: FormMark, *, japanese: bool) -> str:
        """A mark as a form of a language has it."""
        word = self.labels[mark] if japanese else mark.key
        group = GROUPS[mark.group] if japanese else mark.group
        return f"{{{{{group}.{word}}}}}" if group else f"{{{{{word}}}}}"


class TextPiece(NamedTuple):
    """A stretch of a text, and the mark that it is, as written between the braces; None where it is none."""

    text: str
    said: str | None


def pieces(text: str) -> Iterator[TextPiece]:
    """A text, its marks and what stands between them."""
    at = 0
    for match in _MARK.finditer(text):
        if match.start() > at:
            yield TextPiece(text[at : match.start()], None)
        yield TextPiece(match[0], match[1].strip())
        at = match.end()
    if at < len(text):
        yield TextPiece(text[at:], None)


def has_marks(text: str) -> bool:
    """Whether a text holds marks, or what may have been meant for one."""
    return bool(_BRACES.search(text))


def unclosed(text: str) -> bool:
    """Whether braces stand in a text that make no mark."""
    return any(piece.said is None and _BRACES.search(piece.text) for piece in pieces(text))


def marks_in(texts: Iterable[str]) -> list[str]:
    """The marks in texts, as written, each once."""
    return list(dict.fromkeys(piece.said for text in texts for piece in pieces(text) if piece.said is not None))


def _plain(said: str) -> str:
    return _DOT.sub(".", normal_form(said))
