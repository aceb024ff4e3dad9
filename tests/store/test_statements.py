"""How many statements a use case takes: as many for hundreds of incidents as for one."""

import contextlib
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event

from incident_bot.domain.status import Step
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.undelivered import Undelivered
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import IncidentFilter
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, NOON, a_declaration, by

_SCHEMA: Final = re.compile("alembic_version|pg_catalog")  # looked at every five seconds
_NOT_COUNTED: Final = ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA", "SELECT CAST(")

UseCase = Callable[[IncidentLists, IncidentStore], Awaitable[object]]


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """Grows by each statement sent to the database, but for transactions and the schema's."""
    sent: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if not statement.startswith(_NOT_COUNTED) and not _SCHEMA.search(statement):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def whole_list(lists: IncidentLists, store: IncidentStore) -> None:
    found, _ = await lists.find(IncidentFilter(), A_VIEWER, 50)
    await store.permalinks([incident.id for incident in found], INCIDENTS)


async def a_page(lists: IncidentLists, _: IncidentStore) -> None:
    await lists.find(IncidentFilter(severity="High"), A_VIEWER, 50, before=40)


async def a_search(lists: IncidentLists, _: IncidentStore) -> None:
    await lists.find(IncidentFilter(words=("checkout",)), A_VIEWER, 50)


@pytest.mark.parametrize("use_case", [whole_list, a_page, a_search])
async def test_reading_many_takes_as_many_statements_as_reading_one(
    store: IncidentStore, lists: IncidentLists, use_case: UseCase
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    with statements() as for_one:
        await use_case(lists, store)
    for _ in range(60):
        await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    with statements() as for_many:
        await use_case(lists, store)

    assert len(for_many) <= len(for_one) + 1  # how many there are in all
    assert len(for_many) <= 3


async def test_declaring_takes_a_statement_for_each_row(store: IncidentStore) -> None:
    with statements() as sent:
        await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    tables = [statement.split()[2] for statement in sent]
    assert tables == ["incidents", "timeline_entries", "announcements", "outbox"]


async def test_a_change_is_not_dearer_for_what_happened_before(store: IncidentStore) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    with statements() as early:
        await store.set_severity(by(BEN), incident.id, "Low")
    for severity in ["Medium", "Low"] * 10:
        await store.set_severity(by(BEN), incident.id, severity)

    with statements() as late:
        await store.set_severity(by(BEN), incident.id, "High")

    assert len(late) == len(early)


async def test_the_outbox_is_read_at_once_however_much_waits(
    store: IncidentStore, outbox: Outbox, database: Database
) -> None:
    for number in range(60):
        await store.declare(by(CARA), a_declaration(), [f"C{number}"])

    with statements() as claiming:
        await outbox.claim(NOON, 32, 32)
    with statements() as listing:
        await Undelivered(database, lambda: NOON, lambda: None).page()

    assert len(claiming) == 3  # posts, edits, and that they are taken
    assert len(listing) == 1
