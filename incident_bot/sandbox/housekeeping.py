"""What a person does to channels: create, join, invite."""

from incident_bot.sandbox.cast import Channel
from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.people import channel_seen_by, person
from incident_bot.sandbox.workspace import Workspace


class Housekeeping:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def join(self, user_id: str, channel_id: str, invited_id: str | None) -> Channel:
        """With `invited_id` the person, who is in the channel, lets somebody else in."""
        user = person(self._workspace, user_id)
        channel = channel_seen_by(self._workspace, user_id, channel_id)
        if channel.is_archived or channel.kind == "dm":
            raise RefusedError("Nobody can join this channel.")
        if invited_id is None:
            self._workspace.directory.join(channel, user_id)
            return channel
        if invited_id not in self._workspace.directory.users:
            raise RefusedError("There is no such person.", 404)
        if user_id not in channel.members or user.is_guest or user.is_external:
            raise RefusedError("Only members of the channel may invite.", 403)
        self._workspace.directory.join(channel, invited_id, user_id)
        return channel

    def create(self, user_id: str, name: str, *, is_private: bool) -> Channel:
        user = person(self._workspace, user_id)
        if user.is_guest or user.is_external:
            raise RefusedError("Guests cannot create channels.", 403)
        return self._workspace.directory.create(name, is_private=is_private, members=[user.id])
