"""The outbox as an operator sees it: what is not sent and why, and how that is mended."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from incident_bot.domain.actors import EVERYTHING, Viewer
from incident_bot.domain.newer import known
from incident_bot.domain.reference import reference
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.engine.database import Database
from incident_bot.store.outbox import uninvited
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.rows.tables import incidents, is_unfinished, outbox, timeline_entries

State = Literal["pending", "sending", "sent", "failed", "discarded"]

NOT_SENT: Final = ("pending", "sending", "failed")
PAGE: Final = 500
"""How many messages are shown or mended at once."""
LAST_ID: Final = 2**53 - 1
"""Larger IDs are asked for by mistake; JSON's readers do not all know them exactly (RFC 8259)."""

_MENDABLE: Final = ("pending", "failed")
_SHOWN: Final = (
    "id",
    "incident_id",
    "target",
    "operation",
    "destination",
    "state",
    "attempts",
    "created_at",
    "reason",
)
_IS_EDIT: Final = and_(
    outbox.c.lane != outbox.c.destination,
    outbox.c.operation.in_([one for one in Operation if one.is_message]),
)
_UNCLAIMED: Final = {"claimed_by": None, "lease_until": None}
_DISCARDED: Final = "discarded by an operator"


@dataclass(frozen=True)
class Message:
    """A message in the outbox.

    A notification or direct message tells an entry; an edit is of what was posted before. What
    only a newer version of the bot knows is as it is stored.
    """

    id: int
    incident_id: int
    target: str
    operation: Operation | str
    entry_kind: EntryKind | str | None
    is_edit: bool
    destination: str
    state: State
    attempts: int
    created_at: datetime
    reason: str | None


@dataclass(frozen=True)
class Refusal:
    """A message that was left as it is, because of its state; None: there is none with this ID."""

    id: int
    state: State | None


@dataclass(frozen=True)
class Mended:
    """The messages that were mended, and those that were not."""

    done: tuple[int, ...]
    refused: tuple[Refusal, ...]


class Undelivered:
    """The operator's side of the outbox.

    `is_alone` says that no worker runs: whatever is said to be under way is held by nobody. To
    whom private incidents are not shown, it is as if there were no messages of them.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        wake_delivery: Callable[[], None],
        *,
        is_alone: bool = False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._wake_delivery = wake_delivery
        self._is_alone = is_alone

    async def counts(self) -> dict[str, int]:
        """How many messages there are in each state."""

        def work(connection: Connection) -> dict[str, int]:
            query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
            return dict(connection.execute(query).all())

        return await self._database.scan(work)

    async def waited(self) -> dict[str, int]:
        """For how many seconds the oldest undelivered message of each target has waited."""
        query = (
            select(outbox.c.target, func.min(outbox.c.created_at).label("since"))
            .where(is_unfinished())
            .group_by(outbox.c.target)
        )
        found = await self._database.scan(lambda connection: connection.execute(query).all())
        now = self._clock()
        return {row.target: max(int((now - row.since).total_seconds()), 0) for row in found}

    async def failures(self, limit: int, viewer: Viewer) -> tuple[str, ...]:
        """Why the latest messages were given up, newest first.

        Of a private incident only the operation is told to those who may not see it: even
        the reason may name its people.
        """
        query = (
            select(outbox, incidents.c.is_private)
            .join(incidents, incidents.c.id == outbox.c.incident_id)
            .where(outbox.c.state == "failed")
            .order_by(outbox.c.id.desc())
            .limit(limit)
        )
        return await self._database.scan(
            lambda connection: tuple(
                _failure(row, viewer) for row in connection.execute(query).mappings()
            )
        )

    async def page(
        self, after: int = 0, *, with_settled: bool = False, viewer: Viewer = EVERYTHING
    ) -> tuple[Message, ...]:
        """The first PAGE messages with a larger ID than `after`, oldest first.

        Those that are not sent; `with_settled` also those that were sent or discarded lately.
        """
        query = (
            select(
                *(outbox.c[name] for name in _SHOWN),
                timeline_entries.c.kind.label("entry_kind"),
                _IS_EDIT.label("is_edit"),
            )
            .outerjoin(timeline_entries, timeline_entries.c.id == outbox.c.entry_id)
            .where(outbox.c.id > after, *_shown_to(viewer))
            .order_by(outbox.c.id)
            .limit(PAGE)
        )
        if not with_settled:
            query = query.where(outbox.c.state.in_(NOT_SENT))
        return await self._database.scan(
            lambda connection: tuple(map(_message, connection.execute(query).mappings()))
        )

    async def retry(self, ids: Collection[int], viewer: Viewer = EVERYTHING) -> Mended:
        """Have what failed or waits tried now."""
        return await self._mend(
            ids,
            viewer,
            {
                "state": "pending",
                "due_at": self._clock(),
                "settled_at": None,
                "is_uncertain": or_(outbox.c.is_uncertain, outbox.c.state == "sending"),
            },
        )

    async def discard(self, ids: Collection[int], viewer: Viewer = EVERYTHING) -> Mended:
        """Never send what failed or waits.

        A discarded announcement takes nothing else with it: notifications of the incident are
        then posted by themselves, and its next change posts the announcement after all.
        """
        return await self._mend(
            ids,
            viewer,
            {
                "state": "discarded",
                "settled_at": self._clock(),
                "reason": func.coalesce(outbox.c.reason, _DISCARDED),
            },
        )

    async def _mend(
        self, ids: Collection[int], viewer: Viewer, values: Mapping[str, Any]
    ) -> Mended:
        # Locked where processes share the database: what a worker claims meanwhile is being sent.
        query = (
            select(outbox.c.id, outbox.c.state, self._is_mendable().label("is_mendable"))
            .where(outbox.c.id.in_(ids), *_shown_to(viewer))
            .order_by(outbox.c.id)
            .with_for_update()
        )

        def work(connection: Connection) -> Mended:
            found = {row.id: row for row in connection.execute(query)}
            done = tuple(id_ for id_, row in found.items() if row.is_mendable)
            is_mended = outbox.c.id.in_(done)
            connection.execute(update(outbox).where(is_mended).values(**values, **_UNCLAIMED))
            if values["state"] == "discarded":
                uninvited.note_all_given_up(connection, is_mended)
            left = sorted(set(ids).difference(done))
            return Mended(
                done,
                tuple(Refusal(id_, found[id_].state if id_ in found else None) for id_ in left),
            )

        mended = await self._database.write(work)
        self._wake_delivery()
        return mended

    def _is_mendable(self) -> ColumnElement[bool]:
        """Whether no worker has the message now; one that is gone has it until its lease ends."""
        if self._is_alone:
            return outbox.c.state.in_(NOT_SENT)
        has_run_out = outbox.c.lease_until < func.now() if self._database.is_shared else false()
        return or_(outbox.c.state.in_(_MENDABLE), and_(outbox.c.state == "sending", has_run_out))


def _shown_to(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Which messages may be known of; of a private incident's people none looks in here."""
    if viewer.sees_private:
        return ()
    return (exists().where(incidents.c.id == outbox.c.incident_id, ~incidents.c.is_private),)


def _failure(row: RowMapping, viewer: Viewer) -> str:
    if row["is_private"] and not viewer.sees_private:
        return f"a message: {row['operation']}"
    return f"{reference(row['incident_id'])} in {row['destination']}: {row['reason']}"


def _message(row: RowMapping) -> Message:
    entry_kind = row["entry_kind"]
    return Message(
        **{
            **row,
            "operation": known(Operation, row["operation"]),
            "entry_kind": None if entry_kind is None else known(EntryKind, entry_kind),
        }
    )
