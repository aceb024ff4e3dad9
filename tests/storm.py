"""A storm: many people at once, while Slack fails and the bot is killed again and again.

    python -m tests.storm                           500 incidents, 20 kills, on SQLite
    python -m tests.storm --replicas 3 --mode http  the same on PostgreSQL, three bots

What was acknowledged must be there in the end: one announcement for each incident, in its last
state, and one notification for each change, in order. The figures are printed.
"""

import argparse
import asyncio
import contextlib
import itertools
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import aiohttp

from incident_bot.manifest import manifest_text
from incident_bot.sandbox.application import Mode, SandboxServer
from incident_bot.sandbox.cast import BOT_USER_ID
from incident_bot.sandbox.interactions import Container, Outcome, Press
from incident_bot.sandbox.messages import Message
from tests.bots.bot import REST
from tests.bots.ports import free_port
from tests.bots.process import BotProcess
from tests.postgres import postgres_server
from tests.slack_people import Slack
from tests.storms.stubborn import StubbornPerson, Tries
from tests.storms.weather import Weather
from tests.waiting import eventually

CHANNEL_ID: Final = "C0INCIDENTS"
_PEOPLE: Final = 8
_CALM_WITHIN: Final = 240.0
_HANGS: Final = 2


@dataclass(frozen=True)
class Size:
    incidents: int
    kills: int
    replicas: int = 1
    hangs: int = _HANGS


@dataclass
class Report:
    """What a storm was like, and what it has done."""

    seconds: float = 0.0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    tries: Tries = field(default_factory=Tries)
    announced: int = 0
    told: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"{self.seconds:.0f} s, {self.kills} kills, {self.faults.total()} faults"
        yield "  " + ", ".join(f"{kind} {count}" for kind, count in self.faults.most_common())
        yield f"{self.tries.refused} requests failed or were refused, and were made again"
        yield f"slowest acknowledgement {self.tries.slowest_ms:.0f} ms"
        yield f"{self.announced} announcements, {self.told} notifications"
        yield f"lost {len(self.lost)}, doubled {len(self.doubled)}, wrong {len(self.wrong)}"
        yield from (f"  {words}" for words in (self.lost + self.doubled + self.wrong)[:20])


class Storm:
    """One workspace, its bots, and what befalls them."""

    def __init__(
        self, sandbox: SandboxServer, bots: list[BotProcess], size: Size, seed: int
    ) -> None:
        self._sandbox = sandbox
        self._bots = bots
        self._size = size
        self._random = random.Random(seed)  # noqa: S311 - a storm that can be had again
        self._waiting = list(range(size.incidents))
        self._weather = Weather(sandbox.faults, self._random, size.hangs)
        self.report = Report(faults=self._weather.met)

    async def rages(self) -> Report:
        """Until everybody has declared and resolved all, and all is told."""
        began = time.monotonic()
        await asyncio.gather(*(bot.starts() for bot in self._bots))
        weather = asyncio.create_task(self._weather.rages())
        killing = asyncio.create_task(self._kills())
        await asyncio.gather(*(self._works(number) for number in range(_PEOPLE)))
        self._weather.ends()
        await asyncio.gather(weather, killing)
        await self._calms()
        self.report.seconds = time.monotonic() - began
        await self._count()
        return self.report

    # What befalls the bots

    async def _kills(self) -> None:
        """At random moments of the work, not of the clock: the machine may be slow or quick."""
        moments = sorted(self._random.sample(range(self._size.incidents), self._size.kills))
        for moment in reversed(moments):
            await eventually(lambda: len(self._waiting) <= moment, "the work", _CALM_WITHIN)  # noqa: B023 - called at once
            bot = self._random.choice(self._bots)
            await bot.is_killed()
            self.report.kills += 1
            await bot.begins()
            await bot.says("connected to Slack")

    async def _calms(self) -> None:
        for bot in self._bots:
            await bot.is_ready()
        async with asyncio.timeout(_CALM_WITHIN):
            for bot in self._bots:
                await bot.is_quiet(_CALM_WITHIN)

    # What people do

    async def _works(self, number: int) -> None:
        slack = Slack(self._sandbox.mode, self._sandbox, self._bots[0])
        name = f"storm{number}"
        person = StubbornPerson(slack, f"U0{name.upper()}", name, self.report.tries)
        while self._waiting:
            title = f"Storm {self._waiting.pop()}"
            fields = {"title": title, "description": "It rains", "severity": "High"}
            await person.fills(f"/incident new {title}", CHANNEL_ID, title, **fields)
            await self._resolves(person, await self._id_of(title))

    async def _resolves(self, person: StubbornPerson, incident_id: int) -> None:
        await person.is_told(
            lambda: self._presses_or_types(person, incident_id), "You resolved", "already Resolved"
        )

    async def _presses_or_types(self, person: StubbornPerson, incident_id: int) -> Outcome:
        """By button where the announcement is there already, else by command."""
        press = next(iter(map(_resolve_of, self._announcements(incident_id))), None)
        if press is not None and self._random.random() < 0.5:
            return await self._sandbox.interactions.press(person.id, press)
        return await person.types(f"/incident resolve INC-{incident_id}", CHANNEL_ID)

    async def _id_of(self, title: str) -> int:
        for bot in itertools.cycle(self._bots):
            with contextlib.suppress(aiohttp.ClientError, KeyError):
                query = urlencode({"q": title, "limit": 100})
                _, answer = await bot.answers(f"/incidents?{query}")
                found = [one["id"] for one in answer["incidents"] if one["title"] == title]
                assert len(found) == 1, f"{title} was acknowledged and is there {len(found)} times"
                return int(found[0])
            await asyncio.sleep(0.1)
        raise AssertionError("there are no bots")

    # What is there in the end

    async def _count(self) -> None:
        _, answer = await self._bots[0].answers("/incidents")
        by_title = Counter(incident["title"] for incident in answer["incidents"])
        report = self.report
        for title in (f"Storm {number}" for number in range(self._size.incidents)):
            report.lost += [f"the incident {title}"] * (by_title[title] == 0)
            report.doubled += [f"the incident {title}"] * (by_title[title] > 1)
        for incident in answer["incidents"]:
            self._count_posts(incident["id"], incident["status"])

    def _count_posts(self, incident_id: int, status: str) -> None:
        report, reference = self.report, f"INC-{incident_id}"
        announcements = self._announcements(incident_id)
        told = [message for message in self._posts(incident_id) if message.is_reply]
        report.announced += len(announcements)
        report.told += len(told)
        for what, messages in (("announcement", announcements), ("notification", told)):
            report.lost += [f"the {what} of {reference}"] * (not messages)
            report.doubled += [f"the {what} of {reference}"] * (len(messages) > 1)
        if status != "Resolved" or any("Status: Resolved" not in m.text for m in announcements):
            report.wrong.append(f"{reference} is {status}: {announcements[0].text!r}")
        report.wrong += [message.text for message in told if "resolved" not in message.text]

    def _announcements(self, incident_id: int) -> list[Message]:
        return [message for message in self._posts(incident_id) if not message.is_reply]

    def _posts(self, incident_id: int) -> list[Message]:
        name = re.compile(rf"\bINC-{incident_id}\b")
        return [
            message
            for message in self._sandbox.workspace.posting.logs[CHANNEL_ID]
            if message.user_id == BOT_USER_ID
            and message.ephemeral_to is None
            and name.search(message.text)
        ]


def _resolve_of(message: Message) -> Press | None:
    """A press of its button; None when it shows none."""
    container = Container(type="message", channel=CHANNEL_ID, ts=message.ts)
    for block in message.blocks:
        for element in block["elements"] if block["type"] == "actions" else ():
            if element["text"]["text"] == "Resolve":
                action_id = element["action_id"]
                return Press(container=container, block_id=block["block_id"], action_id=action_id)
    return None


async def storm(
    size: Size, mode: Mode, folder: Path, database: dict[str, str], seed: int = 1
) -> Report:
    """Have one; `database` is the setting that several bots share, or nothing for SQLite."""
    ports = [free_port() for _ in range(size.replicas)]
    urls = [f"http://127.0.0.1:{port}/slack/events" for port in ports]
    async with SandboxServer(manifest_text(), mode, bot_events_urls=urls) as sandbox:
        settings = {
            **sandbox.environment(),
            **database,
            **REST,
            "INCIDENT_BOT_TEST_POST_INTERVAL": "0.005",
        }
        bots = [
            BotProcess(settings, folder, port, f"bot-{number}.log")
            for number, port in enumerate(ports)
        ]
        try:
            return await Storm(sandbox, bots, size, seed).rages()
        finally:
            for bot in bots:
                if bot.is_running:
                    await bot.stops()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--incidents", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--replicas", type=int, default=1, help="more than one: on PostgreSQL")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL for one, too")
    parser.add_argument("--mode", choices=["socket", "http"], default="socket")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    size = Size(given.incidents, given.kills, given.replicas)
    with contextlib.ExitStack() as until_its_end:
        folder = Path(until_its_end.enter_context(tempfile.TemporaryDirectory()))
        database = {}
        if given.postgres or given.replicas > 1:
            server = until_its_end.enter_context(postgres_server())
            database = {"INCIDENT_BOT_DATABASE_URL": server.new_database()}
        report = asyncio.run(storm(size, given.mode, folder, database, given.seed))
    print("\n".join(report.lines()))


if __name__ == "__main__":
    main()
