"""What a person does to channels: create, join, add people, rename, archive, leave."""

from collections.abc import Iterator
from contextlib import contextmanager

from incident_bot.sandbox.cast import Channel, User
from incident_bot.sandbox.errors import RefusedError, SlackError
from incident_bot.sandbox.people import channel_seen_by, person
from incident_bot.sandbox.workspace import Workspace

# What Slack's client says of a name, by the error that the Web API has for it.
_NAMES = {
    "name_taken": "There is a channel of that name already.",
    "invalid_name_required": "A channel needs a name.",
    "invalid_name_maxlength": "A name has at most 80 characters.",
    "invalid_name_specials": "A name has only lower-case letters, digits, hyphens and underscores.",
    "invalid_name_punctuation": "A name needs a letter or a digit.",
}


class Housekeeping:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def create(self, user_id: str, name: str, *, is_private: bool) -> Channel:
        user = person(self._workspace, user_id)
        if user.is_guest or user.is_external:
            raise RefusedError("Guests cannot create channels.", 403)
        with _name_in_words():
            return self._workspace.directory.create(name, is_private=is_private, members=[user.id])

    def join(self, user_id: str, channel_id: str, invited_id: str | None) -> Channel:
        """With `invited_id` the person, who is in the channel, lets somebody else in."""
        user = person(self._workspace, user_id)
        channel = channel_seen_by(self._workspace, user_id, channel_id)
        if channel.is_archived or channel.kind == "dm":
            raise RefusedError("Nobody can join this channel.")
        if invited_id is None:
            self._workspace.directory.join(channel, user_id)
            return channel
        invited = self._workspace.directory.users.get(invited_id)
        if invited is None or invited.is_deleted:
            raise RefusedError("There is no such person.", 404)
        if user_id not in channel.members or user.is_guest or user.is_external:
            raise RefusedError("Only members of the channel may invite.", 403)
        if invited.is_external and not channel.is_ext_shared:
            raise RefusedError(f"{invited.real_name} can only be in shared channels.", 403)
        self._workspace.directory.join(channel, invited_id, user_id)
        return channel

    def rename(self, user_id: str, channel_id: str, name: str) -> Channel:
        channel = self._own(user_id, channel_id, "rename channels")
        if channel.is_archived:
            raise RefusedError("This channel is archived.")
        with _name_in_words():
            self._workspace.directory.rename(channel, name)
        return channel

    def archive(self, user_id: str, channel_id: str) -> Channel:
        channel = self._own(user_id, channel_id, "archive channels")
        if channel.is_general:
            raise RefusedError(f"#{channel.name} cannot be archived.")
        self._workspace.directory.set_archived(channel, user_id, is_archived=True)
        return channel

    def unarchive(self, user_id: str, channel_id: str) -> Channel:
        """Who does it is in the channel afterwards, as in Slack."""
        user = self._colleague(user_id, "unarchive channels")
        channel = self._channel(user, channel_id)
        self._workspace.directory.set_archived(channel, user_id, is_archived=False)
        self._workspace.directory.join(channel, user_id)
        return channel

    def leave(self, user_id: str, channel_id: str) -> None:
        channel = self._own(user_id, channel_id, "leave channels")
        if channel.is_general:
            raise RefusedError(f"Nobody can leave #{channel.name}.")
        self._workspace.directory.leave(channel, user_id)

    def _own(self, user_id: str, channel_id: str, what: str) -> Channel:
        user = self._colleague(user_id, what)
        channel = self._channel(user, channel_id)
        if user.id not in channel.members:
            raise RefusedError("Join the channel first.", 403)
        return channel

    def _colleague(self, user_id: str, what: str) -> User:
        user = person(self._workspace, user_id)
        if user.is_guest or user.is_external:
            words = f"Guests and people from other organisations cannot {what}."
            raise RefusedError(words, 403)
        return user

    def _channel(self, user: User, channel_id: str) -> Channel:
        channel = channel_seen_by(self._workspace, user.id, channel_id)
        if channel.kind == "dm":
            raise RefusedError("A direct message is not a channel.")
        return channel


@contextmanager
def _name_in_words() -> Iterator[None]:
    try:
        yield
    except SlackError as refusal:
        raise RefusedError(_NAMES[refusal.name]) from refusal
