"""A million incidents against a thousand: what is listed has to come as quickly.

Slack's list is the store's `find`, called as `/incident list` calls it; the REST API's is asked
for over HTTP, of two bots that run at the same time.
"""

import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from incident_bot.domain.status import Status
from incident_bot.slack.messages.home import home
from incident_bot.slack.messages.listing import LISTED
from incident_bot.slack.replies.home import FIRST_PAGE, content_of
from incident_bot.store.engine.opening import open_database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import IncidentFilter
from tests.benchmarks.load import get, load
from tests.benchmarks.processes import rest_bot
from tests.benchmarks.quantities import Effort, Quantity, alternately, at_most, percentile
from tests.benchmarks.seeding import ME, seeded
from tests.bots.process import BotProcess
from tests.factories import A_VIEWER, INCIDENTS

Lists = tuple[IncidentLists, IncidentStore]

_FEW: Final = 1_000
_MANY: Final = 1_000_000
_MANY_IF_QUICK: Final = 20_000
_GOAL: Final = at_most(1.2)

_UNRESOLVED: Final = frozenset({Status.OPEN, Status.IN_PROGRESS})
_LISTS: Final = {
    "/incident list": IncidentFilter(_UNRESOLVED),
    "/incident list High": IncidentFilter(_UNRESOLVED, "High"),
    "/incident list Resolved": IncidentFilter(frozenset({Status.RESOLVED})),
    "/incident list mine": IncidentFilter(_UNRESOLVED, lead=ME),
    "/incident list all": IncidentFilter(),
}
_PAGES: Final = {
    "GET /incidents?limit=50": "/incidents?limit=50",
    "… of Resolved, High": "/incidents?limit=50&status=Resolved&severity=High",
    "… from the middle": "/incidents?limit=50&cursor={middle}",
}


async def measure(effort: Effort) -> list[Quantity]:
    many = effort.pick(_MANY, _MANY_IF_QUICK)
    return [*await _slack(effort, many), *await _rest(effort, many)]


async def _slack(effort: Effort, many: int) -> list[Quantity]:
    quantities: list[Quantity] = []
    async with _lists(seeded(_FEW)) as small, _lists(seeded(many)) as large:
        for name, wanted in _LISTS.items():
            seconds = effort.pick(4, 1) / 10
            measures = (partial(_finding, lists, wanted, seconds) for lists in (large, small))
            ours, anchor = await alternately(effort.pick(5, 1), *measures)
            quantities.append(
                Quantity(f"{name} of {many:,}", "ms", ours, f"of {_FEW:,}", anchor, _GOAL)
            )
        measures = (partial(_home, lists, effort.pick(4, 1) / 10) for lists in (large, small))
        ours, anchor = await alternately(effort.pick(5, 1), *measures)
        quantities.append(
            Quantity(f"Home tab of {many:,}", "ms", ours, f"of {_FEW:,}", anchor, _GOAL)
        )
    return quantities


@contextlib.asynccontextmanager
async def _lists(folder: Path) -> AsyncIterator[Lists]:
    with contextlib.closing(open_database(f"sqlite:///{folder}/incident_bot.db")) as database:
        store = IncidentStore(database, lambda: datetime.now(UTC))
        yield IncidentLists(database), store


async def _finding(lists: Lists, wanted: IncidentFilter, seconds: float) -> float:
    return await _median(lambda: lists[0].find(wanted, A_VIEWER, LISTED), seconds)


async def _home(lists: Lists, seconds: float) -> float:
    """Read and rendered, for somebody who leads some."""

    async def show() -> None:
        home(await content_of(FIRST_PAGE, ME, *lists, INCIDENTS))

    return await _median(show, seconds)


async def _median(look: Callable[[], Awaitable[object]], seconds: float) -> float:
    """Milliseconds, at the median of so many seconds."""
    ends_at = perf_counter() + seconds
    taken = []
    while (began := perf_counter()) < ends_at:
        await look()
        taken.append((perf_counter() - began) * 1e3)
    return percentile(taken, 50)


async def _rest(effort: Effort, many: int) -> list[Quantity]:
    quantities: list[Quantity] = []
    async with rest_bot(seeded(_FEW)) as small, rest_bot(seeded(many)) as large:
        for name, path in _PAGES.items():
            ours, anchor = await alternately(
                effort.pick(5, 1),
                _asking(large, path.format(middle=many // 2), effort),
                _asking(small, path.format(middle=_FEW // 2), effort),
            )
            quantities.append(
                Quantity(f"{name}, {many:,}", "ms", ours, f"of {_FEW:,}", anchor, _GOAL)
            )
    return quantities


def _asking(
    bot: BotProcess, path: str, effort: Effort
) -> Callable[[], Coroutine[None, None, float]]:
    async def ask() -> float:
        seconds = effort.pick(10, 2) / 10
        loaded = await load([bot.port], itertools.repeat(get(path)), 1, seconds)
        assert not loaded.failed
        return loaded.p50

    return ask
