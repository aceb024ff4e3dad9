"""The listeners that Bolt calls. Each acknowledges in time and sees to it that a reply comes.

A listener waits for its work, so that the acknowledgement can carry the reply and means that
the change is durable; but never so long that Slack would give up.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import structlog
from pydantic import ValidationError
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse

from incident_bot.domain.errors import NotAllowed
from incident_bot.slack import buttons, commands, modals, shortcuts
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.events.channel_events import EVENTS, ChannelEvents
from incident_bot.slack.events.mentions import Mentions
from incident_bot.slack.events.pins import Pins
from incident_bot.slack.events.suggestions import Suggestions
from incident_bot.slack.modals.similar import TYPED_TITLE
from incident_bot.slack.payloads import (
    ChannelEvent,
    ChannelIdChanged,
    ChosenShortcut,
    EventCallback,
    HomeOpened,
    Mention,
    Press,
    Reaction,
    SlashCommand,
    Submission,
    is_of,
)
from incident_bot.slack.replies.conversations import (
    CommandConversation,
    Conversation,
    Messenger,
    PressConversation,
    ShortcutConversation,
    SubmissionConversation,
)
from incident_bot.slack.replies.replying import audited, safely
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.text.mrkdwn import escape
from incident_bot.slack.transport.followed_events import FollowedEvents

log = structlog.get_logger(__name__)

ACKNOWLEDGE_WITHIN: Final = 2.0
"""Seconds. Slack gives up after three (Slack, "Acknowledging requests")."""

_WAIT: Final = Reply("This takes longer than usual. The answer follows.")
_ANY: Final = re.compile(".*", re.DOTALL)


A = TypeVar("A", SlashCommand, Press, ChosenShortcut, Submission)


@dataclass(frozen=True)
class _Way(Generic[A]):
    """One of the ways in which people ask for something: all are taken up alike."""

    payload: type[A]
    conversation: Callable[[Messenger, A], Conversation]
    dispatch: Callable[[A, Services], Awaitable[AnyReply]]


_COMMAND: Final = _Way(SlashCommand, CommandConversation, commands.dispatch)
_PRESS: Final = _Way(Press, PressConversation, buttons.dispatch)
_SHORTCUT: Final = _Way(ChosenShortcut, ShortcutConversation, shortcuts.dispatch)
_SUBMISSION: Final = _Way(Submission, SubmissionConversation, modals.dispatch)


class Listeners:
    """What the bot listens to."""

    def __init__(
        self,
        services: Services,
        pins: Pins,
        channel_events: ChannelEvents,
        mentions: Mentions,
        suggestions: Suggestions,
        *,
        messenger: Messenger,
        workspace: Workspace,
        tasks: Tasks,
    ) -> None:
        self._services = services
        self._pins = pins
        self._channel_events = channel_events
        self._mentions = mentions
        self._suggestions = suggestions
        self._workspace = workspace
        self._messenger = messenger
        self._tasks = tasks
        self._events = FollowedEvents(tasks)

    def register(self, app: AsyncApp) -> None:
        """Have Bolt call us; the manifest names the same command and events."""
        app.middleware(self._only_ours)
        app.command(commands.COMMAND)(self._listener(_COMMAND))
        app.command(_ANY)(self._other_command)
        app.action(TYPED_TITLE)(self._typed_title)
        app.action(_ANY)(self._listener(_PRESS))
        app.shortcut(_ANY)(self._listener(_SHORTCUT))
        app.view(_ANY)(self._listener(_SUBMISSION))
        app.event("app_home_opened")(self._home_opened)
        for name in EVENTS:
            app.event(name)(self._channel_event)
        app.event("channel_id_changed")(self._channel_id_changed)
        app.event("app_mention")(self._mention)
        app.event("reaction_added")(self._reaction)
        app.event("reaction_removed")(self._reaction)
        app.error(_failed)

    async def _only_ours(
        self,
        body: dict[str, Any],
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """Let in only what is meant for the workspace and the app of our token."""
        if not await self._workspace.is_known_within(ACKNOWLEDGE_WITHIN):
            return BoltResponse(status=503, body="The bot has not reached Slack yet.")
        if self._workspace.app_id is None:
            self._tasks.start(self._workspace.learn_app_id())
        if not is_of(body, self._workspace.installed_on, self._workspace.app_id):
            log.warning("a request for another workspace or app was refused")
            return BoltResponse(status=403, body="This request is for another workspace or app.")
        return await next()

    def _listener(self, way: _Way[A]) -> Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]:
        async def listen(ack: AsyncAck, body: dict[str, Any]) -> None:
            asked = way.payload.model_validate(body)
            conversation = way.conversation(self._messenger, asked)
            await self._reply(conversation, ack, audited(asked, self._do(way, asked)))

        return listen

    async def _do(self, way: _Way[A], asked: A) -> AnyReply:
        await self._services.people.refuse_outsiders(asked.user_id, asked.user_team_id)
        return await way.dispatch(asked, self._services)

    async def _other_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The app's settings at Slack name another command than our manifest."""
        command = SlashCommand.model_validate(body)
        log.warning(
            "a slash command of another name came; in the app's manifest at api.slack.com, name "
            "it as manifest.yml does",
            command=command.command,
            expected=commands.COMMAND,
        )
        conversation = CommandConversation(self._messenger, command)
        await self._reply(conversation, ack, _not_ours(command))

    async def _typed_title(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._tasks.start(self._suggestions.follow(Press.model_validate(body)))

    async def _home_opened(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        opened = HomeOpened.model_validate(body)
        if opened.tab == "home":
            self._tasks.start(self._show_home(opened.user_id))

    async def _show_home(self, user_id: str) -> None:
        """Nobody of another organisation sees it, whoever Slack tells of."""
        try:
            await self._services.people.refuse_outsider(user_id)
        except NotAllowed as error:
            log.info("a Home tab was not shown", user_id=user_id, reason=str(error))
            return
        await self._messenger.home.open(user_id)

    async def _mention(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        mention = Mention.model_validate(body)
        await self._follow(ack, body, lambda: self._mentions.follow(mention))

    async def _reaction(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        reaction = Reaction.model_validate(body)
        await self._follow(ack, body, lambda: self._pins.follow(reaction))

    async def _channel_event(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        event = ChannelEvent.model_validate(body)
        await self._follow(ack, body, lambda: self._channel_events.follow(event))

    async def _channel_id_changed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        event = ChannelIdChanged.model_validate(body)
        await self._follow(ack, body, lambda: self._channel_events.follow_id(event))

    async def _follow(
        self, ack: AsyncAck, body: dict[str, Any], work: Callable[[], Coroutine[Any, Any, bool]]
    ) -> None:
        """Acknowledge the event once it is done; until then Slack asks again, three times.

        (Slack, Events API, "Retries": at once, after a minute, after five.)
        """
        event_id = EventCallback.model_validate(body).event_id
        if not await self._events.follow(event_id, work, ACKNOWLEDGE_WITHIN):
            raise _AskAgainError
        await ack()

    async def _reply(
        self, conversation: Conversation, ack: AsyncAck, work: Awaitable[AnyReply]
    ) -> None:
        """Acknowledge with the reply when it comes in time, else reply later."""
        task = self._tasks.start(safely(conversation, work))
        done, _ = await asyncio.wait({task}, timeout=ACKNOWLEDGE_WITHIN)
        reply = task.result() if done else _WAIT
        carried = conversation.in_acknowledgement(reply)
        await ack(**_present(carried or {}))
        if carried is None:
            self._tasks.start(conversation.tell(reply))
        if not done:
            self._tasks.start(_tell_later(conversation, task))


async def _not_ours(command: SlashCommand) -> AnyReply:
    return Reply(
        f"I answer to `{commands.COMMAND}`, not to `{escape(command.command)}`. Whoever set up the "
        f"app can name its slash command `{commands.COMMAND}` in its manifest at api.slack.com."
    )


class _AskAgainError(Exception):
    """Slack has to send the event again: it was not handled, or not in time."""


async def _failed(error: Exception) -> BoltResponse:
    """AnyReply what no listener did: a malformed payload, or a fault with nobody to tell yet."""
    if isinstance(error, _AskAgainError):
        return BoltResponse(status=503, body="ask again")
    if isinstance(error, ValidationError):
        log.warning("a malformed payload was refused", fields=[e["loc"] for e in error.errors()])
        return BoltResponse(status=400, body="malformed")
    reference = secrets.token_hex(4)
    log.error("a fault", reference=reference, exc_info=error)
    return BoltResponse(status=500, body=f"fault {reference}")


async def _tell_later(conversation: Conversation, task: asyncio.Task[AnyReply]) -> None:
    await conversation.tell(await task)


def _present(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}
