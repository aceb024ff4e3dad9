"""Begins and ends following, and says so: by command or by button."""

from incident_bot.domain.reference import reference
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services


async def followed(incident_id: int, user_id: str, services: Services) -> Reply:
    """Guests may: it changes nothing for others."""
    await services.people.refuse_outsider(user_id)
    name = reference(incident_id)
    if not await services.store.follow(incident_id, user_id):
        return Reply(f"You follow {name} already. `/incident unfollow {name}` ends it.")
    return Reply(
        f"You follow {name} now: its updates and statuses come to you in direct messages. "
        f"`/incident unfollow {name}` ends it."
    )


async def unfollowed(incident_id: int, user_id: str, services: Services) -> Reply:
    name = reference(incident_id)
    if not await services.store.unfollow(incident_id, user_id):
        return Reply(f"You do not follow {name}. `/incident follow {name}` begins it.")
    return Reply(f"You follow {name} no more.")
