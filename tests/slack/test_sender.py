"""What Slack's refusals mean for a message: some end it alone, some are waited for."""

from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.delivery.outcome import AccessLost, ChannelClosed, Refused, Sent
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.severity import Severities
from incident_bot.slack.channel_steps import ChannelSteps
from incident_bot.slack.channels import Channels
from incident_bot.slack.history import History
from incident_bot.slack.people import People
from incident_bot.slack.sender import SlackSender
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.workspace import Workspace
from incident_bot.store.deliveries import Delivery
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox import Outbox
from incident_bot.store.timelines import SeenVersion
from tests.factories import ANA, BEN, CARA, INCIDENTS, Clock, a_declaration, by
from tests.web_api import WebApi, error, ok


@pytest.fixture
def sender(
    client: AsyncWebClient,
    outbox: Outbox,
    channels: Channels,
    people: People,
    workspace: Workspace,
) -> SlackSender:
    return SlackSender(
        client,
        outbox,
        channels,
        History(client, workspace),
        Severities(),
        announcement_channel=INCIDENTS,
        tasks=Tasks(),
        steps=ChannelSteps(client, outbox, channels, people, workspace, INCIDENTS),
    )


async def claim(outbox: Outbox) -> tuple[Delivery, ...]:
    return await outbox.claim(Clock()(), 9, 9)


async def an_edit(store: IncidentStore, outbox: Outbox, *, is_posted: bool = True) -> Delivery:
    """The edit of an update that was posted, or refused, in the announcement channel."""
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.post_update(by(BEN), 1, ProgressUpdate(message="Rolled bakc"))
    [announcement] = await claim(outbox)
    await outbox.sent(announcement, "C0INC", "1.000001", Clock()())
    [post] = await claim(outbox)
    await store.edit_update(by(BEN), SeenVersion(1, 2, None), "Rolled back")
    if is_posted:
        await outbox.sent(post, "C0INC", "2.000001", Clock()())
    else:
        await outbox.failed(post, "msg_too_long", Clock()())
    [edit] = [delivery for delivery in await claim(outbox) if delivery.is_edit_of_entry]
    return edit


async def test_a_person_whom_the_bot_may_not_write_to_is_not_the_loss_of_all_access(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    web_api.answers("chat.postMessage", error("no_permission"))
    await store.declare(by(CARA), a_declaration(), ["C0INC"])
    await store.hand_over(by(ANA), 1, BEN)

    outcomes = {
        delivery.destination: await sender.send(delivery) for delivery in await claim(outbox)
    }

    assert isinstance(outcomes["C0INC"], AccessLost)
    assert isinstance(outcomes[BEN], Refused)


async def test_a_direct_message_that_is_found_again_is_known_by_its_own_channel(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    """Slack takes a person's ID for posting, and for nothing else."""
    await store.declare(by(CARA), a_declaration(), [])
    await store.hand_over(by(ANA), 1, BEN)
    [delivery] = await claim(outbox)
    found = {"ts": "3.000001", "metadata": {"event_payload": {"delivery": delivery.key}}}
    web_api.answers("conversations.open", ok(channel={"id": "D0BEN"}))
    web_api.answers("conversations.history", ok(messages=[found]))

    outcome = await sender.send(replace(delivery, is_uncertain=True))

    assert outcome == Sent("D0BEN", "3.000001")


async def test_an_edit_of_a_notification_edits_that_message(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    edit = await an_edit(store, outbox)
    web_api.answers("chat.update", ok())

    assert sender.method(edit) == "chat.update"
    assert await sender.send(edit) == Sent("C0INC", "2.000001")
    assert web_api.methods == ["chat.update"]


async def test_a_deleted_notification_is_not_posted_anew(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    edit = await an_edit(store, outbox)
    web_api.answers("chat.update", error("message_not_found"))

    assert await sender.send(edit) == Refused("somebody deleted the message that it edits")
    assert web_api.methods == ["chat.update"]


async def test_what_was_never_posted_is_not_posted_by_its_edit(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    edit = await an_edit(store, outbox, is_posted=False)

    assert await sender.send(edit) == Refused("what it edits was never posted")
    assert web_api.methods == []


async def test_an_edit_waits_for_the_announcement_channel_as_all_else_does(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    edit = await an_edit(store, outbox)
    web_api.answers("chat.update", error("is_archived"))
    web_api.answers("conversations.list", ok(channels=[{"id": "C0INC", "name": INCIDENTS}]))

    assert isinstance(await sender.send(edit), ChannelClosed)


async def test_an_edit_does_not_wait_for_a_channel_whose_name_another_has_now(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    edit = await an_edit(store, outbox)
    web_api.answers("chat.update", error("is_archived"))
    web_api.answers("conversations.list", ok(channels=[{"id": "C0NEW", "name": INCIDENTS}]))

    assert isinstance(await sender.send(edit), Refused)
    await store.set_severity(by(ANA), 1, "Low")
    [post] = [delivery for delivery in await claim(outbox) if delivery.is_post]
    content = await outbox.content(post)
    assert content is not None
    assert content.message_ts == "1.000001"  # where it is announced is not forgotten
