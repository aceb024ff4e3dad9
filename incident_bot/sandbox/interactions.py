"""What a person does with the bot: commands, presses, submissions, shortcuts, and their answers."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from incident_bot.sandbox.block_kit import find_element
from incident_bot.sandbox.bus import ViewChanged
from incident_bot.sandbox.cast import Channel, User
from incident_bot.sandbox.dispatch import Ack, Dispatcher
from incident_bot.sandbox.errors import RefusedError, SlackError
from incident_bot.sandbox.forms import (
    TYPED,
    VALUE_KEYS,
    WrongValueError,
    as_typed,
    checked,
    fill,
    state_of,
)
from incident_bot.sandbox.jsontypes import JsonList, JsonObject
from incident_bot.sandbox.modals import close_view, update_view
from incident_bot.sandbox.payloads import Payloads, Place
from incident_bot.sandbox.people import channel_seen_by, colleague, message_seen_by, person
from incident_bot.sandbox.responses import read_response, respond
from incident_bot.sandbox.text import escaped_command
from incident_bot.sandbox.views import View
from incident_bot.sandbox.workspace import Workspace

# What Slack's client says: by name after a command, in a sentence on a modal.
_FAILURES = {
    "timeout": "operation_timeout",
    "connection_refused": "dispatch_failed",
    "http_status": "http_status",
}
_TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Outcome:
    ok: bool
    ms: float = 0.0
    error: str | None = None
    words: str | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def shown(self) -> JsonObject:
        facts = {"error": self.error, "words": self.words, "errors": self.errors}
        return {"ok": self.ok, "ms": self.ms} | {k: v for k, v in facts.items() if v}


class Container(BaseModel):
    """Where an element is, as the page names it."""

    type: Literal["message", "view", "home"]
    channel: str = ""
    ts: str = ""
    ephemeral: bool = False
    view_id: str = ""


class Press(BaseModel):
    container: Container
    block_id: str
    action_id: str
    value: JsonObject = {}
    state: JsonObject = {}


class Interactions:
    def __init__(self, workspace: Workspace, payloads: Payloads, dispatcher: Dispatcher) -> None:
        self._workspace = workspace
        self._payloads = payloads
        self._dispatcher = dispatcher

    # Commands and shortcuts

    async def command(self, user_id: str, channel_id: str, typed: str) -> Outcome:
        user = colleague(self._workspace, user_id)
        channel = channel_seen_by(self._workspace, user_id, channel_id)
        name, _, text = typed.strip().partition(" ")
        command = self._workspace.manifest.command(name)
        if command is None:
            return Outcome(ok=False, error="unknown_command", words=f"{name} is not a command.")
        text = text.strip()
        if command.should_escape:
            text = escaped_command(text, self._workspace.directory, user_id)
        payload = self._payloads.command(user, channel, name, text)
        ack = await self._dispatcher.deliver("slash_commands", payload)
        return self._answered(name, user, channel, ack)

    def _answered(self, name: str, user: User, channel: Channel, ack: Ack) -> Outcome:
        error = _FAILURES[ack.failure] if ack.failure else None
        if not error and ack.body:
            try:
                respond(self._workspace, user.id, channel, read_response(ack.body))
            except SlackError as refusal:
                error = refusal.name
        if error is None:
            return Outcome(ok=True, ms=ack.ms)
        words = f"{name} failed with the error “{error}”"
        return Outcome(ok=False, ms=ack.ms, error=error, words=words)

    async def shortcut(
        self, user_id: str, callback_id: str, channel_id: str = "", ts: str = ""
    ) -> Outcome:
        user = colleague(self._workspace, user_id)
        shortcut = self._workspace.manifest.shortcut(callback_id)
        if shortcut is None:
            raise RefusedError("There is no such shortcut.", 404)
        if shortcut.type == "global":
            payload = self._payloads.shortcut(user, callback_id)
            return _outcome(await self._dispatcher.deliver("shortcut", payload))
        channel = channel_seen_by(self._workspace, user_id, channel_id)
        message = message_seen_by(self._workspace, user_id, channel, ts)
        payload = self._payloads.message_action(user, callback_id, channel, message)
        return _outcome(await self._dispatcher.deliver("message_action", payload))

    # Presses

    async def press(self, user_id: str, press: Press) -> Outcome:
        user = person(self._workspace, user_id)
        place = self._place(user, press.container)
        element = self._element(place, press)
        _refuse_silent_input(_blocks(place), press.block_id)
        action = self._action(element, press)
        state = state_of(_blocks(place), press.state, self._workspace.directory)
        if place.view:
            place.view.state = state
        payload = self._payloads.block_actions(user, place, action, state)
        return _outcome(await self._dispatcher.deliver("block_actions", payload))

    def _element(self, place: Place, press: Press) -> JsonObject:
        element = find_element(_blocks(place), press.block_id, press.action_id)
        if element is None:
            raise RefusedError("That is not there any more.", 404)
        return element

    def _action(self, element: JsonObject, press: Press) -> JsonObject:
        action: JsonObject = {
            key: element[key]
            for key in ("type", "action_id", "text", "value", "style", "placeholder", "confirm")
            if key in element
        }
        action |= {"block_id": press.block_id, "action_ts": self._workspace.ids.message_ts()}
        key = VALUE_KEYS.get(element["type"])
        if element["type"] in TYPED:
            action["value"] = as_typed(press.value.get("value"))
        elif key:
            try:
                action[key] = checked(element, press.value.get(key), self._workspace.directory)
            except WrongValueError as wrong:
                raise RefusedError(str(wrong)) from wrong
        return action

    # Modals

    async def submit(self, user_id: str, view_id: str, given: JsonObject) -> Outcome:
        user = person(self._workspace, user_id)
        view = self._open_view(user, view_id)
        values, errors = fill(view.blocks, given, self._workspace.directory)
        view.state = values
        if errors:
            return Outcome(ok=False, errors=errors)
        payload = self._payloads.view_submission(user, view)
        ack = await self._dispatcher.deliver("view_submission", payload)
        if ack.failure:
            return _outcome(ack)
        try:
            return self._follow(view, ack)
        except SlackError as refusal:
            return Outcome(ok=False, ms=ack.ms, error=refusal.name, words=_TROUBLE)

    def _follow(self, view: View, ack: Ack) -> Outcome:
        """Does what the acknowledgement says; the view may have changed while it was awaited."""
        action = ack.body.get("response_action")
        current = self._workspace.views.get(view.id)
        if action == "errors":
            return self._show_errors(view, ack)
        if action not in {None, "update"}:
            raise SlackError("invalid_response_action")
        if action == "update" and current:
            update_view(self._workspace, current, _view_in(ack))
        elif current:
            close_view(self._workspace, current)
        return Outcome(ok=True, ms=ack.ms)

    def _show_errors(self, view: View, ack: Ack) -> Outcome:
        errors = ack.body.get("errors")
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        # Slack's client refuses an answer whose errors are not under an input block.
        if not isinstance(errors, dict) or not errors or errors.keys() - inputs:
            raise SlackError("invalid_errors")
        change = ViewChanged(view.user_id, "errors", view_id=view.id, errors=errors)
        self._workspace.bus.tell(change)
        return Outcome(ok=False, ms=ack.ms, errors=errors)

    def close(self, user_id: str, view_id: str) -> Outcome:
        """The bot is not told: that takes `notify_on_close`, which no view may have."""
        user = person(self._workspace, user_id)
        close_view(self._workspace, self._open_view(user, view_id))
        return Outcome(ok=True)

    # Who and where

    def _place(self, user: User, container: Container) -> Place:
        if container.type == "home":
            view = self._workspace.views.homes.get(user.id)
            if view is None:
                raise RefusedError("There is nothing on the Home tab.", 404)
            return Place(view=view)
        if container.type == "view":
            return Place(view=self._open_view(user, container.view_id))
        channel = channel_seen_by(self._workspace, user.id, container.channel)
        message = message_seen_by(self._workspace, user.id, channel, container.ts)
        return Place(channel=channel, message=message)

    def _open_view(self, user: User, view_id: str) -> View:
        view = self._workspace.views.modals.get(user.id)
        if view is None or view.id != view_id:
            raise RefusedError("That view is not open any more.", 404)
        return view


def _blocks(place: Place) -> JsonList:
    if place.view:
        return place.view.blocks
    return place.message.blocks if place.message else []


def _refuse_silent_input(blocks: JsonList, block_id: str) -> None:
    """Slack tells of an input only when its block asks for it."""
    block = next(block for block in blocks if block["block_id"] == block_id)
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise RefusedError("This input is sent with the whole form.")


def _view_in(ack: Ack) -> JsonObject:
    view = ack.body.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_view")
    return view


def _outcome(ack: Ack) -> Outcome:
    if ack.failure is None:
        return Outcome(ok=True, ms=ack.ms)
    return Outcome(ok=False, ms=ack.ms, error=_FAILURES[ack.failure], words=_TROUBLE)
