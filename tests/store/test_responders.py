"""Who works on an incident, as it is stored; and what is sent to them in person."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from incident_bot.domain.edits import Patch
from incident_bot.domain.errors import AlreadyResponds, IncidentNotFound, RepeatedRequest
from incident_bot.domain.responders import Responder, Responders
from incident_bot.domain.role import Roles
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.undelivered import Undelivered
from tests.databases import Rows
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
from tests.store.declaring import declared

ROLES = Roles()


async def claimed(outbox: Outbox, operation: Operation) -> Delivery:
    [delivery] = [
        one for one in await outbox.claim(after(60), 64, 64) if one.operation is operation
    ]
    return delivery


async def test_a_role_is_stored_with_its_entry_and_its_messages(
    store: IncidentStore, rows: Rows
) -> None:
    incident = await declared(store)

    changed = await store.assign(by(ANA), incident.id, BEN, "Scribe")

    assert changed.version == 2
    assert await store.responders(incident.id) == Responders((Responder(BEN, NOON, "Scribe"),))
    [_, entry] = await store.timeline(incident.id, A_VIEWER)
    assert (entry.kind, entry.actor, entry.before, entry.after, entry.text) == (
        EntryKind.ROLE_ASSIGNED,
        ANA,
        None,
        BEN,
        "Scribe",
    )
    assert sorted(rows.of("outbox", "operation")) == [("announcement",), ("notification",)]


async def test_a_role_changes_hands(store: IncidentStore, clock: Clock) -> None:
    incident = await declared(store)
    await store.assign(by(ANA), incident.id, BEN, "Scribe")
    clock.advance(60)

    await store.assign(by(ANA), incident.id, CARA, "Scribe")

    assert await store.responders(incident.id) == Responders(
        (Responder(CARA, after(1), "Scribe"), Responder(BEN, NOON))
    )


async def test_those_with_a_role_come_first_the_others_as_they_joined(
    store: IncidentStore, clock: Clock
) -> None:
    incident = await declared(store)
    for user_id in ("U3", "U1", "U2"):
        await store.add_responder(by(ANA), incident.id, user_id)
        clock.advance()
    await store.assign(by(ANA), incident.id, "U2", "Scribe")

    assert [one.user_id for one in await store.responders(incident.id)] == ["U2", "U3", "U1"]


async def test_each_incident_has_responders_of_its_own(store: IncidentStore) -> None:
    first, second = await declared(store), await declared(store)

    await store.join(by(BEN), first.id, ROLES)

    assert (await store.responders(first.id)).holder("Communications") == BEN
    assert list(await store.responders(second.id)) == []


async def test_all_who_join_at_once_have_roles_of_their_own(store: IncidentStore) -> None:
    incident = await declared(store)

    await asyncio.gather(*(store.join(by(f"U{n}"), incident.id, ROLES) for n in range(5)))

    responders = list(await store.responders(incident.id))
    assert len(responders) == 5
    assert sorted(one.role for one in responders if one.role) == ["Communications", "Scribe"]


async def test_joining_twice_is_refused_and_a_repeated_press_is_no_second_one(
    store: IncidentStore, rows: Rows
) -> None:
    incident = await declared(store)
    await store.join(by(BEN, "press:1"), incident.id, ROLES)
    before = rows.counts()

    with pytest.raises(RepeatedRequest):
        await store.join(by(BEN, "press:1"), incident.id, ROLES)
    with pytest.raises(AlreadyResponds):
        await store.join(by(BEN, "press:2"), incident.id, ROLES)

    assert rows.counts() == before


async def test_a_deleted_incident_has_no_lead_to_hand_over(store: IncidentStore) -> None:
    incident = await declared(store)
    await store.delete(by(CARA), incident.id)

    with pytest.raises(IncidentNotFound):
        await store.hand_over(by(ANA), incident.id, BEN)
    with pytest.raises(IncidentNotFound):
        await store.join(by(BEN), incident.id, ROLES)


async def test_an_announcement_is_sent_with_its_responders_by_one_more_look(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await declared(store)
    await store.join(by(BEN), incident.id, ROLES)

    content = await outbox.messages.content(await claimed(outbox, Operation.ANNOUNCEMENT))

    assert content is not None
    assert content.responders.holder("Communications") == BEN


async def test_a_new_lead_is_written_to_in_a_lane_of_their_own(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    incident = await declared(store)
    await store.hand_over(by(ANA), incident.id, BEN)

    delivery = await claimed(outbox, Operation.DIRECT)
    content = await outbox.messages.content(delivery)

    assert (delivery.destination, delivery.lane, delivery.is_post) == (BEN, BEN, True)
    assert content is not None
    assert content.entry is not None
    assert (content.entry.kind, content.entry.after) == (EntryKind.LEAD_CHANGED, BEN)
    assert (content.incident.lead, content.channel_id, content.message_ts) == (BEN, None, None)
    assert rows.of("announcements", "destination") == [(INCIDENTS,)]


async def test_a_lead_named_by_rest_is_written_to(store: IncidentStore, outbox: Outbox) -> None:
    incident = await declared(store)

    await store.patch(by("ci"), incident.id, Patch(lead=BEN))

    assert (await claimed(outbox, Operation.DIRECT)).destination == BEN


async def test_who_takes_the_lead_is_not_written_to(store: IncidentStore, rows: Rows) -> None:
    incident = await declared(store)

    await store.hand_over(by(BEN), incident.id, BEN)

    assert rows.query("SELECT count(*) FROM outbox WHERE operation = 'direct'") == [(0,)]


async def test_a_direct_message_does_not_move_the_announcement(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    incident = await declared(store)
    await store.hand_over(by(ANA), incident.id, BEN)

    await outbox.sent(await claimed(outbox, Operation.DIRECT), "D0BEN", "200.2", after(60))

    assert rows.of("announcements", "message_ts") == [(None,)]


async def test_a_direct_message_knows_the_announcement_once_it_is_there(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await store.declare(by(CARA), a_declaration(), ["C0OPS", INCIDENTS])
    posts = await outbox.claim(after(60), 64, 64)
    await store.hand_over(by(ANA), incident.id, BEN)
    delivery = await claimed(outbox, Operation.DIRECT)

    before = await outbox.messages.permalink(delivery, INCIDENTS)
    for post in posts:
        await outbox.messages.keep_permalink(post, f"https://slack/{post.destination}")

    assert before is None
    assert await outbox.messages.permalink(delivery, INCIDENTS) == f"https://slack/{INCIDENTS}"
    assert await outbox.messages.permalink(delivery, "C0OTHER") is not None


async def test_an_operator_sees_what_a_direct_message_tells(
    store: IncidentStore, database: Database
) -> None:
    incident = await declared(store)
    await store.hand_over(by(ANA), incident.id, BEN)

    *_, told = await Undelivered(database, lambda: NOON, lambda: None).page()

    assert (told.operation, told.entry_kind) == (Operation.DIRECT, EntryKind.LEAD_CHANGED)
    assert (told.destination, told.is_edit) == (BEN, False)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE outbox SET operation = 'gossip'", "ck_outbox_kind"),
        ("UPDATE outbox SET operation = 'direct'", "ck_outbox_entry"),
        ("UPDATE outbox SET entry_id = 1 WHERE operation = 'announcement'", "ck_outbox_entry"),
        ("UPDATE responders SET role = 'Scribe'", "(?i)unique"),
        ("UPDATE responders SET user_id = 'U1'", "(?i)unique"),
        ("UPDATE responders SET incident_id = 99", "(?i)foreign key"),
    ],
)
async def test_an_illegal_row_is_refused(
    store: IncidentStore, rows: Rows, statement: str, constraint: str
) -> None:
    incident = await declared(store)
    for user_id in (ANA, BEN):
        await store.add_responder(by(CARA), incident.id, user_id)

    with pytest.raises(IntegrityError, match=constraint):
        rows.execute(statement)
