"""The database goes away for a while: everybody is answered, and afterwards all goes on."""

import contextlib

import pytest

from tests.database_proxy import Absence, database_proxy
from tests.databases import Rows
from tests.postgres import PostgresServer
from tests.slack_people import Slack
from tests.story import SOCKET, story


@story(own_process=True)
@pytest.mark.parametrize(
    ("how", "answer"),
    [("refuses", "so nothing was changed"), ("hangs", "This takes longer than usual")],
)
async def test_who_does_something_meanwhile_is_told_so(
    slack: Slack, how: Absence, answer: str, postgres: PostgresServer
) -> None:
    async with database_proxy(postgres.new_database()) as database:
        await slack.bot.starts(INCIDENT_BOT_DATABASE_URL=database.address)
        incident = await slack.cara.declares(in_="incidents")
        announcement = await slack.announcement(incident)
        await slack.ben.presses("Acknowledge", on=announcement)
        await announcement.hears("acknowledged")
        await slack.bot.is_quiet()

        database.goes_away(how)
        await slack.ben.types(f"/incident resolve {incident.reference}")
        await slack.ben.is_told(answer)
        red = await slack.bot.is_ready(is_so=False)
        alive, _ = await slack.bot.answers("/healthz")
        database.comes_back()
        await slack.bot.is_ready()
        if how == "hangs":
            await slack.ben.is_told(incident.reference)
        await slack.ben.types(f"/incident resolve {incident.reference}")

        assert "the database does not answer" in red["reason"]
        assert alive == 200
        await announcement.shows("Resolved")
        await announcement.hears("resolved")
        await slack.bot.is_quiet()
        assert len(announcement.thread) == 2
        await slack.bot.stops()


@story(own_process=True, modes=SOCKET)
async def test_a_bot_that_a_newer_version_has_overtaken_says_so_and_leaves_the_work_to_it(
    slack: Slack, postgres: PostgresServer
) -> None:
    address = postgres.new_database()
    await slack.bot.starts(INCIDENT_BOT_DATABASE_URL=address)
    await slack.cara.opens("/incident new Overtaken", "incidents")
    with contextlib.closing(Rows(address)) as rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")
        readiness = await slack.bot.is_ready(is_so=False)
        await slack.bot.says("a newer version of the bot has taken over")
        await slack.until(lambda: slack.sandbox.sockets.connections == 0, "it has hung up")

        assert readiness["reason"].startswith("the database is at schema 9999, newer than")
        assert (await slack.bot.answers("/healthz"))[0] == 200
        assert "Traceback" not in slack.bot.output
        await slack.bot.stops()


@story(own_process=True)
async def test_what_was_being_sent_meanwhile_is_sent_once(
    slack: Slack, postgres: PostgresServer
) -> None:
    async with database_proxy(postgres.new_database()) as database:
        await slack.bot.starts(INCIDENT_BOT_DATABASE_URL=database.address)
        await slack.cara.opens("/incident new Away", "incidents")
        outcome = await slack.cara.submits(description="All of it", severity="High")
        database.goes_away("refuses")
        await slack.bot.is_ready(is_so=False)

        database.comes_back()
        await slack.bot.says("the database answers again")
        await slack.bot.is_ready()
        await slack.bot.is_quiet()
        await slack.bot.stops()

        assert outcome.ok
        log = slack.sandbox.workspace.posting.logs["C0INCIDENTS"]
        assert len([message for message in log if "INC-1 Away" in message.text]) == 1
