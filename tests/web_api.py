"""Slack's Web API at the network's edge: a real server that notes each call and answers as told.

    web_api.answers("chat.postMessage", LOST, ok(channel="C0INC", ts="1.000001"))
    web_api.answers("chat.update", error("message_not_found"))

A method that the test has said nothing of is refused, and the test fails at its end. Only who we
are (auth.test, bots.info) and who the cast is (users.info) is known from the beginning.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from tests.factories import ANA, BEN, CARA, EVE, GUS
from tests.slack.support import mrkdwn_that_slack_parses

Json = dict[str, Any]

RESPONSE_URL: Final = "response_url"
"""Stands for a method: the replies that are sent by the URL that came with what a person did."""

WORKSPACE: Final = "T0ORG"
PARTNER: Final = "T0PARTNER"
BOT: Final = "U0BOT"
APP: Final = "A0BOT"
ADDRESS: Final = "https://example.slack.com/"

_TIMEOUT: Final = 10
# slack_sdk sends these as JSON inside of the rest.
_NESTED: Final = frozenset({"blocks", "metadata", "view"})


@dataclass(frozen=True)
class Call:
    """What Slack was asked; `arguments` as they came: what was no JSON is text."""

    method: str
    arguments: Json


@dataclass(frozen=True)
class Answer:
    """What comes back. If it `is_lost`, nothing does: the connection is cut.

    If it `is_late`, it comes when `WebApi.gate` opens.
    """

    body: Json | str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_lost: bool = False
    is_late: bool = False


Told = Answer | Callable[[Call], Answer]
"""An answer, or what makes one of a call."""

LOST: Final = Answer("", is_lost=True)


def ok(**body: Any) -> Answer:  # noqa: ANN401 - JSON
    return Answer({"ok": True, **body})


def error(name: str, **more: Any) -> Answer:  # noqa: ANN401 - JSON
    return Answer({"ok": False, "error": name, **more})


def rate_limited(seconds: int) -> Answer:
    return Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})


def late(answer: Answer) -> Answer:
    return replace(answer, is_late=True)


def a_user(user_id: str = ANA, **changes: Any) -> Json:  # noqa: ANN401 - JSON
    """Somebody as users.info tells of them: a member, in no time zone that is known."""
    name = user_id.removeprefix("U0").lower()
    profile = {"display_name": name.capitalize()}
    return {"id": user_id, "team_id": WORKSPACE, "name": name, "profile": profile} | changes


_CAST: Final = {
    **{user_id: a_user(user_id) for user_id in (ANA, BEN, CARA)},
    GUS: a_user(GUS, is_restricted=True),
    EVE: a_user(EVE, team_id=PARTNER),
}


def _somebody(call: Call) -> Answer:
    user = _CAST.get(call.arguments["user"])
    return error("user_not_found") if user is None else ok(user=user)


class WebApi:
    """The server, while it is entered. `calls` are all that were made, in their order."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.gate = asyncio.Event()
        self._answers: dict[str, list[Told]] = {
            "auth.test": [ok(team_id=WORKSPACE, user_id=BOT, bot_id="B0BOT", url=ADDRESS)],
            "bots.info": [ok(bot={"app_id": APP})],
            "users.info": [_somebody],
        }
        self._unexpected: list[Call] = []
        self._stack = AsyncExitStack()
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self._answer)
        self._server = TestServer(application)

    def answers(self, method: str, *answers: Told) -> None:
        """Answer a method with these in order; the last one is repeated."""
        self._answers[method] = list(answers)

    @property
    def methods(self) -> list[str]:
        """What was called, in its order."""
        return [call.method for call in self.calls]

    def asked(self, method: str) -> list[Json]:
        """The arguments of each call of a method."""
        return [call.arguments for call in self.calls if call.method == method]

    @property
    def url(self) -> str:
        return str(self._server.make_url("/api/"))

    @property
    def response_url(self) -> str:
        return f"{self.url}{RESPONSE_URL}"

    @property
    def client(self) -> AsyncWebClient:
        """As the bot has it: it repeats nothing by itself."""
        return AsyncWebClient(
            "xoxb-1",
            base_url=self.url,
            timeout=_TIMEOUT,
            session=self._session,
            retry_handlers=[],
        )

    async def __aenter__(self) -> Self:
        # The server ends first, with the answers that were late: the client reads them.
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT))
        self._session = await self._stack.enter_async_context(session)
        await self._stack.enter_async_context(self._server)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.gate.set()
        await self._stack.aclose()
        assert raised or not self._unexpected, f"Slack was asked unexpectedly: {self._unexpected}"
        assert raised or mrkdwn_that_slack_parses([call.arguments for call in self.calls]) == []

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], await _arguments(request))
        self.calls.append(call)
        told = self._answers.get(call.method)
        if told is None:
            self._unexpected.append(call)
            return _response(error("unknown_method"))
        given = told.pop(0) if len(told) > 1 else told[0]
        answer = given(call) if callable(given) else given
        if answer.is_late:
            await self.gate.wait()
        if answer.is_lost and request.transport is not None:
            request.transport.abort()
        return _response(answer)


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        sent: Json = await request.json()
    else:
        sent = {**request.query, **await request.post()}
    return {
        name: json.loads(value) if name in _NESTED and isinstance(value, str) else value
        for name, value in sent.items()
    }


def _response(answer: Answer) -> web.Response:
    if isinstance(answer.body, str):
        return web.Response(text=answer.body, status=answer.status, headers=answer.headers)
    return web.json_response(answer.body, status=answer.status, headers=answer.headers)
