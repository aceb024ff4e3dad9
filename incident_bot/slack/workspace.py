"""The workspace that the bot's token belongs to."""

import asyncio

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger(__name__)


class Workspace:
    """Who we are to Slack. All is unknown until `connect` has succeeded."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known = asyncio.Event()
        self.team_id: str | None = None
        self.enterprise_id: str | None = None
        self.bot_id: str | None = None
        self.bot_user_id: str | None = None
        self.app_id: str | None = None

    async def is_known_within(self, seconds: float) -> bool:
        """Whether we know who we are; at the start this waits for it."""
        try:
            await asyncio.wait_for(self._known.wait(), seconds)
        except TimeoutError:
            return False
        return True

    @property
    def team_ids(self) -> frozenset[str]:
        """The IDs under which Slack may send us something."""
        return frozenset(filter(None, (self.team_id, self.enterprise_id)))

    async def connect(self) -> None:
        """Ask Slack who we are (auth.test); raises what the client raises."""
        answer = await self._client.auth_test()
        self.enterprise_id = answer.get("enterprise_id")
        self.bot_id = answer.get("bot_id")
        self.bot_user_id = answer.get("user_id")
        self.app_id = await self._own_app_id()
        self.team_id = answer["team_id"]
        self._known.set()
        log.info("connected to Slack", team=answer.get("team"), bot=answer.get("user"))

    async def _own_app_id(self) -> str | None:
        """The app's ID, or None: without it only the team of a request can be compared."""
        try:
            answer = await self._client.bots_info(bot=self.bot_id)
        except (SlackClientError, OSError, TimeoutError) as error:
            log.warning("the app's own ID is not known", error=str(error))
            return None
        app_id: str | None = (answer.get("bot") or {}).get("app_id")
        return app_id
