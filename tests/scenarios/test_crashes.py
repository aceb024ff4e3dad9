"""The bot dies at the worst of moments: what was accepted is told, once, in order."""

from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import pytest

from incident_bot.failpoints import Failpoint
from incident_bot.sandbox.faults import Fault
from incident_bot.sandbox.interactions import Outcome
from tests.slack_people import DeclaredIncident, Slack
from tests.story import story

NewDatabase = Callable[[], dict[str, str]]

TOLD = ["acknowledged", "resolved", "reopened"]


@story(own_process=True)  # where a bot that is gone is noticed at once
@pytest.mark.parametrize(
    ("point", "passes"),
    [
        (Failpoint.BEFORE_COMMIT, 0),
        (Failpoint.AFTER_COMMIT, 0),
        (Failpoint.AFTER_COMMIT, 1),
        (Failpoint.AFTER_POST, 0),
        (Failpoint.AFTER_POST, 1),
        (Failpoint.BEFORE_MARK, 2),
        (Failpoint.AFTER_MARK, 0),
    ],
)
async def test_a_crash_loses_nothing_and_doubles_nothing(
    slack: Slack, point: Failpoint, passes: int, new_database: NewDatabase
) -> None:
    bot = slack.process
    bot.will_die_at(point, passes)
    await bot.starts(**new_database())

    await slack.cara.opens("/incident new", "incidents")
    await _until_accepted(
        slack, lambda: slack.cara.submits(title="Down", description="All", severity="High")
    )
    incident = await _the_only_one(slack)
    for step in ("ack", "resolve", "reopen"):
        typed = f"/incident {step} {incident.reference}"
        await _until_accepted(slack, partial(slack.ben.tries, typed))
    if bot.is_doomed:
        await _is_revived(slack)
    await bot.is_quiet()

    [announcement] = slack.announcements(incident)
    await announcement.shows("In Progress")
    assert [word for post in announcement.thread for word in TOLD if word in post.text] == TOLD


@story(own_process=True)
@pytest.mark.parametrize("passes", [0, 1, 2])  # the edit, the notification, the direct message
async def test_a_new_lead_is_written_to_once_though_the_bot_dies_after_a_message(
    slack: Slack, passes: int, new_database: NewDatabase
) -> None:
    bot = slack.process
    await bot.starts(**new_database())
    incident = await slack.cara.declares(in_="incidents")
    await bot.is_quiet()
    await bot.stops()
    bot.will_die_at(Failpoint.AFTER_POST, passes)
    await bot.starts()

    slack.ben.begins()
    await slack.ana.tries(f"/incident lead {incident.reference} @ben")
    await _is_revived(slack)
    await bot.is_quiet()

    told = [post for post in slack.ben.told if "made you the lead" in post.text]
    [announcement] = slack.announcements(incident)
    await announcement.shows("<@U0BEN>")
    assert (len(told), len(announcement.thread)) == (1, 1)


@story(own_process=True)
async def test_what_was_never_announced_is_told_though_the_bot_dies_before_it_can_tell(
    slack: Slack, new_database: NewDatabase
) -> None:
    await slack.process.starts(**new_database())
    refused = {"kind": "error", "error": "msg_too_long", "containing": "ODD"}
    untold = {"kind": "down", "containing": "could not be sent"}
    faults = [{"method": "chat.postMessage", **one} for one in (refused, untold)]
    slack.breaks(*map(Fault.model_validate, faults))

    incident = await slack.ana.declares("ODD", in_="incidents")
    await slack.process.says("trouble")
    await slack.process.is_killed()
    slack.breaks()
    await slack.process.starts()
    await slack.process.is_quiet()

    told = f"The announcement of {incident.reference} could not be sent to #incidents"
    assert [told in text for text in slack.direct_messages(slack.ana.id)] == [True]


@story(own_process=True)
@pytest.mark.parametrize("passes", range(7))
async def test_a_channel_is_made_once_whatever_the_bot_was_doing_when_it_died(
    slack: Slack, passes: int, new_database: NewDatabase
) -> None:
    bot = slack.process
    bot.will_die_at(Failpoint.AFTER_POST, passes)
    await bot.starts(**new_database())

    await slack.cara.opens("/incident new", "incidents")
    fields = {"title": "Down", "description": "All", "severity": "High", "channel": "channel"}
    await _until_accepted(slack, lambda: slack.cara.submits(**fields))
    await _is_revived(slack)
    incident = await _the_only_one(slack)
    channel = await slack.own_channel(incident)
    card = await slack.card_in(channel, incident)
    await bot.is_quiet()

    names = [one.name for one in slack.sandbox.workspace.directory.channels.values()]
    assert [name for name in names if name.startswith("inc-")] == [channel.name]
    assert len(slack.announcements(incident)) == 1
    assert slack.posts(incident, channel.name) == [card]
    assert (channel.pins, len(channel.bookmarks)) == ([card.ts], 1)
    assert "U0CARA" in channel.members


@story(own_process=True)
@pytest.mark.parametrize("passes", [1, 2])  # the announcement is there, then a message more
@pytest.mark.parametrize("dies_in", ["the update", "its edit"])
async def test_an_update_is_edited_everywhere_though_the_bot_dies_after_a_message(
    slack: Slack, dies_in: str, passes: int, new_database: NewDatabase
) -> None:
    bot, ben, gus = slack.process, slack.ben, slack.gus
    await bot.starts(**new_database())
    incident = await slack.cara.declares(in_="incidents")
    await gus.types(f"/incident follow {incident.reference}")
    await bot.is_quiet()
    gus.begins()

    if dies_in == "the update":
        await _will_die(slack, Failpoint.AFTER_POST, passes)
    await ben.opens(f"/incident update {incident.reference} Rolled bakc")
    await _until_accepted(slack, ben.submits)
    await _is_alive_and_quiet(slack)
    if dies_in == "its edit":
        await _will_die(slack, Failpoint.AFTER_POST, passes)
    await ben.opens_by("Edit", on=await ben.timeline(incident))
    await _until_accepted(slack, partial(ben.submits, text="Rolled back"))
    await _is_alive_and_quiet(slack)

    [announcement] = slack.announcements(incident)
    await announcement.shows("Rolled back")
    [told] = announcement.thread
    [direct] = [post for post in gus.told if "Update on" in post.text]
    for post in (told, direct):
        await post.shows("Rolled back", "(edited)")


async def _will_die(slack: Slack, point: Failpoint, passes: int) -> None:
    await slack.bot.stops()
    slack.process.will_die_at(point, passes)
    await slack.bot.starts()


async def _is_alive_and_quiet(slack: Slack) -> None:
    if slack.process.is_doomed:
        await _is_revived(slack)
    await slack.bot.is_quiet()


async def _the_only_one(slack: Slack) -> DeclaredIncident:
    """The answer, which names it, may be lost in the crash, and the bot die as it is asked."""
    try:
        _, answer = await slack.bot.answers("/incidents")
    except aiohttp.ClientError:
        await _is_revived(slack)
        _, answer = await slack.bot.answers("/incidents")
    [incident] = answer["incidents"]
    return DeclaredIncident(f"INC-{incident['id']}", incident["id"], incident["title"])


async def _until_accepted(slack: Slack, does: Callable[[], Awaitable[Outcome]]) -> None:
    """As people do: when Slack says that it failed, try again once the bot is back."""
    while not (await does()).ok:
        await _is_revived(slack)


async def _is_revived(slack: Slack) -> None:
    await slack.process.ends()
    slack.process.will_die_at(None)
    await slack.bot.starts()
