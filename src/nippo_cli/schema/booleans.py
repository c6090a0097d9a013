"""Yes or no."""

from collections.abc import Mapping
from typing import Any

from nippo_cli.base.errors import msg
from nippo_cli.base.text import normal_form
from nippo_cli.schema.reading import ValueReader, ValueRefused, plain, shown

_YES_NO: Mapping[str, bool] = {
    **{
        normal_form(w): True
        for w in ("yes", "y", "true", "on", "1", "はい", "有", "有り", "あり", "○", "〇", "◯", "済")
    },
    **{normal_form(w): False for w in ("no", "n", "false", "off", "0", "いいえ", "無", "無し", "なし", "×", "✕", "未")},
}


class Boolean(ValueReader):
    """Yes or no, in either language."""

    def read(self, raw: object) -> bool:
        """True or False."""
        if isinstance(raw, bool):
            return raw
        found = _YES_NO.get(normal_form(plain(raw)))
        if found is None:
            raise ValueRefused(shown(raw), msg("entry.needs.boolean"))
        return found

    def typed(self, value: Any) -> str:
        """`yes` or `no`."""
        return "yes" if value else "no"
