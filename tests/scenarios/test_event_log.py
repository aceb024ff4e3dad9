"""The event log: every change is a line in a file, once, whatever becomes of the bot."""

import json
from pathlib import Path
from typing import Any

import pytest

from incident_bot.failpoints import Failpoint
from tests.rest.with_slack import declares
from tests.slack_people import Slack
from tests.story import story
from tests.waiting import eventually


def events(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


@story(own_bot=True)
async def test_an_incident_is_told_line_by_line(slack: Slack, tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    await slack.bot.starts(INCIDENT_BOT_EVENT_LOG=str(log))
    incident = await slack.cara.declares("Checkout fails", in_="incidents")
    await slack.bot.is_quiet()

    await slack.ben.types(f"/incident ack {incident.reference}")
    await slack.ben.types(f"/incident note {incident.reference} Rolled back v812")
    await slack.ben.types(f"/incident resolve {incident.reference}")
    await slack.bot.is_quiet()

    told = events(log)
    assert [event["type"] for event in told] == [
        "incident.declared",
        "incident.acknowledged",
        "incident.lead_changed",
        "incident.note",
        "incident.resolved",
    ]
    assert len({event["id"] for event in told}) == len(told)
    declared, *_, resolved = (event["data"] for event in told)
    assert (declared["reference"], declared["title"]) == (incident.reference, "Checkout fails")
    assert (declared["status"], declared["actor"]) == ("Open", slack.cara.id)
    assert (resolved["status"], resolved["lead"]) == ("Resolved", slack.ben.id)
    assert resolved["url"].startswith("http"), "the announcement is known by then"
    assert told[3]["data"]["change"]["text"] == "Rolled back v812"


@story(own_bot=True)
async def test_a_private_incident_is_not_told(slack: Slack, tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    await slack.bot.starts(INCIDENT_BOT_EVENT_LOG=str(log))

    await slack.cara.declares("Fraud", in_="incidents", channel="private")
    await slack.cara.declares("Down", in_="incidents")
    await slack.bot.is_quiet()

    assert [event["data"]["title"] for event in events(log)] == ["Down"]


@story(own_bot=True)
async def test_without_slack_the_log_is_written_all_the_same(slack: Slack, tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    await slack.bot.begins("--no-slack", INCIDENT_BOT_EVENT_LOG=str(log))
    await slack.bot.says("without Slack")

    await declares(slack)

    told = await eventually(lambda: events(log) if log.exists() else [], "a line is logged")
    await slack.bot.stops()
    assert [event["type"] for event in told] == ["incident.declared"]


@story(own_process=True)
@pytest.mark.parametrize("point", [Failpoint.AFTER_POST, Failpoint.BEFORE_MARK])
@pytest.mark.parametrize("passes", range(3))
async def test_a_crash_doubles_no_line_and_loses_none(
    slack: Slack, point: Failpoint, passes: int, tmp_path: Path
) -> None:
    log = tmp_path / "events.jsonl"
    bot = slack.process
    bot.will_die_at(point, passes)
    await bot.starts(INCIDENT_BOT_EVENT_LOG=str(log))
    await slack.cara.opens("/incident new", "incidents")
    while not (await slack.cara.submits(title="Down", description="All", severity="High")).ok:
        await _is_revived(slack)
    for step in ("ack", "resolve"):
        while not (await slack.ben.tries(f"/incident {step} INC-1")).ok:
            await _is_revived(slack)
    if bot.is_doomed:
        await _is_revived(slack)
    await bot.is_quiet()

    assert [event["type"] for event in events(log)] == [
        "incident.declared",
        "incident.acknowledged",
        "incident.lead_changed",
        "incident.resolved",
    ]


async def _is_revived(slack: Slack) -> None:
    await slack.process.ends()
    slack.process.will_die_at(None)
    await slack.bot.starts()
