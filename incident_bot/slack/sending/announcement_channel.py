"""Whether the announcement channel can be posted in; said when it cannot, and when it can again."""

import structlog

from incident_bot.delivery.worker import Worker
from incident_bot.slack.api.channels import Channels, is_channel_id
from incident_bot.slack.api.outcomes import CALL_ERRORS
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.transaction import Clock

log = structlog.get_logger(__name__)


class AnnouncementChannel:
    """`name` is the channel as configured: its name or its ID."""

    def __init__(
        self, name: str, channels: Channels, worker: Worker, outbox: Outbox, clock: Clock
    ) -> None:
        self.name = name
        self._channels = channels
        self._worker = worker
        self._outbox = outbox
        self._messages = outbox.messages
        self._clock = clock

    async def adopt(self) -> None:
        """Take over what waits for the announcement channel of earlier settings, by its name."""
        for destination in await self._messages.unposted_destinations():
            if destination != self.name and not is_channel_id(destination):
                log.info("announced here instead", channel=self.name, instead_of=destination)
                await self._messages.redirect(destination, self.name)
        self._worker.wake()

    async def check(self) -> None:
        """Look at the channel, so that what is wrong is said before an incident has to wait."""
        try:
            problem = await self._channels.problem(self.name)
        except CALL_ERRORS as error:
            log.info("the announcement channel was not looked at", error=str(error))
            return
        self._worker.note_problem(self.name, problem)
        if problem is None:
            log.info("incidents are announced", channel=self.name)

    async def closed(self, channel_id: str) -> None:
        """Note that a channel was closed; if it is this one, say so before a message waits."""
        if await self._may_be(channel_id):
            self._channels.forget(self.name)
            await self.check()
            self._worker.tell_first(self.name)

    async def opened(self, channel_id: str) -> None:
        """A channel may take messages now: send what waits for it."""
        waiting = {channel_id}
        if await self._may_be(channel_id):
            self._channels.forget(self.name)
            await self.check()
            waiting.add(self.name)
        await self._outbox.hurry(waiting, self._clock())
        self._worker.retry_now()

    def moved(self, old: str, new: str, name: str | None) -> bool:
        """Follow a channel that has a new ID. True if it is this one; Slack may say so twice."""
        known = self._channels.known_id(self.name)
        if known not in (old, new) and self.name not in (old, name):
            return False
        self._channels.follow(self.name, new)
        if is_channel_id(self.name):
            log.error(
                "the announcement channel has another ID: set INCIDENT_BOT_CHANNEL to it",
                channel=self.name,
                new=new,
            )
        return True

    async def _may_be(self, channel_id: str) -> bool:
        """Whether this one may be it. Slack lets all channels be listed only now and then."""
        known = self._channels.known_id(self.name)
        if known in (None, channel_id) or self.name in self._worker.problems:
            return True
        return await self._channels.name_of(channel_id) == self.name
