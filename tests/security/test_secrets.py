"""Secrets are seen nowhere; `tests/test_log.py` tries the log alone."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from typing import Final

import aiohttp

from incident_bot.sandbox.faults import Fault
from tests.bots.bot import Bot
from tests.slack_people import Slack
from tests.story import BOTH, story

API_TOKEN: Final = 'canary"of\\the-api'
_SECRETS: Final = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")


def secrets_of(bot: Bot) -> dict[str, str]:
    """By the name of the setting; the sandbox's are made up, but no other than real ones."""
    given = {name: bot.settings[name] for name in _SECRETS if name in bot.settings}
    return given | {"INCIDENT_BOT_API_TOKENS": API_TOKEN}


async def asked(slack: Slack, path: str, headers: Mapping[str, str]) -> str:
    """What the bot answers, head and body."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.bot.url}{path}", headers=headers) as response,
    ):
        return f"{response.headers} {await response.text()}"


async def answers(slack: Slack) -> str:
    """What the bot answers to those who have a token, and to those who have not."""
    bearer = {"Authorization": f"Bearer {API_TOKEN}"}
    cut = {"Authorization": f"Bearer {API_TOKEN[:-1]}"}
    return "\n".join(
        [
            await asked(slack, path, headers)
            for path in ("/incidents", "/incidents/1/timeline", "/readyz", "/openapi.json", "/x")
            for headers in (bearer, cut, {})
        ]
    )


async def forges(slack: Slack) -> None:
    """Send what looks like Slack's, with secrets where a stranger might put them."""
    secret = "".join(secrets_of(slack.bot).values()).encode()
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {"X-Slack-Signature": "v0=1", "X-Slack-Request-Timestamp": "1"}):
            url = f"{slack.bot.url}/slack/events"
            async with session.post(url, data=secret, headers=headers) as response:
                assert response.status in (401, 404)


def messages(slack: Slack) -> str:
    return "\n".join(
        message.model_dump_json() for message in slack.sandbox.workspace.posting.every()
    )


def files(slack: Slack) -> Iterator[tuple[str, str]]:
    """All that the bot has written: its database and its output."""
    for path in slack.bot.folder.iterdir():
        yield path.name, path.read_bytes().decode("utf-8", "replace")


@story(own_process=True, modes=BOTH)
async def test_no_secret_is_in_a_log_a_database_an_answer_or_a_message(slack: Slack) -> None:
    await slack.bot.starts(
        INCIDENT_BOT_API_TOKENS=f"ci:{API_TOKEN}", INCIDENT_BOT_LOG_FORMAT="json"
    )
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.ana.presses("Acknowledge", on=announcement)
    await announcement.hears("acknowledged")
    seen = await answers(slack)
    await forges(slack)
    slack.breaks(Fault(method="views.open", kind="cut_body", times=1))
    await slack.ben.presses("Update", on=announcement)
    await slack.ben.is_told("Slack did not open the form.")
    slack.breaks(Fault(method="chat.postMessage", kind="down", times=1))
    await slack.ben.presses("Resolve", on=announcement)
    await announcement.hears("resolved")
    await slack.bot.is_quiet()
    with slack.bot.opened_database() as database:
        database.execute("ALTER TABLE timeline_entries RENAME TO elsewhere")
    await slack.ben.types(f"/incident reopen {incident.reference}")
    await slack.ben.is_told("Something went wrong")
    seen += await answers(slack)
    with slack.bot.opened_database() as database:
        database.execute("ALTER TABLE elsewhere RENAME TO timeline_entries")
    assert await slack.bot.stops() == 0

    places = {"answers": seen, "messages": messages(slack), **dict(files(slack))}
    assert "Traceback" in places["output.log"]
    found = [
        (name, place)
        for name, secret in secrets_of(slack.bot).items()
        for form in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1])
        for place, text in places.items()
        if form in text
    ]
    assert found == []


@story(own_process=True, modes=BOTH)
async def test_slack_saying_a_secret_does_not_get_it_into_the_log(slack: Slack) -> None:
    said = " ".join(secrets_of(slack.bot).values())
    slack.breaks(Fault(method="bots.info", kind="error", error=f"odd {said}", times=1))

    await slack.bot.starts(INCIDENT_BOT_API_TOKENS=f"ci:{API_TOKEN}")

    assert "[secret]" in await slack.bot.says("the app's own ID is not known")
    for secret in secrets_of(slack.bot).values():
        assert secret not in slack.process.whole_output


@story(own_process=True, modes=BOTH)
async def test_no_secret_is_in_the_list_of_processes(slack: Slack) -> None:
    slack.process.is_forked = False
    await slack.bot.starts(INCIDENT_BOT_API_TOKENS=f"ci:{API_TOKEN}")

    listed = subprocess.run(  # noqa: ASYNC221 - it takes a moment
        ("ps", "-o", "args=", "-p", str(slack.process.pid)),  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=True,
    )

    assert "incident_bot" in listed.stdout
    assert [name for name, secret in secrets_of(slack.bot).items() if secret in listed.stdout] == []


@story(own_process=True)
async def test_what_the_bot_writes_is_its_owners_alone_whatever_the_umask(slack: Slack) -> None:
    slack.process.is_forked = False
    before = os.umask(0)
    try:
        await slack.bot.starts()
    finally:
        os.umask(before)
    await slack.cara.declares(in_="incidents")

    modes = {path.name: path.stat().st_mode & 0o777 for path in slack.bot.folder.iterdir()}
    del modes["output.log"]  # it is the shell that makes this
    assert len(modes) >= 3
    assert set(modes.values()) == {0o600}
