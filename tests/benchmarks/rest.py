"""What the REST API costs with many incidents: `python -m tests.benchmarks.rest`.

Prints how much the process grows and when the first byte comes when all are listed at once, and
what page 1 and a deep page cost. Nothing here runs with the tests.
"""

import argparse
import asyncio
import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from tests.bot_process import BotProcess, free_port

PAGE: Final = 100
ROUNDS: Final = 100
_WORDS: Final = ("checkout", "payments", "login", "search", "email", "exports", "printer", "map")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=100_000)
    count: int = parser.parse_args().incidents
    with tempfile.TemporaryDirectory() as folder, _bot(Path(folder), count) as bot:
        _whole_list(bot)
        last = max(count // PAGE, 1)
        _pages(bot, {f"page {page}": _page(page, count) for page in (1, last)})
        search = f"/incidents?limit={PAGE}&q=printer"
        _pages(bot, {"q, newest": search, "q, from the middle": f"{search}&cursor={count // 2}"})


@contextmanager
def _bot(folder: Path, count: int) -> Iterator[BotProcess]:
    bot = BotProcess({}, folder, free_port())
    asyncio.run(_starts(bot))
    with bot.opened_database() as database:
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO incidents (title, description, reported_by, severity, status,"
            " declared_at, updated_at, version) VALUES (?, ?, 'seed', 'High', 'Open',"
            " '2026-11-22 12:00:00.000000', '2026-11-22 12:00:00.000000', 1)",
            ((f"The {_WORDS[n % 8]} fails, {n}", "It answers 500. " * 20) for n in range(count)),
        )
        database.execute("COMMIT")
    # A new process has nothing of the seeding in its memory.
    asyncio.run(bot.stops())
    asyncio.run(_starts(bot))
    try:
        yield bot
    finally:
        asyncio.run(bot.stops())


async def _starts(bot: BotProcess) -> None:
    bot.begins("--no-slack")
    await bot.says("without Slack")
    await bot.is_ready()


def _whole_list(bot: BotProcess) -> None:
    _get(bot, "/incidents?limit=100")
    before = _resident(bot)
    with _watching(lambda: _resident(bot)) as seen:
        started = time.perf_counter()
        with closing(_connection(bot)) as connection:
            connection.request("GET", "/incidents")
            response = connection.getresponse()
            response.read(1)
            first = time.perf_counter() - started
            size = 1
            while piece := response.read(64 * 1024):
                size += len(piece)
        whole = time.perf_counter() - started
    print(
        f"all at once: {size / 1e6:.0f} MB in {whole:.1f} s, first byte after {first * 1e3:.1f} ms"
    )
    print(
        f"the process: {before / 1e6:.1f} MB before, {(max(seen) - before) / 1e6:+.1f} MB at most"
    )


def _pages(bot: BotProcess, paths: dict[str, str]) -> None:
    """Each in turn, so that what else the machine does burdens all alike."""
    times: dict[str, list[float]] = {name: [] for name in paths}
    with closing(_connection(bot)) as connection:
        for _ in range(ROUNDS):
            for name, path in paths.items():
                started = time.perf_counter()
                connection.request("GET", path)
                connection.getresponse().read()
                times[name].append((time.perf_counter() - started) * 1e3)
    for name, taken in times.items():
        p99 = statistics.quantiles(taken, n=100)[98]
        print(f"{name}: p50 {statistics.median(taken):.2f} ms, p99 {p99:.2f} ms")


def _page(number: int, count: int) -> str:
    """The address of a page; IDs have no gaps here."""
    cursor = count - (number - 1) * PAGE + 1
    return f"/incidents?limit={PAGE}&cursor={cursor}"


def _get(bot: BotProcess, path: str) -> None:
    with closing(_connection(bot)) as connection:
        connection.request("GET", path)
        connection.getresponse().read()


def _connection(bot: BotProcess) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(bot.url.removeprefix("http://"), timeout=60)


def _resident(bot: BotProcess) -> int:
    """Bytes."""
    status = Path(f"/proc/{bot.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


@contextmanager
def _watching(look: Callable[[], int]) -> Iterator[list[int]]:
    seen = [look()]
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(0.01):
            seen.append(look())

    thread = threading.Thread(target=watch)
    thread.start()
    yield seen
    is_over.set()
    thread.join()


if __name__ == "__main__":
    main()
