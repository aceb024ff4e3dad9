"""Private incidents in the database: who finds, counts, changes and is sent them."""

from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any, Final

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from incident_bot.domain.actors import EVERYTHING, Viewer
from incident_bot.domain.edits import Edit, Patch, ProgressUpdate
from incident_bot.domain.errors import IncidentNotFound
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import Note
from incident_bot.domain.role import Roles
from incident_bot.domain.status import UNRESOLVED, Status, Step
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.case import SeenVersion
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import IncidentFilter
from incident_bot.store.rows.tables import announcements
from incident_bot.store.transaction import Clock
from tests.databases import Rows
from tests.factories import ANA, BEN, CARA, NOON, a_declaration, by
from tests.hearing import following
from tests.store.declaring import declared

DAN: Final = "U0DAN"
OWN: Final = "C0OWN"


async def with_channel(store: IncidentStore, outbox: Outbox, clock: Clock) -> Incident:
    incident = await declared(store, is_private=True)
    [making] = await outbox.claim(clock(), 9, 9)
    await outbox.channel_made(making, OWN, "inc-1-private", clock())
    return await store.get(incident.id, EVERYTHING)


async def test_it_is_announced_nowhere_but_in_its_own_channel(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    await declared(store, is_private=True)

    assert rows.of("announcements") == []
    assert rows.of("outbox", "operation, destination") == [("channel", "INC-1")]
    [making] = await outbox.claim(clock(), 9, 9)
    await outbox.channel_made(making, OWN, "inc-1-private", clock())

    assert rows.of("announcements", "destination") == [(OWN,)]
    assert rows.of("outbox", "operation, destination, state") == [
        ("announcement", OWN, "pending"),
        ("channel", "INC-1", "sent"),
        ("invitation", OWN, "pending"),
        ("topic", OWN, "pending"),
    ]


Look = Callable[[IncidentStore, Timelines, IncidentChannels, int], Awaitable[object]]
_WAYS_IN: Final[dict[str, Look]] = {
    "IncidentStore.get": lambda store, _t, _c, n: store.get(n, Viewer(DAN)),
    "IncidentStore.timeline": lambda store, _t, _c, n: store.timeline(n, Viewer(DAN)),
    "IncidentStore.take": lambda store, _t, _c, n: store.take(by(DAN), n, Step.RESOLVE),
    "IncidentStore.set_severity": lambda store, _t, _c, n: store.set_severity(by(DAN), n, "Low"),
    "IncidentStore.hand_over": lambda store, _t, _c, n: store.hand_over(by(DAN), n, DAN),
    "IncidentStore.assign": lambda store, _t, _c, n: store.assign(by(DAN), n, DAN, "Scribe"),
    "IncidentStore.add_responder": lambda store, _t, _c, n: store.add_responder(by(DAN), n, DAN),
    "IncidentStore.join": lambda store, _t, _c, n: store.join(by(DAN), n, Roles()),
    "IncidentStore.edit": lambda store, _t, _c, n: store.edit(by(DAN), n, Edit(title="x")),
    "IncidentStore.patch": lambda store, _t, _c, n: store.patch(by(DAN), n, Patch(title="x")),
    "IncidentStore.post_update": lambda store, _t, _c, n: store.post_update(
        by(DAN), n, ProgressUpdate(message="x")
    ),
    "IncidentStore.edit_update": lambda store, _t, _c, n: store.edit_update(
        by(DAN), SeenVersion(n, 1, None), "x"
    ),
    "IncidentStore.to_sum_up": lambda store, _t, _c, n: store.to_sum_up(n, DAN),
    "IncidentStore.add_summary": lambda store, _t, _c, n: store.add_summary(by(DAN), n, "x"),
    "IncidentStore.delete": lambda store, _t, _c, n: store.delete(by(DAN), n, whoever=True),
    "IncidentStore.follow": lambda store, _t, _c, n: store.follow(n, DAN),
    "IncidentStore.unfollow": lambda store, _t, _c, n: store.unfollow(n, DAN),
    "IncidentStore.hearers_of_update": lambda store, _t, _c, n: store.hearers_of_update(n, DAN),
    "Timelines.page": lambda _s, timelines, _c, n: timelines.page(n, 0, 10, Viewer(DAN)),
    "Timelines.entry": lambda _s, timelines, _c, n: timelines.entry(
        SeenVersion(n, 1, None), Viewer(DAN)
    ),
    "Timelines.add_note": lambda _s, timelines, _c, n: timelines.add_note(by(DAN), n, Note("x")),
    "Timelines.edit": lambda _s, timelines, _c, n: timelines.edit(
        by(DAN), SeenVersion(n, 1, None), Note("x")
    ),
    "Timelines.remove": lambda _s, timelines, _c, n: timelines.remove(
        by(DAN), SeenVersion(n, 1, None)
    ),
    "IncidentChannels.archive": lambda _s, _t, channels, n: channels.archive(by(DAN), n),
}


@pytest.mark.parametrize("way_in", _WAYS_IN)
async def test_to_others_it_is_as_if_it_did_not_exist(
    store: IncidentStore, database: Database, clock: Clock, rows: Rows, way_in: str
) -> None:
    incident = await declared(store, is_private=True)
    before = rows.of("incidents"), rows.counts()
    channels = IncidentChannels(database, clock)

    with pytest.raises(IncidentNotFound) as refusal:
        await _WAYS_IN[way_in](store, Timelines(database, clock), channels, incident.id)

    assert str(refusal.value) == str(IncidentNotFound(incident.id))
    assert (rows.of("incidents"), rows.counts()) == before


_ELSEWHERE: Final = {
    "IncidentStore.declare",
    "IncidentStore.forget_old",
    "IncidentStore.made_at",
    "IncidentStore.permalinks",
    "IncidentStore.responders",
    "IncidentChannels.archive_old",
    "IncidentChannels.incident_in",
    "IncidentChannels.is_closed_as_shared",
    "IncidentChannels.is_private",
    "IncidentChannels.known",
    "Timelines.has_incident_in",
    "Timelines.is_pinned",
    "Timelines.pin",
    "Timelines.unpin",
    *(f"IncidentChannels.{what}" for what in ("closed", "entered", "left")),
    *(f"IncidentChannels.{what}" for what in ("moved", "opened", "renamed")),
}
"""What is not asked for an incident by its number, or only after that was loaded."""


def test_every_way_to_an_incident_is_among_these() -> None:
    every = {
        f"{kind.__name__}.{name}"
        for kind in (IncidentStore, IncidentChannels, Timelines)
        for name in vars(kind)
        if not name.startswith("_")
    }

    assert every - _ELSEWHERE == set(_WAYS_IN)


FILTERS: Final = (
    IncidentFilter(),
    IncidentFilter(UNRESOLVED),
    IncidentFilter(frozenset({Status.OPEN}), severity="High"),
    IncidentFilter(severity="High"),
    IncidentFilter(lead=ANA),
    IncidentFilter(words=("checkout",)),
)


async def test_the_database_and_the_domain_agree_on_who_sees_what(
    store: IncidentStore, lists: IncidentLists
) -> None:
    for number, (lead, responder, is_private) in enumerate(
        product((None, ANA), (None, BEN), (False, True))
    ):
        reporter = CARA if number % 3 else "cron"
        incident = await store.declare(
            by("x"),
            a_declaration(
                is_private=is_private, reported_by=reporter, has_named_reporter=reporter == "cron"
            ),
            [],
        )
        if lead:
            await store.hand_over(_as_anybody(), incident.id, lead)
        if responder:
            await store.add_responder(_as_anybody(), incident.id, responder)

    for viewer, wanted in product((ANA, BEN, CARA, DAN, "cron", None), FILTERS):
        looks = EVERYTHING if viewer is None else Viewer(viewer)
        every, _ = await lists.find(wanted, EVERYTHING, 50)
        visible = [one for one in every if one.is_visible_to(looks, await store.responders(one.id))]
        found, total = await lists.find(wanted, looks, 50)
        [first], counted = await lists.find(wanted, looks, 1)
        keys = (("id", "id"),)
        batches = [batch async for batch in lists.all_documents(keys, wanted, looks)]
        assert found == tuple(visible), (viewer, wanted)
        assert total == counted == len(visible) == sum(map(len, batches)), (viewer, wanted)
        assert first == visible[0]


async def test_what_is_private_is_counted_for_its_people_through_its_life(
    store: IncidentStore, lists: IncidentLists
) -> None:
    incident = await declared(store, is_private=True)
    await store.declare(by(ANA), a_declaration(), [])
    await store.declare(by(ANA), a_declaration(), [])

    async def counts(viewer: str) -> tuple[int, int]:
        _, unresolved = await lists.find(IncidentFilter(UNRESOLVED), Viewer(viewer), 1)
        _, every = await lists.find(IncidentFilter(), Viewer(viewer), 1)
        return unresolved, every

    assert (await counts(CARA), await counts(DAN)) == ((3, 3), (2, 2))
    await store.take(by(CARA), incident.id, Step.RESOLVE)
    assert (await counts(CARA), await counts(DAN)) == ((2, 3), (2, 2))
    await store.delete(by(CARA), incident.id)
    assert (await counts(CARA), await counts(DAN)) == ((2, 2), (2, 2))


async def test_who_left_is_sent_nothing_that_waited_for_them(
    store: IncidentStore, outbox: Outbox, clock: Clock, database: Database
) -> None:
    incident = await with_channel(store, outbox, clock)
    channels = IncidentChannels(database, clock)
    await channels.entered(OWN, BEN, CARA)
    await store.follow(incident.id, BEN)
    await store.post_update(by(CARA), incident.id, ProgressUpdate(message="Salaries"))

    await channels.left(OWN, BEN)

    waiting = {one.operation: one for one in await outbox.claim(clock(), 9, 9)}
    [direct] = [one for one in waiting.values() if one.destination == BEN]
    assert await outbox.messages.content(direct) is None
    await store.take(by(CARA), incident.id, Step.RESOLVE)
    assert await following(store, incident.id) == []


async def test_a_lead_who_leaves_the_channel_goes_on_following(
    store: IncidentStore, outbox: Outbox, clock: Clock, database: Database
) -> None:
    incident = await with_channel(store, outbox, clock)
    channels = IncidentChannels(database, clock)
    await channels.entered(OWN, BEN, CARA)
    await store.hand_over(by(CARA), incident.id, BEN)
    await store.follow(incident.id, BEN)

    await channels.left(OWN, BEN)

    assert await following(store, incident.id) == [BEN]


async def test_what_was_put_into_the_outbox_for_another_channel_is_not_told_there(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    await with_channel(store, outbox, clock)
    rows.execute("INSERT INTO announcements (incident_id, destination) VALUES (1, 'C0ELSE')")
    rows.execute("UPDATE outbox SET destination = 'C0ELSE', lane = 'C0ELSE' WHERE lane = 'C0OWN'")

    [elsewhere] = [one for one in await outbox.claim(clock(), 9, 9) if one.destination == "C0ELSE"]

    assert await outbox.messages.content(elsewhere) is None


def _as_anybody() -> Any:  # noqa: ANN401 - a Request
    request = by("admin")
    return type(request)("admin", sees_private=True)


async def test_an_entry_is_dated_by_the_injected_clock(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await with_channel(store, outbox, clock)

    entries = await store.timeline(incident.id, EVERYTHING)

    assert {entry.at for entry in entries} == {NOON}


async def test_a_fault_of_the_database_tells_nothing_of_what_was_to_be_written(
    database: Database,
) -> None:
    of_no_incident = insert(announcements).values(incident_id=99, destination="x", permalink="Pay")

    with pytest.raises(IntegrityError) as fault:
        await database.write(lambda connection: connection.execute(of_no_incident))

    assert "Pay" not in str(fault.value)
