"""What lost deals' entries say of why: the stated reason and the competitor, in the words of the schema in force."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import rows
from nippo_cli.lessons.facts import LostDeal

# What entries of some deals state, the latest first; all of it stands in an index.
SAYING: Final = """
select e.deal, e.id, e.schema, e.why_lost from json_each(:deals) j cross join entry e indexed by entry_why_lost on e.deal = j.value
where e.why_lost is not null order by e.deal, e.on_date desc, e.recorded_at desc, e.id desc
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
        # By the schema and the text of a row: of tens of thousands there are few.
        self._read: dict[tuple[int, str], ReasonGiven] = {}

    def of_row(self, entry: int, schema: int, why_lost: str | None) -> ReasonGiven:
        """What an entry says, from its row where that is what was known of it on the day."""
        if self._view.moved_later(entry):
            return self.of_entry(entry)
        if why_lost is None:
            return _NOTHING
        if (schema, why_lost) not in self._read:
            try:
                reason, competitor = json.loads(why_lost)
            except (TypeError, ValueError):
                # Damaged: its record may be sound.
                return self.of_entry(entry)
            self._read[schema, why_lost] = self._stated(schema, reason, competitor)
        return self._read[schema, why_lost]

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
            {one.deal for one in lost if one.deal in silent and not (one.reasons and one.competitor)}
        )
        return [
            one._replace(
                reasons=one.reasons or said[one.deal][0], competitor=one.competitor or said[one.deal][1]
            )
            if one.deal in said
            else one
            for one in lost
        ]  # fmt: skip

    def _elsewhere(self, deals: Collection[int]) -> dict[int, ReasonGiven]:
        """By deal, the latest reason and the latest competitor that any of its entries states."""
        view = self._view
        said_in: dict[int, ReasonGiven] = {}
        settled = json.dumps(sorted(deal for deal in deals if not view.is_stale(deal)))
        for deal, *row in rows(view.cx, SAYING, {"deals": settled}) if deals else ():
            _fill(said_in, deal, self.of_row(*row))
        for deal in deals:
            for point in reversed(view.placed(deal)) if view.is_stale(deal) else ():
                if point.row[1] <= view.day:
                    _fill(said_in, deal, self.of_entry(point.row[0]))
        return said_in

    def _of(self, schema_id: int, values: Mapping[str, Any]) -> ReasonGiven:
        """What an entry's values, written under a schema, say: the reasons' keys and the competitor, in today's words."""
        keys = self._keys_of(schema_id)
        return self._stated(schema_id, values.get(keys.reason or ""), values.get(keys.competitor or ""))

    def _keys_of(self, schema_id: int) -> _Keys:
        keys = self._keys.get(schema_id)
        if keys is None:
            schema = self._view.migrator.of(schema_id)
            keys = self._keys[schema_id] = _Keys(schema.key("lost_reason"), schema.key("competitor"))
        return keys

    def _stated(self, schema_id: int, reason: Any, competitor: Any) -> ReasonGiven:
        """The same of the two values."""
        if not reason and not competitor:
            return _NOTHING
        known = (schema_id, repr(reason), repr(competitor))
        if known not in self._carried:
            self._carried[known] = self._carry(schema_id, self._keys_of(schema_id), reason, competitor)
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
