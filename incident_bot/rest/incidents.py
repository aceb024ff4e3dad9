"""`/incidents`: declare, list, look at, change and delete incidents."""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from incident_bot.domain.actors import Viewer
from incident_bot.domain.documents import IncidentDocument
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.rest import requests
from incident_bot.rest.answers import (
    DOCUMENT,
    DeletedAnswer,
    IncidentsAnswer,
    Joined,
    PageAnswer,
    shown,
)
from incident_bot.rest.errors import Refused
from incident_bot.rest.openapi import ETAG, LOCATION, answers, errors
from incident_bot.rest.requests import (
    EXAMPLE,
    NOT_NULL,
    IdempotencyKey,
    IfMatch,
    IncidentId,
    IncidentQuery,
    Omitted,
    one_of,
)
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.documents import Document
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import COUNTED, IncidentFilter
from incident_bot.store.requests import Request as StoreRequest

_JSON: Final = "application/json"
_BEGIN: Final = b'{"incidents":['
_VERSION: Final = re.compile(r'"([0-9]{1,18})"')


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
        self._add_list(router)
        self._add_declare(router)
        self._add_get(router)
        self._add_change(router)
        self._add_delete(router)

    def _add_list(self, router: APIRouter) -> None:
        severity_name = one_of(self._severities.names)

        class Wanted(IncidentQuery):
            severity: Annotated[
                Annotated[str, severity_name] | Omitted,
                Field(description="Only those with this severity."),
            ] = None

        @router.get(
            "/incidents",
            name="list",
            summary="List incidents, newest first",
            responses=answers(200, IncidentsAnswer, "Incidents.") | errors(400),
        )
        async def list_(request: Request, query: Annotated[Wanted, Query()]) -> Response:
            """Without `limit` or `cursor` all are given at once.

            With one of them a page is given, and with the page the `next_cursor` that leads to the
            next.
            """
            viewer: Viewer = request.state.viewer
            if query.page_size is None:
                return await self._all(query.wanted, viewer)
            return await self._page(query.wanted, viewer, query.page_size, query.before)

    def _add_declare(self, router: APIRouter) -> None:
        severity_name = one_of(self._severities.names)
        example: dict[str, Any] = {**EXAMPLE, "severity": self._severities.names[-1]}

        class NewIncident(requests.NewIncident):
            model_config = ConfigDict(json_schema_extra={"examples": [example]})

            severity: Annotated[str, severity_name]

        @router.post(
            "/incidents",
            status_code=201,
            summary="Declare an incident",
            responses=answers(201, IncidentDocument, "The new incident.", ETAG | LOCATION)
            | errors(400, 408, 409, 413),
        )
        async def declare(
            request: Request, body: NewIncident, idempotency_key: IdempotencyKey = None
        ) -> Response:
            """It is announced in Slack like any other.

            With an `Idempotency-Key`, the same request sent again within 24 hours gets the same
            answer and declares nothing.
            """
            by = _by(request)
            if idempotency_key is not None:
                key, fingerprint = idempotency_key[0], _fingerprint(await request.json())
                by = replace(by, key=f"rest:{by.actor}:{key}", fingerprint=fingerprint)
            declaration = body.declaration(wants_channel=self._has_channels)
            incident = await self._store.declare(by, declaration, [self._announcement_channel])
            return _incident_answer(incident, 201, {"Location": f"/incidents/{incident.id}"})

    def _add_get(self, router: APIRouter) -> None:
        @router.get(
            "/incidents/{incident_id}",
            summary="Show an incident",
            responses=answers(200, IncidentDocument, "The incident.", ETAG) | errors(404),
        )
        async def get(request: Request, incident_id: IncidentId) -> Response:
            """Its `ETag` is what `If-Match` asks for."""
            return _incident_answer(await self._store.get(incident_id, request.state.viewer))

    def _add_change(self, router: APIRouter) -> None:
        severity_name = one_of(self._severities.names)

        class IncidentPatch(requests.IncidentPatch):
            severity: Annotated[Annotated[str, severity_name] | Omitted, NOT_NULL] = None

        @router.patch(
            "/incidents/{incident_id}",
            summary="Change an incident",
            responses=answers(200, IncidentDocument, "The incident.", ETAG)
            | errors(400, 404, 408, 412, 413),
        )
        async def change(
            request: Request, incident_id: IncidentId, body: IncidentPatch, if_match: IfMatch = None
        ) -> Response:
            """Any of the fields, all in one go; any status may follow any other.

            Slack hears of it as it does of a press. With `If-Match` nothing is changed unless the
            incident is still in that version.
            """
            by = _by(request)
            versions = await self._versions(if_match, incident_id, by.viewer)
            return _incident_answer(await self._store.patch(by, incident_id, body, versions))

    def _add_delete(self, router: APIRouter) -> None:
        @router.delete(
            "/incidents/{incident_id}",
            summary="Delete an incident",
            responses=answers(200, DeletedAnswer, "What it was.") | errors(404, 412),
        )
        async def delete(
            request: Request, incident_id: IncidentId, if_match: IfMatch = None
        ) -> Response:
            """It is hidden everywhere, also in Slack; its number is never given to another.

            With `If-Match` it is deleted only if it is still in that version.
            """
            by = _by(request)
            versions = await self._versions(if_match, incident_id, by.viewer)
            incident = await self._store.delete(by, incident_id, versions, whoever=True)
            deleted = DeletedAnswer(
                message="Incident deleted successfully", deleted_incident=shown(incident)
            )
            return _answer(deleted)

    async def _versions(
        self, if_match: Sequence[str] | None, incident_id: int, viewer: Viewer
    ) -> frozenset[int] | None:
        """The versions of the incident that If-Match allows; None when any will do.

        Raises Refused where no tag has the form of ours: it says nothing of whether somebody made
        a change. That there is no such incident goes first.
        """
        if if_match is None or if_match == ["*"]:
            return None
        tags = [tag.strip() for tag in ",".join(if_match).split(",")]
        versions = frozenset(int(match[1]) for match in map(_VERSION.fullmatch, tags) if match)
        if not versions:
            await self._store.get(incident_id, viewer)
            raise Refused(412, "Incident has changed", message=_why_no_version(tags))
        return versions

    async def _page(
        self, wanted: IncidentFilter, viewer: Viewer, size: int, before: int | None
    ) -> Response:
        found, total = await self._lists.find_documents(DOCUMENT, wanted, viewer, size + 1, before)
        page = found[:size]
        is_exact = total <= COUNTED or wanted.is_counted_to_the_end
        rest = PageAnswer(
            total=total if is_exact else COUNTED,
            total_is_exact=is_exact,
            next_cursor=str(page[-1].id) if len(found) > len(page) else None,
        )
        body = b"".join((_BEGIN, Joined().piece(page), b"],", rest.model_dump_json().encode()[1:]))
        return Response(body, media_type=_JSON)

    async def _all(self, wanted: IncidentFilter, viewer: Viewer) -> Response:
        batches = self._lists.all_documents(DOCUMENT, wanted, viewer)
        # The first is fetched before the answer begins: what fails until then can still be told.
        first = await anext(batches)
        return StreamingResponse(_written(first, batches), media_type=_JSON)


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


def _fingerprint(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
