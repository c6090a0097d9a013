"""What lost deals' entries say of why: the stated reason and the competitor, in the words of the schema in force."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import rows, values_in
from nippo_cli.lessons.facts import LostDeal
from nippo_cli.schema.schema import Role

# The entries of some deals, the latest first; `mark` stands in the body of each.
SAYING: Final = """
select e.deal, e.id, e.version, r.schema, r.body
from json_each(:deals) j cross join entry e on e.deal = j.value cross join record r on r.id = e.id
where e.version <> e.id or instr(r.body, :mark) order by e.deal, e.on_date desc, e.recorded_at desc, e.id desc
"""


ReasonGiven: TypeAlias = tuple[tuple[str, ...], str]

_NOTHING: ReasonGiven = ((), "")


class _Keys(NamedTuple):
    reason: str | None
    competitor: str | None


class Sayings:
    """Reads reasons and competitors from entries. What many entries say alike is put into today's words once."""

    def __init__(self, view: AsOfView) -> None:
        self._view = view
        self._keys: dict[int, _Keys] = {}
        self._carried: dict[tuple[int, str, str], ReasonGiven] = {}

    def of_row(self, entry: int, version: int, schema: int, body: str | None) -> ReasonGiven:
        """What an entry says, from its first record where it was never corrected."""
        if version != entry or body is None or self._view.moved_later(entry):
            return self.of_entry(entry)
        values = values_in(body)
        return self._of(schema, values) if values else self.of_entry(entry)

    def of_entry(self, entry: int) -> ReasonGiven:
        """What an entry says in the version of the day."""
        versions = self._view.versions(entry)
        return self._of(versions[-1].schema, versions[-1].values) if versions else _NOTHING

    def completed(self, lost: Sequence[LostDeal], silent: Collection[int]) -> list[LostDeal]:
        """The deals, those whose closing entry is silent on reason or competitor with what other entries say: the latest
        that says anything."""
        if not silent:
            return list(lost)
        said = self._elsewhere(
            {one.deal for one in lost if one.deal in silent and not one.reasons},
            {one.deal for one in lost if one.deal in silent and not one.competitor},
        )
        return [
            one._replace(
                reasons=one.reasons or said[one.deal][0], competitor=one.competitor or said[one.deal][1]
            )
            if one.deal in said
            else one
            for one in lost
        ]  # fmt: skip

    def _elsewhere(self, unreasoned: Collection[int], unrivalled: Collection[int]) -> dict[int, ReasonGiven]:
        """By deal, the latest reason and competitor that any of its entries states; of the first deals the reason is asked for,
        of the second the competitor."""
        view = self._view
        said_in: dict[int, ReasonGiven] = {}
        asked: tuple[tuple[Role, Collection[int]], ...] = (("lost_reason", unreasoned), ("competitor", unrivalled))
        for role, deals in asked:
            settled = json.dumps(sorted(deal for deal in deals if not view.is_unsettled(deal)))
            for mark in self._marks(role) if deals else ():
                for deal, *row in rows(view.cx, SAYING, {"deals": settled, "mark": f'"{mark}":'}):
                    _fill(said_in, deal, self.of_row(*row))
        for deal in {*unreasoned, *unrivalled}:
            for point in reversed(view.placed(deal)) if view.is_unsettled(deal) else ():
                if point.row[1] <= view.day:
                    _fill(said_in, deal, self.of_entry(point.row[0]))
        return said_in

    def _marks(self, role: Role) -> Iterable[str]:
        """The keys that the field of a role ever had."""
        migrator = self._view.migrator
        return dict.fromkeys(key for schema in migrator.ids if (key := migrator.of(schema).key(role)) is not None)

    def _of(self, schema_id: int, values: Mapping[str, Any]) -> ReasonGiven:
        """What an entry's values, written under a schema, say: the reasons' keys and the competitor, in today's words."""
        keys = self._keys.get(schema_id)
        if keys is None:
            schema = self._view.migrator.of(schema_id)
            keys = self._keys[schema_id] = _Keys(schema.key("lost_reason"), schema.key("competitor"))
        reason, competitor = values.get(keys.reason or ""), values.get(keys.competitor or "")
        if not reason and not competitor:
            return _NOTHING
        known = (schema_id, repr(reason), repr(competitor))
        if known not in self._carried:
            self._carried[known] = self._carry(schema_id, keys, reason, competitor)
        return self._carried[known]

    def _carry(self, schema_id: int, keys: _Keys, reason: Any, competitor: Any) -> ReasonGiven:
        """The same of values met for the first time: carried to the schema in force. `高い` under an old key becomes
        `price`."""
        migrator = self._view.migrator
        said = {key: value for key, value in zip(keys, (reason, competitor), strict=True) if key and value}
        now = migrator.carry(said, schema_id, migrator.under)
        schema = migrator.schema
        reasons, rival = now.get(schema.key("lost_reason") or ""), now.get(schema.key("competitor") or "")
        field = schema.by_role.get("competitor")
        rivals = [str(one) for one in (rival if isinstance(rival, list) else [rival] if rival else [])]
        if field is not None and field.choices:
            rivals = [schema.label(field, one) for one in rivals]
        return (
            tuple(str(one) for one in (reasons if isinstance(reasons, list) else [reasons] if reasons else [])),
            ", ".join(rivals),
        )


def _fill(said_in: dict[int, ReasonGiven], deal: int, said: ReasonGiven) -> None:
    before = said_in.get(deal, _NOTHING)
    said_in[deal] = (before[0] or said[0], before[1] or said[1])
