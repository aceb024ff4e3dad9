"""How a request comes to its route: who asks is looked at first, then the body is read.

FastAPI by itself reads bodies without a limit, and before it looks at anything else.
"""

import re
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from incident_bot.domain.errors import IncidentNotFound
from incident_bot.rest.access import Access
from incident_bot.rest.bodies import json_object
from incident_bot.rest.errors import Refused

_ID: Final = re.compile(r"0{0,17}[1-9][0-9]{0,17}")


class _WithJson(Request):
    """A request whose body has been read."""

    read: dict[str, Any]

    async def body(self) -> bytes:
        return b"{}"  # FastAPI asks only whether there is one

    async def json(self) -> dict[str, Any]:
        return self.read


def guarded(access: Access) -> type[APIRoute]:
    """Routes that let nobody in but by `access`."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()
            takes_body = self.body_field is not None
            takes_id = bool(self.dependant.path_params)
            models: list[Any] = [one.field_info.annotation for one in self.dependant.query_params]
            query = _Query(models[0]) if models else None

            async def admitted(request: Request) -> Response:
                await access.admit(request)
                if takes_id and not _ID.fullmatch(request.path_params["incident_id"]):
                    raise IncidentNotFound(0)
                if query is not None:
                    response: Response = await self.endpoint(request, query.read(request))
                    return response
                if not takes_body:
                    return await handle(request)
                with_json = _WithJson(request.scope, request.receive)
                with_json.read = await json_object(request)
                return await handle(with_json)

            return admitted

    return Guarded


class _Query:
    """The parameters of a route that takes them as one model.

    FastAPI describes them; it would also read them, but looks at the type of each anew for each
    request, which takes a quarter of the time of a page, and takes the last where one is repeated.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def read(self, request: Request) -> BaseModel:
        """Raises Refused, RequestValidationError."""
        given = request.query_params
        for name in self._model.model_fields:
            if len(given.getlist(name)) > 1:
                words = f"{name.capitalize()} may be given once"
                raise Refused(400, f"Invalid {name}", message=words)
        try:
            return self._model.model_validate(dict(given))
        except ValidationError as error:
            errors = error.errors(include_url=False)
            raise RequestValidationError(
                [{**one, "loc": ("query", *one["loc"])} for one in errors]
            ) from error
