"""An incident as a transaction found it, with what a decision about it may ask."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from incident_bot.domain.errors import AlreadyInStatus, ChangedMeanwhile, EntryEdited, EntryGone
from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import Responders
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, Part, TimelineEntry, setting
from incident_bot.domain.undo import Former
from incident_bot.store.rows import incident_rows, responder_rows, undoable_rows
from incident_bot.store.rows.reading import entry_of
from incident_bot.store.rows.tables import timeline_entries

_ENTRY: Final = select(timeline_entries).where(
    timeline_entries.c.incident_id == bindparam("incident"),
    timeline_entries.c.removed_at.is_(None),
    timeline_entries.c.id == bindparam("entry"),
)


@dataclass(frozen=True)
class SeenVersion:
    """An entry as a person was looking at it."""

    incident_id: int
    entry_id: int
    edited_at: datetime | None


@dataclass(frozen=True)
class Case:
    """What is asked is read when it is asked for: most decisions need little."""

    connection: Connection
    incident: Incident

    def responders(self) -> Responders:
        return responder_rows.load(self.connection, self.incident.id)

    def entry(self, entry_id: int) -> TimelineEntry:
        """Raises EntryGone also for what is in the timeline of another incident."""
        where = {"incident": self.incident.id, "entry": entry_id}
        row = self.connection.execute(_ENTRY, where).mappings().first()
        if row is None:
            raise EntryGone(self.incident.id)
        return entry_of(row)

    def entry_seen(self, seen: SeenVersion) -> TimelineEntry:
        """The entry, if it says what the person was looking at; raises EntryEdited, EntryGone."""
        entry = self.entry(seen.entry_id)
        if entry.edited_at != seen.edited_at:
            raise EntryEdited(self.incident.id)
        return entry

    def newest(self, kinds: Iterable[EntryKind]) -> TimelineEntry | None:
        """The newest entry of these kinds that was not undone."""
        return incident_rows.newest_entry(self.connection, self.incident.id, kinds)

    def resolver(self) -> str | None:
        """Who resolved it last."""
        entry = self.newest([EntryKind.RESOLVED])
        return None if entry is None else entry.actor

    def former(self, entry_id: int) -> Former | None:
        """What an entry had set; None when that is kept no more."""
        former = undoable_rows.former(self.connection, self.incident, entry_id)
        if former is None or former.lead_entry is None:
            return former
        newest = self.newest(setting(Part.LEAD))
        is_newest = newest is not None and newest.id == former.lead_entry.id
        return former if is_newest else former.without_lead()

    def refuse_same_status(self, status: Status) -> None:
        """Raise AlreadyInStatus."""
        if self.incident.status is status:
            entry = self.newest(setting(Part.STATUS))
            raise AlreadyInStatus(self.incident.id, status, entry)

    def refuse_stale(self, seen_version: int | None, *parts: Part) -> None:
        """Raise ChangedMeanwhile if one of these parts was set since; None: whatever was seen."""
        if seen_version is None or seen_version == self.incident.version:
            return
        entry = self.newest(setting(*parts))
        if entry is not None and entry.version > seen_version:
            raise ChangedMeanwhile(self.incident.id, entry)

    def refuse_other_versions(self, versions: Collection[int] | None) -> None:
        """Raise ChangedMeanwhile unless it has one of `versions`; None stands for any."""
        if versions is None or self.incident.version in versions:
            return
        latest = incident_rows.latest_change(self.connection, self.incident)
        raise ChangedMeanwhile(self.incident.id, latest)
