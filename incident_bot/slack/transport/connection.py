"""The bot's way into Slack: asked for until it is there."""

import asyncio
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError

from incident_bot.delivery.outcome import AccessLost
from incident_bot.slack.api.outcomes import CALL_ERRORS, error_name, outcome_of
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.sending.announcement_channel import AnnouncementChannel
from incident_bot.slack.transport.socket_mode import SocketMode

log = structlog.get_logger(__name__)

_LONGEST_RETRY: Final = 60.0

# These concern a channel where there is one; here there is none.
_NOT_OF_A_CHANNEL: Final = frozenset({"access_denied", "no_permission"})


class TokenRefused(Exception):
    """Slack does not accept a token; `setting` is the one that holds it."""

    def __init__(self, setting: str, error: SlackApiError) -> None:
        self.setting = setting
        super().__init__(f"is not accepted by Slack: {error_name(error)}.")


class NoConnection:
    """For a bot that runs without Slack."""

    async def open(self) -> None:
        """Say so, and that is all."""
        log.info("running without Slack: announcements wait in the outbox")

    async def problem(self) -> None:
        """Nothing comes in, as wished."""

    async def close(self) -> None:
        """There is nothing to close."""


class Connection:
    """`socket_mode` is None when Slack sends its requests over HTTP."""

    def __init__(
        self, workspace: Workspace, channel: AnnouncementChannel, socket_mode: SocketMode | None
    ) -> None:
        self._workspace = workspace
        self._channel = channel
        self._socket_mode = socket_mode

    async def open(self) -> None:
        """Reach Slack, however long it takes; raises TokenRefused."""
        await self._channel.adopt()
        wait = 1.0
        while True:
            try:
                await self._open_once()
            except CALL_ERRORS as error:
                log.warning("Slack cannot be reached yet", error=str(error), seconds=wait)
            else:
                break
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_RETRY)
        await self._channel.check()

    async def problem(self) -> str | None:
        """What keeps Slack's requests from coming in, in words; or None."""
        if self._socket_mode is None or await self._socket_mode.is_connected():
            return None
        return "there is no Socket Mode connection to Slack"

    async def close(self) -> None:
        """Take nothing more from Slack."""
        if self._socket_mode is not None:
            await self._socket_mode.close()

    async def _open_once(self) -> None:
        try:
            await self._workspace.connect()
        except SlackApiError as error:
            raise _refused("SLACK_BOT_TOKEN", error) from error
        if self._socket_mode is None:
            return
        try:
            await self._socket_mode.connect()
        except SlackApiError as error:
            raise _refused("SLACK_APP_TOKEN", error) from error


def _refused(setting: str, error: SlackApiError) -> Exception:
    """TokenRefused if the token is what Slack does not like, else the error itself."""
    is_lost = isinstance(outcome_of(error, ""), AccessLost)
    is_token = is_lost or error_name(error) in _NOT_OF_A_CHANNEL
    return TokenRefused(setting, error) if is_token else error
