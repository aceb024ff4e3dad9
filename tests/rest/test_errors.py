"""All that goes wrong is JSON, whichever layer found it, and nothing is guessed from it."""

from collections.abc import Callable

import aiohttp
import pytest

from tests.bots.bot import Bot
from tests.rest.client import DECLARATION, Client, raw


@pytest.mark.parametrize(
    "path",
    ["/", "/nothing", "/incidents/", "/incidents/1/", "/incidents/1/x", "/docs/../x", "/docs/x"],
)
async def test_a_path_that_is_none(rest: Client, path: str) -> None:
    answer = await rest.get(path)

    assert (answer.status, answer.json) == (404, {"error": "Not found"})


async def test_what_is_no_http_at_all(rest: Client) -> None:
    answer = await raw(rest.url, b"GARBAGE\r\n\r\n")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Type: application/json" in head
    assert body == b'{"error": "Invalid HTTP request received"}'


def _spoil(bot: Bot, incident_id: int) -> None:
    """Leave a row that no bot can have written."""
    with bot.opened_database() as database:
        no_text = b"Spoilt\xff"
        database.execute("UPDATE incidents SET lead = ? WHERE id = ?", (no_text, incident_id))


async def test_a_fault_has_a_reference_that_the_log_has_too(
    own: Bot, client_of: Callable[[Bot], Client]
) -> None:
    rest = client_of(own)
    incident = await rest.declares()
    _spoil(own, incident["id"])

    shown, listed = await rest.get(f"/incidents/{incident['id']}"), await rest.get("/incidents")

    for answer in (shown, listed):
        assert answer.is_refused(500, "Internal error")
        assert "a fault" in await own.says(answer.json["reference"])
        assert "Spoilt" not in answer.text
        assert "Traceback" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.slow
async def test_a_database_that_does_not_answer_is_said_in_words(
    own: Bot, client_of: Callable[[Bot], Client]
) -> None:
    rest = client_of(own)
    with own.opened_database() as database:
        database.execute("BEGIN IMMEDIATE")  # nobody else writes; the bot waits five seconds

        answer = await rest.post(DECLARATION)

        assert answer.is_refused(503, "Database does not answer", "nothing was changed")
        assert (await rest.get("/incidents")).status == 200


async def test_a_list_that_cannot_be_finished_is_cut_off(
    own: Bot, client_of: Callable[[Bot], Client]
) -> None:
    rest = client_of(own)
    oldest = await rest.declares()
    for _ in range(100):
        await rest.declares()
    _spoil(own, oldest["id"])

    with pytest.raises(aiohttp.ClientPayloadError):
        await rest.get("/incidents")

    await own.says("a fault")
    assert (await rest.get("/incidents", limit="5")).status == 200
