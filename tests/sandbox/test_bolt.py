"""A real Bolt app in both modes: it must not see a difference to Slack."""

from collections.abc import AsyncIterator

import pytest

from incident_bot.sandbox.dispatch import Timing
from incident_bot.sandbox.interactions import Container, Press
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.server import Mode, SandboxServer

from .support import running_bot, until


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture
async def live(mode: Mode) -> AsyncIterator[SandboxServer]:
    async with running_bot(mode) as server:
        yield server


def said(sandbox: SandboxServer, channel_id: str = "C0INCIDENTS") -> list[Message]:
    return list(sandbox.workspace.posting.logs[channel_id])


async def test_a_command_is_answered_to_the_person_alone(live: SandboxServer) -> None:
    outcome = await live.interactions.command("U0ANA", "C0GENERAL", "/echo hi @ben <b>")

    assert outcome.ok
    [message] = said(live, "C0GENERAL")
    assert message.text == "You said hi <@U0BEN|ben> &lt;b&gt;"
    assert message.ephemeral_to == "U0ANA"


async def test_a_modal_opens_and_its_submission_is_posted_and_pressed(live: SandboxServer) -> None:
    await live.interactions.command("U0ANA", "C0GENERAL", "/echo open")
    await until(lambda: live.workspace.views.modals)
    view = live.workspace.views.modals["U0ANA"]

    outcome = await live.interactions.submit("U0ANA", view.id, {"title": {"value": {"value": "A"}}})

    assert outcome.ok
    assert not live.workspace.views.modals
    await until(lambda: said(live))
    place = Container(type="message", channel="C0INCIDENTS", ts=said(live)[0].ts)
    await live.interactions.press(
        "U0BEN", Press(container=place, block_id="row", action_id="press")
    )
    await until(lambda: said(live)[0].text == "pressed")
    assert said(live)[0].edited


async def test_errors_of_a_submission_stay_under_their_block(live: SandboxServer) -> None:
    await live.interactions.command("U0ANA", "C0GENERAL", "/echo open")
    await until(lambda: live.workspace.views.modals)
    view = live.workspace.views.modals["U0ANA"]

    values = {"title": {"value": {"type": "plain_text_input", "value": "wrong"}}}
    outcome = await live.interactions.submit("U0ANA", view.id, values)

    assert outcome.errors == {"title": "Not that one"}
    assert live.workspace.views.modals


async def test_opening_the_home_tab_lets_the_bot_fill_it(live: SandboxServer) -> None:
    user = live.workspace.directory.users["U0ANA"]

    live.events.home_opened(user.id, live.workspace.directory.dm_with_bot(user))

    await until(lambda: live.workspace.views.homes.get("U0ANA"))


async def test_a_bot_that_is_too_slow_fails_with_operation_timeout(mode: Mode) -> None:
    async with running_bot(mode, Timing(ack=0.2)) as live:
        outcome = await live.interactions.command("U0ANA", "C0GENERAL", "/echo slow")

    assert outcome.error == "operation_timeout"
    assert outcome.words == "/echo failed with the error “operation_timeout”"
