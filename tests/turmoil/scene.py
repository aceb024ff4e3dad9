"""Where a turmoil takes place: one bot for many examples, each with incidents of its own."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from typing import Any, Final, TypeVar

import aiohttp

from incident_bot.sandbox.faults import Fault
from tests.rest.client import Client
from tests.slack_people import Button, Slack
from tests.story import Stage
from tests.turmoil import deeds, life, promises
from tests.turmoil.declaring import declares, declares_by_rest
from tests.turmoil.deeds import REST_USER, Deed
from tests.turmoil.model import Attempt
from tests.turmoil.watched import Watched

T = TypeVar("T")

_STEP_WITHIN: Final = 150.0
_LAST_LINES: Final = 40
_FROZEN_FOR: Final = 0.3
_NO_PACE: Final = {"INCIDENT_BOT_TEST_POST_INTERVAL": "0.01"}


class Scene:
    """The bot and its people for one test; what is broken for good is not used again."""

    def __init__(self, stage: Stage, new_database: Callable[[], dict[str, str]]) -> None:
        self._stage = stage
        self._new_database = new_database
        self._until = ExitStack()
        self._slack: Slack | None = None
        self._titles = 0
        self._steps: list[str] = []
        self.watched: list[Watched] = []

    @property
    def slack(self) -> Slack:
        assert self._slack is not None
        return self._slack

    def close(self) -> None:
        self._until.close()
        self._slack = None

    def begins(self) -> None:
        """A new example: what was before has been looked at."""
        self.watched.clear()
        self._steps.clear()
        if self._slack is None:
            self._slack = self._until.enter_context(self._stage.workspace("socket"))
            self._slack.bot.settings.update(_NO_PACE | self._new_database())
        self.run(life.is_as_ever(self.slack))
        self.slack.begins_a_story(0)

    def ends(self) -> None:
        """Look whether all is as promised, unless something was wrong already."""
        if self._slack is not None:
            self.run(self.settles())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Carry out one step; the next example gets a new bot when it fails."""
        self._steps.append(_described(work))
        try:
            return self._stage.run(work, _STEP_WITHIN)
        except BaseException as error:
            # Chance and time have their share in it: it may never happen again.
            error.add_note("\n".join(["What was done:", *self._steps]))
            last = self.slack.bot.output.splitlines()[-_LAST_LINES:]
            error.add_note("\n".join(["The bot's last words:", *last]))
            self.close()
            raise

    # What people do

    async def declares(self, who: str, severity: str, channel: str, times: int) -> Watched:
        watched = Watched(self._new_title(), severity, who, channel)
        self.watched.append(watched)
        await declares(self.slack, watched, times)
        return watched

    async def declares_by_rest(self, severity: str, times: int) -> Watched:
        watched = Watched(self._new_title(), severity, REST_USER)
        self.watched.append(watched)
        await declares_by_rest(self.slack, watched, times)
        return watched

    async def tries(self, watched: Watched, *wanted: Deed) -> None:
        """Do all of it at once, if the incident is there."""
        if watched.id is None:
            return
        tried = await asyncio.gather(*(deeds.tries(self.slack, watched, d) for d in wanted))
        await self._attempted(watched, *tried)

    async def tries_while_frozen(self, watched: Watched, deed: Deed) -> None:
        if not self.slack.bot.is_running:
            return
        with self.slack.process.is_frozen():
            trying = asyncio.create_task(self.tries(watched, deed))
            await asyncio.sleep(_FROZEN_FOR)
        await trying

    async def tries_and_kills(self, watched: Watched, deed: Deed, after_ms: int) -> None:
        trying = asyncio.create_task(self.tries(watched, deed))
        await asyncio.sleep(after_ms / 1000)
        await life.is_killed(self.slack)
        await trying

    async def looks_at(self, watched: Watched, verb: str) -> Button | None:
        return deeds.offered(self.slack, watched, verb) if watched.id else None

    async def presses(self, watched: Watched, who: str, button: Button | None, times: int) -> None:
        if button and button.post.is_there and self.slack.bot.is_running:
            attempt = await deeds.presses(self.slack, who, button, times)
            await self._attempted(watched, attempt)

    async def deletes_the_announcement(self, watched: Watched) -> None:
        """As an administrator may; only when it is known which version it shows."""
        if watched.id is None or watched.attempts:
            return
        watched.gone_since = watched.state.version
        for post in self.slack.announcements(watched.announced):
            if promises.is_announcement(post):
                self.slack.deletes(post)

    # What befalls the bot

    async def breaks(self, faults: list[Fault]) -> None:
        self.slack.breaks(*faults)

    async def goes(self, *, gently: bool) -> None:
        await (life.stops(self.slack) if gently else life.is_killed(self.slack))

    async def comes(self, **settings: str) -> None:
        if not self.slack.bot.is_running:
            self.slack.bot.settings.update(settings)
            await life.comes(self.slack)
            await self._looks_everything_up()

    async def rests(self) -> None:
        """Let it come to rest, and have nothing in store for it."""
        await self.settles()
        await life.is_as_ever(self.slack)

    async def settles(self) -> None:
        """Let it come to rest; then all must be as promised."""
        await life.calms_down(self.slack)
        await self._looks_everything_up()
        for watched in self.watched:
            if watched.id is not None:
                promises.are_kept(self.slack, watched)
        _, state = await self.slack.bot.answers("/readyz")
        assert "failed" not in state["outbox"], state

    def _new_title(self) -> str:
        self._titles += 1
        return f"Trouble x{self._titles}x"

    async def _attempted(self, watched: Watched, *attempts: Attempt | None) -> None:
        watched.attempts += filter(None, attempts)
        await self._looks_up(watched)

    async def _looks_everything_up(self) -> None:
        for watched in self.watched:
            await self._looks_up(watched)

    async def _looks_up(self, watched: Watched) -> None:
        """Ask REST what has become of it, unless the bot is gone: then later."""
        if not self.slack.bot.is_running:
            return
        try:
            async with aiohttp.ClientSession(headers=self.slack.bot.authorization) as session:
                client = Client(session, self.slack.bot.url)
                if not watched.entries:
                    listed = await client.get("/incidents", q=watched.title)
                    watched.is_found(listed.json["incidents"])
                if watched.id is not None:
                    watched.has_timeline(await client.timeline(watched.id))
        except aiohttp.ClientError:
            await self.slack.process.ends()


def _described(step: Coroutine[Any, Any, object]) -> str:
    """Its name and what it was given."""
    given = inspect.getcoroutinelocals(step)
    words = [str(value) for name, value in given.items() if name not in ("self", "slack")]
    return " ".join([getattr(step, "__name__", "?"), *words])
