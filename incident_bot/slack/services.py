"""What listeners work with. Built once, in `app.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from incident_bot.delivery.problems import SLACK, Concern
from incident_bot.domain.actors import Viewer
from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.incident import Incident
from incident_bot.domain.role import Roles
from incident_bot.domain.severity import Severities
from incident_bot.slack.api.channels import Channels
from incident_bot.slack.api.people import People
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.messages.action_items import ITEMS_SHOWN, action_items
from incident_bot.slack.messages.card import card
from incident_bot.slack.messages.timeline import ENTRIES_SHOWN, timeline
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import Origin, Seen, microseconds
from incident_bot.slack.text.errors import OfNoUse
from incident_bot.slack.text.mrkdwn import channel_mention, escape
from incident_bot.store.action_items import ActionItems
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.reminders import Reminders
from incident_bot.store.undo import Undoing

S = TypeVar("S", bound=Seen)

# Slack's clock and the bot's; Slack itself allows for as much (Slack, "Verifying requests").
_CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Services:
    """`channel` is the announcement channel as configured: its name or its ID.

    `channel_policy` says whether incidents get channels of their own, `problems` is what keeps
    messages from going out just now; see `Worker`.
    """

    store: IncidentStore
    lists: IncidentLists
    timelines: Timelines
    action_items: ActionItems
    incident_channels: IncidentChannels
    reminders: Reminders
    undoing: Undoing
    people: People
    channels: Channels
    workspace: Workspace
    severities: Severities
    roles: Roles
    channel: str
    channel_policy: ChannelPolicy
    problems: Mapping[Concern, str]

    def told(self, said: str, incident: Incident) -> str:
        """`said`, in mrkdwn; and why others hear of it later, if something keeps it from them."""
        reason = self.delay_of(incident)
        if reason is None:
            return said
        return f":warning: {said}\nNobody else is told yet: {escape(reason)}."

    def delay_of(self, incident: Incident) -> str | None:
        """What keeps others from hearing of it now, if anything."""
        # What is private is said in its own channel alone.
        place = incident.open_channel_id if incident.is_private else self.channel
        return self.problems.get(SLACK) or (self.problems.get(place) if place else None)

    @property
    def announcement_channel(self) -> str:
        """The announcement channel in mrkdwn."""
        return channel_mention(self.channel)

    def destinations(self, origin: Origin) -> Sequence[str]:
        """Where to announce: in the announcement channel, and where it was declared.

        Below the message from which it was declared there is a link instead.
        """
        if origin.message is not None:
            return (self.channel,)
        origin_id = origin.postable_channel_id
        # A private channel's name is not told: there only the ID shows that both are one. When it
        # is not known yet, the sender finds out.
        is_announced_there = self.channels.known_id(self.channel) == origin_id
        if origin_id is None or is_announced_there or origin.channel_name == self.channel:
            return (self.channel,)
        return (self.channel, origin_id)

    async def seen(self, kind: type[S], value: str, shown_at: datetime | None = None) -> S:
        """What a button or form is about; raises OfNoUse if its number is another's by now.

        `shown_at` is when the message was posted that has the button. With it that is known of
        the buttons of earlier versions, too: what was made later cannot be what it shows.
        """
        seen = kind.parse(value)
        made_at = await self.store.made_at(*seen.named)
        if made_at is None:
            return seen  # whoever looks for it says so
        if seen.made_at is None:
            is_other = shown_at is not None and made_at > shown_at + _CLOCKS_DIFFER_BY
        else:
            is_other = microseconds(made_at) != seen.made_at
        if is_other:
            raise OfNoUse
        return seen

    async def permalinks(self, incidents: Sequence[Incident]) -> dict[int, str]:
        """Where to read on, as far as known: the announcements, by incident ID."""
        ids = [incident.id for incident in incidents]
        return await self.store.permalinks(ids, self.channel)

    async def timeline(
        self, incident_id: int, number: int, user_id: str, said: str | None = None
    ) -> Reply:
        """A page of a timeline for one person, after the sentence `said`."""
        page = await self.timelines.page(incident_id, number, ENTRIES_SHOWN, Viewer(user_id))
        return timeline(page, user_id, said)

    async def items(
        self, incident_id: int, number: int, user_id: str, said: str | None = None
    ) -> Reply:
        """A page of an incident's action items for one person, after the sentence `said`."""
        viewer = Viewer(user_id)
        page = await self.action_items.page(incident_id, number, ITEMS_SHOWN, viewer)
        return action_items(page, said)

    async def card(self, incident: Incident, said: str | None = None) -> Reply:
        """The incident for one person, after the sentence `said`."""
        responders = await self.store.responders(incident.id)
        links = await self.permalinks([incident])
        return card(incident, self.severities, links.get(incident.id), said, responders)
