"""`/incidents`: declare, list, look at, change and delete incidents."""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from incident_bot.domain.actors import Viewer
from incident_bot.domain.errors import IncidentNotFound
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.rest import fields, openapi
from incident_bot.rest.answers import (
    DOCUMENT,
    DeletedAnswer,
    IncidentAnswer,
    IncidentsAnswer,
    Joined,
    PageAnswer,
    shown,
)
from incident_bot.rest.bodies import json_object
from incident_bot.rest.errors import Refused
from incident_bot.rest.fields import Listing
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.documents import Document
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import COUNTED
from incident_bot.store.requests import Request as StoreRequest

_JSON: Final = "application/json"
_BEGIN: Final = b'{"incidents":['
_ID: Final = re.compile(r"[0-9]{1,18}")
_VERSION: Final = re.compile(r'"([0-9]{1,18})"')
_KEY: Final = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")


class Incidents:
    """The resource. What is declared is announced in `announcement_channel`, as by Slack."""

    def __init__(
        self,
        store: IncidentStore,
        lists: IncidentLists,
        severities: Severities,
        announcement_channel: str,
        *,
        has_channels: bool,
    ) -> None:
        """`has_channels` says that each incident gets a channel of its own."""
        self._store = store
        self._lists = lists
        self._severities = severities
        self._announcement_channel = announcement_channel
        self._has_channels = has_channels

    def add_to(self, router: APIRouter) -> None:
        self._add_collection(router)
        self._add_item(router)

    def _add_collection(self, router: APIRouter) -> None:
        router.add_api_route(
            "/incidents",
            self.list,
            methods=["GET"],
            summary="List incidents, newest first",
            responses=openapi.answers(200, IncidentsAnswer, "Incidents.") | openapi.errors(400),
            openapi_extra={"parameters": openapi.filters(self._severities)},
        )
        headers = openapi.ETAG | openapi.LOCATION
        router.add_api_route(
            "/incidents",
            self.declare,
            methods=["POST"],
            status_code=201,
            summary="Declare an incident",
            responses=openapi.answers(201, IncidentAnswer, "The new incident.", headers)
            | openapi.errors(400, 408, 409, 413),
            openapi_extra={
                "parameters": [openapi.IDEMPOTENCY_KEY],
                "requestBody": openapi.declaration(self._severities),
            },
        )

    def _add_item(self, router: APIRouter) -> None:
        path = "/incidents/{incident_id}"
        shows_it = openapi.answers(200, IncidentAnswer, "The incident.", openapi.ETAG)
        router.add_api_route(
            path,
            self.get,
            methods=["GET"],
            summary="Show an incident",
            responses=shows_it | openapi.errors(404),
            openapi_extra={"parameters": [openapi.INCIDENT_ID]},
        )
        router.add_api_route(
            path,
            self.change,
            methods=["PATCH"],
            summary="Change an incident",
            responses=shows_it | openapi.errors(400, 404, 408, 412, 413),
            openapi_extra={
                "parameters": [openapi.INCIDENT_ID, openapi.IF_MATCH],
                "requestBody": openapi.patch(self._severities),
            },
        )
        router.add_api_route(
            path,
            self.delete,
            methods=["DELETE"],
            summary="Delete an incident",
            responses=openapi.answers(200, DeletedAnswer, "What it was.")
            | openapi.errors(404, 412),
            openapi_extra={"parameters": [openapi.INCIDENT_ID, openapi.IF_MATCH]},
        )

    async def declare(self, request: Request) -> Response:
        """It is announced in Slack like any other.

        With an `Idempotency-Key`, the same request sent again within 24 hours gets the same
        answer and declares nothing.
        """
        key = _idempotency_key(request)
        body = await json_object(request)
        declaration = fields.declaration(body, self._severities, wants_channel=self._has_channels)
        by = _by(request)
        if key is not None:
            by = replace(by, key=f"rest:{by.actor}:{key}", fingerprint=_fingerprint(body))
        incident = await self._store.declare(by, declaration, [self._announcement_channel])
        return _incident_answer(incident, 201, {"Location": f"/incidents/{incident.id}"})

    async def list(self, request: Request) -> Response:
        """Without `limit` or `cursor` all are given at once.

        With one of them a page is given, and with the page the `next_cursor` that leads to the
        next.
        """
        listing = fields.listing(request.query_params, self._severities)
        if listing.limit is None:
            return await self._all(listing, request.state.viewer)
        found, total = await self._lists.find_documents(
            DOCUMENT, listing.wanted, request.state.viewer, listing.limit + 1, listing.before
        )
        page = found[: listing.limit]
        is_exact = total <= COUNTED or listing.wanted.is_counted_to_the_end
        rest = PageAnswer(
            total=total if is_exact else COUNTED,
            total_is_exact=is_exact,
            next_cursor=fields.cursor(page[-1].id) if len(found) > len(page) else None,
        )
        body = b"".join((_BEGIN, Joined().piece(page), b"],", rest.model_dump_json().encode()[1:]))
        return Response(body, media_type=_JSON)

    async def get(self, request: Request) -> Response:
        """Its `ETag` is what `If-Match` asks for."""
        return _incident_answer(await self._store.get(incident_id(request), request.state.viewer))

    async def change(self, request: Request) -> Response:
        """Any of the fields, all in one go; any status may follow any other.

        Slack hears of it as it does of a press. With `If-Match` nothing is changed unless the
        incident is still in that version.
        """
        known = incident_id(request)
        patch = fields.patch(await json_object(request), self._severities)
        by = _by(request)
        versions = await self._versions(request, known, by.viewer)
        return _incident_answer(await self._store.patch(by, known, patch, versions))

    async def delete(self, request: Request) -> Response:
        """It is hidden everywhere, also in Slack; its number is never given to another.

        With `If-Match` it is deleted only if it is still in that version.
        """
        by, known = _by(request), incident_id(request)
        versions = await self._versions(request, known, by.viewer)
        incident = await self._store.delete(by, known, versions, whoever=True)
        return _answer(
            DeletedAnswer(message="Incident deleted successfully", deleted_incident=shown(incident))
        )

    async def _versions(
        self, request: Request, known: int, viewer: Viewer
    ) -> frozenset[int] | None:
        """The versions of the incident `known` that If-Match allows; None when any will do.

        Raises Refused where no tag has the form of ours: it says nothing of whether somebody made
        a change. That there is no such incident goes first.
        """
        given = request.headers.getlist("if-match")
        if not given or given == ["*"]:
            return None
        tags = [tag.strip() for tag in ",".join(given).split(",")]
        versions = frozenset(int(match[1]) for match in map(_VERSION.fullmatch, tags) if match)
        if not versions:
            await self._store.get(known, viewer)
            raise Refused(412, "Incident has changed", message=_why_no_version(tags))
        return versions

    async def _all(self, listing: Listing, viewer: Viewer) -> Response:
        batches = self._lists.all_documents(DOCUMENT, listing.wanted, viewer)
        # The first is fetched before the answer begins: what fails until then can still be told.
        first = await anext(batches)
        return StreamingResponse(_written(first, batches), media_type=_JSON)


def incident_id(request: Request) -> int:
    """The ID in the path; raises IncidentNotFound when it is no number."""
    given = request.path_params["incident_id"]
    if not _ID.fullmatch(given):
        raise IncidentNotFound(0)
    return int(given)


def _by(request: Request) -> StoreRequest:
    viewer: Viewer = request.state.viewer
    return StoreRequest(viewer.actor, sees_private=viewer.sees_private)


async def _written(
    first: tuple[Document, ...], batches: AsyncIterator[tuple[Document, ...]]
) -> AsyncIterator[bytes]:
    joined = Joined()
    yield _BEGIN + joined.piece(first)
    async for batch in batches:
        yield joined.piece(batch)
    yield b'],"total":%d}' % joined.total


def _answer(
    answer: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(answer.model_dump_json(), status, headers, _JSON)


def _incident_answer(
    incident: Incident, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return _answer(shown(incident), status, {"ETag": f'"{incident.version}"', **(headers or {})})


def _why_no_version(tags: Sequence[str]) -> str:
    """Weak tags, and what is no tag of ours, match nothing (RFC 9110, 13.1.1)."""
    weak = next((tag for tag in tags if tag.startswith("W/")), None)
    if weak is not None:
        return (
            f"{weak} is a weak tag, which matches no version. Something between you and the bot, "
            "such as a proxy that compresses answers, has made it weak. Send the tag without W/."
        )
    return (
        f"{tags[0] or 'An empty If-Match'} is no tag of this bot: its tags are numbers in "
        'quotation marks, such as "2". Send the ETag as the bot gave it; a proxy that compresses '
        "answers may have changed it."
    )


def _idempotency_key(request: Request) -> str | None:
    given = request.headers.getlist("idempotency-key")
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        words = "Send one key, of 1 to 255 visible characters"
        raise Refused(400, "Invalid Idempotency-Key", message=words)
    return given[0]


def _fingerprint(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
