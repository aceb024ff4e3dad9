"""What people write pings nobody and shows as it was typed."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.errors import (
    AlreadyInStatus,
    AlreadyResponds,
    ChangedMeanwhile,
    IncidentError,
    UnknownRole,
    UnknownSeverity,
)
from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import Responder, Responders
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Status, Step
from incident_bot.domain.timeline import EntryKind, Part, setting
from incident_bot.slack.messages.announcement import announcement
from incident_bot.slack.messages.card import card
from incident_bot.slack.messages.deletion import question
from incident_bot.slack.messages.direct import direct
from incident_bot.slack.messages.done import done, responds_now
from incident_bot.slack.messages.home import HomeContent, home
from incident_bot.slack.messages.listing import listing
from incident_bot.slack.messages.notification import notification
from incident_bot.slack.messages.refusals import explain
from incident_bot.slack.modals import add_summary, declare, edit, update
from incident_bot.slack.text.button_values import ListPage, Origin
from incident_bot.slack.text.errors import NotUnderstood
from incident_bot.slack.text.parts import rendered
from tests.factories import ANA, BEN, INCIDENTS, NOON, after, an_entry, in_progress, resolved
from tests.hearing import announced_in
from tests.rest.with_slack import declares
from tests.slack.support import LINK, check_harmless, texts_of
from tests.slack_people import Slack
from tests.story import story

LEVELS: Final = Severities()
ANY_TEXT: Final = st.text(
    st.sampled_from("<>&|!@#^*_~` \n🔥Uu01abc:/.;lt"), min_size=1, max_size=120
)
HOSTILE: Final = (
    "<!channel> <@U0EVE> <https://evil.example|here> &lt;!here&gt; <#C0GENERAL> @channel #general"
)
# All that our own builders put in angle brackets.
_OURS: Final = re.compile(
    r"<@U0(?:ANA|BEN|CARA)>|<!date\^[^<>]*>|<#C0INCIDENTS>"
    r"|<http://127\.0\.0\.1[^<>|]*\|Open the announcement>"
)


def said_of(incident: Incident, words: str) -> Iterator[tuple[str, object]]:
    """Each message and each view that tells of an incident: its text, and its blocks."""
    responders = Responders((Responder(ANA, NOON, words), Responder(BEN, NOON, f"{words}>")))
    yield announcement(incident, LEVELS, responders)
    yield responds_now(incident, ANA, words, BEN), []
    for kind, link in ((EntryKind.LEAD_CHANGED, LINK), (EntryKind.UPDATE_POSTED, None)):
        told = an_entry(kind, actor=f"<{words}", before=words, after=f"{words}>", text=words)
        yield direct(incident, told, LEVELS, link, reader=f"{words}>")
    assigned = an_entry(EntryKind.ROLE_ASSIGNED, actor=f"<{words}", after=ANA, text=words)
    role = notification(incident, assigned)
    yield role.text, role.blocks
    for reply in (card(incident, LEVELS, LINK, "You resolved it."), question(incident)):
        yield reply.text, reply.blocks
    yield rendered([listing([incident], {incident.id: LINK})])
    yield "", home(HomeContent(ListPage(), [incident], 1, [incident], 1, {}))["blocks"]
    for kind in (EntryKind.SEVERITY_CHANGED, EntryKind.LEAD_CHANGED, EntryKind.UPDATE_POSTED):
        entry = an_entry(kind, actor=f"<{words}", before=words, after=f"{words}>", text=words)
        message = notification(incident, entry)
        yield message.text, message.blocks
    for kind in (one for one in setting(Part.STATUS) if one.facts.is_told):
        message = notification(incident, an_entry(kind, actor=f"{words}>", after=Status.OPEN))
        yield message.text, message.blocks
    for step in Step:
        yield done(step, incident, ANA), []


def refusals_with(words: str) -> Iterator[IncidentError]:
    """Each refusal that quotes what somebody wrote."""
    entry = an_entry(EntryKind.ACKNOWLEDGED, actor=f"<{words}")
    yield AlreadyInStatus(12, Status.IN_PROGRESS, entry)
    yield ChangedMeanwhile(12, entry)
    yield NotUnderstood(words, words)
    yield UnknownSeverity(words, [words], words)
    yield UnknownRole(words, [words], words)
    yield AlreadyResponds(12, ANA, words)


def views_of(incident: Incident, words: str) -> Iterator[dict[str, Any]]:
    yield declare.view(LEVELS, ChannelPolicy.ASK, Origin(), words)
    yield edit.view(incident, LEVELS, None)
    yield update.view(incident, LEVELS, None, announced_in(INCIDENTS), incident.description)
    yield add_summary.view(incident, None)


@settings(deadline=None, max_examples=100)
@given(
    words=ANY_TEXT,
    prefix=st.sampled_from(["", "<"]),
    build=st.sampled_from([in_progress, resolved]),
)
def test_no_builder_of_ours_lets_an_angle_bracket_through(
    words: str, prefix: str, build: Callable[..., Incident]
) -> None:
    incident = build(
        reported_by=f"{prefix}{words}",
        # What has no prefix may look like a user ID.
        has_named_reporter=not prefix,
        title=words,
        description=words,
        lead=f"{words}>",
        severity=words,
        latest_update=words,
        latest_update_by=f"<{words}",
        latest_update_at=after(9),
        summary=words,
    )

    for text, blocks in said_of(incident, words):
        check_harmless(text, blocks)
    for refusal in refusals_with(words):
        check_harmless(explain(refusal), [])
    for view in views_of(incident, words):
        check_harmless("", view["blocks"])


@story(own_bot=True)  # its list must not name what other stories have left
async def test_whichever_way_it_comes_nobody_is_pinged(slack: Slack) -> None:
    await slack.bot.starts()
    for incident in (
        await slack.ana.declares(HOSTILE, HOSTILE, in_="incidents"),
        await declares(
            slack,
            title=HOSTILE,
            description=HOSTILE,
            reported_by="UPTIME <!here> @channel #general https://evil.example",
        ),
    ):
        announced = await slack.announcement(incident)
        await slack.ben.opens_by("Update", on=announced)
        await slack.ben.submits(message=HOSTILE)
        await announced.hears("Update on")
        for typed in (f"resolve {incident.reference}", f"show {incident.reference}", "list all"):
            await slack.ben.types(f"/incident {typed}")
            await slack.ben.is_told("")
        await announced.hears("resolved")
    for typed in (HOSTILE, f"resolve {HOSTILE}", f"severity INC-1 {HOSTILE}", f"list {HOSTILE}"):
        await slack.ben.types(f"/incident {typed}")
        await slack.ben.is_told("")
    await slack.bot.is_quiet()

    posting = slack.sandbox.workspace.posting
    said = [message for message in posting.every() if message.ts > slack.first_ts]
    assert len(said) >= 14
    for message in said:
        for mrkdwn in (message.text, *texts_of(message.blocks, "mrkdwn")):
            assert "<" not in _OURS.sub("", mrkdwn), mrkdwn


@asynccontextmanager
async def somebody_else() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that is not Slack's: its port, and what it was sent."""
    sent: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent.append(await reader.readline())
        writer.close()

    async with await asyncio.start_server(note, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], sent


@story
@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:{port}/x",
        "http://127.0.0.1@localhost:{port}/x",
        "http://2130706433:{port}/x",
        "http://0x7f000001:{port}/x",
        "http://[::ffff:127.0.0.1]:{port}/x",
        "http://hooks.slack.com@localhost:{port}/x",
        "http://localhost:{port}#hooks.slack.com/x",
        "file:///etc/passwd",
        "//localhost:{port}/x",
        "",
    ],
)
async def test_answers_go_to_slack_and_nowhere_else(slack: Slack, url: str) -> None:
    post = await slack.some_message()
    payload = slack.press_payload(slack.ben, post.button("Acknowledge"), value="{}")

    async with somebody_else() as (port, sent):
        await slack.delivers("block_actions", payload | {"response_url": url.format(port=port)})

        await slack.ben.is_told("This button is of no use any more.")
        assert sent == []


@story
async def test_what_cannot_be_seen_is_taken_out_of_what_rest_sends_too(slack: Slack) -> None:
    incident = await declares(slack, title="Check\u202eout\u2066 is\u200b down\u0007 e\u0301 🔥")

    announced = await slack.announcement(incident)

    assert incident.title == "Checkout is down é 🔥"
    await announced.shows("Checkout is down é 🔥")


@story  # where a title is cut depends on the length of its incident's number
@pytest.mark.parametrize("title", ["🔥", "👩\u200d💻", "𐐷" * 200, "\U0001f468\u200d" * 66])
async def test_a_title_of_four_byte_text_is_announced(slack: Slack, title: str) -> None:
    incident = await slack.ana.declares(title, in_="incidents")

    await slack.announcement(incident)
