"""Makes the channel of an incident, and keeps it: people, topic, bookmark, pin, archive.

Each step may come twice, and any but the first may fail: the incident goes on without it.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.delivery.outcome import (
    ChannelClosed,
    ChannelMade,
    Done,
    NotLetIn,
    NotSent,
    Outcome,
    Refused,
    Unwelcome,
)
from incident_bot.domain.actors import is_user_id
from incident_bot.domain.channel import channel_names
from incident_bot.domain.incident import Incident
from incident_bot.slack.api.channels import Channels
from incident_bot.slack.api.outcomes import CALL_ERRORS, error_name, outcome_of_step
from incident_bot.slack.api.people import People
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.messages.topic import topic
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.outbox.contents import Content
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.places import Place

log = structlog.get_logger(__name__)

METHODS: Final = {
    Operation.CHANNEL: "conversations.create",
    Operation.INVITATION: "conversations.invite",
    Operation.TOPIC: "conversations.setTopic",
    Operation.BOOKMARK: "bookmarks.add",
    Operation.PIN: "pins.add",
    Operation.ARCHIVING: "conversations.archive",
}
"""The call that each step comes down to."""

_MOST_NAMES: Final = 10
_MOST_INVITED: Final = 100  # Slack, conversations.invite
# Slack's answers tell how its clock differs from ours; ours may have been put right since.
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
_IS_SO_ALREADY: Final = frozenset(
    {"already_in_channel", "cant_invite_self", "already_pinned", "already_archived"}
)
_IS_CLOSED: Final = frozenset({"is_archived", "not_in_channel", "channel_not_found"})


class ChannelSteps:
    """Takes one step; says how it went."""

    def __init__(
        self,
        client: AsyncWebClient,
        outbox: Outbox,
        channels: Channels,
        people: People,
        workspace: Workspace,
        *,
        announcement_channel: str,
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._messages = outbox.messages
        self._channels = channels
        self._people = people
        self._workspace = workspace
        self._announcement_channel = announcement_channel
        self._steps: dict[Operation, Callable[[Delivery, Content], Awaitable[Outcome]]] = {
            Operation.CHANNEL: self._make,
            Operation.INVITATION: self._invite,
            Operation.TOPIC: self._set_topic,
            Operation.BOOKMARK: self._bookmark,
            Operation.PIN: self._pin,
            Operation.ARCHIVING: self._archive,
        }

    async def take(self, delivery: Delivery, content: Content) -> Outcome:
        """Never raises for what Slack or the network do."""
        try:
            return await self._steps[delivery.operation](delivery, content)
        except CALL_ERRORS as error:
            if error_name(error) in _IS_SO_ALREADY:
                return Done()
            outcome = outcome_of_step(error, METHODS[delivery.operation])
            if error_name(error) in _IS_CLOSED:
                return Unwelcome(f"nothing can be done in the channel ({error_name(error)})")
        if isinstance(outcome, ChannelClosed) and delivery.operation is not Operation.CHANNEL:
            return Refused(outcome.reason)
        return outcome

    async def _make(self, delivery: Delivery, content: Content) -> Outcome:
        incident = content.incident
        if incident.channel_id is not None:
            return Refused("it has a channel already")
        if delivery.is_uncertain and (made := await self._find_made(delivery, incident)):
            return made
        if incident.is_deleted:
            return Refused("the incident was deleted before")
        for name in islice(channel_names(incident), _MOST_NAMES):
            await self._outbox.hold(delivery)
            try:
                response = await self._client.conversations_create(
                    name=name,
                    is_private=incident.is_private,
                    team_id=self._workspace.named_team_id,
                )
            except SlackApiError as error:
                # Whosever it is: a channel of that name is not adopted.
                if error_name(error) != "name_taken":
                    raise
            else:
                return ChannelMade(response["channel"]["id"], response["channel"]["name"])
        return Refused("all names that it could have are taken")

    async def _find_made(self, delivery: Delivery, incident: Incident) -> ChannelMade | None:
        """The channel that an earlier try has made, if it did."""
        names = set(islice(channel_names(incident), _MOST_NAMES))
        earliest = (delivery.first_tried_at - _CLOCKS_DIFFER).timestamp()
        async for channel in self._channels.every(f"made for {delivery.key}"):
            if (
                channel["name"] in names
                and channel.get("creator") == self._workspace.bot_user_id
                and channel.get("created", 0) >= earliest
                and bool(channel.get("is_private")) is incident.is_private
                and not await self._messages.is_known_channel(channel["id"])
            ):
                return ChannelMade(channel["id"], channel["name"])
        return None

    async def _invite(self, delivery: Delivery, content: Content) -> Outcome:
        if content.incident.is_deleted:
            return Refused("the incident was deleted before")
        users = await self._missing(delivery.destination, _people(content))
        outside = [
            refused
            for first in range(0, len(users), _MOST_INVITED)
            for refused in await self._invite_some(delivery, users[first : first + _MOST_INVITED])
        ]
        if not outside:
            return Done()
        named = [f"{await self._people.name_of(user_id)} ({error})" for user_id, error in outside]
        user_ids = frozenset(user_id for user_id, _ in outside).intersection(users)
        return NotLetIn(f"Slack does not let in {', '.join(named)}", user_ids)

    async def _missing(self, channel_id: str, users: Iterable[str]) -> list[str]:
        """Those of `users` who aren't in the channel now.

        Only Slack knows: people come and go by themselves, also while the bot is away.
        """
        missing = dict.fromkeys(users)
        if not missing:
            return []
        try:
            async for member in self._channels.members(channel_id):
                missing.pop(member, None)
                if not missing:
                    break
        except CALL_ERRORS as error:  # rather somebody invited in vain than left out
            log.info("who is in a channel is not known", channel_id=channel_id, error=str(error))
        return list(missing)

    async def _invite_some(self, delivery: Delivery, users: list[str]) -> list[tuple[str, str]]:
        """One who cannot be invited does not keep the others out; gives those, and why."""
        await self._outbox.hold(delivery)
        try:
            response = await self._client.conversations_invite(
                channel=delivery.destination, users=users, force=True
            )
            data: Any = response.data
        except SlackApiError as error:
            data = error.response.data
            if not isinstance(data, dict) or not data.get("errors"):
                raise
        nameless = users[0] if len(users) == 1 else "somebody"
        return [
            (wrong.get("user") or nameless, wrong.get("error") or "unknown_error")
            for wrong in data.get("errors") or ()
            if wrong.get("error") not in _IS_SO_ALREADY
        ]

    async def _set_topic(self, delivery: Delivery, content: Content) -> Outcome:
        lead = content.incident.lead
        name = await self._people.name_of(lead) if lead and is_user_id(lead) else lead
        await self._outbox.hold(delivery)
        await self._client.conversations_setTopic(
            channel=delivery.destination, topic=topic(content.incident, name)
        )
        return Done()

    async def _bookmark(self, delivery: Delivery, content: Content) -> Outcome:
        place = await self._messages.place_elsewhere(delivery, self._announcement_channel)
        if place is None and not await self._messages.is_announcing_elsewhere(delivery):
            return Refused("it is announced nowhere else")
        # Whoever posts it asks for its link at once, but does not ask again.
        if place is None or (place.permalink is None and delivery.attempts == 1):
            return NotSent("the link to its announcement elsewhere is not known yet")
        link = place.permalink or await self._permalink(place)
        if delivery.is_uncertain:
            response = await self._client.bookmarks_list(channel_id=delivery.destination)
            if any(bookmark.get("link") == link for bookmark in response["bookmarks"]):
                return Done()
        title = f"Announcement of {content.incident.reference}"
        await self._outbox.hold(delivery)
        await self._client.bookmarks_add(
            channel_id=delivery.destination, title=title, type="link", link=link
        )
        return Done()

    async def _permalink(self, place: Place) -> str:
        response = await self._client.chat_getPermalink(
            channel=place.channel_id, message_ts=place.message_ts
        )
        link: str = response["permalink"]
        return link

    async def _pin(self, delivery: Delivery, content: Content) -> Outcome:
        await self._outbox.hold(delivery)
        await self._client.pins_add(channel=delivery.destination, timestamp=content.message_ts)
        return Done()

    async def _archive(self, delivery: Delivery, content: Content) -> Outcome:
        if content.incident.open_channel_id is not None:
            return Refused("it is not to be archived any more")
        if not (content.incident.is_resolved or content.incident.is_deleted):
            return Refused(f"{content.incident.reference} is not resolved any more")
        if await self._messages.is_something_before(delivery):
            return NotSent("what is to be said there goes first")
        await self._outbox.hold(delivery)
        await self._client.conversations_archive(channel=delivery.destination)
        return Done()


def _people(content: Content) -> Iterator[str]:
    """The user IDs of whom an entry brought in, unless they left; without one, of all people."""
    incident, entry = content.incident, content.entry
    if entry is not None:
        is_in = entry.after is not None and incident.concerns(entry.after, content.responders)
        named = [entry.after if is_in else None]
    else:
        named = [incident.reporter_id, incident.lead, *(one.user_id for one in content.responders)]
    return (name for name in named if name is not None and is_user_id(name))
