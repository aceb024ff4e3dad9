"""`/api/<method>` over HTTP: decodes a call, checks its token, answers, records, fails if asked."""

import json
import time
from dataclasses import dataclass, field

from aiohttp import web

from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.faults import Fault, Faults
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.methods import METHODS
from incident_bot.sandbox.methods.call import Method, parse
from incident_bot.sandbox.traffic import Exchange, Traffic
from incident_bot.sandbox.workspace import Workspace

_JSON_ARGUMENTS = {"blocks", "view", "metadata"}


@dataclass(frozen=True)
class Answer:
    body: JsonObject
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class WebApi:
    def __init__(self, workspace: Workspace, traffic: Traffic, faults: Faults) -> None:
        self._workspace = workspace
        self._traffic = traffic
        self._faults = faults

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        method = METHODS.get(name)
        # Slack takes all by GET. Here a web page could have that sent, by an image. A route that
        # takes GET takes HEAD, too.
        if request.method != "POST" and method is not None and not method.is_read:
            raise web.HTTPMethodNotAllowed("GET", ["POST"])
        began = time.perf_counter()
        try:
            given, token = await _decode(request)
        except SlackError as error:
            return web.json_response(error.body())
        fault = self._faults.take(name, given)
        answer = self._answer(name, given, token, fault)
        if fault and fault.kind == "slow":
            await self._workspace.clock.sleep(fault.ms / 1000)
        self._traffic.record(
            Exchange(
                direction="to_slack",
                kind=name,
                summary=_summary(name, given, answer),
                request=_readable(given),
                response=answer.body,
                ms=_ms_since(began),
                ok=bool(answer.body.get("ok")),
                status=answer.status,
                fault=fault.kind if fault else None,
            )
        )
        return await send(request, answer, fault)

    def _answer(self, name: str, given: JsonObject, token: str, fault: Fault | None) -> Answer:
        if fault and not fault.has_effect:
            return broken(fault)
        try:
            return self._call(name, given, token)
        except SlackError as error:
            return Answer(error.body())

    def _call(self, name: str, given: JsonObject, token: str) -> Answer:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._check_token(method, token)
        self._check_scope(method)
        result = method.run(self._workspace, parse(method, given))
        scopes = ",".join(self._workspace.manifest.bot_scopes)
        return Answer({"ok": True, **result}, headers={"x-oauth-scopes": scopes})

    def _check_token(self, method: Method, token: str) -> None:
        known = self._workspace.credentials
        kinds = {known.bot_token: "bot", known.app_token: "app"}
        if not token:
            raise SlackError("not_authed")
        if token not in kinds:
            raise SlackError("invalid_auth")
        if self._workspace.is_token_revoked:
            raise SlackError("token_revoked")
        if kinds[token] != method.token:
            raise SlackError("not_allowed_token_type")

    def _check_scope(self, method: Method) -> None:
        provided = self._workspace.manifest.bot_scopes
        if method.scopes and not set(method.scopes) & set(provided):
            raise SlackError(
                "missing_scope", needed=",".join(method.scopes), provided=",".join(provided)
            )


async def _decode(request: web.Request) -> tuple[JsonObject, str]:
    """Arguments and token, from the query, a form or a JSON body; the header's token wins."""
    given: JsonObject = dict(request.query)
    if request.content_type == "application/json":
        given |= await _json_body(request)
    elif request.can_read_body:
        given |= dict(await request.post())
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    in_body = given.pop("token", "")
    return given, token if scheme.lower() == "bearer" else str(in_body)


async def _json_body(request: web.Request) -> JsonObject:
    try:
        body = await request.json()
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def broken(fault: Fault) -> Answer:
    """What is answered instead of doing the work."""
    if fault.kind == "rate_limited":
        wait = fault.retry_after
        headers = {} if wait is None else {"Retry-After": str(wait)}
        return Answer({"ok": False, "error": "ratelimited"}, 429, headers)
    if fault.kind == "down":
        return Answer({"ok": False, "error": "service_unavailable"}, fault.status)
    return Answer({"ok": False, "error": fault.error})


async def send(request: web.Request, answer: Answer, fault: Fault | None) -> web.StreamResponse:
    whole = json.dumps(answer.body).encode()
    kind = fault.kind if fault else None
    if kind in {"drop_before", "lost_reply"}:
        return _hang_up(request)
    if kind == "cut_body":
        return await _half(request, whole)
    return web.Response(
        body=whole,
        status=answer.status,
        headers=answer.headers,
        content_type="application/json",
        charset="utf-8",
    )


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request, whole: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(whole)
    await response.prepare(request)
    await response.write(whole[: len(whole) // 2])
    if request.transport:
        request.transport.close()
    return response


def _readable(given: JsonObject) -> JsonObject:
    """The arguments with those that are JSON in text decoded, for who reads the record."""
    shown = dict(given)
    for key in _JSON_ARGUMENTS & given.keys():
        if isinstance(given[key], str):
            try:
                shown[key] = json.loads(given[key])
            except ValueError:
                continue
    return shown


def _summary(name: str, given: JsonObject, answer: Answer) -> str:
    about = given.get("channel") or given.get("user_id") or given.get("user") or ""
    outcome = "ok" if answer.body.get("ok") else answer.body.get("error", "")
    return " ".join(str(part) for part in (name, about, "→", outcome) if part)


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
