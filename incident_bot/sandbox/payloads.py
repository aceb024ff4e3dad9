"""The payloads that Slack sends to an app, with all the keys that it documents for each."""

from dataclasses import dataclass

from incident_bot.sandbox.cast import (
    APP_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    User,
)
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.slack_json import (
    channel_name,
    message_json,
    short_channel,
    short_user,
    team,
)
from incident_bot.sandbox.views import View
from incident_bot.sandbox.workspace import Workspace

# Deprecated by Slack in favour of signatures, and still sent.
VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - deprecated, proves nothing


@dataclass(frozen=True)
class Place:
    """Where something was pressed: in a message of a channel, or in a view."""

    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None


class Payloads:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def command(self, user: User, channel: Channel, command: str, text: str) -> JsonObject:
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "team_domain": TEAM_DOMAIN,
            "channel_id": channel.id,
            "channel_name": channel_name(channel),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._response_url(user, channel),
            "trigger_id": self._workspace.tickets.new_trigger(user.id),
        }

    def block_actions(
        self, user: User, place: Place, action: JsonObject, state: JsonObject
    ) -> JsonObject:
        payload: JsonObject = {
            "type": "block_actions",
            "user": short_user(user),
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "container": _container(place),
            "trigger_id": self._workspace.tickets.new_trigger(user.id),
            **_install(),
            "actions": [action],
        }
        if place.view:
            return payload | {"view": place.view.as_slack_sends_it()}
        return payload | self._in_message(user, place) | {"state": {"values": state}}

    def _in_message(self, user: User, place: Place) -> JsonObject:
        if place.channel is None or place.message is None:
            raise ValueError("an action is in a message or in a view")
        facts: JsonObject = {
            "channel": short_channel(place.channel),
            "response_url": self._response_url(user, place.channel, place.message),
        }
        # Slack does not send an ephemeral message back: the app has to know what it said.
        if not place.message.ephemeral_to:
            shown = message_json(self._workspace, place.message, with_metadata=True)
            facts["message"] = shown
        return facts

    def view_submission(self, user: User, view: View) -> JsonObject:
        return {
            "type": "view_submission",
            "user": short_user(user),
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "trigger_id": self._workspace.tickets.new_trigger(user.id),
            "view": view.as_slack_sends_it(),
            "response_urls": [],
            **_install(),
        }

    def shortcut(self, user: User, callback_id: str) -> JsonObject:
        return {
            "type": "shortcut",
            "token": VERIFICATION_TOKEN,
            "action_ts": self._workspace.ids.message_ts(),
            "user": {"id": user.id, "username": user.name, "team_id": user.team_id},
            "callback_id": callback_id,
            "trigger_id": self._workspace.tickets.new_trigger(user.id),
            **_install(),
        }

    def message_action(
        self, user: User, callback_id: str, channel: Channel, message: Message
    ) -> JsonObject:
        return {
            "type": "message_action",
            "token": VERIFICATION_TOKEN,
            "action_ts": self._workspace.ids.message_ts(),
            "user": {"id": user.id, "name": user.name, "team_id": user.team_id},
            "channel": short_channel(channel),
            "callback_id": callback_id,
            "trigger_id": self._workspace.tickets.new_trigger(user.id),
            "message_ts": message.ts,
            "message": message_json(self._workspace, message, with_metadata=True),
            "response_url": self._response_url(user, channel, message),
            **_install(),
        }

    def event(self, inner: JsonObject, channel: Channel | None = None) -> JsonObject:
        now = int(self._workspace.clock.now())
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": inner,
            "type": "event_callback",
            "event_id": self._workspace.ids.new("Ev"),
            "event_time": now,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": BOT_USER_ID,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
            "event_context": self._workspace.ids.new("4-"),
        }

    def _response_url(self, user: User, channel: Channel, message: Message | None = None) -> str:
        name = self._workspace.tickets.new_response_url(
            user.id,
            channel.id,
            message_ts=message.ts if message else None,
            thread_ts=message.thread_ts if message else None,
        )
        return f"{self._workspace.address}/response/{name}"


def _install() -> JsonObject:
    return {"team": team(), "enterprise": None, "is_enterprise_install": False}


def _container(place: Place) -> JsonObject:
    if place.view:
        return {"type": "view", "view_id": place.view.id}
    if place.channel is None or place.message is None:
        raise ValueError("an action is in a message or in a view")
    container = {
        "type": "message",
        "message_ts": place.message.ts,
        "channel_id": place.channel.id,
        "is_ephemeral": place.message.ephemeral_to is not None,
    }
    if place.message.thread_ts:
        container["thread_ts"] = place.message.thread_ts
    return container
