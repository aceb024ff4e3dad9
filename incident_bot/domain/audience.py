"""Who hears of what happens to an incident, and why. Nothing else decides that."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from incident_bot.domain.actors import Viewer, is_user_id
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.responders import Responders
from incident_bot.domain.timeline import EntryKind, TimelineEntry


class Reason(StrEnum):
    """Why somebody hears of it."""

    ANNOUNCED_THERE = "the incident is announced there"
    WORKED_ON_THERE = "it is the incident's own channel"
    ABOUT_THEM = "it is about them"
    FOLLOWS = "they follow the incident"


@dataclass(frozen=True)
class Hearer:
    """A channel, by its ID or name, or a person, by user ID; and why they hear of something."""

    destination: str
    reason: Reason

    @property
    def is_person(self) -> bool:
        return self.reason in (Reason.ABOUT_THEM, Reason.FOLLOWS)


@dataclass(frozen=True)
class Audience:
    """Where things can be said of an incident, and who follows it.

    `channels` are all of them, by ID or name; `own_channel_id` is the incident's own among them.
    """

    channels: tuple[str, ...]
    own_channel_id: str | None = None
    followers: tuple[str, ...] = ()


def heard_in_channels(change: Change) -> tuple[TimelineEntry, ...]:
    """The entries that channels are told of.

    Taking the lead by acknowledging is one thing to people: it is told once. Whoever enters the
    incident's channel is shown there by Slack.
    """
    if change.is_by_entering:
        return ()
    told = tuple(entry for entry in change.entries if entry.facts.is_told)
    if any(entry.kind is EntryKind.ACKNOWLEDGED for entry in told):
        told = tuple(entry for entry in told if not entry.is_taking_the_lead)
    return told


def hearers(change: Change, audience: Audience) -> Iterator[tuple[Hearer, TimelineEntry]]:
    """Who hears of which entry, in the order in which they are to be told."""
    told = heard_in_channels(change)
    for channel in audience.channels:
        for entry in told:
            yield _channel(channel, audience), entry
    for entry in change.entries:
        for person in about_whom(entry):
            yield person, entry
    for entry in told:
        for follower in _followers(entry, audience):
            yield follower, entry


def hearers_of(entry: TimelineEntry, audience: Audience) -> tuple[Hearer, ...]:
    """Who would hear of an entry alone."""
    channels = (_channel(channel, audience) for channel in audience.channels)
    told = tuple(channels) if entry.facts.is_told else ()
    return (*told, *about_whom(entry), *_followers(entry, audience))


def about_whom(entry: TimelineEntry) -> Iterator[Hearer]:
    """The person whom somebody else made lead, responder or owner of an action item."""
    person = entry.after or ""
    if entry.facts.for_person and person != entry.actor and is_user_id(person):
        yield Hearer(person, Reason.ABOUT_THEM)


def targets_that_hear(incident: Incident, targets: Collection[str]) -> tuple[str, ...]:
    """Which of the targets outside Slack hear of it: what is private stays with its people."""
    return () if incident.is_private else tuple(targets)


def first_to_act(
    incident: Incident,
    responders: Responders,
    candidates: Iterable[str | None],
    gone: Collection[str],
) -> str | None:
    """The first who can be reminded: reached, since not `gone`, and allowed to see it.

    None: there is nobody, so that whoever reads the channels has to act.
    """
    for one in candidates:
        if one is None or not is_user_id(one) or one in gone:
            continue
        if incident.is_visible_to(Viewer(one), responders):
            return one
    return None


def _channel(channel: str, audience: Audience) -> Hearer:
    is_own = channel == audience.own_channel_id
    return Hearer(channel, Reason.WORKED_ON_THERE if is_own else Reason.ANNOUNCED_THERE)


def _followers(entry: TimelineEntry, audience: Audience) -> Iterator[Hearer]:
    """Nobody is told of what they did themselves."""
    if entry.facts.is_followed:
        for user_id in audience.followers:
            if user_id != entry.actor:
                yield Hearer(user_id, Reason.FOLLOWS)
