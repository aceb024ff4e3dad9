"""What breaks on demand, and whether the work was done; Slack's limits; the control API."""

import aiohttp
import pytest

from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.faults import Fault
from incident_bot.sandbox.server import SandboxServer

from .support import Bot, Json, StillClock


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


async def test_the_drawer_and_the_control_api_set_the_same_faults(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    faults = {"faults": [{"method": "*", "kind": "down", "as": "U0ANA"}]}

    async with session.put(f"{sandbox.url}/sandbox/control/faults", json=faults) as answer:
        assert answer.ok
    async with session.get(f"{sandbox.url}/sandbox/faults") as shown:
        [fault] = (await shown.json())["faults"]
        assert fault["kind"] == "down"


async def test_limits_allow_three_posts_at_once_and_then_one_a_second(
    sandbox: SandboxServer, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    await control(sandbox, session, "limits", {"enforce": True})

    statuses = [(await posted(sandbox, session)).status for _ in range(4)]
    clock.pass_by(1)
    later = [(await posted(sandbox, session)).status for _ in range(2)]

    assert statuses == [200, 200, 200, 429]
    assert later == [200, 429]


async def test_limits_count_a_method_by_its_tier(
    sandbox: SandboxServer, session: aiohttp.ClientSession, bot: Bot, clock: StillClock
) -> None:
    await control(sandbox, session, "limits", {"enforce": True})

    answers = [await bot.call("conversations.list") for _ in range(21)]
    clock.pass_by(60)

    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert answers[-1]["error"] == "ratelimited"
    assert (await bot.call("conversations.list"))["ok"]


async def control(
    sandbox: SandboxServer, session: aiohttp.ClientSession, name: str, body: Json
) -> Json:
    async with session.post(f"{sandbox.url}/sandbox/control/{name}", json=body) as response:
        answer: Json = await response.json()
        assert response.ok, answer
        return answer


async def test_calls_are_told_in_their_order_without_secrets(
    sandbox: SandboxServer, session: aiohttp.ClientSession, bot: Bot
) -> None:
    await bot.call("auth.test")
    await bot.call("chat.postMessage", channel="C0NONE", text="x", token="secret")

    async with session.get(f"{sandbox.url}/sandbox/control/calls?after=1") as response:
        [call] = (await response.json())["calls"]

    assert call["kind"] == "chat.postMessage"
    assert call["request"] == {"channel": "C0NONE", "text": "x"}
    assert call["response"] == {"ok": False, "error": "channel_not_found"}
    assert "secret" not in str(call)


async def test_the_control_api_changes_the_cast(
    sandbox: SandboxServer, session: aiohttp.ClientSession, bot: Bot
) -> None:
    await control(sandbox, session, "users", {"id": "U0NEW", "is_guest": True})
    await control(sandbox, session, "channels", {"id": "C0INCIDENTS", "has_bot": False})
    refused = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="x")
    await control(sandbox, session, "tokens", {"revoked": True})

    assert sandbox.workspace.directory.users["U0NEW"].is_guest
    assert refused["error"] == "not_in_channel"
    assert (await bot.call("auth.test"))["error"] == "token_revoked"


async def test_any_payload_can_be_delivered_and_its_acknowledgement_measured(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    body = {"kind": "slash_commands", "payload": {"command": "/x"}, "signature": "forged"}

    ack = await control(sandbox, session, "deliver", body)

    assert ack["failure"] == "connection_refused"
    async with session.get(f"{sandbox.url}/sandbox/control/metrics") as response:
        assert await response.json() == {"acks": 0, "ack_ms": [], "slowest_ms": 0.0}


async def test_a_reset_brings_back_the_cast(
    sandbox: SandboxServer, session: aiohttp.ClientSession, bot: Bot
) -> None:
    await bot.post()
    sandbox.faults.set([Fault(kind="down")])

    await control(sandbox, session, "reset", {})

    assert texts(sandbox) == []
    assert (await bot.call("auth.test"))["ok"]


@pytest.mark.parametrize("name", ["", "Upper", "with space", "dot.ted", "x" * 81, "incidents"])
async def test_a_channel_cannot_have_such_a_name(
    sandbox: SandboxServer, session: aiohttp.ClientSession, name: str
) -> None:
    async with session.post(
        f"{sandbox.url}/sandbox/control/channels", json={"name": name}
    ) as response:
        assert response.status == 400


async def test_there_is_no_bot_to_order_about_in_a_test(sandbox: SandboxServer) -> None:
    with pytest.raises(RefusedError):
        await sandbox.browser.bot.act("start")
