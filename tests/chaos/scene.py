"""Three replicas, a workspace, and all that a plan has in store for them."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from incident_bot.manifest import manifest_text
from incident_bot.sandbox.application import Mode, SandboxServer
from incident_bot.sandbox.control import ChannelChange
from incident_bot.sandbox.dispatch import Timing
from incident_bot.sandbox.faults import Fault
from tests.bots.bot import REST
from tests.bots.ports import free_port
from tests.chaos.ledger import Ledger
from tests.chaos.people import Crowd
from tests.chaos.plan import POISON, TEAMS, Peril, Plan, Refusal, Size, planned
from tests.chaos.records import Records, Waiting, records
from tests.chaos.replica import Replica, replica
from tests.chaos.report import Report
from tests.chaos.witness import Witness
from tests.slack_people import Slack
from tests.storms.weather import Weather
from tests.waiting import eventually

_FIRST_ID: Final = 1000
_PEOPLE: Final = 6
_WORK_WITHIN: Final = 1200.0
_QUIET_WITHIN: Final = 240.0
_LOOK_EVERY: Final = 0.2
# Slack asks again after a minute and after five: here nobody has so much time.
_TIMING: Final = Timing(retries=(0.0, 2.0, 4.0, 8.0, 16.0))
_SETTINGS: Final = {
    **REST,
    "INCIDENT_BOT_API_PRIVATE": "api",
    "INCIDENT_BOT_REMINDERS": "none",
    "INCIDENT_BOT_TEST_POST_INTERVAL": "0.005",
}


class Chaos:
    """Has it come to an end, and counts what is left."""

    def __init__(
        self,
        slack: Slack,
        replicas: Sequence[Replica],
        kept: Records,
        plan: Plan,
        weather: Weather,
    ) -> None:
        self._slack = slack
        self._replicas = replicas
        self._records = kept
        self._plan = plan
        self._weather = weather
        self._witness = Witness(slack.sandbox.workspace)
        self.report = Report(faults=weather.met)
        self._crowd = Crowd(slack, kept, self._witness, self.report.tries)

    async def reigns(self) -> Report:
        began = time.monotonic()
        await asyncio.gather(*(one.bot.starts() for one in self._replicas))
        self._weather.begins_to_last(map(_poison, POISON))
        weather = asyncio.create_task(self._weather.rages())
        befalling = [
            *(
                self._meets(one, perils)
                for one, perils in zip(self._replicas, self._plan.perils, strict=True)
            ),
            *map(self._refuses, self._plan.refusals),
        ]
        await asyncio.gather(self._works(), *befalling)
        self._weather.ends()
        await weather
        await self._all_but_the_broken_goes_out()
        await self._all_is_mended()
        self.report.seconds = time.monotonic() - began
        await self._counts()
        return self.report

    # What happens

    async def _works(self) -> None:
        waiting = list(self._plan.errands)

        async def works(number: int) -> None:
            worker = self._crowd.person(f"worker{number}")
            while waiting:
                await self._crowd.run(worker, waiting.pop())

        await asyncio.gather(*map(works, range(_PEOPLE)))

    async def _meets(self, one: Replica, perils: Sequence[Peril]) -> None:
        for peril in perils:
            await self._acts_come_to(peril.after)
            await one.meets(peril)
            self.report.perils[peril.kind] += 1

    async def _refuses(self, refusal: Refusal) -> None:
        channel_id = self._slack.channel_id(refusal.channel)
        faults = [
            Fault(method=method, kind="error", error=refusal.error, channel=channel_id)
            for method in ("chat.postMessage", "chat.update")
        ]
        await self._acts_come_to(refusal.after)
        self._weather.begins_to_last(faults)
        self.report.refusals += 1
        if refusal.until is not None:
            await self._acts_come_to(refusal.until)
            self._weather.lasts_no_more(faults)

    async def _acts_come_to(self, number: int) -> None:
        await eventually(
            lambda: self._crowd.acts >= number, f"{number} acts of people", _WORK_WITHIN
        )

    # How it ends

    async def _all_but_the_broken_goes_out(self) -> None:
        """While posts with poison and some channels are refused still, nothing waits for them."""
        for one in self._replicas:
            await one.bot.is_ready()
        self.report.held_up += map(str, await self._still_waiting())

    async def _all_is_mended(self) -> None:
        self._slack.sandbox.faults.set([])
        self.report.lost += map(str, await self._still_waiting())

    async def _still_waiting(self) -> list[Waiting]:
        """What has not gone out after a generous time."""
        until = time.monotonic() + _QUIET_WITHIN
        while waiting := self._records.unsent("pending", "sending"):
            if time.monotonic() > until:
                return waiting
            await asyncio.sleep(_LOOK_EVERY)
        return []

    async def _counts(self) -> None:
        self.report.pried = self._crowd.pried
        workspace, done = self._slack.sandbox.workspace, self._crowd.done
        ledger = Ledger(workspace, self._records, self._plan, done, self.report)
        _, answer = await self._slack.bot.answers("/incidents")
        listed = {one["id"]: one["title"] for one in answer["incidents"]}
        ledger.count_incidents(listed)
        for one in done:
            _, answer = await self._slack.bot.answers(f"/incidents/{one.incident_id}/timeline")
            ledger.count_of(one, answer["timeline"])
        ledger.count_deliveries()
        ledger.count_failures()
        self._witness.looks_at_homes()
        ledger.count_sights(self._witness, listed)


def _poison(word: str) -> Fault:
    return Fault(method="chat.postMessage", kind="error", error=POISON[word], containing=word)


async def chaos(size: Size, mode: Mode, folder: Path, address: str, seed: int) -> Report:
    """Have it; `address` is that of an empty database on PostgreSQL."""
    plan = planned(size, seed)
    async with AsyncExitStack() as until_its_end:
        ports = [free_port() for _ in range(size.replicas)]
        urls = [f"http://127.0.0.1:{port}/slack/events" for port in ports]
        sandbox = await until_its_end.enter_async_context(
            SandboxServer(manifest_text(), mode, bot_events_urls=urls, timing=_TIMING)
        )
        for name in TEAMS:
            sandbox.control.change_channel(ChannelChange(name=name, has_bot=True))
        settings = {**sandbox.environment(), **_SETTINGS}
        replicas = [
            await until_its_end.enter_async_context(
                replica(sandbox, settings, address, folder, port)
            )
            for port in ports
        ]
        kept = until_its_end.enter_context(records(address))
        kept.counts_from(_FIRST_ID)
        slack = Slack(mode, sandbox, replicas[0].bot)
        chance = random.Random(seed)  # noqa: S311 - the same weather again
        weather = Weather(sandbox.faults, chance, size.hangs)
        return await Chaos(slack, replicas, kept, plan, weather).reigns()
