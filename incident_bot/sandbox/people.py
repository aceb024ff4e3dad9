"""Finding what a person at the page names, as far as that person may see it, in words."""

from incident_bot.sandbox.cast import Channel, User
from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.workspace import Workspace


def person(workspace: Workspace, user_id: str) -> User:
    user = workspace.directory.users.get(user_id)
    if user is None or user.is_bot:
        raise RefusedError("There is no such person.", 404)
    return user


def colleague(workspace: Workspace, user_id: str) -> User:
    """Slack, "Understanding Slack Connect": an app's own places stay in their workspace."""
    user = person(workspace, user_id)
    if user.is_external:
        raise RefusedError("This app is not for people from other organisations.", 403)
    return user


def channel_seen_by(workspace: Workspace, user_id: str, channel_id: str) -> Channel:
    channel = workspace.directory.channels.get(channel_id)
    if channel is None or not workspace.directory.may_see(user_id, channel):
        raise RefusedError("There is no such channel.", 404)
    return channel


def message_seen_by(workspace: Workspace, user_id: str, channel: Channel, ts: str) -> Message:
    message = workspace.posting.get(channel.id, ts)
    if message is None or not message.is_seen_by(user_id):
        raise RefusedError("That message is not there any more.", 404)
    return message
