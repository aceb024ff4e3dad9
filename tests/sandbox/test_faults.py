"""What breaks on demand, and whether the work was done; what is told of it."""

import aiohttp
import pytest

from incident_bot.sandbox.control import ChannelChange
from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.faults import Fault
from incident_bot.sandbox.server import SandboxServer

from .support import Bot, StillClock


def texts(sandbox: SandboxServer) -> list[str]:
    return [message.text for message in sandbox.workspace.posting.logs["C0INCIDENTS"]]


async def posted(sandbox: SandboxServer, session: aiohttp.ClientSession) -> aiohttp.ClientResponse:
    token = sandbox.workspace.credentials.bot_token
    response = await session.post(
        f"{sandbox.url}/api/chat.postMessage",
        json={"channel": "C0INCIDENTS", "text": "x"},
        headers={"Authorization": f"Bearer {token}"},
    )
    await response.read()
    return response


async def test_rate_limited_does_nothing_and_says_when_to_come_again(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    sandbox.faults.set([Fault(kind="rate_limited", retry_after=7)])

    response = await posted(sandbox, session)

    assert response.status == 429
    assert response.headers["Retry-After"] == "7"
    assert texts(sandbox) == []


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_down_does_nothing(
    sandbox: SandboxServer, session: aiohttp.ClientSession, status: int
) -> None:
    sandbox.faults.set([Fault(kind="down", status=status)])

    assert (await posted(sandbox, session)).status == status
    assert texts(sandbox) == []


async def test_slow_answers_late_and_works(
    sandbox: SandboxServer, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    sandbox.faults.set([Fault(kind="slow", ms=2500)])

    assert (await (await posted(sandbox, session)).json())["ok"]
    assert clock.slept[0] == 2.5


async def test_an_error_can_be_named(sandbox: SandboxServer, bot: Bot) -> None:
    sandbox.faults.set([Fault(kind="error", error="restricted_action")])

    assert (await bot.call("auth.test"))["error"] == "restricted_action"


async def test_one_channel_can_fail_alone(sandbox: SandboxServer, bot: Bot) -> None:
    sandbox.faults.set([Fault(kind="error", error="no_permission", channel="C0ACME")])

    elsewhere = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="x")
    there = await bot.call("chat.postMessage", channel="C0ACME", text="x")

    assert (elsewhere["ok"], there.get("error")) == (True, "no_permission")


async def test_messages_with_some_words_can_fail_alone(sandbox: SandboxServer, bot: Bot) -> None:
    sandbox.faults.set([Fault(kind="error", containing="poison")])

    well = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="food")
    ill = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="some poison")

    assert (well["ok"], ill.get("error")) == (True, "internal_error")


@pytest.mark.parametrize(
    ("kind", "effect"), [("lost_reply", ["x"]), ("cut_body", ["x"]), ("drop_before", [])]
)
async def test_a_broken_connection_leaves_the_work_done_or_not(
    sandbox: SandboxServer, session: aiohttp.ClientSession, kind: str, effect: list[str]
) -> None:
    sandbox.faults.set([Fault.model_validate({"kind": kind})])

    with pytest.raises(aiohttp.ClientError):
        await posted(sandbox, session)

    assert texts(sandbox) == effect


async def test_a_fault_is_for_its_method_and_its_number_of_times(
    sandbox: SandboxServer, bot: Bot
) -> None:
    sandbox.faults.set([Fault(method="auth.test", kind="error", times=2)])

    answers = [await bot.call("auth.test") for _ in range(3)]

    assert (await bot.call("bots.info"))["ok"]
    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert sandbox.faults.shown() == []


async def test_calls_are_told_in_their_order_without_secrets(
    sandbox: SandboxServer, bot: Bot
) -> None:
    await bot.call("auth.test")
    await bot.call("chat.postMessage", channel="C0NONE", text="x", token="secret")

    [call] = sandbox.control.calls(after=1)

    assert call["kind"] == "chat.postMessage"
    assert call["request"] == {"channel": "C0NONE", "text": "x"}
    assert call["response"] == {"ok": False, "error": "channel_not_found"}
    assert "secret" not in str(call)


async def test_a_bot_that_is_removed_from_a_channel_cannot_post(
    sandbox: SandboxServer, bot: Bot
) -> None:
    sandbox.control.change_channel(ChannelChange(id="C0INCIDENTS", has_bot=False))

    refused = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="x")

    assert refused["error"] == "not_in_channel"


async def test_there_is_no_bot_to_order_about_in_a_test(sandbox: SandboxServer) -> None:
    with pytest.raises(RefusedError):
        await sandbox.browser.bot.act("start")
