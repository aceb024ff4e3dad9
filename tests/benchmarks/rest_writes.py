"""Declaring by REST, durably: an incident, its timeline entry and its outbox row in a transaction.

The Flask tracker writes one row of its own. What it answers with an error, because the database is
locked, is not counted. FastAPI's figures are the nearest to what the load generator can do.
"""

import itertools
import json
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from tests.benchmarks.load import JSON, Load, load, post
from tests.benchmarks.processes import anchor, rest_bot
from tests.benchmarks.quantities import Effort, Quantity, Sample, at_least, at_most, in_turn

_BODY: Final = {
    "title": "Checkout is down",
    "description": "Cards are refused since the deploy of this morning.",
    "reported_by": "cara",
    "severity": "High",
}
_CLIENTS: Final = ((8, 5.0), (32, 6.0))
"""How many, and how many times the Flask tracker's requests a second they are to get."""


def declarations() -> Iterator[bytes]:
    return itertools.repeat(post("/incidents", json.dumps(_BODY).encode(), JSON))


async def measure(effort: Effort) -> list[Quantity]:
    quantities: list[Quantity] = []
    with tempfile.TemporaryDirectory() as folder:
        async with (
            rest_bot(Path(folder)) as bot,
            anchor("flask_tracker", f"{folder}/tracker.db") as flask_port,
            anchor("fastapi_post") as fastapi_port,
        ):
            for clients, goal in _CLIENTS:
                measured = await in_turn(
                    effort.pick(3, 1),
                    *(
                        _declaring(port, clients, effort)
                        for port in (bot.port, flask_port, fastapi_port)
                    ),
                )
                quantities += _compared(clients, goal, *measured)
    return quantities


def _declaring(
    port: int, clients: int, effort: Effort
) -> Callable[[], Coroutine[None, None, Load]]:
    seconds = effort.pick(30, 4) / 10
    return partial(load, [port], declarations(), clients, seconds, 201)


def _compared(
    clients: int,
    goal: float,
    ours: Sequence[Load],
    flask: Sequence[Load],
    fastapi: Sequence[Load],
) -> list[Quantity]:
    assert not any(one.failed for one in ours)
    rate, flask_rate, fastapi_rate = (
        Sample(tuple(one.per_second for one in loads)) for loads in (ours, flask, fastapi)
    )
    p99, flask_p99 = (Sample(tuple(one.p99 for one in loads)) for loads in (ours, flask))
    name = f"REST POST, {clients} clients"
    return [
        Quantity(name, "/s", rate, "Flask tracker", flask_rate, at_least(goal)),
        Quantity(f"{name}, p99", "ms", p99, "Flask tracker", flask_p99, at_most(1 / 20)),
        Quantity(name, "/s", rate, "FastAPI, no database", fastapi_rate, at_least(0.25)),
    ]
