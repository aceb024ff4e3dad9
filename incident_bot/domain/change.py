"""What a use case makes of an incident, and how that is told."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from incident_bot.domain.actors import is_user_id
from incident_bot.domain.responders import Responders
from incident_bot.domain.timeline import NOTIFIED_KINDS, EntryKind, TimelineEntry

if TYPE_CHECKING:
    from incident_bot.domain.incident import Incident


@dataclass(frozen=True)
class Change:
    """What an incident becomes, and the timeline entries that tell how.

    `responders` are None where they stay who they are. `is_by_entering` says that it tells of
    somebody who is in the incident's channel already.
    """

    incident: "Incident"
    entries: tuple[TimelineEntry, ...] = ()
    responders: Responders | None = None
    is_by_entering: bool = False

    def __add__(self, later: "Change") -> "Change":
        return Change(
            later.incident, self.entries + later.entries, later.responders or self.responders
        )

    @property
    def notified(self) -> tuple[TimelineEntry, ...]:
        """The entries that channels are told of.

        Taking the lead by acknowledging is one thing to people: it is told once. Whoever enters
        the incident's channel is shown there by Slack.
        """
        if self.is_by_entering:
            return ()
        told = tuple(entry for entry in self.entries if entry.kind in NOTIFIED_KINDS)
        if any(entry.kind is EntryKind.ACKNOWLEDGED for entry in told):
            told = tuple(entry for entry in told if not entry.is_taking_the_lead)
        return told

    @property
    def direct(self) -> tuple[tuple[str, TimelineEntry], ...]:
        """Who is told of what in a direct message: whom somebody else made lead or responder."""
        return tuple(
            (entry.after, entry)
            for entry in self.entries
            if entry.kind in (EntryKind.LEAD_CHANGED, EntryKind.JOINED)
            and entry.after not in (None, entry.actor)
            and is_user_id(str(entry.after))
        )

    def then(
        self,
        kind: EntryKind,
        actor: str,
        at: datetime,
        before: str | None = None,
        after: str | None = None,
        *,
        text: str | None = None,
        **fields: Any,  # noqa: ANN401 - names and types are those of Incident
    ) -> "Change":
        """This change, followed by one more: `fields` take their new values."""
        incident = replace(
            self.incident,
            version=self.incident.version + 1,
            updated_at=max(at, self.incident.updated_at),
            **fields,
        )
        entry = TimelineEntry(
            kind, actor, at, incident.version, before, after, text, happened_at=at
        )
        return Change(incident, (*self.entries, entry), self.responders)
