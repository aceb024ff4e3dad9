"""The incident store: each use case is one method and one transaction.

A transaction writes the new state, its timeline entries, the messages that tell of them (into
the outbox) and the key of the request, so that none of these is ever there without the others.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from incident_bot.domain.actors import Viewer
from incident_bot.domain.audience import Hearer, hearers_of
from incident_bot.domain.declaration import Declaration, OriginMessage
from incident_bot.domain.edits import Edit, Patch, ProgressUpdate
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.responders import Responders
from incident_bot.domain.role import Roles
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind, Part, TimelineEntry
from incident_bot.store import requests
from incident_bot.store.case import Case, SeenVersion
from incident_bot.store.outbox import enqueue, events, places
from incident_bot.store.queries import made
from incident_bot.store.queries.made import Numbered
from incident_bot.store.requests import Request
from incident_bot.store.rows import following, incident_rows, responder_rows
from incident_bot.store.rows.reading import entry_of
from incident_bot.store.rows.tables import timeline_entries
from incident_bot.store.transaction import Store, audience_of


class IncidentStore(Store):
    """What can be done with incidents. All methods raise IncidentError for what is refused."""

    async def declare(
        self,
        request: Request,
        declaration: Declaration,
        destinations: Iterable[str],
        origin: OriginMessage | None = None,
    ) -> Incident:
        """Store a new incident and announce it in each of `destinations`.

        A destination is a channel's ID or, for the announcement channel, its name. The message
        from which it was declared, its `origin`, is answered. What is private is announced in its
        own channel alone, whatever they are. A repeated request gives the incident as it was
        declared, or raises RepeatedRequest; KeyReused when the key came with something else.
        """

        def insert(connection: Connection, at: datetime) -> Incident:
            incident = incident_rows.insert(connection, declaration, at)
            events.record(connection, incident, incident.declared(request.actor))
            for destination in dict.fromkeys(() if incident.is_private else destinations):
                enqueue.announce(connection, incident.id, destination, at)
            if origin is not None and not incident.is_private:
                enqueue.reply_to(connection, incident.id, origin, at)
            if declaration.has_channel:
                enqueue.make_channel(connection, incident.id, at)
            return incident

        return await self._declare(request, insert)

    async def take(
        self, request: Request, incident_id: int, step: Step, seen_version: int | None = None
    ) -> Incident:
        """Go a step of the life cycle.

        `seen_version` is the version that the person was looking at: raises ChangedMeanwhile
        when the status has changed since, AlreadyInStatus when it is where the step leads.
        """

        def decide(case: Case, at: datetime) -> Change:
            case.refuse_same_status(step.status)
            case.refuse_stale(seen_version, Part.STATUS)
            return case.incident.take(step, request.actor, at)

        return await self.transaction(request, incident_id, decide)

    async def set_severity(self, request: Request, incident_id: int, severity: str) -> Incident:
        return await self.transaction(
            request,
            incident_id,
            lambda case, at: case.incident.set_severity(severity, request.actor, at),
        )

    async def hand_over(self, request: Request, incident_id: int, user_id: str) -> Incident:
        """Make somebody the lead; unless they did it themselves, they are told in person."""

        def decide(case: Case, at: datetime) -> Change:
            return case.incident.hand_over(user_id, case.responders(), request.actor, at)

        return await self.transaction(request, incident_id, decide)

    async def assign(self, request: Request, incident_id: int, user_id: str, role: str) -> Incident:
        """Give somebody a role, not the lead's, which whoever had it loses."""

        def decide(case: Case, at: datetime) -> Change:
            return case.incident.assign(role, user_id, case.responders(), request.actor, at)

        return await self.transaction(request, incident_id, decide)

    async def add_responder(self, request: Request, incident_id: int, user_id: str) -> Incident:
        """Have somebody work on it, in no role."""

        def decide(case: Case, at: datetime) -> Change:
            return case.incident.add_responder(user_id, None, case.responders(), request.actor, at)

        return await self.transaction(request, incident_id, decide)

    async def join(
        self, request: Request, incident_id: int, roles: Roles
    ) -> tuple[Incident, str | None]:
        """Have whoever asks work on it, in the first of `roles` that is free; gives that, too."""
        role: str | None = None

        def decide(case: Case, at: datetime) -> Change:
            nonlocal role
            responders = case.responders()
            role = responders.first_free(roles)
            return case.incident.join(roles, responders, request.actor, at)

        return await self.transaction(request, incident_id, decide), role

    async def edit(
        self, request: Request, incident_id: int, edit: Edit, seen_version: int | None = None
    ) -> Incident:
        """Change texts and severity; raises ChangedMeanwhile rather than undo another's edit."""

        def decide(case: Case, at: datetime) -> Change:
            case.refuse_stale(seen_version, Part.TEXT, Part.SEVERITY)
            return case.incident.edit(edit, request.actor, at)

        return await self.transaction(request, incident_id, decide)

    async def patch(
        self,
        request: Request,
        incident_id: int,
        patch: Patch,
        versions: Collection[int] | None = None,
    ) -> Incident:
        """Give several parts their new values at once, whatever the life cycle says.

        Raises ChangedMeanwhile unless the incident's version is one of `versions`, if given.
        """

        def decide(case: Case, at: datetime) -> Change:
            case.refuse_other_versions(versions)
            return case.incident.patch(patch, case.responders(), request.actor, at)

        return await self.transaction(request, incident_id, decide)

    async def post_update(
        self,
        request: Request,
        incident_id: int,
        progress: ProgressUpdate,
        seen_version: int | None = None,
    ) -> Incident:
        """Tell progress, with a new status or severity if `progress` brings one."""

        def decide(case: Case, at: datetime) -> Change:
            if progress.status is not None:
                case.refuse_same_status(progress.status)
                case.refuse_stale(seen_version, Part.STATUS)
            if progress.severity is not None:
                case.refuse_stale(seen_version, Part.SEVERITY)
            return case.incident.post_update(progress, request.actor, at)

        return await self.transaction(request, incident_id, decide)

    async def edit_update(self, request: Request, seen: SeenVersion, text: str) -> Incident:
        """Change what an update says, wherever it was told.

        Raises EntryEdited rather than undo another's edit.
        """

        def decide(case: Case, at: datetime) -> Change:
            return case.incident.edit_update(case.entry_seen(seen), text, request.actor, at)

        return await self.transaction(request, seen.incident_id, decide)

    async def add_summary(
        self, request: Request, incident_id: int, summary: str, seen_version: int | None = None
    ) -> Incident:
        """Raises ChangedMeanwhile rather than undo another's summary or sum up what goes on."""

        def decide(case: Case, at: datetime) -> Change:
            case.refuse_stale(seen_version, Part.SUMMARY)
            return case.incident.add_summary(summary, case.resolver(), request.actor, at)

        return await self.transaction(request, incident_id, decide)

    async def to_sum_up(self, incident_id: int, user_id: str) -> Incident:
        """The incident, if this person may add a summary; raises what refuses it otherwise."""

        def work(connection: Connection) -> Incident:
            incident = incident_rows.load(connection, incident_id, Viewer(user_id))
            incident.refuse_summary(Case(connection, incident).resolver(), user_id)
            return incident

        return await self._database.read(work)

    async def follow(self, incident_id: int, user_id: str) -> bool:
        """Tell this person of updates and statuses; False when that is so already."""
        at = self._clock()

        def work(connection: Connection) -> bool:
            incident_rows.load(connection, incident_id, Viewer(user_id))
            return following.follow(connection, incident_id, user_id, at)

        return await self._database.write(work)

    async def unfollow(self, incident_id: int, user_id: str) -> bool:
        """Tell this person no more; False when nobody did."""

        def work(connection: Connection) -> bool:
            incident_rows.load(connection, incident_id, Viewer(user_id))
            return following.unfollow(connection, incident_id, user_id)

        return await self._database.write(work)

    async def hearers_of_update(self, incident_id: int, by: str) -> tuple[Hearer, ...]:
        """Who would hear now of an update by this person."""
        at = self._clock()

        def work(connection: Connection) -> tuple[Hearer, ...]:
            incident = incident_rows.load(connection, incident_id, Viewer(by))
            update = TimelineEntry(
                EntryKind.UPDATE_POSTED, by, at, incident.version, happened_at=at
            )
            return hearers_of(update, audience_of(connection, incident))

        return await self._database.read(work)

    async def delete(
        self,
        request: Request,
        incident_id: int,
        versions: Collection[int] | None = None,
        *,
        whoever: bool = False,
    ) -> Incident:
        """Hide it everywhere, and archive its channel; its row, timeline and ID are kept.

        `versions` is as in `patch`; `whoever` lets others delete it than its reporter and lead.
        """

        def decide(case: Case, at: datetime) -> Change:
            case.refuse_other_versions(versions)
            return case.incident.delete(request.actor, at, whoever=whoever)

        return await self.transaction(request, incident_id, decide)

    async def get(self, incident_id: int, viewer: Viewer) -> Incident:
        return await self._database.read(
            lambda connection: incident_rows.load(connection, incident_id, viewer)
        )

    async def made_at(self, kind: Numbered, number: int) -> datetime | None:
        """When what has this number was made; None when nothing has it."""
        return await self._database.read(lambda connection: made.made_at(connection, kind, number))

    async def timeline(self, incident_id: int, viewer: Viewer) -> tuple[TimelineEntry, ...]:
        """What happened to an incident, in the order in which it was recorded."""

        def work(connection: Connection) -> tuple[TimelineEntry, ...]:
            incident_rows.load(connection, incident_id, viewer)
            rows = connection.execute(
                select(timeline_entries)
                .where(
                    timeline_entries.c.incident_id == incident_id,
                    timeline_entries.c.removed_at.is_(None),
                )
                .order_by(timeline_entries.c.id)
            ).mappings()
            return tuple(entry_of(row) for row in rows)

        return await self._database.scan(work)

    async def responders(self, incident_id: int) -> Responders:
        """Who works on an incident, those with a role first."""
        return await self._database.read(
            lambda connection: responder_rows.load(connection, incident_id)
        )

    async def permalinks(self, incident_ids: Collection[int], preferred: str) -> dict[int, str]:
        """Links to the announcements, as far as known; those in `preferred` where there are two."""
        return await self._database.read(
            lambda connection: places.find_links(connection, incident_ids, preferred)
        )

    async def forget_old(self, before: datetime) -> None:
        """Drop the keys of requests so old that nobody sends them again, and what was sent."""

        def work(connection: Connection) -> None:
            requests.forget(connection, before)
            enqueue.forget_sent(connection, before)

        await self._database.write(work)
