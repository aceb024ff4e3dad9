"""REST and Slack on the same incidents: what one does, the other shows."""

import json
import re

import aiohttp

from tests.rest.client import Client, Json
from tests.rest.with_slack import asks, declares, patches
from tests.slack_people import DeclaredIncident, Post, Slack
from tests.story import story


@story
async def test_what_is_declared_by_rest_is_announced(slack: Slack) -> None:
    incident = await declares(slack, reported_by="<!channel> & *cron*")

    announcement = await slack.announcement(incident)
    await slack.bot.is_quiet()

    assert announcement.buttons == ["Acknowledge", "Update", "Resolve", "Join", "Follow"]
    assert "&lt;!channel&gt; &amp;" in announcement.text
    assert "<!channel>" not in announcement.text
    assert "<!channel>" not in json.dumps(announcement.message.blocks)
    assert len(slack.posts(incident)) == 1


@story
async def test_a_change_by_rest_is_told_exactly_as_a_press_is(slack: Slack) -> None:
    pressed, patched = await declares(slack), await declares(slack)
    by_press, by_rest = await slack.announcement(pressed), await slack.announcement(patched)

    await slack.ana.presses("Resolve", on=by_press)
    await patches(slack, patched, status="Resolved")
    for announcement in (by_press, by_rest):
        await announcement.has_buttons("Reopen")
        await announcement.hears("resolved")
    await slack.bot.is_quiet()

    assert told(by_rest, patched, "api") == told(by_press, pressed, "<@U0ANA>")


@story
async def test_each_status_set_by_rest_edits_the_announcement_and_is_told_once(
    slack: Slack,
) -> None:
    incident = await declares(slack)
    announcement = await slack.announcement(incident)

    await patches(slack, incident, status="In Progress")
    await announcement.hears("acknowledged")
    await patches(slack, incident, status="Resolved")
    await announcement.hears("resolved")
    await patches(slack, incident, status="Open")
    await announcement.hears("reopened")
    await announcement.has_buttons("Acknowledge", "Update", "Resolve", "Join", "Follow")
    await slack.bot.is_quiet()

    assert len(announcement.thread) == 3


@story
async def test_several_fields_by_rest_are_one_edit_and_each_is_told(slack: Slack) -> None:
    incident = await declares(slack)
    announcement = await slack.announcement(incident)

    await patches(slack, incident, title="New", severity="Low", lead="U0BEN", status="In Progress")

    await announcement.shows("New", "Low", "<@U0BEN>", "In Progress")
    await announcement.hears("severity")
    await announcement.hears("<@U0BEN> leads")
    await announcement.hears("acknowledged")
    await slack.bot.is_quiet()
    assert len(announcement.thread) == 3


@story
async def test_a_patch_that_changes_nothing_is_not_told(slack: Slack) -> None:
    incident = await declares(slack)
    announcement = await slack.announcement(incident)
    calls = len(slack.calls("chat."))

    await patches(slack, incident, status="Open", severity="High", lead=None)
    await slack.bot.is_quiet()

    assert announcement.thread == []
    assert len(slack.calls("chat.")) == calls


@story
async def test_an_incident_of_slack_is_deleted_by_rest(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)

    await asks(slack, "DELETE", f"/incidents/{incident.id}", {})

    await announcement.shows(f"{incident.reference} was deleted.")


@story(own_bot=True)
async def test_what_was_declared_without_slack_is_announced_once_there_is(slack: Slack) -> None:
    await slack.bot.begins("--no-slack")
    await slack.bot.says("without Slack")
    incident = await declares(slack)
    await patches(slack, incident, status="Resolved")
    await slack.bot.stops()
    assert slack.calls() == []

    await slack.bot.starts()

    announcement = await slack.announcement(incident)
    await announcement.has_buttons("Reopen")
    await announcement.hears("resolved")


def told(announcement: Post, incident: DeclaredIncident, actor: str) -> list[str]:
    """All that is seen of an incident, but for its number, the times and who did it."""
    seen = [announcement.message, *(post.message for post in announcement.thread)]
    shown = [json.dumps([post.text, post.blocks, post.is_broadcast]) for post in seen]
    return [
        re.sub(r'((?:incident_id|made_at)\\*": ?)\d+', r"\1#", _without_times(text))
        .replace(incident.reference, "INC-#")
        .replace(actor, "somebody")
        for text in map(_without_undo, shown)
    ]


def _without_undo(text: str) -> str:
    """Which is offered to people alone."""
    return re.sub(r', \{"type": "button", "action_id": "undo".*?\}(?=\])', "", text)


def _without_times(text: str) -> str:
    text = re.sub(r"<!date\^[^>]*>", "then", text)
    return re.sub(r'"block_id": "[^"]*"', "", text)


@story
async def test_notes_are_in_the_timeline_over_rest_until_they_are_removed(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await slack.ben.types(f"/incident note {incident.reference} 10 min ago It began")

    told = await shown_timeline(slack, incident)
    declared, noted = told["timeline"]
    assert declared["timestamp"] == declared["happened_at"]
    assert (noted["kind"], noted["actor"], noted["text"]) == ("note", "U0BEN", "It began")
    assert (noted["version"], noted["before"], noted["after"]) == (1, None, None)
    assert noted["happened_at"] < declared["timestamp"] < noted["timestamp"]

    await slack.ben.types(f"/incident timeline {incident.reference}")
    await slack.ben.presses("Remove", on=await slack.ben.is_told("Timeline of"))
    await slack.ben.is_told("It is removed.")
    assert (await shown_timeline(slack, incident)) == {"timeline": [declared], "total": 1}


async def shown_timeline(slack: Slack, incident: DeclaredIncident) -> Json:
    async with aiohttp.ClientSession(headers=slack.bot.authorization) as session:
        answer = await Client(session, slack.bot.url).get(f"/incidents/{incident.id}/timeline")
        shown: Json = answer.json
        return shown
