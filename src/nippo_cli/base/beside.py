"""A call that is made while something else is done."""

from collections.abc import Callable
from typing import Final, Generic, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

# Windows hears of Ctrl-C only between two waits.
_SECONDS: Final = 0.2


class BesideCall(Generic[_R]):
    """A call in a thread of its own, begun at once. Who ends the process meanwhile does not wait for it."""

    def __init__(self, act: Callable[_P, _R], *args: _P.args, **options: _P.kwargs) -> None:
        from threading import Thread

        self._results: list[_R] = []
        self._error: BaseException | None = None

        def call() -> None:
            try:
                self._results.append(act(*args, **options))
            except BaseException as error:  # noqa: BLE001  raised again where the result is asked for
                self._error = error

        self._thread = Thread(target=call, daemon=True)
        self._thread.start()

    def result(self) -> _R:
        """What it returned, once it has; what it raised is raised."""
        while self._thread.is_alive():
            self._thread.join(_SECONDS)
        if self._error is not None:
            raise self._error
        return self._results[0]
