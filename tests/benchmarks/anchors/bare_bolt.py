"""A bare Bolt `AsyncApp` that acknowledges commands and forms, and does nothing.

Configured by Slack's variables of the environment, as the bot is, and served by the same libraries.
"""

import argparse
import asyncio
import logging
import os
import re

import uvicorn
import uvloop
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int, nargs="?", help="none: Socket Mode")
    parser.add_argument("--process-before-response", action="store_true")
    given = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)  # else Bolt warns that the client has the token
    client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"])
    app = AsyncApp(
        client=client,
        signing_secret=os.environ.get("SLACK_SIGNING_SECRET"),
        process_before_response=given.process_before_response,
    )
    app.command("/incident")(_acknowledge)
    app.view(re.compile(".*"))(_acknowledge)
    if given.port is None:
        uvloop.run(_serve_socket(app))
    else:
        _serve_http(app, given.port)


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _serve_socket(app: AsyncApp) -> None:
    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await asyncio.Event().wait()


def _serve_http(app: AsyncApp, port: int) -> None:
    receive = AsyncSlackRequestHandler(app).handle
    web = Starlette(routes=[Route("/slack/events", receive, methods=["POST"])])
    uvicorn.run(web, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
