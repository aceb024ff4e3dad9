"""The workspace that the bot's token belongs to."""

import asyncio
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.slack.api.outcomes import CALL_ERRORS

log = structlog.get_logger(__name__)

_HISTORY_SCOPE: Final = "channels:history"
_ASK_AGAIN_AFTER: Final = 60.0
"""Seconds for which the app's ID is not asked for again after Slack did not tell it."""


class Workspace:
    """Who we are to Slack. All is unknown until `connect` has succeeded."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known = asyncio.Event()
        self._is_asking = False
        self._ask_again_at = 0.0
        self._is_of_organisation = False
        self.team_id: str | None = None
        self.enterprise_id: str | None = None
        self.bot_id: str | None = None
        self.bot_user_id: str | None = None
        self.app_id: str | None = None
        self._url: str | None = None
        self._is_blind_said = False

    async def becomes_known(self) -> None:
        """Wait until we know who we are."""
        await self._known.wait()

    async def is_known_within(self, seconds: float) -> bool:
        """Whether we know who we are; at the start this waits for it."""
        try:
            await asyncio.wait_for(self.becomes_known(), seconds)
        except TimeoutError:
            return False
        return True

    @property
    def installed_on(self) -> str | None:
        """The ID of what Slack's requests have to be for.

        An app of one workspace has nothing to do with others of its organisation.
        """
        return self.enterprise_id if self._is_of_organisation else self.team_id

    @property
    def named_team_id(self) -> str | None:
        """What calls have to name as `team_id`: only an app of a whole organisation has to."""
        return self.team_id if self._is_of_organisation else None

    def permalink(self, channel_id: str, message_ts: str, thread_ts: str | None) -> str | None:
        """The link to a message, made as chat.getPermalink shows it; Slack is not asked."""
        if self._url is None:
            return None
        link = f"{self._url.rstrip('/')}/archives/{channel_id}/p{message_ts.replace('.', '')}"
        is_reply = thread_ts not in (None, message_ts)
        return f"{link}?thread_ts={thread_ts}&cid={channel_id}" if is_reply else link

    async def connect(self) -> None:
        """Ask Slack who we are (auth.test); raises what the client raises."""
        response = await self._client.auth_test()
        self.enterprise_id = response.get("enterprise_id")
        self._is_of_organisation = response.get("is_enterprise_install") is True
        self.bot_id = response.get("bot_id")
        self._url = response.get("url")
        self.bot_user_id = response.get("user_id")
        await self.learn_app_id()
        self.team_id = response["team_id"]
        self._known.set()
        scopes = response.headers.get("x-oauth-scopes")
        if scopes is not None and _HISTORY_SCOPE not in scopes.split(","):
            self.note_blindness(_HISTORY_SCOPE)
        log.info("connected to Slack", team=response.get("team"), bot=response.get("user"))

    def note_blindness(self, scope: str) -> None:
        """Say once that the bot cannot see whether a message is in a channel already."""
        if not self._is_blind_said:
            self._is_blind_said = True
            log.warning(
                "the bot may not read the channel's history: after a lost reply it posts again, "
                "which may show a message twice",
                scope=scope,
            )

    async def learn_app_id(self) -> None:
        """Ask Slack for the app's ID, at most once a minute.

        Without it only the workspace of a request is compared.
        """
        clock = asyncio.get_running_loop().time
        if self._is_asking or clock() < self._ask_again_at:
            return
        self._is_asking = True
        try:
            response = await self._client.bots_info(bot=self.bot_id)
            self.app_id = (response.get("bot") or {}).get("app_id")
        except CALL_ERRORS as error:
            log.warning("the app's own ID is not known", error=str(error))
        finally:
            self._is_asking = False
            if self.app_id is None:
                self._ask_again_at = clock() + _ASK_AGAIN_AFTER
