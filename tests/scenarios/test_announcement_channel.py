"""The announcement channel is not there, or is closed: said clearly, and nothing is lost."""

import pytest

from incident_bot.sandbox.cast import BOT_USER_ID
from tests.slack_people import Slack
from tests.story import story


@story(own_bot=True)
@pytest.mark.parametrize(
    ("broken", "mended", "said"),
    [
        ({"is_archived": True}, {"is_archived": False}, "is archived: unarchive it"),
        ({"has_bot": False}, {"has_bot": True}, "type /invite @Incident Bot there"),
    ],
    ids=["archived", "bot not in it"],
)
async def test_a_closed_channel_is_waited_for(
    slack: Slack, broken: dict[str, bool], mended: dict[str, bool], said: str
) -> None:
    slack.changes_channel("incidents", **broken)

    await slack.bot.starts()
    assert said in await slack.bot.says("messages wait until somebody mends this")
    status, readiness = await slack.bot.answers("/readyz")
    assert (status, said in readiness["problems"]["incidents"]) == (200, True)

    incident = await slack.cara.declares(in_="general")
    await slack.cara.is_told("Nobody else is told yet: ")
    copy = await slack.announcement(incident, in_="general")
    await slack.ben.presses("Acknowledge", on=copy)
    await copy.shows("In Progress")
    assert slack.posts(incident, in_="incidents") == []

    slack.changes_channel("incidents", **mended)
    announcement = await slack.announcement(incident, in_="incidents")
    await announcement.hears("<@U0BEN> acknowledged")
    await slack.bot.is_quiet()
    assert len(slack.posts(incident, in_="incidents")) == 2
    assert (await slack.bot.answers("/readyz"))[1]["problems"] == {}


@story(own_bot=True)
async def test_who_declares_hears_that_the_bot_was_removed_from_the_channel(slack: Slack) -> None:
    await slack.bot.starts()
    await slack.bot.says("incidents are announced")

    slack.changes_channel("incidents", has_bot=False)
    await slack.bot.says("messages wait until somebody mends this")
    incident = await slack.cara.declares(in_="general")

    told = await slack.cara.is_told("It will be announced in #incidents.")
    assert "Nobody else is told yet: the bot is not in the channel incidents" in told.text
    slack.changes_channel("incidents", has_bot=True)
    await slack.announcement(incident, in_="incidents")


@story(own_bot=True)
async def test_a_channel_named_slack_that_is_missing_is_no_trouble_of_all_slack(
    slack: Slack,
) -> None:
    await slack.bot.starts(INCIDENT_BOT_CHANNEL="slack")
    await slack.bot.says("messages wait until somebody mends this")

    incident = await slack.cara.declares(in_="general")
    await slack.announcement(incident, in_="general")
    await slack.ben.types(f"/incident ack {incident.reference}")

    _, readiness = await slack.bot.answers("/readyz")
    assert list(readiness["problems"]) == ["#slack"]
    slack.changes_channel("incidents", name="slack")
    await slack.announcement(incident, in_="slack")


@story(own_bot=True)
async def test_who_finds_the_channel_closed_is_told_in_a_direct_message(slack: Slack) -> None:
    await slack.bot.starts()
    incident = await slack.cara.declares(in_="general")
    slack.changes_channel("incidents", is_archived=True)

    await slack.ben.types(f"/incident ack {incident.reference}")

    told = await slack.ben.is_told(f"{incident.reference} cannot be told in #incidents yet")
    assert told.channel_id == "D0BEN"
    slack.changes_channel("incidents", is_archived=False)


@story(own_bot=True)
async def test_a_channel_that_does_not_exist_is_waited_for(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_CHANNEL="#war-room")
    said = "there is no channel #war-room that the bot can see: create it"
    assert said in await slack.bot.says("messages wait until somebody mends this")

    incident = await slack.cara.declares(in_="dm")
    slack.changes_channel("war-room", members=["U0ANA", BOT_USER_ID])
    await slack.bot.is_quiet()
    announcement = await slack.announcement(incident, in_="war-room")

    await announcement.shows("Checkout is down")
    await slack.bot.is_quiet()
    assert len(slack.posts(incident, in_="war-room")) == 1


@story(own_bot=True)
async def test_a_channel_that_is_given_by_id_may_be_private(slack: Slack) -> None:
    slack.changes_channel("leads", has_bot=True)
    await slack.bot.starts(INCIDENT_BOT_CHANNEL="C0LEADS")

    incident = await slack.ana.declares(in_="leads")

    await slack.announcement(incident, in_="leads")
    await slack.bot.is_quiet()
    assert len(slack.posts(incident, in_="leads")) == 1


@story(own_bot=True)
async def test_a_private_channel_that_is_given_by_name_is_told_once(slack: Slack) -> None:
    slack.changes_channel("leads", has_bot=True)
    await slack.bot.starts(INCIDENT_BOT_CHANNEL="leads")

    incident = await slack.ana.declares(in_="leads")

    await slack.announcement(incident, in_="leads")
    await slack.bot.is_quiet()
    assert len(slack.posts(incident, in_="leads")) == 1


@story(own_bot=True)
async def test_what_waits_for_a_channel_is_announced_in_the_one_that_is_set_instead(
    slack: Slack,
) -> None:
    await slack.bot.starts(INCIDENT_BOT_CHANNEL="war-room")
    incident = await slack.cara.declares("Nobody hears of it yet")
    await slack.bot.stops()

    await slack.bot.starts(INCIDENT_BOT_CHANNEL="incidents")

    announcement = await slack.announcement(incident)
    await announcement.shows("Nobody hears of it yet")


@story(own_bot=True)
async def test_a_channel_that_was_made_anew_is_told_what_the_old_one_cannot_be_told(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    incident = await slack.cara.declares("Checkout is down", in_="general")
    await slack.announcement(incident)
    await slack.bot.is_quiet()
    with slack.bot.opened_database() as database:
        database.execute(
            "UPDATE announcements SET channel_id = 'C0GONE' WHERE destination = 'incidents'"
        )
        database.commit()

    await slack.ben.types(f"/incident resolve {incident.reference}")
    later = await slack.cara.declares("Search is slow", in_="general")

    await slack.announcement(later)
    await slack.bot.is_quiet()
    assert len([post for post in slack.posts(incident) if "Reported by" in post.text]) == 2


@story(own_bot=True)
async def test_a_channel_that_opens_elsewhere_has_not_all_of_them_listed(slack: Slack) -> None:
    await slack.bot.starts()
    await slack.cara.declares(in_="incidents")
    before = len(slack.calls("conversations.list"))

    slack.changes_channel("watercooler", has_bot=True)

    await slack.until(lambda: bool(slack.calls("conversations.info")), "it is looked at")
    await slack.bot.is_quiet()
    assert len(slack.calls("conversations.list")) == before


@story(own_bot=True)
async def test_another_channel_that_gets_the_name_is_the_announcement_channel(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    await slack.cara.declares(in_="incidents")
    slack.changes_channel("incidents", name="old-incidents")

    slack.changes_channel("incidents", has_bot=True)
    await slack.until(lambda: bool(slack.calls("conversations.info")), "it is looked at")
    await slack.bot.is_quiet()

    incident = await slack.cara.declares("Search is slow")
    assert slack.announcements(incident, "incidents")


@story
async def test_a_channel_in_which_it_was_declared_is_told_nothing_more_once_it_is_shared(
    slack: Slack,
) -> None:
    slack.changes_channel("tills", kind="private", members=["U0ANA"], has_bot=True)
    incident = await slack.ana.declares(in_="tills")
    announcement = await slack.announcement(incident)
    copy = await slack.announcement(incident, in_="tills")
    await slack.bot.is_quiet()
    before = copy.text

    slack.changes_channel("tills", is_ext_shared=True)
    there = slack.channel_id("tills")
    told = f"announcements WHERE incident_id = {incident.id} AND channel_id LIKE '%TILLS%'"
    await slack.until(lambda: slack.rows(told) == 0, "it is forgotten")
    await slack.ana.types(f"/incident ack {incident.reference}")

    await announcement.shows("In Progress")
    await slack.bot.is_quiet()
    [left] = slack.posts(incident, "tills")
    assert (left.channel_id, left.text, left.thread) == (there, before, [])
