"""What is said beside the entries on the demo's last day: the head's comments, and what reps thought of the day before."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from nippo_cli.services.care.demo.events import CommentEvent, DayEvent, EntryEvent
from nippo_cli.services.care.demo.words import Cast
from nippo_cli.services.care.demo.workdays import back_to_work, on_to_work

_ASKED = "受注予定が何度も動いています。何が決まれば先へ進むのか、決裁者に直接聞けますか。必要なら同行します。"
_ADVICE = "先方の言葉がそのまま書いてあって、状況がよく分かります。次の打合せには技術も連れて行ってください。"
_ANSWER = "ありがとうございます。技術の日程を押さえて、明日先方に連絡します。"
_THOUGHTS = (
    "困りごとを数字で話してくれる顧客ほど、次の約束が早く決まる。聞き方をそろえたい。",
    "納期の質問が続いた。標準機の在庫と納期を1枚にまとめておくと、その場で答えられる。",
)


def remarks(
    people: Cast, entries: Sequence[EntryEvent], slipping: str, today: date
) -> Iterator[CommentEvent | DayEvent]:
    """A comment that waits, on the deal whose date keeps moving; one that is answered; yesterday in the words of two.

    `entries` are in the order of their days. All is known on the last day: it comes after everything else.
    """
    yesterday = back_to_work(today - timedelta(days=1))
    wrote = list(dict.fromkeys(e.author for e in entries if e.on == yesterday))
    for author, text in zip(wrote, _THOUGHTS, strict=False):
        yield DayEvent(today, author, yesterday, text)
    moved = [e for e in entries if e.deal == slipping]
    if moved:
        due = on_to_work(today + timedelta(days=1))
        yield CommentEvent(today, people.head, "asked", _ASKED, entry=moved[-1].key, due=due)
    other = [e for e in entries if e.deal and e.deal != slipping and e.on <= yesterday and not e.incomplete]
    if other:
        yield CommentEvent(today, people.head, "advice", _ADVICE, entry=other[-1].key)
        yield CommentEvent(today, other[-1].author, "answer", _ANSWER, answers="advice")
