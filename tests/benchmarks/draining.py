"""Empties the outbox of a database, as the delivery worker does but without sending anything.

`python -m tests.benchmarks.draining DATABASE-URL` begins when told by a line, and prints as JSON
how many it sent, how long each claim took (milliseconds), and how its memory grew (MB).
"""

import asyncio
import json
import os
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Final

import uvloop

from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.opening import open_database
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.undelivered import Undelivered
from tests.benchmarks.processes import resident_megabytes

AT_ONCE: Final = 32
"""As many posts as the worker has under way at the same time, and as many edits."""

_LEFT_BY_OTHERS: Final = 0.002


@dataclass
class Drained:
    """What one process did."""

    sent: int = 0
    claims: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


async def drain(outbox: Outbox, undelivered: Undelivered) -> Drained:
    """Claim and note until nothing waits any more, also not with another process."""
    drained = Drained()
    while True:
        began = time.perf_counter()
        deliveries = await outbox.claim(_now(), AT_ONCE, AT_ONCE)
        drained.claims.append((time.perf_counter() - began) * 1e3)
        await asyncio.gather(*(_note(outbox, delivery) for delivery in deliveries))
        drained.sent += len(deliveries)
        drained.megabytes.append(resident_megabytes(os.getpid()))
        if not deliveries:
            if not {"pending", "sending"} & (await undelivered.counts()).keys():
                return drained
            await asyncio.sleep(_LEFT_BY_OTHERS)


async def _note(outbox: Outbox, delivery: Delivery) -> None:
    await outbox.sent(delivery, delivery.destination, str(delivery.id), _now())


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    with closing(open_database(sys.argv[1])) as database:
        outbox, undelivered = Outbox(database), Undelivered(database, _now, lambda: None)
        print("open", flush=True)
        sys.stdin.readline()
        print(json.dumps(asdict(uvloop.run(drain(outbox, undelivered)))))


if __name__ == "__main__":
    main()
