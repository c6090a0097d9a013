"""What the parts of a schema mean to each other."""

import pytest
from schema_texts import SOUND, found, with_lines


def needs_of(text: str) -> list[tuple[str, str]]:
    """What was found, and what is needed."""
    return [(said, needs) for _, said, needs in found(text)]


@pytest.mark.parametrize(
    ("old", "new", "said", "needs"),
    [
        ("label: 見積, norm", "label: 引合い, norm", "引合い", "schema.taken"),
        ("key: quote, label: 見積", "key: 引合い, label: 見積", "引合い", "schema.taken"),
        ("label: 見積, norm", "label: 見積, was: [lead], norm", "lead", "schema.taken"),
        ("label: 見積, norm", "label: ＬＥＡＤ, norm", "ＬＥＡＤ", "schema.taken"),
        ("key: kind, label: 種別", "key: kind, label: フェーズ", "フェーズ", "schema.taken"),
        ("label: 受注, ends: won", "label: 受注", "", "schema.needs.won"),
        ("label: 失注, ends: lost", "label: 失注, ends: won", "won", "schema.needs.one_won"),
        ("label: 引合い}", "label: 引合い, after: true}", "引合い", "schema.needs.first_stage"),
        ("ends: won}", "ends: won, norm: 9}", "9", "schema.needs.no_norm"),
        ("ends: lost}", "ends: lost, after: true}", "失注", "schema.needs.after_or_ends"),
        ("norm: 30}", "after: true}", "見積", "schema.needs.after_won"),
        ("label: フォロー, after: true", "label: フォロー", "フォロー", "schema.needs.after"),
        ("norm: 30}", "may_return_to: [引合]}", "引合", "schema.needs.one_of.near"),
        ("norm: 30}", "evidence: [ammount]}", "ammount", "schema.needs.one_of"),
        ("norm: 30}", "must_when: {kind: 更新}}", "更新", "schema.needs.one_of"),
        ("norm: 30}", "must_when: {}}", "", "schema.needs.condition"),
        ("norms: {見積: 10}", "norms: {quoet: 10}", "quoet", "schema.needs.one_of.near"),
        ("norms: {見積: 10}", "norms: {受注: 10}", "10", "schema.needs.no_norm"),
        ("required: true", "required_when: {activity: 電話}", "電話", "schema.needs.one_of"),
        ("type: choice, role: stage", "type: text, role: stage", "text", "schema.needs.role_type"),
        ("role: facts", "role: customer", "customer", "schema.role_taken"),
        (", role: deal", "", "deal", "schema.needs.type_role"),
        ("key: facts, label: 事実", "key: dry_run, label: 事実", "dry_run", "schema.reserved"),
        ("required: true", "coarse: true", "text", "schema.needs.coarse"),
        ("required: true", "least: 5, most: 3", "5", "schema.needs.least"),
        ("required: true", "least: -1", "-1", "schema.needs.greater_than_equal"),
        ("type: choice, role: kind", "type: choice, role: kind, least: 1", "1", "schema.needs.bounds"),
        ("type: choice, role: kind", "type: choice, role: kind, choices: [a]", "kind", "schema.needs.choices_in"),
        ("required: true", "choices: [a]", "text", "schema.needs.choice_type"),
        ("type: choice, role: kind", "type: choice, role: kind, default: 更新", "更新", "entry.needs.choice"),
        ("name: 試し", "name: 試し\nwords: {dael: 物件}", "dael", "schema.needs.one_of.near"),
    ],
)
def test_a_contradiction_is_told(old: str, new: str, said: str, needs: str):
    """Each with what was found and what is needed."""
    assert old in SOUND
    assert (said, needs) in needs_of(SOUND.replace(old, new, 1))


@pytest.mark.parametrize("role", ["customer", "deal", "stage"])
def test_the_roles_that_a_line_is_made_of_must_be_bound(role: str):
    """Without a customer, a deal or a stage there is no line."""
    text = "\n".join(line for line in SOUND.splitlines() if f"role: {role}}}" not in line)
    assert ("", "schema.needs.role") in needs_of(text)


def test_a_list_needs_the_field_that_chooses_from_it_and_the_other_way_round():
    """Kinds that nobody can choose, and a field with nothing to choose from, are both mistakes."""
    without_field = "\n".join(line for line in SOUND.splitlines() if "role: kind" not in line)
    assert needs_of(without_field) == [("kinds", "schema.needs.field_for")]
    without_list = SOUND[: SOUND.index("kinds:")] + SOUND[SOUND.index("activities:") :]
    assert needs_of(without_list) == [("kind", "schema.needs.list_for")]


@pytest.mark.parametrize(
    ("first", "last", "said", "needs"),
    [
        ("02-30", "03-01", "02-30", "schema.needs.day"),
        ("2026-02-29", "2026-03-01", "2026-02-29", "schema.needs.day"),
        ("お盆", "08-16", "お盆", "schema.needs.day"),
        ("08-13", "2026-08-16", "2026-08-16", "schema.needs.same_form"),
        ("2026-08-16", "2026-08-13", "2026-08-13", "schema.needs.later"),
    ],
)
def test_closures_are_days_of_the_calendar(first: str, last: str, said: str, needs: str):
    """Both ends, in one form, in order."""
    extra = f"closures:\n  - {{name: 夏, first: {first}, last: {last}}}\n"
    assert needs_of(with_lines(extra)) == [(said, needs)]


def test_yearly_closures_may_run_over_new_year():
    """29 February is a day of some years, and a year's end comes before its beginning."""
    extra = "closures:\n  - {name: 年末年始, first: 12-29, last: 01-04}\n  - {name: 閏, first: 02-29, last: 02-29}\n"
    assert needs_of(with_lines(extra)) == []


def test_the_deal_may_be_called_deal():
    """`deal` is reserved, but for the field that is the deal."""
    assert needs_of(SOUND) == []
    text = SOUND.replace("key: facts", "key: deal2").replace("key: deal,", "key: anken,")
    assert needs_of(text) == []


def test_words_may_have_plurals():
    """English needs them."""
    assert needs_of(with_lines("words: {deal: opportunity, deals: opportunities, entries: notes}\n")) == []


def test_a_place_after_an_item_that_was_left_out_keeps_its_line():
    """What is wrong behind a broken item is told at its own line."""
    text = SOUND.replace("{key: lead, label: 引合い}", "{norm: 3}").replace(
        "label: フォロー, after: true", "label: 受注, after: true"
    )
    assert (8, "受注", "schema.taken") in found(text)
