"""An incident and the changes that it allows; each change is a new incident and its record."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from incident_bot.domain.actors import BOT, Viewer, is_user_id
from incident_bot.domain.edits import Edit, Patch, ProgressUpdate
from incident_bot.domain.errors import (
    AlreadyLeads,
    AlreadyResponds,
    BeforeTimeline,
    ChannelInUse,
    EntryRule,
    IllegalTransition,
    JoinedTooLate,
    MayNotChangeEntry,
    MayNotDelete,
    MayNotEditUpdate,
    NoChannel,
    NotForThisEntry,
    NothingToChange,
    NotTheSummarizer,
    SameEntry,
    SameIncident,
    SameSeverity,
    StillToCome,
    SummarizedTooSoon,
)
from incident_bot.domain.note import EARLIEST, Note, PinnedMessage
from incident_bot.domain.reference import reference
from incident_bot.domain.responders import Responders
from incident_bot.domain.role import Roles
from incident_bot.domain.status import TRANSITIONS, Status, Step
from incident_bot.domain.timeline import (
    EntryKind,
    TimelineEntry,
)

SHARED: Final = "it is shared with another organisation"
"""Why nothing is said in an incident's own channel that people from elsewhere may read."""


@dataclass(frozen=True)
class Change:
    """What an incident becomes, and the timeline entries that tell how.

    `responders` are None where they stay who they are. `edited` are earlier entries that say
    something else now, or were undone. `is_by_entering` says that it tells of somebody who is in
    the incident's channel already, `is_archiving` that the channel is archived after its last word.
    """

    incident: "Incident"
    entries: tuple[TimelineEntry, ...] = ()
    responders: Responders | None = None
    edited: tuple[TimelineEntry, ...] = ()
    is_by_entering: bool = False
    is_archiving: bool = False

    def __add__(self, later: "Change") -> "Change":
        return Change(
            later.incident, self.entries + later.entries, later.responders or self.responders
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
        now = self.incident
        incident = replace(
            now, version=now.version + 1, updated_at=max(at, now.updated_at), **fields
        )
        former = {name: (getattr(now, name), value) for name, value in fields.items()}
        changed = {name: pair for name, pair in former.items() if pair[0] != pair[1]}
        entry = TimelineEntry(
            kind, actor, at, incident.version, before, after, text, happened_at=at, changed=changed
        )
        return replace(self, incident=incident, entries=(*self.entries, entry))


@dataclass(frozen=True)
class Incident:
    """One incident as it is now. Times are UTC; `version` grows by one with every change.

    `next_update_at` is when the latest update promised another, unless it is resolved.
    `lead` is a Slack user ID or None. `reported_by` is a Slack user ID or, if it
    `has_named_reporter`, the free text that REST gave: some names look like IDs, and some IDs
    have no digit. What `is_private` is for its people alone, see `is_visible_to`. `channel_id` is
    the channel in which it is worked on, if it has one of its own, `channel_closed_at` since when
    nothing can be said there: it was archived, or the bot is not in it any more.
    """

    id: int
    title: str
    description: str
    reported_by: str
    severity: str
    declared_at: datetime
    updated_at: datetime
    status: Status = Status.OPEN
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    lead: str | None = None
    latest_update: str | None = None
    latest_update_by: str | None = None
    latest_update_at: datetime | None = None
    summary: str | None = None
    version: int = 1
    deleted_at: datetime | None = None
    has_named_reporter: bool = False
    next_update_at: datetime | None = None
    is_private: bool = False
    channel_id: str | None = None
    channel_name: str | None = None
    channel_closed_at: datetime | None = None

    @property
    def reference(self) -> str:
        return reference(self.id)

    @property
    def is_resolved(self) -> bool:
        return self.status.is_resolved

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def open_channel_id(self) -> str | None:
        """Its own channel, if things can be said there."""
        return self.channel_id if self.channel_closed_at is None else None

    @property
    def reporter_id(self) -> str | None:
        """The reporter's Slack user ID; None where REST gave a name, whatever it looks like."""
        return None if self.has_named_reporter else self.reported_by

    def concerns(self, actor: str, responders: Responders) -> bool:
        """Whether this is one of its people: reporter, lead, responders."""
        return actor in (self.reporter_id, self.lead) or responders.find(actor) is not None

    def is_visible_to(self, viewer: Viewer, responders: Responders) -> bool:
        """`store/queries/search.py` says the same in SQL."""
        is_open = not self.is_private or viewer.sees_private
        return is_open or self.concerns(viewer.actor, responders)

    @property
    def time_to_resolve(self) -> timedelta | None:
        """From declared to resolved; None while it is not resolved."""
        return self.resolved_at - self.declared_at if self.resolved_at else None

    def declared(self, actor: str) -> TimelineEntry:
        """The first entry of its timeline."""
        at = self.declared_at
        return TimelineEntry(EntryKind.DECLARED, actor, at, self.version, happened_at=at)

    def take(self, step: Step, actor: str, at: datetime) -> Change:
        """Go a step of the life cycle; raises IllegalTransition."""
        if TRANSITIONS.get((self.status, step.status)) is not step:
            raise self._illegal()
        return self.set_status(step.status, actor, at)

    def move_to(self, status: Status, actor: str, at: datetime) -> Change:
        """Go whichever step leads to `status`; raises IllegalTransition."""
        if (self.status, status) not in TRANSITIONS:
            raise self._illegal()
        return self.set_status(status, actor, at)

    def set_status(self, status: Status, actor: str, at: datetime) -> Change:
        """Set any status without asking the life cycle; `take` and `move_to` ask it first.

        The first to acknowledge becomes the lead, unless there is one.
        """
        change = Change(self).then(
            _kind_of(self.status, status), actor, at, self.status, status, **self._times(status, at)
        )
        if status is Status.IN_PROGRESS and self.lead is None and is_user_id(actor):
            change = change.then(EntryKind.LEAD_CHANGED, actor, at, None, actor, lead=actor)
        return change

    def set_severity(self, severity: str, actor: str, at: datetime) -> Change:
        """Raises NothingToChange when it is that severe already."""
        if severity == self.severity:
            raise SameSeverity(self.id, severity)
        return Change(self).then(
            EntryKind.SEVERITY_CHANGED, actor, at, self.severity, severity, severity=severity
        )

    def set_lead(
        self, lead: str | None, responders: Responders, actor: str, at: datetime
    ) -> Change:
        """Name who coordinates, or nobody. Who led what is private goes on seeing it."""
        change = Change(self)
        if self.is_private and self.lead is not None:
            change = Change(self, responders=responders.keeping(self.lead, at))
        return change.then(EntryKind.LEAD_CHANGED, actor, at, self.lead, lead, lead=lead)

    def lose_lead(self, responders: Responders, at: datetime) -> Change:
        """Leave it without a lead, whose Slack account was deactivated.

        `updated_at` stays: this is no news of the incident, and ends no silence.
        """
        change = self.set_lead(None, responders, BOT, at)
        return replace(change, incident=replace(change.incident, updated_at=self.updated_at))

    def hand_over(self, user_id: str, responders: Responders, actor: str, at: datetime) -> Change:
        """Make somebody the lead; raises AlreadyResponds for who is it already."""
        if user_id == self.lead:
            raise AlreadyLeads(self.id, user_id)
        return self.set_lead(user_id, responders, actor, at)

    def enter(self, user_id: str, responders: Responders, actor: str, at: datetime) -> Change:
        """Somebody is in its channel: those in a private one respond. Empty for its people."""
        if not self.is_private or self.concerns(user_id, responders):
            return Change(self)
        change = self.add_responder(user_id, None, responders, actor, at)
        return replace(change, is_by_entering=True)

    def leave(self, user_id: str, responders: Responders, at: datetime) -> Change:
        """Somebody is in its channel no more: in a private one they responded. Empty otherwise."""
        if not self.is_private or responders.find(user_id) is None:
            return Change(self)
        change = Change(self, responders=responders.without(user_id))
        return change.then(EntryKind.LEFT, user_id, at, user_id)

    def assign(
        self, role: str, user_id: str, responders: Responders, actor: str, at: datetime
    ) -> Change:
        """Give somebody a role, not the lead's; whoever had it stays a responder without one.

        Raises AlreadyResponds for who has it already.
        """
        before = responders.holder(role)
        if user_id == before:
            raise AlreadyResponds(self.id, user_id, role)
        change = Change(self, responders=responders.including(user_id, role, at))
        return change.then(EntryKind.ROLE_ASSIGNED, actor, at, before, user_id, text=role)

    def add_responder(
        self, user_id: str, role: str | None, responders: Responders, actor: str, at: datetime
    ) -> Change:
        """Have somebody work on it; raises AlreadyResponds for who leads or responds already."""
        if user_id == self.lead:
            raise AlreadyLeads(self.id, user_id)
        if known := responders.find(user_id):
            raise AlreadyResponds(self.id, user_id, known.role)
        change = Change(self, responders=responders.including(user_id, role, at))
        return change.then(EntryKind.JOINED, actor, at, None, user_id, text=role)

    def join(self, roles: Roles, responders: Responders, actor: str, at: datetime) -> Change:
        """Work on it, in the first role that is free; that of the lead is never given so."""
        if self.is_resolved:
            raise JoinedTooLate(self.id)
        return self.add_responder(actor, responders.first_free(roles), responders, actor, at)

    def patch(self, patch: Patch, responders: Responders, actor: str, at: datetime) -> Change:
        """Give all parts their new values; the change is empty when they have them already."""
        try:
            change = self.edit(patch, actor, at)
        except NothingToChange:
            change = Change(self)
        if patch.has_lead and patch.lead != self.lead:
            change += change.incident.set_lead(patch.lead, responders, actor, at)
        if patch.status not in (None, self.status):
            change += change.incident.set_status(Status(str(patch.status)), actor, at)
        return change

    def edit(self, edit: Edit, actor: str, at: datetime) -> Change:
        """Change the texts and the severity; raises NothingToChange."""
        change = Change(self)
        if edit.title not in (None, self.title):
            change = change.then(
                EntryKind.EDITED, actor, at, self.title, edit.title, title=edit.title
            )
        if edit.description not in (None, self.description):
            change = change.then(
                EntryKind.EDITED, actor, at, self.description, edit.description,
                description=edit.description,
            )  # fmt: skip
        if edit.severity not in (None, self.severity):
            change += change.incident.set_severity(str(edit.severity), actor, at)
        if not change.entries:
            raise SameIncident(self.id)
        return change

    def post_update(self, update: ProgressUpdate, actor: str, at: datetime) -> Change:
        """Tell progress; what `update` says of status and severity happens with it."""
        is_over = (update.status or self.status).is_resolved
        promised = None if is_over else update.next_update_in
        change = Change(self).then(
            EntryKind.UPDATE_POSTED,
            actor,
            at,
            text=update.message,
            latest_update=update.message,
            latest_update_by=actor,
            latest_update_at=at,
            next_update_at=None if promised is None else at + promised,
        )
        if update.status not in (None, self.status):
            change += change.incident.move_to(Status(str(update.status)), actor, at)
        if update.severity not in (None, self.severity):
            change += change.incident.set_severity(str(update.severity), actor, at)
        return change

    def edit_update(self, entry: TimelineEntry, text: str, actor: str, at: datetime) -> Change:
        """Correct what an update says; raises NotAllowed, NothingToChange."""
        self.refuse_entry_change(entry, actor)
        if entry.kind is not EntryKind.UPDATE_POSTED:
            raise NotForThisEntry(EntryRule.EDIT_UPDATE)
        if text == entry.text:
            raise SameEntry("update")
        latest = (self.latest_update, self.latest_update_by, self.latest_update_at)
        is_latest = latest == (entry.text, entry.actor, entry.at)
        shown = {"latest_update": text} if is_latest else {}
        change = Change(self).then(EntryKind.UPDATE_EDITED, actor, at, entry.text, text, **shown)
        return replace(change, edited=(replace(entry, text=text, edited_at=at),))

    def make_channel(self, channel_id: str, name: str, at: datetime) -> Change:
        """It has a channel of its own now."""
        return Change(self).then(
            EntryKind.CHANNEL_MADE, BOT, at, None, name, channel_id=channel_id, channel_name=name
        )

    def rename_channel(self, name: str, actor: str, at: datetime) -> Change:
        """Somebody has renamed its channel. Empty when it has that name already."""
        if name == self.channel_name:
            return Change(self)
        return Change(self).then(
            EntryKind.CHANNEL_RENAMED, actor, at, self.channel_name, name, channel_name=name
        )

    def close_channel(self, actor: str, at: datetime, reason: str | None = None) -> Change:
        """Nothing can be said in its channel any more: archived, if no `reason` is given.

        Empty when that is so already.
        """
        if self.open_channel_id is None:
            return Change(self)
        return Change(self).then(
            EntryKind.CHANNEL_CLOSED, actor, at, text=reason, channel_closed_at=at
        )

    def archive_channel(self, actor: str, at: datetime) -> Change:
        """Have its channel archived."""
        if self.open_channel_id is None:
            raise NoChannel(self.id)
        if not self.is_resolved:
            raise ChannelInUse(self.id, self.status)
        return replace(self.close_channel(actor, at), is_archiving=True)

    def open_channel(self, actor: str, at: datetime) -> Change:
        """Its channel takes messages again. Empty when it always did."""
        if self.channel_id is None or self.channel_closed_at is None:
            return Change(self)
        return Change(self).then(EntryKind.CHANNEL_OPENED, actor, at, channel_closed_at=None)

    def move_channel(self, channel_id: str) -> "Incident":
        """Slack has given its channel another ID. That is no news of the incident itself."""
        return replace(self, channel_id=channel_id, version=self.version + 1)

    def close_shared_channel(self, at: datetime) -> Change:
        """Nothing is said in its channel while people of another organisation may read it.

        This keeps it closed whatever had closed it before.
        """
        return Change(self).then(
            EntryKind.CHANNEL_CLOSED, BOT, at, text=SHARED, channel_closed_at=at
        )

    def refuse_summary(self, resolver: str | None, actor: str) -> None:
        """Raise unless it is resolved, and the actor leads it or is the `resolver`.

        Anybody may sum up what was resolved by no user of Slack.
        """
        if not self.is_resolved:
            raise SummarizedTooSoon(self.id)
        if resolver is None or not is_user_id(resolver):
            return
        if actor not in (resolver, self.lead):
            raise NotTheSummarizer(self.id, resolver)

    def add_summary(self, summary: str, resolver: str | None, actor: str, at: datetime) -> Change:
        """Say in the end what it was; raises what `refuse_summary` raises."""
        self.refuse_summary(resolver, actor)
        return Change(self).then(
            EntryKind.SUMMARY_ADDED, actor, at, self.summary, text=summary, summary=summary
        )

    def may_be_deleted_by(self, actor: str) -> bool:
        return actor in (self.reporter_id, self.lead)

    def delete(self, actor: str, at: datetime, *, whoever: bool = False) -> Change:
        """Hide it everywhere, and close its channel.

        Raises NotAllowed unless the actor reported or leads it; `whoever` lets anybody, which only
        the REST API may.
        """
        if not whoever and not self.may_be_deleted_by(actor):
            raise MayNotDelete(self.id)
        is_archiving = self.open_channel_id is not None
        closed_at = at if is_archiving else self.channel_closed_at
        change = Change(self).then(
            EntryKind.DELETED, actor, at, deleted_at=at, channel_closed_at=closed_at
        )
        return replace(change, is_archiving=is_archiving)

    def note(self, note: Note, actor: str, at: datetime) -> TimelineEntry:
        """Write a note into the timeline; raises WrongMoment."""
        return self._written(EntryKind.NOTE, actor, at, note.text, self._moment(note, at))

    def pin(self, message: PinnedMessage, actor: str, at: datetime) -> TimelineEntry:
        """Put a message into the timeline, at the time when it was written."""
        entry = self._written(EntryKind.PINNED, actor, at, message.text, message.posted_at)
        return replace(entry, author=message.author, permalink=message.permalink)

    def may_change_entry(self, entry: TimelineEntry, actor: str) -> bool:
        return entry.facts.is_editable and actor in (entry.actor, self.lead)

    def edit_entry(
        self, entry: TimelineEntry, note: Note, actor: str, at: datetime
    ) -> TimelineEntry:
        """Correct what somebody put there; raises NotAllowed, WrongMoment, NothingToChange."""
        self.refuse_entry_change(entry, actor)
        if not entry.facts.is_written:
            raise NotForThisEntry(EntryRule.MOVE)
        happened_at = self._moment(note, at)
        if (entry.text, entry.happened_at) == (note.text, happened_at):
            raise SameEntry("entry")
        return replace(entry, text=note.text, happened_at=happened_at, edited_at=at)

    def refuse_entry_change(self, entry: TimelineEntry, actor: str) -> None:
        """Raise NotAllowed unless the actor put the entry there or leads the incident."""
        if not entry.facts.is_editable:
            raise NotForThisEntry(EntryRule.EDIT)
        if self.may_change_entry(entry, actor):
            return
        if entry.kind is EntryKind.UPDATE_POSTED:
            raise MayNotEditUpdate(self.id)
        raise MayNotChangeEntry(self.id)

    def refuse_entry_removal(self, entry: TimelineEntry, actor: str) -> None:
        """The same for removing it; an update stays, since it was told."""
        if not entry.facts.is_written:
            raise NotForThisEntry(EntryRule.REMOVE)
        self.refuse_entry_change(entry, actor)

    def _written(
        self, kind: EntryKind, actor: str, at: datetime, text: str, happened_at: datetime
    ) -> TimelineEntry:
        return TimelineEntry(kind, actor, at, self.version, text=text, happened_at=happened_at)

    def _moment(self, note: Note, at: datetime) -> datetime:
        """When it happened, if that can be."""
        if note.happened_at is None:
            return at
        if note.happened_at > at:
            raise StillToCome
        if note.happened_at < self.declared_at - EARLIEST:
            raise BeforeTimeline(self.id, EARLIEST.days)
        return note.happened_at

    def _illegal(self) -> IllegalTransition:
        steps = [step for (before, _), step in TRANSITIONS.items() if before is self.status]
        return IllegalTransition(self.id, self.status, steps)

    def _times(self, status: Status, at: datetime) -> dict[str, Any]:
        # The clock may have been set back: nothing is acknowledged or resolved before declared.
        at = max(at, self.declared_at)
        acknowledged_at = self.acknowledged_at
        if status is Status.IN_PROGRESS and acknowledged_at is None:
            acknowledged_at = at
        return {
            "status": status,
            "acknowledged_at": acknowledged_at,
            "resolved_at": at if status.is_resolved else None,
            "next_update_at": None if status.is_resolved else self.next_update_at,
        }


def _kind_of(before: Status, after: Status) -> EntryKind:
    if after.is_resolved:
        return EntryKind.RESOLVED
    if before.is_resolved:
        return EntryKind.REOPENED
    return EntryKind.ACKNOWLEDGED if after is Status.IN_PROGRESS else EntryKind.SET_BACK
