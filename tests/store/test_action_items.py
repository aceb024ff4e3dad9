"""Action items as they are stored, and what is sent to their owners and to a new lead."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import pytest
from sqlalchemy.exc import IntegrityError

from incident_bot.domain.action_item import NO_ACTION_ITEMS, NewActionItem
from incident_bot.domain.actors import Viewer
from incident_bot.domain.edits import Patch
from incident_bot.domain.errors import (
    ActionItemGone,
    AlreadyDone,
    CannotSeeIncident,
    IncidentError,
    IncidentNotFound,
    NothingToChange,
    RepeatedRequest,
)
from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.action_items import ActionItems
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.contents import Content
from incident_bot.store.outbox.operations import Operation
from tests.databases import ON_SQLITE, Rows
from tests.factories import (
    A_VIEWER,
    ANA,
    BEN,
    CARA,
    NOON,
    Clock,
    after,
    by,
)
from tests.store.declaring import declared

FIX = NewActionItem("Fix the alert")


async def texts(items: ActionItems, incident: Incident, number: int = 0) -> list[str]:
    page = await items.page(incident.id, number, 10, A_VIEWER)
    return [item.text for item in page.items]


async def told(outbox: Outbox, user_id: str) -> Content | None:
    """What the only direct message to somebody tells."""
    deliveries = await outbox.claim(after(10**6), 64, 64)
    [direct] = [
        one for one in deliveries if (one.operation, one.destination) == (Operation.DIRECT, user_id)
    ]
    return await outbox.messages.content(direct)


async def test_an_action_item_is_kept_with_its_entry_and_changes_nothing_else(
    store: IncidentStore, action_items: ActionItems, rows: Rows, clock: Clock
) -> None:
    incident = await declared(store)
    outbox = rows.count("outbox")
    clock.advance(60)

    _, item = await action_items.add(
        by(BEN), incident.id, NewActionItem("Fix the alert", BEN, after(90))
    )

    assert (item.text, item.owner, item.due_at) == ("Fix the alert", BEN, after(90))
    assert (item.created_by, item.created_at, item.is_done) == (BEN, after(1), False)
    assert await action_items.every(incident.id, A_VIEWER) == (item,)
    assert await store.get(incident.id, A_VIEWER) == incident
    [_, entry] = await store.timeline(incident.id, A_VIEWER)
    assert (entry.kind, entry.actor, entry.version) == (EntryKind.ACTION_ITEM_ADDED, BEN, 1)
    assert (entry.text, entry.after, entry.at) == ("Fix the alert", BEN, after(1))
    assert rows.count("outbox") == outbox


async def test_whom_somebody_else_made_its_owner_is_told_of_it(
    store: IncidentStore, action_items: ActionItems, outbox: Outbox, woken: list[bool]
) -> None:
    incident = await declared(store)
    await action_items.add(by(ANA), incident.id, FIX)
    woken.clear()

    _, item = await action_items.add(by(ANA), incident.id, NewActionItem("Write it up", BEN))

    content = await told(outbox, BEN)
    assert content is not None
    assert content.entry is not None
    assert content.entry.kind is EntryKind.ACTION_ITEM_ADDED
    assert (content.action_items.shown, content.action_items.total) == ((item,), 1)
    assert woken


async def test_it_is_done_and_reopened_also_after_the_resolution(
    store: IncidentStore, action_items: ActionItems, clock: Clock
) -> None:
    incident = await declared(store)
    _, item = await action_items.add(by(ANA), incident.id, FIX)
    resolved = await store.take(by(ANA), incident.id, Step.RESOLVE)
    clock.advance(600)

    _, done = await action_items.finish(by(BEN), incident.id, item.id)

    assert (done.done_by, done.done_at) == (BEN, after(10))
    assert await action_items.every(incident.id, A_VIEWER) == (done,)
    assert await action_items.reopen(by(CARA), incident.id, item.id) == (resolved, item)
    await action_items.add(by(CARA), incident.id, NewActionItem("And this"))
    assert [entry.kind for entry in await store.timeline(incident.id, A_VIEWER)] == [
        EntryKind.DECLARED,
        EntryKind.ACTION_ITEM_ADDED,
        EntryKind.RESOLVED,
        EntryKind.ACTION_ITEM_DONE,
        EntryKind.ACTION_ITEM_REOPENED,
        EntryKind.ACTION_ITEM_ADDED,
    ]


async def test_what_is_done_is_not_done_again_and_what_is_open_not_reopened(
    store: IncidentStore, action_items: ActionItems, rows: Rows
) -> None:
    incident = await declared(store)
    _, item = await action_items.add(by(ANA), incident.id, FIX)

    with pytest.raises(NothingToChange):
        await action_items.reopen(by(BEN, "k"), incident.id, item.id)
    await action_items.finish(by(BEN), incident.id, item.id)
    before = rows.counts()
    with pytest.raises(AlreadyDone) as refusal:
        await action_items.finish(by(CARA, "k"), incident.id, item.id)

    assert (refusal.value.user_id, refusal.value.at) == (BEN, NOON)
    assert rows.counts() == before


async def test_of_all_who_do_it_at_the_same_time_one_does(
    store: IncidentStore, action_items: ActionItems, rows: Rows
) -> None:
    incident = await declared(store)
    _, item = await action_items.add(by(ANA), incident.id, FIX)

    results = await asyncio.gather(
        *(action_items.finish(by(who), incident.id, item.id) for who in (ANA, BEN, CARA)),
        return_exceptions=True,
    )

    assert sum(isinstance(result, AlreadyDone) for result in results) == 2
    assert rows.count("timeline_entries") == 3


async def test_a_repeated_request_does_nothing_twice(
    store: IncidentStore, action_items: ActionItems, rows: Rows
) -> None:
    incident = await declared(store)
    new = NewActionItem("Fix the alert", BEN)
    _, item = await action_items.add(by(ANA, "command:1"), incident.id, new)
    await action_items.finish(by(ANA, "press:1"), incident.id, item.id)
    await action_items.reopen(by(ANA, "press:2"), incident.id, item.id)
    before = rows.counts()

    for again in (
        action_items.add(by(ANA, "command:1"), incident.id, new),
        action_items.finish(by(ANA, "press:1"), incident.id, item.id),
        action_items.reopen(by(ANA, "press:2"), incident.id, item.id),
    ):
        with pytest.raises(RepeatedRequest):
            await again

    assert rows.counts() == before
    assert rows.count("action_items") == 1


async def test_pages_show_what_is_open_as_it_is_due_then_what_was_done_last(
    store: IncidentStore, action_items: ActionItems, clock: Clock
) -> None:
    incident = await declared(store)
    dues = {"never": None, "late": after(90), "soon": after(30), "a": None, "b": after(1)}
    added = {
        text: (await action_items.add(by(ANA), incident.id, NewActionItem(text, None, due)))[1]
        for text, due in dues.items()
    }
    for text in ("b", "a"):
        clock.advance()
        await action_items.finish(by(BEN), incident.id, added[text].id)

    page = await action_items.page(incident.id, 0, 10, A_VIEWER)

    assert [item.text for item in page.items] == ["soon", "late", "never", "a", "b"]
    assert (page.still_open, page.total, page.at) == (3, 5, clock())


async def test_a_page_past_the_end_is_the_last_one(
    store: IncidentStore, action_items: ActionItems
) -> None:
    incident = await declared(store)
    assert await texts(action_items, incident, 7) == []
    for number in range(11):
        await action_items.add(by(ANA), incident.id, NewActionItem(str(number)))

    first, last = [await action_items.page(incident.id, number, 10, A_VIEWER) for number in (0, 9)]

    assert (first.number, len(first.items), first.total) == (0, 10, 11)
    assert (last.number, [item.text for item in last.items]) == (1, ["10"])


async def test_an_action_item_is_found_in_its_own_incident_alone(
    store: IncidentStore, action_items: ActionItems
) -> None:
    incident, other = await declared(store), await declared(store)
    _, item = await action_items.add(by(ANA), incident.id, FIX)

    for asked in (
        action_items.finish(by(ANA), other.id, item.id),
        action_items.reopen(by(ANA), other.id, item.id),
        action_items.finish(by(ANA), incident.id, item.id + 1),
    ):
        with pytest.raises(ActionItemGone):
            await asked
    assert await action_items.every(other.id, A_VIEWER) == ()


async def test_a_deleted_incident_has_none(store: IncidentStore, action_items: ActionItems) -> None:
    incident = await declared(store)
    _, item = await action_items.add(by(ANA), incident.id, FIX)
    await store.delete(by(CARA), incident.id)

    for asked in (
        action_items.add(by(ANA), incident.id, FIX),
        action_items.finish(by(ANA), incident.id, item.id),
        action_items.reopen(by(ANA), incident.id, item.id),
        action_items.page(incident.id, 0, 10, A_VIEWER),
        action_items.every(incident.id, A_VIEWER),
    ):
        with pytest.raises(IncidentNotFound):
            await asked


Ask = Callable[[ActionItems, int, int], Awaitable[object]]
_WAYS_IN: Final[dict[str, Ask]] = {
    "page": lambda items, incident_id, _: items.page(incident_id, 0, 10, Viewer(BEN)),
    "every": lambda items, incident_id, _: items.every(incident_id, Viewer(BEN)),
    "add": lambda items, incident_id, _: items.add(by(BEN), incident_id, FIX),
    "finish": lambda items, incident_id, item_id: items.finish(by(BEN), incident_id, item_id),
    "reopen": lambda items, incident_id, item_id: items.reopen(by(BEN), incident_id, item_id),
}


@pytest.mark.parametrize("way_in", _WAYS_IN)
async def test_those_of_a_private_incident_are_its_peoples_alone(
    store: IncidentStore, action_items: ActionItems, rows: Rows, way_in: str
) -> None:
    incident = await declared(store, is_private=True)
    _, item = await action_items.add(by(CARA), incident.id, FIX)
    before = rows.counts()

    with pytest.raises(IncidentNotFound):
        await _WAYS_IN[way_in](action_items, incident.id, item.id)

    assert rows.counts() == before
    assert await action_items.every(incident.id, Viewer("ci", sees_private=True)) == (item,)


def test_every_way_to_action_items_is_among_these() -> None:
    assert {name for name in vars(ActionItems) if not name.startswith("_")} == set(_WAYS_IN)


async def test_nobody_is_given_one_of_what_they_may_not_see(
    store: IncidentStore, action_items: ActionItems, outbox: Outbox, rows: Rows
) -> None:
    incident = await declared(store, is_private=True)
    new = NewActionItem("Fix the alert", BEN)

    with pytest.raises(CannotSeeIncident):
        await action_items.add(by(CARA), incident.id, new)
    assert rows.count("action_items") == 0

    values = f"{incident.id}, '{BEN}', '2026-11-22T12:00:00Z'"
    rows.execute(f"INSERT INTO responders (incident_id, user_id, joined_at) VALUES ({values})")  # noqa: S608 - a test's words
    await action_items.add(by(CARA), incident.id, new)
    rows.execute("DELETE FROM responders")
    assert await told(outbox, BEN) is None


async def test_a_new_lead_is_told_what_is_open_and_how_much(
    store: IncidentStore, action_items: ActionItems, outbox: Outbox
) -> None:
    incident = await declared(store)
    for number in range(8):
        new = NewActionItem(str(number), None, after(100 - number))
        _, item = await action_items.add(by(ANA), incident.id, new)
    await action_items.finish(by(ANA), incident.id, item.id)
    await store.hand_over(by(ANA), incident.id, BEN)

    content = await told(outbox, BEN)

    assert content is not None
    assert [item.text for item in content.action_items.shown] == ["6", "5", "4", "3", "2"]
    assert content.action_items.total == 7


async def test_no_other_message_reads_action_items(
    store: IncidentStore, action_items: ActionItems, outbox: Outbox
) -> None:
    incident = await declared(store)
    await action_items.add(by(ANA), incident.id, FIX)
    await store.add_responder(by(ANA), incident.id, BEN)

    for delivery in await outbox.claim(after(60), 64, 64):
        content = await outbox.messages.content(delivery)
        assert content is not None
        assert content.action_items == NO_ACTION_ITEMS


async def test_action_items_make_nothing_stale(
    store: IncidentStore, action_items: ActionItems
) -> None:
    incident = await declared(store)
    _, item = await action_items.add(by(ANA), incident.id, FIX)
    await action_items.finish(by(ANA), incident.id, item.id)

    await store.patch(by("ci"), incident.id, Patch(title="New"), [incident.version])
    await store.take(by(BEN), incident.id, Step.RESOLVE, incident.version)


@ON_SQLITE
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE action_items SET done_by = 'U0ANA'", "ck_action_items_done"),
        ("UPDATE action_items SET done_at = '2026-11-22'", "ck_action_items_done"),
        ("UPDATE action_items SET incident_id = 99", "FOREIGN KEY"),
        ("UPDATE action_items SET text = NULL", "action_items.text"),
        ("UPDATE action_items SET entry_id = 2 WHERE id = 2", "action_items.entry_id"),
    ],
)
async def test_an_illegal_row_is_refused(
    store: IncidentStore,
    action_items: ActionItems,
    rows: Rows,
    statement: str,
    constraint: str,
) -> None:
    incident = await declared(store)
    for _ in range(2):
        await action_items.add(by(ANA), incident.id, FIX)

    with pytest.raises(IntegrityError, match=constraint):
        rows.execute(statement)


async def test_what_is_open_and_due_is_found_by_an_index(
    store: IncidentStore, action_items: ActionItems, rows: Rows, kind: str
) -> None:
    incident = await declared(store)
    await action_items.add(by(ANA), incident.id, NewActionItem("Fix it", None, after(1)))
    due = "SELECT id FROM action_items WHERE done_at IS NULL AND due_at < '2026-12-01'"

    explained = "EXPLAIN QUERY PLAN" if kind == "sqlite" else "EXPLAIN"
    plan = str(rows.query(f"{explained} {due} ORDER BY due_at"))

    assert rows.query(due) == [(1,)]
    assert kind != "sqlite" or "ix_action_items_due_at" in plan


async def test_a_request_that_is_refused_is_not_remembered(
    store: IncidentStore, action_items: ActionItems, rows: Rows
) -> None:
    incident = await declared(store)

    with pytest.raises(IncidentError):
        await action_items.finish(by(ANA, "press:1"), incident.id, 7)

    assert rows.count("requests") == 0


async def test_a_new_lead_is_told_nothing_of_what_is_done(
    store: IncidentStore, action_items: ActionItems, outbox: Outbox
) -> None:
    incident = await declared(store)
    await action_items.add(by(ANA), incident.id, NewActionItem("Write it up"))
    _, item = await action_items.add(by(ANA), incident.id, FIX)
    await action_items.finish(by(ANA), incident.id, item.id)
    await store.hand_over(by(ANA), incident.id, BEN)

    content = await told(outbox, BEN)

    assert content is not None
    assert [item.text for item in content.action_items.shown] == ["Write it up"]


async def test_a_page_past_a_full_last_page_is_that_one(
    store: IncidentStore, action_items: ActionItems
) -> None:
    incident = await declared(store)
    for number in range(4):
        await action_items.add(by(ANA), incident.id, NewActionItem(str(number)))

    page = await action_items.page(incident.id, 99, 2, A_VIEWER)

    assert (page.number, [item.text for item in page.items]) == (1, ["2", "3"])


async def test_an_owner_who_is_not_on_slack_is_not_written_to(
    store: IncidentStore, action_items: ActionItems, rows: Rows
) -> None:
    incident = await declared(store)

    await action_items.add(by(ANA), incident.id, NewActionItem("Fix it", "the database team"))

    assert rows.of("outbox", "operation") == [("announcement",)]
