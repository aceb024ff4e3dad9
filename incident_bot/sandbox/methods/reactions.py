"""reactions.*: the bot's own emoji on a message."""

from typing import Annotated

from pydantic import StringConstraints

from incident_bot.sandbox.cast import BOT_USER_ID
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.methods.call import TIER_2, TIER_3, Arguments, Method
from incident_bot.sandbox.methods.lookup import public_message, visible_channel
from incident_bot.sandbox.workspace import Workspace

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?$")]


class Reaction(Arguments):
    channel: str
    timestamp: str
    name: Name


def add(workspace: Workspace, call: Reaction) -> JsonObject:
    workspace.posting.react(_message(workspace, call), call.name, BOT_USER_ID, add=True)
    return {}


def remove(workspace: Workspace, call: Reaction) -> JsonObject:
    workspace.posting.react(_message(workspace, call), call.name, BOT_USER_ID, add=False)
    return {}


def _message(workspace: Workspace, call: Reaction) -> Message:
    channel = visible_channel(workspace, call.channel)
    if not channel.has_bot:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return public_message(workspace, channel, call.timestamp)


METHODS = [
    Method("reactions.add", Reaction, add, ("reactions:write",), TIER_3),
    Method("reactions.remove", Reaction, remove, ("reactions:write",), TIER_2),
]
