"""Two checkouts of the bot side by side: `python -m tests.benchmarks.pair OLD NEW`.

They are asked in turn, in short rounds, so that a machine that drifts does so for both. Prints
requests a second and the processor time of the bot for each, by REST: declaring, and a page.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.load import JSON, load, post
from tests.bots.bot import environment
from tests.bots.ports import free_port

_ROUNDS: Final = 15
_SECONDS: Final = 1.5
_CLIENTS: Final = 32
_INCIDENT: Final = {
    "title": "Checkout is down",
    "description": "Cards are refused since the deploy of this morning.",
    "reported_by": "cara",
    "severity": "High",
}


def _declaring() -> Iterator[bytes]:
    return itertools.repeat(post("/incidents", json.dumps(_INCIDENT).encode(), JSON))


def _paging() -> Iterator[bytes]:
    return itertools.repeat(b"GET /incidents?limit=50 HTTP/1.1\r\nHost: localhost\r\n\r\n")


_REQUESTS: Final[dict[str, tuple[Callable[[], Iterator[bytes]], int]]] = {
    "declaring": (_declaring, 201),
    "a page of 50": (_paging, 200),
}


class Bot:
    """The bot of one checkout, as a child process without Slack."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self.port = free_port()
        settings = {
            "INCIDENT_BOT_PORT": str(self.port),
            "INCIDENT_BOT_DATABASE_URL": f"sqlite:///{folder}/incidents.db",
            "PYTHONPATH": str(checkout),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "incident_bot", "run", "--no-slack"],
            cwd=checkout,
            env=environment(settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def is_up(self) -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return

    def seconds(self) -> float:
        """Processor time so far, of user and system (proc(5), "stat")."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


async def measure(checkouts: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bots = []
        for number, checkout in enumerate(checkouts):
            own = Path(folder) / str(number)
            own.mkdir()
            bots.append(Bot(checkout, own))
        for bot in bots:
            await bot.is_up()
        for name, (requests, status) in _REQUESTS.items():
            rates: list[list[float]] = [[] for _ in bots]
            costs: list[list[float]] = [[] for _ in bots]
            for _ in range(_ROUNDS):
                for number, bot in enumerate(bots):
                    before = bot.seconds()
                    done = await load([bot.port], requests(), _CLIENTS, _SECONDS, status)
                    spent = bot.seconds() - before
                    rates[number].append(done.per_second)
                    costs[number].append(spent / (done.per_second * _SECONDS) * 1e6)
            for number, checkout in enumerate(checkouts):
                rate, cost = median(rates[number]), median(costs[number])
                print(
                    f"{name}, {checkout.name}: {rate:,.0f} /s ({rate / median(rates[0]):.2f}), "
                    f"{cost:,.0f} µs of processor time each ({cost / median(costs[0]):.2f})"
                )
        for bot in bots:
            bot.close()


if __name__ == "__main__":
    asyncio.run(measure([Path(argument).resolve() for argument in sys.argv[1:]]))
