"""Following an incident, and what an update promises."""

from datetime import timedelta

import pytest

from incident_bot.domain.audience import Hearer, Reason
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.errors import IncidentNotFound
from incident_bot.domain.status import Status, Step
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.incidents import IncidentStore
from tests.databases import Rows
from tests.factories import ANA, BEN, CARA, INCIDENTS, Clock, a_declaration, by


async def test_following_twice_is_following_once(store: IncidentStore) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    first, second = [await store.follow(incident.id, BEN) for _ in range(2)]

    assert (first, second) == (True, False)
    announced = Hearer(INCIDENTS, Reason.ANNOUNCED_THERE)
    following = Hearer(BEN, Reason.FOLLOWS)
    assert await store.hearers_of_update(incident.id, CARA) == (announced, following)
    assert await store.hearers_of_update(incident.id, BEN) == (announced,)


async def test_who_follows_no_more_is_not_counted(store: IncidentStore) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [INCIDENTS, "C0OPS"])
    await store.follow(incident.id, ANA)
    await store.follow(incident.id, BEN)

    first, second = [await store.unfollow(incident.id, BEN) for _ in range(2)]

    assert (first, second) == (True, False)
    assert await store.hearers_of_update(incident.id, CARA) == (
        Hearer("C0OPS", Reason.ANNOUNCED_THERE),
        Hearer(INCIDENTS, Reason.ANNOUNCED_THERE),
        Hearer(ANA, Reason.FOLLOWS),
    )


async def test_what_is_deleted_cannot_be_followed(store: IncidentStore) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [])
    await store.delete(by(CARA), incident.id)

    with pytest.raises(IncidentNotFound):
        await store.follow(incident.id, BEN)
    with pytest.raises(IncidentNotFound):
        await store.unfollow(incident.id, BEN)


async def test_a_promise_is_kept_through_other_changes_until_it_is_resolved(
    store: IncidentStore, clock: Clock
) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    hour = timedelta(hours=1)
    await store.post_update(
        by(ANA), incident.id, ProgressUpdate(message="Looking.", next_update_in=hour)
    )

    acknowledged = await store.take(by(BEN), incident.id, Step.ACKNOWLEDGE)
    resolved = await store.take(by(BEN), incident.id, Step.RESOLVE)

    assert acknowledged.next_update_at == clock() + hour
    assert resolved.next_update_at is None


async def test_who_reopens_may_promise_an_update(store: IncidentStore, clock: Clock) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.take(by(BEN), incident.id, Step.RESOLVE)
    hour = timedelta(hours=1)
    update = ProgressUpdate(message="It is back", status=Status.IN_PROGRESS, next_update_in=hour)

    reopened = await store.post_update(by(ANA), incident.id, update)

    assert reopened.next_update_at == clock() + hour


async def test_channels_are_told_before_those_who_follow(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    for user_id in (ANA, BEN):
        await store.follow(incident.id, user_id)
    [announcement] = await outbox.claim(clock(), 9, 9)
    await outbox.sent(announcement, "C0INC", "1.000001", clock())
    await store.post_update(by(CARA), incident.id, ProgressUpdate(message="Looking."))
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])

    first = await outbox.claim(clock(), 2, 0)
    then = await outbox.claim(clock(), 9, 0)

    assert [delivery.destination for delivery in first] == [INCIDENTS, "C0OPS"]
    assert [delivery.destination for delivery in then] == [ANA, BEN]


async def test_followers_are_told_in_the_order_in_which_they_came_but_not_of_their_own_updates(
    store: IncidentStore, clock: Clock, rows: Rows
) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [])
    for user_id in (CARA, BEN, ANA):
        await store.follow(incident.id, user_id)
        clock.advance(1)

    await store.post_update(by(BEN), incident.id, ProgressUpdate(message="Looking."))

    assert rows.of("outbox", "id, destination") == [(1, CARA), (2, ANA)]
