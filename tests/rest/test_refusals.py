"""Refusals as the REST API answers them: a status, a name, and what the facts say."""

import json
from collections.abc import Awaitable
from typing import Any, Final

import pytest
from fastapi import FastAPI, Request

from incident_bot.domain.errors import IncidentError
from incident_bot.rest.errors import answer_with_json
from tests.refusals import REFUSALS

_ASKED: Final = Request({"type": "http"})


async def answered(error: IncidentError) -> tuple[int, dict[str, Any]]:
    """What a route answers that raises it."""
    web = FastAPI()
    answer_with_json(web)
    answering = web.exception_handlers[IncidentError](_ASKED, error)
    assert isinstance(answering, Awaitable)
    answer = await answering
    return answer.status_code, json.loads(bytes(answer.body))


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
async def test_each_refusal_is_answered_without_what_only_slack_shows(
    error: IncidentError,
) -> None:
    status, said = await answered(error)

    assert status in {404, 409, 412, 503}
    assert said["error"]
    for only_for_slack in ("`", "/incident", "<@", "<!date"):
        assert only_for_slack not in said.get("message", "")
