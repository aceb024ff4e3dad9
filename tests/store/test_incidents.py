"""The use cases: one transaction each, whole or not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from incident_bot.domain.edits import Edit, ProgressUpdate
from incident_bot.domain.errors import (
    AlreadyInStatus,
    ChangedMeanwhile,
    IllegalTransition,
    IncidentError,
    IncidentNotFound,
    KeyReused,
    NotAllowed,
    NothingToChange,
    RepeatedRequest,
)
from incident_bot.domain.incident import Change
from incident_bot.domain.status import Status, Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.case import Case
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import COUNTED, IncidentFilter
from incident_bot.store.requests import Request
from incident_bot.store.rows.reading import INCIDENT_FIELDS
from incident_bot.store.transaction import Store
from tests.databases import ON_SQLITE, Rows
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
from tests.store.declaring import acknowledged, declared

UNRESOLVED = frozenset({Status.OPEN, Status.IN_PROGRESS})


async def kinds(store: IncidentStore, incident_id: int) -> list[EntryKind | str]:
    return [entry.kind for entry in await store.timeline(incident_id, A_VIEWER)]


async def test_declaring_stores_what_was_said(store: IncidentStore) -> None:
    incident = await declared(store, title="Checkout answers 500")

    assert await store.get(incident.id, A_VIEWER) == incident
    assert (incident.id, incident.version, incident.declared_at) == (1, 1, NOON)
    assert (incident.status, incident.lead) == (Status.OPEN, None)


async def test_declaring_is_one_whole(store: IncidentStore, rows: Rows) -> None:
    await store.declare(by(CARA, "view:V1"), a_declaration(), [INCIDENTS, "C0OPS"])

    assert rows.of("timeline_entries", "kind, actor, version") == [("declared", CARA, 1)]
    assert rows.of("outbox", "destination, operation, state") == [
        ("C0OPS", "announcement", "pending"),
        (INCIDENTS, "announcement", "pending"),
    ]
    assert rows.of("requests", "key, incident_id") == [("view:V1", 1)]


async def test_the_same_channel_twice_is_told_once(store: IncidentStore, rows: Rows) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS, INCIDENTS])

    assert rows.count("outbox") == 1


@ON_SQLITE
@pytest.mark.parametrize("table", ["timeline_entries", "announcements", "outbox", "requests"])
async def test_a_declaration_that_fails_half_way_leaves_nothing(
    store: IncidentStore, rows: Rows, woken: list[bool], table: str
) -> None:
    rows.execute(
        f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"
    )

    with pytest.raises(Exception, match="full"):
        await store.declare(by(CARA, "view:V1"), a_declaration(), [INCIDENTS])

    assert set(rows.counts().values()) == {0}
    assert woken == []


@ON_SQLITE
@pytest.mark.parametrize("table", ["timeline_entries", "outbox", "requests"])
async def test_a_change_that_fails_half_way_changes_nothing(
    store: IncidentStore, rows: Rows, table: str
) -> None:
    incident, before = await declared(store), rows.counts()
    rows.execute(
        f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"
    )

    with pytest.raises(Exception, match="full"):
        await store.take(by(BEN, "press:1"), incident.id, Step.RESOLVE)

    assert rows.counts() == before
    assert await store.get(incident.id, A_VIEWER) == incident


async def test_a_refusal_changes_nothing_and_may_be_asked_again(
    store: IncidentStore, rows: Rows
) -> None:
    incident, before = await declared(store), rows.counts()

    for _ in range(2):
        with pytest.raises(IllegalTransition):
            await store.take(by(BEN, "press:1"), incident.id, Step.REOPEN)

    assert rows.counts() == before


async def test_the_delivery_is_woken_by_each_change(
    store: IncidentStore, woken: list[bool]
) -> None:
    await acknowledged(store)

    assert len(woken) == 2


async def test_acknowledging_is_kept_with_its_history(store: IncidentStore, clock: Clock) -> None:
    incident = await declared(store)
    clock.advance(300)

    change = await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)

    assert await store.get(incident.id, A_VIEWER) == change
    assert (change.lead, change.acknowledged_at, change.version) == (ANA, after(5), 3)
    assert await kinds(store, incident.id) == [
        EntryKind.DECLARED,
        EntryKind.ACKNOWLEDGED,
        EntryKind.LEAD_CHANGED,
    ]


async def test_every_use_case_is_read_back_as_it_was_told(store: IncidentStore) -> None:
    incident_id = (await acknowledged(store)).id
    changes = [
        await store.post_update(by(BEN), incident_id, ProgressUpdate(message="Rolled back.")),
        await store.set_severity(by(BEN), incident_id, "Low"),
        await store.edit(by(BEN), incident_id, Edit(title="Slow")),
        await store.take(by(BEN), incident_id, Step.RESOLVE),
        await store.add_summary(by(BEN), incident_id, "A bad deploy."),
        await store.take(by(BEN), incident_id, Step.REOPEN),
    ]

    assert await store.get(incident_id, A_VIEWER) == changes[-1]
    assert [change.version for change in changes] == [4, 5, 6, 7, 8, 9]
    assert changes[-1].summary == "A bad deploy."


async def test_the_timeline_tells_who_when_what_from_and_to(
    store: IncidentStore, clock: Clock
) -> None:
    incident = await declared(store)
    clock.advance(60)
    await store.set_severity(by(BEN), incident.id, "Low")

    entry = (await store.timeline(incident.id, A_VIEWER))[-1]

    assert (entry.actor, entry.at, entry.kind) == (BEN, after(1), EntryKind.SEVERITY_CHANGED)
    assert (entry.before, entry.after, entry.version) == ("High", "Low", 2)


async def test_resolving_twice_tells_who_resolved_it_first(store: IncidentStore) -> None:
    incident = await declared(store)
    await store.take(by(ANA), incident.id, Step.RESOLVE)

    with pytest.raises(AlreadyInStatus) as refusal:
        await store.take(by(BEN), incident.id, Step.RESOLVE)

    assert refusal.value.status is Status.RESOLVED
    assert refusal.value.entry is not None
    assert (refusal.value.entry.actor, refusal.value.entry.at) == (ANA, NOON)


async def test_of_two_who_press_at_once_one_wins_and_the_other_is_told(
    store: IncidentStore, rows: Rows
) -> None:
    incident = await declared(store)

    results = await asyncio.gather(
        *(store.take(by(who), incident.id, Step.RESOLVE, seen_version=1) for who in (ANA, BEN)),
        return_exceptions=True,
    )

    assert sorted(isinstance(result, AlreadyInStatus) for result in results) == [False, True]
    assert [kind for (kind,) in rows.of("outbox", "operation")].count("notification") == 1


async def test_a_press_on_a_stale_message_is_refused_with_what_happened(
    store: IncidentStore,
) -> None:
    incident = await declared(store)
    await store.take(by(ANA), incident.id, Step.RESOLVE)
    await store.take(by(ANA), incident.id, Step.REOPEN)

    with pytest.raises(ChangedMeanwhile) as refusal:
        await store.take(by(BEN), incident.id, Step.RESOLVE, seen_version=1)

    assert refusal.value.entry.kind is EntryKind.REOPENED


async def test_a_stale_acknowledgement_does_not_reopen(store: IncidentStore) -> None:
    incident = await declared(store)
    await store.take(by(ANA), incident.id, Step.RESOLVE)

    with pytest.raises(ChangedMeanwhile):
        await store.take(by(BEN), incident.id, Step.ACKNOWLEDGE, seen_version=1)

    assert (await store.get(incident.id, A_VIEWER)).is_resolved


async def test_an_edit_since_does_not_stand_in_the_way_of_a_press(store: IncidentStore) -> None:
    incident = await declared(store)
    await store.edit(by(CARA), incident.id, Edit(title="Slow"))

    change = await store.take(by(BEN), incident.id, Step.RESOLVE, seen_version=1)

    assert change.is_resolved


async def test_an_edit_does_not_undo_anothers(store: IncidentStore) -> None:
    incident = await declared(store)
    await store.edit(by(ANA), incident.id, Edit(title="Slow"), seen_version=1)

    with pytest.raises(ChangedMeanwhile):
        await store.edit(by(BEN), incident.id, Edit(title="Fast"), seen_version=1)

    assert (await store.get(incident.id, A_VIEWER)).title == "Slow"


async def test_an_edit_goes_through_though_the_status_changed(store: IncidentStore) -> None:
    incident = await acknowledged(store)

    change = await store.edit(by(BEN), incident.id, Edit(title="Slow"), seen_version=1)

    assert (change.title, change.status) == ("Slow", Status.IN_PROGRESS)


async def test_an_edit_of_nothing_is_refused(store: IncidentStore) -> None:
    incident = await declared(store)

    with pytest.raises(NothingToChange):
        await store.edit(by(BEN), incident.id, Edit())


async def test_an_update_brings_the_status_with_it(store: IncidentStore) -> None:
    incident = await declared(store)
    update = ProgressUpdate(message="Over.", status=Status.RESOLVED)

    change = await store.post_update(by(BEN), incident.id, update, seen_version=1)

    assert (change.latest_update, change.status) == ("Over.", Status.RESOLVED)


async def test_an_update_with_a_stale_status_is_refused_whole(store: IncidentStore) -> None:
    incident = await acknowledged(store)
    await store.take(by(ANA), incident.id, Step.RESOLVE)
    update = ProgressUpdate(message="On it.", status=Status.IN_PROGRESS)

    with pytest.raises(ChangedMeanwhile):
        await store.post_update(by(BEN), incident.id, update, incident.version)

    assert (await store.get(incident.id, A_VIEWER)).latest_update is None


async def test_an_update_without_a_status_is_never_stale(store: IncidentStore) -> None:
    incident = await acknowledged(store)

    change = await store.post_update(
        by(BEN), incident.id, ProgressUpdate(message="Still."), seen_version=1
    )

    assert change.latest_update == "Still."


async def test_a_request_that_comes_again_is_carried_out_once(
    store: IncidentStore, rows: Rows
) -> None:
    request = by(CARA, "view:V1")
    await store.declare(request, a_declaration(), [INCIDENTS])

    with pytest.raises(RepeatedRequest) as refusal:
        await store.declare(request, a_declaration(), [INCIDENTS])

    assert refusal.value.incident_id == 1
    assert rows.count("incidents") == 1


async def test_a_press_delivered_twice_counts_once(store: IncidentStore) -> None:
    incident = await declared(store)
    update = ProgressUpdate(message="Rolled back.")
    await store.post_update(by(BEN, "view:V2"), incident.id, update)

    with pytest.raises(RepeatedRequest):
        await store.post_update(by(BEN, "view:V2"), incident.id, update)

    assert (await kinds(store, incident.id)).count(EntryKind.UPDATE_POSTED) == 1


async def test_50_copies_of_one_request_declare_one_incident(
    store: IncidentStore, rows: Rows
) -> None:
    request = by(CARA, "view:V1")

    await asyncio.gather(
        *(store.declare(request, a_declaration(), [INCIDENTS]) for _ in range(50)),
        return_exceptions=True,
    )

    assert rows.count("incidents") == rows.count("outbox") == 1


async def test_requests_without_a_key_are_never_repeats(store: IncidentStore, rows: Rows) -> None:
    await declared(store)
    await declared(store)

    assert rows.count("incidents") == 2


async def test_old_request_keys_are_forgotten(
    store: IncidentStore, rows: Rows, clock: Clock
) -> None:
    await store.declare(by(CARA, "old"), a_declaration(), [])
    clock.advance(3600)
    await store.declare(by(CARA, "new"), a_declaration(), [])

    await store.forget_old(clock() - timedelta(minutes=30))

    assert rows.of("requests", "key") == [("new",)]


async def test_a_lost_update_is_refused_by_the_version(
    store: IncidentStore, database: Database, clock: Clock
) -> None:
    incident = await declared(store)

    def decide(case: Case, at: datetime) -> Change:
        """Another writer slips in between the reading and the writing of this one."""
        case.connection.execute(text("UPDATE incidents SET version = version + 1"))
        return case.incident.take(Step.RESOLVE, BEN, at)

    with pytest.raises(RuntimeError, match="INC-1 was changed by another transaction"):
        await Store(database, clock).transaction(by(BEN), incident.id, decide)

    assert (await store.get(incident.id, A_VIEWER)).status is Status.OPEN


@pytest.mark.parametrize(
    "use",
    [
        lambda store, incident_id: store.get(incident_id, A_VIEWER),
        lambda store, incident_id: store.timeline(incident_id, A_VIEWER),
        lambda store, incident_id: store.take(by(CARA), incident_id, Step.RESOLVE),
        lambda store, incident_id: store.set_severity(by(CARA), incident_id, "Low"),
        lambda store, incident_id: store.edit(by(CARA), incident_id, Edit(title="x")),
        lambda store, incident_id: store.add_summary(by(CARA), incident_id, "x"),
        lambda store, incident_id: store.delete(by(CARA), incident_id),
        lambda store, incident_id: store.post_update(
            by(CARA), incident_id, ProgressUpdate(message="x")
        ),
    ],
)
async def test_a_deleted_incident_is_nowhere(
    store: IncidentStore, use: Callable[[IncidentStore, int], Awaitable[object]]
) -> None:
    incident = await declared(store)
    await store.delete(by(CARA), incident.id)

    with pytest.raises(IncidentNotFound):
        await use(store, incident.id)


async def test_a_deleted_incident_is_not_listed(store: IncidentStore, lists: IncidentLists) -> None:
    incident = await declared(store)
    await store.delete(by(CARA), incident.id)

    assert await lists.find(IncidentFilter(), A_VIEWER, 20) == ((), 0)


async def test_deleting_keeps_the_row_and_the_timeline(store: IncidentStore, rows: Rows) -> None:
    incident = await declared(store)
    await store.delete(by(CARA), incident.id)

    assert rows.count("incidents") == 1
    assert rows.of("timeline_entries", "kind, actor") == [("declared", CARA), ("deleted", CARA)]


async def test_only_reporter_or_lead_may_delete(store: IncidentStore) -> None:
    incident = await acknowledged(store)

    with pytest.raises(NotAllowed):
        await store.delete(by(BEN), incident.id)

    assert (await store.delete(by(ANA), incident.id)).is_deleted


async def test_an_id_is_never_used_again(store: IncidentStore, rows: Rows) -> None:
    await store.declare(by(CARA), a_declaration(), [])
    rows.execute("DELETE FROM timeline_entries")
    rows.execute("DELETE FROM incidents")  # even if somebody cleans up by hand

    assert (await store.declare(by(CARA), a_declaration(), [])).id == 2


@pytest.mark.parametrize("incident_id", [0, -1, 99, 10**18 - 1])
async def test_an_id_that_is_not_there_is_not_found(store: IncidentStore, incident_id: int) -> None:
    await declared(store)

    with pytest.raises(IncidentNotFound):
        await store.take(by(BEN), incident_id, Step.RESOLVE)


async def test_the_newest_are_found_first_and_all_are_counted(
    store: IncidentStore, lists: IncidentLists
) -> None:
    for _ in range(5):
        await declared(store)

    found, total = await lists.find(IncidentFilter(UNRESOLVED), A_VIEWER, 3)

    assert [incident.id for incident in found] == [5, 4, 3]
    assert total == 5


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (IncidentFilter(), [3, 2, 1]),
        (IncidentFilter(UNRESOLVED), [2, 1]),
        (IncidentFilter(frozenset({Status.RESOLVED})), [3]),
        (IncidentFilter(severity="Low"), [2]),
        (IncidentFilter(lead=ANA), [1]),
        (IncidentFilter(UNRESOLVED, "High", ANA), [1]),
        (IncidentFilter(lead=BEN), []),
    ],
)
async def test_incidents_are_found_by_what_matters(
    store: IncidentStore, lists: IncidentLists, wanted: IncidentFilter, ids: list[int]
) -> None:
    await acknowledged(store)
    await declared(store, severity="Low")
    await store.take(by(BEN), (await declared(store)).id, Step.RESOLVE)

    found, total = await lists.find(wanted, A_VIEWER, 20)

    assert [incident.id for incident in found] == ids
    assert total == len(ids)


async def test_text_of_every_kind_is_kept_as_it_is(store: IncidentStore) -> None:
    title = "'; DROP TABLE incidents; -- \"%_\\ 🔥 <!channel>"

    incident = await declared(store, title=title, description="🔥" * 3000)

    assert await store.get(incident.id, A_VIEWER) == incident
    assert incident.title == title


async def test_links_are_known_once_announced(store: IncidentStore, rows: Rows) -> None:
    await store.declare(by(CARA), a_declaration(), ["A0", INCIDENTS, "Z0"])
    await declared(store)

    rows.execute("UPDATE announcements SET permalink = destination WHERE incident_id = 1")

    assert await store.permalinks([1, 2, 3], INCIDENTS) == {1: INCIDENTS}
    assert await store.permalinks([], INCIDENTS) == {}


async def test_every_refusal_is_fit_to_be_shown(store: IncidentStore) -> None:
    with pytest.raises(IncidentError) as refusal:
        await store.get(7, A_VIEWER)

    assert str(refusal.value) == "There is no incident INC-7."


async def test_moments_without_a_zone_are_refused(store: IncidentStore, clock: Clock) -> None:
    clock.now = NOON.replace(tzinfo=None)

    with pytest.raises(Exception, match="a moment needs a time zone"):
        await declared(store)


async def test_moments_of_another_zone_are_kept_in_utc(store: IncidentStore, clock: Clock) -> None:
    clock.now = NOON.astimezone(tz=None)

    incident = await declared(store)

    assert (await store.get(incident.id, A_VIEWER)).declared_at == NOON


async def test_counts_follow_every_change(
    store: IncidentStore, lists: IncidentLists, rows: Rows
) -> None:
    ids = [(await store.declare(by(CARA), a_declaration(), [])).id for _ in range(5)]
    await store.take(by(ANA), ids[0], Step.RESOLVE)
    await store.set_severity(by(ANA), ids[1], "Low")
    await store.take(by(ANA), ids[2], Step.ACKNOWLEDGE)
    await store.delete(by(CARA), ids[3])

    for wanted in (
        IncidentFilter(),
        IncidentFilter(UNRESOLVED),
        IncidentFilter(severity="High"),
        IncidentFilter(frozenset({Status.OPEN}), "Low"),
        IncidentFilter(lead=ANA),
    ):
        every = [
            one
            async for batch in lists.all_documents((("id", "id"),), wanted, A_VIEWER)
            for one in batch
        ]
        _, total = await lists.find(wanted, A_VIEWER, 1)
        assert total == len(every), wanted
    assert rows.count("incidents") == 5


@pytest.mark.parametrize("wanted", [IncidentFilter(lead=ANA), IncidentFilter(words=("down",))])
async def test_what_takes_long_to_count_is_counted_up_to_a_thousand(
    store: IncidentStore, lists: IncidentLists, rows: Rows, wanted: IncidentFilter
) -> None:
    incident = await store.declare(by(CARA), a_declaration(title="All is down"), [])
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    columns = ", ".join([*(name for name in INCIDENT_FIELDS if name != "id"), "search_terms"])
    for _ in range(11):
        rows.execute(f"INSERT INTO incidents ({columns}) SELECT {columns} FROM incidents")  # noqa: S608 - ours

    found, total = await lists.find(wanted, A_VIEWER, 5)

    assert (len(found), total) == (5, COUNTED + 1)


async def test_the_next_page_begins_with_the_next_older_incident(
    store: IncidentStore, lists: IncidentLists
) -> None:
    for _ in range(5):
        await declared(store)

    page, total = await lists.find(IncidentFilter(), A_VIEWER, 2, before=4)

    assert [incident.id for incident in page] == [3, 2]
    assert total == 5


async def test_an_edit_form_is_stale_once_the_severity_has_changed(store: IncidentStore) -> None:
    incident = await declared(store)
    await store.set_severity(by(ANA), incident.id, "Low")

    with pytest.raises(ChangedMeanwhile) as refusal:
        await store.edit(by(BEN), incident.id, Edit(title="Slow", severity="High"), seen_version=1)

    assert refusal.value.entry.kind is EntryKind.SEVERITY_CHANGED


async def test_a_summary_is_refused_if_the_incident_was_reopened_meanwhile(
    store: IncidentStore,
) -> None:
    incident = await declared(store)
    resolved = await store.take(by(ANA), incident.id, Step.RESOLVE)
    await store.take(by(ANA), incident.id, Step.REOPEN)

    with pytest.raises(ChangedMeanwhile) as refusal:
        await store.add_summary(by(BEN), incident.id, "A bad deploy.", resolved.version)

    assert refusal.value.entry.kind is EntryKind.REOPENED


async def test_an_update_with_a_stale_severity_is_refused_whole(store: IncidentStore) -> None:
    incident = await declared(store)
    await store.set_severity(by(ANA), incident.id, "Low")
    update = ProgressUpdate(message="It grows.", severity="Medium")

    with pytest.raises(ChangedMeanwhile):
        await store.post_update(by(BEN), incident.id, update, incident.version)

    assert (await store.get(incident.id, A_VIEWER)).latest_update is None


async def test_all_incidents_are_read_in_batches_of_a_hundred(
    store: IncidentStore, lists: IncidentLists
) -> None:
    for _ in range(101):
        await declared(store)

    batches = [
        [document.id for document in batch]
        async for batch in lists.all_documents((("id", "id"),), IncidentFilter(), A_VIEWER)
    ]

    assert batches == [list(range(101, 1, -1)), [1]]


async def test_a_key_that_came_with_something_else_is_refused(store: IncidentStore) -> None:
    request = Request("ci", "key-1", fingerprint="checkout")
    first = await store.declare(request, a_declaration(), [])

    again = await store.declare(request, a_declaration(), [])
    with pytest.raises(KeyReused):
        await store.declare(replace(request, fingerprint="search"), a_declaration(), [])

    assert again == first
