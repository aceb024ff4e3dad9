"""The bot is mentioned, with the words of a command: answered as that, to one person, once.

Slack may tell of a mention again, to this process or to another. What was answered is noted, so
that it is not answered again, and that a reply which a process took to its grave is given anew.
"""

import asyncio
import contextlib
from typing import Final

import structlog

from incident_bot.domain.errors import RepeatedRequest
from incident_bot.slack import commands
from incident_bot.slack.payloads import Mention, MentionedCommand
from incident_bot.slack.replies.conversations import MentionConversation, Messenger
from incident_bot.slack.replies.replying import audited, safely
from incident_bot.slack.reply import AnyReply, Nothing
from incident_bot.slack.services import Services
from incident_bot.slack.text.speech import with_names
from incident_bot.store.engine import commits
from incident_bot.store.engine.database import DatabaseAway
from incident_bot.store.requests import ANSWERING_FOR, AnsweredRequests

log = structlog.get_logger(__name__)

_NAMES_WITHIN: Final = 1.0  # seconds: somebody waits


class Mentions:
    """Answers them."""

    def __init__(
        self, services: Services, messenger: Messenger, answered: AnsweredRequests
    ) -> None:
        self._services = services
        self._messenger = messenger
        self._answered = answered

    async def follow(self, mention: Mention) -> bool:
        """AnyReply it, unless it was answered; what cannot be done is answered, too.

        False while another process answers it: ask again later.
        """
        speaker_id = mention.speaker_id
        if speaker_id is None:
            return True
        # Without the database nothing is done twice, and the reply says that it is away.
        with contextlib.suppress(DatabaseAway):
            if await self._answered.is_answered(mention.event_id):
                log.info("a mention came again", user_id=speaker_id)
                return True
            if not await self._answered.begin(mention.event_id):
                return False
        keeping = asyncio.create_task(self._keep(mention.event_id))
        try:
            await self._reply(mention, speaker_id)
        finally:
            keeping.cancel()
        return True

    async def _keep(self, event_id: str) -> None:
        """Have other processes wait for the reply, however long that takes."""
        while True:
            await asyncio.sleep(ANSWERING_FOR.total_seconds() / 3)
            with contextlib.suppress(DatabaseAway):
                await self._answered.go_on(event_id)

    async def _reply(self, mention: Mention, speaker_id: str) -> None:
        words = mention.words(self._services.workspace.bot_user_id)
        people, channels = self._services.people, self._services.channels
        words = await with_names(words, people, channels, _NAMES_WITHIN)
        command = mention.command(speaker_id, words)
        conversation = MentionConversation(self._messenger, command)
        reply = await safely(conversation, audited(command, self._do(command)))
        await conversation.tell(reply)
        with contextlib.suppress(DatabaseAway):
            await self._answered.note(mention.event_id)

    async def _do(self, command: MentionedCommand) -> AnyReply:
        # Of whom it came from, the event tells the ID alone.
        await self._services.people.refuse_outsider(command.user_id)
        try:
            return await commands.dispatch(command, self._services)
        except RepeatedRequest as repeated:
            if repeated.incident_id is None:
                return Nothing()
            commits.note()  # the first time
            incident = await self._services.store.get(repeated.incident_id, command.request.viewer)
            return await self._services.card(incident, "That is done.")
