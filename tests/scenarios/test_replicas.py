"""Two bots on one database: what one of them has begun, the other ends, and nothing twice."""

from typing import Literal

import pytest

from incident_bot.domain.status import Status
from incident_bot.sandbox.faults import Fault
from tests.database_proxy import database_proxy
from tests.postgres import PostgresServer
from tests.slack_people import Slack
from tests.story import story

RESTS = Fault(method="chat.postMessage", kind="rate_limited", retry_after=3, times=1)


@story(own_process=True)
@pytest.mark.parametrize("what", ["is frozen", "loses the database"])
async def test_a_bot_that_comes_back_says_nothing_that_the_other_has_said(
    slack: Slack, what: Literal["is frozen", "loses the database"], postgres: PostgresServer
) -> None:
    address = postgres.new_database()
    async with database_proxy(address) as database:
        await slack.bot.starts(INCIDENT_BOT_DATABASE_URL=database.address)
        limited = await slack.ana.declares(in_="incidents")
        incident = await slack.ana.declares(in_="ext-acme")
        announcement = await slack.announcement(incident, "ext-acme")
        await slack.bot.is_quiet()
        slack.breaks(RESTS)
        await slack.ben.types(f"/incident acknowledge {limited.reference}")
        await slack.bot.says("was rate limited")
        await slack.ben.types(f"/incident acknowledge {incident.reference}")
        await announcement.shows(
            Status.IN_PROGRESS
        )  # what goes to its thread waits for the rest's end

        other = slack.another_bot()
        if what == "is frozen":
            with slack.process.is_frozen():
                await other.starts(INCIDENT_BOT_DATABASE_URL=address)
                await announcement.hears("acknowledged")
        else:
            database.goes_away("refuses")
            await other.starts(INCIDENT_BOT_DATABASE_URL=address)
            await announcement.hears("acknowledged")
            database.comes_back()
        await slack.bot.is_ready()
        await slack.ana.types(f"/incident resolve {incident.reference}")
        await announcement.hears("resolved")
        await slack.bot.is_quiet()
        await other.stops()

        assert [said.text.count("acknowledged") for said in announcement.thread] == [1, 0]
        await slack.bot.stops()
