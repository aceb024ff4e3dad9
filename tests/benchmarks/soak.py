"""Whether the bot stays as it is under lasting work: `python -m tests.benchmarks.soak`.

Twenty actions a second for ten minutes, against the stand-in: commands that only read, changes
of status and severity, declarations. Prints memory, threads and open files each minute.
"""

import argparse
import asyncio
import itertools
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from incident_bot.manifest import manifest_text
from incident_bot.sandbox.application import SandboxServer
from tests.benchmarks.processes import resident_megabytes
from tests.bots.ports import free_port
from tests.bots.process import BotProcess
from tests.slack_people import Person, Slack

_ONE_DECLARES_OF: Final = 10
_PEOPLE: Final = ("U0ANA", "U0BEN", "U0CARA")
_READS: Final = ("list", "list all", "help", "show INC-{}")
_CHANGES: Final = ("ack INC-{}", "resolve INC-{}", "reopen INC-{}", "severity INC-{} Low")


@dataclass
class Soak:
    """What was done, and how it was acknowledged."""

    slack: Slack
    acknowledged: list[float] = field(default_factory=list)
    failed: int = 0
    declared: int = 1

    async def acts(self, number: int) -> None:
        """One thing that one person does."""
        person = Person(self.slack, _PEOPLE[number % len(_PEOPLE)])
        if number % _ONE_DECLARES_OF == 0:
            await self._declares(person, f"Soak {number}")
            return
        subcommand = random.choice(_READS if number % 2 else _CHANGES)  # noqa: S311 - no secret
        incident = random.randint(max(1, self.declared - 20), self.declared)  # noqa: S311 - the same
        await self._types(person, subcommand.format(incident))

    async def _types(self, person: Person, subcommand: str) -> None:
        act = self.slack.sandbox.interactions
        outcome = await act.command(person.id, "C0INCIDENTS", f"/incident {subcommand}")
        if outcome.ok:
            self.acknowledged.append(outcome.ms)
        else:
            self.failed += 1

    async def _declares(self, person: Person, title: str) -> None:
        await person.opens(f"/incident new {title}", "incidents")
        await person.submits(description="It goes on and on", severity="High")
        self.declared += 1


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=20, help="actions a second")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        async with SandboxServer(manifest_text()) as sandbox:
            settings = {**sandbox.environment(), "INCIDENT_BOT_TEST_POST_INTERVAL": "0.01"}
            bot = BotProcess(settings, Path(folder), free_port())
            await bot.starts()
            slack = Slack("socket", sandbox, bot)
            await slack.cara.declares(in_="incidents")
            await _soak(Soak(slack), given.minutes * 60, given.rate)
            await bot.stops()


async def _soak(soak: Soak, seconds: float, rate: float) -> None:
    watching = asyncio.create_task(_watch(soak))
    began = time.monotonic()
    async with asyncio.TaskGroup() as acting:
        for number in itertools.count():
            due = began + number / rate
            if due > began + seconds:
                break
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            acting.create_task(soak.acts(number))
    watching.cancel()
    _show(soak, "end")
    acknowledged = sorted(soak.acknowledged)
    p99 = acknowledged[len(acknowledged) * 99 // 100]
    print(
        f"{len(acknowledged)} commands acknowledged, p50 {statistics.median(acknowledged):.1f} ms, "
        f"p99 {p99:.1f} ms, slowest {acknowledged[-1]:.0f} ms; {soak.failed} failed"
    )
    await soak.slack.bot.is_quiet(60)
    _, state = await soak.slack.bot.answers("/readyz")
    print(f"{soak.declared} incidents; outbox {state['outbox']}")


async def _watch(soak: Soak) -> None:
    for minute in itertools.count():
        _show(soak, f"minute {minute}")
        await asyncio.sleep(60)


def _show(soak: Soak, when: str) -> None:
    pid = soak.slack.process.pid
    process = Path(f"/proc/{pid}")
    threads, files = (len(list((process / name).iterdir())) for name in ("task", "fd"))
    print(
        f"{when}: {resident_megabytes(pid):.1f} MB, {threads} threads, {files} open files",
        flush=True,
    )


if __name__ == "__main__":
    asyncio.run(main())
