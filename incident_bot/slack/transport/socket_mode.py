"""Socket Mode: Slack's requests over a connection that the bot opens."""

import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp


class SocketMode:
    """One connection; the client renews it by itself once it was up."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._handler = AsyncSocketModeHandler(
            app, app_token, logger=logging.getLogger("slack_sdk.socket_mode"), proxy=None
        )

    async def connect(self) -> None:
        """Raises what the call of apps.connections.open raises."""
        client = self._handler.client
        # Left to itself the client would swallow a wrong token and ask again for ever.
        client.wss_uri = await client.issue_new_wss_url()
        await client.connect()  # type: ignore[no-untyped-call]

    async def is_connected(self) -> bool:
        return await self._handler.client.is_connected()

    async def close(self) -> None:
        await self._handler.client.close()  # type: ignore[no-untyped-call]
