"""The shortcuts: "Declare incident" from anywhere, "Declare from message" at a message."""

import asyncio
from typing import Any

import pytest

from incident_bot.domain.channel import ChannelPolicy
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.modals import declare
from incident_bot.slack.reply import OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.shortcuts import dispatch
from incident_bot.slack.text.button_values import Origin
from tests.factories import BEN, CARA
from tests.movable_time import put_forward, turns, until
from tests.slack.answers import filled_with, form, refusal
from tests.slack.payloads import OPS, chosen
from tests.web_api import ADDRESS, Answer, Call, WebApi, a_user, error, late, ok

BY_APP: dict[str, Any] = {"user": None, "bot_id": "B0MONITOR1", "text": ""}
FIRING: dict[str, Any] = BY_APP | {
    "attachments": [
        {
            "fallback": "[no preview available]",
            "blocks": [
                {
                    "type": "header",
                    "text": {"type": "plain_text", "text": "Payment latency is high"},
                },
                {
                    "type": "section",
                    "text": {"type": "mrkdwn", "text": "*p99* is 4.2 s on `pay-api`"},
                },
                {
                    "type": "section",
                    "fields": [{"type": "mrkdwn", "text": "*Region*\neu-west-1"}],
                },
            ],
        }
    ]
}
CRASHING: dict[str, Any] = BY_APP | {
    "blocks": [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Pod* `web-0` is crash looping"},
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "cluster eu-1"}]},
    ]
}


def rich(text: str) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


MESSAGE = {"ts": "100.1", "user": CARA, "text": "It is down"}
LINK = f"{ADDRESS}archives/{OPS}/p1001"


async def at(services: Services, message: dict[str, Any] | None, **changes: Any) -> OpenModal:  # noqa: ANN401 - JSON
    """The form that opens at a message."""
    where = {"channel": {"id": OPS, "name": "ops"}} | changes
    answer = await dispatch(chosen("declare_from_message", message=message, **where), services)
    assert isinstance(answer, OpenModal)
    return answer


async def test_from_anywhere_it_is_declared_nowhere_in_particular(services: Services) -> None:
    answer = await dispatch(chosen("declare"), services)

    assert answer == OpenModal(declare.view(services.severities, ChannelPolicy.ASK, Origin()))


async def test_what_a_message_says_is_the_description_with_its_link(services: Services) -> None:
    answer = await at(services, MESSAGE)

    assert filled_with(form(answer), "description") == f"It is down\n\n{LINK}"
    assert filled_with(form(answer), "title") is None
    origin = Origin(channel_id=OPS, channel_name="ops", thread_ts="100.1")
    assert Origin.parse(form(answer)["private_metadata"]) == origin


async def test_at_a_reply_the_thread_is_where_it_is_answered(services: Services) -> None:
    answer = await at(services, MESSAGE | {"ts": "101.5", "thread_ts": "100.1"})

    assert Origin.parse(form(answer)["private_metadata"]).thread_ts == "100.1"
    assert filled_with(form(answer), "description") == (
        f"It is down\n\n{ADDRESS}archives/{OPS}/p1015?thread_ts=100.1&cid={OPS}"
    )


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": "Ask <@U0BEN> &amp; <https://a.example|here>"}, "Ask @Ben & here (https://a."),
        ({"text": "", "attachments": [{"title": "Firing", "text": "x"}]}, "Firing\nx\n\n"),
        (
            {"text": "", "attachments": [{"title": "CPU", "title_link": "https://a.example/?x&y"}]},
            "CPU (https://a.example/?x&y)\n\n",
        ),
        (
            {"text": "", "attachments": [{"title": "a > b", "title_link": "https://a.example"}]},
            "a > b\n\n",
        ),
        ({"text": "", "files": [{"name": "graph.png"}]}, "graph.png\n\n"),
        ({"text": "", "files": [{"name": "\u202egnp.exe\x1b[2J"}]}, "gnp.exe [2J\n\n"),
        ({"text": ""}, ADDRESS),
        ({"text": "Look <!subteam^S0ONCALL01> now"}, "Look @a user group now\n\n"),
        ({"text": "Look <!subteam^S0ONCALL01|@oncall>"}, "Look @oncall\n\n"),
        ({"text": "*Down*", "blocks": [rich("Down")]}, "*Down*\n\n"),
        ({"text": "", "blocks": [rich("a < b & c")]}, "a < b & c\n\n"),
        (FIRING, "Payment latency is high\np99 is 4.2 s on pay-api\nRegion eu-west-1\n\n"),
        (CRASHING, "Pod web-0 is crash looping\ncluster eu-1\n\n"),
        (CRASHING | {"text": "A pod crashes"}, "Pod web-0 is crash looping\ncluster eu-1\n\n"),
        (BY_APP | {"text": "It is down", "blocks": [{"type": "divider"}]}, "It is down\n\n"),
        (BY_APP | {"text": "It is down", "blocks": "[]"}, "It is down\n\n"),
        (BY_APP | {"attachments": [{"fallback": "[no preview available]"}]}, ADDRESS),
        (
            BY_APP | {"attachments": [{"fields": [{"title": "Region", "value": "eu-1"}]}]},
            "Region eu-1\n\n",
        ),
    ],
)
async def test_a_message_is_quoted_as_it_reads(
    services: Services, message: dict[str, Any], words: str
) -> None:
    description = filled_with(form(await at(services, MESSAGE | message)), "description")

    assert description is not None
    assert description.startswith(words)
    assert description.endswith(LINK)


async def test_public_channels_are_called_by_their_names(
    services: Services, web_api: WebApi
) -> None:
    channels = {
        OPS: ok(channel={"id": OPS, "name": "ops"}),
        "C0PAYROLL": ok(channel={"id": "C0PAYROLL", "name": "payroll", "is_private": True}),
    }

    def shown(call: Call) -> Answer:
        return channels.get(call.arguments["channel"], error("channel_not_found"))

    web_api.answers("conversations.info", shown)
    text = f"<#{OPS}>, <#{OPS}|>, <#C0DEV|dev>, <#C0PAYROLL|>, <#C0GONE>"

    description = filled_with(form(await at(services, MESSAGE | {"text": text})), "description")

    assert description == f"#ops, #ops, #dev, #a channel, #a channel\n\n{LINK}"


async def test_a_long_message_is_cut_so_that_its_link_fits(services: Services) -> None:
    description = filled_with(
        form(await at(services, MESSAGE | {"text": "x" * 4000})), "description"
    )

    assert description is not None
    assert len(description) == 3000
    assert description.endswith(f"x…\n\n{LINK}")


async def test_without_our_address_a_message_has_no_link(
    services: Services, web_api: WebApi, workspace: Workspace
) -> None:
    web_api.answers("auth.test", ok(team_id="T0ORG"))
    await workspace.connect()

    short = filled_with(form(await at(services, MESSAGE)), "description")
    cut = filled_with(form(await at(services, MESSAGE | {"text": "x" * 4000})), "description")

    assert short == "It is down"
    assert cut == "x" * 2999 + "…"


@pytest.mark.parametrize("changes", [{"message": None}, {"channel": None}], ids=str)
async def test_a_message_that_is_not_told_leaves_the_form_empty(
    services: Services, changes: dict[str, None]
) -> None:
    answer = await at(services, **{"message": MESSAGE} | changes)

    assert filled_with(form(answer), "description") is None
    assert Origin.parse(form(answer)["private_metadata"]) == Origin()


async def test_names_are_waited_for_no_longer_than_a_second(
    services: Services, web_api: WebApi
) -> None:
    web_api.answers("users.info", late(ok(user=a_user(BEN))))

    opening = asyncio.create_task(at(services, MESSAGE | {"text": "Ask <@U0BEN>"}))
    await until(lambda: web_api.calls)
    put_forward(0.9)
    await turns()
    assert not opening.done()
    put_forward(0.1)

    assert filled_with(form(await opening), "description") == f"Ask @U0BEN\n\n{LINK}"


async def test_a_shortcut_that_is_no_more_says_what_to_type(services: Services) -> None:
    assert await refusal(dispatch(chosen("frobnicate"), services)) == (
        "This shortcut is of no use any more. Type `/incident new` instead."
    )
