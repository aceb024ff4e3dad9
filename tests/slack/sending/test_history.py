"""Whether a message is in a channel already, by the marks that each post carries."""

from collections.abc import MutableMapping
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.delivery.outcome import Sent
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.sending.history import History, marks
from tests.factories import BEN, NOON, a_delivery
from tests.web_api import WebApi, error, ok

DELIVERY = a_delivery()
HISTORY = "conversations.history"


@pytest.fixture
def history(client: AsyncWebClient, workspace: Workspace) -> History:
    return History(client, workspace)


def a_message(delivery: str = DELIVERY.key, ts: str = "2.000001") -> dict[str, Any]:
    return {"ts": ts, "metadata": {"event_payload": {"delivery": delivery}}}


OTHERS: list[dict[str, Any]] = [
    {"ts": "1.1"},
    {"ts": "1.2", "metadata": None},
    {"ts": "1.3", "metadata": {"event_payload": None}},
    a_message("another", "1.4"),
]


def test_each_delivery_has_marks_of_its_own_which_stay_the_same() -> None:
    first, again, other = marks(DELIVERY), marks(a_delivery()), marks(a_delivery(id=2))

    assert first == again
    assert first["metadata"] == {
        "event_type": "incident_bot_delivery",
        "event_payload": {"delivery": DELIVERY.key},
    }
    assert first["client_msg_id"] != other["client_msg_id"]


async def test_what_is_there_is_found_among_others(history: History, web_api: WebApi) -> None:
    web_api.answers(HISTORY, ok(messages=[*OTHERS, a_message()]))

    assert await history.find(DELIVERY, "C0INC", None) == Sent("C0INC", "2.000001")
    [asked] = web_api.asked(HISTORY)
    assert asked == {
        "channel": "C0INC",
        "oldest": f"{NOON.timestamp() - 7200:.6f}",
        "include_all_metadata": "1",
        "limit": "200",
        "cursor": "",
    }


async def test_in_a_thread_its_replies_are_read(history: History, web_api: WebApi) -> None:
    web_api.answers("conversations.replies", ok(messages=[a_message()]))

    assert await history.find(DELIVERY, "C0INC", "1.000001") == Sent("C0INC", "2.000001")
    assert web_api.asked("conversations.replies")[0]["ts"] == "1.000001"


async def test_what_is_not_there_is_not_found(history: History, web_api: WebApi) -> None:
    web_api.answers(HISTORY, ok(messages=OTHERS))

    assert await history.find(DELIVERY, "C0INC", None) is None


async def test_other_pages_are_read_too(history: History, web_api: WebApi) -> None:
    more = {"next_cursor": "page2"}
    last = ok(messages=[a_message()], response_metadata=None)
    web_api.answers(HISTORY, ok(messages=OTHERS, response_metadata=more), last)

    assert await history.find(DELIVERY, "C0INC", None) == Sent("C0INC", "2.000001")
    assert [asked["cursor"] for asked in web_api.asked(HISTORY)] == ["", "page2"]


async def test_it_is_found_behind_whatever_people_have_written_since(
    history: History, web_api: WebApi
) -> None:
    more = ok(messages=OTHERS, response_metadata={"next_cursor": "on"})
    web_api.answers(HISTORY, *[more] * 30, ok(messages=[a_message()]))

    assert await history.find(DELIVERY, "C0INC", None) == Sent("C0INC", "2.000001")


async def test_a_direct_message_is_looked_for_in_its_own_channel(
    history: History, web_api: WebApi
) -> None:
    web_api.answers("conversations.open", ok(channel={"id": "D0BEN"}))
    web_api.answers(HISTORY, ok(messages=[a_message()]))

    assert await history.find(DELIVERY, BEN, None) == Sent("D0BEN", "2.000001")
    assert web_api.asked("conversations.open") == [{"users": BEN}]


@pytest.mark.parametrize("name", ["thread_not_found", "cannot_reply_to_message"])
async def test_in_a_thread_that_is_gone_nothing_is_found(
    history: History, web_api: WebApi, name: str
) -> None:
    web_api.answers("conversations.replies", error(name))

    assert await history.find(DELIVERY, "C0INC", "1.000001") is None


@pytest.mark.parametrize("name", ["missing_scope", "unknown_method"])
async def test_who_may_not_look_finds_nothing_and_says_so_once(
    history: History, web_api: WebApi, logs: list[MutableMapping[str, Any]], name: str
) -> None:
    web_api.answers(HISTORY, error(name, needed="groups:history"))

    assert await history.find(DELIVERY, "C0INC", None) is None
    assert await history.find(DELIVERY, "C0INC", None) is None

    warnings = [entry for entry in logs if entry["log_level"] == "warning"]
    assert [one["scope"] for one in warnings] == ["groups:history"]


async def test_what_else_slack_says_is_raised(history: History, web_api: WebApi) -> None:
    web_api.answers(HISTORY, error("channel_not_found"))

    with pytest.raises(SlackApiError):
        await history.find(DELIVERY, "C0INC", None)
