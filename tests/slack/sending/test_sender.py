"""What Slack's refusals mean for a message: some end it alone, some are waited for."""

from dataclasses import replace
from typing import Any

import pytest

from incident_bot.delivery.outcome import (
    AccessLost,
    ChannelClosed,
    ChannelMade,
    Done,
    NotSent,
    Outcome,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Unwelcome,
)
from incident_bot.domain.action_item import NewActionItem
from incident_bot.domain.declaration import OriginMessage
from incident_bot.domain.edits import Edit, ProgressUpdate
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Step
from incident_bot.slack.messages.announcement import announcement
from incident_bot.slack.sending.history import marks
from incident_bot.slack.sending.sender import SlackSender
from incident_bot.slack.services import Services
from incident_bot.slack.tasks import Tasks
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.case import SeenVersion
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from tests.factories import (
    A_VIEWER,
    ANA,
    BEN,
    CARA,
    INCIDENTS,
    NOON,
    Clock,
    a_declaration,
    after,
    by,
)
from tests.slack.incidents import OWN, declared, with_channel
from tests.slack.support import as_sent
from tests.web_api import LOST, Answer, Call, WebApi, a_user, error, ok, rate_limited

HERE = {"id": "C0INC", "name": INCIDENTS, "is_member": True}
LINK = "https://example.slack.com/archives/C0INC/p1000001"


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


@pytest.fixture(autouse=True)
def no_channel_is_found_by_its_name(web_api: WebApi) -> None:
    """Unless a test says otherwise: what it announces by ID isn't in the announcement channel."""
    web_api.answers("conversations.list", ok(channels=[]))


@pytest.mark.parametrize("name", ["no_permission", "access_denied"])
async def test_a_place_where_the_bot_may_not_write_is_not_the_loss_of_all_access(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi, name: str
) -> None:
    web_api.answers("chat.postMessage", error(name))
    await store.declare(by(CARA), a_declaration(), ["C0INC"])
    await store.hand_over(by(ANA), 1, BEN)

    outcomes = {
        delivery.destination: await sender.send(delivery) for delivery in await claim(outbox)
    }

    assert isinstance(outcomes["C0INC"], Unwelcome)
    assert isinstance(outcomes[BEN], Refused)
    assert "auth.test" not in web_api.methods


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (error("account_inactive"), AccessLost),
        (error("access_denied"), AccessLost),
        (error("internal_error"), NotSent),
        (LOST, NotSent),
        (ok(team_id="T0ORG"), NotSent),
    ],
)
async def test_access_is_lost_only_when_slack_does_not_know_the_bot_either(
    store: IncidentStore,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    answer: Answer,
    outcome: type[Outcome],
) -> None:
    web_api.answers("chat.postMessage", error("token_revoked"))
    web_api.answers("auth.test", answer)
    await store.declare(by(CARA), a_declaration(), ["C0INC"])

    assert isinstance(await sender.send(await the(outbox, Operation.ANNOUNCEMENT)), outcome)


@pytest.mark.parametrize(
    ("scopes", "outcome"),
    [({}, AccessLost), ({"x-oauth-scopes": "chat:write"}, NotSent)],
)
async def test_a_missing_scope_is_believed_unless_the_token_has_it(
    store: IncidentStore,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    scopes: dict[str, str],
    outcome: type[Outcome],
) -> None:
    web_api.answers("chat.postMessage", error("missing_scope", needed="chat:write"))
    web_api.answers("auth.test", replace(ok(team_id="T0ORG"), headers=scopes))
    await store.declare(by(CARA), a_declaration(), ["C0INC"])

    assert isinstance(await sender.send(await the(outbox, Operation.ANNOUNCEMENT)), outcome)


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
    content = await outbox.messages.content(post)
    assert content is not None
    assert content.message_ts == "1.000001"  # where it is announced is not forgotten


async def the(outbox: Outbox, operation: Operation) -> Delivery:
    """The delivery with an operation that is due."""
    [found] = [delivery for delivery in await claim(outbox) if delivery.operation is operation]
    return found


async def announced(store: IncidentStore, outbox: Outbox, **changes: Any) -> Delivery:  # noqa: ANN401 - Declaration's
    """INC-1 is announced in the announcement channel."""
    await store.declare(by(CARA), a_declaration(**changes), [INCIDENTS])
    post = await the(outbox, Operation.ANNOUNCEMENT)
    await outbox.sent(post, "C0INC", "1.000001", NOON)
    return post


async def test_an_announcement_is_posted_with_its_marks_and_its_link_is_kept(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi, tasks: Tasks
) -> None:
    web_api.answers("conversations.list", ok(channels=[HERE]))
    web_api.answers("chat.postMessage", ok(channel="C0INC", ts="1.000001"))
    web_api.answers("chat.getPermalink", ok(permalink=LINK))
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    post = await the(outbox, Operation.ANNOUNCEMENT)

    outcome = await sender.send(post)
    await tasks.finish()
    await outbox.sent(post, "C0INC", "1.000001", NOON)

    assert (outcome, sender.method(post)) == (Sent("C0INC", "1.000001"), "chat.postMessage")
    [sent] = web_api.asked("chat.postMessage")
    text, blocks = announcement(await store.get(1, A_VIEWER), Severities())
    assert (sent["channel"], sent["text"], sent["blocks"]) == ("C0INC", text, as_sent(blocks))
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert marks(post).items() <= sent.items()
    assert web_api.asked("chat.getPermalink") == [{"channel": "C0INC", "message_ts": "1.000001"}]


async def test_a_link_that_slack_does_not_give_is_done_without(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi, tasks: Tasks
) -> None:
    web_api.answers("chat.postMessage", ok(channel="C0OPS", ts="1.000001"))
    web_api.answers("chat.getPermalink", error("message_not_found"))
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])

    assert await sender.send(await the(outbox, Operation.ANNOUNCEMENT)) == Sent("C0OPS", "1.000001")
    await tasks.finish()

    assert await store.permalinks([1], INCIDENTS) == {}


async def test_an_announcement_is_edited_in_place(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi, tasks: Tasks
) -> None:
    await announced(store, outbox)
    await store.edit(by(ANA), 1, Edit(title="Tills are down"))
    web_api.answers("chat.update", ok())

    edit = await the(outbox, Operation.ANNOUNCEMENT)
    assert await sender.send(edit) == Sent("C0INC", "1.000001")
    await tasks.finish()

    [sent] = web_api.asked("chat.update")
    assert (sent["channel"], sent["ts"]) == ("C0INC", "1.000001")
    assert "Tills are down" in sent["text"]
    assert (sender.method(edit), web_api.methods) == ("chat.update", ["chat.update"])


@pytest.mark.parametrize("name", ["message_not_found", "cant_update_message"])
async def test_an_announcement_that_somebody_deleted_is_posted_anew(
    store: IncidentStore,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    tasks: Tasks,
    name: str,
) -> None:
    await announced(store, outbox)
    await store.edit(by(ANA), 1, Edit(title="Tills are down"))
    web_api.answers("chat.update", error(name))
    web_api.answers("chat.postMessage", ok(channel="C0INC", ts="9.000001"))
    web_api.answers("chat.getPermalink", ok(permalink=LINK))

    outcome = await sender.send(await the(outbox, Operation.ANNOUNCEMENT))
    await tasks.finish()

    assert outcome == Sent("C0INC", "9.000001")
    assert web_api.methods == ["chat.update", "chat.postMessage", "chat.getPermalink"]


async def test_an_announcement_of_what_was_deleted_is_not_posted_anew(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await announced(store, outbox)
    await store.delete(by(CARA), 1)
    web_api.answers("chat.update", error("message_not_found"))

    assert await sender.send(await the(outbox, Operation.ANNOUNCEMENT)) == Refused(
        "the incident was deleted, and its announcement too"
    )


@pytest.mark.parametrize("name", ["invalid_blocks", "msg_blocks_too_long"])
async def test_blocks_that_slack_does_not_take_are_left_out(
    store: IncidentStore,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    tasks: Tasks,
    name: str,
) -> None:
    posted = ok(channel="C0OPS", ts="1.000001")
    web_api.answers("chat.postMessage", error(name, errors=["odd"]), posted)
    web_api.answers("chat.getPermalink", ok(permalink=LINK))
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])

    outcome = await sender.send(await the(outbox, Operation.ANNOUNCEMENT))
    await tasks.finish()

    first, second = web_api.asked("chat.postMessage")
    assert outcome == Sent("C0OPS", "1.000001")
    assert (first["text"], bool(first["blocks"])) == (second["text"], True)
    assert second["blocks"] == []


@pytest.mark.parametrize(
    ("step", "is_broadcast"), [(Step.ACKNOWLEDGE, False), (Step.RESOLVE, True)]
)
async def test_a_notification_goes_into_the_thread_of_the_announcement(
    store: IncidentStore,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    *,
    step: Step,
    is_broadcast: bool,
) -> None:
    await announced(store, outbox)
    await store.take(by("monitor"), 1, step)
    web_api.answers("chat.postMessage", ok(channel="C0INC", ts="2.000001"))

    outcome = await sender.send(await the(outbox, Operation.NOTIFICATION))

    assert outcome == Sent("C0INC", "2.000001")
    [sent] = web_api.asked("chat.postMessage")
    assert (sent["thread_ts"], sent["reply_broadcast"]) == ("1.000001", is_broadcast)


@pytest.mark.parametrize("name", ["thread_not_found", "cannot_reply_to_message"])
async def test_where_the_thread_is_gone_a_notification_stands_alone(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi, name: str
) -> None:
    await announced(store, outbox)
    await store.take(by("monitor"), 1, Step.ACKNOWLEDGE)
    posted = ok(channel="C0INC", ts="2.000001")
    web_api.answers("chat.postMessage", error(name), posted)

    assert isinstance(await sender.send(await the(outbox, Operation.NOTIFICATION)), Sent)
    assert "thread_ts" not in web_api.asked("chat.postMessage")[1]


async def test_in_its_own_channel_nothing_is_put_aside_in_a_thread(
    services: Services, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await with_channel(services, outbox)
    [post] = [
        one for one in await claim(outbox) if one.destination == OWN and one.operation.is_message
    ]
    await outbox.sent(post, OWN, "1.000001", NOON)
    await services.store.take(by("monitor"), 1, Step.ACKNOWLEDGE)
    web_api.answers("chat.postMessage", ok(channel=OWN, ts="2.000001"))

    assert await sender.send(await the(outbox, Operation.NOTIFICATION)) == Sent(OWN, "2.000001")
    assert "thread_ts" not in web_api.asked("chat.postMessage")[0]


async def test_what_was_deleted_before_it_was_told_is_not_told(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await announced(store, outbox)
    await store.take(by("monitor"), 1, Step.ACKNOWLEDGE)
    await store.delete(by(CARA), 1)

    assert await sender.send(await the(outbox, Operation.NOTIFICATION)) == Refused(
        "the incident was deleted before this was sent"
    )
    assert web_api.calls == []


async def test_while_it_is_in_doubt_what_is_in_its_thread_nothing_is_posted_anew(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await announced(store, outbox)
    await store.take(by("monitor"), 1, Step.ACKNOWLEDGE)
    edit, post = sorted(
        await claim(outbox), key=lambda one: one.operation is Operation.NOTIFICATION
    )
    await outbox.put_back(post, NOON, "lost", is_uncertain=True)
    web_api.answers("chat.update", error("message_not_found"))

    assert await sender.send(edit) == NotSent(
        "what may be in the thread of the deleted message is looked for first"
    )


async def test_a_missing_announcement_channel_is_waited_for(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    web_api.answers("conversations.list", ok(channels=[]))
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    outcome = await sender.send(await the(outbox, Operation.ANNOUNCEMENT))

    assert isinstance(outcome, ChannelClosed)
    assert outcome.reason.startswith("there is no channel #incidents that the bot can see")


async def test_where_it_was_declared_is_a_courtesy(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    web_api.answers("chat.postMessage", error("not_in_channel"))
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])

    assert isinstance(await sender.send(await the(outbox, Operation.ANNOUNCEMENT)), Unwelcome)


async def test_declared_in_the_announcement_channel_itself_it_is_announced_there_once(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    """A private channel's name is not told, so only the ID shows that both are one."""
    web_api.answers("conversations.list", ok(channels=[{"id": "C0INC", "name": INCIDENTS}]))
    web_api.answers("chat.postMessage", ok(channel="C0INC", ts="1.000001"))
    web_api.answers("chat.getPermalink", ok(permalink=LINK))
    await store.declare(by(CARA), a_declaration(), [INCIDENTS, "C0INC"])

    outcomes = {one.destination: await sender.send(one) for one in await claim(outbox)}

    assert outcomes[INCIDENTS] == Sent("C0INC", "1.000001")
    assert isinstance(outcomes["C0INC"], Unwelcome)
    assert web_api.methods.count("chat.postMessage") == 1


async def test_where_another_channel_has_the_name_it_is_announced_anew(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await announced(store, outbox)
    await store.edit(by(ANA), 1, Edit(title="Tills are down"))
    web_api.answers("chat.update", error("is_archived"))
    web_api.answers("conversations.list", ok(channels=[HERE | {"id": "C0NEW"}]))
    edit = await the(outbox, Operation.ANNOUNCEMENT)

    assert await sender.send(edit) == NotSent(
        "another channel has the name now: it is announced there anew"
    )
    content = await outbox.messages.content(edit)
    assert content is not None
    assert content.message_ts is None


async def test_while_slack_does_not_list_channels_none_has_moved(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await announced(store, outbox)
    await store.edit(by(ANA), 1, Edit(title="Tills are down"))
    web_api.answers("chat.update", error("is_archived"))
    web_api.answers("conversations.list", error("internal_error"))

    outcome = await sender.send(await the(outbox, Operation.ANNOUNCEMENT))

    assert outcome == ChannelClosed("the channel is archived (is_archived)")


async def test_a_rate_limit_says_how_long(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    web_api.answers("chat.postMessage", rate_limited(7))
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])

    outcome = await sender.send(await the(outbox, Operation.ANNOUNCEMENT))

    assert outcome == RateLimited("chat.postMessage", 7)


async def test_a_lost_reply_leaves_it_open_whether_it_was_posted(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    web_api.answers("chat.postMessage", LOST)
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])

    outcome = await sender.send(await the(outbox, Operation.ANNOUNCEMENT))

    assert isinstance(outcome, Unknown)
    assert web_api.methods.count("chat.postMessage") == 1


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("access_denied", Refused("Slack does not let the bot write to them (access_denied)")),
        ("user_disabled", Refused("chat.postMessage answered user_disabled")),
        (
            "channel_not_found",
            Refused("the channel does not exist, or the bot is not in it (channel_not_found)"),
        ),
        ("token_revoked", AccessLost("Slack does not accept SLACK_BOT_TOKEN (token_revoked)")),
    ],
)
async def test_who_takes_no_direct_message_is_given_up(
    store: IncidentStore,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    *,
    name: str,
    outcome: Outcome,
) -> None:
    web_api.answers("chat.postMessage", error(name))
    web_api.answers("auth.test", error(name))
    await store.declare(by(CARA), a_declaration(), [])
    await store.hand_over(by(ANA), 1, BEN)

    assert await sender.send(await the(outbox, Operation.DIRECT)) == outcome


async def test_a_direct_message_has_the_link_to_the_announcement(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    post = await announced(store, outbox)
    await outbox.messages.keep_permalink(post, LINK)
    await store.hand_over(by(ANA), 1, BEN)
    web_api.answers("chat.postMessage", ok(channel="D0BEN", ts="3.000001"))

    assert await sender.send(await the(outbox, Operation.DIRECT)) == Sent("D0BEN", "3.000001")
    [sent] = web_api.asked("chat.postMessage")
    assert sent["channel"] == BEN
    assert sent["text"].endswith(f"<{LINK}|Open the announcement>")


async def declared_at_a_message(store: IncidentStore) -> None:
    origin = OriginMessage("C0OPS", "100.1")
    await store.declare(by(CARA), a_declaration(), [INCIDENTS], origin)


async def test_below_the_message_from_which_it_was_declared_there_is_a_link(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await declared_at_a_message(store)
    web_api.answers("chat.postMessage", ok(channel="C0OPS", ts="4.000001"))

    outcome = await sender.send(await the(outbox, Operation.ORIGIN))

    assert outcome == Sent("C0OPS", "4.000001")
    [sent] = web_api.asked("chat.postMessage")
    assert (sent["channel"], sent["thread_ts"]) == ("C0OPS", "100.1")
    assert "INC-1" in sent["text"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("thread_not_found", "that message takes no replies, or it is gone"),
        ("cannot_reply_to_message", "that message takes no replies, or it is gone"),
        ("is_archived", "the channel is archived (is_archived)"),
    ],
)
async def test_where_no_link_can_be_left_none_is(
    store: IncidentStore,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    *,
    name: str,
    words: str,
) -> None:
    await declared_at_a_message(store)
    web_api.answers("chat.postMessage", error(name))

    assert await sender.send(await the(outbox, Operation.ORIGIN)) == Refused(words)


async def test_no_link_is_left_to_what_was_deleted(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await declared_at_a_message(store)
    reply = await the(outbox, Operation.ORIGIN)
    await store.delete(by(CARA), 1)

    assert await sender.send(reply) == Refused("the incident was deleted before this was sent")
    assert web_api.calls == []


@pytest.mark.parametrize("is_there", [True, False])
async def test_the_link_is_put_in_once_it_is_known(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi, *, is_there: bool
) -> None:
    await declared_at_a_message(store)
    reply, post = sorted(
        await claim(outbox), key=lambda one: one.operation is Operation.ANNOUNCEMENT
    )
    await outbox.sent(reply, "C0OPS", "4.000001", NOON)
    await outbox.sent(post, "C0INC", "1.000001", NOON)
    web_api.answers("chat.getPermalink", ok(permalink=LINK))
    web_api.answers("chat.update", ok() if is_there else error("message_not_found"))

    outcome = await sender.send(await the(outbox, Operation.ORIGIN))

    there = Sent("C0OPS", "4.000001")
    assert outcome == (there if is_there else Refused("the reply was deleted"))
    assert web_api.asked("chat.getPermalink") == [{"channel": "C0INC", "message_ts": "1.000001"}]
    assert LINK in web_api.asked("chat.update")[0]["text"]


async def test_a_step_in_a_channel_is_taken(
    services: Services, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await declared(services, wants_channel=True)
    web_api.answers("conversations.create", ok(channel={"id": OWN, "name": "inc-1"}))
    step = await the(outbox, Operation.CHANNEL)

    assert sender.method(step) == "conversations.create"
    assert await sender.send(step) == ChannelMade(OWN, "inc-1")


async def test_what_is_announced_nowhere_any_more_is_not_told(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])
    post = await the(outbox, Operation.ANNOUNCEMENT)
    await outbox.forget_destination(post, "unwelcome", NOON)

    assert await sender.send(post) == Refused("it is announced there no longer")
    assert web_api.calls == []


@pytest.mark.parametrize("is_apt", [True, False])
async def test_a_reminder_of_what_is_done_is_not_said(
    store: IncidentStore,
    services: Services,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    clock: Clock,
    *,
    is_apt: bool,
) -> None:
    await announced(store, outbox)
    clock.advance(25 * 60 * 60)
    await services.reminders.remind()
    if not is_apt:
        await store.take(by("monitor"), 1, Step.RESOLVE)
    web_api.answers("chat.postMessage", ok(channel="C0INC", ts="2.000001"))

    outcome = await sender.send((await reminders(outbox, clock))[0])

    assert outcome == (Sent("C0INC", "2.000001") if is_apt else Done())


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_reminder_of_action_items_that_are_done_is_not_said(
    services: Services,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    clock: Clock,
    *,
    is_done: bool,
) -> None:
    await declared(services)
    item = NewActionItem("Fix it", BEN, NOON)
    await services.action_items.add(by(BEN), 1, item)
    clock.advance(60)
    await services.reminders.remind()
    if is_done:
        await services.action_items.finish(by(BEN), 1, 1)
    web_api.answers("chat.postMessage", ok(channel="D0BEN", ts="2.000001"))

    outcome = await sender.send((await reminders(outbox, clock))[0])

    assert outcome == (Done() if is_done else Sent("D0BEN", "2.000001"))


async def reminders(outbox: Outbox, clock: Clock) -> list[Delivery]:
    return [one for one in await outbox.claim(clock(), 9, 9) if one.entry_id is not None]


@pytest.mark.parametrize("asked", [CARA, "monitor"])
async def test_a_person_who_asked_is_to_hear_what_keeps_it(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, asked: str
) -> None:
    is_name = asked == "monitor"
    declaration = a_declaration(reported_by=asked, has_named_reporter=is_name)
    await store.declare(by(asked), declaration, ["C0OPS"])
    post = await the(outbox, Operation.ANNOUNCEMENT)

    assert await sender.who_asked(post) == (None if is_name else CARA)


async def test_they_hear_what_keeps_it(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    web_api.answers("chat.postMessage", ok(channel="D0CARA", ts="5.000001"))
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])

    assert await sender.send(await trouble_with(outbox, "archived")) == Sent("D0CARA", "5.000001")

    [told] = web_api.asked("chat.postMessage")
    assert told["channel"] == CARA
    assert told["text"].startswith(":warning: INC-1 cannot be told in <#C0OPS> yet: archived.")


async def test_what_has_gone_out_meanwhile_is_no_trouble(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])
    trouble = await trouble_with(outbox, "archived")
    [post] = await outbox.claim(after(120), 9, 9)
    await outbox.sent(post, "C0OPS", "1.000001", after(120))

    assert await sender.send(trouble) == Done()
    assert web_api.methods == []


async def trouble_with(outbox: Outbox, reason: str) -> Delivery:
    """What tells Cara of trouble with the announcement that waits."""
    post = await the(outbox, Operation.ANNOUNCEMENT)
    await outbox.put_back(post, after(60), reason, is_uncertain=False)
    await outbox.tell_what_keeps(post, CARA, NOON)
    return await the(outbox, Operation.TROUBLE)


@pytest.mark.parametrize(
    ("answer", "is_answering"), [(error("internal_error"), False), (ok(team_id="T0ORG"), True)]
)
async def test_whether_slack_answers_is_asked_without_a_message(
    sender: SlackSender, web_api: WebApi, answer: Answer, *, is_answering: bool
) -> None:
    web_api.answers("auth.test", answer)

    assert await sender.is_target_answering() is is_answering
    assert web_api.methods == ["auth.test"]


async def test_a_message_can_go_as_text_alone(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi, tasks: Tasks
) -> None:
    web_api.answers("chat.postMessage", ok(channel="C0OPS", ts="1.000001"))
    web_api.answers("chat.getPermalink", ok(permalink=LINK))
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])
    post = await the(outbox, Operation.ANNOUNCEMENT)

    assert isinstance(await sender.send(replace(post, is_text_alone=True)), Sent)
    await tasks.finish()

    assert [sent["blocks"] for sent in web_api.asked("chat.postMessage")] == [[]]


async def test_who_asked_for_a_person_to_be_invited_is_to_hear_of_it(
    services: Services, outbox: Outbox, sender: SlackSender
) -> None:
    await with_channel(services, outbox)
    await services.store.add_responder(by(ANA), 1, BEN)
    invited = [one for one in await claim(outbox) if one.operation is Operation.INVITATION]

    asked = [await sender.who_asked(delivery) for delivery in invited]

    assert asked == [ANA if one.entry_id else CARA for one in invited]


async def test_of_what_was_deleted_only_an_open_channel_is_of_interest(
    services: Services, outbox: Outbox, sender: SlackSender
) -> None:
    await with_channel(services, outbox)
    await services.store.delete(by(CARA), 1)

    asked = {one.operation: await sender.who_asked(one) for one in await claim(outbox)}

    assert asked.pop(Operation.ARCHIVING) == CARA
    assert set(asked.values()) == {None}


async def test_who_may_not_see_a_private_incident_any_more_hears_of_no_trouble(
    services: Services, outbox: Outbox, sender: SlackSender
) -> None:
    await with_channel(services, outbox, is_private=True)
    await services.store.add_responder(by(CARA), 1, ANA)
    await services.store.add_responder(by(ANA), 1, BEN)
    [message] = [one for one in await claim(outbox) if one.destination == BEN]
    assert await sender.who_asked(message) == ANA

    await services.incident_channels.left(OWN, ANA)

    assert await sender.who_asked(message) == CARA


async def test_what_else_keeps_a_notification_from_its_thread_is_not_worked_around(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    await announced(store, outbox)
    await store.take(by("monitor"), 1, Step.ACKNOWLEDGE)
    web_api.answers("chat.postMessage", rate_limited(7))

    outcome = await sender.send(await the(outbox, Operation.NOTIFICATION))

    assert outcome == RateLimited("chat.postMessage", 7)
    assert len(web_api.calls) == 1


@pytest.mark.parametrize("is_there", [True, False])
async def test_what_may_be_posted_already_is_looked_for_first(
    store: IncidentStore,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    tasks: Tasks,
    *,
    is_there: bool,
) -> None:
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])
    post = replace(await the(outbox, Operation.ANNOUNCEMENT), is_uncertain=True)
    found = {"ts": "1.000001", **marks(post)}
    web_api.answers("conversations.history", ok(messages=[found] if is_there else []))
    web_api.answers("chat.postMessage", ok(channel="C0OPS", ts="2.000001"))
    web_api.answers("chat.getPermalink", ok(permalink=LINK))

    outcome = await sender.send(post)
    await tasks.finish()

    assert outcome == Sent("C0OPS", "1.000001" if is_there else "2.000001")
    assert ("chat.postMessage" in web_api.methods) is not is_there


async def test_who_left_the_company_gets_no_direct_messages(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    web_api.answers("users.info", ok(user=a_user(BEN, deleted=True)))
    await store.declare(by(CARA), a_declaration(), [])
    await store.follow(1, BEN)
    await store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    [direct] = await claim(outbox)

    assert await sender.send(direct) == Done()
    assert web_api.methods == ["users.info"]


async def test_the_lead_is_to_hear_of_trouble_when_who_asked_left_the_company(
    store: IncidentStore, outbox: Outbox, sender: SlackSender, web_api: WebApi
) -> None:
    def somebody(call: Call) -> Answer:
        user_id = call.arguments["user"]
        return ok(user=a_user(user_id, deleted=user_id == CARA))

    web_api.answers("users.info", somebody)
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])
    await store.hand_over(by(ANA), 1, ANA)
    post = await the(outbox, Operation.ANNOUNCEMENT)

    assert await sender.who_asked(post) == ANA
