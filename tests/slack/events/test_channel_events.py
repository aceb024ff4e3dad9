"""What people do to channels: noted; and found out later, where no event of it came."""

from collections.abc import MutableMapping
from typing import Any

import pytest

from incident_bot.domain.incident import Incident
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.events.channel_events import ChannelEvents
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from tests.factories import (
    A_VIEWER,
    ANA,
    BEN,
    CARA,
    EVE,
    GUS,
    INCIDENTS,
    NOON,
    a_declaration,
    by,
)
from tests.new_sqlite import refuse_writes
from tests.slack.answers import deeds
from tests.slack.incidents import OWN, with_channel
from tests.slack.payloads import happened, id_changed
from tests.web_api import LOST, WebApi, error, ok

Logs = list[MutableMapping[str, Any]]
BOT = "U0BOT"
NEW = "C0NEW"


@pytest.fixture
def opened() -> list[str]:
    """The channels of which was told that they may take messages now."""
    return []


@pytest.fixture
def closed() -> list[str]:
    """The channels of which was told that they take no messages any more."""
    return []


@pytest.fixture
def events(services: Services, opened: list[str], closed: list[str]) -> ChannelEvents:
    async def note_opened(channel_id: str) -> None:
        opened.append(channel_id)

    async def note_closed(channel_id: str) -> None:
        closed.append(channel_id)

    return ChannelEvents(
        services.incident_channels,
        services.channels,
        services.people,
        services.workspace,
        note_opened,
        note_closed,
        moved=lambda _old, _new, name: name == INCIDENTS,
    )


async def now(services: Services) -> Incident:
    return await services.store.get(1, by(CARA).viewer)


async def responders(services: Services) -> list[str]:
    return [one.user_id for one in await services.store.responders(1)]


def is_in(web_api: WebApi, *members: str) -> None:
    web_api.answers("conversations.members", ok(members=[BOT, CARA, *members]))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("channel_archive", None),
        ("group_archive", None),
        ("channel_deleted", "the channel was deleted"),
        ("group_deleted", "the channel was deleted"),
        ("channel_left", "the bot is not in it any more"),
        ("group_left", "the bot is not in it any more"),
    ],
)
async def test_in_a_channel_that_is_closed_nothing_can_be_said(
    events: ChannelEvents, services: Services, outbox: Outbox, kind: str, reason: str | None
) -> None:
    await with_channel(services, outbox)

    assert await events.follow(happened(kind, OWN, user=ANA))

    *_, entry = await services.store.timeline(1, A_VIEWER)
    assert (await now(services)).channel_closed_at == NOON
    assert (entry.kind, entry.actor, entry.text) == (EntryKind.CHANNEL_CLOSED, ANA, reason)


@pytest.mark.parametrize(
    "event",
    [
        happened("channel_unarchive", OWN, user=ANA),
        happened("group_unarchive", OWN, user=ANA),
        happened("member_joined_channel", OWN, user=BOT, inviter=ANA),
    ],
    ids=["unarchived", "private", "invited"],
)
async def test_a_channel_that_opens_takes_messages_again(
    events: ChannelEvents,
    services: Services,
    outbox: Outbox,
    opened: list[str],
    event: Any,  # noqa: ANN401 - an event
) -> None:
    await with_channel(services, outbox)
    await services.incident_channels.closed(OWN, CARA)

    assert await events.follow(event)

    assert (await now(services)).channel_closed_at is None
    assert (await deeds(services))[-1] == (EntryKind.CHANNEL_OPENED, ANA)
    assert opened == [OWN]


async def test_whoever_opens_a_channel_unnamed_is_somebody(
    events: ChannelEvents, services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)
    await services.incident_channels.closed(OWN, CARA)

    await events.follow(happened("channel_unarchive", OWN))

    assert (await deeds(services))[-1] == (EntryKind.CHANNEL_OPENED, "Somebody")


async def test_a_channel_of_no_incident_may_take_messages_too(
    events: ChannelEvents, opened: list[str]
) -> None:
    assert await events.follow(happened("channel_unarchive", "C0INC", user=ANA))
    assert await events.follow(happened("member_joined_channel", "C0OPS", user=BOT))

    assert opened == ["C0INC", "C0OPS"]


@pytest.mark.parametrize("kind", ["channel_archive", "channel_deleted", "channel_left"])
async def test_a_channel_of_no_incident_may_take_no_messages_any_more(
    events: ChannelEvents, closed: list[str], kind: str
) -> None:
    assert await events.follow(happened(kind, "C0INC"))

    assert closed == ["C0INC"]


async def test_a_renamed_channel_is_known_by_its_new_name(
    events: ChannelEvents, services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)

    renamed = {"id": OWN, "name": "\u202ewar\x1b"}
    await events.follow(happened("channel_rename", renamed, user=ANA))
    await events.follow(happened("channel_rename", OWN, user=ANA))

    assert (await now(services)).channel_name == "war"
    assert (await deeds(services))[-1] == (EntryKind.CHANNEL_RENAMED, ANA)


async def test_who_comes_to_a_private_channel_is_one_of_its_people(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox, is_private=True)
    is_in(web_api, BEN, GUS)

    await events.follow(happened("member_joined_channel", OWN, user=BEN, inviter=CARA))
    await events.follow(happened("member_joined_channel", OWN, user=GUS))

    assert await responders(services) == [BEN, GUS]
    assert (await deeds(services))[-2:] == [(EntryKind.JOINED, CARA), (EntryKind.JOINED, GUS)]


@pytest.mark.parametrize(
    ("who", "is_private", "is_there"),
    [(BEN, False, True), (EVE, True, True), (BEN, True, False)],
    ids=["public", "foreign", "gone"],
)
async def test_others_who_come_are_not(
    events: ChannelEvents,
    services: Services,
    outbox: Outbox,
    web_api: WebApi,
    *,
    who: str,
    is_private: bool,
    is_there: bool,
) -> None:
    await with_channel(services, outbox, is_private=is_private)
    is_in(web_api, *([who] if is_there else []))

    assert await events.follow(happened("member_joined_channel", OWN, user=who))

    assert await responders(services) == []


async def test_in_a_public_channel_nobody_is_looked_up(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox)

    await events.follow(happened("member_joined_channel", OWN, user=BEN))
    await events.follow(happened("member_left_channel", OWN, user=BEN))

    assert web_api.calls == []


async def test_who_leaves_while_they_are_taken_in_is_not_one_of_its_people(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox, is_private=True)
    web_api.answers("conversations.members", ok(members=[BEN]), ok(members=[]))

    await events.follow(happened("member_joined_channel", OWN, user=BEN))

    assert await responders(services) == []
    assert (await deeds(services))[-1] == (EntryKind.LEFT, BEN)


@pytest.mark.parametrize(("is_back", "expected"), [(False, []), (True, [BEN])])
async def test_who_left_a_private_channel_sees_it_no_more_unless_they_are_back(
    events: ChannelEvents,
    services: Services,
    outbox: Outbox,
    web_api: WebApi,
    *,
    is_back: bool,
    expected: list[str],
) -> None:
    await with_channel(services, outbox, is_private=True)
    await services.store.add_responder(by(CARA), 1, BEN)
    is_in(web_api, *([BEN] if is_back else []))

    assert await events.follow(happened("member_left_channel", OWN, user=BEN))

    assert await responders(services) == expected


async def test_who_left_is_believed_to_be_gone_when_slack_does_not_say(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi, logs: Logs
) -> None:
    await with_channel(services, outbox, is_private=True)
    await services.store.add_responder(by(CARA), 1, BEN)
    web_api.answers("conversations.members", error("internal_error"))

    assert await events.follow(happened("member_left_channel", OWN, user=BEN))

    assert await responders(services) == []
    assert logs[-1]["event"] == "whoever left is believed to be gone"


async def test_that_the_bot_left_is_told_by_another_event(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox, is_private=True)

    assert await events.follow(happened("member_left_channel", OWN, user=BOT))

    assert web_api.calls == []


async def test_what_slack_does_not_say_now_is_asked_for_again(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi, logs: Logs
) -> None:
    await with_channel(services, outbox, is_private=True)
    web_api.answers("users.info", ok(user={"id": BEN}), error("internal_error"))
    web_api.answers("conversations.members", LOST)

    assert not await events.follow(happened("member_joined_channel", OWN, user=BEN))
    assert not await events.follow(happened("member_joined_channel", OWN, user=ANA))

    said = [entry for entry in logs if entry["event"] == "an event could not be followed"]
    assert [entry["kind"] for entry in said] == ["member_joined_channel"] * 2


async def test_while_the_database_is_away_it_is_asked_for_again(
    events: ChannelEvents, services: Services, outbox: Outbox, database: Database
) -> None:
    await with_channel(services, outbox)
    await refuse_writes(database)

    assert not await events.follow(happened("channel_archive", OWN, user=ANA))


def slack_shows(web_api: WebApi, **changes: Any) -> None:  # noqa: ANN401 - JSON
    shown = {"id": NEW, "name": "inc-1-checkout", "is_member": True} | changes
    web_api.answers("conversations.info", ok(channel=shown))


async def test_a_channel_with_another_id_goes_on_under_that(
    events: ChannelEvents,
    services: Services,
    outbox: Outbox,
    web_api: WebApi,
    opened: list[str],
) -> None:
    await with_channel(services, outbox)
    slack_shows(web_api)

    assert await events.follow_id(id_changed(OWN, NEW))
    assert await events.follow_id(id_changed(OWN, NEW))

    assert (await now(services)).open_channel_id == NEW
    assert opened == [NEW, NEW], "what waits for it goes out"


async def test_a_channel_whose_old_id_took_nothing_any_more_is_opened_under_the_new_one(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox)
    await services.incident_channels.closed(OWN, CARA, "channel_not_found")
    slack_shows(web_api)

    await events.follow_id(id_changed(OWN, NEW))

    assert (await now(services)).open_channel_id == NEW


@pytest.mark.parametrize("changes", [{"is_member": False}, {"is_archived": True}], ids=str)
async def test_a_closed_channel_with_another_id_stays_closed(
    events: ChannelEvents,
    services: Services,
    outbox: Outbox,
    web_api: WebApi,
    changes: dict[str, bool],
) -> None:
    await with_channel(services, outbox)
    await services.incident_channels.closed(OWN, CARA)
    slack_shows(web_api, **changes)

    await events.follow_id(id_changed(OWN, NEW))

    incident = await now(services)
    assert (incident.channel_id, incident.open_channel_id) == (NEW, None)


@pytest.mark.parametrize(
    "shown",
    [
        ok(channel={"id": "C0NEW", "name": "x", "is_ext_shared": True}),
        ok(channel={"id": "C0NEW", "name": "x", "is_pending_ext_shared": True}),
        error("channel_not_found"),
    ],
    ids=["shared", "about to be", "hidden"],
)
async def test_a_channel_that_others_may_read_is_closed_under_its_new_id(
    events: ChannelEvents,
    services: Services,
    outbox: Outbox,
    web_api: WebApi,
    opened: list[str],
    shown: Any,  # noqa: ANN401 - an answer
) -> None:
    await with_channel(services, outbox, is_private=True)
    web_api.answers("conversations.info", shown)

    assert await events.follow_id(id_changed(OWN, NEW))

    assert (await now(services)).channel_closed_at == NOON
    assert await services.incident_channels.is_closed_as_shared(NEW)
    assert opened == []


async def test_a_channel_that_was_closed_for_being_shared_opens_when_it_is_not_any_more(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi, opened: list[str]
) -> None:
    await with_channel(services, outbox)
    await services.incident_channels.moved(OWN, NEW, is_shared=True)
    slack_shows(web_api, is_ext_shared=True)

    await events.follow(happened("channel_unarchive", NEW, user=ANA))
    await events.follow(happened("member_joined_channel", NEW, user=BOT, inviter=ANA))

    assert ((await now(services)).open_channel_id, opened) == (None, [])
    slack_shows(web_api)
    await events.follow(happened("channel_unarchive", NEW, user=ANA))
    assert ((await now(services)).open_channel_id, opened) == (NEW, [NEW])


async def test_the_announcement_channel_goes_on_also_when_it_is_shared(
    events: ChannelEvents,
    services: Services,
    outbox: Outbox,
    web_api: WebApi,
    opened: list[str],
    logs: Logs,
) -> None:
    """Its setting names it."""
    await services.store.declare(by(CARA), a_declaration(), [OWN])
    slack_shows(web_api, name=INCIDENTS, is_ext_shared=True)

    assert await events.follow_id(id_changed(OWN, NEW))

    [waiting] = await outbox.claim(NOON, 9, 9)
    assert (waiting.destination, opened) == (NEW, [NEW])
    assert "another organisation may read the announcements" in [one["event"] for one in logs]


async def test_of_an_id_that_slack_does_not_explain_it_is_asked_again(
    events: ChannelEvents, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox)
    web_api.answers("conversations.info", LOST)

    assert not await events.follow_id(id_changed(OWN, NEW))

    assert (await now(services)).open_channel_id == OWN
