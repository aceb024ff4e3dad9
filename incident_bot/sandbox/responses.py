"""What a bot says in answer: in the body of an acknowledgement, or to a response URL."""

from typing import Literal

from aiohttp import web
from pydantic import ValidationError

from incident_bot.sandbox.cast import BOT_USER_ID, Channel
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.faults import Fault, Faults
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.methods.chat import Content
from incident_bot.sandbox.traffic import Exchange, Traffic
from incident_bot.sandbox.web_api import Answer, broken, send
from incident_bot.sandbox.workspace import Workspace


class Response(Content):
    response_type: Literal["ephemeral", "in_channel"] = "ephemeral"
    replace_original: bool = False
    delete_original: bool = False
    thread_ts: str | None = None


def read_response(body: JsonObject) -> Response:
    try:
        return Response.model_validate(body)
    except ValidationError as error:
        raise SlackError("invalid_payload") from error


def respond(workspace: Workspace, user_id: str, channel: Channel, response: Response) -> Message:
    """Says it, to the person alone unless `in_channel`; the bot need not be a member."""
    is_private = response.response_type == "ephemeral"
    return workspace.posting.post(
        channel,
        BOT_USER_ID,
        **response.checked(),
        thread_ts=response.thread_ts,
        ephemeral_to=user_id if is_private else None,
    )


class ResponseUrls:
    def __init__(self, workspace: Workspace, traffic: Traffic, faults: Faults) -> None:
        self._workspace = workspace
        self._traffic = traffic
        self._faults = faults

    async def handle(self, request: web.Request) -> web.StreamResponse:
        given = await _decode(request)
        fault = self._faults.take("response_url", given)
        answer = self._answer(request.match_info["name"], given, fault)
        if fault and fault.kind == "slow":
            await self._workspace.clock.sleep(fault.ms / 1000)
        self._traffic.record(
            Exchange(
                direction="to_slack",
                kind="response_url",
                summary=f"response_url → {answer.body.get('error', 'ok')}",
                request=given,
                response=answer.body,
                ms=0.0,
                ok=bool(answer.body.get("ok")),
                status=answer.status,
                fault=fault.kind if fault else None,
            )
        )
        return await send(request, answer, fault)

    def _answer(self, name: str, given: object, fault: Fault | None) -> Answer:
        if fault and not fault.has_effect:
            return broken(fault)
        try:
            self._use(name, given)
        except SlackError as error:
            return Answer(error.body(), status=404)
        return Answer({"ok": True})

    def _use(self, name: str, given: object) -> None:
        ticket = self._workspace.tickets.use_response_url(name)
        if not isinstance(given, dict):
            raise SlackError("invalid_payload")
        response = read_response(given)
        channel = self._workspace.directory.channels[ticket.channel_id]
        original = self._workspace.posting.get(channel.id, ticket.message_ts or "")
        if response.delete_original:
            self._workspace.posting.delete(_own(original))
        elif response.replace_original and original:
            content = response.checked()
            self._workspace.posting.change(_own(original), BOT_USER_ID, **content)
        else:
            respond(self._workspace, ticket.user_id, channel, response)


def _own(original: Message | None) -> Message:
    if original is None or original.user_id != BOT_USER_ID:
        raise SlackError("message_not_found")
    return original


async def _decode(request: web.Request) -> object:
    try:
        return await request.json()
    except ValueError:
        return None
