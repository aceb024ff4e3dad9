"""A page of a long list, against all of a short one: the Flask tracker knows no pages."""

import itertools
import tempfile
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Final

from tests.benchmarks.load import Connection, Load, get, load
from tests.benchmarks.processes import anchor, rest_bot
from tests.benchmarks.quantities import Effort, Quantity, Sample, at_least, in_turn
from tests.benchmarks.rest_writes import declarations
from tests.benchmarks.seeding import seeded

_CLIENTS: Final = 8
_SHORT: Final = 100


async def measure(effort: Effort) -> list[Quantity]:
    incidents = effort.pick(100_000, 1_000)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            rest_bot(seeded(incidents)) as bot,
            anchor("flask_tracker", f"{folder}/tracker.db") as flask_port,
        ):
            await _declare(flask_port, _SHORT)
            ours, flask = await in_turn(
                effort.pick(3, 1),
                _asking(bot.port, "/incidents?limit=50", effort),
                _asking(flask_port, "/incidents", effort),
            )
    assert not any(one.failed for one in (*ours, *flask))
    return [
        Quantity(
            f"REST page of 50 of {incidents:,}, {_CLIENTS} clients",
            "/s",
            Sample(tuple(one.per_second for one in ours)),
            f"Flask tracker, all {_SHORT}",
            Sample(tuple(one.per_second for one in flask)),
            at_least(8),
        )
    ]


async def _declare(port: int, incidents: int) -> None:
    connection = await Connection.to(port)
    for request in itertools.islice(declarations(), incidents):
        assert await connection.ask(request) == 201
    connection.close()


def _asking(port: int, path: str, effort: Effort) -> Callable[[], Coroutine[None, None, Load]]:
    seconds = effort.pick(30, 5) / 10
    return partial(load, [port], itertools.repeat(get(path)), _CLIENTS, seconds)
