"""`/incident ack`, `resolve` and `reopen`: the steps of the life cycle."""

import pytest

from incident_bot.domain.status import Status, Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.mrkdwn import moment
from incident_bot.store.after_delivery import Outbox
from tests.factories import A_VIEWER, ANA, BEN, NOON, by
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import OWN, declared, taken, with_channel
from tests.slack.payloads import typed


@pytest.mark.parametrize("name", ["ack", "acknowledge", "ACK"])
async def test_who_acknowledges_leads(services: Services, name: str) -> None:
    await declared(services)

    answer = await dispatch(typed(f"{name} INC-1"), services)

    now = await services.store.get(1, A_VIEWER)
    assert answer == Reply("You acknowledged INC-1; it is In Progress. You lead it.")
    assert (now.status, now.lead, now.acknowledged_at) == (Status.IN_PROGRESS, ANA, NOON)
    assert await deeds(services) == [(EntryKind.ACKNOWLEDGED, ANA), (EntryKind.LEAD_CHANGED, ANA)]


async def test_who_acknowledges_what_has_a_lead_does_not_lead(services: Services) -> None:
    await declared(services)
    await services.store.hand_over(by(ANA), 1, BEN)

    answer = await dispatch(typed("ack INC-1"), services)

    assert answer == Reply("You acknowledged INC-1; it is In Progress.")
    assert (await services.store.get(1, A_VIEWER)).lead == BEN


@pytest.mark.parametrize("steps", [[], [Step.ACKNOWLEDGE]])
async def test_what_is_open_or_in_progress_is_resolved(
    services: Services, steps: list[Step]
) -> None:
    await taken(services, *steps)

    answer = await dispatch(typed("resolve INC-1"), services)

    now = await services.store.get(1, A_VIEWER)
    assert answer == Reply("You resolved INC-1.")
    assert (now.status, now.resolved_at) == (Status.RESOLVED, NOON)


async def test_what_is_resolved_is_reopened(services: Services) -> None:
    await taken(services, Step.ACKNOWLEDGE, Step.RESOLVE)

    answer = await dispatch(typed("reopen INC-1", by=BEN), services)

    now = await services.store.get(1, A_VIEWER)
    assert answer == Reply("You reopened INC-1; it is In Progress.")
    assert (now.status, now.resolved_at, now.lead) == (Status.IN_PROGRESS, None, ANA)


async def test_who_reopens_what_nobody_led_leads(services: Services) -> None:
    await taken(services, Step.RESOLVE)

    answer = await dispatch(typed("reopen INC-1"), services)

    assert said(answer) == "You reopened INC-1; it is In Progress. You lead it."


async def test_who_reopens_reads_that_its_channel_is_closed(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)
    await services.store.take(by(ANA), 1, Step.RESOLVE)
    await services.incident_channels.closed(OWN, ANA)

    answer = await dispatch(typed("reopen INC-1"), services)

    assert said(answer) == (
        "You reopened INC-1; it is In Progress. You lead it. Its channel <#C0OWN> is closed: "
        "`/incident timeline INC-1` says why. If it's archived, unarchive it in Slack, and INC-1 "
        "goes on there."
    )


async def test_who_acknowledges_reads_nothing_of_a_closed_channel(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)
    await services.incident_channels.closed(OWN, ANA)

    answer = await dispatch(typed("ack INC-1"), services)

    assert said(answer) == "You acknowledged INC-1; it is In Progress. You lead it."


@pytest.mark.parametrize(
    ("name", "steps", "words"),
    [
        ("ack", [Step.ACKNOWLEDGE], "In Progress: <@U0BEN> acknowledged it"),
        ("resolve", [Step.RESOLVE], "Resolved: <@U0BEN> resolved it"),
        ("reopen", [Step.RESOLVE, Step.REOPEN], "In Progress: <@U0BEN> reopened it"),
    ],
)
async def test_a_second_step_says_who_took_it_first(
    services: Services, name: str, steps: list[Step], words: str
) -> None:
    await taken(services, *steps, actor=BEN)
    before = await deeds(services)

    answer = await refusal(dispatch(typed(f"{name} INC-1"), services))

    assert answer == f"INC-1 is already {words} {moment(NOON)}."
    assert await deeds(services) == before


@pytest.mark.parametrize(
    ("name", "steps", "words"),
    [
        ("reopen", [], "INC-1 is Open. What can be done now: acknowledge or resolve."),
        ("ack", [Step.RESOLVE], "INC-1 is Resolved. What can be done now: reopen."),
    ],
)
async def test_a_step_that_does_not_follow_is_refused_with_what_does(
    services: Services, name: str, steps: list[Step], words: str
) -> None:
    await taken(services, *steps)

    assert await refusal(dispatch(typed(f"{name} INC-1"), services)) == words
