"""`incident-bot db backup`: a copy made while the bot works, and a bot that goes on from it."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from tests.bots.bot import Bot
from tests.bots.command import Ended
from tests.bots.process import BotProcess
from tests.operations.support import operator, rest_of, starts_alone
from tests.postgres import PostgresServer
from tests.slack_people import Slack
from tests.story import story
from tests.waiting import eventually


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def assert_refused(ended: Ended, words: str) -> None:
    """One line with these words, and status 2."""
    assert (ended.status, ended.said) == (2, "")
    [line] = ended.complained.splitlines()
    assert line.startswith("incident-bot: ")
    assert words in line


@asynccontextmanager
async def busy(bot: BotProcess) -> AsyncIterator[list[int]]:
    """Incidents are declared by several clients without a pause; gives the IDs as they come."""
    declared: list[int] = []

    async def declare() -> None:
        async with rest_of(bot) as rest:
            while True:
                declared.append((await rest.declares())["id"])

    clients = [asyncio.create_task(declare()) for _ in range(4)]
    yield declared
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)


async def test_a_copy_made_under_load_is_whole(bot: BotProcess, tmp_path: Path) -> None:
    copy = tmp_path / "backup.db"
    await starts_alone(bot)

    async with busy(bot) as declared:
        await eventually(lambda: declared, "something is declared")
        for _ in range(2):
            before = len(declared)
            ended = await operator(bot, "db", "backup", "--force", copy)
            assert (ended.status, ended.complained) == (0, "")
            last = len(declared) + 4  # what is committed is answered a moment later

            [(known,)] = rows(copy, "SELECT count(*) FROM incidents")
            assert before <= known <= last
            for table in ("timeline_entries", "announcements", "outbox"):
                assert rows(copy, f"SELECT count(*) FROM {table}") == [(known,)]  # noqa: S608 - a name from above
            assert rows(copy, "PRAGMA integrity_check") == [("ok",)]
            assert rows(copy, "SELECT max(id) FROM incidents") == [(known,)]

    assert await bot.stops() == 0
    [(known,)] = rows(bot.database, "SELECT count(*) FROM incidents")
    assert known >= len(declared)
    assert files(tmp_path) == {"bot", "backup.db"}


async def test_a_copy_of_a_bot_that_crashed_has_all_that_was_answered(
    bot: BotProcess, tmp_path: Path
) -> None:
    await starts_alone(bot)
    async with busy(bot) as declared:
        await eventually(lambda: declared, "something is declared")
        await bot.is_killed()

    ended = await operator(bot, "db", "backup", tmp_path / "backup.db")

    assert ended.status == 0
    copied = {known for (known,) in rows(tmp_path / "backup.db", "SELECT id FROM incidents")}
    assert copied >= set(declared)
    await starts_alone(bot)


async def goes_on_from_the_copy(bot: Bot) -> None:
    """Start it on the copy, without waiting for the time at which messages are to be tried."""
    copy = {"INCIDENT_BOT_DATABASE_URL": "sqlite:///backup.db"}
    assert (await operator(bot, "outbox", "retry", "--all", **copy)).status == 0
    await bot.starts(**copy)


@story(own_process=True)
async def test_a_bot_on_the_copy_posts_nothing_that_the_other_has_posted_since(
    slack: Slack,
) -> None:
    bot = slack.bot
    slack.changes_channel("incidents", has_bot=False)
    await bot.starts()
    waiting = await slack.cara.declares("Not told before the copy", in_="incidents")
    await slack.ben.types(f"/incident ack {waiting.reference}", in_="general")
    await slack.ben.is_told("You acknowledged")
    await bot.says("a message has to wait")

    assert (await operator(bot, "db", "backup", "backup.db")).status == 0
    slack.changes_channel("incidents", has_bot=True)
    announcement = await slack.announcement(waiting)
    await announcement.hears("acknowledged")
    await bot.is_quiet()
    assert await bot.stops() == 0
    told = len(slack.calls("chat.postMessage"))
    await goes_on_from_the_copy(bot)
    await bot.is_quiet()

    assert len(slack.posts(waiting)) == 2
    assert len(slack.calls("chat.postMessage")) == told
    await slack.ben.presses("Resolve", on=announcement)
    await announcement.hears("resolved")


@story(own_process=True)
async def test_what_was_never_told_is_told_by_a_bot_on_the_copy(slack: Slack) -> None:
    bot = slack.bot
    slack.changes_channel("incidents", has_bot=False)
    await bot.starts()
    incident = await slack.cara.declares("Never told", in_="incidents")
    await bot.says("a message has to wait")

    await operator(bot, "db", "backup", "backup.db")
    assert await bot.stops() == 0
    slack.changes_channel("incidents", has_bot=True)
    await goes_on_from_the_copy(bot)

    await slack.announcement(incident)
    await bot.is_quiet()
    assert len(slack.posts(incident)) == 1


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("no_umask")
async def test_the_copy_is_its_owner_s_alone(bot: BotProcess, tmp_path: Path) -> None:
    await starts_alone(bot)

    ended = await operator(bot, "db", "backup", tmp_path / "backup.db")

    assert (
        ended.said
        == f"{tmp_path / 'backup.db'} is a whole copy of the database, and was checked.\n"
    )
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600


async def test_a_file_that_is_there_is_kept_unless_forced(bot: BotProcess, tmp_path: Path) -> None:
    await starts_alone(bot)
    target = tmp_path / "backup.db"
    target.write_text("precious")

    refused = await operator(bot, "db", "backup", target)
    assert_refused(refused, "is there already: name another file, or say --force.")
    assert target.read_text() == "precious"

    forced = await operator(bot, "db", "backup", target, "--force")
    assert forced.status == 0
    assert rows(target, "PRAGMA integrity_check") == [("ok",)]


async def test_postgresql_has_its_own_tool(bot: BotProcess, postgres: PostgresServer) -> None:
    address = postgres.new_database()

    ended = await operator(bot, "db", "backup", "backup.db", INCIDENT_BOT_DATABASE_URL=address)

    assert_refused(ended, "pg_dump --format=custom")


async def test_a_database_that_is_not_there_is_told_in_one_line(bot: BotProcess) -> None:
    ended = await operator(bot, "db", "backup", "backup.db")

    assert_refused(
        ended, "INCIDENT_BOT_DATABASE_URL is not usable: there is no file incident_bot.db."
    )
    assert files(bot.folder) == set()
