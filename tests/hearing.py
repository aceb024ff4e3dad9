"""Who hears, as tests ask: of a change in person, and of an update by Cara."""

from incident_bot.domain.audience import Hearer, Reason, about_whom
from incident_bot.domain.incident import Change
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.store.incidents import IncidentStore
from tests.factories import CARA


def in_person(change: Change) -> tuple[tuple[str, TimelineEntry], ...]:
    """The user IDs of whom the entries of a change are about, and which."""
    return tuple(
        (hearer.destination, entry) for entry in change.entries for hearer in about_whom(entry)
    )


def announced_in(*channels: str) -> tuple[Hearer, ...]:
    """Channels in which an incident is announced."""
    return tuple(Hearer(channel, Reason.ANNOUNCED_THERE) for channel in channels)


def followers(number: int) -> tuple[Hearer, ...]:
    """So many people who follow an incident."""
    return tuple(Hearer(f"U0FOLLOWER{one}", Reason.FOLLOWS) for one in range(number))


async def following(store: IncidentStore, incident_id: int) -> list[str]:
    """The user IDs of those whom an update by Cara would reach since they follow."""
    hearers = await store.hearers_of_update(incident_id, CARA)
    return [one.destination for one in hearers if one.reason is Reason.FOLLOWS]
