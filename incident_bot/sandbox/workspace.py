"""The whole workspace: its parts put together.

State changes are plain functions without `await`, so that each is whole before the next begins.
"""

from incident_bot.sandbox import cast
from incident_bot.sandbox.bus import Bus, ChannelMoved
from incident_bot.sandbox.cast import Channel, Credentials
from incident_bot.sandbox.clock import Clock
from incident_bot.sandbox.directory import Directory
from incident_bot.sandbox.ids import Ids
from incident_bot.sandbox.manifest import Manifest
from incident_bot.sandbox.posting import Posting
from incident_bot.sandbox.tickets import Tickets
from incident_bot.sandbox.views import OpenViews


class Workspace:
    def __init__(self, manifest: Manifest, clock: Clock, credentials: Credentials) -> None:
        self.manifest = manifest
        self.clock = clock
        self.credentials = credentials
        self.address = "http://127.0.0.1"  # the server sets it as soon as it listens
        self.bus = Bus()
        self.ids = Ids(clock)
        self.is_token_revoked = False
        self.directory = Directory(self.bus, self.clock)
        self.directory.fill(cast.people(self.manifest.bot_name), cast.channels())
        self.posting = Posting(self.bus, self.ids, self.directory)
        self.views = OpenViews()
        self.tickets = Tickets(self.clock, self.ids)

    def share(self, channel: Channel) -> None:
        """Let another organisation in; Slack gives a private channel another ID as it does."""
        channel.is_ext_shared = True
        if channel.kind == "private":
            self.give_new_id(channel)

    def give_new_id(self, channel: Channel) -> None:
        """Its messages and whatever leads to it stay its own."""
        old_id = channel.id
        self.directory.give_new_id(channel)
        self.posting.move(old_id, channel.id)
        self.tickets.move(old_id, channel.id)
        self.bus.tell(ChannelMoved(channel, old_id))
