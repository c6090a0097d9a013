"""A document whose rules name things by labels that they had: by their keys instead, so that a new label breaks no rule."""

from collections.abc import Iterable, Mapping, Sequence

from nippo_cli.base.text import normal_form
from nippo_cli.schema import document as doc
from nippo_cli.schema.build import names_of
from nippo_cli.schema.former import keys_by_label
from nippo_cli.schema.schema import Schema, list_of_role


def with_keys(document: doc.Document, before: Schema) -> doc.Document:
    """The document, with keys in place of those names that it does not know and an earlier agreement did.

    A name that the document knows means what it says there; so does one that nobody ever knew, for `rules` to refuse.

    Args:
        before: the agreement in force, with the labels of those before it.
    """
    return _Relabelled(document, before).document()


class _Relabelled:
    def __init__(self, document: doc.Document, before: Schema) -> None:
        self._document = document
        self._earlier = keys_by_label(before)
        self._names: dict[str, Mapping[str, str]] = {
            "stages": names_of(document.stages), "kinds": names_of(document.kinds), "fields": names_of(document.fields),
            "activities": names_of(document.activities), "ranks": names_of(document.confidence),
        }  # fmt: skip

    def document(self) -> doc.Document:
        """The whole."""
        whole = self._document
        return whole.model_copy(
            update={
                "stages": [self._stage(stage) for stage in whole.stages],
                "kinds": [kind.model_copy(update={"norms": self._norms(kind.norms)}) for kind in whole.kinds],
                "activities": [self._activity(activity) for activity in whole.activities],
                "fields": [self._field(field) for field in whole.fields],
            }
        )

    def _stage(self, stage: doc.StagePart) -> doc.StagePart:
        return stage.model_copy(
            update={
                "must_when": self._condition(stage.must_when) if stage.must_when else None,
                "may_return_to": self._all("stages", stage.may_return_to),
                "evidence": self._all("fields", stage.evidence),
            }
        )

    def _activity(self, activity: doc.ActivityPart) -> doc.ActivityPart:
        field = next((field for field in self._document.fields if field.role == "ball"), None)
        if activity.ball is None or field is None:
            return activity
        return activity.model_copy(update={"ball": self._key(field.key, activity.ball, field.choices)})

    def _norms(self, norms: Mapping[str, int]) -> dict[str, int]:
        return {self._key("stages", stage): days for stage, days in norms.items()}

    def _field(self, field: doc.FieldPart) -> doc.FieldPart:
        conditions = [self._condition(condition) for condition in field.required_when]
        listed = list_of_role(field.role) or field.key
        default = self._key(listed, field.default, field.choices) if field.default else field.default
        return field.model_copy(update={"required_when": conditions, "default": default})

    def _condition(self, condition: doc.ConditionPart) -> doc.ConditionPart:
        return condition.model_copy(
            update={
                "stage": self._all("stages", condition.stage),
                "activity": self._all("activities", condition.activity),
                "kind": self._all("kinds", condition.kind),
            }
        )

    def _all(self, listed: str, said: Iterable[str]) -> list[str]:
        return [self._key(listed, name) for name in said]

    def _key(self, listed: str, said: str, choices: Sequence[doc.ChoicePart] = ()) -> str:
        names = self._names.get(listed) or names_of(choices)
        earlier = self._earlier.get(f"{listed}/{normal_form(said)}")
        known = earlier is not None and normal_form(earlier) in names
        return earlier if earlier is not None and known and normal_form(said) not in names else said
