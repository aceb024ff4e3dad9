"""Through which modules a request goes: recorded as it goes there."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final

_OURS: Final = "incident_bot."


class Walk:
    """The modules that a request has entered, in order, in all threads begun since.

    A call from one module into another enters it; calls inside a module are not noted, and a
    coroutine that goes on is not called again.
    """

    def __init__(self) -> None:
        self.entered: list[tuple[str, frozenset[str]]] = []
        """Each module with the names of the function by which it was entered, and of its class."""
        self._is_on = False
        self._begun: list[FrameType] = []
        threading.setprofile(self._note)

    @contextlib.contextmanager
    def recorded(self) -> Iterator[None]:
        self._is_on = True
        sys.setprofile(self._note)
        try:
            yield
        finally:
            self._is_on = False
            sys.setprofile(None)

    def close(self) -> None:
        threading.setprofile(None)

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if not self._is_on or event != "call":
            return
        module, name = _module(frame), frame.f_code.co_qualname
        if not module.startswith(_OURS) or frame in self._begun:
            return
        self._begun.append(frame)
        if module != _caller(frame):
            self.entered.append((module.removeprefix(_OURS), frozenset(name.split("."))))


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _caller(frame: FrameType) -> str:
    """The module of ours that called, whatever libraries lie between."""
    back = frame.f_back
    while back is not None and not _module(back).startswith(_OURS):
        back = back.f_back
    return "" if back is None else _module(back)
