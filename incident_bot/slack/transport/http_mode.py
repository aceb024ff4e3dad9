"""`POST /slack/events`: what Slack sends over HTTP, let in only when its signature is right.

Bolt parses a body before it checks the signature, and answers 500 to many a malformed one; so
size and signature are checked here, before anything is parsed, and what is parsed is given to Bolt.
"""

import asyncio
import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from yarl import URL

from incident_bot.refused_requests import RefusedRequests

log = structlog.get_logger(__name__)

BODY_LIMIT: Final = 1024 * 1024
"""Bytes. Slack's views are at most 250 kB."""

_READ_WITHIN: Final = 5.0
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")


class _Refused(Exception):
    """Not taken; `status` says why."""

    def __init__(self, status: int, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(words)


class _InjectedClock(Clock):
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


class HttpMode:
    """Slack's requests over HTTP."""

    def __init__(self, app: AsyncApp, signing_secret: str, now: Callable[[], datetime]) -> None:
        self._app = app
        self._refused = RefusedRequests()
        self._verifier = SignatureVerifier(signing_secret, clock=_InjectedClock(now))

    def router(self) -> APIRouter:
        """A plain route: FastAPI's own would look for parameters that there are not."""
        route = Route("/slack/events", self.receive, methods=["POST"], include_in_schema=False)
        return APIRouter(routes=[route])

    async def receive(self, request: Request) -> Response:
        """Answer one request of Slack; what is not Slack's gets 401, 400, 408 or 413."""
        try:
            body = await _read(request)
            self._verify(request, body)
            payload = _parsed(body, request.headers.get("content-type", ""))
        except _Refused as refused:
            self._refused.note("a request to /slack/events was refused", reason=refused.words)
            return PlainTextResponse(refused.words, refused.status)
        return await self._dispatch(payload, request)

    def _verify(self, request: Request, body: bytes) -> None:
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        # slack_sdk raises on what is no number or not ASCII.
        if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
            raise _Refused(401, "signature missing or malformed")
        try:
            is_valid = self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError as error:  # slack_sdk signs text; Slack sends nothing else
            raise _Refused(401, "body is not UTF-8") from error
        if not is_valid:
            raise _Refused(401, "signature wrong or too old")

    async def _dispatch(self, payload: dict[str, Any], request: Request) -> Response:
        # Parsed as in Socket Mode, or Bolt would do so once more.
        request_to_bolt = AsyncBoltRequest(
            body=payload, headers=dict(request.headers), mode="socket_mode"
        )
        try:
            answer = await self._app.async_dispatch(request_to_bolt)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a fault", reference=reference)
            return PlainTextResponse(f"fault {reference}", 500)
        return Response(
            answer.body, answer.status, {name: values[0] for name, values in answer.headers.items()}
        )


async def _read(request: Request) -> bytes:
    """The body, of which no more than the limit is ever read."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:12]) > BODY_LIMIT:
        raise _Refused(413, "body too large")
    body = bytearray()
    try:
        async with asyncio.timeout(_READ_WITHIN):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise _Refused(413, "body too large")
    except TimeoutError as error:
        raise _Refused(408, "body too slow") from error
    except ClientDisconnect as error:
        raise _Refused(400, "body cut") from error
    return bytes(body)


def _parsed(body: bytes, content_type: str) -> dict[str, Any]:
    """The JSON object, or the form's fields where it has no JSON in its field "payload"."""
    try:
        text = body.decode("utf-8")
        if content_type.startswith("application/json"):
            payload = json.loads(text)
        else:
            # In C: urllib takes eight times as long, half of what a form's way through Bolt takes.
            form = dict(URL.build(query_string=text, encoded=True).query)
            payload = json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError) as error:
        raise _Refused(400, "body malformed") from error
    if not isinstance(payload, dict):
        raise _Refused(400, "body malformed")
    return payload
