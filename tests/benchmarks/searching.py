"""Searching a million incidents by REST, newest first, against reading all of them with LIKE.

LIKE only counts, in the same file, by raw sqlite3: it reads each incident once. The worst searches
are words that are frequent and seldom meet in one incident: no index by word can stop early. What
is similar to a title that somebody types has any of its words, and is looked for at each letter.
"""

import asyncio
import contextlib
import itertools
import sqlite3
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final
from urllib.parse import quote

from incident_bot.domain.actors import Viewer
from incident_bot.store.engine.opening import open_database
from incident_bot.store.queries.lists import IncidentLists
from tests.benchmarks.load import Connection, get
from tests.benchmarks.processes import rest_bot
from tests.benchmarks.quantities import Effort, Quantity, alternately, at_most, percentile
from tests.benchmarks.seeding import ME, seeded

_USUAL: Final = ("checkout",)
_WORST: Final = (
    ("payments slow queue webhooks"),
    ("login errors missing gateway storage"),
    ("email delayed backups network cache locked"),
)
_LIKE: Final = "(title LIKE ? OR description LIKE ?)"


async def measure(effort: Effort) -> list[Quantity]:
    incidents = effort.pick(1_000_000, 20_000)
    folder = seeded(incidents)
    quantities = []
    async with rest_bot(folder) as bot:
        connection = await Connection.to(bot.port)
        for name, searches, goal in (
            ("a frequent word", _USUAL, at_most(1 / 50)),
            ("4 to 6 that seldom meet, the slowest", _WORST, at_most(1 / 2)),
        ):
            ours, anchor = await alternately(
                effort.pick(3, 1),
                partial(_slowest_search, connection, searches, effort.pick(9, 2)),
                partial(_slowest_scan, folder / "incident_bot.db", searches),
            )
            quantities.append(
                Quantity(f"search {incidents:,}: {name}", "ms", ours, "LIKE", anchor, goal)
            )
        name = f"another request while {incidents:,} are searched for the slowest"
        beside, alone = await alternately(
            effort.pick(3, 1),
            partial(_beside, bot.port, _WORST, effort.pick(200, 5)),
            partial(_slowest_search, connection, _WORST, effort.pick(9, 2)),
        )
        quantities.append(Quantity(name, "ms", beside, "that search", alone, at_most(1 / 2)))
        connection.close()
    ours, anchor = await alternately(
        effort.pick(3, 1),
        partial(_slowest_look, folder / "incident_bot.db", _WORST, effort.pick(9, 2)),
        partial(_slowest_scan, folder / "incident_bot.db", _WORST),
    )
    name = f"what is similar to a title among {incidents:,}, the slowest"
    quantities.append(Quantity(name, "ms", ours, "LIKE", anchor, at_most(1 / 20)))
    return quantities


async def _slowest_look(path: Path, titles: tuple[str, ...], times: int) -> float:
    """Milliseconds, at the median, as for each letter that somebody types."""
    with contextlib.closing(open_database(f"sqlite:///{path}")) as database:
        lists = IncidentLists(database)
        return max([await _look(lists, title, times) for title in titles])


async def _look(lists: IncidentLists, title: str, times: int) -> float:
    taken = []
    for _ in range(times):
        began = perf_counter()
        await lists.find_similar(title, Viewer(ME), 3)
        taken.append((perf_counter() - began) * 1e3)
    return percentile(taken, 50)


async def _beside(port: int, searches: tuple[str, ...], times: int) -> float:
    """How long others wait, at the 99th percentile, while somebody else searches without end."""
    connection = await Connection.to(port)
    searching = asyncio.create_task(_search_on(port, searches))
    taken = []
    for _ in range(times):
        began = perf_counter()
        assert await connection.ask(get("/healthz")) == 200
        taken.append((perf_counter() - began) * 1e3)
        await asyncio.sleep(0.005)
    searching.cancel()
    connection.close()
    return percentile(taken, 99)


async def _search_on(port: int, searches: tuple[str, ...]) -> None:
    connection = await Connection.to(port)
    with contextlib.closing(connection):
        for words in itertools.cycle(searches):
            await connection.ask(get(f"/incidents?limit=50&q={quote(words)}"))


async def _slowest_search(connection: Connection, searches: tuple[str, ...], times: int) -> float:
    return max([await _search(connection, words, times) for words in searches])


async def _search(connection: Connection, words: str, times: int) -> float:
    """Milliseconds, at the median."""
    request = get(f"/incidents?limit=50&q={quote(words)}")
    taken = []
    for _ in range(times):
        began = perf_counter()
        assert await connection.ask(request) == 200
        taken.append((perf_counter() - began) * 1e3)
    return percentile(taken, 50)


async def _slowest_scan(path: Path, searches: tuple[str, ...]) -> float:
    return max([await asyncio.to_thread(_scan, path, words.split()) for words in searches])


def _scan(path: Path, words: list[str]) -> float:
    """Milliseconds."""
    condition = " AND ".join([_LIKE] * len(words))
    query = f"SELECT count(*) FROM incidents WHERE {condition}"  # noqa: S608 - ours
    with contextlib.closing(sqlite3.connect(path)) as connection:
        began = perf_counter()
        connection.execute(query, [f"%{word}%" for word in words for _ in range(2)]).fetchall()
        return (perf_counter() - began) * 1e3
