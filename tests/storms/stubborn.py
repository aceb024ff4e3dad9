"""A person who tries again until the bot says that it is done."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from incident_bot.sandbox.control import UserChange
from incident_bot.sandbox.interactions import Outcome
from incident_bot.sandbox.views import View
from tests.slack_people import Person, Slack, filled
from tests.waiting import eventually

_FORM_WITHIN: Final = 4.0
_ANSWER_WITHIN: Final = 5.0
_PAUSE: Final = 0.1
_PASSING: Final = ("try again", "The database of the bot went away")
"""What the errors in a form say that pass."""


@dataclass
class Tries:
    """`refused` is how often somebody was told, by Slack or by the bot, to try again."""

    refused: int = 0
    slowest_ms: float = 0.0


class StubbornPerson:
    """Somebody new in the workspace."""

    def __init__(self, slack: Slack, user_id: str, name: str, tries: Tries) -> None:
        slack.sandbox.control.change_user(UserChange(id=user_id, name=name))
        self.id = user_id
        self.person = Person(slack, user_id)
        self._sandbox = slack.sandbox
        self._tries = tries

    async def fills(self, typed: str, channel_id: str, shown: str, **fields: str) -> None:
        """Open a form by a command and submit it, until Slack says that it was taken.

        `shown` is its heading or what it is filled with: another may come of an earlier command.
        """
        view = await self._opens(typed, channel_id, shown)
        given = filled(view, fields)
        await self.persists(lambda: self._sandbox.interactions.submit(self.id, view.id, given))
        self._sandbox.workspace.views.close(self.id)

    async def is_told(self, does: Callable[[], Awaitable[Outcome]], *done: str) -> None:
        """Until one of the answers says `done`: a bot that cannot do it refuses, in words."""
        while True:
            self.person.begins()
            await self.persists(does)
            if await self.hears(*done):
                return
            self._tries.refused += 1

    async def hears(self, *done: str, within: float = _ANSWER_WITHIN) -> bool:
        """Whether what was done last is answered by one of these; not when it is refused."""

        def said(*words: str) -> bool:
            return any(one in post.text for post in self.person.told for one in words)

        with contextlib.suppress(AssertionError):  # killed before it could answer
            await eventually(lambda: said("again", *done), "an answer", within)
        return said(*done)

    async def types(self, typed: str, channel_id: str) -> Outcome:
        return await self._sandbox.interactions.command(self.id, channel_id, typed)

    async def persists(self, does: Callable[[], Awaitable[Outcome]]) -> None:
        """Until Slack says that it was taken."""
        while not (outcome := await does()).ok:
            words = str(outcome.errors)
            assert not outcome.errors or any(one in words for one in _PASSING), words
            self._tries.refused += 1
            await asyncio.sleep(_PAUSE)
        self._tries.slowest_ms = max(self._tries.slowest_ms, outcome.ms)

    async def _opens(self, typed: str, channel_id: str, shown: str) -> View:
        while (found := self._form(shown)) is None:
            self._sandbox.workspace.views.close(self.id)
            await self.persists(lambda: self.types(typed, channel_id))
            with contextlib.suppress(AssertionError):  # Slack did not open it: once more
                await eventually(lambda: self._form(shown), "a form", _FORM_WITHIN)
        return found

    def _form(self, shown: str) -> View | None:
        words = json.dumps(shown)
        view = self._sandbox.workspace.views.modals.get(self.id)
        return view if view and words in view.model_dump_json() else None
