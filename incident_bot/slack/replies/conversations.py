"""How a reply reaches the person: what a person did decides which ways there are.

An acknowledgement carries the reply where Slack allows it; otherwise it is sent by a call of
its own, the first way that works.
"""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from pydantic import BaseModel, ValidationError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from incident_bot.domain.errors import IncidentError
from incident_bot.slack.api.outcomes import CALL_ERRORS
from incident_bot.slack.messages.refusals import explain, explain_plainly
from incident_bot.slack.modals.form import with_note
from incident_bot.slack.payloads import (
    ChosenShortcut,
    MentionedCommand,
    Press,
    PressedForm,
    SlashCommand,
    Submission,
)
from incident_bot.slack.replies.home import Home
from incident_bot.slack.reply import (
    AnyReply,
    FieldErrors,
    Nothing,
    OpenModal,
    Reply,
    ShowHome,
    UpdateModal,
)
from incident_bot.slack.text.button_values import ListPage
from incident_bot.slack.text.mrkdwn import cut, escape
from incident_bot.slack.text.parts import quotation, rendered, sentence

log = structlog.get_logger(__name__)

_RESPONSE_HOSTS: Final = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
_TIMEOUT: Final = 10
# Seconds. Five minutes in all: later than that nobody waits for a reply any more.
_SAID_AGAIN_AFTER: Final = (0, 2, 5, 10, 20, 30, 60, 60, 120)


_FORM_BY_COMMAND: Final = Reply("This takes a form, which opens by the command `/incident` alone.")


class _Place(BaseModel):
    """What all forms that know of a channel have in common."""

    channel_id: str | None = None


Way = Callable[[], Awaitable[object]]


class Messenger:
    """Says something to one person in Slack."""

    def __init__(self, client: AsyncWebClient, home: Home) -> None:
        self._client = client
        self.home = home
        self._hosts = _RESPONSE_HOSTS | {urlsplit(client.base_url).hostname}

    async def open_modal(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Raises SlackApiError when Slack does not open it."""
        await self._client.views_open(trigger_id=trigger_id, view=view)

    async def update_modal(
        self, view_id: str, view: dict[str, Any], view_hash: str | None
    ) -> dict[str, Any]:
        """Change a form; gives what Slack says of it then.

        Raises SlackApiError, too when the form is no longer the one with this hash.
        """
        response = await self._client.views_update(view_id=view_id, hash=view_hash, view=view)
        shown: dict[str, Any] = response["view"]
        return shown

    async def respond(self, response_url: str | None, reply: Reply, *, replaces: bool) -> None:
        """AnyReply by the URL that came with what the person did; valid for half an hour.

        Raises LookupError when there is none that is Slack's, SlackApiError when it refuses.
        """
        if response_url is None or urlsplit(response_url).hostname not in self._hosts:
            raise LookupError("no response URL of Slack's")
        webhook = AsyncWebhookClient(
            response_url, timeout=_TIMEOUT, session=self._client.session, retry_handlers=[]
        )
        response = await webhook.send(
            text=reply.text,
            blocks=reply.blocks,
            response_type="ephemeral",
            replace_original=replaces,
        )
        if response.status_code != 200 or _is_no(response.body):  # noqa: PLR2004 - HTTP's OK
            raise LookupError(f"the response URL answered {response.status_code} {response.body}")

    async def whisper(
        self, channel_id: str | None, user_id: str, reply: Reply, thread_ts: str | None = None
    ) -> None:
        """Say it in a channel or one of its threads, for this person's eyes only."""
        if channel_id is None:
            raise LookupError("no channel")
        await self._client.chat_postEphemeral(
            channel=channel_id,
            user=user_id,
            thread_ts=thread_ts,
            text=reply.text,
            blocks=reply.blocks,
        )

    async def write_to(self, user_id: str, reply: Reply) -> None:
        """Say it in a direct message."""
        await self._client.chat_postMessage(channel=user_id, text=reply.text, blocks=reply.blocks)


def _is_no(body: str) -> bool:
    """Whether it says that nothing came of it, as Slack does with HTTP's OK, too."""
    try:
        said = json.loads(body)
    except ValueError:  # a plain "ok"
        return False
    return isinstance(said, dict) and said.get("ok") is False


class Conversation(ABC):
    """One thing that a person did, and the ways to reply to it."""

    trigger_id: str | None = None
    again: str = "Please press again."
    """What to do when Slack failed."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger

    def in_acknowledgement(self, reply: AnyReply) -> dict[str, Any] | None:
        """What the acknowledgement is to carry, or None when the reply needs a call."""
        return {} if isinstance(reply, Nothing) else None

    def refusal(self, error: IncidentError) -> AnyReply:
        """The reply to what cannot be done."""
        return Reply(explain(error))

    async def tell(self, reply: AnyReply) -> None:
        """AnyReply by a call, after the acknowledgement."""
        match reply:
            case OpenModal(view):
                await self._open(view)
            case Reply():
                await self._say(reply)
            case UpdateModal(instead=instead):
                await self._say(instead)
            case FieldErrors(errors):
                await self._say(self._in_words(errors))
            case Nothing():
                pass

    def _in_words(self, errors: Mapping[str, str]) -> Reply:
        """What was wrong in a form that is closed by now."""
        return Reply("\n".join(map(escape, errors.values())))

    @abstractmethod
    def _ways(self, reply: Reply) -> Iterator[Way]:
        """The ways to say `reply`, best first."""

    async def _open(self, view: dict[str, Any]) -> None:
        try:
            await self._messenger.open_modal(str(self.trigger_id), view)
        except Exception as error:  # noqa: BLE001 - whatever it was, the person has to know
            log.warning("a form was not opened", error=str(error))
            await self._say(Reply(f"Slack did not open the form. {self.again}"))

    async def _say(self, reply: Reply) -> None:
        """Say it the first way that works, and again when Slack has none just now."""
        for wait in _SAID_AGAIN_AFTER:
            await asyncio.sleep(wait)
            if await self._is_said(reply):
                return
        log.error("a reply reached nobody", characters=len(reply.text))

    async def _is_said(self, reply: Reply) -> bool:
        for way in self._ways(reply):
            try:
                await way()
            except (*CALL_ERRORS, LookupError) as error:
                log.info("a reply goes another way", error=str(error))
            else:
                return True
        return False


class CommandConversation(Conversation):
    """Somebody typed a command: the acknowledgement itself may hold the reply."""

    def __init__(self, messenger: Messenger, command: SlashCommand) -> None:
        super().__init__(messenger)
        self._command = command
        self.trigger_id = command.trigger_id
        typed = escape(f"{command.command} {command.text}".replace("`", "'").strip(), 300)
        self.again = f"Please type it again: `{typed}`"

    def in_acknowledgement(self, reply: AnyReply) -> dict[str, Any] | None:
        if isinstance(reply, Reply):
            return {"text": reply.text, "blocks": reply.blocks, "response_type": "ephemeral"}
        return super().in_acknowledgement(reply)

    def _ways(self, reply: Reply) -> Iterator[Way]:
        command, messenger = self._command, self._messenger
        yield lambda: messenger.respond(command.response_url, reply, replaces=False)
        yield lambda: messenger.write_to(command.user_id, reply)


class PressConversation(Conversation):
    """Somebody pressed a button."""

    def __init__(self, messenger: Messenger, press: Press) -> None:
        super().__init__(messenger)
        self._press = press
        self.trigger_id = press.trigger_id

    def refusal(self, error: IncidentError) -> AnyReply:
        """In a form it is said there: a message would be hidden by it."""
        reply, form = Reply(explain(error)), self._press.form
        return reply if form is None else UpdateModal(with_note(form, reply.text), reply)

    async def tell(self, reply: AnyReply) -> None:
        form = self._press.form
        if isinstance(reply, ShowHome):
            await self._show_home(reply.page)
        elif isinstance(reply, UpdateModal) and form is not None:
            await self._update_modal(reply, form)
        else:
            await super().tell(reply)

    async def _show_home(self, page: ListPage) -> None:
        try:
            await self._messenger.home.turn_to(page, self._press.user_id)
        except CALL_ERRORS as error:
            log.warning("a Home tab was not shown", error=str(error))
            await self._say(Reply(f"Slack did not show that page. {self.again}"))

    async def _update_modal(self, update: UpdateModal, form: PressedForm) -> None:
        view_hash = None if update.is_final else form.hash
        try:
            await self._messenger.update_modal(form.view_id, update.view, view_hash)
        except CALL_ERRORS as error:
            log.info("a form could not be changed", error=str(error))
            await self._say(update.instead)

    def _ways(self, reply: Reply) -> Iterator[Way]:
        press, messenger = self._press, self._messenger
        replaces = reply.replaces and press.is_ephemeral
        yield lambda: messenger.respond(press.response_url, reply, replaces=replaces)
        yield lambda: messenger.whisper(press.channel_id, press.user_id, reply)
        yield lambda: messenger.write_to(press.user_id, reply)


class ShortcutConversation(Conversation):
    """Somebody chose a shortcut, on a message or anywhere."""

    again = "Please choose the shortcut again, or type `/incident new`."

    def __init__(self, messenger: Messenger, chosen: ChosenShortcut) -> None:
        super().__init__(messenger)
        self._chosen = chosen
        self.trigger_id = chosen.trigger_id

    def _ways(self, reply: Reply) -> Iterator[Way]:
        chosen, messenger = self._chosen, self._messenger
        yield lambda: messenger.respond(chosen.response_url, reply, replaces=False)
        yield lambda: messenger.whisper(chosen.channel_id, chosen.user_id, reply)
        yield lambda: messenger.write_to(chosen.user_id, reply)


class MentionConversation(Conversation):
    """Somebody mentioned the bot: answered where they did, in the thread if it was in one."""

    def __init__(self, messenger: Messenger, command: MentionedCommand) -> None:
        super().__init__(messenger)
        self._command = command

    async def tell(self, reply: AnyReply) -> None:
        """A form takes a press: events carry no trigger (Slack, views.open, "trigger_id")."""
        if isinstance(reply, OpenModal):
            reply = reply.offer or _FORM_BY_COMMAND
        await super().tell(reply)

    def _ways(self, reply: Reply) -> Iterator[Way]:
        command, messenger = self._command, self._messenger
        yield lambda: messenger.whisper(
            command.channel_id, command.user_id, reply, command.thread_ts
        )
        yield lambda: messenger.write_to(command.user_id, reply)


class SubmissionConversation(Conversation):
    """Somebody submitted a form: what is wrong with it is shown in the form."""

    def __init__(self, messenger: Messenger, submission: Submission) -> None:
        super().__init__(messenger)
        self._submission = submission

    def in_acknowledgement(self, reply: AnyReply) -> dict[str, Any] | None:
        if isinstance(reply, FieldErrors):
            return {"response_action": "errors", "errors": reply.errors}
        return super().in_acknowledgement(reply)

    def refusal(self, error: IncidentError) -> AnyReply:
        """Keep the form open, so that what was typed is not lost."""
        first_field = next(iter(self._submission.values), None)
        if first_field is None:
            return super().refusal(error)
        return FieldErrors({first_field: explain_plainly(error)})

    def _in_words(self, errors: Mapping[str, str]) -> Reply:
        """Gives back what was typed as well: the form took it along."""
        typed = "\n".join(filter(None, self._submission.values.values()))
        words = f"{super()._in_words(errors).text}\nYou wrote:"
        return Reply(*rendered((sentence(words), quotation(cut(typed, 3000)))))

    def _ways(self, reply: Reply) -> Iterator[Way]:
        submission, messenger = self._submission, self._messenger
        yield lambda: messenger.whisper(self._channel_id(), submission.user_id, reply)
        yield lambda: messenger.write_to(submission.user_id, reply)

    def _channel_id(self) -> str | None:
        try:
            return _Place.model_validate_json(self._submission.private_metadata).channel_id
        except ValidationError:  # this form knows of no channel
            return None
