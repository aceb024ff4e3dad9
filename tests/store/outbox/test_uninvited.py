"""Whom Slack did not let into an incident's channel: each by their own invitation."""

import pytest

from incident_bot.domain.actors import EVERYTHING
from incident_bot.domain.incident import Incident
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.channels import IncidentChannels, KnownChannel
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.undelivered import Undelivered
from incident_bot.store.transaction import Clock
from tests.databases import Rows
from tests.factories import BEN, CARA, GUS, a_declaration, by
from tests.factories import Clock as MovableClock

OWN = "C0OWN"
REFUSED = "Slack does not let in somebody"


@pytest.fixture
def channels(database: Database, clock: Clock) -> IncidentChannels:
    return IncidentChannels(database, clock)


@pytest.fixture
async def incident(store: IncidentStore, outbox: Outbox, clock: Clock) -> Incident:
    """A private incident that Cara declared; its channel is made, nobody is invited yet."""
    await store.declare(by(CARA), a_declaration(is_private=True), [])
    [making] = await outbox.claim(clock(), 9, 9)
    await outbox.channel_made(making, OWN, "inc-1-private", clock())
    return await store.get(1, EVERYTHING)


async def invitations(outbox: Outbox, clock: Clock) -> list[Delivery]:
    """Those that wait, one after the other; all else is done."""
    claimed = await outbox.claim(clock(), 9, 9)
    for delivery in claimed:
        if delivery.operation.is_message:
            await outbox.sent(delivery, OWN, f"{delivery.id}.1", clock())
        elif delivery.operation is not Operation.INVITATION:
            await outbox.done(delivery, clock())
    return [one for one in claimed if one.operation is Operation.INVITATION]


async def all_are_let_in(outbox: Outbox, clock: Clock) -> None:
    while waiting := await invitations(outbox, clock):
        for delivery in waiting:
            await outbox.done(delivery, clock())


async def known_of(channels: IncidentChannels) -> KnownChannel:
    [known] = await channels.known()
    return known


async def test_only_whose_own_invitation_failed_was_not_let_in(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    incident: Incident,
) -> None:
    await all_are_let_in(outbox, clock)
    await store.add_responder(by(CARA), incident.id, BEN)
    await all_are_let_in(outbox, clock)
    await store.add_responder(by(CARA), incident.id, GUS)

    [inviting] = await invitations(outbox, clock)
    assert (await known_of(channels)).being_invited == {GUS}
    await outbox.failed(inviting, REFUSED, clock())

    known = await known_of(channels)
    assert (known.uninvited, known.being_invited) == (frozenset({GUS}), frozenset())


async def test_of_all_who_are_invited_at_once_only_the_refused_are_not_let_in(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    incident: Incident,
) -> None:
    await store.add_responder(by(CARA), incident.id, BEN)
    await store.add_responder(by(CARA), incident.id, GUS)
    [inviting] = await invitations(outbox, clock)

    await outbox.not_let_in(inviting, [GUS], REFUSED, clock())
    await all_are_let_in_but(GUS, outbox, clock)

    assert (await known_of(channels)).uninvited == {GUS}


async def all_are_let_in_but(user_id: str, outbox: Outbox, clock: Clock) -> None:
    while waiting := await invitations(outbox, clock):
        for delivery in waiting:
            content = await outbox.messages.content(delivery)
            assert content is not None
            assert content.entry is not None
            refused = {user_id} & {content.entry.after}
            await outbox.not_let_in(delivery, [one for one in refused if one], REFUSED, clock())


async def test_an_invitation_of_everybody_that_is_given_up_let_in_nobody(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    incident: Incident,
    rows: Rows,
) -> None:
    await store.add_responder(by(CARA), incident.id, BEN)
    rows.execute("DELETE FROM outbox WHERE operation = 'invitation' AND entry_id IS NOT NULL")
    [inviting] = await invitations(outbox, clock)

    await outbox.failed(inviting, "no answer", clock())

    assert (await known_of(channels)).uninvited == {BEN}


async def test_who_was_there_before_a_channel_was_closed_was_let_in(
    store: IncidentStore,
    outbox: Outbox,
    clock: MovableClock,
    channels: IncidentChannels,
    incident: Incident,
) -> None:
    await store.add_responder(by(CARA), incident.id, BEN)
    await all_are_let_in(outbox, clock)
    clock.advance(60)
    await channels.closed(OWN, CARA)
    clock.advance(60)
    await store.add_responder(by(CARA), incident.id, GUS)
    await channels.opened(OWN, CARA)

    [inviting] = await invitations(outbox, clock)
    await outbox.failed(inviting, "no answer", clock())

    assert (await known_of(channels)).uninvited == {GUS}


@pytest.mark.parametrize("what", ["enters", "leaves", "is invited again"])
async def test_who_was_not_let_in_is_forgotten_when_that_is_so_no_more(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    incident: Incident,
    what: str,
) -> None:
    await all_are_let_in(outbox, clock)
    await store.add_responder(by(CARA), incident.id, BEN)
    [inviting] = await invitations(outbox, clock)
    await outbox.failed(inviting, REFUSED, clock())

    if what == "enters":
        await channels.entered(OWN, BEN, CARA)
    elif what == "leaves":
        await channels.left(OWN, BEN)
    else:
        await store.assign(by(CARA), incident.id, BEN, "Scribe")
        await all_are_let_in(outbox, clock)

    assert (await known_of(channels)).uninvited == set()


async def test_whose_invitation_an_operator_discards_was_not_let_in(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    incident: Incident,
    database: Database,
) -> None:
    await all_are_let_in(outbox, clock)
    await store.add_responder(by(CARA), incident.id, BEN)
    undelivered = Undelivered(database, clock, lambda: None)

    waiting = await undelivered.page()
    await undelivered.discard([one.id for one in waiting])

    assert (await known_of(channels)).uninvited == {BEN}


async def test_what_a_channel_that_takes_nothing_was_to_do_lets_nobody_in(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    incident: Incident,
) -> None:
    await all_are_let_in(outbox, clock)
    await store.add_responder(by(CARA), incident.id, BEN)
    await store.add_responder(by(CARA), incident.id, GUS)
    [inviting, *_] = await invitations(outbox, clock)

    await outbox.forget_destination(inviting, "nothing can be done there", clock())

    assert (await known_of(channels)).uninvited == {BEN, GUS}


async def test_a_refusal_that_another_process_has_overtaken_says_nothing(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    incident: Incident,
    rows: Rows,
) -> None:
    await all_are_let_in(outbox, clock)
    await store.add_responder(by(CARA), incident.id, BEN)
    [inviting] = await invitations(outbox, clock)
    rows.execute("UPDATE outbox SET claimed_by = 'another' WHERE state = 'sending'")

    await outbox.failed(inviting, REFUSED, clock())
    await outbox.not_let_in(inviting, [BEN], REFUSED, clock())
    await outbox.done(inviting, clock())

    known = await known_of(channels)
    assert (known.uninvited, known.being_invited) == (frozenset(), frozenset({BEN}))
