"""Private incidents, seen by their people and by those who must not see them."""

import json
from typing import Final

import aiohttp
import pytest

from incident_bot.sandbox.cast import Channel
from incident_bot.sandbox.faults import Fault
from tests.rest.client import Client, bearer
from tests.slack_people import DeclaredIncident, Person, Post, Slack
from tests.story import story

SECRET: Final = "Payroll data left the house"
DETAILS: Final = "Somebody copied the salaries"
ADMIN: Final = "admin-token-0123456789"
MONITOR: Final = "monitor-token-0123456789"


async def declared(slack: Slack) -> tuple[DeclaredIncident, Post, Channel]:
    """An incident that Cara keeps private, and its channel, all of it made ready."""
    incident = await slack.cara.declares(SECRET, DETAILS, in_="general", channel="private")
    channel = await slack.own_channel(incident)
    card = await slack.card_in(channel, incident)
    await slack.until(lambda: bool(channel.pins), "the channel is ready")
    await slack.until(lambda: "U0CARA" in channel.members, "Cara is in it")
    await slack.bot.is_quiet()
    return incident, card, channel


def unknown(incident: DeclaredIncident) -> str:
    return f"There is no incident `{incident.reference}`"


def told_elsewhere(slack: Slack, channel: Channel, *people: Person) -> list[str]:
    """Messages of this story that name the secret, but for its channel and what `people` read."""
    own = {channel.id, *(f"D{person.id[1:]}" for person in people)}
    return [
        message.text
        for message in slack.sandbox.workspace.posting.every()
        if message.ts > slack.first_ts
        and message.channel_id not in own
        and message.ephemeral_to not in {person.id for person in people}
        and (SECRET in (words := json.dumps(message.model_dump())) or DETAILS in words)
    ]


@story
async def test_a_private_incident_is_announced_in_its_private_channel_alone(slack: Slack) -> None:
    incident, card, channel = await declared(slack)

    assert (channel.kind, channel.name) == ("private", f"inc-{incident.id}-private")
    assert sorted(channel.members) == ["U0BOT", "U0CARA"]
    await card.shows(SECRET, DETAILS, "🔒 its people alone")
    assert channel.bookmarks == []
    for elsewhere in ("incidents", "general"):
        assert slack.posts(incident, elsewhere) == []
    assert told_elsewhere(slack, channel, slack.cara) == []
    assert SECRET not in slack.bot.output
    assert SECRET not in channel.topic


@story
@pytest.mark.parametrize(
    "command",
    [
        "show {}", "ack {}", "resolve {}", "reopen {}", "update {} Hm", "severity {} Low",
        "lead {} @ben", "assign {} @ben Scribe", "edit {}", "note {} Hm", "timeline {}",
        "delete {}", "follow {}", "unfollow {}", "action {} Hm @ben", "actions {}",
    ],
)  # fmt: skip
async def test_to_others_no_command_knows_it(slack: Slack, command: str) -> None:
    incident, _, channel = await declared(slack)

    await slack.ben.types(f"/incident {command.format(incident.reference)}", in_="general")

    await slack.ben.is_told(unknown(incident))
    assert told_elsewhere(slack, channel, slack.cara) == []


@story(own_bot=True)
async def test_others_find_it_in_no_list_search_or_home(slack: Slack) -> None:
    await slack.bot.starts()
    incident, _, channel = await declared(slack)
    dm = slack.sandbox.workspace.directory.channels["D0BEN"]

    for typed in ("list", "list all", "search payroll salaries", "list high"):
        await slack.ben.types(f"/incident {typed}")
        answer = await slack.ben.is_told("incident")
        assert SECRET not in answer.text + answer.words
        assert incident.reference not in answer.text
    slack.sandbox.events.home_opened("U0BEN", dm)
    homes = slack.sandbox.workspace.views.homes
    await slack.until(lambda: "U0BEN" in homes, "Ben's Home tab is there")
    assert SECRET not in json.dumps(homes["U0BEN"].blocks)
    for typed in ("list", "search payroll salaries"):
        await slack.cara.types(f"/incident {typed}")
        answer = await slack.cara.is_told(incident.reference)
        await answer.shows(SECRET, "🔒 private")
    assert told_elsewhere(slack, channel, slack.cara) == []


@story
async def test_a_forged_press_on_it_finds_nothing(slack: Slack) -> None:
    incident, card, channel = await declared(slack)

    for label in ("Acknowledge", "Update", "Resolve", "Join", "Follow"):
        await slack.ben.presses_late(card.button(label))
        await slack.ben.is_told(unknown(incident))

    await slack.bot.is_quiet()
    assert "U0BEN" not in channel.members
    await card.shows("Open")


@story
async def test_an_update_on_it_is_edited_by_its_people_and_in_its_channel_alone(
    slack: Slack,
) -> None:
    incident, card, channel = await declared(slack)
    await slack.cara.opens(f"/incident update It is {SECRET}", in_=channel.name)
    await slack.cara.submits()
    await slack.cara.is_told(f"Your update on {incident.reference} is being posted.")
    await card.shows(f"It is {SECRET}")
    page = await slack.cara.timeline(incident)

    await slack.ben.presses_late(page.button("Edit"))
    await slack.ben.is_told(unknown(incident))
    await slack.cara.opens_by("Edit", on=page)
    await slack.cara.submits(text=f"It is: {SECRET}")

    await card.shows(f"It is: {SECRET}")
    await slack.bot.is_quiet()
    [told] = [p for p in slack.posts(incident, channel.name) if "Update on" in p.text]
    await told.shows("(edited)", f"It is: {SECRET}")
    assert told_elsewhere(slack, channel, slack.cara) == []


@story(own_bot=True)
async def test_the_rest_api_knows_it_only_for_those_that_may(slack: Slack) -> None:
    await slack.bot.starts(
        INCIDENT_BOT_API_TOKENS=f"admin:{ADMIN},monitor:{MONITOR}",
        INCIDENT_BOT_API_PRIVATE="admin",
    )
    incident, card, _ = await declared(slack)
    path = f"/incidents/{incident.id}"

    async with aiohttp.ClientSession() as session:
        client = Client(session, slack.bot.url)
        for method, where, body in (
            ("GET", path, None),
            ("GET", f"{path}/timeline", None),
            ("GET", f"{path}/action-items", None),
            ("PATCH", path, {"status": "Resolved"}),
            ("DELETE", path, None),
        ):
            answer = await client.ask(method, where, body, bearer(MONITOR))
            assert (answer.status, answer.json) == (404, {"error": "Incident not found"})
        for where in ("/incidents", "/incidents?limit=5", "/incidents?q=payroll"):
            answer = await client.ask("GET", where, None, bearer(MONITOR))
            assert (answer.json["incidents"], answer.json["total"]) == ([], 0)
            answer = await client.ask("GET", where, None, bearer(ADMIN))
            [shown] = answer.json["incidents"]
            assert (shown["title"], shown["is_private"]) == (SECRET, True)
            assert answer.json["total"] == 1
        for token, number in ((MONITOR, 0), (ADMIN, incident.id)):
            answer = await client.ask("GET", "/outbox?all=true", None, bearer(token))
            assert {one["incident_id"] for one in answer.json["messages"]} == {number} - {0}
        changed = await client.ask("PATCH", path, {"status": "In Progress"}, bearer(ADMIN))
        assert changed.status == 200
    await card.shows("In Progress")


@story
async def test_who_is_brought_in_sees_it_from_then_on(slack: Slack) -> None:
    incident, card, channel = await declared(slack)

    slack.ben.begins()
    await slack.cara.types(f"/incident lead {incident.reference} @ben")
    await slack.cara.is_told(f"<@U0BEN> leads {incident.reference} now")

    await slack.ben.is_told("made you the lead")
    await slack.until(lambda: "U0BEN" in channel.members, "Ben is invited")
    await slack.ben.types(f"/incident show {incident.reference}")
    shown = await slack.ben.is_told(SECRET)
    await shown.shows(SECRET, DETAILS)
    await slack.ben.types("/incident resolve", in_=channel.name)
    await card.shows("Resolved")
    assert told_elsewhere(slack, channel, slack.cara, slack.ben) == []


@story
async def test_who_hands_over_the_lead_goes_on_seeing_it(slack: Slack) -> None:
    incident, card, _ = await declared(slack)
    await slack.cara.types(f"/incident lead {incident.reference} @ana")
    await card.shows("<@U0ANA>")

    await slack.ana.types(f"/incident lead {incident.reference} @ben")
    await card.shows("<@U0BEN>")

    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(SECRET)


@story
async def test_who_is_invited_to_the_channel_by_hand_is_one_of_its_people(slack: Slack) -> None:
    incident, card, channel = await declared(slack)

    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    await card.shows("Responders", "<@U0ANA>")
    await slack.ana.types(f"/incident follow {incident.reference}")
    await slack.ana.is_told("You follow")
    await slack.bot.is_quiet()
    assert slack.posts(incident, channel.name) == [card], "Slack shows there who comes"

    slack.changes_channel(channel.name, members=["U0CARA"])
    await slack.until(lambda: "<@U0ANA>" not in card.text, "she is no responder any more")
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(unknown(incident))
    slack.ana.begins()
    await slack.cara.types(f"/incident ack {incident.reference}")
    await card.shows("In Progress")
    await slack.bot.is_quiet()
    assert slack.ana.told == []


@story
async def test_who_left_is_not_brought_back_by_an_event_that_comes_again(slack: Slack) -> None:
    incident, card, channel = await declared(slack)
    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    await card.shows("Responders", "<@U0ANA>")
    joined = await slack.last_event("member_joined_channel", of="U0ANA")
    await slack.bot.is_quiet()
    slack.changes_channel(channel.name, members=["U0CARA"])
    await slack.until(lambda: "<@U0ANA>" not in card.text, "she is no responder any more")

    await slack.delivers("event_callback", joined)

    await slack.bot.is_quiet()
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(unknown(incident))
    assert "U0ANA" not in channel.members
    assert "<@U0ANA>" not in card.text


@story
async def test_who_left_and_came_back_stays_whatever_comes_late(slack: Slack) -> None:
    incident, card, channel = await declared(slack)
    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    await card.shows("<@U0ANA>")
    await slack.bot.is_quiet()
    slack.changes_channel(channel.name, members=["U0CARA"])
    await slack.until(lambda: "<@U0ANA>" not in card.text, "she is no responder any more")
    left = await slack.last_event("member_left_channel", of="U0ANA")
    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    await card.shows("<@U0ANA>")

    await slack.delivers("event_callback", left)

    await slack.bot.is_quiet()
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(SECRET)


@story(own_bot=True)
async def test_an_invitation_that_waited_does_not_bring_back_who_left(slack: Slack) -> None:
    await slack.bot.starts()
    incident, card, channel = await declared(slack)
    slack.breaks(Fault(method="conversations.invite", kind="rate_limited", retry_after=60, times=1))
    await slack.cara.types(f"/incident assign {incident.reference} @ana")
    await card.shows("<@U0ANA>")
    await slack.until(lambda: len(slack.calls("conversations.invite")) == 2, "it has to wait")
    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    slack.changes_channel(channel.name, members=["U0CARA"])
    await slack.until(lambda: "<@U0ANA>" not in card.text, "she is no responder any more")

    await slack.time_passes(60)
    assert "U0ANA" not in channel.members
    assert incident.title == SECRET


@story(own_bot=True)
async def test_who_left_is_believed_to_be_gone_when_slack_does_not_say(slack: Slack) -> None:
    await slack.bot.starts()
    incident, card, channel = await declared(slack)
    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    await card.shows("<@U0ANA>")
    slack.breaks(Fault(method="conversations.members", kind="down"))

    slack.changes_channel(channel.name, members=["U0CARA"])

    await slack.until(lambda: "<@U0ANA>" not in card.text, "she is no responder any more")
    assert incident.title == SECRET


@story(own_bot=True)
async def test_who_came_and_who_left_while_the_bot_was_away_is_found_out(slack: Slack) -> None:
    await slack.bot.starts()
    incident, card, channel = await declared(slack)
    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    await card.shows("<@U0ANA>")

    await slack.bot.stops()
    slack.changes_channel(channel.name, members=["U0CARA", "U0BEN", "U0EVE"])
    await slack.bot.starts()

    await card.shows("Responders", "<@U0BEN>")
    await slack.until(lambda: "<@U0ANA>" not in card.text, "she is no responder any more")
    await slack.bot.is_quiet()
    assert "U0EVE" not in card.text
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(unknown(incident))


@story(own_bot=True)
async def test_who_was_removed_while_the_bot_was_away_is_gone_whoever_else_was_refused(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    incident, card, channel = await declared(slack)
    slack.changes_channel(channel.name, members=["U0CARA", "U0BEN"])
    await card.shows("<@U0BEN>")
    refusal = Fault(method="conversations.invite", kind="error", error="user_is_restricted")
    await slack.bot.is_quiet()
    slack.breaks(refusal)
    await slack.cara.types(f"/incident assign {incident.reference} @ana")
    await slack.bot.says("a message was refused")
    slack.breaks()

    await slack.bot.stops()
    channel.members.remove("U0BEN")  # no event comes of it
    await slack.bot.starts()

    await slack.until(lambda: "<@U0BEN>" not in card.text, "Ben is no responder any more")
    await slack.ben.types(f"/incident show {incident.reference}")
    await slack.ben.is_told(unknown(incident))
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(SECRET)

    await slack.bot.stops()
    channel.members.append("U0ANA")
    await slack.bot.starts()
    await slack.until(lambda: slack.rows("uninvited") == 0, "Ana is let in after all")
    await slack.bot.stops()
    channel.members.remove("U0ANA")
    await slack.bot.starts()

    await slack.until(lambda: "<@U0ANA>" not in card.text, "Ana is no responder any more")
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(unknown(incident))


@story(own_bot=True)
async def test_a_monitor_learns_nothing_of_its_people(slack: Slack) -> None:
    await slack.bot.starts()
    incident, card, _ = await declared(slack)
    refusal = Fault(method="conversations.invite", kind="error", error="user_is_restricted")
    slack.breaks(refusal)

    await slack.cara.types(f"/incident assign {incident.reference} @ana")
    await card.shows("<@U0ANA>")
    await slack.bot.says("a message was refused")

    _, state = await slack.bot.answers("/readyz")
    assert state["failures"] == ["a message: invitation"]
    assert state["outbox"]["failed"] == 1


@story
async def test_a_guest_who_is_invited_sees_it_and_a_stranger_never(slack: Slack) -> None:
    incident, card, channel = await declared(slack)

    slack.changes_channel(channel.name, members=["U0CARA", "U0GUS", "U0EVE"])

    await card.shows("Responders", "<@U0GUS>")
    await slack.bot.is_quiet()
    assert "U0EVE" not in card.text
    await slack.gus.types("/incident show", in_=channel.name)
    await slack.gus.is_told(SECRET)
    await slack.gus.types("/incident ack", in_=channel.name)
    await slack.gus.is_told("Guests may declare and read incidents")
    assert incident.title == SECRET


@story(own_bot=True)
async def test_what_keeps_other_messages_back_is_no_news_to_its_people(slack: Slack) -> None:
    slack.changes_channel("incidents", is_archived=True)
    await slack.bot.starts()
    incident, card, _ = await declared(slack)

    await slack.cara.types(f"/incident resolve {incident.reference}")

    told = await slack.cara.is_told("You resolved")
    assert "Nobody else is told yet" not in told.text
    await card.shows("Resolved")


@story(own_bot=True)
async def test_without_its_channel_it_is_told_nowhere_else(slack: Slack) -> None:
    slack.lacks("groups:write")
    await slack.bot.starts()

    incident = await slack.cara.declares(SECRET, DETAILS, in_="general", channel="private")

    told = await slack.cara.is_told(f"The channel of {incident.reference} could not be made")
    assert "only its people know of it" in told.text
    await slack.ben.types("/incident list all")
    answer = await slack.ben.is_told("There are no")
    assert SECRET not in answer.text
    everywhere = slack.sandbox.workspace.posting.every()
    assert not [m for m in everywhere if SECRET in m.text and m.ephemeral_to is None]

    slack.sandbox.workspace.manifest.oauth_config.scopes.bot.append("groups:write")
    await slack.bot.is_quiet()
    channel = await slack.own_channel(incident)
    card = await slack.card_in(channel, incident)
    await card.shows(SECRET)


@story
async def test_a_private_channel_that_gets_another_id_goes_on(slack: Slack) -> None:
    incident, card, channel = await declared(slack)
    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    await card.shows("<@U0ANA>")
    await slack.bot.is_quiet()

    slack.sandbox.workspace.give_new_id(channel)
    moved = Post(slack, channel.id, card.ts)
    await moved.shows(f"<#{channel.id}>")
    await slack.cara.types("/incident severity low", in_=channel.name)

    await moved.shows("Low")
    await slack.until(lambda: "Low" in channel.topic, "the topic follows")
    slack.changes_channel(channel.name, members=["U0CARA"])
    await slack.until(lambda: "<@U0ANA>" not in moved.text, "she is no responder any more")
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(unknown(incident))


@story
async def test_a_private_channel_that_is_shared_is_told_nothing_more(slack: Slack) -> None:
    incident, card, channel = await declared(slack)
    slack.changes_channel(channel.name, members=["U0CARA", "U0ANA"])
    await card.shows("<@U0ANA>")
    await slack.bot.is_quiet()
    before = card.text

    slack.changes_channel(channel.name, is_ext_shared=True)
    closed = f"incidents WHERE channel_id = '{channel.id}' AND channel_closed_at IS NOT NULL"
    await slack.until(lambda: slack.rows(closed) == 1, "it is closed")
    slack.changes_channel(channel.name, members=["U0CARA", "U0EVE"])
    await slack.cara.types(f"/incident severity {incident.reference} low")
    await slack.cara.types(f"/incident resolve {incident.reference}")
    await slack.bot.is_quiet()

    assert slack.posts(incident, channel.name) == [Post(slack, channel.id, card.ts)]
    assert slack.posts(incident, channel.name)[0].text == before
    assert "Low" not in channel.topic
    told = await slack.cara.timeline(incident)
    await told.shows("nothing can be said in its channel any more: it is shared with another")
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(unknown(incident))
